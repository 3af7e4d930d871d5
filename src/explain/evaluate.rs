//! The evaluation of the denied request against the documents, by whoever they say it was.

use crate::catalogue::Catalogue;
use crate::diagnostics::{
    Denied, DeniedCaller, Document, EvaluationResult, Explanation, Judgement, PolicyKind, Ruling,
    quoted,
};
use crate::iam::PolicyType;
use crate::model::{Function, FunctionName, Inventory};
use crate::simulate::{Question, can};
use crate::syntax::Text;

/// What the documents decide, and what it rests on that they do not say.
pub(super) struct Verdict {
    pub(super) judgement: Judgement,
    pub(super) assumed: Option<String>,
}

/// Who is asked about, and what the documents that belong to nobody are taken as.
struct Attempt<'a> {
    who: &'a str,
    resource: Option<&'a str>,
    lone_as: Option<PolicyType>,
    assumed: Option<String>,
}

/// What the documents decide of the request: a refusal of one of its actions counts before what is
/// open, and that before what is allowed.
pub(super) fn evaluate(
    catalogue: &Catalogue,
    explanation: &Explanation,
    inventory: &Inventory,
) -> Verdict {
    let evaluation = Evaluation {
        catalogue,
        request: &explanation.request,
        blamed: explanation.causes.first().map(|cause| cause.document),
        owner: explanation
            .causes
            .first()
            .and_then(|cause| cause.owner.as_deref()),
        is_explicit_deny: is_explicit_deny(catalogue, explanation),
        inventory,
    };
    let actions = explanation.request.actions.iter();
    let mut judged: Vec<Verdict> = actions.filter_map(|action| evaluation.of(action)).collect();
    judged.sort_by_key(|verdict| match verdict.judgement {
        Judgement::Refused(_) => 0,
        Judgement::Open(_) => 1,
        _ => 2,
    });
    judged.into_iter().next().unwrap_or_else(|| Verdict {
        judgement: Judgement::Unrelated(evaluation.unrelated()),
        assumed: None,
    })
}

fn is_explicit_deny(catalogue: &Catalogue, explanation: &Explanation) -> bool {
    let mut known = catalogue.symptoms().errors.iter();
    let symptom = known.find(|symptom| symptom.diagnosis.id == explanation.symptom);
    symptom.is_some_and(|symptom| symptom.is_explicit_deny)
}

struct Evaluation<'a> {
    catalogue: &'a Catalogue,
    request: &'a Denied,
    /// The document that the error blames.
    blamed: Option<Document>,
    /// Whose policies those are.
    owner: Option<&'a str>,
    is_explicit_deny: bool,
    inventory: &'a Inventory,
}

