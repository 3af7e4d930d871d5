//! Decisions that follow from AWS's documentation, as tables, and those where we are known to
//! differ, each with its heading on a page.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use lint_lambda::unstable::iam::{
    Caller, Context, Decision, Identity, Policies, PolicyDocument, PolicySet, Request, authorize,
};
use lint_lambda::unstable::source::SourceMap;
use lint_lambda::unstable::syntax::{Hole, Text, json};
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

pub(super) fn caller(written: &Value) -> Caller {
    if written.as_str() == Some("anonymous") || written["anonymous"] == json!(true) {
        return Caller::Anonymous;
    }
    if written.as_str() == Some("unknown") {
        return Caller::Unknown;
    }
    if let Some(service) = text(&written["service"]) {
        return Caller::Service(Box::new(service.into()));
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
    for key in request["multivalued"].as_array().into_iter().flatten() {
        context.set_multivalued(key.as_str().unwrap());
    }
    for key in request["unknown"].as_array().into_iter().flatten() {
        context.set_unknown(key.as_str().unwrap());
    }
    context
}

/// The context with the keys that follow from the caller, where a table asks for them.
fn derived(request: &Value) -> Context {
    let mut context = context(request);
    if let (true, Caller::Aws(identity)) = (
        request["derived"] == json!(true),
        caller(&request["caller"]),
    ) {
        identity.state_keys(&mut context);
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

/// The policies of a case; `statement` stands for one identity policy that holds it.
fn policies(table: &Value, case: &Value) -> Value {
    if case.get("policies").is_some() {
        return case["policies"].clone();
    }
    let statement = merged(&json!({ "Effect": "Allow" }), &table["statement"]);
    let statement = merged(&statement, &case["statement"]);
    json!({ "identity": [{ "Version": "2012-10-17", "Statement": [statement] }] })
}

/// A case, ready to be decided, parts of which can be made unknown.
struct Case {
    caller: Caller,
    action: Text,
    resource: Text,
    account: Option<Text>,
    context: Context,
    keys: Vec<String>,
    required: bool,
    root_excluded: bool,
    sets: BTreeMap<String, Vec<Vec<PolicyDocument>>>,
    /// The set whose policies are not at hand.
    absent: Option<String>,
}

const LEVELS: [&str; 2] = ["serviceControl", "resourceControl"];

impl Case {
    fn new(table: &Value, case: &Value) -> Self {
        let request = merged(&table["request"], &case["request"]);
        let written = policies(table, case);
        let sets = written.as_object().unwrap().iter().map(|(name, value)| {
            let levels = match LEVELS.contains(&name.as_str()) {
                true => value.as_array().unwrap().iter().map(documents).collect(),
                false => vec![documents(value)],
            };
            (name.clone(), levels)
        });
        Case {
            caller: caller(&request["caller"]),
            action: text(&request["action"]).unwrap(),
            resource: text(&request["resource"]).unwrap(),
            account: text(&request["resourceAccount"]),
            context: derived(&request),
            keys: request["context"]
                .as_object()
                .map(|keys| keys.keys().cloned().collect())
                .unwrap_or_default(),
            required: case["resourcePolicyRequired"] == json!(true),
            root_excluded: case["rootExcluded"] == json!(true),
            sets: sets.collect(),
            absent: None,
        }
    }

    fn levels(&self, name: &str) -> Vec<PolicySet<'_>> {
        let incomplete = self.absent.as_deref() == Some(name);
        let levels = self.sets.get(name).into_iter().flatten();
        let set = |documents: &'_ Vec<PolicyDocument>| incomplete || !documents.is_empty();
        let kept = levels.filter(|documents| set(documents));
        kept.map(|documents| PolicySet {
            documents: match incomplete {
                true => Vec::new(),
                false => documents.iter().collect(),
            },
            incomplete,
        })
        .collect()
    }

    fn decide(&self) -> &'static str {
        let one = |name| self.levels(name).into_iter().next();
        let policies = Policies {
            identity: one("identity").unwrap_or_default(),
            resource: one("resource"),
            resource_required: self.required,
            root_excluded: self.root_excluded,
            boundary: one("boundary"),
            session: one("session"),
            service_control: self.levels("serviceControl"),
            resource_control: self.levels("resourceControl"),
            endpoint: one("endpoint"),
        };
        let asked = Request {
            caller: Some(self.caller.clone()),
            action: self.action.clone(),
            resource: self.resource.clone(),
            owner: self.account.clone(),
            context: &self.context,
        };
        word(authorize(&policies, &asked).decision)
    }
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
            let decided = Case::new(&table, case).decide();
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

/// Each case with one thing less known, and what that is.
fn with_less(table: &Value, case: &Value) -> Vec<(String, Case)> {
    let less = |what: &str, forget: &dyn Fn(&mut Case)| {
        let mut known = Case::new(table, case);
        forget(&mut known);
        (what.to_owned(), known)
    };
    let whole = Case::new(table, case);
    let mut all = vec![
        less("caller", &|case| case.caller = Caller::Unknown),
        less("action", &|case| {
            case.action = Text::hole(Hole::anything("action"))
        }),
        less("resource", &|case| {
            case.resource = Text::hole(Hole::anything("resource"))
        }),
    ];
    let forgotten = whole.keys.iter();
    all.extend(forgotten.map(|key| less(key, &|case| case.context.set_unknown(key))));
    let absent = whole.sets.keys();
    all.extend(absent.map(|name| less(name, &|case| case.absent = Some(name.clone()))));
    all
}

#[test]
fn what_is_not_known_never_turns_into_another_decision() {
    let mut tried = 0;
    let mut wrong = Vec::new();
    for (path, table) in tables("iam") {
        for case in table["cases"].as_array().unwrap() {
            let known = Case::new(&table, case).decide();
            if known == "unknown" {
                continue;
            }
            for (what, less) in with_less(&table, case) {
                tried += 1;
                let decided = less.decide();
                // A refusal stays one; what is known more may name the Deny that makes it explicit.
                let refused = (decided, known) == ("implicitDeny", "explicitDeny");
                if decided != "unknown" && decided != known && !refused {
                    let file = path.file_stem().unwrap().to_string_lossy().into_owned();
                    let name = &case["name"];
                    wrong.push(format!(
                        "{file}: {name}: without {what} {decided}, with it {known}"
                    ));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {tried}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn differences_from_aws_are_as_the_book_tells() {
    let (_, wrong) = run("differences");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let page = fs::read_to_string(root().join("book/src/guide/differences.md")).unwrap();
    let told: BTreeSet<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .collect();
    let tables = tables("differences");
    let pinned = tables
        .iter()
        .map(|(_, table)| table["about"].as_str().unwrap());
    assert_eq!(told, pinned.collect());
}
