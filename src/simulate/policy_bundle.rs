//! The policies that a question is about, each with what it is called.

use crate::diagnostics::Problem;
use crate::iam::{Policies, PolicyDocument, PolicySet, PolicyType, Statement};
use crate::source::SourceMap;
use crate::syntax::{Node, embed};

/// A policy and what it is called.
#[derive(Debug)]
pub(super) struct Sourced {
    /// What the policy is called in an answer.
    pub(super) name: String,
    pub(super) of_type: PolicyType,
    /// The level of the organization, for its policies; 0 for all others.
    pub(super) level: usize,
    pub(super) document: PolicyDocument,
}

/// All policies that have a say.
#[derive(Debug, Default)]
pub(super) struct PolicyBundle {
    pub(super) list: Vec<Sourced>,
    /// Types of which there are policies that are not at hand, with what those are.
    pub(super) absent: Vec<(PolicyType, String)>,
    /// Types that have a say though they have no policy.
    pub(super) empty: Vec<PolicyType>,
}

impl PolicyBundle {
    /// Adds a policy that is written as an object, or as a text that holds one.
    pub(super) fn read(
        &mut self,
        sources: &mut SourceMap,
        node: &Node,
        (name, of_type, level): (String, PolicyType, usize),
        problems: &mut Vec<Problem>,
    ) {
        let Some(node) = document(sources, node, problems) else {
            return;
        };
        let document = PolicyDocument::read(&node);
        let defects = document.defects.iter();
        problems.extend(defects.map(|defect| Problem::at(defect.span, &defect.message)));
        self.list.push(Sourced {
            name,
            of_type,
            level,
            document,
        });
    }

    /// The policies as the engine takes them.
    pub(super) fn policies(&self) -> Policies<'_> {
        let levels = |of_type| {
            let levels = self.list.iter().filter(|s| s.of_type == of_type);
            let count = levels.map(|sourced| sourced.level + 1).max().unwrap_or(0);
            (0..count).map(|level| self.set(of_type, level)).collect()
        };
        let optional = |of_type| self.has(of_type).then(|| self.set(of_type, 0));
        Policies {
            identity: self.set(PolicyType::Identity, 0),
            resource: optional(PolicyType::Resource),
            resource_required: false,
            boundary: optional(PolicyType::Boundary),
            session: optional(PolicyType::Session),
            service_control: levels(PolicyType::ServiceControl),
            resource_control: levels(PolicyType::ResourceControl),
            endpoint: optional(PolicyType::Endpoint),
        }
    }

    pub(super) fn has(&self, of_type: PolicyType) -> bool {
        self.list.iter().any(|sourced| sourced.of_type == of_type)
            || self.absent.iter().any(|(known, _)| *known == of_type)
            || self.empty.contains(&of_type)
    }

    /// How many patterns and values a request is held against.
    pub(super) fn size(&self) -> usize {
        let documents = self.list.iter().map(|sourced| &sourced.document);
        documents
            .flat_map(|document| &document.statements)
            .map(size)
            .sum()
    }

    fn set(&self, of_type: PolicyType, level: usize) -> PolicySet<'_> {
        let of_set = |sourced: &&Sourced| sourced.of_type == of_type && sourced.level == level;
        PolicySet {
            documents: self
                .list
                .iter()
                .filter(of_set)
                .map(|s| &s.document)
                .collect(),
            incomplete: self.absent.iter().any(|(known, _)| *known == of_type),
        }
    }

    /// The policy that a statement stands in.
    pub(super) fn holding(&self, statement: &Statement) -> Option<&Sourced> {
        self.list.iter().find(|sourced| {
            let document = sourced.document.span;
            document.file == statement.span.file && document.contains(statement.span)
        })
    }
}

fn size(statement: &Statement) -> usize {
    let lists = statement.actions.iter().chain(&statement.resources);
    let patterns: usize = lists.map(|list| list.entries.len()).sum();
    let principals = statement.principal.iter();
    let principals: usize = principals.map(|element| element.entries.len()).sum();
    let conditions = statement.conditions.iter();
    let values: usize = conditions.map(|condition| condition.values.len() + 1).sum();
    patterns + principals + values + 1
}

/// The object of a policy; an empty text stands for none.
fn document(sources: &mut SourceMap, node: &Node, problems: &mut Vec<Problem>) -> Option<Node> {
    match node.as_str() {
        Some(text) if text.trim().is_empty() => return None,
        Some(_) => {}
        None if node.is_object() => return Some(node.clone()),
        None => {
            let message = format!(
                "a policy must be a text or an object, not {}",
                node.kind_name()
            );
            problems.push(Problem::at(node.span, message));
            return None;
        }
    }
    let documents = embed(sources, node)?.documents;
    let is_broken = !documents.errors.is_empty();
    problems.extend(documents.errors.into_iter().map(Problem::from));
    let mut roots = documents.roots.into_iter();
    match roots.next().filter(Node::is_object) {
        Some(root) if roots.next().is_none() => Some(root),
        _ => {
            if !is_broken {
                let message = "this text must hold one policy document";
                problems.push(Problem::at(node.span, message));
            }
            None
        }
    }
}
