//! A value with how much it covers, in the file and in depth.

use crate::syntax::Node;

/// A value with what its surroundings need to know of it.
#[derive(Clone)]
pub(super) struct Value {
    pub(super) node: Node,
    /// The offset after what is written here; for an alias that is not where its node ends.
    pub(super) end: usize,
    /// How many values it is made of.
    pub(super) size: usize,
    /// How many levels of lists and objects it has.
    pub(super) height: usize,
}

/// How far a list or object reaches, in the file and in depth.
pub(super) struct Extent {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) size: usize,
    pub(super) height: usize,
}

impl Extent {
    pub(super) fn new(start: usize) -> Self {
        Extent {
            start,
            end: start,
            size: 1,
            height: 1,
        }
    }

    /// Covers another value of the list or object.
    pub(super) fn add(&mut self, value: &Value) {
        self.end = self.end.max(value.end);
        self.size = self.size.saturating_add(value.size);
        self.height = self.height.max(value.height + 1);
    }
}
