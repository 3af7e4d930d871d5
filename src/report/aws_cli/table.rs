//! `--output table`: a section with a border for each object and list, nested ones further in.
//!
//! <https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-output-format.html#table-output>

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{is_scalar, scalar};

/// How wide a table may be before its rows are written as columns: where standard output is no terminal.
const WIDEST: usize = 80;

/// A part of a table with its own columns.
#[derive(Debug, Default)]
struct Section {
    title: String,
    level: usize,
    headers: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// Writes a value as a table with a title; nothing for what is empty.
pub(super) fn write(title: &str, value: &Value, out: &mut String) {
    let mut table = Table::default();
    table.add(Some(title), value, 0);
    table.write(out);
}

#[derive(Debug, Default)]
struct Table {
    sections: Vec<Section>,
}

impl Table {
    /// Adds the sections of a value; without a title, its rows go to the last section.
    fn add(&mut self, title: Option<&str>, value: &Value, level: usize) {
        if is_empty(value) {
            return;
        }
        if let Some(title) = title {
            self.begin(title, level);
        }
        match value {
            Value::Array(items) if items.first().is_some_and(Value::is_object) => {
                self.add_objects(items, level, title.unwrap_or(""));
            }
            Value::Array(items) => items.iter().for_each(|item| self.add_item(item)),
            Value::Object(members) => self.add_object(members, level),
            _ => {}
        }
    }

    fn begin(&mut self, title: &str, level: usize) {
        self.sections.push(Section {
            title: title.to_owned(),
            level,
            ..Section::default()
        });
    }

    fn row(&mut self, row: Vec<String>) {
        if let Some(section) = self.sections.last_mut() {
            section.rows.push(row);
        }
    }

    fn head(&mut self, headers: &BTreeSet<&str>) {
        if let Some(section) = self.sections.last_mut() {
            section.headers = headers.iter().map(|name| (*name).to_owned()).collect();
        }
    }

    /// Adds an item of a list that does not begin with an object.
    fn add_item(&mut self, item: &Value) {
        match item {
            Value::Array(cells) if cells.iter().all(is_scalar) => {
                self.row(cells.iter().map(scalar).collect());
            }
            Value::Array(_) | Value::Object(_) => self.add(None, item, 0),
            cell => self.row(vec![scalar(cell)]),
        }
    }

    /// Adds an object as one row.
    fn add_object(&mut self, members: &Map<String, Value>, level: usize) {
        let (headers, others) = columns([members]);
        let cell = |name: &&str| members.get(*name).map_or_else(String::new, scalar);
        let mut row: Vec<String> = headers.iter().map(cell).collect();
        match headers.first() {
            Some(only) if headers.len() == 1 => {
                row.insert(0, (*only).to_owned());
                self.row(row);
            }
            Some(_) => {
                self.head(&headers);
                self.row(row);
            }
            None => {}
        }
        for name in others {
            if let Some(value) = members.get(name) {
                self.add(Some(name), value, level + 1);
            }
        }
    }

    /// Adds a list of objects: as rows of one section, or with what is nested as a section each.
    fn add_objects(&mut self, items: &[Value], level: usize, title: &str) {
        let objects = || items.iter().filter_map(Value::as_object);
        let (headers, others) = columns(objects());
        self.head(&headers);
        for (index, members) in objects().enumerate() {
            if index > 0 && !others.is_empty() {
                self.begin(title, level);
                self.head(&headers);
            }
            let cell = |name: &&str| members.get(*name).map_or_else(String::new, scalar);
            self.row(headers.iter().map(cell).collect());
            for name in &others {
                if let Some(value) = members.get(*name) {
                    self.add(Some(name), value, level + 1);
                }
            }
        }
    }

    fn width(&self) -> usize {
        self.sections.iter().map(Section::width).max().unwrap_or(0)
    }

    fn write(mut self, out: &mut String) {
        if self.sections.is_empty() {
            return;
        }
        if self.width() > WIDEST {
            self.sections.iter_mut().for_each(Section::turn);
        }
        let width = self.width();
        out.push_str(&"-".repeat(width));
        out.push('\n');
        for section in &self.sections {
            section.write(width.saturating_sub(2 * section.level), out);
        }
    }
}

/// The names of the scalar members of objects, and those of all others.
fn columns<'a>(
    objects: impl IntoIterator<Item = &'a Map<String, Value>>,
) -> (BTreeSet<&'a str>, BTreeSet<&'a str>) {
    let (mut headers, mut others) = (BTreeSet::new(), BTreeSet::new());
    for (name, value) in objects.into_iter().flatten() {
        match is_scalar(value) {
            true => headers.insert(name.as_str()),
            false => others.insert(name.as_str()),
        };
    }
    (headers, others)
}

/// Whether Python takes a value for false, which then has no section.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Bool(true) => false,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
    }
}

fn length(text: &str) -> usize {
    text.chars().count()
}

