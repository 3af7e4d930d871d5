//! What it costs to ask the catalogue: an action that exists, one that is misspelt, a managed policy.

use std::hint::black_box;
use std::io::{Write, stdout};
use std::time::Instant;

use lint_lambda::unstable::catalogue::{ActionTable, Catalogue, ManagedPolicies};
use lint_lambda::unstable::source::SourceMap;

const NAMES: [&str; 8] = [
    "sqs:ReceiveMessage",
    "ec2:CreateNetworkInterface",
    "logs:PutLogEvents",
    "lambda:InvokeFunction",
    "dynamodb:GetShardIterator",
    "kms:Decrypt",
    "s3:GetObject",
    "kinesis:SubscribeToShard",
];

fn main() -> std::io::Result<()> {
    let mut out = stdout();
    let open = each(1_000_000, |_| {
        black_box(ActionTable::builtin()).action_count()
    });
    let table = ActionTable::builtin();
    let known = each(4_000_000, |at| {
        table
            .action(name(at))
            .map_or(0, |action| action.name().len())
    });
    let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
    let typo = each(2_000, |at| {
        let written = name(at).replace('e', "ee");
        catalogue
            .actions
            .naming(&written)
            .meant()
            .map_or(0, str::len)
    });
    let policies = ManagedPolicies::builtin();
    let arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole";
    let managed = each(2_000, |_| {
        policies
            .policy(arn)
            .map_or(0, |policy| policy.document.len())
    });
    writeln!(out, "open            {open:>10.0} ns")?;
    writeln!(out, "look up         {known:>10.0} ns")?;
    writeln!(out, "see through     {typo:>10.0} ns")?;
    writeln!(out, "managed policy  {managed:>10.0} ns")?;
    writeln!(out, "typo:look up    {:>10.0}", typo / known)?;
    writeln!(out, "managed:look up {:>10.0}", managed / known)
}

fn name(at: usize) -> &'static str {
    NAMES.get(at % NAMES.len()).copied().unwrap_or("")
}

/// The least time that one of many runs takes, in nanoseconds.
fn each(runs: usize, mut ask: impl FnMut(usize) -> usize) -> f64 {
    let mut least = f64::MAX;
    for _ in 0..5 {
        let start = Instant::now();
        for at in 0..runs {
            black_box(ask(black_box(at)));
        }
        least = least.min(start.elapsed().as_nanos() as f64 / runs as f64);
    }
    least
}
