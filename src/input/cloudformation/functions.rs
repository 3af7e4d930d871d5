//! Functions of a template with their mappings, invoke configurations and URLs.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html>

use std::collections::HashMap;

use super::Resource;
use super::function_configuration;
use super::resource_index::ResourceIndex;
use crate::model::FunctionName;
use crate::syntax::{Hole, Node, Text};

/// The functions that a template declares, by what it calls them.
#[derive(Debug)]
pub(super) struct Functions<'r> {
    pub(super) list: Vec<&'r Resource>,
    by_name: HashMap<&'r Text, usize>,
    by_arn: HashMap<&'r Text, usize>,
}

impl<'r> Functions<'r> {
    pub(super) fn of(resources: &'r [Resource]) -> Self {
        let list: Vec<&Resource> = resources
            .iter()
            .filter(|resource| resource.is("AWS::Lambda::Function"))
            .collect();
        let each = || list.iter().enumerate();
        let by_name = each().filter_map(|(index, function)| Some((function.reference()?, index)));
        let by_arn = each().filter_map(|(index, function)| Some((function.arn()?, index)));
        Functions {
            by_name: by_name.collect(),
            by_arn: by_arn.collect(),
            list,
        }
    }

    /// The function that a text names, with its ARN, and its place in the list; no place for one
    /// that the template does not declare. The `Ref` of an alias or version is its ARN.
    pub(super) fn named(&self, text: &Text) -> (FunctionName, Option<usize>) {
        let name = FunctionName::parse(text);
        let by_arn = name.arn.as_ref().and_then(|arn| self.by_arn.get(arn));
        let index = by_arn.or_else(|| self.by_name.get(&name.name)).copied();
        let arn = index
            .and_then(|index| self.list.get(index)?.arn())
            .cloned()
            .or(name.arn);
        (FunctionName { arn, ..name }, index)
    }
}

/// What a template tells of functions, as answers of Lambda; `open` is why their policies are not
/// known.
pub(super) fn answers(
    resources: &[Resource],
    functions: &Functions<'_>,
    open: Option<&str>,
) -> Vec<Node> {
    let kept = ResourceIndex::of(resources);
    let told = resources
        .iter()
        .filter_map(|resource| match resource.kind() {
            "AWS::Lambda::Function" => Some(configuration(resource, &kept, open)),
            "AWS::Lambda::EventSourceMapping" => mapping(resource, &kept),
            "AWS::Lambda::EventInvokeConfig" => invoke_config(resource, functions, &kept),
            "AWS::Lambda::Alias" => alias(resource),
            "AWS::Lambda::Url" => url(resource, functions),
            _ => None,
        });
    told.collect()
}

fn configuration(function: &Resource, kept: &ResourceIndex<'_>, open: Option<&str>) -> Node {
    let span = function.node.span;
    let properties = function.node.get("Properties").cloned().unwrap_or_default();
    let mut configuration = Node {
        span,
        ..function_configuration::of(&properties, kept)
            .with("LogicalId", Node::text(function.logical_id(), span))
    };
    if let Some(name) = function.node.get("Ref") {
        configuration = configuration.with("FunctionName", name.clone());
    }
    if let Some(arn) = function.node.get("Arn") {
        configuration = configuration.with("FunctionArn", arn.clone());
    }
    let external_grant = function.external_grant();
    let external_grant = external_grant.map(|why| format!("{why} is not known before the deploy"));
    if let Some(why) = open.or(external_grant.as_deref()) {
        configuration = configuration.with("openPolicy", Node::text(why, span));
    }
    if let Some(path) = function.node.get("constructPath") {
        configuration = configuration.with("constructPath", path.clone());
    }
    Node::object([("Configuration", configuration)], span)
}

fn mapping(resource: &Resource, kept: &ResourceIndex<'_>) -> Option<Node> {
    let function = resource.property("FunctionName")?.clone();
    let id = Node::text(resource.logical_id(), resource.node.span);
    let properties = resource.node.get("Properties")?;
    let node = function_configuration::mapping(properties, kept)
        .with("FunctionArn", function)
        .with("UUID", id);
    Some(Node {
        span: resource.node.span,
        ..node
    })
}

fn invoke_config(
    resource: &Resource,
    functions: &Functions<'_>,
    kept: &ResourceIndex<'_>,
) -> Option<Node> {
    let function = resource.property("FunctionName")?;
    let (named, _) = functions.named(function.as_text()?);
    let qualifier = resource
        .text("Qualifier")
        .filter(|q| q.as_str() != Some("$LATEST"))
        .cloned();
    let arn = FunctionName {
        qualifier,
        ..named.clone()
    }
    .invoked_arn()
    .unwrap_or(named.name);
    let properties = resource.node.get("Properties")?;
    let config = function_configuration::destinations(properties, kept)
        .with("FunctionArn", Node::text(arn, function.span));
    Some(Node::object(
        [("FunctionEventInvokeConfig", config)],
        resource.node.span,
    ))
}

fn alias(resource: &Resource) -> Option<Node> {
    let arn = resource.node.get("Ref")?.clone();
    Some(resource.node.get("Properties")?.with("AliasArn", arn))
}

/// A URL as `GetFunctionUrlConfig` tells it.
fn url(resource: &Resource, functions: &Functions<'_>) -> Option<Node> {
    let target = resource.property("TargetFunctionArn")?;
    let (named, _) = functions.named(target.as_text()?);
    let qualifier = resource
        .text("Qualifier")
        .cloned()
        .or(named.qualifier.clone());
    let arn = FunctionName { qualifier, ..named }.invoked_arn()?;
    let url = Node::text(
        Text::hole(Hole::anything(resource.logical_id())),
        resource.node.span,
    );
    let properties = resource.node.get("Properties")?;
    let config = properties
        .with("FunctionArn", Node::text(arn, target.span))
        .with("FunctionUrl", url);
    Some(config)
}
