//! Facts about AWS that a user asks for by name.

/// An event source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceDescription {
    /// The ID, as in `--trigger ID` and `--event-source ID`.
    pub id: String,
    /// What one source is called, as in "S3 bucket".
    pub name: String,
    /// Whether Lambda polls it; otherwise it invokes the function itself.
    pub is_polled: bool,
    /// How it invokes.
    pub invocation: &'static str,
    /// The policy that must grant the invocation.
    pub granted_by: &'static str,
    /// Where it is configured; empty for a source that Lambda polls.
    pub configured_in: String,
    /// The service principals that it calls as, any of which may be the one.
    pub principals: Vec<String>,
    /// The formats of the `aws:SourceArn` that it sends, or of the ARN of the event source.
    pub arns: Vec<String>,
    /// What must be allowed.
    pub required: Vec<ActionGroup>,
    /// What AWS recommends as well.
    pub recommended: Vec<ActionGroup>,
    /// What happens when a permission is missing.
    pub impact: String,
    /// Whether AWS's own pages confirm it.
    pub is_documented: bool,
    /// AWS's pages.
    pub references: Vec<String>,
}

/// Actions that are allowed together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionGroup {
    /// The actions.
    pub actions: Vec<String>,
    /// Whether one of them is enough.
    pub is_any: bool,
    /// Whether only some settings need them.
    pub is_conditional: bool,
}

/// What the catalogue holds of one kind, and where it is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogueDescription {
    /// What it is: `actions` or `policies`.
    pub kind: &'static str,
    /// How many there are.
    pub count: usize,
    /// The date of the list.
    pub date: String,
    /// Where the list is from.
    pub source: String,
}

/// An action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionDescription {
    /// The name with its prefix.
    pub name: String,
    /// The access level.
    pub level: &'static str,
    /// The types of resources that it works on: name, format of the ARN, and whether one must be named.
    pub resources: Vec<(String, String, bool)>,
    /// The condition keys and their types.
    pub keys: Vec<(String, String)>,
    /// Other actions that it depends on.
    pub needs: Vec<String>,
}

/// An AWS managed policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyDescription {
    /// Its ARN.
    pub arn: String,
    /// The version.
    pub version: String,
    /// The document as JSON text.
    pub document: String,
}
