//! Type constraints of variables.
//!
//! <https://developer.hashicorp.com/terraform/language/expressions/type-constraints>

use super::operators;
use super::steps::several;
use crate::syntax::hcl::{Expression, ExpressionKind};
use crate::syntax::{Key, Kind, Member, Node};

/// A value in the type that a constraint asks for; `evaluate` gives the defaults in it. What does not fit stays
/// as it is: Terraform reports it.
pub(super) fn converted<'c>(
    value: Node,
    constraint: &'c Expression,
    evaluate: &dyn Fn(&'c Expression) -> Option<Node>,
) -> Node {
    if value.as_hole().is_some() || matches!(value.kind, Kind::Null) {
        return value;
    }
    match &constraint.kind {
        ExpressionKind::Name(name) => primitive(value, name),
        ExpressionKind::Literal(Kind::Text(text)) => primitive(value, text.as_str().unwrap_or("")),
        ExpressionKind::Call {
            name, arguments, ..
        } => match (&**name, arguments.as_slice()) {
            ("list", [of]) => each(value, of, evaluate),
            ("set", [of]) => distinct(each(value, of, evaluate)),
            ("map", [of]) => {
                let convert = |member: &Member| converted(member.value.clone(), of, evaluate);
                members(value, &convert)
            }
            ("object", [of]) => match &of.kind {
                ExpressionKind::Object(attributes) => object(value, attributes, evaluate),
                _ => value,
            },
            ("optional", [of, ..]) => converted(value, of, evaluate),
            _ => value,
        },
        _ => value,
    }
}

fn primitive(value: Node, name: &str) -> Node {
    let kind = match name {
        "string" => match &value.kind {
            Kind::Number(_) | Kind::Bool(_) => value.scalar().map(|text| Kind::Text(text.into())),
            _ => None,
        },
        "number" => operators::number(&value).map(operators::shown),
        "bool" => operators::truth(&value).map(Kind::Bool),
        _ => None,
    };
    match kind {
        Some(kind) => Node::new(kind, value.span),
        None => value,
    }
}

fn each<'c>(
    value: Node,
    of: &'c Expression,
    evaluate: &dyn Fn(&'c Expression) -> Option<Node>,
) -> Node {
    if !value.is_array() {
        return value;
    }
    let items = value.items().iter();
    let items = items.map(|item| converted(item.clone(), of, evaluate));
    Node::array(items.collect(), value.span)
}

fn distinct(value: Node) -> Node {
    if !value.is_array() {
        return value;
    }
    let mut items: Vec<Node> = Vec::new();
    for item in value.items() {
        if several(item).is_some() || !items.contains(item) {
            items.push(item.clone());
        }
    }
    Node::array(items, value.span)
}

fn members(value: Node, convert: &dyn Fn(&Member) -> Node) -> Node {
    if !value.is_object() {
        return value;
    }
    let members = value.members().iter().map(|member| Member {
        key: member.key.clone(),
        value: convert(member),
    });
    let members: Vec<Member> = members.collect();
    Node::new(Kind::Object(members.into()), value.span)
}

/// An object with the attributes of its type: those that are left out have their default, or are null.
fn object<'c>(
    value: Node,
    attributes: &'c [(Expression, Expression)],
    evaluate: &dyn Fn(&'c Expression) -> Option<Node>,
) -> Node {
    if !value.is_object() {
        return value;
    }
    let is_open = value.members().iter().any(|member| member.key.is_open());
    let mut members: Vec<Member> = Vec::new();
    for (name, constraint) in attributes {
        let Some(name) = name.as_str() else {
            continue;
        };
        let span = value.span;
        let given = value.get(name);
        let given = given.filter(|given| !matches!(given.kind, Kind::Null));
        let value = match given {
            Some(given) => converted(given.clone(), constraint, evaluate),
            None if is_open => continue,
            None => default(constraint, evaluate).unwrap_or_else(|| Node::new(Kind::Null, span)),
        };
        let key = Key {
            text: name.into(),
            span,
        };
        members.push(Member { key, value });
    }
    let open = value.members().iter();
    members.extend(open.filter(|member| member.key.is_open()).cloned());
    Node::new(Kind::Object(members.into()), value.span)
}

fn default<'c>(
    constraint: &'c Expression,
    evaluate: &dyn Fn(&'c Expression) -> Option<Node>,
) -> Option<Node> {
    match &constraint.kind {
        ExpressionKind::Call {
            name, arguments, ..
        } if &**name == "optional" => {
            let [of, default] = arguments.as_slice() else {
                return None;
            };
            Some(converted(evaluate(default)?, of, evaluate))
        }
        _ => None,
    }
}
