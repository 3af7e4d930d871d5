//! Terraform configuration: what is evaluated, where findings lie, and what mistakes say.

use std::fs;

use serde_json::Value;

use crate::program::{Folder, root, run, run_in};

/// A role that Lambda can assume, and that can write logs.
const ROLE: &str = r#"
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}
resource "aws_iam_role" "f" {
  name               = "f"
  assume_role_policy = data.aws_iam_policy_document.trust.json
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

/// A queue that the function reads, and a policy with these actions on it.
fn queue(policy: &str) -> String {
    let mapping = r#"
resource "aws_sqs_queue" "q" {
  name = "q"
}
resource "aws_lambda_event_source_mapping" "q" {
  event_source_arn = aws_sqs_queue.q.arn
  function_name    = aws_lambda_function.f.arn
}
"#;
    format!("{ROLE}{mapping}{policy}")
}

/// The rules of what is found with the text that is underlined, and how many checks are undecided.
fn found(folder: &Folder, arguments: &[&str]) -> (Vec<String>, u64) {
    let report = report(folder, arguments);
    assert_eq!(report["problems"], Value::Array(Vec::new()));
    let findings = report["findings"].as_array().unwrap().iter();
    let found = findings.map(|finding| {
        let place = &finding["location"];
        let at = |name: &str| usize::try_from(place[name].as_u64().unwrap()).unwrap();
        let path = folder.path().join(place["path"].as_str().unwrap());
        let text = fs::read_to_string(path).unwrap();
        let line = text.lines().nth(at("line") - 1).unwrap();
        let end = match at("end_line") == at("line") {
            true => at("end_column") - 1,
            false => line.len(),
        };
        let underlined = &line[at("column") - 1..end];
        format!("{} {underlined}", finding["rule"].as_str().unwrap())
    });
    (
        found.collect(),
        report["summary"]["undecided"].as_u64().unwrap(),
    )
}

fn report(folder: &Folder, arguments: &[&str]) -> Value {
    folder
        .run(&[arguments, &["--format", "json"]].concat())
        .json()
}

/// What the problems say and where, as `file:line: message`.
fn problems(folder: &Folder, arguments: &[&str]) -> Vec<String> {
    let report = report(folder, arguments);
    let problems = report["problems"].as_array().unwrap().iter();
    let told = problems.map(|problem| {
        let place = &problem["location"];
        let path = place["path"].as_str().unwrap();
        format!(
            "{path}:{}: {}",
            place["line"],
            problem["message"].as_str().unwrap()
        )
    });
    told.collect()
}

const READ: &str = "poll-sources/actions-not-granted";

#[test]
fn a_policy_is_read_in_every_form() {
    let statement = |actions: &str| {
        format!(
            r#"{{"Effect": "Allow", "Action": [{actions}], "Resource": "${{aws_sqs_queue.q.arn}}"}}"#
        )
    };
    let all = r#""sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes""#;
    let inline = |policy: &str| {
        format!(
            "resource \"aws_iam_role_policy\" \"q\" {{\n  role = aws_iam_role.f.id\n  policy = {policy}\n}}\n"
        )
    };
    let document = |actions: &str| {
        let json = inline("data.aws_iam_policy_document.q.json");
        format!(
            "data \"aws_iam_policy_document\" \"q\" {{\n  statement {{\n    actions = [{actions}]\n    resources = \
             [aws_sqs_queue.q.arn]\n  }}\n}}\n{json}"
        )
    };
    let jsonencode = |actions: &str| {
        let encoded = format!(
            "jsonencode({{ Version = \"2012-10-17\", Statement = [{{ Effect = \"Allow\", Action = [{actions}], Resource = \
             aws_sqs_queue.q.arn }}] }})"
        );
        inline(&encoded)
    };
    let heredoc = |actions: &str| {
        let statement = statement(actions);
        inline(&format!(
            "<<-EOF\n    {{\n      \"Version\": \"2012-10-17\",\n      \"Statement\": [{statement}]\n    }}\n  EOF"
        ))
    };
    let attached = |actions: &str| {
        format!(
            "resource \"aws_iam_policy\" \"q\" {{\n  policy = jsonencode({{ Version = \"2012-10-17\", Statement = [{{ Effect \
             = \"Allow\", Action = [{actions}], Resource = aws_sqs_queue.q.arn }}] }})\n}}\nresource \
             \"aws_iam_role_policy_attachment\" \"q\" {{\n  role = aws_iam_role.f.name\n  policy_arn = \
             aws_iam_policy.q.arn\n}}\n"
        )
    };
    let forms: [&dyn Fn(&str) -> String; 4] = [&document, &jsonencode, &heredoc, &attached];
    for (number, form) in forms.into_iter().enumerate() {
        let folder = Folder::new(&format!("tf-policy-{number}"));
        folder.write("main.tf", queue(&form(all)));
        assert_eq!(found(&folder, &["."]), (Vec::new(), 0), "{}", form(all));
        let misspelt = all.replace("Delete", "Delte");
        folder.write("main.tf", queue(&form(&misspelt)));
        let (rules, undecided) = found(&folder, &["."]);
        let expected = [
            "policy-document/unknown-action \"sqs:DelteMessage\"".to_owned(),
            format!("{READ} aws_sqs_queue.q.arn"),
        ];
        let mut rules = rules;
        rules.sort();
        assert_eq!(
            (rules, undecided),
            (expected.to_vec(), 0),
            "{}",
            form(&misspelt)
        );
    }
}

#[test]
fn a_policy_in_a_file_is_underlined_in_the_file() {
    let folder = Folder::new("tf-file");
    let policy = |call: &str| {
        queue(&format!(
            "resource \"aws_iam_role_policy\" \"q\" {{\n  role = aws_iam_role.f.id\n  policy = {call}\n}}\n"
        ))
    };
    let document = |resource: &str| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "sqs:RecieveMessage", "Resource": "{resource}"}}]}}"#
        )
    };
    folder.write("policies/q.tpl", document("${queue}"));
    let call = "templatefile(\"${path.module}/policies/q.tpl\", { queue = aws_sqs_queue.q.arn })";
    folder.write("main.tf", policy(call));
    let misspelt = "policy-document/unknown-action \"sqs:RecieveMessage\"";
    let rules = found(&folder, &["."]).0;
    assert!(rules.contains(&misspelt.to_owned()), "{rules:#?}");
    // The name of the file can be made of anything.
    folder.write("policies/q.txt", document("*"));
    folder.write(
        "main.tf",
        policy("file(join(\"/\", [path.module, \"policies\", \"q.txt\"]))"),
    );
    let rules = found(&folder, &["."]).0;
    assert!(rules.contains(&misspelt.to_owned()), "{rules:#?}");
}

