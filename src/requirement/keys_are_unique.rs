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
    members: &[
        optional(
            "except",
            Form::Texts,
            "Members whose content is not checked.",
        ),
        optional(
            "inTemplates",
            Form::Texts,
            "What matters in a template: members with these names, what is inside them, and what contains one. Resources always matter. Without it, everything does.",
        ),
    ],
    note: "",
    is_of_function: false,
    needs_message: false,
    decode,
};

/// The requirement.
#[derive(Debug)]
struct KeysAreUnique {
    except: Vec<String>,
    in_templates: Vec<String>,
}

fn decode(fields: &mut Fields<'_, '_>, _: bool) -> Option<Box<dyn Requirement>> {
    Some(Box::new(KeysAreUnique {
        except: fields.texts("except"),
        in_templates: fields.texts("inTemplates"),
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
        let all_matters = resources.is_none() || self.in_templates.is_empty();
        let mut open = vec![(root, all_matters)];
        while let Some((node, is_within)) = open.pop() {
            let mut seen: HashMap<&str, &Member> = HashMap::new();
            let is_resource = resources.is_some_and(|all| std::ptr::eq(all, node));
            for member in self.checked(node) {
                let matters = is_within || self.is_named(member);
                let is_section = std::ptr::eq(node, root) && &*member.key.text == "Resources";
                let is_told = matters || is_resource || is_section;
                if let Some(first) = seen.insert(&member.key.text, member)
                    && (is_told || self.holds_named([first, member]))
                    // Of two equal values nothing is lost; one of two resources may be meant for another ID.
                    && (resources.is_none() || is_resource || first.value != member.value)
                {
                    let finding = rule.finding_of(root, member.key.span);
                    let finding = finding.function(matched.function());
                    result.findings.push(match resources {
                        Some(_) => in_template(finding, first, member, is_resource),
                        None => in_document(finding, first),
                    });
                }
                open.push((&member.value, matters));
            }
            open.extend(node.items().iter().map(|item| (item, is_within)));
        }
    }
}

impl KeysAreUnique {
    fn checked<'n>(&self, node: &'n Node) -> impl Iterator<Item = &'n Member> {
        let members = node.members().iter();
        members.filter(|member| !self.except.iter().any(|name| **name == *member.key.text))
    }

    fn is_named(&self, member: &Member) -> bool {
        let mut names = self.in_templates.iter();
        names.any(|name| **name == *member.key.text)
    }

    /// Whether the value of one of them holds a member that matters.
    fn holds_named(&self, members: [&Member; 2]) -> bool {
        let mut nodes = members.iter().flat_map(|member| member.value.walk());
        nodes.any(|node| node.members().iter().any(|inner| self.is_named(inner)))
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
fn in_template(finding: Finding, first: &Member, last: &Member, is_resource: bool) -> Finding {
    let name = &first.key.text;
    if !is_resource {
        let message = format!("duplicate key `{name}`: CloudFormation ignores the first value");
        return finding
            .message(message)
            .label("only this value takes effect")
            .notes([Note::at("this value is lost", first.key.span)]);
    }
    let help = "give each resource its own logical ID, or remove one of the two";
    if first.value == last.value {
        let message = format!("duplicate logical ID `{name}`: both resources are the same");
        return finding
            .message(message)
            .label("only one of the two is created")
            .notes([Note::at("first used here", first.key.span)])
            .help(help);
    }
    let lost = first.value.str("Type").unwrap_or("resource");
    let message =
        format!("duplicate logical ID `{name}`: CloudFormation ignores the first resource");
    finding
        .message(message)
        .label("only this resource is created")
        .notes([Note::at(format!("this {lost} is lost"), first.key.span)])
        .help(help)
}
