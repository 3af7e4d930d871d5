//! The branches of a template: contexts in which one of its conditions is flipped.
//!
//! Each condition is met once and not met once. A value that makes it so is searched for, so that
//! the conditions that it excludes follow. Combinations are not tried.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::comparisons::compared;
use super::conditions::met;
use super::parameter::{Limits, is_list, is_optional};
use super::resolve::Resolver;
use super::rules::{self, Broken};
use super::stack_context::{ANOTHER, StackContext};
use crate::catalogue::Catalogue;
use crate::syntax::Node;

/// How many contexts of one template are evaluated, and how many resources in all of them.
const MOST: usize = 64;
const LEAST: usize = 8;
const MOST_RESOURCES: usize = 20_000;

/// How deep conditions may ask for each other.
const MAX_DEPTH: usize = 32;

/// How often a value is tried for all conditions of a template together.
const MOST_TRIALS: usize = 4_000;

/// A context in which one condition is flipped.
#[derive(Clone, Debug)]
pub(crate) struct Branch {
    pub(super) context: StackContext,
    /// The condition under which it applies.
    pub(crate) when: String,
    /// Whether the template leaves it open, so that this branch is as good as the first: the
    /// parameters that decide have no defaults.
    pub(crate) is_open: bool,
    /// Whether the parameters that decide have no defaults but empty ones: they are for whoever needs
    /// them.
    pub(crate) is_optional: bool,
}

/// The contexts beside the first one that take every other branch of the template once.
pub(super) fn branches(template: &Node, base: &StackContext, catalogue: &Catalogue) -> Vec<Branch> {
    let names = used(template);
    let conditions = conditions_of(template);
    let optional = optional_lists(template, &conditions, base);
    if names.is_empty() && optional.is_empty() {
        return Vec::new();
    }
    let mut search = Search::new(&conditions, &optional, catalogue);
    let resources = template.get("Resources").map_or(&[][..], Node::members);
    let most = (MOST_RESOURCES / resources.len().max(1)).clamp(LEAST, MOST);
    let mut seen = search.taken(&names, base);
    let mut found = Vec::new();
    for name in &names {
        for wanted in [true, false] {
            if found.len() >= most || seen.contains(&(name.clone(), Some(wanted))) {
                continue;
            }
            if let Some(branch) = search.branch(base, name, wanted) {
                seen.extend(search.taken(&names, &branch.context));
                found.push(branch);
            }
        }
    }
    let left = most.saturating_sub(found.len());
    found.extend(optional.iter().take(left).map(|name| filled(base, name)));
    found
}

/// The context with values that the template's rules allow, where such are found.
pub(super) fn allowed(template: &Node, base: StackContext, catalogue: &Catalogue) -> StackContext {
    if template.get("Rules").is_none() {
        return base;
    }
    let conditions = conditions_of(template);
    let mut search = Search::new(&conditions, &[], catalogue);
    let obeying = search.obeying(&base, |_, _| true);
    obeying.unwrap_or(base)
}

/// The context in which an optional list is given.
fn filled(base: &StackContext, name: &str) -> Branch {
    let mut context = base.clone();
    context.assumed.insert(name.to_owned(), ANOTHER.to_owned());
    Branch {
        context,
        when: format!("parameter `{name}` is not empty"),
        is_open: false,
        is_optional: true,
    }
}

/// The lists that resources refer to, that may be left out, and of which no condition says whether they
/// are.
fn optional_lists(template: &Node, conditions: &Node, base: &StackContext) -> Vec<String> {
    let declared = template.get("Parameters").map_or(&[][..], Node::members);
    let optional = declared.iter().filter(|parameter| {
        let name = &*parameter.key.text;
        let is_given = base.given.contains_key(name) || base.parent.values.contains_key(name);
        !is_given && is_list(&parameter.value) && is_optional(&parameter.value)
    });
    let mut names: Vec<String> = optional.map(|p| p.key.text.to_string()).collect();
    if names.is_empty() {
        return names;
    }
    let referred = |section: &Node| {
        let names = section.walk().filter_map(|node| node.str("Ref"));
        names.map(str::to_owned).collect::<HashSet<String>>()
    };
    let in_resources = template.get("Resources").map(referred).unwrap_or_default();
    let in_conditions = conditions.get("Conditions").map(referred);
    let in_conditions = in_conditions.unwrap_or_default();
    names.retain(|name| in_resources.contains(name) && !in_conditions.contains(name));
    names
}

