//! Functions that read files.

use std::sync::Arc;

use super::calling::{Answer, Call, Fault, Function, exactly};
use super::encodings::{Digest, digest, encoded};
use super::paths::cleaned;
use super::sets::set_of;
use crate::source::{FileId, Span};
use crate::syntax::{Accepts, GoPattern, Node, TextPattern};

pub(super) const FUNCTIONS: &[Function] = &[
    exactly("file", 1, file),
    exactly("fileexists", 1, fileexists),
    exactly("fileset", 2, fileset),
    exactly("filebase64", 1, filebase64),
    exactly("filebase64sha256", 1, |call| {
        hashed(call, Digest::Sha256, true)
    }),
    exactly("filebase64sha512", 1, |call| {
        hashed(call, Digest::Sha512, true)
    }),
    exactly("filemd5", 1, |call| hashed(call, Digest::Md5, false)),
    exactly("filesha1", 1, |call| hashed(call, Digest::Sha1, false)),
    exactly("filesha256", 1, |call| hashed(call, Digest::Sha256, false)),
    exactly("filesha512", 1, |call| hashed(call, Digest::Sha512, false)),
];

/// The text of a file and its path, where it was read.
fn read(call: &Call<'_>) -> Result<Option<(FileId, Arc<str>)>, Fault> {
    let path = call.known(0)?;
    Ok(path.and_then(|path| call.cx.texts.text(&path)))
}

fn file(call: &Call<'_>) -> Answer {
    if let Some((file, text)) = read(call)? {
        let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
        return Ok(Node::text(text, Span::new(file, 0, end)));
    }
    match call.known(0)? {
        Some(path) if call.cx.texts.exists(&path) == Some(false) => Err(Fault::MissingFile(path)),
        _ => Ok(call.unknown()),
    }
}

fn fileexists(call: &Call<'_>) -> Answer {
    let path = call.known(0)?;
    Ok(call.truth(path.and_then(|path| call.cx.texts.exists(&path))))
}

// What is read may be decoded, so that its bytes are not known.
fn filebase64(call: &Call<'_>) -> Answer {
    match read(call)?.filter(|(_, text)| text.is_ascii()) {
        Some((_, text)) => Ok(call.text_node(encoded(text.as_bytes()))),
        None => Ok(call.unknown()),
    }
}

/// The digest of a file. An archive that is built before the deployment need not exist yet.
fn hashed(call: &Call<'_>, kind: Digest, is_base64: bool) -> Answer {
    match read(call)?.filter(|(_, text)| text.is_ascii()) {
        Some((_, text)) => Ok(call.text_node(digest(kind, text.as_bytes(), is_base64))),
        None if is_base64 => Ok(call.unknown()),
        None => Ok(call.unknown_text(Accepts::Word)),
    }
}

fn fileset(call: &Call<'_>) -> Answer {
    let unknown = || Ok(call.list_node(vec![call.varying()]));
    let (Some(folder), Some(pattern)) = (call.known(0)?, call.known(1)?) else {
        return unknown();
    };
    let pattern = glob(&pattern).and_then(|pattern| GoPattern::new(&pattern));
    let files = call.cx.texts.under(&folder);
    let (Some(pattern), Some(files)) = (pattern, files) else {
        return unknown();
    };
    let files = files.iter().map(|file| cleaned(file));
    let matching = files.filter(|file| pattern.matches(file).next().is_some());
    let items: Vec<Node> = matching.map(|file| call.text_node(file)).collect();
    call.check_items(items.len())?;
    set_of(call, items)
}

/// A pattern of files as a regular expression; `None` where it has classes of characters.
fn glob(pattern: &str) -> Option<String> {
    let mut regex = String::from("^");
    let mut rest = pattern;
    while let Some(c) = rest.chars().next() {
        let (part, taken): (&str, usize) = match c {
            _ if rest.starts_with("**/") => ("(?:.*/)?", 3),
            _ if rest.starts_with("**") => (".*", 2),
            '*' => ("[^/]*", 1),
            '?' => ("[^/]", 1),
            '{' => ("(?:", 1),
            '}' => (")", 1),
            ',' => ("|", 1),
            '[' | '\\' => return None,
            c => {
                regex.push_str(&TextPattern::escaped(&c.to_string()));
                rest = rest.get(c.len_utf8()..)?;
                continue;
            }
        };
        regex.push_str(part);
        rest = rest.get(taken..)?;
    }
    regex.push('$');
    Some(regex)
}
