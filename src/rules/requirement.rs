//! What can be asked of the places that a rule selects: a small closed set.

use crate::catalogue::{Grant, Need};
use crate::diagnostics::{PolicyKind, Problem};
use crate::syntax::{Fields, Kind, Node, Selector, Template, TextPattern};

/// What must hold at every place that a rule selects.
#[derive(Debug)]
pub enum Requirement {
    /// A trigger: the function policy lets it through.
    FunctionPolicyAllows(Need),
    /// A trigger that has a role: the role allows it to invoke the function.
    CallerRoleAllows,
    /// A trigger that has a role: the service may assume it.
    CallerRoleTrusts,
    /// A mapping, setting or target: the execution role allows what it needs.
    RoleAllows(Needed, Need),
    /// A place that names a resource: its policy, where it is at hand, lets a service use it.
    ResourcePolicyAllows(ServiceNeeds),
    /// An encrypted queue or topic: who may send to it may use its key.
    SendersMayUseKey(KeyUse),
    /// A policy document: who may do the one may do the other.
    GrantedTogether(Pair),
    /// A trust policy, or the role of the function: the service may assume it.
    Trusts {
        /// The service's principal.
        service: String,
        /// Ask it only of documents that let this other service assume the role.
        beside: Option<String>,
    },
    /// Policies of which nothing else is known: what serves one purpose is granted as a whole.
    GrantsWhole {
        /// What serves one purpose.
        asked: Asked,
        /// Ask it only of roles that this service may assume, where that is known.
        trusted_by: Option<String>,
    },
    /// Names of actions: they exist.
    ActionsExist,
    /// Names of actions with wildcards: each stands for some action.
    WildcardsMatch,
    /// ARNs of AWS-managed policies: there is such a policy.
    ManagedPolicyExists,
    /// A statement: its actions work on resources such as it names.
    ResourcesFit,
    /// A statement: some of its actions offers each condition key.
    KeysAreOffered,
    /// A statement: its operators are for keys of the type.
    OperatorsFit,
    /// A policy document: no two statements have one id.
    SidsAreUnique,
    /// A policy document: its version takes the policy variables that are in it for such.
    VariablesWork,
    /// A policy document: it has no more characters than this, white space not counted.
    NoLongerThan(usize),
    /// A policy document: no Deny takes away all that a statement allows.
    AllowsSomething,
    /// A document: no key is there twice.
    KeysAreUnique,
    /// A statement: a condition confines it.
    ConditionedOn(Conditions),
    /// A statement: no condition on these keys confines it.
    NotConditionedOn(Conditions),
    /// Nothing may be selected at all.
    Absent,
    /// A text: the pattern does not occur in it, unless the other one does.
    NotMatching(Forbidden),
    /// A policy document: it has the form that IAM asks for.
    WellFormed,
}

/// What a service must be allowed by the policy of a resource.
#[derive(Debug)]
pub struct ServiceNeeds {
    /// The service's principal.
    pub service: String,
    /// The actions.
    pub actions: Vec<String>,
    /// The resource, with the names of the selected place.
    pub resource: Template,
    /// Where its policy is.
    pub policy: Selector,
    /// What that policy is.
    pub kind: PolicyKind,
}

/// What goes together with sending to something that is encrypted.
#[derive(Debug)]
pub struct KeyUse {
    /// The actions that send.
    pub actions: Vec<String>,
    /// What they need of the key.
    pub key_actions: Vec<String>,
    /// Where the resource names its key, by id or ARN.
    pub key: Selector,
    /// The form of a key's ARN, with `{key}` for its id.
    pub key_arn: Template,
}

/// Two actions of which the one is of no use without the other.
#[derive(Debug)]
pub struct Pair {
    /// The one that is granted.
    pub action: String,
    /// The one that goes with it.
    pub with: String,
}

/// Texts that must not be there.
#[derive(Debug)]
pub struct Forbidden {
    /// What must not occur.
    pub pattern: TextPattern,
    /// What excuses it.
    pub unless: Option<TextPattern>,
    /// The member of the selected statement whose texts are meant; none for the selected text.
    pub member: Option<String>,
    /// Which statements are meant.
    pub of: Which,
}

