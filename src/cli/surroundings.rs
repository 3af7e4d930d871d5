//! What is true beside the documents, whatever is asked of them: facts about AWS, the policies of the
//! organization, and where templates are deployed.

use std::path::PathBuf;

use super::args::{
    ConfigurationFile, Facts, FileSelection, Lint, Organization, Stack, Surroundings,
};
use super::configuration::Loaded;
use super::merge::{Merge, Origin};
use super::patterns::{self, Patterns};
use super::walk::Walk;
use super::{organization, stack};
use crate::diagnostics::Problem;
use crate::input::Hints;
use crate::report::clean;
use crate::settings::{Environment, Given};
use crate::source::SourceMap;
use crate::syntax::nearest;

/// Flags that every command has which reads documents.
#[derive(Clone, Copy)]
pub(super) struct Flags<'a> {
    pub(super) facts: &'a Facts,
    pub(super) configuration: &'a ConfigurationFile,
    pub(super) organization: &'a Organization,
    pub(super) stack: &'a Stack,
}

impl<'a> Flags<'a> {
    /// Those of a command that answers questions.
    pub(super) fn of(facts: &'a Facts, surroundings: &'a Surroundings) -> Self {
        Flags {
            facts,
            configuration: &surroundings.configuration,
            organization: &surroundings.organization,
            stack: &surroundings.stack,
        }
    }
}

impl<'a> From<&'a Lint> for Flags<'a> {
    fn from(args: &'a Lint) -> Self {
        Flags {
            facts: &args.facts,
            configuration: &args.configuration,
            organization: &args.organization,
            stack: &args.stack,
        }
    }
}

/// What flags and the configuration say beside the documents.
#[derive(Debug)]
pub(super) struct Beside {
    pub(super) catalogue: Option<String>,
    /// Levels of service control policies, each with its files.
    scp: Vec<Vec<String>>,
    /// Levels of resource control policies, each with its files.
    rcp: Vec<Vec<String>>,
    /// Customer managed policies: ARN and file.
    managed_policies: Vec<(Given<String>, String)>,
    /// What the configuration says of the deployment.
    environment: Environment,
}

impl Beside {
    /// Merges flags and the configuration.
    pub(super) fn merge(
        flags: Flags<'_>,
        merge: &mut Merge<'_>,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let loaded = merge.loaded;
        let given = &loaded.configuration;
        let catalogue = flags.facts.catalogue.as_slice();
        let catalogue = merge.paths("catalogue", catalogue, given.catalogue.as_slice());
        let scp = levels(merge, "scp", &flags.organization.scp, &given.scp);
        let rcp = levels(merge, "rcp", &flags.organization.rcp, &given.rcp);
        let environment = environment(flags.configuration, merge, problems);
        show_environment(flags.stack, &environment, merge);
        merge.show_table("managed-policies", &given.managed_policies, &[]);
        let managed = given.managed_policies.iter();
        let managed = managed.map(|(arn, path)| (arn.clone(), loaded.path_of(&path.value)));
        Beside {
            catalogue: catalogue.into_iter().next(),
            scp,
            rcp,
            managed_policies: managed.collect(),
            environment,
        }
    }

    /// Whether there are policies of an organization.
    pub(super) fn has_organization(&self) -> bool {
        !self.scp.is_empty() || !self.rcp.is_empty()
    }

    /// The same as values for the analysis. What their files say wrong becomes problems.
    pub(super) fn hints(
        &self,
        stack: &Stack,
        loaded: &Loaded,
        sources: &mut SourceMap,
        problems: &mut Vec<Problem>,
    ) -> Hints {
        let environment = &self.environment;
        Hints {
            parameters: stack::parameters(stack, environment, loaded, sources, problems),
            organization: organization::of_levels(&self.scp, &self.rcp, sources, problems),
            managed_policies: organization::managed_policies(
                &self.managed_policies,
                sources,
                problems,
            ),
            workspace: stack.workspace.clone(),
            ..Hints::default()
        }
    }
}

/// Files and folders that belong with files of every folder.
pub(super) fn context(merge: &mut Merge<'_>) -> Vec<PathBuf> {
    let given = &merge.loaded.configuration.context;
    let context = merge.paths("context", &[], given);
    context.into_iter().map(PathBuf::from).collect()
}

