//! Calls of functions: those that evaluate expressions or read files themselves, and all others.
//!
//! <https://developer.hashicorp.com/terraform/language/functions>

use std::sync::Arc;

use super::evaluation::{Evaluate, Scope};
use super::fault::{Evaluated, Fault};
use super::functions::{self, Context};
use super::pieces::Pieces;
use super::{file_paths, operators, steps, templates};
use crate::source::{FileId, Span};
use crate::syntax::hcl::{Expression, ExpressionKind};
use crate::syntax::{Kind, Node};

/// Functions that decide on a value rather than make a text of it: they take it as it is likely to be.
const DECIDING: [&str; 10] = [
    "alltrue",
    "anytrue",
    "coalesce",
    "coalescelist",
    "compact",
    "contains",
    "endswith",
    "length",
    "regexall",
    "startswith",
];

/// The value of a call.
pub(super) fn value<'c>(
    evaluator: &dyn Evaluate<'c>,
    expression: &'c Expression,
    scope: &Scope<'c>,
) -> Evaluated<Node> {
    let ExpressionKind::Call {
        name,
        name_span,
        arguments,
        expands_last,
    } = &expression.kind
    else {
        return Err(Fault::of_terraform());
    };
    let span = expression.span;
    match &**name {
        "try" => return first_without_fault(evaluator, arguments, scope),
        "can" => return can(evaluator, arguments, expression, scope),
        _ => {}
    }
    let values = arguments.iter().map(|each| evaluator.value(each, scope));
    let mut values = values.collect::<Evaluated<Vec<Node>>>()?;
    if *expands_last && let Some(last) = values.pop() {
        if last.as_hole().is_some() {
            return Ok(evaluator.evaluation().open(expression, scope));
        }
        values.extend(last.items().iter().cloned());
    }
    if values.iter().any(|value| steps::several(value).is_some()) {
        return Ok(evaluator.evaluation().open(expression, scope));
    }
    match (&**name, values.as_slice()) {
        ("file", [path]) if path.as_str().is_some() => file(evaluator, path, span),
        ("templatefile", [path, names]) => rendered(evaluator, path, names, expression, scope),
        ("templatestring", _) => Ok(evaluator.evaluation().open(expression, scope)),
        _ => called(evaluator, (name, *name_span), &values, expression),
    }
}

/// The first argument that has a value.
fn first_without_fault<'c>(
    evaluator: &dyn Evaluate<'c>,
    arguments: &'c [Expression],
    scope: &Scope<'c>,
) -> Evaluated<Node> {
    let mut fault = Fault::of_terraform();
    for argument in arguments {
        match evaluator.value(argument, scope) {
            Ok(value) => return Ok(value),
            Err(other) => fault = other,
        }
    }
    Err(fault)
}

fn can<'c>(
    evaluator: &dyn Evaluate<'c>,
    arguments: &'c [Expression],
    expression: &'c Expression,
    scope: &Scope<'c>,
) -> Evaluated<Node> {
    let [argument] = arguments else {
        return Err(Fault::of_terraform());
    };
    Ok(match evaluator.value(argument, scope) {
        Ok(value) if operators::is_known(&value) => Node::new(Kind::Bool(true), expression.span),
        Ok(_) => evaluator.evaluation().open(expression, scope),
        Err(_) => Node::new(Kind::Bool(false), expression.span),
    })
}

/// A file by its path in an expression, which is relative to the root module.
fn found<'c>(evaluator: &dyn Evaluate<'c>, path: &str) -> Option<(FileId, Arc<str>)> {
    let evaluation = evaluator.evaluation();
    let path = file_paths::within(evaluation.root, path);
    let (file, text) = evaluation.texts.get(&path)?;
    Some((file, Arc::clone(text)))
}

/// A file that was not given is asked for.
fn missing<'c>(evaluator: &dyn Evaluate<'c>, path: &str, span: Span) -> Fault {
    let evaluation = evaluator.evaluation();
    let path = file_paths::within(evaluation.root, path);
    evaluation.want(&path, span, false);
    Fault::needs(&path)
}

/// The text of a file; JSON is the value that it stands for.
fn file<'c>(evaluator: &dyn Evaluate<'c>, path: &Node, span: Span) -> Evaluated<Node> {
    let path = path.as_str().unwrap_or("");
    let (file, text) = found(evaluator, path).ok_or_else(|| missing(evaluator, path, span))?;
    let mut pieces = Pieces::default();
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    if !pieces.known(&text, Span::new(file, 0, end)) {
        return Err(Fault::of_terraform());
    }
    Ok(pieces.node(span))
}

/// <https://developer.hashicorp.com/terraform/language/functions/templatefile>
fn rendered<'c>(
    evaluator: &dyn Evaluate<'c>,
    path: &Node,
    names: &Node,
    expression: &'c Expression,
    scope: &Scope<'c>,
) -> Evaluated<Node> {
    let evaluation = evaluator.evaluation();
    let (Some(path), true) = (path.as_str(), names.is_object()) else {
        return Ok(evaluation.open(expression, scope));
    };
    let span = expression.span;
    if found(evaluator, path).is_none() {
        return Err(missing(evaluator, path, span));
    }
    let texts = evaluation.texts;
    let parts = texts.template(&file_paths::within(evaluation.root, path));
    let parts = match parts {
        Some(Ok(parts)) => parts,
        Some(Err(problem)) => {
            return Err(Fault {
                problem: Some(Box::new(problem)),
                needs: None,
            });
        }
        None => return Ok(evaluation.open(expression, scope)),
    };
    let inner = names.members().iter().fold(scope.clone(), |scope, member| {
        scope.with(&member.key.text, member.value.clone())
    });
    let value = templates::value(evaluator, parts, span, &inner)?;
    Ok(steps::placed(&value, span))
}

/// A function that only its arguments decide.
fn called<'c>(
    evaluator: &dyn Evaluate<'c>,
    (name, name_span): (&str, Span),
    values: &[Node],
    expression: &Expression,
) -> Evaluated<Node> {
    let evaluation = evaluator.evaluation();
    let span = expression.span;
    let presumed: Vec<Node> = values.iter().map(operators::presumed).collect();
    let values = match DECIDING.contains(&name) {
        true => &presumed,
        false => values,
    };
    let context = Context::new(evaluation, &evaluation.id);
    functions::call(name, values, span, &context).map_err(|fault| match fault {
        functions::Fault::Unknown(near) => {
            let message = format!("unknown function `{name}`");
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => "functions are listed in Terraform's documentation".to_owned(),
            };
            Fault::at(name_span, message, help)
        }
        functions::Fault::MissingFile(path) => missing(evaluator, &path, span),
        functions::Fault::TooLarge(message) => Fault::at(
            span,
            message,
            "make it smaller, or check a part of the configuration",
        ),
        functions::Fault::Arguments(_) => Fault::of_terraform(),
    })
}
