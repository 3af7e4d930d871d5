//! Intrinsic functions: a part of a template with everything in it that can be known.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use super::conditions;
use super::pieces::{Place, joined, places, split};
use super::setting::Setting;
use crate::catalogue::{Catalogue, TemplateResource};
use crate::document::{Hole, Kind, Member, Names, Node, Template, Text};
use crate::model::FunctionName;

/// How deep values may refer to each other.
const MAX_DEPTH: usize = 64;

/// How much is made of a template, counted in bytes of texts and in values; more is not known.
const MOST_WORK: usize = 64 << 20;

/// What a value counts beside its text.
const VALUE: usize = 16;

/// How long a text can be: that of a whole template.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
const LONGEST_TEXT: usize = 1 << 20;

/// A template whose parts can be resolved.
#[derive(Debug)]
pub(super) struct Resolver<'t> {
    pub(super) template: &'t Node,
    pub(super) setting: &'t Setting,
    catalogue: &'t Catalogue,
    resources: HashMap<&'t str, &'t Node>,
    left: Cell<usize>,
    /// Texts that were made, by what they are of; nothing while one is being made.
    texts: RefCell<HashMap<String, Option<Text>>>,
    /// Conditions that were decided, by name.
    met: RefCell<HashMap<String, Option<bool>>>,
}

