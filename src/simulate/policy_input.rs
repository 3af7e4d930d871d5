//! Policies of the simulator's input: objects, or texts that hold one.

use std::collections::HashSet;

use crate::diagnostics::Problem;
use crate::iam::{PolicyDocument, PolicyType, Statement};
use crate::model::PolicyBundle;
use crate::source::SourceMap;
use crate::syntax::{Node, embed};

/// The policy that is written as an object, or as a text that holds one.
pub(super) fn policy(
    sources: &mut SourceMap,
    node: &Node,
    of_type: PolicyType,
    problems: &mut Vec<Problem>,
) -> Option<PolicyDocument> {
    let document = document(sources, node, problems)?;
    twice(&document, problems);
    let document = PolicyDocument::read(&document);
    let refused = document.defects_as(of_type);
    let defects = document.defects.iter().chain(&refused);
    problems.extend(defects.map(|defect| Problem::at(defect.span, &defect.message)));
    Some(document)
}

/// Reports members that are there twice, which AWS refuses.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html#policies-grammar-notes>
fn twice(element: &Node, problems: &mut Vec<Problem>) {
    let mut seen = HashSet::new();
    for member in element.members() {
        let name = &*member.key.text;
        if !seen.insert(name) {
            let message = format!("duplicate `{name}`");
            problems.push(Problem::at(member.key.span, message));
        }
        twice(&member.value, problems);
    }
    element
        .items()
        .iter()
        .for_each(|item| twice(item, problems));
}

/// How many patterns and values a request is held against.
pub(super) fn size(bundle: &PolicyBundle) -> usize {
    let statements = bundle
        .list
        .iter()
        .flat_map(|policy| &policy.document.statements);
    statements.map(|statement| size_of(statement)).sum()
}

fn size_of(statement: &Statement) -> usize {
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
                "a policy must be a string or an object, not {}",
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
                let message = "expected one policy document";
                problems.push(Problem::at(node.span, message));
            }
            None
        }
    }
}
