//! What the user has accepted: suppressions, and the baseline as a file.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::args::Acceptance as Args;
use super::configuration::Loaded;
use super::content;
use super::files::Files;
use super::output_file;
use super::patterns::Patterns;
use crate::analysis::Analysis;
use crate::diagnostics::{Fixed, Place, Problem, Suppressed};
use crate::lint::Outcome;
use crate::report::in_json;
use crate::rules::Packs;
use crate::settings::{Given, SuppressEntry};
use crate::source::{FileId, SourceMap};
use crate::suppression::{
    Baseline, ConfiguredSuppression, Date, Folders, KnownRules, PathPattern, Review, WrittenRule,
    accept,
};

/// What a run was about.
pub(super) struct Run<'r> {
    pub(super) sources: &'r mut SourceMap,
    pub(super) analysis: &'r Analysis,
    /// The rules that are applied.
    pub(super) packs: &'r Packs,
    /// All rules, also those that are not applied.
    pub(super) known: &'r KnownRules,
    pub(super) files: &'r Files,
    pub(super) configured: &'r [ConfiguredSuppression],
    /// The baseline that the configuration names.
    pub(super) baseline: Option<String>,
    /// Whether only files that changed are reported on.
    pub(super) is_subset: bool,
}

/// What is accepted.
#[derive(Default)]
pub(super) struct Accepted {
    pub(super) suppressed: Vec<Suppressed>,
    pub(super) fixed: Vec<Fixed>,
}

/// Takes what is accepted out of what was found, and writes the baseline if that is wanted.
pub(super) fn apply<'r>(
    args: &Args,
    run: Run<'r>,
    outcome: &mut Outcome,
    problems: &mut Vec<Problem>,
) -> (Accepted, &'r SourceMap) {
    let ground = Ground::of(&run, problems);
    let is_written = args.write_baseline.is_some();
    let named = args.write_baseline.as_ref().or(args.baseline.as_ref());
    let path = named.or(run.baseline.as_ref()).cloned();
    let path = path.as_deref().map(Path::new);
    let older = path.and_then(|path| read(path, is_written, run.sources, problems));
    let mut accepted = Accepted {
        suppressed: suppressed(&run, &ground, outcome),
        fixed: Vec::new(),
    };
    if let (Some(path), Some(older)) = (path, older) {
        let place = ground.place(path);
        match compare(&place, older, is_written, &run, outcome) {
            Ok((old, fixed)) => {
                accepted.suppressed.extend(old);
                accepted.fixed = fixed;
            }
            Err(error) => {
                let message = format!("cannot write the baseline: {error}");
                problems.push(Problem::of_path(path.display().to_string(), message));
            }
        }
    }
    let place = |one: &Suppressed| run.sources.locate(one.finding.primary.span);
    accepted.suppressed.sort_by_cached_key(place);
    (accepted, run.sources)
}

/// Takes out what comments, metadata and the configuration suppress.
fn suppressed(run: &Run<'_>, ground: &Ground, outcome: &mut Outcome) -> Vec<Suppressed> {
    let review = Review {
        sources: run.sources,
        analysis: run.analysis,
        files: &run.inputs(),
        packs: run.packs,
        known: run.known,
        configured: run.configured,
        today: today(),
        is_whole: &|file| {
            let is_read = !ground.broken.contains(run.name(file));
            is_read && !run.is_subset && !run.files.background.files.contains(&file)
        },
        is_complete: !run.is_subset && ground.broken.is_empty() && !run.files.folders.is_empty(),
    };
    accept(&review, outcome)
}

