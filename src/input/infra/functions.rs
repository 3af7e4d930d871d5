//! Functions with their mappings, invoke configurations and aliases.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html>

use std::collections::HashMap;

use super::configuration;
use super::log_groups::{LogGroups, with_log_group};
use super::names::may_equal;
use super::resource::Resource;
use super::resource_index::ResourceIndex;
use super::types;
use crate::input::emitter::Emitter;
use crate::input::facts::{FunctionFact, FunctionPart, push};
use crate::input::scope::Scope;
use crate::model::FunctionName;
use crate::model::members::EVENT_SOURCE;
use crate::syntax::{Hole, Node, Text};

/// The functions that a deployment declares, by what names them.
#[derive(Debug)]
pub(super) struct Functions<'r> {
    pub(super) list: Vec<&'r Resource>,
    by_name: HashMap<&'r Text, usize>,
    by_arn: HashMap<&'r Text, usize>,
}

impl<'r> Functions<'r> {
    pub(super) fn of(resources: &'r [Resource]) -> Self {
        let functions = resources.iter().filter(|r| r.is(types::FUNCTION));
        let list: Vec<&Resource> = functions.collect();
        let each = || list.iter().enumerate();
        let by_name = each().map(|(index, function)| (&function.reference, index));
        let by_arn = each().filter_map(|(index, function)| Some((function.arn.as_ref()?, index)));
        Functions {
            by_name: by_name.collect(),
            by_arn: by_arn.collect(),
            list,
        }
    }

    /// The function that a text names, with its ARN, and its place in the list; no place for one
    /// that the deployment does not declare. An alias or version is named by its ARN.
    pub(super) fn named(&self, text: &Text) -> (FunctionName, Option<usize>) {
        let name = FunctionName::parse(text);
        let by_arn = name.arn.as_ref().and_then(|arn| self.by_arn.get(arn));
        let index = by_arn.or_else(|| self.by_name.get(&name.name)).copied();
        let own_arn = index.and_then(|index| self.list.get(index)?.arn.clone());
        let arn = own_arn.or(name.arn);
        (FunctionName { arn, ..name }, index)
    }

    /// The functions that a property may name, with the name that it gives each: one of the deployment
    /// for certain, or all that it can turn out to be.
    ///
    /// # Errors
    ///
    /// Where there are too many to look at each; the indices are theirs.
    pub(super) fn targets(&self, target: &Node) -> Result<Vec<(FunctionName, usize)>, Vec<usize>> {
        let open = || Text::hole(Hole::anything("FunctionName"));
        let text = target.as_text().cloned().unwrap_or_else(open);
        let (name, index) = self.named(&text);
        if let Some(index) = index {
            return Ok(vec![(name, index)]);
        }
        let each = self.list.iter().enumerate();
        let candidates = each.filter(|(_, function)| may_equal(&name.name, &function.reference));
        let candidates: Vec<_> = candidates.collect();
        if candidates.len() > MOST_TARGETS {
            return Err(candidates.into_iter().map(|(index, _)| index).collect());
        }
        let candidates = candidates.into_iter().map(|(index, function)| {
            let own = function.arn.as_ref().and_then(FunctionName::of_arn);
            let arn = name.arn.clone();
            let arn = arn.or_else(|| Some(own?.renamed(&name.name)));
            (
                FunctionName {
                    arn,
                    ..name.clone()
                },
                index,
            )
        });
        Ok(candidates.collect())
    }
}

/// Of how many functions a permission for one that is not known becomes a statement.
const MOST_TARGETS: usize = 16;

