//! Roles that documents name as something else than the execution role of a function.

use super::functions::FunctionBuilders;
use super::role_builder::RoleBuilder;
use super::shared::{operator_arn, role_name};
use crate::catalogue::Catalogue;
use crate::iam::{Effect, PolicyDocument, Statement};
use crate::input::facts::Scoped;
use crate::model::members::{ASSUMING_ROLE, POSSIBLE_ROLE, ROLE};
use crate::syntax::{Node, Text};

/// The roles that sources use, and those that function policies name: they call functions.
pub(super) struct OtherRoles<'c> {
    arns: Vec<Text>,
    /// Names of roles of which only a session is named.
    of_sessions: Vec<String>,
    catalogue: &'c Catalogue,
}

impl<'c> OtherRoles<'c> {
    pub(super) fn of(
        functions: &FunctionBuilders,
        providers: &[Scoped<Node>],
        catalogue: &'c Catalogue,
    ) -> Self {
        let operators = providers
            .iter()
            .filter_map(|provider| operator_arn(&provider.fact));
        let triggers = functions.list.iter().flat_map(|f| &f.triggers);
        let of_triggers = triggers.flat_map(|trigger| {
            let members = [ROLE, ASSUMING_ROLE, POSSIBLE_ROLE];
            members.map(|member| trigger.get(member).and_then(Node::as_text))
        });
        let mut arns: Vec<Text> = of_triggers.flatten().chain(operators).cloned().collect();
        let mut of_sessions = Vec::new();
        let policies = functions.list.iter().flat_map(|f| &f.policies);
        for document in policies.filter_map(|(_, document)| document.as_ref()) {
            for name in principals(document) {
                let written = name.as_str().unwrap_or("");
                match written.split_once(":assumed-role/") {
                    Some((_, path)) => {
                        of_sessions.extend(path.split('/').next().map(str::to_owned))
                    }
                    None if written.contains(":role/") => arns.push(name),
                    None => {}
                }
            }
        }
        OtherRoles {
            arns,
            of_sessions,
            catalogue,
        }
    }

    /// Whether a role is one of these, or where the function `is_told` of only by what calls it, one
    /// that Lambda cannot assume.
    pub(super) fn include(&self, role: &RoleBuilder, is_told: bool) -> bool {
        let is = |arn: &Text| match &role.arn {
            Some(own) => own == arn,
            None => role.name == role_name(arn),
        };
        let is_named = self.arns.iter().any(is) || self.of_sessions.contains(&role.name);
        is_named || !is_told && role.trust().is_some_and(|trust| !self.fits(trust))
    }

    /// Whether a trust policy may let Lambda assume the role.
    pub(super) fn fits(&self, trust: &Node) -> bool {
        let Some(lambda) = self.catalogue.execution_service() else {
            return true;
        };
        let lets_in = |statement: &Statement| match &statement.principal {
            Some(principal) => {
                let mut services = principal.entries.iter().filter(|e| e.kind == "Service");
                let is_lambda = |name: &Text| {
                    name.as_str().is_none() || self.catalogue.principals.is_of(name, lambda)
                };
                principal.negated
                    || principal.is_everybody()
                    || services.any(|entry| is_lambda(&entry.name))
            }
            None => true,
        };
        let document = PolicyDocument::read(trust);
        let mut allows = document.statements.iter();
        allows.any(|statement| statement.effect != Some(Effect::Deny) && lets_in(statement))
    }
}

/// The AWS principals that a policy names.
fn principals(document: &Node) -> Vec<Text> {
    let document = PolicyDocument::read(document);
    let elements = document
        .statements
        .iter()
        .filter_map(|s| s.principal.as_ref());
    let entries = elements.flat_map(|principal| &principal.entries);
    let names = entries.filter(|entry| entry.kind == "AWS");
    names.map(|entry| entry.name.clone()).collect()
}
