//! The instances of a plan, with what their unknown values refer to.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::body;
use super::configuration::Configuration;
use super::lookup::{Place, References, Value};
use super::planned::{Planned, PlannedInstances};
use super::providers::{GivenPlace, Providers};
use super::reference::{Reference, Step, Subject, references};
use super::roles::AttributeRoles;
use crate::catalogue::Catalogue;
use crate::input::terraform::declaration;
use crate::input::terraform::instance::Instance;
use crate::syntax::{Kind, Node};

/// How many references lead from one to the next.
const MAX_DEPTH: usize = 48;

/// How many references of a plan are followed; the values of others are not known.
const MOST_REFERENCES: usize = 1_000_000;

/// The instances of a plan or state while their values are looked up.
pub(super) struct Resolver<'p> {
    planned: PlannedInstances<'p>,
    configuration: Configuration<'p>,
    roles: AttributeRoles<'p>,
    providers: Providers<'p>,
    variables: Option<&'p Node>,
    catalogue: &'p Catalogue,
    /// What may grant more than the plan lists.
    external_grant: Option<String>,
    root: Arc<str>,
    /// What was looked up; nothing for one that is being looked up.
    done: RefCell<HashMap<&'p str, Option<Rc<Instance>>>>,
    depth: Cell<usize>,
    left: Cell<usize>,
}

impl<'p> Resolver<'p> {
    /// The instances of a plan.
    pub(super) fn of_plan(
        plan: &'p Node,
        named: (Arc<str>, &GivenPlace),
        catalogue: &'p Catalogue,
    ) -> Self {
        let configuration = Configuration::of(plan);
        let planned = PlannedInstances::of_plan(plan, &configuration);
        let is_partial = plan.get("complete").and_then(Node::as_bool) == Some(false);
        let external_grant = is_partial.then(|| "what the plan leaves out".to_owned());
        Resolver {
            variables: plan.get("variables"),
            external_grant,
            ..Resolver::new(plan, planned, configuration, named, catalogue)
        }
    }

    /// The instances of a state.
    pub(super) fn of_state(
        state: &'p Node,
        named: (Arc<str>, &GivenPlace),
        catalogue: &'p Catalogue,
    ) -> Self {
        let planned = PlannedInstances::of_state(state);
        Resolver::new(state, planned, Configuration::default(), named, catalogue)
    }

    fn new(
        document: &'p Node,
        planned: PlannedInstances<'p>,
        configuration: Configuration<'p>,
        (root, given): (Arc<str>, &GivenPlace),
        catalogue: &'p Catalogue,
    ) -> Self {
        let roles = AttributeRoles::of(catalogue);
        Resolver {
            providers: Providers::of(document, &planned, &roles, (&root, given), catalogue),
            roles,
            planned,
            configuration,
            variables: None,
            catalogue,
            external_grant: None,
            root,
            done: RefCell::default(),
            depth: Cell::new(0),
            left: Cell::new(MOST_REFERENCES),
        }
    }

    /// All instances, in the order in which they are listed.
    pub(super) fn instances(&self) -> Vec<Instance> {
        let each = self.planned.list.iter();
        let each = each.filter_map(|planned| self.instance(planned.address));
        each.map(|instance| Instance::clone(&instance)).collect()
    }

    /// The instance at an address; nothing where it depends on itself.
    fn instance(&self, address: &str) -> Option<Rc<Instance>> {
        let planned = self.planned.at(address)?;
        if let Some(known) = self.done.borrow().get(planned.address) {
            return known.clone();
        }
        self.done.borrow_mut().insert(planned.address, None);
        let instance = Rc::new(self.made(planned));
        let done = Some(Rc::clone(&instance));
        self.done.borrow_mut().insert(planned.address, done);
        Some(instance)
    }

    fn made(&self, planned: &Planned<'p>) -> Instance {
        let named = planned.entry.get("address").unwrap_or(planned.entry);
        Instance {
            address: planned.address.to_owned(),
            type_name: planned.type_name.to_owned(),
            is_data: planned.is_data,
            body: body::of(planned, self),
            place: self.providers.place(planned, self.catalogue),
            root: Arc::clone(&self.root),
            condition: None,
            external_grant: self.external_grant.clone(),
            span: planned.entry.span,
            name_span: named.span,
        }
    }

    fn values_of(&self, references: &[Reference], from: &Place<'_>) -> Vec<Value> {
        let mut values = Vec::new();
        let mut rest = references;
        while let Some((first, others)) = rest.split_first() {
            rest = others;
            let is_of_own_key = |next: &&Reference| next.subject == Subject::OwnKey;
            let of_own_key = others.first().filter(is_of_own_key);
            match self.with_own_key(first, from).zip(of_own_key) {
                Some((value, _)) => {
                    values.push(Value::open(value));
                    rest = others.get(1..).unwrap_or(&[]);
                }
                None => values.extend(self.value(first, from)),
            }
        }
        values
    }

