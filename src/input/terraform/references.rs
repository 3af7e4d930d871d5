//! What names in expressions stand for.
//!
//! <https://developer.hashicorp.com/terraform/language/expressions/references>

use std::rc::Rc;
use std::sync::Arc;

use super::evaluation::{Children, Evaluate, Expansion, Instances, ModuleInstance, Scope};
use super::fault::{Evaluated, Fault};
use super::instance::Instance;
use super::{declaration, file_paths, steps, template_data, variables};
use crate::source::Span;
use crate::syntax::hcl::{Expression, ExpressionKind, Step};
use crate::syntax::{Hole, Key, Kind, Member, Node, Text};

/// The value of an expression and steps from it.
pub(super) fn value<'c>(
    evaluator: &dyn Evaluate<'c>,
    start: &'c Expression,
    steps: &'c [Step],
    scope: &Scope<'c>,
) -> Evaluated<Node> {
    let span = whole(start.span, steps);
    let ExpressionKind::Name(name) = &start.kind else {
        let value = evaluator.value(start, scope)?;
        return follow(evaluator, value, steps, span, scope);
    };
    if let Some(bound) = scope.bound(name) {
        return follow(evaluator, bound.clone(), steps, span, scope);
    }
    let name = &**name;
    let Some((attribute, rest)) = attribute_first(steps) else {
        return Ok(evaluator.evaluation().unknown(name, span));
    };
    let module = &scope.module;
    let found = match name {
        "var" => variables::value(evaluator, module, attribute, span)?,
        "local" => local(evaluator, module, attribute, span)?,
        "each" | "count" => iteration(evaluator, scope, attribute, span),
        "path" => path(evaluator, module, attribute, span),
        "terraform" => terraform(evaluator, attribute, span),
        "self" => return Ok(evaluator.evaluation().unknown("self", span)),
        "module" => return of_module(evaluator, attribute, rest, span, scope),
        "data" => {
            let Some((second, rest)) = attribute_first(rest) else {
                return Ok(evaluator.evaluation().unknown("data", span));
            };
            let address = format!("data.{attribute}.{second}");
            return of_resource(evaluator, &address, rest, span, scope);
        }
        kind => {
            let address = format!("{kind}.{attribute}");
            return of_resource(evaluator, &address, rest, span, scope);
        }
    };
    follow(evaluator, found, rest, span, scope)
}

/// The place of an expression with the steps from it.
fn whole(start: Span, steps: &[Step]) -> Span {
    let end = steps.iter().rev().find_map(|step| match step {
        Step::Attribute(_, span) => Some(span.end),
        Step::Index(index) => Some(index.span.end + 1),
        _ => None,
    });
    Span {
        end: end.unwrap_or(start.end).max(start.end),
        ..start
    }
}

fn attribute_first(steps: &[Step]) -> Option<(&str, &[Step])> {
    match steps {
        [Step::Attribute(name, _), rest @ ..] => Some((name, rest)),
        _ => None,
    }
}

/// The attributes that steps begin with, which `.*` applies to each element, and the other steps.
fn attributes_first(steps: &[Step]) -> (&[Step], &[Step]) {
    let is_attribute = |step: &&Step| matches!(step, Step::Attribute(_, _));
    steps.split_at(steps.iter().take_while(is_attribute).count())
}

/// The value at the end of steps.
pub(super) fn follow<'c>(
    evaluator: &dyn Evaluate<'c>,
    value: Node,
    steps: &'c [Step],
    span: Span,
    scope: &Scope<'c>,
) -> Evaluated<Node> {
    let Some((step, rest)) = steps.split_first() else {
        return Ok(steps::placed(&value, span));
    };
    let next = match step {
        Step::Attribute(name, _) => steps::attribute(&value, name, span)?,
        Step::Index(index) => {
            let index = evaluator.value(index, scope)?;
            steps::index(&value, &index, span)?
        }
        Step::Splat => return each(evaluator, &value, rest, span, scope),
        Step::AttributeSplat => {
            let (of_each, rest) = attributes_first(rest);
            let list = each(evaluator, &value, of_each, span, scope)?;
            return follow(evaluator, list, rest, span, scope);
        }
    };
    follow(evaluator, next, rest, span, scope)
}

/// A list of what steps lead to from each element. A value that is no list is the only element, and null is none.
fn each<'c>(
    evaluator: &dyn Evaluate<'c>,
    value: &Node,
    steps: &'c [Step],
    span: Span,
    scope: &Scope<'c>,
) -> Evaluated<Node> {
    let items = match &value.kind {
        Kind::Null => &[][..],
        _ if value.as_hole().is_some() => {
            let hole = value.as_hole().cloned();
            let hole = hole.map(Hole::varying);
            let item = hole.map(|hole| Node::text(Text::hole(hole), span));
            let items = item.map(|item| follow(evaluator, item, steps, span, scope));
            let items = items.into_iter().collect::<Evaluated<Vec<Node>>>()?;
            return Ok(Node::array(items, span));
        }
        _ => value.each(),
    };
    let items = items.iter();
    let items = items.map(|item| follow(evaluator, item.clone(), steps, span, scope));
    Ok(Node::array(items.collect::<Evaluated<_>>()?, span))
}

