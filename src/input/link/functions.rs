//! All functions while they are put together: each fact is assigned to one of them.

use std::cell::RefCell;
use std::collections::HashMap;

use super::function_builder::{FunctionBuilder, Parts};
use super::hints::add_hints;
use super::nearest::{Candidates, Nearest};
use super::resources::Resources;
use super::shared::{NOWHERE, take_lone};
use super::triggers;
use crate::catalogue::Catalogue;
use crate::diagnostics::Problem;
use crate::input::facts::{
    Facts, FunctionPart, FunctionPolicy, LoneDocument, Scoped, TriggerFact, push,
};
use crate::input::hints::Hints;
use crate::input::scope::Scope;
use crate::model::{FunctionName, LoneType};
use crate::source::Span;
use crate::syntax::{Hole, Names, Node, Piece, Text, nearest};

/// All functions.
#[derive(Debug, Default)]
pub(super) struct FunctionBuilders {
    pub(super) list: Vec<FunctionBuilder>,
    by_name: HashMap<String, Vec<usize>>,
    nearest: RefCell<Nearest>,
}

impl Candidates for Vec<FunctionBuilder> {
    fn scopes(&self, candidate: usize) -> &[Scope] {
        let builder = self.get(candidate);
        builder.map_or(&[], |builder| builder.scopes.as_slice())
    }

    /// Of several functions, the only one whose configuration is known.
    fn is_preferred(&self, candidate: usize) -> bool {
        let builder = self.get(candidate);
        builder.is_some_and(|builder| builder.fact.is_some())
    }
}

impl FunctionBuilders {
    /// The functions that facts name.
    pub(super) fn of(facts: &Facts) -> Self {
        let mut builders = FunctionBuilders::default();
        for Scoped { scope, fact } in &facts.functions {
            let span = fact.configuration.span;
            builders.update(&fact.name, scope, span, |builder| {
                builder.configure_by(fact);
            });
        }
        builders.assign_parts(&facts.invoke_configs, |builder| &mut builder.invoke_configs);
        builders.assign_parts(&facts.aliases, |builder| &mut builder.aliases);
        builders
    }

    fn assign_parts(
        &mut self,
        parts: &[Scoped<FunctionPart>],
        list: fn(&mut FunctionBuilder) -> &mut Parts,
    ) {
        for Scoped { scope, fact } in parts {
            let node = fact.configuration.clone();
            self.assign_part(fact, scope, |builder| list(builder).add(fact, node));
        }
    }

    /// Assigns a part to the function that it names, or to the nearest one.
    fn assign_part(
        &mut self,
        part: &FunctionPart,
        scope: &Scope,
        change: impl FnOnce(&mut FunctionBuilder),
    ) {
        match &part.function {
            Some(name) => self.update(name, scope, part.configuration.span, change),
            None => {
                if let Some(builder) = self.nearest(scope) {
                    change(builder);
                }
            }
        }
    }

    /// Changes the function of that name, which is added if it is new.
    pub(super) fn update(
        &mut self,
        name: &FunctionName,
        scope: &Scope,
        span: Span,
        change: impl FnOnce(&mut FunctionBuilder),
    ) {
        let same = self.by_name.entry(name.name.to_string()).or_default();
        let list = &mut self.list;
        let find = |is: fn(&FunctionBuilder, &FunctionName, &Scope) -> bool| {
            let mut same = same.iter().copied();
            same.find(|index| {
                list.get(*index)
                    .is_some_and(|builder| is(builder, name, scope))
            })
        };
        let found = find(FunctionBuilder::can_be).or_else(|| find(FunctionBuilder::shares));
        let index = found.unwrap_or_else(|| {
            list.push(FunctionBuilder::new(name, span));
            same.push(list.len() - 1);
            list.len() - 1
        });
        if let Some(builder) = list.get_mut(index) {
            builder.add_scope(scope);
            if builder.name.arn.is_none() {
                builder.name.arn.clone_from(&name.arn);
            }
            change(builder);
            self.nearest.get_mut().change(index);
        }
    }

    /// The only function nearby; of several, the only one whose configuration is known.
    pub(super) fn nearest(&mut self, scope: &Scope) -> Option<&mut FunctionBuilder> {
        let index = self.nearest_index(scope)?;
        self.nearest.get_mut().change(index);
        self.list.get_mut(index)
    }

    pub(super) fn nearest_index(&self, scope: &Scope) -> Option<usize> {
        self.nearest.borrow_mut().sole(scope, &self.list)
    }

