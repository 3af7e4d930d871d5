//! The HTML report: one page that needs nothing else.

use std::collections::BTreeSet;

use base64::Engine as _;
use sha2::Digest as _;

use crate::program::{Folder, run};

/// A template with faults of several kinds.
const TEMPLATE: &str = include_str!("../policies-samples/templates/orders.yaml");

fn page(arguments: &[&str]) -> String {
    let ran = run(&[arguments, &["--format", "html"]].concat());
    assert!(ran.stderr.is_empty(), "{}", ran.stderr);
    ran.stdout
}

/// What stands between two texts, each time.
fn between<'t>(text: &'t str, start: &str, end: &str) -> Vec<&'t str> {
    let parts = text.split(start).skip(1);
    parts.map(|part| part.split(end).next().unwrap()).collect()
}

/// The name and the finding of every connection in a state.
fn cards(page: &str, state: &str) -> Vec<(String, Option<usize>)> {
    let cards = between(page, &format!("<div class=\"card {state}\">"), "</div>");
    let read = cards.into_iter().map(|card| {
        let name = between(card, "<p class=\"name\"", "</p>")[0];
        let finding = between(card, "href=\"#finding-", "\"").first().copied();
        let name = name.split_once('>').unwrap().1;
        (
            name.to_owned(),
            finding.map(|number| number.parse().unwrap()),
        )
    });
    read.collect()
}

#[test]
fn a_broken_connection_leads_to_its_finding() {
    let report = run(&["policies-samples/systems/orders", "--format", "json"]).json();
    let page = page(&["policies-samples/systems/orders"]);
    let broken = cards(&page, "broken");
    let names: Vec<&str> = broken.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "orders",
            "orders",
            "VPC access",
            "e22",
            "ec2DeleteNetworkInterface"
        ]
    );
    let rules = broken.iter().map(|(_, finding)| {
        let finding = &report["findings"][finding.unwrap()];
        assert_eq!(finding["severity"], "error");
        finding["rule"].as_str().unwrap()
    });
    assert_eq!(
        rules.collect::<Vec<&str>>(),
        [
            "push-sources/invoke-not-granted",
            "poll-sources/actions-not-granted",
            "vpc/eni-actions-not-granted",
            "policy-document/unknown-action",
            "policy-document/unknown-action",
        ]
    );
    // The lines are drawn as the connections are told.
    assert_eq!(page.matches("<g class=\"broken\">").count(), broken.len());
    assert_eq!(
        cards(&page, "granted"),
        [
            ("s3.amazonaws.com".to_owned(), None),
            ("orders-role".to_owned(), None),
            ("CloudWatch Logs".to_owned(), None),
        ]
    );
}

#[test]
fn nothing_is_drawn_as_broken_where_nothing_is_found() {
    let report = run(&["policies-samples/_parity/good/sam.yaml", "--format", "json"]).json();
    assert_eq!(report["findings"].as_array().unwrap().len(), 0);
    let page = page(&["policies-samples/_parity/good/sam.yaml"]);
    assert!(cards(&page, "broken").is_empty());
    assert!(cards(&page, "at-risk").is_empty());
    assert!(cards(&page, "granted").len() > 4);
    assert!(page.contains("granted by"));
}

#[test]
fn every_finding_is_on_the_page_once_and_every_link_leads_somewhere() {
    for input in ["policies-samples/_parity", "policies-samples/templates"] {
        let report = run(&[input, "--format", "json"]).json();
        let page = page(&[input]);
        let ids = between(&page, " id=\"", "\"");
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len(), "{input}");
        let findings = report["findings"].as_array().unwrap().len();
        let shown = ids.iter().filter(|id| id.starts_with("finding-"));
        assert_eq!(shown.count(), findings, "{input}");
        for target in between(&page, "href=\"", "\"") {
            match target.strip_prefix('#') {
                Some(id) => assert!(unique.contains(id), "{input}: {target}"),
                None => assert!(target.starts_with("https://"), "{input}: {target}"),
            }
        }
    }
}

#[test]
fn what_is_not_known_is_undecided() {
    let folder = Folder::new("html-undecided");
    let function = r#"{"FunctionName": "orders", "Role": "arn:aws:iam::123456789012:role/orders",
        "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:orders"}"#;
    let mapping = r#"{"EventSourceMappings": [{"UUID": "1", "State": "Enabled",
        "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:orders",
        "EventSourceArn": "arn:aws:sqs:eu-west-1:123456789012:inbox"}]}"#;
    folder.write("function.json", function);
    folder.write("mappings.json", mapping);
    let page = folder.run(&[".", "--format", "html"]).stdout;
    assert!(cards(&page, "broken").is_empty());
    let unknown = cards(&page, "unknown");
    assert_eq!(unknown[0], ("inbox".to_owned(), None));
    assert!(page.contains("? undecided: execution role `orders` was not provided"));
    assert!(page.contains("aws iam get-role --role-name orders"));
}

