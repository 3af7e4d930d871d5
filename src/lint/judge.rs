//! Rules over the inventory.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::access::Access;
use super::{
    actions, caller, document_limits, granted_together, incomplete_grant, invoke,
    key_use_by_senders, keys, managed, resource_policy, resources, role, syntax_checks, trust,
    unreachable_allow,
};
use crate::catalogue::{ActionTable, Catalogue, Naming};
use crate::diagnostics::{Finding, Undecided};
use crate::iam::PolicyDocument;
use crate::model::{Function, Inventory, selects_in_functions};
use crate::rules::{Packs, Requirement, Rule};
use crate::source::{FileId, SourceMap, Span};
use crate::syntax::{Node, Selector, Text};

/// For how many wrong names it is looked up what was meant.
const MAX_WRONG_NAMES: usize = 1_000;

/// How many comparisons of statements with the catalogue are made in one run. All AWS-managed
/// policies together take a seventh of them; what comes behind them is not result.
const MOST_COMPARISONS: usize = 4_000_000;

/// What judging gives.
#[derive(Debug, Default)]
pub(super) struct LintResult {
    pub(super) findings: Vec<Finding>,
    pub(super) undecided: Vec<Undecided>,
    pub(super) selected: BTreeMap<Arc<str>, usize>,
}

/// What every check may ask.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known<'k> {
    pub(super) sources: &'k SourceMap,
    pub(super) catalogue: &'k Catalogue,
    pub(super) memory: &'k Caches,
    /// What is result.
    pub(super) inventory: Option<&'k Inventory>,
}

/// What is kept from one check for the next.
#[derive(Debug)]
pub(super) struct Caches {
    namings: RefCell<HashMap<String, Naming>>,
    comparisons: Cell<usize>,
}

impl Default for Caches {
    fn default() -> Self {
        Caches {
            namings: RefCell::default(),
            comparisons: Cell::new(MOST_COMPARISONS),
        }
    }
}

impl<'k> Known<'k> {
    /// All actions.
    pub(super) fn table(self) -> &'k ActionTable {
        &self.catalogue.actions.table
    }

    /// Takes from the comparisons that may still be made; tells whether there were enough.
    pub(super) fn spend(self, comparisons: usize) -> bool {
        let left = self.memory.comparisons.get();
        self.memory
            .comparisons
            .set(left.saturating_sub(comparisons));
        left >= comparisons
    }

    /// What there is to say of an action's name. What was meant by a wrong one is looked up once
    /// for each, and not for endlessly many.
    pub(super) fn naming(&self, written: &str) -> Naming {
        if self.table().action(written).is_some() {
            return Naming::Fine;
        }
        let mut namings = self.memory.namings.borrow_mut();
        if namings.len() >= MAX_WRONG_NAMES && !namings.contains_key(written) {
            return Naming::NoSuchAction(None);
        }
        let naming = namings.entry(written.to_owned());
        naming
            .or_insert_with(|| self.catalogue.actions.naming(written))
            .clone()
    }
}

/// A function whose policies are read when they are first asked for.
#[derive(Debug)]
pub(super) struct Subject<'n> {
    pub(super) function: Function<'n>,
    access: OnceCell<Option<Access>>,
    sids: RefCell<HashSet<String>>,
    policies: OnceCell<Vec<(Option<Text>, PolicyDocument)>>,
}

/// A place that a rule selected.
#[derive(Clone, Copy, Debug)]
pub(super) struct Match<'n, 's> {
    pub(super) node: &'n Node,
    pub(super) subject: Option<&'s Subject<'n>>,
}

impl<'n> Subject<'n> {
    fn new(function: Function<'n>) -> Self {
        Subject {
            function,
            access: OnceCell::new(),
            sids: RefCell::default(),
            policies: OnceCell::new(),
        }
    }

    /// What the execution role may do; nothing where no role is known.
    pub(super) fn access(&self) -> Option<&Access> {
        self.access
            .get_or_init(|| self.function.role().map(Access::of))
            .as_ref()
    }

    /// The function policies that are at hand, by qualifier.
    pub(super) fn policies(&self) -> &[(Option<Text>, PolicyDocument)] {
        self.policies.get_or_init(|| {
            let policies = self.function.policies();
            policies
                .map(|(qualifier, node)| (qualifier.map(Text::from), PolicyDocument::read(node)))
                .collect()
        })
    }

