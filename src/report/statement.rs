//! What to write: new statements as JSON, and as the command that adds them.

use serde_json::{Map, Value, json};

use crate::diagnostics::{Fix, NewStatement, PolicyKind, quoted};

/// Lines to paste are not longer than that where they can be broken.
const WIDTH: usize = 90;

/// A statement as JSON of a policy document.
pub(super) fn value(statement: &NewStatement, declared: bool) -> Value {
    let mut members = Map::new();
    if let Some(sid) = &statement.sid {
        members.insert("Sid".to_owned(), json!(sid));
    }
    members.insert("Effect".to_owned(), json!("Allow"));
    if let Some((kind, name)) = &statement.principal {
        let principal = if name == "*" {
            json!("*")
        } else {
            json!({ kind: name })
        };
        members.insert("Principal".to_owned(), principal);
    }
    members.insert("Action".to_owned(), one_or_list(&statement.actions, false));
    if !statement.resources.is_empty() {
        let resources = one_or_list(&statement.resources, declared);
        members.insert("Resource".to_owned(), resources);
    }
    if !statement.conditions.is_empty() {
        let conditions = conditions(statement, declared);
        members.insert("Condition".to_owned(), conditions);
    }
    Value::Object(members)
}

fn conditions(statement: &NewStatement, declared: bool) -> Value {
    let mut operators = Map::new();
    for test in &statement.conditions {
        let keys = operators
            .entry(test.operator.clone())
            .or_insert_with(|| json!({}));
        if let Value::Object(keys) = keys {
            keys.insert(test.key.clone(), text(&test.value, declared));
        }
    }
    Value::Object(operators)
}

fn one_or_list(texts: &[String], declared: bool) -> Value {
    match texts {
        [one] => text(one, declared),
        several => several.iter().map(|one| text(one, declared)).collect(),
    }
}

/// A text; in a template, with calls for what it leaves open.
fn text(written: &str, declared: bool) -> Value {
    let inside = written
        .strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'));
    match (inside, declared) {
        (Some(call), true) if call.split('.').count() == 2 && !call.contains(['$', ':']) => {
            json!({ "Fn::GetAtt": call.split('.').collect::<Vec<&str>>() })
        }
        (Some(name), true) if !name.contains(['.', '$']) => json!({ "Ref": name }),
        (_, true) if written.contains("${") => json!({ "Fn::Sub": written }),
        _ => json!(written),
    }
}

/// The lines that mend a finding: for a function policy commands, or resources of the template that
/// declares the function, and JSON for any other document.
pub(super) fn lines(fix: &Fix) -> Vec<String> {
    match fix {
        Fix::Replace { .. } => Vec::new(),
        Fix::Allow {
            policy: PolicyKind::FunctionPolicy,
            owner,
            qualifier,
            declared,
            condition,
            statements,
        } => {
            let function = owner.as_deref().unwrap_or("FUNCTION");
            let qualifier = qualifier.as_deref();
            let lines = |statement: &NewStatement| {
                let lines = match *declared {
                    true => resource(function, qualifier, condition.as_deref(), statement),
                    false => command(function, qualifier, statement),
                };
                lines.unwrap_or_else(|| json_lines(&value(statement, *declared)))
            };
            statements.iter().flat_map(lines).collect()
        }
        Fix::Allow {
            statements,
            declared,
            ..
        } => statements
            .iter()
            .flat_map(|statement| json_lines(&value(statement, *declared)))
            .collect(),
    }
}

/// An object on one line, or on a line for each member where it is long.
fn json_lines(value: &Value) -> Vec<String> {
    let line = in_one_line(value);
    let Value::Object(members) = value else {
        return vec![line];
    };
    if line.len() <= WIDTH {
        return vec![line];
    }
    let last = members.len().saturating_sub(1);
    let members = members.iter().enumerate().map(|(index, (key, value))| {
        let open = if index == 0 { "{ " } else { "  " };
        let close = if index == last { " }" } else { "," };
        format!("{open}{}: {}{close}", json!(key), in_one_line(value))
    });
    members.collect()
}

