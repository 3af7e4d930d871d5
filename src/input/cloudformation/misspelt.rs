//! Types, attributes and properties of resources that are misspelt: what they declare would be
//! ignored.

use super::template_types::CUSTOM;
use crate::catalogue::Catalogue;
use crate::diagnostics::Problem;
use crate::syntax::{Member, Node, distance_within};

/// How many letters of a name may be wrong.
const SLIPS: usize = 2;

/// How long the name of a service must be for one wrong letter not to make it another one.
const LONG_ENOUGH: usize = 5;

/// Sections of a template, and attributes of a resource.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html>
const SECTIONS: [&str; 6] = [
    "Conditions",
    "Mappings",
    "Outputs",
    "Parameters",
    "Resources",
    "Transform",
];
const ATTRIBUTES: [&str; 6] = [
    "Condition",
    "DeletionPolicy",
    "DependsOn",
    "Metadata",
    "Properties",
    "UpdatePolicy",
];

/// Names that are nearly, and not quite, what CloudFormation or the catalogue knows.
pub(super) fn problems(template: &Node, catalogue: &Catalogue) -> Vec<Problem> {
    let resources = template.get("Resources").map_or(&[][..], Node::members);
    let sections = template.members().iter();
    let mut problems: Vec<Problem> = sections
        .filter_map(|member| near_name(member, "unknown section", &SECTIONS))
        .collect();
    for resource in resources {
        problems.extend(kind(resource, catalogue));
        let attributes = resource.value.members().iter();
        problems.extend(
            attributes.filter_map(|m| near_name(m, "unknown resource attribute", &ATTRIBUTES)),
        );
        problems.extend(properties(&resource.value, catalogue));
    }
    problems
}

/// Properties of a type of which the catalogue knows all.
fn properties(resource: &Node, catalogue: &Catalogue) -> Vec<Problem> {
    let kind = resource.str("Type").unwrap_or("");
    let shape = catalogue.template_resource(kind);
    let known = shape.map_or(&[][..], |shape| &shape.properties);
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let written = resource.get("Properties").map_or(&[][..], Node::members);
    let missing = format!("unknown property of {kind}:");
    let problems = written
        .iter()
        .filter_map(|m| near_name(m, &missing, &known));
    problems.collect()
}

fn near_name(member: &Member, missing: &str, known: &[&str]) -> Option<Problem> {
    let name = &*member.key.text;
    if known.contains(&name) || name.len() < LONG_ENOUGH {
        return None;
    }
    let near = known
        .iter()
        .find(|known| distance_within(known, name, SLIPS).is_some())?;
    let message = format!("{missing} `{name}`");
    Some(Problem::at(member.key.span, message).help(format!("did you mean `{near}`?")))
}

fn kind(member: &Member, catalogue: &Catalogue) -> Option<Problem> {
    let kind = member.value.get("Type")?;
    let written = kind.as_str()?;
    // The name of a custom type is up to its author.
    if written.starts_with(CUSTOM) || catalogue.template_resource(written).is_some() {
        return None;
    }
    let (service, name) = written.rsplit_once("::")?;
    let types = catalogue.types_of(service);
    let is_near = |known: &&&str| distance_within(known, written, SLIPS).is_some();
    let near = match types.is_empty() {
        true => of_near_service(service, name, catalogue)?,
        false => types
            .iter()
            .find(is_near)
            .filter(|_| !types.contains(&written))?,
    };
    let message = format!("unknown resource type `{written}`");
    Some(Problem::at(kind.span, message).help(format!("did you mean `{near}`?")))
}

/// The type of that name of a service with a long name, of which one letter is wrong.
fn of_near_service<'c>(service: &str, name: &str, catalogue: &'c Catalogue) -> Option<&'c str> {
    let mut types = catalogue.template_resources().keys().map(String::as_str);
    types.find(|known| {
        let parts = known.rsplit_once("::");
        parts.is_some_and(|(own, same)| {
            same == name
                && own.len() >= "AWS::".len() + LONG_ENOUGH
                && distance_within(own, service, 1) == Some(1)
        })
    })
}
