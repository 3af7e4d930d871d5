//! Function policies: what permissions and resource policies make together.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html>

use super::functions::Functions;
use super::resource::Resource;
use super::types;
use crate::catalogue::{Catalogue, Grantee, PermissionCondition};
use crate::input::emitter::Emitter;
use crate::input::facts::FunctionPolicy;
use crate::input::policy;
use crate::model::{FunctionName, LoneType};
use crate::syntax::{Node, Piece, Text};

/// The function policies of a deployment: for each function that it declares and each qualifier. A
/// function without permissions has a policy without statements.
///
/// # Errors
///
/// Where a permission may be for any of them, or a policy is not known; the text says which.
pub(super) fn policies(
    resources: &[Resource],
    functions: &Functions<'_>,
    catalogue: &Catalogue,
) -> Result<Vec<FunctionPolicy>, String> {
    let mut of_function: Vec<Vec<Entry>> = functions.list.iter().map(|_| Vec::new()).collect();
    let mut whole = Vec::new();
    for resource in resources {
        let shape = catalogue.template_resource(&resource.type_name);
        let grants = shape.and_then(|shape| shape.grants.as_ref());
        let grants = grants.filter(|grants| grants.to == Grantee::Function);
        let target = grants.and_then(|grants| resource.property(&grants.property));
        let (Some(shape), Some(target)) = (shape, target) else {
            continue;
        };
        let text = target.as_text().ok_or_else(|| for_any(resource))?;
        let (name, index) = functions.named(text);
        let name = name.for_policy();
        let Some(entries) = index.and_then(|index| of_function.get_mut(index)) else {
            match may_be_one(text, functions) {
                true => return Err(for_any(resource)),
                false => continue,
            }
        };
        match resource.is(types::PERMISSION) {
            true => entries.extend(statement(
                resource,
                target,
                &name,
                &shape.permission_conditions,
            )),
            false => whole.push(whole_policy(resource, name)?),
        }
    }
    let made = functions
        .list
        .iter()
        .zip(of_function)
        .zip(qualifiers(resources, functions));
    let seen = made.filter(|((function, _), _)| function.external_grant.is_none());
    let made = seen.flat_map(|((function, entries), own)| policies_of(function, entries, own));
    whole.extend(made);
    Ok(whole)
}

fn for_any(resource: &Resource) -> String {
    let id = &resource.logical_id;
    format!("which function `{id}` is for is not known before the deploy")
}

/// A statement, and the qualifier whose policy it is in.
type Entry = (Option<Text>, Node);

/// Whether a text that is the name of no function here can be one once the stack is made.
fn may_be_one(text: &Text, functions: &Functions<'_>) -> bool {
    let is_open = |function: &&&Resource| {
        let written = function.text("FunctionName");
        written.is_some_and(|name| name.as_str().is_none())
    };
    text.as_str().is_none() || functions.list.iter().any(|function| is_open(&function))
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
    let own = qualifiers.into_iter().map(|own| (Some(own), Vec::new()));
    let mut documents: Vec<(Option<Text>, Vec<Node>)> = vec![(None, Vec::new())];
    documents.extend(own);
    for (qualifier, statement) in entries {
        match documents.iter_mut().find(|(known, _)| *known == qualifier) {
            Some((_, statements)) => statements.push(statement),
            None => documents.push((qualifier, vec![statement])),
        }
    }
    let name = function.arn.as_ref().and_then(FunctionName::of_arn);
    let policies = documents.into_iter().map(|(qualifier, statements)| {
        let version = Node::text("2012-10-17", span);
        let statements = Node::array(statements, span);
        let members = [("Version", version), ("Statement", statements)];
        FunctionPolicy {
            function: name.clone(),
            qualifier,
            document: Some(Node::object(members, span)),
        }
    });
    policies.collect()
}

/// A resource policy is the document itself.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-resourcepolicy.html>
///
/// # Errors
///
/// Where not all of it is known.
fn whole_policy(resource: &Resource, name: FunctionName) -> Result<FunctionPolicy, String> {
    let is_known = |document: &&Node| document.as_str().is_some() || policy::is_known(document);
    let document = resource.property("PolicyDocument").filter(is_known);
    let document = document
        .ok_or_else(|| format!("`{}` is not known before the deploy", resource.logical_id))?;
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
    known: &[PermissionCondition],
) -> Option<Entry> {
    let span = permission.span;
    let text = |text: &str| Node::text(text, span);
    let mut members = vec![
        ("Sid", text(&permission.logical_id)),
        ("Effect", text("Allow")),
        ("Principal", principal(permission.property("Principal")?)),
        ("Action", permission.property("Action")?.clone()),
        ("Resource", Node::text(name.invoked_arn()?, target.span)),
    ];
    let conditions = conditions(permission, known);
    if !conditions.is_empty() {
        members.push(("Condition", Node::object(conditions, span)));
    }
    Some((name.qualifier.clone(), Node::object(members, span)))
}

/// Lambda takes everybody, an account, the ARN of a role or user, or the name of a service. What
/// is not known may be the service that calls.
///
/// <https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html>
fn principal(written: &Node) -> Node {
    let pieces = written.as_text().map_or_else(Vec::new, Text::pieces);
    let start = match pieces.first() {
        Some(Piece::Known(known)) => &**known,
        _ => "",
    };
    let is_account = start.len() == 12 && start.bytes().all(|byte| byte.is_ascii_digit());
    match start {
        "*" => written.clone(),
        _ if is_account || start.starts_with("arn:") => {
            Node::object([("AWS", written.clone())], written.span)
        }
        _ => Node::object([("Service", written.clone())], written.span),
    }
}

/// The conditions that the properties of a permission stand for, by operator.
fn conditions<'k>(permission: &Resource, known: &'k [PermissionCondition]) -> Vec<(&'k str, Node)> {
    let mut operators: Vec<(&str, Node)> = Vec::new();
    for condition in known {
        let Some(value) = permission.property(&condition.property) else {
            continue;
        };
        let value = match value.as_bool() {
            Some(flag) => Node::text(flag.to_string(), value.span),
            None => value.clone(),
        };
        let (operator, key) = (condition.operator.as_str(), condition.key.as_str());
        match operators.iter_mut().find(|(known, _)| *known == operator) {
            Some((_, keys)) => *keys = keys.with(key, value),
            None => operators.push((operator, Node::object([(key, value.clone())], value.span))),
        }
    }
    operators
}
