//! Where a document stands among the others: which of them it can belong to.

use std::sync::Arc;

/// The path to a document: directories, file, place in the file, outermost first.
///
/// Documents that share more of the path are nearer to each other. Documents that share nothing
/// never belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    path: Vec<Arc<str>>,
    bundle: Option<Arc<str>>,
    by_hand: bool,
}

impl Scope {
    /// A scope from the names on its path.
    #[must_use]
    pub fn new<'a>(path: impl IntoIterator<Item = &'a str>) -> Self {
        Scope {
            path: path.into_iter().map(Arc::from).collect(),
            bundle: None,
            by_hand: false,
        }
    }

    /// The path as one text.
    pub(super) fn path(&self) -> String {
        self.path.join("/")
    }

    /// The same place, of a file that was named by hand: two of those can belong together
    /// wherever they lie.
    #[must_use]
    pub fn by_hand(mut self) -> Self {
        self.by_hand = true;
        self
    }

    /// A scope inside this one.
    #[must_use]
    pub fn inner(&self, name: &str) -> Self {
        let mut path = self.path.clone();
        path.push(name.into());
        Scope {
            path,
            ..self.clone()
        }
    }

    /// The same place, as that of a document which holds all of a function by itself: what stands
    /// in another such document never belongs to the same function, whatever its name.
    pub(super) fn of_bundle(&self, start: u32) -> Self {
        Scope {
            by_hand: self.by_hand,
            path: self.path.clone(),
            bundle: Some(format!("{}:{start}", self.path.join("/")).into()),
        }
    }

    /// Whether what stands here and there can belong together.
    pub(super) fn agrees(&self, other: &Scope) -> bool {
        match (&self.bundle, &other.bundle) {
            (Some(own), Some(other)) => own == other,
            _ => true,
        }
    }

    /// Whether both stand in the same bundle.
    pub(super) fn shares_bundle(&self, other: &Scope) -> bool {
        self.bundle.is_some() && self.bundle == other.bundle
    }

    /// Whether one of the two stands in the other's directory, or below it.
    pub(super) fn is_related(&self, other: &Scope) -> bool {
        if self.by_hand && other.by_hand {
            return true;
        }
        let short = self.path.len().min(other.path.len()).saturating_sub(1);
        self.nearness(other) >= short
    }

    /// The names on the path.
    pub(super) fn steps(&self) -> &[Arc<str>] {
        &self.path
    }

    /// How many names are on the path.
    pub(super) fn depth(&self) -> usize {
        self.path.len()
    }

    /// The document that holds all of a function in which it stands.
    pub(super) fn bundle(&self) -> Option<&str> {
        self.bundle.as_deref()
    }

    /// Whether its file was named by hand.
    pub(super) fn is_by_hand(&self) -> bool {
        self.by_hand
    }

    /// How much of the path two scopes share.
    pub(super) fn nearness(&self, other: &Scope) -> usize {
        self.path
            .iter()
            .zip(&other.path)
            .take_while(|(left, right)| left == right)
            .count()
    }
}

/// The candidate that is nearest to a scope, if it is the only one at that distance; of several,
/// the only one that `preferred` holds for. Candidates in neighbouring directories do not count.
pub(super) fn sole<'c, T>(
    candidates: impl IntoIterator<Item = (&'c Scope, T)>,
    scope: &Scope,
    preferred: impl Fn(&T) -> bool,
) -> Option<T> {
    let mut best = 0;
    let mut nearest: Vec<T> = Vec::new();
    for (candidate_scope, candidate) in candidates {
        if !candidate_scope.is_related(scope) || !candidate_scope.agrees(scope) {
            continue;
        }
        let nearness = candidate_scope.nearness(scope);
        if nearness > best {
            best = nearness;
            nearest.clear();
        }
        if nearness == best && nearness > 0 {
            nearest.push(candidate);
        }
    }
    if nearest.len() > 1 {
        nearest.retain(preferred);
    }
    match nearest.len() {
        1 => nearest.pop(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_candidate_counts_if_it_is_alone() {
        let here = Scope::new([".", "orders", "role.json"]);
        let near = Scope::new([".", "orders", "function.json"]);
        let far = Scope::new([".", "payments", "function.json"]);
        let any = |_: &&str| false;
        assert_eq!(
            sole([(&near, "near"), (&far, "far")], &here, any),
            Some("near")
        );
        assert_eq!(sole([(&far, "far")], &here, any), None);
        let above = Scope::new([".", "function.json"]);
        assert_eq!(sole([(&above, "above")], &here, any), Some("above"));
        assert_eq!(sole([(&near, "a"), (&near, "b")], &here, any), None);
        let preferred = |name: &&str| *name == "b";
        assert_eq!(
            sole([(&near, "a"), (&near, "b")], &here, preferred),
            Some("b")
        );
    }

    #[test]
    fn what_shares_nothing_never_belongs_together() {
        let here = Scope::new(["a", "x.json"]);
        let there = Scope::new(["b", "y.json"]);
        assert_eq!(sole([(&there, "y")], &here, |_| true), None);
    }
}
