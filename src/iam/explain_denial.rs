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
    /// Condition keys, as they are written, that statements about the action and resource ask for
    /// and that the request does not state.
    #[must_use]
    pub fn missing_keys(&self, request: &Request<'_>) -> Vec<String> {
        let mut missing = BTreeMap::new();
        let mut ask = |key: &str| {
            let known = ContextKey::new(key);
            if !matches!(request.context.get(&known), Known::Values(_)) {
                let folded = known.folded().to_owned();
                missing.entry(folded).or_insert_with(|| key.to_owned());
            }
        };
        for of_type in PolicyType::ALL {
            let documents = self.documents(of_type).into_iter();
            let statements = documents.flat_map(|document| &document.statements);
            for statement in statements.filter(|s| s.of_action(request) != Truth::No) {
                statement.keys_of_resources().for_each(&mut ask);
                if statement.of_resource(request, of_type.completes_arns()) != Truth::No {
                    let conditions = statement.conditions.iter();
                    conditions.flat_map(|c| c.keys()).for_each(&mut ask);
                }
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
