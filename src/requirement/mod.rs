//! Requirements: what rules check at the places that they select.
//!
//! Owns the closed set of kinds, each in a file with its format, its check and its documentation. It calls
//! `iam::authorize` for every decision about permissions. It must not parse text or print.

mod absent;
mod accepted;
mod action_names;
mod actions_exist;
mod allows_something;
mod authorization;
mod caches;
mod caller_role;
mod caller_role_allows;
mod caller_role_trusts;
mod conditioned_on;
mod context;
mod cross_account;
mod expand_actions;
mod function_policy_allows;
mod granted_beside;
mod granted_together;
mod granting;
mod grants_whole;
mod invocation;
mod keys_are_offered;
mod keys_are_unique;
mod kind;
mod logical_id;
mod managed_policy_exists;
mod misplaced_grant;
mod near_miss;
mod no_longer_than;
mod not_conditioned_on;
mod not_matching;
mod operators_fit;
mod partial_role;
mod qualifiers;
mod references_fit;
mod remedy;
mod required_grant;
mod resource_policy_allows;
mod resources_fit;
mod role_allows;
mod role_assumed;
mod rule_metadata;
mod senders_may_use_key;
mod service_caller;
mod service_role_allows;
mod sids_are_unique;
mod source_limit;
mod source_role_allows;
mod statement_filter;
mod suppression_fault;
mod suppressions;
mod surroundings;
mod trusts;
mod variables_work;
mod verdict;
mod well_formed;
mod wildcards_match;

pub use caches::Caches;
pub use context::{LintContext, LintResult, Match, Subject};
pub use granting::{TriggerGrant, trigger_grant};
pub use kind::{Form, Kind, Member, Requirement};
pub use required_grant::{Needed, NeededFor, NeededRequest, RoleNeed, needs_of_role};
pub use rule_metadata::{RuleMetadata, Told, Words};
pub use suppression_fault::SuppressionFault;

use crate::diagnostics::Problem;
use crate::syntax::{Fields, Node, nearest};

/// All kinds, in the order of the documentation. A new kind is a file beside these, and a line here.
pub const KINDS: &[&Kind] = &[
    &function_policy_allows::KIND,
    &caller_role_allows::KIND,
    &caller_role_trusts::KIND,
    &source_role_allows::KIND,
    &service_role_allows::KIND,
    &role_allows::KIND,
    &resource_policy_allows::KIND,
    &senders_may_use_key::KIND,
    &granted_together::KIND,
    &trusts::KIND,
    &grants_whole::KIND,
    &actions_exist::KIND,
    &wildcards_match::KIND,
    &managed_policy_exists::KIND,
    &resources_fit::KIND,
    &keys_are_offered::KIND,
    &operators_fit::KIND,
    &sids_are_unique::KIND,
    &variables_work::KIND,
    &no_longer_than::KIND,
    &allows_something::KIND,
    &keys_are_unique::KIND,
    &well_formed::KIND,
    &conditioned_on::KIND,
    &not_conditioned_on::KIND,
    &absent::KIND,
    &references_fit::KIND,
    &not_matching::KIND,
    &accepted::KIND,
    &suppressions::KIND,
];

/// Whether rules with this requirement select the places that it is about.
pub(crate) fn selects(node: Option<&Node>) -> bool {
    let member = node.and_then(|node| node.members().first());
    let name = member.map_or("", |member| &*member.key.text);
    let kind = KINDS.iter().find(|kind| kind.name == name);
    kind.is_none_or(|kind| !kind.selects.is_empty())
}

/// What holds everywhere.
pub(crate) fn nothing() -> Box<dyn Requirement> {
    Box::new(kind::Nothing)
}

/// Reads an object with one member: the requirement's name, and what it takes.
pub(crate) fn decode(
    node: &Node,
    is_trusted: bool,
    problems: &mut Vec<Problem>,
) -> Option<(&'static Kind, Box<dyn Requirement>)> {
    let [member] = node.members() else {
        let message = "`require` must be an object with one member";
        problems.push(Problem::at(node.span, message).help(known()));
        return None;
    };
    let name = &*member.key.text;
    let Some(kind) = KINDS.iter().find(|kind| kind.name == name) else {
        let message = format!("unknown requirement `{name}`");
        let help = match nearest(name, KINDS.iter().map(|kind| kind.name)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => known(),
        };
        problems.push(Problem::at(member.key.span, message).help(help));
        return None;
    };
    let mut fields = Fields::open(&member.value, "this requirement", problems)?;
    let requirement = (kind.decode)(&mut fields, is_trusted);
    fields.finish();
    Some((kind, requirement?))
}

fn known() -> String {
    let names: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
    format!("expected one of: {}", names.join(", "))
}
