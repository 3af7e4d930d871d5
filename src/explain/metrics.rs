//! What metrics say of permissions.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html>

use super::answer;
use crate::analysis::Analysis;
use crate::catalogue::{Catalogue, MetricCondition, MetricPattern, Symptoms, Trend};
use crate::diagnostics::{Denied, DeniedCaller, Explanation, Finding, Judgement, Series};
use crate::lint::Outcome;
use crate::syntax::{Kind, Node};

/// The series of the output of `get-metric-data` or `get-metric-statistics`, or of a list of such
/// output; `None` for other documents.
#[must_use]
pub fn series(root: &Node) -> Option<Vec<Series>> {
    let mut all = Vec::new();
    let mut is_known = false;
    for document in root.each() {
        if let Some(results) = document.get("MetricDataResults") {
            is_known = true;
            all.extend(results.items().iter().map(of_data));
        } else if let Some(points) = document.get("Datapoints") {
            is_known = true;
            let name = document.str("Label").unwrap_or("");
            all.push(of_statistics(name, points));
        }
    }
    is_known.then_some(all)
}

fn of_data(result: &Node) -> Series {
    let label = result.str("Label").unwrap_or("");
    let name = if label.is_empty() {
        result.str("Id").unwrap_or("")
    } else {
        label
    };
    let times = result.get("Timestamps").map_or(&[][..], Node::items);
    let values = result.get("Values").map_or(&[][..], Node::items);
    let points = times
        .iter()
        .zip(values)
        .filter_map(|(time, value)| Some((time.as_str()?.to_owned(), number(value)?)));
    in_order(name, points.collect())
}

fn of_statistics(name: &str, points: &Node) -> Series {
    const STATISTICS: [&str; 5] = ["Sum", "Maximum", "Average", "SampleCount", "Minimum"];
    let points = points.items().iter().filter_map(|point| {
        let mut values = STATISTICS.iter().filter_map(|name| point.get(name));
        let time = point.str("Timestamp")?.to_owned();
        Some((time, number(values.next()?)?))
    });
    in_order(name, points.collect())
}

fn in_order(name: &str, mut points: Vec<(String, f64)>) -> Series {
    points.sort_by(|one, other| one.0.cmp(&other.0));
    Series {
        name: name.to_owned(),
        values: points.into_iter().map(|(_, value)| value).collect(),
    }
}

fn number(node: &Node) -> Option<f64> {
    match &node.kind {
        Kind::Number(written) => written.parse().ok(),
        _ => None,
    }
}

/// The explanations of series, in the order of the patterns that they match.
#[must_use]
pub fn explain_metrics(catalogue: &Catalogue, series: &[Series], input: &str) -> Vec<Explanation> {
    let patterns = &catalogue.symptoms().metric_patterns;
    let fits = patterns.iter().filter_map(|pattern| {
        let seen: Option<Vec<&Series>> = pattern
            .when
            .iter()
            .map(|seen| found(seen, series))
            .collect();
        Some((pattern, seen?))
    });
    // A pattern without a permission problem counts only if no other pattern matches.
    let all: Vec<(&MetricPattern, Vec<&Series>)> = fits.collect();
    let about = |pattern: &MetricPattern| !pattern.related_rules.is_empty();
    let has_some = all.iter().any(|(pattern, _)| about(pattern));
    let told = all
        .into_iter()
        .filter(|(pattern, _)| about(pattern) || !has_some);
    told.map(|(pattern, seen)| explanation(catalogue, pattern, &seen, input))
        .collect()
}

/// The series that is as a pattern asks.
fn found<'s>(seen: &MetricCondition, series: &'s [Series]) -> Option<&'s Series> {
    series.iter().find(|series| {
        let mut metrics = seen.metrics.iter();
        metrics.any(|metric| is_of(series, metric)) && is_so(series, seen.trend)
    })
}

/// Whether a series is of a metric: its label is the name, or has it as a word.
fn is_of(series: &Series, metric: &str) -> bool {
    let mut words = series.name.split([' ', '/', ':', '-']);
    series.name == metric || words.any(|word| word == metric)
}