impl<'t> Resolver<'t> {
    pub(super) fn new(template: &'t Node, setting: &'t Setting, catalogue: &'t Catalogue) -> Self {
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
    fn spend(&self, work: usize) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(work));
        left >= work
    }

    pub(super) fn deep(&self, node: &Node, depth: usize) -> Option<Node> {
        if depth > MAX_DEPTH || !self.spend(VALUE) {
            return Some(unknown(node, "a value that is nested too deeply"));
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
                // A dynamic reference is filled in when the stack is made.
                Some(known) if known.contains("{{resolve:") => unknown(node, known),
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
            let text = text.unwrap_or_else(|| Text::hole(Hole::anything(&call.key.text)));
            Some(Node::text(text, node.span))
        };
        match &*call.key.text {
            "Ref" => self.reference(node, given.as_str().unwrap_or(""), depth),
            "Fn::GetAtt" => text(self.attribute_call(given, depth)),
            "Fn::Sub" => text(self.substituted(given, depth)),
            "Fn::Join" => text(self.joined(given, depth)),
            "Fn::Select" => self.selected(node, given, depth),
            "Fn::Split" => self.split(node, given, depth),
            "Fn::If" => self.chosen(node, given, depth),
            "Fn::FindInMap" => self.found(node, given, depth),
            "SAM::ManagedPolicy" => Some(self.managed_policy(node, given)),
            _ => Some(unknown(
                node,
                &format!("{} {}", call.key.text, label(given)),
            )),
        }
    }

    /// What `Ref` gives: a parameter, a pseudo parameter or a resource.
    fn reference(&self, node: &Node, name: &str, depth: usize) -> Option<Node> {
        if name == "AWS::NoValue" {
            return None;
        }
        if let Some(value) = self.setting.parameter(self.template, name) {
            return Some(Node::new(value.kind, node.span));
        }
        let text = self
            .referred(name, depth)
            .unwrap_or_else(|| Text::hole(Hole::anything(name)));
        Some(Node::text(text, node.span))
    }

    /// The text that a name in `Ref` or `${…}` stands for.
    fn referred(&self, name: &str, depth: usize) -> Option<Text> {
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
            let form = shape?.reference.as_ref()?;
            Some(self.fill(form, name, resource, shape, depth))
        });
        Some(made.unwrap_or_else(|| Text::hole(Hole::anything(name))))
    }

    fn declared(&self, name: &str) -> Option<(&'t Node, Option<&'t TemplateResource>)> {
        let resource = *self.resources.get(name)?;
        let shape = self.catalogue.template_resource(resource.str("Type")?);
        Some((resource, shape))
    }

    /// A text that is made once; nothing if it asks for itself.
    fn once(&self, key: &str, make: impl FnOnce() -> Option<Text>) -> Option<Text> {
        if let Some(known) = self.texts.borrow().get(key) {
            return known.clone();
        }
        self.texts.borrow_mut().insert(key.to_owned(), None);
        let text = make();
        self.texts.borrow_mut().insert(key.to_owned(), text.clone());
        text
    }

    fn attribute_call(&self, given: &Node, depth: usize) -> Option<Text> {
        if let Some((resource, name)) = given.as_str().and_then(|text| text.split_once('.')) {
            return self.attribute(resource, name, depth);
        }
        let [resource, name] = given.items() else {
            return None;
        };
        self.attribute(resource.as_str()?, name.as_str()?, depth)
    }

    /// What `Fn::GetAtt` gives.
    fn attribute(&self, resource: &str, name: &str, depth: usize) -> Option<Text> {
        let key = format!("{resource}.{name}");
        let made = self.once(&key, || {
            let (node, shape) = self.declared(resource)?;
            let form = shape?.attributes.get(name)?;
            Some(self.fill(form, resource, node, shape, depth))
        });
        Some(made.unwrap_or_else(|| Text::hole(Hole::anything(&key))))
    }

    /// The ARN of a resource, where its type has one.
    pub(super) fn arn(&self, name: &str) -> Option<Text> {
        let (resource, shape) = self.declared(name)?;
        let form = shape?.arn.as_ref()?;
        Some(self.fill(form, name, resource, shape, 0))
    }

    /// What `Ref` gives of a resource.
    pub(super) fn id(&self, name: &str) -> Text {
        self.referred(name, 0)
            .unwrap_or_else(|| Text::hole(Hole::anything(name)))
    }

    /// A form of a resource's type with its properties filled in. What the resource does not say
    /// is a hole that no other resource has.
    fn fill(
        &self,
        form: &Template,
        resource: &str,
        node: &Node,
        shape: Option<&TemplateResource>,
        depth: usize,
    ) -> Text {
        let mut names = Names::new();
        for name in form.names() {
            let own = match name {
                "arn" => shape.and_then(|shape| shape.arn.as_ref()),
                "ref" => shape.and_then(|shape| shape.reference.as_ref()),
                _ => None,
            };
            let text = match own {
                // A form that names itself would never end.
                Some(own) if depth < MAX_DEPTH => self.fill(own, resource, node, shape, depth + 1),
                Some(_) => Text::hole(Hole::anything(resource)),
                None => self.property(resource, node, name, depth),
            };
            names.insert(name.to_owned(), text);
        }
        form.fill(&names)
    }

    fn property(&self, resource: &str, node: &Node, name: &str, depth: usize) -> Text {
        if let Some(pseudo) = self.setting.pseudo(name) {
            return pseudo;
        }
        let written = node.at(&["Properties", name]);
        let value = written.and_then(|value| self.deep(value, depth + 1));
        match value.as_ref().map(|value| &value.kind) {
            // A version and an alias may name their function by its ARN.
            Some(Kind::Text(text)) if name == "FunctionName" => FunctionName::parse(text).name,
            Some(Kind::Text(text)) => text.clone(),
            Some(Kind::Number(number)) => Text::from(&**number),
            _ => Text::hole(Hole::segment(&own_hole(resource, name))),
        }
    }

    fn substituted(&self, given: &Node, depth: usize) -> Option<Text> {
        let (text, names) = match given.items() {
            [text, names] => (text, self.deep(names, depth)),
            _ => (given, None),
        };
        let parts = places(text.as_str()?).into_iter().map(|place| match place {
            Place::Verbatim(known) => Text::from(known),
            Place::Literal(literal) => Text::from(format!("${{{literal}}}")),
            Place::Name(name) => {
                let own = names
                    .as_ref()
                    .and_then(|names| names.get(name))
                    .and_then(text_of);
                own.or_else(|| self.sub_name(name, depth))
                    .unwrap_or_else(|| Text::hole(Hole::anything(name)))
            }
        });
        self.put_together("", &parts.collect::<Vec<Text>>())
    }

    /// Texts with a delimiter between each two; nothing where that is too long to be a text of a
    /// template.
    fn put_together(&self, delimiter: &str, texts: &[Text]) -> Option<Text> {
        let length = texts.iter().map(|text| text.len() + delimiter.len()).sum();
        (length <= LONGEST_TEXT && self.spend(length)).then(|| joined(delimiter, texts))
    }

    fn sub_name(&self, name: &str, depth: usize) -> Option<Text> {
        match name.split_once('.') {
            Some((resource, attribute)) => self.attribute(resource, attribute, depth),
            None => self.referred(name, depth),
        }
    }

    fn joined(&self, given: &Node, depth: usize) -> Option<Text> {
        let [delimiter, list] = given.items() else {
            return None;
        };
        let list = self.deep(list, depth)?;
        let texts: Option<Vec<Text>> = list.items().iter().map(text_of).collect();
        self.put_together(delimiter.as_str()?, &texts.filter(|_| list.is_array())?)
    }

    fn selected(&self, node: &Node, given: &Node, depth: usize) -> Option<Node> {
        let nothing = || Some(unknown(node, "Fn::Select"));
        let [index, list] = given.items() else {
            return nothing();
        };
        let index = self.deep(index, depth).as_ref().and_then(text_of);
        let index = index.and_then(|text| text.as_str()?.parse::<usize>().ok());
        let list = self.deep(list, depth);
        let item = index
            .zip(list.as_ref())
            .and_then(|(index, list)| list.items().get(index));
        item.cloned().map_or_else(nothing, Some)
    }

    fn split(&self, node: &Node, given: &Node, depth: usize) -> Option<Node> {
        let [delimiter, text] = given.items() else {
            return Some(unknown(node, "Fn::Split"));
        };
        let text = self.deep(text, depth).as_ref().and_then(text_of);
        let parts = text.and_then(|text| split(delimiter.as_str()?, &text));
        Some(match parts {
            Some(parts) => {
                let parts = parts.into_iter().map(|part| Node::text(part, node.span));
                Node::array(parts.collect(), node.span)
            }
            None => unknown(node, "Fn::Split"),
        })
    }

    fn chosen(&self, node: &Node, given: &Node, depth: usize) -> Option<Node> {
        let [name, yes, no] = given.items() else {
            return Some(unknown(node, "Fn::If"));
        };
        match name.as_str().and_then(|name| self.condition(name, depth)) {
            Some(true) => self.deep(yes, depth),
            Some(false) => self.deep(no, depth),
            None => Some(unknown(node, "Fn::If")),
        }
    }

    /// A managed policy by its name alone: the AWS-managed one that is called so.
    fn managed_policy(&self, node: &Node, name: &Node) -> Node {
        let name = name.as_str().unwrap_or("");
        let sam = self.catalogue.sam();
        let folders = sam.and_then(|sam| sam.get("managedPolicyFolders"));
        let folders = folders.map_or(&[][..], Node::items).iter();
        let mut arns = folders
            .filter_map(Node::as_str)
            .map(|folder| format!("arn:aws:iam::aws:policy/{folder}{name}"));
        let arn = arns.find(|arn| self.catalogue.managed.policy(arn).is_some());
        // The same policy is in every partition.
        let anywhere = arn.and_then(|arn| {
            let (_, behind) = arn.split_once("arn:aws:")?;
            let partition = self.setting.pseudo("AWS::Partition")?;
            Some(joined(
                ":",
                &[Text::from("arn"), partition, Text::from(behind)],
            ))
        });
        Node::text(anywhere.unwrap_or_else(|| Text::from(name)), node.span)
    }

    fn found(&self, node: &Node, given: &Node, depth: usize) -> Option<Node> {
        let mut keys = given.items().iter().take(3).map(|key| {
            let key = self.deep(key, depth)?;
            Some(text_of(&key)?.filled().as_str()?.to_owned())
        });
        let mut next = || keys.next().flatten();
        let found = (|| {
            let (map, first, second) = (next()?, next()?, next()?);
            self.template.at(&["Mappings", &map, &first, &second])
        })();
        match found {
            Some(value) => self.deep(value, depth),
            None => Some(unknown(node, "Fn::FindInMap")),
        }
    }
}

/// The name of what a resource does not say of itself; that of its name is the resource's own.
fn own_hole(resource: &str, property: &str) -> String {
    match property.ends_with("Name") {
        true => resource.to_owned(),
        false => format!("{resource}.{property}"),
    }
}

fn is_intrinsic(name: &str) -> bool {
    name == "Ref" || name.starts_with("Fn::") || name == "SAM::ManagedPolicy"
}

/// A value that is not known before the stack is made.
pub(super) fn unknown(node: &Node, what: &str) -> Node {
    Node::text(Text::hole(Hole::anything(what)), node.span)
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
