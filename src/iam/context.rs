//! What is known about a request beside its action and resource.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::context_key::ContextKey;
use crate::syntax::Text;

/// The condition keys of one request. Keys are found without regard to case.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// Shared by contexts that differ in what else they say.
    keys: Arc<BTreeMap<ContextKey, Stated>>,
    /// Keys that can have several values, in whatever number this request has.
    multivalued: Arc<BTreeSet<ContextKey>>,
    complete: bool,
    no_coincidence: bool,
}

/// What is stated of one key.
#[derive(Clone, Debug)]
enum Stated {
    Values(Vec<Text>),
    Absent,
    Unknown,
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
            complete: true,
            ..Context::default()
        }
    }

    /// The same context in a world in which no fixed text happens to be what is made up at random for a
    /// resource.
    #[must_use]
    pub fn without_coincidence(&self) -> Self {
        Context {
            no_coincidence: true,
            ..self.clone()
        }
    }

    /// Whether a fixed text is never what is made up at random.
    #[must_use]
    pub fn excludes_coincidence(&self) -> bool {
        self.no_coincidence
    }

    /// States the values of a key.
    pub fn set(&mut self, key: &str, values: Vec<Text>) {
        self.state(key, Stated::Values(values));
    }

    /// States that the request does not have a key.
    pub fn set_absent(&mut self, key: &str) {
        self.state(key, Stated::Absent);
    }

    /// States that it is not known whether the request has a key.
    pub fn set_unknown(&mut self, key: &str) {
        self.state(key, Stated::Unknown);
    }

    fn state(&mut self, key: &str, stated: Stated) {
        Arc::make_mut(&mut self.keys).insert(ContextKey::new(key), stated);
    }

    /// States that a key can have several values, so that it is no policy variable.
    ///
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-using-variables>
    pub fn set_multivalued(&mut self, key: &str) {
        Arc::make_mut(&mut self.multivalued).insert(ContextKey::new(key));
    }

    /// Whether a key can have several values.
    pub(super) fn is_multivalued(&self, key: &ContextKey) -> bool {
        self.multivalued.contains(key)
    }

    /// How many keys are spoken of.
    #[must_use]
    pub fn size(&self) -> usize {
        self.keys.len()
    }

    /// States what another context states and this one does not.
    pub fn complete_by(&mut self, other: &Context) {
        let keys = Arc::make_mut(&mut self.keys);
        for (key, stated) in &*other.keys {
            keys.entry(key.clone()).or_insert_with(|| stated.clone());
        }
        if !other.multivalued.is_empty() {
            let own = Arc::make_mut(&mut self.multivalued);
            own.extend(other.multivalued.iter().cloned());
        }
    }

    /// Whether anything was stated of a key.
    #[must_use]
    pub fn tells_of(&self, key: &str) -> bool {
        self.keys.contains_key(&ContextKey::new(key))
    }

    /// What is known of a key.
    #[must_use]
    pub fn get(&self, key: &ContextKey) -> Known<'_> {
        match self.keys.get(key) {
            Some(Stated::Values(values)) => Known::Values(values),
            Some(Stated::Absent) => Known::Absent,
            Some(Stated::Unknown) => Known::Unknown,
            None if self.complete => Known::Absent,
            None => Known::Unknown,
        }
    }

    /// Whether a hole of a value has a likely text.
    pub(super) fn has_likely(&self) -> bool {
        self.keys.values().any(|stated| match stated {
            Stated::Values(values) => values.iter().any(Text::has_likely),
            Stated::Absent | Stated::Unknown => false,
        })
    }

    /// The same context with every hole filled in that has a likely text.
    #[must_use]
    pub fn filled(&self) -> Self {
        let mut filled = self.clone();
        let has_holes = |stated: &Stated| match stated {
            Stated::Values(values) => values.iter().any(|value| value.as_str().is_none()),
            Stated::Absent | Stated::Unknown => false,
        };
        if self.keys.values().any(has_holes) {
            for stated in Arc::make_mut(&mut filled.keys).values_mut() {
                if let Stated::Values(values) = stated {
                    values.iter_mut().for_each(|value| *value = value.filled());
                }
            }
        }
        filled
    }
}
