//! Matching tokens against a value: all positions of the pattern at once, so that wildcards cost
//! no more than other characters.

use super::bits;
use super::compile::Token;
use super::items::{AnyForm, Item, of_pattern, of_value};
use crate::iam::truth::Truth;
use crate::syntax::{CharSet, Hole, Piece, Text};

/// How texts are compared.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mode {
    /// Whether case is ignored.
    pub(super) fold: bool,
    /// Whether a fixed text is never what is made up at random.
    pub(super) no_coincidence: bool,
}

/// Matches a known value.
pub(super) fn known(tokens: &[Token], value: &str, mode: Mode) -> Truth {
    let open = tokens.iter().any(|token| matches!(token, Token::Hole(_)));
    if !open {
        let length = tokens.iter().map(Token::len).sum();
        return match is_too_long(length, value.len(), MOST_KNOWN_STEPS) {
            true => Truth::Unknown,
            false => Truth::from(bits::matches(tokens, value)),
        };
    }
    pieces(tokens, &[Piece::Known(value.into())], mode)
}

/// Matches a value that may have holes.
pub(super) fn holed(tokens: &[Token], value: &Text, mode: Mode) -> Truth {
    let is_open = tokens.iter().any(|token| matches!(token, Token::Hole(_)));
    let length: usize = tokens.iter().map(Token::len).sum();
    if let Some(known) = value.as_str().filter(|_| !is_open && !mode.fold)
        && known.len().max(length) <= LONGEST
    {
        return Truth::from(bits::matches(tokens, known));
    }
    pieces(tokens, &value.pieces(), mode)
}

fn pieces(tokens: &[Token], value: &[Piece], mode: Mode) -> Truth {
    let any = AnyForm::new();
    let symbols = of_value(value, &any, mode.fold);
    let items = of_pattern(tokens, &any, mode.fold);
    if symbols.len() > LONGEST || is_too_long(items.len(), symbols.len(), MOST_STEPS) {
        return Truth::Unknown;
    }
    match without_start(&items, &symbols) {
        Some((items, symbols)) => decide(items, symbols, mode),
        None => Truth::No,
    }
}

/// What is left to match behind the characters and holes that both begin with; `None` if a character
/// differs. A hole that both have holds the same text in both.
fn without_start<'i, 's, 't>(
    mut items: &'i [Item<'t>],
    mut symbols: &'s [Item<'t>],
) -> Option<(&'i [Item<'t>], &'s [Item<'t>])> {
    while let ([item, items_left @ ..], [symbol, symbols_left @ ..]) = (items, symbols) {
        match (item, symbol) {
            (Item::Char(one), Item::Char(other)) if one != other => return None,
            (Item::Char(_), Item::Char(_)) => {}
            (Item::Hole(one), Item::Hole(other)) if one == other => {}
            _ => break,
        }
        (items, symbols) = (items_left, symbols_left);
    }
    Some((items, symbols))
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
fn decide(items: &[Item<'_>], symbols: &[Item<'_>], mode: Mode) -> Truth {
    if accepts(items, symbols, Reading::Certain, mode) {
        return Truth::Yes;
    }
    if accepts(items, symbols, Reading::Possible, mode) {
        return Truth::Unknown;
    }
    Truth::No
}

/// What a match must hold for: every text that the holes can have, or at least one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    Certain,
    Possible,
}

/// Which positions of a pattern can be reached, the one after its end included.
type Live = Vec<bool>;

/// Positions in the pattern that can be reached.
struct Positions<'p> {
    items: &'p [Item<'p>],
    /// Whether each item is a part of what is made up.
    in_own: Vec<bool>,
    reading: Reading,
    mode: Mode,
    live: Live,
}

