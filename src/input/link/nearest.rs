//! The only candidate near a document, found by the paths to it: what `sole` finds, without looking at all candidates.

use std::collections::hash_map::DefaultHasher;
use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};

use crate::input::scope::Scope;
use crate::work::{Kind as Work, count};

/// Candidates by the paths on which they stand. Each has a number, and can stand at several places.
#[derive(Debug, Default)]
pub(super) struct Nearest {
    /// The candidates of each kind, those that are preferred apart.
    buckets: HashMap<(Bucket, bool), Vec<usize>>,
    entries: HashSet<(Bucket, usize, bool)>,
    /// How many places of each candidate are entered, and whether it is preferred.
    entered: HashMap<usize, (usize, bool)>,
    /// Candidates that may have changed since.
    changed: Vec<usize>,
}

/// What candidates have in common: the beginning of their path, and what they can belong to.
type Bucket = (u64, Related, Within);

/// Where candidates stand that share a beginning of their paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Related {
    /// Anywhere below it.
    Below,
    /// In just that folder: they are near to everything below it.
    Here,
    /// Anywhere below it, and named by hand.
    ByHand,
}

/// In which bundle a candidate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Within {
    Anything,
    /// The hash of a bundle.
    Bundle(u64),
    NoBundle,
}

/// What is known of candidates.
pub(super) trait Candidates {
    /// The places of one.
    fn scopes(&self, candidate: usize) -> &[Scope];

    /// Whether it counts where there are several.
    fn is_preferred(&self, candidate: usize) -> bool;
}

impl Nearest {
    /// Notes down that a candidate is new or has changed.
    pub(super) fn change(&mut self, candidate: usize) {
        if self.changed.last() != Some(&candidate) {
            self.changed.push(candidate);
        }
    }

    /// The candidate that is nearest to a scope, if it is the only one at that distance; of several, the only
    /// one that is preferred.
    pub(super) fn sole(&mut self, scope: &Scope, candidates: &impl Candidates) -> Option<usize> {
        for candidate in std::mem::take(&mut self.changed) {
            self.enter(candidate, candidates);
        }
        let prefixes = prefixes(scope);
        for (length, prefix) in prefixes.into_iter().enumerate().rev() {
            let length = length + 1;
            let mut related = match length + 1 >= scope.depth() {
                true => vec![Related::Below],
                false => vec![Related::Here],
            };
            related.extend(Some(Related::ByHand).filter(|_| scope.is_by_hand()));
            let within = match scope.bundle() {
                None => vec![Within::Anything],
                Some(bundle) => vec![Within::NoBundle, Within::Bundle(hash(bundle))],
            };
            let buckets = related
                .iter()
                .flat_map(|related| within.iter().map(|within| (prefix, *related, *within)));
            let buckets: Vec<Bucket> = buckets.collect();
            let is_near = |candidate: usize| {
                count(Work::Candidates, 1);
                let scopes = candidates.scopes(candidate).iter();
                let nearest = scopes.max_by_key(|own| own.nearness(scope));
                nearest.is_some_and(|own| {
                    own.nearness(scope) == length && own.is_related(scope) && own.agrees(scope)
                })
            };
            for is_preferred in [true, false] {
                match self.first_two(&buckets, is_preferred, is_near).as_slice() {
                    [] => {}
                    [only] => return Some(*only),
                    _ => return None,
                }
            }
        }
        None
    }

    /// The first two candidates of buckets for which something holds.
    fn first_two(
        &self,
        buckets: &[Bucket],
        is_preferred: bool,
        holds: impl Fn(usize) -> bool,
    ) -> Vec<usize> {
        let lists = buckets.iter();
        let lists = lists.filter_map(|bucket| self.buckets.get(&(*bucket, is_preferred)));
        let each = lists.flatten();
        let mut found: Vec<usize> = Vec::new();
        for candidate in each {
            if !found.contains(candidate) && holds(*candidate) {
                found.push(*candidate);
            }
            if found.len() > 1 {
                break;
            }
        }
        found
    }

    /// Enters the places of a candidate that are new.
    fn enter(&mut self, candidate: usize, candidates: &impl Candidates) {
        let is_preferred = candidates.is_preferred(candidate);
        let scopes = candidates.scopes(candidate);
        let (known, was_preferred) = self.entered.get(&candidate).copied().unwrap_or_default();
        // One that is preferred now is found before it is found among the others.
        let first = match was_preferred == is_preferred {
            true => known,
            false => 0,
        };
        for scope in scopes.get(first..).unwrap_or_default() {
            for bucket in buckets(scope) {
                if self.entries.insert((bucket, candidate, is_preferred)) {
                    let list = self.buckets.entry((bucket, is_preferred)).or_default();
                    list.push(candidate);
                }
            }
        }
        self.entered.insert(candidate, (scopes.len(), is_preferred));
    }
}

/// The buckets in which a place is looked for.
fn buckets(scope: &Scope) -> Vec<Bucket> {
    let within = match scope.bundle() {
        None => Within::NoBundle,
        Some(bundle) => Within::Bundle(hash(bundle)),
    };
    let mut buckets = Vec::new();
    for (length, prefix) in prefixes(scope).into_iter().enumerate() {
        let mut related = vec![Related::Below];
        related.extend(Some(Related::Here).filter(|_| length + 2 >= scope.depth()));
        related.extend(Some(Related::ByHand).filter(|_| scope.is_by_hand()));
        for related in related {
            buckets.push((prefix, related, Within::Anything));
            buckets.push((prefix, related, within));
        }
    }
    buckets
}

/// The hashes of each beginning of a path, the shortest first.
fn prefixes(scope: &Scope) -> Vec<u64> {
    let mut hasher = DefaultHasher::new();
    let steps = scope.steps().iter();
    let hashes = steps.map(|step| {
        step.hash(&mut hasher);
        hasher.finish()
    });
    hashes.collect()
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
