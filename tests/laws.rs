//! Laws that every decision obeys, tried on made-up policies, principals, resources and conditions.
//!
//! `LAWS_CASES` is how many cases each law is tried on, and `LAWS_SEED` where they begin.

mod case;
mod changes;
mod forms;
mod grants;
mod known;
mod looser;
mod policies;
mod reasons;
mod requests;
mod same;
mod shrink;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use lint_lambda::unstable::iam::Decision;
use serde_json::Value;

use crate::test_rng::TestRng;
use case::decide;

/// What a change can do to a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    /// It never grants more.
    NeverMore,
    /// It never grants less.
    NeverLess,
    /// It never grants less, but AWS may refuse the policy, so that nothing is known.
    NeverLessOrUnknown,
    /// It never grants more, but AWS may refuse the policy, so that nothing is known.
    NeverMoreOrUnknown,
    /// It changes nothing.
    Same,
    /// It changes nothing that is known.
    SameOrUnknown,
    /// It can only decide what was not known.
    Firmer,
}

/// Refused, unknown, allowed.
fn rank(decision: Decision) -> u8 {
    match decision {
        Decision::ExplicitDeny | Decision::ImplicitDeny => 0,
        Decision::Unknown => 1,
        Decision::Allowed => 2,
    }
}

impl Relation {
    fn holds(self, before: Decision, after: Decision) -> bool {
        let (old, new) = (rank(before), rank(after));
        match self {
            Relation::NeverMore => new <= old,
            Relation::NeverLess => new >= old,
            Relation::NeverMoreOrUnknown => new <= old || new == 1,
            Relation::NeverLessOrUnknown => new >= old || new == 1,
            Relation::Same => before == after,
            Relation::SameOrUnknown => old == new || old == 1 || new == 1,
            // A refusal stays one; what is known more may name the Deny that makes it explicit.
            Relation::Firmer => match (before, after) {
                (Decision::Unknown, _) => true,
                (Decision::ImplicitDeny, Decision::ExplicitDeny) => true,
                _ => before == after,
            },
        }
    }

    /// The relation if the change is made where it has the opposite effect.
    fn reversed_if(self, is_reversed: bool) -> Self {
        match self {
            _ if !is_reversed => self,
            Relation::NeverMore => Relation::NeverLess,
            Relation::NeverLess => Relation::NeverMore,
            Relation::NeverMoreOrUnknown => Relation::NeverLessOrUnknown,
            Relation::NeverLessOrUnknown => Relation::NeverMoreOrUnknown,
            other => other,
        }
    }
}

/// A law: what a change of a case does to its decision.
struct Law {
    /// What it says.
    says: &'static str,
    /// Makes a case fit for the change, and writes down in it what changes.
    draw: fn(&mut Value, &mut TestRng) -> Option<()>,
    /// The changed case, and how its decision lies to that of the case.
    change: fn(&Value) -> Option<(Value, Relation)>,
}

/// How a law is broken by a case; nothing if it is not.
fn broken(law: &Law, case: &Value) -> Option<(Decision, Decision, Value)> {
    let (changed, relation) = (law.change)(case)?;
    let (before, after) = (decide(case), decide(&changed));
    (!relation.holds(before, after)).then_some((before, after, changed))
}

fn setting(name: &str, default: u64) -> u64 {
    let written = std::env::var(name).ok();
    written
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

/// A die of its own for each case, so that one can be repeated.
fn rng_of(seed: u64, place: u64) -> TestRng {
    let mixed =
        (seed ^ place.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    TestRng(mixed ^ (mixed >> 29))
}

/// Tries a law; what breaks it, in its smallest form, each way only once.
fn violations(law: &Law, cases: u64, seed: u64, counts: &mut BTreeMap<String, u64>) -> String {
    let mut report = String::new();
    let mut found = 0;
    for place in 0..cases {
        let mut rng = rng_of(seed, place);
        let mut case = policies::case(&mut rng);
        if (law.draw)(&mut case, &mut rng).is_none() {
            continue;
        }
        let Some((changed, relation)) = (law.change)(&case) else {
            continue;
        };
        let (before, after) = (decide(&case), decide(&changed));
        *counts.entry(format!("{before:?}")).or_default() += 1;
        *counts.entry(format!("{after:?}")).or_default() += 1;
        if relation.holds(before, after) {
            continue;
        }
        let smallest = shrink::shrunk(&case, |case| broken(law, case).is_some());
        let Some((before, after, changed)) = broken(law, &smallest) else {
            continue;
        };
        let _ = writeln!(
            report,
            "case {place}: {before:?}, then {after:?}\n  {smallest}\n  {changed}"
        );
        found += 1;
        if found == 5 {
            break;
        }
    }
    report
}

/// Tries a law on as many cases as are asked for.
#[expect(clippy::print_stderr, reason = "the figures of a long run")]
fn try_law(law: &Law) {
    let (cases, seed) = (setting("LAWS_CASES", 250), setting("LAWS_SEED", 17));
    let mut counts = BTreeMap::new();
    let report = violations(law, cases, seed, &mut counts);
    eprintln!("{}: {counts:?}", law.says);
    assert!(report.is_empty(), "{}:\n{report}", law.says);
    let tried: u64 = counts.values().sum();
    assert!(tried * 20 >= cases, "{}: {tried} decisions only", law.says);
}