#[test]
fn modules_are_read_from_where_they_are() {
    let folder = Folder::new("tf-modules");
    folder.write(
        "modules/function/main.tf",
        format!(
            "variable \"queue_arn\" {{}}\n{ROLE}\nresource \"aws_lambda_event_source_mapping\" \"q\" {{\n  event_source_arn \
             = var.queue_arn\n  function_name = aws_lambda_function.f.arn\n}}\n"
        ),
    );
    folder.write(
        "envs/prod/main.tf",
        "module \"orders\" {\n  source    = \"../../modules/function\"\n  queue_arn = aws_sqs_queue.q.arn\n}\nresource \
         \"aws_sqs_queue\" \"q\" {}\n",
    );
    let expected = (vec![format!("{READ} var.queue_arn")], 0);
    assert_eq!(found(&folder, &["envs/prod"]), expected);
    let report = report(&folder, &["envs/prod"]);
    assert_eq!(
        report["findings"][0]["location"]["path"],
        "modules/function/main.tf"
    );
    assert_eq!(
        report["findings"][0]["function"],
        "module.orders.aws_lambda_function.f"
    );
    // The module is no configuration to deploy by itself where another calls it.
    assert_eq!(found(&folder, &["."]), expected);
}

#[test]
fn what_a_module_that_is_not_here_does_is_unknown() {
    let folder = Folder::new("tf-registry");
    let granted =
        "module \"grants\" {\n  source = \"example/grants/aws\"\n  role = aws_iam_role.f.name\n}\n";
    folder.write("main.tf", queue(granted));
    assert_eq!(found(&folder, &["."]), (Vec::new(), 1));
    // A module that knows nothing of the role grants it nothing.
    folder.write(
        "main.tf",
        queue("module \"vpc\" {\n  source = \"example/vpc/aws\"\n}\n"),
    );
    assert_eq!(found(&folder, &["."]).0.len(), 1);
    // One that was downloaded is read.
    folder.write("main.tf", queue(granted));
    folder.write(
        ".terraform/modules/modules.json",
        r#"{"Modules": [{"Key": "", "Dir": "."}, {"Key": "grants", "Source": "example/grants/aws", "Dir": ".terraform/modules/grants"}]}"#,
    );
    folder.write(
        ".terraform/modules/grants/main.tf",
        "variable \"role\" {}\n",
    );
    assert_eq!(
        found(&folder, &["."]),
        (vec![format!("{READ} aws_sqs_queue.q.arn")], 0)
    );
}

