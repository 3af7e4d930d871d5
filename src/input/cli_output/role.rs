//! Roles, as IAM prints them.

use super::Reader;
use crate::input::facts::{
    AttachedPolicy, Boundary, InlinePolicy, PolicyList, RoleFact, RoleOrigin, RolePolicy, push,
};
use crate::input::scope::Scope;
use crate::model::LoneType;
use crate::syntax::{Node, Text};

impl Reader<'_, '_> {
    /// `GetRole`, or a role of `GetAccountAuthorizationDetails`.
    pub(super) fn role(&mut self, role: &Node, scope: &Scope) {
        let trust = role.get("AssumeRolePolicyDocument");
        let trust = trust.map(|written| self.emitter.policy_document(written, LoneType::Trust));
        let inline = role.get("RolePolicyList").map(Node::items);
        let inline = inline.map(|list| list.iter().map(|policy| self.inline_policy(policy)));
        let inline = inline.map(Iterator::collect);
        let attached = role.get("AttachedManagedPolicies").map(Node::items);
        let attached = attached.map(|list| list.iter().map(|policy| self.attached(policy)));
        let attached = attached.map(Iterator::collect);
        let boundary = role.get("PermissionsBoundary").filter(|b| b.is_object());
        let boundary = boundary.map(|boundary| Boundary {
            arn: boundary.get("PermissionsBoundaryArn").cloned(),
            document: self.attached_document(boundary),
            span: boundary.span,
        });
        let fact = RoleFact {
            name: text(role, "RoleName"),
            arn: text(role, "Arn"),
            logical_id: None,
            trust,
            inline,
            attached,
            boundary,
            unknown_policies: None,
            origin: RoleOrigin::default(),
            details: role.clone(),
        };
        push(&mut self.emitter.facts.roles, fact, scope);
    }

    /// `GetRolePolicy`.
    pub(super) fn role_policy(&mut self, root: &Node, scope: &Scope) {
        let fact = RolePolicy {
            role: root.str("RoleName").unwrap_or("").to_owned(),
            policy: self.inline_policy(root),
        };
        push(&mut self.emitter.facts.role_policies, fact, scope);
    }

    /// `ListRolePolicies`.
    pub(super) fn inline_policy_list(&mut self, root: &Node, names: &Node, scope: &Scope) {
        let names = names.items().iter().filter_map(Node::as_str);
        let fact = page(root, names.map(str::to_owned).collect());
        push(&mut self.emitter.facts.inline_policy_lists, fact, scope);
    }

    /// `ListAttachedRolePolicies`.
    pub(super) fn attached_policy_list(&mut self, root: &Node, policies: &Node, scope: &Scope) {
        let entries = policies.items().iter();
        let entries = entries.map(|policy| AttachedPolicy {
            document: policy.get("PolicyDocument").cloned(),
            ..attached_policy(policy)
        });
        let fact = page(root, entries.collect());
        push(&mut self.emitter.facts.attached_policy_lists, fact, scope);
    }

    fn inline_policy(&mut self, policy: &Node) -> InlinePolicy {
        InlinePolicy {
            name: text(policy, "PolicyName"),
            document: self.attached_document(policy),
            span: policy.span,
        }
    }

    fn attached(&mut self, policy: &Node) -> AttachedPolicy {
        AttachedPolicy {
            document: self.attached_document(policy),
            ..attached_policy(policy)
        }
    }

    fn attached_document(&mut self, policy: &Node) -> Option<Node> {
        let written = policy.get("PolicyDocument")?;
        Some(self.emitter.policy_document(written, LoneType::Identity))
    }
}

fn attached_policy(policy: &Node) -> AttachedPolicy {
    AttachedPolicy {
        name: text(policy, "PolicyName"),
        arn: policy.get("PolicyArn").cloned(),
        document: None,
        span: policy.span,
    }
}

/// A page of a list, which may go on.
fn page<T>(root: &Node, entries: Vec<T>) -> PolicyList<T> {
    let mut tokens = ["Marker", "NextToken"].iter();
    let has_token = tokens.any(|name| root.str(name).is_some());
    PolicyList {
        role: root.str("RoleName").map(str::to_owned),
        entries,
        is_truncated: has_token || root.get("IsTruncated").and_then(Node::as_bool) == Some(true),
        span: root.span,
    }
}

fn text(node: &Node, member: &str) -> Option<Text> {
    node.get(member)?.as_text().cloned()
}
