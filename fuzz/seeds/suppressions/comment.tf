# lint-lambda: ignore-file[*] all of it
resource "aws_lambda_function" "f" {
  role = "x" # lint-lambda: ignore[trust/lambda-not-trusted, vpc/*] until 2030-01-01: known
}