fn is_so(series: &Series, trend: Trend) -> bool {
    let is_some = series.values.iter().any(|value| *value > 0.0);
    match trend {
        Trend::None => !is_some,
        Trend::Some => is_some,
        Trend::Rising => is_some && rises(&series.values),
    }
}

/// Whether the last third lies well above the first one.
fn rises(values: &[f64]) -> bool {
    let third = values.len() / 3;
    if third == 0 {
        return false;
    }
    let mean = |part: &mut dyn Iterator<Item = &f64>| part.sum::<f64>() / third as f64;
    let first = mean(&mut values.iter().take(third));
    let last = mean(&mut values.iter().rev().take(third));
    last > first * 1.5
}

fn explanation(
    catalogue: &Catalogue,
    pattern: &MetricPattern,
    seen: &[&Series],
    input: &str,
) -> Explanation {
    let causes = pattern.diagnosis.causes.iter();
    let told = seen
        .iter()
        .map(|series| match series.values.iter().any(|v| *v > 0.0) {
            true => format!("{} has values above 0", series.name),
            false => format!("{} has no values above 0", series.name),
        });
    let request = Denied {
        who: DeniedCaller::Nobody,
        is_sure: false,
        principal: None,
        role: None,
        function: None,
        qualifier: None,
        actions: pattern.action.iter().cloned().collect(),
        resource: None,
    };
    Explanation {
        symptom: pattern.diagnosis.id.clone(),
        is_sure: false,
        at: (input.to_owned(), 1),
        resource: None,
        text: told.collect::<Vec<String>>().join(", "),
        times: 1,
        means: pattern.meaning.clone(),
        causes: causes
            .map(|cause| answer::told(catalogue, cause, &request))
            .collect(),
        not: pattern.diagnosis.ruled_out.clone(),
        check: pattern.diagnosis.check.clone(),
        references: pattern.diagnosis.references.clone(),
        request,
        documents: None,
        assumed: None,
    }
}

/// Adds what the documents show of the metrics.
pub fn judge_metrics(
    symptoms: &Symptoms,
    explanation: &mut Explanation,
    analysis: &Analysis,
    outcome: &Outcome,
) {
    let mut patterns = symptoms.metric_patterns.iter();
    let Some(pattern) = patterns.find(|pattern| pattern.diagnosis.id == explanation.symptom) else {
        return;
    };
    let belongs = |finding: &&Finding| {
        let mut rules = pattern.related_rules.iter();
        rules.any(|prefix| finding.rule.starts_with(prefix.as_str()))
    };
    let shown: Vec<Finding> = outcome.findings.iter().filter(belongs).cloned().collect();
    let open = outcome.undecided.iter().find(|undecided| {
        let mut rules = pattern.related_rules.iter();
        rules.any(|prefix| undecided.rule.starts_with(prefix.as_str()))
    });
    explanation.documents = match (shown.is_empty(), open) {
        (false, _) => Some(Judgement::Shown(shown)),
        (true, Some(open)) => Some(Judgement::Open(open.reason.clone())),
        (true, None) if pattern.related_rules.is_empty() || analysis.functions() == 0 => None,
        (true, None) => Some(Judgement::Complete),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, values: &[f64]) -> Series {
        Series {
            name: name.to_owned(),
            values: values.to_vec(),
        }
    }

    #[test]
    fn a_series_rises_when_its_end_lies_above_its_begin() {
        assert!(is_so(
            &of("a", &[1.0, 2.0, 3.0, 5.0, 8.0, 9.0]),
            Trend::Rising
        ));
        assert!(!is_so(
            &of("a", &[5.0, 5.0, 5.0, 5.0, 6.0, 5.0]),
            Trend::Rising
        ));
        assert!(!is_so(&of("a", &[1.0]), Trend::Rising));
        assert!(is_so(&of("a", &[]), Trend::None));
        assert!(is_so(&of("a", &[0.0, 0.0]), Trend::None));
    }

    #[test]
    fn labels_name_metrics() {
        assert!(is_of(&of("orders Invocations", &[]), "Invocations"));
        assert!(is_of(&of("Errors", &[]), "Errors"));
        assert!(!is_of(&of("MyErrors", &[]), "Errors"));
    }
}
