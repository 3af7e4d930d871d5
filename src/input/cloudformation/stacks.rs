//! Stacks that belong together: nested ones, and those that import what another exports.
//!
//! Owns which template stands for a nested stack, and what goes in and out of it. Stacks that belong
//! together are told as one.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::assemblies::Assemblies;
use super::relative_path::{beside, folder};
use super::resolve::Resolver;
use super::stack_context::ParentStack;
use super::{Stack, TemplateFacts, Written, cross_stack, external_grants, tell};
use crate::catalogue::Catalogue;
use crate::diagnostics::Problem;
use crate::syntax::{Node, Text};

/// How often values are handed on from stack to stack.
const MOST_ROUNDS: usize = 4;

/// Templates that were read, and what is said of them.
#[derive(Debug, Default)]
pub(crate) struct Stacks {
    written: Vec<Written>,
    assemblies: Assemblies,
}

/// Stacks that are told as one.
pub(crate) struct Deployment<'c> {
    pub(crate) stacks: Vec<Stack<'c>>,
}

impl Stacks {
    pub(crate) fn add(&mut self, written: Written) {
        self.written.push(written);
    }

    /// Takes what the manifest of a cloud assembly says of the stacks beside it.
    pub(crate) fn add_manifest(&mut self, manifest: &Node, way: &str) {
        self.assemblies.add(manifest, way);
    }

    /// Manifests of which no template was read.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        self.assemblies.problems(&self.written)
    }

    /// The stacks, those that belong together in one. What `given` says counts before manifests.
    pub(crate) fn deployments<'c>(
        self,
        catalogue: &'c Catalogue,
        given: &BTreeMap<String, String>,
    ) -> Vec<Deployment<'c>> {
        let mut stacks: Vec<Stack<'c>> = Vec::new();
        let stale: HashSet<String> = self
            .written
            .iter()
            .filter(|written| self.assemblies.is_stale(written))
            .map(|written| written.way.clone())
            .collect();
        for (index, written) in self.written.into_iter().enumerate() {
            let mut values = self.assemblies.values(&written.way);
            values.extend(given.clone());
            let name = format!("{}#{index}", written.way);
            stacks.push(Stack::new(written, catalogue, &values, &name));
        }
        drop_stale(&mut stacks, &stale);
        let nested = nested(&mut stacks);
        for nesting in &nested {
            // A nested stack is where the one around it is.
            let around = stacks
                .get(nesting.parent)
                .map(|parent| parent.first.given.clone());
            if let (Some(around), Some(child)) = (around, stacks.get_mut(nesting.child)) {
                child.first.inherit(&around);
            }
        }
        for (index, stack) in stacks.iter_mut().enumerate() {
            let is_read = |name: &str| {
                let mut nested = nested.iter();
                nested.any(|nesting| nesting.parent == index && nesting.name == name)
            };
            stack.external_grants = external_grants::told(&stack.root, stack.catalogue, &is_read);
        }
        let mut imports = join(&mut stacks, &nested);
        imports.extend(cross_stack::edges(&stacks));
        groups(stacks, &nested, &imports)
    }
}

/// Drops the stacks of these files that no other nests.
fn drop_stale(stacks: &mut Vec<Stack<'_>>, stale: &HashSet<String>) {
    let mut needed: HashSet<String> = HashSet::new();
    let mut open: Vec<usize> = (0..stacks.len())
        .filter(|index| stacks.get(*index).is_some_and(|s| !stale.contains(&s.way)))
        .collect();
    while let Some(index) = open.pop() {
        let Some(stack) = stacks.get(index) else {
            continue;
        };
        if needed.insert(stack.way.clone()) {
            let inner = children(stacks, index, stacks.len());
            open.extend(inner.into_iter().map(|(_, child)| child));
        }
    }
    stacks.retain(|stack| needed.contains(&stack.way));
}

/// A stack in another.
#[derive(Debug)]
struct Nesting {
    parent: usize,
    child: usize,
    /// The logical id of the nested stack.
    name: String,
}

