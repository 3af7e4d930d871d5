//! Functions that encode, decode and digest texts.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::Digest as _;

use super::calling::{Answer, Call, Fault, Function, between, exactly};
use super::decimal::Decimal;
use super::values::is_known;
use super::yaml_text::yaml_text;
use crate::source::{FileId, Span};
use crate::syntax::{Accepts, Documents, Key, Kind, Member, Node, json, yaml};

pub(super) const FUNCTIONS: &[Function] = &[
    exactly("jsonencode", 1, jsonencode),
    exactly("jsondecode", 1, jsondecode),
    exactly("yamlencode", 1, yamlencode),
    exactly("yamldecode", 1, yamldecode),
    exactly("csvdecode", 1, csvdecode),
    exactly("base64encode", 1, base64encode),
    exactly("base64decode", 1, base64decode),
    exactly("textencodebase64", 2, textencodebase64),
    exactly("textdecodebase64", 2, textdecodebase64),
    exactly("urlencode", 1, urlencode),
    exactly("urldecode", 1, urldecode),
    exactly("base64gzip", 1, unknown),
    exactly("base64gunzip", 1, unknown),
    exactly("rsadecrypt", 2, unknown),
    exactly("md5", 1, |call| hashed(call, Digest::Md5, false)),
    exactly("sha1", 1, |call| hashed(call, Digest::Sha1, false)),
    exactly("sha256", 1, |call| hashed(call, Digest::Sha256, false)),
    exactly("sha512", 1, |call| hashed(call, Digest::Sha512, false)),
    exactly("base64sha256", 1, |call| hashed(call, Digest::Sha256, true)),
    exactly("base64sha512", 1, |call| hashed(call, Digest::Sha512, true)),
    between("bcrypt", 1, 2, |call| Ok(call.made(Accepts::Anything))),
    exactly("uuid", 0, |call| Ok(call.made(Accepts::Word))),
    exactly("uuidv5", 2, uuidv5),
];

/// The digests of functions.
#[derive(Clone, Copy)]
pub(super) enum Digest {
    Md5,
    Sha1,
    Sha256,
    Sha512,
}

