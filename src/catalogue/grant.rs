//! Permissions that something needs.

use crate::diagnostics::Problem;
use crate::syntax::{Fields, Names, Node, Selector, Template};

/// How much a permission is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// Without it, it does not work.
    Required,
    /// AWS asks for it, but it is known to work without, or only some uses need it.
    Recommended,
    /// Good to know.
    Optional,
}

impl Need {
    /// The words for each need in data.
    pub const WORDS: [(&'static str, Need); 3] = [
        ("required", Need::Required),
        ("recommended", Need::Recommended),
        ("optional", Need::Optional),
    ];
}

/// Actions that must be allowed on resources.
#[derive(Debug)]
pub struct Grant {
    /// How much they are needed.
    pub need: Need,
    /// The actions.
    pub actions: Vec<String>,
    /// Whether one of the actions is enough.
    pub any_action: bool,
    /// The resources.
    pub resources: Vec<Template>,
    /// Whether one of the resources is enough.
    pub any_resource: bool,
    /// The resource to write in a policy, where that is not simply what the action works on.
    pub suggest: Option<Template>,
    /// Who calls: an id of the catalogue's callers.
    pub caller: String,
    /// Keys that the request has beside those of the caller.
    pub context: Vec<(String, Template)>,
    /// Where the policy of the resource stands, of what it is needed for: it may grant it as well.
    pub resource_policy: Option<Selector>,
    /// What is there where the policy of the resource is known; it is, where this is not asked.
    pub known_if: Option<Selector>,
    /// A member of what the grant is needed for, and the form that it must have.
    form: Option<(Selector, Template)>,
    when: Option<Selector>,
    unless: Option<Selector>,
    each: Option<Selector>,
}

impl Grant {
    /// Reads a grant; what is wrong with it becomes a problem.
    pub fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a grant", problems)?;
        let need = fields.word("need", &Need::WORDS);
        let any_action = fields.optional("anyAction").is_some();
        let any_resource = fields.optional("anyResource").is_some();
        let mut actions = fields.texts("actions");
        actions.extend(fields.texts("anyAction"));
        let mut resources = fields.templates("resource");
        resources.extend(fields.templates("anyResource"));
        let caller = fields
            .optional_text("caller")
            .unwrap_or("lambda")
            .to_owned();
        let suggest = fields.template("suggest");
        let context = context(&mut fields);
        let resource_policy = fields.selector("resourcePolicy");
        let known_if = fields.selector("knownIf");
        let of = fields.selector("of");
        let form = of.zip(fields.template("form"));
        let when = fields.selector("when");
        let unless = fields.selector("unless");
        let each = fields.selector("each");
        if actions.is_empty() {
            fields.wrong("actions", "a grant needs `actions` or `anyAction`");
        }
        fields.finish();
        Some(Grant {
            need: need?,
            actions,
            any_action,
            resources,
            any_resource,
            suggest,
            caller,
            context,
            resource_policy,
            known_if,
            form,
            when,
            unless,
            each,
        })
    }

    /// Whether it is needed whatever the setting or mapping says.
    #[must_use]
    pub fn is_unconditional(&self) -> bool {
        self.when.is_none() && self.unless.is_none() && self.each.is_none() && self.form.is_none()
    }

    /// The names that a node gives; nothing where it has not the form for which the grant is needed.
    #[must_use]
    pub fn names(&self, node: &Node) -> Option<Names> {
        let mut names = node.names();
        if let Some((of, form)) = &self.form {
            names.extend(form.capture(of.first(node)?.as_text()?)?);
        }
        Some(names)
    }

    /// The nodes for each of which the grant is needed: those that `each` selects, or the node
    /// itself; none where the grant's conditions are not met.
    #[must_use]
    pub fn needed_for<'n>(&self, node: &'n Node) -> Vec<&'n Node> {
        let met = |path: &Option<Selector>, default| {
            path.as_ref()
                .map_or(default, |path| path.first(node).is_some())
        };
        if !met(&self.when, true) || met(&self.unless, false) {
            return Vec::new();
        }
        match &self.each {
            Some(each) => each.select(node),
            None => vec![node],
        }
    }
}

/// The members of `context`: condition keys with the values that a request has.
pub(super) fn context(fields: &mut Fields<'_, '_>) -> Vec<(String, Template)> {
    let members = fields.optional("context").map_or(&[][..], Node::members);
    let mut keys = Vec::new();
    for member in members {
        match member.value.as_str().map(Template::parse) {
            Some(Ok(template)) => keys.push((member.key.text.to_string(), template)),
            Some(Err(error)) => fields.wrong("context", error),
            None => fields.wrong("context", "the value of a condition key must be a text"),
        }
    }
    keys
}
