//! Fixes in Terraform configuration: where they are written, in which form, and that nothing is left of what they mend.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::program::Folder;

/// A role that Lambda can assume, and a function with it.
const FUNCTION: &str = r#"
resource "aws_iam_role" "f" {
  name = "f"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy_attachment" "logs" {
  role       = aws_iam_role.f.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = aws_iam_role.f.arn
  runtime       = "python3.13"
  handler       = "f.handler"
  filename      = "f.zip"
}
"#;

/// A queue that the function reads.
const QUEUE: &str = r#"
resource "aws_sqs_queue" "q" {
  name = "q"
}

resource "aws_lambda_event_source_mapping" "q" {
  event_source_arn = aws_sqs_queue.q.arn
  function_name    = aws_lambda_function.f.arn
}
"#;

/// A topic that invokes the function.
const TOPIC: &str = r#"
resource "aws_sns_topic" "t" {
  name = "t"
}

resource "aws_sns_topic_subscription" "t" {
  topic_arn = aws_sns_topic.t.arn
  protocol  = "lambda"
  endpoint  = aws_lambda_function.f.arn
}
"#;

/// Files with all edits made, and how much is found in them then.
struct Fixed {
    files: Vec<(String, String)>,
    left: usize,
}

fn report(folder: &Folder) -> Value {
    folder.run(&[".", "--format", "json"]).json()
}

fn offset(text: &str, line: &Value, column: &Value) -> usize {
    let number = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    let lines = text.split_inclusive('\n').take(number(line) - 1);
    lines.map(str::len).sum::<usize>() + number(column) - 1
}

/// Makes all edits that are offered for files, each once.
fn fixed(name: &str, files: &[(&str, &str)]) -> Fixed {
    let folder = Folder::new(name);
    for (name, text) in files {
        folder.write(name, text);
    }
    let report = report(&folder);
    let mut edits = BTreeSet::new();
    for finding in report["findings"].as_array().unwrap() {
        for edit in finding["fix"]["edits"].as_array().unwrap_or(&Vec::new()) {
            let at = &edit["location"];
            let path = at["path"].as_str().unwrap().to_owned();
            let text = fs::read_to_string(folder.path().join(&path)).unwrap();
            let start = offset(&text, &at["line"], &at["column"]);
            let end = offset(&text, &at["end_line"], &at["end_column"]);
            edits.insert((path, start, end, edit["text"].as_str().unwrap().to_owned()));
        }
    }
    for (path, start, end, new) in edits.into_iter().rev() {
        let path = folder.path().join(path);
        let mut text = fs::read_to_string(&path).unwrap();
        text.replace_range(start..end, &new);
        fs::write(path, text).unwrap();
    }
    let after = self::report(&folder);
    assert_eq!(report["problems"], after["problems"]);
    let files = files.iter().map(|(name, _)| {
        let text = fs::read_to_string(folder.path().join(name)).unwrap();
        ((*name).to_owned(), text)
    });
    Fixed {
        files: files.collect(),
        left: after["findings"].as_array().unwrap().len(),
    }
}

/// Asserts that the fixes of a configuration write this and leave nothing.
#[track_caller]
fn assert_written(name: &str, text: &str, written: &[&str]) {
    let fixed = fixed(name, &[("main.tf", text)]);
    let (_, after) = &fixed.files[0];
    for part in written {
        assert!(after.contains(part), "{part}\n---\n{after}");
    }
    assert_eq!(fixed.left, 0, "{after}");
}

#[test]
fn a_document_of_blocks_gets_a_block() {
    let text = format!(
        r#"{FUNCTION}{QUEUE}
data "aws_iam_policy_document" "f" {{
  statement {{
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
  }}
}}

resource "aws_iam_role_policy" "f" {{
  role   = aws_iam_role.f.id
  policy = data.aws_iam_policy_document.f.json
}}
"#
    );
    let expected = r#"    resources = ["arn:aws:s3:::b/*"]
  }

  statement {
    actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    resources = [aws_sqs_queue.q.arn]
  }
}
"#;
    assert_written("fix-blocks", &text, &[expected]);
    let with_effect = text.replace(
        "    actions   = [\"s3",
        "    effect    = \"Allow\"\n    actions   = [\"s3",
    );
    assert_written(
        "fix-blocks-effect",
        &with_effect,
        &["  statement {\n    effect    = \"Allow\"\n    actions   = [\"sqs"],
    );
}

