//! Many requests that differ in action, resource, caller and context, as one batch.

use std::hint::black_box;
use std::time::Instant;

use lint_lambda::unstable::iam::{Caller, Context, Identity, Policies, Request, authorize};
use lint_lambda::unstable::syntax::Text;
use serde_json::{Value, json};

/// A role of ten statements, half of which have conditions.
pub(super) const TYPICAL: &str = r#"{"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
     "Resource": "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/orders:*"},
    {"Effect": "Allow", "Action": ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
     "Resource": ["arn:aws:sqs:eu-west-1:111122223333:orders", "arn:aws:sqs:eu-west-1:111122223333:orders-dlq"]},
    {"Effect": "Allow", "Action": ["ec2:CreateNetworkInterface", "ec2:Describe*",
     "ec2:DeleteNetworkInterface"], "Resource": "*"},
    {"Effect": "Allow", "Action": "s3:GetObject*", "Resource": "arn:aws:s3:::orders-*/in/*",
     "Condition": {"StringEquals": {"aws:ResourceAccount": "111122223333"}}},
    {"Effect": "Allow", "Action": ["s3:PutObject", "s3:AbortMultipartUpload"],
     "Resource": "arn:aws:s3:::orders-live/${aws:PrincipalTag/team}/*",
     "Condition": {"StringLike": {"s3:x-amz-server-side-encryption": "aws:*"}}},
    {"Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"],
     "Resource": ["arn:aws:dynamodb:*:111122223333:table/orders", "arn:aws:dynamodb:*:111122223333:table/orders/index/*"],
     "Condition": {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["id", "state", "total"]}}},
    {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "arn:aws:kms:eu-west-1:111122223333:key/*",
     "Condition": {"StringEquals": {"kms:ViaService": ["s3.eu-west-1.amazonaws.com", "sqs.eu-west-1.amazonaws.com"]}}},
    {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue",
     "Resource": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders/*"},
    {"Effect": "Deny", "Action": "*", "Resource": "*",
     "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
    {"Effect": "Deny", "NotAction": ["logs:*", "ec2:*"], "Resource": "*",
     "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]}}}]}"#;

const ACTIONS: [&str; 20] = [
    "logs:PutLogEvents",
    "logs:CreateLogStream",
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:SendMessage",
    "ec2:CreateNetworkInterface",
    "ec2:DescribeSubnets",
    "ec2:RunInstances",
    "s3:GetObject",
    "s3:getobjecttagging",
    "s3:PutObject",
    "s3:DeleteObject",
    "dynamodb:GetItem",
    "dynamodb:Query",
    "dynamodb:DeleteItem",
    "kms:Decrypt",
    "kms:Encrypt",
    "secretsmanager:GetSecretValue",
    "lambda:InvokeFunction",
    "sns:Publish",
];

/// How many requests a batch has: too many for a processor to learn how each branch goes, and few enough to
/// be as near as those that were just read.
const COUNT: usize = 1_024;

/// Requests as a simulator takes them.
pub(super) struct Batch {
    written: Vec<Value>,
    contexts: Vec<Context>,
}

impl Batch {
    pub(super) fn new() -> Self {
        let written: Vec<Value> = (0..COUNT).map(written).collect();
        Batch {
            contexts: written.iter().map(context).collect(),
            written,
        }
    }

    /// Nanoseconds for reading a request as JSON.
    pub(super) fn parse(&self) -> f64 {
        let lines: Vec<String> = self.written.iter().map(Value::to_string).collect();
        time(&lines, |line| serde_json::from_str::<Value>(line))
    }

    /// Nanoseconds for a decision.
    pub(super) fn decide(&self, policies: &Policies<'_>) -> f64 {
        let requests = self.written.iter().zip(&self.contexts);
        let requests = requests.map(|(written, context)| request(written, context));
        let requests: Vec<Request<'_>> = requests.collect();
        time(&requests, |request| authorize(policies, request))
    }
}

/// Policies of every type that has a say where a role asks for a resource of its own account.
pub(super) const AROUND: [&str; 3] = [
    r#"{"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/orders"}, "Action": "s3:GetObject",
         "Resource": "arn:aws:s3:::orders-live/*"},
        {"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam::111122223333:root", "444455556666"]}, "Action": "*",
         "Resource": "*"},
        {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::orders", "arn:aws:s3:::orders/*"],
         "Condition": {"StringNotEquals": {"aws:PrincipalAccount": "111122223333"}}}]}"#,
    r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["logs:*", "sqs:*", "s3:*", "dynamodb:*",
        "kms:Decrypt", "ec2:*NetworkInterface*"], "Resource": "*"}]}"#,
    r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "NotAction": ["iam:*", "sts:*", "kms:*", "s3:*"], "Resource": "*",
         "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]},
         "ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin-*"}}}]}"#,
];

/// A request as the simulator takes it, made up of what its number says.
fn written(number: usize) -> Value {
    // Neighbours have nothing in common.
    let mut dice = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 16;
    let action = pick(&mut dice, &ACTIONS);
    let region = pick(&mut dice, &["eu-west-1", "eu-central-1", "us-east-1"]);
    let account = pick(&mut dice, &["111122223333", "111122223333", "444455556666"]);
    let name = pick(
        &mut dice,
        &["orders", "orders-dlq", "orders-live", "payments"],
    );
    let service = action.split(':').next().unwrap_or("");
    let arn = match service {
        "s3" => format!("arn:aws:s3:::{name}/in/{number}.json"),
        _ => {
            let resource = resource(service, name, number);
            format!("arn:aws:{service}:{region}:{account}:{resource}")
        }
    };
    let sender = pick(&mut dice, &["s3", "sqs", "sns"]);
    let entries = [
        ("aws:RequestedRegion", json!([region])),
        ("aws:ResourceAccount", json!([account])),
        (
            "aws:SecureTransport",
            json!([pick(&mut dice, &["true", "true", "true", "false"])]),
        ),
        (
            "aws:PrincipalTag/team",
            json!([pick(&mut dice, &["in", "out"])]),
        ),
        (
            "s3:x-amz-server-side-encryption",
            json!([pick(&mut dice, &["aws:kms", "AES256"])]),
        ),
        (
            "dynamodb:Attributes",
            json!(["id", pick(&mut dice, &["state", "card"])]),
        ),
        (
            "kms:ViaService",
            json!([format!("{sender}.{region}.amazonaws.com")]),
        ),
    ];
    let entry = |(key, values)| json!({ "ContextKeyName": key, "ContextKeyValues": values, "ContextKeyType": "string" });
    json!({
        "ActionNames": [action],
        "ResourceArns": [arn],
        "CallerArn": format!("arn:aws:sts::111122223333:assumed-role/orders/session-{number}"),
        "ContextEntries": entries.map(entry),
    })
}

/// The last part of the ARN of a resource.
fn resource(service: &str, name: &str, number: usize) -> String {
    match service {
        "logs" => format!("log-group:/aws/lambda/{name}:log-stream:{number}"),
        "ec2" => format!("network-interface/eni-{number:x}"),
        "dynamodb" => format!("table/{name}"),
        "kms" => format!("key/{number:08x}"),
        "secretsmanager" => format!("secret:{name}/password-{number}"),
        _ => name.to_owned(),
    }
}

/// One of some texts, as the dice fall.
fn pick<'t>(dice: &mut usize, from: &[&'t str]) -> &'t str {
    let at = *dice % from.len();
    *dice /= from.len();
    from.get(at).copied().unwrap_or("")
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("")
}

fn context(written: &Value) -> Context {
    let mut context = Context::complete();
    for entry in written["ContextEntries"].as_array().into_iter().flatten() {
        let values = entry["ContextKeyValues"].as_array().into_iter().flatten();
        let values = values.map(|value| Text::from(text(value))).collect();
        context.set(text(&entry["ContextKeyName"]), values);
    }
    if let Some(identity) = Identity::of_arn(text(&written["CallerArn"])) {
        identity.state_keys(&mut context);
    }
    context
}

fn request<'c>(written: &Value, context: &'c Context) -> Request<'c> {
    let caller = Identity::of_arn(text(&written["CallerArn"]));
    let caller = caller.map(|identity| Caller::Aws(Box::new(identity)));
    let first = |list: &str| written.pointer(list).map_or("", text);
    let resource = Text::from(first("/ResourceArns/0"));
    Request::new(caller, first("/ActionNames/0"), resource, context)
}

/// Nanoseconds for one of all calls, of the best of several rounds.
fn time<I, T>(inputs: &[I], call: impl Fn(&I) -> T) -> f64 {
    let round = || {
        let start = Instant::now();
        inputs.iter().for_each(|input| drop(black_box(call(input))));
        start.elapsed().as_secs_f64() * 1e9 / inputs.len() as f64
    };
    (0..20).map(|_| round()).fold(f64::INFINITY, f64::min)
}
