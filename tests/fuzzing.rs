//! The targets of `fuzz`, over their seeds and a fixed number of mutations of them: the same ones each time.

use std::fs;
use std::path::{Path, PathBuf};

use crate::fuzz_targets::{TARGETS, target};
use crate::program::root;
use crate::test_rng::TestRng;

/// How many mutations each target is given, where another number is not written below.
const MUTATIONS: usize = 2_000;

/// Targets that judge what they read, which costs more, with the mutations that they are given.
const COSTLY: [(&str, usize); 10] = [
    ("catalogue", 20),
    ("explain", 300),
    ("fixes", 60),
    ("lint", 150),
    ("plan", 100),
    ("reports", 60),
    ("serverless", 100),
    ("suppressions", 100),
    ("template", 100),
    ("terraform", 100),
];

/// What stands in inputs of all kinds, and is put into mutations.
const WORDS: [&str; 24] = [
    "{", "}", "[", "]", "\"", "\\", "${", "*", "?", ":", ",", "\n", "\r", "\u{1b}", "\u{feff}",
    "é", "null", "-0", "1e999", "!Sub ", "Ref", "&a ", "*a", "arn:aws:",
];

/// The bytes of the seeds of a target, by name.
fn seeds(name: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = root().join("fuzz/seeds").join(name);
    let mut paths: Vec<PathBuf> = match fs::read_dir(&folder) {
        Ok(entries) => entries.map(|entry| entry.unwrap().path()).collect(),
        Err(_) => panic!("{name} has no seeds"),
    };
    paths.sort();
    let read = |path: PathBuf| {
        let bytes = fs::read(&path).unwrap();
        (path, bytes)
    };
    paths.into_iter().map(read).collect()
}

/// One of the changes that fuzzers make.
fn mutated(rng: &mut TestRng, one: &[u8], other: &[u8]) -> Vec<u8> {
    let mut bytes = one.to_vec();
    for _ in 0..=rng.roll(3) {
        let at = rng.roll(bytes.len() + 1);
        let end = at + rng.roll((bytes.len() - at).min(40) + 1);
        match rng.roll(7) {
            0 => drop(bytes.drain(at..end)),
            1 => {
                let part = bytes[at..end].to_vec();
                let times = if rng.roll(10) == 0 { 200 } else { 1 };
                bytes.splice(at..at, part.repeat(times));
            }
            2 => {
                let word = WORDS[rng.roll(WORDS.len())];
                bytes.splice(at..end.min(at + rng.roll(3)), word.bytes());
            }
            3 => {
                let from = rng.roll(other.len() + 1);
                let to = from + rng.roll((other.len() - from).min(200) + 1);
                bytes.splice(at..end, other[from..to].iter().copied());
            }
            4 => bytes.truncate(at),
            5 if at < bytes.len() => bytes[at] ^= 1 << rng.roll(8),
            _ if at < bytes.len() => bytes[at] = u8::try_from(rng.roll(128)).unwrap_or(0),
            _ => {}
        }
    }
    bytes
}

/// Runs a target over its seeds and their mutations. What it fails on is kept, so that it can be run again.
fn fuzz(name: &str) {
    let run = target(name).unwrap();
    let seeds = seeds(name);
    for (path, bytes) in &seeds {
        guarded(run, bytes, path);
    }
    let costly = COSTLY.iter().find(|(known, _)| *known == name);
    let mut rng = TestRng(20);
    for number in 0..costly.map_or(MUTATIONS, |(_, count)| *count) {
        let [one, other] = [0, 0].map(|_| &seeds[rng.roll(seeds.len())].1);
        let bytes = mutated(&mut rng, one, other);
        guarded(
            run,
            &bytes,
            Path::new(&format!("mutation {number} of {name}")),
        );
    }
}

fn guarded(run: fn(&[u8]), bytes: &[u8], what: &Path) {
    let ended = std::panic::catch_unwind(|| run(bytes));
    assert!(
        ended.is_ok(),
        "{}: {:?}",
        what.display(),
        String::from_utf8_lossy(bytes)
    );
}

#[test]
fn every_target_has_seeds_and_every_seed_a_target() {
    let entries = fs::read_dir(root().join("fuzz/seeds")).unwrap();
    let mut folders: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    folders.sort();
    let names: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
    assert_eq!(folders, names);
}

/// A test for each target.
macro_rules! targets {
    ($($name:ident)*) => {$(
        #[test]
        fn $name() {
            fuzz(stringify!($name));
        }
    )*

        #[test]
        fn every_target_is_run() {
            let names: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
            assert_eq!(names, [$(stringify!($name)),*]);
        }
    };
}

targets! {
    authorize baseline catalogue configuration content explain fixes hcl json lint metrics pack parameters
    pattern plan query reports selector serverless simulate suppressions template terraform yaml
}