/// What to read of folders.
pub(super) fn walk(
    flags: &FileSelection,
    merge: &mut Merge<'_>,
    problems: &mut Vec<Problem>,
) -> Walk {
    let given = &merge.loaded.configuration;
    let of_file = given.exclude.iter().map(|pattern| pattern.value.as_str());
    let of_file = Patterns::new(&merge.loaded.root, of_file, |number, message| {
        let span = given.exclude.get(number).map(|pattern| pattern.span);
        problems.extend(span.map(|span| Problem::at(span, message)));
    });
    let of_flags = patterns::of_flags(&flags.exclude, problems);
    let own = flags
        .exclude
        .iter()
        .map(|value| (value.clone(), Origin::Flag));
    let more = given.exclude.iter();
    let more = more.map(|given| (given.value.clone(), Origin::File(given.span)));
    merge.show_list("exclude", &own.chain(more).collect::<Vec<_>>());
    let flag = flags.no_ignore.then_some(false);
    let respects = given.respect_gitignore.as_ref();
    Walk {
        excluded: vec![of_file, of_flags],
        respects_gitignore: merge.is_on("respect-gitignore", flag, respects, true),
    }
}

/// Policies by level of the organization.
fn levels(
    merge: &mut Merge<'_>,
    name: &'static str,
    flags: &[String],
    given: &[Vec<Given<String>>],
) -> Vec<Vec<String>> {
    let all: Vec<Given<String>> = given.iter().flatten().cloned().collect();
    merge.list(name, flags, &all);
    match flags {
        [] => {
            let levels = given.iter().map(|level| {
                let files = level.iter();
                files
                    .map(|file| merge.loaded.path_of(&file.value))
                    .collect()
            });
            levels.collect()
        }
        flags => organization::levels(flags),
    }
}

/// The environment that is named, over what holds in all.
fn environment(
    flags: &ConfigurationFile,
    merge: &mut Merge<'_>,
    problems: &mut Vec<Problem>,
) -> Environment {
    let given = &merge.loaded.configuration;
    let all = given
        .environments
        .iter()
        .map(|(_, environment)| environment);
    for environment in all.chain([&given.general]) {
        stack::pseudo(environment, problems);
    }
    let flag = flags.environment.as_slice();
    let named = merge
        .list("environment", flag, given.environment.as_slice())
        .pop();
    let Some((name, origin)) = named else {
        return given.general.clone();
    };
    let own = given
        .environments
        .iter()
        .find(|(known, _)| known.value == name);
    let Some((_, own)) = own else {
        let message = format!("unknown environment `{name}`");
        let known = given
            .environments
            .iter()
            .map(|(name, _)| name.value.as_str());
        let help = match (nearest(&name, known.clone()), known.collect::<Vec<_>>()) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, known) if known.is_empty() => {
                "add a table such as `[environments.prod]` to lint-lambda.toml".to_owned()
            }
            (None, known) => format!("expected one of: {}", known.join(", ")),
        };
        let problem = match origin {
            Origin::File(span) => Problem::at(span, message),
            _ => Problem::of_path("--environment", message),
        };
        problems.push(problem.help(help));
        return given.general.clone();
    };
    own.or(&given.general)
}

/// Shows where stacks are deployed, and with which values.
fn show_environment(stack: &Stack, environment: &Environment, merge: &mut Merge<'_>) {
    let rows = [
        ("account", &stack.account, &environment.account),
        ("region", &stack.region, &environment.region),
        ("partition", &stack.partition, &environment.partition),
    ];
    for (name, flag, given) in rows {
        let of_file = given
            .iter()
            .map(|given| (&given.value, Origin::File(given.span)));
        let value = flag
            .iter()
            .map(|value| (value, Origin::Flag))
            .chain(of_file)
            .next();
        if let Some((value, origin)) = value {
            merge.show(name, format!("\"{}\"", clean(value)), origin);
        }
    }
    merge.show_table("parameters", &environment.parameters, &stack.parameters);
    let files: Vec<(String, Origin)> = stack
        .files
        .iter()
        .map(|file| (file.clone(), Origin::Flag))
        .collect();
    let given = environment.params.iter();
    let given = given.map(|file| (file.value.clone(), Origin::File(file.span)));
    merge.show_list("params", &given.chain(files).collect::<Vec<_>>());
}
