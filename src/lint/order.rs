//! What was found, in the order in which people read it, each thing once.

use std::collections::{BTreeMap, BTreeSet};

use super::Outcome;
use crate::document::{Node, key_span, pointer};
use crate::source::{FileId, Location, SourceMap, Span};

pub(super) fn order(sources: &SourceMap, documents: &[Node], outcome: &mut Outcome) {
    let mut roots: BTreeMap<FileId, Vec<&Node>> = BTreeMap::new();
    for root in documents {
        roots.entry(root.span.file).or_default().push(root);
    }
    let root_of = |place: Span| {
        let roots = roots.get(&place.file)?;
        let after = roots.partition_point(|root| root.span.start <= place.start);
        roots.get(after.checked_sub(1)?).copied()
    };
    outcome
        .findings
        .retain(|finding| shown(sources, finding.primary.span));
    for finding in &mut outcome.findings {
        let place = sources.resolve(finding.primary.span);
        let root = root_of(place);
        finding.pointer = root.map_or_else(String::new, |root| pointer(root, place));
        // An object of many lines is better underlined by its name.
        if sources.slice(place).contains('\n')
            && let Some(key) = root.and_then(|root| key_span(root, place))
        {
            finding.primary.span = key;
        }
    }
    for undecided in &mut outcome.undecided {
        let place = sources.resolve(undecided.span);
        undecided.pointer = root_of(place).map_or_else(String::new, |root| pointer(root, place));
    }
    sort(&mut outcome.findings, |f| {
        (sources.locate(f.primary.span), f.rule.to_string())
    });
    sort(&mut outcome.undecided, |u| {
        (sources.locate(u.span), u.rule.to_string())
    });
    let mut seen = BTreeSet::new();
    outcome.findings.retain(|f| {
        let place = sources.resolve(f.primary.span);
        seen.insert((place, f.rule.to_string(), f.message.clone()))
    });
    outcome.undecided.dedup();
    outcome.absent.sort();
    outcome.absent.dedup();
}

fn sort<T>(list: &mut [T], key: impl Fn(&T) -> (Location, String)) {
    list.sort_by_cached_key(key);
}

/// Findings in the program's own data, such as the body of a managed policy, are nobody's fault.
fn shown(sources: &SourceMap, place: Span) -> bool {
    let place = sources.resolve(place);
    sources
        .file(place.file)
        .is_none_or(|file| !file.is_builtin())
}