/// JSON with a space after commas and colons, as people write it.
fn in_one_line(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(key, value)| format!("{}: {}", json!(key), in_one_line(value)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(in_one_line).collect();
            format!("[{}]", items.join(", "))
        }
        other => other.to_string(),
    }
}

/// `aws lambda add-permission` for a statement; `None` if the command cannot express it.
fn command(function: &str, qualifier: Option<&str>, new: &NewStatement) -> Option<Vec<String>> {
    let ([action], Some((_, principal))) = (new.actions.as_slice(), &new.principal) else {
        return None;
    };
    let mut words = vec![("function-name", function)];
    words.extend(qualifier.map(|qualifier| ("qualifier", qualifier)));
    words.push(("statement-id", new.sid.as_deref().unwrap_or("allow")));
    words.push(("action", action));
    words.push(("principal", principal));
    for test in &new.conditions {
        let (_, option) = ways(&test.key)?;
        let flag = option == "invoked-via-function-url";
        words.push((option, if flag { "" } else { &test.value }));
    }
    let words: Vec<String> = words
        .into_iter()
        .map(|(option, word)| match word {
            "" => format!("--{option}"),
            word => format!("--{option} {}", quoted(word)),
        })
        .collect();
    Some(wrapped("aws lambda add-permission", &words))
}

/// The permission that adds a statement to the function policy of a function that a template
/// declares; `None` if the command cannot express it. It is JSON, which YAML takes as well.
fn resource(
    function: &str,
    qualifier: Option<&str>,
    condition: Option<&str>,
    new: &NewStatement,
) -> Option<Vec<String>> {
    let ([action], Some((_, principal))) = (new.actions.as_slice(), &new.principal) else {
        return None;
    };
    let name = match qualifier {
        Some(qualifier) => json!({ "Fn::Sub": format!("${{{function}}}:{qualifier}") }),
        None => json!({ "Ref": function }),
    };
    let mut properties = Map::new();
    properties.insert("Action".to_owned(), json!(action));
    properties.insert("FunctionName".to_owned(), name);
    properties.insert("Principal".to_owned(), json!(principal));
    for test in &new.conditions {
        let (property, _) = ways(&test.key)?;
        let flag = property == "InvokedViaFunctionUrl";
        let written = if flag {
            json!(true)
        } else {
            text(&test.value, true)
        };
        properties.insert(property.to_owned(), written);
    }
    let mut lines = vec!["{ \"Type\": \"AWS::Lambda::Permission\",".to_owned()];
    lines.extend(condition.map(|name| format!("  \"Condition\": {},", json!(name))));
    let inside = json_lines(&Value::Object(properties));
    let last = inside.len().saturating_sub(1);
    lines.extend(inside.into_iter().enumerate().map(|(index, line)| {
        let open = if index == 0 {
            "  \"Properties\": "
        } else {
            "                "
        };
        let close = if index == last { " }" } else { "" };
        format!("{open}{line}{close}")
    }));
    Some(lines)
}

/// The property of a permission, and the option of `add-permission`, that write a condition on a
/// key.
fn ways(key: &str) -> Option<(&'static str, &'static str)> {
    match key {
        "aws:SourceArn" => Some(("SourceArn", "source-arn")),
        "aws:SourceAccount" => Some(("SourceAccount", "source-account")),
        "lambda:FunctionUrlAuthType" => Some(("FunctionUrlAuthType", "function-url-auth-type")),
        "lambda:InvokedViaFunctionUrl" => {
            Some(("InvokedViaFunctionUrl", "invoked-via-function-url"))
        }
        "lambda:EventSourceToken" => Some(("EventSourceToken", "event-source-token")),
        _ => None,
    }
}

/// A command on several lines, each but the last one continued.
fn wrapped(command: &str, words: &[String]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = command.to_owned();
    for word in words {
        if line.len() + 1 + word.len() > WIDTH {
            lines.push(format!("{line} \\"));
            line = format!("    {word}");
        } else {
            line = format!("{line} {word}");
        }
    }
    lines.push(line);
    lines
}
