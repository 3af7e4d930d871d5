//! Writes the grants of every good sample in other ways that mean the same.

use lint_lambda::diagnostics::{Finding, Severity};
use serde_json::{Value, json};

use super::linter::{Linter, good_samples};
use super::statements::{allows, lists, opened, texts};

/// A way to write the statements of one document anew.
type Rewriting = fn(&[Value]) -> Vec<Value>;

const REWRITINGS: [(&str, Rewriting); 7] = [
    ("one action in each statement", split_actions),
    ("one resource in each statement", split_resources),
    ("other letters", other_case),
    ("a wildcard at the end of actions", wild_actions),
    ("actions by NotAction", not_action),
    ("lists for single texts", in_lists),
    ("statements the other way round", backwards),
];

fn each(statements: &[Value], change: impl Fn(&Value) -> Vec<Value>) -> Vec<Value> {
    let changed = statements
        .iter()
        .flat_map(|statement| match allows(statement) {
            true => change(statement),
            false => vec![statement.clone()],
        });
    changed.collect()
}

fn with(statement: &Value, member: &str, value: Value) -> Value {
    let mut statement = statement.clone();
    statement[member] = value;
    statement
}

/// Statements for each text of a member; their ids stay different.
fn split(statement: &Value, member: &str) -> Vec<Value> {
    let texts = texts(statement, member);
    let count = statement[member].as_array().map_or(0, Vec::len);
    if texts.len() < 2 || texts.len() < count {
        return vec![statement.clone()];
    }
    let parts = texts.iter().enumerate().map(|(index, text)| {
        let part = with(statement, member, json!(text));
        match statement["Sid"].as_str() {
            Some(sid) => with(&part, "Sid", json!(format!("{sid}{member}{index}"))),
            None => part,
        }
    });
    parts.collect()
}

fn split_actions(statements: &[Value]) -> Vec<Value> {
    each(statements, |statement| split(statement, "Action"))
}

fn split_resources(statements: &[Value]) -> Vec<Value> {
    each(statements, |statement| split(statement, "Resource"))
}

/// The action's name alone: services are written in small letters.
fn other_case(statements: &[Value]) -> Vec<Value> {
    changed_actions(statements, |action| match action.split_once(':') {
        Some((service, name)) => format!("{service}:{}", name.to_uppercase()),
        None => action.to_owned(),
    })
}

fn wild_actions(statements: &[Value]) -> Vec<Value> {
    // What may assume a role, and what a function policy grants, is not written with wildcards.
    changed_actions(statements, |action| match action {
        "sts:AssumeRole" | "lambda:InvokeFunction" | "lambda:InvokeFunctionUrl" => {
            action.to_owned()
        }
        action if action.contains('*') => action.to_owned(),
        action => format!("{action}*"),
    })
}

fn changed_actions(statements: &[Value], change: impl Fn(&str) -> String) -> Vec<Value> {
    each(statements, |statement| {
        let actions = texts(statement, "Action");
        let changed: Vec<String> = actions.iter().map(|action| change(action)).collect();
        match changed.as_slice() {
            [] => vec![statement.clone()],
            [one] => vec![with(statement, "Action", json!(one))],
            many => vec![with(statement, "Action", json!(many))],
        }
    })
}

/// All actions but one that nobody asks for; only where no principal makes it a grant to others.
fn not_action(statements: &[Value]) -> Vec<Value> {
    each(statements, |statement| {
        let is_identity = statement.get("Principal").is_none();
        let mut statement = statement.clone();
        if let Some(members) = statement.as_object_mut().filter(|_| is_identity)
            && members.remove("Action").is_some()
        {
            members.insert("NotAction".to_owned(), json!(["iam:CreateUser"]));
        }
        vec![statement]
    })
}

fn in_lists(statements: &[Value]) -> Vec<Value> {
    each(statements, |statement| {
        let members = ["Action", "Resource"].into_iter();
        let changed = members.fold(statement.clone(), |statement, member| {
            match statement[member].as_str() {
                Some(text) => with(&statement, member, json!([text])),
                None => statement,
            }
        });
        vec![changed]
    })
}

fn backwards(statements: &[Value]) -> Vec<Value> {
    statements.iter().rev().cloned().collect()
}

#[test]
fn another_way_to_write_a_grant_changes_nothing() {
    let linter = Linter::new();
    let mut rewritten = 0;
    for sample in good_samples(&linter) {
        let whole = opened(&sample.document);
        let open = linter.lint(&whole).undecided.len();
        for (way, rewrite) in REWRITINGS {
            let mut document = whole.clone();
            for pointer in lists(&whole) {
                let statements = document.pointer_mut(&pointer).unwrap();
                *statements = json!(rewrite(statements.as_array().unwrap()));
            }
            if document == whole {
                continue;
            }
            rewritten += 1;
            let outcome = linter.lint(&document);
            // A good sample may lack what is only good to have.
            let is_fault = |f: &&Finding| f.severity > Severity::Info;
            let about_grants = |f: &&Finding| !f.rule.starts_with("policy-document/");
            let found = outcome.findings.iter().filter(is_fault);
            let found: Vec<_> = found.filter(about_grants).collect();
            assert!(found.is_empty(), "{} with {way}: {found:#?}", sample.name);
            assert_eq!(open, outcome.undecided.len(), "{} with {way}", sample.name);
        }
    }
    assert!(rewritten > 300, "{rewritten}");
}

/// The inline policies of a role as documents that are attached to it.
#[test]
fn a_managed_policy_grants_what_the_same_inline_does() {
    let linter = Linter::new();
    let mut moved = 0;
    for sample in good_samples(&linter) {
        let mut document = sample.document.clone();
        let Some(role) = document.get_mut("Role").filter(|role| role.is_object()) else {
            continue;
        };
        let Some(inline) = role["RolePolicyList"].as_array().cloned() else {
            continue;
        };
        let managed = inline.iter().map(|policy| {
            json!({
                "PolicyName": policy["PolicyName"],
                "PolicyArn": format!("arn:aws:iam::123456789012:policy/{}", policy["PolicyName"].as_str().unwrap()),
                "PolicyDocument": policy["PolicyDocument"],
            })
        });
        let mut attached = role["AttachedManagedPolicies"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        attached.extend(managed);
        role["RolePolicyList"] = json!([]);
        role["AttachedManagedPolicies"] = json!(attached);
        moved += 1;
        let found = linter.faults(&document);
        assert!(found.is_empty(), "{}: {found:#?}", sample.name);
    }
    assert!(moved > 25, "{moved}");
}
