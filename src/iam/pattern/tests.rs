//! Patterns against values, known and not.

use super::*;
use crate::syntax::{CharSet, Form, FormPart, Hole, Piece};

fn pattern(text: &str) -> Pattern {
    Pattern::new(&Text::from(text), Style::resource(true))
}

fn matches(text: &str, value: &str) -> Truth {
    pattern(text).matches(&Text::from(value), &Context::default())
}

/// A text in which `<name>` is a segment hole and `<<name>>` one that takes anything.
fn holed(written: &str) -> Text {
    let mut pieces = Vec::new();
    for part in written.split_inclusive('>') {
        let (known, hole) = part.split_once('<').unwrap_or((part, ""));
        let known = known.trim_start_matches('>');
        pieces.push(Piece::Known(known.into()));
        if let Some(name) = hole.strip_prefix('<') {
            pieces.push(Piece::Hole(Hole::anything(name.trim_end_matches('>'))));
        } else if !hole.is_empty() {
            pieces.push(Piece::Hole(Hole::segment(hole.trim_end_matches('>'))));
        }
    }
    Text::of(pieces)
}

fn matches_holed(pattern: &str, value: &str) -> Truth {
    Pattern::new(&holed(pattern), Style::resource(true)).matches(&holed(value), &Context::default())
}

#[test]
fn wildcards() {
    assert_eq!(matches("*", "anything:at/all"), Truth::Yes);
    assert_eq!(
        matches("arn:aws:s3:::b/*", "arn:aws:s3:::b/a:b"),
        Truth::Yes
    );
    assert_eq!(matches("arn:aws:s3:::b/*", "arn:aws:s3:::b"), Truth::No);
    assert_eq!(matches("a?c", "abc"), Truth::Yes);
    assert_eq!(matches("a?c", "ac"), Truth::No);
    assert_eq!(matches("a?c", "aéc"), Truth::Yes);
    assert_eq!(matches("", ""), Truth::Yes);
    assert_eq!(matches("", "a"), Truth::No);
}

#[test]
fn a_star_at_a_segments_end_crosses_colons_and_another_does_not() {
    assert_eq!(
        matches("arn:aws:sqs:*", "arn:aws:sqs:eu-west-1:1:q"),
        Truth::Yes
    );
    assert_eq!(
        matches("arn:aws:sqs:*:q", "arn:aws:sqs:eu-west-1:1:q"),
        Truth::Yes
    );
    assert_eq!(
        matches("arn:aws:sqs:e*1:q", "arn:aws:sqs:eu-west-1:1:q"),
        Truth::No
    );
    assert_eq!(
        matches("arn:aws:sqs:e*1:1:q", "arn:aws:sqs:eu-west-1:1:q"),
        Truth::Yes
    );
}

#[test]
fn whether_a_star_crosses_colons_in_the_last_part_is_not_known() {
    let stream = "arn:aws:logs:eu-west-1:1:log-group:g:log-stream:s";
    assert_eq!(
        matches("arn:aws:logs:eu-west-1:1:log-*stream:s", stream),
        Truth::Unknown
    );
    assert_eq!(
        matches("arn:aws:logs:eu-west-1:1:*group:g:*", stream),
        Truth::Yes
    );
    assert_eq!(
        matches("arn:aws:logs:eu-west-1:1:log-*stream:t", stream),
        Truth::No
    );
    assert_eq!(
        matches(
            "arn:aws:lambda:eu-west-1:1:*orders",
            "arn:aws:lambda:eu-west-1:1:function:orders"
        ),
        Truth::Unknown
    );
}

#[test]
fn many_stars_on_a_long_text_are_no_trouble() {
    let pattern = format!("{}b", "*a".repeat(200));
    assert_eq!(matches(&pattern, &"a".repeat(20_000)), Truth::No);
}

#[test]
fn holes_in_the_value() {
    let queue = "arn:aws:sqs:<r>:<a>:orders";
    assert_eq!(matches_holed("arn:aws:sqs:*:*:orders", queue), Truth::Yes);
    assert_eq!(matches_holed("arn:aws:sqs:*", queue), Truth::Yes);
    assert_eq!(matches_holed("arn:aws:sqs:*:*:other", queue), Truth::No);
    assert_eq!(
        matches_holed("arn:aws:sqs:eu-west-1:1:orders", queue),
        Truth::Unknown
    );
    assert_eq!(matches_holed("arn:aws:sns:*", queue), Truth::No);
    assert_eq!(matches_holed("a/*", "a/<<rest>>"), Truth::Yes);
    assert_eq!(matches_holed("a/b", "a/<<rest>>"), Truth::Unknown);
    assert_eq!(matches_holed("b/*", "a/<<rest>>"), Truth::No);
}

#[test]
fn holes_in_the_pattern() {
    assert_eq!(matches_holed("table/<t>", "table/<t>"), Truth::Yes);
    assert_eq!(
        matches_holed("table/<t>/*", "table/<t>/index/i"),
        Truth::Yes
    );
    assert_eq!(matches_holed("table/<t>", "table/<u>"), Truth::Unknown);
    assert_eq!(matches_holed("table/<t>", "table/orders"), Truth::Unknown);
    assert_eq!(matches_holed("table/<t>", "queue/orders"), Truth::No);
    assert_eq!(matches_holed("table/<t>", "table/a/b"), Truth::No);
}

