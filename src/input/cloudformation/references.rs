//! Names that a template refers to and does not declare: CloudFormation refuses it.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-ref.html>

use std::collections::HashSet;

use super::partial_string::{Place, places};
use super::template_types::{MODULE, SERVERLESS_FUNCTION};
use crate::diagnostics::Problem;
use crate::input::infra::types;
use crate::syntax::{Member, Node, distance, nearest};

/// How many such names are reported.
const MOST: usize = 20;

/// The names in `Ref`, `Fn::GetAtt` and `Fn::Sub` of the resources that nothing declares. Nothing
/// is reported of a template to which others add, by a transform or a module.
pub(super) fn unknown(template: &Node) -> Vec<Problem> {
    let declared = |section: &str| template.get(section).map_or(&[][..], Node::members);
    let resources = declared("Resources");
    let is_module = |member: &Member| {
        let kind = member.value.str("Type");
        kind.is_some_and(|kind| kind.ends_with(MODULE))
    };
    if template.get("Transform").is_some() || resources.iter().any(is_module) {
        return Vec::new();
    }
    let all = resources.iter().chain(declared("Parameters"));
    let known: HashSet<&str> = all.map(|member| &*member.key.text).collect();
    let mut found = Vec::new();
    for member in resources {
        let waits = member.value.get("DependsOn").map_or(&[][..], Node::each);
        let named = waits.iter().filter_map(|node| Some((node.as_str()?, node)));
        found.extend(named.filter(|(name, _)| !known.contains(name)));
    }
    // Conditions can name parameters only, which are known as well.
    let sections = resources.iter().chain(declared("Conditions"));
    for node in sections.flat_map(|member| member.value.walk()) {
        if node.get("Fn::Transform").is_some() {
            return Vec::new();
        }
        let missing = names(node).filter(|(name, _)| {
            !name.starts_with("AWS::") && !known.contains(name) && !name.is_empty()
        });
        found.extend(missing);
    }
    found.sort_by_key(|(_, place)| place.span.start);
    let problems = found.into_iter().map(|(name, place)| {
        let message = format!("`{name}` is neither a parameter nor a resource of this template");
        let help = "declare it, or name one that is declared";
        suggesting(Problem::at(place.span, message), name, &known, help)
    });
    problems.take(MOST).collect()
}

/// A problem with the known name that is nearest to the one that was written, or else this help.
fn suggesting(problem: Problem, name: &str, known: &HashSet<&str>, help: &str) -> Problem {
    match nearest(name, known.iter().copied()) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help(help),
    }
}

/// The types of functions.
const FUNCTIONS: [&str; 2] = [types::FUNCTION, SERVERLESS_FUNCTION];

/// Functions that name their role where its ARN is asked for.
pub(super) fn roles_by_name(template: &Node) -> Vec<Problem> {
    let resources = template.get("Resources");
    let members = resources.map_or(&[][..], Node::members).iter();
    let functions = members.filter(|member| {
        let kind = member.value.str("Type");
        kind.is_some_and(|kind| FUNCTIONS.contains(&kind))
    });
    let wrong = functions.filter_map(|member| {
        let role = member.value.at(&["Properties", "Role"])?;
        let name = role.str("Ref")?;
        let kind = resources?.get(name)?.str("Type")?;
        (kind == types::ROLE).then_some((role.span, name))
    });
    let problems = wrong.map(|(span, name)| {
        let message = format!("`Ref` gives the name of role `{name}`, and Lambda takes its ARN");
        Problem::at(span, message).help(format!("write `Fn::GetAtt` of `{name}.Arn`"))
    });
    problems.collect()
}

/// Policies that name a path in place of the role in it, as what cuts a role's ARN at its first slash
/// writes it.
pub(super) fn roles_by_path(template: &Node) -> Vec<Problem> {
    let resources = template.get("Resources").map_or(&[][..], Node::members);
    let of = |kinds: &'static [&str], property: &'static str| {
        let typed = resources.iter().filter(|member| {
            let kind = member.value.str("Type");
            kind.is_some_and(|kind| kinds.contains(&kind))
        });
        typed.filter_map(move |member| member.value.at(&["Properties", property]))
    };
    let functions = of(&FUNCTIONS, "Role");
    let arns: Vec<&str> = functions.filter_map(Node::as_str).collect();
    let declared: HashSet<&str> = of(&[types::ROLE], "RoleName")
        .filter_map(Node::as_str)
        .collect();
    let named = of(&[types::POLICY, types::MANAGED_POLICY], "Roles");
    let named = named.flat_map(Node::each);
    let wrong = named.filter_map(|node| {
        let name = node.as_str().filter(|name| !declared.contains(name))?;
        let role = arns.iter().find_map(|arn| role_in_path(arn, name))?;
        let message = format!("`{name}` is the path of role `{role}`, not a role");
        Some(Problem::at(node.span, message).help(format!("write `{role}`")))
    });
    wrong.take(MOST).collect()
}

