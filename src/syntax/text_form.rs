//! Which texts a value may be, as AWS publishes it: a regular expression for all of the text.

use std::collections::BTreeSet;
use std::sync::OnceLock;

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
    automaton: OnceLock<Option<NFA>>,
}

/// The places in the automaton that can be reached.
type Places = BTreeSet<StateID>;

impl TextForm {
    /// Takes a pattern of the program's own, which tests have compiled; an invalid one accepts everything.
    #[must_use]
    pub fn trusted(pattern: &str) -> Self {
        TextForm {
            written: pattern.to_owned(),
            automaton: OnceLock::new(),
        }
    }

    /// Whether it can be compiled.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.automaton().is_some()
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
        let Some(automaton) = self.automaton().filter(|_| text.len() <= LONGEST) else {
            return true;
        };
        let start = reached(automaton, [automaton.start_anchored()]);
        let end = text
            .pieces()
            .iter()
            .fold(start, |places, piece| match piece {
                Piece::Known(known) => after_text(automaton, places, known),
                Piece::Hole(hole) => after_hole(automaton, places, hole),
            });
        let is_match = |place: &StateID| matches!(automaton.state(*place), State::Match { .. });
        end.iter().any(is_match)
    }
}

/// The places that can be reached from others without a character. The pattern is for all of the text, so
/// that its anchors hold.
fn reached(automaton: &NFA, from: impl IntoIterator<Item = StateID>) -> Places {
    let mut places = Places::new();
    let mut open: Vec<StateID> = from.into_iter().collect();
    while let Some(place) = open.pop() {
        if !places.insert(place) {
            continue;
        }
        match automaton.state(place) {
            State::Look { next, .. } | State::Capture { next, .. } => open.push(*next),
            State::Union { alternates } => open.extend(alternates.iter().copied()),
            State::BinaryUnion { alt1, alt2 } => open.extend([*alt1, *alt2]),
            _ => {}
        }
    }
    places
}

/// The places after one byte out of some.
fn after_byte(automaton: &NFA, places: &Places, is_it: &dyn Fn(u8) -> bool) -> Places {
    let mut next = Vec::new();
    for place in places {
        match automaton.state(*place) {
            State::ByteRange { trans } => {
                next.extend((trans.start..=trans.end).any(is_it).then_some(trans.next));
            }
            State::Sparse(sparse) => {
                let open = sparse.transitions.iter();
                let open = open.filter(|trans| (trans.start..=trans.end).any(is_it));
                next.extend(open.map(|trans| trans.next));
            }
            State::Dense(dense) => {
                let bytes = (u8::MIN..=u8::MAX).filter(|byte| is_it(*byte));
                next.extend(bytes.filter_map(|byte| dense.matches_byte(byte)));
            }
            _ => {}
        }
    }
    reached(automaton, next)
}

fn after_text(automaton: &NFA, places: Places, text: &str) -> Places {
    text.bytes().fold(places, |places, byte| {
        after_byte(automaton, &places, &|own| own == byte)
    })
}

/// The places after whatever may be in a hole.
fn after_hole(automaton: &NFA, places: Places, hole: &Hole) -> Places {
    let parts = hole.form.as_deref();
    if let Some(parts) = parts.filter(|parts| !parts.is_empty()) {
        return parts
            .iter()
            .fold(places, |places, part| after_part(automaton, places, part));
    }
    let accepts = hole.accepts;
    let least = usize::from(!accepts.empty());
    after_some(automaton, places, (least, None), &|byte| {
        may_be(accepts, byte)
    })
}

fn after_part(automaton: &NFA, places: Places, part: &FormPart) -> Places {
    match part {
        FormPart::Hole(hole) => after_hole(automaton, places, hole),
        FormPart::Known(known) => after_text(automaton, places, known),
        FormPart::Start(known) => {
            let mut ends = Places::new();
            let mut places = places;
            for byte in known.bytes() {
                places = after_byte(automaton, &places, &|own| own == byte);
                ends.extend(&places);
            }
            ends
        }
        FormPart::Chars {
            set, least, most, ..
        } => after_some(automaton, places, (*least, *most), &|byte| {
            !byte.is_ascii() || set.contains(char::from(byte))
        }),
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

/// The places after so many bytes out of some.
fn after_some(
    automaton: &NFA,
    mut places: Places,
    (least, most): (usize, Option<usize>),
    is_it: &dyn Fn(u8) -> bool,
) -> Places {
    for _ in 0..least.min(MOST_COUNTED) {
        places = after_byte(automaton, &places, is_it);
    }
    let most = most.filter(|most| *most <= MOST_COUNTED);
    let mut rest = most.map(|most| most.saturating_sub(least));
    let mut all = places.clone();
    while rest != Some(0) {
        places = after_byte(automaton, &places, is_it);
        let known = all.len();
        all.extend(&places);
        if all.len() == known && (rest.is_none() || places.is_empty()) {
            break;
        }
        rest = rest.map(|rest| rest - 1);
    }
    all
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
