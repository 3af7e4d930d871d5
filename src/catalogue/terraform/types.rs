//! What is known of the resource types and data sources of Terraform.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::resource::TerraformResource;
use crate::catalogue::decode::each;
use crate::catalogue::name_form::{self, NameForm};
use crate::diagnostics::Problem;
use crate::syntax::{Fields, Node};

/// What is known of the resource types and data sources of Terraform.
#[derive(Debug, Default)]
pub struct TerraformTypes {
    resources: BTreeMap<String, TerraformResource>,
    data_sources: BTreeMap<String, TerraformResource>,
    /// The form of the names that the provider generates.
    pub generated_name: Option<Arc<NameForm>>,
}

impl TerraformTypes {
    /// Reads a file; what is wrong with it becomes a problem.
    pub(in crate::catalogue) fn decode(root: &Node, problems: &mut Vec<Problem>) -> Self {
        let Some(mut fields) = Fields::open(root, "the Terraform types", problems) else {
            return TerraformTypes::default();
        };
        let listed = ["terraformResources", "terraformDataSources"].map(|name| fields.list(name));
        let forms = name_form::forms(&mut fields);
        fields.optional_text("$schema");
        fields.finish();
        let [resources, data_sources] = listed.map(|nodes| {
            let types = each(nodes, problems, TerraformResource::decode).into_iter();
            types.map(|own| (own.name.clone(), own)).collect()
        });
        TerraformTypes {
            resources,
            data_sources,
            generated_name: forms.into_values().next(),
        }
    }

    /// The resource types.
    pub fn resources(&self) -> impl Iterator<Item = &TerraformResource> {
        self.resources.values()
    }

    /// The data sources.
    pub fn data_sources(&self) -> impl Iterator<Item = &TerraformResource> {
        self.data_sources.values()
    }

    /// The resource type of a name.
    #[must_use]
    pub fn resource(&self, name: &str) -> Option<&TerraformResource> {
        self.resources.get(name)
    }

    /// The data source of a name.
    #[must_use]
    pub fn data_source(&self, name: &str) -> Option<&TerraformResource> {
        self.data_sources.get(name)
    }
}
