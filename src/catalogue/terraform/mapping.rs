//! Where a property of a CloudFormation resource comes from in a block of Terraform.

use std::collections::BTreeMap;

use crate::diagnostics::Problem;
use crate::syntax::{Fields, Node, Template};

/// The attributes that lead to a value, the first ones those of nested blocks.
pub type AttributePath = Vec<String>;

/// Where a value comes from.
#[derive(Debug)]
pub enum Mapping {
    /// An attribute.
    Path(AttributePath),
    /// An object, from the first block at a path.
    Object {
        /// The path; empty for the block that the mapping is in.
        from: AttributePath,
        /// Its members.
        members: Vec<(String, Mapping)>,
    },
    /// A list with a value for each element at a path.
    Each {
        /// The path.
        path: AttributePath,
        /// What an element becomes.
        value: Box<Mapping>,
        /// The attribute of an element that is the name of its value, for an object in place of a list.
        key: Option<String>,
    },
    /// A list of those values that are set.
    List(Vec<Mapping>),
    /// JSON, as a string or as an object.
    Json(AttributePath),
    /// Always the same value.
    Constant(Node),
    /// The first value that is set.
    First(Vec<Mapping>),
    /// A name, or the prefix of a name that the provider completes.
    Name {
        /// The attribute with the name.
        name: AttributePath,
        /// The attribute with the prefix.
        prefix: AttributePath,
    },
    /// The values that are set, the first of which must be, as one text.
    Join {
        /// What stands between them.
        separator: String,
        /// The values.
        of: Vec<Mapping>,
    },
    /// An attribute with other values than the property has.
    Value {
        /// The attribute.
        path: AttributePath,
        /// The values of the property by those of the attribute.
        map: BTreeMap<String, Node>,
    },
    /// A part of a text that has a format.
    Capture {
        /// What the part is called in the format.
        name: String,
        /// The format.
        format: Template,
        /// The text.
        of: Box<Mapping>,
    },
    /// A text that has a format.
    Matching {
        /// The format.
        format: Template,
        /// The text.
        of: Box<Mapping>,
    },
    /// A text that begins with a prefix, which is added where it is missing.
    Prefixed {
        /// The prefix.
        prefix: String,
        /// The text.
        of: Box<Mapping>,
    },
    /// An attribute of the resource itself, also one that the provider computes.
    Attribute(String),
    /// Where the resource is deployed, as in `AWS::Region`.
    Place(String),
    /// Something that is not known, by what it is called.
    Unknown(String),
    /// The ARN of the AWS-managed policy of that name.
    ManagedPolicy {
        /// The attribute with the name.
        name: AttributePath,
        /// The ARNs that it can have; `{name}` is the name.
        arns: Vec<Template>,
    },
}

