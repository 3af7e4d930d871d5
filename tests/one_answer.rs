//! One question has one answer: checking, `can`, `simulate` and the matrix all ask the same engine with the same
//! policies.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use lint_lambda::diagnostics::{EvaluationResult, Judgement, Ruling, Severity};
use lint_lambda::unstable::catalogue::Catalogue;
use lint_lambda::unstable::explain::{Search, explain, judge};
use lint_lambda::unstable::input::{Hints, Input, Scope};
use lint_lambda::unstable::lint::{Outcome, lint, purposes};
use lint_lambda::unstable::model::{Function, Organization};
use lint_lambda::unstable::requirement::{Caches, LintContext, RoleNeed};
use lint_lambda::unstable::rules::Packs;
use lint_lambda::unstable::simulate::{Question, can, simulate};
use lint_lambda::unstable::source::SourceMap;
use lint_lambda::unstable::syntax::{Text, json};
use lint_lambda::{Analysis, analyze};
use serde_json::{Value, json};

use crate::program::root;
use crate::test_rng::TestRng;

/// A text that was analyzed and judged.
struct Case {
    sources: SourceMap,
    catalogue: Catalogue,
    packs: Packs,
    analysis: Analysis,
    outcome: Outcome,
}

impl Case {
    fn of(texts: &[(String, String)], organization: Organization) -> Self {
        let mut sources = SourceMap::default();
        let (catalogue, _) = Catalogue::builtin(&mut sources);
        let packs = Packs::builtin();
        let inputs: Vec<Input> = texts
            .iter()
            .map(|(name, text)| Input {
                file: sources.add(name, text).unwrap(),
                scope: Scope::new([".", name]),
                named: true,
                role: lint_lambda::InputRole::Checked,
            })
            .collect();
        let hints = Hints {
            organization,
            ..Hints::default()
        };
        let analysis = analyze(&mut sources, &inputs, &hints, &catalogue);
        let outcome = lint(&sources, &analysis, &packs, &catalogue);
        Case {
            sources,
            catalogue,
            packs,
            analysis,
            outcome,
        }
    }

    fn can(&self, who: &str, action: &str, resource: &str) -> Option<EvaluationResult> {
        let question = Question {
            who,
            action,
            resource: Some(resource),
            context: &[],
            ..Question::default()
        };
        let inventory = &self.analysis.inventory;
        can(&self.catalogue, inventory, &question, &mut Vec::new())
    }

    fn needs(&self, function: Function<'_>) -> Vec<RoleNeed> {
        let cx = LintContext {
            sources: &self.sources,
            catalogue: &self.catalogue,
            caches: &Caches::default(),
            inventory: &self.analysis.inventory,
        };
        purposes(cx, &self.packs, function)
    }

    /// What contradicts itself, in words.
    fn contradictions(&self) -> (usize, Vec<String>) {
        let (mut asked, mut wrong) = (0, Vec::new());
        let inventory = &self.analysis.inventory;
        let names: Vec<String> = inventory.functions().map(|f| f.called()).collect();
        for function in inventory.functions() {
            let name = function.called();
            if name.is_empty() || names.iter().filter(|other| **other == name).count() > 1 {
                continue;
            }
            for need in self.needs(function) {
                let single = need.requests.iter().filter(|request| {
                    let is_known = |resource: &Text| resource.as_str().is_some();
                    let resources = &request.resources;
                    !request.is_alternative && resources.len() == 1 && is_known(&resources[0])
                });
                for request in single {
                    let (action, resource) = (&request.action, &request.resources[0]);
                    let action = action.to_string();
                    let Some(answer) = self.can(&name, &action, &resource.to_string()) else {
                        continue;
                    };
                    asked += 1;
                    let is_refused = need.refused.contains(&action);
                    let contradicts = match answer.decision {
                        Ruling::Allowed => is_refused,
                        Ruling::ExplicitDeny | Ruling::ImplicitDeny => {
                            !is_refused && need.open.is_none()
                        }
                        // What `can` is not told of the request, a check may know.
                        Ruling::Unknown => false,
                    };
                    if contradicts {
                        let decision = answer.decision.as_str();
                        wrong.push(format!(
                            "{name}: {action} on {resource}: {need:?}, can: {decision}"
                        ));
                    }
                }
            }
        }
        (asked, wrong)
    }
}

