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
    let functions = resources
        .members()
        .iter()
        .filter(|member| is_function(member));
    let kept = resources
        .members()
        .iter()
        .filter(|member| !is_function(member))
        .cloned();
    let made = functions.flat_map(|member| function::resources(template, member, sam));
    let mut members: Vec<Member> = kept.collect();
    for member in made {
        // Several events can ask for one and the same resource.
        if !members
            .iter()
            .any(|known| known.key.text == member.key.text)
        {
            members.push(member);
        }
    }
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
