//! The layout of the table of actions, and what the tables' writers share with their readers.

/// The parts of the table, in the order of the offsets at its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    /// Texts after their lengths; the first two are the source's name and its date.
    Texts,
    /// [`Service`] after service, by prefix.
    Services,
    /// Names of actions after their lengths, in the order of the actions.
    Names,
    /// [`Action`] after action, service by service, by name.
    Actions,
    /// What several actions have in common: [`Trait`] after trait.
    Traits,
    /// [`Resource`] after resource, service by service.
    Resources,
    /// [`Key`] after key.
    Keys,
    /// Lists of numbers of two bytes, each after its length.
    Lists,
    /// Numbers of services by the hash of their prefix.
    ServiceSlots,
    /// Numbers of actions by the hash of `service:Name`.
    ActionSlots,
}

/// How many sections there are.
pub(crate) const SECTIONS: usize = 10;

/// A slot that holds nothing.
pub(crate) const EMPTY: u16 = u16::MAX;

/// The bit of a resource type's number that says that an action needs one of it.
pub(crate) const REQUIRED: u16 = 1 << 15;

/// Access levels, by number.
pub(crate) const LEVELS: [&str; 6] = [
    "List",
    "Read",
    "Tagging",
    "Write",
    "Permissions management",
    "level not known",
];

/// Lengths of the entries of sections, and where their members stand.
#[derive(Debug)]
pub(crate) struct Service;

impl Service {
    pub(crate) const LEN: usize = 20;
    pub(crate) const PREFIX: usize = 0;
    pub(crate) const NAMES: usize = 4;
    pub(crate) const ACTION: usize = 8;
    pub(crate) const ACTIONS: usize = 10;
    pub(crate) const RESOURCE: usize = 12;
    pub(crate) const RESOURCES: usize = 14;
    pub(crate) const KEYS: usize = 16;
}

/// An action: the offset of its name from the first name of its service, and its trait.
#[derive(Debug)]
pub(crate) struct Action;

impl Action {
    pub(crate) const LEN: usize = 4;
    pub(crate) const NAME: usize = 0;
    pub(crate) const TRAIT: usize = 2;
}

/// Level, and lists of resource types, condition keys and dependent actions.
#[derive(Debug)]
pub(crate) struct Trait;

impl Trait {
    pub(crate) const LEN: usize = 8;
    pub(crate) const LEVEL: usize = 0;
    pub(crate) const RESOURCES: usize = 2;
    pub(crate) const KEYS: usize = 4;
    pub(crate) const NEEDS: usize = 6;
}

/// A resource type: name, form of its ARN, and its condition keys.
#[derive(Debug)]
pub(crate) struct Resource;

impl Resource {
    pub(crate) const LEN: usize = 12;
    pub(crate) const NAME: usize = 0;
    pub(crate) const ARN: usize = 4;
    pub(crate) const KEYS: usize = 8;
}

/// A condition key: name and type.
#[derive(Debug)]
pub(crate) struct Key;

impl Key {
    pub(crate) const LEN: usize = 8;
    pub(crate) const NAME: usize = 0;
    pub(crate) const TYPE: usize = 4;
}

/// The most that a block of AWS-managed policies is decompressed to, in bytes.
pub(crate) const MAX_BLOCK: usize = 1 << 20;
