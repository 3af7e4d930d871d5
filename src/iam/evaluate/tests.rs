//! Small policies against requests.

use super::*;
use crate::document::json;
use crate::source::SourceMap;

fn policy(statements: &str) -> PolicyDocument {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
    let mut sources = SourceMap::default();
    let file = sources.add("policy.json", &text).unwrap();
    PolicyDocument::read(&json::read(file, &text).roots.remove(0))
}

fn decide(statements: &str, action: &str, resource: &str) -> Decision {
    let policy = policy(statements);
    let context = Context::default();
    let request = Request {
        caller: None,
        action: Text::from(action),
        resource: Text::from(resource),
        context: &context,
    };
    evaluate(&[&policy], &request).decision
}

const READ: &str =
    r#"{"Effect": "Allow", "Action": "SQS:Receive*", "Resource": "arn:aws:sqs:*:*:orders"}"#;
const QUEUE: &str = "arn:aws:sqs:eu-west-1:1:orders";

#[test]
fn an_allow_that_matches_allows() {
    assert_eq!(decide(READ, "sqs:ReceiveMessage", QUEUE), Decision::Allowed);
    assert_eq!(
        decide(READ, "sqs:DeleteMessage", QUEUE),
        Decision::ImplicitDeny
    );
    assert_eq!(
        decide(READ, "sqs:ReceiveMessage", "arn:aws:sqs:r:1:x"),
        Decision::ImplicitDeny
    );
}

#[test]
fn a_deny_wins() {
    let both = format!(r#"{READ}, {{"Effect": "Deny", "NotAction": "logs:*", "Resource": "*"}}"#);
    assert_eq!(
        decide(&both, "sqs:ReceiveMessage", QUEUE),
        Decision::ExplicitDeny
    );
}

#[test]
fn not_action_and_not_resource_cover_the_rest() {
    let rest =
        r#"{"Effect": "Allow", "NotAction": "iam:*", "NotResource": "arn:aws:sqs:*:*:secret"}"#;
    assert_eq!(decide(rest, "sqs:ReceiveMessage", QUEUE), Decision::Allowed);
    assert_eq!(decide(rest, "iam:GetRole", QUEUE), Decision::ImplicitDeny);
    assert_eq!(
        decide(rest, "sqs:ReceiveMessage", "arn:aws:sqs:r:1:secret"),
        Decision::ImplicitDeny
    );
}

#[test]
fn what_is_not_known_is_no_decision() {
    let conditional = r#"{"Effect": "Allow", "Action": "*", "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalTag/team": "a"}}}"#;
    assert_eq!(
        decide(conditional, "sqs:ReceiveMessage", QUEUE),
        Decision::Unknown
    );
    let deny = conditional.replace("Allow", "Deny");
    assert_eq!(
        decide(&format!("{READ}, {deny}"), "sqs:ReceiveMessage", QUEUE),
        Decision::Unknown
    );
    assert_eq!(
        decide(&deny, "sqs:ReceiveMessage", QUEUE),
        Decision::ImplicitDeny
    );
}

#[test]
fn a_statement_that_cannot_be_read_decides_nothing() {
    let broken = r#"{"Effect": "allow", "Action": "sqs:*", "Resource": "*"}"#;
    assert_eq!(
        decide(broken, "sqs:ReceiveMessage", QUEUE),
        Decision::Unknown
    );
    assert_eq!(decide(broken, "sns:Publish", QUEUE), Decision::ImplicitDeny);
}

#[test]
fn the_nearest_statement_is_the_one_with_the_least_in_its_way() {
    let policy = policy(&format!(
        r#"{{"Sid": "Far", "Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b"}},
           {{"Sid": "OtherQueue", "Effect": "Allow", "Action": "sqs:*", "Resource": "arn:aws:sqs:*:*:x"}},
           {READ}"#
    ));
    let context = Context::default();
    let request = Request {
        caller: None,
        action: Text::from("sqs:DeleteMessage"),
        resource: Text::from(QUEUE),
        context: &context,
    };
    let miss = NearMiss::find(&[&policy], &request).unwrap();
    assert_eq!(miss.statement.name(), Some("OtherQueue"));
    assert!(matches!(miss.stopped_by.as_slice(), [Element::Resource]));
}
