//! Requests: who wants to do what to which resource.

use super::arn::{Arn, account_of};
use super::context::Context;
use super::identity::Identity;
use super::service::Service;
use super::truth::Truth;
use crate::syntax::{Hole, Piece, Text};

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

    /// Whether the caller certainly belongs to another account than the resource.
    #[must_use]
    pub fn crosses_accounts(&self) -> bool {
        same_account(self) == Truth::No
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

/// Whether the resource belongs to the caller's account; it does where nothing says otherwise.
pub(super) fn same_account(request: &Request<'_>) -> Truth {
    let identity = match &request.caller {
        Some(Caller::Aws(identity)) => identity,
        Some(Caller::Unknown) if resource_account(request).is_some() => return Truth::Unknown,
        _ => return Truth::Yes,
    };
    let own = identity.account.as_str();
    if let (Some(own), Some(other)) = (own, request.resource.as_str().and_then(account_in)) {
        return Truth::from(own == other);
    }
    match resource_account(request) {
        None => Truth::Yes,
        Some(_) if account_ids(&request.resource).any(|id| Some(id) == own) => Truth::Yes,
        Some(account) if account == identity.account => Truth::Yes,
        Some(account) if own.is_some() && account.as_str().is_some() => Truth::No,
        Some(_) => Truth::Unknown,
    }
}

/// The account of a request's resource, where it is known, or known to be there.
pub(super) fn resource_account(request: &Request<'_>) -> Option<Text> {
    let of_arn = match request.resource.as_str() {
        Some(known) => account_in(known).map(Text::from),
        None => match Arn::parse(&request.resource) {
            Some(arn) => Some(arn.account).filter(|a| a.as_str().is_none_or(is_account)),
            None => account_ids(&request.resource)
                .next()
                .map(|_| Text::hole(Hole::segment("the account of the resource"))),
        },
    };
    of_arn.or_else(|| request.owner.clone())
}

/// What is likely the id of an account in a text with a hole that hides its parts.
fn account_ids(resource: &Text) -> impl Iterator<Item = &str> {
    let pieces = match resource {
        Text::Partial(pieces) if Arn::parse(resource).is_none() => pieces.as_ref(),
        _ => &[][..],
    };
    let known = pieces.iter().filter_map(|piece| match piece {
        Piece::Known(text) => Some(&**text),
        Piece::Hole(_) => None,
    });
    let parts = known.flat_map(|text| text.split(':'));
    parts.filter(|part| part.len() == 12 && is_account(part))
}

/// The account in a known ARN.
fn account_in(arn: &str) -> Option<&str> {
    account_of(arn).filter(|account| is_account(account))
}

fn is_account(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}
