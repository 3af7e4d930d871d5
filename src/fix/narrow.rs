//! Conditions for statements and permissions that are there already.

use super::change::{Change, Path};
use super::permission::permission_type;
use super::statement::{Wording, conditions};
use crate::catalogue::Catalogue;
use crate::diagnostics::{ConditionTest, Narrowing, NewStatement};
use crate::syntax::Node;

/// The ways to limit a statement, the best first: by all conditions, or by the last of them, which names nothing
/// that is made up.
pub(super) fn ways(
    (catalogue, documents): (&Catalogue, &[Node]),
    narrowing: Narrowing,
    statements: &[NewStatement],
    wording: Wording<'_>,
) -> Vec<Vec<Change>> {
    let [new] = statements else {
        return Vec::new();
    };
    let tests = new.conditions.as_slice();
    let last = tests.len().saturating_sub(1);
    let sets = [Some(tests), tests.get(last..).filter(|_| last > 0)];
    let changes = |tests: &[ConditionTest]| {
        of_permission(catalogue, narrowing, tests, wording)
            .or_else(|| of_statement(documents, narrowing, tests, wording))
    };
    let ways = sets.into_iter().flatten().filter_map(changes);
    ways.filter(|way| !way.is_empty()).collect()
}

/// The properties of a permission of a template.
fn of_permission(
    catalogue: &Catalogue,
    narrowing: Narrowing,
    tests: &[ConditionTest],
    wording: Wording<'_>,
) -> Option<Vec<Change>> {
    let resource = wording.target?.resource_at(narrowing.statement)?;
    let shape = permission_type(catalogue)?;
    let is_permission = resource.shape.is_some_and(|own| own.name == shape.name);
    let into = resource.path.key("Properties");
    let changes = tests.iter().filter(|_| is_permission).map(|test| {
        let mut known = shape.permission_conditions.iter();
        let known = known.find(|known| known.key == test.key)?;
        Some(Change::Insert {
            into: into.clone(),
            key: known.property.clone(),
            value: wording.node(&test.value)?,
        })
    });
    let changes = changes.collect::<Option<Vec<Change>>>()?;
    (!changes.is_empty()).then_some(changes)
}

/// The conditions of a statement of a document.
fn of_statement(
    documents: &[Node],
    narrowing: Narrowing,
    tests: &[ConditionTest],
    wording: Wording<'_>,
) -> Option<Vec<Change>> {
    const CONDITION: &str = "Condition";
    let path = Path::to(documents, narrowing.statement)?;
    let statement = path.find(documents)?;
    statement.get("Effect")?;
    let new = conditions(tests, wording)?;
    let insert = |into: &Path, key: &str, value: &Node| Change::Insert {
        into: into.clone(),
        key: key.to_owned(),
        value: value.clone(),
    };
    let Some(known) = statement.get(CONDITION) else {
        return Some(vec![insert(&path, CONDITION, &new)]);
    };
    let into = path.key(CONDITION);
    let changes = new.members().iter().flat_map(|operator| {
        let name = &*operator.key.text;
        match known.get(name) {
            None => vec![insert(&into, name, &operator.value)],
            Some(_) => {
                let keys = operator.value.members().iter();
                let into = into.key(name);
                keys.map(|key| insert(&into, &key.key.text, &key.value))
                    .collect()
            }
        }
    });
    Some(changes.collect())
}
