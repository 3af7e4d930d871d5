//! The lines between a function and what it is connected with.

use maud::{Markup, html};

use crate::diagnostics::{Edge, EdgeStatus};

/// Width of a column of lines; 16 are one `rem` of the style.
const WIDTH: usize = 80;
/// Height of one row, which is that of `.edge`.
const ROW: usize = 76;
/// Where the sign of a line stands.
const SIGN: usize = 30;

/// Lines from rows to the middle, or from the middle to rows.
pub(super) fn connectors(edges: &[&Edge], is_incoming: bool) -> Markup {
    let height = ROW * edges.len().max(1);
    html! {
        svg.connectors viewBox={ "0 0 " (WIDTH) " " (height) } aria-hidden="true" focusable="false" {
            @for (row, edge) in edges.iter().enumerate() {
                (line(edge, row, height / 2, is_incoming))
            }
            @if is_incoming && !edges.is_empty() {
                (tip(height / 2))
            }
        }
    }
}

fn line(edge: &Edge, row: usize, middle: usize, is_incoming: bool) -> Markup {
    let outer = row * ROW + ROW / 2;
    let half = WIDTH / 2;
    let path = match is_incoming {
        true => format!(
            "M0 {outer} C{half} {outer} {half} {middle} {} {middle}",
            WIDTH - 8
        ),
        false => format!(
            "M0 {middle} C{half} {middle} {half} {outer} {} {outer}",
            WIDTH - 8
        ),
    };
    let sign = if is_incoming { SIGN - 12 } else { WIDTH - SIGN };
    let drawn = html! {
        path.wire d=(path) {}
        @if let Some(text) = sign_of(edge.status) {
            circle.sign cx=(sign) cy=(outer) r="10" {}
            text x=(sign) y=(outer + 5) { (text) }
        }
        @if !is_incoming {
            (tip(outer))
        }
    };
    html! {
        g class=(edge.status.as_str()) {
            @match edge.findings.first() {
                Some(finding) => a href={ "#finding-" (finding) } tabindex="-1" { (drawn) },
                None => (drawn),
            }
        }
    }
}

/// The tip of an arrow.
fn tip(y: usize) -> Markup {
    let (back, front) = (WIDTH - 9, WIDTH - 1);
    html! {
        polygon.tip points={ (back) "," (y.saturating_sub(5)) " " (front) "," (y) " " (back) "," (y + 5) } {}
    }
}

/// What stands on a line that is not fine.
fn sign_of(status: EdgeStatus) -> Option<&'static str> {
    match status {
        EdgeStatus::Broken => Some("✕"),
        EdgeStatus::Unknown => Some("?"),
        EdgeStatus::AtRisk => Some("!"),
        EdgeStatus::Denied => Some("⊘"),
        EdgeStatus::NotReported | EdgeStatus::Granted | EdgeStatus::Unchecked => None,
    }
}
