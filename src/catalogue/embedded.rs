//! The files of the catalogue, as they are embedded in the program.

/// The JSON files of the catalogue, by name.
pub const FILES: [&str; 12] = [
    "answers.json",
    "deliveries.json",
    "event-sources.json",
    "features.json",
    "callers.json",
    "principals.json",
    AMENDMENTS,
    RESOURCES,
    SAM,
    SERVERLESS,
    SYMPTOMS,
    TERRAFORM,
];

/// Read only when a name is not in the table of actions.
pub(super) const AMENDMENTS: &str = "amendments.json";
pub(super) const AMENDMENTS_TEXT: &str = include_str!("../../rules/catalogue/amendments.json");

/// Read only for templates.
pub(super) const RESOURCES: &str = "resources.json";
pub(super) const RESOURCES_TEXT: &str = include_str!("../../rules/catalogue/resources.json");

/// Read only for templates of SAM.
pub(super) const SAM: &str = "sam.json";
pub(super) const SAM_TEXT: &str = include_str!("../../rules/catalogue/sam.json");

/// Read only for configurations of the Serverless Framework.
pub(super) const SERVERLESS: &str = "serverless.json";
pub(super) const SERVERLESS_TEXT: &str = include_str!("../../rules/catalogue/serverless.json");

/// Read only for explanations.
pub(super) const SYMPTOMS: &str = "symptoms.json";
pub(super) const SYMPTOMS_TEXT: &str = include_str!("../../rules/catalogue/symptoms.json");

/// Read only for Terraform.
pub(super) const TERRAFORM: &str = "terraform.json";
pub(super) const TERRAFORM_TEXT: &str = include_str!("../../rules/catalogue/terraform.json");

/// The files that are embedded as tables.
pub(super) const ACTIONS: &str = "actions.json";
pub(super) const MANAGED_POLICIES: &str = "managed-policies.json";
