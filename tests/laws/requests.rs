//! Made-up requests: who asks, for what, and what is known of it.

use serde_json::{Value, json};

use crate::test_rng::TestRng;

pub(super) const ACTIONS: [&str; 5] = [
    "s3:GetObject",
    "s3:PutObject",
    "sqs:SendMessage",
    "sts:AssumeRole",
    "kms:Decrypt",
];

pub(super) const RESOURCES: [&str; 8] = [
    "arn:aws:s3:::b/k",
    "arn:aws:s3:::b/home/ann/x",
    "arn:aws:sqs:eu-west-1:111111111111:orders",
    "arn:aws:sqs:eu-west-1:222222222222:orders",
    "arn:aws:iam::111111111111:role/app/worker",
    "arn:aws:lambda:eu-west-1:111111111111:function:f:live",
    "arn:aws:kms:eu-west-1:222222222222:key/1a2b",
    "*",
];

/// Callers of every kind.
pub(super) fn callers() -> Vec<Value> {
    vec![
        json!({ "user": "arn:aws:iam::111111111111:user/ann" }),
        json!({ "user": "arn:aws:iam::111111111111:user/staff/bob" }),
        json!({ "role": "arn:aws:iam::111111111111:role/worker" }),
        json!({ "role": "arn:aws:iam::111111111111:role/app/worker" }),
        json!({ "arn": "arn:aws:sts::111111111111:assumed-role/worker/s1" }),
        json!({ "arn": "arn:aws:sts::222222222222:assumed-role/worker/s1" }),
        json!({ "arn": "arn:aws:sts::111111111111:federated-user/ann" }),
        json!({ "role": "arn:aws:iam::222222222222:role/worker", "id": "AROAJQABLZS4A3QDU576Q" }),
        json!({ "user": "arn:aws:iam::222222222222:user/ann", "id": "AIDAJQABLZS4A3QDU576Q" }),
        json!({ "root": "111111111111" }),
        json!({ "root": "222222222222" }),
        json!({ "service": "s3.amazonaws.com" }),
        json!({ "federated": "accounts.google.com" }),
        json!({ "federated": "arn:aws:iam::111111111111:saml-provider/corp" }),
        json!("anonymous"),
        json!("unknown"),
        json!({ "open": "arn:aws:iam::<s8>:role/<o9>" }),
        Value::Null,
    ]
}

/// Keys with values that a request can have of them, by the kind of their operators.
pub(super) const KEYS: [(&str, &str, &[&str]); 14] = [
    ("aws:username", "String", &["ann", "bob", "a*n", "home/ann"]),
    ("aws:PrincipalTag/team", "String", &["red", "Red", "b", ""]),
    ("s3:prefix", "String", &["home/ann", "home/", "k"]),
    (
        "aws:PrincipalAccount",
        "String",
        &["111111111111", "222222222222"],
    ),
    ("aws:TagKeys", "String", &["a", "b", "c"]),
    (
        "aws:PrincipalArn",
        "Arn",
        &[
            "arn:aws:iam::111111111111:role/worker",
            "arn:aws:iam::111111111111:role/app/worker",
            "arn:aws:iam::111111111111:user/ann",
        ],
    ),
    (
        "aws:SourceArn",
        "Arn",
        &[
            "arn:aws:s3:::b",
            "arn:aws:sns:eu-west-1:111111111111:t:1",
            "no-arn",
        ],
    ),
    ("aws:SecureTransport", "Bool", &["true", "false", "True"]),
    ("s3:max-keys", "Numeric", &["1", "10", "2.5", "ten"]),
    (
        "aws:CurrentTime",
        "Date",
        &["2026-01-01", "2026-06-30T12:00:00Z", "1767225600", "soon"],
    ),
    (
        "aws:SourceIp",
        "Ip",
        &["203.0.113.7", "198.51.100.7", "2001:db8::1", "nowhere"],
    ),
    ("aws:ViaBytes", "Binary", &["QmluYXJ5", "AAAA", "%"]),
    ("aws:ResourceTag/<s1>", "String", &["red", "b"]),
    (
        "aws:userid",
        "String",
        &["AIDAJQABLZS4A3QDU576Q", "AROAJQABLZS4A3QDU576Q:s1"],
    ),
];

/// A text with a part that is not known, now and then.
pub(super) fn opened(rng: &mut TestRng, text: &str) -> String {
    const HOLES: [&str; 6] = ["<s1>", "<s2>", "<a3>", "<w4>", "<o5>", "<s6=ann>"];
    if rng.roll(24) > 0 || text.is_empty() {
        return text.to_owned();
    }
    let hole = rng.pick(&HOLES);
    if rng.roll(8) == 0 {
        return (*hole).to_owned();
    }
    let separators: &[char] = &[':', '/', '-'];
    let parts: Vec<&str> = text.split(separators).collect();
    let part = rng.pick(&parts);
    match part.is_empty() || part.starts_with('$') || *part == "arn" {
        true => text.to_owned(),
        false => text.replacen(part, hole, 1),
    }
}

fn context(rng: &mut TestRng) -> Value {
    let mut context = json!({});
    for (key, _, values) in &KEYS {
        if key.contains('<') || rng.roll(2) == 0 {
            continue;
        }
        let many = if *key == "aws:TagKeys" {
            rng.roll(4)
        } else {
            1
        };
        let drawn = (0..many).map(|_| {
            let value = *rng.pick(values);
            opened(rng, value)
        });
        let drawn: Vec<String> = drawn.collect();
        context[*key] = match rng.roll(12) {
            0 => Value::Null,
            1 => json!([]),
            _ => json!(drawn),
        };
    }
    context
}

/// A request.
pub(super) fn request(rng: &mut TestRng) -> Value {
    let mut unknown: Vec<&str> = Vec::new();
    for (key, _, _) in &KEYS {
        if rng.roll(12) == 0 {
            unknown.push(key);
        }
    }
    let (action, resource) = (*rng.pick(&ACTIONS), *rng.pick(&RESOURCES));
    let mut request = json!({
        "caller": rng.pick(&callers()),
        "act": if rng.roll(40) == 0 { "s3:<s1>".to_owned() } else { action.to_owned() },
        "on": opened(rng, resource),
        "context": context(rng),
        "unknown": unknown,
        "isComplete": rng.roll(4) > 0,
        "derived": rng.roll(2) == 0,
    });
    if rng.roll(3) == 0 {
        request["owner"] = json!(rng.pick(&["111111111111", "222222222222"]));
    }
    request
}
