//! What a run costs, as a multiple of what nothing can do without: an empty program, JSON as values, YAML as events.
//!
//! Whole programs are run in turn and compared by their medians, so that the ratios hold on any machine. With
//! `LINT_LAMBDA_BENCH_TEMPLATES`, the templates of that folder are read in place of those of this repository;
//! cfn-lint, cfn-guard and parliament are compared if they are installed.

use std::error::Error;
use std::hint::black_box;
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs};

use lint_lambda::diagnostics::Severity;
use lint_lambda::unstable::input::{Hints, Input, InputRole, Scope};
use lint_lambda::unstable::report::{Report, json};
use lint_lambda::unstable::source::SourceMap;
use lint_lambda::unstable::syntax::{json as json_syntax, yaml};
use lint_lambda::{Catalogue, Packs, Session, analyze, lint, offer};
use serde_json::Value;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// How often each of two programs is run.
const RUNS: usize = 15;

/// How many AWS-managed policies are read.
const POLICIES: usize = 500;

/// What makes a run take one thread.
const ONE: [&str; 2] = ["--threads", "1"];

/// How many records the stream has.
const RECORDS: usize = 50_000;

fn main() -> Outcome<()> {
    let folder = env::temp_dir().join(format!("lint-lambda-ratios-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let done = ratios(&folder);
    fs::remove_dir_all(&folder)?;
    done
}

fn ratios(folder: &Path) -> Outcome<()> {
    let program = env!("CARGO_BIN_EXE_lint-lambda");
    let policies = policies(&folder.join("policies"))?;
    let templates = templates()?;
    head("whole programs")?;
    let tiny = folder.join("tiny.json");
    fs::write(
        &tiny,
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}]}"#,
    )?;
    let nothing = nothing(folder)?;
    let lint_files = |threads: &[&str], paths: &[&Path]| {
        let mut command = Command::new(program);
        command.args(["--format", "json"]).args(threads);
        command.args(paths);
        command
    };
    let empty = || Command::new(&nothing);
    compared(
        "one tiny policy",
        &|| lint_files(&ONE, &[&tiny]),
        "an empty program",
        &empty,
    )?;
    let of_policies = folder.join("policies");
    let of_templates: Vec<&Path> = templates.iter().map(PathBuf::as_path).collect();
    let one = median(&|| lint_files(&ONE, &[&of_policies]))?;
    told(
        "500 policies",
        one,
        "serde_json::Value",
        least(|| values(&policies)),
    )?;
    let all = median(&|| lint_files(&[], &[&of_policies]))?;
    told("500 policies, one thread", one, "all cores", all)?;
    let one = median(&|| lint_files(&ONE, &of_templates))?;
    told(
        "templates",
        one,
        "YAML events",
        least(|| events(&templates)),
    )?;
    let out = |name: &str, paths: &[&Path]| {
        let mut command = Command::new(name);
        command.args(paths);
        command
    };
    if is_installed("cfn-lint") {
        let other = once(&mut out("cfn-lint", &of_templates))?;
        told("cfn-lint, templates", other, "this program", one)?;
    }
    records(folder, program)?;
    head("phases, one thread, in milliseconds")?;
    phases("500 policies", &policies)?;
    phases("templates", &templates)
}

/// Writes JSON Lines, and compares checking each line with parsing it.
fn records(folder: &Path, program: &str) -> Outcome<()> {
    let path = folder.join("records.jsonl");
    let record = |at: usize| {
        format!(
            r#"{{"FunctionName": "f{at}", "Role": "arn:aws:iam::123456789012:role/r{at}", "Policy": {{"Version": "2012-10-17", "Statement": []}}}}"#
        )
    };
    let text: Vec<String> = (0..RECORDS).map(record).collect();
    fs::write(&path, text.join("\n"))?;
    let lines = || {
        let mut command = Command::new(program);
        command.args(["--lines", "--format", "jsonl"]).arg(&path);
        command
    };
    let checked = once(&mut lines())?;
    let parsed = least(|| {
        let lines = text
            .iter()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        lines.count()
    });
    told("50000 records", checked, "serde_json::Value", parsed)
}

fn head(title: &str) -> Outcome<()> {
    Ok(writeln!(stdout(), "\n{title}\n")?)
}

/// Prints how many times as long one of two takes.
fn told(name: &str, time: Duration, floor_name: &str, floor: Duration) -> Outcome<()> {
    let ratio = time.as_secs_f64() / floor.as_secs_f64();
    let (time, floor) = (millis(time), millis(floor));
    Ok(writeln!(
        stdout(),
        "{name:<28} {time:>10.2} ms   {floor_name:<20} {floor:>10.2} ms   {ratio:>8.1} x"
    )?)
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// Compares two programs that are run in turn.
fn compared(
    name: &str,
    one: &dyn Fn() -> Command,
    floor_name: &str,
    other: &dyn Fn() -> Command,
) -> Outcome<()> {
    let (mut times, mut floors) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        times.push(once(&mut one())?);
        floors.push(once(&mut other())?);
    }
    told(name, middle(times), floor_name, middle(floors))
}

fn median(command: &dyn Fn() -> Command) -> Outcome<Duration> {
    let times: Result<Vec<Duration>, _> = (0..RUNS).map(|_| once(&mut command())).collect();
    Ok(middle(times?))
}

fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// How long a program runs; what it prints is thrown away.
fn once(command: &mut Command) -> Outcome<Duration> {
    let start = Instant::now();
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    Ok(start.elapsed())
}

