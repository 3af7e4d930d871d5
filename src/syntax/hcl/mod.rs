//! HCL, the language of Terraform: bodies, blocks and expressions with the location of everything.
//!
//! <https://developer.hashicorp.com/terraform/language/syntax/configuration>

mod comments;
mod expression;
mod from_json;
mod outline;
mod read;
mod strip;

use std::sync::Arc;

use super::SyntaxError;
use crate::source::Span;

pub use comments::comments;
pub use expression::{
    BinaryOperator, Expression, ExpressionKind, ForExpression, Part, Step, UnaryOperator,
};
pub use from_json::{attributes_of_json, body_of_json};
pub use outline::outline;
pub use read::{body, template};

/// The content of a file or block.
#[derive(Clone, Debug)]
pub struct Body {
    /// `name = value`.
    pub attributes: Vec<Attribute>,
    /// Blocks, in order.
    pub blocks: Vec<Block>,
    /// Where it is written.
    pub span: Span,
}

/// `name = value`.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// The name.
    pub name: Arc<str>,
    /// Where the name is written.
    pub name_span: Span,
    /// The value.
    pub value: Expression,
}

/// `kind "label" { … }`.
#[derive(Clone, Debug)]
pub struct Block {
    /// The word that it begins with.
    pub kind: Arc<str>,
    /// Where that word is written.
    pub kind_span: Span,
    /// The labels.
    pub labels: Vec<Label>,
    /// What stands between the braces.
    pub body: Body,
    /// Where it is written, from the kind to the closing brace.
    pub span: Span,
}

/// A label of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Its text.
    pub text: Arc<str>,
    /// Where it is written.
    pub span: Span,
}

/// What a text of HCL contains, and why reading it ended.
#[derive(Debug)]
pub struct Parsed<T> {
    /// What was read; nothing if there is a mistake.
    pub content: Option<T>,
    /// The mistake.
    pub error: Option<SyntaxError>,
}

impl Body {
    /// The value of an attribute.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&Expression> {
        let mut attributes = self.attributes.iter();
        let found = attributes.find(|attribute| &*attribute.name == name);
        found.map(|attribute| &attribute.value)
    }

    /// The blocks of a kind.
    pub fn blocks_of<'b>(&'b self, kind: &'b str) -> impl Iterator<Item = &'b Block> {
        self.blocks.iter().filter(move |block| &*block.kind == kind)
    }
}

impl Block {
    /// The text of a label, counted from 0.
    #[must_use]
    pub fn label(&self, index: usize) -> Option<&str> {
        self.labels.get(index).map(|label| &*label.text)
    }
}
