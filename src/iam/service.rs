//! Services that call, and the names under which policies can mean them.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services>

use crate::syntax::Text;

/// A service, as policies name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Its principal, such as `s3.amazonaws.com`.
    pub name: Text,
    /// Other names of the same, such as that of its Region. A name with holes is one that may mean it.
    pub also: Vec<Text>,
    /// Names that look like one of these, and that AWS rejects.
    pub never: Vec<Text>,
}

impl Service {
    /// The service with every hole filled in that has a likely text.
    pub(super) fn filled(&self) -> Self {
        Service {
            name: self.name.filled(),
            also: self.also.iter().map(Text::filled).collect(),
            never: self.never.clone(),
        }
    }
}

impl From<Text> for Service {
    fn from(name: Text) -> Self {
        Service {
            name,
            also: Vec::new(),
            never: Vec::new(),
        }
    }
}
