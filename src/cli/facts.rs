//! The catalogue: which files are used, and `rules catalogue`, which shows it.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::args::{AnswerFormat, Facts};
use super::{content, describe, output};
use crate::catalogue::{Action, ActionTable, Catalogue, GivenFile, Service};
use crate::diagnostics::Problem;
use crate::report::{self, Described, clean};
use crate::source::SourceMap;
use crate::syntax::nearest;

/// The built-in catalogue, with the files of `--catalogue` instead of those of the same name.
pub(super) fn catalogue(
    args: &Facts,
    sources: &mut SourceMap,
    problems: &mut Vec<Problem>,
) -> Catalogue {
    catalogue_of(args.catalogue.as_deref(), sources, problems)
}

/// The same, by the path of the files.
pub(super) fn catalogue_of(
    path: Option<&str>,
    sources: &mut SourceMap,
    problems: &mut Vec<Problem>,
) -> Catalogue {
    let given = match path {
        Some(path) => catalogue_files(Path::new(path), problems),
        None => Vec::new(),
    };
    let (catalogue, mistakes) = Catalogue::with(sources, given);
    problems.extend(mistakes);
    catalogue
}

/// The date of the built-in facts.
pub(super) fn date() -> String {
    ActionTable::builtin().date().to_owned()
}

/// The version, and the date of the built-in facts.
pub(super) fn version() -> String {
    let table = ActionTable::builtin();
    format!(
        "{} (AWS actions as of {})",
        env!("CARGO_PKG_VERSION"),
        table.date()
    )
}

/// The catalogue files of a folder, or one such file.
fn catalogue_files(path: &Path, problems: &mut Vec<Problem>) -> Vec<GivenFile> {
    let known = |path: &PathBuf| {
        path.file_name()
            .and_then(|name| name.to_str())
            .is_some_and(GivenFile::is_known)
    };
    if !path.exists() {
        problems.push(Problem::of_path(
            path.display().to_string(),
            "no such file or folder",
        ));
        return Vec::new();
    }
    let mut paths = vec![path.to_path_buf()];
    if path.is_dir() {
        let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
        paths = entries.map(|entry| entry.path()).collect();
        paths.retain(|path| !content::is_special(path));
    }
    paths.retain(known);
    paths.sort();
    if paths.is_empty() {
        let message = "no catalogue files in this folder";
        let help = "specify a folder such as rules/catalogue in the source repository, or one of \
                    its files, such as actions.json";
        problems.push(Problem::of_path(path.display().to_string(), message).help(help));
    }
    let mut given = Vec::new();
    for path in paths {
        let shown = path.display().to_string();
        match content::bytes_of(&path) {
            Ok(bytes) => given.push(GivenFile { path: shown, bytes }),
            Err(problem) => problems.push(problem),
        }
    }
    given
}

/// Shows an overview, or the facts about one name; returns the exit status.
pub(super) fn show(name: Option<&str>, args: &Facts, format: AnswerFormat) -> u8 {
    let mut sources = SourceMap::default();
    let mut problems = Vec::new();
    let catalogue = catalogue(args, &mut sources, &mut problems);
    let shown = match name {
        None => Some((
            overview(&catalogue),
            Described::Catalogue(describe::catalogue(&catalogue)),
        )),
        Some(name) => of_name(&catalogue, name),
    };
    let (text, described) = shown.unwrap_or_else(|| {
        problems.push(unknown(&catalogue, name.unwrap_or("")));
        (String::new(), Described::Actions(Vec::new()))
    });
    output::answer(format, &text, &described, &sources, &problems)
}

/// The size, date and origin of the catalogue.
fn overview(catalogue: &Catalogue) -> String {
    let table = &catalogue.actions.table;
    let services = table
        .services()
        .filter(|service| service.size() > 0)
        .count();
    let policies = &catalogue.managed;
    let rows = [
        (
            format!("{} actions of {services} services", table.action_count()),
            table.date(),
            table.source(),
        ),
        (
            format!("{} AWS managed policies", policies.count()),
            policies.date(),
            policies.source(),
        ),
    ];
    let mut text = String::new();
    for (what, date, source) in rows {
        let _infallible = writeln!(text, "{:<36} {}  {}", what, clean(date), clean(source));
    }
    text
}

/// The facts about an action, a service or an AWS managed policy.
fn of_name(catalogue: &Catalogue, name: &str) -> Option<(String, Described)> {
    let table = &catalogue.actions.table;
    if let Some(action) = table.action(name) {
        let described = Described::Actions(vec![describe::action(action)]);
        return Some((of_action(action), described));
    }
    if let Some(service) = table.service(name).filter(|service| service.size() > 0) {
        let actions = service.actions().map(describe::action);
        let described = Described::Actions(actions.collect());
        return Some((of_service(service), described));
    }
    let own = |path: &str| path == name || path.rsplit('/').next() == Some(name);
    let policy = catalogue.managed.policy(name);
    let policy = policy.or_else(|| catalogue.managed.all().find(|policy| own(&policy.path)))?;
    let described = describe::policy(&policy);
    let text = format!(
        "{} {}\n{}\n",
        clean(&described.arn),
        clean(&policy.version),
        report::indented(&policy.document)
    );
    Some((text, Described::Policies(vec![described])))
}

/// The resources, condition keys and dependent actions of an action.
fn of_action(action: Action<'_>) -> String {
    let mut text = format!("{}  {}\n", clean(&action.full_name()), action.level());
    let mut line = |label: &str, what: &str| {
        let _infallible = writeln!(text, "  {label:<14} {}", clean(what));
    };
    let all = |form: &str| matches!(form, "*" | "{Any+}");
    for (resource, required) in action.resources().filter(|(r, _)| !all(r.arn())) {
        let label = if required { "resource" } else { "optional" };
        let arn = resource
            .arn()
            .replace('{', "<")
            .replace("+}", ">")
            .replace('}', ">");
        line(label, &format!("{} {arn}", resource.name()));
    }
    match action
        .resources()
        .map(|(resource, _)| resource.arn())
        .next()
    {
        None | Some("*") => line("resource", "no resource-level permissions: *"),
        Some("{Any+}") => line("resource", "unknown"),
        Some(_) => {}
    }
    let mut keys: Vec<_> = action.keys().map(|key| (key.name(), key.kind())).collect();
    keys.sort_unstable();
    keys.dedup();
    keys.iter()
        .for_each(|(key, kind)| line("condition key", &format!("{key} ({kind})")));
    action
        .needs()
        .for_each(|needed| line("also needs", &needed));
    text
}

/// The actions of a service, with their access levels.
fn of_service(service: Service<'_>) -> String {
    let mut text = String::new();
    for action in service.actions() {
        let _infallible = writeln!(
            text,
            "{:<24} {}",
            action.level(),
            clean(&action.full_name())
        );
    }
    text
}

/// The problem for a name that is not in the catalogue, with a suggestion.
fn unknown(catalogue: &Catalogue, name: &str) -> Problem {
    let table = &catalogue.actions.table;
    let services: Vec<&str> = table.services().map(|service| service.prefix()).collect();
    let near = match name.split_once(':') {
        Some(_) if !name.starts_with("arn:") => {
            catalogue.actions.naming(name).meant().map(str::to_owned)
        }
        _ => nearest(name, services).map(str::to_owned),
    };
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "specify an action, a service, or an AWS managed policy".to_owned(),
    };
    Problem::of_path(name, "not in the catalogue").help(help)
}