/// A function whose role allows nothing.
const WITHOUT_LOGS: &str = r#"
Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties: {Role: !GetAtt Role.Arn, Code: {ZipFile: x}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
"#;

#[test]
fn a_finding_that_is_left_out_is_not_drawn_as_broken_or_fine() {
    let folder = Folder::new("html-left-out");
    folder.write("template.yaml", WITHOUT_LOGS);
    let shown = folder.run(&[".", "--format", "html"]).stdout;
    assert_eq!(
        cards(&shown, "at-risk"),
        [("CloudWatch Logs".to_owned(), Some(0))]
    );
    let left_out = folder
        .run(&[".", "--format", "html", "--min-severity", "error"])
        .stdout;
    assert_eq!(
        cards(&left_out, "not-reported"),
        [("CloudWatch Logs".to_owned(), None)]
    );
    assert!(cards(&left_out, "at-risk").is_empty());
}

#[test]
fn a_suppressed_finding_is_drawn_with_its_reason() {
    let folder = Folder::new("html-suppressed");
    let policies = r#"      Policies:
        - PolicyName: inline
          PolicyDocument:
            Statement: [{Effect: Allow, Action: "sqss:SendMessage", Resource: "*"}]
"#;
    folder.write("template.yaml", format!("{WITHOUT_LOGS}{policies}"));
    let configuration = r#"
[[suppress]]
rule = ["logging/logs-not-granted", "policy-document/unknown-action"]
reason = "metrics <b>only</b>"
"#;
    folder.write("lint-lambda.toml", configuration);
    let page = folder.run(&["template.yaml", "--format", "html"]).stdout;
    assert_eq!(
        cards(&page, "not-reported"),
        [
            ("CloudWatch Logs".to_owned(), None),
            ("sqss".to_owned(), None)
        ]
    );
    assert_eq!(
        page.matches("– suppressed: metrics &lt;b&gt;only&lt;/b&gt; (")
            .count(),
        6,
        "each connection says it in the diagram, in its title and in full"
    );
    assert!(!page.contains("id=\"suppressed\""));
    let listed = folder
        .run(&["template.yaml", "--format", "html", "--show-suppressed"])
        .stdout;
    let list = listed.split("id=\"suppressed\"").nth(1).unwrap();
    assert_eq!(list.matches("<article").count(), 2);
    assert!(list.contains("lint-lambda.toml:3:"));

    folder.write("lint-lambda.toml", "");
    folder.run(&["template.yaml", "--write-baseline", "baseline.json"]);
    let arguments = [
        "template.yaml",
        "--format",
        "html",
        "--baseline",
        "baseline.json",
    ];
    let page = folder.run(&arguments).stdout;
    assert_eq!(cards(&page, "not-reported").len(), 2);
    assert!(page.contains("– in the baseline: "));
}

#[test]
fn a_function_of_a_file_that_was_only_read_along_is_not_drawn() {
    let folder = Folder::new("html-changed-only");
    folder.write("orders.yaml", TEMPLATE);
    folder.write("bills.yaml", TEMPLATE.replace("Orders", "Bills"));
    let arguments = ["bills.yaml", "--changed-only", "--format", "html"];
    let page = folder.run(&arguments).stdout;
    assert!(page.contains("bills.yaml:13:5"));
    assert!(!page.contains("orders.yaml:13:5"));
    assert!(!page.contains("no findings"));
}

#[test]
fn what_no_selected_rule_is_about_is_not_checked() {
    let orders = "policies-samples/systems/orders";
    let page = page(&[orders, "--select", "vpc"]);
    let unchecked = cards(&page, "unchecked");
    let names: Vec<&str> = unchecked.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["orders", "orders", "orders-role"]);
    assert_eq!(cards(&page, "broken").len(), 1);
}

#[test]
fn a_deny_is_not_drawn_as_a_grant() {
    let folder = Folder::new("html-deny");
    let template = TEMPLATE_OF_ROLE.replace(
        "STATEMENT",
        r#"{Effect: Deny, Action: "s3:*", Resource: "*"}"#,
    );
    folder.write("template.yaml", template);
    let page = folder.run(&[".", "--format", "html"]).stdout;
    assert_eq!(cards(&page, "denied"), [("s3".to_owned(), None)]);
    assert!(page.contains("⊘ denied by policy inline"));
}

