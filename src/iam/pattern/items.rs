//! Patterns and values as the positions that a match goes through, with what is made up for a resource
//! taken apart into the parts of its form.

use super::compile::Token;
use crate::syntax::{CharSet, FormPart, Hole, Piece};

/// One position of a pattern or a value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Item<'t> {
    /// A character.
    Char(char),
    /// `?`; inside a segment it takes no colon.
    One { in_segment: bool },
    /// `*`; inside a segment it takes no colon.
    Many { in_segment: bool },
    /// Something that is not known.
    Hole(&'t Hole),
    /// Something that was made up for one thing; that many positions after it are its form.
    Own { hole: &'t Hole, parts: usize },
    /// A character of a set, or any number of them, as a part of what is made up.
    Set {
        set: &'t CharSet,
        many: bool,
        random: bool,
    },
    /// The form of what is made up may go on after that many positions.
    Skip(usize),
}

/// What stands for the form of what is made up in a way that is not known.
#[derive(Debug)]
pub(super) struct AnyForm(Vec<FormPart>);

impl AnyForm {
    pub(super) fn new() -> Self {
        AnyForm(vec![FormPart::Chars {
            set: CharSet::of_segment(),
            least: 1,
            most: None,
            random: true,
        }])
    }
}

/// The positions of a pattern. `Pattern` fills variables in before it matches.
pub(super) fn of_pattern<'t>(tokens: &'t [Token], any: &'t AnyForm, fold: bool) -> Vec<Item<'t>> {
    let mut items = Vec::new();
    for token in tokens {
        match token {
            Token::Literal(text) => items.extend(text.chars().map(Item::Char)),
            Token::One { in_segment } => items.push(Item::One {
                in_segment: *in_segment,
            }),
            Token::Many { in_segment } => items.push(Item::Many {
                in_segment: *in_segment,
            }),
            Token::Hole(hole) => push_hole(&mut items, hole, any, fold),
            Token::Variable(_) => {}
        }
    }
    items
}

/// The positions of a value.
pub(super) fn of_value<'t>(pieces: &'t [Piece], any: &'t AnyForm, fold: bool) -> Vec<Item<'t>> {
    let mut items = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Known(text) => push_text(&mut items, text, fold),
            Piece::Hole(hole) => push_hole(&mut items, hole, any, fold),
        }
    }
    items
}

fn push_text(items: &mut Vec<Item<'_>>, text: &str, fold: bool) {
    match fold {
        true => items.extend(text.chars().flat_map(char::to_lowercase).map(Item::Char)),
        false => items.extend(text.chars().map(Item::Char)),
    }
}

fn push_hole<'t>(items: &mut Vec<Item<'t>>, hole: &'t Hole, any: &'t AnyForm, fold: bool) {
    if !hole.is_own() {
        items.push(Item::Hole(hole));
        return;
    }
    let at = items.len();
    items.push(Item::Own { hole, parts: 0 });
    let form = hole.form.as_deref().unwrap_or(&any.0);
    form.iter().for_each(|part| push_part(items, part, fold));
    let parts = items.len() - at - 1;
    if let Some(own) = items.get_mut(at) {
        *own = Item::Own { hole, parts };
    }
}

fn push_part<'t>(items: &mut Vec<Item<'t>>, part: &'t FormPart, fold: bool) {
    match part {
        FormPart::Hole(hole) => items.push(Item::Hole(hole)),
        FormPart::Known(text) => push_text(items, text, fold),
        FormPart::Start(text) => {
            let mut chars = Vec::new();
            push_text(&mut chars, text, fold);
            let left = chars.len();
            for (index, char) in chars.into_iter().enumerate() {
                // From here, over the characters that are left and the ways past them.
                let rest = 2 * (left - index) - 1;
                items.extend((index > 0).then_some(Item::Skip(rest)));
                items.push(char);
            }
        }
        FormPart::Chars {
            set,
            least,
            most,
            random,
        } => {
            let one = |many| Item::Set {
                set,
                many,
                random: *random,
            };
            items.extend((0..*least).map(|_| one(false)));
            match most {
                None => items.push(one(true)),
                Some(most) => {
                    let optional = (*least..*most).flat_map(|_| [Item::Skip(1), one(false)]);
                    items.extend(optional);
                }
            }
        }
    }
}
