//! What the table of actions is made from.

/// All services, with where the list comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ServiceList {
    /// The packages that it was made from, with their versions.
    pub(crate) source: String,
    /// The day on which the data was gathered.
    pub(crate) date: String,
    /// Condition keys of every request.
    pub(crate) keys: Vec<KeyEntry>,
    /// The services, by prefix.
    pub(crate) services: Vec<ServiceEntry>,
}

/// A service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ServiceEntry {
    /// What its actions begin with.
    pub(crate) prefix: String,
    /// Its actions, by name.
    pub(crate) actions: Vec<ActionEntry>,
    /// Its resource types.
    pub(crate) resources: Vec<ResourceEntry>,
    /// Its condition keys.
    pub(crate) keys: Vec<KeyEntry>,
}

/// An action.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ActionEntry {
    /// The name after the prefix.
    pub(crate) name: String,
    /// The access level.
    pub(crate) level: String,
    /// Names of resource types; a `*` after a name says that one of the type must be named.
    pub(crate) resources: Vec<String>,
    /// Names of condition keys.
    pub(crate) keys: Vec<String>,
    /// Names of dependent actions, with their prefix.
    pub(crate) needs: Vec<String>,
}

/// A resource type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ResourceEntry {
    /// The type's name.
    pub(crate) name: String,
    /// The format of its ARNs, with `${Name}` for what varies.
    pub(crate) arn: String,
    /// Names of condition keys.
    pub(crate) keys: Vec<String>,
}

/// A condition key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct KeyEntry {
    /// The key.
    pub(crate) key: String,
    /// The type of its values.
    pub(crate) kind: String,
}

/// All AWS-managed policies, with where the list comes from.
#[derive(Clone, Debug, Default)]
pub(crate) struct PolicyList {
    /// The package that it was made from, with its version.
    pub(crate) source: String,
    /// The day on which the newest policy was changed.
    pub(crate) date: String,
    /// The policies.
    pub(crate) policies: Vec<PolicyEntry>,
}

/// An AWS-managed policy.
#[derive(Clone, Debug, Default)]
pub(crate) struct PolicyEntry {
    /// What follows `policy/` in its ARN.
    pub(crate) path: String,
    /// The version of the document, as in `v3`.
    pub(crate) version: String,
    /// The document, as JSON.
    pub(crate) document: String,
}
