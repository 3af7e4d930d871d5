//! `format` and `formatlist`.

use std::iter::Peekable;
use std::str::Chars;

use super::calling::{Answer, Call, Fault, Function, MAX_TEXT, at_least};
use super::decimal::Decimal;
use super::identity;
use super::json_text::escaped;
use super::substrings::is_simple;
use super::values::{is_open, is_untyped, varies};
use crate::syntax::{Accepts, Kind, Node, Piece, Text};

pub(super) const FUNCTIONS: &[Function] = &[
    at_least("format", 1, format),
    at_least("formatlist", 1, formatlist),
];

/// The widest column that is padded.
const MAX_WIDTH: usize = 1_000;

/// One `%…` of a format.
struct Verb {
    written: String,
    flags: String,
    width: usize,
    precision: Option<usize>,
    argument: Option<usize>,
    letter: char,
}

impl Verb {
    /// Reads what stands after `%`.
    fn read(call: &Call<'_>, rest: &mut Peekable<Chars<'_>>) -> Result<Self, Fault> {
        let mut written = String::from("%");
        let mut take = |rest: &mut Peekable<Chars<'_>>, is_part: fn(char) -> bool| {
            let mut taken = String::new();
            while let Some(c) = rest.next_if(|c| is_part(*c)) {
                taken.push(c);
                written.push(c);
            }
            taken
        };
        let mut argument = take(rest, |c| c == '[');
        if !argument.is_empty() {
            argument = take(rest, |c| c.is_ascii_digit());
            take(rest, |c| c == ']');
        }
        let flags = take(rest, |c| "+-# 0".contains(c));
        let width = take(rest, |c| c.is_ascii_digit());
        let precision = take(rest, |c| c == '.');
        let precision = match precision.is_empty() {
            true => None,
            false => Some(take(rest, |c| c.is_ascii_digit()).parse().unwrap_or(0)),
        };
        if argument.is_empty() && !take(rest, |c| c == '[').is_empty() {
            argument = take(rest, |c| c.is_ascii_digit());
            take(rest, |c| c == ']');
        }
        let Some(letter) = rest.next() else {
            return call.fault("the format ends within a verb");
        };
        written.push(letter);
        let width = width.parse().unwrap_or(0);
        if width > MAX_WIDTH || precision.is_some_and(|precision| precision > MAX_WIDTH) {
            return Err(call.too_large());
        }
        Ok(Verb {
            written,
            flags,
            width,
            precision,
            argument: argument.parse().ok(),
            letter,
        })
    }

    fn has(&self, flag: char) -> bool {
        self.flags.contains(flag)
    }

    fn is_plain(&self) -> bool {
        self.flags.is_empty() && self.width == 0 && self.precision.is_none()
    }

    /// An argument as this verb writes it.
    fn apply(&self, call: &Call<'_>, argument: &Node) -> Result<Text, Fault> {
        let is_number = "dboxXeEfG".contains(self.letter)
            || self.letter == 'g' && !matches!(argument.kind, Kind::Number(_));
        match self.letter {
            _ if argument.is_null() => Ok(self.unknown(call, argument)),
            _ if is_number => self.number(call, argument),
            't' => self.truth(call, argument),
            'v' if self.has('#') || !is_scalar(argument) => {
                let json = call.json(argument)?;
                self.padded(call, argument, json)
            }
            'v' | 'g' if matches!(argument.kind, Kind::Number(_)) => self.general(call, argument),
            's' | 'v' => self.string(call, argument),
            'q' => match call.text_of(argument)? {
                Some(Text::Known(text)) => {
                    let quoted = format!("\"{}\"", quoted(&text));
                    self.padded(call, argument, quoted.into())
                }
                _ => Ok(self.unknown(call, argument)),
            },
            letter => call.fault(format!("`format` has no verb `%{letter}`")),
        }
    }

    fn string(&self, call: &Call<'_>, argument: &Node) -> Result<Text, Fault> {
        let text = call.text_of(argument)?.unwrap_or_else(|| "".into());
        self.padded(call, argument, text)
    }

    fn general(&self, call: &Call<'_>, argument: &Node) -> Result<Text, Fault> {
        let number = call.number_of(argument).flatten();
        match number
            .filter(|_| self.is_plain() || self.flags.is_empty() && self.precision.is_none())
        {
            Some(number) => self.padded(call, argument, number.general().into()),
            None => Ok(self.unknown(call, argument)),
        }
    }

    fn truth(&self, call: &Call<'_>, argument: &Node) -> Result<Text, Fault> {
        let is_truth = matches!(argument.scalar().as_deref(), Some("true" | "false"));
        match is_truth || argument.as_hole().is_some() {
            true => self.string(call, argument),
            false => call.fault(format!("`{}` takes a Boolean", self.written)),
        }
    }

    /// A text cut and padded as the verb has it.
    fn padded(&self, call: &Call<'_>, argument: &Node, text: Text) -> Result<Text, Fault> {
        if self.is_plain() || (self.flags == "#" && self.width == 0 && self.precision.is_none()) {
            return Ok(text);
        }
        let Some(known) = text.as_str().filter(|known| is_simple(known)) else {
            return Ok(self.unknown(call, argument));
        };
        let cut: String = match self.precision {
            Some(precision) => known.chars().take(precision).collect(),
            None => known.to_owned(),
        };
        Ok(self.filled(&cut).into())
    }

    fn filled(&self, text: &str) -> String {
        let width = self.width;
        match (self.has('-'), self.has('0')) {
            (true, _) => format!("{text:<width$}"),
            (false, true) => {
                let zeros = "0".repeat(width.saturating_sub(text.chars().count()));
                match text.strip_prefix(['-', '+']) {
                    Some(digits) => {
                        let sign = text.chars().next().unwrap_or('-');
                        format!("{sign}{zeros}{digits}")
                    }
                    None => format!("{zeros}{text}"),
                }
            }
            (false, false) => format!("{text:>width$}"),
        }
    }

    fn number(&self, call: &Call<'_>, argument: &Node) -> Result<Text, Fault> {
        if is_untyped(argument) && self.is_plain() && self.letter == 'd' {
            return Ok(Text::of(
                argument.as_text().map(Text::pieces).unwrap_or_default(),
            ));
        }
        let Some(number) = call.number_of(argument) else {
            return call.fault(format!("`{}` takes a number", self.written));
        };
        let written = number.map(|number| self.digits(call, number)).transpose()?;
        match written.flatten() {
            Some(written) => Ok(self.filled(&written).into()),
            None => Ok(self.unknown(call, argument)),
        }
    }

    /// A number as the verb writes it; `None` where it is written in a way that is not evaluated.
    fn digits(&self, call: &Call<'_>, number: Decimal) -> Result<Option<String>, Fault> {
        let sign = match number.sign() < 0 {
            true => "-",
            false if self.has('+') => "+",
            false if self.has(' ') => " ",
            false => "",
        };
        let absolute = number.absolute();
        if self.letter == 'f' {
            let precision = u32::try_from(self.precision.unwrap_or(6)).unwrap_or(0);
            return Ok(absolute
                .fixed(precision)
                .map(|digits| format!("{sign}{digits}")));
        }
        if matches!(self.letter, 'e' | 'E' | 'g' | 'G') || self.has('#') || self.precision.is_some()
        {
            return Ok(None);
        }
        let Some(whole) = absolute.integer() else {
            let is_whole = absolute.floor().and_then(|floor| floor.compared(absolute));
            return match is_whole {
                Some(std::cmp::Ordering::Equal) | None => Ok(None),
                _ => call.fault(format!("`{}` takes a whole number", self.written)),
            };
        };
        let digits = match self.letter {
            'd' => whole.to_string(),
            'b' => format!("{whole:b}"),
            'o' => format!("{whole:o}"),
            'x' => format!("{whole:x}"),
            _ => format!("{whole:X}"),
        };
        Ok(Some(format!("{sign}{digits}")))
    }

    fn unknown(&self, call: &Call<'_>, argument: &Node) -> Text {
        let arguments = [call.text_node(self.written.as_str()), argument.clone()];
        let root = call.cx.root;
        Text::hole(identity::derived(
            "format",
            &arguments,
            Accepts::Anything,
            root,
        ))
    }
}