#[test]
fn a_hole_on_both_sides_holds_one_text() {
    assert_eq!(matches_holed("<<p>>-orders", "<<p>>-orders"), Truth::Yes);
    assert_eq!(matches_holed("<<p>>-orders", "<<p>>-payments"), Truth::No);
    assert_eq!(matches_holed("a/<<p>>-o*", "a/<<p>>-payments"), Truth::No);
    assert_eq!(matches_holed("<<p>>-o*", "<<p>>-orders"), Truth::Yes);
    assert_eq!(matches_holed("<<p>>-o", "<<q>>-payments-o"), Truth::Unknown);
}

#[test]
fn variables_are_filled_from_the_context() {
    let mut context = Context::default();
    context.set("aws:username", vec![Text::from("anna")]);
    let home = pattern("arn:aws:s3:::home/${aws:username}/*");
    assert_eq!(
        home.matches(&Text::from("arn:aws:s3:::home/anna/x"), &context),
        Truth::Yes
    );
    assert_eq!(
        home.matches(&Text::from("arn:aws:s3:::home/bert/x"), &context),
        Truth::No
    );
    let unknown = home.matches(&Text::from("arn:aws:s3:::home/anna/x"), &Context::default());
    assert_eq!(unknown, Truth::Unknown);
}

#[test]
fn special_characters_can_be_written_as_variables() {
    assert_eq!(matches("a${*}b${?}c${$}", "a*b?c$"), Truth::Yes);
    assert_eq!(matches("a${*}b", "axb"), Truth::No);
}

#[test]
fn a_variable_without_value_takes_its_default_or_matches_nothing() {
    let mut context = Context::default();
    context.set_absent("aws:principaltag/team");
    let with = pattern("b/${aws:PrincipalTag/team, 'none'}");
    let without = pattern("b/${aws:PrincipalTag/team}");
    assert_eq!(with.matches(&Text::from("b/none"), &context), Truth::Yes);
    assert_eq!(without.matches(&Text::from("b/none"), &context), Truth::No);
    assert_eq!(without.matches(&Text::from("b/"), &context), Truth::No);
}

/// Without holes, the fast way and the general one agree.
#[test]
fn both_ways_of_matching_agree() {
    let mut seed = 9_u64;
    let mut roll = |sides: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) % sides
    };
    let mut text = |letters: &[&str], most: u64| -> String {
        let length = roll(most);
        (0..length)
            .map(|_| letters[usize::try_from(roll(letters.len() as u64)).unwrap()])
            .collect()
    };
    let style = Style::resource(false);
    for _ in 0..30_000 {
        let pattern = text(&["a", "b", ":", "*", "?", "**", "a:"], 90);
        let value = text(&["a", "b", ":", "ab", "é"], 90);
        let tokens = compile::tokens(&Text::from(pattern.as_str()), style);
        let fast = bits::matches(&tokens, &value);
        let general = automaton::holed(&tokens, &Text::from(value.as_str()), Mode::default());
        assert_eq!(Truth::from(fast), general, "{pattern} {value}");
    }
}

/// Fills in the holes `<p>` and `<q>` of random patterns and values with each of these pairs of texts:
/// what was decided before stays so.
fn filling_in_flips_nothing(
    seed: u64,
    letters: &[&str],
    hole: fn(&str) -> Hole,
    fillings: &[(&str, &str)],
) {
    let mut seed = seed;
    let mut roll = |sides: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(seed >> 33).unwrap() % sides
    };
    let wild: Vec<&str> = letters.iter().chain(&["*", "?"]).copied().collect();
    let mut decided = 0;
    for _ in 0..60_000 {
        let mut pieces = |letters: &[&str]| -> Vec<String> {
            let letters: Vec<&str> = letters.iter().chain(&["<p>", "<q>"]).copied().collect();
            let some = 0..=roll(6);
            some.map(|_| letters[roll(letters.len())].to_owned())
                .collect()
        };
        let (pattern, value) = (pieces(&wild), pieces(letters));
        let (p, q) = fillings[roll(fillings.len())];
        let holed = |pieces: &[String]| {
            Text::of(pieces.iter().map(|piece| match piece.as_str() {
                "<p>" | "<q>" => Piece::Hole(hole(piece)),
                known => Piece::Known(known.into()),
            }))
        };
        let filled = |pieces: &[String]| pieces.concat().replace("<p>", p).replace("<q>", q);
        let matches = |pattern: &Text, value: &Text| {
            let style = Style::resource(false);
            Pattern::new(pattern, style).matches(value, &Context::default())
        };
        let before = matches(&holed(&pattern), &holed(&value));
        // A filling that is a wildcard would be one in the pattern; these are letters.
        let after = matches(
            &Text::from(filled(&pattern).as_str()),
            &Text::from(filled(&value).as_str()),
        );
        if before != Truth::Unknown {
            decided += 1;
            assert_eq!(before, after, "{pattern:?} {value:?} with {p} and {q}");
        }
    }
    assert!(decided > 10_000, "{decided}");
}