fn local<'c>(
    evaluator: &dyn Evaluate<'c>,
    module: &Rc<ModuleInstance<'c>>,
    name: &str,
    span: Span,
) -> Evaluated<Node> {
    let address = format!("{}local.{name}", module.address);
    let Some(local) = module.module.locals.get(name) else {
        return Ok(evaluator.evaluation().unknown(&address, span));
    };
    module.once(&format!("local.{name}"), span, || {
        evaluator.value(&local.value, &Scope::of(module))
    })
}

fn iteration<'c>(
    evaluator: &dyn Evaluate<'c>,
    scope: &Scope<'c>,
    attribute: &str,
    span: Span,
) -> Node {
    let known = scope
        .each
        .as_ref()
        .and_then(|(key, value)| match attribute {
            "key" | "index" => Some(key),
            "value" => Some(value),
            _ => None,
        });
    match known {
        Some(known) => steps::placed(known, span),
        None => evaluator.evaluation().unknown(attribute, span),
    }
}

/// <https://developer.hashicorp.com/terraform/language/expressions/references#filesystem-and-workspace-info>
fn path<'c>(
    evaluator: &dyn Evaluate<'c>,
    module: &Rc<ModuleInstance<'c>>,
    attribute: &str,
    span: Span,
) -> Node {
    let evaluation = evaluator.evaluation();
    match attribute {
        "module" => {
            let folder = &module.module.folder;
            Node::text(file_paths::relative(evaluation.root, folder), span)
        }
        "root" => Node::text(".", span),
        other => evaluation.unknown(&format!("path.{other}"), span),
    }
}

fn terraform<'c>(evaluator: &dyn Evaluate<'c>, attribute: &str, span: Span) -> Node {
    let evaluation = evaluator.evaluation();
    match &evaluation.workspace {
        Some(workspace) if attribute == "workspace" => Node::text(workspace.as_str(), span),
        _ => evaluation.unknown(&format!("terraform.{attribute}"), span),
    }
}

/// The outputs of a module that is called.
fn of_module<'c>(
    evaluator: &dyn Evaluate<'c>,
    name: &str,
    steps: &'c [Step],
    span: Span,
    scope: &Scope<'c>,
) -> Evaluated<Node> {
    let Some(children) = evaluator.children(&scope.module, name) else {
        let address = format!("{}module.{name}", scope.module.address);
        let unknown = evaluator.evaluation().unknown(&address, span);
        return follow(evaluator, unknown, steps, span, scope);
    };
    let Children { expansion, modules } = &*children;
    let of_one = |index: usize, steps: &'c [Step]| -> Evaluated<Node> {
        let child = modules.get(index).ok_or_else(Fault::of_terraform)?;
        match attribute_first(steps) {
            Some((output, rest)) => {
                let value = self::output(evaluator, child, output, span)?;
                follow(evaluator, value, rest, span, scope)
            }
            None => {
                let outputs = outputs(evaluator, child, span)?;
                follow(evaluator, outputs, steps, span, scope)
            }
        }
    };
    let address = format!("{}module.{name}", scope.module.address);
    selected(
        evaluator,
        (expansion, &address),
        steps,
        span,
        scope,
        &of_one,
    )
}

/// The value of an output of a module.
pub(super) fn output<'c>(
    evaluator: &dyn Evaluate<'c>,
    module: &Rc<ModuleInstance<'c>>,
    name: &str,
    span: Span,
) -> Evaluated<Node> {
    let output = module.module.outputs.get(name);
    let Some(value) = output.and_then(|output| output.body.attribute("value")) else {
        // A file of the module that cannot be read may declare it.
        return match module.module.is_broken {
            true => Ok(evaluator
                .evaluation()
                .unknown(&format!("{}{name}", module.address), span)),
            false => Err(Fault::of_terraform()),
        };
    };
    module.once(&format!("output.{name}"), span, || {
        evaluator.value(value, &Scope::of(module))
    })
}

fn outputs<'c>(
    evaluator: &dyn Evaluate<'c>,
    module: &Rc<ModuleInstance<'c>>,
    span: Span,
) -> Evaluated<Node> {
    let names = module.module.outputs.keys();
    let members = names.map(|name| {
        Ok(Member {
            key: Key {
                text: Arc::clone(name),
                span,
            },
            value: output(evaluator, module, name, span)?,
        })
    });
    let members = members.collect::<Evaluated<Vec<Member>>>()?;
    Ok(Node::new(Kind::Object(members.into()), span))
}

