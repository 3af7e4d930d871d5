//! `explain`: what errors mean.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::Path;

use super::args::{AnswerFormat, Explain};
use super::session::Session;
use super::surroundings::Flags;
use super::{content, metrics, output, rules};
use crate::catalogue::Catalogue;
use crate::diagnostics::{Explanation, Problem};
use crate::explain::{Found, Search, events, explain, judge};
use crate::report;
use crate::rules::Packs;
use crate::source::{SourceMap, decode};
use crate::syntax::{json, nearest};

/// The most bytes that are read at a time. They stay in the cache of the processor while they are searched.
const PIECE: usize = 256 << 10;
/// Bytes at the start of a file that show whether it is a text.
const FIRST: usize = 1 << 20;
/// Larger documents of events are read as text.
const MOST_EVENTS: u64 = 16 << 20;

/// Explains; returns the exit status.
pub(super) fn run(args: &Explain) -> u8 {
    let mut session = Session::open(Flags::of(&args.facts, &args.surroundings));
    let packs = session.packs(&args.packs);
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
        inputs.push("-".into());
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
    if !args.with.is_empty() || session.has_organization() {
        let (analysis, outcome) = session.lint(&args.with, &args.surroundings.stack, &packs);
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
    fn input(&mut self, argument: &OsStr) {
        let path = Path::new(argument);
        let shown = content::shown(path);
        let input = argument.to_str();
        if let Some(rule) = input.and_then(|input| self.packs.rule(input)) {
            self.rules.push_str(&rules::show(rule));
        } else if input == Some("-") {
            self.text(io::stdin().lock(), "standard input");
        } else if path.is_dir() {
            let problem = Problem::of_path(shown, "is a folder, not a file");
            let help = "specify the files in it; use --with for the policies and configuration that an error is about";
            self.problems.push(problem.help(help));
        } else if path.exists() {
            match File::open(path) {
                Ok(file) => self.text(file, &shown),
                Err(error) => self.refuse(&shown, &error),
            }
        } else if input.is_none_or(looks_like_a_path) {
            let problem = Problem::of_path(shown.as_str(), "no such file");
            let rules = self.packs.rules().map(|rule| &*rule.meta.id);
            let help = match nearest(&shown, rules) {
                Some(near) => format!("did you mean the rule `{near}`?"),
                None => "put the text of an error in quotes".to_owned(),
            };
            self.problems.push(problem.help(help));
        } else {
            self.text(shown.as_bytes(), "the error");
        }
    }

    /// Explains the errors of a text, or of the CloudTrail events in it. It is read once: it may be a pipe.
    fn text(&mut self, mut reader: impl Read, shown: &str) {
        let mut start = Vec::new();
        let read = reader.by_ref().take(MOST_EVENTS).read_to_end(&mut start);
        let is_whole = (start.len() as u64) < MOST_EVENTS;
        let events = is_whole.then(|| self.events_of(&start)).flatten();
        let found = match (read, events) {
            (Err(error), _) => Err(error),
            (Ok(_), Some(found)) => Ok(found),
            (Ok(_), None) => self.search(&start, reader),
        };
        match found {
            Ok(found) => self
                .explanations
                .extend(explain(self.catalogue, &found, shown)),
            Err(error) => self.refuse(shown, &error),
        }
    }

    fn refuse(&mut self, shown: &str, error: &io::Error) {
        let problem = Problem::of_path(shown, format!("cannot read: {error}"));
        self.problems.push(problem);
    }

    /// The errors of a text that holds events of CloudTrail.
    fn events_of(&self, bytes: &[u8]) -> Option<Vec<Found>> {
        let text = decode(bytes).ok()?;
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

    /// Searches a text piece by piece, so that logs of any size fit into memory. Its start has been read.
    fn search(&mut self, start: &[u8], reader: impl Read) -> io::Result<Vec<Found>> {
        let mut search = Search::new(self.catalogue.symptoms());
        let mut reader = start.chain(reader);
        if is_wide(start) {
            let mut bytes = Vec::new();
            reader.read_to_end(&mut bytes)?;
            let text = decode(&bytes).map(std::borrow::Cow::into_owned);
            search.feed(&text.unwrap_or_default());
            return Ok(self.finished(search));
        }
        if start.iter().take(FIRST).any(|byte| *byte == 0) {
            return Err(io::Error::other("not a text file"));
        }
        // What is read and not searched yet, and how much of it is in use.
        let (mut piece, mut used) = (vec![0; PIECE], 0);
        loop {
            let count = reader.read(piece.get_mut(used..).unwrap_or_default())?;
            used += count;
            let bytes = piece.get(..used).unwrap_or_default();
            // A piece can end within a character; invalid bytes are replaced.
            let end = if count == 0 { used } else { whole(bytes) };
            let text = bytes.get(..end).unwrap_or_default();
            search.feed(&String::from_utf8_lossy(text));
            if count == 0 {
                return Ok(self.finished(search));
            }
            piece.copy_within(end..used, 0);
            used -= end;
        }
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
