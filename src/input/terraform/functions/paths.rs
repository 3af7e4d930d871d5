//! Functions of paths. They read the text alone, with `/` between folders.

use super::calling::{Answer, Call, Function, exactly};
use crate::syntax::{Piece, Text};

pub(super) const FUNCTIONS: &[Function] = &[
    exactly("basename", 1, basename),
    exactly("dirname", 1, dirname),
    exactly("abspath", 1, abspath),
    exactly("pathexpand", 1, pathexpand),
];

fn basename(call: &Call<'_>) -> Answer {
    let text = call.text(0)?;
    if let Some(text) = text.as_str() {
        return Ok(call.text_node(base(text)));
    }
    let pieces = text.pieces();
    match pieces.last() {
        Some(Piece::Known(end)) if end.trim_end_matches('/').contains('/') => {
            Ok(call.text_node(base(end)))
        }
        _ => Ok(call.unknown()),
    }
}

/// The last part of a path.
fn base(path: &str) -> &str {
    if path.is_empty() {
        return ".";
    }
    let trimmed = path.trim_end_matches('/');
    match trimmed.rsplit('/').next() {
        Some("") | None => "/",
        Some(last) => last,
    }
}

fn dirname(call: &Call<'_>) -> Answer {
    let text = call.text(0)?;
    match &text {
        Text::Known(path) => {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let is_rooted = path.starts_with('/');
            let folder = match folder.is_empty() && is_rooted {
                true => "/",
                false => folder,
            };
            Ok(call.text_node(cleaned(folder)))
        }
        Text::Partial(_) => Ok(call.unknown()),
    }
}

/// The shortest path that leads to the same place.
pub(super) fn cleaned(path: &str) -> String {
    let is_rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if is_rooted => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (is_rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

fn abspath(call: &Call<'_>) -> Answer {
    let text = call.text(0)?;
    match text.as_str().filter(|path| path.starts_with('/')) {
        Some(path) => Ok(call.text_node(cleaned(path))),
        // Where the configuration lies on the machine that deploys it is not known.
        None => Ok(call.unknown()),
    }
}

fn pathexpand(call: &Call<'_>) -> Answer {
    let text = call.text(0)?;
    let pieces = text.pieces();
    match pieces.first() {
        Some(Piece::Known(start)) if start.starts_with('~') => Ok(call.unknown()),
        Some(Piece::Hole(_)) => Ok(call.unknown()),
        _ => Ok(call.text_node(text)),
    }
}
