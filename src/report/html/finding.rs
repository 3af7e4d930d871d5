//! One finding in full.

use maud::{Markup, html};

use super::excerpt::excerpt;
use super::text::{copyable, followed, place, shown};
use crate::diagnostics::{Confidence, Finding, Fix, Note, Severity};
use crate::report::{Report, statement};
use crate::source::SourceMap;

/// The finding of that number, with a heading of a level.
pub(super) fn of_finding(report: &Report<'_>, number: usize, level: u8) -> Markup {
    let Some(finding) = report.findings.get(number) else {
        return html! {};
    };
    let head = html! {
        span class={ "badge " (finding.severity) } { (sign(finding.severity)) " " (finding.severity) }
        " " (shown(&finding.message))
    };
    html! {
        article class={ "finding " (finding.severity) } id={ "finding-" (number) } tabindex="-1" {
            @match level {
                3 => h3 { (head) },
                _ => h4 { (head) },
            }
            (origin(finding))
            (excerpt(report.sources, &finding.primary))
            (notes(report.sources, &finding.notes))
            (remedy(report.sources, finding))
        }
    }
}

/// The sign of a severity, so that it is not told by colour alone.
pub(super) fn sign(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "✕",
        Severity::Warning => "!",
        Severity::Info => "i",
    }
}

/// The rule, AWS's page, and what it is about.
fn origin(finding: &Finding) -> Markup {
    let url = finding.url.as_deref();
    html! {
        p.about {
            "Rule "
            @match url.and_then(followed) {
                Some(url) => a href=(url) rel="noreferrer" { code { (shown(&finding.rule)) } },
                None => code { (shown(&finding.rule)) },
            }
            @if finding.confidence == Confidence::Likely {
                " · likely: it depends on something that AWS does not document or the files do not state"
            }
        }
    }
}

fn notes(sources: &SourceMap, notes: &[Note]) -> Markup {
    html! {
        @if !notes.is_empty() {
            dl.facts {
                @for note in notes {
                    dt { (note.word) }
                    dd {
                        (shown(&note.text))
                        @if let Some(span) = note.span {
                            " (" code { (place(sources, span)) } ")"
                        }
                    }
                }
            }
        }
    }
}

/// What to do, and what to write.
fn remedy(sources: &SourceMap, finding: &Finding) -> Markup {
    let patch = finding.patch.iter().flat_map(|patch| &patch.shown);
    let written = patch.filter(|new| !new.lines.is_empty());
    let written: Vec<_> = written.collect();
    let lines = match &finding.patch {
        Some(_) => Vec::new(),
        None => finding.fix.as_ref().map_or_else(Vec::new, statement::lines),
    };
    let words = match &finding.fix {
        Some(Fix::Allow(allow)) => statement::placeholders(allow).join(", "),
        _ => String::new(),
    };
    html! {
        @if let Some(help) = &finding.help {
            p { strong { "Help: " } (shown(help)) }
        }
        @for new in written {
            @let at = sources.locate(new.span);
            p.about { "At " code { (shown(&at.path)) ":" (at.line + usize::from(new.is_below)) } ":" }
            (copyable(&new.lines))
        }
        @if !lines.is_empty() {
            (copyable(&lines))
        }
        @if !words.is_empty() {
            p { "Fill in: " code { (shown(&words)) } }
        }
    }
}
