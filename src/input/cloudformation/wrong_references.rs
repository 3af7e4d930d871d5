//! References that give something else than their property takes, such as the URL of a queue where its ARN
//! belongs.
//!
//! What was meant is known, so that everything else is judged as if it stood there.

use std::collections::HashSet;

use super::attributes;
use super::evaluation::Resolve;
use super::expression::{Leading, leading, member_at, with_leading, with_member};
use super::resolve::{Resolver, is_intrinsic};
use super::stack_context::StackContext;
use crate::catalogue::{Catalogue, PropertyForm, Takes, TemplateResource};
use crate::diagnostics::Severity;
use crate::model::{Write, WrongReference};
use crate::source::Span;
use crate::syntax::{Accepts, Kind, Member, Node, Piece, Template, Text};

/// How many wrong references of a template are looked at; CloudFormation takes 500 resources.
const MOST: usize = 2_000;

/// How an ARN begins.
const ARN: &str = "arn:";

/// A reference that gives something else than its property takes.
#[derive(Clone, Debug)]
pub(super) struct Misplaced {
    reference: WrongReference,
    /// The place of its form in the data.
    rank: usize,
    /// The conditions on which it is there.
    conditions: Vec<(String, bool)>,
}

/// A template with its wrong references as they were meant, and these. The properties have the names that
/// they have where they are written.
pub(super) fn found(
    template: &Node,
    written: &Node,
    context: &StackContext,
    catalogue: &Catalogue,
) -> (Node, Vec<Misplaced>) {
    let Some(resources) = template.get("Resources") else {
        return (template.clone(), Vec::new());
    };
    let mut search = Search {
        resolver: Resolver::new(template, context, catalogue),
        written,
        forms: &catalogue.resource_types().property_forms,
        conditions: Vec::new(),
        found: Vec::new(),
    };
    let members = resources.members().iter();
    let meant: Vec<Option<Node>> = members.map(|m| search.resource(&m.value)).collect();
    let found = search.found;
    match with_values(resources, meant) {
        Some(resources) => (with_member(template, "Resources", resources), found),
        None => (template.clone(), found),
    }
}

/// What is there under conditions, each place once.
pub(super) fn told(found: &[Misplaced], is_met: &dyn Fn(&str) -> Option<bool>) -> Vec<Node> {
    let is_there = |misplaced: &&Misplaced| {
        let mut conditions = misplaced.conditions.iter();
        conditions.all(|(name, wanted)| is_met(name) == Some(*wanted))
    };
    let mut there: Vec<&Misplaced> = found.iter().filter(is_there).collect();
    there.sort_by_key(|misplaced| misplaced.rank);
    let mut seen: HashSet<Span> = HashSet::new();
    there.retain(|misplaced| seen.insert(misplaced.reference.expression.span));
    let nodes = there.into_iter().map(|m| m.reference.to_node());
    nodes.collect()
}

/// A search through the resources of a template.
struct Search<'t> {
    resolver: Resolver<'t>,
    written: &'t Node,
    forms: &'t [PropertyForm],
    conditions: Vec<(String, bool)>,
    found: Vec<Misplaced>,
}

/// What is looked for in a resource.
#[derive(Clone, Copy)]
struct Sought<'f> {
    rank: usize,
    form: &'f PropertyForm,
    properties: &'f Node,
}

