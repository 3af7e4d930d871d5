//! JSONPaths that start at the root, at the current match, or at an earlier one.

use crate::syntax::{Fields, Node, Selector, Text};

/// One match of a selector: the node, and the name of the member that holds it where the selector
/// ends in `.*`.
pub(super) type Match<'n> = (&'n Node, Option<&'n str>);

/// A JSONPath that starts at the document's root (`$`), at the current match (`@`), or at the match
/// of an earlier selector (`@0`); `@0~` is the name of the member that holds that match.
#[derive(Debug)]
pub(super) struct RelativePath {
    start: Start,
    path: Selector,
    is_member_name: bool,
}

#[derive(Clone, Copy, Debug)]
enum Start {
    Root,
    Current,
    Earlier(usize),
}

impl RelativePath {
    /// Decodes a single path of a member; an error becomes a problem.
    pub(super) fn decode(
        written: &str,
        fields: &mut Fields<'_, '_>,
        name: &'static str,
    ) -> Option<Self> {
        Self::parse(written)
            .map_err(|error| fields.wrong(name, error))
            .ok()
    }

    /// Decodes a path, or a list of paths of which the first with a value counts.
    pub(super) fn decode_all(
        node: &Node,
        fields: &mut Fields<'_, '_>,
        name: &'static str,
    ) -> Vec<Self> {
        node.each()
            .iter()
            .filter_map(|item| Self::decode(item.as_str()?, fields, name))
            .collect()
    }

    fn parse(written: &str) -> Result<Self, String> {
        let (start, path) = match written.strip_prefix('@') {
            None => (Start::Root, written.to_owned()),
            Some(rest) => {
                let digits = rest
                    .find(|c: char| !c.is_ascii_digit())
                    .unwrap_or(rest.len());
                let (index, path) = rest.split_at(digits);
                let start = index.parse().map_or(Start::Current, Start::Earlier);
                (start, format!("${path}"))
            }
        };
        let is_member_name = path == "$~";
        let path = Selector::parse(path.trim_end_matches('~')).map_err(|e| e.to_string())?;
        Ok(RelativePath {
            start,
            path,
            is_member_name,
        })
    }

    /// The path without its start, where it starts at the root.
    pub(super) fn relative_to_root(&self) -> Option<&str> {
        self.path.as_str().strip_prefix("$.")
    }

    /// The first node that the path selects.
    pub(super) fn find<'n>(&self, root: &'n Node, matches: &[Match<'n>]) -> Option<&'n Node> {
        let (start, _) = self.start_of(root, matches)?;
        self.path.first(start)
    }

    /// The string that the path selects, or the member name that it stands for.
    pub(super) fn text<'n>(&self, root: &'n Node, matches: &[Match<'n>]) -> Option<Text> {
        match self.is_member_name {
            true => self.start_of(root, matches)?.1.map(Text::from),
            false => {
                let node = self.find(root, matches)?;
                let of_bool = || node.as_bool().map(|value| Text::from(value.to_string()));
                node.as_text().cloned().or_else(of_bool)
            }
        }
    }

    fn start_of<'n>(&self, root: &'n Node, matches: &[Match<'n>]) -> Option<Match<'n>> {
        match self.start {
            Start::Root => Some((root, None)),
            Start::Current => matches.last().copied(),
            Start::Earlier(index) => matches.get(index).copied(),
        }
    }
}

/// The matches of a selector; those of one that ends in all members of an object, with their names.
pub(super) fn matches_of<'n>(path: &Selector, from: &'n Node) -> Vec<Match<'n>> {
    let object = path.as_str().strip_suffix(".*").map(Selector::parse);
    let object = match object {
        Some(Ok(object)) => object.first(from),
        _ => None,
    };
    match object.filter(|object| object.is_object()) {
        Some(object) => {
            let members = object.members().iter();
            let named = members.map(|member| (&member.value, Some(&*member.key.text)));
            named.collect()
        }
        None => path
            .select(from)
            .into_iter()
            .map(|node| (node, None))
            .collect(),
    }
}

/// Decodes the JSONPaths of a list; an error becomes a problem.
pub(super) fn selectors(fields: &mut Fields<'_, '_>, name: &'static str) -> Vec<Selector> {
    let mut selectors = Vec::new();
    for path in fields.texts(name) {
        match Selector::parse(&path) {
            Ok(selector) => selectors.push(selector),
            Err(error) => fields.wrong(name, error.to_string()),
        }
    }
    selectors
}
