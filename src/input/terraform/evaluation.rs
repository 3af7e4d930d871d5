//! What is known while configuration is evaluated, and what evaluates it.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use super::fault::{Evaluated, Fault};
use super::instance::{Instance, Place};
use super::module::Module;
use super::places::Places;
use super::texts::Texts;
use super::{file_paths, functions};
use crate::catalogue::Catalogue;
use crate::diagnostics::Problem;
use crate::source::{FileId, SourceMap, Span};
use crate::syntax::hcl::{Block, Expression};
use crate::syntax::{Hole, Node, Text};

/// How many values are made of one root module; more is not known.
const MOST_WORK: usize = 1_000_000;

/// How many values a list or object can hold, with those in them.
const LARGEST_VALUE: usize = 50_000;

/// How many resources and modules are made of one root module.
const MOST_MADE: usize = 10_000;

/// How many bytes of text count as one value.
const BYTES_OF_VALUE: usize = 64;

/// What stands between conditions.
pub(super) const AND: &str = " && ";

/// How many problems of one root module are told.
const MOST_PROBLEMS: usize = 100;

/// How deep expressions and references may be nested.
const MAX_DEPTH: usize = 200;

/// How much of an expression is shown as the name of what is not known.
const LONGEST_NAME: usize = 60;

/// All that stays the same while a root module is evaluated.
pub(super) struct Evaluation<'c> {
    pub(super) modules: &'c BTreeMap<String, Module>,
    pub(super) texts: &'c Texts,
    pub(super) sources: &'c SourceMap,
    pub(super) catalogue: &'c Catalogue,
    /// The folder of the root module.
    pub(super) root: &'c str,
    /// What distinguishes its unknown values from those of other root modules.
    pub(super) id: Arc<str>,
    pub(super) workspace: Option<String>,
    /// The folders of modules that were downloaded, by their keys in the manifest.
    pub(super) installed: BTreeMap<String, String>,
    pub(super) problems: RefCell<Vec<Problem>>,
    /// Files that were not given, each with an expression that reads it, and whether a value cannot do without it.
    pub(super) wanted: RefCell<BTreeMap<String, (Span, bool)>>,
    work: Cell<usize>,
    made: Cell<usize>,
    depth: Cell<usize>,
}

/// A module that is called, or the root module.
pub(super) struct ModuleInstance<'c> {
    pub(super) module: &'c Module,
    /// What its addresses begin with, such as `module.a["x"].`.
    pub(super) address: String,
    /// The names of the calls that lead to it, joined with dots.
    pub(super) key: String,
    /// The call, and where its arguments are evaluated; nothing for the root module.
    pub(super) call: Option<(&'c Block, Scope<'c>)>,
    /// The values that are given to variables of the root module.
    pub(super) given: HashMap<String, Node>,
    pub(super) places: Places,
    /// What decides whether it is called, where that is not known.
    pub(super) condition: Option<String>,
    /// Values that were found out; nothing while one is being found out.
    known: RefCell<HashMap<String, Option<Node>>>,
    /// The modules that it calls.
    pub(super) children: RefCell<HashMap<String, Option<Rc<Children<'c>>>>>,
    /// The instances of its resources.
    pub(super) instances: RefCell<HashMap<String, Option<Rc<Instances>>>>,
}

/// The instances of a module call.
pub(super) struct Children<'c> {
    pub(super) expansion: Expansion,
    pub(super) modules: Vec<Rc<ModuleInstance<'c>>>,
}

/// What is made of one declaration of a resource.
pub(super) struct Instances {
    pub(super) expansion: Expansion,
    pub(super) list: Vec<Rc<Instance>>,
}

/// How often something is declared.
#[derive(Clone, Debug, Default)]
pub(super) struct Expansion {
    /// The key and the value of each; nothing for something that is declared once.
    pub(super) entries: Option<Vec<(Node, Node)>>,
    /// Whether it is made by `for_each`.
    pub(super) is_map: bool,
    /// Whether there can be others, or fewer: then the expression that decides, as it is written.
    pub(super) open: Option<Arc<str>>,
}

impl Expansion {
    /// The key and value of each instance; nothing for the instance of something that is declared once, if that is
    /// made.
    pub(super) fn keys(&self, is_made: bool) -> Vec<Option<&(Node, Node)>> {
        match &self.entries {
            Some(entries) => entries.iter().map(Some).collect(),
            None if is_made => vec![None],
            None => Vec::new(),
        }
    }
}

/// Where an expression stands.
#[derive(Clone)]
pub(super) struct Scope<'c> {
    pub(super) module: Rc<ModuleInstance<'c>>,
    /// The key and value of the declaration's instance.
    pub(super) each: Option<(Node, Node)>,
    pub(super) is_map: bool,
    /// Names that are bound, the innermost last.
    pub(super) names: Option<Rc<Binding>>,
}

/// A name that is bound to a value.
pub(super) struct Binding {
    pub(super) name: Arc<str>,
    pub(super) value: Node,
    pub(super) outer: Option<Rc<Binding>>,
}

