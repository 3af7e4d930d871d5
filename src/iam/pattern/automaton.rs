//! Matching tokens against a value: all positions of the pattern at once, so that wildcards cost
//! no more than other characters.

use super::bits;
use super::compile::Token;
use crate::iam::truth::Truth;
use crate::syntax::{Accepts, Hole, Piece, Text};

/// One position of a pattern.
#[derive(Clone, Copy, Debug)]
enum Item<'p> {
    Char(char),
    One,
    Many { in_segment: bool },
    Hole(&'p Hole),
}

/// One position of a value.
#[derive(Clone, Copy, Debug)]
enum Symbol<'v> {
    Char(char),
    Hole(&'v Hole),
}

/// Matches a known value.
pub(super) fn known(tokens: &[Token], value: &str) -> Truth {
    let open = tokens.iter().any(|token| matches!(token, Token::Hole(_)));
    if !open {
        let length = tokens.iter().map(Token::len).sum();
        return match is_too_long(length, value.len(), MOST_KNOWN_STEPS) {
            true => Truth::Unknown,
            false => Truth::from(bits::matches(tokens, value)),
        };
    }
    let part = part();
    let items = items(tokens, Some(&part));
    if is_too_long(items.len(), value.len(), MOST_STEPS) {
        return Truth::Unknown;
    }
    let symbols = || value.chars().map(Symbol::Char);
    decide(&items, symbols)
}

/// Matches a value with holes.
pub(super) fn holed(tokens: &[Token], value: &Text, fold: bool) -> Truth {
    let pieces = value.pieces();
    let part = part();
    let is_own = |hole: &Hole| hole.is_own();
    // Names that are made up are compared as wholes; with anything else, by what is in them.
    let in_pattern = tokens
        .iter()
        .any(|t| matches!(t, Token::Hole(hole) if is_own(hole)));
    let in_value = pieces
        .iter()
        .any(|p| matches!(p, Piece::Hole(hole) if is_own(hole)));
    let mut symbols = Vec::new();
    for piece in &pieces {
        match piece {
            Piece::Hole(hole) if hole.accepts == Accepts::Dashed && !in_pattern => {
                symbols.extend([Symbol::Hole(&part), Symbol::Char('-'), Symbol::Hole(&part)]);
            }
            Piece::Hole(hole) => symbols.push(Symbol::Hole(hole)),
            Piece::Known(text) if fold => {
                symbols.extend(text.chars().flat_map(char::to_lowercase).map(Symbol::Char));
            }
            Piece::Known(text) => symbols.extend(text.chars().map(Symbol::Char)),
        }
    }
    let items = items(tokens, (!in_value).then_some(&part));
    if symbols.len() > LONGEST || is_too_long(items.len(), symbols.len(), MOST_STEPS) {
        return Truth::Unknown;
    }
    decide(&items, || symbols.iter().copied())
}

/// What a match may cost: IAM takes no ARN of more than 2,048 characters.
const MOST_STEPS: usize = 1 << 22;

/// How long a value can be: an ARN has at most 2,048 characters.
///
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html>
const LONGEST: usize = 2_048;

/// The same where all is known: the longest policy of a role against the longest ARN.
const MOST_KNOWN_STEPS: usize = 1 << 24;

/// Matching takes a step for each character of the value at each position of the pattern.
fn is_too_long(pattern: usize, value: usize, most: usize) -> bool {
    pattern.saturating_mul(value) > most
}

/// Yes if the value matches whatever is in the holes, no if it does for nothing in them.
fn decide<'v, I>(items: &[Item<'_>], symbols: impl Fn() -> I) -> Truth
where
    I: Iterator<Item = Symbol<'v>>,
{
    if accepts(items, symbols(), Reading::Certain) {
        return Truth::Yes;
    }
    if accepts(items, symbols(), Reading::Possible) {
        return Truth::Unknown;
    }
    Truth::No
}

/// A part of a name that is made up, before or after a dash in it.
fn part() -> Hole {
    Hole::segment("part of a name")
}

/// The positions of a pattern; `part` is what stands beside the dash in a name that is made up,
/// where such a name is not taken as a whole.
fn items<'p>(tokens: &'p [Token], part: Option<&'p Hole>) -> Vec<Item<'p>> {
    let mut items = Vec::new();
    for token in tokens {
        match token {
            Token::Literal(text) => items.extend(text.chars().map(Item::Char)),
            Token::One => items.push(Item::One),
            Token::Many { in_segment } => items.push(Item::Many {
                in_segment: *in_segment,
            }),
            Token::Hole(hole) => match part {
                Some(part) if hole.accepts == Accepts::Dashed => {
                    items.extend([Item::Hole(part), Item::Char('-'), Item::Hole(part)]);
                }
                _ => items.push(Item::Hole(hole)),
            },
            // `Pattern` fills variables in before it matches.
            Token::Variable(_) => {}
        }
    }
    items
}

