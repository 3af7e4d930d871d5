//! Which statements a requirement is about, and where to point in one.

use super::context::LintContext;
use super::kind::{Form, Member, optional};
use crate::iam::{Context, PrincipalElement, PrincipalEntry, Statement, Truth};
use crate::source::Span;
use crate::syntax::{Fields, Node, Text};

/// Statements that a requirement is about.
#[derive(Debug)]
pub(super) struct StatementFilter {
    /// Those that name such a principal; all where there is none.
    principal: Option<PrincipalKind>,
    /// Those that cover one of these actions; all where none is named.
    actions: Vec<String>,
    /// Those that name one of these services; all where none is named.
    services: Vec<String>,
    /// Those that name another service than these; all where none is named.
    other_services: Vec<String>,
}

/// Kinds of principals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PrincipalKind {
    Everybody,
    Service,
}

/// The members that say which statements are meant.
pub(super) const PRINCIPAL: Member = optional(
    "principal",
    Form::Word(&["everybody", "service"]),
    "Only statements that name such a principal.",
);
pub(super) const ACTIONS: Member = optional(
    "actions",
    Form::Texts,
    "Only statements that cover one of these actions.",
);

pub(super) const SERVICES: Member = optional(
    "services",
    Form::Texts,
    "Only statements that name one of these service principals, in any of their regional or partition-specific forms.",
);
pub(super) const OTHER_SERVICES: Member = optional(
    "otherServices",
    Form::Texts,
    "Only statements that name a service principal other than these.",
);

impl StatementFilter {
    pub(super) fn decode(fields: &mut Fields<'_, '_>) -> Self {
        let words = [
            ("everybody", PrincipalKind::Everybody),
            ("service", PrincipalKind::Service),
        ];
        StatementFilter {
            principal: fields.optional_word("principal", &words),
            actions: fields.texts("actions"),
            services: fields.texts("services"),
            other_services: fields.texts("otherServices"),
        }
    }

    /// Whether all statements are meant.
    pub(super) fn is_all(&self) -> bool {
        self.principal.is_none() && self.actions.is_empty() && !self.asks_for_services()
    }

    fn asks_for_services(&self) -> bool {
        !self.services.is_empty() || !self.other_services.is_empty()
    }

    /// The first entry of a principal that is a service which is meant.
    pub(super) fn service<'s>(
        &self,
        cx: LintContext<'_>,
        statement: &'s Statement,
    ) -> Option<&'s PrincipalEntry> {
        let principal = statement.principal.as_ref().filter(|p| !p.negated)?;
        let principals = &cx.catalogue.principals;
        let is_of = |entry: &PrincipalEntry, services: &[String]| {
            services
                .iter()
                .any(|service| principals.is_of(&entry.name, service))
        };
        let mut services = principal.entries.iter().filter(|e| e.kind == "Service");
        services.find(|entry| {
            (self.services.is_empty() || is_of(entry, &self.services))
                && !is_of(entry, &self.other_services)
        })
    }

    /// Whether a statement is meant.
    pub(super) fn selects(&self, cx: LintContext<'_>, statement: &Statement) -> bool {
        let principal = statement.principal.as_ref();
        let of_principal = match self.principal {
            None => true,
            // Whoever is not named is everybody else.
            Some(PrincipalKind::Everybody) => {
                principal.is_some_and(|p| p.negated || p.is_everybody())
            }
            Some(PrincipalKind::Service) => principal.is_some_and(PrincipalElement::names_service),
        };
        let context = Context::default();
        let covers = |action: &String| {
            let actions = statement.actions.as_ref();
            actions.is_some_and(|a| a.covers(&Text::from(action.as_str()), &context) != Truth::No)
        };
        let of_service = !self.asks_for_services() || self.service(cx, statement).is_some();
        of_principal && of_service && (self.actions.is_empty() || self.actions.iter().any(covers))
    }
}

/// Conditions of a statement, and the statements that are meant.
#[derive(Debug)]
pub(super) struct ConditionFilter {
    /// The keys, in lower case, with `*` at the end for all that begin so; all keys where none is
    /// named.
    keys: Vec<String>,
    of: StatementFilter,
}

/// The member that names condition keys.
pub(super) const KEYS: Member = optional(
    "keys",
    Form::Texts,
    "The condition keys; a `*` at the end matches all keys with this prefix. By default, all keys.",
);

impl ConditionFilter {
    pub(super) fn decode(fields: &mut Fields<'_, '_>) -> Self {
        let keys = fields.texts("keys");
        ConditionFilter {
            keys: keys.iter().map(|key| key.to_lowercase()).collect(),
            of: StatementFilter::decode(fields),
        }
    }

    /// Whether a statement is meant.
    pub(super) fn selects(&self, cx: LintContext<'_>, statement: &Statement) -> bool {
        self.of.selects(cx, statement)
    }

    /// The service that a statement names and that is meant.
    pub(super) fn service<'s>(
        &self,
        cx: LintContext<'_>,
        statement: &'s Statement,
    ) -> Option<&'s PrincipalEntry> {
        self.of.service(cx, statement)
    }

    /// The place of the first condition on one of the keys that confines the statement.
    pub(super) fn confining(&self, statement: &Statement) -> Option<Span> {
        let is = |key: &str, wanted: &String| match wanted.strip_suffix('*') {
            Some(prefix) => key.starts_with(prefix),
            None => key == wanted,
        };
        let meant = |key: &str| self.keys.is_empty() || self.keys.iter().any(|w| is(key, w));
        let mut conditions = statement.conditions.iter();
        let found = conditions.find(|c| meant(c.folded_key()) && c.confines())?;
        Some(found.span)
    }
}

/// Where to point in a statement: its principal says the most.
pub(super) fn place_in_statement(node: &Node) -> Span {
    let member = ["Principal", "NotPrincipal"]
        .iter()
        .find_map(|name| node.member(name));
    member.map_or(node.span, |member| {
        let (key, value) = (member.key.span, member.value.span);
        // A value that comes from another place has its own.
        match key.file == value.file && key.start <= value.start {
            true => Span::new(key.file, key.start, value.end),
            false => value,
        }
    })
}
