//! Intrinsic functions one by one.

use super::partial_string::{Place, joined, places, split, with_references_open};
use super::resolve::{Resolver, text_of};
use crate::syntax::{Hole, Kind, Node, Text};

/// How long a text can be: that of a whole template.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
const LONGEST_TEXT: usize = 1 << 20;

/// How many pieces of a text that is not wholly known are kept apart.
const MOST_PIECES: usize = 1_000;

impl Resolver<'_> {
    pub(super) fn substituted(&self, given: &Node, depth: usize) -> Option<Text> {
        let (text, names) = match given.items() {
            [text, names] => (text, self.deep(names, depth)),
            _ => (given, None),
        };
        let parts = places(text.as_str()?).into_iter().map(|place| match place {
            Place::Verbatim(known) => Text::from(known),
            Place::Literal(literal) => Text::from(format!("${{{literal}}}")),
            Place::Name(name) => {
                let own = names
                    .as_ref()
                    .and_then(|names| names.get(name))
                    .and_then(text_of);
                own.or_else(|| self.sub_name(name, depth))
                    .unwrap_or_else(|| self.open(name))
            }
        });
        self.put_together("", &parts.collect::<Vec<Text>>())
    }

    /// Texts with a delimiter between each two; nothing where that is too long to be a text of a
    /// template.
    pub(super) fn put_together(&self, delimiter: &str, texts: &[Text]) -> Option<Text> {
        let length = texts.iter().map(|text| text.len() + delimiter.len()).sum();
        let holes = texts.iter().filter(|text| text.as_str().is_none());
        let pieces: usize = holes.map(|text| text.pieces().len()).sum();
        let is_kept = length <= LONGEST_TEXT && pieces <= MOST_PIECES && self.spend(length);
        is_kept.then(|| with_references_open(joined(delimiter, texts)))
    }

    pub(super) fn sub_name(&self, name: &str, depth: usize) -> Option<Text> {
        match name.split_once('.') {
            // The transform of SAM takes `${Function.Alias}` for the alias.
            Some(_) if self.resources.contains_key(name) => self.referred(name, depth),
            Some((resource, attribute)) => self.attribute(resource, attribute, depth),
            None => self.referred(name, depth),
        }
    }

    pub(super) fn joined(&self, given: &Node, depth: usize) -> Option<Text> {
        let [delimiter, list] = given.items() else {
            return None;
        };
        let list = self.deep(list, depth)?;
        let texts: Option<Vec<Text>> = list.items().iter().map(text_of).collect();
        self.put_together(delimiter.as_str()?, &texts.filter(|_| list.is_array())?)
    }

    pub(super) fn selected(&self, node: &Node, given: &Node, depth: usize) -> Option<Node> {
        let nothing = || Some(self.unknown(node, "Fn::Select"));
        let [index, list] = given.items() else {
            return nothing();
        };
        let index = self.deep(index, depth).as_ref().and_then(text_of);
        let index = index.and_then(|text| text.as_str()?.parse::<usize>().ok());
        let list = self.deep(list, depth);
        let item = index
            .zip(list.as_ref())
            .and_then(|(index, list)| list.items().get(index));
        item.cloned().map_or_else(nothing, Some)
    }

    pub(super) fn split(&self, node: &Node, given: &Node, depth: usize) -> Option<Node> {
        let [delimiter, text] = given.items() else {
            return Some(self.unknown(node, "Fn::Split"));
        };
        let text = self.deep(text, depth).as_ref().and_then(text_of);
        let parts = text.and_then(|text| split(delimiter.as_str()?, &text));
        Some(match parts {
            Some(parts) => {
                let parts = parts.into_iter().map(|part| Node::text(part, node.span));
                Node::array(parts.collect(), node.span)
            }
            None => self.unknown(node, "Fn::Split"),
        })
    }

    pub(super) fn chosen(&self, node: &Node, given: &Node, depth: usize) -> Option<Node> {
        let [name, yes, no] = given.items() else {
            return Some(self.unknown(node, "Fn::If"));
        };
        match name.as_str().and_then(|name| self.condition(name, depth)) {
            Some(true) => self.deep(yes, depth),
            Some(false) => self.deep(no, depth),
            None => Some(self.unknown(node, "Fn::If")),
        }
    }

    /// A managed policy by its name alone: the AWS-managed one that is called so.
    pub(super) fn managed_policy(&self, node: &Node, name: &Node) -> Node {
        let name = name.as_str().unwrap_or("");
        let sam = self.catalogue.sam();
        let folders = sam.and_then(|sam| sam.get("managedPolicyFolders"));
        let folders = folders.map_or(&[][..], Node::items).iter();
        let mut arns = folders
            .filter_map(Node::as_str)
            .map(|folder| format!("arn:aws:iam::aws:policy/{folder}{name}"));
        let arn = arns.find(|arn| self.catalogue.managed.policy(arn).is_some());
        // The same policy is in every partition.
        let anywhere = arn.and_then(|arn| {
            let (_, behind) = arn.split_once("arn:aws:")?;
            let partition = self.setting.pseudo("AWS::Partition")?;
            Some(joined(
                ":",
                &[Text::from("arn"), partition, Text::from(behind)],
            ))
        });
        Node::text(anywhere.unwrap_or_else(|| Text::from(name)), node.span)
    }

    /// What another stack exports under a name.
    pub(super) fn imported(&self, name: &Node, depth: usize) -> Option<Text> {
        let name = self.deep(name, depth)?;
        let name = name.as_text()?;
        let around = &self.setting.around;
        let known = name.as_str().and_then(|name| around.exports.get(name));
        // Whoever imports it under this name gets the same.
        let hole = || Hole::anything(&format!("Fn::ImportValue {name}"));
        Some(match (known, name.as_str()) {
            (Some(known), _) => known.clone(),
            (None, Some(_)) => Text::hole(hole()),
            (None, None) => Text::hole(hole().of(&around.stack)),
        })
    }

    pub(super) fn length(&self, node: &Node, list: &Node, depth: usize) -> Node {
        match self.deep(list, depth) {
            Some(list) if list.is_array() => {
                let length = list.items().len().to_string();
                Node::new(Kind::Number(length.into()), node.span)
            }
            _ => self.unknown(node, "Fn::Length"),
        }
    }

    /// What a mapping gives. What it gives for a key that is only probable is only probable.
    pub(super) fn found(&self, node: &Node, given: &Node, depth: usize) -> Option<Node> {
        let keys = given.items().iter().take(3);
        let keys = keys.map(|key| self.deep(key, depth).as_ref().and_then(text_of));
        let keys: Vec<Text> = keys.collect::<Option<_>>().unwrap_or_default();
        let names: Vec<Text> = keys.iter().map(Text::filled).collect();
        let names: Option<Vec<&str>> = names.iter().map(Text::as_str).collect();
        let called = keys.iter().map(ToString::to_string);
        let called = format!("Fn::FindInMap {}", called.collect::<Vec<_>>().join("."));
        let Some([map, first, second]) = names.as_deref() else {
            return Some(Node::text(self.open(&called), node.span));
        };
        let default = given.items().get(3);
        let default = default.and_then(|more| more.get("DefaultValue"));
        let found = self.template.at(&["Mappings", map, first, second]);
        let Some(value) = found.or(default) else {
            return Some(Node::text(self.open(&called), node.span));
        };
        let value = self.deep(value, depth)?;
        let is_sure = keys.iter().all(|key| key.as_str().is_some());
        Some(match is_sure {
            true => value,
            false => self.probable(&called, value),
        })
    }

    /// A value that is only probable: holes that probably have its texts.
    fn probable(&self, called: &str, value: Node) -> Node {
        let span = value.span;
        if value.is_array() {
            let items = value.items().iter().enumerate();
            let items = items
                .map(|(index, item)| self.probable(&format!("{called}[{index}]"), item.clone()));
            return Node::array(items.collect(), span);
        }
        let stack = &self.setting.around.stack;
        let hole = Hole::anything(called).of(stack);
        match text_of(&value).as_ref().map(Text::filled) {
            Some(Text::Known(known)) => Node::text(Text::hole(hole.likely(&known)), span),
            Some(Text::Partial(_)) => Node::text(Text::hole(hole), span),
            None => value,
        }
    }
}
