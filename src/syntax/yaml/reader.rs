//! The reader: from events to nodes.

use std::ops::Range;
use std::sync::Arc;

use super::anchors::{Anchors, NoValue};
use super::events::{Event, Events, Opening, Properties, Read, Scalar, TagName};
use super::merge::Members;
use super::value::{Extent, Value};
use super::{Tag, Tags, scalar};
use crate::source::FileId;
use crate::syntax::{Key, Kind, MAX_DEPTH, Member, Node, SyntaxError, Text};

/// The name before a colon.
enum Name {
    Member(Key),
    /// `<<`.
    Merge,
}

pub(super) struct Reader<'t, 'h> {
    events: Events<'t>,
    tags: Tags<'h>,
    anchors: Anchors,
    depth: usize,
}

impl<'t, 'h> Reader<'t, 'h> {
    pub(super) fn new(file: FileId, text: &'t str, tags: Tags<'h>) -> Self {
        Reader {
            events: Events::new(file, text),
            tags,
            anchors: Anchors::new(),
            depth: 0,
        }
    }

    /// The next document that holds something, or nothing at the end of the text.
    pub(super) fn next_document(&mut self) -> Read<Option<Node>> {
        let mut root = None;
        loop {
            match self.events.next()? {
                Event::StreamEnd => return Ok(None),
                Event::DocumentStart => self.anchors.forget(),
                // Only now is it known that nothing else follows.
                Event::DocumentEnd if root.is_some() => return Ok(root),
                Event::DocumentEnd => {}
                event => {
                    let value = self.value(event)?.node;
                    let holds_nothing = value.is_null() && value.span.range().is_empty();
                    root = (!holds_nothing).then_some(value);
                }
            }
        }
    }

    fn value(&mut self, event: Event<'t>) -> Read<Value> {
        match event {
            Event::Scalar(scalar) => self.scalar(scalar),
            Event::Alias { id, range } => self.alias(id, range),
            Event::ListStart(opening) => self.nested(opening, Self::list),
            Event::ObjectStart(opening) => self.nested(opening, Self::object),
            // The parser closes what it opens; this is for its bugs.
            _ => Err(self.error(0..0, "unexpected end of the document")),
        }
    }

    fn scalar(&mut self, scalar: Scalar<'t>) -> Read<Value> {
        let text = &*scalar.text;
        let kind = match &scalar.properties.tag {
            None | Some((TagName::Other, _)) if scalar.plain => scalar::resolve(text),
            Some((TagName::Core(core), place)) => match scalar::tagged(text, core) {
                Some(kind) => kind,
                None => {
                    let start: String = text.chars().take(30).collect();
                    let message = format!("`{start}` is not a valid value of type `!!{core}`");
                    return Err(self.error(place.start..scalar.range.end, message));
                }
            },
            _ => Kind::Text(text.into()),
        };
        let value = Value {
            node: Node::new(kind, self.events.span(scalar.range.clone())),
            end: scalar.range.end,
            size: 1,
            height: 0,
        };
        Ok(self.with_properties(value, scalar.properties))
    }

    fn alias(&mut self, id: usize, range: Range<usize>) -> Read<Value> {
        let value = self.anchors.value(id).map_err(|why| {
            let message = match why {
                NoValue::Endless => "this alias refers to a value that contains it",
                NoValue::TooLarge => "YAML aliases expand to too many values",
            };
            self.error(range.clone(), message)
        })?;
        if self.depth + value.height > MAX_DEPTH {
            return Err(self.too_deep(range));
        }
        let end = range.end;
        Ok(Value { end, ..value })
    }

    /// Reads a list or object whose beginning was read.
    fn nested(
        &mut self,
        opening: Opening,
        inside: impl FnOnce(&mut Self, usize) -> Read<Value>,
    ) -> Read<Value> {
        // What a tag makes of the value is one level deeper.
        let levels = 1 + usize::from(opening.properties.is_local());
        if self.depth + levels > MAX_DEPTH {
            return Err(self.too_deep(opening.start..opening.start + 1));
        }
        self.depth += levels;
        let value = inside(self, opening.start)?;
        self.depth -= levels;
        Ok(self.with_properties(value, opening.properties))
    }

