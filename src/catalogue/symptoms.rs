//! All that `explain` knows: symptoms, metric patterns, and how errors and events name things.

use std::sync::OnceLock;

use super::cause::Cause;
use super::decode::each;
use super::general_form::{GeneralForm, GeneralForms, ResourceVariable};
use super::metric_pattern::MetricPattern;
use super::remedy::SourceCondition;
use super::symptom::{SilentFailure, Symptom};
use crate::diagnostics::{DeniedCaller, Problem};
use crate::syntax::{Fields, Node, TextPattern, Words};

/// The content of `symptoms.json`. Symptoms are tried in order, so specific ones come first.
#[derive(Debug, Default)]
pub struct Symptoms {
    /// Errors that have a message.
    pub errors: Vec<Symptom>,
    /// Failures without an error message.
    pub silent_failures: Vec<SilentFailure>,
    /// What can deny a request that the given documents allow.
    pub other_causes: Vec<Cause>,
    /// Combinations of metrics that point to a cause.
    pub metric_patterns: Vec<MetricPattern>,
    /// Metrics that are unrelated to permissions.
    pub unrelated_metrics: Vec<String>,
    /// How the resource of a call becomes that of a policy.
    pub general: GeneralForms,
    /// Conditions that limit a permission to one source.
    pub source_conditions: Vec<SourceCondition>,
    operations: Vec<Operation>,
    /// Events of CloudTrail, with the action that is named differently.
    event_actions: Vec<(String, String)>,
    /// Event sources of CloudTrail, with the service prefix that is named differently.
    event_source_prefixes: Vec<(String, String)>,
    session_names: Vec<CallerPattern>,
    role_names: Vec<CallerPattern>,
    /// Error codes with which services deny requests.
    denial_codes: Vec<String>,
    action_callers: Vec<CallerPattern>,
    service_principal_suffixes: Vec<String>,
    /// Services, with the resource that statements of their resource policies name; none where the
    /// policy has no such element.
    policy_resources: Vec<(String, Option<String>)>,
    words: OnceLock<Words>,
}

/// How errors of Lambda name a call to another service, and the actions that the call needs.
#[derive(Debug)]
struct Operation {
    name: String,
    service: String,
    actions: Vec<String>,
}

/// A pattern of a session name, role name or action that shows who the caller is.
#[derive(Debug)]
struct CallerPattern {
    pattern: TextPattern,
    caller: DeniedCaller,
}

impl Symptoms {
    pub(super) fn decode(root: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(root, "the symptoms", problems)?;
        let symptoms = Symptoms {
            errors: list(&mut fields, "symptoms", Symptom::decode),
            silent_failures: list(&mut fields, "silentFailures", SilentFailure::decode),
            other_causes: list(&mut fields, "otherCauses", Cause::decode),
            metric_patterns: list(&mut fields, "metricPatterns", MetricPattern::decode),
            unrelated_metrics: fields.texts("unrelatedMetrics"),
            general: GeneralForms {
                forms: list(&mut fields, "generalForms", GeneralForm::decode),
                variables: list(&mut fields, "resourceVariables", ResourceVariable::decode),
            },
            source_conditions: list(&mut fields, "sourceConditions", SourceCondition::decode),
            operations: list(&mut fields, "operations", Operation::decode),
            event_actions: pairs(fields.list("eventActions"), "event", "action"),
            event_source_prefixes: pairs(fields.list("eventSourcePrefixes"), "source", "prefix"),
            session_names: list(&mut fields, "sessionNames", CallerPattern::decode),
            role_names: list(&mut fields, "roleNames", CallerPattern::decode),
            denial_codes: fields.texts("denialCodes"),
            action_callers: list(&mut fields, "actionCallers", CallerPattern::decode),
            service_principal_suffixes: list(&mut fields, "servicePrincipalSuffixes", suffix),
            policy_resources: list(&mut fields, "policyResources", policy_resource),
            words: OnceLock::new(),
        };
        fields.optional_text("$schema");
        fields.finish();
        Some(symptoms)
    }

    /// Puts the user's entries before these, and drops the symptoms that they replace by id.
    pub(super) fn add(&mut self, own: Symptoms) {
        let replaced = |id: &str| own.errors.iter().any(|symptom| symptom.diagnosis.id == id);
        self.errors
            .retain(|symptom| !replaced(&symptom.diagnosis.id));
        self.errors.splice(0..0, own.errors);
        self.words = OnceLock::new();
        self.silent_failures.splice(0..0, own.silent_failures);
        self.other_causes.splice(0..0, own.other_causes);
        self.general.forms.splice(0..0, own.general.forms);
        self.general.variables.splice(0..0, own.general.variables);
        self.source_conditions.splice(0..0, own.source_conditions);
        self.operations.splice(0..0, own.operations);
        self.event_actions.splice(0..0, own.event_actions);
        self.event_source_prefixes
            .splice(0..0, own.event_source_prefixes);
        self.session_names.splice(0..0, own.session_names);
        self.role_names.splice(0..0, own.role_names);
        self.denial_codes.extend(own.denial_codes);
        self.action_callers.splice(0..0, own.action_callers);
        self.service_principal_suffixes
            .extend(own.service_principal_suffixes);
        self.policy_resources.splice(0..0, own.policy_resources);
        self.metric_patterns.splice(0..0, own.metric_patterns);
        self.unrelated_metrics.extend(own.unrelated_metrics);
    }

