//! Triggers and mappings in the form of the model.

use super::function_builder::FunctionBuilder;
use crate::catalogue::{Catalogue, PushSource, SourceAccount};
use crate::input::facts::{CompanionFact, Facts, Scoped, TriggerFact};
use crate::input::hints::{Hint, Hints};
use crate::model::FunctionName;
use crate::syntax::{Hole, Names, Node, Text};

/// The triggers that an answer and its companions tell: one, or one for each companion that
/// agrees with it.
pub(super) fn nodes(
    trigger: &Scoped<TriggerFact>,
    source: &PushSource,
    function: &FunctionName,
    facts: &Facts,
) -> Vec<Node> {
    let fact = &trigger.fact;
    joined(trigger, facts)
        .into_iter()
        .map(|names| node(&fact.node, source, function, names))
        .map(|node| match &fact.resource {
            Some(resource) => made_by(resource, node),
            None => node,
        })
        .collect()
}

/// A trigger with what the template tells of the resource that makes it.
fn made_by(resource: &Node, trigger: Node) -> Node {
    let is_source =
        resource.get("Arn").is_some() && resource.get("Arn") == trigger.get("sourceArn");
    let written = resource.get("writtenArn").filter(|_| is_source);
    let told = [
        ("writtenArn", written),
        ("condition", resource.get("Condition")),
    ];
    let told = told
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)));
    told.fold(trigger, |trigger, (name, value)| {
        trigger.with(name, value.clone())
    })
}

/// The trigger's names with those of its companions: of each kind of companion one after the
/// other, so that each route is joined with each stage.
fn joined(trigger: &Scoped<TriggerFact>, facts: &Facts) -> Vec<Names> {
    let companions = facts.companions.iter();
    let of_kind = companions.filter(|companion| {
        companion.fact.kind == trigger.fact.kind && companion.scope.agrees(&trigger.scope)
    });
    let mut groups: Vec<(&str, Vec<&Scoped<CompanionFact>>)> = Vec::new();
    for companion in of_kind {
        let told_by = companion.fact.told_by.as_str();
        match groups.iter_mut().find(|(known, _)| *known == told_by) {
            Some((_, group)) => group.push(companion),
            None => groups.push((told_by, vec![companion])),
        }
    }
    let mut all = vec![trigger.fact.names.clone()];
    for (_, group) in groups {
        let joined = all
            .iter()
            .flat_map(|names| with_one(trigger, names, &group, facts));
        all = joined.take(MOST_JOINED).collect();
    }
    all
}

/// How many triggers one can stand for.
const MOST_JOINED: usize = 1_000;

/// Names with those of each companion that belongs to them.
///
/// A companion that shares a name belongs to the trigger if it agrees in all of them; one that
/// shares none belongs to it if it is the only one nearby and there is only one answer of its kind.
fn with_one(
    trigger: &Scoped<TriggerFact>,
    names: &Names,
    companions: &[&Scoped<CompanionFact>],
    facts: &Facts,
) -> Vec<Names> {
    let scope = &trigger.scope;
    let near = companions.iter().map(|c| c.scope.nearness(scope)).max();
    let mut others = facts.triggers.iter().filter(|other| {
        let is_near = Some(other.scope.nearness(scope)) >= near && other.scope.agrees(scope);
        other.fact.kind == trigger.fact.kind && is_near
    });
    let alone = others.all(|other| other.fact.answer == trigger.fact.answer);
    let nearby: Vec<&Names> = companions
        .iter()
        .filter(|c| Some(c.scope.nearness(scope)) == near && near > Some(0))
        .map(|c| &c.fact.names)
        .collect();
    let shares = |more: &&&Names| more.keys().any(|name| names.contains_key(name));
    let agrees = |more: &&&Names| {
        more.iter()
            .all(|(name, text)| names.get(name).is_none_or(|own| own == text))
    };
    let with = |more: &Names| {
        let mut all = names.clone();
        all.extend(more.iter().map(|(name, text)| (name.clone(), text.clone())));
        all
    };
    let agreeing: Vec<Names> = nearby
        .iter()
        .filter(shares)
        .filter(agrees)
        .map(|more| with(more))
        .collect();
    match (agreeing.is_empty(), nearby.as_slice()) {
        (false, _) => agreeing,
        (true, [only]) if alone && agrees(&only) => vec![with(only)],
        _ => vec![names.clone()],
    }
}