const TEMPLATE_OF_ROLE: &str = r#"
Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties: {FunctionName: NAME, Role: !GetAtt Role.Arn, Code: {ZipFile: x}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: inline
          PolicyDocument: {Version: "2012-10-17", Statement: [STATEMENT]}
"#;

#[test]
fn text_of_files_stays_text() {
    let folder = Folder::new("html-hostile");
    let hostile = [
        "<script>alert(1)</script>",
        "</style><img src=x onerror=alert(2)>",
        "\\\" onmouseover=\\\"alert(3)",
        "\\e[31m\\u202e",
    ];
    for (number, text) in hostile.iter().enumerate() {
        let statement = format!(
            r#"{{Sid: "{text}", Effect: Allow, Action: "s3:GetObject{text}", Resource: "arn:aws:s3:::{text}/*"}}"#
        );
        let template = TEMPLATE_OF_ROLE.replace("STATEMENT", &statement);
        let template = template
            .replace("NAME", &format!("\"{text}\""))
            .replace("Fn:", &format!("\"Fn{text}\":"));
        folder.write(&format!("{number}.yaml"), template);
    }
    let page = folder.run(&[".", "--format", "html"]).stdout;
    assert_eq!(page.matches("<script").count(), 1);
    assert_eq!(page.matches("</style").count(), 1);
    assert!(!page.contains("<img"));
    assert!(!page.contains("onmouseover=\""));
    assert!(page.contains("Fn&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(page.contains("\\u{1b}[31m\\u{202e}"));
    let is_control = |c: char| c.is_control() && c != '\n';
    assert!(!page.contains(is_control) && !page.contains('\u{202e}'));
}

#[test]
fn only_the_addresses_of_web_pages_become_links() {
    let folder = Folder::new("html-links");
    folder.write(
        "pack.json",
        r#"{"pack": "own", "title": "Own", "rules": [{"name": "no-s3", "title": "T", "severity": "error",
            "references": ["javascript:alert(1)"], "select": "$.documents[*].PolicyDocument.Statement[*].Sid",
            "require": {"absent": {}}, "message": "no"}]}"#,
    );
    folder.write(
        "policy.json",
        r#"{"Version": "2012-10-17", "Statement": [{"Sid": "A", "Effect": "Allow",
        "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}"#,
    );
    let ran = folder.run(&["policy.json", "--rules", "pack.json", "--format", "html"]);
    assert!(ran.stdout.contains("own/no-s3"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("javascript:"));
}

#[test]
fn the_page_loads_nothing_and_runs_only_its_own_script() {
    let page = page(&["policies-samples/systems/orders"]);
    let policy = between(&page, "Content-Security-Policy\" content=\"", "\"")[0];
    assert!(policy.starts_with("default-src 'none'; "));
    for (element, directive) in [("style", "style-src"), ("script", "script-src")] {
        let start = format!("<{element}>");
        let text = between(&page, &start, &format!("</{element}>"))[0];
        let hash = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(text));
        assert!(
            policy.contains(&format!("{directive} 'sha256-{hash}';")),
            "{policy}"
        );
        for word in [
            "http",
            "//",
            "url(",
            "@import",
            "fetch(",
            "innerHTML",
            "eval(",
        ] {
            let lines = text
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"));
            let found = lines.filter(|line| line.contains(word)).collect::<Vec<_>>();
            assert!(found.is_empty(), "{found:?}");
        }
    }
    let (body, _) = page.split_once("<script>").unwrap();
    for attribute in [" src=", " style=", " onclick=", "<link", "<iframe", "<form"] {
        assert!(!body.contains(attribute), "{attribute}");
    }
}

#[test]
fn problems_and_undecided_checks_have_their_sections() {
    let folder = Folder::new("html-problems");
    folder.write("a.yaml", "Resources:\n  Fn: [\n");
    folder.write(
        "policy.json",
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
        "Action": "sqs:RecieveMessage", "Resource": "*"}]}"#,
    );
    let ran = folder.run(&["a.yaml", "policy.json", "--format", "html"]);
    assert_eq!(ran.status, Some(2));
    assert!(ran.stdout.contains("Problems with the input"));
    assert!(
        ran.stdout
            .contains("Findings that do not belong to a function")
    );
    assert!(
        ran.stdout
            .contains("<mark>&quot;sqs:RecieveMessage&quot;</mark>")
    );
}

#[test]
fn the_page_is_the_same_each_time_and_in_a_file() {
    let folder = Folder::new("html-file");
    folder.write("orders.yaml", TEMPLATE);
    let arguments = ["orders.yaml", "--format", "html"];
    let first = folder.run(&arguments);
    assert_eq!(first.stdout, folder.run(&arguments).stdout);
    let also = folder.run(&["orders.yaml", "--quiet", "--output", "html=report.html"]);
    assert_eq!(also.status, first.status);
    let written = std::fs::read_to_string(folder.path().join("report.html")).unwrap();
    assert_eq!(written, first.stdout);
}

#[test]
fn the_page_grows_with_the_functions_and_no_faster() {
    let folder = Folder::new("html-large");
    let page = |count: usize| {
        let mut template = "Resources:\n".to_owned();
        for number in 0..count {
            template += &format!(
                "  F{number:03}:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: a.b\n      \
                 Runtime: python3.13\n      InlineCode: x\n      Events:\n        Queue:\n          Type: SQS\n          \
                 Properties: {{Queue: \"arn:aws:sqs:eu-west-1:123456789012:q{number:03}\"}}\n"
            );
        }
        folder.write("template.yaml", template);
        folder.run(&["template.yaml", "--format", "html"]).stdout
    };
    let (none, few, many) = (page(0).len(), page(20), page(200));
    assert!(many.len() - none < 11 * (few.len() - none));
    assert!(many.contains("<details class=\"function fine\" id=\"function-0\"><summary>"));
}
