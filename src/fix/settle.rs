//! Which fixes can be made: each by itself, or many at once.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, joined};
use super::check::{Checker, Refusal, written};
use super::components::Components;
use super::plan::Planner;
use crate::diagnostics::{Finding, Patch};
use crate::source::FileId;

/// A finding with the ways to mend it.
#[derive(Debug)]
pub(super) struct Task<'f> {
    /// Its number among all findings.
    pub(super) number: usize,
    pub(super) finding: &'f Finding,
    ways: Vec<Vec<Change>>,
}

/// What comes of a task.
#[derive(Debug, Default)]
pub(super) struct Settled {
    pub(super) number: usize,
    pub(super) patch: Option<Patch>,
    /// Two resources that would wait for each other.
    pub(super) circle: Option<(String, String)>,
}

impl<'f> Task<'f> {
    /// The task of a finding; nothing where nobody writes the files that it would change.
    pub(super) fn of(planner: &Planner<'_>, number: usize, finding: &'f Finding) -> Option<Self> {
        let mut ways = planner.ways(number, finding);
        ways.retain(|way| planner.is_worth_writing(way));
        Task::with(number, finding, ways)
    }

    /// The task of a finding with these ways to mend it.
    pub(super) fn with(
        number: usize,
        finding: &'f Finding,
        ways: Vec<Vec<Change>>,
    ) -> Option<Self> {
        let ways: Vec<Vec<Change>> = ways.into_iter().filter_map(joined).collect();
        (!ways.is_empty()).then_some(Task {
            number,
            finding,
            ways,
        })
    }

    /// The part of the inputs that it is about, with what the first way changes.
    fn part(&self, planner: &Planner<'_>, components: &Components) -> usize {
        let patch = self.ways.first().and_then(|way| written(planner, way));
        let edits = patch.iter().flat_map(|patch| &patch.edits);
        let files: BTreeSet<FileId> = edits.map(|edit| edit.span.file).collect();
        components.of_changes(planner.session, &[self.finding], &files)
    }
}

/// The tasks of each part of the inputs.
pub(super) fn by_part<'f>(
    planner: &Planner<'_>,
    components: &Components,
    tasks: Vec<Task<'f>>,
) -> BTreeMap<usize, Vec<Task<'f>>> {
    let mut parts: BTreeMap<usize, Vec<Task<'f>>> = BTreeMap::new();
    for task in tasks {
        let part = task.part(planner, components);
        parts.entry(part).or_default().push(task);
    }
    parts
}

/// Checks each task by itself.
pub(super) fn alone(
    planner: &Planner<'_>,
    checker: &mut Checker<'_>,
    tasks: &[Task<'_>],
) -> Vec<Settled> {
    let settled = tasks.iter().map(|task| {
        let mut settled = Settled {
            number: task.number,
            patch: None,
            circle: None,
        };
        for way in &task.ways {
            match checker.patch(planner, &[task.finding], way) {
                Ok(patch) => {
                    settled.patch = Some(patch);
                    break;
                }
                Err(Refusal::Circle(from, to)) => {
                    settled.circle.get_or_insert((from, to));
                }
                Err(Refusal::NoUse) => {}
                Err(Refusal::TooMuch) => break,
            }
        }
        settled
    });
    settled.collect()
}

/// The tasks that can be done all at once, as many as that is found of, each with what it writes by itself;
/// and all of it as one patch.
pub(super) fn together(
    planner: &Planner<'_>,
    checker: &mut Checker<'_>,
    tasks: &[Task<'_>],
) -> (Vec<Settled>, Option<Patch>) {
    let mut party = Party {
        planner,
        checker,
        tasks,
        accepted: Vec::new(),
        patch: None,
        is_over: false,
    };
    let all: Vec<usize> = (0..tasks.len()).collect();
    party.add(&all);
    let accepted = party.accepted.iter().filter_map(|(index, way)| {
        let task = tasks.get(*index)?;
        Some(Settled {
            number: task.number,
            patch: written(planner, task.ways.get(*way)?),
            circle: None,
        })
    });
    (accepted.collect(), party.patch)
}

/// The same, where no two parts change one file.
pub(super) fn by_disjoint_part<'f>(
    planner: &Planner<'_>,
    components: &Components,
    tasks: Vec<Task<'f>>,
) -> BTreeMap<usize, Vec<Task<'f>>> {
    let parts = by_part(planner, components, tasks);
    if !parts.contains_key(&Components::ALL) {
        return parts;
    }
    let mut all: Vec<Task<'f>> = parts.into_values().flatten().collect();
    all.sort_by_key(|task| task.number);
    BTreeMap::from([(Components::ALL, all)])
}

/// Tasks that are tried together.
struct Party<'p, 's, 'c> {
    planner: &'p Planner<'s>,
    checker: &'p mut Checker<'c>,
    tasks: &'p [Task<'p>],
    /// The tasks that can be done together, each with its way.
    accepted: Vec<(usize, usize)>,
    patch: Option<Patch>,
    /// Whether there is nothing left to check with.
    is_over: bool,
}

impl Party<'_, '_, '_> {
    /// Adds as many of these tasks as can be.
    fn add(&mut self, chunk: &[usize]) {
        if chunk.is_empty() || self.is_over || self.accepts(chunk, 0) {
            return;
        }
        if let [only] = chunk {
            let ways = self.tasks.get(*only).map_or(0, |task| task.ways.len());
            for way in 1..ways {
                if self.is_over || self.accepts(chunk, way) {
                    return;
                }
            }
            return;
        }
        let (first, second) = chunk.split_at(chunk.len() / 2);
        self.add(first);
        self.add(second);
    }

    /// Adds these tasks, each in the way of that number, if all can be done with those that are there.
    fn accepts(&mut self, chunk: &[usize], way: usize) -> bool {
        let mut trial = self.accepted.clone();
        trial.extend(chunk.iter().map(|index| (*index, way)));
        let chosen = trial.iter().filter_map(|(index, way)| {
            let task = self.tasks.get(*index)?;
            Some((task.finding, task.ways.get(*way)?))
        });
        let (findings, ways): (Vec<&Finding>, Vec<&Vec<Change>>) = chosen.unzip();
        let Some(changes) = joined(ways.into_iter().flatten().cloned()) else {
            return false;
        };
        match self.checker.patch(self.planner, &findings, &changes) {
            Ok(patch) => {
                self.accepted = trial;
                self.patch = Some(patch);
                true
            }
            Err(refusal) => {
                self.is_over |= refusal == Refusal::TooMuch;
                false
            }
        }
    }
}
