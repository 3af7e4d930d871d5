//! The forms of the names and ids that are made up for the resources of a template.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostics::Problem;
use crate::syntax::{CharSet, Fields, Form, FormPart, Kind, Node, Piece, Text};

/// The form of what is made up for a resource of a template.
///
/// `{LogicalId}` is the logical id of the resource, `{AWS::StackName}` and other pseudo parameters are
/// what they stand for. `[a-z]{10,13}` are that many characters of a set, drawn at random.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NameForm {
    parts: Vec<NamePart>,
    lower_case: bool,
    whole_logical_id: usize,
}

#[derive(Clone, Debug, PartialEq)]
enum NamePart {
    Known(Arc<str>),
    LogicalId,
    Pseudo(String),
    Random {
        set: CharSet,
        least: usize,
        most: Option<usize>,
    },
}

impl NameForm {
    /// Reads a form.
    ///
    /// # Errors
    ///
    /// When a bracket or brace is not closed, or a set or a number is not one; the text says so.
    pub fn parse(written: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = written;
        while let Some(at) = rest.find(['[', '{']) {
            let (known, opened) = rest.split_at_checked(at).unwrap_or((rest, ""));
            parts.extend((!known.is_empty()).then(|| NamePart::Known(known.into())));
            let (part, after) = match opened.strip_prefix('[') {
                Some(set) => random(set)?,
                None => placeholder(opened)?,
            };
            parts.push(part);
            rest = after;
        }
        parts.extend((!rest.is_empty()).then(|| NamePart::Known(rest.into())));
        Ok(NameForm {
            parts,
            ..NameForm::default()
        })
    }

    fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<(String, Self)> {
        let mut fields = Fields::open(node, "the form of a name", problems)?;
        let id = fields.text("id").map(str::to_owned);
        let form = parsed(&mut fields, "form");
        let lower_case = fields.flag("lowerCase").unwrap_or(false);
        let whole = fields.optional("wholeLogicalId").and_then(number);
        fields.text("source");
        fields.finish();
        let form = NameForm {
            lower_case,
            whole_logical_id: whole.unwrap_or(0),
            ..form?
        };
        Some((id?, form))
    }

    /// The form for a resource; `place` gives what a pseudo parameter stands for.
    #[must_use]
    pub fn of(&self, logical_id: &str, place: impl Fn(&str) -> Option<Text>) -> Form {
        let parts = self.parts.iter().flat_map(|part| match part {
            NamePart::Known(known) => vec![FormPart::Known(Arc::clone(known))],
            NamePart::LogicalId => vec![self.part_of(logical_id)],
            NamePart::Pseudo(name) => self.pseudo(place(name)),
            NamePart::Random { set, least, most } => vec![FormPart::Chars {
                set: set.clone(),
                least: *least,
                most: *most,
                random: true,
            }],
        });
        parts.collect()
    }

    /// A text that is cut where the name would become too long.
    fn part_of(&self, text: &str) -> FormPart {
        let is_whole = text.chars().count() <= self.whole_logical_id;
        let text: Arc<str> = match self.lower_case {
            true => text.to_lowercase().into(),
            false => text.into(),
        };
        match is_whole {
            true => FormPart::Known(text),
            false => FormPart::Start(text),
        }
    }

    fn pseudo(&self, text: Option<Text>) -> Vec<FormPart> {
        let any = || FormPart::Chars {
            set: match self.lower_case {
                true => CharSet::of_lower_case_word(),
                false => CharSet::of_segment(),
            },
            least: 1,
            most: None,
            random: false,
        };
        let pieces = text.map_or_else(Vec::new, |text| text.pieces());
        let parts = pieces.into_iter().map(|piece| match piece {
            Piece::Known(known) => self.part_of(&known),
            // In lower case, it is another text.
            Piece::Hole(_) if self.lower_case => any(),
            Piece::Hole(hole) => FormPart::Hole(hole),
        });
        let parts: Vec<FormPart> = parts.collect();
        match parts.is_empty() {
            true => vec![any()],
            false => parts,
        }
    }
}

