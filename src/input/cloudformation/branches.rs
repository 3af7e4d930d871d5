//! The branches of a template: contexts in which one of its conditions is flipped.
//!
//! Each condition is met once and not met once. A value that makes it so is searched for, so that
//! the conditions that it excludes follow. Combinations are not tried.

use std::collections::{BTreeSet, HashSet};

use super::parameter::{is_list, is_optional};
use super::search::Search;
use super::stack_context::{ANOTHER, StackContext};
use crate::catalogue::Catalogue;
use crate::diagnostics::Problem;
use crate::syntax::Node;

/// How many contexts of one template are evaluated, and how many resources in all of them.
const MOST: usize = 64;
const LEAST: usize = 8;
const MOST_RESOURCES: usize = 20_000;

/// How many conditions a message names.
const MOST_NAMED: usize = 3;

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

/// The contexts beside the first one that take every other branch of the template once, and what is left out
/// of them.
pub(super) fn branches(
    template: &Node,
    base: &StackContext,
    catalogue: &Catalogue,
) -> (Vec<Branch>, Option<Problem>) {
    let names = used(template);
    let conditions = conditions_of(template);
    let optional = optional_lists(template, &conditions, base);
    if names.is_empty() && optional.is_empty() {
        return (Vec::new(), None);
    }
    let mut search = Search::new(&conditions, catalogue);
    let resources = template.get("Resources").map_or(&[][..], Node::members);
    let most = (MOST_RESOURCES / resources.len().max(1)).clamp(LEAST, MOST);
    let mut seen = BTreeSet::new();
    search.take(&names, base, &mut seen);
    let mut found = Vec::new();
    let mut left_out = Vec::new();
    for name in &names {
        for wanted in [true, false] {
            if seen.contains(&(name, Some(wanted))) {
                continue;
            }
            let branch = match found.len() < most {
                true => branch(&mut search, base, name, wanted, &optional),
                false => None,
            };
            match branch {
                Some(branch) => {
                    search.take(&names, &branch.context, &mut seen);
                    found.push(branch);
                }
                None if found.len() >= most || search.is_cut() => {
                    left_out.push((name, wanted));
                }
                None => {}
            }
        }
    }
    // A branch for another condition can have shown it.
    left_out.retain(|(name, wanted)| !seen.contains(&(*name, Some(*wanted))));
    let left_out = left_out.into_iter();
    let mut left_out: Vec<String> = left_out.map(|(name, wanted)| is(name, wanted)).collect();
    let left = most.saturating_sub(found.len());
    let (optional, more) = optional.split_at(left.min(optional.len()));
    found.extend(optional.iter().map(|name| filled(base, name)));
    left_out.extend(more.iter().map(|name| given(name)));
    (found, told(&left_out, template))
}

/// That branches of a template are left out.
fn told(left_out: &[String], template: &Node) -> Option<Problem> {
    let (first, more) = left_out.split_at(left_out.len().min(MOST_NAMED));
    let mut named = first.join(", or if ");
    if named.is_empty() {
        return None;
    }
    if !more.is_empty() {
        named += &format!(", or in {} more cases", more.len());
    }
    let place = ["Conditions", "Parameters"].into_iter();
    let place = place.filter_map(|section| template.member(section)).next();
    let span = place.map_or(template.span.at_start(), |section| section.key.span);
    let message = format!(
        "this template has too many conditions to evaluate all of them: what is deployed only if {named} is not checked"
    );
    let help = "to check these cases, give values for their parameters with `--param`";
    Some(Problem::at(span, message).help(help))
}

/// The branch in which a condition is as wanted; nothing where it cannot be.
fn branch(
    search: &mut Search<'_>,
    base: &StackContext,
    name: &str,
    wanted: bool,
    optional: &[String],
) -> Option<Branch> {
    let mut context = search.flipped(base, name, wanted)?;
    let is_open = context.forced == base.forced
        && search.all_changed(base, &context, |d| d.get("Default").is_none());
    let is_optional = context.forced == base.forced
        && search.all_changed(base, &context, |declared| {
            declared.get("Default").is_none() || is_optional(declared)
        });
    // Whoever takes this branch also gives what it needs.
    for name in optional {
        let assumed = context.assumed.entry(name.clone());
        assumed.or_insert_with(|| ANOTHER.to_owned());
    }
    Some(Branch {
        context,
        when: is(name, wanted),
        is_open,
        is_optional,
    })
}

/// The context with values that the template's rules allow, where such are found.
pub(super) fn allowed(template: &Node, base: StackContext, catalogue: &Catalogue) -> StackContext {
    if template.get("Rules").is_none() {
        return base;
    }
    let conditions = conditions_of(template);
    let mut search = Search::new(&conditions, catalogue);
    let obeying = search.obeying(&base, |_, _| true);
    obeying.unwrap_or(base)
}

/// The context in which an optional list is given.
fn filled(base: &StackContext, name: &str) -> Branch {
    let mut context = base.clone();
    context.assumed.insert(name.to_owned(), ANOTHER.to_owned());
    Branch {
        context,
        when: given(name),
        is_open: false,
        is_optional: true,
    }
}

/// That a condition is met or not, in words.
fn is(name: &str, wanted: bool) -> String {
    format!("condition `{name}` is {wanted}")
}

/// That an optional list is given, in words.
fn given(name: &str) -> String {
    format!("parameter `{name}` is not empty")
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
    let mut seen = HashSet::new();
    names.retain(|name| seen.insert(name.clone()));
    // What decides on one of them decides, too.
    let mut at = 0;
    while let Some(name) = names.get(at) {
        let declared = template.at(&["Conditions", name]);
        let inner = declared.into_iter().flat_map(conditions_in);
        let new: Vec<String> = inner.filter(|inner| seen.insert(inner.clone())).collect();
        names.extend(new);
        at += 1;
    }
    names
}

/// The conditions that a condition names.
fn conditions_in(call: &Node) -> impl Iterator<Item = String> {
    let names = call.walk().filter_map(|node| node.str("Condition"));
    names.map(str::to_owned)
}

/// A template without its resources: conditions cannot ask for them.
fn conditions_of(template: &Node) -> Node {
    const SECTIONS: [&str; 4] = ["Parameters", "Mappings", "Conditions", "Rules"];
    let sections = SECTIONS
        .iter()
        .filter_map(|name| Some((*name, template.get(name)?.clone())));
    Node::object(sections.collect::<Vec<_>>(), template.span)
}
