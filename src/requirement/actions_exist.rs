//! The actions that a policy names exist.

use super::action_names::{NameVerdict, look_up};
use super::context::{LintContext, LintResult, Match};
use super::expand_actions::{self, is_pattern};
use super::granted_beside::is_granted_beside;
use super::kind::{Kind, Requirement, plain};
use super::resources_fit::resource_to_name;
use super::rule_metadata::RuleMetadata;
use crate::catalogue::{Naming, Suggestion};
use crate::diagnostics::Severity;
use crate::iam::malformed_action;
use crate::syntax::Node;

/// The kind.
pub(super) const KIND: Kind = plain(
    "actionsExist",
    "the name of an action",
    "The action exists. For a name with a wildcard, only the service is checked; a name with a variable is not checked. The severity of the rule applies to names that are certainly wrong: a name that AWS might have added after the list was generated is `warning` at most, and an unknown service that does not resemble a known one is `info`. IAM accepts names that do not exist: if the intended action is granted as well, the severity is `warning`, or `info` if the name is that of an API operation.",
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
        let entry = matched.node;
        let Some(written) = entry.as_str().filter(|text| !text.contains('$')) else {
            return;
        };
        let malformed = entry.as_text().and_then(malformed_action);
        let verdict = match malformed {
            Some(message) => Some(malformed_name(cx, written, message)),
            None if is_pattern(written) => of_wildcard(cx, entry, written),
            None => of_name(cx, entry, written),
        };
        if let Some(verdict) = verdict {
            verdict.report(rule, matched, "unknown action", result);
        }
    }
}

fn of_name(cx: LintContext<'_>, entry: &Node, written: &str) -> Option<NameVerdict> {
    let (prefix, _) = written.split_once(':').unwrap_or((written, ""));
    let unknown_action = || format!("unknown action `{written}`");
    let (message, meant) = match cx.naming(written) {
        Naming::Fine => return None,
        Naming::ApiCall(actions) => return Some(of_call(cx, entry, written, &actions)),
        Naming::Malformed(_) => return None,
        Naming::NoSuchService(None) => return Some(of_no_service(cx, prefix)),
        Naming::NoSuchService(Some(meant)) => (format!("unknown service `{prefix}`"), meant),
        Naming::NoSuchAction(Some(meant)) if meant.certain => (unknown_action(), meant),
        Naming::NoSuchAction(meant) => {
            return Some(perhaps_new(cx, entry, unknown_action(), meant));
        }
    };
    Some(without_effect(cx, entry, message, meant))
}

/// IAM rejects what is not of the form of an action.
fn malformed_name(cx: LintContext<'_>, written: &str, message: String) -> NameVerdict {
    let action = match cx.naming(written) {
        Naming::Malformed(meant) | Naming::NoSuchAction(meant) => meant.map(|meant| meant.action),
        _ => None,
    };
    let action = action.filter(|_| !is_pattern(written));
    NameVerdict {
        severity: Severity::Error,
        message,
        help: match &action {
            Some(action) => format!("did you mean `{action}`?"),
            None => "write the service and the action, for example `s3:GetObject`".to_owned(),
        },
        meant: action,
    }
}

/// A name that may be newer than the list.
fn perhaps_new(
    cx: LintContext<'_>,
    entry: &Node,
    message: String,
    meant: Option<Suggestion>,
) -> NameVerdict {
    let meant = meant.map(|meant| {
        let is_granted = is_granted_beside(cx, entry, std::slice::from_ref(&meant.action));
        (meant, is_granted)
    });
    NameVerdict {
        severity: Severity::Warning,
        message,
        help: match &meant {
            Some((meant, true)) => format!("{}. If it was not, {}", remove(meant), look_up(cx)),
            Some((meant, false)) => {
                format!("{} If not, {}", did_you_mean(cx, entry, meant), look_up(cx))
            }
            None => look_up(cx),
        },
        meant: meant.and_then(|(meant, is_granted)| replacement(meant, is_granted)),
    }
}

/// The question for the action that was probably meant, with the resource that it works on.
fn did_you_mean(cx: LintContext<'_>, entry: &Node, meant: &Suggestion) -> String {
    let place = where_it_works(cx, entry, std::slice::from_ref(&meant.action));
    match place {
        Some(place) => format!("did you mean `{}`? If so, {place}.", meant.action),
        None => format!("did you mean `{}`?", meant.action),
    }
}

