//! Places as SARIF has them: URIs and regions.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::super::{Report, details::located, folders::Whereabouts};
use crate::source::Span;

/// What relative URIs are relative to.
pub(super) const ROOT: &str = "%SRCROOT%";

/// All but what stands for itself everywhere in a URI, and the separator of paths.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// A place in a text.
pub(super) fn location(report: &Report<'_>, span: Span) -> Value {
    let at = located(report.sources, span);
    json!({ "physicalLocation": {
        "artifactLocation": artifact(report, &at.path),
        "region": region(report, span),
    } })
}

/// A file as a whole.
pub(super) fn file(report: &Report<'_>, name: &str) -> Value {
    json!({ "physicalLocation": { "artifactLocation": artifact(report, name) } })
}

/// The lines and columns of a place.
pub(super) fn region(report: &Report<'_>, span: Span) -> Value {
    let at = located(report.sources, span);
    json!({
        "startLine": at.line,
        "startColumn": at.column,
        "endLine": at.end_line,
        "endColumn": at.end_column,
    })
}

/// The URI of a file: relative in the repository, absolute elsewhere.
pub(super) fn artifact(report: &Report<'_>, name: &str) -> Value {
    let escaped = |path: &str| utf8_percent_encode(path, ESCAPED).to_string();
    match report.folders.whereabouts(name) {
        Whereabouts::Repository(path) => json!({ "uri": escaped(&path), "uriBaseId": ROOT }),
        Whereabouts::Elsewhere(path) if path.starts_with('/') => {
            json!({ "uri": format!("file://{}", escaped(&path)) })
        }
        Whereabouts::Elsewhere(path) => json!({ "uri": escaped(&path) }),
        // GitHub does not take an empty URI.
        Whereabouts::Nowhere(name) if name.is_empty() => json!({ "uri": "." }),
        Whereabouts::Nowhere(name) => json!({ "uri": escaped(&name) }),
    }
}
