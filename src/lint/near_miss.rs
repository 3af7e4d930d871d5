//! Near misses in words: which statement comes closest, and which part of it does not match.

use super::verdict::{Limit, Refusal, note};
use crate::diagnostics::Note;
use crate::iam::{Condition, Context, Effect, Element, Known, NearMiss, Statement};
use crate::syntax::Text;

/// A statement's name, for messages.
pub(super) fn called(statement: &Statement) -> String {
    match statement.name() {
        Some(sid) => format!("statement `{sid}`"),
        None => match statement.effect {
            Some(Effect::Deny) => "a Deny statement".to_owned(),
            _ => "a statement".to_owned(),
        },
    }
}

/// Why some actions are refused: a note for each place that has to do with it.
pub(super) fn notes(refusals: &[Refusal<'_>], who: &str) -> Vec<Note> {
    let mut notes: Vec<(Note, &Refusal<'_>, usize)> = Vec::new();
    for refusal in refusals {
        let about = About {
            who,
            refusal,
            more: 0,
        };
        let Some(found) = about.note() else { continue };
        match notes
            .iter_mut()
            .find(|(known, ..)| known.span == found.span)
        {
            Some((_, first, more)) if first.action != refusal.action => *more += 1,
            Some(_) => {}
            None => notes.push((found, refusal, 0)),
        }
    }
    let counted = notes.into_iter();
    counted
        .filter_map(|(_, refusal, more)| About { who, refusal, more }.note())
        .collect()
}

/// A refusal that is to be explained, and how many more the same place explains.
struct About<'a, 'p> {
    who: &'a str,
    refusal: &'a Refusal<'p>,
    more: usize,
}

impl About<'_, '_> {
    fn note(&self) -> Option<Note> {
        match (&self.refusal.denied_by, &self.refusal.near) {
            (Some(statement), _) => Some(self.denied(statement)),
            (None, Some(miss)) => self.missed(miss),
            (None, None) if self.refusal.limit.is_some() => {
                let actions = self.actions();
                let text = match self.refusal.by_organization() {
                    true => format!("the organization's policies do not allow {actions}"),
                    false => format!("the role's permissions boundary does not allow {actions}"),
                };
                Some(Note {
                    word: "note",
                    text,
                    span: None,
                })
            }
            (None, None) => None,
        }
    }

    fn actions(&self) -> String {
        match self.more {
            0 => self.refusal.action.clone(),
            more => format!("{} and {more} more", self.refusal.action),
        }
    }

    fn denied(&self, statement: &Statement) -> Note {
        let whose = match self.refusal.limit {
            Some(Limit::Boundary) => " of the permissions boundary",
            Some(Limit::Organization) => " of the organization's policies",
            None => "",
        };
        let name = called(statement);
        let actions = self.actions();
        let text = format!("{name}{whose} denies {actions}, and a Deny wins over every Allow");
        note(text, statement.span)
    }

    /// Only a statement of which one element stands in the way is worth a word.
    fn missed(&self, miss: &NearMiss<'_>) -> Option<Note> {
        if miss.is_for_others(&self.refusal.context) {
            return None;
        }
        let statement = miss.statement;
        let name = called(statement);
        let [element] = miss.stopped_by.as_slice() else {
            return None;
        };
        Some(match element {
            Element::Action => {
                let actions = statement.actions.as_ref()?;
                let allowed = shown_actions(statement, &self.refusal.action)?;
                note(
                    format!("{name} allows {allowed} there, but not this"),
                    actions.span,
                )
            }
            Element::Resource => {
                let resources = statement.resources.as_ref()?;
                let on = shown_resources(statement);
                let text = format!("{name} allows {}, but only on {on}", self.actions());
                note(text, resources.span)
            }
            Element::Principal => {
                let span = statement.principal.as_ref()?.span;
                let text = format!("{name} would allow it, but names another principal");
                note(text, span)
            }
            Element::Condition(condition) => {
                let unmet = unmet(condition, &self.refusal.context, self.who);
                note(
                    format!("{name} would allow it, but {unmet}"),
                    condition.span,
                )
            }
        })
    }
}

/// The actions of the same service that a statement allows; a statement about another service
/// says nothing of what was meant here.
fn shown_actions(statement: &Statement, action: &str) -> Option<String> {
    if statement.actions.as_ref()?.negated {
        return None;
    }
    let mut actions = statement.actions_of_same_service(action);
    let first = actions.next()?;
    Some(match (actions.next(), actions.count()) {
        (None, _) => first.to_owned(),
        (Some(second), 0) => format!("{first} and {second}"),
        (Some(second), more) => format!("{first}, {second} and {more} more"),
    })
}

fn shown_resources(statement: &Statement) -> String {
    let entries = statement.resources.iter().flat_map(|r| &r.entries);
    let shown: Vec<String> = entries.map(|entry| format!("`{}`", entry.text)).collect();
    let negated = statement.resources.as_ref().is_some_and(|r| r.negated);
    let list = match shown.as_slice() {
        [first, second, rest @ ..] if !rest.is_empty() => {
            format!("{first}, {second} and {} more", rest.len())
        }
        _ => shown.join(" and "),
    };
    if negated {
        format!("what is not {list}")
    } else {
        list
    }
}

fn unmet(condition: &Condition, context: &Context, who: &str) -> String {
    let key = &condition.key;
    let wanted: Vec<String> = condition
        .values
        .iter()
        .filter_map(|value| value.as_text())
        .map(|text| format!("`{text}`"))
        .collect();
    let verb = if condition.operator.is_negated() {
        "refuses"
    } else {
        "asks for"
    };
    let asks = format!("its condition {verb} `{key}` {}", wanted.join(" or "));
    match context.get(condition.folded_key()) {
        Known::Values([single]) => format!("{asks}, and {who} presents `{}`", shown(single)),
        Known::Absent => format!("{asks}, which {who} does not present"),
        _ => asks,
    }
}

fn shown(text: &Text) -> String {
    text.filled().to_string()
}
