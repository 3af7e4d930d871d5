//! Function policies of a template: what its permissions and resource policies make together.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html>

use super::functions::Functions;
use super::{Resource, roles};
use crate::input::facts::FunctionPolicy;
use crate::model::FunctionName;
use crate::syntax::{Node, Piece, Text};

/// The function policies of a template: for each function that it declares and each qualifier. A
/// function without permissions has a policy that says nothing.
///
/// # Errors
///
/// Where a permission may be for any of them, or a policy is not known; the text says which.
pub(super) fn policies(
    resources: &[Resource],
    functions: &Functions<'_>,
) -> Result<Vec<FunctionPolicy>, String> {
    let mut of_function: Vec<Vec<Entry>> = functions.list.iter().map(|_| Vec::new()).collect();
    let mut whole = Vec::new();
    for resource in resources {
        let (member, is_permission) = match resource.kind() {
            "AWS::Lambda::Permission" => ("FunctionName", true),
            "AWS::Lambda::ResourcePolicy" => ("ResourceArn", false),
            _ => continue,
        };
        let Some(target) = resource.property(member) else {
            continue;
        };
        let Some(text) = target.as_text() else {
            return Err(for_any(resource));
        };
        let (name, index) = functions.named(text);
        let Some(entries) = index.and_then(|index| of_function.get_mut(index)) else {
            match may_be_one(text, functions) {
                true => return Err(for_any(resource)),
                false => continue,
            }
        };
        match is_permission {
            true => entries.extend(statement(resource, target, &name)),
            false => match policy(resource, name) {
                Some(policy) => whole.push(policy),
                None => {
                    return Err(format!(
                        "`{}` is not known before the deploy",
                        resource.logical_id()
                    ));
                }
            },
        }
    }
    let made = functions
        .list
        .iter()
        .zip(of_function)
        .zip(qualifiers(resources, functions));
    let seen = made.filter(|((function, _), _)| function.external_grant().is_none());
    let made = seen.flat_map(|((function, entries), own)| policies_of(function, entries, own));
    whole.extend(made);
    Ok(whole)
}

fn for_any(resource: &Resource) -> String {
    let id = resource.logical_id();
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
        .filter(|resource| resource.is("AWS::Lambda::Alias") || resource.is("AWS::Lambda::Version"))
        .filter_map(Resource::reference);
    for arn in qualified {
        let (name, index) = functions.named(arn);
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
    let span = function.node.span;
    let own = qualifiers.into_iter().map(|own| (Some(own), Vec::new()));
    let mut documents: Vec<(Option<Text>, Vec<Node>)> = vec![(None, Vec::new())];
    documents.extend(own);
    for (qualifier, statement) in entries {
        match documents.iter_mut().find(|(known, _)| *known == qualifier) {
            Some((_, statements)) => statements.push(statement),
            None => documents.push((qualifier, vec![statement])),
        }
    }
    let name = function.arn().and_then(FunctionName::of_arn);
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

/// A resource policy is the document itself; nothing where not all of it is known.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-resourcepolicy.html>
fn policy(resource: &Resource, name: FunctionName) -> Option<FunctionPolicy> {
    let document = resource.property("PolicyDocument")?;
    let is_known = document.as_str().is_some() || roles::is_known(document);
    is_known.then(|| FunctionPolicy {
        qualifier: name.qualifier.clone(),
        function: Some(FunctionName {
            qualifier: None,
            ..name
        }),
        document: Some(document.clone()),
    })
}

/// The statement that a permission adds to a function policy.
fn statement(permission: &Resource, target: &Node, name: &FunctionName) -> Option<Entry> {
    let span = permission.node.span;
    let text = |text: &str| Node::text(text, span);
    let mut members = vec![
        ("Sid", text(permission.logical_id())),
        ("Effect", text("Allow")),
        ("Principal", principal(permission.property("Principal")?)),
        ("Action", permission.property("Action")?.clone()),
        ("Resource", Node::text(name.invoked_arn()?, target.span)),
    ];
    let conditions = conditions(permission);
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