/// The forms by their ids.
pub(super) fn forms(fields: &mut Fields<'_, '_>) -> BTreeMap<String, Arc<NameForm>> {
    let listed = fields.list("nameForms");
    let problems = fields.problems();
    let decoded = listed
        .iter()
        .filter_map(|node| NameForm::decode(node, problems));
    decoded.map(|(id, form)| (id, Arc::new(form))).collect()
}

/// The forms of ids, by what they are called in the templates of a resource type.
pub(super) fn of_ids(fields: &mut Fields<'_, '_>) -> BTreeMap<String, Arc<NameForm>> {
    let members = fields.optional("ids").map_or(&[][..], Node::members);
    let mut forms = BTreeMap::new();
    for member in members {
        match member.value.as_str().map(NameForm::parse) {
            Some(Ok(form)) => {
                forms.insert(member.key.text.to_string(), Arc::new(form));
            }
            Some(Err(error)) => fields.wrong("ids", error),
            None => fields.wrong("ids", format!("`{}` must be a string", member.key.text)),
        }
    }
    forms
}

fn number(node: &Node) -> Option<usize> {
    match &node.kind {
        Kind::Number(number) => number.parse().ok(),
        _ => None,
    }
}

fn parsed(fields: &mut Fields<'_, '_>, name: &'static str) -> Option<NameForm> {
    match NameForm::parse(fields.text(name)?) {
        Ok(form) => Some(form),
        Err(error) => {
            fields.wrong(name, error);
            None
        }
    }
}

/// What a text begins with: a placeholder, and the text after it.
fn placeholder(text: &str) -> Result<(NamePart, &str), String> {
    let inside = text.strip_prefix('{').and_then(|text| text.split_once('}'));
    let (name, after) = inside.ok_or_else(|| format!("`{text}` is missing a closing `}}`"))?;
    let part = match name {
        "LogicalId" => NamePart::LogicalId,
        pseudo if pseudo.starts_with("AWS::") => NamePart::Pseudo(pseudo.to_owned()),
        other => {
            return Err(format!(
                "unknown placeholder `{{{other}}}` in the form of a name"
            ));
        }
    };
    Ok((part, after))
}

/// Characters of a set, from behind the bracket that opens it, and the text after them.
fn random(text: &str) -> Result<(NamePart, &str), String> {
    let (set, after) = text
        .split_once(']')
        .ok_or_else(|| format!("`[{text}` is missing a closing `]`"))?;
    let counted = after
        .strip_prefix('{')
        .and_then(|text| text.split_once('}'));
    let (count, after) =
        counted.ok_or_else(|| format!("`[{set}]` is missing a number of characters"))?;
    let number = |text: &str| {
        text.parse::<usize>()
            .map_err(|_| format!("`{{{count}}}` is not a number of characters"))
    };
    let (least, most) = match count.split_once(',') {
        Some((least, "")) => (number(least)?, None),
        Some((least, most)) => (number(least)?, Some(number(most)?)),
        None => (number(count)?, Some(number(count)?)),
    };
    let set = CharSet::parse(set)?;
    Ok((NamePart::Random { set, least, most }, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read() {
        let form = NameForm::parse("{AWS::StackName}-{LogicalId}-[A-Z0-9]{12,13}").unwrap();
        assert_eq!(form.parts.len(), 5);
        assert!(NameForm::parse("fs-[0-9a-f]{8,}").is_ok());
        for wrong in [
            "[a-z]",
            "[a-z{2}",
            "{LogicalId",
            "{Name}",
            "[a-z]{x}",
            "[z-a]{1}",
        ] {
            assert!(NameForm::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_long_logical_id_may_be_cut() {
        let form = NameForm {
            whole_logical_id: 5,
            ..NameForm::parse("{LogicalId}").unwrap()
        };
        let part = |id: &str| form.of(id, |_| None).pop();
        assert!(matches!(part("Queue"), Some(FormPart::Known(_))));
        assert!(matches!(part("Queues"), Some(FormPart::Start(_))));
    }
}
