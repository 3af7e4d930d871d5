//! How often each rule reports something.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{Report, clean, summary};
use crate::diagnostics::RuleDescription;

/// A line for each rule with findings, the most frequent first, and the summary.
#[must_use]
pub fn statistics(report: &Report<'_>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in report.findings {
        *counts.entry(&*finding.rule).or_default() += 1;
    }
    let mut text = table(&counts, report.rules);
    for line in summary::lines(report).iter().filter(|_| !report.is_quiet) {
        let _infallible = writeln!(text, "{}", clean(line));
    }
    text
}

/// A line for each rule with findings, the most frequent first.
pub(super) fn table(counts: &BTreeMap<&str, usize>, rules: &[RuleDescription]) -> String {
    let mut counts: Vec<(&str, usize)> =
        counts.iter().map(|(rule, count)| (*rule, *count)).collect();
    counts.sort_by_key(|(rule, count)| (std::cmp::Reverse(*count), *rule));
    let digits = |count: usize| count.to_string().len();
    let width = counts.first().map_or(1, |(_, count)| digits(*count));
    let names = counts.iter().map(|(rule, _)| clean(rule).chars().count());
    let longest = names.max().unwrap_or(0);
    let mut text = String::new();
    for (id, count) in counts {
        let rule = rules.iter().find(|rule| &*rule.id == id);
        let title = rule.map_or("", |rule| rule.title.as_str());
        let _infallible = writeln!(
            text,
            "{count:>width$}  {:<longest$}  {}",
            clean(id),
            clean(title)
        );
    }
    text
}
