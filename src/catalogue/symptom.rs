//! Symptoms of missing permissions: what errors say, what follows, and what must change.

use super::load::each;
use super::metric::MetricPattern;
use crate::diagnostics::{DeniedCaller, Document, Problem};
use crate::syntax::{Fields, Node, TextPattern};

/// All symptoms, in the order in which they are tried: special ones stand before general ones.
#[derive(Debug, Default)]
pub struct Symptoms {
    /// Errors that have a text.
    pub list: Vec<Symptom>,
    /// What shows without any error text.
    pub silent: Vec<Silent>,
    /// What is left where the documents allow what was refused.
    pub left: Vec<Cause>,
    /// What metrics mean together.
    pub metrics: Vec<MetricPattern>,
    /// Metrics that say nothing of permissions.
    pub other_metrics: Vec<String>,
    operations: Vec<Operation>,
    /// Calls that need an action of another name.
    calls: Vec<(String, String)>,
    /// Sources of events whose actions begin with another name.
    event_sources: Vec<(String, String)>,
    sessions: Vec<Session>,
    /// Roles whose names tell who works with them.
    roles: Vec<Session>,
    /// Codes with which services refuse requests.
    refusals: Vec<String>,
    /// Actions that only some callers have to do with.
    callers: Vec<Session>,
}

/// An error text and what it means.
#[derive(Debug)]
pub struct Symptom {
    /// The id.
    pub id: String,
    /// Whether the wording was seen in AWS's pages or in a report; else it is matched loosely, and
    /// what follows is said with less certainty.
    pub is_seen: bool,
    /// Texts of which one stands in every error that the pattern finds; a space is any white space.
    pub words: Vec<String>,
    /// Finds it, with named parts.
    pub pattern: TextPattern,
    /// An error that it finds.
    pub example: String,
    /// A similar text that it does not find.
    pub counter_example: String,
    /// Who is refused; none where the text names the principal.
    pub who: Option<DeniedCaller>,
    /// Whether a Deny is what refuses, so that no further grant helps.
    pub denied: bool,
    /// Whether it only adds to an error that stands before it, such as a code beside its reason.
    pub is_extra: bool,
    /// The principal of the service that is refused; a text with `{name}` of the pattern.
    pub service: Option<String>,
    /// What it tried; a text with `{name}`.
    pub action: Option<String>,
    /// On what; a text with `{name}`.
    pub resource: Option<String>,
    /// What happened; a text with `{name}`.
    pub means: String,
    /// What it can come from, the likeliest first.
    pub causes: Vec<Cause>,
    /// Why other documents than those of the causes have no part in it.
    pub not: Option<String>,
    /// A command that checks the cure.
    pub check: Option<String>,
    /// Pages about it.
    pub references: Vec<String>,
}

/// One cause of a symptom.
#[derive(Debug)]
pub struct Cause {
    /// What must change.
    pub document: Document,
    /// Why.
    pub because: String,
    /// What to do.
    pub fix: String,
    /// What tells whether it is this cause.
    pub tell: Option<String>,
    /// The actions for which it can be this cause; all where none is named.
    only: Option<TextPattern>,
    /// The actions for which it cannot.
    unless: Option<TextPattern>,
}

/// Something that shows in metrics or nowhere.
#[derive(Debug)]
pub struct Silent {
    /// The id.
    pub id: String,
    /// What is seen.
    pub seen: String,
    /// The cause.
    pub cause: Cause,
    /// A command that checks it.
    pub check: Option<String>,
    /// Pages about it.
    pub references: Vec<String>,
}

/// How errors of Lambda name a call, and the actions that it needs.
#[derive(Debug)]
struct Operation {
    name: String,
    service: String,
    actions: Vec<String>,
}

/// What the name of a session or action tells of who it is.
#[derive(Debug)]
struct Session {
    pattern: TextPattern,
    who: DeniedCaller,
}

