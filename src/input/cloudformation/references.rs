//! Names that a template refers to and does not declare: CloudFormation refuses it.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-ref.html>

use std::collections::HashSet;

use super::loops;
use super::partial_string::{Place, places};
use super::sam::{self, GeneratedIds};
use super::template_types::{MODULE, SERVERLESS_FUNCTION};
use crate::diagnostics::Problem;
use crate::input::infra::types;
use crate::syntax::{Member, Node, distance, nearest};

/// How many such names are reported.
const MOST: usize = 20;

/// Where names are declared.
pub(super) struct Declared<'t> {
    /// The template as it was written, with its loops written out.
    pub(super) template: &'t Node,
    /// The same with everything that transforms make of it.
    pub(super) expanded: &'t Node,
    /// The data about SAM, where the template asks for its transform.
    pub(super) sam: Option<&'t Node>,
}

impl<'t> Declared<'t> {
    fn names(&self) -> HashSet<&'t str> {
        let sections = [
            self.template.get("Resources"),
            self.template.get("Parameters"),
            self.expanded.get("Resources"),
        ];
        let members = sections.into_iter().flatten().flat_map(Node::members);
        members.map(|member| &*member.key.text).collect()
    }
}

/// The names in `Ref`, `Fn::GetAtt` and `Fn::Sub` of the resources that nothing declares. Nothing
/// is reported of a template to which a module or a loop that is left adds others.
pub(super) fn unknown(declared: &Declared<'_>) -> Vec<Problem> {
    let section = |name: &str| declared.template.get(name).map_or(&[][..], Node::members);
    let resources = section("Resources");
    let is_module = |member: &Member| {
        let kind = member.value.str("Type");
        kind.is_some_and(|kind| kind.ends_with(MODULE))
    };
    let has_loop = || {
        let mut nodes = declared.template.walk();
        nodes.any(|node| node.members().iter().any(loops::is_loop))
    };
    if resources.iter().any(is_module) || has_loop() {
        return Vec::new();
    }
    let known = declared.names();
    let mut found = Vec::new();
    for member in resources {
        let waits = member.value.get("DependsOn").map_or(&[][..], Node::each);
        found.extend(waits.iter().filter_map(|node| Some((node.as_str()?, node))));
    }
    // Conditions can name parameters only, which are known as well. What a macro makes of the object that
    // it stands in is not known.
    let sections = resources.iter().chain(section("Conditions"));
    for member in sections {
        found.extend(referred(&member.value, declared.sam));
    }
    let made = declared
        .sam
        .map(|sam| GeneratedIds::of(declared.template, sam));
    found.retain(|(name, _)| {
        let is_pseudo = name.is_empty() || name.starts_with("AWS::");
        let may_be_made = || made.as_ref().is_some_and(|made| made.has(name));
        !is_pseudo && !known.contains(name) && !may_be_made()
    });
    found.sort_by_key(|(_, place)| place.span.start);
    let problems = found.into_iter().map(|(name, place)| {
        let problem = undeclared(name, place, declared);
        let of_attribute = name
            .split_once('.')
            .filter(|(name, _)| known.contains(name));
        match of_attribute {
            Some(_) => problem.help(format!("write `!GetAtt {name}` for an attribute")),
            None if name.contains(':') => problem.help(as_variable(name, place)),
            None => {
                let help = "declare it, or use a declared name";
                suggesting(problem, name, &known, help)
            }
        }
    });
    told(problems)
}

/// The first of several problems of a kind, the last of which says how many more there are.
///
/// Those that are not told are not made.
fn told<I>(problems: I) -> Vec<Problem>
where
    I: IntoIterator<Item = Problem, IntoIter: ExactSizeIterator>,
{
    let mut problems = problems.into_iter();
    let mut told: Vec<Problem> = problems.by_ref().take(MOST).collect();
    let more = problems.len();
    if more > 0
        && let Some(last) = told.last_mut()
    {
        last.message
            .push_str(&format!(" (and {more} more like this)"));
    }
    told
}

