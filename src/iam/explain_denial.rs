//! Reasons of a decision: keys that the request leaves open, the statement that came closest, and what AWS
//! refuses or does not document.

use std::collections::BTreeMap;

use super::authorize::Authorization;
use super::context::Known;
use super::context_key::ContextKey;
use super::near_miss::NearMiss;
use super::policies::{Policies, PolicyType};
use super::request::Request;
use super::truth::Truth;

impl<'p> Policies<'p> {
    /// The keys that the policies use as variables, as they are written.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        let statements = self.sets().flat_map(|(_, set)| set.statements());
        statements.flat_map(|statement| {
            let conditions = statement.conditions.iter();
            let of_values = conditions.flat_map(|condition| condition.keys_of_values());
            statement.keys_of_resources().chain(of_values)
        })
    }

    /// Condition keys, as they are written, that statements about the action and resource ask for
    /// and that the request does not state in full.
    #[must_use]
    pub fn missing_keys(&self, request: &Request<'_>) -> Vec<String> {
        let mut missing = BTreeMap::new();
        let mut ask = |key: &ContextKey, written: &str| {
            let is_told = match request.context.get(key) {
                Known::Values(values) => values.iter().all(|value| value.as_str().is_some()),
                Known::Absent | Known::Unknown => false,
            };
            if !is_told {
                let folded = key.folded().to_owned();
                missing.entry(folded).or_insert_with(|| written.to_owned());
            }
        };
        let sets = self.sets();
        let statements = sets.flat_map(|(of_type, set)| {
            let statements = set.statements();
            statements.map(move |statement| (of_type, statement))
        });
        for (of_type, statement) in statements.filter(|(_, s)| s.of_action(request) != Truth::No) {
            let variables = statement.keys_of_resources();
            variables.for_each(|key| ask(&ContextKey::new(key), key));
            if statement.of_resource(request, of_type.completes_arns()) == Truth::No {
                continue;
            }
            for condition in &statement.conditions {
                ask(condition.context_key(), &condition.key);
                let variables = condition.keys_of_values();
                variables.for_each(|key| ask(&ContextKey::new(key), key));
            }
        }
        missing.into_values().collect()
    }
}

impl<'p> Authorization<'p> {
    /// The type of policy for want of which the request is not allowed, and the statement of it
    /// that came closest.
    #[must_use]
    pub fn nearest(
        &self,
        policies: &Policies<'p>,
        request: &Request<'_>,
    ) -> Option<(PolicyType, Option<NearMiss<'p>>)> {
        let stopping = *self.lacking().first()?;
        let documents = policies.documents(stopping);
        let request = Request {
            caller: request.caller.clone().filter(|_| stopping.names_callers()),
            ..request.clone()
        };
        Some((stopping, NearMiss::find(&documents, stopping, &request)))
    }
}

impl Authorization<'_> {
    /// Why an unknown decision is unknown, where it is for a statement that AWS refuses or does not
    /// document.
    #[must_use]
    pub fn doubt(&self) -> Option<String> {
        let mut deciding = self.deciding().into_iter();
        deciding.find_map(|(of_type, statement)| {
            if let Some(refusal) = of_type.refuses(statement) {
                return Some(format!("AWS rejects the statement: {refusal}"));
            }
            if statement.broken {
                return Some("AWS rejects the statement".to_owned());
            }
            let entry = statement.mistaken_entry()?;
            Some(format!(
                "AWS does not document what `{}` matches",
                entry.text
            ))
        })
    }
}