impl Symptoms {
    pub(super) fn decode(root: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(root, "the symptoms", problems)?;
        let names = [
            "symptoms",
            "silent",
            "operations",
            "sessions",
            "left",
            "callers",
            "metrics",
            "calls",
            "eventSources",
            "roles",
        ];
        let lists = names.map(|name| fields.list(name));
        let other_metrics = fields.texts("otherMetrics");
        let refusals = fields.texts("refusals");
        fields.optional_text("$schema");
        fields.finish();
        let [
            symptoms,
            silent,
            operations,
            sessions,
            left,
            callers,
            metrics,
            calls,
            event_sources,
            roles,
        ] = lists;
        Some(Symptoms {
            list: each(symptoms, problems, Symptom::decode),
            silent: each(silent, problems, Silent::decode),
            left: each(left, problems, Cause::decode),
            operations: each(operations, problems, Operation::decode),
            calls: pairs(calls, "call", "action"),
            event_sources: pairs(event_sources, "source", "prefix"),
            sessions: each(sessions, problems, Session::decode),
            roles: each(roles, problems, Session::decode),
            refusals,
            callers: each(callers, problems, Session::decode),
            metrics: each(metrics, problems, MetricPattern::decode),
            other_metrics,
        })
    }

    /// Puts symptoms of the user's before these, and takes those of the same id away.
    pub(super) fn add(&mut self, own: Symptoms) {
        let is_own = |id: &str| own.list.iter().any(|symptom| symptom.id == id);
        self.list.retain(|symptom| !is_own(&symptom.id));
        self.list.splice(0..0, own.list);
        self.silent.splice(0..0, own.silent);
        self.left.splice(0..0, own.left);
        self.operations.splice(0..0, own.operations);
        self.calls.splice(0..0, own.calls);
        self.event_sources.splice(0..0, own.event_sources);
        self.sessions.splice(0..0, own.sessions);
        self.roles.splice(0..0, own.roles);
        self.refusals.extend(own.refusals);
        self.callers.splice(0..0, own.callers);
        self.metrics.splice(0..0, own.metrics);
        self.other_metrics.extend(own.other_metrics);
    }

    /// The service of an action, as CloudTrail names the source of an event.
    #[must_use]
    pub fn prefix_of<'a>(&'a self, source: &'a str) -> &'a str {
        let mut known = self.event_sources.iter();
        let found = known.find(|(name, _)| name == source);
        found.map_or(source, |(_, prefix)| prefix)
    }

    /// The action that a call needs, where it has another name.
    #[must_use]
    pub fn action_of<'a>(&'a self, call: &'a str) -> &'a str {
        let mut known = self.calls.iter();
        let found = known.find(|(name, _)| name == call);
        found.map_or(call, |(_, action)| action)
    }

    /// The actions of a call as errors name it, `ReceiveMessage` of `SQS`.
    #[must_use]
    pub fn actions_of(&self, operation: &str, service: &str) -> &[String] {
        let same = |known: &&Operation| {
            known.name == operation && known.service.eq_ignore_ascii_case(service)
        };
        let found = self.operations.iter().find(same);
        found.map_or(&[], |operation| &operation.actions)
    }

    /// Who works in a session of that name, where the name tells.
    #[must_use]
    pub fn who_in(&self, session: &str) -> Option<DeniedCaller> {
        who_of(&self.sessions, session)
    }

    /// Who works with a role of that name, where the name tells.
    #[must_use]
    pub fn who_has(&self, role: &str) -> Option<DeniedCaller> {
        who_of(&self.roles, role)
    }

    /// Whether a code says that a request was refused.
    #[must_use]
    pub fn is_refusal(&self, code: &str) -> bool {
        self.refusals.iter().any(|known| known == code)
    }

    /// Who calls an action, where hardly anybody else does.
    #[must_use]
    pub fn who_calls(&self, action: &str) -> Option<DeniedCaller> {
        who_of(&self.callers, action)
    }
}

/// Two texts of each entry.
fn pairs(nodes: &[Node], from: &str, to: &str) -> Vec<(String, String)> {
    let texts = nodes
        .iter()
        .filter_map(|node| Some((node.str(from)?.to_owned(), node.str(to)?.to_owned())));
    texts.collect()
}

