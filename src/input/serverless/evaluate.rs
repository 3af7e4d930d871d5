//! Evaluating the variables of a configuration, as a deployment without further options does.
//!
//! <https://www.serverless.com/framework/docs/guides/variables>

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::variable::{self, Part, Source};
use crate::input::cloudformation::beside;
use crate::source::Span;
use crate::syntax::{Hole, Kind, Member, Node, Piece, Text};

/// How deep values and variables are nested.
const MAX_DEPTH: usize = 80;

/// How many values are made of a configuration; more is not known.
const MOST_VALUES: usize = 2_000_000;

/// How many bytes of text count as one value.
const BYTES_OF_VALUE: usize = 16;

/// The documents of files, by path.
pub(in crate::input) type Files = BTreeMap<String, Node>;

/// A configuration whose variables can be evaluated.
#[derive(Debug)]
pub(super) struct Evaluator<'e> {
    root: &'e Node,
    /// The path of its file.
    path: &'e str,
    files: &'e Files,
    /// What flags say.
    given: &'e BTreeMap<String, String>,
    /// Values where the configuration has none.
    defaults: Defaults<'e>,
    /// Whose holes those of this configuration are.
    whose: Arc<str>,
    left: Cell<usize>,
    /// Values of the configuration by address, each with its size; nothing while one is being evaluated.
    known: RefCell<HashMap<String, Option<(Found, usize)>>>,
}

/// What the framework takes where nothing is given.
#[derive(Clone, Copy, Debug)]
pub(super) struct Defaults<'e> {
    pub(super) stage: &'e str,
    pub(super) region: &'e str,
    /// The extensions of files that are programs.
    pub(super) scripts: &'e [&'e str],
    /// Whether `#{Name}` stands for a reference.
    pub(super) has_pseudo_parameters: bool,
}

/// What a source of a variable gives.
#[derive(Clone, Debug)]
enum Found {
    Value(Node),
    Missing,
    Unknown,
}

impl<'e> Evaluator<'e> {
    /// An evaluator of the variables of a file.
    pub(super) fn new(
        (root, path): (&'e Node, &'e str),
        files: &'e Files,
        given: &'e BTreeMap<String, String>,
        defaults: Defaults<'e>,
    ) -> Self {
        Evaluator {
            root,
            path,
            files,
            given,
            defaults,
            whose: format!("{path}#service").into(),
            left: Cell::new(MOST_VALUES),
            known: RefCell::default(),
        }
    }

    /// The configuration with every variable evaluated, except the user's own values, which are evaluated where they
    /// are used.
    pub(super) fn root(&self) -> Node {
        let members = self.root.members().iter().map(|member| Member {
            key: member.key.clone(),
            value: match &*member.key.text {
                "custom" => member.value.clone(),
                _ => self.value(&member.value, 1),
            },
        });
        let members: Vec<Member> = members.collect();
        Node::new(Kind::Object(members.into()), self.root.span)
    }

    /// The stage that is deployed.
    pub(super) fn stage(&self) -> Text {
        self.option("stage", "provider.stage", self.defaults.stage)
    }

    /// The Region that is deployed to, as far as it is known.
    pub(super) fn region(&self) -> Option<String> {
        let given = self.given.get("AWS::Region");
        let text = match given {
            Some(given) => Text::from(given.as_str()),
            None => self.option("region", "provider.region", self.defaults.region),
        };
        text.as_str().map(str::to_owned)
    }

    fn option(&self, name: &str, address: &str, default: &str) -> Text {
        if let Some(given) = self.given.get(name) {
            return Text::from(given.as_str());
        }
        match self.of_self(address, MAX_DEPTH / 2) {
            Found::Value(node) => text_of(&node).unwrap_or_else(|| Text::from(default)),
            Found::Missing => Text::from(default),
            Found::Unknown => self.open(&format!("self:{address}")),
        }
    }

