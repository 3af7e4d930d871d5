//! The files of the catalogue as they are in the repository.

use std::fs;

use serde_json::Value;

use crate::program::root;

pub(super) fn read(name: &str) -> Value {
    let path = root().join("rules/catalogue").join(name);
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

pub(super) fn items(node: &Value) -> impl Iterator<Item = &Value> {
    node.as_array().into_iter().flatten()
}

pub(super) fn texts(node: &Value) -> Vec<String> {
    items(node).map(text).collect()
}

pub(super) fn text(node: &Value) -> String {
    node.as_str()
        .unwrap_or_else(|| panic!("{node} is no text"))
        .to_owned()
}