/// Which resource the statement of an entry must name as well for an action to have an effect.
fn where_it_works(cx: LintContext<'_>, entry: &Node, actions: &[String]) -> Option<String> {
    let around = cx.surroundings();
    let (_, statement) = around.statement_at(entry.span)?;
    let mut each = actions.iter();
    let (action, resource) =
        each.find_map(|action| Some((action, resource_to_name(cx, statement, action)?)))?;
    let subject = match actions {
        [_] => "it".to_owned(),
        _ => format!("`{action}`"),
    };
    Some(format!(
        "{subject} applies to {resource}, which is not in this statement"
    ))
}

/// The advice for a name beside which stands what was meant.
fn remove(meant: &Suggestion) -> String {
    format!(
        "remove it: `{}`, which was probably intended, is already covered",
        meant.action
    )
}

/// What can be written in place of the name.
fn replacement(meant: Suggestion, is_granted: bool) -> Option<String> {
    (meant.replaces && !is_granted).then_some(meant.action)
}

/// IAM accepts a name that does not exist. It is harmless where the action that was meant is covered
/// beside it.
fn without_effect(
    cx: LintContext<'_>,
    entry: &Node,
    message: String,
    meant: Suggestion,
) -> NameVerdict {
    let is_granted = is_granted_beside(cx, entry, std::slice::from_ref(&meant.action));
    NameVerdict {
        severity: match is_granted {
            true => Severity::Warning,
            false => Severity::Error,
        },
        message,
        help: match is_granted {
            true => remove(&meant),
            false => did_you_mean(cx, entry, &meant),
        },
        meant: replacement(meant, is_granted),
    }
}

/// A prefix that no service has, where it is not known which action was meant. It may be newer than the
/// list, unless it is another name of a service.
fn of_no_service(cx: LintContext<'_>, prefix: &str) -> NameVerdict {
    let known_as = cx.catalogue.actions.prefix_of_alias(prefix);
    NameVerdict {
        severity: known_as.map_or(Severity::Info, |_| Severity::Warning),
        message: format!("unknown service `{prefix}`"),
        help: match known_as {
            Some(own) => format!("the actions of this service begin with `{own}:`"),
            None => look_up(cx),
        },
        meant: None,
    }
}

/// The name of an API operation. People list it together with the action that allows the operation; then
/// it is only of no use.
fn of_call(cx: LintContext<'_>, entry: &Node, written: &str, actions: &[String]) -> NameVerdict {
    let quoted: Vec<String> = actions.iter().map(|action| format!("`{action}`")).collect();
    let quoted = quoted.join(" and ");
    let only = (actions.len() == 1)
        .then(|| actions.first().cloned())
        .flatten();
    let is_granted = is_granted_beside(cx, entry, actions);
    NameVerdict {
        severity: match is_granted {
            true => Severity::Info,
            false => Severity::Warning,
        },
        message: format!("`{written}` is the name of an API operation, not of an action"),
        help: match (is_granted, &only) {
            (false, _) => {
                let place = where_it_works(cx, entry, actions);
                let place = place.map_or(String::new(), |place| format!("; {place}"));
                format!("use the action that allows the operation: {quoted}{place}")
            }
            (true, Some(_)) => {
                format!("remove it: {quoted}, which allows the operation, is already covered")
            }
            (true, None) => {
                format!("remove it: {quoted}, which allow the operation, are already covered")
            }
        },
        // That of another service may not be what was meant.
        meant: only.filter(|action| !is_granted && service_of(action) == service_of(written)),
    }
}

/// The service of an action.
fn service_of(action: &str) -> Option<String> {
    let (service, _) = action.split_once(':')?;
    Some(service.to_ascii_lowercase())
}

/// Of a wildcard only the service can be misspelt.
fn of_wildcard(cx: LintContext<'_>, entry: &Node, written: &str) -> Option<NameVerdict> {
    let (prefix, name) = written.split_once(':')?;
    let table = cx.table();
    if prefix.contains(['*', '?']) || table.service(prefix).is_some() {
        return None;
    }
    let meant = cx.catalogue.actions.service_meant(prefix);
    let meant = meant.map(|service| Suggestion {
        action: format!("{}:{name}", service.prefix()),
        certain: true,
        replaces: true,
    });
    let stands = |meant: &Suggestion| {
        let actions = expand_actions::actions(cx, &meant.action);
        actions.is_some_and(|actions| !actions.is_empty())
    };
    let message = format!("unknown service `{prefix}`");
    Some(match meant.filter(stands) {
        Some(meant) => without_effect(cx, entry, message, meant),
        None => of_no_service(cx, prefix),
    })
}