impl Evaluation<'_> {
    /// The verdict on one action: that of the first attempt that decides it, or else of the first that
    /// has an answer.
    fn of(&self, action: &str) -> Option<Verdict> {
        let sole = self.sole_function();
        let attempts = match self.request.who {
            DeniedCaller::Service => self.by_service(action, sole.as_deref()),
            _ => self.by_identity(sole.as_deref()),
        };
        let mut open = None;
        for attempt in attempts {
            let Some(result) = self.ask(action, &attempt) else {
                continue;
            };
            let verdict = Verdict {
                judgement: self.judgement(result),
                assumed: attempt.assumed,
            };
            match verdict.judgement {
                Judgement::Open(_) => open = open.or(Some(verdict)),
                _ => return Some(verdict),
            }
        }
        open
    }

    /// The identities that it can have been.
    fn by_identity<'b>(&'b self, sole: Option<&'b str>) -> Vec<Attempt<'b>> {
        let request = self.request;
        let resource = request.resource.as_deref();
        let attempt = |who| Attempt {
            who,
            resource,
            lone_as: None,
            assumed: None,
        };
        let is_of_function = matches!(request.who, DeniedCaller::Function | DeniedCaller::Lambda);
        let function = request.function.as_deref().filter(|_| is_of_function);
        let named = [
            request.role.as_deref(),
            function,
            request.principal.as_deref(),
        ];
        let is_named = named.iter().any(Option::is_some);
        // Without a function or role, all that can be theirs are documents that belong to nobody.
        let mut known = self.inventory.functions().map(|_| ());
        let has_some = known.next().is_some() || self.inventory.roles().next().is_some();
        let is_arn = |who: &&str| has_some || who.starts_with("arn:");
        let named: Vec<&str> = named.into_iter().flatten().filter(is_arn).collect();
        let mut attempts: Vec<Attempt<'_>> = named.into_iter().map(attempt).collect();
        if !is_named && let Some(function) = sole {
            let is_sure = is_of_function;
            let assumed =
                format!("the error does not name the caller; for the code of `{function}`");
            attempts.push(Attempt {
                assumed: Some(assumed).filter(|_| !is_sure),
                ..attempt(function)
            });
        }
        let who = request.principal.as_deref().unwrap_or("the caller");
        attempts.extend(self.by_lone(who, resource));
        attempts
    }

    /// The service, for each resource that it can have been.
    fn by_service<'b>(&'b self, action: &'b str, sole: Option<&'b str>) -> Vec<Attempt<'b>> {
        let request = self.request;
        let Some(who) = request.principal.as_deref() else {
            return Vec::new();
        };
        let attempt = |resource| Attempt {
            who,
            resource: Some(resource),
            lone_as: None,
            assumed: None,
        };
        let written = request.resource.as_deref();
        let service = action.split(':').next().unwrap_or("");
        if !self.catalogue.invokes_functions(action) {
            let only = self.inventory.resource_policies.only_of(service);
            let known = written.or(only);
            let mut attempts: Vec<Attempt<'_>> = known.into_iter().map(attempt).collect();
            attempts.extend(self.by_lone(who, written));
            return attempts;
        }
        let function = request.function.as_deref();
        let named = [written, function, sole.filter(|_| function.is_none())];
        let named = named
            .into_iter()
            .flatten()
            .filter(|name| self.has_function(name));
        let mut attempts: Vec<Attempt<'_>> = named.map(attempt).collect();
        attempts.extend(self.by_lone(who, written.or(function)));
        attempts
    }

    /// The documents that belong to nobody, taken as those that the error blames.
    fn by_lone<'b>(&'b self, who: &'b str, resource: Option<&'b str>) -> Option<Attempt<'b>> {
        let blamed = self.blamed?;
        let of_type = policy_type(blamed)?;
        let mut lone = self.inventory.lone_policies();
        lone.any(|lone| lone.can_be(of_type)).then(|| {
            let assumed = match (of_type, self.owner) {
                (PolicyType::Identity, Some(owner)) => {
                    format!("the document does not say whose policy it is; evaluated as a policy of {owner}")
                }
                (PolicyType::Identity, None) => {
                    format!("the document does not say whose policy it is; evaluated as {}", blamed.called())
                }
                _ => format!(
                    "the document does not say which type of policy it is; evaluated as {}",
                    blamed.called()
                ),
            };
            Attempt {
                who,
                resource,
                lone_as: Some(of_type),
                assumed: Some(assumed),
            }
        })
    }

    fn ask(&self, action: &str, attempt: &Attempt<'_>) -> Option<EvaluationResult> {
        let is_name =
            |resource: &&str| resource.starts_with("arn:") || !resource.contains(['/', ' ']);
        let question = Question {
            who: attempt.who,
            action,
            resource: attempt.resource.filter(is_name),
            context: &[],
            lone_as: attempt.lone_as,
            is_on_unknown: true,
        };
        can(self.catalogue, self.inventory, &question, &mut Vec::new())
    }

    /// What a result means. Where the error says that a policy of the organization denies it, the
    /// statement that can is the one.
    fn judgement(&self, result: EvaluationResult) -> Judgement {
        let blamed = self.blamed.and_then(policy_type);
        match result.decision {
            Ruling::ExplicitDeny | Ruling::ImplicitDeny => Judgement::Refused(Box::new(result)),
            Ruling::Unknown => {
                let by_blamed = |of_type: PolicyType| {
                    let mut matched = result.matched.iter();
                    matched.any(|statement| statement.kind == of_type.simulated())
                };
                if self.is_explicit_deny && blamed.is_some_and(by_blamed) {
                    return Judgement::Refused(Box::new(result));
                }
                Judgement::Open(self.open(&result))
            }
            Ruling::Allowed => Judgement::Allowed(Box::new(result)),
        }
    }

    /// Why a result is open.
    fn open(&self, result: &EvaluationResult) -> String {
        let is_unknown = self.request.resource.is_none() && result.resource != "*";
        if self.by_organization() && result.organizations == Some(true) {
            let policies = match self.blamed {
                Some(Document::Policy(PolicyKind::ResourceControlPolicy)) => {
                    "resource control policies"
                }
                _ => "service control policies",
            };
            return format!("the {policies} that were provided do not deny it: another one does");
        }
        if let Some(policy) = self.function_policy_to_provide() {
            return policy;
        }
        let why = result.why.clone().unwrap_or_default();
        // That is a flag of `can`.
        let why = why.split(" (`--context`").next().unwrap_or("").to_owned();
        match is_unknown && !result.matched.is_empty() {
            true => format!(
                "they allow {} on some resources, and the error does not name the resource",
                result.action
            ),
            false => why,
        }
    }

    fn by_organization(&self) -> bool {
        matches!(
            self.blamed,
            Some(Document::Policy(
                PolicyKind::ServiceControlPolicy | PolicyKind::ResourceControlPolicy
            ))
        )
    }

    /// Why the documents have no part in the error.
    fn unrelated(&self) -> String {
        let blamed = match self.blamed {
            Some(Document::Policy(kind)) => kind,
            _ => return "no policy causes this error".to_owned(),
        };
        if self.request.actions.is_empty() {
            return "the error does not say which action was denied".to_owned();
        }
        self.function_policy_to_provide().unwrap_or_else(|| {
            format!(
                "the decision depends on {}, which was not provided",
                Document::Policy(blamed).called()
            )
        })
    }

    /// That the function policy which the error blames was not provided, with the command that prints it.
    fn function_policy_to_provide(&self) -> Option<String> {
        let function_policy = Document::Policy(PolicyKind::FunctionPolicy);
        self.blamed.filter(|blamed| *blamed == function_policy)?;
        let named = self.request.function.clone();
        let named = named.or_else(|| self.sole_function());
        let qualifier = self.request.qualifier.as_deref();
        let is_it = |function: &Function<'_>| {
            let called = [function.name().name.to_string(), function.called()];
            named.as_ref().is_some_and(|name| called.contains(name))
        };
        let known = self.inventory.functions().find(is_it);
        let text = qualifier.map(Text::from);
        if known.is_some_and(|function| function.knows_policy_of(text.as_ref())) {
            return None;
        }
        let option = qualifier.map_or(String::new(), |q| format!(" --qualifier {}", quoted(q)));
        let (whose, name) = match &named {
            Some(function) => (format!(" of `{function}`"), quoted(function)),
            None => (String::new(), "FUNCTION".to_owned()),
        };
        Some(format!(
            "the decision depends on the function policy{whose}, which was not provided (aws lambda get-policy --function-name {name}{option})"
        ))
    }

    fn sole_function(&self) -> Option<String> {
        let mut functions = self.inventory.functions();
        let only = functions.next().filter(|_| functions.next().is_none())?;
        Some(only.called()).filter(|name| !name.is_empty())
    }

    fn has_function(&self, resource: &str) -> bool {
        let wanted = FunctionName::parse(&Text::from(resource)).name;
        let mut functions = self.inventory.functions();
        functions.any(|function| {
            function.name().name == wanted
                || Some(function.called()) == wanted.as_str().map(str::to_owned)
        })
    }
}

/// The type of the policies that a document is one of.
fn policy_type(document: Document) -> Option<PolicyType> {
    let Document::Policy(kind) = document else {
        return None;
    };
    Some(match kind {
        PolicyKind::ExecutionRole | PolicyKind::CallerRole | PolicyKind::Deployer => {
            PolicyType::Identity
        }
        PolicyKind::TrustPolicy
        | PolicyKind::FunctionPolicy
        | PolicyKind::ResourcePolicy
        | PolicyKind::KeyPolicy => PolicyType::Resource,
        PolicyKind::PermissionsBoundary => PolicyType::Boundary,
        PolicyKind::ServiceControlPolicy => PolicyType::ServiceControl,
        PolicyKind::ResourceControlPolicy => PolicyType::ResourceControl,
        PolicyKind::SessionPolicy => PolicyType::Session,
        PolicyKind::EndpointPolicy => PolicyType::Endpoint,
        PolicyKind::Package => return None,
    })
}