/// The conditions that decide on a resource or a value in one, in the order of the template.
fn used(template: &Node) -> Vec<String> {
    let mut names = Vec::new();
    let resources = template.get("Resources").map_or(&[][..], Node::members);
    for member in resources {
        names.extend(member.value.str("Condition").map(str::to_owned));
        let calls = member.value.walk().filter_map(|node| node.get("Fn::If"));
        let named = calls.filter_map(|call| call.items().first()?.as_str());
        names.extend(named.map(str::to_owned));
    }
    // What decides on one of them decides, too.
    let mut at = 0;
    while let Some(name) = names.get(at).cloned() {
        let declared = template.at(&["Conditions", &name]);
        let inner = declared.into_iter().flat_map(conditions_in);
        let new: Vec<String> = inner.filter(|inner| !names.contains(inner)).collect();
        names.extend(new);
        at += 1;
    }
    let mut seen = HashSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
}

/// The conditions that a condition names.
fn conditions_in(call: &Node) -> Vec<String> {
    let names = call.walk().filter_map(|node| node.str("Condition"));
    names.map(str::to_owned).collect()
}

/// A template without its resources: conditions cannot ask for them.
fn conditions_of(template: &Node) -> Node {
    const SECTIONS: [&str; 4] = ["Parameters", "Mappings", "Conditions", "Rules"];
    let sections = SECTIONS
        .iter()
        .filter_map(|name| Some((*name, template.get(name)?.clone())));
    Node::object(sections.collect::<Vec<_>>(), template.span)
}

/// The values that each parameter is tried with: those that it allows, those that conditions
/// compare it with, the keys of mappings, and another.
fn candidates(template: &Node) -> BTreeMap<String, Vec<String>> {
    let mut candidates: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let declared = template.get("Parameters").map_or(&[][..], Node::members);
    let sections = ["Conditions", "Rules"].into_iter();
    let sections = sections.filter_map(|section| template.get(section));
    let texts: Vec<(String, String)> = sections.flat_map(compared).collect();
    let mappings = template.get("Mappings").map_or(&[][..], Node::members);
    for parameter in declared {
        let limits = Limits::of(&parameter.value);
        let mut known = limits.values.clone();
        if known.is_empty() {
            let is_own = |name: &str| *name == *parameter.key.text;
            let own = texts.iter().filter(|(name, _)| is_own(name));
            known.extend(own.map(|(_, text)| text.clone()));
            let keys = mappings.iter().flat_map(|map| map.value.members());
            known.extend(keys.map(|key| key.key.text.to_string()));
            known.retain(|text| limits.allow(text));
            known.push(ANOTHER.to_owned());
        }
        candidates.insert(parameter.key.text.to_string(), known);
    }
    for (name, text) in texts {
        if name.starts_with("AWS::") {
            let known = candidates.entry(name).or_default();
            known.extend([text, ANOTHER.to_owned()]);
        }
    }
    candidates
}

struct Search<'t> {
    template: &'t Node,
    catalogue: &'t Catalogue,
    candidates: BTreeMap<String, Vec<String>>,
    optional: &'t [String],
    left: usize,
}

impl<'t> Search<'t> {
    fn new(template: &'t Node, optional: &'t [String], catalogue: &'t Catalogue) -> Self {
        Search {
            template,
            catalogue,
            candidates: candidates(template),
            optional,
            left: MOST_TRIALS,
        }
    }

