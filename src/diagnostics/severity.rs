//! Severity, confidence, and kind of document.

use std::fmt;

/// The severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Advice.
    Info,
    /// It fails under a condition that the documents do not rule out, or it is open to others.
    Warning,
    /// The function will not work, or AWS will reject the document.
    Error,
}

impl Severity {
    /// All severities, mildest first.
    pub const ALL: [Severity; 3] = [Severity::Info, Severity::Warning, Severity::Error];

    /// The word that is written in packs, flags and output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The confidence of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// It rests on something that AWS does not document, or that the user did not say.
    Likely,
    /// It follows from the documents and from what AWS documents.
    Certain,
}

impl Confidence {
    /// The word that is written in output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Confidence::Likely => "likely",
            Confidence::Certain => "certain",
        }
    }
}

/// The kind of document that must change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PolicyKind {
    /// Identity policies of the function's role.
    ExecutionRole,
    /// Identity policies of the role with which a source invokes the function.
    CallerRole,
    /// The role's `AssumeRolePolicyDocument`.
    TrustPolicy,
    /// The function's resource-based policy.
    FunctionPolicy,
    /// The boundary of a role.
    PermissionsBoundary,
    /// The policy of another resource, such as a queue.
    ResourcePolicy,
    /// The policy of a KMS key.
    KeyPolicy,
    /// A service control policy of the organization.
    ServiceControlPolicy,
    /// A resource control policy of the organization.
    ResourceControlPolicy,
    /// A session policy.
    SessionPolicy,
    /// The policy of a VPC endpoint.
    EndpointPolicy,
    /// The policies of whoever deploys.
    Deployer,
    /// The deployment package.
    Package,
}

impl PolicyKind {
    /// The word that is written in packs and output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            PolicyKind::ExecutionRole => "execution-role",
            PolicyKind::CallerRole => "caller-role",
            PolicyKind::TrustPolicy => "trust-policy",
            PolicyKind::FunctionPolicy => "function-policy",
            PolicyKind::PermissionsBoundary => "permissions-boundary",
            PolicyKind::ResourcePolicy => "resource-policy",
            PolicyKind::KeyPolicy => "key-policy",
            PolicyKind::ServiceControlPolicy => "service-control-policy",
            PolicyKind::ResourceControlPolicy => "resource-control-policy",
            PolicyKind::SessionPolicy => "session-policy",
            PolicyKind::EndpointPolicy => "endpoint-policy",
            PolicyKind::Deployer => "deployer",
            PolicyKind::Package => "package",
        }
    }
}
