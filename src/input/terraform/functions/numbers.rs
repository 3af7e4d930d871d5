//! Functions of numbers. Where a result has more digits than are calculated with, it is unknown.

use std::cmp::Ordering;

use super::calling::{Answer, Call, Fault, Function, at_least, between, exactly};
use super::decimal::Decimal;
use super::values::is_open;
use crate::syntax::{Kind, Node};

pub(super) const FUNCTIONS: &[Function] = &[
    exactly("abs", 1, abs),
    exactly("ceil", 1, ceil),
    exactly("floor", 1, floor),
    exactly("signum", 1, signum),
    at_least("max", 1, max),
    at_least("min", 1, min),
    exactly("sum", 1, sum),
    exactly("pow", 2, pow),
    exactly("log", 2, log),
    exactly("parseint", 2, parseint),
    between("range", 1, 3, range),
];

/// The most elements that `range` makes in Terraform.
const MAX_RANGE: usize = 1024;

/// The whole numbers that a floating-point number holds exactly.
const EXACT: i128 = 1 << 53;

fn number(call: &Call<'_>, number: Option<Decimal>) -> Answer {
    Ok(number.map_or_else(|| call.unknown(), |number| call.number_node(number)))
}

fn abs(call: &Call<'_>) -> Answer {
    let value = call.number(0)?;
    number(call, value.map(Decimal::absolute))
}

fn floor(call: &Call<'_>) -> Answer {
    let value = call.number(0)?;
    number(call, value.and_then(Decimal::floor))
}

fn ceil(call: &Call<'_>) -> Answer {
    let value = call.number(0)?;
    let floor = value.and_then(|value| value.negative().floor());
    number(call, floor.map(Decimal::negative))
}

fn signum(call: &Call<'_>) -> Answer {
    let value = call.integer(0)?;
    number(
        call,
        value.map(|value| Decimal::whole(value.signum().into())),
    )
}

/// The number that is before all others in an order.
fn extreme(call: &Call<'_>, order: Ordering) -> Answer {
    let mut best: Option<Decimal> = None;
    let mut is_known = true;
    for index in 0..call.arguments.len() {
        match (call.number(index)?, best) {
            (Some(value), Some(before)) => match value.compared(before) {
                Some(found) if found == order => best = Some(value),
                Some(_) => {}
                None => is_known = false,
            },
            (Some(value), None) => best = Some(value),
            (None, _) => is_known = false,
        }
    }
    number(call, best.filter(|_| is_known))
}

fn max(call: &Call<'_>) -> Answer {
    extreme(call, Ordering::Greater)
}

fn min(call: &Call<'_>) -> Answer {
    extreme(call, Ordering::Less)
}

fn sum(call: &Call<'_>) -> Answer {
    let Some(items) = call.list(0)? else {
        return Ok(call.unknown());
    };
    if items.is_empty() {
        return call.fault("`sum` takes a list with elements, but an empty one given");
    }
    let mut total = Some(Decimal::whole(0));
    for item in &items {
        let Some(value) = call.number_of(item) else {
            return call.fault("`sum` takes a list of numbers");
        };
        // Terraform adds binary fractions.
        let value = value.filter(|value| value.is_whole());
        total = total
            .zip(value)
            .and_then(|(total, value)| total.plus(value));
    }
    number(call, total.filter(|_| !is_open(&items)))
}

fn pow(call: &Call<'_>) -> Answer {
    let (base, power) = (call.number(0)?, call.number(1)?);
    let power = power
        .and_then(Decimal::integer)
        .and_then(|power| u32::try_from(power).ok());
    let base = base.and_then(Decimal::integer);
    let result = base
        .zip(power)
        .and_then(|(base, power)| i128::from(base).checked_pow(power));
    // Terraform calculates with floating-point numbers.
    number(
        call,
        result
            .filter(|result| result.abs() <= EXACT)
            .map(Decimal::whole),
    )
}

