//! All functions while they are put together: what each document tells goes to one of them.

use std::collections::HashMap;

use super::function_builder::FunctionBuilder;
use super::take_lone;
use super::triggers;
use crate::catalogue::Catalogue;
use crate::diagnostics::Problem;
use crate::input::facts::{Facts, FunctionPolicy, Scoped};
use crate::input::hints::Hints;
use crate::input::scope::{Scope, sole};
use crate::model::{FunctionName, LoneType};
use crate::source::{FileId, Span};
use crate::syntax::{Hole, Node, Piece, Text, nearest};

/// All functions.
#[derive(Debug, Default)]
pub(super) struct FunctionBuilders {
    pub(super) list: Vec<FunctionBuilder>,
    by_name: HashMap<String, Vec<usize>>,
}

impl FunctionBuilders {
    /// The functions that configurations, mappings and other documents name.
    pub(super) fn of(facts: &Facts) -> Self {
        let mut drafts = FunctionBuilders::default();
        for Scoped { scope, fact } in &facts.configurations {
            let name = named(fact, "FunctionArn").or_else(|| named(fact, "FunctionName"));
            let Some(name) = name else { continue };
            drafts.update(&name, scope, fact.span, |draft| draft.configure_by(fact));
        }
        drafts.take(&facts.invoke_configs, "FunctionArn", |draft| {
            &mut draft.invoke_configs
        });
        drafts.take(&facts.aliases, "AliasArn", |draft| &mut draft.aliases);
        drafts
    }

