//! The actions of a statement work on resources such as it names.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::context::{LintContext, LintResult, Match};
use super::expand_actions;
use super::kind::{Kind, Requirement, plain};
use super::rule_metadata::RuleMetadata;
use crate::diagnostics::{Confidence, Finding, Note};
use crate::iam::{Arn, Context, ElementPatterns, PatternEntry, Statement, Truth};
use crate::syntax::{Names, Node, Template, Text};

/// The kind.
pub(super) const KIND: Kind = plain(
    "resourcesFit",
    "a statement",
    "Each entry of `Action` has an effect: at least one action that it matches applies to one of the resources. An action that does not support resource-level permissions needs `*`, or an ARN of its own service. Statements with `NotAction` or `NotResource`, or with a resource that is not an ARN, are skipped. Entries such as `Describe*` and actions that AWS's own tools often list without need are skipped if another action of the service has an effect.",
    |_, _| Some(Box::new(ResourcesFit)),
);

/// The requirement.
#[derive(Debug)]
struct ResourcesFit;

/// How many actions are named in one message.
const NAMED: usize = 3;

/// An entry of `Action` without effect, and the form of the resources that it works on which is
/// most like what is written; none for one that works on no resource in particular.
struct Void<'s> {
    entry: &'s PatternEntry,
    works_on: Option<Text>,
}

impl Requirement for ResourcesFit {
    fn check(
        &self,
        cx: LintContext<'_>,
        rule: &RuleMetadata,
        matched: Match<'_, '_>,
        result: &mut LintResult,
    ) {
        let statement = cx.statement(matched.node);
        let Some((actions, resources)) = both(&statement) else {
            return;
        };
        for resource in &resources.entries {
            let found = lacking(cx, rule, matched, actions, resource);
            result.findings.extend(found);
        }
        let voids = voids(cx, actions, resources);
        if let Some(first) = voids.first() {
            let mut found = rule
                .finding_of(matched.node, first.entry.node.span)
                .function(matched.function());
            found.confidence = Confidence::Likely;
            found.message = format!(
                "{} on the resources of this statement",
                have_no_effect(&voids)
            );
            found.primary.text = label(first);
            found.notes = vec![Note::at(
                "the resources of the statement".to_owned(),
                resources.span,
            )];
            let bare = voids.iter().find(|void| void.works_on.is_none());
            found.help = Some(help(bare.unwrap_or(first)));
            found.subject.actions = voids
                .iter()
                .map(|void| void.entry.text.to_string())
                .collect();
            result.findings.push(found);
        }
    }
}

/// The first action on a resource of a type that has nothing which it works on.
fn lacking(
    cx: LintContext<'_>,
    rule: &RuleMetadata,
    matched: Match<'_, '_>,
    actions: &ElementPatterns,
    resource: &PatternEntry,
) -> Option<Finding> {
    let (hole, kind) = resource
        .text
        .holes()
        .find_map(|hole| Some((hole, hole.kind.as_deref()?)))?;
    let shape = cx.catalogue.template_resource(kind)?;
    let (action, instead) = shape
        .unsupported_actions
        .iter()
        .find_map(|(lacked, instead)| {
            let is_lacked = |entry: &&PatternEntry| {
                let written = entry.text.as_str();
                written.is_some_and(|written| written.eq_ignore_ascii_case(lacked))
            };
            Some((actions.entries.iter().find(is_lacked)?, instead))
        })?;
    let written = action.text.as_str()?;
    let id = hole.id.split('.').next().unwrap_or(&hole.id);
    let mut found = rule
        .finding_of(matched.node, resource.node.span)
        .function(matched.function());
    found.confidence = Confidence::Likely;
    found.message = format!("`{written}` has no effect on `{id}`");
    found.primary.text = format!("this is an {kind}");
    found.notes = vec![Note::at("the action is here".to_owned(), action.node.span)];
    found.help = Some(instead.clone());
    found.subject.actions = vec![written.to_owned()];
    Some(found)
}

/// What a statement lists, where it lists both by name.
fn both(statement: &Statement) -> Option<(&ElementPatterns, &ElementPatterns)> {
    let actions = statement
        .actions
        .as_ref()
        .filter(|listed| !listed.negated)?;
    let resources = statement
        .resources
        .as_ref()
        .filter(|listed| !listed.negated)?;
    // Another rule reports texts that are not ARNs, and `*` is every resource.
    let is_arn = |entry: &PatternEntry| {
        entry
            .text
            .as_str()
            .is_none_or(|text| text.starts_with("arn:") && text.split(':').count() > 5)
    };
    let are_arns = !resources.entries.is_empty() && resources.entries.iter().all(is_arn);
    are_arns.then_some((actions, resources))
}

