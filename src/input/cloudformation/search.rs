//! The search for values of parameters with which a condition of a template is met, or not met.
//!
//! What is known of conditions is kept until a value changes, so that each is evaluated once for each set of values.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use super::comparisons::compared;
use super::conditions::{condition, met};
use super::parameter::Limits;
use super::resolve::Resolver;
use super::rules::{self, Broken};
use super::stack_context::{ANOTHER, StackContext};
use crate::catalogue::Catalogue;
use crate::syntax::Node;

/// How deep conditions may ask for each other where values are searched for.
const MAX_DEPTH: usize = 256;

/// How often a value is tried for all conditions of a template together.
const MOST_TRIALS: usize = 4_000;

/// How many conditions and rules are evaluated in the search for all of a template.
const MOST_EVALUATED: usize = 1_000_000;

/// The search for values for the conditions of a template.
pub(super) struct Search<'t> {
    template: &'t Node,
    catalogue: &'t Catalogue,
    /// The texts that conditions compare each parameter with.
    texts: BTreeMap<String, Rc<Vec<String>>>,
    /// What is known with the values from which every search begins.
    base: Known,
    /// What is known with the values of this search, if they are others.
    now: Option<Known>,
    /// What each parameter allows, of those whose values were tried.
    limits: HashMap<String, Option<Rc<Limits<'t>>>>,
    /// How often values were changed.
    changes: usize,
    trials: usize,
    evaluated: usize,
    is_cut: bool,
}

/// What is known of conditions with some values.
#[derive(Default)]
struct Known {
    conditions: HashMap<String, Option<bool>>,
    /// The conditions for which no value was found.
    failed: HashSet<(String, bool)>,
    /// Those that this search could not follow deeper, with how deep that was.
    cut: HashMap<(String, bool), usize>,
}

