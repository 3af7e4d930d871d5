//! `--generate-cli-skeleton`: inputs without values, and an output.
//!
//! <https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-skeleton.html>

use serde_json::{Value, json};

use super::{indented, object};

/// An operation of the policy simulator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Operation {
    /// Policies that are given.
    #[default]
    Custom,
    /// Policies of a principal.
    Principal,
}

impl Operation {
    /// The name in AWS's API.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Operation::Custom => "SimulateCustomPolicy",
            Operation::Principal => "SimulatePrincipalPolicy",
        }
    }
}

/// A member of an input: its name, what stands for its value, and what it is.
type InputMember = (&'static str, Value, &'static str);

/// The members of an input.
fn members(operation: Operation) -> Vec<InputMember> {
    let policies = ("PolicyInputList", json!([""]), "policies, as JSON strings");
    let boundary = (
        "PermissionsBoundaryPolicyInputList",
        json!([""]),
        "the permissions boundary, as a JSON string",
    );
    let mut all = match operation {
        Operation::Custom => vec![
            policies,
            boundary,
            (
                "OrderedOrganizationPolicyInputList",
                json!([{ "ServiceControlPolicyInputList": [""] }]),
                "service control policies by level, from the root to the account",
            ),
        ],
        Operation::Principal => vec![
            (
                "PolicySourceArn",
                json!(""),
                "principal whose policies are evaluated",
            ),
            policies,
            boundary,
        ],
    };
    all.extend(shared_members());
    all
}

/// The members that both operations have.
fn shared_members() -> [InputMember; 9] {
    let entry = json!({
        "ContextKeyName": "", "ContextKeyValues": [""], "ContextKeyType": "string"
    });
    let (text, texts) = (|| json!(""), || json!([""]));
    [
        (
            "ActionNames",
            texts(),
            "actions to evaluate, without wildcards",
        ),
        (
            "ResourceArns",
            texts(),
            "resources to evaluate; * by default",
        ),
        (
            "ResourcePolicy",
            text(),
            "the policy of the resources, as a JSON string",
        ),
        (
            "ResourceOwner",
            text(),
            "account of resources whose ARN does not contain one",
        ),
        ("CallerArn", text(), "the principal that makes the requests"),
        (
            "ContextEntries",
            json!([entry]),
            "condition keys and their values",
        ),
        ("ResourceHandlingOption", text(), "has no effect here"),
        ("MaxItems", json!(0), "has no effect here"),
        ("Marker", text(), "has no effect here"),
    ]
}

/// An input of an operation without values, or an output, as JSON.
#[must_use]
pub fn skeleton(operation: Operation, is_output: bool) -> String {
    let value = match is_output {
        true => output(),
        false => {
            let members = members(operation).into_iter();
            let members = members.map(|(name, value, _)| (name.to_owned(), value));
            Value::Object(members.collect())
        }
    };
    indented(&value) + "\n"
}

/// An input of an operation without values, as YAML with a comment for each member.
#[must_use]
pub fn yaml_skeleton(operation: Operation) -> String {
    let required = match operation {
        Operation::Custom => ["PolicyInputList", "ActionNames"],
        Operation::Principal => ["PolicySourceArn", "ActionNames"],
    };
    let mut out = String::new();
    for (name, value, what) in members(operation) {
        let mark = if required.contains(&name) {
            "[REQUIRED] "
        } else {
            ""
        };
        let comment = format!("# {mark}{what}");
        out.push_str(&match &value {
            Value::Array(items) if items.first().is_some_and(Value::is_object) => {
                let blocks = items.iter().filter_map(Value::as_object).map(block);
                format!("{name}: {comment}\n{}", blocks.collect::<String>())
            }
            Value::Array(_) => format!("{name}: {comment}\n- ''\n"),
            Value::String(_) => format!("{name}: '' {comment}\n"),
            other => format!("{name}: {other} {comment}\n"),
        });
    }
    out
}

/// The members of an object in a list.
fn block(members: &serde_json::Map<String, Value>) -> String {
    let members = members.iter().enumerate().map(|(index, (name, value))| {
        let begin = if index == 0 { "- " } else { "  " };
        match value {
            Value::String(text) if text.is_empty() => format!("{begin}{name}: ''\n"),
            Value::String(text) => format!("{begin}{name}: {text}\n"),
            _ => format!("{begin}{name}:\n  - ''\n"),
        }
    });
    members.collect()
}

/// An output with the names of types in place of values.
fn output() -> Value {
    let position = || json!({ "Line": 0, "Column": 0 });
    let statements = || {
        json!([{
            "SourcePolicyId": "SourcePolicyId",
            "SourcePolicyType": "SourcePolicyType",
            "StartPosition": position(),
            "EndPosition": position(),
        }])
    };
    let missing = || json!(["ContextKeyNameType"]);
    let boundary = || json!({ "AllowedByPermissionsBoundary": true });
    let details = || json!({ "KeyName": "" });
    let on_resource = object([
        ("EvalResourceName", json!("EvalResourceName")),
        ("EvalResourceDecision", json!("EvalResourceDecision")),
        ("MatchedStatements", statements()),
        ("MissingContextValues", missing()),
        ("EvalDecisionDetails", details()),
        ("PermissionsBoundaryDecisionDetail", boundary()),
    ]);
    let result = object([
        ("EvalActionName", json!("EvalActionName")),
        ("EvalResourceName", json!("EvalResourceName")),
        ("EvalDecision", json!("EvalDecision")),
        ("MatchedStatements", statements()),
        ("MissingContextValues", missing()),
        (
            "OrganizationsDecisionDetail",
            json!({ "AllowedByOrganizations": true }),
        ),
        ("PermissionsBoundaryDecisionDetail", boundary()),
        ("EvalDecisionDetails", details()),
        ("ResourceSpecificResults", json!([on_resource])),
    ]);
    object([
        ("EvaluationResults", json!([result])),
        ("IsTruncated", json!(true)),
        ("Marker", json!("Marker")),
    ])
}
