//! What to write: new statements as JSON, and as the command that adds them.

use serde_json::{Map, Value, json};

use crate::diagnostics::{Allow, Fix, NewPermission, NewStatement, PolicyKind, Written, quoted};

/// Lines to paste are not longer than that where they can be broken.
const WIDTH: usize = 90;

/// Where a statement is to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// In the template that declares its names.
    Template,
    /// In configuration of Terraform.
    Configuration,
    /// Elsewhere.
    Outside,
}

impl Form {
    pub(super) fn of(allow: &Allow) -> Self {
        match allow.declared {
            Some(_) if allow.is_configuration => Form::Configuration,
            Some(_) => Form::Template,
            None => Form::Outside,
        }
    }

    /// A text to write; in a template with `${…}` for what it leaves open.
    pub(super) fn text(self, written: &Written) -> String {
        match self {
            Form::Template => written.in_template(),
            Form::Configuration | Form::Outside => written.outside(),
        }
    }

    /// The same as JSON; in a template, with calls for what it leaves open.
    fn value(self, written: &Written) -> Value {
        let text = self.text(written);
        match self {
            Form::Template => call(&text),
            Form::Configuration | Form::Outside => json!(text),
        }
    }
}

/// A statement as JSON of a policy document.
pub(super) fn value(statement: &NewStatement, form: Form) -> Value {
    let mut members = Map::new();
    if let Some(sid) = &statement.sid {
        members.insert("Sid".to_owned(), json!(sid));
    }
    members.insert("Effect".to_owned(), json!("Allow"));
    if let Some((kind, name)) = &statement.principal {
        let principal = match form.text(name).as_str() {
            "*" => json!("*"),
            _ => json!({ kind: form.value(name) }),
        };
        members.insert("Principal".to_owned(), principal);
    }
    let actions = statement.actions.iter().map(|action| json!(action));
    members.insert("Action".to_owned(), one_or_list(actions));
    if !statement.resources.is_empty() {
        let resources = statement.resources.iter().map(|text| form.value(text));
        members.insert("Resource".to_owned(), one_or_list(resources));
    }
    if !statement.conditions.is_empty() {
        members.insert("Condition".to_owned(), conditions(statement, form));
    }
    Value::Object(members)
}

fn conditions(statement: &NewStatement, form: Form) -> Value {
    let mut operators = Map::new();
    for test in &statement.conditions {
        let keys = operators
            .entry(test.operator.clone())
            .or_insert_with(|| json!({}));
        if let Value::Object(keys) = keys {
            keys.insert(test.key.clone(), form.value(&test.value));
        }
    }
    Value::Object(operators)
}

fn one_or_list(values: impl Iterator<Item = Value>) -> Value {
    let mut values: Vec<Value> = values.collect();
    match values.len() {
        1 => values.remove(0),
        _ => Value::Array(values),
    }
}

/// A text of a template with calls for what it leaves open.
fn call(text: &str) -> Value {
    let inside = text
        .strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'));
    match inside {
        Some(call) if call.split('.').count() == 2 && !call.contains(['$', ':']) => {
            json!({ "Fn::GetAtt": call.split('.').collect::<Vec<&str>>() })
        }
        Some(name) if !name.contains(['.', '$']) => json!({ "Ref": name }),
        _ if text.contains("${") => json!({ "Fn::Sub": text }),
        _ => json!(text),
    }
}

/// What is to be filled in by hand, each once.
pub(super) fn placeholders(allow: &Allow) -> Vec<&str> {
    let is_declared = allow.declared.is_some();
    // A permission does not name its resource.
    let is_permission = is_declared && allow.policy == PolicyKind::FunctionPolicy;
    let written = allow.statements.iter().flat_map(|new| {
        let values = new.conditions.iter().map(|test| &test.value);
        let resources = new.resources.iter().filter(move |_| !is_permission);
        let principal = new.principal.iter().map(|(_, name)| name);
        principal.chain(resources).chain(values)
    });
    let qualifier = allow.permission.iter().flat_map(|new| &new.qualifier);
    let mut words: Vec<&str> = Vec::new();
    for word in written
        .chain(qualifier)
        .flat_map(|text| text.placeholders(is_declared))
    {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

/// The lines that mend a finding: for a function policy commands, and JSON for any other document.
pub(super) fn lines(fix: &Fix) -> Vec<String> {
    let Fix::Allow(allow) = fix else {
        return Vec::new();
    };
    let form = Form::of(allow);
    let permission = allow.permission.clone().unwrap_or_default();
    let lines = |statement: &NewStatement| {
        let by_policy = || json_lines(&value(statement, form));
        let is_command = allow.policy == PolicyKind::FunctionPolicy && form == Form::Outside;
        let function = allow.owner.as_deref().unwrap_or("FUNCTION");
        let removal = allow.narrows.map(|narrowing| {
            let sid = statement.sid.as_deref().filter(|_| narrowing.is_free)?;
            Some(removal(function, &permission, sid))
        });
        let is_command = is_command && removal.as_ref().is_none_or(Option::is_some);
        let lines = is_command.then(|| command(function, &permission, statement));
        let lines = lines.flatten().map(|lines| {
            let removal = removal.flatten().unwrap_or_default();
            removal.into_iter().chain(lines).collect()
        });
        lines.unwrap_or_else(by_policy)
    };
    allow.statements.iter().flat_map(lines).collect()
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
fn command(function: &str, permission: &NewPermission, new: &NewStatement) -> Option<Vec<String>> {
    let ([action], Some((_, principal))) = (new.actions.as_slice(), &new.principal) else {
        return None;
    };
    let mut words = vec![("function-name", function.to_owned())];
    let qualifier = permission.qualifier.as_ref();
    words.extend(qualifier.map(|qualifier| ("qualifier", qualifier.outside())));
    let sid = new.sid.as_deref().unwrap_or("allow");
    words.push(("statement-id", sid.to_owned()));
    words.push(("action", action.clone()));
    words.push(("principal", principal.outside()));
    for test in &new.conditions {
        let option = option(&test.key)?;
        let flag = option == "invoked-via-function-url";
        let value = (!flag).then(|| test.value.outside());
        words.push((option, value.unwrap_or_default()));
    }
    let words: Vec<String> = words
        .into_iter()
        .map(|(option, word)| match word.as_str() {
            "" => format!("--{option}"),
            word => format!("--{option} {}", quoted(word)),
        })
        .collect();
    Some(wrapped("aws lambda add-permission", &words))
}

/// `aws lambda remove-permission` for a statement.
fn removal(function: &str, permission: &NewPermission, sid: &str) -> Vec<String> {
    let mut words = vec![format!("--function-name {}", quoted(function))];
    let qualifier = permission.qualifier.as_ref();
    words.extend(qualifier.map(|text| format!("--qualifier {}", quoted(&text.outside()))));
    words.push(format!("--statement-id {}", quoted(sid)));
    wrapped("aws lambda remove-permission", &words)
}

/// The option of `add-permission` that writes a condition on a key.
fn option(key: &str) -> Option<&'static str> {
    match key {
        "aws:SourceArn" => Some("source-arn"),
        "aws:SourceAccount" => Some("source-account"),
        "lambda:FunctionUrlAuthType" => Some("function-url-auth-type"),
        "lambda:InvokedViaFunctionUrl" => Some("invoked-via-function-url"),
        "lambda:EventSourceToken" => Some("event-source-token"),
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
