//! What the table is made from.

/// All services, with where the list comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceList {
    /// The packages that it was made from, with their versions.
    pub source: String,
    /// The day on which the data was gathered.
    pub date: String,
    /// Condition keys of every request.
    pub keys: Vec<KeyEntry>,
    /// The services, by prefix.
    pub services: Vec<ServiceEntry>,
}

/// A service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceEntry {
    /// What its actions begin with.
    pub prefix: String,
    /// Its actions, by name.
    pub actions: Vec<ActionEntry>,
    /// Its resource types.
    pub resources: Vec<ResourceEntry>,
    /// Its condition keys.
    pub keys: Vec<KeyEntry>,
}

/// An action.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActionEntry {
    /// The name behind the prefix.
    pub name: String,
    /// The access level.
    pub level: String,
    /// Names of resource types; a `*` behind a name says that one of the type must be named.
    pub resources: Vec<String>,
    /// Names of condition keys.
    pub keys: Vec<String>,
    /// Names of dependent actions, with their prefix.
    pub needs: Vec<String>,
}

/// A resource type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResourceEntry {
    /// The type's name.
    pub name: String,
    /// The form of its ARNs, with `${Name}` for what varies.
    pub arn: String,
    /// Names of condition keys.
    pub keys: Vec<String>,
}

/// A condition key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct KeyEntry {
    /// The key.
    pub key: String,
    /// The type of its values.
    pub kind: String,
}
