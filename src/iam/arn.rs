//! Amazon Resource Names: six parts between colons, the last of which may hold colons itself.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>

use crate::document::{Accepts, Piece, Text};

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

impl Arn {
    /// Takes an ARN apart; `None` if it is none, or if a hole may hide a colon.
    #[must_use]
    pub fn parse(text: &Text) -> Option<Self> {
        let [arn, partition, service, region, account, resource] = split(text)?;
        (arn.as_str() == Some("arn")).then_some(Arn {
            partition,
            service,
            region,
            account,
            resource,
        })
    }
}

/// The six parts between colons; `None` if there are fewer, or if a hole before the last part may
/// hide a colon.
#[must_use]
pub(super) fn split(text: &Text) -> Option<[Text; 6]> {
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
                let wanted = 6 - parts.len() + 1;
                let mut fields = known.splitn(wanted, ':');
                let first = fields.next()?;
                parts.last_mut()?.push(Piece::Known(first.into()));
                parts.extend(fields.map(|field| vec![Piece::Known(field.into())]));
            }
        }
    }
    let parts: Vec<Text> = parts.into_iter().map(Text::of).collect();
    parts.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Hole;

    #[test]
    fn the_last_part_keeps_its_colons() {
        let arn = Arn::parse(&Text::from("arn:aws:lambda:eu-west-1:1:function:f:live")).unwrap();
        assert_eq!(arn.resource.as_str(), Some("function:f:live"));
        assert_eq!(arn.service.as_str(), Some("lambda"));
        assert_eq!(Arn::parse(&Text::from("arn:aws:s3")), None);
        assert_eq!(Arn::parse(&Text::from("urn:a:b:c:d:e")), None);
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
