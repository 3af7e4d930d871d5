locals {
  a = [for i in range(3) : format("%03d-%s", i, upper(substr("abc", 0, i)))]
  b = merge({ x = 1 }, { for k, v in zipmap(["a"], [2]) : k => v })
  c = regexall("a(b)?", replace("abab", "/b/", "c"))
  d = cidrsubnet("10.0.0.0/8", 8, 2)
  e = try(local.zz, formatdate("YYYY", "2020-01-01T00:00:00Z"), yamldecode("a: 1"))
  f = flatten([[1], [[2]]])
  g = templatefile("t", { x = 1 })
  h = element(local.a, 4) == "x" ? base64encode(sha256("a")) : join(",", sort(keys(local.b)))
}
resource "aws_lambda_function" "f" {
  count = length(local.a)
  function_name = local.a[count.index]
  role = "arn:aws:iam::123456789012:role/${local.h}"
}