/// Takes out what is in the baseline, which is written before if that is wanted; and what is no longer found.
fn compare(
    place: &BaselinePlace<'_>,
    older: Baseline,
    is_written: bool,
    run: &Run<'_>,
    outcome: &mut Outcome,
) -> io::Result<(Vec<Suppressed>, Vec<Fixed>)> {
    let inputs = run.inputs();
    let folders = Folders {
        of: &|file| match inputs.contains(&file) {
            true => place.folder(run.name(file)),
            false => NO_FOLDER.to_owned(),
        },
        is_whole: &|folder| !run.is_subset && place.is_whole(folder),
        is_applied: &|rule| run.packs.rule(rule).is_some(),
    };
    let mut baseline = older;
    if is_written {
        baseline = Baseline::of(&outcome.findings, run.sources, &folders, &baseline);
        output_file::write(&place.path, &in_json(&baseline.text()))?;
    }
    Ok(baseline.accept(&mut outcome.findings, run.sources, &folders))
}

impl<'r> Run<'r> {
    /// A run about all files that were read and these rules, without a configuration.
    pub(super) fn whole(
        sources: &'r mut SourceMap,
        analysis: &'r Analysis,
        files: &'r Files,
        (packs, known): (&'r Packs, &'r KnownRules),
    ) -> Self {
        Run {
            sources,
            analysis,
            packs,
            known,
            files,
            configured: &[],
            baseline: None,
            is_subset: false,
        }
    }

    /// The same run with a configuration, about files that changed alone where `is_subset`.
    pub(super) fn with(
        self,
        configured: &'r [ConfiguredSuppression],
        baseline: Option<String>,
        is_subset: bool,
    ) -> Self {
        Run {
            configured,
            baseline,
            is_subset,
            ..self
        }
    }

    /// The files that were given.
    fn inputs(&self) -> Vec<FileId> {
        let inputs = self.files.inputs.iter();
        inputs.map(|input| input.file).collect()
    }

    fn name(&self, file: FileId) -> &str {
        self.sources.file(file).map_or("", |file| file.name())
    }
}

/// The entries of the configuration; those that are not valid are problems, and have no effect.
pub(super) fn configured(
    loaded: &Loaded,
    problems: &mut Vec<Problem>,
) -> Vec<ConfiguredSuppression> {
    let entries = loaded.configuration.suppress.iter();
    let read = entries.filter_map(|entry| configured_entry(entry, loaded, problems));
    read.collect()
}

fn configured_entry(
    entry: &SuppressEntry,
    loaded: &Loaded,
    problems: &mut Vec<Problem>,
) -> Option<ConfiguredSuppression> {
    let before = problems.len();
    let until = entry.until.as_ref().and_then(|given| {
        let date = given.value.parse::<Date>().ok();
        let message = format!("`{}` is not a valid date", given.value);
        let problem = Problem::at(given.span, message).help("write it as in `2027-01-31`");
        problems.extend(date.is_none().then_some(problem));
        date
    });
    let text = |given: &Given<String>| given.value.clone();
    let written = entry.paths.iter().map(|given| given.value.as_str());
    let patterns = Patterns::new(&loaded.root, written, |number, message| {
        let span = entry
            .paths
            .get(number)
            .map_or(entry.span, |given| given.span);
        problems.push(Problem::at(span, message));
    });
    let has_paths = !entry.paths.is_empty();
    let paths = PathPattern::new(move |path| patterns.matches(Path::new(path)));
    let rules = entry.rules.iter().map(|given| WrittenRule {
        name: text(given),
        span: given.span,
    });
    let configured = ConfiguredSuppression {
        rules: rules.collect(),
        paths: has_paths.then_some(paths),
        resource: entry.resource.as_ref().map(text),
        actions: entry.actions.iter().map(text).collect(),
        reason: entry.reason.as_ref().map(text),
        until,
        span: entry.rules.first().map_or(entry.span, |given| given.span),
    };
    (problems.len() == before).then_some(configured)
}

/// The folder of what is not in a file.
const NO_FOLDER: &str = "-";

/// The day in UTC. `SOURCE_DATE_EPOCH` sets it: <https://reproducible-builds.org/specs/source-date-epoch/>
fn today() -> Option<Date> {
    let set = std::env::var("SOURCE_DATE_EPOCH").ok();
    let now = || {
        let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
        i64::try_from(elapsed.as_secs()).ok()
    };
    // A time that is no date must not keep suppressions from expiring.
    let seconds = set.and_then(|seconds| seconds.trim().parse::<u64>().ok());
    let set = seconds.and_then(|seconds| Date::of_unix(i64::try_from(seconds).ok()?));
    set.or_else(|| Date::of_unix(now()?))
}