fn who_of(known: &[Session], text: &str) -> Option<DeniedCaller> {
    let found = known.iter().find(|known| known.pattern.matches(text))?;
    Some(found.who)
}

impl Symptom {
    fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        const WORDINGS: [(&str, bool); 3] =
            [("documented", true), ("reported", true), ("usual", false)];
        let mut fields = Fields::open(node, "a symptom", problems)?;
        let id = fields.text("id").map(str::to_owned);
        let is_seen = fields.word("wording", &WORDINGS);
        let words = fields.texts("words");
        fields.required("pattern");
        let pattern = fields.pattern("pattern", true);
        let example = fields.text("example").map(str::to_owned);
        let counter_example = fields.text("counterExample").map(str::to_owned);
        let who = who(&mut fields);
        let denied = fields.flag("denied").unwrap_or(false);
        let is_extra = fields.flag("extra").unwrap_or(false);
        let mut optional = |name| fields.optional_text(name).map(str::to_owned);
        let (service, action) = (optional("service"), optional("action"));
        let (resource, not) = (optional("resource"), optional("not"));
        let check = optional("check");
        let means = fields.text("means").map(str::to_owned);
        let causes = fields.list("causes");
        let references = fields.texts("references");
        fields.finish();
        Some(Symptom {
            id: id?,
            is_seen: is_seen?,
            words,
            pattern: pattern?,
            example: example?,
            counter_example: counter_example?,
            who,
            denied,
            is_extra,
            service,
            action,
            resource,
            means: means?,
            causes: each(causes, problems, Cause::decode),
            not,
            check,
            references,
        })
    }
}

/// The word for who is refused; `principal` is whom the text names.
fn who(fields: &mut Fields<'_, '_>) -> Option<DeniedCaller> {
    let mut words: Vec<(&str, Option<DeniedCaller>)> = vec![("principal", None)];
    words.extend(DeniedCaller::WORDS.map(|(word, who)| (word, Some(who))));
    fields.word("who", &words).flatten()
}

impl Cause {
    /// Whether it can be the cause of the refusal of an action.
    #[must_use]
    pub fn fits(&self, action: Option<&str>) -> bool {
        let Some(action) = action else { return true };
        let is = |pattern: &Option<TextPattern>, otherwise| {
            pattern
                .as_ref()
                .map_or(otherwise, |pattern| pattern.matches(action))
        };
        is(&self.only, true) && !is(&self.unless, false)
    }

    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a cause", problems)?;
        let cause = Cause::of(&mut fields);
        fields.finish();
        cause
    }

    fn of(fields: &mut Fields<'_, '_>) -> Option<Self> {
        let document = fields.word("document", &Document::WORDS);
        let because = fields.text("because").map(str::to_owned);
        let fix = fields.text("fix").map(str::to_owned);
        let tell = fields.optional_text("tell").map(str::to_owned);
        let only = fields.pattern("only", true);
        let unless = fields.pattern("unless", true);
        Some(Cause {
            document: document?,
            because: because?,
            fix: fix?,
            tell,
            only,
            unless,
        })
    }
}

impl Silent {
    fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a silent symptom", problems)?;
        let id = fields.text("id").map(str::to_owned);
        let seen = fields.text("seen").map(str::to_owned);
        let cause = Cause::of(&mut fields);
        let check = fields.optional_text("check").map(str::to_owned);
        let references = fields.texts("references");
        fields.finish();
        Some(Silent {
            id: id?,
            seen: seen?,
            cause: cause?,
            check,
            references,
        })
    }
}

impl Operation {
    fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "an operation", problems)?;
        let name = fields.text("operation").map(str::to_owned);
        let service = fields.text("service").map(str::to_owned);
        let actions = fields.texts("actions");
        fields.finish();
        Some(Operation {
            name: name?,
            service: service?,
            actions,
        })
    }
}

impl Session {
    fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a session", problems)?;
        let pattern = fields.pattern("pattern", true);
        let who = fields.word("who", &DeniedCaller::WORDS);
        fields.finish();
        Some(Session {
            pattern: pattern?,
            who: who?,
        })
    }
}
