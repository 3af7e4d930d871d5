//! Roles: their policies put together from the facts about them.

use std::collections::{HashMap, HashSet};

use super::function_builder::FunctionBuilder;
use super::functions::FunctionBuilders;
use super::managed_policies::ManagedDocuments;
use super::other_roles::OtherRoles;
use super::role_builder::{Nearby, RoleBuilder};
use super::shared::{operator_arn, role_name, take_lone};
use crate::catalogue::Catalogue;
use crate::diagnostics::Problem;
use crate::input::facts::{AttachedPolicy, Facts, LoneDocument, PolicyList, Scoped, push};
use crate::input::scope::{Scope, sole};
use crate::model::LoneType;
use crate::model::members::{
    ASSUMER, ASSUMING_ROLE, CALLER_ROLE, OPERATOR_ROLE, POSSIBLE_CALLER, POSSIBLE_ROLE, ROLE,
};
use crate::source::SourceMap;
use crate::syntax::{Node, Text};

/// All roles.
#[derive(Debug)]
pub(super) struct Roles<'c> {
    list: Vec<RoleBuilder>,
    by_name: HashMap<String, Vec<usize>>,
    by_arn: HashMap<Text, Vec<usize>>,
    /// Names of the roles that configurations of functions name.
    wanted: HashSet<String>,
    managed: ManagedDocuments<'c>,
}

/// The roles that can be that of a function.
enum Candidates {
    None,
    One(usize),
    Several(usize),
}

/// The members of triggers that name roles, with those that hold them.
const ROLES_OF_TRIGGERS: [(&str, &str); 3] = [
    (ROLE, CALLER_ROLE),
    (ASSUMING_ROLE, ASSUMER),
    (POSSIBLE_ROLE, POSSIBLE_CALLER),
];

impl<'c> Roles<'c> {
    /// The roles that facts are about.
    pub(super) fn of(
        facts: &mut Facts,
        catalogue: &'c Catalogue,
        sources: &'c mut SourceMap,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let managed = ManagedDocuments::of(facts, catalogue, sources);
        let mut roles = Roles {
            list: Vec::new(),
            by_name: HashMap::new(),
            by_arn: HashMap::new(),
            wanted: wanted(facts),
            managed,
        };
        for Scoped { scope, fact } in facts.roles.drain(..) {
            let name = fact.name.as_ref().map(ToString::to_string);
            let name = name.or_else(|| fact.arn.as_ref().map(role_name));
            let arn = fact.arn.clone();
            roles.update(&name.unwrap_or_default(), arn.as_ref(), &scope, |role| {
                role.complete(fact);
            });
        }
        for Scoped { scope, fact } in facts.role_policies.drain(..) {
            let policy = fact.policy;
            roles.update(&fact.role, None, &scope, |role| role.inline.push(policy));
        }
        roles.assign_lists(facts, problems);
        roles
    }

    /// The lists of a role's policies do not name the role, unless the user added its name.
    fn assign_lists(&mut self, facts: &mut Facts, problems: &mut Vec<Problem>) {
        for Scoped { scope, fact } in facts.inline_policy_lists.drain(..) {
            if let Some(name) = self.role_of_list(&fact, &scope, problems) {
                self.update(&name, None, &scope, |role| role.inline_lists.push(fact));
            }
        }
        for Scoped { scope, fact } in facts.attached_policy_lists.drain(..) {
            if let Some(name) = self.role_of_list(&fact, &scope, problems) {
                self.update(&name, None, &scope, |role| role.attached_lists.push(fact));
            }
        }
    }

    fn role_of_list<T>(
        &self,
        list: &PolicyList<T>,
        scope: &Scope,
        problems: &mut Vec<Problem>,
    ) -> Option<String> {
        if let Some(name) = &list.role {
            return Some(name.clone());
        }
        if self.list.is_empty() {
            return Some(String::new());
        }
        let candidates = self.list.iter().flat_map(|role| {
            let nearest = role.scopes.iter().max_by_key(|s| s.nearness(scope));
            nearest.map(|scope| (scope, &role.name))
        });
        let found = sole(candidates, scope, |name| self.wanted.contains(*name)).cloned();
        if found.is_none() {
            let message = "it is unknown which role this list belongs to";
            let help = "add `RoleName`, or move it to a folder with the other output for the role";
            problems.push(Problem::at(list.span.at_start(), message).help(help));
        }
        found
    }

