//! No file of the library needs another one that needs it.
//!
//! The file of a folder, which lists what is in it, is no party to a circle with those files; what it
//! hands on from one of them counts as that one's.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use regex::Regex;

use super::code::{SourceFile, absolute, files, paths, uses};

/// The files that are left of circles, each circle with the reason why it is there. The list only shrinks.
const CIRCLES: &[(&[&str], &str)] = &[];

/// The files of the library, and how names lead from one to another.
struct Modules {
    files: Vec<&'static SourceFile>,
    uses: Vec<BTreeMap<String, Vec<String>>>,
    by_module: BTreeMap<Vec<String>, usize>,
}

impl Modules {
    fn new() -> Self {
        let mut files: Vec<&SourceFile> = files().iter().collect();
        files.retain(|file| !["main.rs", "lib.rs"].contains(&&*file.name));
        let by_module = files.iter().enumerate();
        let by_module = by_module
            .map(|(index, file)| (file.module.clone(), index))
            .collect();
        let uses = files.iter().map(|file| uses(file)).collect();
        Modules {
            files,
            uses,
            by_module,
        }
    }

    /// The file in which the thing of a path from the crate's root stands.
    fn defining(&self, path: &[String], depth: usize) -> Option<usize> {
        let ["crate", path @ ..] = &*path.iter().map(String::as_str).collect::<Vec<_>>() else {
            return None;
        };
        let owned = |path: &[&str]| {
            path.iter()
                .map(|part| (*part).to_owned())
                .collect::<Vec<_>>()
        };
        let lengths = (1..=path.len()).rev();
        let (length, file) = lengths
            .into_iter()
            .find_map(|length| Some((length, *self.by_module.get(&owned(&path[..length]))?)))?;
        let handed_on = path.get(length).and_then(|name| self.uses[file].get(*name));
        match handed_on {
            Some(target) if depth < 8 => {
                let whole = [&target[..], &owned(&path[length + 1..])].concat();
                self.defining(&whole, depth + 1)
            }
            _ => Some(file),
        }
    }

    /// A path as a file writes it, from the crate's root.
    fn resolved(&self, index: usize, path: &[String]) -> Vec<String> {
        let file = &self.files[index];
        let first = &path[0];
        if let Some(bound) = self.uses[index].get(first) {
            return [&bound[..], &path[1..]].concat();
        }
        let child = [&file.module[..], std::slice::from_ref(first)].concat();
        if self.by_module.contains_key(&child) {
            return [&["crate".to_owned()], &child[..], &path[1..]].concat();
        }
        absolute(file, &path.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// The files that each file needs.
    fn needs(&self) -> Vec<BTreeSet<usize>> {
        let mut needs: Vec<BTreeSet<usize>> = (0..self.files.len())
            .map(|index| self.named(index))
            .collect();
        for (from, to) in self.extended() {
            needs[from].insert(to);
        }
        for (index, needed) in needs.iter_mut().enumerate() {
            needed.remove(&index);
            let own = &self.files[index];
            needed.retain(|other| {
                !(own.is_mod() && self.files[*other].module.starts_with(&own.module))
            });
        }
        needs
    }

    /// The files that a file names by its imports and paths.
    fn named(&self, index: usize) -> BTreeSet<usize> {
        let imported = self.uses[index].values().cloned();
        let written = paths(self.files[index]).into_iter();
        let written = written.map(|path| self.resolved(index, &path));
        imported
            .chain(written)
            .filter_map(|path| self.defining(&path, 0))
            .collect()
    }

    /// Files that call methods which another file adds to a type: the caller, and the other file. Looked
    /// for where the type is defined, and where more is added to it.
    fn extended(&self) -> Vec<(usize, usize)> {
        let head = Regex::new(r"(?m)^impl(?:<[^>]*>)? (\w+)(?:<[^{]*>)? \{$").unwrap();
        let mut parts: BTreeMap<(usize, String), BTreeMap<usize, String>> = BTreeMap::new();
        for (index, file) in self.files.iter().enumerate() {
            for found in head.captures_iter(&file.bare) {
                let end = found.get(0).unwrap().end();
                let (body, _) = file.bare[end..].split_once("\n}").unwrap();
                let path = self.resolved(index, &[found[1].to_owned()]);
                let home = self.defining(&path, 0).unwrap_or(index);
                let of_type = parts.entry((home, found[1].to_owned())).or_default();
                *of_type.entry(index).or_default() += body;
            }
        }
        let method = Regex::new(r"\bfn (\w+)").unwrap();
        let mut pairs = Vec::new();
        for ((home, _), bodies) in parts {
            for (own, body) in &bodies {
                let called = method
                    .captures_iter(body)
                    .map(|found| format!(".{}(", &found[1]));
                let called: Vec<String> = called.collect();
                let callers = bodies.keys().chain([&home]);
                let callers = callers.filter(|caller| {
                    called
                        .iter()
                        .any(|call| self.files[**caller].bare.contains(call))
                });
                pairs.extend(callers.map(|caller| (*caller, *own)));
            }
        }
        pairs
    }
}

/// The files that can be reached from one along what files need.
fn reachable(needs: &[BTreeSet<usize>], from: usize) -> BTreeSet<usize> {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(index) = open.pop() {
        let new = needs[index].iter().filter(|next| seen.insert(**next));
        open.extend(new.copied().collect::<Vec<_>>());
    }
    seen
}

fn circles(modules: &Modules) -> BTreeSet<Vec<&str>> {
    let needs = modules.needs();
    let reach: Vec<BTreeSet<usize>> = (0..needs.len())
        .map(|index| reachable(&needs, index))
        .collect();
    let circular = (0..needs.len()).filter(|index| reach[*index].contains(index));
    circular
        .map(|index| {
            let others = reach[index]
                .iter()
                .filter(|other| reach[**other].contains(&index));
            others.map(|other| &*modules.files[*other].name).collect()
        })
        .collect()
}

#[test]
fn no_files_need_each_other() {
    let modules = Modules::new();
    let found = circles(&modules);
    let needs = modules.needs();
    let is_of = |circle: &[&str], listed: &[&str]| circle.iter().all(|file| listed.contains(file));
    let mut new = String::new();
    for circle in &found {
        if CIRCLES.iter().any(|(listed, _)| is_of(circle, listed)) {
            continue;
        }
        for (index, file) in modules.files.iter().enumerate() {
            let others = needs[index]
                .iter()
                .map(|other| &*modules.files[*other].name);
            let others: Vec<&str> = others.filter(|other| circle.contains(other)).collect();
            if circle.contains(&&*file.name) {
                writeln!(new, "{} needs {}", file.name, others.join(", ")).unwrap();
            }
        }
    }
    assert!(new.is_empty(), "these files need each other:\n{new}");
    for (listed, _) in CIRCLES {
        let is_there = found.iter().any(|circle| is_of(circle, listed));
        assert!(
            is_there,
            "this circle is gone, take it from the list: {listed:?}"
        );
    }
}