    /// Function policies belong to the function that their statements name.
    pub(super) fn assign_function_policies(&mut self, facts: &mut Facts) {
        let mut lone = Vec::new();
        take_lone(facts, LoneType::Function, |scope, document| {
            let fact = FunctionPolicy {
                function: None,
                qualifier: None,
                document: Some(document.clone()),
            };
            push(&mut lone, fact, scope);
            true
        });
        let (with, without): (Vec<_>, Vec<_>) = facts
            .function_policies
            .drain(..)
            .chain(lone)
            .partition(|policy| !functions_of(&policy.fact).is_empty());
        for Scoped { scope, fact } in with {
            let span = fact.document.as_ref().map_or(NOWHERE, |d| d.span);
            for name in functions_of(&fact) {
                let named = name.policy_qualifier();
                let qualifier = fact.qualifier.clone().or_else(|| named.cloned());
                let policy = (qualifier, fact.document.clone());
                self.update(&name, &scope, span, |builder| builder.policies.push(policy));
            }
        }
        facts.function_policies = without;
    }

    /// A policy that names no function, also that there is none, belongs to the nearest function;
    /// one without a function nearby is a lone policy.
    pub(super) fn assign_nameless_policies(&mut self, facts: &mut Facts) {
        for Scoped { scope, fact } in std::mem::take(&mut facts.function_policies) {
            if let Some(builder) = self.nearest(&scope) {
                let awaited = || {
                    builder
                        .awaited_qualifier()
                        .filter(|_| fact.document.is_none())
                };
                let qualifier = fact.qualifier.or_else(awaited);
                builder.policies.push((qualifier, fact.document));
            } else if let Some(document) = fact.document {
                let of_type = LoneType::Function;
                let fact = LoneDocument { of_type, document };
                push(&mut facts.lone_policies, fact, &scope);
            }
        }
    }

    /// Mappings belong to the function that they name.
    pub(super) fn assign_mappings(&mut self, facts: &Facts, catalogue: &Catalogue) {
        let resources = Resources::of(facts);
        for Scoped { scope, fact } in &facts.mappings {
            let name = fact.function.as_ref();
            if name.is_some_and(|name| self.is_not_made(name)) {
                continue;
            }
            let node = triggers::mapping(&fact.configuration, catalogue);
            let node = resources.described(node);
            self.assign_part(fact, scope, |builder| builder.mappings.add(fact, node));
        }
    }

    /// Triggers belong to the function that they name.
    pub(super) fn assign_triggers(&mut self, facts: &Facts, catalogue: &Catalogue) {
        for trigger in &facts.triggers {
            let Some(source) = catalogue.push_source(&trigger.fact.kind) else {
                continue;
            };
            let span = trigger.fact.configuration.span;
            let all = triggers::joined(trigger, source, facts);
            for same in all.chunk_by(triggers::Joined::names_same_function) {
                let names = same.first().map(|joined| &joined.names);
                let name = names.and_then(|names| self.function_of(trigger, names));
                let name = name.map(|name| self.placed(name, &trigger.scope));
                let Some(name) = name.filter(|name| !self.is_not_made(name)) else {
                    continue;
                };
                let nodes = same.iter().cloned();
                let nodes =
                    nodes.map(|joined| triggers::node_of(&trigger.fact, source, &name, joined));
                let nodes = nodes.collect();
                self.update(&name, &trigger.scope, span, |builder| {
                    builder.add_triggers(nodes);
                });
            }
        }
    }

    /// The function that a trigger names; the nearest one where one in our own form names none.
    fn function_of(
        &mut self,
        trigger: &Scoped<TriggerFact>,
        names: &Names,
    ) -> Option<FunctionName> {
        let name = match (names.get("function"), names.get("functionName")) {
            (Some(name), None) if trigger.fact.is_own_form => FunctionName::parse(name),
            (Some(arn), None) => FunctionName::of_arn(arn)
                .or_else(|| FunctionName::of_arn(&arn.filled()))
                .filter(is_plain)?,
            (arn, Some(name)) => Some(FunctionName::parse(arn.unwrap_or(name))).filter(is_plain)?,
            (None, None) if trigger.fact.is_own_form => self.nearest(&trigger.scope)?.name.clone(),
            (None, None) => return None,
        };
        let qualifier = name.qualifier.or_else(|| names.get("qualifier").cloned());
        Some(FunctionName { qualifier, ..name })
    }