impl Mapping {
    /// Reads a mapping; what is wrong with it becomes a problem.
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        if let Some(path) = node.as_str() {
            return Some(Mapping::Path(attribute_path(path)));
        }
        let mut fields = Fields::open(node, "a mapping", problems)?;
        let mapping = Mapping::structure(&mut fields).or_else(|| Mapping::text(&mut fields));
        if mapping.is_none() {
            fields.mistake(
                node,
                "this mapping says nothing about where a value comes from",
            );
        }
        fields.finish();
        mapping
    }

    /// The mappings of objects and lists, and choices.
    fn structure(fields: &mut Fields<'_, '_>) -> Option<Self> {
        let from = path(fields, "from");
        let object = fields
            .optional("members")
            .is_some()
            .then(|| Mapping::Object {
                from: from.unwrap_or_default(),
                members: by_name(fields, "members"),
            });
        let each = path(fields, "each");
        let key = fields.optional_text("keyedBy").map(str::to_owned);
        let value = one(fields, "value");
        let map = values(fields);
        let list = several(fields, "list").map(Mapping::List);
        let first = several(fields, "first").map(Mapping::First);
        let constant = fields.optional("constant").cloned();
        match (each, value, map) {
            (Some(path), value, _) => Some(Mapping::Each {
                path,
                value: Box::new(value.or(object)?),
                key,
            }),
            (None, Some(Mapping::Path(path)), Some(map)) => Some(Mapping::Value { path, map }),
            _ => object
                .or(list)
                .or(first)
                .or(constant.map(Mapping::Constant)),
        }
    }

    /// The mappings of texts.
    fn text(fields: &mut Fields<'_, '_>) -> Option<Self> {
        let [json, name, prefix, policy] =
            ["json", "name", "prefix", "managedPolicy"].map(|member| path(fields, member));
        let arns = fields.templates("arns");
        let joined = fields.optional_text("join").map(str::to_owned);
        let prefixed = fields.optional_text("prefixed").map(str::to_owned);
        let capture = fields.optional_text("capture").map(str::to_owned);
        let [format, matching] = ["format", "matching"].map(|member| fields.template(member));
        let mut of = several(fields, "of").unwrap_or_default();
        let other = ["attribute", "place", "unknown"].map(|member| {
            let text = fields.optional_text(member);
            text.map(str::to_owned)
        });
        let [attribute, place, unknown] = other;
        if let Some(separator) = joined {
            return Some(Mapping::Join { separator, of });
        }
        let only = of.pop().map(Box::new);
        match (prefixed, matching, capture.zip(format), only) {
            (Some(prefix), _, _, Some(of)) => return Some(Mapping::Prefixed { prefix, of }),
            (_, Some(format), _, Some(of)) => return Some(Mapping::Matching { format, of }),
            (_, _, Some((name, format)), Some(of)) => {
                return Some(Mapping::Capture { name, format, of });
            }
            _ => {}
        }
        let named = name.map(|name| Mapping::Name {
            name,
            prefix: prefix.unwrap_or_default(),
        });
        let managed = policy.map(|name| Mapping::ManagedPolicy { name, arns });
        (json.map(Mapping::Json))
            .or(named)
            .or(managed)
            .or(attribute.map(Mapping::Attribute))
            .or(place.map(Mapping::Place))
            .or(unknown.map(Mapping::Unknown))
    }
}

/// The steps of a path.
pub(super) fn attribute_path(path: &str) -> AttributePath {
    path.split('.').map(str::to_owned).collect()
}

/// A path that may be there.
pub(super) fn path(fields: &mut Fields<'_, '_>, name: &'static str) -> Option<AttributePath> {
    fields.optional_text(name).map(attribute_path)
}

/// A mapping that may be there.
pub(super) fn one(fields: &mut Fields<'_, '_>, name: &'static str) -> Option<Mapping> {
    let node = fields.optional(name)?;
    Mapping::decode(node, fields.problems())
}

/// The mappings of a list that may be there; one without brackets is a list of one.
fn several(fields: &mut Fields<'_, '_>, name: &'static str) -> Option<Vec<Mapping>> {
    let nodes = fields.optional(name)?.each();
    let mappings = nodes.iter();
    let mappings = mappings.filter_map(|node| Mapping::decode(node, fields.problems()));
    Some(mappings.collect())
}

/// The mappings of an object, by the names of its members.
pub(super) fn by_name(fields: &mut Fields<'_, '_>, name: &'static str) -> Vec<(String, Mapping)> {
    let members = fields.optional(name).map_or(&[][..], Node::members);
    let mappings = members.iter().filter_map(|member| {
        let mapping = Mapping::decode(&member.value, fields.problems())?;
        Some((member.key.text.to_string(), mapping))
    });
    mappings.collect()
}

/// The values of a property, by those of the attribute.
fn values(fields: &mut Fields<'_, '_>) -> Option<BTreeMap<String, Node>> {
    let members = fields.optional("map")?.members().iter();
    let values = members.map(|member| (member.key.text.to_string(), member.value.clone()));
    Some(values.collect())
}
