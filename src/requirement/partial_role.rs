//! Roles of which only some policies are at hand.

use std::sync::Arc;

use crate::diagnostics::{Finding, Note};
use crate::iam::PolicyType;
use crate::model::{MissingInput, PolicyBundle, Role};

/// A role of which some policies are at hand and others can be fetched.
pub(super) struct PartialRole<'n> {
    role: Role<'n>,
    absent: Vec<MissingInput>,
}

/// How many commands a note names.
const MOST_NAMED: usize = 3;

impl<'n> PartialRole<'n> {
    /// The role as one of which only a part is known; nothing where all of it or nothing is at hand, or where
    /// no command prints the rest.
    pub(super) fn of(role: Role<'n>) -> Option<Self> {
        let policies = role.policies();
        let absent = policies.absent;
        let is_fetched = |missing: &MissingInput| !missing.is_open && !missing.fetch.is_empty();
        let is_partial = !policies.documents.is_empty() && !absent.is_empty();
        (is_partial && absent.iter().all(is_fetched) && !role.is_declared())
            .then_some(PartialRole { role, absent })
    }

    /// The policies as if those at hand were all of the role's own.
    pub(super) fn at_hand(policies: &Arc<PolicyBundle>) -> Arc<PolicyBundle> {
        let mut policies = Arc::clone(policies);
        if policies.missing_of(PolicyType::Identity).is_some() {
            let missing = &mut Arc::make_mut(&mut policies).missing;
            missing.retain(|(of_type, _)| *of_type != PolicyType::Identity);
        }
        policies
    }

    /// What the finding rests on.
    pub(super) fn note(&self) -> Note {
        let commands = self.absent.iter().map(|missing| &missing.fetch);
        let shown: Vec<String> = commands
            .take(MOST_NAMED)
            .map(|command| format!("`{command}`"))
            .collect();
        let more = match self.absent.len().saturating_sub(MOST_NAMED) {
            0 => String::new(),
            count => format!(", and of {count} more"),
        };
        let text = format!(
            "not all policies of the role were provided; to be sure, also pass the output of {}{more}",
            shown.join(" and ")
        );
        Note::new("note", text)
    }

    /// A finding that holds if the policies at hand are all: its help says so.
    pub(super) fn presumed(&self, finding: Finding) -> Finding {
        let help = finding.help.clone().unwrap_or_default();
        let role = self.role.label();
        finding
            .help(format!("if no other policy of {role} allows it, {help}"))
            .notes([self.note()])
            .likely()
    }
}
