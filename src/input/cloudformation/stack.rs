//! A template that can be evaluated in each of its contexts.
//!
//! Owns what a stack makes, exports and imports. It must not know of the stacks beside it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::branches::{self, Branch};
use super::resolve::Resolver;
use super::stack_context::{self, ParentStack, StackContext};
use super::template_types::{SERVERLESS_CONNECTOR, TRANSFORM_OF_SAM};
use super::wrong_references::{self, Misplaced};
use super::{Places, Template, external_grants, loops, misspelt, references, resource, sam};
use crate::catalogue::Catalogue;
use crate::diagnostics::Problem;
use crate::input::infra::Resource;
use crate::input::scope::Scope;
use crate::source::Span;
use crate::syntax::{Node, Text};

/// A template that can be evaluated in each of its contexts.
#[derive(Clone)]
pub(crate) struct Stack<'c> {
    /// With every loop and serverless resource in its long form.
    pub(super) root: Node,
    /// As it was written, without what a second declaration of the same name replaces.
    pub(crate) written: Node,
    /// As it was written, with every loop in its long form.
    unrolled: Node,
    pub(crate) scope: Scope,
    pub(super) path: String,
    /// What can add more than is seen in it.
    pub(super) adds_more: Option<String>,
    /// What the transform of SAM knows of the resources that it made.
    generated: sam::Generation,
    /// The names of properties that belong to no resource and are ignored, at their places.
    pub(super) ignored: Vec<Node>,
    /// Names that are given to resources which can grant more, and why.
    pub(super) external_grants: HashMap<String, String>,
    /// References that give something else than their property takes. In `root` they are as they were meant.
    wrong: Vec<Misplaced>,
    /// Whether another tool adds resources that other ones refer to.
    declares_more: bool,
    pub(super) places: Places,
    /// A loop that makes more than is evaluated.
    cut: Option<Span>,
    pub(super) catalogue: &'c Catalogue,
    pub(super) first: StackContext,
}

/// What a stack gives to others.
#[derive(Debug, Default)]
pub(super) struct Outputs {
    pub(super) outputs: BTreeMap<String, Text>,
    pub(super) exports: BTreeMap<String, Text>,
}

impl<'c> Stack<'c> {
    /// Prepares a template, with the values that are given for parameters.
    pub(super) fn new(
        template: Template,
        catalogue: &'c Catalogue,
        given: &BTreeMap<String, String>,
        name: &str,
    ) -> Self {
        let parent = ParentStack {
            stack: name.into(),
            ..ParentStack::default()
        };
        // Of two declarations of one name, CloudFormation takes the last:
        // https://github.com/aws-cloudformation/cfn-language-discussion/issues/96
        let written = template.root.with_last_members();
        let first = stack_context::base(&written, given, Arc::new(parent), catalogue);
        let first = branches::allowed(&written, first, catalogue);
        let (root, cut) = loops::unrolled(&written, &first, catalogue);
        let sam = sam::is_needed(&root).then(|| catalogue.sam()).flatten();
        let unrolled = root.clone();
        // What SAM makes of a property stands in others as well.
        let (root, mut wrong) = meant(&root, &written, &first, catalogue);
        let expanded = sam.and_then(|sam| sam::expanded(&root, sam));
        let sam::Expansion {
            root,
            generation: mut generated,
            ignored,
        } = expanded.unwrap_or_else(|| sam::Expansion {
            root,
            generation: sam::Generation::new(),
            ignored: Vec::new(),
        });
        generated.extend(template.generated);
        let (root, more) = meant(&root, &written, &first, catalogue);
        wrong.extend(more);
        let adds_more = what_adds_more(&root, catalogue);
        Stack {
            root,
            written,
            unrolled,
            scope: template.scope,
            path: template.path,
            adds_more,
            generated,
            ignored,
            external_grants: HashMap::new(),
            wrong,
            declares_more: template.declares_more,
            places: template.places,
            cut,
            catalogue,
            first,
        }
    }

    /// Another stack of the same template.
    pub(super) fn copy(&self, name: &str) -> Self {
        let mut copy = self.clone();
        copy.first.parent = Arc::new(ParentStack {
            stack: name.into(),
            ..ParentStack::default()
        });
        copy
    }

