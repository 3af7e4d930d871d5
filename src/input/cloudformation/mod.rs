//! CloudFormation templates, told in the shapes of AWS's own answers.
//!
//! Owns intrinsic functions, parameters, conditions and the spelling of resources in templates. It
//! must not know which permission a resource needs.

mod arn_formats;
mod assemblies;
mod branches;
mod conditions;
mod cross_stack;
mod embedded_json;
mod external_grants;
mod function_configuration;
mod functions;
mod intrinsics;
mod loops;
mod partial_string;
mod permissions;
mod references;
mod relative_path;
mod resolve;
mod resource;
mod resource_index;
mod roles;
mod sam;
mod stack;
mod stack_context;
mod stacks;
mod tags;
mod types;

use crate::input::Scope;
use crate::input::facts::FunctionPolicy;
use crate::model::LoneType;
use crate::syntax::Node;
use functions::Functions;
use stack_context::StackContext;

pub(crate) use branches::Branch;
pub(crate) use resource::Resource;
pub(super) use stack::Stack;
pub(super) use stacks::{Deployment, Stacks};
pub(super) use tags::long_form;

/// What a template tells, as answers of the AWS CLI would.
#[derive(Debug, Default)]
pub(crate) struct TemplateFacts {
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
fn tell<'s, 'c: 's>(
    stacks: impl Iterator<Item = (&'s Stack<'c>, &'s StackContext)>,
) -> TemplateFacts {
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
    TemplateFacts {
        answers,
        documents: roles::loose(&resources),
        policies: policies.unwrap_or_default(),
        resources,
    }
}
