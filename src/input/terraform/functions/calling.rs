//! A call of a function: its arguments, what it can read besides them, and what can be wrong with it.

use std::cell::Cell;
use std::sync::Arc;

use super::decimal::Decimal;
use super::identity;
use super::json_text::json_text;
use crate::source::{FileId, Span};
use crate::syntax::{Accepts, Hole, Kind, Node, Piece, Text};

/// The longest text that a function makes, in bytes.
pub(super) const MAX_TEXT: usize = 1_000_000;

/// The longest list that a function makes.
pub(super) const MAX_ITEMS: usize = 10_000;

/// The files that functions read, by their paths as expressions have them.
pub(in crate::input::terraform) trait Texts {
    /// The text of a file, where it was read.
    fn text(&self, path: &str) -> Option<(FileId, Arc<str>)>;

    /// Whether there is such a file, where that is known.
    fn exists(&self, path: &str) -> Option<bool>;

    /// The paths of the files in a folder and the folders in it, from there on; `None` where they are not known.
    fn under(&self, folder: &str) -> Option<Vec<String>>;
}

/// What a function can read besides its arguments.
pub(in crate::input::terraform) struct Context<'c> {
    /// The files.
    pub(in crate::input::terraform) texts: &'c dyn Texts,
    /// What distinguishes the holes of this root module from those of others.
    pub(in crate::input::terraform) root: &'c Arc<str>,
    /// How many values were made that differ at each call.
    pub(in crate::input::terraform) made: Cell<usize>,
}

impl<'c> Context<'c> {
    /// A context in which no value was made yet.
    pub(in crate::input::terraform) fn new(texts: &'c dyn Texts, root: &'c Arc<str>) -> Self {
        Context {
            texts,
            root,
            made: Cell::new(0),
        }
    }
}

/// Why a call has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::input::terraform) enum Fault {
    /// There is no such function; the nearest one.
    Unknown(Option<&'static str>),
    /// The function has no value for these arguments.
    Arguments(String),
    /// A file that is to be read does not exist.
    MissingFile(String),
    /// The result is larger than what is evaluated.
    TooLarge(String),
}

/// The value of a call, or why it has none.
pub(super) type Answer = Result<Node, Fault>;

