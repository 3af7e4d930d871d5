//! Triggers and mappings in the form of the inventory.

use crate::catalogue::{Catalogue, PushSource, SourceAccount};
use crate::input::facts::{CompanionFact, DeclaredTrigger, Facts, Scoped, TriggerFact};
use crate::model::FunctionName;
use crate::model::members::{
    ASSUMING_ROLE, CONDITION, EVENT_SOURCE, FUNCTION_ARN, IDLE, KIND, POSSIBLE_ROLE, RELATED, ROLE,
    SOURCE, SOURCE_ACCOUNT, SOURCE_ARN, WRITTEN_AS,
};
use crate::syntax::{Hole, Names, Node, Text};

/// A trigger joined with what belongs to it: the names that all of it sets, and what was written of
/// that elsewhere.
#[derive(Clone, Debug)]
pub(super) struct Joined {
    pub(super) names: Names,
    related: Vec<Node>,
}

/// The trigger that a fact makes with what was joined with it.
pub(super) fn node_of(
    fact: &TriggerFact,
    source: &PushSource,
    function: &FunctionName,
    joined: Joined,
) -> Node {
    let trigger = node(&fact.configuration, source, function, joined.names);
    let trigger = match joined.related.is_empty() {
        true => trigger,
        false => {
            let related = Node::array(joined.related, trigger.span);
            trigger.with(RELATED, related)
        }
    };
    let trigger = match &fact.source {
        Some(source) => trigger.with(SOURCE, source.clone()),
        None => trigger,
    };
    match &fact.declared {
        Some(declared) => made_by(declared, trigger),
        None => trigger,
    }
}

/// A trigger with what the template says of the resource that makes it.
fn made_by(declared: &DeclaredTrigger, trigger: Node) -> Node {
    let span = trigger.span;
    match &declared.condition {
        Some(condition) => trigger.with(CONDITION, Node::text(condition.as_str(), span)),
        None => trigger,
    }
}

/// The triggers that a fact and its companions make: one, or one for each companion that agrees with
/// it, of each kind of companion one after the other, so that each route is joined with each stage.
pub(super) fn joined(
    trigger: &Scoped<TriggerFact>,
    source: &PushSource,
    facts: &Facts,
) -> Vec<Joined> {
    let companions = facts.companions.iter();
    let of_kind = companions.filter(|companion| {
        companion.fact.kind == trigger.fact.kind && companion.scope.agrees(&trigger.scope)
    });
    let mut groups: Vec<(&str, Vec<&Scoped<CompanionFact>>)> = Vec::new();
    for companion in of_kind {
        let given_by = companion.fact.given_by.as_str();
        match groups.iter_mut().find(|(known, _)| *known == given_by) {
            Some((_, group)) => group.push(companion),
            None => groups.push((given_by, vec![companion])),
        }
    }
    let mut all = vec![Joined {
        names: trigger.fact.names.clone(),
        related: Vec::new(),
    }];
    for (_, group) in groups {
        let joined = all
            .iter()
            .flat_map(|joined| with_one(trigger, joined, &group, facts));
        all = joined.take(MOST_JOINED).collect();
    }
    all.retain(|joined| !source.ignores(&joined.names));
    all
}

/// How many triggers one can stand for.
const MOST_JOINED: usize = 1_000;

/// A trigger with each companion that belongs to it.
///
/// A companion that shares a name belongs to the trigger if it agrees in all of them; one that
/// shares none belongs to it if it is the only one nearby and only one document has triggers of its
/// kind.
fn with_one(
    trigger: &Scoped<TriggerFact>,
    joined: &Joined,
    companions: &[&Scoped<CompanionFact>],
    facts: &Facts,
) -> Vec<Joined> {
    let (scope, names) = (&trigger.scope, &joined.names);
    let near = companions.iter().map(|c| c.scope.nearness(scope)).max();
    let mut others = facts.triggers.iter().filter(|other| {
        let is_near = Some(other.scope.nearness(scope)) >= near && other.scope.agrees(scope);
        other.fact.kind == trigger.fact.kind && is_near
    });
    let alone = others.all(|other| other.fact.origin == trigger.fact.origin);
    let nearby: Vec<&CompanionFact> = companions
        .iter()
        .filter(|c| Some(c.scope.nearness(scope)) == near && near > Some(0))
        .map(|c| &c.fact)
        .collect();
    let shares = |more: &CompanionFact| more.names.keys().any(|name| names.contains_key(name));
    let agrees = |more: &CompanionFact| {
        let mut more = more.names.iter();
        more.all(|(name, text)| names.get(name).is_none_or(|own| own == text))
    };
    let agreeing = nearby.iter().filter(|more| shares(more) && agrees(more));
    let agreeing: Vec<Joined> = agreeing.map(|more| joined.with(more)).collect();
    match (agreeing.is_empty(), nearby.as_slice()) {
        (false, _) => agreeing,
        (true, [only]) if alone && agrees(only) => vec![joined.with(only)],
        _ => vec![joined.clone()],
    }
}