    /// An attribute of the instance with the key of the one that refers to it. Which one is meant is not listed
    /// then: a document has no other of use, and an ARN is meant where only one can be.
    fn with_own_key(&self, reference: &Reference, from: &Place<'_>) -> Option<Node> {
        let Subject::Resource {
            declaration,
            key: None,
        } = &reference.subject
        else {
            return None;
        };
        let address = format!("{}{declaration}{}", from.module.prefix(), from.key);
        let is_whole = reference.path.is_empty() && !from.key.is_empty();
        let planned = self.planned.at(&address).filter(|_| is_whole)?;
        let instance = self.instance(&address)?;
        let document = declaration::attribute(&instance, "json", self.catalogue);
        if document.is_object() {
            return Some(document);
        }
        let arn = self.roles.only_arn(planned.type_name, planned.is_data);
        let arn = arn.filter(|_| from.takes_arn)?;
        Some(declaration::attribute(&instance, arn, self.catalogue))
    }

    fn value(&self, reference: &Reference, from: &Place<'_>) -> Vec<Value> {
        let path = reference.path.as_slice();
        match &reference.subject {
            Subject::Known | Subject::OwnKey => vec![Value::Known],
            Subject::Other => vec![Value::Unclear],
            Subject::Resource { declaration, key } => {
                let key = key.as_deref().unwrap_or_default();
                let address = format!("{}{declaration}{key}", from.module.prefix());
                let value = self.attribute(&address, path);
                vec![value.unwrap_or(Value::Unclear)]
            }
            Subject::Output { call, key, name } => {
                let module = from.module.child(call, key.as_deref());
                let expression = self.configuration.output(&module, name);
                let inner = expression.map(|expression| {
                    let from = Place {
                        module: &module,
                        key: "",
                        takes_arn: false,
                    };
                    self.values(expression, &from)
                });
                through(inner, path)
            }
            Subject::Variable(name) => through(self.variable(name, from), path),
        }
    }

    fn variable(&self, name: &str, from: &Place<'_>) -> Option<Vec<Value>> {
        let declared = self.configuration.variable(from.module, name);
        let is_sensitive = declared.and_then(|d| d.get("sensitive")?.as_bool());
        if is_sensitive == Some(true) {
            return None;
        }
        let Some(outer) = from.module.parent() else {
            let given = self.variables.and_then(|all| all.get(name)?.get("value"));
            return Some(vec![Value::known(given?)]);
        };
        if let Some(expression) = self.configuration.argument(from.module, name) {
            let from = Place {
                module: &outer,
                key: from.module.key(),
                takes_arn: from.takes_arn,
            };
            return Some(self.values(expression, &from));
        }
        Some(vec![Value::known(declared?.get("default")?)])
    }

    fn attribute(&self, address: &str, path: &[Step]) -> Option<Value> {
        let (first, rest) = path.split_first()?;
        let name = first.name()?;
        let instance = self.instance(address)?;
        let value = declaration::attribute(&instance, name, self.catalogue);
        let planned = self.planned.at(address)?;
        let written = planned.values.and_then(|values| values.get(name));
        let is_open = planned.unknown.and_then(|unknown| unknown.get(name));
        let is_open =
            is_open.is_some_and(|marks| marks.walk().any(|mark| mark.as_bool() == Some(true)));
        Some(Value::Of {
            node: inside(&value, rest)?,
            open: is_open || written.is_none_or(Node::is_null),
            completed: self
                .roles
                .is_completed(planned.type_name, planned.is_data, name),
        })
    }
}

impl<'p> References<'p> for Resolver<'p> {
    fn values(&self, expression: &Node, from: &Place<'_>) -> Vec<Value> {
        if let Some(constant) = expression.get("constant_value") {
            return vec![Value::known(constant)];
        }
        let (depth, left) = (self.depth.get(), self.left.get());
        let listed = expression.get("references").map_or(&[][..], Node::items);
        let listed: Vec<&str> = listed.iter().filter_map(Node::as_str).collect();
        let references = references(&listed);
        if references.is_empty() || depth >= MAX_DEPTH || left < references.len() {
            return vec![Value::Unclear];
        }
        self.left.set(left - references.len());
        self.depth.set(depth + 1);
        let values = self.values_of(&references, from);
        self.depth.set(depth);
        values
    }

    fn roles(&self) -> &AttributeRoles<'p> {
        &self.roles
    }

    fn root(&self) -> &Arc<str> {
        &self.root
    }
}

/// The values at a path in what a variable or output gives.
fn through(values: Option<Vec<Value>>, path: &[Step]) -> Vec<Value> {
    let unclear = || vec![Value::Unclear];
    match values {
        Some(values) if path.is_empty() => values,
        Some(values) => match values.as_slice() {
            [Value::Of { node, open, .. }] => {
                let found = inside(node, path);
                found.map_or_else(unclear, |node| {
                    vec![Value::Of {
                        node,
                        open: *open,
                        completed: false,
                    }]
                })
            }
            _ => unclear(),
        },
        None => unclear(),
    }
}

/// The value at a path in a value; nothing is known of what is in something unknown.
fn inside(node: &Node, path: &[Step]) -> Option<Node> {
    let found = path
        .iter()
        .try_fold(node, |node, step| match (&node.kind, step) {
            (Kind::Object(_), Step::Name(name)) => node.get(name),
            (Kind::Array(items), Step::Key(key)) => {
                let index = key.strip_prefix('[')?.strip_suffix(']')?;
                items.get(index.parse::<usize>().ok()?)
            }
            (Kind::Object(_), Step::Key(key)) => {
                let name = key.strip_prefix("[\"")?.strip_suffix("\"]")?;
                node.get(name)
            }
            _ => None,
        })?;
    Some(found.clone())
}
