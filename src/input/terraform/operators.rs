//! Operators, on values of which not all is known.

use crate::syntax::hcl::{BinaryOperator, UnaryOperator};
use crate::syntax::{Kind, Node, Piece, Text};

/// What an operator gives; nothing where that is not known.
pub(super) fn binary(operator: BinaryOperator, one: &Node, other: &Node) -> Option<Kind> {
    use BinaryOperator as Op;
    match operator {
        Op::Equal => equal(one, other).map(Kind::Bool),
        Op::NotEqual => equal(one, other).map(|equal| Kind::Bool(!equal)),
        Op::And => junction(one, other, false),
        Op::Or => junction(one, other, true),
        _ => arithmetic(operator, number(one)?, number(other)?),
    }
}

/// What an operator before a value gives; nothing where that is not known.
pub(super) fn unary(operator: UnaryOperator, value: &Node) -> Option<Kind> {
    match operator {
        UnaryOperator::Not => truth(value).map(|value| Kind::Bool(!value)),
        UnaryOperator::Minus => number(value).map(|value| shown(-value)),
    }
}

/// A truth value, also one that is written as a text.
pub(super) fn truth(value: &Node) -> Option<bool> {
    match (&value.kind, value.as_str()) {
        (Kind::Bool(value), _) => Some(*value),
        (_, Some("true")) => Some(true),
        (_, Some("false")) => Some(false),
        _ => None,
    }
}

/// A number, also one that is written as a text.
pub(super) fn number(value: &Node) -> Option<f64> {
    match &value.kind {
        Kind::Number(number) => number.parse().ok(),
        _ => value.as_str()?.parse().ok(),
    }
}

/// A number as a value: without a fraction where it has none.
pub(super) fn shown(number: f64) -> Kind {
    Kind::Number(format!("{number}").into())
}

/// Whether two values are equal; nothing where that is not known.
pub(super) fn equal(one: &Node, other: &Node) -> Option<bool> {
    let [one, other] = [&presumed(one), &presumed(other)];
    if is_known(one) && is_known(other) {
        return Some(is_same(one, other));
    }
    match (&one.kind, &other.kind) {
        (Kind::Text(one), Kind::Text(other)) => match one == other {
            true => Some(true),
            false => differ(one, other).then_some(false),
        },
        // What has known characters, or was made up, is neither null nor a list.
        (Kind::Text(text), Kind::Null) | (Kind::Null, Kind::Text(text)) => {
            is_surely_text(text).then_some(false)
        }
        (Kind::Null, Kind::Array(_) | Kind::Object(_))
        | (Kind::Array(_) | Kind::Object(_), Kind::Null) => Some(false),
        _ => None,
    }
}

/// A value in which what is not known is as it is likely to be.
pub(super) fn presumed(value: &Node) -> Node {
    match &value.kind {
        Kind::Text(text) if text.has_likely() => Node::text(text.filled(), value.span),
        Kind::Array(items) => Node::array(items.iter().map(presumed).collect(), value.span),
        _ => value.clone(),
    }
}

fn is_same(one: &Node, other: &Node) -> bool {
    match (&one.kind, &other.kind) {
        (Kind::Array(own), Kind::Array(others)) => {
            let pairs = own.iter().zip(others.iter());
            own.len() == others.len() && { pairs }.all(|(own, other)| is_same(own, other))
        }
        (Kind::Object(own), Kind::Object(others)) => {
            own.len() == others.len()
                && own.iter().all(|member| {
                    let same = other.get(&member.key.text);
                    same.is_some_and(|other| is_same(&member.value, other))
                })
        }
        (Kind::Number(own), Kind::Number(others)) => {
            own == others || own.parse::<f64>().ok() == others.parse::<f64>().ok()
        }
        (own, others) if own == others => true,
        // A number or truth value equals the text that is written for it.
        _ => {
            let texts = [one, other].map(Node::scalar);
            let is_text = |node: &Node| matches!(node.kind, Kind::Text(_));
            texts[0].is_some() && texts[0] == texts[1] && (is_text(one) || is_text(other))
        }
    }
}

/// Whether nothing of a value is left open.
pub(super) fn is_known(value: &Node) -> bool {
    value.walk().all(|node| match &node.kind {
        Kind::Text(text) => text.as_str().is_some(),
        Kind::Object(members) => members.iter().all(|member| !member.key.is_open()),
        _ => true,
    })
}

/// Whether a text has a character for certain, so that it is a text and not empty.
fn is_surely_text(text: &Text) -> bool {
    text.pieces().iter().any(|piece| match piece {
        Piece::Known(_) => true,
        Piece::Hole(hole) => !hole.accepts.empty(),
    })
}

/// Whether two texts are different whatever their holes hold.
fn differ(one: &Text, other: &Text) -> bool {
    let empty = |text: &Text, other: &Text| text.is_empty() && is_surely_text(other);
    let start = |text: &Text| match text.pieces().first() {
        Some(Piece::Known(known)) => known.to_string(),
        _ => String::new(),
    };
    let [one_start, other_start] = [start(one), start(other)];
    let shared = one_start.bytes().zip(other_start.bytes());
    let is_prefix = { shared }.all(|(one, other)| one == other);
    empty(one, other) || empty(other, one) || !is_prefix
}

/// `&&` for false and `||` for true: what decides alone.
fn junction(one: &Node, other: &Node, decides: bool) -> Option<Kind> {
    match [truth(one), truth(other)] {
        [Some(one), _] if one == decides => Some(Kind::Bool(decides)),
        [_, Some(other)] if other == decides => Some(Kind::Bool(decides)),
        [Some(_), Some(_)] => Some(Kind::Bool(!decides)),
        _ => None,
    }
}

fn arithmetic(operator: BinaryOperator, one: f64, other: f64) -> Option<Kind> {
    use BinaryOperator as Op;
    Some(match operator {
        Op::Less => Kind::Bool(one < other),
        Op::LessOrEqual => Kind::Bool(one <= other),
        Op::Greater => Kind::Bool(one > other),
        Op::GreaterOrEqual => Kind::Bool(one >= other),
        Op::Add => shown(one + other),
        Op::Subtract => shown(one - other),
        Op::Multiply => shown(one * other),
        Op::Divide if other != 0.0 => shown(one / other),
        Op::Remainder if other != 0.0 => shown(one % other),
        _ => return None,
    })
}
