//! What an error text means: who was denied, and which document must change.

use super::{EvaluationResult, Finding, NewStatement, PolicyKind};

/// Who was denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeniedCaller {
    /// The code of the function, with the execution role.
    Function,
    /// Lambda, acting with the execution role.
    Lambda,
    /// The caller: the code of the function, or a deployment tool.
    Caller,
    /// The deployer.
    Deployer,
    /// A person, or a program with the credentials of a user.
    User,
    /// A service principal.
    Service,
    /// Another service, with a role that was passed to it.
    Role,
    /// No specific caller.
    Nobody,
}

impl DeniedCaller {
    /// The words for each in data and output.
    pub const WORDS: [(&'static str, DeniedCaller); 8] = [
        ("function", DeniedCaller::Function),
        ("lambda", DeniedCaller::Lambda),
        ("caller", DeniedCaller::Caller),
        ("deployer", DeniedCaller::Deployer),
        ("user", DeniedCaller::User),
        ("service", DeniedCaller::Service),
        ("role", DeniedCaller::Role),
        ("nobody", DeniedCaller::Nobody),
    ];

    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        word_of(&DeniedCaller::WORDS, self)
    }

    /// The document with the identity policies of the caller.
    #[must_use]
    pub fn own_policies(self) -> Option<Document> {
        match self {
            DeniedCaller::Function | DeniedCaller::Lambda | DeniedCaller::Caller => {
                Some(Document::Policy(PolicyKind::ExecutionRole))
            }
            DeniedCaller::Deployer => Some(Document::Policy(PolicyKind::Deployer)),
            DeniedCaller::Role | DeniedCaller::User => {
                Some(Document::Policy(PolicyKind::CallerRole))
            }
            DeniedCaller::Service | DeniedCaller::Nobody => None,
        }
    }
}

/// What must change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Document {
    /// A policy, or the deployment package.
    Policy(PolicyKind),
    /// Whether a KMS key is enabled.
    KeyState,
    /// The text of a policy itself.
    PolicyDocument,
    /// Timing or ordering.
    Ordering,
    /// The network.
    Network,
    /// A setting.
    Configuration,
    /// The credentials of the caller.
    Credentials,
    /// Not a permission problem.
    None,
}

impl Document {
    /// The words for each in data and output.
    pub const WORDS: [(&'static str, Document); 20] = [
        (
            "execution-role",
            Document::Policy(PolicyKind::ExecutionRole),
        ),
        ("trust-policy", Document::Policy(PolicyKind::TrustPolicy)),
        (
            "function-policy",
            Document::Policy(PolicyKind::FunctionPolicy),
        ),
        ("caller-policy", Document::Policy(PolicyKind::CallerRole)),
        ("deployer-policy", Document::Policy(PolicyKind::Deployer)),
        (
            "boundary",
            Document::Policy(PolicyKind::PermissionsBoundary),
        ),
        ("scp", Document::Policy(PolicyKind::ServiceControlPolicy)),
        ("rcp", Document::Policy(PolicyKind::ResourceControlPolicy)),
        (
            "session-policy",
            Document::Policy(PolicyKind::SessionPolicy),
        ),
        (
            "endpoint-policy",
            Document::Policy(PolicyKind::EndpointPolicy),
        ),
        (
            "resource-policy",
            Document::Policy(PolicyKind::ResourcePolicy),
        ),
        ("key-policy", Document::Policy(PolicyKind::KeyPolicy)),
        ("key-state", Document::KeyState),
        ("package", Document::Policy(PolicyKind::Package)),
        ("policy-document", Document::PolicyDocument),
        ("ordering", Document::Ordering),
        ("network", Document::Network),
        ("configuration", Document::Configuration),
        ("credentials", Document::Credentials),
        ("none", Document::None),
    ];

    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        word_of(&Document::WORDS, self)
    }

