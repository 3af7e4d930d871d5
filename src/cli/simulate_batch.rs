//! Requests as JSON Lines: each line is answered before the next one is read.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};

use super::output;
use super::simulate_args::{OutputFormat, Simulate};
use super::simulate_result::{ActionHints, settle};
use crate::catalogue::Catalogue;
use crate::diagnostics::{ActionResult, Problem};
use crate::report::ResultWriter;
use crate::simulate::{Batch, Simulator};
use crate::source::{SourceMap, decode};
use crate::syntax::json;

/// How long one line may be.
const LONGEST_LINE: u64 = 16 << 20;

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
    let mut lines = Lines {
        name: path,
        args,
        catalogue,
        batch: simulator.batch(),
        writer: ResultWriter::new(sources),
        hints: ActionHints::default(),
        out: BufWriter::new(io::stdout().lock()),
        status: 0,
    };
    match lines.answer(&mut BufReader::new(reader)) {
        Ok(()) => lines.status,
        // The reader of the results has what it wanted.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => lines.status,
        Err(error) => refused(format!("cannot continue: {error}")),
    }
}

/// The lines of a batch.
struct Lines<'b, W: Write> {
    name: &'b str,
    args: &'b Simulate,
    catalogue: &'b Catalogue,
    batch: Batch<'b>,
    writer: ResultWriter<'b>,
    hints: ActionHints,
    out: W,
    status: u8,
}

impl<W: Write> Lines<'_, W> {
    /// Answers all lines.
    fn answer(&mut self, reader: &mut dyn BufRead) -> io::Result<()> {
        let mut line = Vec::new();
        for number in 1.. {
            line.clear();
            if reader.take(LONGEST_LINE).read_until(b'\n', &mut line)? == 0 {
                break;
            }
            if line.last() != Some(&b'\n') && line.len() as u64 == LONGEST_LINE {
                skip_line(reader)?;
                let message = format!("line {number} is longer than {LONGEST_LINE} bytes");
                self.refuse(
                    &SourceMap::default(),
                    &[Problem::of_path(self.name, message)],
                );
                continue;
            }
            self.line(number, &line)?;
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

/// Reads the rest of a line.
fn skip_line(reader: &mut dyn BufRead) -> io::Result<()> {
    loop {
        let read = reader.fill_buf()?;
        let (length, is_end) = match read.iter().position(|byte| *byte == b'\n') {
            Some(at) => (at + 1, true),
            None => (read.len(), read.is_empty()),
        };
        reader.consume(length);
        if is_end {
            return Ok(());
        }
    }
}
