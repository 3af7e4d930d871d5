//! Which texts a value may be, as AWS publishes it: a regular expression for all of the text.

use std::mem;
use std::sync::OnceLock;

use regex::Regex;
use regex_automata::nfa::thompson::{NFA, State, WhichCaptures};
use regex_automata::util::primitives::StateID;

use super::hole::{Accepts, FormPart, Hole};
use super::text::{Piece, Text};

/// The longest text that is compared.
const LONGEST: usize = 1 << 13;

/// How many characters of a part that is made up are told apart.
const MOST_COUNTED: usize = 64;

/// A regular expression that a text as a whole must match, also where parts of the text are not known.
#[derive(Clone, Debug)]
pub struct TextForm {
    written: String,
    regex: OnceLock<Option<Regex>>,
    automaton: OnceLock<Option<NFA>>,
}

impl TextForm {
    /// Takes a pattern of the program's own, which tests have compiled; an invalid one accepts everything.
    #[must_use]
    pub fn trusted(pattern: &str) -> Self {
        TextForm {
            written: format!("^(?:{pattern})$"),
            regex: OnceLock::new(),
            automaton: OnceLock::new(),
        }
    }

    /// Whether it can be compiled.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.regex().is_some() && self.automaton().is_some()
    }

    fn regex(&self) -> Option<&Regex> {
        let compile = || Regex::new(&self.written).ok();
        self.regex.get_or_init(compile).as_ref()
    }

    fn automaton(&self) -> Option<&NFA> {
        let compile = || {
            let config = NFA::config()
                .nfa_size_limit(Some(1 << 20))
                .which_captures(WhichCaptures::None);
            let mut compiler = NFA::compiler();
            compiler.configure(config).build(&self.written).ok()
        };
        self.automaton.get_or_init(compile).as_ref()
    }

    /// Whether the text has the form, or can have it with some text in each of its holes.
    #[must_use]
    pub fn fits(&self, text: &Text) -> bool {
        if let Some(known) = text.as_str() {
            return self.regex().is_none_or(|regex| regex.is_match(known));
        }
        let Some(automaton) = self.automaton().filter(|_| text.len() <= LONGEST) else {
            return true;
        };
        let mut walk = Walk::new(automaton);
        for piece in text.pieces() {
            match piece {
                Piece::Known(known) => walk.text(&known),
                Piece::Hole(hole) => walk.hole(&hole),
            }
        }
        walk.is_at_end()
    }
}

/// Places of an automaton, each once, in the order in which they were found.
struct Places {
    list: Vec<StateID>,
    is_in: Vec<bool>,
}

impl Places {
    fn new(automaton: &NFA) -> Self {
        Places {
            list: Vec::new(),
            is_in: vec![false; automaton.states().len()],
        }
    }

    /// Adds a place; says whether it is new.
    fn insert(&mut self, place: StateID) -> bool {
        let is_in = self.is_in.get_mut(place.as_usize());
        let is_new = is_in.is_some_and(|is_in| !mem::replace(is_in, true));
        if is_new {
            self.list.push(place);
        }
        is_new
    }

    fn clear(&mut self) {
        for place in self.list.drain(..) {
            if let Some(is_in) = self.is_in.get_mut(place.as_usize()) {
                *is_in = false;
            }
        }
    }
}

/// The way through an automaton: all places that can be reached at once.
struct Walk<'a> {
    automaton: &'a NFA,
    places: Places,
    /// The places before the last step.
    before: Vec<StateID>,
    open: Vec<StateID>,
}

impl<'a> Walk<'a> {
    fn new(automaton: &'a NFA) -> Self {
        let mut walk = Walk {
            automaton,
            places: Places::new(automaton),
            before: Vec::new(),
            open: vec![automaton.start_anchored()],
        };
        walk.reach();
        walk
    }

    fn is_at_end(&self) -> bool {
        let is_match = |place: &StateID| {
            let state = self.automaton.state(*place);
            matches!(state, State::Match { .. })
        };
        self.places.list.iter().any(is_match)
    }

    /// Adds the open places, and those that can be reached from them without a character. The pattern is for
    /// all of the text, so that its anchors hold.
    fn reach(&mut self) {
        while let Some(place) = self.open.pop() {
            if !self.places.insert(place) {
                continue;
            }
            match self.automaton.state(place) {
                State::Look { next, .. } | State::Capture { next, .. } => self.open.push(*next),
                State::Union { alternates } => self.open.extend(alternates.iter().copied()),
                State::BinaryUnion { alt1, alt2 } => self.open.extend([*alt1, *alt2]),
                _ => {}
            }
        }
    }

    /// Opens the places after one of some bytes at a place.
    fn follow(&mut self, place: StateID, is_it: &dyn Fn(u8) -> bool) {
        match self.automaton.state(place) {
            State::ByteRange { trans } => {
                let is_open = (trans.start..=trans.end).any(is_it);
                self.open.extend(is_open.then_some(trans.next));
            }
            State::Sparse(sparse) => {
                let open = sparse.transitions.iter();
                let open = open.filter(|trans| (trans.start..=trans.end).any(is_it));
                self.open.extend(open.map(|trans| trans.next));
            }
            State::Dense(dense) => {
                let bytes = (u8::MIN..=u8::MAX).filter(|byte| is_it(*byte));
                self.open
                    .extend(bytes.filter_map(|byte| dense.matches_byte(byte)));
            }
            _ => {}
        }
    }

    /// Goes on by one of some bytes.
    fn byte(&mut self, is_it: &dyn Fn(u8) -> bool) {
        let mut before = mem::take(&mut self.before);
        before.clear();
        before.extend(&self.places.list);
        self.places.clear();
        for place in &before {
            self.follow(*place, is_it);
        }
        self.before = before;
        self.reach();
    }

