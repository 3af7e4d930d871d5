//! What `Ref` and `Fn::GetAtt` give.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getatt.html>

use std::sync::Arc;

use super::evaluation::Resolve;
use crate::input::infra::arn_formats::{self, Declared};
use crate::syntax::{Kind, Node, Text};

/// A resource of a template.
struct TemplateDeclaration<'d> {
    resolver: &'d dyn Resolve,
    logical_id: &'d str,
    node: &'d Node,
}

impl Declared for TemplateDeclaration<'_> {
    fn logical_id(&self) -> &str {
        self.logical_id
    }

    fn stack(&self) -> &Arc<str> {
        &self.resolver.evaluation().context.parent.stack
    }

    fn property(&self, name: &str, depth: usize) -> Option<Node> {
        let written = self.node.at(&["Properties", name])?;
        self.resolver.resolve(written, depth + 1)
    }

    fn place(&self, name: &str) -> Option<Text> {
        self.resolver.evaluation().context.pseudo(name)
    }

    fn open(&self, name: &str) -> Text {
        self.resolver.evaluation().open(name)
    }

    fn expression(&self, attribute: Option<&str>) -> String {
        match attribute {
            Some(attribute) => format!("{}.{attribute}", self.logical_id),
            None => self.logical_id.to_owned(),
        }
    }
}

/// What a call of `Fn::GetAtt` gives.
pub(super) fn attribute_call(resolver: &dyn Resolve, given: &Node, depth: usize) -> Option<Text> {
    if let Some((resource, name)) = given.as_str().and_then(|text| text.split_once('.')) {
        return attribute(resolver, resource, name, depth);
    }
    let [resource, name] = given.items() else {
        return None;
    };
    // With the language extensions, both may be calls.
    let [resource, name] = [resource, name].map(|part| resolver.resolve(part, depth));
    attribute(resolver, resource?.as_str()?, name?.as_str()?, depth)
}

/// An attribute of a resource.
pub(super) fn attribute(
    resolver: &dyn Resolve,
    resource: &str,
    name: &str,
    depth: usize,
) -> Option<Text> {
    let evaluation = resolver.evaluation();
    let key = format!("{resource}.{name}");
    if let Some(known) = evaluation.context.parent.outputs.get(&key) {
        return Some(known.clone());
    }
    let text = evaluation.once(&key, || {
        let (node, shape) = evaluation.declared(resource)?;
        let declared = TemplateDeclaration {
            resolver,
            logical_id: resource,
            node,
        };
        arn_formats::attribute(&declared, shape?, name, depth)
    });
    Some(text.unwrap_or_else(|| evaluation.open(&key)))
}

/// The text that a name in `Ref` or `${…}` stands for.
pub(super) fn referred(resolver: &dyn Resolve, name: &str, depth: usize) -> Option<Text> {
    let evaluation = resolver.evaluation();
    if let Some(pseudo) = evaluation.context.pseudo(name) {
        return Some(pseudo);
    }
    if let Some(value) = evaluation.context.parameter(evaluation.template, name) {
        return match &value.kind {
            Kind::Text(text) => Some(text.clone()),
            Kind::Number(number) => Some(Text::from(&**number)),
            _ => None,
        };
    }
    let (node, shape) = evaluation.declared(name)?;
    let text = evaluation.once(name, || {
        let declared = TemplateDeclaration {
            resolver,
            logical_id: name,
            node,
        };
        arn_formats::reference(&declared, shape?, depth)
    });
    Some(text.unwrap_or_else(|| evaluation.open(name)))
}

/// What `Ref` gives: a parameter, a pseudo parameter or a resource; nothing for `AWS::NoValue`.
pub(super) fn reference(
    resolver: &dyn Resolve,
    node: &Node,
    name: &str,
    depth: usize,
) -> Option<Node> {
    let evaluation = resolver.evaluation();
    match name {
        "AWS::NoValue" => return None,
        "" => return Some(evaluation.unknown(node, "Ref")),
        _ => {}
    }
    if let Some(value) = evaluation.context.parameter(evaluation.template, name) {
        return Some(Node::new(value.kind, node.span));
    }
    let text = referred(resolver, name, depth).unwrap_or_else(|| evaluation.open(name));
    Some(Node::text(text, node.span))
}

/// The ARN of a resource, where its type has one.
pub(super) fn arn(resolver: &dyn Resolve, name: &str) -> Option<Text> {
    let (node, shape) = resolver.evaluation().declared(name)?;
    let declared = TemplateDeclaration {
        resolver,
        logical_id: name,
        node,
    };
    arn_formats::arn(&declared, shape?)
}