impl Search<'_> {
    /// A resource as it was meant; nothing where that is how it is.
    fn resource(&mut self, resource: &Node) -> Option<Node> {
        let type_name = resource.str("Type")?;
        let written = resource.get("Properties")?;
        let condition = resource.str("Condition");
        self.conditions = condition
            .map(|name| (name.to_owned(), true))
            .into_iter()
            .collect();
        let mut properties = written.clone();
        let forms = self.forms.iter().enumerate();
        for (rank, form) in forms.filter(|(_, form)| form.is_of(type_name)) {
            let sought = Sought {
                rank,
                form,
                properties: written,
            };
            for path in &form.properties {
                if let Some(meant) = self.value(&properties, written, path, sought) {
                    properties = meant;
                }
            }
        }
        let is_same = properties == *written;
        (!is_same).then(|| with_member(resource, "Properties", properties))
    }

    /// A value inside of which a path leads to properties, as it was meant.
    fn value(
        &mut self,
        node: &Node,
        parent: &Node,
        path: &[String],
        sought: Sought<'_>,
    ) -> Option<Node> {
        if let Some(call) = node.get("Fn::If") {
            return self.branches(node, call, parent, path, sought);
        }
        if node.is_array() {
            let items = node.items().iter();
            let meant: Vec<Option<Node>> = items
                .map(|item| self.value(item, parent, path, sought))
                .collect();
            return with_items(node, meant);
        }
        let Some((step, rest)) = path.split_first() else {
            return self.property(node, parent, sought);
        };
        let is_step = |member: &Member| {
            let name = &*member.key.text;
            !is_intrinsic(name) && (step == "*" || step == name)
        };
        let members = node.members().iter();
        let meant = members.map(|member| match is_step(member) {
            true => self.value(&member.value, node, rest, sought),
            false => None,
        });
        with_values(node, meant.collect())
    }

    fn branches(
        &mut self,
        node: &Node,
        call: &Node,
        parent: &Node,
        path: &[String],
        sought: Sought<'_>,
    ) -> Option<Node> {
        let [name, yes, no] = call.items() else {
            return None;
        };
        let condition = name.as_str()?;
        let mut meant = vec![None];
        for (branch, wanted) in [(yes, true), (no, false)] {
            self.conditions.push((condition.to_owned(), wanted));
            meant.push(self.value(branch, parent, path, sought));
            self.conditions.pop();
        }
        Some(with_member(node, "Fn::If", with_items(call, meant)?))
    }

    /// The value of a property as it was meant.
    fn property(&mut self, node: &Node, parent: &Node, sought: Sought<'_>) -> Option<Node> {
        let is_too_much = self.found.len() >= MOST;
        let leading = leading(node).filter(|_| !is_too_much && self.is_asked(parent, sought))?;
        let form = sought.form;
        let reference = self.wrong(node, &leading, form)?;
        let write = reference.write.as_ref();
        let meant = write.and_then(|write| with_leading(node, &reference.resource, write));
        self.found.push(Misplaced {
            reference,
            rank: sought.rank,
            conditions: self.conditions.clone(),
        });
        meant
    }

    /// The reference with which a value begins, where that is not what its property takes.
    fn wrong(
        &self,
        node: &Node,
        leading: &Leading<'_>,
        form: &PropertyForm,
    ) -> Option<WrongReference> {
        let (resource, attribute, type_name, shape) = self.referred(leading)?;
        let given = match &attribute {
            Some(name) => shape.attributes.get(name)?,
            None => shape.reference.as_ref()?,
        };
        let text = match &attribute {
            Some(name) => attributes::attribute(&self.resolver, &resource, name, 0)?,
            None => attributes::referred(&self.resolver, &resource, 0)?,
        };
        let whole = self.resolver.value(node)?;
        let whole_text = whole.as_text()?;
        let is_wrong = match form.takes {
            Takes::Arn => {
                let is_none = || !may_be_arn(&text) && !may_be_arn(whole_text);
                form.wants_other(type_name, attribute.as_deref()) || is_none()
            }
            Takes::Name => !leading.has_more && (is_arn(&text) || is_url(&text)),
            Takes::Url => !leading.has_more && is_arn(&text),
        };
        if !is_wrong || hands_on_an_arn(given) {
            return None;
        }
        let property = member_at(self.written, node)?;
        let asked = Asked {
            form,
            property: &property,
            has_more: leading.has_more,
        };
        let takes_it = form.of.is_empty() || form.of.iter().any(|of| of == type_name);
        let write = asked.to_write(&resource, type_name, shape);
        Some(WrongReference {
            expression: leading.node.clone(),
            type_name: type_name.to_owned(),
            write: write.filter(|_| leading.is_whole && takes_it),
            wants: form.of.first().filter(|_| !takes_it).cloned(),
            returns: kind_of(given, &text).to_owned(),
            takes: form.takes.as_str().to_owned(),
            effect: form.effect.clone(),
            is_mild: form.most < Severity::Error,
            source: form.source.clone(),
            resource,
            attribute,
            property,
        })
    }

    /// Whether what decides on the form of a property says so.
    fn is_asked(&self, parent: &Node, sought: Sought<'_>) -> bool {
        let Some((name, values)) = &sought.form.only_if else {
            return true;
        };
        let written = parent.get(name).or_else(|| sought.properties.get(name));
        // What a condition decides goes with the branch, which is not followed here.
        let written = written.filter(|written| written.get("Fn::If").is_none());
        let value = written.and_then(|written| self.resolver.value(written));
        let value = value.as_ref().and_then(Node::as_str);
        value.is_some_and(|value| values.iter().any(|known| known == value))
    }

    /// The resource and attribute that a reference names, with the type and what is known of it.
    fn referred(
        &self,
        leading: &Leading<'_>,
    ) -> Option<(String, Option<String>, &str, &TemplateResource)> {
        let evaluation = self.resolver.evaluation();
        let name = &*leading.name;
        let is_ref = leading.is_call && leading.node.get("Ref").is_some();
        let is_whole = is_ref || !leading.is_call && evaluation.resources.contains_key(name);
        let (resource, attribute) = match name.split_once('.') {
            Some((resource, attribute)) if !is_whole => (resource, Some(attribute.to_owned())),
            _ => (name, None),
        };
        let (declared, shape) = evaluation.declared(resource)?;
        let type_name = declared.str("Type")?;
        Some((resource.to_owned(), attribute, type_name, shape?))
    }
}

