//! The `Policies` of a function: names and ARNs of managed policies, documents, and policy
//! templates.
//!
//! <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-templates.html>

use super::resources::call;
use crate::input::cloudformation::resolve::MANAGED_POLICY;
use crate::source::Span;
use crate::syntax::{Key, Kind, Member, Node};

/// How deep templates of policies are nested.
const MAX_DEPTH: usize = 32;

/// What `Policies` says: documents, and ARNs of managed policies.
#[derive(Debug, Default)]
pub(super) struct Policies {
    /// Documents, and whether SAM wrote them.
    pub(super) documents: Vec<(Node, bool)>,
    pub(super) managed: Vec<Node>,
}

impl Policies {
    /// Reads the element; `sam` has the policy templates.
    pub(super) fn read(node: &Node, sam: &Node) -> Self {
        let mut policies = Policies::default();
        for entry in node.each() {
            policies.add(entry, sam);
        }
        policies
    }

    /// The places of the documents that SAM wrote.
    pub(super) fn generated(&self) -> Vec<usize> {
        let documents = self.documents.iter().enumerate();
        let generated = documents.filter(|(_, (_, is_generated))| *is_generated);
        generated.map(|(index, _)| index).collect()
    }

    /// The policies as properties of a role of that name.
    pub(super) fn properties(self, role: &str, span: Span) -> Vec<(&'static str, Node)> {
        let named = self.documents.into_iter().map(|(document, _)| {
            let span = document.span;
            let name = Node::text(format!("{role}Policy"), span);
            Node::object([("PolicyName", name), ("PolicyDocument", document)], span)
        });
        vec![
            ("Policies", Node::array(named.collect(), span)),
            ("ManagedPolicyArns", Node::array(self.managed, span)),
        ]
    }

    fn add(&mut self, entry: &Node, sam: &Node) {
        if entry.as_text().is_some() {
            self.managed.push(managed(entry));
        } else if let Some([condition, yes, no]) = entry.get("Fn::If").map(Node::items) {
            let statements = |node: &Node| node.get("Statement").is_some();
            match statements(yes) || statements(no) {
                true => self.documents.push((entry.clone(), false)),
                false => {
                    let branches = vec![condition.clone(), managed(yes), managed(no)];
                    let branches = Node::array(branches, entry.span);
                    self.managed.push(call("Fn::If", branches));
                }
            }
        } else if entry.get("Statement").is_some() {
            self.documents.push((entry.clone(), false));
        } else if let [only] = entry.members() {
            match sam
                .get("policyTemplates")
                .and_then(|all| all.get(&only.key.text))
            {
                Some(template) => self.documents.push((document(template, only), true)),
                None => self.managed.push(entry.clone()),
            }
        } else if entry.is_object() && !entry.members().is_empty() {
            // Several policy templates can stand in one object.
            for member in entry.members() {
                let single = Node::new(Kind::Object(vec![member.clone()].into()), entry.span);
                self.add(&single, sam);
            }
        }
    }
}

/// A policy by name or ARN.
fn managed(entry: &Node) -> Node {
    match entry.as_str() {
        Some(name) if !name.starts_with("arn:") => {
            // Which folder AWS keeps the policy in is known to the catalogue alone.
            call(MANAGED_POLICY, entry.clone())
        }
        _ => entry.clone(),
    }
}

/// The document that a policy template makes of its values.
fn document(template: &Node, used: &Member) -> Node {
    let span = used.key.span;
    let statements = template.get("statements").map_or(&[][..], Node::items);
    let filled = statements
        .iter()
        .map(|statement| filled(statement, &used.value, span, MAX_DEPTH));
    let version = Node::text("2012-10-17", span);
    Node::object(
        [
            ("Version", version),
            ("Statement", Node::array(filled.collect(), span)),
        ],
        span,
    )
}

/// A part of a policy template with each `Ref` of a parameter replaced by its value.
fn filled(node: &Node, values: &Node, span: Span, depth: usize) -> Node {
    if depth == 0 {
        return Node::new(node.kind.clone(), span);
    }
    match &node.kind {
        Kind::Object(members) => {
            if let Some(value) = node.str("Ref").and_then(|name| values.get(name)) {
                return value.clone();
            }
            let members = members.iter().map(|member| Member {
                key: Key {
                    text: member.key.text.clone(),
                    span,
                },
                value: filled(&member.value, values, span, depth - 1),
            });
            Node::new(Kind::Object(members.collect::<Vec<Member>>().into()), span)
        }
        Kind::Array(items) => {
            let items = items
                .iter()
                .map(|item| filled(item, values, span, depth - 1));
            Node::array(items.collect(), span)
        }
        _ => Node::new(node.kind.clone(), span),
    }
}
