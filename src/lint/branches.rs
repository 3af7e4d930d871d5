//! What the other branches of templates add to what was found in the first ones.

use std::collections::BTreeSet;

use crate::analysis::Branch;
use crate::diagnostics::{Finding, Note, Severity, Undecided};
use crate::requirement::LintResult;
use crate::source::SourceMap;

/// Adds what was found in a branch and not before. Where the template's defaults decide otherwise,
/// the function fails only if somebody deploys it so: that is no error. An empty default decides
/// nothing: it is there for whoever needs to give a value.
pub(super) fn add(sources: &SourceMap, branch: &Branch, found: LintResult, all: &mut LintResult) {
    let key = |finding: &Finding| {
        let place = sources.resolve(finding.primary.span);
        (place, finding.rule.clone(), finding.message.clone())
    };
    let told: BTreeSet<_> = all.findings.iter().map(key).collect();
    let new = found
        .findings
        .into_iter()
        .filter(|f| !told.contains(&key(f)));
    let new: Vec<Finding> = new.map(|finding| marked(finding, branch)).collect();
    all.findings.extend(new);
    let place = |u: &Undecided| (u.rule.clone(), u.function.clone(), u.span);
    let told: BTreeSet<_> = all.undecided.iter().map(place).collect();
    let mut undecided = found.undecided;
    // What the template's defaults decide is not open because somebody may deploy it otherwise.
    undecided.retain(|new| branch.is_open && !told.contains(&place(new)));
    all.undecided.extend(undecided);
    for (rule, times) in found.selected {
        *all.selected.entry(rule).or_default() += times;
    }
}

fn marked(finding: Finding, branch: &Branch) -> Finding {
    let severity = match branch.is_open || branch.is_optional {
        true => finding.severity,
        false => finding.severity.min(Severity::Warning),
    };
    let mut notes = finding.notes;
    notes.push(Note {
        word: "note",
        text: format!("occurs only when {}", branch.when),
        span: None,
    });
    Finding {
        severity,
        notes,
        ..finding
    }
}
