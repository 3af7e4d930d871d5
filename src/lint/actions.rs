//! Whether the actions that a policy names exist.

use super::expand_actions::{self, is_pattern};
use super::judge::{Known, LintResult, Match};
use crate::catalogue::{Naming, Suggestion};
use crate::diagnostics::{Confidence, Finding, Fix, Label, Severity, Subject};
use crate::rules::Rule;

/// What there is to say of a name.
struct Verdict {
    severity: Severity,
    message: String,
    help: String,
    meant: Option<String>,
}

/// An action exists.
pub(super) fn exist(
    known: Known<'_>,
    rule: &Rule,
    matched: Match<'_, '_>,
    result: &mut LintResult,
) {
    let Some(written) = matched.node.as_str().filter(|text| !text.contains('$')) else {
        return;
    };
    let verdict = match is_pattern(written) {
        true => of_wildcard(known, written),
        false => of_name(known, written),
    };
    if let Some(verdict) = verdict {
        result
            .findings
            .push(finding(rule, matched, verdict, "no action has this name"));
    }
}

/// A wildcard stands for some action.
pub(super) fn wildcard_matches(
    known: Known<'_>,
    rule: &Rule,
    matched: Match<'_, '_>,
    result: &mut LintResult,
) {
    let Some(written) = matched.node.as_str().filter(|text| is_pattern(text)) else {
        return;
    };
    if expand_actions::actions(known, written).is_none_or(|actions| !actions.is_empty()) {
        return;
    }
    let (prefix, _) = written.split_once(':').unwrap_or((written, ""));
    let verdict = Verdict {
        severity: rule.severity,
        message: format!("{prefix} has no action like `{written}`"),
        help: look_up(known),
        meant: None,
    };
    result
        .findings
        .push(finding(rule, matched, verdict, "this stands for no action"));
}

fn of_name(known: Known<'_>, written: &str) -> Option<Verdict> {
    let (prefix, _) = written.split_once(':').unwrap_or((written, ""));
    let (message, meant, severity) = match known.naming(written) {
        Naming::Fine => return None,
        Naming::ApiCall(actions) => return Some(of_call(written, &actions)),
        Naming::Malformed(meant) => {
            let message = format!("`{written}` is no action: write service:Name");
            (message, meant, Severity::Error)
        }
        Naming::NoSuchService(meant) => {
            let severity = if meant.is_some() {
                Severity::Error
            } else {
                Severity::Info
            };
            (format!("there is no service `{prefix}`"), meant, severity)
        }
        Naming::NoSuchAction(meant) => {
            let certain = meant.as_ref().is_some_and(|meant| meant.certain);
            let severity = if certain {
                Severity::Error
            } else {
                Severity::Warning
            };
            (
                format!("{prefix} has no action `{written}`"),
                meant,
                severity,
            )
        }
    };
    let help = match &meant {
        Some(Suggestion {
            action,
            certain: true,
        }) => format!("did you mean `{action}`?"),
        Some(Suggestion { action, .. }) => {
            format!("did you mean `{action}`? If not, {}", look_up(known))
        }
        None if severity == Severity::Error => {
            "write the service and the action, as in `s3:GetObject`".to_owned()
        }
        None => look_up(known),
    };
    Some(Verdict {
        severity,
        message,
        help,
        meant: meant.map(|meant| meant.action),
    })
}

fn of_call(written: &str, actions: &[String]) -> Verdict {
    let quoted: Vec<String> = actions.iter().map(|action| format!("`{action}`")).collect();
    let only = (actions.len() == 1)
        .then(|| actions.first().cloned())
        .flatten();
    Verdict {
        severity: Severity::Warning,
        message: format!("`{written}` is the name of an API call, not of an action"),
        help: format!("what allows the call is {}", quoted.join(" and ")),
        meant: only,
    }
}

/// Of a wildcard only the service can be misspelt.
fn of_wildcard(known: Known<'_>, written: &str) -> Option<Verdict> {
    let (prefix, name) = written.split_once(':')?;
    let table = known.table();
    if prefix.contains(['*', '?']) || table.service(prefix).is_some() {
        return None;
    }
    let meant = known.catalogue.actions.service_meant(prefix);
    let meant = meant.map(|service| format!("{}:{name}", service.prefix()));
    let stands = |meant: &String| {
        let actions = expand_actions::actions(known, meant);
        actions.is_some_and(|actions| !actions.is_empty())
    };
    let meant = meant.filter(stands);
    Some(Verdict {
        severity: if meant.is_some() {
            Severity::Error
        } else {
            Severity::Info
        },
        message: format!("there is no service `{prefix}`"),
        help: match &meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => look_up(known),
        },
        meant,
    })
}

fn look_up(known: Known<'_>) -> String {
    let date = known.table().date();
    format!(
        "look it up: it is right if AWS made it after the list of actions was gathered ({date})"
    )
}

fn finding(rule: &Rule, matched: Match<'_, '_>, verdict: Verdict, label: &str) -> Finding {
    let certain = verdict.severity == Severity::Error;
    Finding {
        rule: rule.id.clone(),
        severity: rule.severity.min(verdict.severity),
        confidence: if certain {
            Confidence::Certain
        } else {
            Confidence::Likely
        },
        message: verdict.message,
        primary: Label {
            span: matched.node.span,
            text: label.to_owned(),
        },
        notes: Vec::new(),
        help: Some(verdict.help),
        url: rule.references.first().cloned(),
        subject: Subject {
            function: matched.function(),
            actions: matched
                .node
                .as_str()
                .map(str::to_owned)
                .into_iter()
                .collect(),
            ..Subject::default()
        },
        fix: verdict.meant.map(|text| Fix::Replace {
            span: matched.node.span,
            text,
        }),
        pointer: String::new(),
    }
}
