//! Near misses in words: which statement comes closest, and which part of it does not match.

use super::context::LintContext;
use super::verdict::{Layer, Refusal};
use crate::diagnostics::Note;
use crate::iam::{
    Condition, Context, Effect, Element, Known, NearMiss, Pattern, PolicyType, Statement, Style,
    Truth,
};
use crate::syntax::{Hole, Kind, Node, Piece, Text};

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
pub(super) fn notes(cx: LintContext<'_>, refusals: &[Refusal<'_>], who: &str) -> Vec<Note> {
    let mut notes: Vec<(Note, About<'_, '_>)> = Vec::new();
    let layers = refusals.iter().flat_map(|refusal| {
        let layers = refusal.layers.iter();
        layers.map(move |layer| (refusal, layer))
    });
    for (refusal, layer) in layers {
        let about = About {
            who,
            refusal,
            layer,
            more: 0,
        };
        let Some(found) = about.note() else { continue };
        let is_same = |known: &Note| match (known.span, found.span) {
            (None, None) => about.layer.of_type == layer.of_type,
            (known, new) => known == new,
        };
        match notes.iter_mut().find(|(known, _)| is_same(known)) {
            Some((_, first)) if first.refusal.action != refusal.action => first.more += 1,
            Some(_) => {}
            None => notes.push((found, about)),
        }
    }
    let counted = notes.into_iter();
    let mut notes: Vec<Note> = counted.filter_map(|(_, about)| about.note()).collect();
    let mut editable = refusals.iter().filter(|refusal| !is_of_aws(cx, refusal));
    notes.extend(editable.find_map(fixed_name));
    notes
}

/// Whether the nearest statement is one of a policy that AWS manages, which nobody else can change.
pub(super) fn is_of_aws(cx: LintContext<'_>, refusal: &Refusal<'_>) -> bool {
    let place = refusal.near.as_ref().map(|miss| miss.statement.span);
    let file = place.and_then(|place| cx.sources.file(place.file));
    file.is_some_and(|file| file.is_builtin())
}

/// Which reference was meant by a fixed name, where CloudFormation makes one up.
fn fixed_name(refusal: &Refusal<'_>) -> Option<Note> {
    let miss = refusal.near.as_ref()?;
    let [element] = miss.stopped_by.as_slice() else {
        return None;
    };
    let context = &refusal.context;
    let (written, asked): (Vec<&Text>, &Text) = match element {
        Element::Resource => {
            let listed = miss.statement.resources.as_ref()?;
            let entries = listed.entries.iter().filter(|_| !listed.negated);
            (
                entries.map(|entry| &entry.text).collect(),
                &refusal.resource,
            )
        }
        Element::Condition(condition) if !condition.operator.is_negated() => {
            let Known::Values([asked]) = context.get(condition.context_key()) else {
                return None;
            };
            let values = condition.values.iter();
            (values.filter_map(Node::as_text).collect(), asked)
        }
        _ => return None,
    };
    let hole = asked
        .holes()
        .find(|hole| hole.is_own() && hole.form.is_some())?;
    let any = with_any_name(asked);
    let mut written = written.into_iter();
    let fixed = written.find(|text| {
        let pattern = Pattern::new(text, Style::resource(true));
        !text.holes().any(Hole::is_own) && pattern.matches(&any, context) != Truth::No
    })?;
    let way = hole.written.as_ref()?;
    let (resource, what) = match hole.id.split_once('.') {
        Some((resource, _)) => (resource, "ID"),
        None => (&*hole.id, "name"),
    };
    let text = format!(
        "`{fixed}` is fixed, but the {what} of `{resource}` is generated at deployment: refer to it with `${{{way}}}`"
    );
    Some(Note::new("note", text))
}

/// The text with any name in the place of each that is made up.
fn with_any_name(text: &Text) -> Text {
    Text::of(text.pieces().into_iter().map(|piece| match piece {
        Piece::Hole(hole) if hole.is_own() => Piece::Hole(Hole::segment(&hole.id)),
        other => other,
    }))
}

/// A refusal that is to be explained, and how many more the same place explains.
struct About<'a, 'p> {
    who: &'a str,
    refusal: &'a Refusal<'p>,
    layer: &'a Layer<'p>,
    more: usize,
}

/// Whose policies those of a type are, where they are not those that should grant, and its verb.
fn whose(of_type: PolicyType) -> Option<(&'static str, &'static str)> {
    match of_type {
        PolicyType::Identity | PolicyType::Resource => None,
        PolicyType::Boundary => Some(("the role's permissions boundary", "does")),
        PolicyType::Session => Some(("the session policies", "do")),
        PolicyType::ServiceControl => Some(("the service control policies", "do")),
        PolicyType::ResourceControl => Some(("the resource control policies", "do")),
        PolicyType::Endpoint => Some(("the VPC endpoint policy", "does")),
    }
}

impl About<'_, '_> {
    fn note(&self) -> Option<Note> {
        let limit = whose(self.layer.of_type);
        match (self.layer.denied_by, limit) {
            (Some(statement), _) => Some(self.denied(statement)),
            (None, Some((whose, verb))) => {
                let text = format!("{whose} {verb} not allow {}", self.actions());
                Some(Note::new("note", text))
            }
            (None, None) => self.missed(self.refusal.near.as_ref()?),
        }
    }

    fn actions(&self) -> String {
        match self.more {
            0 => self.refusal.action.clone(),
            more => format!("{} and {more} more", self.refusal.action),
        }
    }

    fn denied(&self, statement: &Statement) -> Note {
        let of = whose(self.layer.of_type);
        let of = of.map_or_else(String::new, |(whose, _)| format!(" of {whose}"));
        let name = called(statement);
        let actions = self.actions();
        let text = format!("{name}{of} denies {actions}, and a Deny overrides every Allow");
        Note::at(text, statement.span)
    }

    /// A note for a statement in which exactly one element does not match; others would not help.
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
                Note::at(
                    format!(
                        "{name} allows {allowed} on this resource, but not {}",
                        self.actions()
                    ),
                    actions.span,
                )
            }
            Element::Resource => {
                let resources = statement.resources.as_ref()?;
                let on = shown_resources(statement);
                let text = format!("{name} allows {}, but only on {on}", self.actions());
                Note::at(text, resources.span)
            }
            Element::Principal => {
                let span = statement.principal.as_ref()?.span;
                let text = format!("{name} would allow it, but names a different principal");
                Note::at(text, span)
            }
            Element::Condition(condition) => {
                let unmet = unmet(condition, &self.refusal.context, self.who);
                Note::at(
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
        format!("resources other than {list}")
    } else {
        list
    }
}

fn unmet(condition: &Condition, context: &Context, who: &str) -> String {
    let key = &condition.key;
    let wanted: Vec<String> = condition
        .values
        .iter()
        .filter_map(written)
        .map(|text| format!("`{text}`"))
        .collect();
    let verb = if condition.operator.is_negated() {
        "excludes"
    } else {
        "requires"
    };
    let asks = format!("its condition on `{key}` {verb} {}", wanted.join(" or "));
    match context.get(condition.context_key()) {
        Known::Values([single]) => {
            format!("{asks}, and the value for {who} is `{}`", shown(single))
        }
        Known::Absent => format!("{asks}, and requests from {who} do not contain this key"),
        _ => asks,
    }
}

/// A value of a condition as it is written.
fn written(value: &Node) -> Option<String> {
    match &value.kind {
        Kind::Text(text) => Some(text.to_string()),
        Kind::Bool(value) => Some(value.to_string()),
        Kind::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn shown(text: &Text) -> String {
    text.filled().to_string()
}
