//! A resource or data source of Terraform with everything evaluated.

use std::sync::Arc;

use crate::source::Span;
use crate::syntax::{Hole, Node, Text};

/// An instance of a resource or data source, with everything evaluated.
#[derive(Clone, Debug)]
pub(super) struct Instance {
    /// As in `module.a["x"].aws_sqs_queue.q[0]`, or `data.aws_sqs_queue.q` for a data source.
    pub(super) address: String,
    /// As in `aws_sqs_queue`.
    pub(super) type_name: String,
    pub(super) is_data: bool,
    /// The attributes by name, and lists of the nested blocks by name. Null, or nothing, is not set.
    pub(super) body: Node,
    /// Where its provider is.
    pub(super) place: Place,
    /// What distinguishes the holes of this root module from those of others.
    pub(super) root: Arc<str>,
    /// What decides whether it is made, where that is not known.
    pub(super) condition: Option<String>,
    /// What may grant more to it than is seen.
    pub(super) external_grant: Option<String>,
    /// Where it is declared.
    pub(super) span: Span,
    /// Where it is named.
    pub(super) name_span: Span,
}

/// Where a provider creates its resources.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) account: Text,
    pub(super) region: Text,
    pub(super) partition: Text,
}

impl Default for Place {
    /// A place of which nothing is said. Nearly none is in another partition than `aws`, and people write
    /// its name out beside the reference to it.
    fn default() -> Self {
        let open = |name: &str| Text::hole(Hole::word(name));
        Place {
            account: open("AWS::AccountId"),
            region: open("AWS::Region"),
            partition: Text::from("aws"),
        }
    }
}