#[test]
fn resources_that_are_repeated_or_may_not_exist() {
    let granting = |count: &str| {
        queue(&format!(
            "variable \"on\" {{}}\nvariable \"off\" {{\n  default = false\n}}\nresource \"aws_iam_role_policy_attachment\" \
             \"q\" {{\n  {count}\n  role = aws_iam_role.f.name\n  policy_arn = \
             \"arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole\"\n}}\n"
        ))
    };
    let folder = Folder::new("tf-count");
    let missing = vec![format!("{READ} aws_sqs_queue.q.arn")];
    let cases = [
        ("count = 1", (Vec::new(), 0)),
        ("count = var.off ? 1 : 0", (missing.clone(), 0)),
        ("count = var.on ? 1 : 0", (Vec::new(), 1)),
        ("for_each = toset([])", (missing.clone(), 0)),
        ("for_each = { a = 1 }", (Vec::new(), 0)),
        ("for_each = var.on", (Vec::new(), 1)),
    ];
    for (count, expected) in cases {
        folder.write("main.tf", granting(count));
        assert_eq!(found(&folder, &["."]), expected, "{count}");
    }
    // Values that are given decide.
    folder.write("main.tf", granting("count = var.on ? 1 : 0"));
    assert_eq!(found(&folder, &[".", "--var", "on=true"]), (Vec::new(), 0));
    assert_eq!(
        found(&folder, &[".", "--var", "on=false"]),
        (missing.clone(), 0)
    );
    folder.write("prod.tfvars", "on = true\n");
    assert_eq!(
        found(&folder, &[".", "--var-file", "prod.tfvars"]),
        (Vec::new(), 0)
    );
    folder.write("terraform.tfvars", "on = false\n");
    assert_eq!(found(&folder, &["."]), (missing.clone(), 0));
    folder.write(
        "main.tf",
        granting("count = terraform.workspace == \"prod\" ? 1 : 0"),
    );
    assert_eq!(
        found(&folder, &[".", "--workspace", "prod"]),
        (Vec::new(), 0)
    );
    assert_eq!(found(&folder, &[".", "--workspace", "dev"]), (missing, 0));
}

#[test]
fn a_file_by_itself_is_read_with_the_rest_of_its_module() {
    let folder = Folder::new("tf-one-file");
    let (role, mapping) = (ROLE, queue(""));
    let mapping = mapping.strip_prefix(role).unwrap();
    folder.write("role.tf", role);
    folder.write("queue.tf", mapping);
    let expected = (vec![format!("{READ} aws_sqs_queue.q.arn")], 0);
    assert_eq!(found(&folder, &["queue.tf"]), expected);
    assert_eq!(found(&folder, &["role.tf"]), expected);
}

#[test]
fn the_json_form_is_read() {
    let folder = Folder::new("tf-json");
    folder.write("main.tf", ROLE);
    folder.write(
        "queue.tf.json",
        r#"{"resource": {
            "aws_sqs_queue": {"q": {"name": "q"}},
            "aws_lambda_event_source_mapping": {"q": {
                "event_source_arn": "${aws_sqs_queue.q.arn}", "function_name": "${aws_lambda_function.f.arn}"}}}}"#,
    );
    let expected = vec![format!("{READ} \"${{aws_sqs_queue.q.arn}}\"")];
    assert_eq!(found(&folder, &["."]), (expected, 0));
}