    fn text(&mut self, text: &str) {
        for byte in text.bytes() {
            self.byte(&|own| own == byte);
        }
    }

    /// Goes on by whatever may be in a hole.
    fn hole(&mut self, hole: &Hole) {
        let parts = hole.form.as_deref().map_or(&[][..], Vec::as_slice);
        for part in parts {
            self.part(part);
        }
        if parts.is_empty() {
            let accepts = hole.accepts;
            let least = usize::from(!accepts.empty());
            self.some((least, None), &|byte| may_be(accepts, byte));
        }
    }

    fn part(&mut self, part: &FormPart) {
        match part {
            FormPart::Hole(hole) => self.hole(hole),
            FormPart::Known(known) => self.text(known),
            FormPart::Start(known) => {
                let mut ends: Vec<StateID> = Vec::new();
                for byte in known.bytes() {
                    self.byte(&|own| own == byte);
                    ends.extend(&self.places.list);
                }
                self.places.clear();
                self.open = ends;
                self.reach();
            }
            FormPart::Chars {
                set, least, most, ..
            } => self.some((*least, *most), &|byte| {
                !byte.is_ascii() || set.contains(char::from(byte))
            }),
        }
    }

    /// Goes on by so many of some bytes.
    fn some(&mut self, (least, most): (usize, Option<usize>), is_it: &dyn Fn(u8) -> bool) {
        for _ in 0..least.min(MOST_COUNTED) {
            self.byte(is_it);
        }
        let Some(most) = most.filter(|most| *most <= MOST_COUNTED) else {
            return self.any_number(is_it);
        };
        let mut all = self.places.list.clone();
        for _ in least..most {
            self.byte(is_it);
            all.extend(&self.places.list);
        }
        self.places.clear();
        self.open = all;
        self.reach();
    }

    /// Goes on by any number of some bytes, also none.
    fn any_number(&mut self, is_it: &dyn Fn(u8) -> bool) {
        let mut seen = 0;
        while let Some(place) = self.places.list.get(seen) {
            self.follow(*place, is_it);
            self.reach();
            seen += 1;
        }
    }
}

/// Whether a byte may be of a character in a hole.
fn may_be(accepts: Accepts, byte: u8) -> bool {
    match byte.is_ascii() {
        true => accepts.char(char::from(byte)),
        // Every letter beyond ASCII is alike here.
        false => accepts.char('é'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::CharSet;

    const ARN: &str = "arn:aws:[a-z0-9-]+:(?:[a-z]{2}-[a-z]+-[0-9])?:(?:[0-9]{12})?:.*";

    fn fits(form: &str, pieces: &[Piece]) -> bool {
        TextForm::trusted(form).fits(&Text::of(pieces.to_vec()))
    }

    fn known(text: &str) -> Piece {
        Piece::Known(text.into())
    }

    #[test]
    fn a_known_text_fits_as_a_whole() {
        assert!(fits(ARN, &[known("arn:aws:s3:::orders")]));
        assert!(!fits(ARN, &[known("arn:aws:s3::orders")]));
        assert!(!fits(ARN, &[known(" arn:aws:s3:::orders")]));
        assert!(!fits("[0-9]{12}", &[known("1234567890123")]));
        assert!(fits("^(?:NONE|AWS_IAM)$", &[known("NONE")]));
        assert!(!fits("NONE|AWS_IAM", &[known("none")]));
        assert!(fits("[^ ]+", &[known("größe")]));
    }

    #[test]
    fn a_hole_fits_where_some_text_in_it_does() {
        let anything = Piece::Hole(Hole::anything("Arn"));
        let segment = Piece::Hole(Hole::segment("Bucket"));
        let word = Piece::Hole(Hole::word("AWS::Region"));
        assert!(fits(ARN, std::slice::from_ref(&anything)));
        assert!(!fits(ARN, std::slice::from_ref(&segment)));
        assert!(fits(ARN, &[known("arn:aws:s3:::"), segment.clone()]));
        assert!(!fits(ARN, &[known("arn:aws:s3::"), segment.clone()]));
        assert!(fits(
            ARN,
            &[known("arn:aws:sns:"), word.clone(), known(":"), anything]
        ));
        assert!(fits("[0-9]{12}", std::slice::from_ref(&word)));
        assert!(!fits("[0-9]{12}", &[word, known("x")]));
        assert!(!fits("[^/]*/", &[segment]));
    }

    #[test]
    fn the_form_of_what_is_made_up_counts() {
        let form = vec![
            FormPart::Hole(Hole::word("AWS::StackName")),
            FormPart::Known("-".into()),
            FormPart::Start("OrdersRole".into()),
            FormPart::Chars {
                set: CharSet::parse("A-Za-z0-9").unwrap(),
                least: 12,
                most: Some(13),
                random: true,
            },
        ];
        let name = Piece::Hole(Hole::own("OrdersRole").formed(form));
        assert!(!fits("[a-z]+(?:\\.[a-z]+)+", std::slice::from_ref(&name)));
        assert!(fits("[A-Za-z0-9-]+", std::slice::from_ref(&name)));
        assert!(fits("x-O[0-9]{12}", std::slice::from_ref(&name)));
        assert!(!fits("x-O[0-9]{15}", std::slice::from_ref(&name)));
    }

    #[test]
    fn an_invalid_form_takes_everything() {
        assert!(!TextForm::trusted("(").is_valid());
        assert!(fits("(", &[known("x")]));
    }
}
