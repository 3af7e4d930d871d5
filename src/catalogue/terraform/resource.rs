//! A resource type or data source of Terraform.

use std::collections::BTreeMap;

use super::mapping::{AttributePath, Mapping, by_name, one, path};
use crate::catalogue::decode::templates_by_name;
use crate::catalogue::resource::TemplateResource;
use crate::diagnostics::Problem;
use crate::syntax::{Fields, Node, Template};

/// A resource type or data source of Terraform.
#[derive(Debug)]
pub struct TerraformResource {
    /// Its name, as in `aws_sqs_queue`.
    pub name: String,
    /// The CloudFormation type that it corresponds to.
    pub kind: Option<String>,
    /// Where the properties of that type come from.
    pub properties: Vec<(String, Mapping)>,
    /// Where other parts of its attributes come from.
    pub values: Vec<(String, Mapping)>,
    /// Its attributes, in terms of the forms of that type.
    pub attributes: BTreeMap<String, Template>,
    /// The forms of attributes, in terms of what they refer to: `{reference}`, or `{arn}` for an ARN.
    pub references: BTreeMap<String, Template>,
    /// What other resources name it by, where its declaration says so.
    pub reference: Option<Mapping>,
    /// The resource that it is a part of.
    pub extends: Option<Extension>,
    /// The attribute without which it is nothing.
    pub when: Option<AttributePath>,
    /// The value that this attribute must have.
    pub when_is: Option<String>,
    /// The list for each of whose elements it is a resource; the element is its attribute `each`.
    pub for_each: Option<AttributePath>,
    /// The attribute that is the root of the paths in it.
    pub path_root: Option<String>,
    /// The attribute that is the path in which it is.
    pub path: Option<String>,
    /// The attributes that are the policy document that its blocks declare.
    pub documents: Vec<String>,
    /// The attribute that is the document of the AWS-managed policy that `arn` names.
    pub managed_document: Option<String>,
    /// The attributes that are usually completed where they are referred to.
    pub completed: Vec<String>,
    /// The other resources that it declares.
    pub parts: Vec<TerraformResource>,
    /// The CloudFormation type, where nothing else is known of it.
    pub shape: TemplateResource,
}

/// The resource that another one is a part of.
#[derive(Debug)]
pub struct Extension {
    /// The attribute that names the resource.
    pub by: AttributePath,
    /// Its properties where it is not declared; nothing is known of it without them.
    pub alone: Option<Vec<(String, Mapping)>>,
}

impl TerraformResource {
    /// Reads a type; what is wrong with it becomes a problem.
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a Terraform type", problems)?;
        let name = fields.text("type").map(str::to_owned);
        fields.text("source");
        let resource = TerraformResource::decode_rest(fields);
        Some(TerraformResource {
            name: name?,
            ..resource
        })
    }

    /// Reads another resource that a type declares.
    fn decode_part(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let fields = Fields::open(node, "a part of a Terraform type", problems)?;
        Some(TerraformResource::decode_rest(fields))
    }

    fn decode_rest(mut fields: Fields<'_, '_>) -> Self {
        let kind = fields.optional_text("as").map(str::to_owned);
        let properties = by_name(&mut fields, "properties");
        let values = by_name(&mut fields, "values");
        let attributes = templates_by_name(&mut fields, "attributes");
        let references = templates_by_name(&mut fields, "references");
        let reference = one(&mut fields, "ref");
        let extends = fields.optional("extends");
        let extends = extends.and_then(|node| Extension::decode(node, fields.problems()));
        let [when, for_each] = ["when", "forEach"].map(|name| path(&mut fields, name));
        let [path_root, path, managed_document, when_is] =
            ["pathRoot", "path", "managedPolicyDocument", "whenIs"]
                .map(|name| fields.optional_text(name).map(str::to_owned));
        let documents = fields.texts("policyDocument");
        let completed = fields.texts("completed");
        let listed = fields.list("parts");
        let parts = listed.iter();
        let parts =
            parts.filter_map(|node| TerraformResource::decode_part(node, fields.problems()));
        let parts = parts.collect();
        fields.finish();
        TerraformResource {
            name: String::new(),
            shape: TemplateResource::named(kind.as_deref().unwrap_or_default()),
            kind,
            properties,
            values,
            attributes: attributes.into_iter().collect(),
            references: references.into_iter().collect(),
            reference,
            extends,
            when,
            when_is,
            for_each,
            path_root,
            path,
            documents,
            managed_document,
            completed,
            parts,
        }
    }
}

impl Extension {
    fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "what a resource extends", problems)?;
        let by = fields.required("by").and_then(|_| path(&mut fields, "by"));
        let alone = fields.optional("alone").is_some();
        let alone = alone.then(|| by_name(&mut fields, "alone"));
        fields.finish();
        Some(Extension { by: by?, alone })
    }
}
