//! Text to tokens: wildcards, policy variables, holes.

use std::borrow::Cow;
use std::sync::Arc;

use crate::iam::context::{Context, Known};
use crate::iam::context_key::ContextKey;
use crate::syntax::{Hole, Piece, Text};

/// A piece of a pattern.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// Characters that stand for themselves.
    Literal(Arc<str>),
    /// `?`; inside a segment it matches no colon.
    One { in_segment: bool },
    /// `*`; inside a segment it matches no colon.
    Many { in_segment: bool },
    /// Something that is not known.
    Hole(Hole),
    /// A policy variable.
    Variable(Variable),
}

impl Token {
    /// How many positions of the pattern it takes, at the most.
    pub(super) fn len(&self) -> usize {
        match self {
            Token::Literal(text) => text.len(),
            _ => 1,
        }
    }
}

/// A policy variable such as `${aws:username, 'nobody'}`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Variable {
    /// As it was written.
    pub(super) written: Arc<str>,
    key: ContextKey,
    default: Option<Arc<str>>,
}

/// How the text of a pattern is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether `*` and `?` are wildcards.
    pub wildcards: bool,
    /// Whether a `*` inside a segment stays in it, as in resources.
    pub segments: bool,
    /// Whether case is ignored.
    pub fold: bool,
    /// Whether `${…}` is a policy variable: from `Version` 2012-10-17 on.
    pub variables: bool,
}

impl Style {
    /// Actions: wildcards, no regard to case.
    pub const ACTION: Style = Style {
        wildcards: true,
        segments: false,
        fold: true,
        variables: false,
    };

    /// Texts that stand for themselves.
    pub const PLAIN: Style = Style {
        wildcards: false,
        segments: false,
        fold: false,
        variables: false,
    };

    /// Resources: wildcards that respect segments.
    #[must_use]
    pub fn resource(variables: bool) -> Style {
        Style {
            wildcards: true,
            segments: true,
            fold: false,
            variables,
        }
    }
}

/// The tokens of a pattern text.
pub(super) fn tokens(text: &Text, style: Style) -> Vec<Token> {
    let mut builder = Builder::new(style);
    if let Some(known) = text.as_str() {
        builder.known(known);
        return builder.finish();
    }
    let mut pieces = text.pieces().into_iter().peekable();
    while let Some(piece) = pieces.next() {
        let is_followed = pieces.peek().is_some();
        match piece {
            Piece::Known(known) => match open_variable(&known) {
                Some((before, variable)) if style.variables && is_followed => {
                    builder.known(before);
                    // A part of the variable is not known, and so what it stands for.
                    builder.push(Token::Hole(Hole::anything(variable)));
                    break;
                }
                _ => builder.known(&known),
            },
            Piece::Hole(hole) => builder.push(Token::Hole(hole)),
        }
    }
    builder.finish()
}

/// The tokens with every policy variable replaced by its value, its default, or a hole.
pub(super) fn filled<'t>(tokens: &'t [Token], context: &Context, fold: bool) -> Cow<'t, [Token]> {
    let has_variables = tokens.iter().any(|t| matches!(t, Token::Variable(_)));
    if !has_variables {
        return Cow::Borrowed(tokens);
    }
    tokens
        .iter()
        .flat_map(|token| match token {
            Token::Variable(variable) => variable.value(context, fold),
            other => vec![other.clone()],
        })
        .collect()
}

impl Variable {
    fn parse(inside: &str) -> Self {
        let (key, default) = match inside.split_once(',') {
            Some((key, rest)) => {
                let quoted = rest.trim();
                let default = quoted
                    .strip_prefix('\'')
                    .and_then(|rest| rest.strip_suffix('\''));
                (key, default)
            }
            None => (inside, None),
        };
        Variable {
            written: format!("${{{inside}}}").into(),
            key: ContextKey::new(key.trim()),
            default: default.map(Arc::from),
        }
    }

    pub(super) fn key_as_written(&self) -> &str {
        let inside = self.written.trim_start_matches("${").trim_end_matches('}');
        inside.split(',').next().unwrap_or(inside).trim()
    }

    pub(super) fn lacks_value(&self, context: &Context) -> bool {
        self.default.is_none() && context.get(&self.key) == Known::Absent
    }

    fn value(&self, context: &Context, fold: bool) -> Vec<Token> {
        let literal = |text: &str| {
            let text = if fold {
                text.to_lowercase()
            } else {
                text.to_owned()
            };
            Token::Literal(text.into())
        };
        match (context.get(&self.key), &self.default) {
            (Known::Values(values), _) => match values {
                // What a key that can have several values does as a variable is not documented.
                [single] if !context.is_multivalued(&self.key) => single
                    .pieces()
                    .into_iter()
                    .map(|piece| match piece {
                        Piece::Known(known) => literal(&known),
                        Piece::Hole(hole) => Token::Hole(hole),
                    })
                    .collect(),
                _ => vec![Token::Hole(Hole::anything(&self.written))],
            },
            (Known::Absent, Some(default)) => vec![literal(default)],
            // A pattern that lacks a value is never filled in: it matches nothing.
            (Known::Absent, None) | (Known::Unknown, _) => {
                vec![Token::Hole(Hole::anything(&self.written))]
            }
        }
    }
}