    fn value(&self, node: &Node, depth: usize) -> Node {
        if depth > MAX_DEPTH || !self.spend(1) {
            return Node::text(self.open("a value that is nested too deeply"), node.span);
        }
        match &node.kind {
            Kind::Text(Text::Known(text)) => self.text(text, node.span, depth + 1),
            Kind::Array(items) => {
                let items = items.iter().map(|item| self.value(item, depth + 1));
                Node::array(items.collect(), node.span)
            }
            Kind::Object(members) => {
                let members = members.iter().map(|member| Member {
                    key: member.key.clone(),
                    value: self.member(member, depth + 1),
                });
                let members: Vec<Member> = members.collect();
                with_holes_joined(&Node::new(Kind::Object(members.into()), node.span))
            }
            _ => node.clone(),
        }
    }

    fn member(&self, member: &Member, depth: usize) -> Node {
        let written = member.value.as_str();
        match written.filter(|_| &*member.key.text == "Fn::Sub" && self.is_marked()) {
            Some(text) => self.text(&text.replace("#{", "${"), member.value.span, depth),
            None => self.value(&member.value, depth),
        }
    }

    fn is_marked(&self) -> bool {
        self.defaults.has_pseudo_parameters
    }

    fn text(&self, text: &str, span: Span, depth: usize) -> Node {
        if !text.contains("${") {
            return self.marked(Node::text(text, span));
        }
        let parts = variable::parts(text);
        if let [Part::Variable(sources)] = parts.as_slice() {
            let value = self.variable(sources, depth);
            // A scalar stands where it is used.
            return match value.kind {
                Kind::Object(_) | Kind::Array(_) => value,
                kind => self.marked(Node::new(kind, span)),
            };
        }
        let pieces = parts.into_iter().flat_map(|part| match part {
            Part::Verbatim(text) => vec![Piece::Known(text.into())],
            Part::Variable(sources) => {
                let value = self.variable(&sources, depth);
                let text = text_of(&value).unwrap_or_else(|| self.open(&sources.join(", ")));
                text.pieces()
            }
        });
        let pieces: Vec<Piece> = pieces.collect();
        let length = pieces.iter().map(|piece| match piece {
            Piece::Known(text) => text.len(),
            Piece::Hole(_) => 1,
        });
        if !self.spend(length.sum::<usize>() / BYTES_OF_VALUE) {
            return Node::text(self.open("a text"), span);
        }
        self.marked(Node::text(Text::of(pieces), span))
    }

    /// A text with the references that a plugin takes written out.
    fn marked(&self, node: Node) -> Node {
        let text = node.as_str().filter(|text| text.contains("#{"));
        let Some(text) = text.filter(|_| self.is_marked()) else {
            return node;
        };
        let text = Node::text(text.replace("#{", "${"), node.span);
        Node::object([("Fn::Sub", text)], node.span)
    }

    fn variable(&self, sources: &[&str], depth: usize) -> Node {
        let nowhere = self.root.span.at_start();
        if depth > MAX_DEPTH || !self.spend(1) {
            return Node::text(self.open(&sources.join(", ")), nowhere);
        }
        let mut unknown: Option<&str> = None;
        for source in sources {
            match self.source(source, depth + 1) {
                Found::Missing => {}
                Found::Unknown => {
                    unknown.get_or_insert(source);
                }
                Found::Value(value) => match unknown {
                    None => return value,
                    Some(source) => {
                        let text = text_of(&value);
                        let known = text.as_ref().and_then(Text::as_str);
                        return Node::text(self.likely(source, known), nowhere);
                    }
                },
            }
        }
        let what = unknown.map_or_else(|| sources.join(", "), str::to_owned);
        Node::text(self.open(&what), nowhere)
    }

