//! What was meant by a misspelt action.

use crate::test_rng::TestRng;
use lint_lambda::unstable::catalogue::Catalogue;
use lint_lambda::unstable::source::SourceMap;

/// An action with one slip of the finger in it.
fn misspelt(action: &str, numbers: &mut TestRng) -> String {
    let mut letters: Vec<char> = action.chars().collect();
    let colon = action.find(':').unwrap();
    let name = colon + 1 + numbers.roll(letters.len() - colon - 1);
    match numbers.roll(5) {
        0 if name + 1 < letters.len() => letters.swap(name, name + 1),
        0 | 1 => drop(letters.remove(name)),
        2 => letters.insert(name, letters[name]),
        3 => letters[colon] = ['.', ';', '/', '-', ' '][numbers.roll(5)],
        _ => {
            let letter = (b'a' + numbers.roll(26) as u8) as char;
            letters[numbers.roll(colon)] = letter;
        }
    }
    letters.into_iter().collect()
}

#[test]
fn a_slip_of_the_finger_is_seen_through() {
    let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
    let actions = &catalogue.actions;
    let mut numbers = TestRng(2026);
    let (mut tried, mut missed) = (0, Vec::new());
    for action in actions
        .table
        .services()
        .flat_map(|service| service.actions())
    {
        let meant = action.full_name();
        let written = misspelt(&meant, &mut numbers);
        if actions.table.action(&written).is_some() {
            continue;
        }
        tried += 1;
        let told = actions.naming(&written);
        if told.meant() != Some(&meant) {
            missed.push(format!("{written}: {:?} instead of {meant}", told.meant()));
        }
    }
    let found = tried - missed.len();
    let enough = tried > 20_000 && found * 100 >= tried * 97;
    assert!(enough, "{found} of {tried}, not {missed:#?}");
}