/// The nested stacks whose templates were read; of a template that stands for several, each has a
/// stack of its own.
fn nested(stacks: &mut Vec<Stack<'_>>) -> Vec<Nesting> {
    let read = stacks.len();
    let mut found: Vec<Nesting> = Vec::new();
    let mut parent = 0;
    while parent < stacks.len() {
        for (name, child) in children(stacks, parent, read) {
            if is_inside(stacks, &found, parent, child) {
                continue;
            }
            let is_taken = found.iter().any(|nesting| nesting.child == child);
            let child = match stacks.get(child).filter(|_| is_taken) {
                None => child,
                Some(_) if stacks.len() >= read + MOST_COPIES => continue,
                Some(stack) => {
                    let copy = stack.copy(&format!("{}@{parent}.{name}", stack.way));
                    stacks.push(copy);
                    stacks.len() - 1
                }
            };
            found.push(Nesting {
                parent,
                child,
                name,
            });
        }
        parent += 1;
    }
    found
}

/// How many stacks are added for templates that stand for several.
const MOST_COPIES: usize = 200;

/// The nested stacks of a stack, by name, with whose template each has.
fn children(stacks: &[Stack<'_>], parent: usize, read: usize) -> Vec<(String, usize)> {
    let Some(stack) = stacks.get(parent) else {
        return Vec::new();
    };
    let members = stack.root.get("Resources").map_or(&[][..], Node::members);
    let found = members.iter().filter_map(|member| {
        let way = beside(&stack.way, location(&member.value)?);
        let mut ways = stacks.iter().take(read);
        let child = ways.position(|other| other.way == way)?;
        Some((member.key.text.to_string(), child))
    });
    found.collect()
}

/// Whether a template is that of a stack, or of one around it.
fn is_inside(stacks: &[Stack<'_>], found: &[Nesting], inner: usize, outer: usize) -> bool {
    let way = |index: usize| stacks.get(index).map(|stack| &stack.way);
    let mut at = inner;
    for _ in 0..=stacks.len() {
        if way(at) == way(outer) {
            return true;
        }
        match found.iter().find(|nesting| nesting.child == at) {
            Some(around) => at = around.parent,
            None => return false,
        }
    }
    true
}

/// The file of a nested stack's template.
fn location(resource: &Node) -> Option<&str> {
    match resource.str("Type")? {
        "AWS::CloudFormation::Stack" => {
            let asset = resource.at(&["Metadata", "aws:asset:path"]);
            let written = || resource.at(&["Properties", "TemplateURL"]);
            asset.or_else(written)?.as_str()
        }
        "AWS::Serverless::Application" => resource.at(&["Properties", "Location"])?.as_str(),
        _ => None,
    }
}

/// Hands values on between the stacks until nothing changes; gives which stack imports from which.
fn join(stacks: &mut [Stack<'_>], nested: &[Nesting]) -> Vec<(usize, usize)> {
    if stacks.len() < 2 {
        return Vec::new();
    }
    let mut exports: Exports = Exports::new();
    for _ in 0..MOST_ROUNDS {
        exports.clear();
        let mut outputs = Vec::new();
        for (index, stack) in stacks.iter().enumerate() {
            let told = stack.outputs();
            for (name, text) in told.exports {
                exports.entry(name).or_default().push((index, text));
            }
            outputs.push(told.outputs);
        }
        let around: Vec<ParentStack> = (0..stacks.len())
            .zip(stacks.iter())
            .map(|(index, stack)| ParentStack {
                stack: Arc::clone(&stack.first.around.stack),
                values: values(index, stacks, nested),
                outputs: of_nested(index, &outputs, nested),
                exports: seen_by(stack, stacks, &exports),
            })
            .collect();
        let mut changed = false;
        for (stack, around) in stacks.iter_mut().zip(around) {
            changed |= *stack.first.around != around;
            stack.first.around = Arc::new(around);
        }
        if !changed {
            break;
        }
    }
    let mut imports = Vec::new();
    for (index, stack) in stacks.iter().enumerate() {
        for name in stack.imports() {
            let exporter = exports
                .get(&name)
                .and_then(|all| exporter(stack, stacks, all));
            imports.extend(exporter.map(|(exporter, _)| (index, *exporter)));
        }
    }
    imports
}

/// What stacks export under each name.
type Exports = BTreeMap<String, Vec<(usize, Text)>>;

/// What a stack gets for the names of exports.
fn seen_by(stack: &Stack<'_>, stacks: &[Stack<'_>], exports: &Exports) -> BTreeMap<String, Text> {
    let seen = exports.iter().filter_map(|(name, all)| {
        let (_, text) = exporter(stack, stacks, all)?;
        Some((name.clone(), text.clone()))
    });
    seen.collect()
}

/// Who exports what a stack imports: of several, the only one in its folder. Stacks of several
/// stages or accounts can export the same name.
fn exporter<'e>(
    stack: &Stack<'_>,
    stacks: &[Stack<'_>],
    all: &'e [(usize, Text)],
) -> Option<&'e (usize, Text)> {
    let own = folder(&stack.way);
    let is_beside = |(index, _): &&(usize, Text)| {
        stacks
            .get(*index)
            .is_some_and(|other| folder(&other.way) == own)
    };
    let mut beside = all.iter().filter(is_beside);
    match (all, beside.next(), beside.next()) {
        ([only], ..) => Some(only),
        (_, Some(only), None) => Some(only),
        _ => None,
    }
}

/// The values that the stack around a nested one gives for its parameters.
fn values(index: usize, stacks: &[Stack<'_>], nested: &[Nesting]) -> BTreeMap<String, Node> {
    let nesting = nested.iter().find(|nesting| nesting.child == index);
    let values = nesting.and_then(|nesting| {
        let parent = stacks.get(nesting.parent)?;
        let resource = parent.root.at(&["Resources", &nesting.name])?;
        let given = resource.at(&["Properties", "Parameters"])?;
        let resolver = Resolver::new(&parent.root, &parent.first, parent.catalogue);
        let given = resolver.value(given)?;
        let members = given.members().iter();
        let values = members.map(|m| (m.key.text.to_string(), m.value.clone()));
        Some(values.collect())
    });
    values.unwrap_or_default()
}

/// What the stacks nested in one give, by how it asks for it.
fn of_nested(
    index: usize,
    outputs: &[BTreeMap<String, Text>],
    nested: &[Nesting],
) -> BTreeMap<String, Text> {
    let own = nested.iter().filter(|nesting| nesting.parent == index);
    let each = own.flat_map(|nesting| {
        let given = outputs.get(nesting.child).into_iter().flatten();
        given.map(|(name, text)| (format!("{}.Outputs.{name}", nesting.name), text.clone()))
    });
    each.collect()
}

/// The stacks in groups of those that belong together, each group in the order of the input.
fn groups<'c>(
    stacks: Vec<Stack<'c>>,
    nested: &[Nesting],
    imports: &[(usize, usize)],
) -> Vec<Deployment<'c>> {
    let mut group: Vec<usize> = (0..stacks.len()).collect();
    let nested = nested.iter().map(|nesting| (nesting.parent, nesting.child));
    for (one, other) in nested.chain(imports.iter().copied()) {
        let of = |index: usize| group.get(index).copied().unwrap_or(index);
        let (low, high) = (of(one).min(of(other)), of(one).max(of(other)));
        for entry in group.iter_mut().filter(|entry| **entry == high) {
            *entry = low;
        }
    }
    let mut deployments: BTreeMap<usize, Deployment<'c>> = BTreeMap::new();
    for (stack, group) in stacks.into_iter().zip(group) {
        let deployment = deployments
            .entry(group)
            .or_insert_with(|| Deployment { stacks: Vec::new() });
        deployment.stacks.push(stack);
    }
    deployments.into_values().collect()
}

impl Deployment<'_> {
    /// Tells all stacks in their first settings.
    pub(crate) fn tell(&self) -> TemplateFacts {
        let stacks = self.stacks.iter();
        tell(stacks.map(|stack| (stack, &stack.first)))
    }

    /// What every branch of every stack tells, with the first settings of the others.
    pub(crate) fn branches(&self) -> impl Iterator<Item = (super::Branch, TemplateFacts)> {
        let stacks = self.stacks.iter().enumerate();
        stacks.flat_map(move |(index, stack)| {
            stack.branches().into_iter().map(move |branch| {
                let each = self.stacks.iter().enumerate();
                let told = tell(each.map(|(other, stack)| match other == index {
                    true => (stack, &branch.setting),
                    false => (stack, &stack.first),
                }));
                (branch, told)
            })
        })
    }
}
