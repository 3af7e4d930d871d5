//! Policies of the organization that flags hand over limit every role.

use crate::program::Folder;

const GOOD: &str =
    include_str!("../policies-samples/poll-sources/actions-not-granted/good-sqs.json");

fn checked(policy: &str, flag: &str) -> (String, Option<i32>) {
    let folder = Folder::new(&format!("organization-{flag}-{}", policy.len()));
    folder.write("sqs.json", GOOD);
    folder.write("limit.json", policy);
    let ran = folder.run(&["--format", "plain", "sqs.json", flag, "limit.json"]);
    (ran.stdout, ran.status)
}

#[test]
fn a_deny_of_the_organization_wins_over_what_the_role_allows() {
    let policy = r#"{"Version": "2012-10-17", "Statement": [{"Sid": "NoDelete", "Effect": "Deny",
        "Action": "sqs:DeleteMessage", "Resource": "*"}]}"#;
    for (flag, whose) in [("--scp", "service"), ("--rcp", "resource")] {
        // A resource control policy says for whom it is.
        let policy = match flag {
            "--rcp" => policy.replace("\"Effect\"", "\"Principal\": \"*\", \"Effect\""),
            _ => policy.to_owned(),
        };
        let (said, status) = checked(&policy, flag);
        assert_eq!(status, Some(1), "{said}");
        assert!(said.contains("missing: sqs:DeleteMessage\n"), "{said}");
        let note = format!("`NoDelete` of the {whose} control policies denies");
        assert!(said.contains(&note), "{said}");
        let help = "help: ask the administrator of the organization";
        assert!(said.contains(help), "{said}");
    }
}

#[test]
fn what_a_list_of_allowed_actions_leaves_out_is_refused() {
    let policy = r#"{"Policy": {"Content": "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\",
        \"Action\": [\"logs:*\", \"sqs:ReceiveMessage\"], \"Resource\": \"*\"}]}"}}"#;
    let policy = policy.replace("\n        ", " ");
    let (said, status) = checked(&policy, "--scp");
    assert_eq!(status, Some(1), "{said}");
    assert!(
        said.contains("missing: sqs:DeleteMessage, sqs:GetQueueAttributes\n"),
        "{said}"
    );
}

#[test]
fn what_the_organization_lets_through_or_leaves_open_is_no_error() {
    let policies = [
        r#"{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"#,
        r#"{"Statement": [{"Effect": "Deny", "Action": "ec2:*", "Resource": "*"}]}"#,
        r#"{"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}}]}"#,
    ];
    for policy in policies {
        let (said, status) = checked(policy, "--scp");
        assert_eq!(status, Some(0), "{said}");
    }
}

#[test]
fn a_deny_that_rests_on_what_is_not_known_leaves_the_check_open() {
    let folder = Folder::new("organization-open");
    folder.write("sqs.json", GOOD);
    folder.write(
        "limit.json",
        r#"{"Statement": [{"Sid": "Tagged", "Effect": "Deny", "Action": "sqs:*", "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:PrincipalTag/team": "payments"}}}]}"#,
    );
    let arguments = ["--format", "plain", "--show-undecided", "sqs.json", "--scp"];
    let ran = folder.run(&[&arguments[..], &["limit.json"]].concat());
    assert_eq!(ran.status, Some(0), "{}", ran.stdout);
    let open = "undecided[poll-sources/actions-not-granted]";
    assert!(ran.stdout.contains(open), "{}", ran.stdout);
    assert!(ran.stdout.contains("`Tagged`"), "{}", ran.stdout);
}

#[test]
fn each_file_that_is_no_policy_is_told() {
    let folder = Folder::new("organization-two");
    folder.write("sqs.json", GOOD);
    folder.write("one.json", "{}");
    folder.write("two.json", "[]");
    let ran = folder.run(&["sqs.json", "--scp", "one.json", "--scp", "two.json"]);
    assert_eq!(ran.status, Some(2), "{}", ran.stdout);
    assert!(ran.stdout.contains("one.json") && ran.stdout.contains("two.json"));
}

#[test]
fn a_file_that_is_no_policy_is_a_problem() {
    let (said, status) = checked(r#"{"Policies": []}"#, "--scp");
    assert_eq!(status, Some(2), "{said}");
    assert!(
        said.contains("not a service control policy or resource control policy"),
        "{said}"
    );
}