/// Each sample by itself, and each folder of samples that belong together.
fn samples() -> Vec<Vec<PathBuf>> {
    fn below(folder: &Path, all: &mut Vec<Vec<PathBuf>>) {
        let mut own = Vec::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                below(&path, all);
            } else if path.extension().is_some_and(|e| e == "json" || e == "yaml") {
                own.push(path);
            }
        }
        own.sort();
        all.extend(own.iter().map(|path| vec![path.clone()]));
        all.push(own);
    }
    let mut all = Vec::new();
    below(&root().join("policies-samples"), &mut all);
    all.retain(|paths| !paths.is_empty());
    all.sort();
    all
}

#[test]
fn every_sample_has_one_answer() {
    let (mut asked, mut wrong) = (0, Vec::new());
    for paths in samples() {
        let named = paths.iter().map(|path| {
            let name = path.strip_prefix(root()).unwrap().display().to_string();
            (name, fs::read_to_string(path).unwrap())
        });
        let texts: Vec<(String, String)> = named.collect();
        let (more, found) = Case::of(&texts, Organization::default()).contradictions();
        asked += more;
        wrong.extend(
            found
                .into_iter()
                .map(|text| format!("{}: {text}", texts[0].0)),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(asked > 200, "{asked}");
}

const ROLE: &str = "arn:aws:iam::123456789012:role/orders-role";
const QUEUE: &str = "arn:aws:sqs:eu-west-1:123456789012:orders";
const ACTIONS: [&str; 3] = [
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
];

/// A policy of some statements about the queue and other things.
fn policy(rng: &mut TestRng, generous: bool) -> Value {
    const PATTERNS: [&str; 8] = [
        "*",
        "sqs:*",
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:Get*",
        "sqs:*Message",
        "logs:*",
        "SQS:receivemessage",
    ];
    const RESOURCES: [&str; 4] = [
        "*",
        QUEUE,
        "arn:aws:sqs:*:*:ord*",
        "arn:aws:sqs:eu-west-1:123456789012:other",
    ];
    let mut statements = Vec::new();
    if generous && rng.roll(3) > 0 {
        statements.push(json!({ "Effect": "Allow", "Action": "*", "Resource": "*" }));
    }
    for _ in 0..rng.roll(4) {
        let action = match rng.roll(4) {
            0 => "NotAction",
            _ => "Action",
        };
        statements.push(json!({
            "Effect": if rng.roll(3) == 0 { "Deny" } else { "Allow" },
            action: PATTERNS[rng.roll(PATTERNS.len())],
            "Resource": RESOURCES[rng.roll(RESOURCES.len())],
        }));
    }
    json!({ "Version": "2012-10-17", "Statement": statements })
}

/// A function that reads a queue with a role, some of whose policies may not be there.
struct System {
    bundle: Value,
    /// Service control policies, by level.
    levels: Vec<Vec<Value>>,
}

impl System {
    fn random(rng: &mut TestRng) -> Self {
        let inline: Vec<Value> = (0..=rng.roll(2))
            .map(|number| {
                json!({ "PolicyName": format!("p{number}"), "PolicyDocument": policy(rng, false) })
            })
            .collect();
        let mut role = json!({
            "RoleName": "orders-role",
            "Arn": ROLE,
            "RolePolicyList": inline,
            "AttachedManagedPolicies": [],
        });
        if rng.roll(4) == 0 {
            role["AttachedManagedPolicies"] = json!([
                { "PolicyName": "own", "PolicyArn": "arn:aws:iam::123456789012:policy/own" }
            ]);
        }
        if rng.roll(3) == 0 {
            role["PermissionsBoundary"] = json!({
                "PermissionsBoundaryArn": "arn:aws:iam::123456789012:policy/edge",
                "PolicyDocument": policy(rng, true),
            });
        }
        let levels = (0..rng.roll(3)).map(|_| {
            let level = (0..=rng.roll(2)).map(|_| policy(rng, true));
            level.collect()
        });
        let levels = levels.collect();
        let bundle = json!({
            "Configuration": {
                "FunctionName": "orders",
                "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:orders",
                "Role": ROLE,
            },
            "Role": role,
            "EventSourceMappings": [{ "UUID": "1", "EventSourceArn": QUEUE, "FunctionArn": "orders" }],
        });
        System { bundle, levels }
    }

    fn case(&self) -> Case {
        let mut sources = SourceMap::default();
        let mut organization = Organization::default();
        for (index, level) in self.levels.iter().enumerate() {
            let policies = level.iter().enumerate().map(|(number, policy)| {
                let name = format!("scp-{index}-{number}.json");
                let text = policy.to_string();
                let file = sources.add(&name, &text).unwrap();
                let node = json::read(file, &text).roots.remove(0);
                (
                    name,
                    lint_lambda::unstable::iam::PolicyDocument::read(&node),
                )
            });
            organization.add_service_control(policies.collect());
        }
        let text = ("in.json".to_owned(), self.bundle.to_string());
        Case::of(&[text], organization)
    }
}

/// The word for what checking says of an action.
fn checked(case: &Case, action: &str) -> &'static str {
    let of_queue = |rule: &str| rule.starts_with("poll-sources/");
    let findings = case.outcome.findings.iter();
    let mut refusing = findings.filter(|f| of_queue(&f.rule) && f.severity == Severity::Error);
    let mut undecided = case.outcome.undecided.iter();
    if refusing.any(|finding| finding.subject.actions.iter().any(|a| a == action)) {
        "denied"
    } else if undecided.any(|u| of_queue(&u.rule) || u.also.iter().any(|rule| of_queue(rule))) {
        "unknown"
    } else {
        "allowed"
    }
}

fn word(ruling: Ruling) -> &'static str {
    match ruling {
        Ruling::Allowed => "allowed",
        Ruling::Unknown => "unknown",
        Ruling::ExplicitDeny | Ruling::ImplicitDeny => "denied",
    }
}

