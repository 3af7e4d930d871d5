//! `--query`: an expression of JMESPath.
//!
//! <https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-filter.html>

use std::collections::BTreeSet;
use std::fmt;

use jmespath::Expression;
use jmespath::ast::Ast;
use serde_json::{Map, Value};

/// How long an expression may be: its parts are nested as deeply in the worst case.
const LONGEST: usize = 2_000;

/// How many lists, objects and texts an expression may make: each can double what it is given.
const MOST_MADE: usize = 16;

/// A compiled expression.
#[derive(Clone)]
pub struct Query {
    expression: Expression<'static>,
    /// The names of each object that the expression makes, in its order.
    made: Vec<Vec<String>>,
}

/// The members of objects in the order in which the AWS CLI prints them.
const ORDER: [&str; 23] = [
    "EvaluationResults",
    "EvalActionName",
    "EvalResourceName",
    "EvalDecision",
    "EvalResourceDecision",
    "SourcePolicyId",
    "SourcePolicyType",
    "StartPosition",
    "EndPosition",
    "Line",
    "Column",
    "MatchedStatements",
    "MissingContextValues",
    "OrganizationsDecisionDetail",
    "PermissionsBoundaryDecisionDetail",
    "EvalDecisionDetails",
    "ResourceSpecificResults",
    "IsTruncated",
    "NextToken",
    "reason",
    "nearestMiss",
    "limitingStatements",
    "sid",
];

impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Query")
            .field(&self.expression.as_str())
            .finish()
    }
}

impl Query {
    /// Compiles an expression.
    ///
    /// # Errors
    ///
    /// What is wrong with the expression, in one line.
    pub fn compile(written: &str) -> Result<Self, String> {
        if written.len() > LONGEST {
            return Err(format!("the expression is longer than {LONGEST} bytes"));
        }
        let expression = jmespath::compile(&with_json_literals(written)).map_err(first_line)?;
        let mut made = Vec::new();
        let mut count = 0;
        collect_made(expression.as_ast(), &mut made, &mut count);
        if count > MOST_MADE {
            return Err(format!(
                "the expression creates more than {MOST_MADE} values"
            ));
        }
        Ok(Query { expression, made })
    }

    /// What the expression selects of a value.
    pub(super) fn search(&self, value: Value) -> Result<Value, String> {
        let found = jmespath::Variable::from_serializable(value)
            .and_then(|value| self.expression.search(value))
            .map_err(first_line)?;
        let found = serde_json::to_value(&found).map_err(|error| error.to_string())?;
        Ok(self.ordered(found))
    }

    /// A value with the members of its objects in the order in which the AWS CLI prints them.
    fn ordered(&self, value: Value) -> Value {
        match value {
            Value::Array(items) => items.into_iter().map(|item| self.ordered(item)).collect(),
            Value::Object(members) => {
                let mut members: Vec<(String, Value)> = members.into_iter().collect();
                let names: BTreeSet<&String> = members.iter().map(|(name, _)| name).collect();
                let made = self.made.iter().find(|made| names == made.iter().collect());
                let is_on_resource = members
                    .iter()
                    .any(|(name, _)| name == "EvalResourceDecision");
                let place = |name: &String| match made {
                    Some(made) => made.iter().position(|known| known == name),
                    None => place_of(name, is_on_resource),
                };
                members.sort_by_cached_key(|(name, _)| place(name).unwrap_or(usize::MAX));
                let members = members.into_iter();
                members
                    .map(|(name, value)| (name, self.ordered(value)))
                    .collect::<Map<String, Value>>()
                    .into()
            }
            Value::Number(number) => whole(&number).map_or(Value::Number(number), Value::from),
            scalar => scalar,
        }
    }
}

/// The first line of an error; the others show the place in the expression.
#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` takes")]
fn first_line(error: jmespath::JmespathError) -> String {
    let message = error.to_string();
    message.lines().next().unwrap_or("").to_owned()
}

/// A number of a function such as `sum` as a whole one, where it is: as Python writes it.
fn whole(number: &serde_json::Number) -> Option<i64> {
    let decimal = number.as_f64().filter(|_| number.is_f64())?;
    let text = format!("{decimal}");
    text.parse().ok()
}

/// The place of a member in its object. Of the results on resources, that of the boundary is the last one.
fn place_of(name: &str, is_on_resource: bool) -> Option<usize> {
    let place = ORDER.iter().position(|known| *known == name)?;
    let is_last = is_on_resource && name == "PermissionsBoundaryDecisionDetail";
    Some(2 * place + if is_last { 3 } else { 0 })
}