    fn take(
        &mut self,
        facts: &[Scoped<Node>],
        member: &str,
        list: fn(&mut FunctionBuilder) -> &mut Vec<Node>,
    ) {
        for Scoped { scope, fact } in facts {
            if let Some(name) = named(fact, member) {
                self.update(&name, scope, fact.span, |draft| {
                    add(list(draft), fact, member);
                });
            } else if let Some(draft) = self.nearest(scope) {
                add(list(draft), fact, member);
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
            same.find(|index| list.get(*index).is_some_and(|draft| is(draft, name, scope)))
        };
        let found = find(FunctionBuilder::can_be).or_else(|| find(FunctionBuilder::shares));
        let index = found.unwrap_or_else(|| {
            list.push(FunctionBuilder::new(name, span));
            same.push(list.len() - 1);
            list.len() - 1
        });
        if let Some(draft) = list.get_mut(index) {
            draft.scopes.push(scope.clone());
            if draft.name.arn.is_none() {
                draft.name.arn.clone_from(&name.arn);
            }
            change(draft);
        }
    }

    /// The only function nearby; of several, the only one whose configuration is known.
    pub(super) fn nearest(&mut self, scope: &Scope) -> Option<&mut FunctionBuilder> {
        let index = self.nearest_index(scope)?;
        self.list.get_mut(index)
    }

    pub(super) fn nearest_index(&self, scope: &Scope) -> Option<usize> {
        let candidates = self.list.iter().enumerate().flat_map(|(index, draft)| {
            let nearest = draft.scopes.iter().max_by_key(|s| s.nearness(scope));
            nearest.map(|scope| (scope, index))
        });
        let known = |index: &usize| {
            let draft = self.list.get(*index);
            draft.is_some_and(|draft| draft.configuration.is_some())
        };
        sole(candidates, scope, known)
    }

    /// Function policies belong to the function that their statements name.
    pub(super) fn take_function_policies(&mut self, facts: &mut Facts) {
        let mut lone = Vec::new();
        take_lone(facts, LoneType::Function, |scope, document| {
            let fact = FunctionPolicy {
                function: None,
                qualifier: None,
                document: Some(document.clone()),
            };
            lone.push(Scoped {
                scope: scope.clone(),
                fact,
            });
            true
        });
        let (with, without): (Vec<_>, Vec<_>) = facts
            .function_policies
            .drain(..)
            .chain(lone)
            .partition(|policy| !functions_of(&policy.fact).is_empty());
        for Scoped { scope, fact } in with {
            let span = fact.document.as_ref().map_or(nowhere(), |d| d.span);
            for name in functions_of(&fact) {
                let qualifier = fact.qualifier.clone().or(name.qualifier.clone());
                let policy = (qualifier, fact.document.clone());
                self.update(&name, &scope, span, |draft| draft.policies.push(policy));
            }
        }
        facts.function_policies = without;
    }

    /// A policy that names no function, also that there is none, belongs to the nearest function.
    pub(super) fn take_nameless_policies(&mut self, facts: &mut Facts) {
        for Scoped { scope, fact } in std::mem::take(&mut facts.function_policies) {
            match self.nearest(&scope) {
                Some(draft) => draft.policies.push((fact.qualifier, fact.document)),
                None => keep_lone(facts, scope, fact),
            }
        }
    }

    /// Mappings belong to the function that they name.
    pub(super) fn take_mappings(&mut self, facts: &Facts, catalogue: &Catalogue) {
        for Scoped { scope, fact } in &facts.mappings {
            let mapping = triggers::mapping(fact, &facts.resources, catalogue);
            match named(fact, "FunctionArn") {
                Some(name) if self.is_not_made(&name) => {}
                Some(name) => {
                    self.update(&name, scope, fact.span, |draft| {
                        add(&mut draft.mappings, &mapping, "UUID");
                    });
                }
                None => {
                    if let Some(draft) = self.nearest(scope) {
                        add(&mut draft.mappings, &mapping, "UUID");
                    }
                }
            }
        }
    }

    /// Triggers belong to the function that they name.
    pub(super) fn take_triggers(&mut self, facts: &Facts, catalogue: &Catalogue) {
        for trigger in &facts.triggers {
            let names = &trigger.fact.names;
            let name = match names.get("function").or(names.get("functionName")) {
                Some(name) if names.contains_key("functionName") => {
                    Some(FunctionName::parse(name)).filter(is_plain)
                }
                Some(name) if trigger.fact.own => Some(FunctionName::parse(name)),
                Some(arn) => FunctionName::of_arn(arn)
                    .or_else(|| FunctionName::of_arn(&arn.filled()))
                    .filter(is_plain),
                None => self.nearest(&trigger.scope).map(|draft| draft.name.clone()),
            };
            let Some(name) = name.map(|name| self.placed(name, &trigger.scope)) else {
                continue;
            };
            let Some(source) = catalogue.push_source(&trigger.fact.kind) else {
                continue;
            };
            if self.is_not_made(&name) {
                continue;
            }
            let nodes = triggers::nodes(trigger, source, &name, facts);
            let span = trigger.fact.node.span;
            self.update(&name, &trigger.scope, span, |draft| {
                draft.add_triggers(nodes)
            });
        }
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
        of_template && !self.named(name).any(|draft| draft.is(name))
    }

    /// A name with the ARN that the function of that name has here, where there is one.
    fn placed(&self, name: FunctionName, scope: &Scope) -> FunctionName {
        let same = |draft: &&FunctionBuilder| name.arn.is_none() || draft.shares(&name, scope);
        let arn = self.named(&name).find(same);
        let arn = arn.and_then(|draft| draft.name.arn.clone());
        FunctionName {
            arn: arn.or(name.arn),
            ..name
        }
    }

    /// What flags say goes to the function that they name, or to the only one there is.
    pub(super) fn take_hints(
        &mut self,
        hints: &Hints,
        catalogue: &Catalogue,
        problems: &mut Vec<Problem>,
    ) {
        let Some(span) = hints.about_a_function() else {
            return;
        };
        if !hints.mistakes(catalogue).is_empty() {
            return;
        }
        let everywhere = Scope::new(["."]);
        let named = hints.function.as_ref().map(|(name, _)| self.meant(name));
        let only = self.nearest(&everywhere).map(|draft| draft.name.clone());
        let name = match (named, only, self.list.is_empty()) {
            (Some(name), _, false) if !self.list.iter().any(|draft| draft.is(&name)) => {
                problems.push(self.unknown(&name, span));
                return;
            }
            (Some(name), _, _) | (None, Some(name), _) => name,
            (None, None, true) => unnamed(),
            (None, None, false) => {
                let message = format!("this is about one of {} functions", self.list.len());
                problems.push(Problem::at(span, message).help("name it with --function"));
                return;
            }
        };
        self.update(&name, &everywhere, span, |draft| {
            triggers::add_hints(draft, hints, catalogue);
        });
    }

    /// The function that a flag names, by its logical id or as Lambda takes it.
    fn meant(&self, written: &Text) -> FunctionName {
        let mut list = self.list.iter();
        let by_id = list.find(|draft| Some(draft.called().as_str()) == written.as_str());
        by_id.map_or_else(|| FunctionName::parse(written), |draft| draft.name.clone())
    }

    fn unknown(&self, name: &FunctionName, span: Span) -> Problem {
        let names: Vec<String> = self.list.iter().map(|d| d.called()).collect();
        let message = format!("there is no function `{}` in the input", name.name);
        let help = match nearest(&name.name.to_string(), names.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are: {}", names.join(", ")),
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

/// A function policy that belongs to no function is a lone policy.
fn keep_lone(facts: &mut Facts, scope: Scope, policy: FunctionPolicy) {
    if let Some(document) = policy.document {
        let fact = crate::input::facts::LoneDocument {
            of_type: LoneType::Function,
            document,
        };
        facts.lone_policies.push(Scoped { scope, fact });
    }
}

/// Adds what an answer tells, unless another one told it: `member` says what is one and the same.
fn add(list: &mut Vec<Node>, new: &Node, member: &str) {
    let id = new.get(member);
    if id.is_none() || !list.iter().any(|known| known.get(member) == id) {
        list.push(new.clone());
    }
}

/// A name that a stage variable fills in is that of no function yet.
fn is_plain(name: &FunctionName) -> bool {
    name.name.as_str().is_none_or(|name| !name.contains('$'))
}

fn named(node: &Node, member: &str) -> Option<FunctionName> {
    let text = node.get(member)?.as_text()?;
    (text.as_str() != Some("")).then(|| FunctionName::parse(text))
}

fn unnamed() -> FunctionName {
    FunctionName {
        arn: None,
        name: Text::from(""),
        qualifier: None,
    }
}

pub(super) fn nowhere() -> Span {
    Span::new(FileId::NOWHERE, 0, 0)
}
