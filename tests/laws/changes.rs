//! Places in a case, and changes of what stands there.

use serde_json::{Value, json};

use crate::test_rng::TestRng;

/// The name of the statement that a law changes.
const MARK: &str = "changed";

/// The types of policies without levels, then those with.
const TYPES: [&str; 7] = [
    "identity",
    "resource",
    "boundary",
    "session",
    "endpoint",
    "serviceControl",
    "resourceControl",
];

/// The pointers of all documents of a type.
pub(super) fn documents(case: &Value, of_type: &str) -> Vec<String> {
    let mut found = Vec::new();
    let root = format!("/policies/{of_type}");
    let outer = case.pointer(&root).and_then(Value::as_array);
    for (level, entry) in outer.into_iter().flatten().enumerate() {
        match entry.as_array() {
            Some(inner) => found.extend((0..inner.len()).map(|at| format!("{root}/{level}/{at}"))),
            None => found.push(format!("{root}/{level}")),
        }
    }
    found
}

/// The type and pointer of every statement.
pub(super) fn statements(case: &Value) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for of_type in TYPES {
        for document in documents(case, of_type) {
            let list = case
                .pointer(&document)
                .map(|document| &document["Statement"]);
            let count = list.and_then(Value::as_array).map_or(0, Vec::len);
            found.extend((0..count).map(|at| (of_type, format!("{document}/Statement/{at}"))));
        }
    }
    found
}

/// Names one statement that is as asked for, for the change; its pointer.
pub(super) fn mark(
    case: &mut Value,
    rng: &mut TestRng,
    fits: impl Fn(&str, &Value) -> bool,
) -> Option<String> {
    let all = statements(case).into_iter();
    let fitting = all.filter(|(of_type, at)| {
        let statement = case.pointer(at);
        statement.is_some_and(|statement| statement.is_object() && fits(of_type, statement))
    });
    let fitting: Vec<String> = fitting.map(|(_, at)| at).collect();
    let chosen = fitting.get(rng.roll(fitting.len().max(1)))?.clone();
    case.pointer_mut(&chosen)?["Sid"] = json!(MARK);
    Some(chosen)
}

/// The pointer of the statement that a law changes.
pub(super) fn marked(case: &Value) -> Option<String> {
    let mut all = statements(case).into_iter().map(|(_, at)| at);
    all.find(|at| {
        case.pointer(at)
            .is_some_and(|statement| statement["Sid"] == MARK)
    })
}

/// Adds a condition to a statement; whether all of it is new.
pub(super) fn add_condition(statement: &mut Value, condition: &Value) -> bool {
    if statement
        .get("Condition")
        .is_some_and(|old| !old.is_object())
    {
        return false;
    }
    let Some(operators) = condition.as_object() else {
        let is_new = statement.get("Condition").is_none();
        if is_new {
            statement["Condition"] = condition.clone();
        }
        return is_new;
    };
    for (operator, keys) in operators {
        for (key, values) in keys.as_object().into_iter().flatten() {
            let block = &mut statement["Condition"][operator];
            if block.get(key).is_some() {
                return false;
            }
            block[key] = values.clone();
        }
    }
    true
}

/// The entries of an element, whether it is a list or one text.
pub(super) fn entries(value: &Value) -> Vec<String> {
    let texts = |value: &Value| value.as_str().map(str::to_owned);
    match value {
        Value::Array(list) => list.iter().filter_map(texts).collect(),
        one => texts(one).into_iter().collect(),
    }
}

/// Replaces an entry of an element; whether it was there.
pub(super) fn replace_entry(value: &mut Value, from: &str, to: &str) -> bool {
    let mut is_there = false;
    let single = std::slice::from_mut(value);
    let list = match single {
        [Value::Array(list)] => list.as_mut_slice(),
        one => one,
    };
    for entry in list.iter_mut().filter(|entry| *entry == from) {
        *entry = json!(to);
        is_there = true;
    }
    is_there
}

/// A pattern that takes in at least what a pattern does, with wildcards in the place of a part of it.
pub(super) fn wider(rng: &mut TestRng, pattern: &str) -> String {
    if rng.roll(8) == 0 {
        return "*".to_owned();
    }
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '*' || c == '?';
    let mut places: Vec<usize> = Vec::new();
    let mut is_inside = false;
    let head = if pattern.starts_with("arn:") { 3 } else { 0 };
    for (at, c) in pattern.char_indices() {
        is_inside |= c == '$' || c == '<';
        if !is_inside && is_plain(c) && at >= head {
            places.push(at);
        }
        is_inside &= c != '}' && c != '>';
    }
    let Some(start) = places.get(rng.roll(places.len().max(1))).copied() else {
        return pattern.to_owned();
    };
    let is_star = pattern[start..].starts_with('*');
    if rng.roll(3) == 0 && !is_star {
        return format!("{}?{}", &pattern[..start], &pattern[start + 1..]);
    }
    let most = 1 + rng.roll(6);
    let mut end = start + 1;
    while end - start < most && places.contains(&end) {
        end += 1;
    }
    format!("{}*{}", &pattern[..start], &pattern[end..])
}

/// The same value in another order, throughout.
pub(super) fn reordered(value: &Value, rng: &mut TestRng) -> Value {
    fn shuffled<T>(mut list: Vec<T>, rng: &mut TestRng) -> Vec<T> {
        for at in (1..list.len()).rev() {
            list.swap(at, rng.roll(at + 1));
        }
        list
    }
    match value {
        Value::Array(list) => {
            let list: Vec<Value> = list.iter().map(|item| reordered(item, rng)).collect();
            Value::Array(shuffled(list, rng))
        }
        Value::Object(members) => {
            let members = members.iter();
            let members = members.map(|(name, value)| (name.clone(), reordered(value, rng)));
            let members: Vec<(String, Value)> = members.collect();
            Value::Object(shuffled(members, rng).into_iter().collect())
        }
        other => other.clone(),
    }
}

/// The statements that together say what one says, each with one action, resource, principal and value.
pub(super) fn split(statement: &Value) -> Vec<Value> {
    let mut parts = vec![statement.clone()];
    let mut paths = vec!["/Action".to_owned(), "/Resource".to_owned()];
    let principals = statement["Principal"].as_object().into_iter().flatten();
    paths.extend(principals.map(|(kind, _)| format!("/Principal/{kind}")));
    let operators = statement["Condition"].as_object().into_iter().flatten();
    for (operator, keys) in operators {
        let is_sum = !operator.contains("Not") && !operator.starts_with("ForAllValues");
        let keys = keys.as_object().into_iter().flatten();
        let keys = keys.map(|(key, _)| key.replace('/', "~1"));
        paths.extend(
            keys.filter(|_| is_sum)
                .map(|key| format!("/Condition/{operator}/{key}")),
        );
    }
    for path in paths {
        let with = |part: &Value, entry: &Value| {
            let mut part = part.clone();
            if let Some(place) = part.pointer_mut(&path) {
                *place = entry.clone();
            }
            part
        };
        let each = parts.iter().flat_map(|part| match part.pointer(&path) {
            Some(Value::Array(list)) => list.iter().map(|entry| with(part, entry)).collect(),
            _ => vec![part.clone()],
        });
        parts = each.collect();
    }
    let by_kind = parts
        .iter()
        .flat_map(|part| match part["Principal"].as_object() {
            Some(kinds) => kinds
                .iter()
                .map(|(kind, name)| {
                    let mut part = part.clone();
                    part["Principal"] = json!({ kind: name });
                    part
                })
                .collect(),
            None => vec![part.clone()],
        });
    by_kind.collect()
}