/// A function.
pub(super) struct Function {
    /// Its name.
    pub(super) name: &'static str,
    /// How many arguments it takes at least.
    pub(super) least: usize,
    /// How many arguments it takes at most.
    pub(super) most: usize,
    /// What it does.
    pub(super) run: fn(&Call<'_>) -> Answer,
}

/// A function that takes so many arguments.
pub(super) const fn exactly(
    name: &'static str,
    count: usize,
    run: fn(&Call<'_>) -> Answer,
) -> Function {
    between(name, count, count, run)
}

/// A function that takes so many arguments or more.
pub(super) const fn at_least(
    name: &'static str,
    least: usize,
    run: fn(&Call<'_>) -> Answer,
) -> Function {
    between(name, least, usize::MAX, run)
}

/// A function whose last arguments can be left out.
pub(super) const fn between(
    name: &'static str,
    least: usize,
    most: usize,
    run: fn(&Call<'_>) -> Answer,
) -> Function {
    Function {
        name,
        least,
        most,
        run,
    }
}

/// A function with its arguments.
pub(super) struct Call<'c> {
    pub(super) name: &'c str,
    pub(super) arguments: &'c [Node],
    pub(super) span: Span,
    pub(super) cx: &'c Context<'c>,
}

impl<'c> Call<'c> {
    /// A call at a place.
    pub(super) fn new(
        name: &'c str,
        arguments: &'c [Node],
        span: Span,
        cx: &'c Context<'_>,
    ) -> Self {
        Call {
            name,
            arguments,
            span,
            cx,
        }
    }

    /// That the function takes as many arguments.
    pub(super) fn check_count(&self, function: &Function) -> Result<(), Fault> {
        let given = self.arguments.len();
        if (function.least..=function.most).contains(&given) {
            return Ok(());
        }
        let takes = match (function.least, function.most) {
            (least, most) if least == most => least.to_string(),
            (least, usize::MAX) => format!("at least {least}"),
            (least, most) => format!("{least} to {most}"),
        };
        let noun = if takes == "1" || takes == "at least 1" {
            "argument"
        } else {
            "arguments"
        };
        let name = function.name;
        self.fault(format!("`{name}` takes {takes} {noun}, but {given} given"))
    }

    /// That the value is of a size that is evaluated.
    pub(super) fn check_size(&self, value: &Node) -> Result<(), Fault> {
        let is_large = match &value.kind {
            Kind::Text(text) => text.len() > MAX_TEXT,
            Kind::Array(items) => items.len() > MAX_ITEMS,
            Kind::Object(members) => members.len() > MAX_ITEMS,
            _ => false,
        };
        match is_large {
            true => Err(self.too_large()),
            false => Ok(()),
        }
    }

    /// That a text of so many bytes is not made.
    pub(super) fn check_text(&self, bytes: usize) -> Result<(), Fault> {
        match bytes > MAX_TEXT {
            true => Err(self.too_large()),
            false => Ok(()),
        }
    }

    /// That a list of so many elements is not made.
    pub(super) fn check_items(&self, count: usize) -> Result<(), Fault> {
        match count > MAX_ITEMS {
            true => Err(self.too_large()),
            false => Ok(()),
        }
    }

    pub(super) fn too_large(&self) -> Fault {
        Fault::TooLarge(format!("the result of `{}` is too large", self.name))
    }

    /// That the function has no value for its arguments.
    pub(super) fn fault<T>(&self, message: impl Into<String>) -> Result<T, Fault> {
        Err(Fault::Arguments(message.into()))
    }

    /// That an argument is of another type than the function takes.
    pub(super) fn mismatch<T>(&self, index: usize, expected: &str) -> Result<T, Fault> {
        let (given, name) = (self.at(index).kind_name(), self.name);
        let number = index + 1;
        self.fault(format!(
            "`{name}` takes {expected} as argument {number}, but {given} given"
        ))
    }

    /// An argument; `null` where it was left out.
    pub(super) fn at(&self, index: usize) -> Node {
        let argument = self.arguments.get(index).cloned();
        argument.unwrap_or_else(|| Node::new(Kind::Null, self.span))
    }

    /// An argument as a text.
    pub(super) fn text(&self, index: usize) -> Result<Text, Fault> {
        match self.text_of(&self.at(index))? {
            Some(text) => Ok(text),
            None => self.mismatch(index, "a string"),
        }
    }

    /// A value as a text; `None` for null. An object or list is its JSON.
    pub(super) fn text_of(&self, node: &Node) -> Result<Option<Text>, Fault> {
        Ok(match &node.kind {
            Kind::Null => None,
            Kind::Text(text) => Some(text.clone()),
            Kind::Bool(value) => Some(value.to_string().into()),
            Kind::Number(number) => Some(Decimal::shown(number).into()),
            Kind::Array(_) | Kind::Object(_) => Some(self.json(node)?),
        })
    }

    /// The JSON of a value.
    pub(super) fn json(&self, node: &Node) -> Result<Text, Fault> {
        json_text(node, MAX_TEXT, self.cx.root).ok_or_else(|| self.too_large())
    }

    /// An argument as a text that is known; `None` where a part of it is not.
    pub(super) fn known(&self, index: usize) -> Result<Option<String>, Fault> {
        Ok(self.text(index)?.as_str().map(str::to_owned))
    }

    /// The elements of a list; `None` where the whole list is unknown.
    pub(super) fn list(&self, index: usize) -> Result<Option<Vec<Node>>, Fault> {
        let node = self.at(index);
        match &node.kind {
            Kind::Array(items) => Ok(Some(items.to_vec())),
            Kind::Text(_) if node.as_hole().is_some() => Ok(None),
            _ => self.mismatch(index, "a list"),
        }
    }

    /// An argument as a number; `None` where it is unknown, or has more digits than are calculated with.
    pub(super) fn number(&self, index: usize) -> Result<Option<Decimal>, Fault> {
        match self.number_of(&self.at(index)) {
            Some(number) => Ok(number),
            None => self.mismatch(index, "a number"),
        }
    }

    /// A value as a number; the outer `None` where it is none.
    pub(super) fn number_of(&self, node: &Node) -> Option<Option<Decimal>> {
        match &node.kind {
            Kind::Number(number) => Some(Decimal::read(number)),
            Kind::Text(Text::Partial(_)) => Some(None),
            Kind::Text(Text::Known(text)) if Decimal::is_number(text) => Some(Decimal::read(text)),
            _ => None,
        }
    }

    /// An argument as a whole number; `None` where it is unknown.
    pub(super) fn integer(&self, index: usize) -> Result<Option<i64>, Fault> {
        let Some(number) = self.number(index)? else {
            return Ok(None);
        };
        match number.integer() {
            Some(number) => Ok(Some(number)),
            None => self.mismatch(index, "a whole number"),
        }
    }

    /// Whether an argument is a hole that stands for the whole value.
    pub(super) fn is_unknown(&self, index: usize) -> bool {
        self.arguments
            .get(index)
            .is_some_and(|node| node.as_hole().is_some())
    }

    /// The hole for what the function makes of these arguments: the same for the same ones.
    pub(super) fn hole(&self, accepts: Accepts) -> Hole {
        identity::derived(self.name, self.arguments, accepts, self.cx.root)
    }

    /// That nothing is known of the result.
    pub(super) fn unknown(&self) -> Node {
        self.unknown_text(Accepts::Anything)
    }

    /// That of the result it is only known which texts it can be.
    pub(super) fn unknown_text(&self, accepts: Accepts) -> Node {
        Node::text(Text::hole(self.hole(accepts)), self.span)
    }

    /// A hole for what the function makes of one part of an argument.
    pub(super) fn hole_of(&self, part: &Hole, accepts: Accepts) -> Hole {
        let part = Node::text(Text::hole(part.clone()), self.span);
        let rest = self.arguments.iter().skip(1).cloned();
        let arguments: Vec<Node> = std::iter::once(part).chain(rest).collect();
        identity::derived(self.name, &arguments, accepts, self.cx.root)
    }

    /// One of many unknown parts of the result.
    pub(super) fn part(&self, which: &str) -> Node {
        let mut hole = self.hole(Accepts::Anything);
        hole.id = format!("{}{which}", hole.id).into();
        Node::text(Text::hole(hole), self.span)
    }

    /// An unknown number of elements.
    pub(super) fn varying(&self) -> Node {
        Node::text(
            Text::hole(self.hole(Accepts::Anything).varying()),
            self.span,
        )
    }

    /// A hole that no other call has.
    pub(super) fn made(&self, accepts: Accepts) -> Node {
        let number = self.cx.made.get() + 1;
        self.cx.made.set(number);
        let hole = self.hole(accepts);
        let id: Arc<str> = format!("{}#{number}", hole.id).into();
        Node::text(Text::hole(Hole { id, ..hole }), self.span)
    }

    pub(super) fn text_node(&self, text: impl Into<Text>) -> Node {
        Node::text(text, self.span)
    }

    pub(super) fn bool_node(&self, value: bool) -> Node {
        Node::new(Kind::Bool(value), self.span)
    }

    /// A truth value, where it is known.
    pub(super) fn truth(&self, value: Option<bool>) -> Node {
        value.map_or_else(|| self.unknown(), |value| self.bool_node(value))
    }

    pub(super) fn number_node(&self, number: impl ToString) -> Node {
        Node::new(Kind::Number(number.to_string().into()), self.span)
    }

    /// A list that the function makes; it has the place of the first argument that is a list.
    pub(super) fn list_node(&self, items: Vec<Node>) -> Node {
        let origin = self.arguments.iter().find(|node| node.is_array());
        Node::array(items, origin.map_or(self.span, |node| node.span))
    }

    /// The text with each piece changed by itself.
    pub(super) fn each_piece(
        &self,
        text: &Text,
        known: impl Fn(&str) -> String,
        hole: impl Fn(&Hole) -> Hole,
    ) -> Node {
        let pieces = text.pieces().into_iter().map(|piece| match piece {
            Piece::Known(text) => Piece::Known(known(&text).into()),
            Piece::Hole(whole) => Piece::Hole(hole(&whole)),
        });
        self.text_node(Text::of(pieces.collect::<Vec<Piece>>()))
    }
}

/// Which texts a part of a text can be.
pub(super) fn accepts_part(text: &Text) -> Accepts {
    let is_part = text.pieces().iter().all(|piece| match piece {
        Piece::Known(text) => !text.contains([':', '/']),
        Piece::Hole(hole) => hole.accepts != Accepts::Anything,
    });
    match is_part {
        true => Accepts::Part,
        false => Accepts::Anything,
    }
}
