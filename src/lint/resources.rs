//! Whether the actions of a statement work on resources such as it names.

use super::forms::finding;
use super::judge::{Hit, Judged, Known};
use super::verdict::note;
use crate::catalogue::{Action, ActionTable};
use crate::document::{Names, Template, Text};
use crate::finding::Confidence;
use crate::iam::{Context, Listed, Pattern, PolicyDocument, Statement, Style, Truth, Written};
use crate::pack::Rule;

/// IAM takes no statement that has room for more actions times resources.
const MOST_PAIRS: usize = 50_000;

/// How many actions are named in one message.
const NAMED: usize = 3;

/// An entry of `Action` without effect, and the form of the resources that it works on which is
/// most like what is written; none for one that works on no resource in particular.
struct Void<'s> {
    entry: &'s Written,
    works_on: Option<Text>,
}

/// No action of the statement is without effect on all resources that it names.
pub(super) fn fit(known: Known<'_>, rule: &Rule, hit: Hit<'_, '_>, judged: &mut Judged) {
    let statement = PolicyDocument::read_statement(hit.node);
    let Some((actions, resources)) = both(&statement) else {
        return;
    };
    let table = &known.catalogue.actions.table;
    let voids = actions
        .entries
        .iter()
        .filter_map(|entry| void(table, entry, resources));
    let voids: Vec<Void<'_>> = voids.collect();
    if let Some(first) = voids.first() {
        let mut found = finding(rule, hit, first.entry.node.span);
        found.confidence = Confidence::Likely;
        found.message = format!(
            "{} on the resources of this statement",
            have_no_effect(&voids)
        );
        found.primary.text = label(first);
        found.notes = vec![note(
            "the statement names these resources".to_owned(),
            resources.span,
        )];
        let bare = voids.iter().find(|void| void.works_on.is_none());
        found.help = Some(help(bare.unwrap_or(first)));
        found.subject.actions = voids
            .iter()
            .map(|void| void.entry.text.to_string())
            .collect();
        judged.findings.push(found);
    }
}

/// What a statement lists, where it lists both by name and not too much.
fn both(statement: &Statement) -> Option<(&Listed, &Listed)> {
    let actions = statement
        .actions
        .as_ref()
        .filter(|listed| !listed.negated)?;
    let resources = statement
        .resources
        .as_ref()
        .filter(|listed| !listed.negated)?;
    let pairs = actions
        .entries
        .len()
        .saturating_mul(resources.entries.len());
    // What is no ARN is another rule's fault, and `*` is every resource.
    let is_arn = |entry: &Written| {
        entry
            .text
            .as_str()
            .is_none_or(|text| text.starts_with("arn:") && text.split(':').count() > 5)
    };
    let judged = pairs <= MOST_PAIRS && !resources.entries.is_empty();
    (judged && resources.entries.iter().all(is_arn)).then_some((actions, resources))
}

/// The entry if it has no effect: no action that it stands for works on any of the resources.
fn void<'s>(table: &ActionTable, entry: &'s Written, resources: &Listed) -> Option<Void<'s>> {
    let written = entry.text.as_str()?;
    let actions = actions_of(table, written);
    let service = written.split(':').next().unwrap_or("");
    if actions.is_empty()
        || actions
            .iter()
            .any(|action| works(*action, service, resources))
    {
        return None;
    }
    let forms = actions.iter().flat_map(|action| action.resources());
    let forms = forms.map(|(resource, _)| shown(resource.arn(), resources));
    let written = resources
        .entries
        .first()
        .map(|entry| entry.text.to_string());
    let alike = |form: &Text| common_start(&form.to_string(), written.as_deref().unwrap_or(""));
    Some(Void {
        entry,
        works_on: forms
            .filter(|form| form.as_str() != Some("*"))
            .max_by_key(alike),
    })
}

/// How many characters two texts begin with that are the same.
fn common_start(one: &str, other: &str) -> usize {
    one.chars()
        .zip(other.chars())
        .take_while(|(a, b)| a == b)
        .count()
}

/// The actions that an entry stands for.
fn actions_of<'t>(table: &'t ActionTable, written: &str) -> Vec<Action<'t>> {
    if !written.contains(['*', '?', '$']) {
        return table.action(written).into_iter().collect();
    }
    let Some((service, name)) = written
        .split_once(':')
        .and_then(|(prefix, name)| Some((table.service(prefix)?, name)))
        .filter(|_| !written.contains('$'))
    else {
        return Vec::new();
    };
    let pattern = Pattern::new(&Text::from(name), Style::ACTION);
    let context = Context::default();
    let matches =
        |action: &Action<'_>| pattern.matches(&Text::from(action.name()), &context) != Truth::No;
    service.actions().filter(matches).collect()
}

/// Whether the action works on one of the resources, as far as can be known.
fn works(action: Action<'_>, service: &str, resources: &Listed) -> bool {
    let mut types = action.resources().peekable();
    if types.peek().is_none() {
        return resources
            .entries
            .iter()
            .any(|entry| may_be_all(&entry.text, service));
    }
    types.any(|(resource, _)| covers(resources, &form(resource.arn(), &Names::new())))
}

/// Whether a resource may be meant by a request for all resources of a service. Many services then
/// ask for an ARN such as `arn:aws:iam::123456789012:role/`, which is told nowhere.
fn may_be_all(resource: &Text, service: &str) -> bool {
    let parts = resource.as_str().map(|written| written.split(':'));
    let own = parts.and_then(|mut parts| parts.nth(2));
    own.is_none_or(|own| own.eq_ignore_ascii_case(service) || own.contains(['*', '?', '$']))
}

fn covers(resources: &Listed, form: &Text) -> bool {
    let context = Context::default();
    let mut entries = resources.entries.iter();
    entries.any(|entry| {
        // Whether a `*` crosses a colon in the last part of an ARN is not documented: here it does.
        let across = || Pattern::new(&entry.text, Style::ACTION);
        entry.matches(form, &context) != Truth::No || across().matches(form, &context) != Truth::No
    })
}

fn form(arn: &str, names: &Names) -> Text {
    match Template::parse(arn) {
        Ok(template) => template.fill(names),
        Err(_) => Text::from("*"),
    }
}

/// The form of an ARN, with what is in the first resource of the statement as well.
fn shown(arn: &str, resources: &Listed) -> Text {
    let first = resources
        .entries
        .first()
        .and_then(|entry| entry.text.as_str());
    let mut names = Names::new();
    for (at, name) in [(1, "Partition"), (3, "Region"), (4, "Account")] {
        let part = first.and_then(|arn| arn.split(':').nth(at));
        if let Some(part) = part.filter(|part| !part.is_empty()) {
            names.insert(name.to_owned(), Text::from(part));
        }
    }
    form(arn, &names)
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
        None => "this works on no resource in particular".to_owned(),
        Some(form) => format!("this works on {form}"),
    }
}

fn help(void: &Void<'_>) -> String {
    match &void.works_on {
        None => "move it into a statement with \"Resource\": \"*\"".to_owned(),
        Some(form) => format!("name what it works on, as in {form}"),
    }
}
