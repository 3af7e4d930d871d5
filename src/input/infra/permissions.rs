//! Function policies: what permissions and resource policies make together.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html>

use super::functions::Functions;
use super::resource::Resource;
use super::types;
use crate::catalogue::{Catalogue, Grantee, TemplateResource};
use crate::input::emitter::Emitter;
use crate::input::facts::FunctionPolicy;
use crate::model::members::LOGICAL_ID;
use crate::model::{FunctionName, LoneType, shape};
use crate::source::Span;
use crate::syntax::{Hole, Node, Piece, Text};

/// The permissions of a deployment, as they are declared: also those of functions that it does not declare.
pub(super) fn declared(resources: &[Resource]) -> impl Iterator<Item = Node> {
    let permissions = resources.iter().filter(|r| r.is(types::PERMISSION));
    permissions.map(|resource| {
        let written = shape::project(&resource.properties, shape::PERMISSION);
        let id = Node::text(resource.logical_id.as_str(), resource.name_span);
        Node::new(written.kind, resource.span).with(LOGICAL_ID, id)
    })
}

/// The function policies of a deployment.
#[derive(Debug, Default)]
pub(super) struct FunctionPolicies {
    /// For each function that it declares and each qualifier. A function without permissions has a
    /// policy without statements.
    pub(super) known: Vec<FunctionPolicy>,
    /// Why the policies of a function are not known, for each of them.
    pub(super) unknown: Vec<Option<String>>,
    /// What permissions say for functions that are not known, each as a document of its own.
    pub(super) of_others: Vec<Node>,
}

impl FunctionPolicies {
    /// None of so many functions, as this may add statements to all of them.
    pub(super) fn none(
        functions: usize,
        more: &str,
        resources: &[Resource],
        catalogue: &Catalogue,
    ) -> Self {
        let why = format!("{more} is unknown before deployment");
        let permissions = resources.iter().filter(|r| r.is(types::PERMISSION));
        let documents = permissions.filter_map(|resource| {
            let shape = catalogue.template_resource(&resource.type_name)?;
            alone(resource, shape)
        });
        FunctionPolicies {
            known: Vec::new(),
            unknown: vec![Some(why); functions],
            of_others: documents.collect(),
        }
    }
}

/// Reads the function policies of a deployment.
pub(super) fn policies(
    resources: &[Resource],
    functions: &Functions<'_>,
    catalogue: &Catalogue,
) -> FunctionPolicies {
    let mut of_function: Vec<Vec<Entry>> = functions.list.iter().map(|_| Vec::new()).collect();
    let mut unknown: Vec<Option<String>> = functions.list.iter().map(|_| None).collect();
    let mut whole = Vec::new();
    let mut of_others = Vec::new();
    for resource in resources {
        let shape = catalogue.template_resource(&resource.type_name);
        let grants = shape.and_then(|shape| shape.grants.as_ref());
        let grants = grants.filter(|grants| grants.to == Grantee::Function);
        let target = grants.and_then(|grants| resource.property(&grants.property));
        let (Some(shape), Some(target)) = (shape, target) else {
            continue;
        };
        let targets = functions.targets(target);
        for index in targets.as_ref().err().into_iter().flatten() {
            if let Some(unknown) = unknown.get_mut(*index) {
                *unknown = Some(for_any(resource));
            }
        }
        let targets = targets.unwrap_or_default();
        if targets.is_empty() && resource.is(types::PERMISSION) {
            of_others.extend(alone(resource, shape));
        }
        for (name, index) in targets {
            let name = name.for_policy();
            let own = (of_function.get_mut(index)).zip(unknown.get_mut(index));
            let Some((entries, unknown)) = own else {
                continue;
            };
            if resource.is(types::PERMISSION) {
                entries.extend(statement(resource, target, &name, shape));
                continue;
            }
            match whole_policy(resource, name) {
                Ok(policy) => whole.push(policy),
                Err(why) => *unknown = Some(why),
            }
        }
    }
    let made = functions
        .list
        .iter()
        .zip(of_function)
        .zip(qualifiers(resources, functions))
        .zip(&unknown);
    let seen = made.filter(|(((function, _), _), unknown)| {
        function.external_grant.is_none() && unknown.is_none()
    });
    let made = seen.flat_map(|(((function, entries), own), _)| policies_of(function, entries, own));
    whole.extend(made);
    FunctionPolicies {
        known: whole,
        unknown,
        of_others,
    }
}

