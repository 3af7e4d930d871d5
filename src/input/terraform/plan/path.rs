//! The way to a value in an instance.

use crate::syntax::Node;

/// Where a value is in an instance.
pub(super) enum Path<'o> {
    Top,
    Member(&'o Path<'o>, &'o str),
    Item(&'o Path<'o>, usize),
}

impl<'o> Path<'o> {
    /// The names of the attributes that lead to it.
    pub(super) fn names(&self) -> Vec<&'o str> {
        match self {
            Path::Top => Vec::new(),
            Path::Item(outer, _) => outer.names(),
            Path::Member(outer, name) => {
                let mut names = outer.names();
                names.push(name);
                names
            }
        }
    }

    /// How many blocks, attributes and elements lead to the value.
    pub(super) fn depth(&self) -> usize {
        match self {
            Path::Top => 0,
            Path::Item(outer, _) | Path::Member(outer, _) => outer.depth() + 1,
        }
    }

    /// The address with the way to the value.
    pub(super) fn shown(&self, address: &str) -> String {
        match self {
            Path::Top => address.to_owned(),
            Path::Item(outer, index) => format!("{}[{index}]", outer.shown(address)),
            Path::Member(outer, name) => format!("{}.{name}", outer.shown(address)),
        }
    }

    pub(super) fn is_top(&self) -> bool {
        matches!(self, Path::Top)
    }

    /// The blocks of an instance that the value is in, the innermost first.
    pub(super) fn blocks<'n>(&self, values: &'n Node) -> Vec<&'n Node> {
        let mut blocks = Vec::new();
        let mut path = self;
        while let Path::Item(outer, _) | Path::Member(outer, _) = path {
            blocks.extend(outer.find(values).filter(|node| node.is_object()));
            path = outer;
        }
        blocks
    }

    fn find<'n>(&self, values: &'n Node) -> Option<&'n Node> {
        match self {
            Path::Top => Some(values),
            Path::Item(outer, index) => outer.find(values)?.items().get(*index),
            Path::Member(outer, name) => outer.find(values)?.get(name),
        }
    }
}
