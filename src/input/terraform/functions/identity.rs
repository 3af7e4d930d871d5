//! The identity of what functions make of unknown values: the same function of the same arguments has the same result.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use super::values::varies;
use crate::syntax::{Accepts, Hole, Kind, Node, Piece, Text};

/// How much of the arguments a name shows.
const SHOWN: usize = 100;

/// How much of the arguments is read for an identity.
const READ: usize = 1 << 16;

/// The hole for what a function makes of arguments.
pub(super) fn derived(name: &str, arguments: &[Node], accepts: Accepts, root: &Arc<str>) -> Hole {
    let mut writer = Writer::default();
    for (index, argument) in arguments.iter().enumerate() {
        writer.put(if index == 0 { "" } else { ", " });
        writer.node(argument);
    }
    let id = format!("{name}({})", writer.shown());
    let hole = Hole {
        accepts,
        varies: arguments.iter().any(varies),
        ..Hole::anything(&id)
    };
    hole.of(&writer.whose(root))
}

/// Writes arguments as an expression has them, as far as is of use.
#[derive(Default)]
struct Writer {
    text: String,
    whose: BTreeSet<Arc<str>>,
}

impl Writer {
    fn put(&mut self, text: &str) {
        if self.text.len() < READ {
            self.text.push_str(text);
        }
    }

    fn is_full(&self) -> bool {
        self.text.len() >= READ
    }

    fn node(&mut self, node: &Node) {
        if self.is_full() {
            return;
        }
        match &node.kind {
            Kind::Null => self.put("null"),
            Kind::Bool(value) => self.put(if *value { "true" } else { "false" }),
            Kind::Number(number) => self.put(number),
            Kind::Text(text) => self.text(text, node.as_hole()),
            Kind::Array(items) => {
                self.put("[");
                for item in items.iter() {
                    self.node(item);
                    self.put(",");
                }
                self.put("]");
            }
            Kind::Object(members) => {
                self.put("{");
                for member in members.iter() {
                    self.put(&member.key.text);
                    self.put("=");
                    self.node(&member.value);
                    self.put(",");
                }
                self.put("}");
            }
        }
    }

    fn text(&mut self, text: &Text, whole: Option<&Hole>) {
        if let Some(hole) = whole {
            return self.hole(hole);
        }
        self.put("\"");
        for piece in text.pieces() {
            match piece {
                Piece::Known(text) => self.put(&text.escape_debug().to_string()),
                Piece::Hole(hole) => {
                    self.put("${");
                    self.hole(&hole);
                    self.put("}");
                }
            }
        }
        self.put("\"");
    }

    fn hole(&mut self, hole: &Hole) {
        self.put(&hole.id);
        self.whose.extend(hole.of.clone());
    }

    /// What was written, shortened: two that differ are still told apart.
    fn shown(&self) -> String {
        if self.text.len() <= SHOWN && !self.text.chars().any(char::is_control) {
            return self.text.clone();
        }
        let start = self
            .text
            .chars()
            .filter(|c| !c.is_control())
            .take(SHOWN / 2);
        let mut shown: String = start.collect();
        let bytes = self.text.bytes();
        // FNV-1a, 128 bits: no one gains anything by a collision, and it is the same on every machine.
        let digest = bytes.fold(
            0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128,
            |digest, byte| {
                (digest ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
            },
        );
        let _ = write!(shown, "… {digest:x}");
        shown
    }

    /// The root modules that the holes belong to.
    fn whose(&self, root: &Arc<str>) -> Arc<str> {
        let mut whose = self.whose.iter();
        match (whose.next(), whose.next()) {
            (None, _) => Arc::clone(root),
            (Some(only), None) => Arc::clone(only),
            _ => {
                let all: Vec<&str> = self.whose.iter().map(|whose| &**whose).collect();
                all.join(" ").into()
            }
        }
    }
}
