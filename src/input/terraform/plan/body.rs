//! The attributes of an instance: those that a plan knows, and what its configuration says of the others.

use std::collections::HashSet;

use super::lookup::{Place, References, Value};
use super::meaning::Meaning;
use super::path::Path;
use super::planned::Planned;
use crate::source::Span;
use crate::syntax::{Hole, Kind, Member, Node, Text};

/// How deep values may be nested of which a part is not known; no type of a provider nests its blocks as deep.
const MAX_NESTING: usize = 24;

/// The attributes of an instance.
pub(super) fn of<'p>(planned: &Planned<'p>, references: &dyn References<'p>) -> Node {
    let reader = Reader {
        planned,
        references,
    };
    let expressions = planned.configuration.and_then(|c| c.get("expressions"));
    let marks = Marks {
        unknown: planned.unknown,
        sensitive: planned.sensitive,
    };
    let span = planned.entry.span;
    match reader.object(planned.values, marks, expressions, &Path::Top) {
        Some(body) => Node::new(body.kind, planned.values.map_or(span, |values| values.span)),
        None => Node::object([], span),
    }
}

/// What Terraform says of a value, in the shape of the value.
#[derive(Clone, Copy)]
struct Marks<'p> {
    /// Where it is not known before the deployment.
    unknown: Option<&'p Node>,
    /// Where it is not to be shown.
    sensitive: Option<&'p Node>,
}

impl<'p> Marks<'p> {
    fn is_unknown(self) -> bool {
        is_true(self.unknown)
    }

    fn is_sensitive(self) -> bool {
        is_true(self.sensitive)
    }

    /// Whether there is nothing to say of all that is in the value.
    fn is_silent(self) -> bool {
        let marks = self.unknown.into_iter().chain(self.sensitive);
        let mut all = marks.flat_map(Node::walk);
        !all.any(|node| node.as_bool() == Some(true))
    }

    fn member(self, name: &str) -> Self {
        let of = |marks: Option<&'p Node>| marks.and_then(|marks| marks.get(name));
        Marks {
            unknown: of(self.unknown),
            sensitive: of(self.sensitive),
        }
    }

    fn item(self, index: usize) -> Self {
        let of = |marks: Option<&'p Node>| marks.and_then(|marks| marks.items().get(index));
        Marks {
            unknown: of(self.unknown),
            sensitive: of(self.sensitive),
        }
    }
}

fn is_true(mark: Option<&Node>) -> bool {
    mark.and_then(Node::as_bool) == Some(true)
}

/// Reads the attributes of an instance.
struct Reader<'r, 'p> {
    planned: &'r Planned<'p>,
    references: &'r dyn References<'p>,
}

