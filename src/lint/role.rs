//! Whether the execution role allows what a mapping, a setting or a target needs.

use super::access::not_at_hand;
use super::judge::{Known, LintResult, Match, Subject};
use super::misplaced_grant;
use super::named_role;
use super::near_miss;
use super::remedy;
use super::verdict::{Reason, Refusal, Verdict, to_write};
use crate::catalogue::{Feature, Grant, Need, Needs, PollSource, Target};
use crate::diagnostics::{
    Confidence, Finding, Fix, Label, NewStatement, Note, Severity, Undecided,
};
use crate::iam::PolicyDocument;
use crate::model::Mapping;
use crate::rules::{Needed, Rule};
use crate::syntax::{Names, Node, Selector};

/// A grant, with the names for its templates, and the node that it is needed for.
type Asked<'k, 'n> = (&'k Grant, Names, &'n Node);

/// What a place asks of the execution role.
struct Asking<'k, 'n> {
    grants: Vec<Asked<'k, 'n>>,
    message: String,
    label: &'static str,
    place: &'n Node,
    /// What the catalogue says of it; nothing where the rule brings its own grants.
    needs: Option<&'k Needs>,
    /// Whether it is switched off for now.
    idle: bool,
    /// The AWS-managed policy that grants all that is missing.
    managed: Option<String>,
}

pub(super) fn check(
    known: Known<'_>,
    rule: &Rule,
    needed: &Needed,
    need: Need,
    matched: Match<'_, '_>,
    result: &mut LintResult,
) {
    let Some(subject) = matched.subject else {
        return;
    };
    if let Some(reason) = unknown_kind(known, needed, matched.node) {
        result
            .undecided
            .push(reason.of(rule, matched.function(), matched.place()));
        return;
    }
    let asking = match needed {
        Needed::EventSource => for_mapping(known, need, matched.node, subject),
        Needed::Target => for_target(known, need, matched.node, subject),
        Needed::Feature(id) => for_feature(known, id, need, matched.node, subject),
        Needed::Grants(grants) => Some(for_rule(rule, grants, need, matched.node, subject)),
    };
    let Some(mut asking) = asking.filter(|asking| !asking.grants.is_empty()) else {
        return;
    };
    let Some(access) = subject.access() else {
        result.undecided.push(no_role(rule, &asking, subject));
        return;
    };
    let mut refusals = Vec::new();
    let mut open: Option<Reason> = None;
    for (grant, names, inner) in &asking.grants {
        for verdict in access.grants(grant, names, known.catalogue) {
            let verdict = by_resource_policy(verdict, grant, inner, subject);
            match verdict {
                Verdict::Granted => {}
                Verdict::Refused(refusal) => refusals.push(refusal),
                Verdict::Open(reason) => {
                    open.get_or_insert(reason);
                }
            }
        }
    }
    let missing = refusals.iter().map(|refusal| refusal.action.as_str());
    let managed = asking.needs.filter(|_| !refusals.is_empty());
    asking.managed = managed.and_then(|needs| known.catalogue.managed_arn(needs, missing));
    // A setting that may turn out to be none needs nothing then.
    let may_be_none = matched.node.str("open").map(Reason::new);
    if !refusals.is_empty() && may_be_none.is_none() {
        result
            .findings
            .push(finding(rule, &asking, subject, &refusals));
    } else if let Some(reason) = may_be_none.filter(|_| !refusals.is_empty()).or(open) {
        let place = asking.place.span;
        result
            .undecided
            .push(reason.of(rule, matched.function(), place));
    }
}

/// The verdict, with what the policy of the resource grants to the role.
fn by_resource_policy<'a>(
    verdict: Verdict<'a>,
    grant: &Grant,
    needed_for: &Node,
    subject: &Subject<'_>,
) -> Verdict<'a> {
    let is_known = |path: &Selector| path.first(needed_for).is_some();
    if let Verdict::Refused(refusal) = &verdict
        && !grant.undecided_unless.as_ref().is_none_or(is_known)
        && refusal.can_be_granted_elsewhere()
    {
        let why = format!(
            "the policy of {} may grant it and is not at hand",
            refusal.resource
        );
        return Verdict::Open(Reason::new(why));
    }
    let document = grant.resource_policy.as_ref();
    let document = document.and_then(|path| path.first(needed_for));
    let role = subject.function.role();
    let arn = role.and_then(|role| role.node.get("Arn")?.as_text());
    let (Verdict::Refused(refusal), Some(document), Some(arn)) = (&verdict, document, arn) else {
        return verdict;
    };
    let document = PolicyDocument::read(document);
    let granted = named_role::granted(&[&document], arn, refusal, &refusal.context);
    match granted.filter(|_| refusal.can_be_granted_elsewhere()) {
        Some(granted) => granted,
        None => verdict,
    }
}