/// Bytes in Base64.
pub(super) fn encoded(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The digest of bytes, in Base64 or hexadecimal.
pub(super) fn digest(kind: Digest, bytes: &[u8], is_base64: bool) -> String {
    let digest = match kind {
        Digest::Md5 => md5::Md5::digest(bytes).to_vec(),
        Digest::Sha1 => sha1::Sha1::digest(bytes).to_vec(),
        Digest::Sha256 => sha2::Sha256::digest(bytes).to_vec(),
        Digest::Sha512 => sha2::Sha512::digest(bytes).to_vec(),
    };
    match is_base64 {
        true => encoded(&digest),
        false => hexadecimal(&digest),
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unknown(call: &Call<'_>) -> Answer {
    Ok(call.unknown())
}

fn hashed(call: &Call<'_>, kind: Digest, is_base64: bool) -> Answer {
    match call.known(0)? {
        Some(text) => Ok(call.text_node(digest(kind, text.as_bytes(), is_base64))),
        None if is_base64 => Ok(call.unknown()),
        None => Ok(call.unknown_text(Accepts::Word)),
    }
}

/// An object or list stays what it is, with the places of its parts: it is its JSON where a text is needed.
fn jsonencode(call: &Call<'_>) -> Answer {
    let value = call.at(0);
    match value.kind {
        Kind::Array(_) | Kind::Object(_) => Ok(value),
        _ => Ok(call.text_node(call.json(&value)?)),
    }
}

fn jsondecode(call: &Call<'_>) -> Answer {
    let value = call.at(0);
    if value.is_array() || value.is_object() {
        return Ok(value);
    }
    let Some(text) = call.known(0)? else {
        return Ok(call.unknown());
    };
    decoded(call, &value, &text, "JSON", json::read)
}

fn yamldecode(call: &Call<'_>) -> Answer {
    let value = call.at(0);
    if value.is_array() || value.is_object() {
        return Ok(value);
    }
    let Some(text) = call.known(0)? else {
        return Ok(call.unknown());
    };
    let read = |file, text: &str| yaml::read(file, text, &yaml::without_tags);
    let decoded = decoded(call, &value, &text, "YAML", read)?;
    // Terraform reads some of these as truth values, unless they stand between quotes.
    let is_ambiguous = |node: &Node| matches!(node.as_str(), Some("y" | "Y" | "n" | "N"));
    let is_other_base =
        |node: &Node| matches!(&node.kind, Kind::Number(number) if !Decimal::is_number(number));
    let mut nodes = decoded.walk();
    let has_ambiguous = nodes.any(|node| is_ambiguous(node) || is_other_base(node));
    drop(nodes);
    match has_ambiguous {
        true => Ok(call.unknown()),
        false => Ok(decoded),
    }
}

/// The one document of a text. In the text of a whole file, its parts have their places in it.
fn decoded(
    call: &Call<'_>,
    value: &Node,
    text: &str,
    language: &str,
    read: impl Fn(FileId, &str) -> Documents,
) -> Answer {
    let span = value.span;
    let is_file = span.start == 0 && span.end as usize == text.len();
    let documents = match is_file {
        true => read(span.file, text),
        false => read(FileId::NOWHERE, text),
    };
    match (documents.roots.as_slice(), documents.errors.as_slice()) {
        ([root], []) if is_file => Ok(root.with_last_members()),
        ([root], []) => Ok(placed(&root.with_last_members(), call.span)),
        (_, [error, ..]) => call.fault(format!("the string is not {language}: {}", error.message)),
        _ => call.fault(format!("the string is not one {language} document")),
    }
}

/// A value all of which has one place.
fn placed(node: &Node, span: Span) -> Node {
    let kind = match &node.kind {
        Kind::Array(items) => Kind::Array(Arc::new(
            items.iter().map(|item| placed(item, span)).collect(),
        )),
        Kind::Object(members) => {
            let members = members.iter().map(|member| Member {
                key: Key {
                    text: Arc::clone(&member.key.text),
                    span,
                },
                value: placed(&member.value, span),
            });
            Kind::Object(members.collect::<Vec<Member>>().into())
        }
        Kind::Number(number) => Kind::Number(Decimal::shown(number).into()),
        other => other.clone(),
    };
    Node::new(kind, span)
}

fn yamlencode(call: &Call<'_>) -> Answer {
    let value = call.at(0);
    match is_known(&value) {
        true => {
            call.json(&value)?;
            Ok(call.text_node(yaml_text(&value)))
        }
        false => Ok(call.unknown()),
    }
}

fn base64encode(call: &Call<'_>) -> Answer {
    match call.known(0)? {
        Some(text) => Ok(call.text_node(encoded(text.as_bytes()))),
        None => Ok(call.unknown()),
    }
}

fn bytes_of(call: &Call<'_>, text: &str) -> Result<Vec<u8>, Fault> {
    match STANDARD.decode(text) {
        Ok(bytes) => Ok(bytes),
        Err(_) => call.fault("the string is not Base64"),
    }
}

fn base64decode(call: &Call<'_>) -> Answer {
    let Some(text) = call.known(0)? else {
        return Ok(call.unknown());
    };
    match String::from_utf8(bytes_of(call, &text)?) {
        Ok(text) => Ok(call.text_node(text)),
        Err(_) => call.fault("the Base64 string does not decode to text"),
    }
}

fn textencodebase64(call: &Call<'_>) -> Answer {
    let (Some(text), Some(encoding)) = (call.known(0)?, call.known(1)?) else {
        return Ok(call.unknown());
    };
    let units = || text.encode_utf16();
    match encoding.to_ascii_uppercase().as_str() {
        "UTF-8" => Ok(call.text_node(encoded(text.as_bytes()))),
        "UTF-16LE" => {
            let bytes: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
            Ok(call.text_node(encoded(&bytes)))
        }
        "UTF-16BE" => {
            let bytes: Vec<u8> = units().flat_map(u16::to_be_bytes).collect();
            Ok(call.text_node(encoded(&bytes)))
        }
        _ => Ok(call.unknown()),
    }
}

fn textdecodebase64(call: &Call<'_>) -> Answer {
    let (Some(text), Some(encoding)) = (call.known(0)?, call.known(1)?) else {
        return Ok(call.unknown());
    };
    let bytes = bytes_of(call, &text)?;
    let unit: fn([u8; 2]) -> u16 = match encoding.to_ascii_uppercase().as_str() {
        "UTF-16LE" => u16::from_le_bytes,
        "UTF-16BE" => u16::from_be_bytes,
        "UTF-8" => {
            let text = String::from_utf8(bytes).ok();
            return Ok(text.map_or_else(|| call.unknown(), |text| call.text_node(text)));
        }
        _ => return Ok(call.unknown()),
    };
    let units: Vec<u16> = bytes
        .chunks_exact(2)
        .map(|pair| unit(<[u8; 2]>::try_from(pair).unwrap_or_default()))
        .collect();
    let text = String::from_utf16(&units)
        .ok()
        .filter(|_| bytes.len() % 2 == 0);
    Ok(text.map_or_else(|| call.unknown(), |text| call.text_node(text)))
}

fn urlencode(call: &Call<'_>) -> Answer {
    let known = |text: &str| {
        let bytes = text.bytes().map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                char::from(byte).to_string()
            }
            b' ' => "+".to_owned(),
            byte => format!("%{byte:02X}"),
        });
        bytes.collect::<String>()
    };
    let text = call.text(0)?;
    call.check_text(text.len())?;
    Ok(call.each_piece(&text, known, |hole| match hole.accepts {
        Accepts::Word => hole.clone(),
        _ => call.hole_of(hole, Accepts::Anything),
    }))
}

