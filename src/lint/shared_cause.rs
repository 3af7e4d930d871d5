//! What several functions suffer from and one role causes is told once, where it is first seen.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::diagnostics::{Cause, Finding, Fix, NewStatement, Note, Written};

/// How many functions a line names.
const NAMED: usize = 5;

/// What findings have in common that one change mends: the rule, what causes them, and the conditions on
/// which they hold.
type Key = (String, Cause, Vec<String>);

/// The findings, with those of one cause as the first of them.
pub(super) fn told_once(findings: Vec<Finding>) -> Vec<Finding> {
    let mut places: HashMap<Key, usize> = HashMap::new();
    let mut kept: Vec<Finding> = Vec::new();
    for finding in findings {
        let key = key(&finding);
        let known = key.as_ref().and_then(|key| places.get(key));
        match known.and_then(|at| kept.get_mut(*at)) {
            Some(first) => join(first, finding),
            None => {
                places.extend(key.map(|key| (key, kept.len())));
                kept.push(finding);
            }
        }
    }
    kept.iter_mut().for_each(finish);
    kept
}

fn key(finding: &Finding) -> Option<Key> {
    finding.subject.function.as_ref()?;
    let notes = finding.notes.iter();
    let conditions = notes.filter(|note| note.word == "note" && note.span.is_none());
    let conditions = conditions.map(|note| note.text.clone()).collect();
    Some((finding.rule.to_string(), finding.cause.clone()?, conditions))
}

/// Adds what another finding of the same cause says: whom it is about, and what to write for it.
fn join(first: &mut Finding, other: Finding) {
    first.severity = first.severity.max(other.severity);
    add_missing(first, &other);
    let others = &mut first.subject.others;
    others.extend(other.subject.function);
    others.extend(other.subject.others);
    if let (Some(Fix::Allow(allow)), Some(Fix::Allow(more))) = (&mut first.fix, other.fix) {
        allow.statements.extend(more.statements);
    }
}

/// Adds the actions that the other one misses.
fn add_missing(first: &mut Finding, other: &Finding) {
    let known = &mut first.subject.actions;
    let actions = other.subject.actions.iter();
    let new: Vec<String> = actions.filter(|a| !known.contains(a)).cloned().collect();
    if new.is_empty() {
        return;
    }
    known.extend(new);
    let missing = known.join(", ");
    let note = first.notes.iter_mut().find(|note| note.word == "missing");
    if let Some(note) = note {
        note.text = missing;
    }
}

/// The statements, with those that differ in their resources alone as one.
fn combined(statements: Vec<NewStatement>) -> Vec<NewStatement> {
    let mut whole: Vec<(NewStatement, HashSet<Written>)> = Vec::new();
    for new in statements {
        let actions: BTreeSet<&String> = new.actions.iter().collect();
        let same = whole.iter_mut().find(|(known, _)| {
            known.actions.iter().collect::<BTreeSet<_>>() == actions
                && known.principal == new.principal
                && known.conditions == new.conditions
        });
        match same {
            Some((known, seen)) => {
                let resources = new.resources.into_iter();
                let missing = resources.filter(|resource| seen.insert(resource.clone()));
                known.resources.extend(missing);
            }
            None => {
                let seen = new.resources.iter().cloned().collect();
                whole.push((new, seen));
            }
        }
    }
    whole.into_iter().map(|(statement, _)| statement).collect()
}

/// Puts the statements of findings that were joined together, and names whom they are about.
fn finish(finding: &mut Finding) {
    let own = finding.subject.function.clone();
    let mut seen: HashSet<String> = own.into_iter().collect();
    let others = &mut finding.subject.others;
    others.retain(|name| seen.insert(name.clone()));
    if others.is_empty() {
        return;
    }
    if let Some(Fix::Allow(allow)) = &mut finding.fix {
        allow.statements = combined(std::mem::take(&mut allow.statements));
    }
    finding.notes.push(note_of(&finding.subject.others));
}

/// The line that names other functions.
fn note_of(names: &[String]) -> Note {
    let more = names.len().saturating_sub(NAMED);
    let named = names.iter().take(NAMED).map(|name| format!("`{name}`"));
    let named: Vec<String> = named.collect();
    let who = match (named.split_last(), more) {
        (Some((only, [])), 0) => format!("{only} has the same role and is affected as well"),
        (Some((last, first)), 0) => format!(
            "{} and {last} have the same role and are affected as well",
            first.join(", ")
        ),
        _ => format!(
            "{} and {more} more functions have the same role and are affected as well",
            named.join(", ")
        ),
    };
    Note::new("note", who)
}