/// An object with other values where there are any.
fn with_values(object: &Node, values: Vec<Option<Node>>) -> Option<Node> {
    if values.iter().all(Option::is_none) {
        return None;
    }
    let both = object.members().iter().zip(values);
    let members = both.map(|(written, meant)| Member {
        key: written.key.clone(),
        value: meant.unwrap_or_else(|| written.value.clone()),
    });
    let members: Vec<Member> = members.collect();
    Some(Node::new(Kind::Object(members.into()), object.span))
}

/// A list with other elements where there are any.
fn with_items(list: &Node, items: Vec<Option<Node>>) -> Option<Node> {
    if items.iter().all(Option::is_none) {
        return None;
    }
    let both = list.items().iter().zip(items);
    let items = both.map(|(written, meant)| meant.unwrap_or_else(|| written.clone()));
    Some(Node::array(items.collect(), list.span))
}

/// Whether a form has a property in it that may be an ARN.
fn hands_on_an_arn(form: &Template) -> bool {
    let mut names = form.names();
    names.any(|name| name != "arn" && name.to_ascii_lowercase().ends_with("arn"))
}

/// What asks for something else.
struct Asked<'f> {
    form: &'f PropertyForm,
    property: &'f str,
    has_more: bool,
}

impl Asked<'_> {
    /// What gives what the property takes.
    fn to_write(&self, resource: &str, type_name: &str, shape: &TemplateResource) -> Option<Write> {
        if let Some(given) = self.form.attributes.get(type_name) {
            return self.given(given, resource);
        }
        let gives = |given: &Template| match self.form.takes {
            Takes::Arn => given.as_str() == "{arn}",
            Takes::Name => is_name(given),
            Takes::Url => given.as_str().contains("://"),
        };
        if shape.reference.as_ref().is_some_and(gives) {
            return Some(Write::Reference);
        }
        // A type can have several names, of which the property says which it takes.
        let is_meant = |name: &str| self.form.takes == Takes::Arn || self.property.ends_with(name);
        let mut attributes = shape.attributes.iter();
        let found = attributes.find(|(name, given)| gives(given) && is_meant(name));
        found.map(|(name, _)| Write::Attribute(name.clone()))
    }

    /// What the data says to write.
    fn given(&self, given: &str, resource: &str) -> Option<Write> {
        if !given.starts_with(ARN) {
            return (!given.is_empty()).then(|| Write::Attribute(given.to_owned()));
        }
        let text = given.replace("{ref}", &format!("${{{resource}}}"));
        let start = text.strip_suffix("/*").filter(|_| self.has_more);
        Some(Write::Text(start.unwrap_or(&text).to_owned()))
    }
}

/// Whether a form is one name or ID.
fn is_name(form: &Template) -> bool {
    let text = form.as_str();
    let is_other = matches!(text, "{arn}" | "{ref}") || hands_on_an_arn(form);
    text.starts_with('{') && text.ends_with('}') && !is_other && form.names().count() == 1
}

/// What a text of a form is.
fn kind_of(form: &Template, text: &Text) -> &'static str {
    let is_id = || {
        let last = form.names().last().unwrap_or("");
        last == "id" || last.ends_with("Id")
    };
    match text {
        text if is_arn(text) => "ARN",
        text if is_url(text) => "URL",
        _ if is_id() => "ID",
        _ => "name",
    }
}

/// Whether a text is surely an ARN.
fn is_arn(text: &Text) -> bool {
    matches!(text.pieces().first(), Some(Piece::Known(start)) if start.starts_with(ARN))
}

/// Whether a text is surely a URL.
fn is_url(text: &Text) -> bool {
    matches!(text.pieces().first(), Some(Piece::Known(start)) if start.contains("://"))
}

/// Whether a text may be an ARN, whatever is in its holes.
fn may_be_arn(text: &Text) -> bool {
    // How many characters of the beginning of an ARN can be in the pieces so far.
    let mut ends: HashSet<usize> = HashSet::from([0]);
    for piece in text.pieces() {
        let mut next = HashSet::new();
        match piece {
            Piece::Hole(hole) if hole.accepts == Accepts::Anything => return true,
            Piece::Hole(_) => next.extend(ends.iter().flat_map(|end| *end..ARN.len())),
            Piece::Known(known) => {
                for end in &ends {
                    let rest = ARN.get(*end..).unwrap_or("");
                    if known.starts_with(rest) {
                        return true;
                    }
                    if rest.starts_with(&*known) {
                        next.insert(end + known.len());
                    }
                }
            }
        }
        ends = next;
    }
    false
}