#[test]
fn mistakes_are_told_at_their_places_and_the_rest_is_checked() {
    let folder = Folder::new("tf-mistakes");
    folder.write(
        "a/broken.tf",
        "resource \"aws_sqs_queue\" \"q\" {\n  name = \"q\n}\n",
    );
    folder.write(
        "a/main.tf",
        queue("").replace("resource \"aws_sqs_queue\" \"q\" {\n  name = \"q\"\n}", ""),
    );
    folder.write("b/main.tf", queue(""));
    let told = problems(&folder, &["."]);
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(
        told[0].starts_with("a/broken.tf:2: invalid HCL: "),
        "{told:#?}"
    );
    let report = report(&folder, &["."]);
    assert!(
        report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .any(|f| f["rule"] == READ)
    );

    let folder = Folder::new("tf-more-mistakes");
    folder.write(
        "main.tf",
        "locals {\n  a = local.b\n  b = local.a\n}\nresource \"aws_sqs_queue\" \"q\" {\n  name = local.a\n  policy = \
         file(\"${path.module}/no.json\")\n}\nresource \"aws_sns_topic\" \"t\" {\n  name = joi(\"-\", [])\n}\nmodule \"m\" {\n  source = \"./m\"\n}\nresource \"aws_sqs_queue\" \"many\" {\n  \
         count = 100000\n}\n",
    );
    folder.write(
        "m/main.tf",
        "module \"m\" {\n  source = \"../m\"\n}\nresource \"aws_sqs_queue\" \"q\" {}\n",
    );
    let told = problems(&folder, &["main.tf"]);
    let expected = [
        "m/main.tf:1: module `m` calls itself",
        "main.tf:3: `local.a` depends on itself",
        "main.tf:7: no such file: `no.json`",
        "main.tf:10: unknown function `joi`",
        "main.tf:16: `count` is 100000: only the first 1000 instances are checked",
    ];
    let mut told = told;
    told.sort();
    let mut expected = expected.map(str::to_owned).to_vec();
    expected.sort();
    assert_eq!(told, expected);
}

#[test]
fn an_unknown_variable_is_told() {
    let folder = Folder::new("tf-unknown-variable");
    folder.write("main.tf", format!("variable \"stage\" {{}}\n{ROLE}"));
    let told = folder
        .run(&[".", "--var", "stag=prod", "--format", "json"])
        .json();
    let message = told["problems"][0]["message"].as_str().unwrap();
    assert_eq!(
        message,
        "unknown parameter `stag`: neither a template nor a root module declares it"
    );
}

#[test]
fn names_of_resources_that_are_deployed_elsewhere_do_not_clash() {
    let folder = Folder::new("tf-regions");
    let function = |name: &str, provider: &str| {
        format!(
            "resource \"aws_lambda_function\" \"{name}\" {{\n  provider = aws.{provider}\n  function_name = \"f\"\n  role = \
             aws_iam_role.f.arn\n}}\n"
        )
    };
    let providers = "provider \"aws\" {\n  region = \"eu-west-1\"\n}\nprovider \"aws\" {\n  alias = \"east\"\n  region = \
                     \"us-east-1\"\n}\nprovider \"aws\" {\n  alias = \"west\"\n  region = \"us-west-2\"\n}\n";
    let all = [
        providers,
        ROLE,
        &function("east", "east"),
        &function("west", "west"),
    ]
    .concat();
    folder.write("main.tf", &all);
    assert_eq!(problems(&folder, &["."]), [""; 0]);
    let same = all.replace("aws.west", "aws.east");
    folder.write("main.tf", same);
    let told = problems(&folder, &["."]);
    assert!(
        told[0].contains("have the same function name `f`"),
        "{told:#?}"
    );
}

#[test]
fn standard_input_can_be_configuration() {
    let told = run_in(&root(), &["-", "--format", "json"], &queue("")).json();
    assert_eq!(told["findings"][0]["rule"], READ);
    let none = run(&[
        "policies-samples/_parity/good/terraform",
        "--format",
        "json",
    ])
    .json();
    assert_eq!(none["findings"], Value::Array(Vec::new()));
}