    /// A statement id that no statement of the function policy has, nor one that was proposed.
    pub(super) fn new_sid(&self, wanted: &str) -> String {
        let statements = self
            .policies()
            .iter()
            .flat_map(|(_, document)| &document.statements);
        let taken: HashSet<&str> = statements
            .filter_map(|statement| statement.name())
            .collect();
        let mut proposed = self.sids.borrow_mut();
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

/// Judges an inventory by all rules.
pub(super) fn judge(known: Known<'_>, packs: &Packs, inventory: &Inventory) -> LintResult {
    let known = Known {
        inventory: Some(inventory),
        ..known
    };
    let subjects: Vec<Subject<'_>> = inventory.functions().map(Subject::new).collect();
    let mut result = LintResult::default();
    for rule in packs.rules() {
        for selector in &rule.select {
            each_hit(selector, inventory, &subjects, |matched| {
                *result.selected.entry(rule.id.clone()).or_default() += 1;
                check(known, rule, matched, &mut result);
            });
        }
    }
    result
}

/// Calls back for every place that a selector hits; a path through `Functions` is followed in
/// each function by itself, so that the check knows whose place it is.
fn each_hit<'n, 's>(
    selector: &Selector,
    inventory: &'n Inventory,
    subjects: &'s [Subject<'n>],
    mut check: impl FnMut(Match<'n, 's>),
) {
    if !selects_in_functions(selector) {
        for node in selector.select(&inventory.root) {
            let subject = None;
            check(Match { node, subject });
        }
        return;
    }
    let (functions, inside) = selector.split(2);
    let chosen: HashSet<*const Node> = functions
        .select(&inventory.root)
        .into_iter()
        .map(std::ptr::from_ref)
        .collect();
    for subject in subjects {
        let function = subject.function.node;
        if chosen.contains(&std::ptr::from_ref(function)) {
            for node in inside.select(function) {
                let subject = Some(subject);
                check(Match { node, subject });
            }
        }
    }
}

fn check(known: Known<'_>, rule: &Rule, matched: Match<'_, '_>, result: &mut LintResult) {
    match &rule.require {
        Requirement::FunctionPolicyAllows(need) => {
            invoke::check(known, rule, *need, matched, result)
        }
        Requirement::CallerRoleAllows => caller::allows(known, rule, matched, result),
        Requirement::CallerRoleTrusts => caller::trusts(known, rule, matched, result),
        Requirement::RoleAllows(needed, need) => {
            role::check(known, rule, needed, *need, matched, result);
        }
        Requirement::Trusts { service, beside } => {
            trust::check(
                rule,
                (service, beside.as_deref()),
                matched.node,
                matched,
                result,
            );
        }
        Requirement::ResourcePolicyAllows(needs) => {
            resource_policy::check(rule, needs, matched, result);
        }
        Requirement::SendersMayUseKey(asked) => {
            key_use_by_senders::check(known, rule, asked, matched, result)
        }
        Requirement::GrantedTogether(pair) => granted_together::check(rule, pair, matched, result),
        Requirement::GrantsWhole { asked, trusted_by } => {
            incomplete_grant::check(known, rule, asked, trusted_by.as_deref(), matched, result);
        }
        Requirement::ActionsExist => actions::exist(known, rule, matched, result),
        Requirement::WildcardsMatch => actions::wildcard_matches(known, rule, matched, result),
        Requirement::ManagedPolicyExists => managed::exists(known, rule, matched, result),
        Requirement::ResourcesFit => resources::fit(known, rule, matched, result),
        Requirement::KeysAreOffered => keys::offered(known, rule, matched, result),
        Requirement::OperatorsFit => keys::operators_fit(known, rule, matched, result),
        Requirement::SidsAreUnique => document_limits::unique_sids(rule, matched, result),
        Requirement::VariablesWork => document_limits::variables_work(rule, matched, result),
        Requirement::NoLongerThan(most) => {
            document_limits::no_longer_than(known, rule, *most, matched, result)
        }
        Requirement::AllowsSomething => unreachable_allow::check(rule, matched, result),
        Requirement::KeysAreUnique => syntax_checks::unique_keys(rule, matched, result),
        Requirement::ConditionedOn(conditions) => {
            syntax_checks::conditioned(rule, conditions, matched, result)
        }
        Requirement::NotConditionedOn(conditions) => {
            syntax_checks::unconditioned(rule, conditions, matched, result);
        }
        Requirement::WellFormed => syntax_checks::well_formed(rule, matched, result),
        Requirement::Absent => syntax_checks::absent(rule, matched, result),
        Requirement::NotMatching(forbidden) => {
            syntax_checks::not_matching(known, rule, forbidden, matched, result);
        }
    }
}
