//! How a statement that lets a service in as a whole can be limited to the user's own sources.

use super::context::{LintContext, Match, Subject};
use super::invocation::Invocation;
use super::verdict::to_write;
use crate::catalogue::{PushSource, ServiceCaller, SourceAccount};
use crate::diagnostics::{
    Allow, ConditionTest, Narrowing, NewPermission, NewStatement, PolicyKind,
};
use crate::iam::{Context, ElementPatterns, PrincipalEntry, Statement, Truth};
use crate::model::FunctionName;
use crate::syntax::{Hole, Names, Piece, Text};

/// By what a statement for a service can be limited.
pub(super) enum SourceLimit {
    /// By nothing that AWS documents; the reason, where it is not known whether by something else.
    None(Option<String>),
    /// By conditions.
    By(Box<Advice>),
    /// By what the service sends, of which the catalogue knows nothing.
    Unknown,
}

/// What to do, and what to write.
pub(super) struct Advice {
    pub(super) help: String,
    pub(super) fix: Option<Allow>,
    pub(super) url: Option<String>,
}

/// The condition keys of a source's ARN and account.
const SOURCE_ARN: &str = "aws:SourceArn";
const SOURCE_ACCOUNT: &str = "aws:SourceAccount";

/// A statement that names a service.
struct OpenStatement<'c, 'n, 's> {
    cx: LintContext<'c>,
    matched: Match<'n, 's>,
    statement: &'s Statement,
    service: &'s PrincipalEntry,
    names: Names,
}

/// Conditions, with what to say of them.
struct Limit {
    conditions: Vec<ConditionTest>,
    help: String,
    /// Whether these are the very sources of the input.
    is_certain: bool,
}

impl Limit {
    /// A limit to a source that the input does not contain.
    fn likely(conditions: Vec<ConditionTest>, what: &str) -> Self {
        Limit {
            conditions,
            help: format!("limit it to your {what}:"),
            is_certain: false,
        }
    }
}

/// By what a statement can be limited that names a service.
pub(super) fn of<'s>(
    cx: LintContext<'_>,
    matched: Match<'_, 's>,
    statement: &'s Statement,
    service: &'s PrincipalEntry,
) -> SourceLimit {
    let names = matched.subject.map(|subject| subject.function.names());
    let open = OpenStatement {
        cx,
        matched,
        statement,
        service,
        names: names.unwrap_or_default(),
    };
    let sources = open.sources();
    if let [first, ..] = sources.as_slice() {
        let limit = open.limit(&sources);
        let url = first.needs.references.first().cloned();
        return match limit {
            Some(limit) => SourceLimit::By(Box::new(open.advice(limit, url))),
            None => SourceLimit::None(Some(format!(
                "AWS does not document a condition that limits a permission for `{}`",
                service.name
            ))),
        };
    }
    let mut callers = cx.catalogue.principals.callers.iter();
    let is_it = |caller: &&ServiceCaller| {
        let principals = &cx.catalogue.principals;
        principals.is_of(&service.name, &caller.principal)
    };
    match callers.find(is_it) {
        Some(caller) if caller.conditions.is_empty() => SourceLimit::None(None),
        Some(caller) => {
            let limit = open.of_caller(caller);
            let url = caller.references.first().cloned();
            SourceLimit::By(Box::new(open.advice(limit, url)))
        }
        None => SourceLimit::Unknown,
    }
}