/// The entries without effect, but for those that people list by habit beside one of the same service
/// that has an effect.
fn voids<'s>(
    cx: LintContext<'_>,
    actions: &'s ElementPatterns,
    resources: &ElementPatterns,
) -> Vec<Void<'s>> {
    let mut voids = Vec::new();
    let mut with_effect = BTreeSet::new();
    for entry in &actions.entries {
        match fit(cx, entry, resources) {
            Fit::Works => drop(with_effect.insert(service_of(entry))),
            Fit::Void(void) => voids.push(void),
            Fit::Open => {}
        }
    }
    let has_effect = |entry: &PatternEntry| with_effect.contains(&service_of(entry));
    voids.retain(|void| !(has_effect(void.entry) && is_habitual(cx, void.entry)));
    voids
}

/// The service of an entry.
fn service_of(entry: &PatternEntry) -> Option<String> {
    let (service, _) = entry.text.as_str()?.split_once(':')?;
    Some(service.to_ascii_lowercase())
}

/// Whether people list an entry without a thought: AWS's own tools and guides do, or it is one of
/// `Get*`, `List*`, `Describe*` and the like.
fn is_habitual(cx: LintContext<'_>, entry: &PatternEntry) -> bool {
    let written = entry.text.as_str().unwrap_or("");
    let (_, name) = written.split_once(':').unwrap_or(("", written));
    let verb = name.strip_suffix('*').unwrap_or("");
    let is_word = verb.chars().skip(1).all(|c| c.is_ascii_lowercase());
    !verb.is_empty() && is_word || cx.catalogue.actions.is_boilerplate(written)
}

/// The resource that a statement should name for an action to have an effect, where it has none on the
/// resources that it names.
pub(super) fn resource_to_name(
    cx: LintContext<'_>,
    statement: &Node,
    action: &str,
) -> Option<Text> {
    let statement = cx.statement(statement);
    let (_, resources) = both(&statement)?;
    let action = cx.table().action(action)?;
    let forms: BTreeSet<&str> = action.resources().map(|(kind, _)| kind.arn()).collect();
    let first = resources.entries.first()?;
    let fits = !cx.spend(forms.len()) || forms.iter().any(|arn| covers(resources, arn));
    (!fits).then(|| likest(cx, forms, &first.text)).flatten()
}

/// Whether an entry has an effect on one of the resources.
enum Fit<'s> {
    /// An action that it stands for works on one.
    Works,
    /// That is not known.
    Open,
    /// None does.
    Void(Void<'s>),
}

fn fit<'s>(cx: LintContext<'_>, entry: &'s PatternEntry, resources: &ElementPatterns) -> Fit<'s> {
    let written = entry.text.as_str().and_then(|text| text.split_once(':'));
    let actions = entry.text.as_str();
    let actions = actions.and_then(|written| expand_actions::actions(cx, written));
    let (Some((service, _)), Some(actions)) = (written, actions) else {
        return Fit::Open;
    };
    if actions.is_empty() {
        return Fit::Open;
    }
    // Many actions share few types.
    let types = actions.iter().flat_map(|action| action.resources());
    let forms: BTreeSet<&str> = types.map(|(resource, _)| resource.arn()).collect();
    let comparisons = forms.len().saturating_mul(resources.entries.len());
    let works = |arn: &&str| covers(resources, arn);
    let all = |entry: &PatternEntry| may_be_all(&entry.text, service);
    let bare = || actions.iter().any(|a| a.resources().next().is_none());
    let first = resources.entries.first().filter(|_| cx.spend(comparisons));
    match first {
        None => Fit::Open,
        Some(_) if forms.iter().any(works) => Fit::Works,
        Some(_) if bare() && resources.entries.iter().any(all) => Fit::Open,
        Some(first) => Fit::Void(Void {
            entry,
            works_on: likest(cx, forms, &first.text),
        }),
    }
}

/// The form that is most like a written resource: it begins with the same characters, and has about as
/// many parts.
fn likest(cx: LintContext<'_>, forms: BTreeSet<&str>, written: &Text) -> Option<Text> {
    let written_parts = parts(&written.to_string());
    let likeness = |form: &Text| {
        let form = form.to_string();
        let more = parts(&form).abs_diff(written_parts);
        (common_start(&form, &written.to_string()), Reverse(more))
    };
    let shown = forms.into_iter().filter(|arn| *arn != "*");
    shown
        .map(|arn| shown_as(cx, arn, written))
        .max_by_key(|form| likeness(form))
}