impl<'t> Search<'t> {
    /// A search in a template, of which the sections that conditions ask for are enough.
    pub(super) fn new(template: &'t Node, catalogue: &'t Catalogue) -> Self {
        let sections = ["Conditions", "Rules"].into_iter();
        let sections = sections.filter_map(|section| template.get(section));
        let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, text) in sections.flat_map(compared) {
            texts.entry(name).or_default().push(text);
        }
        let texts = texts
            .into_iter()
            .map(|(name, texts)| (name, Rc::new(texts)));
        Search {
            template,
            catalogue,
            texts: texts.collect(),
            base: Known::default(),
            now: None,
            limits: HashMap::new(),
            changes: 0,
            trials: 0,
            evaluated: 0,
            is_cut: false,
        }
    }

    /// Whether the last search ended before everything was tried.
    pub(super) fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// The base context, changed so that a condition is as wanted. Where no value is known that makes it so and nothing
    /// decides otherwise, the condition is taken to be so.
    pub(super) fn flipped(
        &mut self,
        base: &StackContext,
        name: &str,
        wanted: bool,
    ) -> Option<StackContext> {
        let mut context = base.clone();
        let declared = self.template.at(&["Conditions", name])?;
        (self.now, self.is_cut) = (None, false);
        self.base.cut.clear();
        let is_solved = self.solve(&mut context, declared, wanted, 0)
            && self.is(&context, name) == Some(wanted);
        if is_solved {
            let stays = |search: &mut Self, context: &StackContext| {
                search.is(context, name) == Some(wanted)
            };
            return self.obeying(&context, stays);
        }
        // What the values of the user or of the template decide cannot be flipped.
        self.now = None;
        if self.is(base, name).is_some() {
            return None;
        }
        let mut context = base.clone();
        context.forced.insert(name.to_owned(), wanted);
        Some(context)
    }

    /// The context, changed until no rule of the template is broken, so that something stays; nothing where
    /// that was not found.
    pub(super) fn obeying(
        &mut self,
        context: &StackContext,
        stays: impl Fn(&mut Self, &StackContext) -> bool,
    ) -> Option<StackContext> {
        let mut context = context.clone();
        let rules = self.template.get("Rules");
        let rules = rules.map_or(0, |rules| rules.members().len());
        // Mending one rule can break another.
        for _ in 0..=rules {
            self.spend(rules);
            let Some(Broken {
                condition,
                assertion,
            }) = self.broken(&context).filter(|_| !self.is_spent())
            else {
                return Some(context).filter(|_| !self.is_spent());
            };
            let ways = [
                Some((assertion, true)),
                condition.map(|condition| (condition, false)),
            ];
            let mut ways = ways.into_iter().flatten();
            context = ways.find_map(|(call, wanted)| {
                let mut changed = context.clone();
                self.now = Some(Known::default());
                let is_mended = self.solve(&mut changed, &call, wanted, 0) && stays(self, &changed);
                is_mended.then_some(changed)
            })?;
        }
        None
    }

    /// The first assertion of the template's rules that does not hold.
    fn broken(&self, context: &StackContext) -> Option<Broken> {
        let resolver = Resolver::new(self.template, context, self.catalogue);
        rules::broken(&resolver, self.template).into_iter().next()
    }

    /// Whether all parameters that differ are declared so.
    pub(super) fn all_changed(
        &self,
        base: &StackContext,
        context: &StackContext,
        is_so: impl Fn(&Node) -> bool,
    ) -> bool {
        let changed = context
            .assumed
            .iter()
            .filter(|(name, text)| base.assumed.get(*name) != Some(*text));
        changed.into_iter().all(|(name, _)| {
            let declared = self.template.at(&["Parameters", name]);
            declared.is_some_and(&is_so)
        })
    }

    /// Adds which conditions are met and not met in a context.
    pub(super) fn take<'n>(
        &self,
        names: &'n [String],
        context: &StackContext,
        taken: &mut BTreeSet<(&'n String, Option<bool>)>,
    ) {
        let resolver = Resolver::new(self.template, context, self.catalogue);
        let each = names.iter().map(|name| (name, resolver.condition(name)));
        taken.extend(each);
    }

    /// Whether a condition is met in the context of this search.
    fn is(&mut self, context: &StackContext, name: &str) -> Option<bool> {
        self.knowing(context, |resolver| condition(resolver, name))
    }

    fn holds(&mut self, context: &StackContext, call: &Node) -> Option<bool> {
        self.knowing(context, |resolver| met(resolver, call, 0))
    }

    /// Evaluates something in the context of this search with what is known of its conditions.
    fn knowing(
        &mut self,
        context: &StackContext,
        evaluate: impl FnOnce(&Resolver<'_>) -> Option<bool>,
    ) -> Option<bool> {
        let resolver = Resolver::new(self.template, context, self.catalogue);
        let known = std::mem::take(&mut self.known().conditions);
        let before = known.len();
        resolver.evaluation.conditions.replace(known);
        let result = evaluate(&resolver);
        let known = resolver.evaluation.conditions.take();
        self.spend(1 + known.len().saturating_sub(before));
        self.known().conditions = known;
        result
    }

    fn known(&mut self) -> &mut Known {
        self.now.as_mut().unwrap_or(&mut self.base)
    }

    fn spend(&mut self, work: usize) {
        self.evaluated = self.evaluated.saturating_add(work);
    }

    /// Whether nothing more is tried; then the search is cut.
    fn is_spent(&mut self) -> bool {
        let is_spent = self.trials >= MOST_TRIALS || self.evaluated >= MOST_EVALUATED;
        self.is_cut |= is_spent;
        is_spent
    }

    /// Changes the context until a condition is as wanted; returns whether that was possible.
    fn solve(
        &mut self,
        context: &mut StackContext,
        call: &Node,
        wanted: bool,
        depth: usize,
    ) -> bool {
        self.is_cut |= depth > MAX_DEPTH;
        if depth > MAX_DEPTH || self.is_spent() {
            return false;
        }
        if self.holds(context, call) == Some(wanted) {
            return true;
        }
        let [member] = call.members() else {
            return false;
        };
        let parts = member.value.items();
        match &*member.key.text {
            "Condition" => {
                let name = member.value.as_str().unwrap_or("");
                self.solve_named(context, name, wanted, depth)
            }
            "Fn::Not" => parts
                .first()
                .is_some_and(|part| self.solve(context, part, !wanted, depth + 1)),
            name @ ("Fn::And" | "Fn::Or") => {
                let needs_all = (name == "Fn::And") == wanted;
                let mut solves = |part| self.solve(context, part, wanted, depth + 1);
                match needs_all {
                    true => parts.iter().all(&mut solves),
                    false => parts.iter().any(&mut solves),
                }
            }
            _ => self.try_values(context, call, wanted),
        }
    }

    /// The same for a condition by its name. What was not possible is not tried again with the same values.
    fn solve_named(
        &mut self,
        context: &mut StackContext,
        name: &str,
        wanted: bool,
        depth: usize,
    ) -> bool {
        let key = (name.to_owned(), wanted);
        let Some(declared) = self.template.at(&["Conditions", name]) else {
            return false;
        };
        let is_cut = self.known().cut.get(&key).is_some_and(|at| *at <= depth);
        self.is_cut |= is_cut;
        if is_cut || self.known().failed.contains(&key) {
            return false;
        }
        let changes = self.changes;
        let was_cut = std::mem::take(&mut self.is_cut);
        let is_solved = self.solve(context, declared, wanted, depth + 1);
        // Values that were changed on the way may be the right ones for the next attempt.
        if !is_solved && self.changes == changes {
            if self.is_cut {
                self.known().cut.insert(key, depth);
            } else {
                self.known().failed.insert(key);
            }
        }
        self.is_cut |= was_cut;
        is_solved
    }

    /// Tries the values of each parameter that a comparison asks for.
    fn try_values(&mut self, context: &mut StackContext, call: &Node, wanted: bool) -> bool {
        for name in parameters(call) {
            let decided =
                context.given.contains_key(&name) || context.parent.values.contains_key(&name);
            if decided {
                continue;
            }
            let (texts, limits) = (self.texts.get(&name).cloned(), self.limits(&name));
            let texts = texts.as_ref().map_or(&[][..], |texts| texts.as_slice());
            for value in candidates(self.template, &name, texts, limits.as_deref()) {
                if self.is_spent() {
                    return false;
                }
                self.trials += 1;
                let mut changed = context.clone();
                changed.assumed.insert(name.clone(), value.to_owned());
                let resolver = Resolver::new(self.template, &changed, self.catalogue);
                if met(&resolver, call, 0) == Some(wanted) {
                    *context = changed;
                    self.changes += 1;
                    self.now = Some(Known::default());
                    return true;
                }
            }
        }
        false
    }

    fn limits(&mut self, name: &str) -> Option<Rc<Limits<'t>>> {
        if let Some(known) = self.limits.get(name) {
            return known.clone();
        }
        let declared = self.template.at(&["Parameters", name]);
        let limits = declared.map(|declared| Rc::new(Limits::of(declared)));
        self.limits.insert(name.to_owned(), limits.clone());
        limits
    }
}

