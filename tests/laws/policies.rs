//! Made-up policies, most of which speak of the request that they are made for.

use serde_json::{Value, json};

use super::requests::{KEYS, RESOURCES, opened};
use crate::test_rng::TestRng;

const ACTION_PATTERNS: [&str; 14] = [
    "*",
    "s3:*",
    "S3:getobject",
    "s3:Get*",
    "s3:?etObject",
    "s3:*Object",
    "sqs:*",
    "sqs:SendMessage",
    "sts:AssumeRole",
    "kms:*",
    "kms:Decrypt",
    "*:*",
    "s3*",
    "*:GetObject",
];

const RESOURCE_PATTERNS: [&str; 20] = [
    "*",
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::*",
    "arn:aws:s3:::b/${aws:username}",
    "arn:aws:s3:::b/home/${aws:username}/*",
    "arn:aws:s3:::b/home/${aws:username, 'ann'}/?",
    "arn:aws:s3:::b/${aws:TagKeys}",
    "arn:aws:s3:::${s3:prefix}*",
    "arn:aws:s3:::b/${*}",
    "arn:aws:sqs:*:*:orders",
    "arn:aws:sqs:eu-west-?:111111111111:*",
    "arn:aws:sqs:*:${aws:PrincipalAccount}:orders",
    "arn:aws:sqs:*:111111111111:ord*s",
    "arn:aws:sqs",
    "arn:aws:lambda:eu-west-1",
    "arn:aws:lambda:*:*:function:*",
    "arn:aws:lambda:*:*:f*n:f:live",
    "arn:aws:iam::*:role/*",
    "arn:aws:kms:*:*:key/1?2b",
    "arn:*:kms:*",
];

/// Principal elements of every form.
pub(super) fn principals() -> Vec<Value> {
    vec![
        json!("*"),
        json!("*"),
        json!({ "AWS": "*" }),
        json!({ "AWS": "111111111111" }),
        json!({ "AWS": "arn:aws:iam::111111111111:root" }),
        json!({ "AWS": ["arn:aws:iam::222222222222:root", "arn:aws:iam::111111111111:user/ann"] }),
        json!({ "AWS": "arn:aws:iam::111111111111:user/staff/bob" }),
        json!({ "AWS": ["arn:aws:iam::111111111111:role/worker", "222222222222"] }),
        json!({ "AWS": "arn:aws:iam::111111111111:role/app/worker" }),
        json!({ "AWS": "arn:aws:sts::111111111111:assumed-role/worker/s1" }),
        json!({ "AWS": "arn:aws:sts::111111111111:federated-user/ann" }),
        json!({ "AWS": ["AIDAJQABLZS4A3QDU576Q", "AROAJQABLZS4A3QDU576Q"] }),
        json!({ "AWS": "arn:aws:iam::<s8>:role/<o9>" }),
        json!({ "AWS": "<a3>" }),
        json!({ "Service": ["s3.amazonaws.com", "sns.amazonaws.com"] }),
        json!({ "Service": "s3.amazonaws.com", "AWS": "111111111111" }),
        json!({ "Federated": "accounts.google.com" }),
        json!({ "Federated": "arn:aws:iam::111111111111:saml-provider/corp" }),
        json!({ "CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be" }),
        json!({
            "AWS": [
                "111111111111",
                "arn:aws:iam::111111111111:role/worker",
                "arn:aws:sts::111111111111:assumed-role/worker/s1",
            ],
        }),
    ]
}

const OPERATORS: [(&str, &[&str]); 7] = [
    (
        "String",
        &[
            "StringEquals",
            "StringNotEquals",
            "StringEqualsIgnoreCase",
            "StringNotEqualsIgnoreCase",
            "StringLike",
            "StringNotLike",
        ],
    ),
    (
        "Arn",
        &["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"],
    ),
    ("Bool", &["Bool"]),
    (
        "Numeric",
        &[
            "NumericEquals",
            "NumericNotEquals",
            "NumericLessThan",
            "NumericLessThanEquals",
            "NumericGreaterThan",
            "NumericGreaterThanEquals",
        ],
    ),
    (
        "Date",
        &[
            "DateEquals",
            "DateNotEquals",
            "DateLessThan",
            "DateLessThanEquals",
            "DateGreaterThan",
            "DateGreaterThanEquals",
        ],
    ),
    ("Ip", &["IpAddress", "NotIpAddress"]),
    ("Binary", &["BinaryEquals"]),
];

const STRINGS: [&str; 7] = [
    "*",
    "a*",
    "?nn",
    "${aws:username}",
    "home/${aws:username, 'ann'}",
    "${aws:PrincipalTag/team}",
    "${$}",
];

const ARNS: [&str; 6] = [
    "*",
    "arn:aws:iam::*:role/*",
    "arn:aws:iam::111111111111:role/*worker",
    "arn:aws:sns:*:*:*",
    "arn:aws:iam::${aws:PrincipalAccount}:user/${aws:username}",
    "arn:aws:s3:::?",
];

fn wanted(rng: &mut TestRng, kind: &str, known: &[&str]) -> String {
    let special: &[&str] = match kind {
        "String" => &STRINGS,
        "Arn" => &ARNS,
        "Ip" => &["203.0.113.0/24", "0.0.0.0/0", "::/0"],
        _ => &[],
    };
    let text = match special.is_empty() || rng.roll(2) == 0 {
        true => known[rng.roll(known.len())],
        false => special[rng.roll(special.len())],
    };
    opened(rng, text)
}