    fn source(&self, written: &str, depth: usize) -> Found {
        if let Some(quoted) = variable::quoted(written) {
            return Found::Value(self.text(quoted, self.root.span.at_start(), depth));
        }
        if written.starts_with("${") {
            return self.nested(written, depth);
        }
        let Some(source) = variable::source(written) else {
            return literal(written, self.root.span.at_start());
        };
        let address = source.address.unwrap_or("");
        let address = match self.known_text(address, depth) {
            Some(address) => address,
            None => return Found::Unknown,
        };
        match source.kind {
            "self" => self.of_self(&address, depth),
            "opt" => self.of_option(&address),
            "param" => self.of_parameter(&address, depth),
            "sls" if address == "stage" => {
                let stage = self.stage();
                Found::Value(Node::text(stage, self.root.span.at_start()))
            }
            "aws" => self.of_account(&address),
            "file" => self.of_file(&source, &address, depth),
            _ => Found::Unknown,
        }
    }

    /// A variable among the sources of another.
    fn nested(&self, written: &str, depth: usize) -> Found {
        let parts = variable::parts(written);
        if let [Part::Variable(sources)] = parts.as_slice() {
            let mut found = Found::Missing;
            for source in sources {
                found = self.source(source, depth + 1);
                if !matches!(found, Found::Missing) {
                    break;
                }
            }
            return found;
        }
        let value = self.text(written, self.root.span.at_start(), depth);
        match value.as_hole() {
            Some(_) => Found::Unknown,
            None => Found::Value(value),
        }
    }

    /// A text with variables in it, where all of it is known.
    fn known_text(&self, text: &str, depth: usize) -> Option<String> {
        let value = self.text(text, self.root.span.at_start(), depth);
        text_of(&value)?.as_str().map(str::to_owned)
    }

    fn of_self(&self, address: &str, depth: usize) -> Found {
        if let Some(known) = self.known.borrow().get(address) {
            // One that asks for itself has no value.
            return match known {
                Some((found, size)) if self.spend(*size) => found.clone(),
                _ => Found::Unknown,
            };
        }
        self.known.borrow_mut().insert(address.to_owned(), None);
        let before = self.left.get();
        let found = match self.lookup(self.root, address, depth) {
            Found::Missing => self.default_of(address),
            found => found,
        };
        let size = before - self.left.get();
        let entry = Some((found.clone(), size));
        self.known.borrow_mut().insert(address.to_owned(), entry);
        found
    }

    /// What the framework itself gives for an address that the configuration leaves out.
    fn default_of(&self, address: &str) -> Found {
        let start = self.root.span.at_start();
        let default = match address {
            "provider.stage" => self.given.get("stage").map_or(self.defaults.stage, |s| s),
            "provider.region" => self.given.get("region").map_or(self.defaults.region, |r| r),
            "service.name" => return self.lookup(self.root, "service", 1),
            _ => return Found::Missing,
        };
        Found::Value(Node::text(default, start))
    }

    /// What stands at an address in a document.
    fn lookup(&self, root: &Node, address: &str, depth: usize) -> Found {
        let mut node = root.clone();
        for step in address.split('.').filter(|step| !step.is_empty()) {
            if node.as_str().is_some_and(|text| text.contains("${")) {
                node = self.value(&node, depth);
            }
            if node.as_hole().is_some() {
                return Found::Unknown;
            }
            let index = step.parse::<usize>().ok();
            let item = index.and_then(|index| node.items().get(index));
            match node.get(step).or(item) {
                Some(inner) => node = inner.clone(),
                None => return Found::Missing,
            }
        }
        let value = self.value(&node, depth);
        match value.as_hole() {
            _ if value.is_null() => Found::Missing,
            Some(hole) if hole.likely.is_none() => Found::Unknown,
            _ => Found::Value(value),
        }
    }

    fn of_option(&self, name: &str) -> Found {
        self.given.get(name).map_or(Found::Missing, |given| {
            Found::Value(Node::text(given.as_str(), self.root.span.at_start()))
        })
    }

