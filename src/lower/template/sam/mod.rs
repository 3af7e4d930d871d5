//! SAM: serverless resources as the CloudFormation resources that AWS's transform makes of them.
//!
//! Owns what the transform adds by itself: roles, policies, permissions and mappings. What it adds
//! lies at the place of what asked for it.
//!
//! <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html>

mod event;
mod function;
mod globals;
mod policies;

use std::collections::HashSet;
use std::sync::Arc;

use crate::document::{Key, Kind, Member, Node};
use crate::source::Span;

/// Whether a template has serverless functions.
pub(super) fn is_serverless(template: &Node) -> bool {
    let resources = template.get("Resources").map_or(&[][..], Node::members);
    resources.iter().any(is_function)
}

/// The template with every serverless function in its long form.
pub(super) fn expanded(template: &Node, sam: &Node) -> Option<Node> {
    let resources = template.get("Resources")?;
    let written = resources.members().iter();
    let (functions, kept): (Vec<&Member>, Vec<&Member>) =
        written.partition(|member| is_function(member));
    let made = functions
        .into_iter()
        .flat_map(|member| function::resources(template, member, sam));
    // Several events can ask for one and the same resource.
    let mut names: HashSet<Arc<str>> = HashSet::new();
    let members = kept.into_iter().cloned().chain(made);
    let members: Vec<Member> = members
        .filter(|member| names.insert(Arc::clone(&member.key.text)))
        .collect();
    let resources = Node::new(Kind::Object(members.into()), resources.span);
    Some(template.with("Resources", resources))
}

fn is_function(member: &Member) -> bool {
    member.value.str("Type") == Some("AWS::Serverless::Function")
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
