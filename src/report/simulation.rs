//! Results of evaluated requests in the form of the policy simulator, with members of ours in camelCase.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html>

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::aws_cli::{AwsOutput, render};
use super::clean;
use crate::diagnostics::{ActionResult, EvaluationResult, MatchedStatement, Nearest};
use crate::source::{SourceMap, Span};

/// Types of policies whose statements AWS lists as matched; all others limit what these allow.
const GRANTING: [&str; 2] = ["IAM Policy", "Resource Policy"];

/// The results as the AWS CLI prints them.
///
/// # Errors
///
/// Where the query cannot be evaluated.
pub fn simulation(
    sources: &SourceMap,
    results: &[ActionResult],
    output: &AwsOutput,
) -> Result<String, String> {
    let mut writer = ResultWriter::new(sources);
    let mut value = |index| Some(writer.value(results.get(index)?));
    render(results.len(), &mut value, output)
}

/// Writes results one by one.
#[derive(Debug)]
pub struct ResultWriter<'s> {
    sources: &'s SourceMap,
    /// The places of statements, which many results share.
    places: HashMap<Span, (Value, Value)>,
}

impl<'s> ResultWriter<'s> {
    /// A writer of results whose statements are in these texts.
    #[must_use]
    pub fn new(sources: &'s SourceMap) -> Self {
        ResultWriter {
            sources,
            places: HashMap::new(),
        }
    }

    /// One result as a line of JSON, with the number of its request where there are several.
    pub fn line(&mut self, request: Option<usize>, result: &ActionResult) -> String {
        let mut value = self.value(result);
        if let (Value::Object(members), Some(request)) = (&mut value, request) {
            members.insert("request".to_owned(), json!(request));
        }
        clean::in_json(&format!("{value}\n")).into_owned()
    }

    /// One entry of `EvaluationResults`.
    fn value(&mut self, result: &ActionResult) -> Value {
        let overall = &result.overall;
        let mut members = Map::new();
        let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
        put("EvalActionName", json!(overall.action));
        put("EvalResourceName", json!(overall.resource));
        put("EvalDecision", json!(overall.decision.as_str()));
        put("MatchedStatements", self.statements(overall, true));
        put("MissingContextValues", json!(overall.missing));
        if let Some(allowed) = overall.organizations {
            let detail = json!({ "AllowedByOrganizations": allowed });
            put("OrganizationsDecisionDetail", detail);
        }
        if let Some(boundary) = boundary(overall) {
            put("PermissionsBoundaryDecisionDetail", boundary);
        }
        // A service control policy that refuses ends the evaluation.
        let has_details = overall.cross_account || !result.resources.is_empty();
        if has_details && overall.organizations != Some(false) {
            put("EvalDecisionDetails", details(overall));
        }
        if !result.resources.is_empty() {
            let resources = result.resources.iter();
            let specific = resources.map(|result| self.on_resource(result)).collect();
            put("ResourceSpecificResults", specific);
        }
        self.put_own(&mut members, overall);
        Value::Object(members)
    }

    /// One entry of `ResourceSpecificResults`.
    ///
    /// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ResourceSpecificResult.html>
    fn on_resource(&mut self, result: &EvaluationResult) -> Value {
        let mut members = Map::new();
        let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
        put("EvalResourceName", json!(result.resource));
        put("EvalResourceDecision", json!(result.decision.as_str()));
        put("MatchedStatements", self.statements(result, true));
        put("MissingContextValues", json!(result.missing));
        if result.cross_account && result.organizations != Some(false) {
            put("EvalDecisionDetails", details(result));
        }
        if let Some(boundary) = boundary(result) {
            put("PermissionsBoundaryDecisionDetail", boundary);
        }
        self.put_own(&mut members, result);
        Value::Object(members)
    }

