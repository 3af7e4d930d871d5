//! The lines of a file that a finding is about.

use maud::{Markup, html};

use super::text::{place, shown};
use crate::diagnostics::Label;
use crate::source::{SourceFile, SourceMap, Span};

/// Bytes of a long line that are shown on each side of what is marked.
const WINDOW: usize = 120;
/// Bytes that are marked at the most.
const MARKED: usize = 300;

/// The place of a label with the line before it, and what the label says.
pub(super) fn excerpt(sources: &SourceMap, label: &Label) -> Markup {
    let at = sources.resolve(label.span);
    let file = sources.file(at.file);
    html! {
        figure.excerpt {
            figcaption { code { (place(sources, label.span)) } }
            @if let Some(file) = file {
                ol { (lines(file, at)) }
            }
            @if !label.text.is_empty() {
                p.label { (shown(&label.text)) }
            }
        }
    }
}

fn lines(file: &SourceFile, at: Span) -> Markup {
    let number = file.line_of(at.start);
    let range = file.line_range(number);
    let start = boundary(file, at.start as usize);
    let end = (at.end as usize)
        .min(range.end.max(start))
        .min(start + MARKED);
    let end = boundary(file, end).max(start);
    let from = boundary(file, range.start.max(start.saturating_sub(WINDOW)));
    let to = boundary(file, range.end.max(end).min(end + WINDOW));
    let part = |from: usize, to: usize| code(file.text().get(from..to).unwrap_or(""));
    let before = number.checked_sub(1).map(|above| file.line_range(above));
    let before = before.filter(|above| above.len() <= 2 * WINDOW);
    html! {
        @if let Some(above) = before {
            li { span.number { (number) } code { (part(above.start, above.end)) } }
        }
        li {
            span.number { (number + 1) }
            code {
                @if from > range.start { "…" }
                (part(from, start))
                mark { (part(start, end)) }
                (part(end, to))
                @if to < range.end { "…" }
            }
        }
    }
}

/// The nearest character boundary at or before an offset.
fn boundary(file: &SourceFile, offset: usize) -> usize {
    let text = file.text();
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A part of a line, in which tabs stay tabs.
fn code(text: &str) -> String {
    let parts: Vec<String> = text.split('\t').map(shown).collect();
    parts.join("\t")
}
