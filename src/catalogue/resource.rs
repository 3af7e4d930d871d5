//! Resources of templates: what `Ref` and `Fn::GetAtt` give of each type.

use std::collections::BTreeMap;

use super::json_text::JsonText;
use crate::diagnostics::Problem;
use crate::syntax::{Fields, Node, Selector, Template};

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
    /// What properties have that are not written.
    pub defaults: BTreeMap<String, String>,
    /// The property for which CloudFormation makes up a name with dashes in it.
    pub generated: Option<String>,
    /// Forms of ARNs that properties may hold in place of a name, which is their `{name}`.
    pub named: BTreeMap<String, Template>,
    /// Other forms, where a property is not what it is by default.
    pub variant: Option<Variant>,
    /// The property that holds the policy of a resource.
    pub policy: Option<String>,
    /// Actions that have no effect on such a resource, although its ARN looks as if they had, and
    /// what to name instead.
    pub lacks: BTreeMap<String, String>,
    /// Where the properties name the key with which it is encrypted.
    pub key: Option<Selector>,
    /// Where the properties say whether clients are known by their IAM identity.
    pub iam: Option<Selector>,
    /// All properties, where misspelt ones are to be told.
    pub properties: Vec<String>,
    /// The actions, and names of AWS-managed policies, with which whoever handles it can grant more
    /// to functions and roles.
    pub granting: [Vec<String>; 2],
    /// The path that it is in or makes.
    pub path: Option<ResourcePath>,
    /// The property that holds JSON.
    pub json: Option<JsonText>,
}

/// Forms that hold where a property is written and is not its default.
#[derive(Debug)]
pub struct Variant {
    /// The property.
    pub property: String,
    /// The form of the ARN.
    pub arn: Option<Template>,
    /// What `Ref` gives.
    pub reference: Option<Template>,
}

/// A path of which each step is a resource.
#[derive(Debug)]
pub struct ResourcePath {
    /// The property that names the step before.
    pub parent: String,
    /// The property that holds the own step.
    pub part: Option<String>,
}

impl TemplateResource {
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a resource type", problems)?;
        let name = fields.text("type").map(str::to_owned);
        let arn = fields.template("arn");
        let reference = fields.template("ref");
        let attributes = templates(&mut fields, "attributes");
        let named = templates(&mut fields, "named");
        let defaults = texts(&mut fields, "defaults");
        let lacks = texts(&mut fields, "lacks");
        let granting = [
            fields.texts("grantingActions"),
            fields.texts("grantingPolicies"),
        ];
        let policy = fields.optional_text("policy").map(str::to_owned);
        let key = fields.selector("key");
        let iam = fields.selector("iam");
        let properties = fields.texts("properties");
        let generated = fields.optional_text("generated").map(str::to_owned);
        let variant = fields
            .optional("where")
            .and_then(|node| Variant::decode(node, fields.problems()));
        let path = fields.optional("path").and_then(|path| {
            let part = path.str("part").map(str::to_owned);
            let parent = path.str("parent")?.to_owned();
            Some(ResourcePath { parent, part })
        });
        let json = fields.optional("json");
        let json = json.and_then(|node| JsonText::decode(node, fields.problems()));
        fields.text("source");
        fields.finish();
        Some(TemplateResource {
            name: name?,
            arn,
            reference,
            attributes,
            defaults,
            generated,
            policy,
            properties,
            key,
            iam,
            lacks,
            granting,
            named,
            variant,
            path,
            json,
        })
    }
}

impl Variant {
    fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "other forms", problems)?;
        let property = fields.text("property").map(str::to_owned);
        let arn = fields.template("arn");
        let reference = fields.template("ref");
        fields.finish();
        Some(Variant {
            property: property?,
            arn,
            reference,
        })
    }
}

/// The texts under a member, by name.
fn texts(fields: &mut Fields<'_, '_>, name: &'static str) -> BTreeMap<String, String> {
    let written = fields.optional(name).map_or(&[][..], Node::members);
    let texts = written.iter().filter_map(|member| {
        let text = member.value.as_str()?;
        Some((member.key.text.to_string(), text.to_owned()))
    });
    texts.collect()
}

/// The forms under a member, by name.
fn templates(fields: &mut Fields<'_, '_>, name: &'static str) -> BTreeMap<String, Template> {
    let written = fields.optional(name).map_or(&[][..], Node::members);
    let mut templates = BTreeMap::new();
    for member in written {
        match member.value.as_str().map(Template::parse) {
            Some(Ok(template)) => {
                templates.insert(member.key.text.to_string(), template);
            }
            _ => fields.wrong(name, format!("`{}` is no form", member.key.text)),
        }
    }
    templates
}
