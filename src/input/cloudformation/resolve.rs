//! Resolving: a part of a template with everything in it that can be known.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>

use std::collections::BTreeMap;

use super::attributes;
use super::conditions;
use super::evaluation::{Evaluation, Resolve};
use super::intrinsics;
use super::partial_string::with_references_open;
use super::stack_context::StackContext;
use crate::catalogue::Catalogue;
use crate::input::infra::arn_formats::MAX_DEPTH;
use crate::syntax::{Kind, Member, Node};

/// What a value counts beside its text.
const VALUE: usize = 16;

/// A template whose parts can be resolved.
#[derive(Debug)]
pub(super) struct Resolver<'t> {
    pub(super) evaluation: Evaluation<'t>,
}

impl Resolve for Resolver<'_> {
    fn evaluation(&self) -> &Evaluation<'_> {
        &self.evaluation
    }

    fn resolve(&self, node: &Node, depth: usize) -> Option<Node> {
        if depth > MAX_DEPTH || !self.evaluation.spend(VALUE) {
            let what = "a value that is nested too deeply";
            return Some(self.evaluation.unknown(node, what));
        }
        match &node.kind {
            Kind::Array(items) => {
                let items = items
                    .iter()
                    .filter_map(|item| self.resolve(item, depth + 1));
                Some(Node::array(items.collect(), node.span))
            }
            Kind::Object(members) => match &**members {
                [only] if is_intrinsic(&only.key.text) => self.intrinsic(node, only, depth + 1),
                // What it has besides these members is not known.
                _ if depth > 0 && members.iter().any(adds_members) => {
                    Some(self.evaluation.unknown(node, "Fn::Transform"))
                }
                _ => Some(self.object(node, members, depth + 1)),
            },
            Kind::Text(text) => Some(match text.as_str() {
                Some(known) if known.contains("{{resolve:") => {
                    Node::text(with_references_open(text.clone()), node.span)
                }
                _ => node.clone(),
            }),
            _ => Some(node.clone()),
        }
    }
}

impl<'t> Resolver<'t> {
    pub(super) fn new(
        template: &'t Node,
        context: &'t StackContext,
        catalogue: &'t Catalogue,
    ) -> Self {
        let evaluation = Evaluation::new(template, context, catalogue);
        Resolver { evaluation }
    }

    /// Whether the template makes a resource; nothing where its condition is not known.
    pub(super) fn makes(&self, resource: &Node) -> Option<bool> {
        match resource.str("Condition") {
            Some(name) => self.condition(name),
            None => Some(true),
        }
    }

    /// Whether the condition of that name is met; nothing where that is not known.
    pub(super) fn condition(&self, name: &str) -> Option<bool> {
        conditions::condition(self, name)
    }

    /// A value with everything known; nothing for `AWS::NoValue`.
    pub(super) fn value(&self, node: &Node) -> Option<Node> {
        self.resolve(node, 0)
    }

    fn object(&self, node: &Node, members: &[Member], depth: usize) -> Node {
        let members = members.iter().filter_map(|member| {
            Some(Member {
                key: member.key.clone(),
                value: self.resolve(&member.value, depth)?,
            })
        });
        Node::new(
            Kind::Object(members.collect::<Vec<Member>>().into()),
            node.span,
        )
    }

    fn intrinsic(&self, node: &Node, call: &Member, depth: usize) -> Option<Node> {
        let (name, given) = (&*call.key.text, &call.value);
        let text = match name {
            "Ref" => {
                let name = self.resolve(given, depth);
                let name = name.as_ref().and_then(Node::as_str).unwrap_or("");
                return attributes::reference(self, node, name, depth);
            }
            "Fn::GetAtt" => attributes::attribute_call(self, given, depth),
            "Fn::Sub" => intrinsics::substituted(self, given, depth),
            "Fn::Join" => intrinsics::join(self, given, depth),
            "Fn::ImportValue" => intrinsics::imported(self, given, depth),
            "Fn::Select" => return intrinsics::selected(self, node, given, depth),
            "Fn::Split" => return intrinsics::split(self, node, given, depth),
            "Fn::If" => return intrinsics::chosen(self, node, given, depth),
            "Fn::FindInMap" => return intrinsics::found(self, node, given, depth),
            "Fn::Length" => return Some(intrinsics::length(self, node, given, depth)),
            // A document written as a text is as good as the document.
            "Fn::ToJsonString" => return self.resolve(given, depth),
            MANAGED_POLICY => return Some(intrinsics::managed_policy(self, node, given)),
            _ => {
                let what = format!("{name} {}", label(given));
                return Some(self.evaluation.unknown(node, &what));
            }
        };
        let text = text.unwrap_or_else(|| self.evaluation.open_at(name, node));
        Some(Node::text(text, node.span))
    }
}

/// A part of a template that was taken out of it, with every call in it evaluated as far as that goes
/// without the template.
pub(in crate::input) fn resolved_alone(
    part: &Node,
    given: &BTreeMap<String, String>,
    catalogue: &Catalogue,
) -> Node {
    let is_call = |member: &Member| is_intrinsic(&member.key.text);
    if !part.walk().any(|node| node.members().iter().any(is_call)) {
        return part.clone();
    }
    let context = StackContext {
        given: given.clone(),
        ..StackContext::default()
    };
    let nothing = Node::object([], part.span);
    let resolver = Resolver::new(&nothing, &context, catalogue);
    resolver.value(part).unwrap_or_default()
}

/// How the transform of SAM writes a managed policy by its name alone, which only the catalogue
/// turns into an ARN.
pub(super) const MANAGED_POLICY: &str = "SAM::ManagedPolicy";

/// Whether a member of that name is a call of a function.
pub(super) fn is_intrinsic(name: &str) -> bool {
    name == "Ref"
        || (name.starts_with("Fn::") && !name.starts_with("Fn::ForEach::"))
        || name == MANAGED_POLICY
}

/// Whether a member stands for others, which are not known: an include, a macro, or a loop that is
/// left.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-transform.html>
pub(super) fn adds_members(member: &Member) -> bool {
    let name = &*member.key.text;
    name == "Fn::Transform" || name.starts_with("Fn::ForEach::")
}

/// What a call of an unknown function is about, for messages.
fn label(node: &Node) -> &str {
    let first = || node.members().first()?.value.as_str();
    node.as_str().or_else(first).unwrap_or("")
}