fn is_scalar(node: &Node) -> bool {
    !matches!(node.kind, Kind::Array(_) | Kind::Object(_))
}

/// A text as JSON writes it, with `<`, `>` and `&` as they are.
fn quoted(text: &str) -> String {
    let characters = text.chars().map(|c| match c {
        '<' | '>' | '&' => c.to_string(),
        c => escaped(c.encode_utf8(&mut [0; 4])),
    });
    characters.collect()
}

/// A format filled in.
fn filled(call: &Call<'_>, template: &str, arguments: &[Node]) -> Result<Text, Fault> {
    let (mut pieces, mut bytes) = (Vec::new(), 0);
    let (mut next, mut used, mut is_indexed) = (0, 0, false);
    let mut rest = template.chars().peekable();
    let mut known = String::new();
    while let Some(c) = rest.next() {
        if c != '%' {
            known.push(c);
            continue;
        }
        if rest.next_if_eq(&'%').is_some() {
            known.push('%');
            continue;
        }
        let verb = Verb::read(call, &mut rest)?;
        is_indexed |= verb.argument.is_some();
        let index = verb.argument.map_or(next, |number| number.wrapping_sub(1));
        next = index.wrapping_add(1);
        used = used.max(next);
        let Some(argument) = arguments.get(index) else {
            return call.fault(format!("there is no argument for `{}`", verb.written));
        };
        let text = verb.apply(call, argument)?;
        bytes += known.len() + text.len();
        if bytes > MAX_TEXT {
            return Err(call.too_large());
        }
        pieces.push(Piece::Known(std::mem::take(&mut known).into()));
        pieces.extend(text.pieces());
    }
    if used < arguments.len() && !is_indexed {
        let (given, used) = (arguments.len(), used);
        return call.fault(format!(
            "the format uses {used} arguments, but {given} given"
        ));
    }
    pieces.push(Piece::Known(known.into()));
    Ok(Text::of(pieces))
}