/// Only those whole logarithms are known that floating-point numbers have exactly.
fn log(call: &Call<'_>) -> Answer {
    let (value, base) = (call.number(0)?, call.number(1)?);
    let pair = value
        .and_then(Decimal::integer)
        .zip(base.and_then(Decimal::integer));
    let Some((value, base)) = pair.filter(|(value, base)| *value > 0 && *base > 1) else {
        return Ok(call.unknown());
    };
    let powers = (0..63).map(|power| (power, i128::from(base).checked_pow(power)));
    let mut powers =
        powers.take_while(|(_, found)| found.is_some_and(|found| found <= i128::from(value)));
    let found = powers.find(|(_, found)| *found == Some(i128::from(value)));
    let is_exact = base == 2 && value < 1 << 29;
    number(
        call,
        found
            .filter(|_| is_exact)
            .map(|(power, _)| Decimal::whole(power.into())),
    )
}

fn parseint(call: &Call<'_>) -> Answer {
    let (text, base) = (call.known(0)?, call.integer(1)?);
    let (Some(text), Some(base)) = (text, base) else {
        return Ok(call.unknown());
    };
    if !(2..=62).contains(&base) {
        return call.mismatch(1, "a base from 2 to 62");
    }
    match parsed(&text, i128::from(base)) {
        Some(Some(value)) => number(call, Some(Decimal::whole(value))),
        Some(None) => Ok(call.unknown()),
        None => call.fault(format!(
            "the string of `parseint` is not a number in base {base}"
        )),
    }
}

/// A number in a base; the inner `None` where it has too many digits.
fn parsed(text: &str, base: i128) -> Option<Option<i128>> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() {
        return None;
    }
    let mut value = Some(0_i128);
    for c in digits.chars() {
        let code = i128::from(u32::from(c));
        let digit = match c {
            '0'..='9' => code - 48,
            'a'..='z' => code - 97 + 10,
            'A'..='Z' if base <= 36 => code - 65 + 10,
            'A'..='Z' => code - 65 + 36,
            _ => return None,
        };
        if digit >= base {
            return None;
        }
        value = value.and_then(|value| value.checked_mul(base)?.checked_add(digit));
    }
    Some(value.map(|value| sign * value))
}

/// The start, end and step of a range; `None` where one is unknown.
fn bounds(call: &Call<'_>) -> Result<Option<[Decimal; 3]>, Fault> {
    let mut given = Vec::new();
    for index in 0..call.arguments.len() {
        match call.number(index)? {
            Some(value) => given.push(value),
            None => return Ok(None),
        }
    }
    let (start, end, step) = match given.as_slice() {
        [end] => (Decimal::whole(0), *end, None),
        [start, end] => (*start, *end, None),
        [start, end, step] => (*start, *end, Some(*step)),
        _ => return Ok(None),
    };
    let is_down = end.compared(start) == Some(Ordering::Less);
    let step = step.unwrap_or(Decimal::whole(if is_down { -1 } else { 1 }));
    let fits = match step.sign() {
        0 => false,
        1 => !is_down,
        _ => end.compared(start) != Some(Ordering::Greater),
    };
    match fits {
        true => Ok(Some([start, end, step])),
        false => call.fault("the step of `range` does not lead to its end"),
    }
}

fn range(call: &Call<'_>) -> Answer {
    let Some([start, end, step]) = bounds(call)? else {
        return Ok(call.list_node(vec![call.varying()]));
    };
    let (mut items, mut next) = (Vec::new(), start);
    if !step.is_whole() {
        return Ok(call.list_node(vec![call.varying()]));
    }
    let before = if step.sign() > 0 {
        Ordering::Less
    } else {
        Ordering::Greater
    };
    loop {
        match next.compared(end) {
            Some(found) if found == before => {}
            Some(_) => break,
            None => return Ok(call.list_node(vec![call.varying()])),
        }
        if items.len() >= MAX_RANGE {
            return call.fault(format!("`range` makes at most {MAX_RANGE} elements"));
        }
        items.push(Node::new(Kind::Number(next.to_string().into()), call.span));
        next = match next.plus(step) {
            Some(next) => next,
            None => return Ok(call.list_node(vec![call.varying()])),
        };
    }
    Ok(call.list_node(items))
}
