//! `explain`: what errors mean.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::Path;

use super::args::{AnswerFormat, Explain};
use super::session::Session;
use super::{files, metrics, output, rules, run};
use crate::catalogue::Catalogue;
use crate::diagnostics::{Explanation, Problem};
use crate::explain::{Found, Search, events, explain, judge};
use crate::report;
use crate::rules::Packs;
use crate::source::{SourceMap, decode};
use crate::syntax::{json, nearest};

/// Bytes that are read at a time.
const PIECE: usize = 1 << 20;
/// Larger documents of events are read as text.
const MOST_EVENTS: u64 = 16 << 20;

/// Explains; returns the exit status.
pub(super) fn run(args: &Explain) -> u8 {
    let mut session = Session::open(&args.facts);
    let packs = run::packs(&args.packs, &mut session.sources, &mut session.problems);
    if !args.metrics.is_empty() {
        return metrics::run(args, &packs, session);
    }
    let problems = std::mem::take(&mut session.problems);
    let mut explainer = Explainer {
        catalogue: &session.catalogue,
        packs: &packs,
        rules: String::new(),
        explanations: Vec::new(),
        is_cut: false,
        problems,
    };
    let mut inputs = args.inputs.clone();
    if inputs.is_empty() {
        if io::stdin().is_terminal() {
            let help = "provide the text of an error, a file, or - for standard input";
            let problem = Problem::of_path("explain", "nothing to explain").help(help);
            return output::problems(&session.sources, &[problem]);
        }
        inputs.push("-".to_owned());
    }
    inputs.iter().for_each(|input| explainer.input(input));
    let Explainer {
        rules: pages,
        mut explanations,
        problems,
        is_cut,
        ..
    } = explainer;
    session.problems = problems;
    let organization = &args.organization;
    if !args.with.is_empty() || !organization.scp.is_empty() || !organization.rcp.is_empty() {
        let (analysis, outcome) = session.lint(&args.with, &args.organization, &packs);
        for explanation in &mut explanations {
            judge(&session.catalogue, explanation, &analysis, &outcome);
        }
    }
    let Session {
        sources, problems, ..
    } = session;
    if args.format == AnswerFormat::Json {
        let text = report::explanations_json(&sources, &explanations, is_cut, &problems);
        let printed = output::print(&text);
        return if problems.is_empty() { printed } else { 2 };
    }
    let look = output::look_at(args.color);
    let printed = output::print(&match explanations.is_empty() && pages.is_empty() {
        true => nothing(&problems),
        false => pages + &report::explanations(&sources, &explanations, is_cut, look),
    });
    output::problems(&sources, &problems).max(printed)
}

/// The message for input without a permission error.
fn nothing(problems: &[Problem]) -> String {
    match problems.is_empty() {
        true => "lint-lambda does not recognize this as a permission error\n".to_owned(),
        false => String::new(),
    }
}

/// Explains the inputs one by one, and collects the explanations.
struct Explainer<'c> {
    catalogue: &'c Catalogue,
    packs: &'c Packs,
    /// The pages of rules that were named.
    rules: String,
    explanations: Vec<Explanation>,
    /// Whether the input contains more errors than were explained.
    is_cut: bool,
    problems: Vec<Problem>,
}

