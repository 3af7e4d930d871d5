//! Texts with named places, such as `arn:{partition}:sqs:{region}:{account}:{queue}`: filled with
//! names, or matched against a text to get the names out.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Node;
use super::hole::Hole;
use super::text::{Piece, Text};

/// Names and what they stand for.
pub type Names = BTreeMap<String, Text>;

/// A text with named places.
///
/// `{name}` takes one segment (no `:` and no `/`), `{name+}` takes anything. `{name?}` is a
/// segment that need not be known when the template is filled, as `{name+}` need not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    written: Arc<str>,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Known(Arc<str>),
    Name(Name),
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Name {
    name: String,
    optional: bool,
    anything: bool,
}

impl Node {
    /// The texts among the members of an object, as names for templates.
    #[must_use]
    pub fn names(&self) -> Names {
        let members = self.members().iter();
        let texts = members.filter_map(|member| {
            let text = member.value.as_text()?;
            Some((member.key.text.to_string(), text.clone()))
        });
        texts.collect()
    }
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    ///
    /// When a brace is not closed or a name is empty; the text says so.
    pub fn parse(written: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = written;
        while let Some((known, after)) = rest.split_once('{') {
            let Some((inside, after)) = after.split_once('}') else {
                return Err(format!("`{written}` is missing a closing `}}`"));
            };
            if !known.is_empty() {
                parts.push(Part::Known(known.into()));
            }
            parts.push(Part::Name(Name::parse(inside)?));
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Known(rest.into()));
        }
        Ok(Template {
            written: written.into(),
            parts,
        })
    }

    /// The template as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// The names in it, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Name(name) => Some(name.name.as_str()),
            Part::Known(_) => None,
        })
    }

    /// Whether that name takes anything, and not one segment only.
    #[must_use]
    pub fn takes_anything(&self, name: &str) -> bool {
        self.parts.iter().any(|part| match part {
            Part::Name(own) => own.name == name && own.anything,
            Part::Known(_) => false,
        })
    }

    /// Whether all names are known that must be.
    #[must_use]
    pub fn is_fillable(&self, names: &Names) -> bool {
        self.parts.iter().all(|part| match part {
            Part::Name(name) => name.optional || names.contains_key(&name.name),
            Part::Known(_) => true,
        })
    }

    /// The text with all names filled in; a name that is not known becomes a hole.
    #[must_use]
    pub fn fill(&self, names: &Names) -> Text {
        Text::of(self.parts.iter().flat_map(|part| match part {
            Part::Known(known) => vec![Piece::Known(Arc::clone(known))],
            Part::Name(name) => match names.get(&name.name) {
                Some(text) => text.pieces(),
                None if name.anything => vec![Piece::Hole(Hole::anything(&name.name))],
                None => vec![Piece::Hole(Hole::segment(&name.name))],
            },
        }))
    }

    /// The names that make the template into this text; `None` if none do.
    ///
    /// Each name takes as little as possible, the last one all that is left.
    #[must_use]
    pub fn capture(&self, text: &Text) -> Option<Names> {
        let mut rest = text.pieces();
        let mut names = Names::new();
        let mut parts = self.parts.iter().peekable();
        while let Some(part) = parts.next() {
            match part {
                Part::Known(known) => rest = strip(rest, known)?,
                Part::Name(name) => {
                    let (taken, left) = match parts.peek() {
                        Some(Part::Known(next)) => take_until(rest, next)?,
                        _ => (rest, Vec::new()),
                    };
                    if !name.accepts(&taken) {
                        return None;
                    }
                    names.insert(name.name.clone(), Text::of(taken));
                    rest = left;
                }
            }
        }
        rest.is_empty().then_some(names)
    }
}

impl Name {
    fn parse(inside: &str) -> Result<Self, String> {
        let anything = inside.ends_with('+');
        let optional = anything || inside.ends_with('?');
        let name = inside.trim_end_matches(['+', '?']);
        if name.is_empty() {
            return Err("the name between `{` and `}` is empty".to_owned());
        }
        Ok(Name {
            name: name.to_owned(),
            optional,
            anything,
        })
    }