impl<'p> Reader<'_, 'p> {
    /// A value; nothing for one that the provider computes.
    fn value(
        &self,
        known: Option<&'p Node>,
        marks: Marks<'p>,
        expression: Option<&'p Node>,
        path: &Path<'_>,
    ) -> Option<Node> {
        if marks.is_sensitive() || path.depth() > MAX_NESTING {
            let span = known.or(marks.sensitive).map(|node| node.span);
            return Some(self.hole(path, span));
        }
        if marks.is_unknown() {
            return Some(self.unknown(expression, marks, path));
        }
        if marks.is_silent() {
            return known.cloned();
        }
        // What is unknown of a list or object can be all that there is of it.
        let shaped = known.filter(|node| !node.is_null()).or(marks.unknown);
        match shaped.map(|node| &node.kind) {
            Some(Kind::Array(_)) => self.array(known, marks, expression, path),
            Some(Kind::Object(_)) => self.object(known, marks, expression, path),
            _ => known.cloned(),
        }
    }

    fn object(
        &self,
        known: Option<&'p Node>,
        marks: Marks<'p>,
        expression: Option<&'p Node>,
        path: &Path<'_>,
    ) -> Option<Node> {
        let blocks = expression.filter(|node| !is_expression(node));
        let is_block = path.is_top() || blocks.is_some();
        let mut seen = HashSet::new();
        let mut members = Vec::new();
        let all = [known, marks.unknown, blocks].into_iter().flatten();
        for Member { key, .. } in all.flat_map(Node::members) {
            let name = &*key.text;
            if !seen.insert(name) {
                continue;
            }
            let of = |node: Option<&'p Node>| node.and_then(|node| node.get(name));
            let (known, own) = (of(known), of(blocks));
            let (marks, inner) = (marks.member(name), Path::Member(path, name));
            let is_left_out = is_block && self.is_left_out(known, own);
            let value = match () {
                () if is_left_out => Some(self.unknown(own, marks, &inner)),
                () if marks.is_silent() => known.cloned(),
                () if is_block && own.is_none() && self.is_computed(name, marks) => None,
                () => self.value(known, marks, own, &inner),
            };
            let key = key.clone();
            members.extend(value.map(|value| Member { key, value }));
        }
        let span = known.or(expression).or(marks.unknown)?.span;
        Some(Node::new(Kind::Object(members.into()), span))
    }

    /// Whether a value is missing because it is not known, in a plan that does not say so.
    fn is_left_out(&self, known: Option<&Node>, own: Option<&Node>) -> bool {
        let is_unset = known.is_none_or(Node::is_null);
        let refers = own.is_some_and(|own| own.get("references").is_some());
        self.planned.unknown.is_none() && is_unset && refers
    }

    /// Whether the provider computes a value that the configuration does not give.
    fn is_computed(&self, name: &str, marks: Marks<'_>) -> bool {
        let planned = self.planned;
        // A block that is made for each element of something is not among the expressions either.
        let is_told = planned.configuration.is_some() && !planned.is_data;
        let computed = |name| {
            let roles = self.references.roles();
            roles.is_computed(planned.type_name, planned.is_data, name)
        };
        marks.is_unknown() && !marks.is_sensitive() && (is_told || computed(name))
    }

    fn array(
        &self,
        known: Option<&'p Node>,
        marks: Marks<'p>,
        expression: Option<&'p Node>,
        path: &Path<'_>,
    ) -> Option<Node> {
        let items = known.map_or(&[][..], Node::items);
        let unknown = marks.unknown.map_or(&[][..], Node::items);
        let length = items.len().max(unknown.len());
        let open = unknown.iter().filter(|mark| is_true(Some(mark))).count();
        let mut assigned = self.assigned(expression, open, path).into_iter();
        let values = (0..length).flat_map(|index| {
            let (known, marks) = (items.get(index), marks.item(index));
            let path = Path::Item(path, index);
            if marks.is_unknown() && !marks.is_sensitive() {
                let given = assigned.next();
                return given.unwrap_or_else(|| vec![self.unknown(None, marks, &path)]);
            }
            let block = block_of(expression, index, known);
            Vec::from_iter(self.value(known, marks, block, &path))
        });
        let values: Vec<Node> = values.collect();
        let span = known.or(expression).or(marks.unknown)?.span;
        Some(Node::array(values, span))
    }

    /// The values of so many unknown elements, if each is one reference of the list: of each, what it can be.
    fn assigned(&self, list: Option<&Node>, open: usize, path: &Path<'_>) -> Vec<Vec<Node>> {
        let Some(list) = list.filter(|list| open > 0 && is_expression(list)) else {
            return Vec::new();
        };
        let values = self.references.values(list, &self.place(path));
        let unknown = values.into_iter().filter(|value| match value {
            Value::Of { open, .. } => *open,
            Value::Known => false,
            Value::Unclear => true,
        });
        let unknown: Vec<Value> = unknown.collect();
        let each = unknown.iter().enumerate();
        let nodes = each.map(|(index, value)| match value {
            Value::Of { .. } => {
                let path = Path::Item(path, index);
                let referred = value.referred()?;
                self.meaning(&path).elements(&referred, list.span)
            }
            _ => None,
        });
        let nodes: Option<Vec<Vec<Node>>> = nodes.collect();
        let fits = |nodes: &Vec<Vec<Node>>| nodes.len() == open;
        nodes.filter(fits).unwrap_or_default()
    }

    fn unknown(&self, expression: Option<&Node>, marks: Marks<'_>, path: &Path<'_>) -> Node {
        let Some(expression) = expression.filter(|_| path.depth() <= MAX_NESTING) else {
            return self.hole(path, marks.unknown.map(|mark| mark.span));
        };
        match &expression.kind {
            Kind::Array(blocks) => {
                let each = blocks.iter().enumerate();
                let blocks = each.map(|(index, block)| {
                    self.unknown(Some(block), marks, &Path::Item(path, index))
                });
                Node::array(blocks.collect(), expression.span)
            }
            Kind::Object(attributes) if !is_expression(expression) => {
                let members = attributes.iter().map(|member| {
                    let path = Path::Member(path, &member.key.text);
                    let value = self.unknown(Some(&member.value), marks, &path);
                    let key = member.key.clone();
                    Member { key, value }
                });
                Node::new(
                    Kind::Object(members.collect::<Vec<Member>>().into()),
                    expression.span,
                )
            }
            _ => self.evaluated(expression, path),
        }
    }

    /// The value of an expression, where it is one reference; a hole otherwise.
    fn evaluated(&self, expression: &Node, path: &Path<'_>) -> Node {
        let values = self.references.values(expression, &self.place(path));
        let span = expression.span;
        if let Some(constant) = expression.get("constant_value") {
            return constant.clone();
        }
        let is_clear = !values.iter().any(|value| matches!(value, Value::Unclear));
        let mut open = values.iter().filter_map(|value| match value {
            Value::Of { open: true, .. } => value.referred(),
            _ => None,
        });
        let only = open.next().filter(|_| is_clear && open.next().is_none());
        let value = only.and_then(|referred| {
            let meaning = self.meaning(path);
            meaning.value(&referred, values.len() == 1, span)
        });
        value.unwrap_or_else(|| self.hole(path, Some(span)))
    }

    fn meaning<'m>(&'m self, path: &'m Path<'m>) -> Meaning<'m> {
        let planned = self.planned;
        let roles = self.references.roles();
        Meaning {
            role: roles.role(planned.type_name, planned.is_data, &path.names()),
            planned,
            root: self.references.root(),
            path,
        }
    }

    fn place(&self, path: &Path<'_>) -> Place<'_> {
        let is_arn = path
            .names()
            .last()
            .is_some_and(|name| name.ends_with("arn"));
        Place {
            module: &self.planned.module,
            key: self.planned.key,
            takes_arn: is_arn || self.meaning(path).role.takes_arn(),
        }
    }

    fn hole(&self, path: &Path<'_>, span: Option<Span>) -> Node {
        let shown = path.shown(self.planned.address);
        let hole = Hole::anything(&shown).of(self.references.root());
        Node::text(Text::hole(hole), span.unwrap_or(self.planned.entry.span))
    }
}

/// Whether an object of the configuration is an expression, and not a nested block.
fn is_expression(node: &Node) -> bool {
    let mut members = node.members().iter();
    node.is_object()
        && members.all(|member| matches!(&*member.key.text, "constant_value" | "references"))
}

/// The block of the configuration that an element of a list is made from: blocks of a set are planned in
/// another order.
fn block_of<'p>(blocks: Option<&'p Node>, index: usize, known: Option<&Node>) -> Option<&'p Node> {
    let blocks = blocks.filter(|blocks| !is_expression(blocks))?.each();
    let fits = |block: &&&Node| known.is_none_or(|known| agrees(block, known));
    let mut fitting = blocks.iter().filter(|block| fits(&block));
    let only = fitting.next().filter(|_| fitting.next().is_none());
    only.or_else(|| blocks.get(index).filter(|block| fits(&block)))
}

/// Whether the constants of a block are the known values of an element.
fn agrees(block: &Node, known: &Node) -> bool {
    block.members().iter().all(|member| {
        let constant = member.value.get("constant_value");
        let value = known.get(&member.key.text).filter(|value| !value.is_null());
        constant.zip(value).is_none_or(|(constant, value)| {
            constant.scalar().is_none() || constant.scalar() == value.scalar()
        })
    })
}
