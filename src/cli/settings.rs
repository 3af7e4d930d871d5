//! What a run goes by: flags, and the configuration where they say nothing.

use std::fmt::Write;
use std::path::PathBuf;

use clap::ValueEnum;

use super::args::{FailOn, Level, Lint};
use super::configuration::Loaded;
use super::files::{Selected, shown};
use super::patterns::{self, Patterns};
use super::walk::Walk;
use crate::diagnostics::{Problem, Severity};
use crate::input::Vocabulary;
use crate::report::clean;
use crate::rules::{Packs, RuleSelector, Selection};
use crate::settings::{Environment, Given};
use crate::source::{SourceMap, Span};
use crate::syntax::nearest;

/// Where the value of a setting comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Flag,
    File(Span),
    Default,
}

/// A setting, for `--show-settings`.
#[derive(Clone, Debug)]
struct Shown {
    name: &'static str,
    value: String,
    origin: Origin,
}

/// All settings of a run that the configuration can hold.
#[derive(Debug)]
pub(super) struct Settings {
    pub(super) paths: Vec<PathBuf>,
    /// With changed files: what the configuration checks otherwise.
    pub(super) roots: Vec<PathBuf>,
    pub(super) context: Vec<PathBuf>,
    pub(super) walk: Walk,
    pub(super) skip_unknown: bool,
    pub(super) are_changes: bool,
    pub(super) shown_from: ShownFrom,
    pub(super) packs: Vec<String>,
    pub(super) catalogue: Option<String>,
    /// Levels of service control policies, each with its files.
    pub(super) scp: Vec<Vec<String>>,
    /// Levels of resource control policies, each with its files.
    pub(super) rcp: Vec<Vec<String>>,
    /// Customer managed policies: ARN and file.
    pub(super) managed_policies: Vec<(Given<String>, String)>,
    /// What the configuration says of the deployment.
    pub(super) environment: Environment,
    select: Vec<(String, Origin)>,
    ignore: Vec<(String, Origin)>,
    severity: Vec<(Given<String>, Severity)>,
    shown: Vec<Shown>,
}

/// What is shown, and what fails the run.
#[derive(Clone, Copy, Debug)]
pub(super) struct ShownFrom {
    pub(super) fail_on: FailOn,
    pub(super) min_severity: Level,
    pub(super) show_undecided: bool,
}

/// Flags and the configuration, while they are merged.
struct Merge<'m> {
    loaded: &'m Loaded,
    shown: Vec<Shown>,
}

impl Merge<'_> {
    /// A value of a flag, of the configuration, or the default.
    fn word<T: ValueEnum + Copy>(
        &mut self,
        name: &'static str,
        flag: Option<T>,
        given: Option<&Given<String>>,
        default: T,
    ) -> T {
        let of_file = given.and_then(|given| {
            let value = T::from_str(&given.value, false).ok()?;
            Some((value, Origin::File(given.span)))
        });
        let of_flag = flag.map(|value| (value, Origin::Flag));
        let (value, origin) = of_flag.or(of_file).unwrap_or((default, Origin::Default));
        let word = value.to_possible_value();
        let word = word.map_or_else(String::new, |word| word.get_name().to_owned());
        self.show(name, format!("\"{word}\""), origin);
        value
    }

    /// Whether something is on.
    fn is_on(
        &mut self,
        name: &'static str,
        flag: Option<bool>,
        given: Option<&Given<bool>>,
        default: bool,
    ) -> bool {
        let of_file = given.map(|given| (given.value, Origin::File(given.span)));
        let of_flag = flag.map(|value| (value, Origin::Flag));
        let (value, origin) = of_flag.or(of_file).unwrap_or((default, Origin::Default));
        self.show(name, value.to_string(), origin);
        value
    }

    /// Paths of flags, or those of the configuration, as seen from the working directory.
    fn paths(
        &mut self,
        name: &'static str,
        flags: &[String],
        given: &[Given<String>],
    ) -> Vec<String> {
        let of_file = given.iter().map(|given| self.loaded.path_of(&given.value));
        let of_file: Vec<String> = of_file.collect();
        self.list(name, flags, given);
        match flags {
            [] => of_file,
            flags => flags.to_vec(),
        }
    }

    /// Values of flags, or those of the configuration, with where they come from.
    fn list(
        &mut self,
        name: &'static str,
        flags: &[String],
        given: &[Given<String>],
    ) -> Vec<(String, Origin)> {
        let of_flags: Vec<_> = flags
            .iter()
            .map(|value| (value.clone(), Origin::Flag))
            .collect();
        let of_file = given
            .iter()
            .map(|given| (given.value.clone(), Origin::File(given.span)));
        let list = match of_flags.is_empty() {
            true => of_file.collect(),
            false => of_flags,
        };
        self.show_list(name, &list);
        list
    }

    fn show_list(&mut self, name: &'static str, list: &[(String, Origin)]) {
        let values = list
            .iter()
            .map(|(value, _)| format!("\"{}\"", clean(value)));
        let values = values.collect::<Vec<_>>().join(", ");
        let origin = list.first().map_or(Origin::Default, |(_, origin)| *origin);
        self.show(name, format!("[{values}]"), origin);
    }

    /// Shows names and values of the configuration, and those of flags.
    fn show_table(
        &mut self,
        name: &'static str,
        given: &[(Given<String>, Given<String>)],
        flags: &[(String, String)],
    ) {
        let is_given = |name: &str| flags.iter().any(|(flag, _)| flag == name);
        for (key, value) in flags {
            let text = format!("{{ \"{}\" = \"{}\" }}", clean(key), clean(value));
            self.show(name, text, Origin::Flag);
        }
        for (key, value) in given.iter().filter(|(key, _)| !is_given(&key.value)) {
            let text = format!(
                "{{ \"{}\" = \"{}\" }}",
                clean(&key.value),
                clean(&value.value)
            );
            self.show(name, text, Origin::File(key.span));
        }
    }

    fn show(&mut self, name: &'static str, value: String, origin: Origin) {
        self.shown.push(Shown {
            name,
            value,
            origin,
        });
    }
}

