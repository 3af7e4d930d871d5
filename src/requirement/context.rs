//! What every check may ask, what it looks at, and what comes of it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::caches::Caches;
use super::partial_role::PartialRole;
use super::surroundings::Surroundings;
use crate::catalogue::{ActionTable, Catalogue, Naming};
use crate::diagnostics::{Finding, PolicyKind, Undecided};
use crate::iam::{PolicyDocument, ReadPolicies, Statement};
use crate::model::{Function, Inventory, PolicyBundle, Role};
use crate::source::{FileId, SourceMap, Span};
use crate::syntax::{Node, Text};

/// What checking gives.
#[derive(Debug, Default)]
pub struct LintResult {
    /// Faults.
    pub findings: Vec<Finding>,
    /// Undecided checks.
    pub undecided: Vec<Undecided>,
    /// How many places each rule selected, by its id.
    pub selected: BTreeMap<Arc<str>, usize>,
    asked: Asked,
}

/// The findings about the role of a function, or about none, that ask for an action.
#[derive(Debug, Default)]
struct Asked {
    /// Their numbers.
    of: HashMap<(Option<String>, String), Vec<usize>>,
    /// How many findings were looked at.
    seen: usize,
}

impl LintResult {
    /// Whether a finding about the role of a function, or about none, asks for all of some actions.
    pub(super) fn asks_for(&mut self, function: Option<String>, actions: &[String]) -> bool {
        let asked = &mut self.asked;
        for (number, finding) in self.findings.iter().enumerate().skip(asked.seen) {
            let subject = &finding.subject;
            let is_of_role = subject.policy == Some(PolicyKind::ExecutionRole);
            for action in subject.actions.iter().filter(|_| is_of_role) {
                let key = (subject.function.clone(), action.clone());
                asked.of.entry(key).or_default().push(number);
            }
        }
        asked.seen = self.findings.len();
        let Some(first) = actions.first() else {
            return false;
        };
        let numbers = asked.of.get(&(function, first.clone()));
        let mut numbers = numbers.into_iter().flatten();
        numbers.any(|number| {
            let finding = self.findings.get(*number);
            let has = |action: &String| finding.is_some_and(|f| f.subject.actions.contains(action));
            actions.iter().all(has)
        })
    }
}

/// What every check may ask.
#[derive(Clone, Copy, Debug)]
pub struct LintContext<'k> {
    /// The texts.
    pub sources: &'k SourceMap,
    /// The facts about AWS.
    pub catalogue: &'k Catalogue,
    /// What is kept from one check for the next.
    pub caches: &'k Caches,
    /// What is judged.
    pub inventory: &'k Inventory,
}

impl<'k> LintContext<'k> {
    /// All actions.
    pub(super) fn table(self) -> &'k ActionTable {
        &self.catalogue.actions.table
    }

    /// A policy document, which is read once.
    pub(super) fn document(self, node: &Node) -> Arc<PolicyDocument> {
        self.caches.read.document(node)
    }

    /// A statement by itself, which is read once.
    pub(super) fn statement(self, node: &Node) -> Arc<Statement> {
        self.caches.read.statement(node)
    }

    /// The policies that were read.
    pub(super) fn read(self) -> &'k ReadPolicies {
        &self.caches.read
    }

    /// The policies of a role, which are put together once.
    pub(super) fn policies_of(self, role: Role<'_>) -> Arc<PolicyBundle> {
        self.caches.policies_of(role, self.inventory)
    }

    /// What stands around the statements.
    pub(super) fn surroundings(self) -> Arc<Surroundings> {
        self.caches.surroundings(self.inventory)
    }

    /// Takes from the comparisons that may still be made; says whether there were enough.
    pub(super) fn spend(self, comparisons: usize) -> bool {
        self.caches.spend(comparisons)
    }

    /// What there is to say of an action's name. What was meant by a wrong one is looked up once
    /// for each, and not for endlessly many.
    pub(super) fn naming(self, written: &str) -> Naming {
        match self.table().action(written) {
            Some(_) => Naming::Fine,
            None => self.caches.naming(written, self.catalogue),
        }
    }
}

/// A function whose policies are read on first use.
#[derive(Debug)]
pub struct Subject<'n> {
    /// The function.
    pub function: Function<'n>,
    role_policies: OnceLock<Option<Arc<PolicyBundle>>>,
    role_policies_at_hand: OnceLock<Option<Arc<PolicyBundle>>>,
    function_policies: OnceLock<PolicyBundle>,
    sids: Mutex<HashSet<String>>,
}