fn format(call: &Call<'_>) -> Answer {
    let Some(template) = call.known(0)? else {
        return Ok(call.unknown());
    };
    let arguments = call.arguments.get(1..).unwrap_or_default();
    Ok(call.text_node(filled(call, &template, arguments)?))
}

fn formatlist(call: &Call<'_>) -> Answer {
    let Some(template) = call.known(0)? else {
        return Ok(call.list_node(vec![call.varying()]));
    };
    let arguments = call.arguments.get(1..).unwrap_or_default();
    let lists: Vec<&[Node]> = arguments
        .iter()
        .filter(|argument| argument.is_array())
        .map(Node::items)
        .collect();
    let mut lengths = lists
        .iter()
        .filter(|items| !is_open(items))
        .map(|items| items.len());
    let known = lengths.next();
    if lengths.any(|length| Some(length) != known) {
        return call.fault("the lists of `formatlist` differ in length");
    }
    let has_open = lists.iter().any(|items| is_open(items));
    let unknown = arguments
        .iter()
        .filter(|argument| is_untyped(argument))
        .count();
    let count = match (known, has_open, unknown) {
        (Some(count), _, _) => count,
        // Each element of the only list makes one.
        (None, true, 0) if lists.len() == 1 => lists.first().map_or(0, |items| items.len()),
        (None, false, 0) => 1,
        (None, false, 1) => 1,
        _ => return Ok(call.list_node(vec![call.varying()])),
    };
    let is_many = known.is_none() && unknown > 0;
    let mut rows = Vec::new();
    for index in 0..count {
        let of_row = arguments
            .iter()
            .map(|argument| of_row(argument, index, is_many));
        let row: Vec<Node> = of_row.collect();
        match filled(call, &template, &row) {
            Ok(text) => rows.push(call.text_node(text)),
            // There need not be such a row.
            Err(_) if known.is_none() && row.iter().any(varies) => rows.push(call.varying()),
            Err(fault) => return Err(fault),
        }
    }
    let bytes = rows.iter().filter_map(Node::as_text).map(Text::len).sum();
    call.check_text(bytes)?;
    Ok(call.list_node(rows))
}

/// The part of an argument that belongs to one row.
fn of_row(argument: &Node, index: usize, is_many: bool) -> Node {
    let Some(hole) = argument.as_hole().filter(|_| is_untyped(argument)) else {
        return match &argument.kind {
            Kind::Array(items) if is_open(items) => open_item(items, index),
            Kind::Array(items) => items
                .get(index)
                .cloned()
                .unwrap_or_else(|| argument.clone()),
            _ => argument.clone(),
        };
    };
    let mut hole = hole.clone();
    match is_many {
        true => {
            hole.id = format!("{}[*]", hole.id).into();
            hole.varies = true;
        }
        // It can be a list or one value for all rows.
        false => hole.id = format!("{}[{index}]", hole.id).into(),
    }
    Node::text(Text::hole(hole), argument.span)
}

/// An element of a list with an unknown number of them.
fn open_item(items: &[Node], index: usize) -> Node {
    let known = items.iter().take_while(|item| !varies(item)).count();
    let open = items.get(known..).unwrap_or_default();
    match items.get(index) {
        Some(item) if index < known || open.len() == 1 => item.clone(),
        _ => open.first().cloned().unwrap_or_else(|| {
            Node::array(
                Vec::new(),
                crate::source::Span::new(crate::source::FileId::NOWHERE, 0, 0),
            )
        }),
    }
}
