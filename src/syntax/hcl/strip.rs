//! What the marks `~` of interpolations and directives strip of the texts beside them.

use std::sync::Arc;

use hcl_edit::template::Strip;

use super::Part;
use crate::source::Span;

/// Whether the white space before and after something is stripped.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Edges {
    before: bool,
    after: bool,
}

impl Edges {
    /// The marks of one interpolation.
    pub(super) fn of(strip: Strip) -> Self {
        Edges {
            before: strip.strip_start(),
            after: strip.strip_end(),
        }
    }

    /// The marks on the outside of a directive that has a first and a last tag.
    pub(super) fn around(first: Strip, last: Strip) -> Self {
        Edges {
            before: first.strip_start(),
            after: last.strip_end(),
        }
    }

    /// What two tags strip of what is between them: its start and its end.
    pub(super) fn between(first: Strip, last: Strip) -> Self {
        Edges {
            before: first.strip_end(),
            after: last.strip_start(),
        }
    }
}

/// Parts without what their neighbours strip; `outer` says it of both ends.
pub(super) fn stripped(parts: Vec<(Part, Edges)>, outer: Edges) -> Vec<Part> {
    let edges: Vec<Edges> = parts.iter().map(|(_, edges)| *edges).collect();
    let count = edges.len();
    let parts = parts.into_iter().enumerate();
    let parts = parts.map(|(index, (part, _))| match part {
        Part::Known(text, span) => {
            let before = index.checked_sub(1).and_then(|index| edges.get(index));
            let start = before.map_or(outer.before, |edges| edges.after);
            let end = match edges.get(index + 1) {
                Some(edges) => edges.before,
                None => index + 1 == count && outer.after,
            };
            cut(&text, span, start, end)
        }
        other => other,
    });
    parts.collect()
}

fn cut(text: &Arc<str>, span: Span, start: bool, end: bool) -> Part {
    let is_verbatim = (span.end - span.start) as usize == text.len();
    let mut kept: &str = text;
    if start {
        kept = kept.trim_start();
    }
    let from = text.len() - kept.len();
    if end {
        kept = kept.trim_end();
    }
    let at = |offset: usize| span.start + u32::try_from(offset).unwrap_or(0);
    let place = match is_verbatim {
        true => Span::new(span.file, at(from), at(from + kept.len())),
        false => span,
    };
    Part::Known(kept.into(), place)
}
