module "m" {
  source = "./modules/m"
  for_each = toset(["a", "b"])
  name = each.key
}
locals {
  p = jsondecode(file("policy.json"))
}
resource "aws_iam_role_policy" "p" {
  role = module.m["a"].role
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = ["sqs:*"], Resource = "*" }] })
}
====
variable "name" { type = string }
resource "aws_iam_role" "r" {
  name = "r-${var.name}"
  assume_role_policy = data.aws_iam_policy_document.d.json
}
data "aws_iam_policy_document" "d" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}
output "role" { value = aws_iam_role.r.name }
====
name = "x"
====
{"Statement": []}
====
{"resource": {"aws_lambda_function": {"f": {"function_name": "f", "role": "${module.m[\"b\"].role}"}}}}
