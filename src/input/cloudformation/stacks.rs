//! Stacks that belong together: nested ones, and those that import what another exports.
//!
//! Owns which template a nested stack is made of, and what goes in and out of it. Stacks that belong
//! together are one deployment.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::branches::Branch;
use super::cloud_assembly::CloudAssemblies;
use super::relative_path::{beside, folder};
use super::resolve::Resolver;
use super::stack::Stack;
use super::stack_context::{ParentStack, StackContext};
use super::template_types::{SERVERLESS_APPLICATION, STACK};
use super::view::TemplateView;
use super::{Template, cross_stack, external_grants};
use crate::catalogue::Catalogue;
use crate::diagnostics::Problem;
use crate::input::infra::Deployment;
use crate::input::scope::Scope;
use crate::source::{FileId, Span};
use crate::syntax::{Node, Text};

/// How often values are passed on from stack to stack.
const MOST_ROUNDS: usize = 4;

/// Templates that were read, and the manifests beside them.
#[derive(Debug, Default)]
pub(crate) struct Stacks {
    templates: Vec<Template>,
    assemblies: CloudAssemblies,
}

/// Stacks that are deployed together.
pub(crate) struct StackGroup<'c> {
    stacks: Vec<Stack<'c>>,
}

impl Stacks {
    pub(crate) fn add(&mut self, template: Template) {
        self.templates.push(template);
    }

    /// Adds the manifest of a cloud assembly.
    pub(crate) fn add_manifest(&mut self, manifest: &Node, path: &str) {
        self.assemblies.add(manifest, path);
    }

    /// Manifests none of whose templates was read.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        self.assemblies.problems(&self.templates)
    }

    /// The stacks in groups of those that belong together. Values in `given` count before those of
    /// manifests.
    pub(crate) fn groups<'c>(
        self,
        catalogue: &'c Catalogue,
        given: &BTreeMap<String, String>,
    ) -> Vec<StackGroup<'c>> {
        let mut stacks: Vec<Stack<'c>> = Vec::new();
        let stale: HashSet<String> = self
            .templates
            .iter()
            .filter(|template| self.assemblies.is_stale(template))
            .map(|template| template.path.clone())
            .collect();
        for (index, template) in self.templates.into_iter().enumerate() {
            let mut values = self.assemblies.values(&template.path);
            values.extend(template.values.clone());
            values.extend(given.clone());
            let name = format!("{}#{index}", template.path);
            stacks.push(Stack::new(template, catalogue, &values, &name));
        }
        drop_stale(&mut stacks, &stale);
        let nested = nested(&mut stacks);
        for nesting in &nested {
            // A nested stack is deployed where its parent is.
            let parent = stacks
                .get(nesting.parent)
                .map(|parent| parent.first.given.clone());
            if let (Some(parent), Some(child)) = (parent, stacks.get_mut(nesting.child)) {
                child.first.inherit(&parent);
            }
        }
        for (index, stack) in stacks.iter_mut().enumerate() {
            let is_read = |name: &str| {
                let mut nested = nested.iter();
                nested.any(|nesting| nesting.parent == index && nesting.name == name)
            };
            stack.external_grants = external_grants::of(&stack.root, stack.catalogue, &is_read);
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
        .filter(|index| stacks.get(*index).is_some_and(|s| !stale.contains(&s.path)))
        .collect();
    while let Some(index) = open.pop() {
        let Some(stack) = stacks.get(index) else {
            continue;
        };
        if needed.insert(stack.path.clone()) {
            let inner = children(stacks, index, stacks.len());
            open.extend(inner.into_iter().map(|(_, child)| child));
        }
    }
    stacks.retain(|stack| needed.contains(&stack.path));
}

/// A stack in another.
#[derive(Debug)]
struct Nesting {
    parent: usize,
    child: usize,
    /// The logical id of the nested stack.
    name: String,
}

/// The nested stacks whose templates were read; of a template that several are made of, each has
/// a stack of its own.
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
                    let copy = stack.copy(&format!("{}@{parent}.{name}", stack.path));
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

/// How many stacks are added for templates of which several are made.
const MOST_COPIES: usize = 200;