/// A source or target of a kind that the catalogue does not have, or that is not known yet.
fn unknown_kind(known: Known<'_>, needed: &Needed, node: &Node) -> Option<Reason> {
    let (arn, what) = match needed {
        Needed::EventSource if Mapping::new(node).source().is_none() => (
            node.get("EventSourceArn").and_then(Node::as_text),
            "event source",
        ),
        Needed::Target => {
            let arn = node.as_text().filter(|arn| arn.as_str() != Some(""))?;
            let mut targets = known.catalogue.targets.iter();
            let is_known = targets.any(|target| target.names(arn).is_some());
            (Some(arn).filter(|_| !is_known), "target")
        }
        _ => return None,
    };
    if arn.is_none() && what == "target" {
        return None;
    }
    let open = arn.filter(|arn| arn.holes().any(|hole| hole.accepts.empty()));
    let reason = Reason::new(match open {
        Some(arn) => format!("the {what} is not known before the deploy: {arn}"),
        None => format!("this kind of {what} is not known to lint-lambda"),
    });
    Some(Reason {
        of_document: true,
        ..reason
    })
}

fn no_role(rule: &Rule, asking: &Asking<'_, '_>, subject: &Subject<'_>) -> Undecided {
    let absent = subject.function.absent();
    let reason = absent
        .iter()
        .find(|absent| absent.member == "Role")
        .map_or_else(
            || Reason::new("the execution role was not handed over"),
            not_at_hand,
        );
    reason.of(rule, subject.name(), asking.place.span)
}

fn for_mapping<'k, 'n>(
    known: Known<'k>,
    need: Need,
    node: &'n Node,
    subject: &Subject<'_>,
) -> Option<Asking<'k, 'n>> {
    let source = known.catalogue.poll_source(Mapping::new(node).source()?)?;
    let mut names = subject.function.names();
    names.extend(source.names(node));
    Some(Asking {
        message: format!(
            "{} does not let Lambda read {}",
            role_of(subject),
            shown_source(source, &names)
        ),
        grants: needed(&source.needs.grants, need, node, &names),
        label: "Lambda reads this with the execution role",
        place: source.place(node),
        needs: Some(&source.needs),
        idle: node.str("State") == Some("Disabled"),
        managed: None,
    })
}

fn shown_source(source: &PollSource, names: &Names) -> String {
    match source.short_name(names) {
        Some(short) => format!("{} `{short}`", source.name),
        None => format!("the {}", source.name),
    }
}

fn for_target<'k, 'n>(
    known: Known<'k>,
    need: Need,
    node: &'n Node,
    subject: &Subject<'_>,
) -> Option<Asking<'k, 'n>> {
    let arn = node.as_text()?;
    let found = |target: &'k Target| Some((target, target.names(arn)?));
    let (target, own) = known.catalogue.targets.iter().find_map(found)?;
    let mut names = subject.function.names();
    names.extend(own);
    let short = target.short_name(&names);
    Some(Asking {
        message: format!(
            "{} does not let Lambda send records to {} `{}`",
            role_of(subject),
            target.name,
            short.unwrap_or_else(|| arn.to_string())
        ),
        grants: needed(&target.needs.grants, need, node, &names),
        label: "Lambda sends records here with the execution role",
        place: node,
        needs: Some(&target.needs),
        idle: false,
        managed: None,
    })
}

fn for_feature<'k, 'n>(
    known: Known<'k>,
    id: &str,
    need: Need,
    node: &'n Node,
    subject: &Subject<'_>,
) -> Option<Asking<'k, 'n>> {
    let feature: &Feature = known.catalogue.feature(id)?;
    let names = feature.names(node, &subject.function.names())?;
    Some(Asking {
        message: format!(
            "{} does not let {} {}",
            named_role(subject).unwrap_or_else(|| "the execution role".to_owned()),
            subject.label(),
            feature.purpose
        ),
        grants: needed(&feature.needs.grants, need, node, &names),
        label: "Lambda does this with the execution role",
        place: feature.place(node),
        needs: Some(&feature.needs),
        idle: false,
        managed: None,
    })
}

fn for_rule<'k, 'n>(
    rule: &'k Rule,
    grants: &'k [Grant],
    need: Need,
    node: &'n Node,
    subject: &Subject<'_>,
) -> Asking<'k, 'n> {
    let mut names = subject.function.names();
    names.extend(node.names());
    Asking {
        message: format!("{}: {}", role_of(subject), rule.title),
        grants: needed(grants, need, node, &names),
        label: "this needs the execution role",
        place: node,
        needs: None,
        idle: false,
        managed: None,
    }
}

