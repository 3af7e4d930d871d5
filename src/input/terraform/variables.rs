//! Variables, with the values that calls and files give them.
//!
//! <https://developer.hashicorp.com/terraform/language/values/variables>

use std::rc::Rc;

use super::evaluation::{Evaluate, ModuleInstance, Scope};
use super::fault::Evaluated;
use super::module::Module;
use super::type_constraints;
use crate::source::Span;
use crate::syntax::hcl::{Block, Expression};
use crate::syntax::{Hole, Kind, Node, Text};

/// The value of a variable.
pub(super) fn value<'c>(
    evaluator: &dyn Evaluate<'c>,
    module: &Rc<ModuleInstance<'c>>,
    name: &str,
    span: Span,
) -> Evaluated<Node> {
    let address = format!("{}var.{name}", module.address);
    let Some(declared) = module.module.variables.get(name) else {
        return Ok(evaluator.evaluation().unknown(&address, span));
    };
    module.once(&format!("var.{name}"), span, || {
        let given = match &module.call {
            Some((call, scope)) => match call.body.attribute(name) {
                Some(given) => Some(evaluator.value(given, scope)?),
                None => None,
            },
            None => given(evaluator, module, name)?,
        };
        let is_null = |value: &Node| matches!(value.kind, Kind::Null);
        let default = declared.body.attribute("default");
        let value = match given {
            Some(value) if is_null(&value) && !is_nullable(declared) => None,
            given => given,
        };
        let is_of_root = module.call.is_none() && value.is_none();
        let value = match (value, default) {
            (Some(value), _) => value,
            (None, Some(default)) => evaluator.value(default, &Scope::of(module))?,
            (None, None) => return Ok(evaluator.evaluation().unknown(&address, span)),
        };
        let scope = Scope::of(module);
        let evaluate = |default: &'c Expression| evaluator.value(default, &scope).ok();
        let value = match declared.body.attribute("type") {
            Some(constraint) => type_constraints::converted(value, constraint, &evaluate),
            None => value,
        };
        Ok(match is_of_root && is_to_be_given(&value, module.module) {
            true => to_be_given(evaluator, &address, &value, span),
            false => value,
        })
    })
}

/// Whether a default is only there until somebody gives a value: an empty text, and in a module that others are to call
/// whatever is empty.
fn is_to_be_given(default: &Node, module: &Module) -> bool {
    let is_empty = match &default.kind {
        Kind::Array(items) => items.is_empty(),
        Kind::Object(members) => members.is_empty(),
        Kind::Null => true,
        _ => false,
    };
    default.as_str() == Some("") || is_empty && module.is_to_be_called()
}

/// The value of a variable with an empty default: what is deployed mostly has another, but expressions that ask for
/// an empty text are evaluated as if it were that.
fn to_be_given<'c>(
    evaluator: &dyn Evaluate<'c>,
    address: &str,
    default: &Node,
    span: Span,
) -> Node {
    let id = &evaluator.evaluation().id;
    let hole = Hole::anything(address).of(id).written(address);
    let hole = match default.as_str() {
        Some(default) => hole.likely(default),
        None => hole,
    };
    Node::text(Text::hole(hole), span)
}

/// The value that a file gives to a variable of the root module: the last one counts.
fn given<'c>(
    evaluator: &dyn Evaluate<'c>,
    module: &Rc<ModuleInstance<'c>>,
    name: &str,
) -> Evaluated<Option<Node>> {
    let given = module.module.given.iter().rev();
    let mut given = given.filter(|(_, attribute)| &*attribute.name == name);
    match given.next() {
        Some((_, attribute)) => {
            let value = evaluator.value(&attribute.value, &Scope::of(module))?;
            Ok(Some(value))
        }
        None => Ok(module.given.get(name).cloned()),
    }
}

fn is_nullable(declared: &Block) -> bool {
    let nullable = declared.body.attribute("nullable");
    let kind = nullable.map(|nullable| &nullable.kind);
    !matches!(
        kind,
        Some(crate::syntax::hcl::ExpressionKind::Literal(Kind::Bool(
            false
        )))
    )
}