/// Reads a baseline; nothing where there is a problem with it. One that is to be written may be missing, and a pipe
/// or device that it is written to has none.
fn read(
    path: &Path,
    is_written: bool,
    sources: &mut SourceMap,
    problems: &mut Vec<Problem>,
) -> Option<Baseline> {
    if is_written && !path.is_file() {
        return Some(Baseline::default());
    }
    let shown = path.display().to_string();
    let text = match content::text(path) {
        Ok(text) => text,
        Err(problem) => {
            problems.push(problem.help("--write-baseline writes a baseline"));
            return None;
        }
    };
    match sources.add(&shown, &text) {
        Ok(file) => Baseline::read(file, &text, problems),
        Err(_) => {
            problems.push(Problem::of_path(shown, "the file is too large"));
            None
        }
    }
}

/// What was read, and what could not be.
struct Ground {
    /// The folders among the arguments.
    roots: Vec<PathBuf>,
    /// Files and folders with a problem.
    broken: BTreeSet<String>,
}

impl Ground {
    fn of(run: &Run<'_>, problems: &[Problem]) -> Self {
        let folders = run.files.folders.iter();
        let roots = folders.filter_map(|folder| fs::canonicalize(&folder.path).ok());
        let all = problems.iter().chain(&run.analysis.problems);
        let all = all.chain(&run.files.problems);
        let broken = all.map(|problem| match &problem.place {
            Place::Text(label) => run.sources.locate(label.span).path.to_string(),
            Place::Path(path) => path.clone(),
        });
        Ground {
            roots: roots.collect(),
            broken: broken.collect(),
        }
    }

    /// The place of a baseline.
    fn place(&self, baseline: &Path) -> BaselinePlace<'_> {
        BaselinePlace {
            ground: self,
            path: baseline.to_path_buf(),
            folder: folder_of(baseline),
        }
    }
}

/// Where a baseline stands.
struct BaselinePlace<'g> {
    ground: &'g Ground,
    path: PathBuf,
    folder: PathBuf,
}

impl BaselinePlace<'_> {
    /// The folder of a file, relative to that of the baseline.
    fn folder(&self, file: &str) -> String {
        relative(&self.folder, &folder_of(Path::new(file)))
    }

    /// Whether all of a folder was read.
    fn is_whole(&self, folder: &str) -> bool {
        let path = joined(&self.folder, folder);
        let is_read = self.ground.roots.iter().any(|root| path.starts_with(root));
        let mut broken = self.ground.broken.iter().map(Path::new);
        is_read && !broken.any(|broken| folder_of(broken) == path || path.starts_with(broken))
    }
}

/// The folder of a file, without links and detours.
fn folder_of(file: &Path) -> PathBuf {
    let parent = file
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    fs::canonicalize(parent).unwrap_or_else(|_| parent.to_path_buf())
}

/// A path from one folder to another, with `/` between its steps.
fn relative(from: &Path, to: &Path) -> String {
    let own: Vec<Component<'_>> = from.components().collect();
    let other: Vec<Component<'_>> = to.components().collect();
    let shared = own.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let up = own.iter().skip(shared).map(|_| "..".to_owned());
    let down = other.iter().skip(shared);
    let down = down.map(|step| step.as_os_str().to_string_lossy().into_owned());
    let steps: Vec<String> = up.chain(down).collect();
    match steps.is_empty() {
        true => ".".to_owned(),
        false => steps.join("/"),
    }
}

/// The other way round.
fn joined(from: &Path, to: &str) -> PathBuf {
    let mut path = from.to_path_buf();
    for step in to.split('/').filter(|step| *step != ".") {
        match step {
            ".." => {
                path.pop();
            }
            step => path.push(step),
        }
    }
    path
}
