//! SAM: serverless resources as the CloudFormation resources that AWS's transform makes of them.
//!
//! Owns what the transform adds by itself: roles, policies, permissions and mappings. What it adds
//! lies at the place of what asked for it.
//!
//! <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html>

mod connectors;
mod event;
mod function;
mod globals;
mod others;
mod policies;

use std::collections::HashSet;
use std::sync::Arc;

use crate::source::Span;
use crate::syntax::{Key, Kind, Member, Node};

/// Whether the transform makes something of a template.
pub(super) fn is_needed(template: &Node) -> bool {
    let resources = template.get("Resources").map_or(&[][..], Node::members);
    resources.iter().any(is_serverless)
}

/// The template with every serverless resource in its long form.
pub(super) fn expanded(template: &Node, sam: &Node) -> Option<Node> {
    let resources = template.get("Resources")?;
    let written = resources.members();
    let mut made: Vec<Member> = implied(template, sam);
    for member in written {
        match (member.value.str("Type"), of_type(&member.value, sam)) {
            (Some(FUNCTION), _) => made.extend(function::resources(template, member, sam)),
            (_, Some(told)) => made.extend(others::resources(template, member, told, sam)),
            _ => made.push(member.clone()),
        }
    }
    // Several events can ask for one and the same resource.
    let mut names: HashSet<Arc<str>> = HashSet::new();
    made.retain(|member| names.insert(Arc::clone(&member.key.text)));
    let connections = connectors::connections(written);
    let left = connectors::policies(&connections, &mut made, sam);
    made.retain(|member| {
        member.value.str("Type") != Some(connectors::TYPE) || left.contains(&*member.key.text)
    });
    let resources = Node::new(Kind::Object(made.into()), resources.span);
    Some(template.with("Resources", resources))
}

const FUNCTION: &str = "AWS::Serverless::Function";

/// Whether the transform makes something of a resource.
fn is_serverless(member: &Member) -> bool {
    let kind = member.value.str("Type");
    let is_own = kind.is_some_and(|kind| kind.starts_with("AWS::Serverless::"));
    is_own || member.value.get("Connectors").is_some()
}

fn of_type<'s>(resource: &Node, sam: &'s Node) -> Option<&'s Node> {
    sam.get("resources")?.get(resource.str("Type")?)
}

/// The APIs that events of functions imply.
fn implied(template: &Node, sam: &Node) -> Vec<Member> {
    let kinds = sam.get("resources").map_or(&[][..], Node::members).iter();
    let made = kinds.flat_map(|kind| {
        let implied = kind.value.get("implied")?;
        let name = implied.str("name")?;
        let span = asked_by(template, implied)?;
        let value = Node::object([("Type", Node::text(&*kind.key.text, span))], span);
        let key = Key {
            text: name.into(),
            span,
        };
        let member = Member { key, value };
        Some(others::resources(template, &member, &kind.value, sam))
    });
    made.flatten().collect()
}

/// Where an event asks for an API without naming one.
fn asked_by(template: &Node, implied: &Node) -> Option<Span> {
    let (kind, naming) = (implied.str("event")?, implied.str("without")?);
    let resources = template.get("Resources").map_or(&[][..], Node::members);
    let functions = resources
        .iter()
        .filter(|member| member.value.str("Type") == Some(FUNCTION));
    let events = functions.flat_map(|function| {
        let events = function.value.at(&["Properties", "Events"]);
        events.map_or(&[][..], Node::members)
    });
    let mut asking = events.filter(|event| {
        let names_one = event.value.at(&["Properties", naming]).is_some();
        event.value.str("Type") == Some(kind) && !names_one
    });
    asking.next().map(|event| event.key.span)
}

/// A resource that is made here.
fn resource(name: &str, kind: &str, properties: Vec<(&str, Node)>, span: Span) -> Member {
    let value = Node::object(
        [
            ("Type", Node::text(kind, span)),
            ("Properties", Node::object(properties, span)),
        ],
        span,
    );
    Member {
        key: Key {
            text: name.into(),
            span,
        },
        value,
    }
}

/// A call of an intrinsic function.
fn call(name: &str, value: Node) -> Node {
    let span = value.span;
    Node::object([(name, value)], span)
}

fn reference(name: &str, span: Span) -> Node {
    call("Ref", Node::text(name, span))
}

fn attribute(resource: &str, name: &str, span: Span) -> Node {
    let parts = [resource, name].map(|part| Node::text(part, span));
    call("Fn::GetAtt", Node::array(parts.to_vec(), span))
}

/// A name without what a logical id cannot have.
fn letters(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}
