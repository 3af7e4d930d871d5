//! One value that a condition asks for, against one value that a request has.

use jiff::Timestamp;

use super::Test;
use super::compare::{Comparison, Number, Range, date, is_base64};
use crate::iam::arn::{parts as parts_of, split};
use crate::iam::context::Context;
use crate::iam::pattern::{Pattern, Style};
use crate::iam::truth::Truth;
use crate::syntax::{Kind, Node, Text};

/// A value of a condition, ready to be compared.
#[derive(Clone, Debug)]
pub(super) enum Wanted {
    /// A text or a pattern.
    Pattern(Pattern),
    /// The six parts of an ARN pattern.
    Arn(Box<[Pattern; 6]>),
    /// True or false.
    Truth(bool),
    /// A number, and how the request's one must lie to it.
    Number(Number, Comparison),
    /// A point in time, and how the request's one must lie to it.
    Date(Timestamp, Comparison),
    /// A range of addresses.
    Ip(Range),
    /// Bytes, in base64.
    Binary(String),
    /// An ARN whose parts are not known: it equals itself.
    Same(Text),
    /// A value that cannot be compared, or an operator that does not exist.
    Undecided,
    /// `*` where a text pattern is asked for.
    Everything(Pattern),
}

impl Wanted {
    pub(super) fn new(value: &Node, test: Test, variables: bool) -> Self {
        let Some(text) = written(value) else {
            return Wanted::Undecided;
        };
        let style = Style {
            wildcards: test.is_like(),
            segments: false,
            fold: test == Test::StringEqualsIgnoreCase,
            variables,
        };
        match test {
            Test::StringLike if text.as_str() == Some("*") => {
                Wanted::Everything(Pattern::new(&text, style))
            }
            Test::StringEquals | Test::StringEqualsIgnoreCase | Test::StringLike => {
                Wanted::Pattern(Pattern::new(&text, style))
            }
            Test::Arn => match split(&text, variables) {
                Some(parts) => Wanted::Arn(Box::new(parts.map(|p| Pattern::new(&p, style)))),
                None if text.first_hole().is_some() => Wanted::Same(text),
                None => Wanted::Undecided,
            },
            Test::Bool | Test::Null => match text.as_str().map(str::to_lowercase).as_deref() {
                Some("true") => Wanted::Truth(true),
                Some("false") => Wanted::Truth(false),
                _ => Wanted::Undecided,
            },
            Test::Number(_) | Test::Date(_) | Test::Ip | Test::Binary => text
                .as_str()
                .and_then(|text| meant(text, test))
                .unwrap_or(Wanted::Undecided),
            Test::NoOperator => Wanted::Undecided,
        }
    }

    pub(super) fn takes_everything(&self) -> bool {
        matches!(self, Wanted::Everything(_))
    }

    pub(super) fn truth(&self) -> Option<bool> {
        match self {
            Wanted::Truth(value) => Some(*value),
            _ => None,
        }
    }

    /// The keys of its policy variables.
    pub(super) fn keys(&self) -> Vec<&str> {
        match self {
            Wanted::Pattern(pattern) => pattern.keys().collect(),
            Wanted::Arn(parts) => parts.iter().flat_map(Pattern::keys).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether the request's value is the one that is asked for.
    pub(super) fn matches(&self, value: &Text, context: &Context) -> Truth {
        match self {
            Wanted::Pattern(pattern) | Wanted::Everything(pattern) => {
                pattern.matches(value, context)
            }
            Wanted::Arn(parts) => arn_matches(parts, value, context),
            Wanted::Truth(wanted) => match value.as_str() {
                Some(given) => Truth::from(given.eq_ignore_ascii_case(name_of(*wanted))),
                None => Truth::Unknown,
            },
            Wanted::Number(..) | Wanted::Date(..) | Wanted::Ip(_) | Wanted::Binary(_) => {
                let given = value.as_str().and_then(|given| self.compare(given));
                given.map_or(Truth::Unknown, Truth::from)
            }
            Wanted::Same(wanted) if wanted == value => Truth::Yes,
            Wanted::Same(_) | Wanted::Undecided => Truth::Unknown,
        }
    }

    /// Whether a known value is the one that is asked for; `None` if it is of another form.
    fn compare(&self, given: &str) -> Option<bool> {
        match self {
            Wanted::Number(wanted, comparison) => Number::parse(given)?
                .compare(*wanted)
                .map(|o| comparison.holds(o)),
            Wanted::Date(wanted, comparison) => Some(comparison.holds(date(given)?.cmp(wanted))),
            Wanted::Ip(range) => range.contains(given),
            Wanted::Binary(wanted) => is_base64(given).then_some(given == wanted),
            _ => None,
        }
    }
}

/// A value that is compared by what it means; `None` if it is not of the operator's form.
fn meant(text: &str, test: Test) -> Option<Wanted> {
    Some(match test {
        Test::Number(comparison) => Wanted::Number(Number::parse(text)?, comparison),
        Test::Date(comparison) => Wanted::Date(date(text)?, comparison),
        Test::Ip => Wanted::Ip(Range::parse(text)?),
        Test::Binary => Wanted::Binary(Some(text).filter(|text| is_base64(text))?.to_owned()),
        _ => return None,
    })
}

fn name_of(truth: bool) -> &'static str {
    if truth { "true" } else { "false" }
}

/// Each of the six parts is compared by itself: a wildcard does not reach into the next one.
fn arn_matches(parts: &[Pattern; 6], value: &Text, context: &Context) -> Truth {
    if let Some(known) = value.as_str() {
        let Some(given) = parts_of(known) else {
            return Truth::No;
        };
        let both = parts.iter().zip(given);
        return Truth::all(both.map(|(pattern, part)| pattern.matches_known(part, context)));
    }
    match split(value, false) {
        Some(given) => Truth::all(
            parts
                .iter()
                .zip(&given)
                .map(|(pattern, part)| pattern.matches(part, context)),
        ),
        None => Truth::Unknown,
    }
}

/// The text of a value; IAM takes numbers and truth values as their text.
fn written(value: &Node) -> Option<Text> {
    match &value.kind {
        Kind::Text(text) => Some(text.clone()),
        Kind::Number(number) => Some(Text::from(std::sync::Arc::clone(number))),
        Kind::Bool(value) => Some(Text::from(value.to_string())),
        _ => None,
    }
}