#[test]
fn an_encoded_document_gets_an_element() {
    let policy = |statements: &str| {
        format!(
            r#"{FUNCTION}{QUEUE}
resource "aws_iam_role_policy" "f" {{
  role = aws_iam_role.f.id
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = {statements}
  }})
}}
"#
        )
    };
    let list = r#"[
      {
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = "*"
      }, # all objects
    ]"#;
    let expected = r#"      }, # all objects
      {
        Effect   = "Allow"
        Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
        Resource = aws_sqs_queue.q.arn
      },
    ]"#;
    assert_written("fix-encoded", &policy(list), &[expected]);
    let without_comma = list.replace("}, # all objects", "}");
    let expected = expected
        .replace("}, # all objects", "},")
        .replace("      },\n    ]", "      }\n    ]");
    assert_written("fix-encoded-last", &policy(&without_comma), &[&expected]);
    let on_one_line = r#"[{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }]"#;
    let expected = r#"Resource = "*" }, {
      Effect   = "Allow"
      Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
      Resource = aws_sqs_queue.q.arn
    }]"#;
    assert_written("fix-encoded-line", &policy(on_one_line), &[expected]);
}

#[test]
fn a_document_in_a_text_gets_json_with_references() {
    let text = format!(
        r#"{FUNCTION}{QUEUE}
resource "aws_s3_bucket" "b" {{
  bucket = "b"
}}

resource "aws_iam_role_policy" "f" {{
  role   = aws_iam_role.f.id
  policy = <<-EOF
    {{
      "Version": "2012-10-17",
      "Statement": [
        {{
          "Effect": "Allow",
          "Action": "s3:GetObject",
          "Resource": "${{aws_s3_bucket.b.arn}}/*"
        }}
      ]
    }}
  EOF
}}
"#
    );
    let expected = r#"        },
        {
          "Effect": "Allow",
          "Action": ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
          "Resource": "${aws_sqs_queue.q.arn}"
        }
      ]
"#;
    assert_written("fix-heredoc", &text, &[expected]);
}

#[test]
fn a_file_gets_no_references() {
    let policy = r#"{
  "Version": "2012-10-17",
  "Statement": [
    { "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*" }
  ]
}
"#;
    let uses = r#"
resource "aws_iam_role_policy" "f" {
  role   = aws_iam_role.f.id
  policy = file("${path.module}/policy.json")
}
"#;
    let text = format!("{FUNCTION}{QUEUE}{uses}");
    let fixed = fixed("fix-file", &[("main.tf", &text), ("policy.json", policy)]);
    assert_eq!(fixed.left, 0);
    // The account is known to expressions alone.
    assert_eq!(fixed.files[1].1, policy);
    assert!(
        fixed.files[0]
            .1
            .contains("resource \"aws_iam_role_policy\" \"f_sqs\" {")
    );
}

#[test]
fn a_role_without_documents_gets_a_policy() {
    let expected = r#"
resource "aws_iam_role_policy" "f_sqs" {
  role = aws_iam_role.f.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
        Resource = aws_sqs_queue.q.arn
      },
    ]
  })
}
"#;
    assert_written("fix-role", &format!("{FUNCTION}{QUEUE}"), &[expected]);
}

#[test]
fn what_others_have_as_well_is_left_alone() {
    let shared = r#"
data "aws_iam_policy_document" "shared" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "shared" {
  policy = data.aws_iam_policy_document.shared.json
}

resource "aws_iam_role_policy_attachment" "shared" {
  role       = aws_iam_role.f.name
  policy_arn = aws_iam_policy.shared.arn
}

resource "aws_iam_user_policy_attachment" "shared" {
  user       = "someone"
  policy_arn = aws_iam_policy.shared.arn
}
"#;
    assert_written(
        "fix-shared",
        &format!("{FUNCTION}{QUEUE}{shared}"),
        &[shared, "resource \"aws_iam_role_policy\" \"f_sqs\" {"],
    );
}

#[test]
fn a_permission_stands_after_the_trigger() {
    let expected = r#"  endpoint  = aws_lambda_function.f.arn
}

resource "aws_lambda_permission" "f_sns" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.f.function_name
  principal     = "sns.amazonaws.com"
  source_arn    = aws_sns_topic.t.arn
}
"#;
    assert_written("fix-permission", &format!("{FUNCTION}{TOPIC}"), &[expected]);
    let windows = format!("{FUNCTION}{TOPIC}").replace('\n', "\r\n");
    let expected = expected.replace('\n', "\r\n");
    assert_written("fix-permission-windows", &windows, &[&expected]);
}

