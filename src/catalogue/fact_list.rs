//! A list of facts, decoded when it is first needed.

use std::ops::Deref;
use std::slice;
use std::sync::OnceLock;

use super::decode::each;
use crate::diagnostics::Problem;
use crate::source::FileId;
use crate::syntax::{Fields, Node, json};

/// A list of one of the files, as the build script lays them out.
struct EmbeddedList {
    file: &'static str,
    member: &'static str,
    /// The list, as JSON.
    list: &'static str,
}

static EMBEDDED: &[EmbeddedList] = &include!(concat!(env!("OUT_DIR"), "/facts.rs"));

/// Reads an entry of a list.
type Decode<T> = fn(&Node, &mut Vec<Problem>) -> Option<T>;

/// The entries of one kind in all files of the catalogue.
#[derive(Debug)]
pub struct FactList<T> {
    member: &'static str,
    decode: Option<Decode<T>>,
    /// The embedded files that the user replaces.
    replaced: Vec<String>,
    entries: OnceLock<Vec<T>>,
}

impl<T> Default for FactList<T> {
    fn default() -> Self {
        FactList {
            member: "",
            decode: None,
            replaced: Vec::new(),
            entries: OnceLock::new(),
        }
    }
}

impl<T> FactList<T> {
    /// The lists of a member in the embedded files, but not in those that are replaced.
    pub(super) fn embedded(member: &'static str, decode: Decode<T>, replaced: &[String]) -> Self {
        FactList {
            member,
            decode: Some(decode),
            replaced: replaced.to_vec(),
            entries: OnceLock::new(),
        }
    }

    /// Adds the entries of a user's file behind the embedded ones.
    pub(super) fn add(&mut self, fields: &mut Fields<'_, '_>) {
        let items = fields.list(self.member);
        self.add_items(items, fields.problems());
    }

    /// Adds what a file can have only one of.
    pub(super) fn add_one(&mut self, fields: &mut Fields<'_, '_>) {
        let item = fields.optional(self.member);
        self.add_items(item.map_or(&[], slice::from_ref), fields.problems());
    }

    fn add_items(&mut self, items: &[Node], problems: &mut Vec<Problem>) {
        let Some(decode) = self.decode.filter(|_| !items.is_empty()) else {
            return;
        };
        self.entries();
        if let Some(entries) = self.entries.get_mut() {
            entries.extend(each(items, problems, decode));
        }
    }

    /// Whether the list has been decoded.
    pub(super) fn is_decoded(&self) -> bool {
        self.entries.get().is_some()
    }

    fn entries(&self) -> &[T] {
        self.entries.get_or_init(|| self.read())
    }

    /// Decodes the lists of the embedded files, which tests have checked.
    fn read(&self) -> Vec<T> {
        let Some(decode) = self.decode else {
            return Vec::new();
        };
        let lists = EMBEDDED.iter().filter(|list| list.member == self.member);
        let lists = lists.filter(|list| !self.replaced.iter().any(|file| file == list.file));
        let read = |list: &EmbeddedList| {
            let documents = json::read(FileId::NOWHERE, list.list);
            let items = documents.roots.first().map_or(&[][..], Node::items);
            each(items, &mut Vec::new(), decode)
        };
        lists.flat_map(read).collect()
    }
}

impl<T> Deref for FactList<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.entries()
    }
}

impl<'f, T> IntoIterator for &'f FactList<T> {
    type Item = &'f T;
    type IntoIter = slice::Iter<'f, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries().iter()
    }
}