/// A place that a rule selected.
#[derive(Clone, Copy, Debug)]
pub struct Match<'n, 's> {
    /// What was selected.
    pub node: &'n Node,
    /// The function that it belongs to.
    pub subject: Option<&'s Subject<'n>>,
}

impl<'n> Subject<'n> {
    /// A function of which nothing was asked yet.
    #[must_use]
    pub fn new(function: Function<'n>) -> Self {
        Subject {
            function,
            role_policies: OnceLock::new(),
            role_policies_at_hand: OnceLock::new(),
            function_policies: OnceLock::new(),
            sids: Mutex::default(),
        }
    }

    /// The policies of the execution role; nothing where no role is known.
    pub(super) fn role_policies(&self, cx: LintContext<'_>) -> Option<&PolicyBundle> {
        self.shared_role_policies(cx).map(|policies| &**policies)
    }

    fn shared_role_policies(&self, cx: LintContext<'_>) -> Option<&Arc<PolicyBundle>> {
        let read = || self.function.role().map(|role| cx.policies_of(role));
        self.role_policies.get_or_init(read).as_ref()
    }

    /// The policies of the execution role as if those at hand were all of its own.
    pub(super) fn role_policies_at_hand(&self, cx: LintContext<'_>) -> Option<&PolicyBundle> {
        let read = || self.shared_role_policies(cx).map(PartialRole::at_hand);
        self.role_policies_at_hand.get_or_init(read).as_deref()
    }

    /// The function policy that decides about calls of a qualifier, or of the function itself.
    pub(super) fn function_policy(
        &self,
        cx: LintContext<'_>,
        qualifier: Option<&Text>,
    ) -> PolicyBundle {
        let mut policies = self.function_policies(cx).clone();
        policies.note_missing_function_policy(self.function, qualifier);
        policies
    }

    /// The function policies that are at hand, of all qualifiers.
    fn function_policies(&self, cx: LintContext<'_>) -> &PolicyBundle {
        self.function_policies.get_or_init(|| {
            let mut bundle = PolicyBundle::default();
            bundle.add_function_policies(self.function, cx.read());
            bundle
        })
    }

    /// The statements of the function policies.
    pub(super) fn function_policy_statements(
        &self,
        cx: LintContext<'_>,
    ) -> impl Iterator<Item = &Statement> {
        let policies = self.function_policies(cx).list.iter();
        let statements = policies.flat_map(|policy| &policy.document.statements);
        statements.map(|statement| &**statement)
    }

    /// A statement id that no statement of the function policy has, nor one that was proposed.
    pub(super) fn new_sid(&self, cx: LintContext<'_>, wanted: &str) -> String {
        let statements = self.function_policy_statements(cx);
        let taken: HashSet<&str> = statements
            .filter_map(|statement| statement.name())
            .collect();
        let proposed = self.sids.lock();
        let mut proposed = proposed.unwrap_or_else(PoisonError::into_inner);
        let free = |sid: &String| !taken.contains(sid.as_str()) && !proposed.contains(sid);
        let numbered = (2..).map(|number| format!("{wanted}-{number}"));
        let mut sids = std::iter::once(wanted.to_owned()).chain(numbered);
        let sid = sids.find(free).unwrap_or_else(|| wanted.to_owned());
        proposed.insert(sid.clone());
        sid
    }

    /// The function's name, where it has one.
    pub(super) fn name(&self) -> Option<String> {
        let name = self.function.called();
        (!name.is_empty()).then_some(name)
    }

    /// Whether the function's configuration is known: it names the role.
    pub(super) fn names_role(&self) -> bool {
        let configuration = self.function.configuration();
        configuration.is_some_and(|configuration| configuration.get("Role").is_some())
    }

    /// What to call the function in a message.
    pub(super) fn label(&self) -> String {
        self.function.label()
    }
}

impl Match<'_, '_> {
    /// Where to point when nothing of the node itself was written: at its function.
    pub(super) fn place(&self) -> Span {
        let own = self.node.span;
        match self.subject {
            Some(subject) if own.file == FileId::NOWHERE => subject.function.node.span,
            _ => own,
        }
    }

    /// The name of the function, where the place belongs to one.
    pub(super) fn function(&self) -> Option<String> {
        self.subject.and_then(Subject::name)
    }
}