/// Conditions of a statement.
#[derive(Debug)]
pub struct Conditions {
    /// The keys that are meant, in lower case, with `*` at the end for any that begin so; any key
    /// where none is named.
    pub keys: Vec<String>,
    /// Which statements are meant.
    pub of: Which,
}

/// Statements that a requirement is about.
#[derive(Debug)]
pub struct Which {
    /// Those that name such a principal; all where there is none.
    pub principal: Option<Who>,
    /// Those that cover one of these actions; all where none is named.
    pub actions: Vec<String>,
}

/// Kinds of principals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Everybody.
    Everybody,
    /// An AWS service.
    Service,
}

impl Which {
    fn decode(fields: &mut Fields<'_, '_>) -> Self {
        let words = [("everybody", Who::Everybody), ("service", Who::Service)];
        Which {
            principal: fields.optional_word("principal", &words),
            actions: fields.texts("actions"),
        }
    }

    /// Whether all statements are meant.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.principal.is_none() && self.actions.is_empty()
    }
}

/// Where it stands what an execution role must allow.
#[derive(Debug)]
pub enum Needed {
    /// The catalogue's entry for the event source of the selected mapping.
    EventSource,
    /// The catalogue's entry for the kind of target whose ARN is selected.
    Target,
    /// The catalogue's feature of that id.
    Feature(String),
    /// The rule itself.
    Grants(Vec<Grant>),
}

/// Entries of the catalogue whose grants belong together.
#[derive(Debug)]
pub enum Asked {
    /// All event sources that Lambda reads.
    EventSources,
    /// The features of these ids.
    Features(Vec<String>),
}

/// The names of all requirements, for messages and docs.
const NAMES: [&str; 25] = [
    "functionPolicyAllows",
    "callerRoleAllows",
    "callerRoleTrusts",
    "roleAllows",
    "resourcePolicyAllows",
    "sendersMayUseKey",
    "grantedTogether",
    "trusts",
    "grantsWhole",
    "actionsExist",
    "wildcardsMatch",
    "managedPolicyExists",
    "resourcesFit",
    "keysAreOffered",
    "operatorsFit",
    "sidsAreUnique",
    "variablesWork",
    "noLongerThan",
    "allowsSomething",
    "keysAreUnique",
    "conditionedOn",
    "notConditionedOn",
    "absent",
    "notMatching",
    "wellFormed",
];