fn for_any(resource: &Resource) -> String {
    let id = &resource.logical_id;
    format!("which function `{id}` applies to is unknown before deployment")
}

/// A statement, and the qualifier whose policy it is in.
#[derive(Clone, Debug)]
struct Entry {
    /// None for that of the function itself.
    qualifier: Option<Text>,
    /// Whether it may be in any of them.
    is_anywhere: bool,
    statement: Node,
}

/// The aliases and versions of each function: each has a policy of its own, that may say nothing.
fn qualifiers(resources: &[Resource], functions: &Functions<'_>) -> Vec<Vec<Text>> {
    let mut qualifiers: Vec<Vec<Text>> = functions.list.iter().map(|_| Vec::new()).collect();
    let qualified = resources
        .iter()
        .filter(|resource| resource.is(types::ALIAS) || resource.is(types::VERSION));
    for resource in qualified {
        let (name, index) = functions.named(&resource.reference);
        if let Some(own) = index.and_then(|index| qualifiers.get_mut(index)) {
            own.extend(name.qualifier);
        }
    }
    qualifiers
}

fn policies_of(
    function: &Resource,
    entries: Vec<Entry>,
    qualifiers: Vec<Text>,
) -> Vec<FunctionPolicy> {
    let span = function.span;
    let mut documents: Vec<(Option<Text>, Vec<Node>)> = vec![(None, Vec::new())];
    let named = entries.iter().filter_map(|entry| entry.qualifier.clone());
    for qualifier in qualifiers.into_iter().chain(named) {
        let qualifier = Some(qualifier);
        if !documents.iter().any(|(known, _)| *known == qualifier) {
            documents.push((qualifier, Vec::new()));
        }
    }
    for entry in entries {
        for (qualifier, statements) in &mut documents {
            if entry.is_anywhere || *qualifier == entry.qualifier {
                statements.push(entry.statement.clone());
            }
        }
    }
    let name = function.arn.as_ref().and_then(FunctionName::of_arn);
    let policies = documents
        .into_iter()
        .map(|(qualifier, statements)| FunctionPolicy {
            function: name.clone(),
            qualifier,
            document: Some(document(statements, span)),
        });
    policies.collect()
}

fn document(statements: Vec<Node>, span: Span) -> Node {
    let version = Node::text("2012-10-17", span);
    let statements = Node::array(statements, span);
    Node::object([("Version", version), ("Statement", statements)], span)
}

/// A resource policy is the document itself.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-resourcepolicy.html>
///
/// # Errors
///
/// Where not all of it is known.
fn whole_policy(resource: &Resource, name: FunctionName) -> Result<FunctionPolicy, String> {
    let is_known = |document: &&Node| document.as_str().is_some() || document.is_object();
    let document = resource.property("PolicyDocument").filter(is_known);
    let document = document
        .ok_or_else(|| format!("`{}` is unknown before deployment", resource.logical_id))?;
    Ok(FunctionPolicy {
        qualifier: name.qualifier.clone(),
        function: Some(FunctionName {
            qualifier: None,
            ..name
        }),
        document: Some(document.clone()),
    })
}

/// The policy with its document in regular form, which may be written as a text; nothing where it
/// cannot be read.
pub(super) fn read(policy: FunctionPolicy, emitter: &mut Emitter<'_>) -> Option<FunctionPolicy> {
    let written = policy.document.as_ref()?;
    let document = match written.as_str() {
        Some(_) => emitter.embedded(written)?,
        None => Some(written.clone()).filter(Node::is_object)?,
    };
    let document = Some(emitter.regular(&document, LoneType::Function));
    Some(FunctionPolicy { document, ..policy })
}