/// The least time that one of several runs takes.
fn least(run: impl Fn() -> usize) -> Duration {
    let times = (0..RUNS).map(|_| {
        let start = Instant::now();
        black_box(run());
        start.elapsed()
    });
    times.min().unwrap_or_default()
}

fn is_installed(program: &str) -> bool {
    once(Command::new(program).arg("--version")).is_ok()
}

/// A program that does nothing.
fn nothing(folder: &Path) -> Outcome<PathBuf> {
    let (source, program) = (folder.join("nothing.rs"), folder.join("nothing"));
    fs::write(&source, "fn main() {}")?;
    Command::new("rustc")
        .arg("-O")
        .arg("-o")
        .args([&program, &source])
        .status()?;
    Ok(program)
}

/// Writes AWS-managed policies into a folder.
fn policies(folder: &Path) -> Outcome<Vec<PathBuf>> {
    fs::create_dir_all(folder)?;
    let known: Value = serde_json::from_str(&fs::read_to_string(
        "rules/catalogue/managed-policies.json",
    )?)?;
    let known = known.get("policies").and_then(Value::as_array);
    let documents = known
        .into_iter()
        .flatten()
        .filter_map(|policy| policy.get("document"));
    let mut paths = Vec::new();
    for (number, document) in documents.take(POLICIES).enumerate() {
        let path = folder.join(format!("{number}.json"));
        fs::write(&path, serde_json::to_string_pretty(document)?)?;
        paths.push(path);
    }
    Ok(paths)
}

/// The templates of a folder that the user names, or of this repository.
fn templates() -> Outcome<Vec<PathBuf>> {
    let folders = match env::var_os("LINT_LAMBDA_BENCH_TEMPLATES") {
        Some(folder) => vec![PathBuf::from(folder)],
        None => vec!["policies-samples".into(), "tests/fixtures".into()],
    };
    let (mut open, mut found) = (folders, Vec::new());
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path)?;
            open.extend(entries.filter_map(|entry| Some(entry.ok()?.path())));
        } else if fs::read_to_string(&path).is_ok_and(|text| is_template(&text)) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn is_template(text: &str) -> bool {
    let is_yaml = text.lines().any(|line| line.starts_with("Resources:"));
    is_yaml || text.starts_with('{') && text.contains("\"Resources\"")
}

/// Reads files as values.
fn values(paths: &[PathBuf]) -> usize {
    let texts = paths.iter().filter_map(|path| fs::read(path).ok());
    let values = texts.filter_map(|text| serde_json::from_slice::<Value>(&text).ok());
    values.count()
}

/// Reads files as events of YAML.
fn events(paths: &[PathBuf]) -> usize {
    let texts = paths
        .iter()
        .filter_map(|path| fs::read_to_string(path).ok());
    let events = texts.map(|text| {
        let events = granit_parser::Parser::new_from_str(&text);
        events.take_while(Result::is_ok).count()
    });
    events.sum()
}

/// Prints how long each phase takes.
fn phases(name: &str, paths: &[PathBuf]) -> Outcome<()> {
    let start = Instant::now();
    let texts: Vec<(String, String)> = paths
        .iter()
        .filter_map(|path| Some((path.display().to_string(), fs::read_to_string(path).ok()?)))
        .collect();
    let bytes: usize = texts.iter().map(|(_, text)| text.len()).sum();
    let mut times = vec![("read", start.elapsed())];
    let mut timed = |phase, start: Instant| times.push((phase, start.elapsed()));
    let start = Instant::now();
    let mut sources = SourceMap::default();
    let (catalogue, _) = Catalogue::builtin(&mut sources);
    let packs = Packs::builtin();
    timed("facts", start);
    let mut inputs = Vec::new();
    for (name, text) in &texts {
        let file = sources.add(name, text).map_err(|_| "a file is too large")?;
        inputs.push(Input {
            file,
            scope: Scope::new(std::iter::once(".").chain(name.split('/'))),
            named: true,
            role: InputRole::Checked,
        });
    }
    let start = Instant::now();
    for (input, (_, text)) in inputs.iter().zip(&texts) {
        black_box(match text.starts_with('{') {
            true => json_syntax::read(input.file, text),
            false => yaml::read(input.file, text, &yaml::without_tags),
        });
    }
    timed("parse", start);
    let (hints, start) = (Hints::default(), Instant::now());
    let analysis = analyze(&mut sources, &inputs, &hints, &catalogue);
    timed("parse, lower and link", start);
    let start = Instant::now();
    let mut outcome = lint(&sources, &analysis, &packs, &catalogue);
    timed("judge", start);
    let (all, start) = (outcome.clone(), Instant::now());
    let session = Session {
        sources: &sources,
        inputs: &inputs,
        hints: &hints,
        packs: &packs,
        catalogue: &catalogue,
        analysis: &analysis,
    };
    offer(session, &all, &mut outcome.findings, Severity::Warning);
    timed("fixes", start);
    let start = Instant::now();
    let report = Report {
        findings: &outcome.findings,
        undecided: &outcome.undecided,
        problems: &analysis.problems,
        ..Report::new(&sources)
    };
    black_box(json(&report));
    timed("report", start);
    writeln!(stdout(), "{name}: {} files, {bytes} bytes", texts.len())?;
    for (phase, time) in times {
        writeln!(stdout(), "  {phase:<22} {:>9.2}", millis(time))?;
    }
    Ok(())
}
