//! A template as it is deployed, for those who write into it: what its expressions stand for, and what
//! refers to what.

use std::collections::BTreeSet;

use super::Places;
use super::attributes;
use super::references::names;
use super::resolve::Resolver;
use super::stack::Stack;
use super::stack_context::StackContext;
use crate::catalogue::{Catalogue, TemplateResource};
use crate::input::links::{Expression, Links};
use crate::source::Span;
use crate::syntax::{Hole, Kind, Member, Node, Template, Text};

/// A template as it is deployed, in its first context.
#[derive(Debug)]
pub(crate) struct TemplateView {
    /// The template as it was written.
    pub(crate) written: Node,
    /// With every loop and serverless resource in its long form.
    root: Node,
    context: StackContext,
    /// The stacks that are deployed together have one number.
    pub(crate) group: usize,
    pub(crate) places: Places,
}

impl TemplateView {
    pub(super) fn of(stack: &Stack<'_>, group: usize) -> Self {
        TemplateView {
            written: stack.written.clone(),
            root: stack.root.clone(),
            context: stack.first.clone(),
            group,
            places: stack.places.clone(),
        }
    }

    /// Where the template is written.
    pub(crate) fn span(&self) -> Span {
        self.written.span
    }

    /// The expressions by which a resource of the template can be named: ARNs and references of what it
    /// declares, its parameters, and the outputs of stacks nested in it.
    pub(crate) fn expressions(&self, catalogue: &Catalogue) -> Vec<Expression> {
        let resolver = Resolver::new(&self.root, &self.context, catalogue);
        let resources = self.members(&self.root, "Resources");
        let resources = resources.filter(|member| self.is_written(&member.key.text));
        let mut all: Vec<Expression> = Vec::new();
        let mut add = |text: Option<Text>, reference: String| {
            all.extend(text.map(|text| Expression { text, reference }));
        };
        for member in resources {
            let name = &*member.key.text;
            let shape = member.value.str("Type");
            let shape = shape.and_then(|name| catalogue.template_resource(name));
            add(attributes::referred(&resolver, name, 0), name.to_owned());
            for attribute in shape.into_iter().flat_map(arns) {
                let text = attributes::attribute(&resolver, name, attribute, 0);
                add(text, format!("{name}.{attribute}"));
            }
        }
        for member in self.members(&self.written, "Parameters") {
            let name = &*member.key.text;
            let value = self.context.parameter(&self.root, name);
            let text = value.filter(|node| matches!(node.kind, Kind::Text(_)));
            add(
                text.and_then(|node| node.as_text().cloned()),
                name.to_owned(),
            );
        }
        for (name, text) in &self.context.parent.outputs {
            add(Some(text.clone()), name.clone());
        }
        all
    }

    /// What the template writes between `${` and `}` for something that is not known; nothing where it is
    /// unknown to this template.
    pub(crate) fn reference(&self, hole: &Hole) -> Option<String> {
        let is_own = hole
            .of
            .as_ref()
            .is_none_or(|of| *of == self.context.parent.stack);
        // What is made up for a resource by its id alone is named so.
        let written = hole.written.as_deref().unwrap_or(&hole.id);
        let (name, attribute) = written.split_once('.').unwrap_or((written, ""));
        let is_attribute = attribute.is_empty() || attribute.starts_with(char::is_uppercase);
        let is_pseudo = hole.of.is_none() && name.starts_with("AWS::");
        let is_declared = || self.is_written(name) || self.member("Parameters", name).is_some();
        let is_valid = is_pseudo || is_attribute && is_declared();
        (is_own && is_valid).then(|| written.to_owned())
    }

    /// Whether the template has a resource of that name which can be referred to. The alias of a
    /// serverless function is one: <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources-function.html>
    fn is_written(&self, name: &str) -> bool {
        let (own, _) = name.split_once('.').unwrap_or((name, ""));
        self.member("Resources", own).is_some()
    }

    /// How the template writes the partition, where it leaves that open.
    pub(crate) fn partition(&self) -> Option<&'static str> {
        const PARTITION: &str = "${AWS::Partition}";
        let mut texts = self.written.walk().filter_map(Node::as_str);
        texts
            .any(|text| text.contains(PARTITION))
            .then_some(PARTITION)
    }

    /// The condition on which a resource is made.
    pub(crate) fn condition(&self, resource: &str) -> Option<&str> {
        self.member("Resources", resource)?.value.str("Condition")
    }

    /// The conditions on which what a value refers to is made.
    pub(crate) fn conditions_in(&self, value: &Node) -> BTreeSet<&str> {
        let named = value.walk().flat_map(names);
        let conditions = named.filter_map(|(name, _)| self.condition(name));
        conditions.collect()
    }

    /// Whether a resource, a parameter, or what a transform makes has that name.
    pub(crate) fn is_taken(&self, name: &str) -> bool {
        let sections = ["Resources", "Parameters", "Conditions", "Mappings"];
        let mut sections = sections.iter();
        sections.any(|section| self.root.at(&[section, name]).is_some())
            || self.member("Resources", name).is_some()
    }

    /// Which resource refers to which, and the names that nothing declares.
    pub(crate) fn links(&self) -> Links {
        let mut links = Links::default();
        for member in self.members(&self.root, "Resources") {
            let waits = member.value.get("DependsOn").map_or(&[][..], Node::each);
            let waits = waits.iter().filter_map(Node::as_str);
            let named = member.value.walk().flat_map(names);
            for name in waits.chain(named.map(|(name, _)| name)) {
                if self.root.at(&["Resources", name]).is_some() {
                    let link = (member.key.text.to_string(), name.to_owned());
                    links.edges.insert(link);
                } else if !name.starts_with("AWS::") && !self.is_taken(name) {
                    links.dangling.insert(name.to_owned());
                }
            }
        }
        links
    }

    fn member(&self, section: &str, name: &str) -> Option<&Member> {
        self.written.get(section)?.member(name)
    }

    fn members<'n>(&self, root: &'n Node, section: &str) -> impl Iterator<Item = &'n Member> {
        root.get(section).map_or(&[][..], Node::members).iter()
    }
}

/// The attributes of a resource that are ARNs.
fn arns(shape: &TemplateResource) -> impl Iterator<Item = &str> {
    let is_arn =
        |form: &Template| form.as_str().starts_with("{arn}") || form.as_str().starts_with("arn:");
    let attributes = shape.attributes.iter();
    let arns = attributes.filter(move |(_, form)| is_arn(form));
    arns.map(|(name, _)| name.as_str())
}
