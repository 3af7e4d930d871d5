//! The version of a policy document replaces the policy variables in it.

use super::context::{LintContext, LintResult, Match};
use super::kind::{Kind, Requirement, plain};
use super::rule_metadata::RuleMetadata;
use crate::diagnostics::Note;
use crate::iam::Version;
use crate::source::Span;
use crate::syntax::Node;

/// The kind.
pub(super) const KIND: Kind = plain(
    "variablesWork",
    "a policy document",
    "If the document contains policy variables, its version supports them.",
    |_, _| Some(Box::new(VariablesWork)),
);

/// The requirement.
#[derive(Debug)]
struct VariablesWork;

impl Requirement for VariablesWork {
    fn check(
        &self,
        cx: LintContext<'_>,
        rule: &RuleMetadata,
        matched: Match<'_, '_>,
        result: &mut LintResult,
    ) {
        if cx.document(matched.node).version == Version::V2012 {
            return;
        }
        let statements = matched.node.get("Statement").map_or(&[][..], Node::each);
        let places = statements.iter().flat_map(|statement| {
            ["Resource", "NotResource", "Condition"]
                .into_iter()
                .filter_map(|name| statement.get(name))
        });
        let Some((variable, place)) = places.flat_map(variables_in).next() else {
            return;
        };
        let mut found = rule
            .finding_of(matched.node, place)
            .function(matched.function());
        found.message = format!(
            "policy variable `{variable}` is treated as plain text: the version of the policy is 2008-10-17"
        );
        found.primary.text = "IAM does not replace this variable".to_owned();
        match matched.node.member("Version") {
            Some(version) => {
                found.notes = vec![Note::at(
                    "this version does not support policy variables".to_owned(),
                    version.value.span,
                )];
                found.help = Some("change it to \"Version\": \"2012-10-17\"".to_owned());
            }
            None => {
                found.help = Some("add \"Version\": \"2012-10-17\" to the policy".to_owned());
            }
        }
        result.findings.push(found);
    }
}

/// The variables in the texts under a node, such as `${aws:username}`, with the texts' places.
fn variables_in(node: &Node) -> Vec<(&str, Span)> {
    let found = node.walk().filter_map(|node| {
        let variable = variable_in(node.as_str()?)?;
        Some((variable, node.span))
    });
    found.collect()
}

/// A variable of IAM has a colon in its name; `${*}`, `${?}` and `${$}` are ways to write these.
fn variable_in(text: &str) -> Option<&str> {
    let start = text.find("${")?;
    let rest = text.get(start..)?;
    let end = rest.find('}')?;
    rest.get(..=end)
        .filter(|variable| variable.contains(':') && !variable.starts_with("${AWS::"))
}