/// The nested stacks of a stack, by name, each with the stack of its template.
fn children(stacks: &[Stack<'_>], parent: usize, read: usize) -> Vec<(String, usize)> {
    let Some(stack) = stacks.get(parent) else {
        return Vec::new();
    };
    let members = stack.root.get("Resources").map_or(&[][..], Node::members);
    let found = members.iter().filter_map(|member| {
        let path = beside(&stack.path, location(&member.value)?);
        let mut others = stacks.iter().take(read);
        let child = others.position(|other| other.path == path)?;
        Some((member.key.text.to_string(), child))
    });
    found.collect()
}

/// Whether a stack is made of a template, or one of its parents is.
fn is_inside(stacks: &[Stack<'_>], found: &[Nesting], inner: usize, outer: usize) -> bool {
    let path = |index: usize| stacks.get(index).map(|stack| &stack.path);
    let mut at = inner;
    for _ in 0..=stacks.len() {
        if path(at) == path(outer) {
            return true;
        }
        match found.iter().find(|nesting| nesting.child == at) {
            Some(nesting) => at = nesting.parent,
            None => return false,
        }
    }
    true
}

/// The file of a nested stack's template.
fn location(resource: &Node) -> Option<&str> {
    match resource.str("Type")? {
        STACK => {
            let asset = resource.at(&["Metadata", "aws:asset:path"]);
            let written = || resource.at(&["Properties", "TemplateURL"]);
            asset.or_else(written)?.as_str()
        }
        SERVERLESS_APPLICATION => resource.at(&["Properties", "Location"])?.as_str(),
        _ => None,
    }
}

/// Passes values on between the stacks until nothing changes; returns which stack imports from
/// which.
fn join(stacks: &mut [Stack<'_>], nested: &[Nesting]) -> Vec<(usize, usize)> {
    if stacks.len() < 2 {
        return Vec::new();
    }
    let mut exports: Exports = Exports::new();
    for _ in 0..MOST_ROUNDS {
        exports.clear();
        let mut outputs = Vec::new();
        for (index, stack) in stacks.iter().enumerate() {
            let given = stack.outputs();
            for (name, text) in given.exports {
                exports.entry(name).or_default().push((index, text));
            }
            outputs.push(given.outputs);
        }
        let parents: Vec<ParentStack> = (0..stacks.len())
            .zip(stacks.iter())
            .map(|(index, stack)| ParentStack {
                stack: Arc::clone(&stack.first.parent.stack),
                values: values(index, stacks, nested),
                outputs: of_nested(index, &outputs, nested),
                exports: seen_by(stack, stacks, &exports),
            })
            .collect();
        let mut changed = false;
        for (stack, parent) in stacks.iter_mut().zip(parents) {
            changed |= *stack.first.parent != parent;
            stack.first.parent = Arc::new(parent);
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

/// What a stack imports under the names of exports.
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
    let own = folder(&stack.path);
    let is_beside = |(index, _): &&(usize, Text)| {
        stacks
            .get(*index)
            .is_some_and(|other| folder(&other.path) == own)
    };
    let mut beside = all.iter().filter(is_beside);
    match (all, beside.next(), beside.next()) {
        ([only], ..) => Some(only),
        (_, Some(only), None) => Some(only),
        _ => None,
    }
}

/// The values that the parent of a nested stack gives for its parameters.
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
) -> Vec<StackGroup<'c>> {
    let mut group: Vec<usize> = (0..stacks.len()).collect();
    let nested = nested.iter().map(|nesting| (nesting.parent, nesting.child));
    for (one, other) in nested.chain(imports.iter().copied()) {
        let of = |index: usize| group.get(index).copied().unwrap_or(index);
        let (low, high) = (of(one).min(of(other)), of(one).max(of(other)));
        for entry in group.iter_mut().filter(|entry| **entry == high) {
            *entry = low;
        }
    }
    let mut all: BTreeMap<usize, StackGroup<'c>> = BTreeMap::new();
    for (stack, group) in stacks.into_iter().zip(group) {
        let members = all
            .entry(group)
            .or_insert_with(|| StackGroup { stacks: Vec::new() });
        members.stacks.push(stack);
    }
    all.into_values().collect()
}

impl StackGroup<'_> {
    /// Where the documents of the group stand among the others.
    pub(crate) fn scope(&self) -> Scope {
        let first = self.stacks.first();
        first.map(|stack| stack.scope.clone()).unwrap_or_default()
    }

    /// Where the first template is written.
    pub(crate) fn span(&self) -> Span {
        let first = self.stacks.first();
        first.map_or(Span::new(FileId::NOWHERE, 0, 0), |stack| stack.written.span)
    }

    /// What CloudFormation would refuse. A template of which several stacks are made has its faults
    /// once.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        let mut problems: Vec<Problem> = Vec::new();
        for problem in self.stacks.iter().flat_map(Stack::problems) {
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        }
        problems
    }

    /// The templates, of which the group has this number.
    pub(crate) fn views(&self, group: usize) -> impl Iterator<Item = TemplateView> {
        let stacks = self.stacks.iter();
        stacks.map(move |stack| TemplateView::of(stack, group))
    }

    /// All stacks in their first contexts.
    pub(crate) fn deployment(&self) -> Deployment {
        let stacks = self.stacks.iter();
        deployment(stacks.map(|stack| (stack, &stack.first)))
    }

    /// Every branch of every stack, with the first contexts of the others, and what is left out of them.
    pub(crate) fn branches(&self) -> (impl Iterator<Item = (Branch, Deployment)>, Vec<Problem>) {
        let mut branches = Vec::new();
        let mut problems = Vec::new();
        for (index, stack) in self.stacks.iter().enumerate() {
            let (own, problem) = stack.branches();
            branches.extend(own.into_iter().map(|branch| (index, branch)));
            problems.extend(problem.filter(|problem| !problems.contains(problem)));
        }
        let each = branches.into_iter().map(|(index, branch)| {
            let each = self.stacks.iter().enumerate();
            let in_branch = deployment(each.map(|(other, stack)| match other == index {
                true => (stack, &branch.context),
                false => (stack, &stack.first),
            }));
            (branch, in_branch)
        });
        (each, problems)
    }
}

/// Stacks that belong together, each in a context.
fn deployment<'s, 'c: 's>(
    stacks: impl Iterator<Item = (&'s Stack<'c>, &'s StackContext)>,
) -> Deployment {
    let mut resources = Vec::new();
    let mut adds_more = None;
    let mut ignored = Vec::new();
    let mut references = Vec::new();
    for (stack, context) in stacks {
        references.extend(stack.wrong_references(context));
        ignored.extend(stack.ignored.iter().cloned());
        resources.extend(stack.resources(context));
        adds_more = adds_more.or_else(|| stack.adds_more.clone());
    }
    Deployment {
        resources,
        adds_more,
        ignored,
        references,
    }
}
