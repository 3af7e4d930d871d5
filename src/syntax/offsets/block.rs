//! Block texts: a header, and lines whose indentation does not belong to the text.

use super::{Trace, line_break};

/// What becomes of line breaks.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Style {
    /// `|`: they stay.
    Literal,
    /// `>`: they become blanks, but for those around empty and further indented lines.
    Folded,
}

/// One line: its indentation's length, its content, and its break's length.
struct Line<'t> {
    indent: usize,
    content: &'t str,
    line_break: usize,
}

impl Line<'_> {
    fn begins_blank(&self) -> bool {
        self.content.starts_with([' ', '\t'])
    }

    fn is_empty(&self) -> bool {
        self.content.is_empty()
    }
}

/// Follows a block text from its indicator to the end of its last line.
pub(super) fn follow(trace: &mut Trace<'_>, written: &str, style: Style) -> Option<()> {
    let (header, body) = written.split_at_checked(written.find(['\n', '\r'])?)?;
    let first_break = line_break(body)?;
    let body = body.get(first_break..)?;
    trace.step("", header.len() + first_break)?;
    let indent = indentation(body, trace.rest)?;
    let lines: Vec<Line<'_>> = lines(body, indent).collect();
    match style {
        Style::Literal => lines.iter().try_for_each(|line| literal(trace, line))?,
        Style::Folded => folded(trace, &lines)?,
    }
    // The breaks after the last line are not part of what is written.
    let breaks = trace.rest.len() - trace.rest.trim_start_matches('\n').len();
    trace.step(&"\n".repeat(breaks), 0)
}

/// How far the text is indented: what the first line that holds something has more than its
/// decoded form.
fn indentation(body: &str, decoded: &str) -> Option<usize> {
    let spaces = |text: &str| {
        let line = text
            .split(['\n', '\r'])
            .find(|line| line.contains(|c| c != ' '))?;
        Some(line.len() - line.trim_start_matches(' ').len())
    };
    spaces(body)?.checked_sub(spaces(decoded)?)
}

fn lines(body: &str, indent: usize) -> impl Iterator<Item = Line<'_>> {
    let mut rest = body;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let (line, after) = rest.split_at_checked(end)?;
        let line_break = line_break(after).unwrap_or(0);
        rest = after.get(line_break..)?;
        let spaces = line.len() - line.trim_start_matches(' ').len();
        let indent = spaces.min(indent);
        Some(Line {
            indent,
            content: line.get(indent..)?,
            line_break,
        })
    })
}

fn literal(trace: &mut Trace<'_>, line: &Line<'_>) -> Option<()> {
    trace.step("", line.indent)?;
    trace.verbatim(line.content)?;
    let decoded = if line.line_break > 0 { "\n" } else { "" };
    trace.step(decoded, line.line_break)
}

fn folded(trace: &mut Trace<'_>, lines: &[Line<'_>]) -> Option<()> {
    // Bytes and line breaks since the last line that holds something.
    let (mut gap, mut breaks) = (0_usize, 0_usize);
    let mut last: Option<&Line<'_>> = None;
    for line in lines {
        gap += line.indent;
        if !line.is_empty() {
            let joined = last.is_some_and(|last| !last.begins_blank()) && !line.begins_blank();
            match (joined, breaks) {
                (true, 1) => trace.step(" ", gap)?,
                (true, more) => trace.step(&"\n".repeat(more.saturating_sub(1)), gap)?,
                (false, breaks) => trace.step(&"\n".repeat(breaks), gap)?,
            }
            trace.verbatim(line.content)?;
            (gap, breaks) = (0, 0);
            last = Some(line);
        }
        gap += line.line_break;
        breaks += usize::from(line.line_break > 0);
    }
    Some(())
}
