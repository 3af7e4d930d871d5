//! What a run goes by: flags, and the configuration where they say nothing.

use std::fmt::Write;
use std::path::PathBuf;

use super::args::{FailOn, Level, Lint};
use super::configuration::Loaded;
use super::content::shown;
use super::files::Selected;
use super::merge::{Merge, Origin, Shown};
use super::surroundings::{self, Beside};
use super::walk::Walk;
use crate::diagnostics::{Problem, Severity};
use crate::input::Vocabulary;
use crate::report::clean;
use crate::rules::{Packs, RuleSelector, Selection};
use crate::settings::Given;
use crate::source::SourceMap;

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
    /// What holds beside the documents.
    pub(super) beside: Beside,
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

impl Settings {
    /// Merges flags and the configuration: a flag overrides what the configuration says of the same thing.
    pub(super) fn merge(args: &Lint, loaded: &Loaded, problems: &mut Vec<Problem>) -> Self {
        let given = &loaded.configuration;
        let mut merge = Merge::new(loaded);
        let own = given.paths.as_deref().unwrap_or_default();
        let paths = paths(args, &mut merge);
        let roots = own.iter().filter(|_| args.files.changed_only);
        let roots = roots.map(|root| loaded.root.join(&root.value)).collect();
        let context = surroundings::context(&mut merge);
        let walk = surroundings::walk(&args.files, &mut merge, problems);
        let (select, ignore) = rules(args, &mut merge);
        let shown_from = shown_from(args, &mut merge);
        let packs = merge.paths("rules", &args.packs.added, &given.rules);
        let beside = Beside::merge(args.into(), &mut merge, problems);
        Settings {
            paths,
            roots,
            context,
            walk,
            skip_unknown: args.files.skip_unknown || args.files.changed_only,
            are_changes: args.files.changed_only,
            shown_from,
            packs,
            beside,
            select,
            ignore,
            severity: given.severity.clone(),
            shown: merge.shown,
        }
    }

    /// What to read. With changed files, what the configuration checks is the background.
    pub(super) fn selected<'s>(&'s self, words: &'s Vocabulary<'s>) -> Selected<'s> {
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

/// What to check: by default the paths of the configuration, or its folder.
fn paths(args: &Lint, merge: &mut Merge<'_>) -> Vec<PathBuf> {
    let loaded = merge.loaded;
    let own = loaded.configuration.paths.as_deref().unwrap_or_default();
    if args.paths.is_empty() && own.is_empty() && loaded.path.is_some() {
        let folder = loaded.folder();
        let value = format!("[\"{}\"]", clean(&shown(&folder)));
        merge.show("paths", value, Origin::Default);
        return vec![folder];
    }
    let named: Vec<String> = args.paths.iter().map(|path| shown(path)).collect();
    let own = merge.paths("paths", &named, own);
    match args.paths.as_slice() {
        [] => own.into_iter().map(PathBuf::from).collect(),
        // A path may not be UTF-8.
        named => named.to_vec(),
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