/// What a match must hold for: every text that the holes can have, or at least one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    Certain,
    Possible,
}

/// Positions in the pattern that can be reached, the one after its end included.
struct Positions<'p> {
    items: &'p [Item<'p>],
    reading: Reading,
    live: Vec<bool>,
}

fn accepts<'v>(
    items: &[Item<'_>],
    symbols: impl Iterator<Item = Symbol<'v>>,
    reading: Reading,
) -> bool {
    let mut positions = Positions {
        items,
        reading,
        live: vec![false; items.len() + 1],
    };
    positions.add(0);
    for symbol in symbols {
        match symbol {
            Symbol::Char(c) => positions.step(|position, item| position.after_char(item, c)),
            Symbol::Hole(hole) if reading == Reading::Certain => {
                positions.step(|_, item| after_same(item, hole));
            }
            Symbol::Hole(hole) => positions.flow(hole),
        }
        if !positions.live.contains(&true) {
            return false;
        }
    }
    positions.live.last() == Some(&true)
}

/// How a position goes on when it takes in a symbol.
#[derive(Clone, Copy, Default)]
struct Moves {
    stay: bool,
    advance: bool,
}

const STAY: Moves = Moves {
    stay: true,
    advance: false,
};
const ADVANCE: Moves = Moves {
    stay: false,
    advance: true,
};
const BOTH: Moves = Moves {
    stay: true,
    advance: true,
};

impl Positions<'_> {
    /// Makes a position live, and those after it that need no character.
    fn add(&mut self, at: usize) {
        let mut at = at;
        while let Some(live) = self.live.get_mut(at) {
            // Those after a live one are live.
            if std::mem::replace(live, true) {
                break;
            }
            let free = match self.items.get(at) {
                Some(Item::Many { .. }) => true,
                Some(Item::Hole(hole)) => self.reading == Reading::Possible && hole.accepts.empty(),
                _ => false,
            };
            if !free {
                break;
            }
            at += 1;
        }
    }

    fn step(&mut self, moves: impl Fn(&Self, Item<'_>) -> Moves) {
        let old = std::mem::replace(&mut self.live, vec![false; self.items.len() + 1]);
        for (at, item) in self.items.iter().enumerate() {
            if old.get(at) != Some(&true) {
                continue;
            }
            let moves = moves(self, *item);
            if moves.stay {
                self.add(at);
            }
            if moves.advance {
                self.add(at + 1);
            }
        }
    }

    fn after_char(&self, item: Item<'_>, c: char) -> Moves {
        match item {
            Item::Char(wanted) if wanted == c => ADVANCE,
            Item::One => ADVANCE,
            Item::Many { in_segment } if !in_segment || c != ':' => STAY,
            Item::Hole(hole) if self.reading == Reading::Possible && hole.accepts.char(c) => BOTH,
            _ => Moves::default(),
        }
    }

    /// Takes in a hole of the value that may hold any text that it accepts.
    fn flow(&mut self, hole: &Hole) {
        let start = self.live.clone();
        if !hole.accepts.empty() {
            self.step(|_, item| after_some(item, hole));
        }
        for at in 0..self.items.len() {
            if self.live.get(at) == Some(&true)
                && self
                    .items
                    .get(at)
                    .is_some_and(|item| after_some(*item, hole).advance)
            {
                self.add(at + 1);
            }
        }
        // A hole is always equal to itself, also where its text may be empty.
        for (at, item) in self.items.iter().enumerate() {
            if start.get(at) == Some(&true) && after_same(*item, hole).advance {
                self.add(at + 1);
            }
        }
    }
}

/// A hole of the value, taken as a whole, for every text that may be in it.
fn after_same(item: Item<'_>, hole: &Hole) -> Moves {
    match item {
        Item::Many { in_segment } if !in_segment || !hole.accepts.char(':') => STAY,
        Item::Hole(same) if same == hole => ADVANCE,
        _ => Moves::default(),
    }
}

/// Some character that a hole of the value may hold.
fn after_some(item: Item<'_>, hole: &Hole) -> Moves {
    match item {
        Item::Hole(other) if hole.differs(other) => Moves::default(),
        Item::Char(c) if hole.accepts.char(c) => ADVANCE,
        Item::Char(_) => Moves::default(),
        Item::One => ADVANCE,
        Item::Many { .. } | Item::Hole(_) => BOTH,
    }
}