    /// What CloudFormation would refuse.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        let mut problems = misspelt::problems(&self.written, self.catalogue);
        problems.extend(references::roles_by_path(&self.written));
        problems.extend(self.cut.map(|span| {
            let message = "this loop creates too many resources";
            Problem::at(span, message).help("a template can contain up to 500 resources")
        }));
        if self.adds_more.is_none() {
            if !self.declares_more {
                problems.extend(references::unknown(&references::Declared {
                    template: &self.unrolled,
                    expanded: &self.root,
                    sam: self.is_serverless().then(|| self.catalogue.sam()).flatten(),
                }));
            }
            problems.extend(references::unknown_conditions(&self.root));
            problems.extend(references::misspelt_calls(&self.written));
            problems.extend(references::wrong_substitutions(&self.written));
        }
        problems
    }

    fn is_serverless(&self) -> bool {
        sam::is_asked_for(&self.unrolled) || sam::is_needed(&self.unrolled)
    }

    /// The contexts beside the first one that take its other branches, and what is left out of them.
    pub(super) fn branches(&self) -> (Vec<Branch>, Option<Problem>) {
        branches::branches(&self.root, &self.first, self.catalogue)
    }

    /// What the stack gives to others in its first context.
    pub(super) fn outputs(&self) -> Outputs {
        let resolver = Resolver::new(&self.root, &self.first, self.catalogue);
        let mut outputs = Outputs::default();
        for member in self.root.get("Outputs").map_or(&[][..], Node::members) {
            let value = member.value.get("Value");
            let value = value.and_then(|value| resolver.value(value));
            let Some(text) = value.as_ref().and_then(Node::as_text) else {
                continue;
            };
            let name = member.value.at(&["Export", "Name"]);
            let name = name.and_then(|name| resolver.value(name));
            if let Some(name) = name.as_ref().and_then(Node::as_str) {
                outputs.exports.insert(name.to_owned(), text.clone());
            }
            outputs
                .outputs
                .insert(member.key.text.to_string(), text.clone());
        }
        outputs
    }

    /// The references in what the stack makes in a context that give something else than their property
    /// takes.
    pub(super) fn wrong_references(&self, context: &StackContext) -> Vec<Node> {
        if self.wrong.is_empty() {
            return Vec::new();
        }
        let resolver = Resolver::new(&self.root, context, self.catalogue);
        let is_met = |condition: &str| resolver.condition(condition);
        wrong_references::told(&self.wrong, &is_met)
    }

    /// The names of what the stack imports.
    pub(super) fn imports(&self) -> Vec<String> {
        let resolver = Resolver::new(&self.root, &self.first, self.catalogue);
        let resources = self.root.get("Resources").into_iter();
        let calls = resources.flat_map(Node::walk);
        let names = calls.filter_map(|node| {
            let name = resolver.value(node.get("Fn::ImportValue")?)?;
            name.as_str().map(str::to_owned)
        });
        names.collect()
    }

    /// The resources that the stack makes in a context.
    pub(super) fn resources(&self, context: &StackContext) -> Vec<Resource> {
        let resolver = Resolver::new(&self.root, context, self.catalogue);
        let members = self.root.get("Resources").map_or(&[][..], Node::members);
        // What may be there or not can grant more to what it names.
        let mut external_grants = self.external_grants.clone();
        let open = members.iter().filter(|member| {
            grants(&member.value, self.catalogue) && resolver.makes(&member.value).is_none()
        });
        for member in open {
            let why = member
                .value
                .str("Condition")
                .map_or_else(String::new, depends);
            for name in external_grants::names(&member.value) {
                external_grants.entry(name).or_insert_with(|| why.clone());
            }
        }
        let made = members
            .iter()
            .filter(|member| resolver.makes(&member.value) == Some(true));
        let made = made.filter_map(|member| {
            let external_grant = external_grants.get(&*member.key.text).cloned();
            let resource = resource::resolved(&resolver, member, &self.generated)?;
            Some(Resource {
                external_grant: external_grant.or(resource.external_grant),
                ..resource
            })
        });
        made.collect()
    }
}

/// Whether a resource does nothing but let somebody do something.
fn grants(resource: &Node, catalogue: &Catalogue) -> bool {
    let shape = resource
        .str("Type")
        .and_then(|name| catalogue.template_resource(name));
    shape.is_some_and(|shape| shape.grants.is_some())
}

fn depends(condition: &str) -> String {
    format!("what condition {condition} decides")
}

/// What can add resources, policies or permissions to the template that are not seen in it: a
/// loop, a macro, or a connector of SAM, of those that are left, and grants with properties that are
/// not known.
fn what_adds_more(template: &Node, catalogue: &Catalogue) -> Option<String> {
    if let Some(other) = another_transform(template) {
        return Some(format!("what {} adds", other.as_str().unwrap_or("a macro")));
    }
    if template.get("Fn::Transform").is_some() {
        return Some("what Fn::Transform adds".to_owned());
    }
    let resources = template.get("Resources").map_or(&[][..], Node::members);
    let adds = resources.iter().find(|member| {
        let resource = &member.value;
        let connects = resource.str("Type") == Some(SERVERLESS_CONNECTOR);
        connects
            || resource.get("Connectors").is_some()
            || member.key.text.starts_with("Fn::")
            || grants(resource, catalogue) && resource::unknown_properties(resource)
    });
    adds.map(|member| format!("what {} adds", member.key.text))
}

/// A template with its wrong references as they were meant, and these. What a macro makes of them is not known.
fn meant(
    template: &Node,
    written: &Node,
    context: &StackContext,
    catalogue: &Catalogue,
) -> (Node, Vec<Misplaced>) {
    match another_transform(template) {
        Some(_) => (template.clone(), Vec::new()),
        None => wrong_references::found(template, written, context, catalogue),
    }
}

/// A macro that can write anything into the template.
fn another_transform(template: &Node) -> Option<&Node> {
    const KNOWN: [&str; 2] = [TRANSFORM_OF_SAM, "AWS::LanguageExtensions"];
    let transforms = template.get("Transform").map_or(&[][..], Node::each);
    let is_known = |node: &&Node| node.as_str().is_some_and(|name| KNOWN.contains(&name));
    transforms.iter().find(|node| !is_known(node))
}
