//! Resources that are given one name: only the first of them can be made.

use std::borrow::Cow;
use std::collections::HashMap;

use super::resource::Resource;
use super::types;
use crate::diagnostics::Problem;
use crate::syntax::Text;

/// Takes out the functions, and the roles, that have a name in common, and says so: by its name, none of
/// them can be told from the others.
pub(super) fn apart<'r>(
    resources: &'r [Resource],
    problems: &mut Vec<Problem>,
) -> Cow<'r, [Resource]> {
    let mut by_name: HashMap<Name<'_>, Vec<&Resource>> = HashMap::new();
    for resource in resources.iter().filter(|resource| is_named(resource)) {
        by_name.entry(name(resource)).or_default().push(resource);
    }
    by_name.retain(|_, same| same.len() > 1);
    if by_name.is_empty() {
        return Cow::Borrowed(resources);
    }
    let mut shared: Vec<&Vec<&Resource>> = by_name.values().collect();
    shared.sort_by_key(|same| same.first().map(|first| first.span));
    problems.extend(shared.into_iter().filter_map(|same| problem(same)));
    let is_apart = |resource: &&Resource| !by_name.contains_key(&name(resource));
    resources.iter().filter(is_apart).cloned().collect()
}

/// What only one resource of a type can have: its name, in its account and, for a function, its Region.
type Name<'r> = (&'r str, &'r Text, Option<&'r Text>, Option<&'r Text>);

fn name(resource: &Resource) -> Name<'_> {
    let region = resource.region.as_ref();
    (
        resource.type_name.as_str(),
        &resource.reference,
        resource.account.as_ref(),
        region.filter(|_| resource.is(types::FUNCTION)),
    )
}

fn is_named(resource: &Resource) -> bool {
    resource.is(types::FUNCTION) || resource.is(types::ROLE)
}

/// Whether both are one resource: a module of which there are several declares them at one place, by other names.
fn is_same(one: &Resource, other: &Resource) -> bool {
    one.span == other.span && one.logical_id == other.logical_id
}

fn problem(same: &[&Resource]) -> Option<Problem> {
    // Conditions of their own may exclude each other.
    let excludes = |one: &Resource, other: &Resource| {
        one.condition.is_some() && other.condition.is_some() && one.condition != other.condition
    };
    let clashes = |one: &Resource| {
        let mut others = same.iter().filter(|other| !is_same(other, one));
        others.any(|other| !excludes(one, other))
    };
    let same: Vec<&Resource> = same.iter().copied().filter(|one| clashes(one)).collect();
    let [first, second, others @ ..] = same.as_slice() else {
        return None;
    };
    let what = match second.is(types::ROLE) {
        true => "role",
        false => "function",
    };
    let name = &second.reference;
    let quoted = |resource: &Resource| format!("`{}`", resource.logical_id);
    let which = match others.split_last() {
        None => format!("{} and {}", quoted(first), quoted(second)),
        Some((last, others)) => {
            let between = [*second].into_iter().chain(others.iter().copied());
            let between: String = between.map(|each| format!(", {}", quoted(each))).collect();
            format!("{}{between} and {}", quoted(first), quoted(last))
        }
    };
    let message =
        format!("{which} have the same {what} name `{name}`: only one of them can be created");
    let help = "use a different name for each, or omit the name";
    Some(Problem::at(second.name_span, message).help(help))
}
