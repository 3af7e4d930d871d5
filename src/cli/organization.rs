//! Policies of the organization that flags hand over.

use super::args::Context;
use super::files;
use crate::diagnostics::Problem;
use crate::source::SourceMap;
use crate::syntax::{Node, embed, json};

/// The documents of `--scp` and `--rcp`: policies by themselves, or what `aws organizations
/// describe-policy` prints.
pub(super) fn policies(
    context: &Context,
    sources: &mut SourceMap,
    problems: &mut Vec<Problem>,
) -> Vec<Node> {
    let paths = context.scp.iter().chain(&context.rcp);
    let read = paths.filter_map(|path| {
        let before = problems.len();
        let policy = read(path, sources, problems);
        if policy.is_none() && problems.len() == before {
            let message = "this is no policy of an organization";
            let help =
                "give the policy document, or what `aws organizations describe-policy` prints";
            problems.push(Problem::of_path(path, message).help(help));
        }
        policy
    });
    read.collect()
}

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