    /// The functions of that name, wherever they are.
    fn named(&self, name: &FunctionName) -> impl Iterator<Item = &FunctionBuilder> {
        let same = self.by_name.get(&name.name.to_string());
        same.into_iter()
            .flatten()
            .filter_map(|index| self.list.get(*index))
    }

    /// Whether a name is that of a function which its template does not make here: what would invoke
    /// it is not made either, or does nothing.
    fn is_not_made(&self, name: &FunctionName) -> bool {
        let is_own = |hole: &Hole| hole.is_own();
        let of_template = matches!(&name.name, Text::Partial(pieces)
            if matches!(&**pieces, [Piece::Hole(hole)] if is_own(hole)));
        of_template && !self.named(name).any(|builder| builder.is(name))
    }

    /// A name with the ARN that the function of that name has here, where there is one.
    fn placed(&self, name: FunctionName, scope: &Scope) -> FunctionName {
        let same = |builder: &&FunctionBuilder| name.arn.is_none() || builder.shares(&name, scope);
        let arn = self.named(&name).find(same);
        let arn = arn.and_then(|builder| builder.name.arn.clone());
        FunctionName {
            arn: arn.or(name.arn),
            ..name
        }
    }

    /// What flags say is assigned to the function that they name, or to the only one there is.
    pub(super) fn assign_hints(
        &mut self,
        hints: &Hints,
        catalogue: &Catalogue,
        problems: &mut Vec<Problem>,
    ) {
        let Some(span) = hints.about_a_function().next() else {
            return;
        };
        if !hints.mistakes(catalogue).is_empty() {
            return;
        }
        let everywhere = Scope::new(["."]);
        let named = hints.function.as_ref().map(|(name, _)| self.meant(name));
        let only = self
            .nearest(&everywhere)
            .map(|builder| builder.name.clone());
        let name = match (named, only, self.list.is_empty()) {
            (Some(name), _, false) if !self.list.iter().any(|builder| builder.is(&name)) => {
                problems.push(self.unknown(&name, span));
                return;
            }
            (Some(name), _, _) | (None, Some(name), _) => name,
            (None, None, true) => unnamed(),
            (None, None, false) => {
                let message = format!("this could apply to any of {} functions", self.list.len());
                problems.push(Problem::at(span, message).help("specify one with --function"));
                return;
            }
        };
        self.update(&name, &everywhere, span, |builder| {
            builder.is_asked_for = true;
            add_hints(builder, hints, catalogue);
        });
    }

    /// The function that a flag names, by its logical id or as Lambda takes it.
    fn meant(&self, written: &Text) -> FunctionName {
        let mut list = self.list.iter();
        let by_id = list.find(|builder| Some(builder.called().as_str()) == written.as_str());
        by_id.map_or_else(
            || FunctionName::parse(written),
            |builder| builder.name.clone(),
        )
    }

    fn unknown(&self, name: &FunctionName, span: Span) -> Problem {
        let names: Vec<String> = self.list.iter().map(|d| d.called()).collect();
        let message = format!("no function `{}` in the input", name.name);
        let help = match nearest(&name.name.to_string(), names.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("expected one of: {}", names.join(", ")),
        };
        Problem::at(span, message).help(help)
    }

    pub(super) fn finish(self) -> Vec<Node> {
        self.list.into_iter().map(FunctionBuilder::finish).collect()
    }
}

/// The functions that the statements of a policy name, each qualifier once.
fn functions_of(policy: &FunctionPolicy) -> Vec<FunctionName> {
    if let Some(function) = &policy.function {
        return vec![function.clone()];
    }
    let document = policy.document.as_ref();
    let statements = document
        .and_then(|d| d.get("Statement"))
        .map_or(&[][..], Node::items);
    let mut names: Vec<FunctionName> = Vec::new();
    let resources = statements
        .iter()
        .flat_map(|statement| statement.get("Resource").map_or(&[][..], Node::items));
    for arn in resources.filter_map(Node::as_text) {
        let wildcard = arn.as_str().is_some_and(|arn| arn.contains('*'));
        if let Some(name) = FunctionName::of_arn(arn).filter(|_| !wildcard)
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names
}

/// Whether a name is that of a function: one that a stage variable fills in is not yet.
fn is_plain(name: &FunctionName) -> bool {
    name.name.as_str().is_none_or(|name| !name.contains('$'))
}

fn unnamed() -> FunctionName {
    FunctionName {
        arn: None,
        name: Text::from(""),
        qualifier: None,
    }
}
