//! CloudFormation resource types: what `Ref` and `Fn::GetAtt` return, and what their properties contain.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::accepted_value::AcceptedValue;
use super::decode::{each, templates_by_name, text_map};
use super::embedded_json::EmbeddedJson;
use super::name_form::{self, NameForm};
use crate::diagnostics::Problem;
use crate::syntax::{Fields, Node, Selector, Template};

/// A resource type of CloudFormation.
#[derive(Debug, Default)]
pub struct TemplateResource {
    /// The type, as in `AWS::SQS::Queue`.
    pub name: String,
    /// The format of its ARN.
    pub arn: Option<Template>,
    /// What `Ref` returns.
    pub reference: Option<Template>,
    /// What `Fn::GetAtt` returns, by name of the attribute.
    pub attributes: BTreeMap<String, Template>,
    /// The default values of properties.
    pub defaults: BTreeMap<String, String>,
    /// The property for which CloudFormation generates a name, and the id of the form of that name.
    generated_name: Option<(String, String)>,
    /// The property that is true where a generated name ends with a text, and that text.
    pub name_suffix: Option<(String, String)>,
    /// The forms of what is made up, by what it is called in the other members.
    pub forms: BTreeMap<String, Arc<NameForm>>,
    /// Properties that take a name or an ARN, with the format of the ARN, whose `{name}` is the name.
    pub name_or_arn: BTreeMap<String, Template>,
    /// Other formats, where a property differs from its default.
    pub variant: Option<Variant>,
    /// The property that holds a resource-based policy.
    pub policy_property: Option<String>,
    /// The property that holds an identity policy.
    pub identity_policy_property: Option<String>,
    /// Where a role, or what a role is made for, holds its own policies.
    pub inline_policies: Option<InlinePolicies>,
    /// What a resource grants something to that does nothing else.
    pub grants: Option<GrantTarget>,
    /// The conditions of the function policy that properties of a permission define.
    pub permission_conditions: Vec<PermissionCondition>,
    /// Which values AWS accepts for properties.
    pub values: Vec<AcceptedValue>,
    /// The member of an encryption in the inventory that names a resource of this type.
    pub encrypted_as: Option<String>,
    /// The property that names the resources whose policy it is.
    pub policy_targets: Option<String>,
    /// Actions that do not work on this type although its ARN matches their format, and what to name
    /// instead.
    pub unsupported_actions: BTreeMap<String, String>,
    /// The property that names the KMS key with which it is encrypted.
    pub kms_key: Option<Selector>,
    /// The property that turns on IAM authentication of clients.
    pub iam_authentication: Option<Selector>,
    /// All properties, for the types whose misspelt properties are reported.
    pub properties: Vec<String>,
    /// The actions, and the names of AWS-managed policies, with which the handler of a custom resource
    /// can grant further permissions.
    pub granting: [Vec<String>; 2],
    /// The resource path that it is part of.
    pub path: Option<ResourcePath>,
    /// The property that holds JSON as a string.
    pub embedded_json: Option<EmbeddedJson>,
}

/// Where a resource holds a list of identity policies.
#[derive(Clone, Debug)]
pub struct InlinePolicies {
    /// The property with the list.
    pub property: String,
    /// The member of an entry that holds its name; none where entries have no names.
    pub name: Option<String>,
    /// The member of an entry that holds the document; none where the entry is the document.
    pub document: Option<String>,
}

/// What a resource grants something to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantTarget {
    /// What it is.
    pub to: Grantee,
    /// The property that names it.
    pub property: String,
}

/// What can be granted something by a resource of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grantee {
    /// A function, in its function policy.
    Function,
    /// A role, in its identity policies.
    Role,
}