    fn list(&mut self, start: usize) -> Read<Value> {
        let mut items = Vec::new();
        let mut extent = Extent::new(start);
        loop {
            let event = self.events.next()?;
            if let Event::End(bracket) = event {
                return Ok(self.finished(Kind::Array(Arc::new(items)), extent, bracket));
            }
            let item = self.value(event)?;
            extent.add(&item);
            items.push(item.node);
        }
    }

    fn object(&mut self, start: usize) -> Read<Value> {
        let mut members = Members::new();
        let mut extent = Extent::new(start);
        loop {
            let event = self.events.next()?;
            if let Event::End(bracket) = event {
                return Ok(self.finished(members.finish(), extent, bracket));
            }
            let name = self.name(event)?;
            let event = self.events.next()?;
            let value = self.value(event)?;
            extent.add(&value);
            match name {
                Name::Member(key) => members.add(Member {
                    key,
                    value: value.node,
                }),
                Name::Merge => members.take(&value.node).map_err(|odd| {
                    let message = format!("`<<` requires an object, not {}", odd.kind_name());
                    self.error(odd.span.range(), message)
                })?,
            }
        }
    }

    fn finished(&self, kind: Kind, extent: Extent, bracket: Option<usize>) -> Value {
        let end = bracket.unwrap_or(extent.end);
        Value {
            node: Node::new(kind, self.events.span(extent.start..end)),
            end,
            size: extent.size,
            height: extent.height,
        }
    }

    fn name(&mut self, event: Event<'t>) -> Read<Name> {
        let (text, range) = match event {
            Event::Scalar(key) => {
                let bare = key.plain && key.properties.tag.is_none();
                if bare && key.text == "<<" {
                    return Ok(Name::Merge);
                }
                if bare && scalar::resolve(&key.text) == Kind::Null {
                    let mut error = self.error(key.range, "a key cannot be null");
                    error.help = Some("put the key in quotes if it is meant to be a string");
                    return Err(error);
                }
                let text: Arc<str> = Arc::from(&*key.text);
                let range = key.range.clone();
                self.scalar(key)?;
                (text, range)
            }
            Event::Alias { id, range } => {
                let value = self.alias(id, range.clone())?;
                let Some(text) = text_of(&value.node) else {
                    return Err(self.bad_key(range, &value.node));
                };
                (text, range)
            }
            other => {
                let value = self.value(other)?;
                return Err(self.bad_key(value.node.span.range(), &value.node));
            }
        };
        let span = self.events.span(range);
        Ok(Name::Member(Key { text, span }))
    }

    /// Gives the value what its tag makes of it, and its name.
    fn with_properties(&mut self, value: Value, properties: Properties) -> Value {
        let value = match properties.tag {
            Some((TagName::Local(name), place)) => {
                let span = self.events.span(place.clone());
                let tag = Tag { name: &name, span };
                Value {
                    node: (self.tags)(tag, value.node),
                    end: value.end.max(place.end),
                    size: value.size + 1,
                    height: value.height + 1,
                }
            }
            _ => value,
        };
        if let Some(id) = properties.anchor {
            self.anchors.name(id, &value);
        }
        value
    }

    fn bad_key(&self, range: Range<usize>, key: &Node) -> Box<SyntaxError> {
        let message = format!("a key must be a string, not {}", key.kind_name());
        let mut error = self.error(range, message);
        error.help = Some("put a string that begins with `{` or `[` in quotes");
        error
    }

    fn too_deep(&self, range: Range<usize>) -> Box<SyntaxError> {
        self.error(range, format!("nested more than {MAX_DEPTH} levels deep"))
    }

    fn error(&self, range: Range<usize>, message: impl Into<String>) -> Box<SyntaxError> {
        Box::new(SyntaxError {
            span: self.events.span(range),
            message: message.into(),
            help: None,
            opened: None,
        })
    }
}

impl Properties {
    fn is_local(&self) -> bool {
        matches!(self.tag, Some((TagName::Local(_), _)))
    }
}

/// The text of a key that an alias stands for.
fn text_of(node: &Node) -> Option<Arc<str>> {
    match &node.kind {
        Kind::Text(Text::Known(text)) | Kind::Number(text) => Some(Arc::clone(text)),
        Kind::Bool(value) => Some(value.to_string().into()),
        _ => None,
    }
}
