//! `--lines`: each record of a stream is judged by itself, and told before the next ones are read.

use std::collections::HashSet;
use std::io::{self, Write};
use std::path::Path;

use clap::error::ErrorKind;
use clap::{CommandFactory, ValueEnum};

use super::analyzed::analyzed_known;
use super::args::{Acceptance, Cli, Format, Lint, Output};
use super::configuration::Loaded;
use super::files::{self, Files, Selected};
use super::judged::{Terms, fails_from, status};
use super::lines::{LONGEST_LINE, Line, LineContent, Lines};
use super::repository::Repository;
use super::{output, stream_input};
use crate::diagnostics::{Place, Problem, RuleDescription};
use crate::input::{Input, InputRole, Scope, Vocabulary};
use crate::report::{Report, Stream, StreamForm, StreamPart};
use crate::rules::Rule;
use crate::source::{FileId, SourceMap, Span};
use crate::work::in_parallel;

/// The formats in which a stream is reported on: the others are one document, of which nothing can be used before
/// its end.
const FORMATS: [Format; 4] = [Format::Jsonl, Format::Plain, Format::Human, Format::Github];

/// The form of the report; `None` for a format in which nothing can be told before the end.
pub(super) fn form(output: &Output) -> Option<StreamForm> {
    if output.statistics {
        return Some(StreamForm::Statistics);
    }
    match output.format {
        Format::Human => Some(StreamForm::Human(output::look(output))),
        Format::Plain => Some(StreamForm::Plain),
        Format::Github => Some(StreamForm::Github),
        Format::Jsonl => Some(StreamForm::JsonLines),
        Format::Json
        | Format::Sarif
        | Format::Gitlab
        | Format::Junit
        | Format::Markdown
        | Format::Html => None,
    }
}

/// Tells that a format is not for streams; returns the exit status.
pub(super) fn other_format(format: Format) -> u8 {
    let name = |format: &Format| {
        let value = format.to_possible_value();
        value.map_or_else(String::new, |value| value.get_name().to_owned())
    };
    let formats: Vec<String> = FORMATS.iter().map(name).collect();
    let message = format!(
        "--lines reports on each record when it is checked, and a report in the format {} is one document: use \
         --format {}",
        name(&format),
        formats.join(", ")
    );
    let mut command = Cli::command();
    output::aside(
        &command
            .error(ErrorKind::ArgumentConflict, message)
            .to_string(),
    );
    2
}

/// The problem with a configuration that names a baseline: a record does not say which folder it is of.
pub(super) fn without_baseline(loaded: &Loaded) -> Option<Problem> {
    let given = loaded.configuration.baseline.as_ref()?;
    let problem = Problem::at(given.span, "a baseline cannot be used with `--lines`");
    Some(problem.help("suppress findings in the configuration, or pass --no-config"))
}

/// Checks all records of the files that the settings name; returns the exit status.
pub(super) fn run(
    args: &Lint,
    terms: Terms<'_>,
    mut sources: SourceMap,
    problems: &[Problem],
) -> u8 {
    let Some(form) = form(&args.output) else {
        return other_format(args.output.format);
    };
    let settings = terms.settings;
    let mut problems = problems.to_vec();
    let paths = stream_input::files(&settings.paths, &settings.walk, &mut problems);
    let rules: Vec<RuleDescription> = terms.packs.rules().map(Rule::description).collect();
    let repository = Repository::find();
    let context = context(&terms, &mut sources);
    let judge = Judge {
        args,
        terms,
        form,
        rules: &rules,
        repository: &repository,
        vocabulary: Vocabulary::new(terms.catalogue),
        sources,
        context,
    };
    let first = judge.part(&problems);
    let mut teller = Teller {
        stream: Stream {
            show_undecided: settings.shown_from.show_undecided,
            is_quiet: args.output.quiet,
            ..Stream::new(form, &rules)
        },
        told: HashSet::new(),
        is_heard: true,
        is_stuck: false,
        status: 0,
    };
    teller.tell(vec![first]);
    for path in &paths {
        if !teller.goes_on() {
            break;
        }
        teller.file(path, &judge);
    }
    let ending = teller.stream.ending();
    teller.print(&ending);
    teller.status
}

/// What belongs with each record.
fn context(terms: &Terms<'_>, sources: &mut SourceMap) -> Files {
    let settings = terms.settings;
    let selected = Selected {
        paths: &[],
        roots: &[],
        context: &settings.context,
        walk: &settings.walk,
        skip_unknown: true,
        changes: None,
    };
    files::read_selected(&selected, sources)
}

/// What came of a record.
struct Judged {
    part: StreamPart,
    /// Problems that are not about the record, such as one with a flag: they are told once.
    common: Vec<(String, StreamPart)>,
    status: u8,
    /// Whether it is something that we know.
    is_known: bool,
}