/// The help for a name that no resource can have: a policy variable, which `Fn::Sub` takes for a name of
/// the template.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html>
fn as_variable(name: &str, place: &Node) -> String {
    let places = places(place.as_str().unwrap_or(""));
    let written = places.into_iter().find_map(|place| match place {
        Place::Name(written) if written.starts_with(name) => Some(written),
        _ => None,
    });
    match written {
        Some(written) => format!("write `${{!{written}}}` for a policy variable"),
        None => "declare it, or use a declared name".to_owned(),
    }
}

/// The names that a resource refers to in what is deployed: what a macro makes of an object, and what
/// SAM drops of its own resources, is not.
fn referred<'t>(resource: &'t Node, sam: Option<&Node>) -> Vec<(&'t str, &'t Node)> {
    let sam = sam.filter(|_| sam::is_of_sam(resource));
    let dropped = sam.map_or_else(Vec::new, |sam| sam::dropped_properties(resource, sam));
    let is_dropped = |member: &Member| dropped.iter().any(|name| *name == &*member.key.text);
    let mut found = Vec::new();
    let mut open = vec![resource];
    while let Some(node) = open.pop() {
        if node.get("Fn::Transform").is_none() {
            found.extend(names(node));
            let kept = node.members().iter().filter(|member| !is_dropped(member));
            open.extend(kept.map(|member| &member.value));
            open.extend(node.items());
        }
    }
    found
}

fn undeclared(name: &str, place: &Node, declared: &Declared<'_>) -> Problem {
    let message = format!("`{name}` is neither a parameter nor a resource of this template");
    Problem::at(
        place.span,
        match declared.sam {
            Some(_) => format!("{message}, and SAM does not generate it"),
            None => message,
        },
    )
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
    told(wrong.collect::<Vec<Problem>>())
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
        let message = format!("unknown condition `{name}`");
        let help = "declare it under `Conditions`, or use a declared condition";
        suggesting(Problem::at(span, message), name, &known, help)
    });
    told(problems.collect::<Vec<Problem>>())
}

/// Calls of functions that do not exist.
pub(super) fn misspelt_calls(template: &Node) -> Vec<Problem> {
    let resources = template.get("Resources").into_iter();
    let calls = resources.flat_map(Node::walk).filter_map(misspelt_call);
    told(calls.collect::<Vec<Problem>>())
}

/// Calls of `Fn::Sub` with the values before the text, or with a list of the text alone: CloudFormation
/// refuses them with "Specify a string as first argument, and an optional second argument".
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html>
/// <https://github.com/sparkleformation/sparkle_formation/issues/222>
pub(super) fn wrong_substitutions(template: &Node) -> Vec<Problem> {
    let resources = template.get("Resources").into_iter();
    let calls = resources
        .flat_map(Node::walk)
        .filter_map(|node| node.get("Fn::Sub"));
    let wrong = calls.filter_map(|given| match given.items() {
        [values, text] if values.is_object() && text.as_str().is_some() => {
            let message = "the first item of `Fn::Sub` must be a string: CloudFormation rejects this template";
            let help = "write the string first, then the object with the values";
            Some(Problem::at(values.span, message).help(help))
        }
        [text] if text.as_str().is_some() => {
            let message =
                "`Fn::Sub` does not accept a list with a single item: CloudFormation rejects this template";
            Some(Problem::at(text.span, message).help("write the string without the list"))
        }
        _ => None,
    });
    told(wrong.collect::<Vec<Problem>>())
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
    let message = format!("unknown intrinsic function `{name}`");
    Some(Problem::at(member.key.span, message).help(format!("did you mean `{near}`?")))
}

/// The names that a call refers to, with where they are written.
pub(super) fn names(node: &Node) -> impl Iterator<Item = (&str, &Node)> {
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
