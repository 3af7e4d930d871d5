//! Which part of a document a comment is about.

use crate::source::{SourceFile, Span};
use crate::syntax::{Kind, Node};

/// What a comment on a line of its own is about: what begins on the next line that holds something, with all
/// that is in it.
pub(super) fn below(file: &SourceFile, roots: &[&Node], comment: Span) -> Vec<Span> {
    let comment_line = file.line_of(comment.start);
    let holds_something = |line: &usize| {
        let text = file.text().get(file.line_range(*line)).unwrap_or("");
        let text = text.trim_start();
        !text.is_empty() && !text.starts_with('#') && !text.starts_with("//")
    };
    let Some(line) = (comment_line + 1..file.line_count()).find(holds_something) else {
        return Vec::new();
    };
    let mut found = vec![line_span(file, comment, line)];
    for root in roots {
        begun(file, root, line, &mut found);
    }
    found
}

/// What a comment at the end of a line is about: what begins on the line, with the block that its key opens.
pub(super) fn beside(file: &SourceFile, roots: &[&Node], comment: Span) -> Vec<Span> {
    let line = file.line_of(comment.start);
    let mut found = vec![line_span(file, comment, line)];
    for root in roots {
        opened(file, root, line, &mut found);
    }
    found
}

fn line_span(file: &SourceFile, comment: Span, line: usize) -> Span {
    let range = file.line_range(line);
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(comment.file, offset(range.start), offset(range.end))
}

/// A member or an item.
struct Part<'n> {
    /// With its key.
    span: Span,
    value: &'n Node,
}

/// The members and items that are written in a value: those that an alias or a merge brings stand elsewhere.
fn parts(node: &Node) -> impl Iterator<Item = Part<'_>> {
    let members = node.members().iter().map(|member| {
        let (key, value) = (member.key.span, &member.value);
        let end = match value.span.file == key.file {
            true => key.end.max(value.span.end),
            false => key.end,
        };
        let span = Span::new(key.file, key.start, end);
        Part { span, value }
    });
    let items = node.items().iter().map(|value| Part {
        span: value.span,
        value,
    });
    let all = members.chain(items);
    all.filter(|part| node.span.contains(part.span))
}

/// The outermost members and items that begin on a line.
fn begun(file: &SourceFile, node: &Node, line: usize, found: &mut Vec<Span>) {
    for part in parts(node) {
        let (first, last) = (file.line_of(part.span.start), file.line_of(part.span.end));
        if first == line {
            found.push(part.span);
        } else if first < line && line <= last {
            begun(file, part.value, line, found);
        }
    }
}

/// The blocks whose keys are on a line.
fn opened(file: &SourceFile, node: &Node, line: usize, found: &mut Vec<Span>) {
    for part in parts(node) {
        let (first, last) = (file.line_of(part.span.start), file.line_of(part.span.end));
        if !(first..=last).contains(&line) {
            continue;
        }
        let value = part.value;
        let is_nested = matches!(value.kind, Kind::Array(_) | Kind::Object(_));
        let is_opened = match is_nested {
            true => first == line && file.line_of(value.span.start) > line,
            false => file.line_of(value.span.start) == line,
        };
        match is_opened {
            true => found.push(value.span),
            false => opened(file, value, line, found),
        }
    }
}