/// Judges records, each by itself: nothing of one is kept for the next.
struct Judge<'r> {
    args: &'r Lint,
    terms: Terms<'r>,
    form: StreamForm,
    rules: &'r [RuleDescription],
    repository: &'r Repository,
    vocabulary: Vocabulary<'r>,
    /// The texts that hold for all records.
    sources: SourceMap,
    context: Files,
}

impl Judge<'_> {
    /// What is wrong before a record is read.
    fn part(&self, problems: &[Problem]) -> Judged {
        self.part_of(&self.sources, problems)
    }

    /// What is wrong with a record.
    fn part_of(&self, sources: &SourceMap, problems: &[Problem]) -> Judged {
        let report = Report {
            problems,
            folders: self.repository.folders(),
            ..Report::new(sources)
        };
        Judged {
            part: StreamPart::of(&report, self.form),
            common: Vec::new(),
            status: status(&[], problems, self.terms.settings.shown_from.fail_on),
            is_known: false,
        }
    }

    /// Judges records of a file, by as many threads as there are, with the results in the order of the records.
    fn records(&self, (name, scope): (&str, &Scope), records: &[Line]) -> Vec<Judged> {
        in_parallel(records, |record| {
            let mut judged = self.record(name, scope, record);
            judged.part.tally.records = Some(1);
            judged
        })
    }

    fn record(&self, name: &str, scope: &Scope, record: &Line) -> Judged {
        let first_line = record.number - 1;
        let bytes = match &record.content {
            LineContent::Bytes(bytes) => bytes.as_slice(),
            LineContent::TooLong => b"",
        };
        let text = String::from_utf8_lossy(bytes);
        let text = text.trim_end_matches(['\n', '\r']);
        let mut sources = self.sources.clone();
        let Ok(file) = sources.add_part(name, text, first_line) else {
            return self.part(&[Problem::of_path(name, "the record is too large")]);
        };
        match broken(record, text, file) {
            Some(problem) => self.part_of(&sources, &[problem]),
            None => self.judged(sources, file, scope),
        }
    }

    fn judged(&self, mut sources: SourceMap, file: FileId, scope: &Scope) -> Judged {
        let settings = self.terms.settings;
        let mut files = Files {
            inputs: vec![Input {
                file,
                scope: scope.clone(),
                named: !settings.skip_unknown,
                role: InputRole::Checked,
            }],
            background: self.context.background.clone(),
            ..Files::default()
        };
        files.inputs.extend(self.context.inputs.iter().cloned());
        let known = (self.terms.catalogue, &self.vocabulary);
        let hints = self.terms.hints;
        let analysis = analyzed_known(&mut sources, &mut files, hints, known);
        let mut problems = Vec::new();
        let acceptance = (&Acceptance::default(), None);
        let (accepted, outcome) =
            self.terms
                .judged(acceptance, (&mut sources, &files), &analysis, &mut problems);
        let fail_on = settings.shown_from.fail_on;
        let status = status(&outcome.findings, &problems, fail_on);
        let is_about_record = |problem: &Problem| match &problem.place {
            Place::Text(label) => sources.resolve(label.span).file == file,
            Place::Path(_) => false,
        };
        let (mut problems, common): (Vec<Problem>, Vec<Problem>) =
            problems.into_iter().partition(is_about_record);
        problems.iter_mut().for_each(of_line);
        let report = Report {
            rules: self.rules,
            suppressed: &accepted.suppressed,
            show_suppressed: self.args.acceptance.show_suppressed,
            findings: &outcome.findings,
            problems: &problems,
            undecided: &outcome.undecided,
            functions: analysis.functions(),
            show_undecided: settings.shown_from.show_undecided,
            fails_from: fails_from(fail_on),
            folders: self.repository.folders(),
            ..Report::new(&sources)
        };
        Judged {
            part: StreamPart::of(&report, self.form),
            common: common
                .into_iter()
                .map(|problem| {
                    (
                        format!("{problem:?}"),
                        self.part_of(&sources, &[problem]).part,
                    )
                })
                .collect(),
            status,
            is_known: analysis.recognised.first() == Some(&true),
        }
    }
}

/// What is said of files, and the same of lines.
const WORDS: [(&str, &str); 3] = [
    ("the end of the file", "the end of the line"),
    ("the file might", "the line might"),
    ("this file does not", "this line does not"),
];

/// Words a problem as one with a line.
fn of_line(problem: &mut Problem) {
    for (of_file, of_line) in WORDS {
        problem.message = problem.message.replace(of_file, of_line);
        problem.help = problem
            .help
            .take()
            .map(|help| help.replace(of_file, of_line));
    }
}

