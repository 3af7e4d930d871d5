//! What a decision costs: reading a policy, compiling it and asking it, and how each cost grows; and
//! what it costs among many that differ, beside reading the same requests as JSON.

#[path = "iam/batch.rs"]
mod batch;

use std::hint::black_box;
use std::io::{Write, stdout};
use std::time::Instant;

use lint_lambda::unstable::iam::{
    Context, Decision, Policies, PolicyDocument, PolicySet, Request, authorize,
};
use lint_lambda::unstable::source::FileId;
use lint_lambda::unstable::syntax::{Node, Text, json};

const ROLE: &str = r#"{"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
     "Resource": "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/orders:*"},
    {"Effect": "Allow", "Action": ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
     "Resource": "arn:aws:sqs:eu-west-1:111122223333:orders"},
    {"Effect": "Allow", "Action": ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces",
     "ec2:DeleteNetworkInterface"], "Resource": "*"},
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::orders-*/in/*",
     "Condition": {"StringEquals": {"aws:ResourceAccount": "111122223333"}}}]}"#;

fn main() -> std::io::Result<()> {
    let mut out = stdout();
    let [parse, compile, decide] = steps();
    writeln!(out, "parse    {parse:>12.0} ns")?;
    writeln!(out, "compile  {compile:>12.0} ns")?;
    writeln!(out, "decide   {decide:>12.0} ns")?;
    writeln!(out, "parse:decide    {:.1}", parse / decide)?;
    writeln!(out, "compile:decide  {:.1}", compile / decide)?;
    batches(&mut out)?;
    for (what, small, large) in [stars(), statements(), block()] {
        let growth = large / small;
        writeln!(
            out,
            "{what}: {small:.0} ns, {large:.0} ns, ratio {growth:.1}"
        )?;
    }
    Ok(())
}

/// What a decision costs among many others, and how that compares to reading the request as JSON.
fn batches(out: &mut impl Write) -> std::io::Result<()> {
    let [ordinary, typical] = [ROLE, batch::TYPICAL].map(compiled);
    let [resource, boundary, organization] = batch::AROUND.map(compiled);
    let around = Policies {
        resource: Some(set(&resource)),
        boundary: Some(set(&boundary)),
        service_control: vec![set(&organization), set(&organization)],
        ..identity(&typical)
    };
    let batch = batch::Batch::new();
    let parse = batch.parse();
    writeln!(out, "a request as JSON: {parse:.0} ns")?;
    for (what, policies) in [
        ("ordinary role", identity(&ordinary)),
        ("typical role", identity(&typical)),
        ("typical role with policies around it", around),
    ] {
        let decide = batch.decide(&policies);
        let each_second = 1e9 / decide;
        let ratio = parse / decide;
        writeln!(
            out,
            "batch, {what}: {decide:.0} ns, {each_second:.0} decisions/s, JSON:decide {ratio:.1}"
        )?;
    }
    Ok(())
}

fn set(document: &PolicyDocument) -> PolicySet<'_> {
    PolicySet {
        documents: vec![document],
        incomplete: false,
    }
}

/// The policies of who has this one, and nothing else.
fn identity(document: &PolicyDocument) -> Policies<'_> {
    Policies {
        identity: set(document),
        ..Policies::default()
    }
}

/// Reading, compiling and asking an ordinary execution role.
fn steps() -> [f64; 3] {
    let mut context = Context::default();
    context.set("aws:ResourceAccount", vec![Text::from("111122223333")]);
    let request = request(
        "s3:GetObject",
        "arn:aws:s3:::orders-live/in/1.json",
        &context,
    );
    let (node, policy) = (read(ROLE), compiled(ROLE));
    let policies = identity(&policy);
    [
        time(1_000, || read(ROLE)),
        time(1_000, || PolicyDocument::read(&node)),
        time(10_000, || authorize(&policies, &request)),
    ]
}

/// Many stars against a text that never ends as they want.
fn stars() -> (&'static str, f64, f64) {
    let policy = compiled(&one(&format!("{}*b*", "*a".repeat(1_000)), "{}"));
    let context = Context::default();
    let cost = |length: usize| {
        let request = request("s3:GetObject", &"a".repeat(length), &context);
        time(10, || decided(&policy, &request))
    };
    (
        "1,000 stars, value of 1,000 and 2,000",
        cost(1_000),
        cost(2_000),
    )
}

/// A policy of many statements, the last of which decides.
fn statements() -> (&'static str, f64, f64) {
    let context = Context::default();
    let request = request("s3:GetObject", "arn:aws:s3:::bucket/key", &context);
    let cost = |count: usize| {
        let mine = r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::other/*"}"#;
        let policy = compiled(&format!(
            r#"{{"Statement": [{}]}}"#,
            vec![mine; count].join(",")
        ));
        time(10, || decided(&policy, &request))
    };
    ("1,000 and 10,000 statements", cost(1_000), cost(10_000))
}

/// A condition that lists many values, none of which is the request's.
fn block() -> (&'static str, f64, f64) {
    let mut context = Context::default();
    context.set(
        "aws:SourceArn",
        vec![Text::from("arn:aws:s3:::another-bucket")],
    );
    let request = request("s3:GetObject", "arn:aws:s3:::bucket/key", &context);
    let cost = |bytes: usize| {
        let values = vec![r#""arn:aws:s3:::bucket-*-of-mine""#; bytes / 32].join(",");
        let text = one(
            "*",
            &format!(r#"{{"StringLike": {{"aws:SourceArn": [{values}]}}}}"#),
        );
        let all = || decided(&compiled(&text), &request);
        time(1, all)
    };
    (
        "condition of 0.2 and 2 MB, all steps",
        cost(200_000),
        cost(2_000_000),
    )
}

/// The decision of an identity policy.
fn decided(policy: &PolicyDocument, request: &Request<'_>) -> Decision {
    authorize(&identity(policy), request).decision
}

fn one(resource: &str, condition: &str) -> String {
    format!(
        r#"{{"Statement": {{"Effect": "Allow", "Action": "*", "Resource": "{resource}", "Condition": {condition}}}}}"#
    )
}

fn request<'c>(action: &str, resource: &str, context: &'c Context) -> Request<'c> {
    Request::new(None, action, Text::from(resource), context)
}

fn read(text: &str) -> Node {
    json::read(FileId::NOWHERE, text).roots.remove(0)
}

fn compiled(text: &str) -> PolicyDocument {
    PolicyDocument::read(&read(text))
}

/// Nanoseconds for one call, of the best of several rounds.
fn time<T>(calls: u32, call: impl Fn() -> T) -> f64 {
    let round = || {
        let start = Instant::now();
        (0..calls).for_each(|_| drop(black_box(call())));
        start.elapsed().as_secs_f64() * 1e9 / f64::from(calls)
    };
    (0..20).map(|_| round()).fold(f64::INFINITY, f64::min)
}
