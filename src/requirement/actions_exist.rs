//! The actions that a policy names exist.

use super::action_names::{NameVerdict, look_up};
use super::context::{LintContext, LintResult, Match};
use super::expand_actions::{self, is_pattern};
use super::kind::{Kind, Requirement, plain};
use super::rule_metadata::RuleMetadata;
use crate::catalogue::{Naming, Suggestion};
use crate::diagnostics::Severity;

/// The kind.
pub(super) const KIND: Kind = plain(
    "actionsExist",
    "the name of an action",
    "The action exists. For a name with a wildcard, only the service is checked; a name with a variable is not checked. The severity of the rule applies to names that are certainly wrong: a name that AWS may have added after the list was generated is `warning` at most, and an unknown service that does not resemble a known one is `info`.",
    |_, _| Some(Box::new(ActionsExist)),
);

/// The requirement.
#[derive(Debug)]
struct ActionsExist;

impl Requirement for ActionsExist {
    fn check(
        &self,
        cx: LintContext<'_>,
        rule: &RuleMetadata,
        matched: Match<'_, '_>,
        result: &mut LintResult,
    ) {
        let written = matched.node.as_str();
        let Some(written) = written.filter(|text| !text.contains('$')) else {
            return;
        };
        let verdict = match is_pattern(written) {
            true => of_wildcard(cx, written),
            false => of_name(cx, written),
        };
        if let Some(verdict) = verdict {
            verdict.report(rule, matched, "unknown action", result);
        }
    }
}

fn of_name(cx: LintContext<'_>, written: &str) -> Option<NameVerdict> {
    let (prefix, _) = written.split_once(':').unwrap_or((written, ""));
    let (message, meant, severity) = match cx.naming(written) {
        Naming::Fine => return None,
        Naming::ApiCall(actions) => return Some(of_call(written, &actions)),
        Naming::Malformed(meant) => {
            let message = format!("`{written}` is not a valid action; expected `service:Name`");
            (message, meant, Severity::Error)
        }
        Naming::NoSuchService(meant) => {
            let severity = if meant.is_some() {
                Severity::Error
            } else {
                Severity::Info
            };
            (format!("unknown service `{prefix}`"), meant, severity)
        }
        Naming::NoSuchAction(meant) => {
            let certain = meant.as_ref().is_some_and(|meant| meant.certain);
            let severity = if certain {
                Severity::Error
            } else {
                Severity::Warning
            };
            (format!("unknown action `{written}`"), meant, severity)
        }
    };
    let help = match &meant {
        Some(Suggestion {
            action,
            certain: true,
        }) => format!("did you mean `{action}`?"),
        Some(Suggestion { action, .. }) => {
            format!("did you mean `{action}`? If not, {}", look_up(cx))
        }
        None if severity == Severity::Error => {
            "write the service and the action, for example `s3:GetObject`".to_owned()
        }
        None => look_up(cx),
    };
    Some(NameVerdict {
        severity,
        message,
        help,
        meant: meant.map(|meant| meant.action),
    })
}

fn of_call(written: &str, actions: &[String]) -> NameVerdict {
    let quoted: Vec<String> = actions.iter().map(|action| format!("`{action}`")).collect();
    let only = (actions.len() == 1)
        .then(|| actions.first().cloned())
        .flatten();
    NameVerdict {
        severity: Severity::Warning,
        message: format!("`{written}` is the name of an API operation, not of an action"),
        help: format!(
            "use the action that allows the operation: {}",
            quoted.join(" and ")
        ),
        meant: only,
    }
}

/// Of a wildcard only the service can be misspelt.
fn of_wildcard(cx: LintContext<'_>, written: &str) -> Option<NameVerdict> {
    let (prefix, name) = written.split_once(':')?;
    let table = cx.table();
    if prefix.contains(['*', '?']) || table.service(prefix).is_some() {
        return None;
    }
    let meant = cx.catalogue.actions.service_meant(prefix);
    let meant = meant.map(|service| format!("{}:{name}", service.prefix()));
    let stands = |meant: &String| {
        let actions = expand_actions::actions(cx, meant);
        actions.is_some_and(|actions| !actions.is_empty())
    };
    let meant = meant.filter(stands);
    Some(NameVerdict {
        severity: if meant.is_some() {
            Severity::Error
        } else {
            Severity::Info
        },
        message: format!("unknown service `{prefix}`"),
        help: match &meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => look_up(cx),
        },
        meant,
    })
}
