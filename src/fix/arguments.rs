//! Which argument of a type of Terraform a property of CloudFormation comes from.

use crate::catalogue::{Catalogue, Grantee, Mapping, TerraformResource};
use crate::input::type_of;

/// The type of resources that are one policy of a role, and the property that names the role.
pub(super) fn role_policy_type(catalogue: &Catalogue) -> Option<(&TerraformResource, &str)> {
    let mut types = catalogue.template_resources().values();
    types.find_map(|shape| {
        let grants = shape
            .grants
            .as_ref()
            .filter(|grants| grants.to == Grantee::Role)?;
        let entry = type_of(catalogue, &shape.name)?;
        attribute_of(entry, &grants.property)?;
        document_of(entry)?;
        Some((entry, grants.property.as_str()))
    })
}

/// The argument that a property comes from.
pub(super) fn attribute_of(entry: &TerraformResource, property: &str) -> Option<String> {
    let (_, mapping) = entry.properties.iter().find(|(name, _)| name == property)?;
    argument(mapping)
}

fn argument(mapping: &Mapping) -> Option<String> {
    match mapping {
        Mapping::Path(path) => match path.as_slice() {
            [only] => Some(only.clone()),
            _ => None,
        },
        Mapping::Join { of: values, .. } => argument(values.first()?),
        _ => None,
    }
}

/// The argument that follows the first one in a property that is joined.
pub(super) fn joined_after(entry: &TerraformResource, property: &str) -> Option<String> {
    let (_, mapping) = entry.properties.iter().find(|(name, _)| name == property)?;
    match mapping {
        Mapping::Join { of: values, .. } => argument(values.get(1)?),
        _ => None,
    }
}

/// The argument that is a policy document.
pub(super) fn document_of(entry: &TerraformResource) -> Option<&str> {
    let mut properties = entry.properties.iter();
    properties.find_map(|(_, mapping)| match mapping {
        Mapping::Json(path) => match path.as_slice() {
            [only] => Some(only.as_str()),
            _ => None,
        },
        _ => None,
    })
}