/// A resource or data source, or what steps from it lead to.
fn of_resource<'c>(
    evaluator: &dyn Evaluate<'c>,
    name: &str,
    steps: &'c [Step],
    span: Span,
    scope: &Scope<'c>,
) -> Evaluated<Node> {
    let address = format!("{}{name}", scope.module.address);
    let Some(instances) = evaluator.instances(&scope.module, name) else {
        let unknown = evaluator.evaluation().unknown(&address, span);
        return follow(evaluator, unknown, steps, span, scope);
    };
    let Instances { expansion, list } = &*instances;
    let catalogue = evaluator.evaluation().catalogue;
    let of_one = |index: usize, steps: &'c [Step]| -> Evaluated<Node> {
        let instance: &Instance = list.get(index).ok_or_else(Fault::of_terraform)?;
        match attribute_first(steps) {
            Some((attribute, rest)) => {
                let rendered = template_data::rendered(instance, attribute);
                let value = rendered
                    .unwrap_or_else(|| declaration::attribute(instance, attribute, catalogue));
                follow(evaluator, value, rest, span, scope)
            }
            None => {
                let object = declaration::object(instance, catalogue);
                follow(evaluator, object, steps, span, scope)
            }
        }
    };
    selected(
        evaluator,
        (expansion, &address),
        steps,
        span,
        scope,
        &of_one,
    )
}

/// What steps lead to from something that is declared once, or several times.
fn selected<'c>(
    evaluator: &dyn Evaluate<'c>,
    (expansion, address): (&Expansion, &str),
    steps: &'c [Step],
    span: Span,
    scope: &Scope<'c>,
    of_one: &dyn Fn(usize, &'c [Step]) -> Evaluated<Node>,
) -> Evaluated<Node> {
    let Some(entries) = &expansion.entries else {
        return of_only(steps, span, of_one);
    };
    let all = |steps: &'c [Step]| -> Evaluated<Vec<Node>> {
        let each = (0..entries.len()).map(|index| of_one(index, steps));
        let mut each = each.collect::<Evaluated<Vec<Node>>>()?;
        if expansion.open.is_some() {
            each = vec![some(address, span, evaluator)];
        }
        Ok(each)
    };
    match steps {
        [Step::Index(index), rest @ ..] => {
            let index = evaluator.value(index, scope)?;
            let at = position(entries, &index);
            // Of one alone, any index leads to it.
            let only = (entries.len() == 1 && index.scalar().is_none()).then_some(0);
            match at.or(only) {
                Some(at) => of_one(at, rest),
                None if index.scalar().is_none() || expansion.open.is_some() => {
                    let shown = index
                        .as_text()
                        .map(ToString::to_string)
                        .or_else(|| index.scalar());
                    let address = format!("{address}[{}]", shown.unwrap_or_default());
                    let unknown = evaluator.evaluation().unknown(&address, span);
                    follow(evaluator, unknown, rest, span, scope)
                }
                None => Err(Fault::of_terraform()),
            }
        }
        [Step::Splat, rest @ ..] => Ok(Node::array(all(rest)?, span)),
        [Step::AttributeSplat, rest @ ..] => {
            let (of_each, rest) = attributes_first(rest);
            let list = Node::array(all(of_each)?, span);
            follow(evaluator, list, rest, span, scope)
        }
        // The form of old versions of Terraform.
        [Step::Attribute(_, _), ..] if !expansion.is_map => match entries.len() {
            1 => of_one(0, steps),
            _ => Err(Fault::of_terraform()),
        },
        _ => {
            let values = all(&[])?;
            let value = match expansion.is_map {
                true => members(entries, values, expansion.open.is_some(), span),
                false => Node::array(values, span),
            };
            follow(evaluator, value, steps, span, scope)
        }
    }
}

/// What steps lead to from something that is declared once: `[*]` and `.*` make a list of it.
fn of_only<'c>(
    steps: &'c [Step],
    span: Span,
    of_one: &dyn Fn(usize, &'c [Step]) -> Evaluated<Node>,
) -> Evaluated<Node> {
    match steps {
        [Step::Splat | Step::AttributeSplat, rest @ ..] => {
            Ok(Node::array(vec![of_one(0, rest)?], span))
        }
        _ => of_one(0, steps),
    }
}

fn members(entries: &[(Node, Node)], values: Vec<Node>, is_open: bool, span: Span) -> Node {
    let members = entries.iter().zip(values).map(|((key, _), value)| {
        let known = key.scalar().filter(|_| !is_open);
        let open = || {
            format!(
                "<{}>",
                key.as_text().map(ToString::to_string).unwrap_or_default()
            )
        };
        Member {
            key: Key {
                text: known.unwrap_or_else(open).into(),
                span,
            },
            value,
        }
    });
    let members: Vec<Member> = members.collect();
    Node::new(Kind::Object(members.into()), span)
}

/// The place of a key among the instances.
fn position(entries: &[(Node, Node)], index: &Node) -> Option<usize> {
    let same = |key: &Node| match (key.scalar(), index.scalar()) {
        (Some(key), Some(index)) => key == index,
        _ => key == index,
    };
    entries.iter().position(|(key, _)| same(key))
}

/// An element that stands for any number of instances.
fn some<'c>(address: &str, span: Span, evaluator: &dyn Evaluate<'c>) -> Node {
    let hole = Hole::anything(address).of(&evaluator.evaluation().id);
    Node::text(Text::hole(hole.varying()), span)
}