impl Settings {
    /// Merges flags and the configuration: a flag overrides what the configuration says of the same thing.
    pub(super) fn merge(args: &Lint, loaded: &Loaded, problems: &mut Vec<Problem>) -> Self {
        let given = &loaded.configuration;
        let mut merge = Merge {
            loaded,
            shown: Vec::new(),
        };
        let own = given.paths.as_deref().unwrap_or_default();
        let named: Vec<String> = args.paths.iter().map(|path| shown(path)).collect();
        let own_paths = merge.paths("paths", &named, own);
        let mut paths = match args.paths.as_slice() {
            [] => own_paths.into_iter().map(PathBuf::from).collect(),
            // A path may not be UTF-8.
            named => named.to_vec(),
        };
        if paths.is_empty() && loaded.path.is_some() {
            paths.push(loaded.folder());
        }
        let roots = own.iter().filter(|_| args.files.changed_only);
        let roots = roots.map(|root| loaded.root.join(&root.value)).collect();
        let context = merge.paths("context", &[], &given.context);
        let context = context.into_iter().map(PathBuf::from).collect();
        let walk = walk(args, &mut merge, problems);
        let (select, ignore) = rules(args, &mut merge);
        let shown_from = shown_from(args, &mut merge);
        let packs = merge.paths("rules", &args.packs.added, &given.rules);
        let catalogue = args.facts.catalogue.as_slice();
        let catalogue = merge.paths("catalogue", catalogue, given.catalogue.as_slice());
        let scp = levels(&mut merge, "scp", &args.organization.scp, &given.scp);
        let rcp = levels(&mut merge, "rcp", &args.organization.rcp, &given.rcp);
        let environment = environment(args, &mut merge, problems);
        show_environment(args, &environment, &mut merge);
        merge.show_table("managed-policies", &given.managed_policies, &[]);
        let managed = given.managed_policies.iter();
        let managed = managed.map(|(arn, path)| (arn.clone(), loaded.path_of(&path.value)));
        Settings {
            paths,
            roots,
            context,
            walk,
            skip_unknown: args.files.skip_unknown || args.files.changed_only,
            are_changes: args.files.changed_only,
            shown_from,
            packs,
            catalogue: catalogue.into_iter().next(),
            scp,
            rcp,
            managed_policies: managed.collect(),
            environment,
            select,
            ignore,
            severity: given.severity.clone(),
            shown: merge.shown,
        }
    }

    /// What to read. With changed files, what the configuration checks is the background.
    pub(super) fn selected<'s>(&'s self, words: &'s Vocabulary) -> Selected<'s> {
        Selected {
            paths: &self.paths,
            roots: &self.roots,
            context: &self.context,
            walk: &self.walk,
            skip_unknown: self.skip_unknown,
            changes: Some(words).filter(|_| self.are_changes),
        }
    }

    /// Leaves of the packs the rules to apply, with their severities. Names that no rule has are problems.
    pub(super) fn apply(&self, packs: &mut Packs, problems: &mut Vec<Problem>) {
        for (name, origin) in self.select.iter().chain(&self.ignore) {
            let selector = RuleSelector::new(name);
            let span = match origin {
                Origin::File(span) => Some(*span),
                _ => None,
            };
            problems.extend(packs.unknown(&selector, span));
        }
        for (name, severity) in &self.severity {
            let selector = RuleSelector::new(&name.value);
            problems.extend(packs.unknown(&selector, Some(name.span)));
            packs.set_severity(&selector, *severity);
        }
        let selectors = |list: &[(String, Origin)]| {
            let names = list.iter();
            names.map(|(name, _)| RuleSelector::new(name)).collect()
        };
        packs.retain(&Selection {
            select: selectors(&self.select),
            ignore: selectors(&self.ignore),
        });
    }