impl Joined {
    /// Whether two name the same function in the same way.
    pub(super) fn names_same_function(&self, other: &Self) -> bool {
        let mut names = ["function", "functionName", "qualifier"].into_iter();
        names.all(|name| self.names.get(name) == other.names.get(name))
    }

    fn with(&self, more: &CompanionFact) -> Self {
        let mut joined = self.clone();
        let names = more.names.iter();
        joined
            .names
            .extend(names.map(|(name, text)| (name.clone(), text.clone())));
        joined.related.push(more.configuration.clone());
        joined
    }
}

/// A trigger with the names that its source presents to the function policy.
pub(super) fn node(
    written: &Node,
    source: &PushSource,
    function: &FunctionName,
    names: Names,
) -> Node {
    let span = written.span;
    let text = |text: Text| Node::text(text, span);
    let mut trigger = Node::object(
        [
            (KIND, text(Text::from(source.id.as_str()))),
            (WRITTEN_AS, written.clone()),
        ],
        span,
    );
    let stated = names.contains_key("sourceAccount");
    let mut names = with_place(names, source, function);
    let arn = names.get("sourceArn").cloned().or_else(|| {
        let mut forms = source.source_arn.iter();
        let form = forms.find(|form| form.is_fillable(&names));
        form.map(|form| form.fill(&names))
    });
    // Most ARNs hold the account of what they name.
    if let Some(account) = arn.as_ref().filter(|_| !stated).and_then(account_of) {
        names.insert("sourceAccount".to_owned(), account);
    }
    if let Some(arn) = arn {
        trigger = trigger.with(SOURCE_ARN, text(arn));
    }
    if source.source_account == SourceAccount::Sent
        && let Some(account) = names.get("sourceAccount")
    {
        trigger = trigger.with(SOURCE_ACCOUNT, text(account.clone()));
    }
    let invoked = function
        .invoked_arn()
        .or_else(|| names.get("function").cloned());
    if let Some(arn) = invoked {
        trigger = trigger.with(FUNCTION_ARN, text(arn));
    }
    if let Some(because) = source.idle_because(&names) {
        trigger = trigger.with(IDLE, text(Text::from(because)));
    }
    with_roles(trigger, source, &names)
}

/// A trigger with the roles that its source invokes the function with, as far as they are known.
fn with_roles(trigger: Node, source: &PushSource, names: &Names) -> Node {
    let span = trigger.span;
    let unknown = || Text::hole(Hole::anything(&format!("the role of the {}", source.name)));
    // What is no ARN is an expression that names the role when the source runs.
    let is_open = |role: &Text| role.as_str().is_some_and(|role| !role.starts_with("arn:"));
    let role = names.get("role").map(|role| match is_open(role) {
        true => unknown(),
        false => role.clone(),
    });
    let role = role.or_else(|| source.always_has_role().then(unknown));
    let assuming = names
        .get("assumingRole")
        .filter(|own| role.as_ref().is_some_and(|role| role != *own));
    let possible = names.get("possibleRole").filter(|_| role.is_none());
    let roles = [
        (ROLE, role.clone()),
        (ASSUMING_ROLE, assuming.cloned()),
        (POSSIBLE_ROLE, possible.cloned()),
    ];
    let known = roles
        .into_iter()
        .filter_map(|(name, role)| Some((name, role?)));
    known.fold(trigger, |trigger, (name, role)| {
        trigger.with(name, Node::text(role, span))
    })
}

/// The names with those of the function's place. Source and function are probably in the same
/// account and Region, but need not be.
fn with_place(names: Names, source: &PushSource, function: &FunctionName) -> Names {
    let mut all = function.place();
    for (name, of) in [("sourceAccount", "account"), ("sourceRegion", "region")] {
        let hole = Hole::segment(&format!("{of} of the {}", source.name));
        let hole = match all.get(of).and_then(Text::as_str) {
            Some(likely) => hole.likely(likely),
            None => hole,
        };
        all.insert(name.to_owned(), Text::hole(hole));
    }
    all.extend(names);
    all
}

/// The account that an ARN names.
fn account_of(arn: &Text) -> Option<Text> {
    let account = crate::iam::Arn::parse(arn)?.account;
    (account.as_str() != Some("")).then_some(account)
}

/// A mapping with the kind of the source that it reads.
pub(super) fn mapping(mapping: &Node, catalogue: &Catalogue) -> Node {
    let source = catalogue
        .poll
        .iter()
        .find(|source| source.recognizes(mapping));
    match source {
        Some(source) => mapping.with(EVENT_SOURCE, Node::text(source.id.as_str(), mapping.span)),
        None => mapping.clone(),
    }
}