/// The grants of one need, with names for each node that they are needed for.
fn needed<'k, 'n>(
    grants: &'k [Grant],
    need: Need,
    node: &'n Node,
    names: &Names,
) -> Vec<Asked<'k, 'n>> {
    let mut asked = Vec::new();
    for grant in grants.iter().filter(|grant| grant.need == need) {
        for inner in grant.needed_for(node) {
            let Some(own) = grant.names(inner) else {
                continue;
            };
            let mut names = names.clone();
            names.extend(own);
            asked.push((grant, names, inner));
        }
    }
    asked
}

fn named_role(subject: &Subject<'_>) -> Option<String> {
    let role = subject.function.role().filter(|role| role.name().is_some());
    role.map(|role| role.label())
}

fn role_of(subject: &Subject<'_>) -> String {
    named_role(subject).unwrap_or_else(|| format!("the execution role of {}", subject.label()))
}

fn message(rule: &Rule, asking: &Asking<'_, '_>, subject: &Subject<'_>) -> String {
    match &rule.words.message {
        Some(own) => own
            .replace("{role}", &role_of(subject))
            .replace("{function}", &subject.label()),
        None => asking.message.clone(),
    }
}

fn finding(
    rule: &Rule,
    asking: &Asking<'_, '_>,
    subject: &Subject<'_>,
    refusals: &[Refusal<'_>],
) -> Finding {
    let role = subject.function.role();
    let assumed = role.is_some_and(|role| role.is_assumed());
    let owner = role.and_then(|role| role.name()).map(str::to_owned);
    let mut notes = vec![missing(refusals)];
    // The effect is that of lacking what is required.
    let required = asking
        .grants
        .iter()
        .any(|(grant, ..)| grant.need == Need::Required);
    notes.extend(asking.needs.filter(|_| required).and_then(effect));
    notes.extend(near_miss::notes(refusals, "Lambda"));
    notes.extend(misplaced_grant::in_function_policy(subject, refusals));
    let implied_by = role.and_then(|role| role.implied_by());
    let missing = remedy::Missing {
        refusals,
        role: &role_of(subject),
        implied_by,
        needs: asking.needs,
        managed: asking.managed.as_deref(),
    };
    let remedy = missing.remedy();
    let mut finding = Finding {
        rule: rule.id.clone(),
        severity: rule.severity,
        confidence: match assumed {
            true => Confidence::Likely,
            false => Confidence::Certain,
        },
        message: message(rule, asking, subject),
        primary: Label {
            span: asking.place.span,
            text: rule
                .words
                .label
                .clone()
                .unwrap_or_else(|| asking.label.to_owned()),
        },
        notes,
        help: rule.words.help.clone().or(Some(remedy.help)),
        url: asking
            .needs
            .and_then(|needs| needs.references.first())
            .or(rule.references.first())
            .cloned(),
        subject: crate::diagnostics::Subject {
            function: subject.name(),
            policy: Some(remedy.policy),
            actions: unique(refusals.iter().map(|refusal| refusal.action.clone())),
            resource: refusals
                .first()
                .map(|refusal| refusal.resource.filled().with_holes_as("*")),
            principal: None,
        },
        fix: remedy.add.then(|| Fix::Allow {
            policy: remedy.policy,
            owner,
            qualifier: None,
            condition: None,
            declared: role.is_some_and(crate::model::Role::is_declared),
            statements: statements(refusals),
        }),
        pointer: String::new(),
    };
    if asking.idle || asking.needs.is_some_and(|needs| !needs.verified) {
        finding.severity = finding.severity.min(Severity::Warning);
        finding.confidence = Confidence::Likely;
    }
    finding
}

pub(super) fn missing(refusals: &[Refusal<'_>]) -> Note {
    Note {
        word: "missing",
        text: unique(refusals.iter().map(|refusal| refusal.action.clone())).join(", "),
        span: None,
    }
}

/// What happens without the permission.
pub(super) fn effect(needs: &Needs) -> Option<Note> {
    (!needs.impact.is_empty()).then(|| Note {
        word: "effect",
        text: needs.impact.clone(),
        span: None,
    })
}

/// One statement for each resource, with the actions that are missing on it.
pub(super) fn statements(refusals: &[Refusal<'_>]) -> Vec<NewStatement> {
    let mut statements: Vec<NewStatement> = Vec::new();
    for refusal in refusals.iter().filter(|refusal| refusal.can_be_granted()) {
        let resource = to_write(&refusal.write, false);
        let same = statements
            .iter_mut()
            .find(|s| s.resources == [resource.clone()]);
        match same {
            Some(statement) if statement.actions.contains(&refusal.action) => {}
            Some(statement) => statement.actions.push(refusal.action.clone()),
            None => statements.push(NewStatement {
                actions: vec![refusal.action.clone()],
                resources: vec![resource],
                ..NewStatement::default()
            }),
        }
    }
    statements
}

fn unique(actions: impl Iterator<Item = String>) -> Vec<String> {
    let mut unique: Vec<String> = Vec::new();
    for action in actions {
        if !unique.contains(&action) {
            unique.push(action);
        }
    }
    unique
}