#[test]
fn filling_in_a_hole_never_flips_a_decided_answer() {
    let texts = ["a", "b", "ab", "ba", "bb"];
    let pairs = texts
        .iter()
        .flat_map(|p| texts.iter().map(move |q| (*p, *q)));
    let pairs: Vec<(&str, &str)> = pairs.collect();
    filling_in_flips_nothing(7, &["a", "b", ":"], Hole::segment, &pairs);
}

/// The form `<stack>-<first letters of the id>-<2 or 3 digits>`.
fn form(id: &str) -> Form {
    let stack = Hole::segment("stack");
    let digits = FormPart::Chars {
        set: CharSet::parse("0-9").unwrap(),
        least: 2,
        most: Some(3),
        random: true,
    };
    let dash = || FormPart::Known("-".into());
    let id = FormPart::Start(id.into());
    vec![FormPart::Hole(stack), dash(), id, dash(), digits]
}

fn made_up(id: &str) -> Hole {
    Hole::own(id).formed(form(id.trim_matches(['<', '>'])))
}

/// Names that are made up for one thing have a form and differ from each other; none is a part of
/// another, as they have a random end.
#[test]
fn filling_in_a_made_up_name_never_flips_a_decided_answer() {
    let pairs = [
        ("a-p-11", "a-q-12"),
        ("q-p-111", "q-q-11"),
        ("p-p-21", "p-q-111"),
    ];
    let letters = ["a", "-p", "q-", "-", "1", ":"];
    filling_in_flips_nothing(11, &letters, made_up, &pairs);
    filling_in_flips_nothing(12, &letters, Hole::own, &pairs);
}

#[test]
fn a_made_up_name_is_its_own() {
    let hole = |id: &str| Text::hole(made_up(id));
    let matches = |pattern: &Text, value: &Text| {
        Pattern::new(pattern, Style::resource(false)).matches(value, &Context::default())
    };
    assert_eq!(matches(&hole("Queue"), &hole("Queue")), Truth::Yes);
    assert_eq!(matches(&hole("Queue"), &hole("Other")), Truth::No);
    assert_eq!(matches(&Text::from("*"), &hole("Queue")), Truth::Yes);
    let and_more = |id: &str| Text::of([Piece::Hole(made_up(id)), Piece::Known("*".into())]);
    assert_eq!(matches(&and_more("Queue"), &hole("Queue")), Truth::Yes);
    assert_eq!(matches(&and_more("Queue"), &hole("Quay")), Truth::No);
    for (pattern, wanted) in [
        ("orders", Truth::No),
        ("my-orders", Truth::No),
        ("my-orders-12", Truth::No),
        ("my-Queue-x", Truth::No),
        ("my-Queue-12", Truth::Unknown),
        ("my-Qu-123", Truth::Unknown),
        ("my-Queue-1234", Truth::No),
        ("my-*", Truth::Unknown),
        ("*-Qu?ue-*", Truth::Unknown),
        ("*-Other-*", Truth::Unknown),
        ("*-Q*", Truth::Yes),
        ("*Q*", Truth::Yes),
        ("*-q*-12", Truth::Unknown),
    ] {
        let pattern = Text::from(pattern);
        assert_eq!(matches(&pattern, &hole("Queue")), wanted, "{pattern}");
    }
    // The same the other way round: a name in the policy, and a fixed one that is asked for.
    assert_eq!(
        matches(&hole("Queue"), &Text::from("my-orders-12")),
        Truth::No
    );
    assert_eq!(
        matches(&hole("Queue"), &Text::from("my-Queue-12")),
        Truth::Unknown
    );
}

#[test]
fn the_name_of_the_stack_opens_a_made_up_name() {
    let pattern = Text::of([
        Piece::Hole(Hole::segment("stack")),
        Piece::Known("-*".into()),
    ]);
    let pattern = Pattern::new(&pattern, Style::resource(false));
    let name = Text::hole(made_up("Queue"));
    assert_eq!(pattern.matches(&name, &Context::default()), Truth::Yes);
}

#[test]
fn a_fixed_name_is_a_made_up_one_by_coincidence_alone() {
    let apart = Context::default().without_coincidence();
    let name = Text::hole(made_up("Queue"));
    for (pattern, wanted) in [("my-Queue-12", Truth::No), ("my-Queue-*", Truth::Unknown)] {
        let fixed = Text::from(pattern);
        let pattern = Pattern::new(&fixed, Style::resource(false));
        assert_eq!(pattern.matches(&name, &apart), wanted, "{fixed}");
    }
    let own = Pattern::new(&name, Style::resource(false));
    assert_eq!(own.matches(&Text::from("my-Queue-12"), &apart), Truth::No);
    assert_eq!(own.matches(&name, &apart), Truth::Yes);
}
