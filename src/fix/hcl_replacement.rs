//! Another text in the place of one that is written out in configuration.

use super::change::Change;
use crate::source::{Edit, SourceMap, Span};

/// Another text in the place of one that is written out; nothing where that can mean more than it says.
pub(super) fn replacement(sources: &SourceMap, span: Span, text: &str) -> Option<Change> {
    let span = sources.resolve(span);
    let written = sources.slice(span);
    let is_plain = |text: &str| {
        !text.contains(['"', '\\', '\n', '\r']) && !text.contains("${") && !text.contains("%{")
    };
    let inside = written
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    if !is_plain(text) || !is_plain(inside.unwrap_or(written)) {
        return None;
    }
    let text = match inside {
        Some(_) => format!("\"{text}\""),
        None => text.to_owned(),
    };
    Some(Change::Replace(Edit { span, text }))
}