/// What the parts of the evaluator ask of it.
pub(super) trait Evaluate<'c> {
    /// What is known.
    fn evaluation(&self) -> &Evaluation<'c>;
    /// The value of an expression.
    fn value(&self, expression: &'c Expression, scope: &Scope<'c>) -> Evaluated<Node>;
    /// The modules that a call makes; nothing where it is not known what they contain.
    fn children(&self, module: &Rc<ModuleInstance<'c>>, name: &str) -> Option<Rc<Children<'c>>>;
    /// The instances of a resource or data source; nothing where it is not declared.
    fn instances(&self, module: &Rc<ModuleInstance<'c>>, name: &str) -> Option<Rc<Instances>>;
}

impl<'c> Evaluation<'c> {
    /// Nothing was evaluated yet.
    pub(super) fn new(
        (modules, texts): (&'c BTreeMap<String, Module>, &'c Texts),
        (sources, catalogue): (&'c SourceMap, &'c Catalogue),
        root: &'c str,
    ) -> Self {
        Evaluation {
            modules,
            texts,
            sources,
            catalogue,
            root,
            id: format!("terraform:{root}").into(),
            workspace: None,
            installed: BTreeMap::new(),
            problems: RefCell::default(),
            wanted: RefCell::default(),
            work: Cell::new(MOST_WORK),
            made: Cell::new(0),
            depth: Cell::new(0),
        }
    }

    /// Takes so many values from what may still be made; returns whether there were enough.
    fn spend(&self, values: usize, span: Span) -> bool {
        let left = self.work.get();
        self.work.set(left.saturating_sub(values));
        if left > 0 && left <= values {
            let message = "this configuration is too large to evaluate";
            let help = "what follows is not evaluated: check a part of the configuration by itself";
            self.report(Fault::at(span, message, help));
        }
        left > values
    }

    /// A list or object, unless it is too large: one value can be in it many times.
    pub(super) fn bounded(&self, value: Node) -> Evaluated<Node> {
        match value.walk().take(LARGEST_VALUE + 1).count() <= LARGEST_VALUE {
            true => Ok(value),
            false => {
                let message = format!("this value contains more than {LARGEST_VALUE} values");
                let help = "it is not evaluated: check a part of the configuration by itself";
                Err(Fault::at(value.span, message, help))
            }
        }
    }

    /// Takes a text of so many bytes from what may still be made; returns whether there was enough.
    pub(super) fn spend_text(&self, bytes: usize, span: Span) -> bool {
        self.spend(bytes / BYTES_OF_VALUE, span)
    }

    /// How many of so many resources or modules may still be made.
    pub(super) fn may_make(&self, wanted: usize, span: Span) -> usize {
        let made = self.made.get();
        let allowed = wanted.min(MOST_MADE.saturating_sub(made));
        self.made.set(made + allowed);
        if allowed < wanted && made <= MOST_MADE {
            self.made.set(MOST_MADE + 1);
            let message = format!("this configuration creates more than {MOST_MADE} resources");
            let help = "the others are not checked: check a part of the configuration by itself";
            self.report(Fault::at(span, message, help));
        }
        allowed
    }

    /// Does something one level deeper.
    pub(super) fn deeper<T>(&self, span: Span, run: impl FnOnce() -> Evaluated<T>) -> Evaluated<T> {
        if !self.spend(1, span) {
            return Err(Fault::of_terraform());
        }
        let depth = self.depth.get();
        if depth >= MAX_DEPTH {
            let help = "split the expression, or the chain of references that leads here";
            return Err(Fault::at(
                span,
                "expressions are nested too deeply here",
                help,
            ));
        }
        self.depth.set(depth + 1);
        let made = run();
        self.depth.set(depth);
        made
    }

    /// Asks for a file that was not given.
    pub(super) fn want(&self, path: &str, span: Span, is_needed: bool) {
        let mut wanted = self.wanted.borrow_mut();
        let known = wanted.entry(path.to_owned()).or_insert((span, false));
        known.1 |= is_needed;
    }

    /// Reports a fault once.
    pub(super) fn report(&self, fault: Fault) {
        if let Some(path) = &fault.needs
            && let Some(known) = self.wanted.borrow_mut().get_mut(path)
        {
            known.1 = true;
        }
        let Some(problem) = fault.problem else {
            return;
        };
        let mut problems = self.problems.borrow_mut();
        if problems.len() < MOST_PROBLEMS && !problems.contains(&problem) {
            problems.push(*problem);
        }
    }

    /// An expression as it is written, on one line.
    pub(super) fn written(&self, expression: &Expression) -> String {
        let written = self.sources.slice(self.sources.resolve(expression.span));
        written.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// A value that is not known; what is written alike in one place of the program is the same.
    pub(super) fn open(&self, expression: &Expression, scope: &Scope<'_>) -> Node {
        let written = self.written(expression);
        let id = match written.char_indices().nth(LONGEST_NAME) {
            Some((end, _)) => format!("{}…", written.get(..end).unwrap_or("")),
            None => written,
        };
        let (file, start) = (expression.span.file, expression.span.start);
        let of = format!("{}:{}:{file:?}:{start}", self.id, scope.identity());
        Node::text(
            Text::hole(Hole::anything(&id).of(&of.into())),
            expression.span,
        )
    }

    /// A value of the root module that is not known, by its address.
    pub(super) fn unknown(&self, address: &str, span: Span) -> Node {
        let hole = Hole::anything(address).of(&self.id).written(address);
        Node::text(Text::hole(hole), span)
    }
}

impl<'c> ModuleInstance<'c> {
    /// What decides whether something that it declares is made, where that is not known: conditions that are all met,
    /// the outermost first. Expressions that are written alike in one module decide alike.
    pub(super) fn condition_of(&self, expansion: &Expansion) -> Option<String> {
        let own = { expansion.open.as_ref() }.map(|open| format!("{}{open}", self.address));
        match (&self.condition, own) {
            (Some(outer), Some(own)) => Some(format!("{outer}{AND}{own}")),
            (outer, own) => own.or_else(|| outer.clone()),
        }
    }

    /// A module of which nothing was evaluated yet.
    pub(super) fn new(
        module: &'c Module,
        (address, key): (String, String),
        call: Option<(&'c Block, Scope<'c>)>,
        places: Places,
    ) -> Self {
        ModuleInstance {
            module,
            address,
            key,
            call,
            given: HashMap::new(),
            places,
            condition: None,
            known: RefCell::default(),
            children: RefCell::default(),
            instances: RefCell::default(),
        }
    }

    /// A value that is found out once; a fault if it asks for itself.
    pub(super) fn once(
        &self,
        name: &str,
        span: Span,
        make: impl FnOnce() -> Evaluated<Node>,
    ) -> Evaluated<Node> {
        if let Some(known) = self.known.borrow().get(name) {
            return known.clone().ok_or_else(|| cycle(name, span));
        }
        self.known.borrow_mut().insert(name.to_owned(), None);
        let made = make();
        match &made {
            Ok(value) => {
                let known = Some(value.clone());
                self.known.borrow_mut().insert(name.to_owned(), known);
            }
            Err(_) => {
                self.known.borrow_mut().remove(name);
            }
        }
        made
    }
}

/// Something depends on itself.
pub(super) fn cycle(name: &str, span: Span) -> Fault {
    let help = "remove one of the references of the cycle";
    Fault::at(span, format!("`{name}` depends on itself"), help)
}

impl<'c> Scope<'c> {
    /// The outermost scope of a module.
    pub(super) fn of(module: &Rc<ModuleInstance<'c>>) -> Self {
        Scope {
            module: Rc::clone(module),
            each: None,
            is_map: false,
            names: None,
        }
    }

    /// The scope of one instance of a declaration.
    pub(super) fn of_instance(
        module: &Rc<ModuleInstance<'c>>,
        entry: Option<&(Node, Node)>,
        is_map: bool,
    ) -> Self {
        Scope {
            each: entry.cloned(),
            is_map,
            ..Scope::of(module)
        }
    }

    /// The same scope with one more name.
    pub(super) fn with(&self, name: &Arc<str>, value: Node) -> Self {
        let names = Binding {
            name: Arc::clone(name),
            value,
            outer: self.names.clone(),
        };
        Scope {
            names: Some(Rc::new(names)),
            ..self.clone()
        }
    }

    /// The value that a name is bound to.
    pub(super) fn bound(&self, name: &str) -> Option<&Node> {
        let mut binding = self.names.as_deref();
        while let Some(known) = binding {
            if &*known.name == name {
                return Some(&known.value);
            }
            binding = known.outer.as_deref();
        }
        None
    }

    /// What distinguishes the values of expressions here from those elsewhere.
    fn identity(&self) -> String {
        let mut identity = self.module.address.clone();
        let keys = self.each.iter().map(|(key, _)| key);
        let mut binding = self.names.as_deref();
        let mut values: Vec<&Node> = keys.collect();
        while let Some(known) = binding {
            values.push(&known.value);
            binding = known.outer.as_deref();
        }
        for value in values {
            let text = value.as_text().map(ToString::to_string);
            let text = text.or_else(|| value.scalar());
            // Lists and objects are told apart by where they are.
            let at = || format!("{}-{}", value.span.start, value.span.end);
            identity.push_str(&text.unwrap_or_else(at));
            identity.push(';');
        }
        identity
    }

    /// The place of the default provider, or of the one that a resource names.
    pub(super) fn place(&self, provider: Option<&str>) -> Place {
        self.module.places.of(provider)
    }
}

impl functions::Texts for Evaluation<'_> {
    fn text(&self, path: &str) -> Option<(FileId, Arc<str>)> {
        let path = file_paths::within(self.root, path);
        let (file, text) = self.texts.get(&path)?;
        Some((file, Arc::clone(text)))
    }

    fn exists(&self, path: &str) -> Option<bool> {
        // What was not read may be there.
        let path = file_paths::within(self.root, path);
        self.texts.get(&path).map(|_| true)
    }

    fn under(&self, _folder: &str) -> Option<Vec<String>> {
        None
    }
}
