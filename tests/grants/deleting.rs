//! Takes every action out of every statement of every good sample, one at a time.

use std::collections::{BTreeMap, BTreeSet};

use lint_lambda::diagnostics::Finding;
use lint_lambda::unstable::catalogue::{Catalogue, Grant, Need};
use lint_lambda::unstable::rules::Packs;
use lint_lambda::unstable::source::SourceMap;
use serde_json::{Value, json};

use crate::bless;

use super::linter::{Linter, Sample, good_samples};
use super::statements::{allows, lists, opened, texts};

/// A good sample without one action of one statement, or without a managed policy.
struct Mutant {
    /// The action; the name of the policy where that is gone.
    action: String,
    is_policy: bool,
    document: Value,
}

fn mutants(sample: &Sample) -> Vec<Mutant> {
    let whole = opened(&sample.document);
    let mut mutants = Vec::new();
    for pointer in lists(&whole) {
        let statements = whole.pointer(&pointer).and_then(Value::as_array).unwrap();
        for (index, statement) in statements.iter().enumerate().filter(|(_, s)| allows(s)) {
            for action in texts(statement, "Action") {
                let mut document = whole.clone();
                let list = document.pointer_mut(&pointer).and_then(Value::as_array_mut);
                without(list.unwrap(), index, &action);
                mutants.push(Mutant {
                    action,
                    is_policy: false,
                    document,
                });
            }
        }
    }
    mutants.extend(without_managed(&whole));
    mutants
}

/// The sample without each of the managed policies that are attached to the role.
fn without_managed(whole: &Value) -> Vec<Mutant> {
    const LIST: &str = "/Role/AttachedManagedPolicies";
    let attached = whole.pointer(LIST).and_then(Value::as_array);
    let each = attached.into_iter().flatten().enumerate();
    each.map(|(index, policy)| {
        let mut document = whole.clone();
        let list = document.pointer_mut(LIST).and_then(Value::as_array_mut);
        list.unwrap().remove(index);
        Mutant {
            action: policy["PolicyName"].as_str().unwrap().to_owned(),
            is_policy: true,
            document,
        }
    })
    .collect()
}

fn without(statements: &mut Vec<Value>, index: usize, action: &str) {
    let mut left = texts(&statements[index], "Action");
    left.retain(|other| other != action);
    match left.is_empty() {
        true => drop(statements.remove(index)),
        false => statements[index]["Action"] = json!(left),
    }
}

/// What is found, without what an empty list of statements brings: that is another fault.
fn faults(linter: &Linter, mutant: &Mutant) -> Vec<Finding> {
    let mut found = linter.faults(&mutant.document);
    found.retain(|finding| &*finding.rule != "policy-document/no-statement");
    found
}

/// The actions of the catalogue's grants that are required, whatever the settings say, and of
/// which none makes up for another.
fn required() -> BTreeSet<String> {
    let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
    let sure = grants(&catalogue).filter(|grant| {
        grant.need == Need::Required && grant.is_unconditional() && !grant.any_action
    });
    sure.flat_map(|grant| grant.actions.clone()).collect()
}

/// All grants of the catalogue.
fn grants(catalogue: &Catalogue) -> impl Iterator<Item = &Grant> {
    let push = catalogue.push.iter().map(|source| &source.needs);
    let poll = catalogue.poll.iter().map(|source| &source.needs);
    let features = catalogue.features.iter().map(|feature| &feature.needs);
    let targets = catalogue.targets.iter().map(|target| &target.needs);
    let all = push.chain(poll).chain(features).chain(targets);
    all.flat_map(|needs| &needs.grants)
}

/// The actions that the catalogue or a rule asks for, as far as they are more than good to know.
fn asked() -> BTreeSet<String> {
    let mut sources = SourceMap::default();
    let (catalogue, _) = Catalogue::builtin(&mut sources);
    let packs = Packs::builtin();
    let grants = grants(&catalogue).filter(|grant| grant.need != Need::Optional);
    let mut asked: BTreeSet<String> = grants.flat_map(|grant| grant.actions.clone()).collect();
    for rule in packs.rules() {
        asked.extend(rule.require().actions().into_iter().map(str::to_owned));
    }
    asked.insert("sts:AssumeRole".to_owned());
    asked
}

#[test]
fn without_one_action_exactly_its_rule_fires() {
    let linter = Linter::new();
    let mut table = BTreeMap::new();
    let mut fired: BTreeMap<String, usize> = BTreeMap::new();
    for sample in good_samples(&linter) {
        let mut lines = BTreeSet::new();
        for mutant in mutants(&sample) {
            let found = faults(&linter, &mutant);
            let rules: BTreeSet<&str> = found.iter().map(|finding| &*finding.rule).collect();
            for finding in &found {
                let names = &finding.subject.actions;
                // What is deleted may be a wildcard, such as `kms:*` of a key policy.
                let deleted = mutant.action.strip_suffix('*');
                let is_meant = |name: &String| match deleted {
                    Some(beginning) => name.starts_with(beginning),
                    None => *name == mutant.action,
                };
                assert!(
                    mutant.is_policy || names.iter().any(is_meant),
                    "{} without {}: {} speaks of {names:?}",
                    sample.name,
                    mutant.action,
                    finding.rule,
                );
            }
            let said = match rules.len() {
                0 => "nothing".to_owned(),
                _ => rules.into_iter().collect::<Vec<_>>().join(", "),
            };
            if !found.is_empty() {
                *fired.entry(mutant.action.clone()).or_default() += 1;
            }
            lines.insert(format!("{}: {said}", mutant.action));
        }
        let lines: Vec<String> = lines.into_iter().collect();
        if !lines.is_empty() {
            table.insert(sample.name, lines.join("\n"));
        }
    }
    bless::snapshots("grants", &table);
    let required = required();
    let never: Vec<&String> = required
        .iter()
        .filter(|a| !fired.contains_key(*a))
        .collect();
    assert_eq!(never, Vec::<&String>::new(), "required, but never missed");
}

#[test]
fn what_is_not_required_is_not_missed() {
    let linter = Linter::new();
    let asked = asked();
    for sample in good_samples(&linter) {
        for mutant in mutants(&sample) {
            let is_all = mutant.action.contains('*');
            if mutant.is_policy || asked.contains(&mutant.action) || is_all {
                continue;
            }
            let found = faults(&linter, &mutant);
            assert!(
                found.is_empty(),
                "{} without {}: {}",
                sample.name,
                mutant.action,
                found[0].message
            );
        }
    }
}
