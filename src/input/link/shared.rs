//! What the parts of linking share: the names of roles, and lone policies that find an owner.

use crate::input::facts::Facts;
use crate::input::scope::Scope;
use crate::model::LoneType;
use crate::source::{FileId, Span};
use crate::syntax::{Node, Text};

/// The place of what no document says.
pub(super) const NOWHERE: Span = Span {
    file: FileId::NOWHERE,
    start: 0,
    end: 0,
};

/// The name at the end of a role's or policy's ARN, which may have a path before it.
pub(super) fn name_of(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

/// The ARN of the role by which Lambda manages the instances of a capacity provider.
pub(super) fn operator_arn(provider: &Node) -> Option<&Text> {
    let config = provider.get("PermissionsConfig")?;
    config.get("CapacityProviderOperatorRoleArn")?.as_text()
}

/// The name of a role, with its holes as they are shown: no two roles of a template share one.
pub(super) fn role_name(arn: &Text) -> String {
    name_of(&arn.to_string()).to_owned()
}

/// Takes out the lone policies of a type that have an owner, as `has_owner` decides by their scope.
pub(super) fn take_lone(
    facts: &mut Facts,
    of_type: LoneType,
    mut has_owner: impl FnMut(&Scope, &Node) -> bool,
) {
    facts.lone_policies.retain(|lone| {
        lone.fact.of_type != of_type || !has_owner(&lone.scope, &lone.fact.document)
    });
}
