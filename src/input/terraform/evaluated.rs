//! Values of expressions that are wanted whatever is wrong with them.

use super::evaluation::{Evaluate, Scope};
use crate::syntax::Node;
use crate::syntax::hcl::Expression;

/// The value of an expression; what is wrong with it is reported, and it is not known.
pub(super) fn evaluated<'c>(
    evaluator: &dyn Evaluate<'c>,
    expression: &'c Expression,
    scope: &Scope<'c>,
) -> Node {
    evaluator.value(expression, scope).unwrap_or_else(|fault| {
        evaluator.evaluation().report(fault);
        evaluator.evaluation().open(expression, scope)
    })
}
