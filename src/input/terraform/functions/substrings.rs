//! Functions that look for texts in texts and take parts of them.

use super::calling::{Answer, Call, Function, MAX_TEXT, accepts_part, exactly};
use crate::syntax::{Accepts, Hole, Node, Piece, Text};

pub(super) const FUNCTIONS: &[Function] = &[
    exactly("split", 2, split),
    exactly("substr", 3, substr),
    exactly("startswith", 2, startswith),
    exactly("endswith", 2, endswith),
    exactly("strcontains", 2, strcontains),
];

/// Whether each character of a text is what Terraform counts as one: no marks that combine, no line ends of Windows.
pub(super) fn is_simple(text: &str) -> bool {
    let is_single = |c: char| c < '\u{300}' || ('\u{4e00}'..'\u{a000}').contains(&c);
    text.chars().all(is_single) && !text.contains("\r\n")
}

/// Whether no hole of a text can hold a part of what is looked for, nor be empty between two parts of it.
pub(super) fn cannot_hold(text: &Text, wanted: &str) -> bool {
    let is_one = wanted.chars().count() == 1;
    text.holes().all(|hole| {
        let holds = wanted.chars().any(|c| hole.accepts.char(c));
        !holds && (is_one || !hole.accepts.empty())
    })
}

fn split(call: &Call<'_>) -> Answer {
    let (separator, text) = (call.text(0)?, call.text(1)?);
    let Some(separator) = separator.as_str() else {
        return Ok(call.list_node(vec![call.varying()]));
    };
    if separator.is_empty() {
        return characters(call, &text);
    }
    let is_sure = cannot_hold(&text, separator);
    let mut items: Vec<Vec<Piece>> = vec![Vec::new()];
    for piece in text.pieces() {
        let Piece::Known(known) = piece else {
            if !is_sure {
                // The elements before the one with the hole are known.
                items.pop();
                call.check_items(items.len())?;
                let before = items.into_iter().map(|item| call.text_node(Text::of(item)));
                let mut known: Vec<Node> = before.collect();
                known.push(call.part(&format!("[{}]", known.len())));
                known.push(call.varying());
                return Ok(call.list_node(known));
            }
            if let Some(last) = items.last_mut() {
                last.push(piece);
            }
            continue;
        };
        for (index, part) in known.split(separator).enumerate() {
            if index > 0 {
                items.push(Vec::new());
                call.check_items(items.len())?;
            }
            if let Some(last) = items.last_mut() {
                last.push(Piece::Known(part.into()));
            }
        }
    }
    let items = items.into_iter().map(|item| call.text_node(Text::of(item)));
    Ok(call.list_node(items.collect()))
}

fn characters(call: &Call<'_>, text: &Text) -> Answer {
    let Some(text) = text.as_str() else {
        return Ok(call.list_node(vec![call.varying()]));
    };
    call.check_items(text.chars().count())?;
    let characters = text.chars().map(|c| call.text_node(c.to_string()));
    Ok(call.list_node(characters.collect()))
}

fn substr(call: &Call<'_>) -> Answer {
    let (text, offset, length) = (call.text(0)?, call.integer(1)?, call.integer(2)?);
    let (Some(offset), Some(length)) = (offset, length) else {
        return Ok(call.unknown_text(accepts_part(&text)));
    };
    let unknown = || Ok(call.unknown_text(accepts_part(&text)));
    if let Some(known) = text.as_str() {
        return match is_simple(known) {
            true => Ok(call.text_node(part(known, offset, length))),
            false => unknown(),
        };
    }
    let pieces = text.pieces();
    let (Some(Piece::Known(start)), true) = (pieces.first(), offset >= 0 && length >= 0) else {
        return unknown();
    };
    let available = i64::try_from(start.chars().count()).unwrap_or(0);
    // A mark after the last character would be a part of it.
    match is_simple(start) && offset.saturating_add(length) < available {
        true => Ok(call.text_node(part(start, offset, length))),
        false => unknown(),
    }
}

/// The characters from an offset on; a negative one counts from the end, a negative length is the rest, and from
/// the end no length either.
fn part(text: &str, offset: i64, length: i64) -> String {
    let count = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    let start = match offset < 0 {
        true => count.saturating_add(offset).max(0),
        false => offset,
    };
    let start = usize::try_from(start).unwrap_or(usize::MAX);
    let length = if offset < 0 && length == 0 {
        -1
    } else {
        length
    };
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    text.chars().skip(start).take(length).collect()
}