fn parts(arn: &str) -> usize {
    arn.split(':').count()
}

/// How many characters two texts begin with that are the same.
fn common_start(one: &str, other: &str) -> usize {
    one.chars()
        .zip(other.chars())
        .take_while(|(a, b)| a == b)
        .count()
}

/// Whether a resource may be meant by a request for all resources of a service. Many services then
/// ask for an ARN such as `arn:aws:iam::123456789012:role/`, which is documented nowhere.
fn may_be_all(resource: &Text, service: &str) -> bool {
    let parts = resource.as_str().map(|written| written.split(':'));
    let own = parts.and_then(|mut parts| parts.nth(2));
    own.is_none_or(|own| own.eq_ignore_ascii_case(service) || own.contains(['*', '?', '$']))
}

/// Whether one of the resources can be of the form.
fn covers(resources: &ElementPatterns, arn: &str) -> bool {
    let context = Context::default();
    let form = form(arn, &Names::new());
    let service = arn.split(':').nth(2);
    resources.entries.iter().any(|entry| {
        let written = entry.text.as_str().and_then(|arn| arn.split(':').nth(2));
        let other = written.zip(service).is_some_and(|(own, service)| {
            own != service && !own.contains(['*', '?', '$']) && !service.contains('{')
        });
        // Most are of another service, which is seen at once.
        !other && entry.matches(&form, &context) != Truth::No
    })
}

fn form(arn: &str, names: &Names) -> Text {
    match Template::parse(arn) {
        Ok(template) => template.fill(names),
        Err(_) => Text::from("*"),
    }
}

/// The form of an ARN, with what is in a written one as well.
fn shown_as(cx: LintContext<'_>, arn: &str, written: &Text) -> Text {
    let mut names = names_in(cx, arn, written);
    if let Some(own) = Arn::parse(written) {
        let parts = [
            ("Partition", own.partition),
            ("Region", own.region),
            ("Account", own.account),
        ];
        let parts = parts.into_iter().filter(|(_, part)| !part.is_empty());
        names.extend(parts.map(|(name, part)| (name.to_owned(), part)));
    }
    // The ARN of what AWS manages has a name in place of the account.
    let is_name = |account: &Text| {
        let account = account.as_str();
        account.is_some_and(|account| account.chars().all(|c| c.is_ascii_alphabetic()))
    };
    if names.get("Account").is_some_and(is_name) {
        names.remove("Account");
    }
    form(arn, &names)
}

/// What a written ARN says of the variables of a form that begins like its own, such as the bucket of an
/// object; nothing of those that can be anything.
fn names_in(cx: LintContext<'_>, arn: &str, written: &Text) -> Names {
    let service = written.as_str().and_then(|arn| arn.split(':').nth(2));
    let service = service.and_then(|prefix| cx.table().service(prefix));
    let kinds = service.into_iter().flat_map(|service| service.resources());
    let kinds = kinds.filter(|kind| beginning(kind.arn()) == beginning(arn));
    let captured = kinds.filter_map(|kind| Template::parse(kind.arn()).ok()?.capture(written));
    let longest = captured.max_by_key(|names| names.len());
    let mut names = longest.unwrap_or_default();
    names.retain(|_, text| {
        text.as_str()
            .is_some_and(|text| !text.contains(['*', '?', '$']))
    });
    names
}

/// The fixed text with which the resource of an ARN format begins, such as `table/`.
fn beginning(arn: &str) -> Option<&str> {
    let resource = arn.splitn(6, ':').nth(5)?;
    resource.split(['{', '*']).next()
}

fn have_no_effect(voids: &[Void<'_>]) -> String {
    let names = voids.iter().map(|void| format!("`{}`", void.entry.text));
    let names: Vec<String> = names.take(NAMED).collect();
    match (names.split_last(), voids.len().saturating_sub(NAMED)) {
        (Some((only, [])), _) => format!("{only} has no effect"),
        (Some((last, others)), 0) => format!("{} and {last} have no effect", others.join(", ")),
        (_, more) => format!(
            "{} and {more} more actions have no effect",
            names.join(", ")
        ),
    }
}

fn label(void: &Void<'_>) -> String {
    match &void.works_on {
        None => "this action does not support resource-level permissions".to_owned(),
        Some(form) => format!("this action applies to {form}"),
    }
}

fn help(void: &Void<'_>) -> String {
    match &void.works_on {
        None => "move the action to a statement with \"Resource\": \"*\"".to_owned(),
        Some(form) => format!("specify a resource that it applies to, such as {form}"),
    }
}