/// An expression whose literals are JSON: the AWS CLI takes one that is not for a text, as in
/// ``[?EvalDecision==`allowed`]``.
fn with_json_literals(written: &str) -> String {
    let mut out = String::new();
    let mut rest = written;
    while let Some(at) = rest.find(['\'', '"', '`']) {
        let (before, quoted) = rest.split_at(at);
        let quote = quoted.chars().next().unwrap_or('`');
        let length = end_of(quoted, quote).unwrap_or(quoted.len());
        let (quoted, after) = quoted.split_at(length);
        out.push_str(before);
        let literal = quoted
            .strip_prefix('`')
            .and_then(|text| text.strip_suffix('`'));
        match literal.map(|text| text.replace("\\`", "`")) {
            Some(text) if serde_json::from_str::<Value>(&text).is_err() => {
                out.extend(["`\"", &text.trim_start().replace('`', "\\`"), "\"`"]);
            }
            _ => out.push_str(quoted),
        }
        rest = after;
    }
    out + rest
}

/// Where a text in quotes ends, which it begins with.
fn end_of(text: &str, quote: char) -> Option<usize> {
    let mut characters = text.char_indices().skip(1);
    while let Some((at, c)) = characters.next() {
        match c {
            '\\' => drop(characters.next()),
            c if c == quote => return Some(at + c.len_utf8()),
            _ => {}
        }
    }
    None
}

/// Collects the names of the objects that an expression makes, and counts what makes more of what there is.
fn collect_made(ast: &Ast, made: &mut Vec<Vec<String>>, count: &mut usize) {
    *count += match ast {
        Ast::MultiList { .. } | Ast::MultiHash { .. } => 1,
        Ast::Function { name, .. } => usize::from(["join", "to_string"].contains(&name.as_str())),
        _ => 0,
    };
    match ast {
        Ast::Identity { .. }
        | Ast::Field { .. }
        | Ast::Index { .. }
        | Ast::Literal { .. }
        | Ast::Slice { .. } => {}
        Ast::Comparison { lhs, rhs, .. }
        | Ast::Projection { lhs, rhs, .. }
        | Ast::And { lhs, rhs, .. }
        | Ast::Or { lhs, rhs, .. }
        | Ast::Subexpr { lhs, rhs, .. } => [lhs, rhs]
            .iter()
            .for_each(|part| collect_made(part, made, count)),
        Ast::Condition {
            predicate, then, ..
        } => [predicate, then]
            .iter()
            .for_each(|part| collect_made(part, made, count)),
        Ast::Expref { ast: part, .. }
        | Ast::Flatten { node: part, .. }
        | Ast::Not { node: part, .. }
        | Ast::ObjectValues { node: part, .. } => collect_made(part, made, count),
        Ast::Function { args: parts, .. }
        | Ast::MultiList {
            elements: parts, ..
        } => parts
            .iter()
            .for_each(|part| collect_made(part, made, count)),
        Ast::MultiHash { elements, .. } => {
            made.push(elements.iter().map(|pair| pair.key.clone()).collect());
            for pair in elements {
                collect_made(&pair.value, made, count);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_that_are_not_json_are_texts() {
        for (written, expected) in [
            ("a[?b==`x`]", "a[?b==`\"x\"`]"),
            ("a[?b==` x y`]", "a[?b==`\"x y\"`]"),
            ("a[?b==`1`]", "a[?b==`1`]"),
            (
                "a[?b==`\"x\"`].{c: 'it\\'s `y`'}",
                "a[?b==`\"x\"`].{c: 'it\\'s `y`'}",
            ),
            ("a[?b==`x", "a[?b==`x"),
            ("a.\"`b`\"", "a.\"`b`\""),
        ] {
            assert_eq!(with_json_literals(written), expected);
        }
    }

    #[test]
    fn objects_keep_the_order_of_the_expression_or_of_the_response() {
        let query =
            Query::compile("[0].{z: EvalActionName, a: @}").unwrap_or_else(|e| panic!("{e}"));
        let value =
            serde_json::json!([{ "EvalActionName": "b:c", "EvalDecision": "x", "Alien": 1 }]);
        let found = query.search(value).unwrap_or_default();
        assert_eq!(
            found.to_string(),
            r#"{"z":"b:c","a":{"EvalActionName":"b:c","EvalDecision":"x","Alien":1}}"#
        );
    }
}