impl Grantee {
    const WORDS: [(&'static str, Grantee); 2] =
        [("function", Grantee::Function), ("role", Grantee::Role)];
}

/// The condition of a function policy that a property of a permission stands for.
#[derive(Clone, Debug)]
pub struct PermissionCondition {
    /// The property.
    pub property: String,
    /// The condition operator.
    pub operator: String,
    /// The condition key.
    pub key: String,
}

/// Formats that apply if a property is set and differs from its default.
#[derive(Debug)]
pub struct Variant {
    /// The property.
    pub property: String,
    /// The format of the ARN.
    pub arn: Option<Template>,
    /// What `Ref` returns.
    pub reference: Option<Template>,
}

/// A path each of whose segments is a resource, as in an API.
#[derive(Debug)]
pub struct ResourcePath {
    /// The property that refers to the resource of the segment before.
    pub parent: String,
    /// The property that holds the segment of this resource.
    pub part: Option<String>,
}

impl TemplateResource {
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a resource type", problems)?;
        let name = fields.text("type").map(str::to_owned);
        let arn = fields.template("arn");
        let reference = fields.template("ref");
        let attributes = templates_by_name(&mut fields, "attributes");
        let name_or_arn = templates_by_name(&mut fields, "nameOrArn");
        let defaults = text_map(&mut fields, "defaults");
        let unsupported_actions = text_map(&mut fields, "unsupportedActions");
        let granting = [
            fields.texts("grantingActions"),
            fields.texts("grantingManagedPolicies"),
        ];
        let [policy_property, identity_policy_property] =
            ["policyProperty", "identityPolicyProperty"].map(|name| own_text(&mut fields, name));
        let [policy_targets, encrypted_as] =
            ["policyTargets", "encryptedAs"].map(|name| own_text(&mut fields, name));
        let inline_policies = InlinePolicies::of(&mut fields);
        let grants = GrantTarget::of(&mut fields);
        let permission_conditions = PermissionCondition::list(&mut fields);
        let values = AcceptedValue::list(&mut fields);
        let [kms_key, iam_authentication] =
            ["kmsKey", "iamAuthentication"].map(|name| fields.selector(name));
        let properties = fields.texts("properties");
        let (generated_name, name_suffix) = generated_name(&mut fields).unzip();
        let forms = name_form::of_ids(&mut fields);
        let variant = Variant::of(&mut fields);
        let path = fields.optional("path").and_then(ResourcePath::decode);
        let embedded_json = EmbeddedJson::of(&mut fields);
        // The source is for whoever reviews the file.
        fields.text("source");
        fields.finish();
        Some(TemplateResource {
            name: name?,
            arn,
            reference,
            attributes: attributes.into_iter().collect(),
            defaults,
            generated_name,
            name_suffix: name_suffix.flatten(),
            forms,
            policy_property,
            identity_policy_property,
            inline_policies,
            grants,
            permission_conditions,
            values,
            encrypted_as,
            policy_targets,
            properties,
            kms_key,
            iam_authentication,
            unsupported_actions,
            granting,
            name_or_arn: name_or_arn.into_iter().collect(),
            variant,
            path,
            embedded_json,
        })
    }
}

impl TemplateResource {
    /// Which values AWS takes for a property, where that is known.
    #[must_use]
    pub fn value(&self, property: &str) -> Option<&AcceptedValue> {
        self.values.iter().find(|value| value.property == property)
    }

    /// A type of which only the name is known.
    #[must_use]
    pub(super) fn named(name: &str) -> Self {
        TemplateResource {
            name: name.to_owned(),
            ..TemplateResource::default()
        }
    }

    /// Whether CloudFormation generates the name in a property that is not set.
    #[must_use]
    pub fn generates(&self, property: &str) -> bool {
        let generated = self.generated_name.as_ref();
        generated.is_some_and(|(own, _)| own == property)
    }

    /// The same type with the form of the name that CloudFormation generates.
    #[must_use]
    pub(super) fn with_form(mut self, forms: &BTreeMap<String, Arc<NameForm>>) -> Self {
        if let Some((property, form)) = &self.generated_name {
            let form = forms.get(form).cloned().unwrap_or_default();
            self.forms.insert(property.clone(), form);
        }
        self
    }
}

fn own_text(fields: &mut Fields<'_, '_>, name: &'static str) -> Option<String> {
    fields.optional_text(name).map(str::to_owned)
}

/// Two texts that belong together.
type Pair = (String, String);

/// The property for which a name is generated with the id of its form, and with what it ends.
fn generated_name(fields: &mut Fields<'_, '_>) -> Option<(Pair, Option<Pair>)> {
    let node = fields.optional("generatedName")?;
    let mut inner = Fields::open(node, "a generated name", fields.problems())?;
    let [property, form] = ["property", "form"].map(|name| inner.text(name).map(str::to_owned));
    let [suffix, with] = ["suffix", "suffixWith"].map(|name| own_text(&mut inner, name));
    inner.finish();
    Some(((property?, form?), with.zip(suffix)))
}

impl ResourcePath {
    fn decode(path: &Node) -> Option<Self> {
        let part = path.str("part").map(str::to_owned);
        let parent = path.str("parent")?.to_owned();
        Some(ResourcePath { parent, part })
    }
}

impl InlinePolicies {
    fn of(fields: &mut Fields<'_, '_>) -> Option<Self> {
        let node = fields.optional("inlinePolicies")?;
        InlinePolicies::decode(node, fields.problems())
    }

    fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a list of policies", problems)?;
        let property = fields.text("property").map(str::to_owned);
        let name = fields.optional_text("name").map(str::to_owned);
        let document = fields.optional_text("document").map(str::to_owned);
        fields.finish();
        Some(InlinePolicies {
            property: property?,
            name,
            document,
        })
    }
}

impl GrantTarget {
    fn of(fields: &mut Fields<'_, '_>) -> Option<Self> {
        let node = fields.optional("grants")?;
        GrantTarget::decode(node, fields.problems())
    }

    fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "what it grants something to", problems)?;
        let to = fields.word("to", &Grantee::WORDS);
        let property = fields.text("property").map(str::to_owned);
        fields.finish();
        Some(GrantTarget {
            to: to?,
            property: property?,
        })
    }
}

impl PermissionCondition {
    fn list(fields: &mut Fields<'_, '_>) -> Vec<Self> {
        let conditions = fields.list("permissionConditions");
        each(conditions, fields.problems(), PermissionCondition::decode)
    }

    fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a condition of a permission", problems)?;
        let [property, operator, key] =
            ["property", "operator", "key"].map(|name| fields.text(name).map(str::to_owned));
        fields.finish();
        Some(PermissionCondition {
            property: property?,
            operator: operator?,
            key: key?,
        })
    }
}

impl Variant {
    fn of(fields: &mut Fields<'_, '_>) -> Option<Self> {
        let node = fields.optional("variant")?;
        Variant::decode(node, fields.problems())
    }

    fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a variant", problems)?;
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