/// An operator of a kind of values, now and then of another one, with what goes before and after it.
fn operator(rng: &mut TestRng, kind: &str) -> String {
    let group = OPERATORS.iter().find(|(of, _)| *of == kind);
    let (_, names) = match rng.roll(12) {
        0 => rng.pick(&OPERATORS),
        _ => group.unwrap(),
    };
    let quantifier = match rng.roll(6) {
        0 => "ForAllValues:",
        1 => "ForAnyValue:",
        _ => "",
    };
    let end = if rng.roll(4) == 0 { "IfExists" } else { "" };
    format!("{quantifier}{}{end}", rng.pick(names))
}

/// A `Condition` of one operator and one key.
pub(super) fn condition(rng: &mut TestRng) -> Value {
    let (key, kind, known) = rng.pick(&KEYS);
    match rng.roll(40) {
        0..5 => return json!({ "Null": { *key: rng.pick(&["true", "false"]) } }),
        5 => return json!({ "StringEqual": { *key: "x" } }),
        6 => return json!({ "Bool": { *key: rng.roll(2) == 0 } }),
        7 => return json!("<a7>"),
        _ => {}
    }
    let values: Vec<String> = (0..=rng.roll(3))
        .map(|_| wanted(rng, kind, known))
        .collect();
    let values = if values.len() == 1 {
        json!(values[0])
    } else {
        json!(values)
    };
    json!({ operator(rng, kind): { *key: values } })
}

fn list(rng: &mut TestRng, patterns: &[&str], asked: &str) -> Value {
    let entry = |rng: &mut TestRng| {
        let text = match rng.roll(3) {
            0 => *rng.pick(patterns),
            1 => asked,
            _ => patterns[0],
        };
        opened(rng, text)
    };
    match rng.roll(3) {
        0 => json!(entry(rng)),
        more => json!((0..=more).map(|_| entry(rng)).collect::<Vec<String>>()),
    }
}

/// A statement of a type of policy about a request.
pub(super) fn statement(rng: &mut TestRng, of_type: &str, request: &Value, effect: &str) -> Value {
    if rng.roll(150) == 0 {
        return json!("<t7>");
    }
    let mut statement = json!({ "Effect": effect });
    if rng.roll(150) == 0 {
        statement["Effect"] = json!("<a7>");
    }
    let names = ["resource", "resourceControl", "endpoint"].contains(&of_type);
    if names {
        let negated = rng.roll(8) == 0;
        let name = if negated { "NotPrincipal" } else { "Principal" };
        statement[name] = rng.pick(&principals()).clone();
    }
    let asked = request["act"].as_str().unwrap_or("*");
    let name = if rng.roll(8) == 0 {
        "NotAction"
    } else {
        "Action"
    };
    statement[name] = list(rng, &ACTION_PATTERNS, asked);
    let asked = request["on"].as_str().unwrap_or("*");
    let name = if rng.roll(8) == 0 {
        "NotResource"
    } else {
        "Resource"
    };
    let patterns = if rng.roll(3) == 0 {
        &RESOURCES[..]
    } else {
        &RESOURCE_PATTERNS
    };
    statement[name] = list(rng, patterns, asked);
    for _ in 0..rng.roll(6).saturating_sub(2) {
        let condition = condition(rng);
        super::changes::add_condition(&mut statement, &condition);
    }
    statement
}

/// A document with up to three statements.
pub(super) fn document(rng: &mut TestRng, of_type: &str, request: &Value) -> Value {
    let statements = (0..=rng.roll(3)).map(|place| {
        let effect = if place > 0 && rng.roll(3) == 0 {
            "Deny"
        } else {
            "Allow"
        };
        statement(rng, of_type, request, effect)
    });
    let statements: Vec<Value> = statements.collect();
    let version = if rng.roll(20) == 0 {
        "2008-10-17"
    } else {
        "2012-10-17"
    };
    json!({ "Version": version, "Statement": statements })
}

/// The types of policies, and in how many of ten requests there are such.
const TYPES: [(&str, usize); 7] = [
    ("identity", 9),
    ("resource", 6),
    ("boundary", 2),
    ("session", 2),
    ("serviceControl", 2),
    ("resourceControl", 2),
    ("endpoint", 2),
];

/// Whether policies of a type come by level of the organization.
pub(super) fn has_levels(of_type: &str) -> bool {
    of_type.ends_with("Control")
}

/// A request with policies of some types.
pub(super) fn case(rng: &mut TestRng) -> Value {
    let request = super::requests::request(rng);
    let mut policies = json!({});
    let mut incomplete: Vec<&str> = Vec::new();
    for (of_type, share) in TYPES {
        if rng.roll(10) >= share {
            continue;
        }
        let documents = |rng: &mut TestRng| -> Value {
            let count = 1 + rng.roll(4) / 3;
            (0..count)
                .map(|_| document(rng, of_type, &request))
                .collect()
        };
        policies[of_type] = match has_levels(of_type) {
            true => (0..=rng.roll(2)).map(|_| documents(rng)).collect(),
            false => documents(rng),
        };
        if rng.roll(25) == 0 {
            incomplete.push(of_type);
        }
    }
    json!({
        "request": request,
        "policies": policies,
        "incomplete": incomplete,
        "required": rng.roll(10) == 0,
    })
}