    fn accepts(&self, pieces: &[Piece]) -> bool {
        self.anything
            || !pieces.is_empty()
                && pieces.iter().all(|piece| match piece {
                    Piece::Known(text) => !text.contains([':', '/']),
                    Piece::Hole(hole) => !hole.accepts.char(':'),
                })
    }
}

/// The pieces after a known beginning.
fn strip(pieces: Vec<Piece>, known: &str) -> Option<Vec<Piece>> {
    let mut pieces = pieces.into_iter();
    let Some(Piece::Known(first)) = pieces.next() else {
        return None;
    };
    let left = first.strip_prefix(known)?;
    let mut rest = Vec::new();
    if !left.is_empty() {
        rest.push(Piece::Known(left.into()));
    }
    rest.extend(pieces);
    Some(rest)
}

/// The pieces before the next known text, and the pieces from there on.
fn take_until(pieces: Vec<Piece>, next: &str) -> Option<(Vec<Piece>, Vec<Piece>)> {
    let mut taken = Vec::new();
    let mut pieces = pieces.into_iter();
    while let Some(piece) = pieces.next() {
        if let Piece::Known(text) = &piece
            && let Some(at) = text.find(next)
        {
            let (before, from) = text.split_at(at);
            if !before.is_empty() {
                taken.push(Piece::Known(before.into()));
            }
            let rest = std::iter::once(Piece::Known(from.into())).chain(pieces);
            return Some((taken, rest.collect()));
        }
        taken.push(piece);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn capture(template: &str, text: &str) -> Option<Vec<String>> {
        let names = Template::parse(template)
            .unwrap()
            .capture(&Text::from(text))?;
        Some(
            names
                .iter()
                .map(|(name, text)| format!("{name}={text}"))
                .collect(),
        )
    }

    #[test]
    fn a_template_gives_its_names() {
        assert_eq!(
            capture("arn:{p}:sqs:{r}:{a}:{q}", "arn:aws:sqs:eu-west-1:1:orders").unwrap(),
            ["a=1", "p=aws", "q=orders", "r=eu-west-1"]
        );
        assert_eq!(
            capture(
                "table/{t}/stream/{s+}",
                "table/orders/stream/2016-08-03T08:24:05.612"
            )
            .unwrap(),
            ["s=2016-08-03T08:24:05.612", "t=orders"]
        );
        assert_eq!(capture("table/{t}", "table/a/b"), None);
        assert_eq!(capture("table/{t}", "table/"), None);
        assert_eq!(
            capture("{m} /{p+}", "GET /a/b").unwrap(),
            ["m=GET", "p=a/b"]
        );
        assert_eq!(capture("{m} /{p+}", "$default"), None);
    }

    #[test]
    fn holes_are_captured_whole() {
        let text = Text::of([
            Piece::Known("arn:aws:sqs:".into()),
            Piece::Hole(Hole::segment("AWS::Region")),
            Piece::Known(":1:orders".into()),
        ]);
        let names = Template::parse("arn:{p}:sqs:{r}:{a}:{q}")
            .unwrap()
            .capture(&text)
            .unwrap();
        assert_eq!(names["r"].to_string(), "<AWS::Region>");
        assert_eq!(names["q"].as_str(), Some("orders"));
    }

    #[test]
    fn filling_leaves_holes_for_what_is_not_known() {
        let template = Template::parse("{api}/{stage?}/{rest+}").unwrap();
        let mut names = Names::new();
        assert!(!template.is_fillable(&names));
        names.insert("api".to_owned(), Text::from("abc"));
        assert!(template.is_fillable(&names));
        assert_eq!(template.fill(&names).to_string(), "abc/<stage>/<rest>");
    }

    #[test]
    fn a_broken_template_is_refused() {
        assert!(Template::parse("a{b").is_err());
        assert!(Template::parse("a{}").is_err());
    }
}