/// What the simulator says of the role's policies and those of the organization.
fn simulated(system: &System, case: &mut Case, action: &str) -> &'static str {
    let input = json!({
        "PolicySourceArn": ROLE,
        "ActionNames": [action],
        "ResourceArns": [QUEUE],
        "serviceControlPolicies": system.levels,
    });
    let text = input.to_string();
    let file = case.sources.add("request.json", &text).unwrap();
    let node = json::read(file, &text).roots.remove(0);
    let mut problems = Vec::new();
    let (inventory, sources) = (&case.analysis.inventory, &mut case.sources);
    let results = simulate(&case.catalogue, sources, &node, inventory, &mut problems);
    assert_eq!(problems, [], "{text}");
    word(results[0].overall.decision)
}

/// What the documents say of the error that a refusal would give.
fn explained(case: &Case, action: &str) -> &'static str {
    let error = format!(
        "User: arn:aws:sts::123456789012:assumed-role/orders-role/orders is not authorized to perform: {action} \
         on resource: {QUEUE} because no identity-based policy allows the {action} action"
    );
    let mut search = Search::new(case.catalogue.symptoms());
    search.feed(&error);
    let found = search.finish().0;
    let mut explanations = explain(&case.catalogue, &found, "the error");
    judge(
        &case.catalogue,
        &mut explanations[0],
        &case.analysis,
        &case.outcome,
    );
    match &explanations[0].documents {
        Some(Judgement::Shown(_) | Judgement::Refused(_)) => "denied",
        Some(Judgement::Open(_)) => "unknown",
        Some(Judgement::Allowed(_) | Judgement::Complete) => "allowed",
        Some(Judgement::Unrelated(_)) | None => "nothing",
    }
}

#[test]
fn random_systems_have_one_answer() {
    let mut rng = TestRng(11);
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for _ in 0..150 {
        let system = System::random(&mut rng);
        let mut case = system.case();
        for finding in &case.outcome.findings {
            let help = finding.help.as_deref().unwrap_or("");
            assert!(!help.is_empty(), "{finding:?}");
        }
        let function = case.analysis.inventory.functions().next().unwrap();
        let needs = case.needs(function);
        let any_denied = ACTIONS
            .iter()
            .any(|action| checked(&case, action) == "denied");
        let mut decisions = ACTIONS.iter();
        let any_open = decisions
            .any(|action| word(case.can("orders", action, QUEUE).unwrap().decision) == "unknown");
        for action in ACTIONS {
            let answer = case.can("orders", action, QUEUE).unwrap();
            let decided = word(answer.decision);
            let said = format!(
                "{action}: can {decided}\n{:#}\n{:#?}",
                system.bundle, system.levels
            );
            seen.insert(decided);
            let check = checked(&case, action);
            // A check is of all actions together: a finding counts before what is undecided beside it,
            // and that before what is allowed.
            let agrees = check == decided
                || any_denied && (check, decided) == ("allowed", "unknown")
                || any_open && (check, decided) == ("unknown", "allowed");
            assert!(agrees, "check {check}, {said}");
            let of_queue = needs
                .iter()
                .find(|need| need.name.contains("orders"))
                .unwrap();
            let refused = of_queue.refused.iter().any(|refused| refused == action);
            assert_eq!(refused, decided == "denied", "matrix, {said}");
            assert_eq!(explained(&case, action), decided, "explain, {said}");
            assert_eq!(
                simulated(&system, &mut case, action),
                decided,
                "simulate, {said}"
            );
        }
    }
    assert_eq!(seen.len(), 3, "{seen:?}");
}
