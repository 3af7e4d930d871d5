//! Where the providers of a module deploy.

use std::collections::BTreeMap;

use super::instance::Place;

/// The places of a module's providers, by their names: `aws`, `aws.east`.
#[derive(Clone, Debug)]
pub(super) struct Places {
    pub(super) by_name: BTreeMap<String, Place>,
    /// Where everything else is deployed.
    pub(super) default: Place,
}

impl Places {
    /// The place of a provider, or of the default one.
    pub(super) fn of(&self, provider: Option<&str>) -> Place {
        let named = self.by_name.get(provider.unwrap_or("aws"));
        named.unwrap_or(&self.default).clone()
    }
}
