//! Policies of the organization and customer managed policies, from files.

use std::path::Path;

use super::content;
use crate::diagnostics::Problem;
use crate::iam::{PolicyDocument, PolicyType};
use crate::model::Organization;
use crate::settings::Given;
use crate::source::SourceMap;
use crate::syntax::{Node, Text, embed, json};

/// The levels that uses of a flag name: each is one, with its files between commas.
pub(super) fn levels(flags: &[String]) -> Vec<Vec<String>> {
    // A path may have a comma in it.
    let files = |files: &String| match Path::new(files).exists() {
        true => vec![files.clone()],
        false => {
            let files = files.split(',').filter(|path| !path.is_empty());
            files.map(str::to_owned).collect()
        }
    };
    flags.iter().map(files).collect()
}

/// The service control policies and resource control policies in files, by level.
pub(super) fn of_levels(
    scp: &[Vec<String>],
    rcp: &[Vec<String>],
    sources: &mut SourceMap,
    problems: &mut Vec<Problem>,
) -> Organization {
    let mut organization = Organization::default();
    for files in scp {
        let level = level(files, PolicyType::ServiceControl, sources, problems);
        organization.add_service_control(level);
    }
    for files in rcp {
        let level = level(files, PolicyType::ResourceControl, sources, problems);
        organization.add_resource_control(level);
    }
    organization
}

/// The policies of one level, each with the path of its file.
fn level(
    files: &[String],
    of_type: PolicyType,
    sources: &mut SourceMap,
    problems: &mut Vec<Problem>,
) -> Vec<(String, PolicyDocument)> {
    let read = files.iter().filter_map(|path| {
        let before = problems.len();
        let policy = read(path, sources, problems);
        if policy.is_none() && problems.len() == before {
            let message = "not a service control policy or resource control policy";
            let help =
                "provide the policy document, or the output of `aws organizations describe-policy`";
            problems.push(Problem::of_path(path, message).help(help));
        }
        let document = PolicyDocument::read(&policy?);
        let refused = document.defects_as(of_type).into_iter();
        problems.extend(refused.map(|defect| Problem::at(defect.span, defect.message)));
        Some((path.to_owned(), document))
    });
    read.collect()
}

/// The documents of customer managed policies, by ARN.
pub(super) fn managed_policies(
    given: &[(Given<String>, String)],
    sources: &mut SourceMap,
    problems: &mut Vec<Problem>,
) -> Vec<(Text, Node)> {
    let mut policies = Vec::new();
    for (arn, path) in given {
        let before = problems.len();
        match read(path, sources, problems) {
            Some(document) => policies.push((Text::from(arn.value.as_str()), document)),
            None if problems.len() == before => {
                let message = format!("`{path}` is not a policy document");
                problems.push(Problem::at(arn.span, message));
            }
            None => {}
        }
    }
    policies
}

/// A policy document: by itself, or as `aws organizations describe-policy` prints it.
fn read(path: &str, sources: &mut SourceMap, problems: &mut Vec<Problem>) -> Option<Node> {
    let text = content::text_or_stdin(path)
        .map_err(|problem| problems.push(problem))
        .ok()?;
    let file = sources.add(path, &text).ok()?;
    let mut documents = json::read(file, &text);
    problems.extend(documents.errors.drain(..).map(Problem::from));
    let root = documents.roots.pop()?;
    let content = root.at(&["Policy", "Content"]);
    let document = match content {
        Some(content) if content.as_str().is_some() => {
            embed(sources, content)?.documents.roots.pop()?
        }
        Some(content) => content.clone(),
        None => root,
    };
    document.get("Statement").is_some().then_some(document)
}