impl Requirement {
    /// Reads an object with one member: the requirement's name, and what it takes.
    pub(super) fn decode(
        node: &Node,
        is_trusted: bool,
        problems: &mut Vec<Problem>,
    ) -> Option<Self> {
        let [member] = node.members() else {
            let message = "`require` must be an object with one member";
            problems.push(Problem::at(node.span, message).help(known()));
            return None;
        };
        let value = &member.value;
        match &*member.key.text {
            "functionPolicyAllows" => need(value, problems).map(Requirement::FunctionPolicyAllows),
            "callerRoleAllows" => empty(value, problems, Requirement::CallerRoleAllows),
            "callerRoleTrusts" => empty(value, problems, Requirement::CallerRoleTrusts),
            "roleAllows" => role_allows(value, problems),
            "trusts" => trusts(value, problems),
            "resourcePolicyAllows" => resource_policy_allows(value, problems),
            "sendersMayUseKey" => senders_may_use_key(value, problems),
            "grantedTogether" => granted_together(value, problems),
            "grantsWhole" => grants_whole(value, problems),
            "actionsExist" => empty(value, problems, Requirement::ActionsExist),
            "wildcardsMatch" => empty(value, problems, Requirement::WildcardsMatch),
            "managedPolicyExists" => empty(value, problems, Requirement::ManagedPolicyExists),
            "resourcesFit" => empty(value, problems, Requirement::ResourcesFit),
            "keysAreOffered" => empty(value, problems, Requirement::KeysAreOffered),
            "operatorsFit" => empty(value, problems, Requirement::OperatorsFit),
            "sidsAreUnique" => empty(value, problems, Requirement::SidsAreUnique),
            "variablesWork" => empty(value, problems, Requirement::VariablesWork),
            "noLongerThan" => no_longer_than(value, problems),
            "allowsSomething" => empty(value, problems, Requirement::AllowsSomething),
            "keysAreUnique" => empty(value, problems, Requirement::KeysAreUnique),
            "absent" => empty(value, problems, Requirement::Absent),
            "wellFormed" => empty(value, problems, Requirement::WellFormed),
            "conditionedOn" => conditions(value, problems).map(Requirement::ConditionedOn),
            "notConditionedOn" => conditions(value, problems).map(Requirement::NotConditionedOn),
            "notMatching" => not_matching(value, is_trusted, problems),
            other => {
                let message = format!("there is no requirement `{other}`");
                let help = match crate::syntax::nearest(other, NAMES) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => known(),
                };
                problems.push(Problem::at(member.key.span, message).help(help));
                None
            }
        }
    }

    /// Whether it is about a function's policies.
    #[must_use]
    pub fn asks_a_function(&self) -> bool {
        matches!(
            self,
            Requirement::FunctionPolicyAllows(_)
                | Requirement::CallerRoleAllows
                | Requirement::CallerRoleTrusts
                | Requirement::RoleAllows(..)
        )
    }

    /// Whether it has no words of its own, so that the rule must bring some.
    #[must_use]
    pub fn needs_words(&self) -> bool {
        matches!(
            self,
            Requirement::ConditionedOn(_)
                | Requirement::GrantedTogether(_)
                | Requirement::NotConditionedOn(_)
                | Requirement::Absent
                | Requirement::NotMatching(_)
                | Requirement::NoLongerThan(_)
        )
    }
}

fn known() -> String {
    format!("it is one of: {}", NAMES.join(", "))
}

fn empty(node: &Node, problems: &mut Vec<Problem>, is: Requirement) -> Option<Requirement> {
    Fields::open(node, "this requirement", problems)?.finish();
    Some(is)
}

fn no_longer_than(node: &Node, problems: &mut Vec<Problem>) -> Option<Requirement> {
    let mut fields = Fields::open(node, "`noLongerThan`", problems)?;
    let written = fields.required("characters");
    let number = match written.map(|node| &node.kind) {
        Some(Kind::Number(number)) => number.parse().ok(),
        _ => None,
    };
    if written.is_some() && number.is_none() {
        fields.wrong("characters", "`characters` must be a number");
    }
    fields.finish();
    number.map(Requirement::NoLongerThan)
}

fn need(node: &Node, problems: &mut Vec<Problem>) -> Option<Need> {
    let mut fields = Fields::open(node, "this requirement", problems)?;
    let need = fields.word("need", &Need::WORDS);
    fields.finish();
    need
}

fn role_allows(node: &Node, problems: &mut Vec<Problem>) -> Option<Requirement> {
    let mut fields = Fields::open(node, "`roleAllows`", problems)?;
    let of = fields.optional_word("of", &[("event source", true), ("target", false)]);
    let feature = fields.optional_text("feature").map(str::to_owned);
    let grants = fields.list("grants");
    let need = fields.optional_word("need", &Need::WORDS);
    let given = [of.is_some(), feature.is_some(), !grants.is_empty()];
    if given.iter().filter(|given| **given).count() != 1 {
        fields.wrong("", "`roleAllows` has one of `of`, `feature` and `grants`");
    }
    fields.finish();
    let needed = match (of, feature) {
        (Some(true), _) => Needed::EventSource,
        (Some(false), _) => Needed::Target,
        (None, Some(feature)) => Needed::Feature(feature),
        (None, None) => Needed::Grants(
            grants
                .iter()
                .filter_map(|grant| Grant::decode(grant, problems))
                .collect(),
        ),
    };
    Some(Requirement::RoleAllows(
        needed,
        need.unwrap_or(Need::Required),
    ))
}

/// The words for policies of resources.
const KINDS: [(&str, PolicyKind); 2] = [
    ("resource-policy", PolicyKind::ResourcePolicy),
    ("key-policy", PolicyKind::KeyPolicy),
];

