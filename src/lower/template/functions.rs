//! Functions of a template with their mappings, invoke configurations and function policies.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html>

use super::Resource;
use crate::document::{Hole, Node, Text};
use crate::lower::facts::FunctionPolicy;
use crate::model::FunctionName;

/// What a template tells of functions, as answers of Lambda.
pub(super) fn functions(resources: &[Resource]) -> Vec<Node> {
    let mut answers = Vec::new();
    for resource in resources {
        match resource.node.str("Type") {
            Some("AWS::Lambda::Function") => {
                answers.push(configuration(resource));
            }
            Some("AWS::Lambda::EventSourceMapping") => answers.extend(mapping(resource)),
            Some("AWS::Lambda::EventInvokeConfig") => answers.extend(invoke_config(resource)),
            Some("AWS::Lambda::Alias") => answers.extend(alias(resource)),
            Some("AWS::Lambda::Url") => answers.extend(url(resource, resources)),
            _ => {}
        }
    }
    answers
}

fn configuration(function: &Resource) -> Node {
    let span = function.node.span;
    let properties = function.node.get("Properties").cloned().unwrap_or_default();
    let mut configuration = Node {
        span,
        ..properties.with("LogicalId", Node::text(function.logical_id(), span))
    };
    if let Some(name) = function.node.get("Ref") {
        configuration = configuration.with("FunctionName", name.clone());
    }
    if let Some(arn) = function.node.get("Arn") {
        configuration = configuration.with("FunctionArn", arn.clone());
    }
    Node::object([("Configuration", configuration)], span)
}

/// The function policies that the permissions of a template make: for each function that it
/// declares and each qualifier. A function without permissions has a policy that says nothing.
pub(super) fn policies(resources: &[Resource]) -> Vec<FunctionPolicy> {
    let functions = resources
        .iter()
        .filter(|resource| resource.is("AWS::Lambda::Function"));
    functions
        .flat_map(|function| policies_of(function, resources))
        .collect()
}

fn policies_of(function: &Resource, resources: &[Resource]) -> Vec<FunctionPolicy> {
    let span = function.node.span;
    let mut documents: Vec<(Option<Text>, Vec<Node>)> = vec![(None, Vec::new())];
    for permission in resources
        .iter()
        .filter(|resource| resource.is("AWS::Lambda::Permission"))
    {
        let Some((qualifier, statement)) = statement(permission, function, resources) else {
            continue;
        };
        match documents.iter_mut().find(|(known, _)| *known == qualifier) {
            Some((_, statements)) => statements.push(statement),
            None => documents.push((qualifier, vec![statement])),
        }
    }
    let name = function.arn().and_then(FunctionName::of_arn);
    let policies = documents.into_iter().map(|(qualifier, statements)| {
        let version = Node::text("2012-10-17", span);
        let statements = Node::array(statements, span);
        FunctionPolicy {
            function: name.clone(),
            qualifier,
            document: Some(Node::object(
                [("Version", version), ("Statement", statements)],
                span,
            )),
        }
    });
    policies.collect()
}

/// The statement that a permission adds to the policy of a function, and the qualifier that it is
/// for; nothing where it is for another function.
fn statement(
    permission: &Resource,
    function: &Resource,
    resources: &[Resource],
) -> Option<(Option<Text>, Node)> {
    let written = permission.property("FunctionName")?;
    let named = named(written.as_text()?, resources);
    let own = function.arn() == named.arn.as_ref() || function.reference() == Some(&named.name);
    own.then_some(())?;
    let arn = FunctionName {
        arn: function.arn().cloned(),
        ..named.clone()
    }
    .invoked_arn()?;
    let span = permission.node.span;
    let text = |text: &str| Node::text(text, span);
    let principal = permission.property("Principal")?;
    let kind = match principal.as_str() {
        Some("*") => None,
        Some(known) if known.contains(".amazon") => Some("Service"),
        Some(_) => Some("AWS"),
        // A hole is nearly always the name of a service or an account; the text tells which.
        None if principal.as_text()?.to_string().contains(".amazon") => Some("Service"),
        None => Some("AWS"),
    };
    let principal = match kind {
        Some(kind) => Node::object([(kind, principal.clone())], principal.span),
        None => principal.clone(),
    };
    let mut members = vec![
        ("Sid", text(permission.logical_id())),
        ("Effect", text("Allow")),
        ("Principal", principal),
        ("Action", permission.property("Action")?.clone()),
        ("Resource", Node::text(arn, written.span)),
    ];
    let conditions = conditions(permission);
    if !conditions.is_empty() {
        members.push(("Condition", Node::object(conditions, span)));
    }
    Some((named.qualifier, Node::object(members, span)))
}

/// The function that a text names; the `Ref` of an alias or version is its ARN.
fn named(text: &Text, resources: &[Resource]) -> FunctionName {
    let name = FunctionName::parse(text);
    let by_name = resources.iter().find(|resource| {
        resource.is("AWS::Lambda::Function") && resource.reference() == Some(&name.name)
    });
    match by_name.and_then(Resource::arn) {
        Some(arn) if name.arn.is_none() => FunctionName {
            arn: Some(arn.clone()),
            ..name
        },
        _ => name,
    }
}

/// The conditions that the properties of a permission stand for.
///
/// <https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html>
fn conditions(permission: &Resource) -> Vec<(&'static str, Node)> {
    const KEYS: [(&str, &str, &str); 6] = [
        ("SourceArn", "ArnLike", "aws:SourceArn"),
        ("SourceAccount", "StringEquals", "aws:SourceAccount"),
        (
            "EventSourceToken",
            "StringEquals",
            "lambda:EventSourceToken",
        ),
        ("PrincipalOrgID", "StringEquals", "aws:PrincipalOrgID"),
        (
            "FunctionUrlAuthType",
            "StringEquals",
            "lambda:FunctionUrlAuthType",
        ),
        (
            "InvokedViaFunctionUrl",
            "Bool",
            "lambda:InvokedViaFunctionUrl",
        ),
    ];
    let mut operators: Vec<(&'static str, Node)> = Vec::new();
    for (property, operator, key) in KEYS {
        let Some(value) = permission.property(property) else {
            continue;
        };
        let value = match value.as_bool() {
            Some(flag) => Node::text(flag.to_string(), value.span),
            None => value.clone(),
        };
        match operators.iter_mut().find(|(known, _)| *known == operator) {
            Some((_, keys)) => *keys = keys.with(key, value),
            None => operators.push((operator, Node::object([(key, value.clone())], value.span))),
        }
    }
    operators
}

fn mapping(resource: &Resource) -> Option<Node> {
    let function = resource.property("FunctionName")?.clone();
    let id = Node::text(resource.logical_id(), resource.node.span);
    let properties = resource.node.get("Properties")?;
    let node = properties.with("FunctionArn", function).with("UUID", id);
    Some(Node {
        span: resource.node.span,
        ..node
    })
}

fn invoke_config(resource: &Resource) -> Option<Node> {
    let function = resource.property("FunctionName")?;
    let named = FunctionName::parse(function.as_text()?);
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
    let config = properties.with("FunctionArn", Node::text(arn, function.span));
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
fn url(resource: &Resource, resources: &[Resource]) -> Option<Node> {
    let target = resource.property("TargetFunctionArn")?;
    let named = named(target.as_text()?, resources);
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