impl Explainer<'_> {
    /// An argument: a rule, a file, standard input, or a text itself.
    fn input(&mut self, input: &str) {
        let path = Path::new(input);
        if let Some(rule) = self.packs.rule(input) {
            self.rules.push_str(&rules::show(rule));
        } else if input == "-" {
            let read = self.search(io::stdin().lock());
            self.add(read, "standard input");
        } else if path.is_file() {
            self.file(path);
        } else if path.is_dir() {
            let problem = Problem::of_path(input, "this is a folder");
            let help = "specify the files in it; use --with for the policies and configuration that an error is about";
            self.problems.push(problem.help(help));
        } else if looks_like_a_path(input) {
            let problem = Problem::of_path(input, "no such file");
            let rules = self.packs.rules().map(|rule| &*rule.meta.id);
            let help = match nearest(input, rules) {
                Some(near) => format!("did you mean the rule `{near}`?"),
                None => "put the text of an error in quotes".to_owned(),
            };
            self.problems.push(problem.help(help));
        } else {
            let read = self.search(input.as_bytes());
            self.add(read, "the error");
        }
    }

    /// Explains the errors of a file, or of the CloudTrail events in it.
    fn file(&mut self, path: &Path) {
        let shown = path.display().to_string();
        if let Some(found) = self.events_of(path) {
            self.explanations
                .extend(explain(self.catalogue, &found, &shown));
            return;
        }
        let read = File::open(path).and_then(|file| self.search(file));
        self.add(read, &shown);
    }

    /// Adds the explanations of the errors found in a text.
    fn add(&mut self, read: io::Result<Vec<Found>>, shown: &str) {
        match read {
            Ok(found) => self
                .explanations
                .extend(explain(self.catalogue, &found, shown)),
            Err(error) => self
                .problems
                .push(Problem::of_path(shown, format!("cannot read: {error}"))),
        }
    }

    /// The errors of a file that holds events of CloudTrail.
    fn events_of(&self, path: &Path) -> Option<Vec<Found>> {
        let is_small = path.metadata().ok()?.len() <= MOST_EVENTS;
        let text = is_small.then(|| files::text(path).ok()).flatten()?;
        if !text.trim_start().starts_with(['{', '[']) {
            return None;
        }
        let mut sources = SourceMap::default();
        let file = sources.add("events", &text).ok()?;
        let mut documents = json::read(file, &text);
        let root = (documents.errors.is_empty()).then(|| documents.roots.pop())??;
        let mut all: Vec<Found> = Vec::new();
        for (text, span) in events(self.catalogue.symptoms(), &root)? {
            let mut search = Search::new(self.catalogue.symptoms());
            search.feed(&text);
            let line = sources.locate(span).line;
            for found in search.finish().0 {
                let same = |known: &&mut Found| {
                    known.symptom == found.symptom && known.names == found.names
                };
                match all.iter_mut().find(same) {
                    Some(known) => known.times += 1,
                    None => all.push(Found { line, ..found }),
                }
            }
        }
        Some(all)
    }

    /// The errors that a search found.
    fn finished(&mut self, search: Search<'_>) -> Vec<Found> {
        let (found, is_cut) = search.finish();
        self.is_cut |= is_cut;
        found
    }

    /// Searches the text of a reader chunk by chunk, so that logs of any size fit into memory.
    fn search(&mut self, mut reader: impl Read) -> io::Result<Vec<Found>> {
        let mut search = Search::new(self.catalogue.symptoms());
        let mut bytes: Vec<u8> = Vec::new();
        let mut piece = vec![0; PIECE];
        let mut is_first = true;
        loop {
            let count = reader.read(&mut piece)?;
            if count == 0 {
                break;
            }
            bytes.extend(piece.iter().take(count));
            if is_first && bytes.contains(&0) && !is_wide(&bytes) {
                return Err(io::Error::other("not a text file"));
            }
            if is_first && is_wide(&bytes) {
                reader.read_to_end(&mut bytes)?;
                let text = decode(&bytes).map(std::borrow::Cow::into_owned);
                search.feed(&text.unwrap_or_default());
                return Ok(self.finished(search));
            }
            is_first = false;
            // A chunk can end within a character; invalid bytes are replaced below.
            let end = whole(&bytes);
            let taken: Vec<u8> = bytes.drain(..end).collect();
            search.feed(&String::from_utf8_lossy(&taken));
        }
        search.feed(&String::from_utf8_lossy(&bytes));
        Ok(self.finished(search))
    }
}

/// Whether an argument can only be a file name: one word with a slash or an extension.
fn looks_like_a_path(input: &str) -> bool {
    let ending = input.rsplit_once('.').map(|(_, ending)| ending);
    let has_ending = ending.is_some_and(|ending| {
        let is_short = (1..=6).contains(&ending.len());
        is_short && ending.chars().all(|c| c.is_ascii_alphanumeric())
    });
    let is_word = !input.contains(char::is_whitespace) && !input.contains(':');
    is_word && (has_ending || input.contains('/'))
}

/// Whether a text begins with the byte order mark of UTF-16.
fn is_wide(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff])
}

/// The number of bytes that are complete characters.
fn whole(bytes: &[u8]) -> usize {
    let last = bytes.iter().rev().take(4);
    let begins = |byte: &u8| (*byte as i8) >= -0x40;
    let back = last.take_while(|byte| !begins(byte)).count() + 1;
    let start = bytes.len().saturating_sub(back);
    let tail = bytes.get(start..).unwrap_or(&[]);
    match std::str::from_utf8(tail) {
        Err(error) if error.error_len().is_none() => start,
        _ => bytes.len(),
    }
}
