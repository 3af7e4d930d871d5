//! Resources that answers describe, and the policies of resources.

use std::collections::{BTreeSet, HashMap};

use crate::catalogue::{Catalogue, ResourceAnswer};
use crate::input::facts::{Facts, NamelessPolicy, ResourceFact};
use crate::model::ResourcePolicies;
use crate::model::members::{ENCRYPTION, IAM_CLUSTER, KEY, SOURCE};
use crate::syntax::{Node, Text};

/// Resources by their ARNs.
#[derive(Debug)]
pub(super) struct Resources<'f> {
    by_arn: HashMap<&'f Text, &'f ResourceFact>,
}

impl<'f> Resources<'f> {
    /// The resources that answers describe; the first answer about one counts.
    pub(super) fn of(facts: &'f Facts) -> Self {
        let resources = facts.resources.iter().rev();
        Resources {
            by_arn: resources.map(|r| (&r.fact.arn, &r.fact)).collect(),
        }
    }

    /// A mapping with what is known of the source that it reads.
    pub(super) fn described(&self, mapping: Node) -> Node {
        let arn = mapping.get("EventSourceArn");
        let source = arn.and_then(|arn| self.by_arn.get(arn.as_text()?));
        let Some((arn, source)) = arn.cloned().zip(source) else {
            return mapping;
        };
        let span = source.attributes.span;
        let mapping = mapping.with(SOURCE, source.attributes.clone());
        let mapping = match &source.key {
            Some(key) => {
                let key = Node::text(key.clone(), span);
                mapping.with(ENCRYPTION, Node::object([(KEY, key)], span))
            }
            None => mapping,
        };
        match source.is_by_iam {
            true => mapping.with(IAM_CLUSTER, arn),
            false => mapping,
        }
    }
}

/// A resource in the form of the inventory.
pub(super) fn node(resource: &ResourceFact) -> Node {
    let span = resource.attributes.span;
    let arn = Node::text(resource.arn.clone(), span);
    Node::object(
        [("Arn", arn), ("Attributes", resource.attributes.clone())],
        span,
    )
}

/// The policies of resources, by ARN and by logical id.
pub(super) fn policies(facts: &mut Facts, catalogue: &Catalogue) -> ResourcePolicies {
    let mut policies = ResourcePolicies::default();
    for fact in facts.resource_policies.drain(..) {
        if let Some(logical_id) = &fact.logical_id {
            policies.name(logical_id, fact.arn.clone());
        }
        policies.add(fact.arn, fact.documents);
    }
    let nameless = std::mem::take(&mut facts.nameless_policies);
    let mut named = HashMap::new();
    let owners = nameless.iter();
    let owners =
        owners.map(|policy| only_owner(&policy.fact, &policies, facts, catalogue, &mut named));
    let owners: Vec<Option<Text>> = owners.collect();
    let mut times: HashMap<&Text, usize> = HashMap::new();
    for owner in owners.iter().flatten() {
        *times.entry(owner).or_default() += 1;
    }
    let is_sole = |arn: &Text| times.get(arn) == Some(&1);
    // Of several policies that can be of one resource, none is known to be.
    let sole = owners
        .iter()
        .map(|arn| arn.as_ref().filter(|arn| is_sole(arn)));
    for (policy, arn) in nameless.iter().zip(sole) {
        if let Some(arn) = arn {
            policies.add(arn.clone(), vec![policy.fact.document.clone()]);
        }
    }
    policies
}

/// The only resource whose policy a document can be: one that the documents name, and of which no
/// policy is known. Those that documents name are looked for once for each kind of answer.
fn only_owner(
    policy: &NamelessPolicy,
    known: &ResourcePolicies,
    facts: &Facts,
    catalogue: &Catalogue,
    named: &mut HashMap<usize, BTreeSet<String>>,
) -> Option<Text> {
    let is_of = |(_, answer): &(usize, &ResourceAnswer)| {
        let mut services = policy.services.iter();
        services.any(|service| answer.has_policy_of(service))
    };
    let (number, answer) = catalogue.resource_answers.iter().enumerate().find(is_of)?;
    let all = named
        .entry(number)
        .or_insert_with(|| without_policy(answer, known, facts));
    let told = policy.told.as_ref().map(Text::to_string);
    let is_told = |arn: &&String| told.as_ref().is_none_or(|told| arn.ends_with(told));
    let mut owners = all.iter().filter(is_told);
    let only = owners.next()?;
    owners.next().is_none().then(|| Text::from(only.as_str()))
}

/// The resources that the documents name whose policy an answer has, and of which none is known.
fn without_policy(
    answer: &ResourceAnswer,
    known: &ResourcePolicies,
    facts: &Facts,
) -> BTreeSet<String> {
    let written = facts.inputs.iter().flat_map(Node::walk);
    let written = written
        .filter_map(Node::as_text)
        .filter(|text| text.as_str().is_some());
    let keys = facts
        .resources
        .iter()
        .filter_map(|resource| resource.fact.key.as_ref());
    let arns = written
        .chain(keys)
        .filter(|arn| answer.names(arn).is_some() && known.of(arn).is_none());
    arns.map(Text::to_string).collect()
}