#[test]
fn a_trigger_waits_for_its_permission() {
    let bucket = r#"
resource "aws_s3_bucket" "b" {
  bucket = "uploads"
}

resource "aws_s3_bucket_notification" "b" {
  bucket = aws_s3_bucket.b.id

  lambda_function {
    lambda_function_arn = aws_lambda_function.f.arn
    events              = ["s3:ObjectCreated:*"]
  }
}
"#;
    let expected = r#"    events              = ["s3:ObjectCreated:*"]
  }

  depends_on = [aws_lambda_permission.f_s3]
}

resource "aws_lambda_permission" "f_s3" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.f.function_name
  principal      = "s3.amazonaws.com"
  source_arn     = aws_s3_bucket.b.arn
  source_account = data.aws_caller_identity.current.account_id
}

data "aws_caller_identity" "current" {}
"#;
    assert_written("fix-waits", &format!("{FUNCTION}{bucket}"), &[expected]);
}

#[test]
fn what_is_declared_several_times_is_mended_for_all() {
    let repeated = format!("{FUNCTION}{QUEUE}{TOPIC}")
        .replace("\" {\n", "\" {\n  for_each = toset([\"a\", \"b\"])\n")
        .replace("= \"f\"\n", "= \"f-${each.key}\"\n")
        .replace("= \"q\"\n", "= \"q-${each.key}\"\n")
        .replace("= \"t\"\n", "= \"t-${each.key}\"\n");
    let mut repeated = repeated;
    for key in [
        "aws_iam_role.f.",
        "aws_lambda_function.f.",
        "aws_sqs_queue.q.",
        "aws_sns_topic.t.",
    ] {
        let indexed = key.trim_end_matches('.');
        repeated = repeated.replace(key, &format!("{indexed}[each.key]."));
    }
    let role = r#"
resource "aws_iam_role_policy" "f_sqs" {
  for_each = aws_iam_role.f

  role = each.value.name
"#;
    let queue = "        Resource = aws_sqs_queue.q[each.key].arn\n";
    let permission = r#"
resource "aws_lambda_permission" "f_sns" {
  for_each = aws_lambda_function.f

  action        = "lambda:InvokeFunction"
  function_name = each.value.function_name
  principal     = "sns.amazonaws.com"
  source_arn    = aws_sns_topic.t[each.key].arn
}
"#;
    assert_written("fix-each", &repeated, &[role, queue, permission]);
}

#[test]
fn a_module_that_is_called_twice_is_mended_for_both() {
    let root = r#"
module "a" {
  source = "./worker"
  name   = "a"
  queue  = aws_sqs_queue.shared.arn
}

module "b" {
  source = "./worker"
  name   = "b"
  queue  = aws_sqs_queue.shared.arn
}

resource "aws_sqs_queue" "shared" {
  name = "shared"
}
"#;
    let worker = format!(
        "variable \"name\" {{}}\nvariable \"queue\" {{}}\n{}{}",
        FUNCTION.replace("\"f\"\n", "var.name\n"),
        r#"
resource "aws_lambda_event_source_mapping" "q" {
  event_source_arn = var.queue
  function_name    = aws_lambda_function.f.arn
}
"#
    );
    let fixed = fixed(
        "fix-module",
        &[("main.tf", root), ("worker/main.tf", &worker)],
    );
    assert_eq!(fixed.left, 0);
    assert_eq!(fixed.files[0].1, root);
    let (_, after) = &fixed.files[1];
    assert!(after.contains("        Resource = var.queue\n"), "{after}");
    assert_eq!(after.matches("aws_iam_role_policy\"").count(), 1, "{after}");
}

#[test]
fn a_misspelt_action_is_replaced() {
    let policy = r#"
resource "aws_iam_role_policy" "f" {
  role = aws_iam_role.f.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["s3:GetObjct"], Resource = "*" },
    ]
  })
}
"#;
    let right = policy.replace("GetObjct", "GetObject");
    assert_written("fix-replace", &format!("{FUNCTION}{policy}"), &[&right]);
}

#[test]
fn words_are_of_the_language_of_the_configuration() {
    let folder = Folder::new("fix-words");
    folder.write("main.tf", format!("{FUNCTION}{QUEUE}{TOPIC}"));
    let shown = folder.run(&["."]).stdout;
    assert!(
        shown.contains("to the configuration:") && !shown.contains("template"),
        "{shown}"
    );
    assert!(!shown.contains("Fn::"), "{shown}");
    let report = report(&folder);
    let statements = report["findings"][0]["fix"]["statements"].to_string();
    assert!(
        statements.contains("${aws_sqs_queue.q.arn}"),
        "{statements}"
    );
}
