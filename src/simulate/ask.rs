//! From one request to its answer.

use std::collections::HashSet;

use super::policies::Shelf;
use crate::document::Text;
use crate::finding::{Answer, MatchedStatement, Nearest, Ruling};
use crate::iam::{
    Arn, Authorization, Caller, Context, Decision, Element, Named, NearMiss, Policies, PolicyType,
    Request, Statement, authorize,
};

/// One request.
#[derive(Debug)]
pub(super) struct Ask<'a> {
    pub(super) caller: Option<&'a Caller>,
    pub(super) action: &'a str,
    pub(super) resource: &'a Text,
    /// The account of the resource, where it is told.
    pub(super) owner: Option<&'a str>,
    pub(super) context: &'a Context,
}

impl Ask<'_> {
    /// The answer of the policies on a shelf.
    pub(super) fn answer(&self, shelf: &Shelf, policies: &Policies<'_>) -> Answer {
        let request = Request {
            caller: self.caller.cloned(),
            named: Named::Account,
            action: Text::from(self.action),
            resource: self.resource.clone(),
            context: self.context,
        };
        let account = self.account();
        let made = authorize(policies, &request, account.as_ref());
        let decision = ruling(made.decision);
        let denied = decision == Ruling::ImplicitDeny;
        let stopping = denied.then(|| made.nearest(policies, &request)).flatten();
        let open = decision == Ruling::Unknown;
        let why = match &stopping {
            Some((of_type, _)) => Some(lacking(*of_type)),
            None if denied => Some("the resource has no policy that allows it".to_owned()),
            None if open => Some(self.open(shelf, policies, &request)),
            None => None,
        };
        Answer {
            action: self.action.to_owned(),
            resource: self.resource.to_string(),
            decision,
            matched: matched(shelf, &made),
            missing: match decision {
                Ruling::ExplicitDeny => Vec::new(),
                _ => policies.missing_keys(&request),
            },
            details: details(&made),
            cross_account: self.crosses(account.as_ref()),
            boundary: allowed_by(&made, PolicyType::Boundary),
            organizations: allowed_by(&made, PolicyType::ServiceControl),
            nearest: stopping.and_then(|(_, miss)| nearest(shelf, &miss?)),
            why,
        }
    }

    fn account(&self) -> Option<Text> {
        let own = || {
            let arn = Arn::parse(self.resource)?;
            let account = arn.account;
            let known = account
                .as_str()
                .is_some_and(|a| a.bytes().all(|b| b.is_ascii_digit()));
            (known && account.as_str() != Some("")).then_some(account)
        };
        own().or_else(|| self.owner.map(Text::from))
    }

    fn crosses(&self, account: Option<&Text>) -> bool {
        match (self.caller, account) {
            (Some(Caller::Aws(identity)), Some(account)) => identity.account != *account,
            _ => false,
        }
    }

    /// What an open decision depends on.
    fn open(&self, shelf: &Shelf, policies: &Policies<'_>, request: &Request<'_>) -> String {
        if let Some((_, what)) = shelf.absent.first() {
            return format!("{what} was not handed over");
        }
        match policies.missing_keys(request).as_slice() {
            [] => "it depends on something that the policies leave open".to_owned(),
            keys => format!(
                "it depends on {} (`--context` states them)",
                keys.join(", ")
            ),
        }
    }
}

pub(super) fn ruling(decision: Decision) -> Ruling {
    match decision {
        Decision::Allowed => Ruling::Allowed,
        Decision::ExplicitDeny => Ruling::ExplicitDeny,
        Decision::ImplicitDeny => Ruling::ImplicitDeny,
        Decision::Unknown => Ruling::Unknown,
    }
}

/// What lacks where nothing of a type allows the request.
fn lacking(of_type: PolicyType) -> String {
    let whose = match of_type {
        PolicyType::Identity => "no policy of the caller allows it",
        PolicyType::Resource => "the resource's policy does not allow it",
        PolicyType::Boundary => "the permissions boundary does not allow it",
        PolicyType::Session => "no session policy allows it",
        PolicyType::ServiceControl => "a level of the service control policies does not allow it",
        PolicyType::ResourceControl => "a level of the resource control policies does not allow it",
        PolicyType::Endpoint => "the policy of the VPC endpoint does not allow it",
    };
    whose.to_owned()
}

/// The simulator's words for policies of a type.
fn kind(of_type: PolicyType) -> &'static str {
    match of_type {
        PolicyType::Identity => "IAM Policy",
        PolicyType::Resource => "Resource Policy",
        PolicyType::Boundary => "IAM Permissions Boundary Policy",
        PolicyType::Session => "Session Policy",
        PolicyType::ServiceControl => "Service Control Policy",
        PolicyType::ResourceControl => "Resource Control Policy",
        PolicyType::Endpoint => "VPC Endpoint Policy",
    }
}

/// The deciding statements, in the order of the policies.
fn matched(shelf: &Shelf, made: &Authorization<'_>) -> Vec<MatchedStatement> {
    let deciding: HashSet<*const Statement> = made
        .deciding
        .iter()
        .map(|(_, statement)| std::ptr::from_ref(*statement))
        .collect();
    let mut found = Vec::new();
    for sourced in &shelf.list {
        let statements = sourced.document.statements.iter();
        let deciding = statements.filter(|s| deciding.contains(&std::ptr::from_ref(*s)));
        found.extend(deciding.map(|statement| MatchedStatement {
            policy: sourced.name.clone(),
            kind: kind(sourced.of_type),
            sid: statement.name().map(str::to_owned),
            span: statement.span,
        }));
    }
    found
}

fn details(made: &Authorization<'_>) -> Vec<(&'static str, Ruling)> {
    let details = made.details.iter();
    details
        .map(|(of_type, decision)| (kind(*of_type), ruling(*decision)))
        .collect()
}

/// Whether all policies of a type allow the request; `None` where there are none.
fn allowed_by(made: &Authorization<'_>, of_type: PolicyType) -> Option<bool> {
    let mut of_type = made
        .details
        .iter()
        .filter(|(known, _)| *known == of_type)
        .peekable();
    of_type.peek()?;
    Some(of_type.all(|(_, decision)| *decision == Decision::Allowed))
}

fn nearest(shelf: &Shelf, miss: &NearMiss<'_>) -> Option<Nearest> {
    let sourced = shelf.holding(miss.statement)?;
    let elements = miss.stopped_by.iter().map(|element| match element {
        Element::Action => "Action".to_owned(),
        Element::Resource => "Resource".to_owned(),
        Element::Principal => "Principal".to_owned(),
        Element::Condition(condition) => format!("Condition on {}", condition.key),
    });
    Some(Nearest {
        statement: MatchedStatement {
            policy: sourced.name.clone(),
            kind: kind(sourced.of_type),
            sid: miss.statement.name().map(str::to_owned),
            span: miss.statement.span,
        },
        elements: elements.collect(),
    })
}
