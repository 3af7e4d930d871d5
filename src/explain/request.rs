//! The request that an error is about: who was denied which actions on what.

use super::names::Names;
use super::who::Principal;
use crate::catalogue::{ActionTable, Catalogue, Symptom, Symptoms};
use crate::diagnostics::{Denied, DeniedCaller};

pub(super) fn request(catalogue: &Catalogue, symptom: &Symptom, names: &Names<'_>) -> Denied {
    let symptoms = catalogue.symptoms();
    let table = &catalogue.actions.table;
    let principal = names.get("principal").map(Principal::of);
    let actions = actions(catalogue, symptom, names).into_iter();
    // Errors do not always write names as policies do.
    let known = |action: String| {
        table
            .action(&action)
            .map_or(action, |known| known.full_name())
    };
    let actions: Vec<String> = actions.map(known).collect();
    let (who, is_sure) = caller(symptoms, symptom, principal.as_ref(), &actions);
    let resource = resource(symptom, names);
    let function = names.get("function").or_else(|| {
        let resource = names.get("resource");
        resource.filter(|arn| arn.contains(":function:"))
    });
    // A role that is passed or assumed is not the one that does it.
    let of_resource = names
        .get("resource")
        .and_then(|arn| arn.split_once(":role/"));
    let role = names.get("role").map(last);
    let role = role.filter(|role| of_resource.is_none_or(|(_, path)| last(path) != *role));
    let mut request = Denied {
        who,
        is_sure,
        principal: None,
        role: role.map(str::to_owned),
        function: function
            .filter(|_| who != DeniedCaller::Function)
            .map(name_of_function),
        qualifier: function.and_then(qualifier_of).map(str::to_owned),
        actions,
        resource,
    };
    match (&principal, &symptom.service) {
        (Some(principal), _) => principal.tell(&mut request),
        (None, Some(service)) => request.principal = names.fill_all(service),
        (None, None) => {}
    }
    request
}

/// Who was denied, and whether that is sure: by the symptom, by the name of the principal, or by the
/// action where hardly anybody but others calls it.
fn caller(
    symptoms: &Symptoms,
    symptom: &Symptom,
    principal: Option<&Principal<'_>>,
    actions: &[String],
) -> (DeniedCaller, bool) {
    let by_name = principal.map(|principal| principal.who(symptoms));
    let by_action = actions
        .first()
        .and_then(|action| symptoms.caller_of_action(action));
    match (symptom.denied_caller, by_name, by_action) {
        (Some(who), ..) => (who, true),
        (None, Some((DeniedCaller::User, is_sure)), Some(who)) => (who, is_sure),
        (None, Some((_, false)) | None, Some(who)) => (who, false),
        (None, Some(named), _) => named,
        (None, None, None) => (DeniedCaller::Nobody, false),
    }
}

fn actions(catalogue: &Catalogue, symptom: &Symptom, names: &Names<'_>) -> Vec<String> {
    let symptoms = catalogue.symptoms();
    let written = symptom.action.as_deref().and_then(|a| names.fill_all(a));
    let told = written.map(|actions| {
        let each = actions.split(", ").map(lower_prefix);
        each.flat_map(|action| of_call(symptoms, &action)).collect()
    });
    let by_call = || {
        let operation = names.get("operation")?;
        let Some(service) = names.get("service") else {
            return only_action(&catalogue.actions.table, operation);
        };
        let known = symptoms.actions_of(operation, service).to_vec();
        if !known.is_empty() {
            return Some(known);
        }
        // Errors call some services by another name than policies do.
        let service = service.to_lowercase();
        let prefix = catalogue.actions.prefix_of_alias(&service);
        let prefix = prefix.unwrap_or(&service);
        Some(vec![format!("{prefix}:{operation}")])
    };
    told.or_else(by_call).unwrap_or_default()
}

/// The action of a call, if only one service has one of that name.
fn only_action(table: &ActionTable, operation: &str) -> Option<Vec<String>> {
    let mut named = table
        .services()
        .filter_map(|service| service.action(operation));
    let only = named.next().filter(|_| named.next().is_none())?;
    Some(vec![only.full_name()])
}

/// The actions of a call that is named like one.
fn of_call(symptoms: &Symptoms, call: &str) -> Vec<String> {
    let named = call.split_once(':');
    let known = named.map_or(&[][..], |(service, name)| {
        symptoms.actions_of(name, service)
    });
    match known.is_empty() {
        true => vec![symptoms.action_of(call).to_owned()],
        false => known.to_vec(),
    }
}

/// Services call themselves in capitals in some errors, as in `SNS:Publish`.
fn lower_prefix(action: &str) -> String {
    match action.split_once(':') {
        Some((service, name)) => format!("{}:{name}", service.to_lowercase()),
        None => action.to_owned(),
    }
}

fn resource(symptom: &Symptom, names: &Names<'_>) -> Option<String> {
    let told = symptom.resource.as_deref().and_then(|r| names.fill_all(r));
    // A log group is presented with an empty stream.
    let told = told.map(|arn| match arn.strip_suffix(":log-stream:") {
        Some(group) => format!("{group}:*"),
        None => arn,
    });
    // A truncated or masked ARN cannot be written in a policy.
    let is_whole = |arn: &String| {
        let masked = ["**", "redacted", "REDACTED", "{", "<"];
        !arn.is_empty() && !arn.ends_with('-') && !masked.iter().any(|mask| arn.contains(mask))
    };
    told.filter(is_whole)
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn name_of_function(written: &str) -> String {
    match written.split_once(":function:") {
        Some((_, name)) => name.split(':').next().unwrap_or(name).to_owned(),
        None => written.to_owned(),
    }
}

/// The version or alias in the ARN of a function.
fn qualifier_of(written: &str) -> Option<&str> {
    let (_, name) = written.split_once(":function:")?;
    let (_, qualifier) = name.split_once(':')?;
    Some(qualifier)
        .filter(|qualifier| !qualifier.is_empty() && !qualifier.contains(['/', ':', '*']))
}
