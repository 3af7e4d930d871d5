//! The report for a person at a terminal: each finding with the lines that it is about.
//!
//! miette draws the lines. It gets a source of our own: its stock one walks the whole file for
//! each label, breaks on very long lines, and lets control characters through.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError,
    MietteSpanContents, SourceCode, SourceSpan, SpanContents,
};

use super::{Look, Report, clean, clean::masked, plain, summary};
use crate::diagnostics::{Finding, Label, Place, Problem, Severity};
use crate::source::{FileId, SourceFile, SourceMap};

/// Bytes of a long line that are shown on each side of what is underlined.
const WINDOW: usize = 80;
/// Bytes that are underlined at the most.
const UNDERLINED: usize = 200;

/// The report with the lines that it speaks of.
#[must_use]
pub fn human(report: &Report<'_>, look: Look) -> String {
    let mut printer = Printer::new(report.sources, look);
    for finding in report.findings {
        printer.finding(finding);
    }
    for problem in report.problems {
        printer.problem(problem);
    }
    let suppressed = report.suppressed.iter().filter(|_| report.show_suppressed);
    for one in suppressed {
        printer
            .out
            .extend(plain::of_suppressed(report.sources, one));
    }
    if report.show_undecided {
        for undecided in report.undecided {
            printer
                .out
                .extend(plain::of_undecided(report.sources, undecided));
        }
        if !report.undecided.is_empty() {
            printer.out.push('\n');
        }
    }
    for line in summary::lines(report).iter().filter(|_| !report.is_quiet) {
        let _infallible = writeln!(printer.out, "{}", clean(line));
    }
    printer.out
}

/// Text for a person, as it grows.
pub(super) struct Printer<'r> {
    sources: &'r SourceMap,
    look: Look,
    texts: BTreeMap<FileId, String>,
    pub(super) out: String,
}

impl<'r> Printer<'r> {
    pub(super) fn new(sources: &'r SourceMap, look: Look) -> Self {
        Printer {
            sources,
            look,
            texts: BTreeMap::new(),
            out: String::new(),
        }
    }
}

impl Printer<'_> {
    /// A finding with the lines that it is about.
    pub(super) fn finding(&mut self, finding: &Finding) {
        let rule = match (&finding.url, self.look.links) {
            (Some(url), true) => linked(&finding.rule, url),
            _ => finding.rule.to_string(),
        };
        let head = format!("{}[{rule}]:", finding.severity);
        self.snippet(&head, finding.severity, &finding.message, &finding.primary);
        for line in plain::details(self.sources, finding) {
            let line = self.emphasised(&line);
            let _infallible = writeln!(self.out, "  {line}");
        }
        self.out.push('\n');
    }

    fn problem(&mut self, problem: &Problem) {
        match &problem.place {
            Place::Text(label) => {
                self.snippet("problem:", Severity::Error, &problem.message, label);
            }
            Place::Path(path) => {
                let line = format!("{}: {}", clean(path), clean(&problem.message));
                self.line("problem:", Severity::Error, &line);
            }
        }
        for label in &problem.related {
            let at = plain::place(self.sources, label.span);
            let line = self.emphasised(&format!("note: {} ({at})", clean(&label.text)));
            let _infallible = writeln!(self.out, "  {line}");
        }
        if let Some(help) = &problem.help {
            let line = self.emphasised(&format!("help: {}", clean(help)));
            let _infallible = writeln!(self.out, "  {line}");
        }
        self.out.push('\n');
    }

    /// A headline by itself, of a text without control characters.
    pub(super) fn line(&mut self, head: &str, severity: Severity, message: &str) {
        let head = self.painted(head, severity);
        let _infallible = writeln!(self.out, "{head} {message}");
    }

    /// A headline and the lines that a label is about.
    pub(super) fn snippet(&mut self, head: &str, severity: Severity, message: &str, label: &Label) {
        let place = self.sources.resolve(label.span);
        let file = self.sources.file(place.file);
        let is_listed = self.sources.listed(label.span).is_some();
        let is_in_text = |file: &&SourceFile| file.text().get(place.range()).is_some();
        let Some(file) = file.filter(|_| !is_listed).filter(is_in_text) else {
            self.line(head, severity, &clean(message));
            if is_listed {
                let at = plain::place(self.sources, label.span);
                let _infallible = writeln!(self.out, "  --> {at}");
            }
            return;
        };
        let text = self
            .texts
            .entry(place.file)
            .or_insert_with(|| masked(file.text()).into_owned());
        let excerpt = Excerpt { file, text };
        let length = (place.end - place.start) as usize;
        let drawn = Drawn {
            message: clean(message).into_owned(),
            severity,
            label: LabeledSpan::new_primary_with_span(
                Some(clean(&label.text).into_owned()).filter(|text| !text.is_empty()),
                (
                    place.start as usize,
                    excerpt.underlined(place.start as usize, length),
                ),
            ),
            excerpt,
        };
        let mut rendered = String::new();
        let handler = handler(self.look, head);
        if handler.render_report(&mut rendered, &drawn).is_ok() {
            let trimmed = rendered.trim_start_matches('\n');
            self.out
                .push_str(trimmed.strip_prefix("  ").unwrap_or(trimmed));
        }
    }

    fn painted(&self, text: &str, severity: Severity) -> String {
        let code = match severity {
            Severity::Error => "31",
            Severity::Warning => "33",
            Severity::Info => "36",
        };
        match self.look.color {
            true => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            false => text.to_owned(),
        }
    }

    /// A line with the word before its colon made bold.
    pub(super) fn emphasised(&self, line: &str) -> String {
        match line.split_once(": ") {
            Some((word, rest)) if self.look.color && !word.contains(' ') => {
                format!("\u{1b}[1m{word}:\u{1b}[0m {rest}")
            }
            _ => line.to_owned(),
        }
    }
}