    fn branch(&mut self, base: &StackContext, name: &str, wanted: bool) -> Option<Branch> {
        let mut context = base.clone();
        let declared = self.template.at(&["Conditions", name])?.clone();
        let solved = self.solve(&mut context, &declared, wanted, 0)
            && self.is(&context, name) == Some(wanted);
        if solved {
            let stays =
                |search: &Self, context: &StackContext| search.is(context, name) == Some(wanted);
            context = self.obeying(&context, stays)?;
        }
        if !solved {
            // What the values of the user or of the template decide cannot be flipped.
            if self.is(base, name).is_some() {
                return None;
            }
            context = base.clone();
            context.forced.insert(name.to_owned(), wanted);
        }
        let is_open = solved && self.all_changed(base, &context, |d| d.get("Default").is_none());
        let is_optional = solved
            && self.all_changed(base, &context, |declared| {
                declared.get("Default").is_none() || is_optional(declared)
            });
        // Whoever takes this branch also gives what it needs.
        for name in self.optional {
            let assumed = context.assumed.entry(name.clone());
            assumed.or_insert_with(|| ANOTHER.to_owned());
        }
        let is_met = if wanted { "true" } else { "false" };
        Some(Branch {
            context,
            when: format!("condition `{name}` is {is_met}"),
            is_open,
            is_optional,
        })
    }

    /// The context, changed until no rule of the template is broken, so that something stays; nothing where
    /// that was not found.
    fn obeying(
        &mut self,
        context: &StackContext,
        stays: impl Fn(&Self, &StackContext) -> bool,
    ) -> Option<StackContext> {
        let mut context = context.clone();
        // Mending one rule can break another.
        for _ in 0..=self.rules() {
            let Some(Broken {
                condition,
                assertion,
            }) = self.broken(&context)
            else {
                return Some(context);
            };
            let ways = [
                Some((assertion, true)),
                condition.map(|condition| (condition, false)),
            ];
            let mut ways = ways.into_iter().flatten();
            context = ways.find_map(|(call, wanted)| {
                let mut changed = context.clone();
                let is_mended = self.solve(&mut changed, &call, wanted, 0) && stays(self, &changed);
                is_mended.then_some(changed)
            })?;
        }
        None
    }

    fn rules(&self) -> usize {
        let rules = self.template.get("Rules");
        rules.map_or(0, |rules| rules.members().len())
    }

    /// The first assertion of the template's rules that does not hold.
    fn broken(&self, context: &StackContext) -> Option<Broken> {
        let resolver = Resolver::new(self.template, context, self.catalogue);
        rules::broken(&resolver, self.template).into_iter().next()
    }

    /// Whether all parameters that differ are declared so.
    fn all_changed(
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

    /// Which conditions are met and not met in a context.
    fn taken(&self, names: &[String], context: &StackContext) -> BTreeSet<(String, Option<bool>)> {
        let resolver = Resolver::new(self.template, context, self.catalogue);
        let taken = names
            .iter()
            .map(|name| (name.clone(), resolver.condition(name)));
        taken.collect()
    }

    fn is(&self, context: &StackContext, name: &str) -> Option<bool> {
        Resolver::new(self.template, context, self.catalogue).condition(name)
    }

    fn holds(&self, context: &StackContext, call: &Node) -> Option<bool> {
        met(
            &Resolver::new(self.template, context, self.catalogue),
            call,
            0,
        )
    }

    /// Changes the context until a condition is as wanted; returns whether that was possible.
    fn solve(
        &mut self,
        context: &mut StackContext,
        call: &Node,
        wanted: bool,
        depth: usize,
    ) -> bool {
        if depth > MAX_DEPTH || self.left == 0 {
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
                let named = self.template.at(&["Conditions", name]).cloned();
                named.is_some_and(|named| self.solve(context, &named, wanted, depth + 1))
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

    /// Tries the values of each parameter that a comparison asks for.
    fn try_values(&mut self, context: &mut StackContext, call: &Node, wanted: bool) -> bool {
        for name in parameters(call) {
            let decided =
                context.given.contains_key(&name) || context.parent.values.contains_key(&name);
            if decided {
                continue;
            }
            for value in self.candidates.get(&name).cloned().unwrap_or_default() {
                self.left = self.left.saturating_sub(1);
                let mut changed = context.clone();
                changed.assumed.insert(name.clone(), value);
                if self.left > 0 && self.holds(&changed, call) == Some(wanted) {
                    *context = changed;
                    return true;
                }
            }
        }
        false
    }
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
