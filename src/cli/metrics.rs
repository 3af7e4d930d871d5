//! `explain --metrics`: what metrics mean.

use super::args::{AnswerFormat, Explain};
use super::session::Session;
use super::{content, output};
use crate::catalogue::Catalogue;
use crate::diagnostics::{Problem, Series};
use crate::explain::{explain_metrics, judge_metrics, series};
use crate::report;
use crate::rules::Packs;
use crate::source::SourceMap;
use crate::syntax::json;

/// Explains metrics; returns the exit status.
pub(super) fn run(args: &Explain, packs: &Packs, mut session: Session) -> u8 {
    let mut all: Vec<Series> = Vec::new();
    for path in &args.metrics {
        all.extend(read(path, &mut session.sources, &mut session.problems));
    }
    let input = args.metrics.join(", ");
    let mut explanations = explain_metrics(&session.catalogue, &all, &input);
    if !args.with.is_empty() {
        let (analysis, outcome) = session.lint(&args.with, &args.surroundings.stack, packs);
        for explanation in &mut explanations {
            judge_metrics(
                session.catalogue.symptoms(),
                explanation,
                &analysis,
                &outcome,
            );
        }
    }
    let Session {
        sources,
        catalogue,
        problems,
        ..
    } = session;
    if args.format == AnswerFormat::Json {
        let text = report::explanations_json(&sources, &explanations, false, &problems);
        let printed = output::print(&text);
        return if problems.is_empty() { printed } else { 2 };
    }
    let look = output::look_at(args.color);
    let mut text = report::plots(&all, look);
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(&report::explanations(&sources, &explanations, false, look));
    if explanations.is_empty() && problems.is_empty() {
        text.push_str(&nothing(&catalogue, &all));
    }
    let printed = output::print(&text);
    output::problems(&sources, &problems).max(printed)
}

/// What there is to say of metrics that show no trouble.
fn nothing(catalogue: &Catalogue, all: &[Series]) -> String {
    let others = &catalogue.symptoms().unrelated_metrics;
    let is_other = |series: &&Series| {
        others
            .iter()
            .any(|name| series.name.contains(name.as_str()))
    };
    let message = "these metrics do not indicate a permission problem";
    match all.iter().all(|series| is_other(&series)) && !all.is_empty() {
        true => {
            format!(
                "{message}: they are unrelated to permissions. Use Invocations and the metrics of the event source\n"
            )
        }
        false => format!("{message}\n"),
    }
}

/// Reads the series of a file with metrics.
fn read(path: &str, sources: &mut SourceMap, problems: &mut Vec<Problem>) -> Vec<Series> {
    let text = match content::text_or_stdin(path) {
        Ok(text) => text,
        Err(problem) => {
            problems.push(problem);
            return Vec::new();
        }
    };
    let Ok(file) = sources.add(path, &text) else {
        problems.push(Problem::of_path(path, "the file is too large"));
        return Vec::new();
    };
    let documents = json::read(file, &text);
    problems.extend(documents.errors.into_iter().map(Problem::from));
    let known: Vec<Vec<Series>> = documents.roots.iter().filter_map(series).collect();
    if known.is_empty() {
        let message = "not CloudWatch metrics";
        let help =
            "provide the output of `aws cloudwatch get-metric-data` or `get-metric-statistics`";
        problems.push(Problem::of_path(path, message).help(help));
    }
    known.into_iter().flatten().collect()
}
