//! What is known about a request beside its action and resource.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>

use std::collections::BTreeMap;

use crate::document::Text;

/// The condition keys of one request. Keys are found without regard to case.
#[derive(Clone, Debug, Default)]
pub struct Context {
    keys: BTreeMap<String, Option<Vec<Text>>>,
    complete: bool,
}

/// What is known of one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known<'c> {
    /// The request has the key with these values.
    Values(&'c [Text]),
    /// The request does not have the key.
    Absent,
    /// It is not known whether it has.
    Unknown,
}

impl Context {
    /// A context without keys beside those that are set: all others are absent.
    #[must_use]
    pub fn complete() -> Self {
        Context {
            keys: BTreeMap::new(),
            complete: true,
        }
    }

    /// States the values of a key.
    pub fn set(&mut self, key: &str, values: Vec<Text>) {
        self.keys.insert(key.to_lowercase(), Some(values));
    }

    /// States that the request does not have a key.
    pub fn set_absent(&mut self, key: &str) {
        self.keys.insert(key.to_lowercase(), None);
    }

    /// What is known of a key; the name must be in lower case.
    #[must_use]
    pub fn get(&self, key: &str) -> Known<'_> {
        match self.keys.get(key) {
            Some(Some(values)) => Known::Values(values),
            Some(None) => Known::Absent,
            None if self.complete => Known::Absent,
            None => Known::Unknown,
        }
    }

    /// The same context with every hole filled in that has a likely text.
    #[must_use]
    pub fn filled(&self) -> Self {
        let filled = |values: &Vec<Text>| values.iter().map(Text::filled).collect();
        Context {
            keys: self
                .keys
                .iter()
                .map(|(key, values)| (key.clone(), values.as_ref().map(filled)))
                .collect(),
            complete: self.complete,
        }
    }
}
