//! Matching without holes: the positions of the pattern that can be reached are the bits of words,
//! so that a character of the value takes a step for 64 of them at once.

use std::collections::HashMap;

use super::compile::Token;

/// Positions by what they do with a character.
struct Masks {
    words: usize,
    /// `*`
    many: Vec<u64>,
    /// A wildcard that takes no colon.
    in_segment: Vec<u64>,
    /// `?`
    one: Vec<u64>,
    literal: HashMap<char, Vec<u64>>,
    /// The bit after the last position.
    end: usize,
}

/// Whether tokens without holes and variables match a text.
pub(super) fn matches(tokens: &[Token], value: &str) -> bool {
    let Some((tokens, value)) = between_ends(tokens, value) else {
        return false;
    };
    match Word::new(tokens) {
        Some(word) => word.matches(value),
        None => matches_wide(tokens, value),
    }
}

/// What is left to match once the literals at both ends have; `None` if they have not.
fn between_ends<'t, 'v>(
    mut tokens: &'t [Token],
    mut value: &'v str,
) -> Option<(&'t [Token], &'v str)> {
    while let [Token::Literal(text), rest @ ..] = tokens {
        value = value.strip_prefix(&**text)?;
        tokens = rest;
    }
    while let [rest @ .., Token::Literal(text)] = tokens {
        value = value.strip_suffix(&**text)?;
        tokens = rest;
    }
    Some((tokens, value))
}

/// A short pattern of ASCII: its positions fit into one word.
struct Word {
    many: u64,
    in_segment: u64,
    one: u64,
    literal: [u64; 128],
    end: u64,
}

impl Word {
    /// `None` if the pattern is too long or not of ASCII.
    fn new(tokens: &[Token]) -> Option<Self> {
        let mut word = Word {
            many: 0,
            in_segment: 0,
            one: 0,
            literal: [0; 128],
            end: 1,
        };
        for token in tokens {
            word.add(token)?;
        }
        Some(word)
    }

    fn add(&mut self, token: &Token) -> Option<()> {
        match token {
            Token::Literal(text) => {
                for byte in text.bytes() {
                    *self.literal.get_mut(usize::from(byte))? |= self.end;
                    self.advance()?;
                }
                return Some(());
            }
            Token::One { in_segment } => {
                self.one |= self.end;
                self.in_segment |= if *in_segment { self.end } else { 0 };
            }
            Token::Many { in_segment } => {
                self.many |= self.end;
                self.in_segment |= if *in_segment { self.end } else { 0 };
            }
            Token::Hole(_) | Token::Variable(_) => return None,
        }
        self.advance()
    }

    fn advance(&mut self) -> Option<()> {
        self.end = self.end.checked_mul(2)?;
        Some(())
    }

    fn matches(&self, value: &str) -> bool {
        let mut live = self.past_stars(1);
        for c in value.chars() {
            let literal = self.literal.get(c as usize).copied().unwrap_or(0);
            let confined = if c == ':' { self.in_segment } else { 0 };
            let advance = live & (self.one & !confined | literal);
            live = self.past_stars(advance << 1 | live & self.many & !confined);
            if live == 0 {
                return false;
            }
        }
        live & self.end != 0
    }

    /// A star may take nothing: the position after it can be reached as well.
    fn past_stars(&self, live: u64) -> u64 {
        let reached = live | (live & self.many) << 1;
        match reached == live {
            true => live,
            false => self.past_stars(reached),
        }
    }
}

/// Any pattern.
fn matches_wide(tokens: &[Token], value: &str) -> bool {
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
            Token::One { in_segment } => {
                set(&mut self.one, at);
                if *in_segment {
                    set(&mut self.in_segment, at);
                }
            }
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
            let confined = if c == ':' { mask(&self.in_segment) } else { 0 };
            let one = mask(&self.one) & !confined;
            let advance = *word & (one | literal.map_or(0, |l| mask(l)));
            let stay = *word & mask(&self.many) & !confined;
            *word = advance << 1 | carry | stay;
            carry = advance >> 63;
        }
        self.pass_stars(live);
    }

    /// A star may take nothing: the position after it can be reached as well.
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
