//! What is kept from one check for the next.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use super::surroundings::Surroundings;
use crate::catalogue::{Catalogue, Naming};
use crate::iam::{ReadPolicies, Statement};
use crate::model::{Inventory, PolicyBundle, Role};
use crate::source::Span;

/// For how many wrong names it is looked up what was meant.
const MAX_WRONG_NAMES: usize = 1_000;

/// How many comparisons of statements with the catalogue are made in one run. All AWS-managed
/// policies together take a seventh of them; what comes after them is not judged.
const MOST_COMPARISONS: usize = 4_000_000;

/// What is kept from one check for the next.
#[derive(Debug)]
pub struct Caches {
    limits: Limits,
    pub(super) read: ReadPolicies,
    /// Whether something beside a statement grants actions, by the address of an inventory, the place of the
    /// statement in it, and the actions.
    pub(super) grants: Shared<(usize, Span, Vec<String>), bool>,
    /// The statements about an action in the documents at some places.
    covering: Mutex<HashMap<(Vec<Span>, String), Covering>>,
    roles: Shared<(usize, Span), Arc<PolicyBundle>>,
    surroundings: Shared<usize, Arc<Surroundings>>,
}

/// Statements about an action, if it was not too much to look for them.
pub(super) type Covering = Option<Arc<[Arc<Statement>]>>;

/// What is looked up once, and by many at a time.
pub(super) type Shared<K, V> = RwLock<HashMap<K, V>>;

/// What is bounded for the whole run, so that it matters what is checked first.
#[derive(Debug)]
struct Limits {
    namings: Mutex<HashMap<String, Naming>>,
    comparisons: AtomicUsize,
    /// How often a bound was met.
    met: AtomicUsize,
}

/// The state of what is bounded.
#[derive(Debug)]
pub struct Mark {
    namings: HashMap<String, Naming>,
    comparisons: usize,
    met: usize,
}

impl Default for Caches {
    fn default() -> Self {
        Caches {
            limits: Limits {
                namings: Mutex::default(),
                comparisons: AtomicUsize::new(MOST_COMPARISONS),
                met: AtomicUsize::new(0),
            },
            read: ReadPolicies::default(),
            grants: Shared::default(),
            covering: Mutex::default(),
            roles: Shared::default(),
            surroundings: Shared::default(),
        }
    }
}

impl Caches {
    /// The state before something is checked by many at a time.
    #[must_use]
    pub fn mark(&self) -> Mark {
        let namings = self.limits.namings.lock();
        Mark {
            namings: namings.unwrap_or_else(PoisonError::into_inner).clone(),
            comparisons: self.limits.comparisons.load(Ordering::SeqCst),
            met: self.limits.met.load(Ordering::SeqCst),
        }
    }

    /// Goes back to a state if a bound was met since: who met it was then a matter of chance. Says whether
    /// that is so.
    #[must_use]
    pub fn back_to(&self, mark: Mark) -> bool {
        if self.limits.met.load(Ordering::SeqCst) == mark.met {
            return false;
        }
        let namings = self.limits.namings.lock();
        *namings.unwrap_or_else(PoisonError::into_inner) = mark.namings;
        // What was too much to look at may not be so.
        let grants = self.grants.write();
        grants.unwrap_or_else(PoisonError::into_inner).clear();
        let covering = self.covering.lock();
        covering.unwrap_or_else(PoisonError::into_inner).clear();
        self.limits
            .comparisons
            .store(mark.comparisons, Ordering::SeqCst);
        true
    }

    pub(super) fn policies_of(&self, role: Role<'_>, inventory: &Inventory) -> Arc<PolicyBundle> {
        let read = || PolicyBundle::of_role(role, &inventory.organization, &self.read).into();
        // A role of the inventory stays where it is.
        match role.node.address() {
            Some(address) => once(&self.roles, (address, role.node.span), read),
            None => read(),
        }
    }

    /// What is known of statements about an action, or else what is found. Nobody else looks meanwhile, so that
    /// comparisons are spent once.
    pub(super) fn covering(
        &self,
        key: (Vec<Span>, String),
        find: impl FnOnce() -> Covering,
    ) -> Covering {
        let known = self.covering.lock();
        let mut known = known.unwrap_or_else(PoisonError::into_inner);
        known.entry(key).or_insert_with(find).clone()
    }

    /// What stands around the statements of an inventory.
    pub(super) fn surroundings(&self, inventory: &Inventory) -> Arc<Surroundings> {
        let address = std::ptr::from_ref(inventory) as usize;
        once(&self.surroundings, address, || {
            Surroundings::of(inventory).into()
        })
    }

    pub(super) fn spend(&self, comparisons: usize) -> bool {
        let rest = |left: usize| Some(left.saturating_sub(comparisons));
        let left = &self.limits.comparisons;
        let (Ok(left) | Err(left)) = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, rest);
        let is_enough = left >= comparisons;
        self.limits
            .met
            .fetch_add(usize::from(!is_enough), Ordering::SeqCst);
        is_enough
    }

    pub(super) fn naming(&self, written: &str, catalogue: &Catalogue) -> Naming {
        let namings = self.limits.namings.lock();
        let mut namings = namings.unwrap_or_else(PoisonError::into_inner);
        if namings.len() >= MAX_WRONG_NAMES && !namings.contains_key(written) {
            self.limits.met.fetch_add(1, Ordering::SeqCst);
            return Naming::NoSuchAction(None);
        }
        let naming = namings.entry(written.to_owned());
        naming
            .or_insert_with(|| catalogue.actions.naming(written))
            .clone()
    }
}

/// What is known, or else what is read; two that read at a time keep what the first one read.
pub(super) fn once<K: std::hash::Hash + Eq, V: Clone>(
    known: &RwLock<HashMap<K, V>>,
    key: K,
    read: impl FnOnce() -> V,
) -> V {
    let values = known.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(value) = values.get(&key) {
        return value.clone();
    }
    drop(values);
    let value = read();
    let mut values = known.write().unwrap_or_else(PoisonError::into_inner);
    values.entry(key).or_insert(value).clone()
}
