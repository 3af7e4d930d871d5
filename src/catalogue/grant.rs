//! Permissions that an event source, a feature or a target needs.

use super::decode::request_context;
use crate::diagnostics::Problem;
use crate::syntax::{Fields, Names, Node, Selector, Template};

/// How strongly a permission is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// Nothing works without it.
    Required,
    /// AWS lists it, but some or all uses are known to work without it.
    Recommended,
    /// Worth mentioning, and never reported as missing.
    Optional,
}

impl Need {
    /// How the data spells each value.
    pub const WORDS: [(&'static str, Need); 3] = [
        ("required", Need::Required),
        ("recommended", Need::Recommended),
        ("optional", Need::Optional),
    ];
}

/// Actions that must be allowed on resources.
#[derive(Debug)]
pub struct Grant {
    /// How strongly they are needed.
    pub need: Need,
    /// The actions.
    pub actions: Vec<String>,
    /// Whether one of the actions is enough.
    pub any_action: bool,
    /// The resources.
    pub resources: Vec<Template>,
    /// Whether one of the resources is enough.
    pub any_resource: bool,
    /// The resource to suggest for a policy, where it differs from what the actions work on.
    pub suggested_resource: Option<Template>,
    /// Who calls, an id of `callers.json`: it decides which condition keys the request has.
    pub caller: String,
    /// Condition keys that the request has besides those of the caller.
    pub request_context: Vec<(String, Template)>,
    /// The policy of the resource, in what the grant is needed for: it can grant the actions as well.
    pub resource_policy: Option<Selector>,
    /// Where this selects nothing, the policy of the resource is unknown, and a missing permission
    /// stays undecided.
    pub undecided_unless: Option<Selector>,
    /// What the actions are for, as in "read its queue".
    pub purpose: Option<String>,
    /// What happens without them, where it is not what happens without the others.
    pub impact: Option<String>,
    /// AWS's page about them, where it is not that about the others.
    pub reference: Option<String>,
    /// Whether it is known that they are needed.
    pub unknown: Option<UnknownNeed>,
    /// A member, and the format that it must have for the grant to be needed.
    format: Option<(Selector, Template)>,
    when: Option<Selector>,
    unless: Option<Selector>,
    for_each: Option<Selector>,
}

/// A grant of which it is known only in some cases that it is needed.
#[derive(Debug)]
pub struct UnknownNeed {
    /// Where this selects nothing, a missing permission stays undecided.
    unless: Selector,
    /// Why.
    pub reason: String,
    /// The command whose output tells.
    pub fetch: Option<Template>,
}

impl UnknownNeed {
    fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "what is not known of a grant", problems)?;
        fields.required("unless");
        let unless = fields.selector("unless");
        let reason = fields.text("reason").map(str::to_owned);
        let fetch = fields.template("fetch");
        fields.finish();
        Some(UnknownNeed {
            unless: unless?,
            reason: reason?,
            fetch,
        })
    }

    /// Whether it holds for a mapping, trigger or setting.
    #[must_use]
    pub fn holds_for(&self, node: &Node) -> bool {
        self.unless.first(node).is_none()
    }
}

impl Grant {
    /// Reads a grant; what is wrong with it becomes a problem.
    pub fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        Self::of_caller("lambda", node, problems)
    }

    /// Reads what the role of a source must allow.
    pub(super) fn of_role(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        Self::of_caller("role", node, problems)
    }

    fn of_caller(by_default: &str, node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
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
            .unwrap_or(by_default)
            .to_owned();
        let suggested_resource = fields.template("suggestedResource");
        let request_context = request_context(&mut fields);
        let resource_policy = fields.selector("resourcePolicy");
        let undecided_unless = fields.selector("undecidedUnless");
        let purpose = fields.optional_text("purpose").map(str::to_owned);
        let impact = fields.optional_text("impact").map(str::to_owned);
        let reference = fields.optional_text("reference").map(str::to_owned);
        let unknown = fields.optional("unknown");
        let from = fields.selector("from");
        let format = from.zip(fields.template("format"));
        let when = fields.selector("when");
        let unless = fields.selector("unless");
        let for_each = fields.selector("forEach");
        if actions.is_empty() {
            fields.wrong("actions", "a grant requires `actions` or `anyAction`");
        }
        let unknown = unknown.and_then(|node| UnknownNeed::decode(node, fields.problems()));
        fields.finish();
        Some(Grant {
            need: need?,
            actions,
            any_action,
            resources,
            any_resource,
            suggested_resource,
            caller,
            request_context,
            resource_policy,
            undecided_unless,
            purpose,
            impact,
            reference,
            unknown,
            format,
            when,
            unless,
            for_each,
        })
    }

    /// Whether it is needed regardless of the setting or mapping.
    #[must_use]
    pub fn is_unconditional(&self) -> bool {
        self.when.is_none()
            && self.unless.is_none()
            && self.for_each.is_none()
            && self.format.is_none()
    }

    /// The template variables that a node sets; `None` where it does not have the format for which
    /// the grant is needed.
    #[must_use]
    pub fn names(&self, node: &Node) -> Option<Names> {
        let mut names = node.names();
        if let Some((from, format)) = &self.format {
            names.extend(format.capture(from.first(node)?.as_text()?)?);
        }
        Some(names)
    }

    /// The member that says that the grant is needed, where one does.
    #[must_use]
    pub fn place<'n>(&self, node: &'n Node) -> Option<&'n Node> {
        let (from, _) = self.format.as_ref()?;
        from.first(node)
    }

    /// The nodes for each of which the grant is needed: those that `forEach` selects, or the node
    /// itself; none where `when` or `unless` rules the grant out.
    #[must_use]
    pub fn needed_for<'n>(&self, node: &'n Node) -> Vec<&'n Node> {
        let met = |path: &Option<Selector>, default| {
            path.as_ref()
                .map_or(default, |path| path.first(node).is_some())
        };
        if !met(&self.when, true) || met(&self.unless, false) {
            return Vec::new();
        }
        match &self.for_each {
            Some(path) => path.select(node),
            None => vec![node],
        }
    }
}
