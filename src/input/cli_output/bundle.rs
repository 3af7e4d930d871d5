//! Bundles: all of a function in one object, with triggers in our own words.

use super::Reader;
use crate::catalogue::PushSource;
use crate::diagnostics::Problem;
use crate::input::detect::{CONFIGURATIONS, is_bundle, is_configuration};
use crate::input::facts::{TriggerFact, push};
use crate::input::hints;
use crate::input::scope::Scope;
use crate::source::Span;
use crate::syntax::{Member, Node, distance, nearest};

impl Reader<'_, '_> {
    /// Triggers belong to the bundle that they stand in. A list that is in no bundle and has none that is known is
    /// another program's.
    pub(super) fn trigger_list(&mut self, root: &Node, list: &Node, scope: &Scope) -> bool {
        let is_ours = is_bundle(root);
        let mut is_known = list.items().is_empty();
        for trigger in list.items() {
            let is_own = is_ours || trigger.members().iter().any(is_member_of_triggers);
            let known = is_own && self.own_trigger(trigger, scope) || self.document(trigger, scope);
            is_known |= known;
            if !known && is_ours {
                let message = "unknown trigger";
                let help = "add a `kind`, or use the output of a command of the AWS CLI";
                let problem = Problem::at(trigger.span, message).help(help);
                self.emitter.problems.push(problem);
            }
        }
        is_known || is_ours
    }

    /// A trigger in the form of the inventory: `{"kind": "s3", "sourceArn": …}`.
    fn own_trigger(&mut self, node: &Node, scope: &Scope) -> bool {
        let Some(kind) = node.str("kind") else {
            return false;
        };
        let Some(source) = self.catalogue.push_source(kind) else {
            let known = self.catalogue.push.iter().map(|source| source.id.as_str());
            let span = node.get("kind").map_or(node.span, |kind| kind.span);
            let problem = unknown_kind(kind, span, &known.collect::<Vec<&str>>());
            self.emitter.problems.push(problem);
            return true;
        };
        let mistakes = own_trigger_mistakes(node, source);
        if !mistakes.is_empty() {
            self.emitter.problems.extend(mistakes);
            return true;
        }
        let mut names = source.bundle_variables(node);
        names.remove("kind");
        if let Some(function) = names.remove("functionArn") {
            names.insert("function".to_owned(), function);
        }
        let fact = TriggerFact {
            kind: kind.to_owned(),
            names,
            configuration: node.clone(),
            source: None,
            origin: node.span,
            is_own_form: true,
            declared: None,
        };
        push(&mut self.emitter.facts.triggers, fact, scope);
        true
    }
}

fn unknown_kind(kind: &str, span: Span, known: &[&str]) -> Problem {
    let message = format!("unknown trigger kind `{kind}`");
    let help = match nearest(kind, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("expected one of: {}", known.join(", ")),
    };
    Problem::at(span, message).help(help)
}

/// Members of a trigger in our own form that no such trigger has, and an ARN of something else.
fn own_trigger_mistakes(node: &Node, source: &PushSource) -> Vec<Problem> {
    const ANY: [&str; 7] = [
        "kind",
        "functionArn",
        "sourceArn",
        "sourceAccount",
        "sourceRegion",
        "role",
        "configuration",
    ];
    let known: Vec<&str> = ANY.into_iter().chain(source.bundle_members()).collect();
    let unknown = node
        .members()
        .iter()
        .filter(|member| !known.contains(&&*member.key.text));
    let mut mistakes: Vec<Problem> = unknown
        .map(|member| {
            let message = format!(
                "unknown member `{}` for a trigger of this kind",
                member.key.text
            );
            let help = match nearest(&member.key.text, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("expected one of: {}", known.join(", ")),
            };
            Problem::at(member.key.span, message).help(help)
        })
        .collect();
    mistakes.extend(
        node.members()
            .iter()
            .filter_map(|member| wrong_name(member, source)),
    );
    let arn = node
        .get("sourceArn")
        .filter(|arn| arn.as_text().is_some_and(|a| !source.can_send(a)));
    mistakes.extend(arn.map(|arn| hints::no_arn_of(&source.name, source.arn_format(), arn.span)));
    mistakes
}

