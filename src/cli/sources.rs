//! `sources`: how each event source invokes a function, from the catalogue.

use std::fmt::Write;

use super::args::Sources;
use super::{describe, facts, output};
use crate::catalogue::{
    Catalogue, Grant, Need, Needs, PollSource, PushSource, SourceAccount, SourceRole,
};
use crate::diagnostics::Problem;
use crate::report::{Described, clean};
use crate::source::SourceMap;
use crate::syntax::{Template, nearest};

/// Shows all sources, or one; returns the exit status.
pub(super) fn run(args: &Sources) -> u8 {
    let mut sources = SourceMap::default();
    let mut problems = Vec::new();
    let catalogue = facts::catalogue(&args.facts, &mut sources, &mut problems);
    let name = args.name.as_deref();
    let (push, poll) = named(&catalogue, name);
    let text = match name {
        None => list(&catalogue),
        Some(_) => {
            let pages = push.iter().map(|source| of_push(source));
            let pages = pages.chain(poll.iter().map(|source| of_poll(source)));
            pages.collect::<Vec<String>>().join("\n")
        }
    };
    if push.is_empty() && poll.is_empty() {
        problems.push(unknown(&catalogue, name.unwrap_or("")));
    }
    let described = push
        .iter()
        .map(|source| describe::push_source(source, granting_policy(source)));
    let described = described.chain(
        poll.iter()
            .map(|source| describe::poll_source(source, "execution role")),
    );
    let described = Described::Sources(described.collect());
    output::answer(args.format, &text, &described, &sources, &problems)
}

/// A table of all event sources.
fn list(catalogue: &Catalogue) -> String {
    let push = catalogue.push.iter().map(|source| {
        let how = source.invocation.as_str();
        [
            &*source.id,
            &*source.name,
            "push",
            how,
            granting_policy(source),
        ]
    });
    let poll = catalogue.poll.iter().map(|source| {
        [
            &*source.id,
            &*source.name,
            "polled",
            "synchronous",
            "execution role",
        ]
    });
    let head = ["ID", "SOURCE", "HOW", "INVOKES", "GRANT"];
    let rows: Vec<[&str; 5]> = std::iter::once(head).chain(push).chain(poll).collect();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths = [width(0), width(1), width(2), width(3)];
    let mut text = String::new();
    for [id, name, how, invokes, grant] in &rows {
        let [a, b, c, d] = widths;
        let _infallible = writeln!(
            text,
            "{id:<a$}  {name:<b$}  {how:<c$}  {invokes:<d$}  {grant}"
        );
    }
    text
}

/// The policy that must grant the invocation.
fn granting_policy(source: &PushSource) -> &'static str {
    match &source.role {
        Some(role) if role.required => "role of the source",
        Some(_) => "function policy, or role of the source",
        None if source.needs.grants.is_empty() => "trust policy",
        None => "function policy",
    }
}

/// The sources with an ID or, if none has it, with a word of their name; all without a name.
fn named<'c>(
    catalogue: &'c Catalogue,
    name: Option<&str>,
) -> (Vec<&'c PushSource>, Vec<&'c PollSource>) {
    let Some(name) = name else {
        return (
            catalogue.push.iter().collect(),
            catalogue.poll.iter().collect(),
        );
    };
    let wanted = name.to_lowercase();
    let exact = |id: &str| id == wanted;
    let alike = |id: &str, name: &str, needs: &Needs| {
        let mut actions = needs.grants.iter().flat_map(|grant| &grant.actions);
        let service = format!("{wanted}:");
        let by_action = actions.any(|action| action.starts_with(&service));
        id.contains(&wanted) || name.to_lowercase().contains(&wanted) || by_action
    };
    let ids = catalogue.push.iter().map(|source| &source.id);
    let ids = ids.chain(catalogue.poll.iter().map(|source| &source.id));
    let is_exact = ids.into_iter().any(|id| exact(id));
    let means = |id: &str, name: &str, needs: &Needs| match is_exact {
        true => exact(id),
        false => alike(id, name, needs),
    };
    let push = catalogue
        .push
        .iter()
        .filter(|s| means(&s.id, &s.name, &s.needs));
    let poll = catalogue
        .poll
        .iter()
        .filter(|s| means(&s.id, &s.name, &s.needs));
    (push.collect(), poll.collect())
}

/// The problem for a name that no event source has, with a suggestion.
fn unknown(catalogue: &Catalogue, name: &str) -> Problem {
    let ids = catalogue.push.iter().map(|source| source.id.as_str());
    let ids = ids.chain(catalogue.poll.iter().map(|source| source.id.as_str()));
    let help = match nearest(name, ids) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`lint-lambda sources` lists all".to_owned(),
    };
    Problem::of_path(name, "unknown event source").help(help)
}

/// A page whose lines begin with a label.
struct Page(String);

impl Page {
    fn of(name: &str, id: &str) -> Self {
        Page(format!("{} ({id})\n", clean(name)))
    }

    fn line(&mut self, word: &str, text: &str) {
        if !text.is_empty() {
            let _infallible = writeln!(self.0, "  {word:<10} {}", clean(text));
        }
    }

