//! What stands under a finding, in the pieces that each format puts together in its way.

use super::statement;
use crate::diagnostics::{Finding, Fix, Note, Shown};
use crate::source::{Location, SourceMap, Span};

/// A place as programs take it. An archive has no lines: only its name is known.
pub(super) fn located(sources: &SourceMap, span: Span) -> Location {
    let at = sources.locate(span);
    match sources.listed(span) {
        Some(_) => Location {
            path: at.path,
            ..Location::default()
        },
        None => at,
    }
}

/// Lines to write, with the place where they go if that is known.
#[derive(Debug)]
pub(super) struct Code {
    /// The file and the line.
    pub(super) at: Option<(String, usize)>,
    /// The lines, as they are in files: not cleaned.
    pub(super) lines: Vec<String>,
}

/// A line of text with the word before it, and the place that it speaks of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said<'f> {
    pub(super) word: &'f str,
    pub(super) text: &'f str,
    pub(super) span: Option<Span>,
}

/// The lines that explain a finding and say what to do.
pub(super) fn said(finding: &Finding) -> impl Iterator<Item = Said<'_>> {
    let notes = finding.notes.iter().map(|note: &Note| Said {
        word: note.word,
        text: &note.text,
        span: note.span,
    });
    let help = finding.help.iter().map(|help| Said {
        word: "help",
        text: help,
        span: None,
    });
    notes.chain(help)
}

/// What to write, ready to paste.
pub(super) fn code(sources: &SourceMap, finding: &Finding) -> Vec<Code> {
    match &finding.patch {
        Some(patch) => {
            let shown = patch.shown.iter().filter(|shown| !shown.lines.is_empty());
            shown.map(|shown| placed(sources, shown)).collect()
        }
        None => {
            let lines: Vec<String> = finding.fix.iter().flat_map(statement::lines).collect();
            let code = (!lines.is_empty()).then_some(Code { at: None, lines });
            code.into_iter().collect()
        }
    }
}

fn placed(sources: &SourceMap, shown: &Shown) -> Code {
    let at = located(sources, shown.span);
    let line = at.line + usize::from(shown.is_below);
    Code {
        at: Some((at.path.to_string(), line)),
        lines: shown.lines.clone(),
    }
}

/// The placeholders that the reader fills in; nothing where there are none.
pub(super) fn to_fill_in(finding: &Finding) -> Option<String> {
    let Some(Fix::Allow(allow)) = &finding.fix else {
        return None;
    };
    let words = statement::placeholders(allow);
    (!words.is_empty()).then(|| words.join(", "))
}
