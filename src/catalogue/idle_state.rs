//! States in which a source calls nothing.

use super::decode::each;
use crate::diagnostics::Problem;
use crate::syntax::{Fields, Names, Node, Text};

/// A state in which a source does not invoke the function.
#[derive(Debug)]
pub struct IdleState {
    /// The variable of a trigger that tells it.
    variable: String,
    /// The value of the variable.
    value: String,
    /// Why it does not invoke the function, as in "the rule is disabled".
    pub because: String,
}

impl IdleState {
    /// Reads the states in the member `idleIf`; what is wrong with them becomes problems.
    pub(super) fn decode_all(fields: &mut Fields<'_, '_>) -> Vec<Self> {
        let states = fields.list("idleIf");
        each(states, fields.problems(), Self::decode)
    }

    fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a state", problems)?;
        let variable = fields.text("variable").map(str::to_owned);
        let value = fields.text("value").map(str::to_owned);
        let because = fields.text("because").map(str::to_owned);
        fields.finish();
        Some(IdleState {
            variable: variable?,
            value: value?,
            because: because?,
        })
    }

    /// Whether the variables of a trigger tell it.
    #[must_use]
    pub fn is_of(&self, names: &Names) -> bool {
        names.get(&self.variable).and_then(Text::as_str) == Some(&self.value)
    }
}