/// Emits the functions and what belongs to them; `unknown` is why the policies of each function are
/// not known.
pub(super) fn emit(
    resources: &[Resource],
    functions: &Functions<'_>,
    (index, log_groups): (&ResourceIndex<'_>, &LogGroups),
    unknown: &[Option<String>],
    emitter: &mut Emitter<'_>,
    scope: &Scope,
) {
    let facts = &mut *emitter.facts;
    let mut unknown = unknown.iter().cloned();
    for resource in resources {
        match resource.type_name.as_str() {
            types::FUNCTION => {
                let mut fact = function(resource, index, unknown.next().flatten());
                let log_group = log_groups.of_function(resource);
                fact.configuration = with_log_group(fact.configuration, log_group);
                push(&mut facts.functions, fact, scope);
            }
            types::EVENT_SOURCE_MAPPING => {
                if let Some(fact) = mapping(resource, index) {
                    push(&mut facts.mappings, fact, scope);
                }
            }
            types::EVENT_INVOKE_CONFIG => {
                if let Some(fact) = invoke_config(resource, functions, index) {
                    push(&mut facts.invoke_configs, fact, scope);
                }
            }
            types::ALIAS => push(&mut facts.aliases, alias(resource), scope),
            _ => {}
        }
    }
}

fn function(
    function: &Resource,
    index: &ResourceIndex<'_>,
    unknown_policy: Option<String>,
) -> FunctionFact {
    let span = function.span;
    let (name, properties) = (&function.reference, &function.properties);
    let mut configuration = configuration::of_function(properties, index)
        .with("FunctionName", Node::text(name.clone(), function.name_span));
    configuration.span = span;
    if let Some(arn) = &function.arn {
        let arn = Node::text(arn.clone(), function.name_span);
        configuration = configuration.with("FunctionArn", arn);
    }
    let external_grant = function.external_grant.as_ref();
    let external_grant = external_grant.map(|why| format!("{why} is unknown before deployment"));
    let unknown_policy = unknown_policy.or(external_grant);
    FunctionFact {
        name: FunctionName::parse(function.arn.as_ref().unwrap_or(name)),
        configuration,
        code: configuration::code(properties, index),
        tags: configuration::tags(properties),
        logical_id: Some(function.logical_id.clone()),
        construct_path: function.construct_path.clone(),
        unknown_policy,
        ignored: function.generated.ignored.clone(),
    }
}

fn mapping(resource: &Resource, index: &ResourceIndex<'_>) -> Option<FunctionPart> {
    let function = resource.property("FunctionName")?;
    let mut configuration = configuration::of_mapping(&resource.properties, index)
        .with("FunctionArn", function.clone());
    configuration.span = resource.span;
    let source = resource.property("EventSourceArn").and_then(Node::as_text);
    let is_open = source.is_some_and(|arn| arn.as_str().is_none());
    if let Some(kind) = resource
        .generated
        .event_source
        .as_deref()
        .filter(|_| is_open)
    {
        configuration = configuration.with(EVENT_SOURCE, Node::text(kind, resource.span));
    }
    Some(FunctionPart {
        function: function
            .as_text()
            .filter(|name| name.as_str() != Some(""))
            .map(FunctionName::parse),
        id: Some(Text::from(resource.logical_id.as_str())),
        configuration,
    })
}

fn invoke_config(
    resource: &Resource,
    functions: &Functions<'_>,
    index: &ResourceIndex<'_>,
) -> Option<FunctionPart> {
    let function = resource.property("FunctionName")?;
    let (named, _) = functions.named(function.as_text()?);
    let qualifier = resource.text("Qualifier");
    let name = FunctionName {
        qualifier: qualifier.cloned(),
        ..named
    };
    let name = name.for_policy();
    let arn = name.invoked_arn().unwrap_or_else(|| name.name.clone());
    let configuration = configuration::destinations(&resource.properties, index)
        .with("FunctionArn", Node::text(arn.clone(), function.span));
    Some(FunctionPart {
        function: Some(FunctionName::parse(&arn)),
        id: Some(arn),
        configuration,
    })
}

fn alias(resource: &Resource) -> FunctionPart {
    let arn = &resource.reference;
    let name = Node::text(arn.clone(), resource.name_span);
    FunctionPart {
        function: Some(FunctionName::parse(arn)),
        id: Some(arn.clone()),
        configuration: resource.properties.with("AliasArn", name),
    }
}