/// What can have a meaning of its own.
const SPECIAL: [char; 3] = ['*', '?', '$'];

struct Builder {
    style: Style,
    tokens: Vec<Token>,
    literal: String,
}

impl Builder {
    fn new(style: Style) -> Self {
        Builder {
            style,
            tokens: Vec::new(),
            literal: String::new(),
        }
    }

    fn known(&mut self, text: &str) {
        // Behind the last brace no variable can end, and none needs to be looked for.
        let last_brace = text.rfind('}').unwrap_or(0);
        let mut rest = text;
        while !rest.is_empty() {
            let (plain, special) = rest.split_at(rest.find(SPECIAL).unwrap_or(rest.len()));
            self.plain(plain);
            rest = special;
            let Some(c) = rest.chars().next() else {
                break;
            };
            let variable =
                (self.style.variables && c == '$' && text.len() - rest.len() < last_brace)
                    .then(|| variable(rest))
                    .flatten();
            let taken = match variable {
                Some(inside) => {
                    self.variable(inside);
                    inside.len() + 3
                }
                None => {
                    self.special(c);
                    c.len_utf8()
                }
            };
            rest = rest.get(taken..).unwrap_or("");
        }
    }

    /// Characters that stand for themselves.
    fn plain(&mut self, text: &str) {
        match self.style.fold {
            true => self
                .literal
                .extend(text.chars().flat_map(char::to_lowercase)),
            false => self.literal.push_str(text),
        }
    }

    fn special(&mut self, c: char) {
        match c {
            '*' if self.style.wildcards => self.push(Token::Many { in_segment: false }),
            '?' if self.style.wildcards => self.push(Token::One { in_segment: false }),
            _ => self.literal.push(c),
        }
    }

    fn variable(&mut self, inside: &str) {
        match inside {
            "*" | "?" | "$" => self.literal.push_str(inside),
            _ => self.push(Token::Variable(Variable::parse(inside))),
        }
    }

    fn push(&mut self, token: Token) {
        self.end_literal();
        let repeated = matches!(token, Token::Many { .. })
            && matches!(self.tokens.last(), Some(Token::Many { .. }));
        if !repeated {
            self.tokens.push(token);
        }
    }

    fn end_literal(&mut self) {
        if !self.literal.is_empty() {
            let literal = std::mem::take(&mut self.literal);
            self.tokens.push(Token::Literal(literal.into()));
        }
    }

    fn finish(mut self) -> Vec<Token> {
        self.end_literal();
        if self.style.segments {
            confine(&mut self.tokens);
        }
        self.tokens
    }
}

/// A text before a variable that does not end in it, and what there is of that.
fn open_variable(text: &str) -> Option<(&str, &str)> {
    let at = text.rfind("${")?;
    let (before, variable) = text.split_at(at);
    (!variable.contains('}')).then_some((before, variable))
}

/// The inside of the `${…}` that a text begins with.
fn variable(text: &str) -> Option<&str> {
    let inside = text.strip_prefix("${")?;
    inside.get(..inside.find('}')?)
}

/// Marks every `?`, and every `*` that does not end its segment.
fn confine(tokens: &mut [Token]) {
    let mut ends_segment = true;
    for token in tokens.iter_mut().rev() {
        match token {
            Token::Many { in_segment } => *in_segment = !ends_segment,
            Token::One { in_segment } => *in_segment = true,
            _ => {}
        }
        ends_segment = matches!(token, Token::Literal(text) if text.starts_with(':'));
    }
}

/// How many colons an ARN has before its last part.
const COLONS: usize = 5;

/// The tokens with every wildcard in the last part of an ARN free to cross colons; nothing where that
/// changes none.
pub(super) fn across(tokens: &[Token]) -> Option<Arc<[Token]>> {
    let is_in_segment = |token: &Token| {
        matches!(
            token,
            Token::Many { in_segment: true } | Token::One { in_segment: true }
        )
    };
    if !tokens.iter().any(is_in_segment) {
        return None;
    }
    let mut colons = 0;
    let mut changed = false;
    let freed = tokens.iter().map(|token| match token {
        Token::Literal(text) => {
            colons += text.matches(':').count();
            token.clone()
        }
        Token::Many { in_segment: true } if colons >= COLONS => {
            changed = true;
            Token::Many { in_segment: false }
        }
        Token::One { in_segment: true } if colons >= COLONS => {
            changed = true;
            Token::One { in_segment: false }
        }
        _ => token.clone(),
    });
    let freed: Arc<[Token]> = freed.collect();
    changed.then_some(freed)
}
