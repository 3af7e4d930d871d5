//! Roles: their policies put together from the answers that tell of them.

mod builder;

use std::collections::{HashMap, HashSet};

use super::function_builders::FunctionBuilders;
use super::managed::Managed;
use super::take_lone;
use crate::catalogue::Catalogue;
use crate::diagnostics::Problem;
use crate::input::facts::{Facts, Scoped};
use crate::input::scope::{Scope, sole};
use crate::model::LoneType;
use crate::source::SourceMap;
use crate::syntax::{Node, Text};
use builder::RoleBuilder;

/// All roles.
#[derive(Debug)]
pub(super) struct Roles<'c> {
    list: Vec<RoleBuilder>,
    by_name: HashMap<String, Vec<usize>>,
    /// Names of the roles that configurations of functions name.
    wanted: HashSet<String>,
    managed: Managed<'c>,
}

/// The name at the end of a role's ARN, which may have a path before it.
pub(super) fn name_of(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

/// The name of a role, with its holes as they are shown: no two roles of a template share one.
fn role_name(arn: &Text) -> String {
    name_of(&arn.to_string()).to_owned()
}

impl<'c> Roles<'c> {
    /// The roles that documents tell of.
    pub(super) fn of(
        facts: &mut Facts,
        catalogue: &'c Catalogue,
        sources: &'c mut SourceMap,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let managed = Managed::of(facts, catalogue, sources);
        let mut roles = Roles {
            list: Vec::new(),
            by_name: HashMap::new(),
            wanted: wanted(facts),
            managed,
        };
        for Scoped { scope, fact } in facts.roles.drain(..) {
            let text = |member: &str| fact.get(member).and_then(Node::as_text);
            let by_arn = || text("Arn").map(role_name);
            let name = text("RoleName")
                .map(ToString::to_string)
                .or_else(by_arn)
                .unwrap_or_default();
            let arn = fact.get("Arn").and_then(Node::as_text).cloned();
            roles.update(&name, arn.as_ref(), &scope, |draft| draft.tell(&fact));
        }
        for Scoped { scope, fact } in facts.role_policies.drain(..) {
            let name = fact.str("RoleName").unwrap_or("").to_owned();
            roles.update(&name, None, &scope, |draft| draft.inline.push(fact));
        }
        roles.take_lists(facts, problems);
        roles
    }

    /// The answers that list a role's policies do not name the role.
    fn take_lists(&mut self, facts: &mut Facts, problems: &mut Vec<Problem>) {
        for Scoped { scope, fact } in facts.role_policy_names.drain(..) {
            if let Some(name) = self.name_for_list(&fact, &scope, problems) {
                self.update(&name, None, &scope, |draft| draft.inline_names.push(fact));
            }
        }
        for Scoped { scope, fact } in facts.attached_policies.drain(..) {
            if let Some(name) = self.name_for_list(&fact, &scope, problems) {
                self.update(&name, None, &scope, |draft| draft.attached.push(fact));
            }
        }
    }

    fn name_for_list(
        &self,
        answer: &Node,
        scope: &Scope,
        problems: &mut Vec<Problem>,
    ) -> Option<String> {
        if let Some(name) = answer.str("RoleName") {
            return Some(name.to_owned());
        }
        if self.list.is_empty() {
            return Some(String::new());
        }
        let candidates = self.list.iter().flat_map(|draft| {
            let nearest = draft.scopes.iter().max_by_key(|s| s.nearness(scope));
            nearest.map(|scope| (scope, &draft.name))
        });
        let found = sole(candidates, scope, |name| self.wanted.contains(*name)).cloned();
        if found.is_none() {
            let message = "it cannot be told which role this list belongs to";
            let help =
                "add `RoleName` to it, or put it into a folder with the role's other answers";
            problems.push(Problem::at(answer.span.at_start(), message).help(help));
        }
        found
    }

    /// Changes the role of that name and ARN, which is added if it is new. Roles of one name in
    /// several accounts are told apart by ARN, or else by where they stand.
    fn update(
        &mut self,
        name: &str,
        arn: Option<&Text>,
        scope: &Scope,
        change: impl FnOnce(&mut RoleBuilder),
    ) {
        let index = self.find(name, arn, scope).unwrap_or_else(|| {
            let index = self.list.len();
            self.list.push(RoleBuilder::new(name));
            self.by_name.entry(name.to_owned()).or_default().push(index);
            index
        });
        if let Some(draft) = self.list.get_mut(index) {
            draft.scopes.push(scope.clone());
            if draft.arn.is_none() {
                draft.arn = arn.cloned();
            }
            change(draft);
        }
    }

    /// The nearest role that can be the one of that name and ARN.
    fn find(&self, name: &str, arn: Option<&Text>, scope: &Scope) -> Option<usize> {
        let same = self.by_name.get(name)?.iter().copied();
        let fitting = same.filter(|index| {
            self.list
                .get(*index)
                .is_some_and(|role| role.can_be(arn, scope))
        });
        // Of several that are equally near, the first one.
        fitting
            .rev()
            .max_by_key(|index| self.list.get(*index).map(|role| role.nearness(scope)))
    }

    /// The role of a function: the one that its configuration names, one without a name in the
    /// same bundle, or the only one there is.
    fn of_function(
        &mut self,
        wanted: Option<&Text>,
        scope: &Scope,
        alone: bool,
    ) -> Option<&mut RoleBuilder> {
        let name = wanted.map(role_name);
        let only = self.list.len() == 1 && alone;
        // A role that a template declares belongs to functions that name it alone.
        let declared = |role: &RoleBuilder| role.node.get("LogicalId").is_some();
        let free =
            |role: &RoleBuilder| (wanted.is_none() || role.name.is_empty()) && !declared(role);
        let index = name
            .and_then(|name| self.find(&name, wanted, scope))
            .or_else(|| {
                self.list.iter().position(|role| {
                    let near = role.scopes.iter().any(|own| own.shares_bundle(scope));
                    free(role) && (near || only)
                })
            })?;
        self.list.get_mut(index)
    }

    /// Gives every function its role: the one that its configuration names, the only one nearby
    /// where it names none, or one made of the identity policies nearby.
    pub(super) fn join(&mut self, drafts: &mut FunctionBuilders, facts: &mut Facts) {
        let lone_identity = lone_of_functions(drafts, facts, LoneType::Identity);
        let lone_trust = lone_of_functions(drafts, facts, LoneType::Trust);
        let alone = drafts.list.len() == 1;
        for (index, draft) in drafts.list.iter_mut().enumerate() {
            let policies = documents_for(&lone_identity, index);
            let trust = documents_for(&lone_trust, index).pop();
            let wanted = draft.role_arn().map(role_name);
            let scope = draft.scopes.first().cloned().unwrap_or_default();
            let role = self.of_function(draft.role_arn(), &scope, alone);
            let mut own = RoleBuilder::new(wanted.as_deref().unwrap_or(""));
            let role = match role {
                Some(role) => role,
                None if policies.is_empty() && trust.is_none() => continue,
                None => &mut own,
            };
            role.joined = true;
            let role = role.clone();
            draft.role = Some(role.finish(&policies, trust, &self.managed));
        }
    }

    /// Tells the roles with which triggers invoke their functions.
    pub(super) fn lend(&self, drafts: &mut FunctionBuilders) {
        let mut finished: HashMap<usize, Node> = HashMap::new();
        for draft in &mut drafts.list {
            let scope = draft.scopes.first().cloned().unwrap_or_default();
            for trigger in &mut draft.triggers {
                let arn = trigger.get("role").and_then(Node::as_text);
                let known = arn.and_then(|arn| self.find(&role_name(arn), Some(arn), &scope));
                let Some((index, role)) = known.and_then(|at| Some((at, self.list.get(at)?)))
                else {
                    continue;
                };
                let role = finished
                    .entry(index)
                    .or_insert_with(|| role.finish(&[], None, &self.managed));
                *trigger = trigger.with("callerRole", role.clone());
            }
        }
    }

    /// The roles that belong to no function.
    pub(super) fn finish(self) -> Vec<Node> {
        let free = self.list.iter().filter(|role| !role.joined);
        free.map(|role| role.finish(&[], None, &self.managed))
            .collect()
    }
}

/// The lone policies that belong to the only function near them, with that function's index.
fn lone_of_functions(
    drafts: &FunctionBuilders,
    facts: &mut Facts,
    of_type: LoneType,
) -> Vec<(usize, Node)> {
    let mut taken = Vec::new();
    take_lone(facts, of_type, |scope, document| {
        match drafts.nearest_index(scope) {
            Some(index) => {
                taken.push((index, document.clone()));
                true
            }
            None => false,
        }
    });
    taken
}

fn documents_for(taken: &[(usize, Node)], index: usize) -> Vec<Node> {
    let own = taken.iter().filter(|(of, _)| *of == index);
    own.map(|(_, document)| document.clone()).collect()
}

fn wanted(facts: &Facts) -> HashSet<String> {
    let roles = facts
        .configurations
        .iter()
        .filter_map(|c| c.fact.get("Role")?.as_text());
    roles.map(role_name).collect()
}