/// What is wrong with a line that is not the text of a record.
fn broken(record: &Line, text: &str, file: FileId) -> Option<Problem> {
    let start = Span::new(file, 0, 0);
    let LineContent::Bytes(bytes) = &record.content else {
        let message = format!("this line is longer than {} MiB", LONGEST_LINE >> 20);
        let help = "write each function on a line of its own";
        return Some(Problem::at(start, message).help(help));
    };
    if let Err(error) = std::str::from_utf8(bytes) {
        let at = u32::try_from(error.valid_up_to()).unwrap_or(u32::MAX);
        let problem = Problem::at(Span::new(file, at, at), "this line is not valid UTF-8");
        return Some(problem.help("JSON Lines are text in UTF-8"));
    }
    let written = text.trim_start_matches('\u{feff}').trim_start();
    if written.starts_with(['{', '[']) {
        return None;
    }
    let at = u32::try_from(text.len() - written.len()).unwrap_or(0);
    let problem = Problem::at(Span::new(file, at, at), "expected a JSON object");
    let help = "`--lines` reads one record on each line; `jq -c .` writes JSON like this";
    Some(problem.help(help))
}

/// Tells what was judged, in order.
struct Teller<'r> {
    stream: Stream<'r>,
    /// The problems that are told once.
    told: HashSet<String>,
    /// Whether there is a reader.
    is_heard: bool,
    /// Whether the output cannot be written.
    is_stuck: bool,
    status: u8,
}

impl Teller<'_> {
    /// Whether what is left can change anything that somebody notices: the exit status does not depend on whether
    /// the reader of the output is still there.
    fn goes_on(&self) -> bool {
        !self.is_stuck && (self.is_heard || self.status < 2)
    }

    /// Checks the records of a file.
    fn file(&mut self, path: &Path, judge: &Judge<'_>) {
        let name = stream_input::name(path);
        let mut lines = match stream_input::open(path) {
            Ok(lines) => lines,
            Err(problem) => return self.tell(vec![judge.part(&[problem])]),
        };
        let scope = scope(path, judge.terms.settings.skip_unknown);
        let read = self.lines(&mut lines, (&name, &scope), judge);
        let problem = match read {
            Err(error) => Problem::of_path(&name, format!("cannot read: {error}")),
            Ok(0) if !judge.terms.settings.skip_unknown => {
                let problem = Problem::of_path(&name, "there are no records to check");
                problem.help("`--lines` reads one record on each line")
            }
            Ok(_) => return,
        };
        self.tell(vec![judge.part(&[problem])]);
    }

    /// Checks lines; returns how many records there are.
    fn lines(
        &mut self,
        lines: &mut Lines<'_>,
        (name, scope): (&str, &Scope),
        judge: &Judge<'_>,
    ) -> io::Result<usize> {
        let (mut count, mut is_known) = (0, false);
        while self.goes_on() {
            let records = stream_input::next(lines)?;
            if records.is_empty() {
                break;
            }
            count += records.len();
            let judged = judge.records((name, scope), &records);
            is_known |= judged.iter().any(|judged| judged.is_known);
            self.tell(judged);
        }
        let mut file = judge.part(&[]);
        file.part.tally.files = usize::from(is_known);
        self.tell(vec![file]);
        Ok(count)
    }

    /// Tells of records in their order, and at once.
    fn tell(&mut self, records: Vec<Judged>) {
        let mut text = String::new();
        for judged in records {
            self.status = self.status.max(judged.status);
            let common = judged.common.into_iter();
            let new = common.filter(|(problem, _)| self.told.insert(problem.clone()));
            let parts = new.map(|(_, part)| part).chain([judged.part]);
            for part in parts.collect::<Vec<_>>() {
                text.push_str(&part.text);
                self.stream.count(part);
            }
        }
        self.print(&text);
    }

    fn print(&mut self, text: &str) {
        if text.is_empty() || !self.is_heard || self.is_stuck {
            return;
        }
        let mut out = io::stdout().lock();
        let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        if let Err(error) = written {
            let failed = output::not_written(&error);
            self.is_heard = false;
            self.is_stuck = failed > 0;
            self.status = self.status.max(failed);
        }
    }
}

/// Where the records of a file stand: each is a file of its own that was named by hand.
fn scope(path: &Path, skip_unknown: bool) -> Scope {
    let steps = path
        .components()
        .map(|step| step.as_os_str().to_string_lossy());
    let steps: Vec<_> = steps.filter(|step| step != ".").collect();
    let scope = Scope::new(std::iter::once(".").chain(steps.iter().map(AsRef::as_ref)));
    match skip_unknown {
        true => scope,
        false => scope.by_hand(),
    }
}
