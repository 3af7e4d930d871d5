//! Functions that change the characters of texts.

use super::calling::{Answer, Call, Function, MAX_TEXT, accepts_part, at_least, exactly};
use super::values::varies;
use crate::syntax::{Accepts, Hole, Piece, Text};

pub(super) const FUNCTIONS: &[Function] = &[
    exactly("lower", 1, lower),
    exactly("upper", 1, upper),
    exactly("title", 1, title),
    exactly("strrev", 1, strrev),
    exactly("trimspace", 1, trimspace),
    exactly("chomp", 1, chomp),
    exactly("trim", 2, trim),
    exactly("trimprefix", 2, trimprefix),
    exactly("trimsuffix", 2, trimsuffix),
    exactly("indent", 2, indent),
    at_least("join", 1, join),
];

/// What a hole holds after its letters have changed.
fn cased(call: &Call<'_>, hole: &Hole) -> Hole {
    let accepts = match hole.accepts {
        Accepts::Own => Accepts::Segment,
        other => other,
    };
    call.hole_of(hole, accepts)
}

/// A character with one for it; those that become several stay, as in Go.
fn only(c: char, mut changed: impl Iterator<Item = char>) -> char {
    match (changed.next(), changed.next()) {
        (Some(only), None) => only,
        _ => c,
    }
}

fn lower(call: &Call<'_>) -> Answer {
    let known = |text: &str| text.chars().map(|c| only(c, c.to_lowercase())).collect();
    Ok(call.each_piece(&call.text(0)?, known, |hole| cased(call, hole)))
}

fn upper(call: &Call<'_>) -> Answer {
    let known = |text: &str| text.chars().map(|c| only(c, c.to_uppercase())).collect();
    Ok(call.each_piece(&call.text(0)?, known, |hole| cased(call, hole)))
}

fn title(call: &Call<'_>) -> Answer {
    let text = call.text(0)?;
    let Some(text) = text.as_str() else {
        return Ok(call.unknown_text(accepts_part(&text)));
    };
    let mut is_inside = false;
    let titled = text.chars().map(|c| {
        let titled = if is_inside {
            c
        } else {
            only(c, c.to_uppercase())
        };
        is_inside = c.is_alphanumeric() || c == '_';
        titled
    });
    let titled: String = titled.collect();
    Ok(call.text_node(titled))
}

fn strrev(call: &Call<'_>) -> Answer {
    let text = call.text(0)?;
    match text
        .as_str()
        .filter(|text| super::substrings::is_simple(text))
    {
        Some(text) => Ok(call.text_node(text.chars().rev().collect::<String>())),
        None => Ok(call.unknown_text(accepts_part(&text))),
    }
}

/// The text without what is taken off its ends; unknown where a hole may lose something.
fn trimmed(
    call: &Call<'_>,
    text: &Text,
    from_start: Option<&dyn Fn(&str) -> String>,
    from_end: Option<&dyn Fn(&str) -> String>,
) -> Answer {
    let mut pieces = text.pieces();
    let last = pieces.len().saturating_sub(1);
    let is_only = last == 0;
    for (index, piece) in pieces.iter_mut().enumerate() {
        let takes = [
            from_start.filter(|_| index == 0),
            from_end.filter(|_| index == last),
        ];
        for take in takes.into_iter().flatten() {
            let Piece::Known(known) = piece else {
                return Ok(call.unknown_text(accepts_part(text)));
            };
            let rest = take(known);
            // What follows would lose something as well.
            if rest.is_empty() && !is_only {
                return Ok(call.unknown_text(accepts_part(text)));
            }
            *known = rest.into();
        }
    }
    Ok(call.text_node(Text::of(pieces)))
}

fn trimspace(call: &Call<'_>) -> Answer {
    let start = |text: &str| text.trim_start().to_owned();
    let end = |text: &str| text.trim_end().to_owned();
    trimmed(call, &call.text(0)?, Some(&start), Some(&end))
}

fn chomp(call: &Call<'_>) -> Answer {
    let end = |text: &str| text.trim_end_matches(['\r', '\n']).to_owned();
    trimmed(call, &call.text(0)?, None, Some(&end))
}

fn trim(call: &Call<'_>) -> Answer {
    let Some(set) = call.known(1)? else {
        return Ok(call.unknown());
    };
    let is_cut = |c: char| set.contains(c);
    let start = |text: &str| text.trim_start_matches(is_cut).to_owned();
    let end = |text: &str| text.trim_end_matches(is_cut).to_owned();
    trimmed(call, &call.text(0)?, Some(&start), Some(&end))
}

