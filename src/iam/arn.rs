//! Amazon Resource Names: six parts between colons, the last of which may hold colons itself.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>

use crate::syntax::{Accepts, Piece, Text};

/// The parts of an ARN, each of which may have holes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arn {
    /// `aws`, `aws-cn`, `aws-us-gov` and so on.
    pub partition: Text,
    /// The service, as in `sqs`.
    pub service: Text,
    /// The Region; empty for global resources.
    pub region: Text,
    /// The account; empty where the service leaves it out, as S3 does.
    pub account: Text,
    /// All that follows.
    pub resource: Text,
}

/// How many parts an ARN has.
const PARTS: usize = 6;

impl Arn {
    /// Takes an ARN apart; `None` if it is none, or if a hole may hide a colon.
    #[must_use]
    pub fn parse(text: &Text) -> Option<Self> {
        let [arn, partition, service, region, account, resource] = split(text, false)?;
        (arn.as_str() == Some("arn")).then_some(Arn {
            partition,
            service,
            region,
            account,
            resource,
        })
    }
}

/// The account of a known ARN, without taking the rest apart: this is asked for every request.
pub(super) fn account_of(known: &str) -> Option<&str> {
    let mut parts = known.strip_prefix("arn:")?.splitn(5, ':');
    let account = parts.nth(3)?;
    parts.next().map(|_| account)
}

/// The six parts of a known text between colons; `None` if there are fewer.
pub(super) fn parts(text: &str) -> Option<[&str; PARTS]> {
    let mut fields = text.splitn(PARTS, ':');
    let mut parts = [""; PARTS];
    for part in &mut parts {
        *part = fields.next()?;
    }
    Some(parts)
}

/// The six parts between colons; `None` if there are fewer, or if a hole before the last part may
/// hide a colon. Colons inside a policy variable (`${aws:PrincipalAccount}`) do not count where
/// `variables` says that there are such.
#[must_use]
pub(super) fn split(text: &Text, variables: bool) -> Option<[Text; PARTS]> {
    if let (Some(known), false) = (text.as_str(), variables) {
        return parts(known).map(|parts| parts.map(Text::from));
    }
    let mut parts: Vec<Vec<Piece>> = vec![Vec::new()];
    for piece in text.pieces() {
        let last = parts.len() == 6;
        match piece {
            Piece::Hole(hole) => {
                if hole.accepts == Accepts::Anything && !last {
                    return None;
                }
                parts.last_mut()?.push(Piece::Hole(hole));
            }
            Piece::Known(known) => {
                let mut fields = fields(&known, 6 - parts.len() + 1, variables).into_iter();
                let first = fields.next()?;
                parts.last_mut()?.push(Piece::Known(first.into()));
                parts.extend(fields.map(|field| vec![Piece::Known(field.into())]));
            }
        }
    }
    let parts: Vec<Text> = parts.into_iter().map(Text::of).collect();
    parts.try_into().ok()
}

/// An ARN of which the last parts are missing, with `*` for each of them; nothing for any other text,
/// nor where a hole may hide a colon.
pub(super) fn completed(text: &Text, variables: bool) -> Option<Text> {
    let mut pieces = text.pieces();
    let is_arn = matches!(pieces.first(), Some(Piece::Known(known)) if known.starts_with("arn:"));
    let mut parts = 1;
    for piece in pieces.iter().filter(|_| is_arn) {
        match piece {
            Piece::Known(known) => parts += fields(known, PARTS, variables).len() - 1,
            Piece::Hole(hole) if hole.accepts == Accepts::Anything => return None,
            Piece::Hole(_) => {}
        }
    }
    let missing = PARTS.checked_sub(parts).filter(|missing| *missing > 0)?;
    pieces.push(Piece::Known(":*".repeat(missing).into()));
    is_arn.then(|| Text::of(pieces))
}

/// At most `wanted` fields between colons.
fn fields(text: &str, wanted: usize, variables: bool) -> Vec<&str> {
    let mut fields = Vec::new();
    let (mut start, mut in_variable) = (0, false);
    for (at, c) in text.char_indices() {
        match c {
            '{' if variables => in_variable |= text.get(..at).is_some_and(|t| t.ends_with('$')),
            '}' => in_variable = false,
            ':' if !in_variable && fields.len() + 1 < wanted => {
                fields.extend(text.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    fields.extend(text.get(start..));
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::Hole;

    #[test]
    fn the_last_part_keeps_its_colons() {
        let arn = Arn::parse(&Text::from("arn:aws:lambda:eu-west-1:1:function:f:live")).unwrap();
        assert_eq!(arn.resource.as_str(), Some("function:f:live"));
        assert_eq!(arn.service.as_str(), Some("lambda"));
        assert_eq!(Arn::parse(&Text::from("arn:aws:s3")), None);
        assert_eq!(Arn::parse(&Text::from("urn:a:b:c:d:e")), None);
    }

    #[test]
    fn an_incomplete_arn_is_completed() {
        let completed = |text: &str| completed(&Text::from(text), true).map(|arn| arn.to_string());
        assert_eq!(
            completed("arn:aws:sqs").as_deref(),
            Some("arn:aws:sqs:*:*:*")
        );
        assert_eq!(
            completed("arn:aws:sqs:*:1").as_deref(),
            Some("arn:aws:sqs:*:1:*")
        );
        let variable = "arn:aws:sqs:*:${aws:PrincipalAccount}";
        assert_eq!(completed(variable), Some(format!("{variable}:*")));
        assert_eq!(completed("arn:aws:s3:::"), None);
        assert_eq!(completed("*"), None);
        let open = [
            Piece::Known("arn:aws:".into()),
            Piece::Hole(Hole::anything("rest")),
        ];
        assert_eq!(super::completed(&Text::of(open), true), None);
    }

    #[test]
    fn a_variable_s_colons_do_not_count() {
        let text = Text::from("arn:aws:sns:eu-west-1:${aws:PrincipalAccount}:orders");
        let parts = split(&text, true).unwrap();
        assert_eq!(parts[4].as_str(), Some("${aws:PrincipalAccount}"));
        assert_eq!(parts[5].as_str(), Some("orders"));
    }

    #[test]
    fn holes_stay_in_their_part() {
        let text = Text::of([
            Piece::Known("arn:aws:sqs:".into()),
            Piece::Hole(Hole::segment("region")),
            Piece::Known(":1:orders".into()),
        ]);
        let arn = Arn::parse(&text).unwrap();
        assert_eq!(arn.region.to_string(), "<region>");
        assert_eq!(arn.resource.as_str(), Some("orders"));
    }

    #[test]
    fn a_hole_that_may_hide_colons_makes_the_parts_unknown() {
        let text = Text::of([
            Piece::Known("arn:aws:".into()),
            Piece::Hole(Hole::anything("rest")),
            Piece::Known(":a:b:c:d".into()),
        ]);
        assert_eq!(Arn::parse(&text), None);
    }
}
