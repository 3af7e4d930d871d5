//! Policies of the organization, from `--scp` and `--rcp`.

use std::path::Path;

use super::args::Organization as Args;
use super::files;
use crate::diagnostics::Problem;
use crate::iam::{PolicyDocument, PolicyType};
use crate::model::Organization;
use crate::source::SourceMap;
use crate::syntax::{Node, embed, json};

/// The policies that `--scp` and `--rcp` name: each use of a flag is one level of the organization,
/// with its files between commas.
pub(super) fn policies(
    args: &Args,
    sources: &mut SourceMap,
    problems: &mut Vec<Problem>,
) -> Organization {
    let mut organization = Organization::default();
    for files in &args.scp {
        let level = level(files, PolicyType::ServiceControl, sources, problems);
        organization.add_service_control(level);
    }
    for files in &args.rcp {
        let level = level(files, PolicyType::ResourceControl, sources, problems);
        organization.add_resource_control(level);
    }
    organization
}

/// The policies of one level, each with the path of its file.
fn level(
    files: &str,
    of_type: PolicyType,
    sources: &mut SourceMap,
    problems: &mut Vec<Problem>,
) -> Vec<(String, PolicyDocument)> {
    // A path may have a comma in it.
    let paths = match Path::new(files).exists() {
        true => vec![files],
        false => files.split(',').filter(|path| !path.is_empty()).collect(),
    };
    let read = paths.into_iter().filter_map(|path| {
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

/// A policy document: by itself, or as `aws organizations describe-policy` prints it.
fn read(path: &str, sources: &mut SourceMap, problems: &mut Vec<Problem>) -> Option<Node> {
    let text = files::text_or_stdin(path)
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
