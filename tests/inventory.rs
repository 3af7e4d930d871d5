//! The inventory has no member that its shape does not name.

use std::fs;
use std::path::{Path, PathBuf};

use lint_lambda::analyze;
use lint_lambda::unstable::catalogue::Catalogue;
use lint_lambda::unstable::input::{Hints, Input, Scope};
use lint_lambda::unstable::model::{Inventory, inventory_shape, unlisted};
use lint_lambda::unstable::source::SourceMap;

use crate::program::root;

/// The documents in a folder, and the folders in it.
fn contents(folder: &Path) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let entries = fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let (folders, files) = paths.into_iter().partition(|path| path.is_dir());
    let is_document = |path: &PathBuf| {
        let ending = path.extension().and_then(|ending| ending.to_str());
        matches!(ending, Some("json" | "yaml" | "yml" | "template"))
    };
    let documents = Vec::into_iter(files).filter(is_document).collect();
    (documents, folders)
}

/// Checks the inventories of the first context and of every branch.
fn check(files: &[PathBuf], catalogue: &Catalogue) -> usize {
    let mut sources = SourceMap::default();
    let inputs: Vec<Input> = files
        .iter()
        .map(|path| {
            let name = path.to_string_lossy();
            let file = sources.add(&name, &fs::read_to_string(path).unwrap());
            Input {
                file: file.unwrap(),
                scope: Scope::new([".", &name]).by_hand(),
                named: false,
                role: lint_lambda::InputRole::Checked,
            }
        })
        .collect();
    let analysis = analyze(&mut sources, &inputs, &Hints::default(), catalogue);
    let branches = analysis.branches.iter().map(|branch| &branch.inventory);
    for Inventory { root, .. } in branches.chain([&analysis.inventory]) {
        assert_eq!(unlisted(root, inventory_shape()), None, "{files:?}");
    }
    analysis.functions()
}

/// Checks the documents of a folder together and one by one; returns how many functions they have.
fn check_folder(folder: &Path, catalogue: &Catalogue) -> usize {
    let (files, folders) = contents(folder);
    let each = files
        .iter()
        .map(|file| check(std::slice::from_ref(file), catalogue));
    let alone: usize = each.sum();
    let inner = folders.iter().map(|folder| check_folder(folder, catalogue));
    check(&files, catalogue) + alone + inner.sum::<usize>()
}

#[test]
fn every_member_stands_in_the_shape() {
    let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
    let folders = ["policies-samples", "tests/fixtures"].into_iter();
    let counts = folders.map(|folder| check_folder(&root().join(folder), &catalogue));
    let functions: usize = counts.sum();
    assert!(functions > 500, "{functions} functions");
}
