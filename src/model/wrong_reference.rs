//! References in templates that give something else than their property takes.

use super::members::{
    ATTRIBUTE, EFFECT, EXPRESSION, IS_MILD, PROPERTY, RESOURCE, RETURNS, SOURCE_URL, TAKES, TYPE,
    WANTS, WRITE,
};
use crate::source::Span;
use crate::syntax::Node;

/// A reference that gives something else than its property takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongReference {
    /// The call, or the text with the reference between `${` and `}`, as it is written.
    pub expression: Node,
    /// What it refers to.
    pub resource: String,
    /// The type of that.
    pub type_name: String,
    /// The attribute that it asks for; none where it is `Ref`.
    pub attribute: Option<String>,
    /// What that is: an ARN, a name, an ID or a URL.
    pub returns: String,
    /// The property that it is the value of, as the template calls it.
    pub property: String,
    /// What the property takes: an ARN, a name or a URL.
    pub takes: String,
    /// The resource type of which it takes that, where this is another one.
    pub wants: Option<String>,
    /// What would give it.
    pub write: Option<Write>,
    /// What happens.
    pub effect: String,
    /// Whether that is no error.
    pub is_mild: bool,
    /// AWS's page about the property.
    pub source: String,
}

/// What gives what a property takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// The reference to the resource.
    Reference,
    /// An attribute of it.
    Attribute(String),
    /// A text of `Fn::Sub`, with the reference in it.
    Text(String),
}

impl Write {
    /// The entry as it stands in the model: `Ref`, an attribute after a dot, or the text.
    fn to_text(&self) -> String {
        match self {
            Write::Reference => "Ref".to_owned(),
            Write::Attribute(name) => format!(".{name}"),
            Write::Text(text) => text.clone(),
        }
    }

    fn of(text: &str) -> Self {
        match text.strip_prefix('.') {
            Some(name) => Write::Attribute(name.to_owned()),
            None if text == "Ref" => Write::Reference,
            None => Write::Text(text.to_owned()),
        }
    }

    /// What stands for it in a text of `Fn::Sub`.
    #[must_use]
    pub fn in_text(&self, resource: &str) -> String {
        match self {
            Write::Reference => format!("${{{resource}}}"),
            Write::Attribute(name) => format!("${{{resource}.{name}}}"),
            Write::Text(text) => text.clone(),
        }
    }
}

impl WrongReference {
    /// The entry as it stands in the model.
    #[must_use]
    pub fn to_node(&self) -> Node {
        let span: Span = self.expression.span;
        let text = |text: &str| Node::text(text, span);
        let write = self.write.as_ref().map(Write::to_text);
        let members = [
            (EXPRESSION, Some(self.expression.clone())),
            (RESOURCE, Some(text(&self.resource))),
            (TYPE, Some(text(&self.type_name))),
            (ATTRIBUTE, self.attribute.as_deref().map(text)),
            (RETURNS, Some(text(&self.returns))),
            (PROPERTY, Some(text(&self.property))),
            (TAKES, Some(text(&self.takes))),
            (WANTS, self.wants.as_deref().map(text)),
            (WRITE, write.as_deref().map(text)),
            (EFFECT, Some(text(&self.effect))),
            (IS_MILD, Some(Node::from(self.is_mild))),
            (SOURCE_URL, Some(text(&self.source))),
        ];
        let members = members.into_iter();
        let members = members.filter_map(|(name, value)| Some((name, value?)));
        Node::object(members.collect::<Vec<_>>(), span)
    }

    /// Reads the entry.
    #[must_use]
    pub fn of(node: &Node) -> Option<Self> {
        let text = |name: &str| node.str(name).map(str::to_owned);
        let write = node.str(WRITE).map(Write::of);
        Some(WrongReference {
            expression: node.get(EXPRESSION)?.clone(),
            resource: text(RESOURCE)?,
            type_name: text(TYPE)?,
            attribute: text(ATTRIBUTE),
            returns: text(RETURNS)?,
            property: text(PROPERTY)?,
            takes: text(TAKES)?,
            wants: text(WANTS),
            write,
            effect: text(EFFECT)?,
            is_mild: node.get(IS_MILD).and_then(Node::as_bool) == Some(true),
            source: text(SOURCE_URL)?,
        })
    }
}
