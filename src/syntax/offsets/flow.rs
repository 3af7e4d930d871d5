//! Plain and quoted texts: escapes, and lines that are joined by a blank.

use super::escape::{Escape, escape};
use super::{Trace, line_break};

/// How a text is quoted.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Style {
    Plain,
    Single,
    Double,
}

/// Follows the inside of a text, its quotes not included.
pub(super) fn follow(trace: &mut Trace<'_>, inside: &str, style: Style) -> Option<()> {
    let mut rest = inside;
    while !rest.is_empty() {
        let len = verbatim_len(rest, style);
        let (verbatim, special) = rest.split_at_checked(len)?;
        trace.verbatim(verbatim)?;
        rest = match special.chars().next() {
            None => special,
            Some('\'') => {
                let after = special.strip_prefix("''")?;
                trace.step("'", 2)?;
                after
            }
            Some('\\') => follow_escape(trace, special)?,
            Some(_) => fold(trace, special)?,
        };
    }
    Some(())
}

/// How many bytes stand for themselves; blanks at the end of a line do not.
fn verbatim_len(rest: &str, style: Style) -> usize {
    let special = |c| match c {
        '\n' | '\r' => true,
        '\'' => style == Style::Single,
        '\\' => style == Style::Double,
        _ => false,
    };
    let len = rest.find(special).unwrap_or(rest.len());
    let (verbatim, special) = rest.split_at_checked(len).unwrap_or((rest, ""));
    match line_break(special) {
        Some(_) => verbatim.trim_end_matches(BLANKS).len(),
        None => len,
    }
}

fn follow_escape<'t>(trace: &mut Trace<'_>, rest: &'t str) -> Option<&'t str> {
    match escape(rest)? {
        Escape::Char(len, c) => {
            trace.step(c.encode_utf8(&mut [0; 4]), len)?;
            rest.get(len..)
        }
        Escape::LineEnd(len) => {
            let (gap, breaks) = gap(rest.get(len..)?);
            trace.step(&"\n".repeat(breaks), len + gap)?;
            rest.get(len + gap..)
        }
    }
}

/// A line break becomes a blank, and each empty line after it a line break.
fn fold<'t>(trace: &mut Trace<'_>, rest: &'t str) -> Option<&'t str> {
    let (gap, breaks) = gap(rest);
    match breaks {
        0 | 1 => trace.step(" ", gap)?,
        more => trace.step(&"\n".repeat(more - 1), gap)?,
    }
    rest.get(gap..)
}

const BLANKS: [char; 2] = [' ', '\t'];

/// The length of the blanks and line breaks that a text begins with, and the number of the breaks.
fn gap(rest: &str) -> (usize, usize) {
    let (mut len, mut breaks) = (0, 0);
    loop {
        let ahead = rest.get(len..).unwrap_or("");
        if let Some(break_len) = line_break(ahead) {
            len += break_len;
            breaks += 1;
        } else if ahead.starts_with(BLANKS) {
            len += 1;
        } else {
            return (len, breaks);
        }
    }
}
