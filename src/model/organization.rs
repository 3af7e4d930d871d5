//! The policies of an organization, by level.

use std::sync::Arc;

use crate::iam::{Effect, PolicyDocument};
use crate::source::Span;
use crate::syntax::Node;

/// A policy of an organization and what it is called.
#[derive(Clone, Debug)]
pub struct OrganizationPolicy {
    /// What the policy is called in a result.
    pub name: String,
    /// What it says.
    pub document: Arc<PolicyDocument>,
    /// Whether AWS attaches it by itself, and it was not given.
    pub is_default: bool,
}

/// The policies of one level: of the root, of an organizational unit, or of the account itself.
pub type Level = Vec<OrganizationPolicy>;

/// Policies that an organization attaches to the root, to organizational units and to accounts.
///
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html>
#[derive(Clone, Debug, Default)]
pub struct Organization {
    /// Service control policies: every level must allow what the accounts' principals do.
    pub service_control: Vec<Level>,
    /// Resource control policies: every level must allow what is done to the accounts' resources.
    pub resource_control: Vec<Level>,
}

impl Organization {
    /// Adds a level of service control policies. One that only denies stands beside a policy that
    /// allows everything, as AWS attaches it everywhere.
    pub fn add_service_control(&mut self, policies: Vec<(String, PolicyDocument)>) {
        let is_complete = policies.iter().any(|(_, document)| allows(document));
        let default = Some(SERVICE_CONTROL).filter(|_| !is_complete);
        self.service_control.push(level(policies, default));
    }

    /// Adds a level of resource control policies, beside the one that AWS attaches everywhere and
    /// that cannot be detached.
    ///
    /// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_evaluation.html>
    pub fn add_resource_control(&mut self, policies: Vec<(String, PolicyDocument)>) {
        let level = level(policies, Some(RESOURCE_CONTROL));
        self.resource_control.push(level);
    }
}

/// A level of policies, with the default one of that name if it is attached.
fn level(policies: Vec<(String, PolicyDocument)>, default: Option<&str>) -> Level {
    let span = policies.first().map(|(_, document)| document.span);
    let default = span.and_then(|span| Some((default?.to_owned(), allow_all(default?, span))));
    let named = |is_default| {
        move |(name, document)| OrganizationPolicy {
            name,
            document: Arc::new(document),
            is_default,
        }
    };
    let given = policies.into_iter().map(named(false));
    given.chain(default.map(named(true))).collect()
}

fn allows(document: &PolicyDocument) -> bool {
    let mut statements = document.statements.iter();
    statements.any(|statement| statement.effect == Some(Effect::Allow))
}

/// The default policies that AWS attaches.
const SERVICE_CONTROL: &str = "FullAWSAccess";
const RESOURCE_CONTROL: &str = "RCPFullAWSAccess";

/// What the default policy of that name says.
fn allow_all(name: &str, span: Span) -> PolicyDocument {
    let principal = Some(("Principal", "*")).filter(|_| name == RESOURCE_CONTROL);
    let members = [("Effect", "Allow"), ("Action", "*"), ("Resource", "*")];
    let members = members.into_iter().chain(principal);
    let members = members.map(|(name, text)| (name, Node::text(text, span)));
    let statements = Node::array(vec![Node::object(members, span)], span);
    PolicyDocument::read(&Node::object([("Statement", statements)], span))
}