impl<'c> OpenStatement<'c, '_, '_> {
    /// The kinds of sources that call as the service.
    fn sources(&self) -> Vec<&'c PushSource> {
        let principals = &self.cx.catalogue.principals;
        let is_of = |source: &&PushSource| {
            source.principals.iter().any(|form| {
                let principal = form.fill(&self.names).filled().with_holes_as("*");
                principals.is_of(&self.service.name, &principal)
            })
        };
        self.cx.catalogue.push.iter().filter(is_of).collect()
    }

    /// The calls of the service that the statement lets through.
    fn calls(&self, sources: &[&PushSource]) -> Vec<Invocation<'c, '_>> {
        let Some(subject) = self.matched.subject else {
            return Vec::new();
        };
        let context = Context::default();
        let resources = self.statement.resources.as_ref();
        let is_let_in = |call: &Invocation<'_, '_>| {
            let arn = call.arn_in_policy();
            let is_of_service = sources.iter().any(|source| source.id == call.source.id);
            let is_covered = resources.is_none_or(|all| all.covers(&arn, &context) != Truth::No);
            is_of_service && call.trigger.role_arn().is_none() && is_covered
        };
        let triggers = subject.function.triggers();
        let calls = triggers.filter_map(|trigger| Invocation::of(self.cx, trigger.node, subject));
        calls.filter(is_let_in).collect()
    }

    /// What the statement can be limited to; nothing where AWS documents nothing.
    fn limit(&self, sources: &[&PushSource]) -> Option<Limit> {
        let calls = self.calls(sources);
        let (first, rest) = match calls.split_first() {
            Some(calls) => calls,
            None => return self.likely(sources),
        };
        let certain = |conditions: Vec<ConditionTest>, help: String| Limit {
            conditions,
            help,
            is_certain: true,
        };
        if rest.is_empty() {
            let conditions = first.source_conditions();
            let has_arn = conditions.iter().any(|test| test.key == SOURCE_ARN);
            let help = match has_arn {
                true => format!("limit it to {}:", first.who()),
                false => format!("limit it to the account of {}:", first.who()),
            };
            return (!conditions.is_empty()).then(|| certain(conditions, help));
        }
        Some(match of_all(&calls) {
            Some(conditions) => {
                let help = "limit it to what the sources in the input have in common:";
                certain(conditions, help.to_owned())
            }
            None => {
                let who: Vec<String> = calls.iter().map(Invocation::who).collect();
                let help = format!(
                    "allow each source in a statement of its own that requires its ARN ({SOURCE_ARN}): {}",
                    who.join(", ")
                );
                Limit {
                    conditions: Vec::new(),
                    help,
                    is_certain: false,
                }
            }
        })
    }

    /// The form of a limit where the input does not contain the source; nothing where AWS documents nothing.
    fn likely(&self, sources: &[&PushSource]) -> Option<Limit> {
        let is_sent = |source: &&PushSource| source.source_account == SourceAccount::Sent;
        let account = sources.iter().all(is_sent).then(|| self.own_account());
        let [source] = sources else {
            return self.likely_of_all(sources, account);
        };
        let arn = self.likely_arn(source);
        let arn = arn.map(|arn| ConditionTest::arn_like(SOURCE_ARN, to_write(&arn, false)));
        let conditions: Vec<ConditionTest> = arn.into_iter().chain(account).collect();
        (!conditions.is_empty()).then(|| Limit::likely(conditions, &source.name))
    }

    /// The same for a service with several kinds of sources: by the account, or else by what their ARNs have in
    /// common.
    fn likely_of_all(
        &self,
        sources: &[&PushSource],
        account: Option<ConditionTest>,
    ) -> Option<Limit> {
        if let Some(account) = account {
            return Some(Limit::likely(vec![account], "account"));
        }
        let arns = sources.iter().map(|source| self.likely_arn(source));
        let arns: Vec<Vec<Piece>> = arns.map(|arn| Some(arn?.pieces())).collect::<Option<_>>()?;
        Some(match common(&arns) {
            Some(arn) => Limit::likely(vec![arn], "own source"),
            None => Limit {
                conditions: Vec::new(),
                help: format!("require the ARN of the source ({SOURCE_ARN})"),
                is_certain: false,
            },
        })
    }

    /// The ARN of a source of the function's own account.
    fn likely_arn(&self, source: &PushSource) -> Option<Text> {
        let mut names = self.names.clone();
        let own = self.names.get("account").cloned();
        names.extend(own.map(|account| ("sourceAccount".to_owned(), account)));
        let mut formats = source.source_arn.iter().rev();
        let format = formats.find(|format| format.as_str().starts_with("arn:"))?;
        Some(format.fill(&names))
    }

    fn own_account(&self) -> ConditionTest {
        let account = self.names.get("account").cloned();
        let account = account.unwrap_or_else(|| Text::hole(Hole::segment("account")));
        ConditionTest::string_equals(SOURCE_ACCOUNT, to_write(&account, false))
    }

    fn of_caller(&self, caller: &ServiceCaller) -> Limit {
        let conditions = caller.conditions.iter().map(|condition| ConditionTest {
            operator: condition.operator.clone(),
            key: condition.key.clone(),
            value: to_write(&condition.value.fill(&self.names), false),
        });
        let limit = Limit::likely(conditions.collect(), &caller.name);
        match &caller.advice {
            Some(advice) => Limit {
                help: format!("{advice}:"),
                ..limit
            },
            None => limit,
        }
    }

    fn advice(&self, limit: Limit, url: Option<String>) -> Advice {
        let principal = self.statement.principal.as_ref();
        if principal.is_some_and(|principal| principal.entries.len() > 1) {
            let help = "give each service a statement of its own, with a condition on its source";
            return Advice {
                help: help.to_owned(),
                fix: None,
                url,
            };
        }
        let fix = (!limit.conditions.is_empty()).then(|| self.fix(&limit));
        let fix = fix.flatten();
        let help = match fix {
            Some(_) => limit.help,
            None => limit.help.trim_end_matches(':').to_owned(),
        };
        Advice { help, fix, url }
    }

    /// The statement with conditions; nothing where it is also for others.
    fn fix(&self, limit: &Limit) -> Option<Allow> {
        let principal = self.statement.principal.as_ref()?;
        let [_] = principal.entries.as_slice() else {
            return None;
        };
        let texts = |entries: Option<&ElementPatterns>| -> Vec<Text> {
            let entries = entries.into_iter().flat_map(|listed| &listed.entries);
            entries.map(|entry| entry.text.clone()).collect()
        };
        let actions = texts(self.statement.actions.as_ref());
        let resources = texts(self.statement.resources.as_ref());
        let statement = NewStatement {
            sid: self.statement.name().map(str::to_owned),
            principal: Some(("Service".to_owned(), to_write(&self.service.name, false))),
            actions: actions.iter().map(Text::to_string).collect(),
            resources: resources.iter().map(|text| to_write(text, false)).collect(),
            conditions: limit.conditions.clone(),
        };
        let place = self.matched.node.span;
        let subject = self.matched.subject;
        let declared = subject.is_some_and(|subject| subject.function.logical_id().is_some());
        let narrowing = Narrowing {
            statement: place,
            is_certain: limit.is_certain,
            is_free: self.statement.conditions.is_empty(),
        };
        let allow = Allow::new(PolicyKind::FunctionPolicy, vec![statement])
            .owner(subject.and_then(Subject::name))
            .declared(declared.then_some(place))
            .documents([place]);
        let mut names = resources.iter().filter_map(FunctionName::of_arn);
        let qualifier = names.find_map(|name| name.policy_qualifier().cloned());
        let permission = NewPermission {
            qualifier: qualifier.map(|text| to_write(&text, false)),
            ..NewPermission::default()
        };
        Some(Allow {
            permission: Some(permission),
            narrows: Some(narrowing),
            ..allow
        })
    }
}