#[test]
fn comments_suppress_findings() {
    let folder = Folder::new("tf-comments");
    let mapping = "  event_source_arn = aws_sqs_queue.q.arn\n";
    let ignored =
        format!("  # lint-lambda: ignore[{READ}] granted by the platform team\n{mapping}");
    folder.write("main.tf", queue("").replace(mapping, &ignored));
    assert_eq!(found(&folder, &["."]), (Vec::new(), 0));
    // Above a block, it covers all of the block.
    let block = "resource \"aws_lambda_event_source_mapping\" \"q\" {\n";
    let ignored =
        format!("// lint-lambda: ignore[poll-sources] granted by the platform team\n{block}");
    folder.write("main.tf", queue("").replace(block, &ignored));
    assert_eq!(found(&folder, &["."]), (Vec::new(), 0));
    let text = format!("  name = \"q\" # lint-lambda: ignore[{READ}] elsewhere\n");
    folder.write("main.tf", queue("").replace("  name = \"q\"\n", &text));
    let rules = found(&folder, &["."]).0;
    assert!(
        rules
            .iter()
            .any(|rule| rule.starts_with("suppression/unused")),
        "{rules:#?}"
    );
}

#[test]
fn what_one_condition_creates_is_there_together() {
    let folder = Folder::new("tf-together");
    let counted = |condition: &str| {
        let all = queue(&format!(
            "variable \"on\" {{}}\nvariable \"other\" {{}}\nresource \"aws_iam_role_policy_attachment\" \"q\" {{\n  count = \
             {condition} ? 1 : 0\n  role = aws_iam_role.f[0].name\n  policy_arn = \"{}\"\n}}\n",
            "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
        ));
        let all = all.replace(
            "\"aws_iam_role\" \"f\" {\n",
            "\"aws_iam_role\" \"f\" {\n  count = var.on ? 1 : 0\n",
        );
        all.replace("aws_iam_role.f.", "aws_iam_role.f[0].")
    };
    // The policy that lacks the actions is there whenever the role is.
    folder.write("main.tf", counted("var.on"));
    let missing = vec![format!("{READ} aws_sqs_queue.q.arn")];
    assert_eq!(found(&folder, &["."]), (missing, 0));
    folder.write("main.tf", counted("var.other"));
    assert_eq!(found(&folder, &["."]), (Vec::new(), 1));
}

#[test]
fn public_function_urls_get_their_permissions_from_the_provider() {
    let folder = Folder::new("tf-url");
    let url = |kind: &str| {
        format!(
            "{ROLE}resource \"aws_lambda_function_url\" \"f\" {{\n  function_name = aws_lambda_function.f.function_name\n  \
             authorization_type = \"{kind}\"\n}}\n"
        )
    };
    folder.write("main.tf", url("NONE"));
    let report = report(&folder, &["."]);
    assert_eq!(report["summary"]["errors"], 0, "{report:#}");
}

#[test]
fn the_same_key_twice_and_files_that_nothing_needs_are_no_problems() {
    let folder = Folder::new("tf-accepted");
    let text = "locals {\n  a = { b = 1, b = 2 }\n  c = try(file(\"no.txt\"), \"x\")\n}\nresource \"aws_sqs_queue\" \"q\" {\n  \
                name = \"${local.a.b}-${local.c}\"\n}\n";
    folder.write("main.tf", text);
    assert_eq!(problems(&folder, &["."]), [""; 0]);
    folder.write("main.tf", "module \"m\" {\n  source = \"./no\"\n}\n");
    let told = problems(&folder, &["."]);
    assert!(told[0].contains("module `m` is not in `no`"), "{told:#?}");
}

#[test]
fn a_value_of_another_file_is_underlined_where_it_is_used() {
    let folder = Folder::new("tf-two-files");
    let statement = "\nvariable \"principals\" {}\nresource \"aws_lambda_permission\" \"p\" {\n  action = \
                     \"lambda:InvokeFunction\"\n  function_name = aws_lambda_function.f.function_name\n  principal = \
                     element(var.principals, 0)\n}\n";
    folder.write("m/main.tf", format!("{ROLE}{statement}"));
    folder.write(
        "main.tf",
        "module \"m\" {\n  source = \"./m\"\n  principals = [\"events.amazonaws.com\"]\n}\n",
    );
    let report = report(&folder, &["."]);
    let finding = &report["findings"][0];
    assert_eq!(finding["rule"], "function-policy/open-to-every-account");
    assert_eq!(finding["location"]["path"], "m/main.tf");
    assert_eq!(folder.run(&["."]).status, Some(0));
}

