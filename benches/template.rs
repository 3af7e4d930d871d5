//! What it costs to lint a template, as a multiple of reading its text, and to check its fixes.

use std::fs;
use std::hint::black_box;
use std::io::{Write, stdout};
use std::time::Instant;

use lint_lambda::diagnostics::Severity;
use lint_lambda::unstable::catalogue::Catalogue;
use lint_lambda::unstable::input::{Hints, Input, Scope};
use lint_lambda::unstable::lint::lint;
use lint_lambda::unstable::rules::Packs;
use lint_lambda::unstable::source::SourceMap;
use lint_lambda::unstable::syntax::{json, yaml};
use lint_lambda::{Session, analyze, offer};

const TEMPLATES: [&str; 5] = [
    "policies-samples/templates/orders.yaml",
    "policies-samples/templates/serverless.yaml",
    "policies-samples/_parity/broken/cloudformation.json",
    "tests/fixtures/cdk/orders-broken/OrdersStack.template.json",
    "tests/fixtures/serverless/connectors-to-function.transformed.json",
];

fn main() -> std::io::Result<()> {
    let mut out = stdout();
    writeln!(
        out,
        "{:>8} {:>9} {:>9} {:>6} {:>9}",
        "bytes", "read us", "lint us", "ratio", "fix us"
    )?;
    for path in TEMPLATES {
        let text = fs::read_to_string(path)?;
        show(&mut out, path, &text)?;
    }
    let many: String = (0..500).map(function).collect();
    show(&mut out, "500 functions", &format!("Resources:\n{many}"))
}

/// A function with a role, a queue and a mapping.
fn function(at: usize) -> String {
    format!(
        "  F{at}: {{Type: AWS::Lambda::Function, Properties: {{Role: !GetAtt R{at}.Arn}}}}\n  \
         Q{at}: {{Type: AWS::SQS::Queue}}\n  \
         M{at}: {{Type: AWS::Lambda::EventSourceMapping, Properties: {{FunctionName: !Ref F{at}, \
         EventSourceArn: !GetAtt Q{at}.Arn}}}}\n  \
         R{at}: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: {{Statement: {{Effect: Allow, \
         Principal: {{Service: lambda.amazonaws.com}}, Action: 'sts:AssumeRole'}}}}, Policies: [{{PolicyName: p, \
         PolicyDocument: {{Statement: {{Effect: Allow, Action: 'sqs:*', Resource: !GetAtt Q{at}.Arn}}}}}}]}}}}\n"
    )
}

fn show(out: &mut impl Write, name: &str, text: &str) -> std::io::Result<()> {
    let mut known = SourceMap::default();
    let (catalogue, _) = Catalogue::builtin(&mut known);
    let packs = Packs::builtin();
    let read = least(|| {
        let mut sources = SourceMap::default();
        let Ok(file) = sources.add(name, text) else {
            return 0;
        };
        let documents = match text.starts_with('{') {
            true => json::read(file, text),
            false => yaml::read(file, text, &yaml::without_tags),
        };
        documents.roots.len()
    });
    let run = |fixes: bool| {
        let mut sources = SourceMap::default();
        let Ok(file) = sources.add(name, text) else {
            return 0;
        };
        let inputs = [Input {
            file,
            scope: Scope::new([".", name]),
            named: true,
            role: lint_lambda::InputRole::Checked,
        }];
        let hints = Hints::default();
        let analysis = analyze(&mut sources, &inputs, &hints, &catalogue);
        let mut outcome = lint(&sources, &analysis, &packs, &catalogue);
        let session = Session {
            sources: &sources,
            inputs: &inputs,
            hints: &hints,
            packs: &packs,
            catalogue: &catalogue,
            analysis: &analysis,
        };
        if fixes {
            let all = outcome.clone();
            offer(session, &all, &mut outcome.findings, Severity::Warning);
        }
        analysis.functions() + outcome.findings.len()
    };
    let whole = least(|| run(false));
    let fixes = least(|| run(true)) - whole;
    let ratio = whole / read;
    writeln!(
        out,
        "{:>8} {read:>9.0} {whole:>9.0} {ratio:>6.1} {fixes:>9.0}  {name}",
        text.len()
    )
}

/// The least time that one of many runs takes, in microseconds.
fn least(mut run: impl FnMut() -> usize) -> f64 {
    let mut least = f64::MAX;
    let begin = Instant::now();
    while begin.elapsed().as_millis() < 700 {
        let start = Instant::now();
        black_box(run());
        least = least.min(start.elapsed().as_nanos() as f64 / 1_000.0);
    }
    least
}