    /// Adds the members that AWS does not have.
    fn put_own(&mut self, members: &mut Map<String, Value>, result: &EvaluationResult) {
        if let Some(why) = &result.why {
            members.insert("reason".to_owned(), json!(why));
        }
        if let Some(Nearest {
            statement,
            elements,
        }) = &result.nearest
        {
            let mut near = self.statement(statement);
            if let Value::Object(members) = &mut near {
                members.insert("stoppedBy".to_owned(), json!(elements));
            }
            members.insert("nearestMiss".to_owned(), near);
        }
        let limiting = self.statements(result, false);
        if limiting.as_array().is_some_and(|all| !all.is_empty()) {
            members.insert("limitingStatements".to_owned(), limiting);
        }
    }

    /// The statements that decided, of policies that grant or of those that limit.
    fn statements(&mut self, result: &EvaluationResult, granting: bool) -> Value {
        let matched = result.matched.iter();
        matched
            .filter(|found| GRANTING.contains(&found.kind) == granting)
            .map(|found| self.statement(found))
            .collect()
    }

    /// One entry of `MatchedStatements`.
    fn statement(&mut self, found: &MatchedStatement) -> Value {
        let sources = self.sources;
        let places = self.places.entry(found.span);
        let (start, end) = places
            .or_insert_with(|| places_of(sources, found.span))
            .clone();
        let mut value = json!({
            "SourcePolicyId": found.policy,
            "SourcePolicyType": found.kind,
            "StartPosition": start,
            "EndPosition": end,
        });
        if let (Some(sid), Value::Object(members)) = (&found.sid, &mut value) {
            members.insert("sid".to_owned(), json!(sid));
        }
        value
    }
}

/// What the permissions boundary says, where there is one.
fn boundary(result: &EvaluationResult) -> Option<Value> {
    let allowed = result.boundary?;
    Some(json!({ "AllowedByPermissionsBoundary": allowed }))
}

/// The decision of each type of policy, which AWS reports for cross-account requests only.
fn details(result: &EvaluationResult) -> Value {
    let details = result.details.iter().filter(|_| result.cross_account);
    details
        .map(|(kind, ruling)| ((*kind).to_owned(), json!(ruling.as_str())))
        .collect::<Map<String, Value>>()
        .into()
}

/// Where a statement begins and ends in the text of its policy.
fn places_of(sources: &SourceMap, span: Span) -> (Value, Value) {
    let Some(file) = sources.file(span.file) else {
        return (Value::Null, Value::Null);
    };
    let position = |offset: u32| {
        let (line, column) = file.position(offset);
        json!({ "Line": line, "Column": column })
    };
    let start = start_of(file.text(), span.start);
    (position(start), position(span.end))
}

/// Where AWS says that a statement begins: behind the bracket before it, which is that of the list or of the
/// statement before, or behind its own where it is the only one without a list. The outputs in the examples of
/// the AWS CLI are of both kinds.
///
/// <https://docs.aws.amazon.com/cli/latest/reference/iam/simulate-custom-policy.html#examples>
fn start_of(text: &str, at: u32) -> u32 {
    let (before, rest) = text.split_at_checked(at as usize).unwrap_or((text, ""));
    if !rest.starts_with('{') {
        return at;
    }
    let before = before.trim_end_matches([' ', '\t', '\r', '\n', ',']);
    match before.chars().next_back() {
        Some('[' | '}') => u32::try_from(before.len()).unwrap_or(at),
        Some(':') => at.saturating_add(1),
        _ => at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_begin_behind_the_bracket_before_them() {
        let only = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow"}}"#;
        assert_eq!(start_of(only, 36), 37);
        let list = r#"{"Statement": [ {"Effect":"Allow"}, {"Effect":"Deny"} ]}"#;
        assert_eq!(start_of(list, 16), 15);
        assert_eq!(start_of(list, 36), 34);
    }

    #[test]
    fn statements_in_yaml_begin_where_they_are_written() {
        let yaml = "Statement:\n  - Effect: Allow\n";
        assert_eq!(start_of(yaml, 15), 15);
    }
}
