//! Resource types and data sources of Terraform, by the CloudFormation types that they correspond to.

mod mapping;
mod resource;
mod types;

pub use mapping::{AttributePath, Mapping};
pub use resource::{Extension, TerraformResource};
pub use types::TerraformTypes;
