//! What properties of resources take: an ARN, a name or a URL.

use std::collections::BTreeMap;

use super::decode::text_map;
use crate::diagnostics::{Problem, Severity};
use crate::syntax::{Fields, Node};

/// What properties of some resource types expect.
#[derive(Debug)]
pub struct PropertyForm {
    /// The resource types; one that ends with `*` is all that begin so.
    pub types: Vec<String>,
    /// The properties, each as the steps to it; the step `*` is every member, and lists are entered.
    pub properties: Vec<Vec<String>>,
    /// What they take.
    pub takes: Takes,
    /// A member beside the property, or else a property of the resource, and the values of it for which this
    /// holds.
    pub only_if: Option<(String, Vec<String>)>,
    /// The attribute to write for resources of a type; empty where none is known.
    pub attributes: BTreeMap<String, String>,
    /// The resource types whose ARNs or names they take; any where none is listed.
    pub of: Vec<String>,
    /// What happens if they get anything else.
    pub effect: String,
    /// How bad that is at most.
    pub most: Severity,
    /// AWS's page about it.
    pub source: String,
}

/// What a property takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// An ARN.
    Arn,
    /// A name, in which no colon can be.
    Name,
    /// A URL.
    Url,
}

impl Takes {
    const WORDS: [(&'static str, Takes); 3] = [
        ("ARN", Takes::Arn),
        ("name", Takes::Name),
        ("URL", Takes::Url),
    ];

    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        let mut words = Self::WORDS.into_iter();
        words
            .find(|(_, takes)| *takes == self)
            .map_or("", |(word, _)| word)
    }
}

impl PropertyForm {
    /// Reads an entry.
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "the form of a property", problems)?;
        let types = fields.texts("types");
        let properties = fields.texts("properties");
        let takes = fields.word("takes", &Takes::WORDS);
        let attributes = text_map(&mut fields, "attributes");
        let of = fields.texts("of");
        let effect = fields.text("effect").map(str::to_owned);
        let source = fields.text("source").map(str::to_owned);
        let most = fields.optional_word("severity", &[("warning", Severity::Warning)]);
        let only_if = only_if(&mut fields);
        fields.finish();
        let steps = properties.iter().map(|path| path.split('.'));
        Some(PropertyForm {
            types,
            properties: steps
                .map(|path| path.map(str::to_owned).collect())
                .collect(),
            takes: takes?,
            only_if,
            attributes,
            of,
            effect: effect?,
            most: most.unwrap_or(Severity::Error),
            source: source?,
        })
    }

    /// Whether an attribute that is an ARN is another one than that which is taken of resources of a type.
    #[must_use]
    pub fn wants_other(&self, type_name: &str, attribute: Option<&str>) -> bool {
        let wanted = self.attributes.get(type_name).map(String::as_str);
        let wanted = wanted.filter(|wanted| !wanted.is_empty() && !wanted.contains(':'));
        let given = attribute.filter(|given| given.ends_with("Arn"));
        wanted
            .zip(given)
            .is_some_and(|(wanted, given)| wanted != given)
    }

    /// Whether it is about resources of a type.
    #[must_use]
    pub fn is_of(&self, type_name: &str) -> bool {
        let mut types = self.types.iter();
        types.any(|known| match known.strip_suffix('*') {
            Some(start) => type_name.starts_with(start),
            None => known == type_name,
        })
    }
}

fn only_if(fields: &mut Fields<'_, '_>) -> Option<(String, Vec<String>)> {
    let node = fields.optional("onlyIf")?;
    let mut inner = Fields::open(node, "a condition", fields.problems())?;
    let property = inner.text("property").map(str::to_owned);
    let values = inner.texts("is");
    inner.finish();
    Some((property?, values))
}
