//! Matching without holes: the positions of the pattern that can be reached are the bits of words,
//! so that a character of the value takes a step for 64 of them at once.

use std::collections::HashMap;

use super::compile::Token;

/// Positions by what they do with a character.
struct Masks {
    words: usize,
    /// `*`
    many: Vec<u64>,
    /// `*` that takes no colon.
    in_segment: Vec<u64>,
    /// `?`
    one: Vec<u64>,
    literal: HashMap<char, Vec<u64>>,
    /// The bit behind the last position.
    end: usize,
}

/// Whether tokens without holes and variables match a text.
pub(super) fn matches(tokens: &[Token], value: &str) -> bool {
    let masks = Masks::new(tokens);
    let mut live = vec![0; masks.words];
    set(&mut live, 0);
    masks.pass_stars(&mut live);
    for c in value.chars() {
        masks.step(&mut live, c);
        if live.iter().all(|word| *word == 0) {
            return false;
        }
    }
    has(&live, masks.end)
}

impl Masks {
    fn new(tokens: &[Token]) -> Self {
        let length = |token: &Token| match token {
            Token::Literal(text) => text.chars().count(),
            _ => 1,
        };
        let end: usize = tokens.iter().map(length).sum();
        let words = end / 64 + 1;
        let empty = || vec![0; words];
        let mut masks = Masks {
            words,
            many: empty(),
            in_segment: empty(),
            one: empty(),
            literal: HashMap::new(),
            end,
        };
        let mut at = 0;
        for token in tokens {
            masks.add(token, at);
            at += length(token);
        }
        masks
    }

    fn add(&mut self, token: &Token, at: usize) {
        match token {
            Token::One => set(&mut self.one, at),
            Token::Many { in_segment } => {
                set(&mut self.many, at);
                if *in_segment {
                    set(&mut self.in_segment, at);
                }
            }
            Token::Literal(text) => {
                for (offset, c) in text.chars().enumerate() {
                    let mask = self.literal.entry(c).or_insert_with(|| vec![0; self.words]);
                    set(mask, at + offset);
                }
            }
            // Neither is matched here.
            Token::Hole(_) | Token::Variable(_) => {}
        }
    }

    fn step(&self, live: &mut [u64], c: char) {
        let literal = self.literal.get(&c);
        let mut carry = 0;
        for (at, word) in live.iter_mut().enumerate() {
            let mask = |mask: &[u64]| mask.get(at).copied().unwrap_or(0);
            let advance = *word & (mask(&self.one) | literal.map_or(0, |l| mask(l)));
            let confined = if c == ':' { mask(&self.in_segment) } else { 0 };
            let stay = *word & mask(&self.many) & !confined;
            *word = advance << 1 | carry | stay;
            carry = advance >> 63;
        }
        self.pass_stars(live);
    }

    /// A star may take nothing: the position behind it can be reached as well.
    fn pass_stars(&self, live: &mut [u64]) {
        let mut again = true;
        while again {
            again = false;
            let mut carry = 0;
            for (word, many) in live.iter_mut().zip(&self.many) {
                let stars = *word & many;
                let reached = *word | stars << 1 | carry;
                carry = stars >> 63;
                // Only a star that was just reached leads further.
                again |= (reached & !*word & many) != 0;
                *word = reached;
            }
        }
    }
}

fn set(words: &mut [u64], bit: usize) {
    if let Some(word) = words.get_mut(bit / 64) {
        *word |= 1 << (bit % 64);
    }
}

fn has(words: &[u64], bit: usize) -> bool {
    words
        .get(bit / 64)
        .is_some_and(|word| word >> (bit % 64) & 1 == 1)
}