/// The values that a parameter is tried with: those that it allows, those that conditions
/// compare it with, the keys of mappings, and another.
fn candidates<'a>(
    template: &'a Node,
    name: &str,
    texts: &'a [String],
    limits: Option<&'a Limits<'_>>,
) -> impl Iterator<Item = &'a str> {
    let listed = limits.map_or(&[][..], |limits| &limits.values);
    let open = limits.filter(|limits| limits.values.is_empty());
    let of_open = open.into_iter().flat_map(move |limits| {
        let mappings = template.get("Mappings").map_or(&[][..], Node::members);
        let keys = mappings.iter().flat_map(|map| map.value.members());
        let keys = keys.map(|key| &*key.key.text);
        let all = texts.iter().map(String::as_str).chain(keys);
        let allowed = all.filter(|text| limits.allow(text));
        allowed.chain([ANOTHER])
    });
    let is_pseudo = name.starts_with("AWS::");
    let pseudo = texts.iter().filter(move |_| is_pseudo);
    let pseudo = pseudo.flat_map(|text| [text, ANOTHER]);
    let listed = listed.iter().map(String::as_str);
    listed.chain(of_open).chain(pseudo)
}

/// The names in `Ref` and `${…}` of a comparison.
fn parameters(call: &Node) -> Vec<String> {
    let mut names = Vec::new();
    for node in call.walk() {
        names.extend(node.str("Ref").map(str::to_owned));
        let inside = node.as_str().unwrap_or("").split("${").skip(1);
        let inside = inside.filter_map(|rest| rest.split('}').next());
        names.extend(inside.map(str::to_owned));
    }
    names
}
