//! Small policies against requests.

use super::*;
use crate::iam::{Context, Element, NearMiss, PolicyDocument, PolicySet};
use crate::source::SourceMap;
use crate::syntax::{Text, json};

fn service(name: &str) -> Caller {
    Caller::Service(Box::new(Text::from(name).into()))
}

/// The decision of a policy alone: the resource's where somebody asks, else that of who asks.
fn decision_of(policy: &PolicyDocument, request: &Request<'_>) -> Decision {
    let set = PolicySet {
        documents: vec![policy],
        incomplete: false,
    };
    let policies = match request.caller {
        Some(_) => Policies {
            resource: Some(set),
            ..Policies::default()
        },
        None => Policies {
            identity: set,
            ..Policies::default()
        },
    };
    authorize(&policies, request).decision
}

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
        owner: None,
        context: &context,
    };
    decision_of(&policy, &request)
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
        owner: None,
        context: &context,
    };
    let miss = NearMiss::find(&[&policy], PolicyType::Identity, &request).unwrap();
    assert_eq!(miss.statement.name(), Some("OtherQueue"));
    assert!(matches!(miss.stopped_by.as_slice(), [Element::Resource]));
}

fn decide_for(statements: &str, caller: Option<Caller>) -> Decision {
    let policy = policy(statements);
    let context = Context::default();
    let request = Request {
        caller,
        action: Text::from("lambda:InvokeFunction"),
        resource: Text::from("arn:aws:lambda:eu-west-1:1:function:f"),
        owner: None,
        context: &context,
    };
    decision_of(&policy, &request)
}

#[test]
fn a_resource_policy_without_principal_is_a_mistake() {
    let nobody = r#"{"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}"#;
    let s3 = || Some(service("s3.amazonaws.com"));
    assert_eq!(decide_for(nobody, s3()), Decision::Unknown);
}

#[test]
fn not_principal_names_everybody_else() {
    let but_s3 = r#"{"Effect": "Deny", "NotPrincipal": {"Service": "s3.amazonaws.com"}, "Action": "*", "Resource": "*"},
        {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}"#;
    let of = |name: &str| decide_for(but_s3, Some(service(name)));
    assert_eq!(of("s3.amazonaws.com"), Decision::Allowed);
    assert_eq!(of("sns.amazonaws.com"), Decision::ExplicitDeny);
}

#[test]
fn a_part_that_cannot_be_read_leaves_its_statement_open() {
    let s3 = || Some(service("s3.amazonaws.com"));
    for statement in [
        r#"{"Effect": "Allow", "Principal": {"Service": null}, "Action": "*", "Resource": "*"}"#,
        r#"{"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": [{}], "Resource": "*"}"#,
        r#"{"Effect": "Allow", "Principal": "*", "NotPrincipal": "*", "Action": "*", "Resource": "*"}"#,
        r#"{"Effect": "allow", "Principal": "*", "Action": "*", "Resource": "*"}"#,
        r#"{"Effect": "Deny", "NotPrincipal": {"AWS": null}, "Action": "*", "Resource": "*"},
           {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}"#,
    ] {
        assert_eq!(
            decide_for(statement, s3()),
            Decision::Unknown,
            "{statement}"
        );
    }
}

#[test]
fn the_old_version_has_no_variables() {
    let text = r#"{"Version": "2008-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*",
        "Resource": "arn:aws:s3:::${aws:username}"}]}"#;
    let mut sources = SourceMap::default();
    let file = sources.add("policy.json", text).unwrap();
    let policy = PolicyDocument::read(&json::read(file, text).roots.remove(0));
    let context = Context::default();
    let decide = |resource: &str| {
        let request = Request {
            caller: None,
            action: Text::from("s3:GetObject"),
            resource: Text::from(resource),
            owner: None,
            context: &context,
        };
        decision_of(&policy, &request)
    };
    assert_eq!(decide("arn:aws:s3:::${aws:username}"), Decision::Allowed);
    assert_eq!(decide("arn:aws:s3:::somebody"), Decision::ImplicitDeny);
}

/// What is lacking where a user asks for a queue of another account or of its own, whose policy names
/// the user.
fn lacking(identity: &str, limit: Option<&str>, account: &str) -> Vec<PolicyType> {
    let (identity, limit) = (policy(identity), limit.map(policy));
    let resource = policy(
        r#"{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111111111111:user/ann"}, "Action": "sqs:*", "Resource": "*"}"#,
    );
    let set = |document| PolicySet {
        documents: vec![document],
        incomplete: false,
    };
    let policies = Policies {
        identity: set(&identity),
        resource: Some(set(&resource)),
        boundary: limit.as_ref().map(set),
        ..Policies::default()
    };
    let ann = Identity::of_arn("arn:aws:iam::111111111111:user/ann").unwrap();
    let context = Context::default();
    let queue = Text::from(format!("arn:aws:sqs:eu-west-1:{account}:orders"));
    let caller = Some(Caller::Aws(Box::new(ann)));
    let request = Request::new(caller, "sqs:SendMessage", queue, &context);
    let authorization = authorize(&policies, &request);
    let denied = authorization.decision.is_denied();
    assert_eq!(denied, !authorization.lacking().is_empty());
    authorization.lacking()
}

#[test]
fn a_refusal_says_which_policies_lack_an_allow() {
    let (own, other) = ("111111111111", "222222222222");
    let nothing = r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}"#;
    let sqs = r#"{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}"#;
    // In one account, the policy of the queue is enough, whatever the boundary says.
    assert_eq!(lacking(nothing, Some(nothing), own), []);
    // Across accounts, the user's own policies must allow it, too.
    assert_eq!(lacking(nothing, None, other), [PolicyType::Identity]);
    assert_eq!(lacking(sqs, Some(nothing), other), [PolicyType::Boundary]);
    let both = [PolicyType::Identity, PolicyType::Boundary];
    assert_eq!(lacking(nothing, Some(nothing), other), both);
    assert_eq!(lacking(sqs, Some(sqs), other), []);
}

#[test]
fn a_policy_that_is_not_at_hand_does_not_deny_what_another_of_its_type_allows() {
    let read = policy(READ);
    let deny = policy(r#"{"Effect": "Deny", "Action": "sqs:*", "Resource": "*"}"#);
    let context = Context::default();
    let request = Request {
        caller: None,
        action: Text::from("sqs:ReceiveMessage"),
        resource: Text::from(QUEUE),
        owner: None,
        context: &context,
    };
    let decide = |documents: Vec<&PolicyDocument>, has_boundary: bool| {
        let open = |documents| PolicySet {
            documents,
            incomplete: true,
        };
        let policies = Policies {
            identity: open(documents),
            boundary: has_boundary.then(|| open(Vec::new())),
            ..Policies::default()
        };
        authorize(&policies, &request).decision
    };
    assert_eq!(decide(vec![&read], false), Decision::Allowed);
    assert_eq!(decide(vec![&read, &deny], false), Decision::ExplicitDeny);
    assert_eq!(decide(vec![], false), Decision::Unknown);
    assert_eq!(decide(vec![&read], true), Decision::Unknown);
}