/// An ARN where a name is wanted, or a name where an ARN is.
fn wrong_name(member: &Member, source: &PushSource) -> Option<Problem> {
    let name = &*member.key.text;
    let text = member.value.as_str()?;
    let is_arn = text.starts_with("arn:");
    let wants_arn = name.ends_with("Arn") && name != "functionArn";
    let reads_arn = source
        .bundle_triggers
        .iter()
        .any(|extraction| extraction.members().any(|member| member == name));
    let is_name = source.bundle_members().any(|member| member == name);
    let message = match (is_arn, wants_arn) {
        (false, true) => format!("`{name}` must be an ARN"),
        (true, false) if is_name && !reads_arn => {
            format!("`{name}` must be a name; specify an ARN in `sourceArn`")
        }
        _ => return None,
    };
    Some(Problem::at(member.value.span, message))
}

/// Whether a member can only be that of a trigger in our own form.
fn is_member_of_triggers(member: &Member) -> bool {
    ["functionArn", "sourceArn", "sourceAccount", "sourceRegion"].contains(&&*member.key.text)
}

/// What a member of a bundle holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    Object,
    List,
    Anything,
}

/// The members of a bundle.
const BUNDLE: [(&str, Holds); 15] = [
    ("Configuration", Holds::Object),
    ("FunctionConfiguration", Holds::Object),
    ("Code", Holds::Anything),
    ("Tags", Holds::Anything),
    ("Concurrency", Holds::Anything),
    ("Role", Holds::Object),
    ("Policy", Holds::Anything),
    ("Policies", Holds::List),
    ("EventSourceMappings", Holds::List),
    ("FunctionEventInvokeConfigs", Holds::List),
    ("FunctionEventInvokeConfig", Holds::Object),
    ("Aliases", Holds::List),
    ("FunctionUrlConfig", Holds::Object),
    ("FunctionUrlConfigs", Holds::List),
    ("Triggers", Holds::List),
];

/// Members of a bundle that no other program has.
const UNMISTAKABLE: [&str; 5] = [
    "EventSourceMappings",
    "FunctionEventInvokeConfigs",
    "FunctionEventInvokeConfig",
    "FunctionUrlConfig",
    "FunctionUrlConfigs",
];

/// Members of a bundle that are misspelt or hold something else: what is in them would be lost.
pub(super) fn mistaken_members(root: &Node) -> Vec<Problem> {
    let names_configuration = |name: &str| {
        CONFIGURATIONS
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
    };
    let has_other = UNMISTAKABLE.iter().any(|name| root.get(name).is_some());
    let is_ours = |member: &Member| {
        let value = &member.value;
        let is_function = is_configuration(value) || !value.is_object() && has_other;
        names_configuration(&member.key.text) && is_function
    };
    let mut members = root.members().iter();
    if !members.any(|m| is_ours(m) && !m.value.is_null()) {
        return Vec::new();
    }
    root.members().iter().filter_map(mistake).collect()
}

fn mistake(member: &Member) -> Option<Problem> {
    let name = &*member.key.text;
    let Some((_, holds)) = BUNDLE.into_iter().find(|(known, _)| *known == name) else {
        let near = |known: &&str| known.len() > 5 && distance(name, known) <= 2;
        let mut known = BUNDLE.into_iter().map(|(known, _)| known);
        let near = known.find(|known| known.eq_ignore_ascii_case(name) || near(known))?;
        let message = format!("unknown member `{name}` in a bundle");
        let help = format!("did you mean `{near}`?");
        return Some(Problem::at(member.key.span, message).help(help));
    };
    let value = &member.value;
    let wanted = match holds {
        Holds::Object if !value.is_object() => "an object",
        Holds::List if !value.is_array() => "a list",
        _ => return None,
    };
    // `Role` is also the ARN in a configuration that lies open, and `null` says that there is none.
    let is_arn = name == "Role" && value.as_text().is_some();
    let message = format!("`{name}` must be {wanted}, not {}", value.kind_name());
    (!is_arn && !value.is_null()).then(|| Problem::at(value.span, message))
}
