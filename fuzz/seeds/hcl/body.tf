resource "aws_lambda_function" "f" {
  # note
  function_name = "a-${var.name}" // other
  tags = { for k, v in local.t : k => upper(v)... if v != "" }
  text = <<-EOT
    one %{ if true ~}two%{ endif }
  EOT
  list = [1, 2.5e3, null, a.b[*].c, f(x...)[0] ? -1 : !true]
  dynamic "x" {
    for_each = toset(["a"])
    content {}
  }
}
/* end */
