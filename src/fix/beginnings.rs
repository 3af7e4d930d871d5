//! Names for what texts begin with, such as the ARN of a bucket at the beginning of that of its objects.

use std::collections::HashMap;

use crate::syntax::{Piece, Text};

/// What texts begin with, each with its names.
#[derive(Debug)]
pub(super) struct Beginnings(HashMap<Text, Vec<(usize, String)>>);

impl Beginnings {
    /// Of several beginnings of a text, the longest one is taken, and of its names the first one that is listed.
    pub(super) fn of(mut named: Vec<(Text, String)>) -> Self {
        named.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
        let mut beginnings: HashMap<Text, Vec<(usize, String)>> = HashMap::new();
        for (order, (text, name)) in named.into_iter().enumerate() {
            beginnings.entry(text).or_default().push((order, name));
        }
        Beginnings(beginnings)
    }

    /// The name of what a text begins with, of those that are fine, and what follows it.
    pub(super) fn find(
        &self,
        text: &Text,
        is_fine: impl Fn(&String) -> bool,
    ) -> Option<(&str, Vec<Piece>)> {
        let pieces = text.pieces();
        let found = ends(&pieces).filter_map(|(piece, byte)| {
            let (start, rest) = parted(&pieces, piece, byte)?;
            let mut names = self.0.get(&Text::of(start))?.iter();
            let (order, name) = names.find(|(_, name)| is_fine(name))?;
            Some((order, name.as_str(), rest))
        });
        let (_, name, rest) = found.min_by_key(|(order, ..)| *order)?;
        Some((name, rest))
    }
}

/// Where a name in a text can end: before `:` or `/`, as the number of the piece and the byte in it.
fn ends(pieces: &[Piece]) -> impl Iterator<Item = (usize, usize)> {
    let known = pieces.iter().enumerate().filter_map(|(number, piece)| {
        let Piece::Known(text) = piece else {
            return None;
        };
        Some(
            text.match_indices([':', '/'])
                .map(move |(byte, _)| (number, byte)),
        )
    });
    known.flatten()
}

/// What stands before and behind a place in pieces.
fn parted(pieces: &[Piece], piece: usize, byte: usize) -> Option<(Vec<Piece>, Vec<Piece>)> {
    let (before, behind) = pieces.split_at_checked(piece)?;
    let (Piece::Known(text), behind) = behind.split_first()? else {
        return None;
    };
    let (start, end) = text.split_at_checked(byte)?;
    let start = before.iter().cloned().chain([Piece::Known(start.into())]);
    let end = [Piece::Known(end.into())]
        .into_iter()
        .chain(behind.iter().cloned());
    Some((start.collect(), end.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::Hole;

    #[test]
    fn the_longest_beginning_that_ends_a_name_is_found() {
        let hole = || Piece::Hole(Hole::anything("B.Arn"));
        let named = vec![
            (Text::from("arn:aws:s3:::b"), "B.Arn".to_owned()),
            (Text::from("arn:aws:s3:::b/c"), "C".to_owned()),
            (Text::of([hole()]), "H".to_owned()),
        ];
        let beginnings = Beginnings::of(named);
        let found = |text: &Text| {
            let (name, rest) = beginnings.find(text, |name| name != "X")?;
            Some((name.to_owned(), Text::of(rest).to_string()))
        };
        let known = |text: &str| found(&Text::from(text));
        let pair = |name: &str, rest: &str| Some((name.to_owned(), rest.to_owned()));
        assert_eq!(known("arn:aws:s3:::b/*"), pair("B.Arn", "/*"));
        assert_eq!(known("arn:aws:s3:::b/c/d"), pair("C", "/d"));
        assert_eq!(known("arn:aws:s3:::bucket/*"), None);
        assert_eq!(known("arn:aws:s3:::b"), None);
        let of_hole = Text::of([hole(), Piece::Known("/*".into())]);
        assert_eq!(found(&of_hole), pair("H", "/*"));
    }
}
