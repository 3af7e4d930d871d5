//! No object in a document has the same key twice.

use std::collections::HashMap;

use super::context::{LintContext, LintResult, Match};
use super::kind::{Form, Kind, Requirement, optional};
use super::rule_metadata::RuleMetadata;
use crate::diagnostics::{Finding, Note};
use crate::syntax::{Fields, Member, Node};

/// The kind.
pub(super) const KIND: Kind = Kind {
    name: "keysAreUnique",
    summary: "No object in the document contains the same key twice.",
    selects: "any document",
    members: &[optional(
        "except",
        Form::Texts,
        "Members whose content is not checked.",
    )],
    note: "",
    is_of_function: false,
    needs_message: false,
    decode,
};

/// The requirement.
#[derive(Debug)]
struct KeysAreUnique {
    except: Vec<String>,
}

fn decode(fields: &mut Fields<'_, '_>, _: bool) -> Option<Box<dyn Requirement>> {
    Some(Box::new(KeysAreUnique {
        except: fields.texts("except"),
    }))
}

impl Requirement for KeysAreUnique {
    fn check(
        &self,
        _: LintContext<'_>,
        rule: &RuleMetadata,
        matched: Match<'_, '_>,
        result: &mut LintResult,
    ) {
        let root = matched.node;
        let resources = root.get("Resources").filter(|node| node.is_object());
        let mut open = vec![root];
        while let Some(node) = open.pop() {
            let mut seen: HashMap<&str, &Member> = HashMap::new();
            for member in self.checked(node) {
                if let Some(first) = seen.insert(&member.key.text, member) {
                    let finding = rule.finding_of(root, member.key.span);
                    let finding = finding.function(matched.function());
                    let is_resource = resources.is_some_and(|all| std::ptr::eq(all, node));
                    result.findings.push(match resources {
                        Some(_) => in_template(finding, first, is_resource),
                        None => in_document(finding, first),
                    });
                }
                open.push(&member.value);
            }
            open.extend(node.items());
        }
    }
}

impl KeysAreUnique {
    fn checked<'n>(&self, node: &'n Node) -> impl Iterator<Item = &'n Member> {
        let members = node.members().iter();
        members.filter(|member| !self.except.iter().any(|name| **name == *member.key.text))
    }
}

fn in_document(finding: Finding, first: &Member) -> Finding {
    let message = format!("duplicate key `{}`", first.key.text);
    finding
        .message(message)
        .label("only one of the two takes effect")
        .notes([Note::at("first used here", first.key.span)])
}

/// CloudFormation takes the last of the two without a word.
///
/// <https://github.com/aws-cloudformation/cfn-language-discussion/issues/96>
fn in_template(finding: Finding, first: &Member, is_resource: bool) -> Finding {
    let name = &first.key.text;
    if !is_resource {
        let message = format!("duplicate key `{name}`: CloudFormation ignores the first value");
        return finding
            .message(message)
            .label("only this value takes effect")
            .notes([Note::at("this value is lost", first.key.span)]);
    }
    let lost = first.value.str("Type").unwrap_or("resource");
    let message =
        format!("duplicate logical ID `{name}`: CloudFormation ignores the first resource");
    finding
        .message(message)
        .label("only this resource is created")
        .notes([Note::at(format!("this {lost} is lost"), first.key.span)])
        .help("give each resource its own logical ID, or remove one of the two")
}
