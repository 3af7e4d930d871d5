//! What may grant more than is seen to functions and roles: modules that were not read, and resources of which
//! it is not known whether they are made.

use std::collections::HashSet;
use std::rc::Rc;

use super::evaluated::evaluated;
use super::evaluation::{AND, Evaluate, ModuleInstance, Scope};
use super::instance::Instance;
use crate::catalogue::{Catalogue, Grantee};
use crate::input::infra::{Resource, types};
use crate::syntax::hcl::Block;
use crate::syntax::{Node, Text};

/// Arguments of a module call that give it nothing.
const META: [&str; 6] = [
    "count",
    "depends_on",
    "for_each",
    "providers",
    "source",
    "version",
];

/// Something that may grant more to what it names.
#[derive(Debug)]
pub(in crate::input) struct Uncertain {
    /// Why more may be granted.
    why: String,
    /// The types of what it can grant something to.
    grantees: Vec<&'static str>,
    /// The texts that it is given.
    given: Vec<Text>,
    /// The address of the resource that it is.
    address: Option<String>,
    /// What decides whether it is made.
    condition: Option<String>,
}

/// What a resource grants something to that does nothing else.
fn grantee(instance: &Instance, catalogue: &Catalogue) -> Option<&'static str> {
    let entry = catalogue.terraform_resource(&instance.type_name);
    let kind = entry.and_then(|entry| entry.kind.as_deref());
    let shape = kind.and_then(|kind| catalogue.template_resource(kind));
    Some(match shape?.grants.as_ref()?.to {
        Grantee::Function => types::FUNCTION,
        Grantee::Role => types::ROLE,
    })
}

/// A resource that grants something and of which it is not known whether, or how often, it is made.
pub(super) fn of_resource(
    address: &str,
    instance: &Instance,
    catalogue: &Catalogue,
) -> Option<Uncertain> {
    instance.condition.as_ref()?;
    Some(Uncertain {
        grantees: vec![grantee(instance, catalogue)?],
        why: format!("whether `{address}` is created"),
        given: texts(&instance.body),
        address: Some(instance.address.clone()),
        condition: instance.condition.clone(),
    })
}

/// A call of a module that was not read.
pub(super) fn of_call<'c>(
    evaluator: &dyn Evaluate<'c>,
    module: &Rc<ModuleInstance<'c>>,
    name: &str,
    call: &'c Block,
) -> Uncertain {
    let scope = Scope::of(module);
    let attributes = call.body.attributes.iter();
    let attributes = attributes.filter(|attribute| !META.contains(&&*attribute.name));
    let given = attributes.flat_map(|attribute| {
        let value = evaluated(evaluator, &attribute.value, &scope);
        texts(&value)
    });
    Uncertain {
        why: format!("what `{}module.{name}` does with it", module.address),
        grantees: vec![types::FUNCTION, types::ROLE],
        given: given.collect(),
        address: None,
        condition: None,
    }
}

fn texts(value: &Node) -> Vec<Text> {
    let texts = value.walk().filter_map(Node::as_text);
    texts.filter(|text| !text.is_empty()).cloned().collect()
}

/// Tells the functions and roles that something uncertain names that more may be granted to them, and leaves out the
/// resources that may not be there when these are.
pub(super) fn apart(
    mut resources: Vec<Resource>,
    uncertain: &[Uncertain],
    catalogue: &Catalogue,
) -> Vec<Resource> {
    let mut triggers = resources.clone();
    triggers.retain(|resource| resource.condition.is_some() && is_trigger(resource, catalogue));
    let mut left_out: HashSet<&str> = HashSet::new();
    for one in uncertain {
        let is_named = |resource: &&mut Resource| {
            let can_be_granted = one.grantees.iter().any(|kind| resource.is(kind));
            can_be_granted && one.names(resource)
        };
        let mut named: Vec<&mut Resource> = resources.iter_mut().filter(is_named).collect();
        let with_all = || named.iter().all(|named| one.is_there_with(named));
        let with_trigger = || triggers.iter().any(|trigger| one.is_there_with(trigger));
        // What is granted for a trigger is needed only if the trigger is there.
        if one.address.is_some() && (with_all() || with_trigger()) {
            continue;
        }
        for resource in &mut named {
            let grant = &mut resource.external_grant;
            grant.get_or_insert_with(|| one.why.clone());
        }
        left_out.extend(one.address.as_deref());
    }
    resources.retain(|resource| !left_out.contains(resource.logical_id.as_str()));
    resources
}

/// Whether a resource makes something invoke a function, or makes Lambda read something for it.
fn is_trigger(resource: &Resource, catalogue: &Catalogue) -> bool {
    let kind = resource.type_name.as_str();
    let mut sources = catalogue.push.iter();
    let invokes = sources.any(|source| {
        let mut own = source.cloudformation_resources.iter();
        own.any(|extractor| extractor.reads_type(kind))
    });
    invokes || resource.is(types::EVENT_SOURCE_MAPPING)
}

impl Uncertain {
    /// Whether it is made whenever a resource is.
    fn is_there_with(&self, resource: &Resource) -> bool {
        let (Some(own), Some(other)) = (&self.condition, &resource.condition) else {
            return false;
        };
        let rest = other.strip_prefix(own.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(AND))
    }

    fn names(&self, resource: &Resource) -> bool {
        let own = [Some(&resource.reference), resource.arn.as_ref()];
        let own: Vec<&Text> = own.into_iter().flatten().collect();
        self.given.iter().any(|given| {
            own.iter()
                .any(|own| *own == given || own.as_str().is_none() && contains(given, own))
        })
    }
}

/// Whether a text has another in it, such as an ARN that of an alias.
fn contains(text: &Text, inner: &Text) -> bool {
    let (pieces, inner) = (text.pieces(), inner.pieces());
    let is_in = |window: &[crate::syntax::Piece]| window == inner;
    pieces.windows(inner.len().max(1)).any(is_in)
}
