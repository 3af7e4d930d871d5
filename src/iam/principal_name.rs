//! Whether two texts are one name of a principal.

use super::context::Context;
use super::pattern::{Pattern, Style};
use super::truth::Truth;
use crate::syntax::{Piece, Text};

/// Whether two texts name the same identity. The case of a user's name counts.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns>
pub(super) fn same_identity(left: &Text, right: &Text, context: &Context) -> Truth {
    match right.as_str() {
        Some(user) if user.contains(":user/") => matches(left, right, false, context),
        _ => same_name(left, right, context),
    }
}

/// Whether two texts are the same name, whatever is in their holes. AWS does not say of roles, services
/// and identity providers whether letter case counts.
pub(super) fn same_name(left: &Text, right: &Text, context: &Context) -> Truth {
    match matches(left, right, false, context) {
        Truth::No if matches(left, right, true, context) != Truth::No => Truth::Unknown,
        same => same,
    }
}

/// Whether a name, in which wildcards are a mistake that may mean more, is another one.
fn matches(name: &Text, other: &Text, fold: bool, context: &Context) -> Truth {
    let has_wildcards = has_wildcard(name);
    if let (false, Some(known)) = (has_wildcards, name.as_str()) {
        match other {
            Text::Known(other) => return Truth::from(is_same(known, other, fold)),
            Text::Partial(pieces) if !may_be(known, pieces) => return Truth::No,
            Text::Partial(_) => {}
        }
    }
    let style = Style {
        wildcards: has_wildcards,
        fold,
        ..Style::PLAIN
    };
    Pattern::new(name, style).matches(other, context)
}

/// The same of two known texts, of none of which letter case is known to count.
pub(super) fn same_known(name: &str, other: &str) -> Truth {
    match is_same(name, other, true) {
        true if name == other => Truth::Yes,
        true => Truth::Unknown,
        false => Truth::No,
    }
}

/// Whether a text is the ARN of a principal, the id of an account or the unique id of a user or role; a
/// placeholder, such as `ROLE_ARN`, may become one.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>
pub(super) fn is_identity(text: &str) -> bool {
    let is_id = is_in_capitals(text) || is_canonical_id(text);
    is_placeholder(text) || is_account(text) || is_arn(text) || is_id
}

/// Whether a text is a canonical user id: 64 hexadecimal digits.
///
/// <https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html>
pub(super) fn is_canonical_id(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Whether a text is meant to be replaced before it is deployed, so that it may be anybody's name.
pub(super) fn is_placeholder(text: &str) -> bool {
    let is_word = text.contains(['_', '-']) && is_in_capitals(text);
    is_word || text.contains(['$', '{', '<', '%'])
}

fn is_in_capitals(text: &str) -> bool {
    let is_capital = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b"_-".contains(&b);
    text.bytes().any(|b| b.is_ascii_uppercase()) && text.bytes().all(is_capital)
}

/// Whether a text has the twelve digits of an account, with or without dashes.
fn is_account(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    digits == 12 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-')
}

/// Whether an ARN is that of a principal: of IAM or STS, without a Region, of a user, role, session or account.
fn is_arn(text: &str) -> bool {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let &["arn", _, service, "", account, name] = parts.as_slice() else {
        return false;
    };
    // Anything but digits is a placeholder, or one of AWS's own accounts.
    let is_number = account.bytes().all(|b| b.is_ascii_digit());
    let kind = name.split_once('/').map_or(name, |(kind, _)| kind);
    let kinds: &[&str] = match service {
        "iam" => &["root", "user", "role"],
        _ => &["assumed-role", "federated-user"],
    };
    let is_service = matches!(service, "iam" | "sts");
    is_service && kinds.contains(&kind) && (!is_number || is_account(account))
}

fn is_same(name: &str, other: &str, fold: bool) -> bool {
    match fold {
        true if name.is_ascii() && other.is_ascii() => name.eq_ignore_ascii_case(other),
        true => name.to_lowercase() == other.to_lowercase(),
        false => name == other,
    }
}

/// Whether a name begins and ends as a text with holes does, without regard to case. This is asked for every
/// name, and most are told apart by it.
fn may_be(name: &str, pieces: &[Piece]) -> bool {
    let name = name.as_bytes();
    let is_at = |known: &str, part: Option<&[u8]>| {
        !known.is_ascii() || part.is_some_and(|part| part.eq_ignore_ascii_case(known.as_bytes()))
    };
    let starts = match pieces.first() {
        Some(Piece::Known(known)) => is_at(known, name.get(..known.len())),
        _ => true,
    };
    let ends = match pieces.last() {
        Some(Piece::Known(known)) => {
            let start = name.len().checked_sub(known.len());
            is_at(known, start.and_then(|start| name.get(start..)))
        }
        _ => true,
    };
    starts && ends
}

/// Whether a name has a wildcard, which is only allowed as the whole of it.
pub(super) fn has_wildcard(name: &Text) -> bool {
    let is_in = |text: &str| text.contains(['*', '?']);
    match name {
        Text::Known(known) => is_in(known),
        Text::Partial(pieces) => {
            let mut pieces = pieces.iter();
            pieces.any(|piece| matches!(piece, Piece::Known(text) if is_in(text)))
        }
    }
}