/// The conditions that all of several sources meet, and of other accounts none.
fn of_all(calls: &[Invocation<'_, '_>]) -> Option<Vec<ConditionTest>> {
    let account = |call: &Invocation<'_, '_>| {
        let is_sent = call.source.source_account == SourceAccount::Sent;
        call.trigger.source_account().filter(|_| is_sent).cloned()
    };
    let (first, rest) = calls.split_first()?;
    let own = account(first);
    if let Some(own) = own.filter(|own| rest.iter().all(|call| account(call).as_ref() == Some(own)))
    {
        let account = to_write(&own, false);
        return Some(vec![ConditionTest::string_equals(SOURCE_ACCOUNT, account)]);
    }
    let arns = calls.iter().map(|call| call.trigger.source_arn());
    let arns = arns.map(|arn| arn.map(Text::pieces));
    let arns: Vec<Vec<Piece>> = arns.collect::<Option<_>>()?;
    Some(vec![common(&arns)?])
}

/// The condition on what ARNs have in common.
fn common(arns: &[Vec<Piece>]) -> Option<ConditionTest> {
    let start = common_start(arns)?;
    let arn = Text::of(start.into_iter().chain([Piece::Known("*".into())]));
    Some(ConditionTest::arn_like(SOURCE_ARN, to_write(&arn, false)))
}

/// The start that ARNs have in common, up to a slash after the account; nothing where they have none.
fn common_start(arns: &[Vec<Piece>]) -> Option<Vec<Piece>> {
    let (first, rest) = arns.split_first()?;
    let mut common = Vec::new();
    for (index, piece) in first.iter().enumerate() {
        if rest.iter().all(|arn| arn.get(index) == Some(piece)) {
            common.push(piece.clone());
            continue;
        }
        if let Piece::Known(text) = piece {
            let mut shared = &**text;
            for other in rest {
                let other = match other.get(index) {
                    Some(Piece::Known(other)) => &**other,
                    _ => "",
                };
                let same = shared
                    .bytes()
                    .zip(other.bytes())
                    .take_while(|(a, b)| a == b);
                let same = same.count();
                shared = shared.get(..same).unwrap_or("");
            }
            common.push(Piece::Known(shared.into()));
        }
        break;
    }
    // What follows the last slash is not shared by all.
    while let Some(Piece::Known(text)) = common.last().cloned() {
        common.pop();
        if let Some(end) = text.rfind('/') {
            common.push(Piece::Known(text.get(..=end)?.into()));
            break;
        }
    }
    let colons: usize = common
        .iter()
        .map(|piece| match piece {
            Piece::Known(text) => text.matches(':').count(),
            Piece::Hole(_) => 0,
        })
        .sum();
    let is_placed = matches!(common.last(), Some(Piece::Known(text)) if text.ends_with('/'));
    (colons >= 5 && is_placed).then_some(common)
}