#[test]
fn texts_of_templates_are_known() {
    let folder = Folder::new("tf-template-file");
    let policy = "data \"template_file\" \"q\" {\n  template = file(\"${path.module}/q.json.tpl\")\n  vars = { arn = \
                  aws_sqs_queue.q.arn }\n}\nresource \"aws_iam_role_policy\" \"q\" {\n  role = aws_iam_role.f.id\n  policy = \
                  data.template_file.q.rendered\n}\n";
    folder.write("main.tf", queue(policy));
    let document = |actions: &str| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": [{actions}], "Resource": "${{arn}}"}}]}}"#
        )
    };
    let all = r#""sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes""#;
    folder.write("q.json.tpl", document(all));
    assert_eq!(found(&folder, &["."]), (Vec::new(), 0));
    folder.write("q.json.tpl", document(r#""sqs:ReceiveMessage""#));
    assert_eq!(found(&folder, &["."]).0.len(), 1);
}

#[test]
fn a_matrix_in_json_stays_json_where_there_is_a_problem() {
    let folder = Folder::new("tf-matrix");
    folder.write("main.tf", queue(""));
    folder.write("broken/main.tf", "resource \"aws_sqs_queue\" {\n");
    let ran = folder.run(&["matrix", ".", "--format", "json"]);
    assert_eq!(ran.status, Some(2));
    assert!(ran.json().is_array() || ran.json().is_object());
    assert!(ran.stderr.contains("invalid HCL"), "{}", ran.stderr);
}

#[test]
fn a_broken_file_by_itself_is_the_only_problem() {
    let folder = Folder::new("tf-cut");
    let text = queue("");
    folder.write("main.tf", text.get(..400).unwrap());
    let told = problems(&folder, &["."]);
    assert_eq!(told.len(), 1, "{told:#?}");
    folder.write(
        "main.tf",
        "resource \"aws_sqs_queue\" \"q\" {\n  policy = file(\"/dev/null\")\n}\n",
    );
    let told = problems(&folder, &["."]);
    assert_eq!(told, ["main.tf:2: `/dev/null` is not a regular file"]);
}

#[test]
fn a_module_that_is_called_twice_cannot_make_one_name_twice() {
    let folder = Folder::new("tf-twice");
    folder.write("m/main.tf", ROLE);
    folder.write(
        "main.tf",
        "module \"a\" {\n  source = \"./m\"\n}\nmodule \"b\" {\n  source = \"./m\"\n}\n",
    );
    let told = problems(&folder, &["."]);
    assert_eq!(told.len(), 2, "{told:#?}");
    let names = "`module.a.aws_lambda_function.f` and `module.b.aws_lambda_function.f`";
    assert!(told.iter().any(|told| told.contains(names)), "{told:#?}");
}

#[test]
fn values_that_grow_without_end_are_told() {
    let folder = Folder::new("tf-grows");
    let doubled = |form: &dyn Fn(usize) -> String| {
        let locals: String = (1..60)
            .map(|index| format!("  a{index} = {}\n", form(index - 1)))
            .collect();
        format!(
            "locals {{\n  a0 = \"x\"\n{locals}}}\nresource \"aws_sqs_queue\" \"q\" {{\n  policy = jsonencode(local.a59)\n}}\n"
        )
    };
    folder.write(
        "main.tf",
        doubled(&|last| format!("[local.a{last}, local.a{last}]")),
    );
    assert!(problems(&folder, &["."])[0].contains("more than 50000 values"));
    let loops = "resource \"aws_sqs_queue\" \"q\" {\n  policy = jsonencode([for i in range(1000) : [for j in range(1000) : [for k in \
                 range(1000) : \"x\"]]])\n}\n";
    folder.write("main.tf", loops);
    assert_eq!(problems(&folder, &["."]).len(), 1);
    let custom: String = (1..60)
        .map(|i| {
            format!(
                "  a{i}: ${{self:custom.a{0}}}${{self:custom.a{0}}}\n",
                i - 1
            )
        })
        .collect();
    let text = format!(
        "service: s\nprovider:\n  name: aws\n  stage: ${{self:custom.a59}}\ncustom:\n  a0: xx\n{custom}"
    );
    folder.write("serverless.yml", text);
    assert_ne!(folder.run(&["serverless.yml"]).status, None);
}