/// A terminal's link: text that leads to a page.
fn linked(text: &str, url: &str) -> String {
    format!("\u{1b}]8;;{}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\", clean(url))
}

fn handler(look: Look, head: &str) -> GraphicalReportHandler {
    let mut theme = match (look.unicode, look.color) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme::unicode_nocolor(),
        (false, true) => GraphicalTheme::ascii(),
        (false, false) => GraphicalTheme::none(),
    };
    theme.characters.error = head.to_owned();
    theme.characters.warning = head.to_owned();
    theme.characters.advice = head.to_owned();
    GraphicalReportHandler::new_themed(theme)
        .with_links(false)
        .with_wrap_lines(false)
        .with_context_lines(1)
}

/// What miette draws.
#[derive(Debug)]
struct Drawn<'r> {
    message: String,
    severity: Severity,
    label: LabeledSpan,
    excerpt: Excerpt<'r>,
}

impl fmt::Display for Drawn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Drawn<'_> {}

impl Diagnostic for Drawn<'_> {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.excerpt)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(std::iter::once(self.label.clone())))
    }
}

/// A file whose text can be shown, cut to what is near a place.
#[derive(Debug)]
struct Excerpt<'r> {
    file: &'r SourceFile,
    text: &'r str,
}

impl Excerpt<'_> {
    /// How much of a place to underline: what stands on its first line, within limits.
    fn underlined(&self, start: usize, length: usize) -> usize {
        let line = self.file.line_of(u32::try_from(start).unwrap_or(u32::MAX));
        let end = self.file.line_range(line).end;
        let length = length.min(end.saturating_sub(start)).min(UNDERLINED);
        self.boundary(start + length) - start
    }

    /// The nearest character boundary at or before an offset.
    fn boundary(&self, offset: usize) -> usize {
        let mut at = offset.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }
}

impl SourceCode for Excerpt<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        context_lines_before: usize,
        _context_lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let start = self.boundary(span.offset());
        let end = self.boundary(span.offset() + span.len());
        let line = self.file.line_of(u32::try_from(start).unwrap_or(u32::MAX));
        let whole = self.file.line_range(line);
        // Without context miette asks for the place itself, for the headline of the box.
        let (from, to) = match context_lines_before {
            0 => (start, end),
            _ if whole.len() <= 2 * WINDOW => (whole.start, whole.end.max(end)),
            _ => (
                whole.start.max(self.boundary(start.saturating_sub(WINDOW))),
                whole.end.max(end).min(self.boundary(end + WINDOW)),
            ),
        };
        let data = self.text.get(from..to).unwrap_or("");
        let (_, column) = self.file.position(u32::try_from(from).unwrap_or(u32::MAX));
        let contents = MietteSpanContents::new_named(
            clean(self.file.name()).into_owned(),
            data.as_bytes(),
            (from, data.len()).into(),
            self.file.first_line() + line,
            column - 1,
            1,
        );
        Ok(Box::new(contents))
    }
}
