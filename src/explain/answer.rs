//! The explanation of one error, with the names that it contains.

use super::search::Found;
use super::statement;
use super::who::Principal;
use crate::catalogue::{Catalogue, Cause, Symptom, Symptoms};
use crate::diagnostics::{Change, Denied, DeniedCaller, Explanation};

/// Words for names that an error does not contain.
const UNNAMED: [(&str, &str); 12] = [
    ("principal", "the caller"),
    ("action", "the action"),
    ("resource", "the resource"),
    ("operation", "the call"),
    ("service", "the service"),
    ("function", "the function"),
    ("role", "the role"),
    ("bucket", "the bucket"),
    ("key", "the key"),
    ("logGroup", "the log group"),
    ("file", "the file"),
    ("accessPoint", "the access point"),
];

pub(super) fn explanation(
    catalogue: &Catalogue,
    found: &Found,
    input: &str,
) -> Option<Explanation> {
    let symptoms = catalogue.symptoms();
    let symptom = symptoms.errors.get(found.symptom)?;
    let names = Names(&found.names);
    let request = request(symptoms, symptom, &names);
    let action = request.actions.first().map(String::as_str);
    let diagnosis = &symptom.diagnosis;
    let causes = diagnosis.causes.iter().filter(|c| c.applies_to(action));
    let causes = causes
        .map(|cause| Change {
            // A grant has no effect against a Deny.
            statement: (!symptom.is_explicit_deny)
                .then(|| statement::of(catalogue, cause.document, &request))
                .flatten(),
            ..change(cause, &names)
        })
        .collect();
    Some(Explanation {
        symptom: diagnosis.id.clone(),
        is_sure: symptom.is_exact_wording,
        at: (input.to_owned(), found.line),
        resource: found.resource.clone(),
        text: found.text.clone(),
        times: found.times,
        means: names.fill(&symptom.meaning),
        causes: match symptom.denied_caller {
            Some(_) => causes,
            None => for_caller(causes, &request),
        },
        not: diagnosis.ruled_out.as_deref().map(|text| names.fill(text)),
        check: diagnosis.check.as_deref().map(|text| names.fill(text)),
        references: diagnosis.references.clone(),
        request,
        documents: None,
    })
}

/// The causes with those first that fit who was refused; those of others' policies are left out where
/// it is sure who it was.
fn for_caller(mut causes: Vec<Change>, request: &Denied) -> Vec<Change> {
    let Some(own) = request.who.own_policies() else {
        return causes;
    };
    if !causes.iter().any(|cause| cause.document == own)
        && let Some(cause) = causes.iter_mut().find(|cause| cause.document.is_of_role())
    {
        cause.document = own;
    }
    if request.is_sure {
        causes.retain(|cause| !cause.document.is_of_role() || cause.document == own);
    }
    causes.sort_by_key(|cause| cause.document.is_of_role() && cause.document != own);
    // Where a policy of a role comes first, it is that of whom it was.
    let first_of_role = causes.first().is_some_and(|c| c.document.is_of_role());
    let at = causes.iter().position(|cause| cause.document == own);
    if let Some(at) = at.filter(|_| first_of_role) {
        let cause = causes.remove(at);
        causes.insert(0, cause);
    }
    causes
}

/// The named parts of an error.
struct Names<'f>(&'f [(String, String)]);

impl Names<'_> {
    /// What stands between quotes is a resource as it is.
    fn get(&self, wanted: &str) -> Option<&str> {
        let find = |wanted: &str| {
            let mut names = self.0.iter();
            let found = names.find(|(name, text)| name == wanted && !text.is_empty());
            found.map(|(_, text)| text.as_str())
        };
        match wanted {
            "resource" if find("quoted").is_some() => find("quoted"),
            _ => Some(find(wanted)?.trim_end_matches(['.', ',', ';'])),
        }
    }

    /// A text with the parts in it; what the error does not name is called what it is.
    fn fill(&self, text: &str) -> String {
        self.filled(text, |name| {
            let unnamed = UNNAMED.iter().find(|(known, _)| *known == name);
            unnamed.map(|(_, words)| (*words).to_owned())
        })
        .unwrap_or_else(|| text.to_owned())
    }

    /// The same; nothing where a part is not named.
    fn fill_all(&self, text: &str) -> Option<String> {
        self.filled(text, |_| None)
    }

    fn filled(&self, text: &str, otherwise: impl Fn(&str) -> Option<String>) -> Option<String> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('{') {
            filled.push_str(before);
            let named = behind.split_once('}');
            let named = named.filter(|(name, _)| name.chars().all(char::is_alphanumeric));
            match named {
                Some((name, after)) => {
                    let known = self.get(name).map(str::to_owned);
                    filled.push_str(&known.or_else(|| otherwise(name))?);
                    rest = after;
                }
                None => {
                    filled.push('{');
                    rest = behind;
                }
            }
        }
        filled.push_str(rest);
        Some(filled)
    }
}

fn request(symptoms: &Symptoms, symptom: &Symptom, names: &Names<'_>) -> Denied {
    let principal = names.get("principal").map(Principal::of);
    let actions = actions(symptoms, symptom, names);
    let by_name = principal.as_ref().map(|principal| principal.who(symptoms));
    // Who it is by the name alone is not sure where hardly anybody but others calls this.
    let by_action = actions
        .first()
        .and_then(|action| symptoms.caller_of_action(action));
    let (who, is_sure) = match (symptom.denied_caller, by_name, by_action) {
        (Some(who), ..) => (who, true),
        (None, Some((_, false)) | None, Some(who)) => (who, false),
        (None, Some(named), _) => named,
        (None, None, None) => (DeniedCaller::Nobody, false),
    };
    let mut request = Denied {
        who,
        is_sure,
        principal: None,
        role: names.get("role").map(last).map(str::to_owned),
        function: names
            .get("function")
            .or_else(|| {
                let resource = names.get("resource");
                resource.filter(|arn| arn.contains(":function:"))
            })
            .filter(|_| who != DeniedCaller::Function)
            .map(name_of_function),
        actions,
        resource: resource(symptom, names),
    };
    match (&principal, &symptom.service) {
        (Some(principal), _) => principal.tell(&mut request),
        (None, Some(service)) => request.principal = names.fill_all(service),
        (None, None) => {}
    }
    request
}

fn actions(symptoms: &Symptoms, symptom: &Symptom, names: &Names<'_>) -> Vec<String> {
    let written = symptom.action.as_deref().and_then(|a| names.fill_all(a));
    let told = written.map(|actions| {
        let each = actions.split(", ").map(lower_prefix);
        each.map(|action| symptoms.action_of(&action).to_owned())
            .collect()
    });
    let by_call = || {
        let (operation, service) = (names.get("operation")?, names.get("service")?);
        let known = symptoms.actions_of(operation, service).to_vec();
        Some(match known.is_empty() {
            true => vec![format!("{}:{operation}", service.to_lowercase())],
            false => known,
        })
    };
    told.or_else(by_call).unwrap_or_default()
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

fn change(cause: &Cause, names: &Names<'_>) -> Change {
    Change {
        document: cause.document,
        because: names.fill(&cause.reason),
        fix: names.fill(&cause.fix),
        statement: None,
        tell: cause.evidence.as_deref().map(|text| names.fill(text)),
    }
}

/// A cause as written in the catalogue.
pub(super) fn told(cause: &Cause) -> Change {
    Change {
        document: cause.document,
        because: cause.reason.clone(),
        fix: cause.fix.clone(),
        statement: None,
        tell: cause.evidence.clone(),
    }
}
