//! Texts with interpolations and directives.
//!
//! <https://developer.hashicorp.com/terraform/language/expressions/strings>

use super::evaluation::{Evaluate, Scope};
use super::fault::{Evaluated, Fault};
use super::pieces::Pieces;
use super::{loops, operators};
use crate::source::Span;
use crate::syntax::hcl::{Expression, Part};
use crate::syntax::{Hole, Node, Text};

/// The value of a text. One interpolation by itself is the value that it contains.
pub(super) fn value<'c>(
    evaluator: &dyn Evaluate<'c>,
    parts: &'c [Part],
    span: Span,
    scope: &Scope<'c>,
) -> Evaluated<Node> {
    if let [Part::Value(only)] = parts {
        let value = evaluator.value(only, scope)?;
        return Ok(super::steps::placed(&value, span));
    }
    let mut pieces = Pieces::default();
    write(evaluator, parts, scope, &mut pieces)?;
    match evaluator.evaluation().spend_text(pieces.len(), span) {
        true => Ok(pieces.node(span)),
        false => Err(Fault::of_terraform()),
    }
}

fn write<'c>(
    evaluator: &dyn Evaluate<'c>,
    parts: &'c [Part],
    scope: &Scope<'c>,
    pieces: &mut Pieces,
) -> Evaluated<()> {
    for part in parts {
        let fits = match part {
            Part::Known(text, span) => pieces.known(text, *span),
            Part::Value(expression) => {
                let value = evaluator.value(expression, scope)?;
                pieces.value(&Node::new(value.kind, expression.span))
            }
            Part::If(condition, then, otherwise) => {
                conditional(evaluator, (condition, then, otherwise), scope, pieces)?
            }
            Part::For {
                key,
                value,
                collection,
                parts,
            } => {
                let values = evaluator.value(collection, scope)?;
                let names = (key.as_ref(), value);
                match loops::entries(&values) {
                    Some(entries) => {
                        for entry in entries {
                            let inner = loops::bound(scope, names, entry);
                            write(evaluator, parts, &inner, pieces)?;
                        }
                        true
                    }
                    None => open(evaluator, collection, scope, pieces),
                }
            }
        };
        if !fits {
            let place = evaluator.evaluation();
            let span = place_of(part);
            place.report(Fault::at(
                span,
                "this text is too long to evaluate",
                "texts have up to 1 MiB",
            ));
            return Err(Fault::of_terraform());
        }
    }
    Ok(())
}

fn conditional<'c>(
    evaluator: &dyn Evaluate<'c>,
    (condition, then, otherwise): (&'c Expression, &'c [Part], &'c [Part]),
    scope: &Scope<'c>,
    pieces: &mut Pieces,
) -> Evaluated<bool> {
    let value = evaluator.value(condition, scope)?;
    Ok(match operators::truth(&value) {
        Some(true) => {
            write(evaluator, then, scope, pieces)?;
            true
        }
        Some(false) => {
            write(evaluator, otherwise, scope, pieces)?;
            true
        }
        None => open(evaluator, condition, scope, pieces),
    })
}

/// Writes something that is not known.
fn open<'c>(
    evaluator: &dyn Evaluate<'c>,
    expression: &'c Expression,
    scope: &Scope<'c>,
    pieces: &mut Pieces,
) -> bool {
    let open = evaluator.evaluation().open(expression, scope);
    let hole = open.as_hole().cloned();
    let hole = hole.unwrap_or_else(|| Hole::anything("text"));
    pieces.value(&Node::text(Text::hole(hole), expression.span))
}

fn place_of(part: &Part) -> Span {
    match part {
        Part::Known(_, span) => *span,
        Part::Value(value) => value.span,
        Part::If(condition, _, _) => condition.span,
        Part::For { collection, .. } => collection.span,
    }
}
