//! AWS takes a value of a resource's property.

use super::context::{LintContext, LintResult, Match};
use super::kind::{Form, Kind, Requirement, optional, required};
use super::logical_id::{is_literal, is_substituted, refer_to_arn, refer_to_arn_of};
use super::rule_metadata::RuleMetadata;
use crate::catalogue::AcceptedValue;
use crate::diagnostics::{Finding, Fix, Severity};
use crate::source::Span;
use crate::syntax::{Fields, Names, Node};

/// The kind.
pub(super) const KIND: Kind = Kind {
    name: "accepted",
    summary: "AWS accepts the value for a property of a CloudFormation resource: it has the form that the catalogue defines for the property, or might have it if a part of the value is unknown before deployment.",
    selects: "a value",
    members: &[
        required("type", Form::Text, "The resource type."),
        required("property", Form::Text, "The property."),
        optional(
            "reference",
            Form::Word(&["ARN"]),
            "If the value is the name or the logical ID of a resource in its template, the help shows how to refer to this attribute of the resource.",
        ),
    ],
    note: "A value with a placeholder that something other than CloudFormation replaces is `warning` at most.",
    is_of_function: false,
    needs_message: true,
    decode,
};

/// The requirement.
#[derive(Debug)]
struct Accepted {
    type_name: String,
    property: String,
    /// Whether a reference to a resource may stand where its ARN is meant.
    refers: bool,
}

fn decode(fields: &mut Fields<'_, '_>, _: bool) -> Option<Box<dyn Requirement>> {
    let [type_name, property] = ["type", "property"].map(|name| fields.text(name));
    let refers = fields.optional_word("reference", &[("ARN", ())]).is_some();
    Some(Box::new(Accepted {
        type_name: type_name?.to_owned(),
        property: property?.to_owned(),
        refers,
    }))
}

impl Requirement for Accepted {
    fn check(
        &self,
        cx: LintContext<'_>,
        rule: &RuleMetadata,
        matched: Match<'_, '_>,
        result: &mut LintResult,
    ) {
        let node = matched.node;
        let shape = cx.catalogue.template_resource(&self.type_name);
        let value = shape.and_then(|shape| shape.value(&self.property));
        let Some(value) = value.filter(|value| value.refuses(node)) else {
            return;
        };
        let finding = rule.finding_of(node, node.span);
        let placeholder = node
            .as_str()
            .and_then(|text| placeholder(cx, node.span, text));
        let help = || number_help(node).or_else(|| self.reference(cx, node, value));
        result
            .findings
            .push(match (value.meant(node), placeholder) {
                (Some(text), _) => {
                    let place = is_literal(cx, node).then_some(node.span);
                    meant(finding, place, text)
                }
                (None, Some(Placeholder::Sub)) => finding.help(IN_SUB),
                (None, Some(Placeholder::Foreign)) => finding.at_most(Severity::Warning).likely(),
                (None, None) => match help() {
                    Some(help) => finding.help(help),
                    None => finding,
                },
            });
    }
}

/// What to do about the names of a template in an ordinary text.
const IN_SUB: &str = "use `Fn::Sub`: CloudFormation does not replace `${…}` anywhere else";

impl Accepted {
    /// How to refer to the ARN of the resource whose name stands there, where that would be taken.
    fn reference(&self, cx: LintContext<'_>, node: &Node, value: &AcceptedValue) -> Option<String> {
        let is_right = |type_name: &str| {
            let shape = cx.catalogue.template_resource(type_name);
            let arn = shape.and_then(|shape| shape.arn.as_ref());
            arn.is_some_and(|arn| value.form.fits(&arn.fill(&Names::new())))
        };
        let help = self.refers.then(|| refer_to_arn(cx, node, &is_right))?;
        help.or_else(|| refer_to_arn_of(cx, node, &is_right))
    }
}

/// Says what to write, which is a fix where it goes in the place of a text.
fn meant(finding: Finding, place: Option<Span>, text: String) -> Finding {
    let finding = finding.help(format!("write `{text}`"));
    finding.fix(place.map(|span| Fix::Replace { span, text }))
}

/// What to do about digits that are read as an octal number.
fn number_help(node: &Node) -> Option<String> {
    let written = node.scalar().filter(|_| node.as_str().is_none())?;
    let is_octal = written.len() > 1 && written.starts_with('0');
    is_octal.then(|| {
        format!("write \"{written}\" in quotes: without them, CloudFormation reads an octal number")
    })
}

/// A part of a text that is to be replaced.
enum Placeholder {
    /// `Fn::Sub` would replace it.
    Sub,
    /// Another program replaces it.
    Foreign,
}

/// Whether a text has parts that are to be replaced.
fn placeholder(cx: LintContext<'_>, place: Span, text: &str) -> Option<Placeholder> {
    const MARKS: [(&str, &str); 5] = [
        ("{{", "}}"),
        ("<", ">"),
        ("#{", "}"),
        ("[[", "]]"),
        ("{%", "%}"),
    ];
    let is_marked = |(start, end): (&str, &str)| {
        let rest = text.split_once(start);
        rest.is_some_and(|(_, rest)| rest.contains(end))
    };
    let variables = text.split("${").skip(1);
    let names: Vec<&str> = variables
        .filter_map(|rest| Some(rest.split_once('}')?.0))
        .collect();
    let is_own = |name: &&str| is_substituted(cx, place, name);
    match names.is_empty() {
        _ if MARKS.into_iter().any(is_marked) => Some(Placeholder::Foreign),
        true => None,
        false if names.iter().all(is_own) => Some(Placeholder::Sub),
        false => Some(Placeholder::Foreign),
    }
}
