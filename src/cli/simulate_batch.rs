//! Requests as JSON Lines: each line is answered before the next one is read.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};

use super::lines::{LONGEST_LINE, Line, LineContent, Lines};
use super::output;
use super::simulate_args::{OutputFormat, Simulate};
use super::simulate_result::{ActionHints, settle};
use crate::catalogue::Catalogue;
use crate::diagnostics::{ActionResult, Problem};
use crate::report::ResultWriter;
use crate::simulate::{Batch, Simulator};
use crate::source::{SourceMap, decode};
use crate::syntax::json;

/// Answers the requests of a file or of standard input; returns the exit status: 2 if something was wrong with
/// a line, which does not stop the others.
pub(super) fn run(
    args: &Simulate,
    path: &str,
    sources: &SourceMap,
    catalogue: &Catalogue,
    simulator: &Simulator<'_>,
) -> u8 {
    let refused =
        |message: String| output::problems_aside(sources, &[Problem::of_path(path, message)]);
    if args
        .output
        .output
        .is_some_and(|format| format != OutputFormat::Jsonl)
        || args.output.format.is_some()
    {
        return refused("the results of `--requests` are printed as `--output jsonl`".to_owned());
    }
    let reader: Box<dyn Read> = match path.strip_prefix("file://").unwrap_or(path) {
        "-" => Box::new(io::stdin().lock()),
        path => match File::open(path) {
            Ok(file) => Box::new(file),
            Err(error) => return refused(error.to_string()),
        },
    };
    let mut requests = Requests {
        name: path,
        args,
        catalogue,
        batch: simulator.batch(),
        writer: ResultWriter::new(sources),
        hints: ActionHints::default(),
        out: BufWriter::new(io::stdout().lock()),
        status: 0,
    };
    match requests.answer(Lines::new(reader)) {
        Ok(()) => requests.status,
        // The reader of the results has what it wanted.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => requests.status,
        Err(error) => refused(format!("cannot continue: {error}")),
    }
}

/// The requests of a batch.
struct Requests<'b, W: Write> {
    name: &'b str,
    args: &'b Simulate,
    catalogue: &'b Catalogue,
    batch: Batch<'b>,
    writer: ResultWriter<'b>,
    hints: ActionHints,
    out: W,
    status: u8,
}

impl<W: Write> Requests<'_, W> {
    /// Answers all lines.
    fn answer(&mut self, mut lines: Lines<'_>) -> io::Result<()> {
        while let Some(Line { number, content }) = lines.next()? {
            match content {
                LineContent::Bytes(line) => self.line(number, &line)?,
                LineContent::TooLong => {
                    let message = format!("line {number} is longer than {LONGEST_LINE} bytes");
                    self.refuse(
                        &SourceMap::default(),
                        &[Problem::of_path(self.name, message)],
                    );
                }
            }
        }
        self.out.flush()
    }

    /// Answers one line, whose results go together with its number.
    fn line(&mut self, number: usize, line: &[u8]) -> io::Result<()> {
        // The text of a line is forgotten with it.
        let mut sources = SourceMap::default();
        let name = format!("{} line {number}", self.name);
        let text = decode(line).map(|text| text.trim().to_owned());
        let Some((text, file)) = text.ok().and_then(|text| {
            let file = sources.add(&name, &text).ok()?;
            Some((text, file))
        }) else {
            let problem = Problem::of_path(name, "not valid UTF-8");
            self.refuse(&sources, &[problem]);
            return Ok(());
        };
        let documents = json::read(file, &text);
        let mut problems: Vec<Problem> = documents.errors.into_iter().map(Problem::from).collect();
        let mut results: Vec<ActionResult> = Vec::new();
        for request in &documents.roots {
            if problems.is_empty() {
                let sink = &mut |result| results.push(result);
                self.batch.evaluate(request, &mut problems, sink);
            }
        }
        if !problems.is_empty() {
            self.refuse(&sources, &problems);
            return Ok(());
        }
        for mut result in results {
            self.hints.tell(self.catalogue, &result.overall.action);
            settle(&mut result, self.args.output.unknown);
            let line = self.writer.line(Some(number), &result);
            self.out.write_all(line.as_bytes())?;
        }
        Ok(())
    }

    /// Tells what is wrong with a line.
    fn refuse(&mut self, sources: &SourceMap, problems: &[Problem]) {
        self.status = output::problems_aside(sources, problems);
    }
}
