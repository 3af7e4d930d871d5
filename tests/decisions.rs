//! Decisions that follow from AWS's documentation, as tables, and those where we are known to
//! differ, each with its heading on a page.

use std::fs;
use std::path::PathBuf;

use lint_lambda::document::{Text, json};
use lint_lambda::iam::{
    Caller, Context, Decision, Identity, Named, Policies, PolicyDocument, PolicySet, Request,
    authorize,
};
use lint_lambda::source::SourceMap;
use serde_json::{Value, json};

use crate::program::root;

fn tables(folder: &str) -> Vec<(PathBuf, Value)> {
    let folder = root().join("tests/fixtures").join(folder);
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let read = |path: PathBuf| {
        let table = serde_json::from_str(&fs::read_to_string(&path).unwrap());
        (path, table.unwrap())
    };
    paths.into_iter().map(read).collect()
}

/// The members of two objects, those of the second one first.
fn merged(shared: &Value, own: &Value) -> Value {
    let mut members = shared.as_object().cloned().unwrap_or_default();
    members.extend(own.as_object().cloned().unwrap_or_default());
    Value::Object(members)
}

fn text(value: &Value) -> Option<Text> {
    value.as_str().map(Text::from)
}

fn caller(written: &Value) -> Caller {
    if written.as_str() == Some("anonymous") || written["anonymous"] == json!(true) {
        return Caller::Anonymous;
    }
    if written.as_str() == Some("unknown") {
        return Caller::Unknown;
    }
    if let Some(service) = text(&written["service"]) {
        return Caller::Service(service);
    }
    if let Some(provider) = text(&written["federated"]) {
        return Caller::Federated(provider);
    }
    let arns = ["arn", "user", "role", "root"].map(|form| written[form].as_str());
    let arn = match arns.into_iter().flatten().next().unwrap() {
        account if account.starts_with("arn:") => account.to_owned(),
        account => format!("arn:aws:iam::{account}:root"),
    };
    let mut identity = Identity::of_arn(&arn).unwrap();
    identity.id = text(&written["id"]);
    identity.session = identity
        .session
        .map(|any| match written["session"].as_str() {
            Some(session) if session.starts_with("arn:") => Text::from(session),
            Some(session) => Text::from(any.with_holes_as(session)),
            None => any,
        });
    Caller::Aws(Box::new(identity))
}

/// The context of a request; what it does not list is absent.
fn context(request: &Value) -> Context {
    let mut context = Context::complete();
    for (key, values) in request["context"].as_object().into_iter().flatten() {
        let values = match values {
            Value::Array(values) => values.iter().filter_map(text).collect(),
            value => vec![text(value).unwrap()],
        };
        context.set(key, values);
    }
    for key in request["unknown"].as_array().into_iter().flatten() {
        context.set_unknown(key.as_str().unwrap());
    }
    context
}

fn document(written: &Value) -> PolicyDocument {
    let text = written.to_string();
    let mut sources = SourceMap::default();
    let file = sources.add("policy.json", &text).unwrap();
    PolicyDocument::read(&json::read(file, &text).roots.remove(0))
}

/// One document, or a list of them.
fn documents(written: &Value) -> Vec<PolicyDocument> {
    match written {
        Value::Null => Vec::new(),
        Value::Array(list) => list.iter().map(document).collect(),
        one => vec![document(one)],
    }
}

fn set(documents: &[PolicyDocument]) -> PolicySet<'_> {
    PolicySet {
        documents: documents.iter().collect(),
        incomplete: false,
    }
}

/// The policies of a case; `statement` stands for one identity policy that holds it.
fn policies(table: &Value, case: &Value) -> Value {
    if case.get("policies").is_some() {
        return case["policies"].clone();
    }
    let statement = merged(&json!({ "Effect": "Allow" }), &table["statement"]);
    let statement = merged(&statement, &case["statement"]);
    json!({ "identity": [{ "Version": "2012-10-17", "Statement": [statement] }] })
}

fn decide(table: &Value, case: &Value) -> Decision {
    let request = merged(&table["request"], &case["request"]);
    let written = policies(table, case);
    let of_type = |name: &str| documents(&written[name]);
    let levels = |name: &str| -> Vec<Vec<PolicyDocument>> {
        written[name]
            .as_array()
            .into_iter()
            .flatten()
            .map(documents)
            .collect()
    };
    let (identity, resource) = (of_type("identity"), of_type("resource"));
    let (boundary, session, endpoint) =
        (of_type("boundary"), of_type("session"), of_type("endpoint"));
    let (service, of_resources) = (levels("serviceControl"), levels("resourceControl"));
    let given = |name: &str, documents| written.get(name).map(|_| set(documents));
    let policies = Policies {
        identity: set(&identity),
        resource: given("resource", &resource),
        resource_required: case["resourcePolicyRequired"] == json!(true),
        boundary: given("boundary", &boundary),
        session: given("session", &session),
        service_control: service.iter().map(|level| set(level)).collect(),
        resource_control: of_resources.iter().map(|level| set(level)).collect(),
        endpoint: given("endpoint", &endpoint),
    };
    let context = context(&request);
    let asked = Request {
        caller: Some(caller(&request["caller"])),
        named: Named::Account,
        action: text(&request["action"]).unwrap(),
        resource: text(&request["resource"]).unwrap(),
        context: &context,
    };
    let account = text(&request["resourceAccount"]);
    authorize(&policies, &asked, account.as_ref()).decision
}

fn word(decision: Decision) -> &'static str {
    match decision {
        Decision::Allowed => "allowed",
        Decision::ExplicitDeny => "explicitDeny",
        Decision::ImplicitDeny => "implicitDeny",
        Decision::Unknown => "unknown",
    }
}

/// Decides all cases of a folder; tells how many there were, and what was not as expected.
fn run(folder: &str) -> (usize, Vec<String>) {
    let mut count = 0;
    let mut wrong = Vec::new();
    for (path, table) in tables(folder) {
        for case in table["cases"].as_array().unwrap() {
            count += 1;
            let source = case.get("url").unwrap_or(&table["url"]).as_str().unwrap();
            assert!(
                source.starts_with("https://docs.aws.amazon.com/"),
                "{source}"
            );
            let expected = case["expect"].as_str().unwrap();
            let decided = word(decide(&table, case));
            if decided != expected {
                let file = path.file_stem().unwrap().to_string_lossy().into_owned();
                wrong.push(format!(
                    "{file}: {}: {decided}, not {expected}",
                    case["name"]
                ));
            }
        }
    }
    (count, wrong)
}

#[test]
fn decisions_are_as_documented() {
    let (count, wrong) = run("iam");
    assert!(
        wrong.is_empty(),
        "{} of {count}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(count >= 900, "{count} decisions");
}