fn trimprefix(call: &Call<'_>) -> Answer {
    let (text, prefix) = (call.text(0)?, call.text(1)?);
    let Some(prefix) = prefix.as_str() else {
        return Ok(call.unknown_text(accepts_part(&text)));
    };
    let mut pieces = text.pieces();
    let stripped = match pieces.first() {
        _ if prefix.is_empty() => return Ok(call.text_node(text)),
        Some(Piece::Known(known)) => match known.strip_prefix(prefix) {
            Some(rest) => Some(rest.to_owned()),
            None if prefix.starts_with(&**known) && pieces.len() > 1 => None,
            None => Some(known.to_string()),
        },
        _ => None,
    };
    match (stripped, pieces.first_mut()) {
        (Some(rest), Some(first)) => {
            *first = Piece::Known(rest.into());
            Ok(call.text_node(Text::of(pieces)))
        }
        _ => Ok(call.unknown_text(accepts_part(&text))),
    }
}

fn trimsuffix(call: &Call<'_>) -> Answer {
    let (text, suffix) = (call.text(0)?, call.text(1)?);
    let Some(suffix) = suffix.as_str() else {
        return Ok(call.unknown_text(accepts_part(&text)));
    };
    let mut pieces = text.pieces();
    let stripped = match pieces.last() {
        _ if suffix.is_empty() => return Ok(call.text_node(text)),
        Some(Piece::Known(known)) => match known.strip_suffix(suffix) {
            Some(rest) => Some(rest.to_owned()),
            None if suffix.ends_with(&**known) && pieces.len() > 1 => None,
            None => Some(known.to_string()),
        },
        _ => None,
    };
    match (stripped, pieces.last_mut()) {
        (Some(rest), Some(last)) => {
            *last = Piece::Known(rest.into());
            Ok(call.text_node(Text::of(pieces)))
        }
        _ => Ok(call.unknown_text(accepts_part(&text))),
    }
}

fn indent(call: &Call<'_>) -> Answer {
    let (spaces, text) = (call.integer(0)?, call.text(1)?);
    let Some(spaces) = spaces else {
        return Ok(call.unknown());
    };
    let Ok(spaces) = usize::try_from(spaces) else {
        return call.mismatch(0, "a number that is not negative");
    };
    let lines = |piece: &Piece| match piece {
        Piece::Known(text) => text.matches('\n').count(),
        Piece::Hole(_) => 0,
    };
    let lines: usize = text.pieces().iter().map(lines).sum();
    call.check_text(lines.saturating_mul(spaces))?;
    let indented = format!("\n{}", " ".repeat(if lines > 0 { spaces } else { 0 }));
    let known = |text: &str| text.replace('\n', &indented);
    // A name has no line breaks.
    let hole = |hole: &Hole| match hole.accepts {
        Accepts::Anything => call.hole_of(hole, Accepts::Anything),
        _ => hole.clone(),
    };
    Ok(call.each_piece(&text, known, hole))
}

fn join(call: &Call<'_>) -> Answer {
    let separator = call.text(0)?;
    let mut pieces: Vec<Piece> = Vec::new();
    let (mut bytes, mut is_first) = (0, true);
    for index in 1..call.arguments.len() {
        let Some(items) = call.list(index)? else {
            return rest_unknown(call, pieces);
        };
        for item in &items {
            let Some(text) = call.text_of(item)? else {
                return call.fault("`join` takes lists of strings, but an element is null");
            };
            // How many there are, and so the separators, are not known.
            if varies(item) {
                return rest_unknown(call, pieces);
            }
            if !is_first {
                pieces.extend(separator.pieces());
                bytes += separator.len();
            }
            is_first = false;
            bytes += text.len();
            if bytes > MAX_TEXT {
                return Err(call.too_large());
            }
            pieces.extend(text.pieces());
        }
    }
    Ok(call.text_node(Text::of(pieces)))
}

/// The text of pieces and an unknown rest.
fn rest_unknown(call: &Call<'_>, mut pieces: Vec<Piece>) -> Answer {
    pieces.push(Piece::Hole(call.hole(Accepts::Anything)));
    Ok(call.text_node(Text::of(pieces)))
}