    /// A parameter: that of the stage, or the default.
    ///
    /// <https://www.serverless.com/framework/docs/guides/parameters>
    fn of_parameter(&self, name: &str, depth: usize) -> Found {
        if let found @ Found::Value(_) = self.of_option(name) {
            return found;
        }
        let stage = self.stage();
        let stages = [stage.as_str().unwrap_or("default"), "default"];
        for stage in stages {
            for place in [
                format!("params.{stage}.{name}"),
                format!("stages.{stage}.params.{name}"),
            ] {
                match self.of_self(&place, depth) {
                    Found::Missing => {}
                    found => return found,
                }
            }
        }
        let is_declared = ["params", "stages"]
            .iter()
            .any(|name| self.root.get(name).is_some());
        // It can be given when the service is deployed.
        match is_declared {
            true => Found::Missing,
            false => Found::Unknown,
        }
    }

    fn of_account(&self, name: &str) -> Found {
        let pseudo = match name {
            "accountId" => "AWS::AccountId",
            "region" => "AWS::Region",
            _ => return Found::Unknown,
        };
        let region = self.region().filter(|_| name == "region");
        let known = region.or_else(|| self.given.get(pseudo).cloned());
        let text = match known {
            Some(known) => Text::from(known),
            None => Text::hole(Hole::word(pseudo).written(pseudo)),
        };
        Found::Value(Node::text(text, self.root.span.at_start()))
    }

    fn of_file(&self, source: &Source<'_>, address: &str, depth: usize) -> Found {
        let Some(path) = source
            .parameters
            .and_then(|path| self.known_text(path, depth))
        else {
            return Found::Unknown;
        };
        let ending = path.rsplit('.').next().unwrap_or("");
        if self.defaults.scripts.contains(&ending) {
            return Found::Unknown;
        }
        match self.files.get(&beside(self.path, &path)) {
            Some(root) => self.lookup(root, address, depth),
            None => Found::Unknown,
        }
    }

    /// A text that is not known before the deployment; the same source gives the same.
    fn open(&self, what: &str) -> Text {
        self.likely(what, None)
    }

    fn likely(&self, what: &str, likely: Option<&str>) -> Text {
        let region = ["self:provider.region", "opt:region"];
        let hole = match region.contains(&what) {
            true => Hole::word("AWS::Region").written("AWS::Region"),
            false => Hole::anything(what).of(&self.whose),
        };
        Text::hole(match likely {
            Some(likely) => hole.likely(likely),
            None => hole,
        })
    }

    fn spend(&self, values: usize) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(values));
        left >= values
    }
}

/// A value that is written in a variable without quotes.
fn literal(written: &str, span: Span) -> Found {
    let kind = match written {
        "true" => Kind::Bool(true),
        "false" => Kind::Bool(false),
        "null" | "" => return Found::Missing,
        _ if written.parse::<f64>().is_ok() => Kind::Number(written.into()),
        _ => return Found::Unknown,
    };
    Found::Value(Node::new(kind, span))
}

/// The text that a scalar stands for.
pub(super) fn text_of(node: &Node) -> Option<Text> {
    match &node.kind {
        Kind::Text(text) => Some(text.clone()),
        _ => node.scalar().map(Text::from),
    }
}

/// A call of `Fn::Sub` whose text is known in part, as one of `Fn::Join`.
fn with_holes_joined(node: &Node) -> Node {
    let [call] = node.members() else {
        return node.clone();
    };
    let (text, names) = match call.value.items() {
        [text, names] => (text, Some(names)),
        _ => (&call.value, None),
    };
    let pieces = text.as_text().filter(|text| text.as_str().is_none());
    let Some(pieces) = pieces.filter(|_| &*call.key.text == "Fn::Sub") else {
        return node.clone();
    };
    let span = text.span;
    let parts = pieces.pieces().into_iter().map(|piece| match piece {
        Piece::Known(known) => {
            let known = Node::text(&*known, span);
            let given = match names {
                Some(names) => Node::array(vec![known, names.clone()], span),
                None => known,
            };
            Node::object([("Fn::Sub", given)], span)
        }
        hole @ Piece::Hole(_) => Node::text(Text::of([hole]), span),
    });
    let list = Node::array(parts.collect(), span);
    let joined = Node::array(vec![Node::text("", span), list], span);
    Node::object([("Fn::Join", joined)], node.span)
}