    /// What allows a push source to invoke the function.
    fn grants_of_push(&mut self, source: &PushSource) {
        let actions = actions(&source.needs, Need::Required).join(", ");
        match &source.role {
            _ if source.needs.grants.is_empty() => self.line(
                "grant",
                "the trust policy of the execution role: see the rules of the `trust` pack",
            ),
            Some(role) if role.required => self.role(role, &actions),
            _ => {
                let principals = source.principals.iter().map(Template::as_str);
                let principals = principals.collect::<Vec<&str>>().join(" or ");
                let who = match principals.as_str() {
                    "" => "everyone",
                    principals => principals,
                };
                let grant = format!("the function policy must allow {who}: {actions}");
                self.line("grant", &grant);
                self.line("context", &request_context(source));
            }
        }
    }

    /// What a role that the source always has must allow.
    fn role(&mut self, role: &SourceRole, actions: &str) {
        let text = format!("the role of the source: {actions} on the function and its qualifier");
        self.line("grant", &text);
        let others = of_grants(&role.grants, Need::Required).join(", ");
        if !others.is_empty() {
            self.line("", &format!("it also needs: {others}"));
        }
        let advised = of_grants(&role.grants, Need::Recommended).join(", ");
        self.line("advised", &advised);
    }

    fn references(mut self, needs: &Needs) -> String {
        self.line("failures", &needs.impact);
        if !needs.verified {
            self.line("", "not documented by AWS: findings are warnings at most");
        }
        needs
            .references
            .iter()
            .for_each(|page| self.line("see", page));
        self.0
    }
}

/// The page of a push source.
fn of_push(source: &PushSource) -> String {
    let mut page = Page::of(&source.name, &source.id);
    let how = source.invocation.as_str();
    page.line(
        "calls",
        &format!("push: the source invokes the function, {how}"),
    );
    let commands: Vec<&str> = source.cli_outputs.iter().map(|a| a.origin()).collect();
    let command = commands
        .first()
        .map(|c| format!(": {c}"))
        .unwrap_or_default();
    page.line("set", &format!("{}{command}", source.configured_in));
    let assumed = source
        .role
        .as_ref()
        .and_then(|role| role.service.as_deref());
    page.grants_of_push(source);
    if let Some(service) = assumed {
        let when = match source.role.as_ref().is_some_and(|role| role.required) {
            true => "the role of the source must trust it",
            false => "if the source specifies a role, that role must allow the call and trust it",
        };
        page.line("trust", &format!("{when}: {service}"));
    }
    let types = source.cloudformation_resources.iter();
    let types: Vec<&str> = types.map(|resource| resource.origin()).collect();
    page.line("templates", &unique(&types).join(", "));
    page.references(&source.needs)
}

/// The condition keys in the requests of a source, which the function policy can test.
fn request_context(source: &PushSource) -> String {
    let forms = source.source_arn.iter().map(Template::as_str);
    let forms: Vec<String> = forms
        .filter(|form| form.starts_with("arn:"))
        .map(|form| form.replace(['?', '+'], ""))
        .collect();
    let arn = match forms.first() {
        Some(form) => format!("aws:SourceArn {form}"),
        None => "no documented aws:SourceArn".to_owned(),
    };
    let account = match source.source_account {
        SourceAccount::Sent => ", and aws:SourceAccount",
        SourceAccount::NotSent => ", and no aws:SourceAccount",
        SourceAccount::Undocumented => "",
    };
    format!("{arn}{account}")
}

/// The page of a poll source.
fn of_poll(source: &PollSource) -> String {
    let mut page = Page::of(&source.name, &source.id);
    page.line(
        "calls",
        "poll: Lambda reads the source and invokes the function with the records, synchronous",
    );
    page.line("set", "in an event source mapping: aws lambda list-event-source-mappings --function-name FUNCTION");
    let required = actions(&source.needs, Need::Required).join(", ");
    page.line("grant", &format!("the execution role: {required}"));
    let recommended = actions(&source.needs, Need::Recommended).join(", ");
    if !recommended.is_empty() {
        page.line("advised", &recommended);
    }
    page.line("", "the function policy is not involved");
    page.references(&source.needs)
}

/// The actions of a need; those that only some settings need are in brackets.
fn actions(needs: &Needs, need: Need) -> Vec<String> {
    of_grants(&needs.grants, need)
}

fn of_grants(grants: &[Grant], need: Need) -> Vec<String> {
    let grants = grants.iter().filter(|grant| grant.need == need);
    let actions = grants.flat_map(|grant| {
        let joined = match grant.any_action {
            true => vec![grant.actions.join(" or ")],
            false => grant.actions.clone(),
        };
        let sure = grant.is_unconditional();
        joined.into_iter().map(move |text| match sure {
            true => text,
            false => format!("[{text}]"),
        })
    });
    let actions: Vec<String> = actions.collect();
    unique(&actions)
}

/// The elements without repetitions, in order.
fn unique<T: Clone + PartialEq>(all: &[T]) -> Vec<T> {
    let mut unique: Vec<T> = Vec::new();
    for one in all {
        if !unique.contains(one) {
            unique.push(one.clone());
        }
    }
    unique
}
