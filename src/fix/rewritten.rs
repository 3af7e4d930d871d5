//! What stood in the place of what a change wrote: findings there are the same as before.

use std::collections::HashSet;

use super::change::Change;
use crate::source::{Edit, SourceMap, Span};

/// Places in which something else was written, each with what stood there.
#[derive(Debug, Default)]
pub(super) struct Rewritten {
    places: Vec<(Span, String)>,
}

/// The place in which a change writes something else.
fn replaced(change: &Change) -> Option<Span> {
    match change {
        Change::Replace(edit) => Some(edit.span),
        _ => None,
    }
}

impl Rewritten {
    /// What edits, in order, write in the place of something else; what they add to it is not looked at.
    pub(super) fn of(before: &SourceMap, changes: &[Change], edits: &[Edit]) -> Self {
        let replaced: HashSet<Span> = changes.iter().filter_map(replaced).collect();
        let mut places = Vec::new();
        let mut shift = (None, 0_i64);
        for edit in edits {
            let span = edit.span;
            if shift.0 != Some(span.file) {
                shift = (Some(span.file), 0);
            }
            let written = i64::try_from(edit.text.len()).unwrap_or(i64::MAX);
            let moved = |at: i64| u32::try_from(at).unwrap_or(u32::MAX);
            let start = i64::from(span.start).saturating_add(shift.1);
            let end = start.saturating_add(written);
            if replaced.contains(&span) {
                let place = Span::new(span.file, moved(start), moved(end));
                places.push((place, before.slice(span).to_owned()));
            }
            let before = i64::from(span.end) - i64::from(span.start);
            shift.1 = shift.1.saturating_add(written).saturating_sub(before);
        }
        Rewritten { places }
    }

    /// The text at a place as it was before.
    pub(super) fn text(&self, sources: &SourceMap, place: Span) -> String {
        // They are in the order of the files and texts.
        let after = |end: bool| {
            let is_before = |span: Span| match end {
                true => (span.file, span.start) <= (place.file, place.end),
                false => (span.file, span.end) < (place.file, place.start),
            };
            self.places.partition_point(|(span, _)| is_before(*span))
        };
        let near = self.places.get(after(false)..after(true)).unwrap_or(&[]);
        if let Some((_, before)) = near.iter().find(|(span, _)| span.contains(place)) {
            return before.clone();
        }
        let mut text = sources.slice(place).to_owned();
        let inside = near.iter().filter(|(span, _)| place.contains(*span));
        // From the end, so that no other place moves.
        for (span, before) in inside.rev() {
            let [start, end] = [span.start, span.end].map(|at| (at - place.start) as usize);
            if text.get(start..end).is_some() {
                text.replace_range(start..end, before);
            }
        }
        text
    }
}