impl Section {
    /// A section of one row with headers becomes one of two columns.
    fn turn(&mut self) {
        if self.headers.is_empty() || self.rows.len() != 1 {
            return;
        }
        let cells = self.rows.drain(..).flatten();
        let headers = self.headers.drain(..);
        self.rows = headers
            .zip(cells)
            .map(|(name, cell)| vec![name, cell])
            .collect();
    }

    /// The longest cell of each column.
    fn longest(&self) -> Vec<usize> {
        let mut longest: Vec<usize> = Vec::new();
        for row in std::iter::once(&self.headers).chain(&self.rows) {
            for (column, cell) in row.iter().enumerate() {
                match longest.get_mut(column) {
                    Some(known) => *known = length(cell).max(*known),
                    None => longest.push(length(cell)),
                }
            }
        }
        longest
    }

    /// How wide the section is by itself, with its borders.
    fn width(&self) -> usize {
        let outer = 2 + 2 * self.level;
        let cells: usize = self.longest().iter().map(|cell| cell + 4).sum();
        (cells + outer).max(length(&self.title) + outer)
    }

    /// The widths of the columns, which fill a width together.
    fn widths(&self, width: usize) -> Vec<usize> {
        let own: Vec<usize> = self.longest().iter().map(|cell| cell + 4).collect();
        let total: usize = own.iter().sum();
        let scaled = |cell: &usize| ratio(*cell * width, total);
        let mut widths: Vec<usize> = own.iter().map(scaled).collect();
        let mut sum: usize = widths.iter().sum();
        while sum != width && !widths.is_empty() {
            // What is too much is taken from the first columns, what is missing goes to the last ones.
            let too_much = sum > width;
            let count = sum.abs_diff(width).min(widths.len());
            let order: Box<dyn Iterator<Item = &mut usize>> = match too_much {
                true => Box::new(widths.iter_mut()),
                false => Box::new(widths.iter_mut().rev()),
            };
            for column in order.take(count) {
                *column = match too_much {
                    true => column.saturating_sub(1),
                    false => *column + 1,
                };
            }
            let now = widths.iter().sum();
            if now == sum {
                break;
            }
            sum = now;
        }
        widths
    }

    fn write(&self, width: usize, out: &mut String) {
        let edge = "|".repeat(self.level);
        let mut line = |text: &str| out.extend([&edge, text, &edge, "\n"]);
        if !self.title.is_empty() {
            line(&centered(&self.title, width, "|"));
            if self.headers.is_empty() && self.rows.is_empty() {
                line(&format!("+{}+", "-".repeat(width.saturating_sub(2))));
            }
        }
        let widths = self.widths(width);
        if !self.headers.is_empty() {
            line(&border(&widths));
            line(&cells(&self.headers, &widths, centered));
        }
        if !self.rows.is_empty() && !widths.is_empty() {
            line(&border(&widths));
            for row in &self.rows {
                line(&cells(row, &widths, aligned));
            }
            line(&border(&widths));
        }
    }
}

/// A quotient, rounded to the nearest integer, halves to the even one.
fn ratio(dividend: usize, divisor: usize) -> usize {
    let (quotient, rest) = match divisor {
        0 => return 0,
        divisor => (dividend / divisor, dividend % divisor),
    };
    let is_up = 2 * rest > divisor || 2 * rest == divisor && quotient % 2 == 1;
    quotient + usize::from(is_up)
}

/// The border of cells.
fn border(widths: &[usize]) -> String {
    let parts = widths.iter().enumerate().map(|(index, width)| {
        let (begin, dashes) = match index {
            0 => ("+", width.saturating_sub(2)),
            _ => ("", width.saturating_sub(1)),
        };
        format!("{begin}{}+", "-".repeat(dashes))
    });
    parts.collect()
}

/// A row of cells: the first one has an edge on both sides.
fn cells(row: &[String], widths: &[usize], cell: fn(&str, usize, &str) -> String) -> String {
    let cells = row.iter().zip(widths).enumerate();
    cells
        .map(|(index, (text, width))| cell(text, *width, if index == 0 { "|" } else { "" }))
        .collect()
}

/// A text in the middle of a cell.
fn centered(text: &str, width: usize, left_edge: &str) -> String {
    let before = (width / 2).saturating_sub(length(text) / 2 + 1);
    let after = width.saturating_sub(1 + left_edge.len() + before + length(text));
    format!(
        "{left_edge}{}{text}{}|",
        " ".repeat(before),
        " ".repeat(after)
    )
}

/// A text at the left of a cell.
fn aligned(text: &str, width: usize, left_edge: &str) -> String {
    let needed = length(text) + 2 + left_edge.len() + 1;
    let before = if needed > width { 0 } else { 2 };
    let after = width.saturating_sub(left_edge.len() + before + length(text) + 1);
    format!(
        "{left_edge}{}{text}{}|",
        " ".repeat(before),
        " ".repeat(after)
    )
}