    /// All settings, each with where its value comes from.
    pub(super) fn show(&self, loaded: &Loaded, sources: &SourceMap) -> String {
        let mut text = match &loaded.path {
            Some(path) => format!("# configuration: {}\n", clean(path)),
            None => "# configuration: none\n".to_owned(),
        };
        for shown in &self.shown {
            let origin = match shown.origin {
                Origin::Flag => "command line".to_owned(),
                Origin::Default => "default".to_owned(),
                Origin::File(span) => {
                    let at = sources.locate(span);
                    format!("{}:{}", clean(&at.path), at.line)
                }
            };
            let value = format!("{} = {}", shown.name, shown.value);
            let _infallible = writeln!(text, "{value:<48} # {origin}");
        }
        text
    }
}

/// What to read of folders.
fn walk(args: &Lint, merge: &mut Merge<'_>, problems: &mut Vec<Problem>) -> Walk {
    let given = &merge.loaded.configuration;
    let of_file = given.exclude.iter().map(|pattern| pattern.value.as_str());
    let of_file = Patterns::new(&merge.loaded.root, of_file, |number, message| {
        let span = given.exclude.get(number).map(|pattern| pattern.span);
        problems.extend(span.map(|span| Problem::at(span, message)));
    });
    let of_flags = patterns::of_flags(&args.files.exclude, problems);
    let own = args
        .files
        .exclude
        .iter()
        .map(|value| (value.clone(), Origin::Flag));
    let more = given.exclude.iter();
    let more = more.map(|given| (given.value.clone(), Origin::File(given.span)));
    merge.show_list("exclude", &own.chain(more).collect::<Vec<_>>());
    let flag = args.files.no_ignore.then_some(false);
    let respects = given.respect_gitignore.as_ref();
    Walk {
        excluded: vec![of_file, of_flags],
        respects_gitignore: merge.is_on("respect-gitignore", flag, respects, true),
    }
}

/// Names of rules, with where they come from.
type Names = Vec<(String, Origin)>;

/// The rules to apply and not to apply. What `--select` names is applied whatever the configuration ignores;
/// `--ignore` adds to it.
fn rules(args: &Lint, merge: &mut Merge<'_>) -> (Names, Names) {
    let given = &merge.loaded.configuration;
    let (flags, of_file) = (&args.selection, given.select.as_deref().unwrap_or_default());
    let select = merge.list("select", &flags.select, of_file);
    let own = flags.ignore.iter().map(|name| (name.clone(), Origin::Flag));
    let more = given.ignore.iter().filter(|_| flags.select.is_empty());
    let more = more.map(|given| (given.value.clone(), Origin::File(given.span)));
    let ignore: Names = own.chain(more).collect();
    merge.show_list("ignore", &ignore);
    (select, ignore)
}

/// Which findings are shown and fail the run, with the severities of rules.
fn shown_from(args: &Lint, merge: &mut Merge<'_>) -> ShownFrom {
    let given = &merge.loaded.configuration;
    for (selector, severity) in &given.severity {
        let value = format!("{{ \"{}\" = \"{severity}\" }}", clean(&selector.value));
        merge.show("severity", value, Origin::File(selector.span));
    }
    let output = &args.output;
    let least = given.min_severity.as_ref();
    let undecided = output.show_undecided.then_some(true);
    let is_listed = given.show_undecided.as_ref();
    ShownFrom {
        fail_on: merge.word(
            "fail-on",
            output.fail_on,
            given.fail_on.as_ref(),
            FailOn::Error,
        ),
        min_severity: merge.word("min-severity", output.min_severity, least, Level::Warning),
        show_undecided: merge.is_on("show-undecided", undecided, is_listed, false),
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
        flags => super::organization::levels(flags),
    }
}

/// The environment that is named, over what holds in all.
fn environment(args: &Lint, merge: &mut Merge<'_>, problems: &mut Vec<Problem>) -> Environment {
    let given = &merge.loaded.configuration;
    let flag = args.configuration.environment.as_slice();
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
fn show_environment(args: &Lint, environment: &Environment, merge: &mut Merge<'_>) {
    let stack = &args.stack;
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
    let files: Names = stack
        .files
        .iter()
        .map(|file| (file.clone(), Origin::Flag))
        .collect();
    let given = environment.params.iter();
    let given = given.map(|file| (file.value.clone(), Origin::File(file.span)));
    merge.show_list("params", &given.chain(files).collect::<Names>());
}
