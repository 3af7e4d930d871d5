//! Expressions of HCL.

use std::sync::Arc;

use crate::source::Span;
use crate::syntax::Kind;

/// An expression and the place where it is written.
#[derive(Clone, Debug)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// Where it is written.
    pub span: Span,
}

/// The kinds of expressions.
#[derive(Clone, Debug)]
pub enum ExpressionKind {
    /// A value that is written out.
    Literal(Kind),
    /// A text with interpolations and directives.
    Template(Vec<Part>),
    /// `[…]`.
    List(Vec<Expression>),
    /// `{ key = value }`.
    Object(Vec<(Expression, Expression)>),
    /// A name.
    Name(Arc<str>),
    /// Steps from a value into it.
    Traversal(Box<Expression>, Vec<Step>),
    /// `condition ? one : other`.
    Conditional(Box<[Expression; 3]>),
    /// `name(arguments…)`.
    Call {
        /// The name, with its namespace.
        name: Arc<str>,
        /// Where the name is written.
        name_span: Span,
        /// The arguments.
        arguments: Vec<Expression>,
        /// Whether the last argument is a list of arguments.
        expands_last: bool,
    },
    /// An operator before a value.
    Unary(UnaryOperator, Box<Expression>),
    /// An operator between two values.
    Binary(BinaryOperator, Box<[Expression; 2]>),
    /// `[for …]` or `{for …}`.
    For(Box<ForExpression>),
}

/// Operators before a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `-`.
    Minus,
    /// `!`.
    Not,
}

/// Operators between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOperator {
    /// `==`.
    Equal,
    /// `!=`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessOrEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterOrEqual,
    /// `+`.
    Add,
    /// `-`.
    Subtract,
    /// `*`.
    Multiply,
    /// `/`.
    Divide,
    /// `%`.
    Remainder,
    /// `&&`.
    And,
    /// `||`.
    Or,
}

/// A part of a text.
#[derive(Clone, Debug)]
pub enum Part {
    /// Characters.
    Known(Arc<str>, Span),
    /// `${…}`.
    Value(Expression),
    /// `%{ if … }`: the condition, what is written if it is true, and if it is false.
    If(Expression, Vec<Part>, Vec<Part>),
    /// `%{ for … }`: the names for key and value, the collection, and what is written for each.
    For {
        /// The name for the key.
        key: Option<Arc<str>>,
        /// The name for the value.
        value: Arc<str>,
        /// What is iterated.
        collection: Box<Expression>,
        /// What is written for each.
        parts: Vec<Part>,
    },
}

/// A step from a value into it.
#[derive(Clone, Debug)]
pub enum Step {
    /// `.name`.
    Attribute(Arc<str>, Span),
    /// `[index]`, also `.0`.
    Index(Expression),
    /// `[*]`: what follows is applied to each element.
    Splat,
    /// `.*`: the attributes that follow are applied to each element.
    AttributeSplat,
}

/// `[for key, value in collection: …]`.
#[derive(Clone, Debug)]
pub struct ForExpression {
    /// The name for the key or index.
    pub key_name: Option<Arc<str>>,
    /// The name for the value.
    pub value_name: Arc<str>,
    /// What is iterated.
    pub collection: Expression,
    /// The key of each member, if it makes an object.
    pub key: Option<Expression>,
    /// The value of each element or member.
    pub value: Expression,
    /// Whether the values of one key are grouped to a list.
    pub is_grouping: bool,
    /// Which elements are taken.
    pub condition: Option<Expression>,
}

impl Expression {
    /// A text that is written out without interpolations.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            ExpressionKind::Literal(Kind::Text(text)) => text.as_str(),
            _ => None,
        }
    }

    /// A name followed by attributes alone, as in `aws.east`.
    #[must_use]
    pub fn names(&self) -> Option<Vec<&str>> {
        match &self.kind {
            ExpressionKind::Name(name) => Some(vec![name]),
            ExpressionKind::Traversal(start, steps) => {
                let mut names = start.names()?;
                for step in steps {
                    match step {
                        Step::Attribute(name, _) => names.push(name),
                        _ => return None,
                    }
                }
                Some(names)
            }
            _ => None,
        }
    }
}
