//! Intrinsic functions: a part of a template with everything in it that can be known.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use super::arn_formats::Form;
use super::conditions;
use super::partial_string::with_references_open;
use super::stack_context::StackContext;
use crate::catalogue::{Catalogue, TemplateResource};
use crate::syntax::{Hole, Kind, Member, Node, Text};

/// How deep values may refer to each other.
pub(super) const MAX_DEPTH: usize = 64;

/// How much is made of a template, counted in bytes of texts and in values; more is not known.
const MOST_WORK: usize = 64 << 20;

/// What a value counts beside its text.
const VALUE: usize = 16;

/// A template whose parts can be resolved.
#[derive(Debug)]
pub(super) struct Resolver<'t> {
    pub(super) template: &'t Node,
    pub(super) setting: &'t StackContext,
    pub(super) catalogue: &'t Catalogue,
    pub(super) resources: HashMap<&'t str, &'t Node>,
    left: Cell<usize>,
    /// Texts that were made, by what they are of; nothing while one is being made.
    texts: RefCell<HashMap<String, Option<Text>>>,
    /// Conditions that were decided, by name.
    met: RefCell<HashMap<String, Option<bool>>>,
}

impl<'t> Resolver<'t> {
    pub(super) fn new(
        template: &'t Node,
        setting: &'t StackContext,
        catalogue: &'t Catalogue,
    ) -> Self {
        let declared = template.get("Resources").map_or(&[][..], Node::members);
        let by_name = declared
            .iter()
            .map(|member| (&*member.key.text, &member.value));
        Resolver {
            template,
            setting,
            catalogue,
            resources: by_name.collect(),
            left: Cell::new(MOST_WORK),
            texts: RefCell::default(),
            met: RefCell::default(),
        }
    }

    /// Whether the template makes a resource; nothing where its condition is not known.
    pub(super) fn makes(&self, resource: &Node) -> Option<bool> {
        match resource.str("Condition") {
            Some(name) => self.condition(name, 0),
            None => Some(true),
        }
    }

    /// Whether the condition of that name is met; nothing where that is not known.
    pub(super) fn condition(&self, name: &str, depth: usize) -> Option<bool> {
        if let Some(forced) = self.setting.forced.get(name) {
            return Some(*forced);
        }
        if let Some(known) = self.met.borrow().get(name) {
            return *known;
        }
        // A condition that asks for itself is never known.
        self.met.borrow_mut().insert(name.to_owned(), None);
        let declared = self.template.at(&["Conditions", name])?;
        let met = conditions::met(self, declared, depth + 1);
        self.met.borrow_mut().insert(name.to_owned(), met);
        met
    }

    /// A value with everything known; nothing for `AWS::NoValue`.
    pub(super) fn value(&self, node: &Node) -> Option<Node> {
        self.deep(node, 0)
    }

