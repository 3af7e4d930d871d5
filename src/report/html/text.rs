//! Texts of the page. maud escapes what is markup; control characters are shown as escapes.

use maud::{Markup, html};

use crate::report::{clean, plain};
use crate::source::{SourceMap, Span};

/// A text of the input on one line.
pub(super) fn shown(text: &str) -> String {
    clean(text).into_owned()
}

/// A place as `path:line:column`.
pub(super) fn place(sources: &SourceMap, span: Span) -> String {
    plain::place(sources, span)
}

/// A count with its noun.
pub(super) fn counted(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}

/// The address of a page, where a browser may follow it.
pub(super) fn followed(url: &str) -> Option<String> {
    let is_plain = url.starts_with("https://") && !url.contains(|c: char| c.is_whitespace());
    is_plain.then(|| shown(url))
}

/// Lines to copy.
pub(super) fn copyable(lines: &[String]) -> Markup {
    let lines: Vec<String> = lines.iter().map(|line| shown(line)).collect();
    html! {
        div.copyable {
            pre { code { (lines.join("\n")) } }
            button.copy type="button" data-needs-script hidden { "Copy" }
        }
    }
}