/// The statement that a permission adds to a function policy.
fn statement(
    permission: &Resource,
    target: &Node,
    name: &FunctionName,
    shape: &TemplateResource,
) -> Option<Entry> {
    let resource = Node::text(name.invoked_arn()?, target.span);
    let text = target.as_text();
    Some(Entry {
        qualifier: name.qualifier.clone(),
        is_anywhere: name.qualifier.is_none() && text.is_none_or(may_be_qualified),
        statement: allowing(permission, Some(resource), shape)?,
    })
}

/// The document with the statement of a permission alone, for a function of which nothing is known.
fn alone(permission: &Resource, shape: &TemplateResource) -> Option<Node> {
    let statement = allowing(permission, None, shape)?;
    Some(document(vec![statement], permission.span))
}

fn allowing(
    permission: &Resource,
    resource: Option<Node>,
    shape: &TemplateResource,
) -> Option<Node> {
    let span = permission.span;
    let text = |text: &str| Node::text(text, span);
    let principal = principal(&intended(permission, "Principal", shape)?);
    let mut members = vec![
        ("Sid", text(&permission.logical_id)),
        ("Effect", text("Allow")),
        ("Principal", principal),
        ("Action", intended(permission, "Action", shape)?),
    ];
    members.extend(resource.map(|resource| ("Resource", resource)));
    let conditions = conditions(permission, shape);
    if !conditions.is_empty() {
        members.push(("Condition", Node::object(conditions, span)));
    }
    Some(Node::object(members, span))
}

/// A property of a permission. A value that Lambda refuses counts as what was meant, and is not known where
/// that is not certain: the mistake is told at its place, and not again of all that needs the permission.
fn intended(permission: &Resource, property: &str, shape: &TemplateResource) -> Option<Node> {
    let written = permission.property(property)?;
    let refused = shape.value(property).filter(|value| value.refuses(written));
    let Some(value) = refused.filter(|_| written.as_text().is_some()) else {
        return Some(written.clone());
    };
    let open = || {
        let what = format!("{}.{property}", permission.logical_id);
        Text::hole(Hole::anything(&what))
    };
    let meant = value.meant(written).map_or_else(open, Text::from);
    Some(Node::text(meant, written.span))
}

/// Whether what is not known of a function's name may hold an alias or a version.
fn may_be_qualified(name: &Text) -> bool {
    name.holes().any(|hole| hole.accepts.char(':'))
}

/// Lambda takes everybody, an account, the ARN of a role or user, or the name of a service. What
/// is not known may be the service that calls.
///
/// <https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html>
fn principal(written: &Node) -> Node {
    let number = written.scalar().filter(|_| written.as_text().is_none());
    if let Some(number) = number {
        return Node::object([("AWS", Node::text(number, written.span))], written.span);
    }
    let pieces = written.as_text().map_or_else(Vec::new, Text::pieces);
    let start = match pieces.first() {
        Some(Piece::Known(known)) => &**known,
        _ => "",
    };
    let is_account = start.len() == 12 && start.bytes().all(|byte| byte.is_ascii_digit());
    match start {
        // Lambda refuses the form of a policy, which is told at its place.
        _ if written.is_object() => written.clone(),
        "*" => written.clone(),
        _ if is_account || start.starts_with("arn:") => {
            Node::object([("AWS", written.clone())], written.span)
        }
        _ => Node::object([("Service", written.clone())], written.span),
    }
}

/// The conditions that the properties of a permission stand for, by operator.
fn conditions<'k>(permission: &Resource, shape: &'k TemplateResource) -> Vec<(&'k str, Node)> {
    let mut operators: Vec<(&str, Node)> = Vec::new();
    for condition in &shape.permission_conditions {
        let Some(value) = intended(permission, &condition.property, shape) else {
            continue;
        };
        let value = match value.as_bool() {
            Some(flag) => Node::text(flag.to_string(), value.span),
            None => value,
        };
        let (operator, key) = (condition.operator.as_str(), condition.key.as_str());
        match operators.iter_mut().find(|(known, _)| *known == operator) {
            Some((_, keys)) => *keys = keys.with(key, value),
            None => operators.push((operator, Node::object([(key, value.clone())], value.span))),
        }
    }
    operators
}
