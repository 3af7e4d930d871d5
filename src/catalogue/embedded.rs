//! The files of the catalogue, as they are embedded in the program.

/// The JSON files of the catalogue, by name, as they are embedded in the program.
pub const FILES: [(&str, &str); 12] = [
    (
        "answers.json",
        include_str!("../../rules/catalogue/answers.json"),
    ),
    (
        "deliveries.json",
        include_str!("../../rules/catalogue/deliveries.json"),
    ),
    (
        "event-sources.json",
        include_str!("../../rules/catalogue/event-sources.json"),
    ),
    (
        "features.json",
        include_str!("../../rules/catalogue/features.json"),
    ),
    (
        "callers.json",
        include_str!("../../rules/catalogue/callers.json"),
    ),
    (
        "principals.json",
        include_str!("../../rules/catalogue/principals.json"),
    ),
    (AMENDMENTS, AMENDMENTS_TEXT),
    (RESOURCES, RESOURCES_TEXT),
    (SAM, SAM_TEXT),
    (SERVERLESS, SERVERLESS_TEXT),
    (SYMPTOMS, SYMPTOMS_TEXT),
    (TERRAFORM, TERRAFORM_TEXT),
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
