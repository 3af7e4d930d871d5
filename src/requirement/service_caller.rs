//! Services that call, by all names that a policy can have for them.

use super::verdict::Refusal;
use crate::catalogue::{CallPlace, Catalogue};
use crate::diagnostics::Note;
use crate::iam::{Arn, Caller, Element, PrincipalEntry, Service};
use crate::syntax::{Names, Text};

/// A service as it calls from a place.
pub(super) fn caller(catalogue: &Catalogue, principal: &Text, place: CallPlace<'_>) -> Caller {
    let names = catalogue.principals.caller(principal, place);
    Caller::Service(Box::new(Service {
        name: names.name,
        also: names.also,
        never: names.refused,
    }))
}

/// The Region of a source, by its ARN, or by that of the function, which is in the same Region for
/// most sources.
pub(super) fn region_of(source_arn: Option<&Text>, function: &Names) -> Option<Text> {
    let region = source_arn.and_then(Arn::parse).map(|arn| arn.region);
    let known = region.filter(|region| !region.is_empty());
    known.or_else(|| function.get("region").cloned())
}

/// Why the principals of the statements that come closest are not the service, where they are others
/// of its names.
pub(super) fn notes(catalogue: &Catalogue, name: &Text, refusals: &[Refusal<'_>]) -> Vec<Note> {
    let near = refusals.iter().filter_map(|refusal| refusal.near.as_ref());
    let mut notes: Vec<Note> = Vec::new();
    for miss in near {
        let by_principal = |element: &Element<'_>| matches!(element, Element::Principal);
        let principal = miss.statement.principal.as_ref();
        let named = principal.filter(|_| miss.stopped_by.iter().any(by_principal));
        for entry in named.into_iter().flat_map(|named| &named.entries) {
            notes.extend(note(catalogue, name, entry).filter(|note| !notes.contains(note)));
        }
    }
    notes
}

fn note(catalogue: &Catalogue, name: &Text, entry: &PrincipalEntry) -> Option<Note> {
    let is_service = entry.kind == "Service";
    let text = catalogue.principals.difference(&entry.name, name);
    Some(Note::at(text.filter(|_| is_service)?, entry.span))
}
