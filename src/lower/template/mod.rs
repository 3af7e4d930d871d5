//! CloudFormation templates, told in the shapes of AWS's own answers.
//!
//! Owns intrinsic functions, parameters, conditions and the spelling of resources in templates. It
//! must not know which permission a resource needs.

mod assemblies;
mod branches;
mod calls;
mod conditions;
mod forms;
mod functions;
mod held;
mod kept;
mod loops;
mod named;
mod outsiders;
mod permissions;
mod pieces;
mod references;
mod resolve;
mod resource;
mod roles;
mod sam;
mod setting;
mod settings;
mod stack;
mod stacks;
mod tags;
mod types;
mod ways;

use crate::document::Node;
use crate::lower::Scope;
use crate::lower::facts::FunctionPolicy;
use crate::model::LoneType;
use functions::Functions;
use setting::Setting;

pub(super) use branches::Branch;
pub(crate) use resource::Resource;
pub(super) use stack::Stack;
pub(super) use stacks::{Deployment, Stacks};
pub(super) use tags::long_form;

/// What a template tells, as answers of the AWS CLI would.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// Answers and parts of them, for the reader of answers.
    pub(crate) answers: Vec<Node>,
    /// Policies of roles that the template does not declare, and of resources.
    pub(crate) documents: Vec<(LoneType, Node)>,
    /// Function policies.
    pub(crate) policies: Vec<FunctionPolicy>,
    /// All resources, for triggers.
    pub(crate) resources: Vec<Resource>,
}

/// Whether a document is a template: it has resources, and each has a type.
pub(super) fn is_template(root: &Node) -> bool {
    let resources = root.get("Resources").map_or(&[][..], Node::members);
    !resources.is_empty()
        && resources
            .iter()
            .any(|member| member.value.str("Type").is_some())
}

/// A template as it was read.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) root: Node,
    pub(crate) scope: Scope,
    /// The way to its file.
    pub(crate) way: String,
}

/// Tells stacks that belong together, each in a setting.
fn tell<'s, 'c: 's>(stacks: impl Iterator<Item = (&'s Stack<'c>, &'s Setting)>) -> Told {
    let mut resources = Vec::new();
    let mut more = None;
    for (stack, setting) in stacks {
        resources.extend(stack.resources(setting));
        more = more.or_else(|| stack.adds_more.clone());
    }
    let mut answers = roles::roles(&resources, more.as_deref());
    let functions = Functions::of(&resources);
    // A function policy that may have more statements is as good as none.
    let policies = match more {
        Some(more) => Err(format!("{more} is not known before the deploy")),
        None => permissions::policies(&resources, &functions),
    };
    let open = policies.as_ref().err().map(String::as_str);
    answers.extend(functions::answers(&resources, &functions, open));
    Told {
        answers,
        documents: roles::loose(&resources),
        policies: policies.unwrap_or_default(),
        resources,
    }
}
