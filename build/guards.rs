//! What a text must be like for the patterns of the rules, which is told without compiling them.

use std::collections::BTreeMap;
use std::fmt::Write;

use regex_syntax::hir::literal::Extractor;
use regex_syntax::hir::{Hir, Look};
use serde_json::Value;

use crate::Fault;

/// The guards of the patterns in packs, as Rust, by pattern.
pub(crate) fn table(packs: &[Value]) -> Result<String, Fault> {
    let mut guards = BTreeMap::new();
    for pack in packs {
        collect(pack, &mut guards)?;
    }
    let mut table = "[\n".to_owned();
    for guard in guards.into_values().flatten() {
        writeln!(table, "    {guard},")?;
    }
    table.push(']');
    Ok(table)
}

/// Adds the guards of all patterns in a value.
fn collect(value: &Value, guards: &mut BTreeMap<String, Option<String>>) -> Result<(), Fault> {
    match value {
        Value::Array(items) => items.iter().try_for_each(|item| collect(item, guards)),
        Value::Object(members) => {
            members
                .iter()
                .try_for_each(|(name, value)| match (name.as_str(), value) {
                    ("pattern" | "unless", Value::String(pattern)) => {
                        guards.insert(pattern.clone(), guard(pattern)?);
                        Ok(())
                    }
                    _ => collect(value, guards),
                })
        }
        _ => Ok(()),
    }
}

/// The guard of a pattern, if there is anything to tell.
fn guard(pattern: &str) -> Result<Option<String>, Fault> {
    let hir = regex_syntax::parse(pattern).map_err(|error| format!("{pattern}: {error}"))?;
    let least = hir.properties().minimum_len().unwrap_or(0);
    let (begins, is_exact) = begins(&hir);
    let has_something = least > 0 || !begins.is_empty();
    let guard = format!(
        "Guard {{ pattern: {pattern:?}, least: {least}, begins: &{begins:?}, is_exact: {is_exact} }}"
    );
    Ok(has_something.then_some(guard))
}

/// What texts begin with that a pattern matches, if it can only match at the start, and whether all that do match.
fn begins(hir: &Hir) -> (Vec<String>, bool) {
    let properties = hir.properties();
    if !properties.look_set_prefix().contains(Look::Start) {
        return (Vec::new(), false);
    }
    let found = Extractor::new().extract(hir);
    let is_exact = found.is_exact() && properties.look_set().len() == 1;
    let texts = found.literals().unwrap_or_default().iter();
    let texts = texts.map(|literal| String::from_utf8(literal.as_bytes().to_vec()).ok());
    let texts: Option<Vec<String>> = texts.collect();
    match texts.filter(|texts| texts.iter().all(|text| !text.is_empty())) {
        Some(texts) => (texts, is_exact),
        None => (Vec::new(), false),
    }
}