fn urldecode(call: &Call<'_>) -> Answer {
    let Some(text) = call.known(0)? else {
        return Ok(call.unknown());
    };
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let digit = |byte: Option<u8>| char::from(byte.unwrap_or_default()).to_digit(16);
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => match (digit(rest.next()), digit(rest.next())) {
                (Some(high), Some(low)) => {
                    bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
                }
                _ => return call.fault("the string of `urldecode` has an incomplete escape"),
            },
            byte => bytes.push(byte),
        }
    }
    let text = String::from_utf8(bytes).ok();
    Ok(text.map_or_else(|| call.unknown(), |text| call.text_node(text)))
}

/// The namespaces that have a name, each with its first bytes; the others are the same.
const NAMESPACES: &[(&str, u8)] = &[("dns", 0x10), ("url", 0x11), ("oid", 0x12), ("x500", 0x14)];

fn uuidv5(call: &Call<'_>) -> Answer {
    let (Some(namespace), Some(name)) = (call.known(0)?, call.known(1)?) else {
        return Ok(call.unknown_text(Accepts::Word));
    };
    let mut named = NAMESPACES.iter().filter(|(name, _)| *name == namespace);
    let Some((_, last)) = named.next() else {
        return Ok(call.unknown_text(Accepts::Word));
    };
    let mut bytes = vec![0x6b, 0xa7, 0xb8, *last];
    bytes.extend([
        0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8,
    ]);
    bytes.extend(name.bytes());
    let hex = digest(Digest::Sha1, &bytes, false);
    let part = |range: std::ops::Range<usize>| hex.get(range).unwrap_or_default();
    let variant = u8::from_str_radix(part(16..18), 16).unwrap_or_default() & 0x3f | 0x80;
    Ok(call.text_node(format!(
        "{}-{}-5{}-{variant:02x}{}-{}",
        part(0..8),
        part(8..12),
        part(13..16),
        part(18..20),
        part(20..32),
    )))
}

fn csvdecode(call: &Call<'_>) -> Answer {
    let Some(text) = call.known(0)? else {
        return Ok(call.list_node(vec![call.varying()]));
    };
    let Some(mut rows) = csv(&text) else {
        return call.fault("the string of `csvdecode` is not CSV");
    };
    if rows.is_empty() {
        return call.fault("the string of `csvdecode` has no header");
    }
    let header = rows.remove(0);
    call.check_items(rows.len())?;
    if rows.iter().any(|row| row.len() != header.len()) {
        return call.fault("the rows of `csvdecode` differ in their number of columns");
    }
    let objects = rows.iter().map(|row| {
        let columns = header.iter().map(String::as_str);
        let values = row.iter().map(|value| call.text_node(value.as_str()));
        Node::object(columns.zip(values), call.span)
    });
    Ok(call.list_node(objects.collect()))
}

/// The rows of CSV; `None` where a quote is not closed.
fn csv(text: &str) -> Option<Vec<Vec<String>>> {
    let (mut rows, mut row, mut field) = (Vec::new(), Vec::new(), String::new());
    let (mut is_quoted, mut has_content) = (false, false);
    let text = text.replace("\r\n", "\n");
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match (c, is_quoted) {
            ('"', true) if rest.next_if_eq(&'"').is_some() => field.push('"'),
            ('"', true) => is_quoted = false,
            (c, true) => field.push(c),
            ('"', false) if field.is_empty() => (is_quoted, has_content) = (true, true),
            ('"', false) => return None,
            (',', false) => {
                row.push(std::mem::take(&mut field));
                has_content = true;
            }
            ('\n', false) => {
                if has_content || !field.is_empty() {
                    row.push(std::mem::take(&mut field));
                    rows.push(std::mem::take(&mut row));
                }
                has_content = false;
            }
            (c, false) => field.push(c),
        }
    }
    if is_quoted {
        return None;
    }
    if has_content || !field.is_empty() {
        row.push(field);
        rows.push(row);
    }
    Some(rows)
}
