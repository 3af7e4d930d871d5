//! Patterns with wildcards, matched in three values.
//!
//! `*` stands for any number of characters and `?` for one. In a resource, a `?`, and a `*` that does
//! not end a segment between colons, stay in their segment. In the last part of an ARN, which can have
//! colons of its own, AWS does not say whether they do; a match that depends on it is not known.
//! Both the pattern and the value may have holes.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>

mod automaton;
mod bits;
mod compile;
mod items;

use std::borrow::Cow;
use std::sync::Arc;

use super::context::Context;
use super::truth::Truth;
use crate::syntax::Text;
use crate::work::{Kind as Work, count};

use automaton::Mode;
pub use compile::Style;
use compile::Token;

/// A compiled pattern.
#[derive(Clone, Debug)]
pub struct Pattern {
    shape: Shape,
    fold: bool,
    /// The pattern as it is if wildcards cross colons in the last part of an ARN, where that makes a
    /// difference.
    across: Option<Arc<[Token]>>,
}

/// The pattern, in the simplest form that can match it.
#[derive(Clone, Debug)]
enum Shape {
    /// `*`
    Everything,
    /// No wildcard at all.
    Exactly(Arc<str>),
    /// One wildcard, `*`, at the end.
    StartsWith(Arc<str>),
    /// Anything else without policy variables.
    Tokens(Arc<[Token]>),
    /// Policy variables must be filled in before it can match.
    Variables(Arc<[Token]>),
}

impl Pattern {
    /// Compiles a pattern in the style of the element that it stands in.
    #[must_use]
    pub fn new(text: &Text, style: Style) -> Self {
        count(Work::Patterns, 1);
        let tokens = compile::tokens(text, style);
        Pattern {
            across: compile::across(&tokens),
            shape: shape(tokens),
            fold: style.fold,
        }
    }

    /// The only value that matches.
    pub(super) fn only_value(&self) -> Option<&str> {
        match &self.shape {
            Shape::Exactly(text) if !self.fold && self.across.is_none() => Some(text),
            _ => None,
        }
    }

    /// Whether the value matches. The context fills in policy variables.
    #[must_use]
    pub fn matches(&self, value: &Text, context: &Context) -> Truth {
        if self.lacks_value(context) {
            return Truth::No;
        }
        let strictly = self.matches_strictly(value, context);
        let across = || {
            let tokens = compile::filled(self.across.as_deref()?, context, self.fold);
            Some(automaton::holed(&tokens, value, self.mode(context)))
        };
        match strictly {
            Truth::No if across().is_some_and(|across| across != Truth::No) => Truth::Unknown,
            strictly => strictly,
        }
    }

    fn matches_strictly(&self, value: &Text, context: &Context) -> Truth {
        match value.as_str() {
            Some(known) => self.matches_known(known, context),
            None => self.matches_holed(value, context),
        }
    }

    /// Whether a known value matches, where no `*` could cross colons that it does not cross.
    pub(super) fn matches_known(&self, value: &str, context: &Context) -> Truth {
        match self.fold {
            _ if self.lacks_value(context) => Truth::No,
            false => self.matches_str(value, context),
            true if value.is_ascii() => self.matches_ascii(value, context),
            true if !value.chars().any(char::is_uppercase) => self.matches_str(value, context),
            true => self.matches_str(&value.to_lowercase(), context),
        }
    }

    /// Whether the pattern has a policy variable for which the request has no value, nor the
    /// variable a default: it then matches nothing, under a negation too.
    ///
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value>
    fn lacks_value(&self, context: &Context) -> bool {
        match &self.shape {
            Shape::Variables(tokens) => tokens.iter().any(|token| match token {
                Token::Variable(variable) => variable.lacks_value(context),
                _ => false,
            }),
            _ => false,
        }
    }

    /// The keys of the policy variables, as they are written.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        let tokens: &[Token] = match &self.shape {
            Shape::Variables(tokens) => tokens,
            _ => &[],
        };
        tokens.iter().filter_map(|token| match token {
            Token::Variable(variable) => Some(variable.key_as_written()),
            _ => None,
        })
    }

    /// Whether a known value of ASCII matches where the pattern, in lower case, folds case.
    fn matches_ascii(&self, value: &str, context: &Context) -> Truth {
        match &self.shape {
            Shape::Exactly(text) => Truth::from(text.eq_ignore_ascii_case(value)),
            Shape::StartsWith(prefix) => {
                let start = value.get(..prefix.len());
                Truth::from(start.is_some_and(|start| start.eq_ignore_ascii_case(prefix)))
            }
            _ => self.matches_str(&value.to_ascii_lowercase(), context),
        }
    }

    /// Whether a known value matches; it must be in lower case where the pattern folds case.
    fn matches_str(&self, value: &str, context: &Context) -> Truth {
        match &self.shape {
            Shape::Everything => Truth::Yes,
            Shape::Exactly(text) => Truth::from(**text == *value),
            Shape::StartsWith(prefix) => Truth::from(value.starts_with(&**prefix)),
            Shape::Tokens(tokens) => automaton::known(tokens, value, self.mode(context)),
            Shape::Variables(tokens) => {
                let tokens = compile::filled(tokens, context, self.fold);
                automaton::known(&tokens, value, self.mode(context))
            }
        }
    }

    fn matches_holed(&self, value: &Text, context: &Context) -> Truth {
        if self.starts_apart(value) {
            return Truth::No;
        }
        let tokens = match &self.shape {
            Shape::Everything => return Truth::Yes,
            Shape::Exactly(text) => Cow::from(vec![Token::Literal(Arc::clone(text))]),
            Shape::StartsWith(prefix) => Cow::from(vec![
                Token::Literal(Arc::clone(prefix)),
                Token::Many { in_segment: false },
            ]),
            Shape::Tokens(tokens) => Cow::from(&**tokens),
            Shape::Variables(tokens) => compile::filled(tokens, context, self.fold),
        };
        automaton::holed(&tokens, value, self.mode(context))
    }

    /// Whether a value begins otherwise than all that the pattern matches.
    fn starts_apart(&self, value: &Text) -> bool {
        let start = match &self.shape {
            Shape::Exactly(text) | Shape::StartsWith(text) => &**text,
            Shape::Tokens(tokens) | Shape::Variables(tokens) => match tokens.first() {
                Some(Token::Literal(text)) => text,
                _ => return false,
            },
            Shape::Everything => return false,
        };
        let mut both = start.bytes().zip(value.known_start().bytes());
        match self.fold {
            // Others may be longer or shorter in lower case.
            true => both
                .take_while(|(one, other)| one.is_ascii() && other.is_ascii())
                .any(|(one, other)| !one.eq_ignore_ascii_case(&other)),
            false => both.any(|(one, other)| one != other),
        }
    }

    fn mode(&self, context: &Context) -> Mode {
        Mode {
            fold: self.fold,
            no_coincidence: context.excludes_coincidence(),
        }
    }
}

fn shape(tokens: Vec<Token>) -> Shape {
    match tokens.as_slice() {
        [] => Shape::Exactly(Arc::from("")),
        [Token::Many { in_segment: false }] => Shape::Everything,
        [Token::Literal(text)] => Shape::Exactly(Arc::clone(text)),
        [Token::Literal(prefix), Token::Many { in_segment: false }] => {
            Shape::StartsWith(Arc::clone(prefix))
        }
        all if all.iter().any(|token| matches!(token, Token::Variable(_))) => {
            Shape::Variables(tokens.into())
        }
        _ => Shape::Tokens(tokens.into()),
    }
}

#[cfg(test)]
mod tests;
