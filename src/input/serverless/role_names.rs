//! Which role each function has.

use super::calls::attribute;
use super::fill::is_set;
use super::service::{Function, Service};
use crate::source::Span;
use crate::syntax::Node;

/// What gives a function its own role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OwnRole {
    /// The plugin, which adds less.
    Plugin,
    /// The framework from version 4 on.
    Framework,
}

impl Service<'_> {
    /// The logical ID of the role of a function, if the framework makes it.
    pub(super) fn role_id(&self, function: &Function) -> Option<String> {
        let shared = self.fact(&["role"]).as_str()?;
        if self.own_role(function).is_some() {
            return Some(format!("{}{shared}", function.id));
        }
        let is_named = self.named_role(function).is_some();
        (!is_named).then(|| shared.to_owned())
    }

    /// The value of a function's property `Role`.
    pub(super) fn role(&self, function: &Function, span: Span) -> Node {
        if let Some(id) = self.role_id(function) {
            return attribute(&id, "Arn", span);
        }
        let Some(named) = self.named_role(function) else {
            return Node::text("", span);
        };
        match named.as_str() {
            Some(name) if !name.starts_with("arn:") => attribute(name, "Arn", named.span),
            _ => named.clone(),
        }
    }

    /// What makes a role for a function alone, if anything does.
    pub(super) fn own_role(&self, function: &Function) -> Option<OwnRole> {
        if function.node.get("role").is_some_and(is_set) {
            return None;
        }
        let by_plugin = self.uses("rolesPerFunction");
        let is_asked_for = function.node.get("iamRoleStatements").is_some();
        if by_plugin {
            return is_asked_for.then_some(OwnRole::Plugin);
        }
        if self.version.is_some_and(|version| version < '4') || self.shared_role().is_some() {
            return None;
        }
        let role = function.node.at(&["iam", "role"]);
        let asks = |name: &str| role.is_some_and(|role| role.get(name).is_some());
        let has_own = is_asked_for || asks("statements") || asks("managedPolicies");
        (has_own || self.has_role_per_function()).then_some(OwnRole::Framework)
    }

    /// Where the role of all functions is described.
    pub(super) fn role_span(&self) -> Span {
        let iam = self.provider.member("iam");
        let own = iam.and_then(|iam| iam.value.member("role")).or(iam);
        let old = || self.provider.member("iamRoleStatements");
        let place = own.or_else(old).or_else(|| self.root.member("provider"));
        place.map_or(self.root.span.at_start(), |member| member.key.span)
    }
}
