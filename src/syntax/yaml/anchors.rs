//! Anchors and the values that they name, with a bound on what aliases may add.

use std::collections::HashMap;

use super::value::Value;

/// How many values aliases may add to those that are written.
const BUDGET: usize = 250_000;

/// The named values of one document, and what may still be added to the stream.
pub(super) struct Anchors {
    values: HashMap<usize, Value>,
    left: usize,
}

/// Why an alias has no value.
pub(super) enum NoValue {
    /// It stands inside the value that it names.
    Endless,
    /// Too much was added.
    TooLarge,
}

impl Anchors {
    pub(super) fn new() -> Self {
        Anchors {
            values: HashMap::new(),
            left: BUDGET,
        }
    }

    /// Names do not reach from one document into the next.
    pub(super) fn forget(&mut self) {
        self.values.clear();
    }

    pub(super) fn name(&mut self, id: usize, value: &Value) {
        self.values.insert(id, value.clone());
    }

    pub(super) fn value(&mut self, id: usize) -> Result<Value, NoValue> {
        let value = self.values.get(&id).ok_or(NoValue::Endless)?;
        let left = self.left.checked_sub(value.size);
        self.left = left.ok_or(NoValue::TooLarge)?;
        Ok(value.clone())
    }
}
