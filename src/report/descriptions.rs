//! Rules and facts as JSON, whose shape `book/src/reference/descriptions.schema.json` fixes.

use serde_json::{Value, json};

use super::json::problem;
use crate::diagnostics::{
    ActionDescription, ActionGroup, CatalogueDescription, PolicyDescription, Problem,
    RuleDescription, SourceDescription,
};
use crate::source::SourceMap;

/// What is described.
#[derive(Clone, Debug)]
pub enum Described {
    /// Rules.
    Rules(Vec<RuleDescription>),
    /// Event sources.
    Sources(Vec<SourceDescription>),
    /// What the catalogue holds.
    Catalogue(Vec<CatalogueDescription>),
    /// Actions.
    Actions(Vec<ActionDescription>),
    /// AWS managed policies.
    Policies(Vec<PolicyDescription>),
}

/// Descriptions as JSON, with a line break at the end.
#[must_use]
pub fn descriptions_json(
    sources: &SourceMap,
    described: &Described,
    problems: &[Problem],
) -> String {
    let (name, list) = match described {
        Described::Rules(all) => ("rules", all.iter().map(rule).collect()),
        Described::Sources(all) => ("sources", all.iter().map(source).collect()),
        Described::Catalogue(all) => ("catalogue", all.iter().map(catalogue).collect()),
        Described::Actions(all) => ("actions", all.iter().map(action).collect()),
        Described::Policies(all) => ("policies", all.iter().map(policy).collect()),
    };
    let list: Vec<Value> = list;
    let problems: Vec<Value> = problems.iter().map(|one| problem(sources, one)).collect();
    let value = json!({ "version": 1, name: list, "problems": problems });
    super::clean::in_json(&format!("{value:#}\n")).into_owned()
}

fn rule(rule: &RuleDescription) -> Value {
    json!({
        "id": &*rule.id,
        "severity": rule.severity.as_str(),
        "title": rule.title,
        "why": rule.why,
        "help": rule.help,
        "references": rule.references,
    })
}

fn source(source: &SourceDescription) -> Value {
    json!({
        "id": source.id,
        "name": source.name,
        "type": if source.is_polled { "polled" } else { "push" },
        "invocation": source.invocation,
        "grantedBy": source.granted_by,
        "configuredIn": source.configured_in,
        "principals": source.principals,
        "arns": source.arns,
        "required": source.required.iter().map(group).collect::<Vec<_>>(),
        "recommended": source.recommended.iter().map(group).collect::<Vec<_>>(),
        "impact": source.impact,
        "documented": source.is_documented,
        "references": source.references,
    })
}

fn group(group: &ActionGroup) -> Value {
    json!({
        "actions": group.actions,
        "any": group.is_any,
        "conditional": group.is_conditional,
    })
}

fn catalogue(held: &CatalogueDescription) -> Value {
    json!({ "type": held.kind, "count": held.count, "date": held.date, "source": held.source })
}

fn action(action: &ActionDescription) -> Value {
    let resources = action.resources.iter().map(
        |(name, arn, is_required)| json!({ "type": name, "arn": arn, "required": is_required }),
    );
    let keys = action.keys.iter();
    let keys = keys.map(|(name, kind)| json!({ "name": name, "type": kind }));
    json!({
        "name": action.name,
        "level": action.level,
        "resources": resources.collect::<Vec<_>>(),
        "conditionKeys": keys.collect::<Vec<_>>(),
        "needs": action.needs,
    })
}

fn policy(policy: &PolicyDescription) -> Value {
    let document: Value = serde_json::from_str(&policy.document).unwrap_or_default();
    json!({ "arn": policy.arn, "version": policy.version, "document": document })
}
