//! Counters of the work that is done, by kind, and work that is done by many threads.
//!
//! They show how work grows with the input, which times of a run do not show reliably: `tests/growth.rs` compares
//! them at one size and at twice that size. Each thread has its own counters, so that runs beside each other do
//! not disturb each other; [`in_parallel`] brings back what the threads that it hands work to have counted.

use std::cell::Cell;
use std::num::NonZeroUsize;
use std::ops::Sub;
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

/// Declares the kinds, each with its documentation.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident,)*) => {
        /// A kind of work.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind {
            $($(#[$doc])* $kind,)*
        }

        /// All kinds, in the order of [`Counts`].
        pub const KINDS: &[Kind] = &[$(Kind::$kind),*];
    };
}

kinds! {
    /// Nodes of trees that were visited.
    Visits,
    /// Members of objects that were compared with a name.
    Members,
    /// Conditions of templates that were evaluated.
    Conditions,
    /// Nodes that selectors looked at.
    Selections,
    /// Patterns that were compiled.
    Patterns,
    /// Statements that were matched with a request.
    Matches,
    /// Places that a rule checked.
    Checks,
    /// Bytes that were judged again with a fix made in them.
    Rechecks,
    /// Functions and roles that were compared with a place to see what belongs there.
    Candidates,
}

thread_local! {
    static COUNTERS: [Cell<u64>; KINDS.len()] = const { [const { Cell::new(0) }; KINDS.len()] };
}

/// How much of each kind was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([u64; KINDS.len()]);

impl Counts {
    /// How much of a kind was done.
    #[must_use]
    pub fn of(&self, kind: Kind) -> u64 {
        self.0.get(kind as usize).copied().unwrap_or(0)
    }
}

impl Sub for Counts {
    type Output = Counts;

    fn sub(mut self, before: Counts) -> Counts {
        for (count, before) in self.0.iter_mut().zip(before.0) {
            *count = count.wrapping_sub(before);
        }
        self
    }
}

/// Counts work of a kind that this thread does.
#[inline]
pub fn count(kind: Kind, amount: usize) {
    COUNTERS.with(|counters| {
        if let Some(counter) = counters.get(kind as usize) {
            counter.set(counter.get().wrapping_add(amount as u64));
        }
    });
}

/// What this thread has counted so far.
#[must_use]
pub fn counts() -> Counts {
    Counts(COUNTERS.with(|counters| counters.each_ref().map(Cell::get)))
}

/// The result of a function with the work that this thread did for it.
pub fn counted<R>(function: impl FnOnce() -> R) -> (R, Counts) {
    let before = counts();
    let result = function();
    (result, counts() - before)
}

/// Counts for this thread what another one did.
pub fn credit(done: Counts) {
    for (kind, amount) in KINDS.iter().zip(done.0) {
        count(*kind, usize::try_from(amount).unwrap_or(usize::MAX));
    }
}

/// The results of a function for each of some items, in their order, by as many threads as there are.
pub fn in_parallel<T: Sync, R: Send>(
    items: &[T],
    function: impl Fn(&T) -> R + Send + Sync,
) -> Vec<R> {
    // To start threads costs more than one item.
    if let [] | [_] = items {
        return items.iter().map(function).collect();
    }
    start();
    let done = items.par_iter().map(|item| counted(|| function(item)));
    let done: Vec<(R, Counts)> = done.collect();
    let results = done.into_iter().map(|(result, done)| {
        credit(done);
        result
    });
    results.collect()
}

/// How many threads there are; 0 for one for each core.
static THREADS: AtomicUsize = AtomicUsize::new(0);

/// Sets the number of threads, before any were started.
pub fn use_threads(threads: NonZeroUsize) {
    THREADS.store(threads.get(), Ordering::Relaxed);
}

/// Starts the threads, with as much room for nested documents as the first thread has.
fn start() {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        let pool = ThreadPoolBuilder::new().num_threads(THREADS.load(Ordering::Relaxed));
        // Threads that a program with this library has started are used as they are.
        let _ = pool.stack_size(STACK).build_global();
    });
}

const STACK: usize = 8 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_work_of_another_thread_is_credited() {
        let ((), done) = counted(|| {
            count(Kind::Visits, 1);
            let other = std::thread::spawn(|| counted(|| count(Kind::Visits, 2)).1);
            credit(other.join().unwrap());
        });
        assert_eq!((done.of(Kind::Visits), done.of(Kind::Members)), (3, 0));
    }
}
