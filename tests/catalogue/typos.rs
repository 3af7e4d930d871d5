//! What was meant by a misspelt action.

use lint_lambda::catalogue::Catalogue;
use lint_lambda::source::SourceMap;

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

/// An action with one slip of the finger in it.
fn misspelt(action: &str, numbers: &mut Numbers) -> String {
    let mut letters: Vec<char> = action.chars().collect();
    let colon = action.find(':').unwrap();
    let name = colon + 1 + numbers.below(letters.len() - colon - 1);
    match numbers.below(5) {
        0 if name + 1 < letters.len() => letters.swap(name, name + 1),
        0 | 1 => drop(letters.remove(name)),
        2 => letters.insert(name, letters[name]),
        3 => letters[colon] = ['.', ';', '/', '-', ' '][numbers.below(5)],
        _ => {
            let letter = (b'a' + numbers.below(26) as u8) as char;
            letters[numbers.below(colon)] = letter;
        }
    }
    letters.into_iter().collect()
}

#[test]
fn a_slip_of_the_finger_is_seen_through() {
    let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
    let actions = &catalogue.actions;
    let mut numbers = Numbers(2026);
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
