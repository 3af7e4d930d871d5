//! Looks up functions and roles in the documents by name or ARN.

use std::collections::BTreeSet;

use crate::diagnostics::Problem;
use crate::model::{Function, FunctionName, Inventory, Role};
use crate::syntax::{Text, nearest};

/// The function with a name or ARN.
pub(super) fn function<'n>(inventory: &'n Inventory, written: &str) -> Option<Function<'n>> {
    let wanted = FunctionName::parse(&Text::from(written));
    inventory.functions().find(|function| {
        let known = function.name();
        let same_arn = wanted.arn.is_none() || known.arn.is_none() || wanted.arn == known.arn;
        let by_id = wanted.arn.is_none() && function.logical_id() == wanted.name.as_str();
        by_id && function.logical_id().is_some()
            || wanted.name == known.name && same_arn && known.name.as_str() != Some("")
    })
}

/// A problem for a name that several functions or roles have.
pub(super) fn several(inventory: &Inventory, written: &str) -> Option<Problem> {
    if written.starts_with("arn:") {
        return None;
    }
    let wanted = FunctionName::parse(&Text::from(written)).name;
    let functions = inventory.functions().map(|function| function.name());
    let functions = functions.filter(|name| name.name == wanted);
    let functions: BTreeSet<String> = functions
        .filter_map(|name| Some(name.arn?.to_string()))
        .collect();
    let roles = roles(inventory).filter(|role| role.name() == Some(written));
    let roles: BTreeSet<String> = roles
        .filter_map(|role| role.node.str("Arn").map(str::to_owned))
        .collect();
    let arns = [functions, roles].into_iter().find(|arns| arns.len() > 1)?;
    let arns = arns.into_iter().collect::<Vec<_>>().join(", ");
    let problem = Problem::of_path(written, "this name is ambiguous in the documents");
    Some(problem.help(format!("specify the ARN: {arns}")))
}

/// The only one there is.
pub(super) fn sole<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    all.next().filter(|_| all.next().is_none())
}

/// The role with a name or ARN.
pub(super) fn role<'n>(inventory: &'n Inventory, written: &str) -> Option<Role<'n>> {
    roles(inventory).find(|role| {
        let by_arn = role.node.str("Arn") == Some(written);
        let name = written
            .split_once(":role/")
            .map(|(_, path)| path.rsplit('/').next().unwrap_or(path));
        let name_alone = Some(name.unwrap_or(written));
        let same_name = role.name() == name_alone || role.node.str("RoleName") == name_alone;
        by_arn || same_name && (name.is_none() || role.node.str("Arn").is_none())
    })
}

/// All roles in the documents.
pub(super) fn roles(inventory: &Inventory) -> impl Iterator<Item = Role<'_>> {
    let of_functions = inventory.functions().filter_map(Function::role);
    of_functions.chain(inventory.roles())
}

/// The names of functions and roles in the documents.
pub(super) fn names(inventory: &Inventory) -> impl Iterator<Item = String> {
    let functions = inventory.functions().map(|function| function.called());
    let roles = roles(inventory).filter_map(|role| role.name().map(str::to_owned));
    functions.chain(roles).filter(|name| !name.is_empty())
}

/// The problem for a name that the documents do not contain, with a suggestion.
pub(super) fn unknown(inventory: &Inventory, written: &str) -> Problem {
    let names: Vec<String> = names(inventory).collect();
    let problem = Problem::of_path(
        written,
        "no function or role with this name in the documents",
    );
    match nearest(written, names.iter().map(String::as_str)) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None if names.is_empty() => problem.help("specify files or folders that contain it, after the action and resource"),
        None => problem.help("specify the name or ARN of a function or role in the documents, or a service principal such as `s3.amazonaws.com`"),
    }
}

/// The role of a session, whose ARN contains the account and name of the role, but not its path.
pub(super) fn role_of_session<'n>(inventory: &'n Inventory, arn: &str) -> Option<Role<'n>> {
    let (account, name) = arn.split_once(":role/")?;
    sole(roles(inventory).filter(|role| {
        let known = role.node.str("Arn").unwrap_or("");
        role.name() == Some(name) && known.starts_with(account)
    }))
}
