//! The functions of the provider for AWS.

use super::calling::{Answer, Call, Function, exactly};
use crate::syntax::{Accepts, Node, Piece, Text};

pub(super) const FUNCTIONS: &[Function] = &[
    exactly("provider::aws::arn_build", 5, arn_build),
    exactly("provider::aws::arn_parse", 1, arn_parse),
    exactly("provider::aws::trim_iam_role_path", 1, trim_iam_role_path),
];

/// The names that the parts of an ARN have in the provider.
const PARTS: [&str; 5] = ["partition", "service", "region", "account_id", "resource"];

fn arn_build(call: &Call<'_>) -> Answer {
    let mut pieces = vec![Piece::Known("arn".into())];
    for index in 0..PARTS.len() {
        pieces.push(Piece::Known(":".into()));
        pieces.extend(call.text(index)?.pieces());
    }
    Ok(call.text_node(Text::of(pieces)))
}

/// The first five parts of an ARN and the rest of it; `None` where a hole can hold a separator.
fn parts_of(text: &Text) -> Option<Vec<Vec<Piece>>> {
    let mut parts: Vec<Vec<Piece>> = vec![Vec::new()];
    for piece in text.pieces() {
        let is_open = parts.len() <= PARTS.len();
        match piece {
            Piece::Hole(hole) if is_open && hole.accepts == Accepts::Anything => return None,
            Piece::Known(known) if is_open => {
                let left = PARTS.len() + 1 - parts.len();
                for (index, part) in known.splitn(left + 1, ':').enumerate() {
                    if index > 0 {
                        parts.push(Vec::new());
                    }
                    parts.last_mut()?.push(Piece::Known(part.into()));
                }
            }
            piece => parts.last_mut()?.push(piece),
        }
    }
    Some(parts)
}

fn arn_parse(call: &Call<'_>) -> Answer {
    let text = call.text(0)?;
    let Some(parts) = parts_of(&text) else {
        return Ok(call.unknown());
    };
    let mut parts = parts.into_iter().map(|part| call.text_node(Text::of(part)));
    let start = parts.next();
    let is_arn = start.is_some_and(|start| start.as_str() == Some("arn"));
    if !is_arn || parts.len() != PARTS.len() {
        return call.fault("`arn_parse` takes an ARN");
    }
    Ok(Node::object(PARTS.into_iter().zip(parts), call.span))
}

fn trim_iam_role_path(call: &Call<'_>) -> Answer {
    let text = call.text(0)?;
    let Some(arn) = text.as_str() else {
        return Ok(call.unknown());
    };
    let trimmed = arn.split_once(":role/").map(|(before, path)| {
        let name = path.rsplit('/').next().unwrap_or(path);
        format!("{before}:role/{name}")
    });
    match trimmed {
        Some(trimmed) => Ok(call.text_node(trimmed)),
        None => call.fault("`trim_iam_role_path` takes the ARN of a role"),
    }
}
