//! Resources of templates: what `Ref` and `Fn::GetAtt` give of each type.

use std::collections::BTreeMap;

use crate::document::{Fields, Node, Template};
use crate::finding::Problem;

/// A type of resources that templates declare.
#[derive(Debug)]
pub struct TemplateResource {
    /// The type, as in `AWS::SQS::Queue`.
    pub name: String,
    /// The form of its ARN.
    pub arn: Option<Template>,
    /// What `Ref` gives.
    pub reference: Option<Template>,
    /// What `Fn::GetAtt` gives, by name of the attribute.
    pub attributes: BTreeMap<String, Template>,
}

impl TemplateResource {
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a resource type", problems)?;
        let name = fields.text("type").map(str::to_owned);
        let arn = fields.template("arn");
        let reference = fields.template("ref");
        let written = fields.optional("attributes").map_or(&[][..], Node::members);
        let mut attributes = BTreeMap::new();
        for member in written {
            match member.value.as_str().map(Template::parse) {
                Some(Ok(template)) => {
                    attributes.insert(member.key.text.to_string(), template);
                }
                _ => fields.wrong("attributes", format!("`{}` is no form", member.key.text)),
            }
        }
        fields.text("source");
        fields.finish();
        Some(TemplateResource {
            name: name?,
            arn,
            reference,
            attributes,
        })
    }
}