    /// Its name in a sentence.
    #[must_use]
    pub fn called(self) -> &'static str {
        match self {
            Document::Policy(PolicyKind::ExecutionRole) => "a policy of the execution role",
            Document::Policy(PolicyKind::TrustPolicy) => "the trust policy of the role",
            Document::Policy(PolicyKind::FunctionPolicy) => "the function policy",
            Document::Policy(PolicyKind::CallerRole) => "a policy of the caller",
            Document::Policy(PolicyKind::Deployer) => "a policy of the deployer",
            Document::Policy(PolicyKind::PermissionsBoundary) => "the permissions boundary",
            Document::Policy(PolicyKind::ServiceControlPolicy) => "a service control policy (SCP)",
            Document::Policy(PolicyKind::ResourceControlPolicy) => {
                "a resource control policy (RCP)"
            }
            Document::Policy(PolicyKind::SessionPolicy) => "the session policy",
            Document::Policy(PolicyKind::EndpointPolicy) => "the VPC endpoint policy",
            Document::Policy(PolicyKind::ResourcePolicy) => "the resource policy",
            Document::Policy(PolicyKind::KeyPolicy) => "the key policy",
            Document::KeyState => "the state of the KMS key",
            Document::Policy(PolicyKind::Package) => "the deployment package",
            Document::PolicyDocument => "the policy document itself",
            Document::Ordering => "timing or ordering (no policy change needed)",
            Document::Network => "the network (no policy change needed)",
            Document::Configuration => "the configuration (no policy change needed)",
            Document::Credentials => "the credentials (no policy change needed)",
            Document::None => "not a permission problem",
        }
    }

    /// Whether it is a document that allows or denies something to a role.
    #[must_use]
    pub fn is_of_role(self) -> bool {
        matches!(
            self,
            Document::Policy(PolicyKind::ExecutionRole)
                | Document::Policy(PolicyKind::CallerRole)
                | Document::Policy(PolicyKind::Deployer)
        )
    }
}

fn word_of<T: Copy + PartialEq>(words: &[(&'static str, T)], wanted: T) -> &'static str {
    let mut words = words.iter();
    let found = words.find(|(_, known)| *known == wanted);
    found.map_or("", |(word, _)| word)
}

/// The explanation of one error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The id of the symptom.
    pub symptom: String,
    /// Whether the wording is documented by AWS or by a report.
    pub is_sure: bool,
    /// Its first occurrence: the name of the input and the line, from 1.
    pub at: (String, usize),
    /// The logical ID of the stack resource that failed.
    pub resource: Option<String>,
    /// The text of the error.
    pub text: String,
    /// How often it was found.
    pub times: usize,
    /// What happened.
    pub means: String,
    /// Who was denied, and what they tried.
    pub request: Denied,
    /// What must change, the likeliest first.
    pub causes: Vec<Change>,
    /// Why other documents are not involved.
    pub not: Option<String>,
    /// A command that verifies the fix.
    pub check: Option<String>,
    /// Pages about it.
    pub references: Vec<String>,
    /// What the provided documents decide.
    pub documents: Option<Judgement>,
    /// The assumption that this decision depends on.
    pub assumed: Option<String>,
}

/// The values of a metric, in chronological order.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Its name.
    pub name: String,
    /// The values.
    pub values: Vec<f64>,
}

/// A request that was denied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied {
    /// Who was denied.
    pub who: DeniedCaller,
    /// Whether this is certain.
    pub is_sure: bool,
    /// The principal as the error names it, or the service.
    pub principal: Option<String>,
    /// The name of the role, where there is one.
    pub role: Option<String>,
    /// The name of the function, where it is known.
    pub function: Option<String>,
    /// The version or alias of the function, where the error names one.
    pub qualifier: Option<String>,
    /// What was tried, as in `sqs:SendMessage`.
    pub actions: Vec<String>,
    /// On what.
    pub resource: Option<String>,
}

/// What must change for one cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The document.
    pub document: Document,
    /// Whose policies must change, where the error names it, as in "user `jo`".
    pub owner: Option<String>,
    /// The reason.
    pub because: String,
    /// What to do.
    pub fix: String,
    /// What to write there.
    pub statements: Vec<NewStatement>,
    /// The evidence that it is this cause.
    pub tell: Option<String>,
}

/// What the provided documents decide about an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// They show the cause.
    Shown(Vec<Finding>),
    /// They do not allow the request.
    Refused(Box<EvaluationResult>),
    /// They allow the request, with these statements.
    Allowed(Box<EvaluationResult>),
    /// They grant all required permissions on the resources that they contain.
    Complete,
    /// They do not decide it, and why.
    Open(String),
    /// They are not relevant, and why.
    Unrelated(String),
}
