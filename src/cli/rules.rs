//! `rules list`, `rules show` and `rules check`.

use std::fmt::Write;

use super::args::Rules;
use super::{check, facts, output, run};
use crate::diagnostics::Problem;
use crate::report::{Described, clean};
use crate::rules::{Packs, Rule};
use crate::source::SourceMap;
use crate::syntax::nearest;

/// Runs a command about rules; returns the exit status.
pub(super) fn run(command: &Rules) -> u8 {
    let mut sources = SourceMap::default();
    let mut problems = Vec::new();
    match command {
        Rules::List { packs, format } => {
            let packs = run::packs(packs, &mut sources, &mut problems);
            let described = Described::Rules(packs.rules().map(Rule::description).collect());
            output::answer(*format, &list(&packs), &described, &sources, &problems)
        }
        Rules::Show { id, packs, format } => {
            let packs = run::packs(packs, &mut sources, &mut problems);
            let rule = packs.rule(id);
            if rule.is_none() {
                problems.push(unknown(id, &packs));
            }
            let described = Described::Rules(rule.into_iter().map(Rule::description).collect());
            let text = rule.map(show).unwrap_or_default();
            output::answer(*format, &text, &described, &sources, &problems)
        }
        Rules::Check {
            packs,
            samples,
            facts,
        } => check::run(packs, samples, facts),
        Rules::Catalogue {
            name,
            facts,
            format,
        } => facts::show(name.as_deref(), facts, *format),
    }
}

/// All rules, by pack.
fn list(packs: &Packs) -> String {
    let mut text = String::new();
    for pack in packs.list.iter().filter(|pack| !pack.rules.is_empty()) {
        let _infallible = writeln!(text, "{}", clean(&pack.title));
        for rule in &pack.rules {
            let severity = rule.meta.severity.as_str();
            let _infallible = writeln!(
                text,
                "  {severity:<8} {:<45} {}",
                rule.meta.id,
                clean(&rule.meta.told().title)
            );
        }
    }
    text
}

/// All about a rule, for the terminal.
pub(super) fn show(rule: &Rule) -> String {
    let mut text = String::new();
    let mut line = |line: &str| {
        let _infallible = writeln!(text, "{}", clean(line));
    };
    line(&format!(
        "{}[{}]: {}",
        rule.meta.severity,
        rule.meta.id,
        rule.meta.told().title
    ));
    line("");
    line(&rule.meta.told().why);
    if let Some(help) = &rule.meta.told().words.help {
        line("");
        line(&format!("help: {help}"));
    }
    line("");
    for selector in rule.select() {
        line(&format!("selects: {}", selector.as_str()));
    }
    for reference in &rule.meta.told().references {
        line(&format!("see: {reference}"));
    }
    text
}

/// The problem for an ID that no rule has, with a suggestion.
fn unknown(id: &str, packs: &Packs) -> Problem {
    let help = match nearest(id, packs.rules().map(|rule| &*rule.meta.id)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`lint-lambda rules list` lists all rules".to_owned(),
    };
    Problem::of_path(id, "unknown rule").help(help)
}
