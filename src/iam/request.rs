//! Requests: who wants to do what to which resource.

use super::context::Context;
use super::identity::Identity;
use super::service::Service;
use crate::syntax::Text;

/// Who makes a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// An AWS service.
    Service(Box<Service>),
    /// Somebody with AWS credentials.
    Aws(Box<Identity>),
    /// Somebody whom an identity provider vouches for: the provider's ARN or domain.
    Federated(Text),
    /// Somebody without AWS credentials.
    Anonymous,
    /// Somebody of whom nothing is known.
    Unknown,
}

/// What somebody wants to do.
#[derive(Clone, Debug)]
pub struct Request<'c> {
    /// Who asks; `None` where the policies are attached to whoever asks.
    pub caller: Option<Caller>,
    /// The action, with its service, as in `sqs:ReceiveMessage`.
    pub action: Text,
    /// The resource; `*` for actions that do not support resource-level permissions.
    pub resource: Text,
    /// The account that owns the resource, where its ARN does not say: S3 leaves it out.
    pub owner: Option<Text>,
    /// All else that is known of the request.
    pub context: &'c Context,
}

impl<'c> Request<'c> {
    /// A request about which nothing else is known.
    #[must_use]
    pub fn new(
        caller: Option<Caller>,
        action: impl Into<Text>,
        resource: Text,
        context: &'c Context,
    ) -> Self {
        Request {
            caller,
            action: action.into(),
            resource,
            owner: None,
            context,
        }
    }

    /// Whether the caller belongs to an account, whose own policies then have a say.
    pub(super) fn has_account(&self) -> bool {
        matches!(self.caller, None | Some(Caller::Aws(_) | Caller::Unknown))
    }

    /// Whether nothing is known of the caller.
    pub(super) fn is_of_unknown(&self) -> bool {
        matches!(self.caller, Some(Caller::Unknown))
    }

    /// Whether the root user of an account asks.
    pub(super) fn is_of_root(&self) -> bool {
        matches!(&self.caller, Some(Caller::Aws(identity)) if identity.is_root())
    }
}