    /// Takes from what may still be made; tells whether there was enough.
    pub(super) fn spend(&self, work: usize) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(work));
        left >= work
    }

    pub(super) fn deep(&self, node: &Node, depth: usize) -> Option<Node> {
        if depth > MAX_DEPTH || !self.spend(VALUE) {
            return Some(self.unknown(node, "a value that is nested too deeply"));
        }
        match &node.kind {
            Kind::Array(items) => {
                let items = items.iter().filter_map(|item| self.deep(item, depth + 1));
                Some(Node::array(items.collect(), node.span))
            }
            Kind::Object(members) => match members.as_slice() {
                [only] if is_intrinsic(&only.key.text) => self.intrinsic(node, only, depth + 1),
                _ => Some(self.object(node, members, depth + 1)),
            },
            Kind::Text(text) => Some(match text.as_str() {
                Some(known) if known.contains("{{resolve:") => {
                    Node::text(with_references_open(text.clone()), node.span)
                }
                _ => node.clone(),
            }),
            _ => Some(node.clone()),
        }
    }

    fn object(&self, node: &Node, members: &[Member], depth: usize) -> Node {
        let members = members.iter().filter_map(|member| {
            Some(Member {
                key: member.key.clone(),
                value: self.deep(&member.value, depth)?,
            })
        });
        Node::new(
            Kind::Object(members.collect::<Vec<Member>>().into()),
            node.span,
        )
    }

    fn intrinsic(&self, node: &Node, call: &Member, depth: usize) -> Option<Node> {
        let given = &call.value;
        let text = |text: Option<Text>| {
            let text = text.unwrap_or_else(|| self.open_at(&call.key.text, node));
            Some(Node::text(text, node.span))
        };
        match &*call.key.text {
            "Ref" => {
                let name = self.deep(given, depth);
                let name = name.as_ref().and_then(Node::as_str).unwrap_or("");
                self.reference(node, name, depth)
            }
            "Fn::GetAtt" => text(self.attribute_call(given, depth)),
            "Fn::Sub" => text(self.substituted(given, depth)),
            "Fn::Join" => text(self.joined(given, depth)),
            "Fn::Select" => self.selected(node, given, depth),
            "Fn::Split" => self.split(node, given, depth),
            "Fn::If" => self.chosen(node, given, depth),
            "Fn::FindInMap" => self.found(node, given, depth),
            "Fn::ImportValue" => text(self.imported(given, depth)),
            "Fn::Length" => Some(self.length(node, given, depth)),
            // A document written as a text is as good as the document.
            "Fn::ToJsonString" => self.deep(given, depth),
            "SAM::ManagedPolicy" => Some(self.managed_policy(node, given)),
            _ => Some(self.unknown(node, &format!("{} {}", call.key.text, label(given)))),
        }
    }

    /// A text of this stack that is not known before it is made; two of one name are the same.
    pub(super) fn open(&self, name: &str) -> Text {
        Text::hole(Hole::anything(name).of(&self.setting.around.stack))
    }

    /// A text that is not known before the stack is made, and that no other is known to equal.
    pub(super) fn open_at(&self, what: &str, node: &Node) -> Text {
        let stack = &self.setting.around.stack;
        let (file, start) = (node.span.file, node.span.start);
        let place = format!("{stack}:{file:?}:{start}").into();
        Text::hole(Hole::anything(what).of(&place))
    }

    /// A value that is not known before the stack is made.
    pub(super) fn unknown(&self, node: &Node, what: &str) -> Node {
        Node::text(self.open_at(what, node), node.span)
    }

    /// What `Ref` gives: a parameter, a pseudo parameter or a resource.
    fn reference(&self, node: &Node, name: &str, depth: usize) -> Option<Node> {
        match name {
            "AWS::NoValue" => return None,
            "" => return Some(self.unknown(node, "Ref")),
            _ => {}
        }
        if let Some(value) = self.setting.parameter(self.template, name) {
            return Some(Node::new(value.kind, node.span));
        }
        let text = self
            .referred(name, depth)
            .unwrap_or_else(|| self.open(name));
        Some(Node::text(text, node.span))
    }

    /// The text that a name in `Ref` or `${…}` stands for.
    pub(super) fn referred(&self, name: &str, depth: usize) -> Option<Text> {
        if let Some(pseudo) = self.setting.pseudo(name) {
            return Some(pseudo);
        }
        if let Some(value) = self.setting.parameter(self.template, name) {
            return match &value.kind {
                Kind::Text(text) => Some(text.clone()),
                Kind::Number(number) => Some(Text::from(&**number)),
                _ => None,
            };
        }
        let (resource, shape) = self.declared(name)?;
        let made = self.once(name, || {
            let form = self.form(resource, shape?, Form::Reference, depth)?;
            Some(self.fill(form, name, resource, shape, depth))
        });
        Some(made.unwrap_or_else(|| self.open(name)))
    }

    pub(super) fn declared(&self, name: &str) -> Option<(&'t Node, Option<&'t TemplateResource>)> {
        let resource = *self.resources.get(name)?;
        let shape = self.catalogue.template_resource(resource.str("Type")?);
        Some((resource, shape))
    }

    /// A text that is made once; nothing if it asks for itself.
    pub(super) fn once(&self, key: &str, make: impl FnOnce() -> Option<Text>) -> Option<Text> {
        if let Some(known) = self.texts.borrow().get(key) {
            return known.clone();
        }
        self.texts.borrow_mut().insert(key.to_owned(), None);
        let text = make();
        self.texts.borrow_mut().insert(key.to_owned(), text.clone());
        text
    }
}

fn is_intrinsic(name: &str) -> bool {
    name == "Ref"
        || (name.starts_with("Fn::") && !name.starts_with("Fn::ForEach::"))
        || name == "SAM::ManagedPolicy"
}

pub(super) fn text_of(node: &Node) -> Option<Text> {
    match &node.kind {
        Kind::Text(text) => Some(text.clone()),
        Kind::Number(number) => Some(Text::from(&**number)),
        Kind::Bool(value) => Some(Text::from(value.to_string())),
        _ => None,
    }
}

fn label(node: &Node) -> String {
    let text = node
        .as_str()
        .or_else(|| node.members().first().and_then(|m| m.value.as_str()));
    text.unwrap_or("").to_owned()
}
