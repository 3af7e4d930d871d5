//! TOML text to nodes, with the places that the package gives.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::documents::on_characters;
use super::{Documents, Key, Kind, Member, Node, SyntaxError};
use crate::source::{FileId, Span};

/// Reads a text; a broken one gives nothing but the mistake in it.
#[must_use]
pub fn read(file: FileId, text: &str) -> Documents {
    match DeTable::parse(text) {
        Ok(table) => Documents {
            roots: vec![object(file, table.get_ref(), &table.span())],
            errors: Vec::new(),
        },
        Err(error) => Documents {
            roots: Vec::new(),
            errors: vec![SyntaxError {
                span: span(file, &on_characters(text, error.span().unwrap_or(0..0))),
                message: format!("invalid TOML: {}", error.message()),
                help: None,
                opened: None,
            }],
        },
    }
}

fn object(file: FileId, table: &DeTable<'_>, place: &Range<usize>) -> Node {
    let members = table.iter().map(|(key, value)| Member {
        key: Key {
            text: key.get_ref().as_ref().into(),
            span: span(file, &key.span()),
        },
        value: node(file, value.get_ref(), &value.span()),
    });
    let members: Vec<Member> = members.collect();
    Node::new(Kind::Object(members.into()), span(file, place))
}

fn node(file: FileId, value: &DeValue<'_>, place: &Range<usize>) -> Node {
    let kind = match value {
        DeValue::String(text) => Kind::Text(text.as_ref().into()),
        DeValue::Integer(number) => Kind::Number(number.as_str().into()),
        DeValue::Float(number) => Kind::Number(number.as_str().into()),
        DeValue::Boolean(value) => Kind::Bool(*value),
        DeValue::Datetime(time) => Kind::Text(time.to_string().as_str().into()),
        DeValue::Array(items) => {
            let items = items.iter();
            let items = items.map(|item| node(file, item.get_ref(), &item.span()));
            Kind::Array(items.collect::<Vec<Node>>().into())
        }
        DeValue::Table(table) => return object(file, table, place),
    };
    Node::new(kind, span(file, place))
}

fn span(file: FileId, place: &Range<usize>) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(file, offset(place.start), offset(place.end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_places() {
        let text = "[a.b]\nc = \"d\" # e\nf = [1, true]\n";
        let documents = read(FileId::NOWHERE, text);
        let [root] = documents.roots.as_slice() else {
            panic!("{documents:?}");
        };
        let value = root.at(&["a", "b", "c"]).unwrap();
        assert_eq!(value.as_str(), Some("d"));
        let place = value.span.start as usize..value.span.end as usize;
        assert_eq!(text.get(place), Some("\"d\""));
        assert_eq!(root.at(&["a", "b", "f"]).unwrap().items().len(), 2);
    }

    #[test]
    fn a_mistake_has_a_place() {
        let documents = read(FileId::NOWHERE, "a = 1\nb =\n");
        assert_eq!(documents.errors.len(), 1);
        assert!(documents.errors[0].span.start >= 6, "{documents:?}");
    }
}
