//! The statements of a document, and which of them can match a request, found without asking each.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use super::request::Request;
use super::service_prefix::ServicePrefix;
use super::statement::Statement;

/// The statements of a document, in order.
#[derive(Clone, Debug, Default)]
pub struct Statements {
    listed: Vec<Arc<Statement>>,
    index: OnceLock<Index>,
}

/// The numbers of statements, in order.
type Numbers = Vec<usize>;

/// Where to look for the statements that can match a request.
#[derive(Clone, Debug, Default)]
struct Index {
    /// Those that match nothing but resources that they name in full.
    by_resource: HashMap<Box<str>, Numbers>,
    /// Those of other resources whose actions are all of one service.
    by_service: HashMap<String, Numbers>,
    /// All others.
    others: Numbers,
}

impl Statements {
    /// To look at so many is faster than to look them up.
    const FEW: usize = 16;

    /// The statements that can match a request, in order: all others certainly do not.
    pub(super) fn about(&self, request: &Request<'_>) -> impl Iterator<Item = &Statement> {
        let found = (self.listed.len() > Self::FEW).then(|| {
            let index = self.index.get_or_init(|| Index::of(&self.listed));
            index.about(request)
        });
        let found = found.flatten();
        let all = if found.is_none() {
            &self.listed[..]
        } else {
            &[]
        };
        let found = found.into_iter().flatten();
        let found = found.filter_map(|number| self.listed.get(number));
        found.chain(all).map(|statement| &**statement)
    }
}

impl Index {
    fn of(statements: &[Arc<Statement>]) -> Self {
        let mut index = Index::default();
        for (number, statement) in statements.iter().enumerate() {
            let resources = statement.resources.as_ref();
            let actions = statement.actions.as_ref();
            if let Some(named) = resources.and_then(|listed| listed.only_values()) {
                for name in named {
                    index
                        .by_resource
                        .entry(name.into())
                        .or_default()
                        .push(number);
                }
            } else if let Some(service) = actions.and_then(|listed| listed.only_service()) {
                let of_service = index.by_service.entry(service.folded());
                of_service.or_default().push(number);
            } else {
                index.others.push(number);
            }
        }
        index
    }

    /// Those that can match a request; `None` if all can, as far as is known.
    fn about(&self, request: &Request<'_>) -> Option<Numbers> {
        let service = ServicePrefix::of_value(&request.action)?;
        let found = [
            self.by_resource.get(request.resource.as_str()?),
            self.by_service.get(&service),
            Some(&self.others),
        ];
        let mut numbers: Numbers = found.into_iter().flatten().flatten().copied().collect();
        numbers.sort_unstable();
        numbers.dedup();
        Some(numbers)
    }
}

impl Deref for Statements {
    type Target = [Arc<Statement>];

    fn deref(&self) -> &Self::Target {
        &self.listed
    }
}

impl FromIterator<Arc<Statement>> for Statements {
    fn from_iter<I: IntoIterator<Item = Arc<Statement>>>(statements: I) -> Self {
        Statements {
            listed: statements.into_iter().collect(),
            index: OnceLock::new(),
        }
    }
}

impl<'s> IntoIterator for &'s Statements {
    type Item = &'s Arc<Statement>;
    type IntoIter = std::slice::Iter<'s, Arc<Statement>>;

    fn into_iter(self) -> Self::IntoIter {
        self.listed.iter()
    }
}