    /// The keywords of all errors, compiled once.
    #[must_use]
    pub fn words(&self) -> &Words {
        self.words.get_or_init(|| {
            let words = self.errors.iter().flat_map(|symptom| &symptom.keywords);
            Words::new(words.map(String::as_str))
        })
    }

    /// The service prefix of actions, by how CloudTrail names the source of an event.
    #[must_use]
    pub fn prefix_of<'a>(&'a self, source: &'a str) -> &'a str {
        second_of(&self.event_source_prefixes, source)
    }

    /// The action that a call needs, which often has the name of the call.
    #[must_use]
    pub fn action_of<'a>(&'a self, call: &'a str) -> &'a str {
        second_of(&self.event_actions, call)
    }

    /// The actions that a call needs, by how errors name it: `ReceiveMessage` of `SQS`.
    #[must_use]
    pub fn actions_of(&self, operation: &str, service: &str) -> &[String] {
        let same = |known: &&Operation| {
            known.name == operation && known.service.eq_ignore_ascii_case(service)
        };
        let found = self.operations.iter().find(same);
        found.map_or(&[], |operation| &operation.actions)
    }

    /// Who uses a session with that name, where the name shows it.
    #[must_use]
    pub fn caller_of_session(&self, session: &str) -> Option<DeniedCaller> {
        caller_of(&self.session_names, session)
    }

    /// Who uses a role with that name, where the name shows it.
    #[must_use]
    pub fn caller_of_role(&self, role: &str) -> Option<DeniedCaller> {
        caller_of(&self.role_names, role)
    }

    /// Who calls an action that hardly anybody else calls.
    #[must_use]
    pub fn caller_of_action(&self, action: &str) -> Option<DeniedCaller> {
        caller_of(&self.action_callers, action)
    }

    /// The resource that a statement in the policy of a resource of a service names, where that is not
    /// an ARN: `Some(None)` where it names none.
    #[must_use]
    pub fn policy_resource(&self, service: &str) -> Option<Option<&str>> {
        let mut known = self.policy_resources.iter();
        let found = known.find(|(of, _)| of.eq_ignore_ascii_case(service));
        found.map(|(_, written)| written.as_deref())
    }

    /// Whether a principal is a service, by its name.
    #[must_use]
    pub fn is_service_principal(&self, name: &str) -> bool {
        let mut suffixes = self.service_principal_suffixes.iter();
        suffixes.any(|suffix| name.ends_with(suffix.as_str()))
    }

    /// Whether an error code means that the request was denied.
    #[must_use]
    pub fn is_denial(&self, code: &str) -> bool {
        self.denial_codes.iter().any(|known| known == code)
    }
}

/// The suffix of an entry about service principals; its source is for whoever reviews the file.
fn suffix(node: &Node, problems: &mut Vec<Problem>) -> Option<String> {
    let mut fields = Fields::open(node, "a suffix of service principals", problems)?;
    let suffix = fields.text("suffix").map(str::to_owned);
    fields.text("source");
    fields.finish();
    suffix
}

/// What the policy of a resource of a service names as its resource.
fn policy_resource(node: &Node, problems: &mut Vec<Problem>) -> Option<(String, Option<String>)> {
    let mut fields = Fields::open(node, "the resource of a policy", problems)?;
    let service = fields.text("service").map(str::to_owned);
    let resource = fields.optional_text("resource").map(str::to_owned);
    fields.text("source");
    fields.finish();
    Some((service?, resource))
}

/// Decodes a list of entries.
fn list<T>(
    fields: &mut Fields<'_, '_>,
    name: &'static str,
    decode: fn(&Node, &mut Vec<Problem>) -> Option<T>,
) -> Vec<T> {
    let nodes = fields.list(name);
    each(nodes, fields.problems(), decode)
}

/// Two strings of each entry.
fn pairs(nodes: &[Node], first: &str, second: &str) -> Vec<(String, String)> {
    let texts = nodes
        .iter()
        .filter_map(|node| Some((node.str(first)?.to_owned(), node.str(second)?.to_owned())));
    texts.collect()
}

/// The second string of the pair with that first one, or the string itself.
fn second_of<'a>(pairs: &'a [(String, String)], text: &'a str) -> &'a str {
    let found = pairs.iter().find(|(first, _)| first == text);
    found.map_or(text, |(_, second)| second)
}

/// The caller of the first pattern that matches.
fn caller_of(patterns: &[CallerPattern], text: &str) -> Option<DeniedCaller> {
    let found = patterns.iter().find(|known| known.pattern.matches(text))?;
    Some(found.caller)
}

impl Operation {
    fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "an operation", problems)?;
        let name = fields.text("operation").map(str::to_owned);
        let service = fields.text("service").map(str::to_owned);
        let actions = fields.texts("actions");
        fields.finish();
        Some(Operation {
            name: name?,
            service: service?,
            actions,
        })
    }
}

impl CallerPattern {
    fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a caller pattern", problems)?;
        let pattern = fields.pattern("pattern", true);
        let caller = fields.word("caller", &DeniedCaller::WORDS);
        fields.finish();
        Some(CallerPattern {
            pattern: pattern?,
            caller: caller?,
        })
    }
}
