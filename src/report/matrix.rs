//! Which document grants what to whom: for a person, and as JSON.

use std::fmt::Write;

use serde_json::{Value, json};

use super::json::location;
use super::{clean, plain};
use crate::diagnostics::{Grants, NeedRow, Row};
use crate::source::SourceMap;

/// Entries of a list that are shown.
const MOST: usize = 6;

/// The grants of functions, for a person.
#[must_use]
pub fn matrix(sources: &SourceMap, functions: &[Grants]) -> String {
    let mut text = String::new();
    for grants in functions {
        let _infallible = writeln!(text, "{}", clean(&grants.function));
        for row in &grants.rows {
            text.push_str(&row_text(sources, row));
        }
        for need in &grants.needs {
            text.push_str(&needed(need));
        }
        for absent in &grants.absent {
            let _infallible = writeln!(text, "  unknown: {}", clean(absent));
        }
        text.push('\n');
    }
    text
}

/// The lines of a row.
fn row_text(sources: &SourceMap, row: &Row) -> String {
    let effect = if row.denies { "Deny" } else { "Allow" };
    let who = listed(&row.who);
    let who = if who.is_empty() { "everyone" } else { &who };
    let mut text = format!("  {effect} {who}: {}\n", listed(&row.actions));
    let mut line = |label: &str, text_of: &str| {
        if !text_of.is_empty() {
            let _infallible = writeln!(text, "    {label:<4} {text_of}");
        }
    };
    row.unknown
        .iter()
        .for_each(|hint| line("but", &clean(hint)));
    line("on", &listed(&row.resources));
    line("if", &listed(&row.conditions));
    line("for", &listed(&row.purposes));
    let name = match row.name.is_empty() {
        true => String::new(),
        false => format!(" {}", clean(&row.name)),
    };
    let place = plain::place(sources, row.span);
    line("by", &format!("{}{name} ({place})", row.document));
    text
}

/// What the role is needed for, and whether it is allowed.
fn needed(need: &NeedRow) -> String {
    let verdict = match (need.refused.is_empty(), &need.open) {
        (false, _) => format!("not allowed: {}", listed(&need.refused)),
        (true, Some(why)) => format!("unknown: {}", clean(why)),
        (true, None) => "allowed".to_owned(),
    };
    format!("  needs {}: {verdict}\n", clean(&need.name))
}

/// The first entries of a list, and how many more there are.
fn listed(all: &[String]) -> String {
    let mut shown: Vec<String> = all.iter().take(MOST).map(|one| clean(one).into()).collect();
    if all.len() > MOST {
        shown.push(format!("and {} more", all.len() - MOST));
    }
    shown.join(", ")
}

/// The grants of functions, as JSON.
#[must_use]
pub fn matrix_json(sources: &SourceMap, functions: &[Grants]) -> String {
    let each: Vec<Value> = functions
        .iter()
        .map(|grants| {
            let rows: Vec<Value> = grants.rows.iter().map(|row| value(sources, row)).collect();
            let needs: Vec<Value> = grants.needs.iter().map(need_value).collect();
            json!({ "function": grants.function, "grants": rows, "needs": needs, "absent": grants.absent })
        })
        .collect();
    let value = json!({ "version": 1, "functions": each });
    clean::in_json(&format!("{value:#}\n")).into_owned()
}

/// What the role is needed for, as JSON.
fn need_value(need: &NeedRow) -> Value {
    let decision = match (need.refused.is_empty(), &need.open) {
        (false, _) => "denied",
        (true, Some(_)) => "unknown",
        (true, None) => "allowed",
    };
    json!({
        "name": need.name,
        "decision": decision,
        "refused": need.refused,
        "why": need.open,
    })
}

/// A row as JSON.
fn value(sources: &SourceMap, row: &Row) -> Value {
    json!({
        "document": row.document,
        "name": row.name,
        "effect": if row.denies { "Deny" } else { "Allow" },
        "who": row.who,
        "actions": row.actions,
        "unknownActions": row.unknown,
        "resources": row.resources,
        "conditions": row.conditions,
        "purposes": row.purposes,
        "location": location(sources, row.span, None),
    })
}
