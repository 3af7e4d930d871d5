//! The statements of a document, and which of them can match a request, found without asking each.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use super::element_patterns::ElementPatterns;
use super::request::Request;
use super::service_prefix::ServicePrefix;
use super::statement::Statement;
use crate::syntax::Text;

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
    /// Those of other resources.
    others: ByService,
    /// All.
    all: ByService,
}

/// The numbers of statements by the service that their actions are of.
#[derive(Clone, Debug, Default)]
struct ByService {
    of_one: HashMap<String, Numbers>,
    of_any: Numbers,
}

impl Statements {
    /// To look at so many is faster than to look them up.
    const FEW: usize = 16;

    /// The statements that can match a request, in order: all others certainly do not.
    pub(super) fn about(&self, request: &Request<'_>) -> impl Iterator<Item = &Statement> {
        let service = ServicePrefix::of_value(&request.action);
        let service = service.filter(|_| self.listed.len() > Self::FEW);
        let resource = request.resource.as_str();
        self.found(service.map(|service| self.index().about(&service, resource)))
    }

    /// The statements that can have an action of the service of this one, in order.
    pub(super) fn of_service(&self, action: &Text) -> impl Iterator<Item = &Statement> {
        let service = ServicePrefix::of_value(action);
        self.found(service.map(|service| ordered(self.index().all.of(&service))))
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::of(&self.listed))
    }

    /// The statements of these numbers; all, where it is not known which.
    fn found(&self, numbers: Option<Numbers>) -> impl Iterator<Item = &Statement> {
        let all = match numbers {
            None => &self.listed[..],
            Some(_) => &[],
        };
        let numbers = numbers.into_iter().flatten();
        let found = numbers.filter_map(|number| self.listed.get(number));
        found.chain(all).map(|statement| &**statement)
    }
}

impl Index {
    fn of(statements: &[Arc<Statement>]) -> Self {
        let mut index = Index::default();
        for (number, statement) in statements.iter().enumerate() {
            let (actions, resources) = (&statement.actions, &statement.resources);
            let service = actions.as_ref().and_then(ElementPatterns::only_service);
            index.all.add(number, service);
            match resources.as_ref().and_then(ElementPatterns::only_values) {
                None => index.others.add(number, service),
                Some(names) => names.into_iter().for_each(|name| {
                    let named = index.by_resource.entry(name.into());
                    named.or_default().push(number);
                }),
            }
        }
        index
    }

    /// Those that can match a request for a resource, if that is known.
    fn about(&self, service: &str, resource: Option<&str>) -> Numbers {
        let Some(resource) = resource else {
            return ordered(self.all.of(service));
        };
        let named = self.by_resource.get(resource).into_iter().flatten();
        ordered(named.copied().chain(self.others.of(service)))
    }
}

impl ByService {
    fn add(&mut self, number: usize, service: Option<&ServicePrefix>) {
        let numbers = match service {
            Some(service) => self.of_one.entry(service.folded()).or_default(),
            None => &mut self.of_any,
        };
        numbers.push(number);
    }

    fn of(&self, service: &str) -> impl Iterator<Item = usize> {
        let of_one = self.of_one.get(service).into_iter().flatten();
        of_one.chain(&self.of_any).copied()
    }
}

fn ordered(numbers: impl Iterator<Item = usize>) -> Numbers {
    let mut numbers: Numbers = numbers.collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
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