    /// Changes the role of that name and ARN, which is added if it is new. Roles of one name in
    /// several accounts are distinguished by ARN, or else by where they stand.
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
        if let Some(role) = self.list.get_mut(index) {
            role.scopes.push(scope.clone());
            if let (None, Some(arn)) = (&role.arn, arn) {
                role.arn = Some(arn.clone());
                self.by_arn.entry(arn.clone()).or_default().push(index);
            }
            change(role);
        }
    }

    /// The nearest role that can be the one of that name and ARN.
    fn find(&self, name: &str, arn: Option<&Text>, scope: &Scope) -> Option<usize> {
        // Where the path is not known, an ARN does not tell the name.
        let named = self.by_name.get(name).into_iter().flatten();
        let exact = arn
            .and_then(|arn| self.by_arn.get(arn))
            .into_iter()
            .flatten();
        let same: Vec<usize> = exact.chain(named).copied().collect();
        let fitting = same.into_iter().filter(|index| {
            let role = self.list.get(*index);
            role.is_some_and(|role| role.can_be(arn, scope))
        });
        // Of several that are equally near, the first one.
        fitting
            .rev()
            .max_by_key(|index| self.list.get(*index).map(|role| role.nearness(scope)))
    }

    /// The role of a function: the one that its configuration names, one without a name in the
    /// same bundle, or the only one there is for it, where nothing says that it is for something else.
    fn of_function(
        &self,
        function: &FunctionBuilder,
        others: &OtherRoles<'_>,
        alone: bool,
    ) -> Candidates {
        let wanted = function.role_arn();
        let scope = &function.scopes.first().cloned().unwrap_or_default();
        let name = wanted.map(role_name);
        let named = name.and_then(|name| self.find(&name, wanted, scope));
        if let Some(named) = named {
            return Candidates::One(named);
        }
        // A role that a template declares belongs to functions that name it, or to the one that flags ask for
        // where the template has none.
        let is_free = |role: &RoleBuilder| {
            let is_unnamed = wanted.is_none() || role.name.is_empty();
            let is_open = !role.is_declared() || alone && function.is_only_asked_for();
            is_unnamed && is_open && !others.include(role, function.is_told())
        };
        let free = self.list.iter().enumerate();
        let free: Vec<_> = free.filter(|(_, role)| is_free(role)).collect();
        let is_near = |role: &RoleBuilder| role.scopes.iter().any(|own| own.shares_bundle(scope));
        let near = free.iter().find(|(_, role)| is_near(role));
        match (near, free.as_slice()) {
            (Some((index, _)), _) => Candidates::One(*index),
            (None, [(index, _)]) if alone && self.list.len() == 1 => Candidates::One(*index),
            (None, _) if alone && function.is_only_asked_for() => {
                let is_fitting =
                    |role: &RoleBuilder| role.trust().is_none_or(|trust| others.fits(trust));
                let fitting = free.iter().filter(|(_, role)| is_fitting(role));
                let fitting: Vec<usize> = fitting.map(|(index, _)| *index).collect();
                match fitting.as_slice() {
                    [] => Candidates::None,
                    [only] => Candidates::One(*only),
                    _ => Candidates::Several(fitting.len()),
                }
            }
            _ => Candidates::None,
        }
    }

    /// Attaches its role to every function: the one that its configuration names, the only one nearby
    /// where it names none, or one made of the identity policies nearby.
    pub(super) fn attach(
        &mut self,
        functions: &mut FunctionBuilders,
        facts: &mut Facts,
        catalogue: &Catalogue,
    ) {
        let printed = self.printed_of_functions(functions, facts);
        let lone = lone_of_functions(functions, facts, LoneType::Identity);
        let trusts = lone_of_functions(functions, facts, LoneType::Trust);
        let [mut lone, mut trusts] = [lone, trusts].map(by_function);
        let mut printed = by_function(printed);
        let alone = functions.list.len() == 1;
        let others = OtherRoles::of(functions, &facts.capacity_providers, catalogue);
        // A role of many functions is put together once.
        let mut finished: HashMap<usize, Node> = HashMap::new();
        for (index, function) in functions.list.iter_mut().enumerate() {
            let trust = trusts.remove(&index).and_then(|mut trusts| trusts.pop());
            let nearby = Nearby {
                lone: lone.remove(&index).unwrap_or_default(),
                printed: printed.remove(&index).unwrap_or_default(),
                trust: trust.filter(|trust| function.is_told() || others.fits(trust)),
            };
            let wanted = function.role_arn().map(role_name);
            let found = match self.of_function(function, &others, alone) {
                Candidates::One(index) => Some(index),
                Candidates::Several(count) => {
                    function.possible_roles = count;
                    None
                }
                Candidates::None => None,
            };
            let is_shared = nearby.is_empty();
            let finish = |role: &RoleBuilder| role.finish(nearby, &self.managed);
            function.role = match found.and_then(|at| Some((at, self.list.get_mut(at)?))) {
                Some((at, role)) => {
                    role.is_attached = true;
                    let known = finished.get(&at).filter(|_| is_shared).cloned();
                    let role = known.unwrap_or_else(|| finish(role));
                    finished.extend(is_shared.then(|| (at, role.clone())));
                    Some(role)
                }
                None if is_shared => continue,
                None => Some(finish(&RoleBuilder::new(wanted.as_deref().unwrap_or("")))),
            };
        }
    }

    /// Managed policies that were printed by themselves: those near the only function there belong to it, the
    /// others are policies by themselves.
    fn printed_of_functions(
        &mut self,
        functions: &FunctionBuilders,
        facts: &mut Facts,
    ) -> Vec<(usize, AttachedPolicy)> {
        let mut taken = Vec::new();
        for Scoped { scope, fact } in self.managed.take_loose() {
            let span = fact.document.span;
            let Some(index) = functions.nearest_index(&scope) else {
                let of_type = LoneType::Identity;
                let document = fact.document;
                let fact = LoneDocument { of_type, document };
                push(&mut facts.lone_policies, fact, &scope);
                continue;
            };
            let arn = fact.arn.map(|arn| Node::text(arn, span));
            let policy = AttachedPolicy {
                name: None,
                arn,
                document: Some(fact.document),
                span,
            };
            taken.push((index, policy));
        }
        taken
    }

    /// Attaches to triggers the roles with which they invoke their functions.
    pub(super) fn attach_to_triggers(&self, functions: &mut FunctionBuilders) {
        let mut finished: HashMap<usize, Node> = HashMap::new();
        for function in &mut functions.list {
            let scope = function.scopes.first().cloned().unwrap_or_default();
            for trigger in &mut function.triggers {
                for (by, member) in ROLES_OF_TRIGGERS {
                    let arn = trigger.get(by).and_then(Node::as_text);
                    let known = arn.and_then(|arn| self.find(&role_name(arn), Some(arn), &scope));
                    let Some((index, role)) = known.and_then(|at| Some((at, self.list.get(at)?)))
                    else {
                        continue;
                    };
                    let role = finished
                        .entry(index)
                        .or_insert_with(|| role.finish(Nearby::default(), &self.managed));
                    *trigger = trigger.with(member, role.clone());
                }
            }
        }
    }

    /// The capacity providers with the roles by which Lambda manages their instances.
    pub(super) fn with_operators(&self, providers: &[Scoped<Node>]) -> Vec<Node> {
        let attached = providers.iter().map(|Scoped { scope, fact }| {
            let arn = operator_arn(fact);
            let known = arn.and_then(|arn| self.find(&role_name(arn), Some(arn), scope));
            let role = known.and_then(|at| self.list.get(at));
            match role {
                Some(role) => {
                    let role = role.finish(Nearby::default(), &self.managed);
                    fact.with(OPERATOR_ROLE, role)
                }
                None => fact.clone(),
            }
        });
        attached.collect()
    }

    /// The roles that belong to no function.
    pub(super) fn finish(self) -> Vec<Node> {
        let free = self.list.iter().filter(|role| !role.is_attached);
        free.map(|role| role.finish(Nearby::default(), &self.managed))
            .collect()
    }
}

/// The lone policies that belong to the only function near them, with that function's index.
fn lone_of_functions(
    functions: &FunctionBuilders,
    facts: &mut Facts,
    of_type: LoneType,
) -> Vec<(usize, Node)> {
    let mut taken = Vec::new();
    take_lone(facts, of_type, |scope, document| {
        match functions.nearest_index(scope) {
            Some(index) => {
                taken.push((index, document.clone()));
                true
            }
            None => false,
        }
    });
    taken
}

fn by_function<T>(taken: Vec<(usize, T)>) -> HashMap<usize, Vec<T>> {
    let mut by_function: HashMap<usize, Vec<T>> = HashMap::new();
    for (index, document) in taken {
        by_function.entry(index).or_default().push(document);
    }
    by_function
}

fn wanted(facts: &Facts) -> HashSet<String> {
    let configurations = facts.functions.iter().map(|f| &f.fact.configuration);
    let roles = configurations.filter_map(|c| c.get("Role")?.as_text());
    roles.map(role_name).collect()
}
