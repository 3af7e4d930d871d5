//! What is known while the values of a template are resolved, and what resolves them.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use super::stack_context::StackContext;
use crate::catalogue::{Catalogue, TemplateResource};
use crate::syntax::{Hole, Node, Text};

/// How much is made of a template, counted in bytes of texts and in values; more is not known.
const MOST_WORK: usize = 64 << 20;

/// A template, its context, and what was found out of them.
#[derive(Debug)]
pub(super) struct Evaluation<'t> {
    pub(super) template: &'t Node,
    pub(super) context: &'t StackContext,
    pub(super) catalogue: &'t Catalogue,
    pub(super) resources: HashMap<&'t str, &'t Node>,
    left: Cell<usize>,
    /// Texts that were made, by what they are of; nothing while one is being made.
    texts: RefCell<HashMap<String, Option<Text>>>,
    /// The first places of calls whose value is not known.
    calls: RefCell<HashMap<Node, Arc<str>>>,
    /// Conditions that were decided, by name.
    pub(super) conditions: RefCell<HashMap<String, Option<bool>>>,
}

/// What intrinsic functions and conditions ask of the resolver that evaluates them.
pub(super) trait Resolve {
    /// What is known so far.
    fn evaluation(&self) -> &Evaluation<'_>;

    /// A value with everything known; nothing for `AWS::NoValue`.
    fn resolve(&self, node: &Node, depth: usize) -> Option<Node>;
}

impl<'t> Evaluation<'t> {
    pub(super) fn new(
        template: &'t Node,
        context: &'t StackContext,
        catalogue: &'t Catalogue,
    ) -> Self {
        let declared = template.get("Resources").map_or(&[][..], Node::members);
        let by_name = declared
            .iter()
            .map(|member| (&*member.key.text, &member.value));
        Evaluation {
            template,
            context,
            catalogue,
            resources: by_name.collect(),
            left: Cell::new(MOST_WORK),
            texts: RefCell::default(),
            calls: RefCell::default(),
            conditions: RefCell::default(),
        }
    }

    /// Takes from what may still be made; returns whether there was enough.
    pub(super) fn spend(&self, work: usize) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(work));
        left >= work
    }

    /// A text of this stack that is not known before it is made; two of one name are the same.
    pub(super) fn open(&self, name: &str) -> Text {
        Text::hole(Hole::anything(name).of(&self.context.parent.stack))
    }

    /// A text that is not known before the stack is made. Calls that are written alike give the same.
    pub(super) fn open_at(&self, what: &str, node: &Node) -> Text {
        let stack = &self.context.parent.stack;
        let (file, start) = (node.span.file, node.span.start);
        let place = || format!("{stack}:{file:?}:{start}").into();
        let mut calls = self.calls.borrow_mut();
        let place: &Arc<str> = calls.entry(node.clone()).or_insert_with(place);
        Text::hole(Hole::anything(what).of(place))
    }

    /// A value that is not known before the stack is made.
    pub(super) fn unknown(&self, node: &Node, what: &str) -> Node {
        Node::text(self.open_at(what, node), node.span)
    }

    /// A resource of the template, with what the catalogue says of its type.
    pub(super) fn declared(&self, name: &str) -> Option<(&'t Node, Option<&'t TemplateResource>)> {
        let resource = *self.resources.get(name)?;
        let shape = self.catalogue.template_resource(resource.str("Type")?);
        Some((resource, shape))
    }

    /// A text that is made once; nothing if it asks for itself.
    pub(super) fn once(&self, key: &str, make: impl FnOnce() -> Option<Text>) -> Option<Text> {
        if let Some(known) = self.texts.borrow().get(key) {
            return known.clone();
        }
        self.texts.borrow_mut().insert(key.to_owned(), None);
        let text = make();
        self.texts.borrow_mut().insert(key.to_owned(), text.clone());
        text
    }
}