/// The name of a role that has this step in its path.
fn role_in_path<'a>(arn: &'a str, step: &str) -> Option<&'a str> {
    let (_, rest) = arn.split_once(":role/")?;
    let (path, name) = rest.rsplit_once('/')?;
    path.split('/').any(|own| own == step).then_some(name)
}

/// Conditions that a template, with its loops written out, names and does not declare.
pub(super) fn unknown_conditions(template: &Node) -> Vec<Problem> {
    let declared = template.get("Conditions").map_or(&[][..], Node::members);
    let known: HashSet<&str> = declared.iter().map(|member| &*member.key.text).collect();
    // A loop that is left may declare more.
    if known.iter().any(|name| name.starts_with("Fn::")) {
        return Vec::new();
    }
    let resources = template.get("Resources").map_or(&[][..], Node::members);
    let mut named: Vec<&Node> = Vec::new();
    for member in resources {
        named.extend(member.value.get("Condition"));
        let calls = member.value.walk().filter_map(|node| node.get("Fn::If"));
        let calls = calls.map(Node::items).filter(|call| call.len() == 3);
        named.extend(calls.filter_map(|call| call.first()));
    }
    for member in declared {
        let inner = member.value.walk();
        named.extend(inner.filter_map(|node| node.get("Condition")));
    }
    let missing = named.into_iter().filter_map(|node| {
        let name = node.as_str()?;
        (!known.contains(name)).then_some((name, node.span))
    });
    let problems = missing.map(|(name, span)| {
        let message = format!("this template has no condition `{name}`");
        let help = "declare it under `Conditions`, or name one that is declared";
        suggesting(Problem::at(span, message), name, &known, help)
    });
    problems.take(MOST).collect()
}

/// Calls of functions that do not exist.
pub(super) fn misspelt_calls(template: &Node) -> Vec<Problem> {
    let resources = template.get("Resources").into_iter();
    let calls = resources.flat_map(Node::walk).filter_map(misspelt_call);
    calls.take(MOST).collect()
}

/// A call of a function that is nearly one of CloudFormation's.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>
fn misspelt_call(node: &Node) -> Option<Problem> {
    const CALLS: [&str; 20] = [
        "Fn::And",
        "Fn::Base64",
        "Fn::Cidr",
        "Fn::Contains",
        "Fn::Equals",
        "Fn::FindInMap",
        "Fn::GetAZs",
        "Fn::GetAtt",
        "Fn::If",
        "Fn::ImportValue",
        "Fn::Join",
        "Fn::Length",
        "Fn::Not",
        "Fn::Or",
        "Fn::Select",
        "Fn::Split",
        "Fn::Sub",
        "Fn::ToJsonString",
        "Fn::Transform",
        "Fn::ForEach",
    ];
    let [member] = node.members() else {
        return None;
    };
    let name = &*member.key.text;
    if !name.starts_with("Fn::") || CALLS.contains(&name) {
        return None;
    }
    let near = CALLS.into_iter().find(|known| {
        known.eq_ignore_ascii_case(name) || name.len() > 7 && distance(known, name) == 1
    })?;
    let message = format!("there is no function `{name}`");
    Some(Problem::at(member.key.span, message).help(format!("did you mean `{near}`?")))
}

/// The names that a call refers to, with where they are written.
fn names(node: &Node) -> impl Iterator<Item = (&str, &Node)> {
    let call = match node.members() {
        [only] => Some((&*only.key.text, &only.value)),
        _ => None,
    };
    let found = match call {
        Some(("Ref", given)) => given.as_str().map(|name| vec![(name, given)]),
        Some(("Fn::GetAtt", given)) => {
            let written = given.items().first().unwrap_or(given);
            let text = written.as_str();
            text.map(|text| vec![(text.split('.').next().unwrap_or(text), written)])
        }
        Some(("Fn::Sub", given)) => Some(substituted(given)),
        _ => None,
    };
    found.unwrap_or_default().into_iter()
}

fn substituted(given: &Node) -> Vec<(&str, &Node)> {
    let (text, own) = match given.items() {
        [text, names] => (text, names.members()),
        _ => (given, &[][..]),
    };
    let places = places(text.as_str().unwrap_or(""));
    let names = places.into_iter().filter_map(|place| match place {
        Place::Name(name) => Some(name.split('.').next().unwrap_or(name)),
        _ => None,
    });
    names
        .filter(|name| !own.iter().any(|member| &*member.key.text == *name))
        .map(|name| (name, text))
        .collect()
}