fn accepts(items: &[Item<'_>], symbols: &[Item<'_>], reading: Reading, mode: Mode) -> bool {
    let mut positions = Positions::new(items, reading, mode);
    let mut rest = symbols;
    while let [symbol, after @ ..] = rest {
        rest = after;
        match symbol {
            Item::Own { hole, parts } => {
                let (form, after) = rest.split_at_checked(*parts).unwrap_or((rest, &[]));
                rest = after;
                positions.take_own(hole, form);
            }
            other => positions.take(other, false),
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
    /// How many positions it goes ahead; none for nowhere.
    ahead: usize,
}

const STAY: Moves = Moves {
    stay: true,
    ahead: 0,
};
const ADVANCE: Moves = Moves {
    stay: false,
    ahead: 1,
};
const BOTH: Moves = Moves {
    stay: true,
    ahead: 1,
};

impl<'p> Positions<'p> {
    fn new(items: &'p [Item<'p>], reading: Reading, mode: Mode) -> Self {
        let mut in_own = vec![false; items.len()];
        for (at, item) in items.iter().enumerate() {
            if let Item::Own { parts, .. } = item {
                let form = in_own.iter_mut().skip(at + 1).take(*parts);
                form.for_each(|in_own| *in_own = true);
            }
        }
        let mut positions = Positions {
            items,
            in_own,
            reading,
            mode,
            live: vec![false; items.len() + 1],
        };
        positions.add(0);
        positions
    }

    /// Makes a position live, and those after it that need no character.
    fn add(&mut self, at: usize) {
        let mut at = at;
        while let Some(live) = self.live.get_mut(at) {
            // Those after a live one are live.
            if std::mem::replace(live, true) {
                break;
            }
            let is_possible = self.reading == Reading::Possible;
            let free = match self.items.get(at) {
                Some(Item::Many { .. } | Item::Set { many: true, .. }) => true,
                Some(Item::Hole(hole)) => is_possible && hole.accepts.empty(),
                // What is made up is not known: for certain, it is only taken as a whole.
                Some(Item::Own { .. }) => is_possible,
                Some(Item::Skip(over)) => {
                    self.add(at + 1 + over);
                    true
                }
                _ => false,
            };
            if !free {
                break;
            }
            at += 1;
        }
    }

    fn step(&mut self, moves: impl Fn(&Self, usize, Item<'p>) -> Moves) {
        let old = std::mem::replace(&mut self.live, vec![false; self.items.len() + 1]);
        for (at, item) in self.items.iter().enumerate() {
            if old.get(at) != Some(&true) {
                continue;
            }
            let moves = moves(self, at, *item);
            if moves.stay {
                self.add(at);
            }
            if moves.ahead > 0 {
                self.add(at + moves.ahead);
            }
        }
    }

    /// Whether a position is a part of what is made up.
    fn is_in_own(&self, at: usize) -> bool {
        self.in_own.get(at) == Some(&true)
    }

    /// Takes in a symbol of the value. What is a part of something that was made up is no part of
    /// anything else that was.
    fn take(&mut self, symbol: &Item<'_>, is_own: bool) {
        let blocked = |positions: &Self, at: usize| is_own && positions.is_in_own(at);
        match symbol {
            Item::Char(c) => self.step(|positions, at, item| match blocked(positions, at) {
                true => Moves::default(),
                false => positions.after_char(item, *c),
            }),
            Item::Hole(hole) if self.reading == Reading::Certain => {
                self.step(|_, _, item| after_same(item, hole));
            }
            Item::Hole(hole) => self.flow(hole, is_own),
            Item::Set { set, many, random } => {
                let start = self.live.clone();
                self.step(|positions, at, item| match blocked(positions, at) {
                    true => Moves::default(),
                    false => positions.after_some_of(item, set, *random, *many),
                });
                if *many {
                    self.go_on(&start, set, *random);
                }
            }
            Item::One { .. } | Item::Many { .. } | Item::Own { .. } | Item::Skip(_) => {}
        }
    }

    /// Any number of characters of a set, of which the first was taken.
    fn go_on(&mut self, start: &Live, set: &CharSet, random: bool) {
        if self.reading == Reading::Certain {
            // Whatever their number: a position that none of them leaves.
            let stays = self
                .live
                .iter()
                .zip(start)
                .map(|(after, before)| *after && *before);
            self.live = stays.collect();
            return;
        }
        for at in 0..self.items.len() {
            let reached = self.live.get(at) == Some(&true);
            let item = self.items.get(at).filter(|_| reached);
            let blocked = self.is_in_own(at);
            if item.is_some_and(|item| {
                !blocked && self.after_some_of(*item, set, random, true).ahead > 0
            }) {
                self.add(at + 1);
            }
        }
        let both = self.live.iter_mut().zip(start);
        both.for_each(|(after, before)| *after |= *before);
    }

    /// Takes in what was made up for one thing: as a whole, or by the parts of its form.
    fn take_own(&mut self, hole: &Hole, form: &[Item<'_>]) {
        let start = self.live.clone();
        self.step(|_, _, item| after_same(item, hole));
        let mut whole = std::mem::replace(&mut self.live, start);
        self.take_form(form);
        let both = whole.iter_mut().zip(&self.live);
        both.for_each(|(whole, parts)| *whole |= *parts);
        self.live = whole;
    }

    /// Takes in the parts of a form, each of which may be followed by the next one or by a later one.
    fn take_form(&mut self, form: &[Item<'_>]) {
        let mut before: Vec<Option<Live>> = vec![None; form.len() + 1];
        let start = std::mem::take(&mut self.live);
        self.meet(&mut before, 0, start);
        for (at, part) in form.iter().enumerate() {
            let Some(live) = before.get_mut(at).and_then(Option::take) else {
                continue;
            };
            if let Item::Skip(over) = part {
                self.meet(&mut before, at + 1 + over, live.clone());
                self.meet(&mut before, at + 1, live);
                continue;
            }
            self.live = live;
            self.take(part, true);
            let live = std::mem::take(&mut self.live);
            self.meet(&mut before, at + 1, live);
        }
        let end = before.pop().flatten();
        self.live = end.unwrap_or_else(|| vec![false; self.items.len() + 1]);
    }

    /// Brings two ways to the same part of a form together: what can be reached on one of them, or
    /// for certain on both.
    fn meet(&self, before: &mut [Option<Live>], at: usize, live: Live) {
        let Some(known) = before.get_mut(at) else {
            return;
        };
        let Some(other) = known else {
            *known = Some(live);
            return;
        };
        for (other, own) in other.iter_mut().zip(live) {
            match self.reading {
                Reading::Certain => *other &= own,
                Reading::Possible => *other |= own,
            }
        }
    }

    fn after_char(&self, item: Item<'_>, c: char) -> Moves {
        let is_possible = self.reading == Reading::Possible;
        match item {
            Item::Char(wanted) if wanted == c => ADVANCE,
            Item::One { in_segment } if !in_segment || c != ':' => ADVANCE,
            Item::Many { in_segment } if !in_segment || c != ':' => STAY,
            Item::Hole(hole) if is_possible && hole.accepts.char(c) => BOTH,
            Item::Set { random: true, .. } if self.mode.no_coincidence => Moves::default(),
            Item::Set { set, many, .. } if self.has(set, c) => match many {
                true => STAY,
                false => ADVANCE,
            },
            _ => Moves::default(),
        }
    }

    fn has(&self, set: &CharSet, c: char) -> bool {
        match self.mode.fold {
            true => set.contains_folded(c),
            false => set.contains(c),
        }
    }

    /// One of the characters of a set, which more of them may follow.
    fn after_some_of(&self, item: Item<'_>, set: &CharSet, random: bool, many: bool) -> Moves {
        let is_possible = self.reading == Reading::Possible;
        let is_coincidence = random && self.mode.no_coincidence;
        match item {
            Item::Char(_) if !is_possible || is_coincidence => Moves::default(),
            Item::Char(c) if self.has(set, c) => ADVANCE,
            Item::One { in_segment: true } | Item::Many { in_segment: true }
                if !is_possible && set.contains(':') =>
            {
                Moves::default()
            }
            Item::One { .. } => ADVANCE,
            Item::Many { .. } if many && is_possible => BOTH,
            Item::Many { .. } => STAY,
            Item::Hole(_) if is_possible => BOTH,
            _ => Moves::default(),
        }
    }

    /// Takes in a hole of the value that may hold any text that it accepts.
    fn flow(&mut self, hole: &Hole, is_own: bool) {
        let start = self.live.clone();
        let after =
            |positions: &Self, at: usize, item: Item<'_>| match is_own && positions.is_in_own(at) {
                true => Moves::default(),
                false => after_some(item, hole),
            };
        if !hole.accepts.empty() {
            self.step(after);
        }
        for at in 0..self.items.len() {
            let item = self
                .items
                .get(at)
                .filter(|_| self.live.get(at) == Some(&true));
            if item.is_some_and(|item| after(self, at, *item).ahead > 0) {
                self.add(at + 1);
            }
        }
        // A hole is always equal to itself, also where its text may be empty.
        for (at, item) in self.items.iter().enumerate() {
            let ahead = after_same(*item, hole).ahead;
            let blocked = is_own && self.is_in_own(at);
            if start.get(at) == Some(&true) && ahead > 0 && !blocked {
                self.add(at + ahead);
            }
        }
    }
}

/// A hole of the value, taken as a whole, for every text that may be in it.
fn after_same(item: Item<'_>, hole: &Hole) -> Moves {
    match item {
        Item::Many { in_segment } if !in_segment || !hole.accepts.char(':') => STAY,
        Item::Hole(same) if same == hole => ADVANCE,
        Item::Own { hole: same, parts } if same == hole => Moves {
            stay: false,
            ahead: 1 + parts,
        },
        _ => Moves::default(),
    }
}

/// Some character that a hole of the value may hold.
fn after_some(item: Item<'_>, hole: &Hole) -> Moves {
    match item {
        Item::Char(c) if hole.accepts.char(c) => ADVANCE,
        Item::Char(_) | Item::Own { .. } | Item::Skip(_) => Moves::default(),
        Item::One { .. } | Item::Set { many: false, .. } => ADVANCE,
        Item::Many { .. } | Item::Hole(_) | Item::Set { many: true, .. } => BOTH,
    }
}
