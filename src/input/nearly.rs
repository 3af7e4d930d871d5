//! Documents that were meant for us, but for a misspelt or missing member.

use super::policy;
use crate::diagnostics::Problem;
use crate::syntax::{Node, nearest};

/// What a document lacks that would make it a policy or a template.
pub(super) fn problem(root: &Node) -> Option<Problem> {
    let (what, lacks) = if policy::has_version(root) {
        ("policy document", "Statement")
    } else if is_template(root) {
        ("template", "Resources")
    } else {
        return None;
    };
    let other = root.members().iter().find(|member| {
        let name = &*member.key.text;
        nearest(name, [lacks]).is_some()
    });
    let message = format!("this {what} has no `{lacks}`");
    Some(match other {
        Some(member) => {
            Problem::at(member.key.span, message).help(format!("did you mean `{lacks}`?"))
        }
        None => Problem::at(root.span.at_start(), message),
    })
}

fn is_template(root: &Node) -> bool {
    let transforms = root.get("Transform").map_or(&[][..], Node::each);
    let is_aws = |node: &Node| node.as_str().is_some_and(|name| name.starts_with("AWS::"));
    // Resources may come from elsewhere.
    let includes = root.get("Fn::Transform").is_some();
    let has_no_resources = root.get("Resources").is_none() && !includes;
    let is_one = root.get("AWSTemplateFormatVersion").is_some() || transforms.iter().any(is_aws);
    is_one && has_no_resources
}