fn node(written: &Node, source: &PushSource, function: &FunctionName, names: Names) -> Node {
    let span = written.span;
    let text = |text: Text| Node::text(text, span);
    let mut trigger = Node::object(
        [
            ("kind", text(Text::from(source.id.as_str()))),
            ("configuration", written.clone()),
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
        trigger = trigger.with("sourceArn", text(arn));
    }
    if source.source_account == SourceAccount::Sent
        && let Some(account) = names.get("sourceAccount")
    {
        trigger = trigger.with("sourceAccount", text(account.clone()));
    }
    let invoked = function
        .invoked_arn()
        .or_else(|| names.get("function").cloned());
    if let Some(arn) = invoked {
        trigger = trigger.with("functionArn", text(arn));
    }
    let unknown = || Text::hole(Hole::anything(&format!("the role of the {}", source.name)));
    let role = names.get("role").cloned();
    match role.or_else(|| source.always_has_role().then(unknown)) {
        Some(role) => trigger.with("role", text(role)),
        None => trigger,
    }
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

/// A mapping with the source that it reads, and that source's attributes.
pub(super) fn mapping(mapping: &Node, resources: &[Scoped<Node>], catalogue: &Catalogue) -> Node {
    let source = catalogue
        .poll
        .iter()
        .find(|source| source.recognizes(mapping));
    let mut mapping = match source {
        Some(source) => mapping.with("eventSource", Node::text(source.id.as_str(), mapping.span)),
        None => mapping.clone(),
    };
    let arn = mapping.get("EventSourceArn");
    let attributes = resources.iter().find(|resource| {
        resource
            .fact
            .get("QueueArn")
            .is_some_and(|own| Some(own) == arn)
    });
    if let Some(attributes) = attributes {
        mapping = mapping.with("source", attributes.fact.clone());
    }
    mapping
}

/// Adds what flags say to a function.
pub(super) fn add_hints(draft: &mut FunctionBuilder, hints: &Hints, catalogue: &Catalogue) {
    if let Some(span) = hints.vpc {
        let subnets = Node::array(vec![Node::text("subnet", span)], span);
        draft.configure("VpcConfig", Node::object([("SubnetIds", subnets)], span));
    }
    if let Some(span) = hints.tracing {
        let mode = Node::text("Active", span);
        draft.configure("TracingConfig", Node::object([("Mode", mode)], span));
    }
    if let Some((arn, span)) = &hints.dead_letter {
        let target = Node::text(arn.clone(), *span);
        draft.configure(
            "DeadLetterConfig",
            Node::object([("TargetArn", target)], *span),
        );
    }
    for hint in &hints.triggers {
        if let Some(source) = catalogue.push_source(&hint.kind) {
            let mut names = Names::new();
            if let Some(arn) = &hint.arn {
                names.insert("sourceArn".to_owned(), arn.clone());
            }
            let written = Node::object([], hint.span);
            let trigger = node(&written, source, &draft.name, names);
            draft.triggers.push(trigger);
        }
    }
    for hint in &hints.event_sources {
        if let Some(node) = hinted_mapping(hint, &draft.name, catalogue) {
            draft.mappings.push(node);
        }
    }
}

fn hinted_mapping(hint: &Hint, function: &FunctionName, catalogue: &Catalogue) -> Option<Node> {
    let source = catalogue.poll_source(&hint.kind)?;
    let arn = hint.arn.clone().or_else(|| {
        let form = source.arn.as_ref()?;
        Some(form.fill(&likely_place(&function.place())))
    });
    let kind = Node::text(hint.kind.as_str(), hint.span);
    let mapping = Node::object([("eventSource", kind)], hint.span);
    Some(match arn {
        Some(arn) => mapping.with("EventSourceArn", Node::text(arn, hint.span)),
        None => mapping,
    })
}

fn likely_place(place: &Names) -> Names {
    place
        .iter()
        .map(|(name, text)| match text.as_str() {
            Some(known) => (name.clone(), Text::hole(Hole::segment(name).likely(known))),
            None => (name.clone(), text.clone()),
        })
        .collect()
}
