//! Bundles: all of a function in one object, with triggers in our own words.

use super::answer::{Reader, push};
use super::facts::TriggerFact;
use super::{Scope, hints};
use crate::catalogue::PushSource;
use crate::document::{Node, distance, nearest};
use crate::finding::Problem;

impl Reader<'_> {
    /// Functions are bundles of their own; triggers belong to the bundle around them.
    pub(super) fn listed(&mut self, name: &str, list: &Node, scope: &Scope) -> bool {
        if name == "Functions" {
            return self.documents(list, &scope.inner(name));
        }
        let mut known = false;
        for trigger in list.items() {
            let told = self.own_trigger(trigger, scope) || self.document(trigger, scope);
            if !told {
                let message = "this tells of no trigger that is known";
                let help = "give it a `kind`, or put an answer of the AWS CLI here";
                self.problems
                    .push(Problem::at(trigger.span, message).help(help));
            }
            known = true;
        }
        known
    }

    /// A trigger in the model's own form: `{"kind": "s3", "sourceArn": …}`.
    fn own_trigger(&mut self, node: &Node, scope: &Scope) -> bool {
        let Some(kind) = node.str("kind") else {
            return false;
        };
        let Some(source) = self.catalogue.push_source(kind) else {
            let known = self.catalogue.push.iter().map(|source| source.id.as_str());
            let known: Vec<&str> = known.collect();
            let message = format!("there is no trigger of the kind `{kind}`");
            let help = match nearest(kind, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("it is one of: {}", known.join(", ")),
            };
            let span = node.get("kind").map_or(node.span, |kind| kind.span);
            self.problems.push(Problem::at(span, message).help(help));
            return true;
        };
        let mistakes = own_trigger_mistakes(node, source);
        if !mistakes.is_empty() {
            self.problems.extend(mistakes);
            return true;
        }
        let mut names = source.own_names(node);
        names.remove("kind");
        if let Some(function) = names.remove("functionArn") {
            names.insert("function".to_owned(), function);
        }
        let fact = TriggerFact {
            kind: kind.to_owned(),
            names,
            node: node.clone(),
            answer: node.span,
            own: true,
        };
        push(&mut self.facts.triggers, fact, scope);
        true
    }
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
    let known: Vec<&str> = ANY.into_iter().chain(source.own_members()).collect();
    let unknown = node
        .members()
        .iter()
        .filter(|member| !known.contains(&&*member.key.text));
    let mut mistakes: Vec<Problem> = unknown
        .map(|member| {
            let message = format!("a trigger of this kind has no member `{}`", member.key.text);
            let help = match nearest(&member.key.text, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("it can have: {}", known.join(", ")),
            };
            Problem::at(member.key.span, message).help(help)
        })
        .collect();
    let arn = node
        .get("sourceArn")
        .filter(|arn| arn.as_text().is_some_and(|a| !source.can_present(a)));
    mistakes.extend(arn.map(|arn| hints::no_arn_of(&source.name, source.arn_form(), arn.span)));
    mistakes
}

/// The members of a bundle.
const BUNDLE: [&str; 14] = [
    "Configuration",
    "Code",
    "Tags",
    "Concurrency",
    "Role",
    "Policy",
    "Policies",
    "EventSourceMappings",
    "FunctionEventInvokeConfigs",
    "FunctionEventInvokeConfig",
    "Aliases",
    "FunctionUrlConfig",
    "FunctionUrlConfigs",
    "Triggers",
];

/// Members whose names are almost those of a bundle's: what they hold would be lost.
pub(super) fn misspelt_members(root: &Node) -> Vec<Problem> {
    let unknown = root
        .members()
        .iter()
        .filter(|member| !BUNDLE.contains(&&*member.key.text));
    let misspelt = unknown.filter_map(|member| {
        let name = &*member.key.text;
        let mut known = BUNDLE.into_iter();
        let near = known.find(|known| known.len() > 5 && distance(name, known) <= 2)?;
        let message = format!("a bundle has no member `{name}`");
        let help = format!("did you mean `{near}`?");
        Some(Problem::at(member.key.span, message).help(help))
    });
    misspelt.collect()
}

/// Whether an object holds the configuration of a function and more of what belongs to it.
pub(super) fn is_bundle(node: &Node) -> bool {
    const MEMBERS: [&str; 6] = [
        "Role",
        "Policy",
        "Policies",
        "EventSourceMappings",
        "FunctionEventInvokeConfigs",
        "Triggers",
    ];
    node.get("Configuration").is_some_and(Node::is_object)
        && MEMBERS.iter().any(|member| node.get(member).is_some())
}
