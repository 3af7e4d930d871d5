//! What the policy of a resource must allow a role of another account, besides what the role's own
//! policies do.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html>

use super::verdict::{Refusal, to_write};
use crate::diagnostics::{Allow, NewStatement, Note, PolicyKind};
use crate::iam::{Arn, PolicyType};
use crate::model::Role;
use crate::syntax::Text;

/// The statement that the policy of a resource lacks.
pub(super) struct ResourceGrant {
    /// What introduces the statement.
    pub(super) help: String,
    pub(super) fix: Allow,
}

/// The statement for what only the policy of one resource of another account lacks; nothing where a
/// role or a Deny must change as well.
pub(super) fn grant(
    role: Option<Role<'_>>,
    policy: PolicyKind,
    refusals: &[Refusal<'_>],
) -> Option<ResourceGrant> {
    let lacks_it_alone = |refusal: &Refusal<'_>| {
        let mut layers = refusal.layers.iter();
        layers.all(|layer| layer.of_type == PolicyType::Resource && layer.denied_by.is_none())
    };
    let first = refusals.first()?;
    let is_one = refusals
        .iter()
        .all(|refusal| refusal.resource == first.resource);
    let (_, other) = accounts(role, refusals)?;
    if !is_one || !refusals.iter().all(lacks_it_alone) {
        return None;
    }
    // In the policy of a key, `*` is the key itself.
    // https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
    let resource = match policy {
        PolicyKind::KeyPolicy => "*".to_owned().into(),
        _ => to_write(&first.resource, false),
    };
    let role = to_write(role?.node.get("Arn")?.as_text()?, false);
    let actions = refusals.iter().map(|refusal| refusal.action.clone());
    let statement = NewStatement {
        principal: Some(("AWS".to_owned(), role)),
        actions: actions.collect(),
        resources: vec![resource],
        ..NewStatement::default()
    };
    let shown = first.resource.filled();
    Some(ResourceGrant {
        help: format!("add this to the policy of {shown}, in account {other}:"),
        fix: Allow::new(policy, vec![statement]),
    })
}

/// Why a resource's own policy has a say: it belongs to another account than the role.
pub(super) fn note(role: Option<Role<'_>>, refusals: &[Refusal<'_>]) -> Option<Note> {
    let (own, other) = accounts(role, refusals)?;
    Some(Note::new(
        "note",
        format!(
            "across accounts ({own} to {other}), both the role and the policy of the resource must allow it"
        ),
    ))
}

/// The account of the role, and the other one of a resource whose policy lacks an Allow.
fn accounts(role: Option<Role<'_>>, refusals: &[Refusal<'_>]) -> Option<(String, String)> {
    let own = account(role?.node.get("Arn")?.as_text()?)?;
    let lacks = |refusal: &&Refusal<'_>| {
        let layer = refusal.layer(PolicyType::Resource);
        layer.is_some_and(|layer| layer.lacks)
    };
    let mut refused = refusals.iter().filter(lacks);
    let other = refused.find_map(|refusal| account(&refusal.resource).filter(|a| *a != own))?;
    Some((own, other))
}

fn account(arn: &Text) -> Option<String> {
    let account = Arn::parse(arn)?.account;
    let known = account.as_str().filter(|account| !account.is_empty());
    known.map(str::to_owned)
}