fn startswith(call: &Call<'_>) -> Answer {
    let (text, prefix) = (call.text(0)?, call.text(1)?);
    Ok(
        call.truth(at_end(&text, &prefix, <[Piece]>::first, |text, part| {
            text.starts_with(part)
        })),
    )
}

fn endswith(call: &Call<'_>) -> Answer {
    let (text, suffix) = (call.text(0)?, call.text(1)?);
    Ok(
        call.truth(at_end(&text, &suffix, <[Piece]>::last, |text, part| {
            text.ends_with(part)
        })),
    )
}

/// Whether a text has another one at an end of it.
fn at_end(
    text: &Text,
    wanted: &Text,
    end: fn(&[Piece]) -> Option<&Piece>,
    has: fn(&str, &str) -> bool,
) -> Option<bool> {
    let wanted = wanted.as_str()?;
    if let Some(text) = text.as_str() {
        return Some(has(text, wanted));
    }
    if wanted.is_empty() {
        return Some(true);
    }
    let pieces = text.pieces();
    match end(&pieces)? {
        Piece::Known(known) if has(known, wanted) => Some(true),
        // What is wanted can go on in the hole.
        Piece::Known(known) if has(wanted, known) => None,
        Piece::Known(_) => Some(false),
        Piece::Hole(_) => None,
    }
}

fn strcontains(call: &Call<'_>) -> Answer {
    let (text, wanted) = (call.text(0)?, call.text(1)?);
    let Some(wanted) = wanted.as_str() else {
        return Ok(call.unknown());
    };
    let is_in = |piece: &Piece| matches!(piece, Piece::Known(text) if text.contains(wanted));
    let pieces = text.pieces();
    let contains = match pieces.iter().any(is_in) || wanted.is_empty() {
        true => Some(true),
        false if cannot_hold(&text, wanted) => Some(false),
        false => None,
    };
    Ok(call.truth(contains))
}

/// The text with another one in each place of a third.
pub(super) fn replaced(call: &Call<'_>, text: &Text, wanted: &str, by: &Text) -> Answer {
    let unknown = || Ok(call.unknown());
    let Some(by_known) = by.as_str() else {
        return replaced_by_unknown(call, text, wanted, by);
    };
    let count = |piece: &Piece| match piece {
        Piece::Known(text) => text.matches(wanted).count(),
        Piece::Hole(_) => 0,
    };
    let found: usize = text.pieces().iter().map(count).sum();
    call.check_text(text.len() + found.saturating_mul(by_known.len()))?;
    let is_one = wanted.chars().count() == 1;
    if text.as_str().is_none() && wanted.is_empty() {
        return unknown();
    }
    if text.as_str().is_none() && !is_one && !cannot_hold(text, wanted) {
        return unknown();
    }
    let hole = |hole: &Hole| match wanted.chars().any(|c| hole.accepts.char(c)) {
        true => replaced_hole(call, hole, by_known),
        false => hole.clone(),
    };
    Ok(call.each_piece(text, |text| text.replace(wanted, by_known), hole))
}

/// What a hole is after a replacement in it.
fn replaced_hole(call: &Call<'_>, hole: &Hole, by: &str) -> Hole {
    let is_part = !by.contains([':', '/']);
    let accepts = match hole.accepts {
        Accepts::Anything => Accepts::Anything,
        _ if is_part => Accepts::Part,
        _ => Accepts::Anything,
    };
    call.hole_of(hole, accepts)
}

/// A replacement by something unknown, in a text that is known or cannot hold what is replaced.
fn replaced_by_unknown(call: &Call<'_>, text: &Text, wanted: &str, by: &Text) -> Answer {
    let is_sure = text.as_str().is_some() || cannot_hold(text, wanted);
    if !is_sure || wanted.is_empty() {
        return Ok(call.unknown());
    }
    let (mut pieces, mut bytes) = (Vec::new(), 0);
    for piece in text.pieces() {
        let Piece::Known(known) = piece else {
            pieces.push(piece);
            continue;
        };
        for (index, part) in known.split(wanted).enumerate() {
            if index > 0 {
                pieces.extend(by.pieces());
                bytes += by.len();
            }
            if bytes > MAX_TEXT {
                return Err(call.too_large());
            }
            pieces.push(Piece::Known(part.into()));
        }
    }
    Ok(call.text_node(Text::of(pieces)))
}