fn resource_policy_allows(node: &Node, problems: &mut Vec<Problem>) -> Option<Requirement> {
    let mut fields = Fields::open(node, "`resourcePolicyAllows`", problems)?;
    let service = fields.text("service").map(str::to_owned);
    let actions = fields.texts("actions");
    fields.required("resource");
    let resource = fields.template("resource");
    fields.required("policy");
    let policy = fields.selector("policy");
    let kind = fields.optional_word("kind", &KINDS);
    fields.finish();
    Some(Requirement::ResourcePolicyAllows(ServiceNeeds {
        service: service?,
        actions,
        resource: resource?,
        policy: policy?,
        kind: kind.unwrap_or(PolicyKind::ResourcePolicy),
    }))
}

fn senders_may_use_key(node: &Node, problems: &mut Vec<Problem>) -> Option<Requirement> {
    let mut fields = Fields::open(node, "`sendersMayUseKey`", problems)?;
    let actions = fields.texts("actions");
    let key_actions = fields.texts("keyActions");
    fields.required("key");
    let key = fields.selector("key");
    fields.required("keyArn");
    let key_arn = fields.template("keyArn");
    fields.finish();
    Some(Requirement::SendersMayUseKey(KeyUse {
        actions,
        key_actions,
        key: key?,
        key_arn: key_arn?,
    }))
}

fn granted_together(node: &Node, problems: &mut Vec<Problem>) -> Option<Requirement> {
    let mut fields = Fields::open(node, "`grantedTogether`", problems)?;
    let action = fields.text("action").map(str::to_owned);
    let with = fields.text("with").map(str::to_owned);
    fields.finish();
    Some(Requirement::GrantedTogether(Pair {
        action: action?,
        with: with?,
    }))
}

fn trusts(node: &Node, problems: &mut Vec<Problem>) -> Option<Requirement> {
    let mut fields = Fields::open(node, "`trusts`", problems)?;
    let service = fields.text("service").map(str::to_owned);
    let beside = fields.optional_text("beside").map(str::to_owned);
    fields.finish();
    Some(Requirement::Trusts {
        service: service?,
        beside,
    })
}

fn grants_whole(node: &Node, problems: &mut Vec<Problem>) -> Option<Requirement> {
    let mut fields = Fields::open(node, "`grantsWhole`", problems)?;
    let sources = fields.optional_word("of", &[("event sources", ())]);
    let features = fields.texts("features");
    let trusted_by = fields.optional_text("trustedBy").map(str::to_owned);
    if sources.is_some() != features.is_empty() {
        fields.wrong("", "`grantsWhole` has either `of` or `features`");
    }
    fields.finish();
    let asked = match sources {
        Some(()) => Asked::EventSources,
        None => Asked::Features(features),
    };
    Some(Requirement::GrantsWhole { asked, trusted_by })
}

fn conditions(node: &Node, problems: &mut Vec<Problem>) -> Option<Conditions> {
    let mut fields = Fields::open(node, "this requirement", problems)?;
    let keys = fields.texts("keys");
    let of = Which::decode(&mut fields);
    fields.finish();
    let keys = keys.iter().map(|key| key.to_lowercase()).collect();
    Some(Conditions { keys, of })
}

fn not_matching(node: &Node, is_trusted: bool, problems: &mut Vec<Problem>) -> Option<Requirement> {
    let mut fields = Fields::open(node, "`notMatching`", problems)?;
    fields.required("pattern");
    let pattern = fields.pattern("pattern", is_trusted);
    let unless = fields.pattern("unless", is_trusted);
    let member = fields.optional_text("member").map(str::to_owned);
    let of = Which::decode(&mut fields);
    if member.is_none() && !of.is_all() {
        fields.wrong(
            "",
            "`principal` and `actions` go with `member`: they are a statement's",
        );
    }
    fields.finish();
    Some(Requirement::NotMatching(Forbidden {
        pattern: pattern?,
        unless,
        member,
        of,
    }))
}
