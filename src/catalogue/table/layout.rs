//! Where what stands in the table of actions. The writer and the reader share it.

/// How a table begins; another layout gets another beginning.
pub(super) const MAGIC: &[u8; 8] = b"LLACTS01";

/// The parts of the table, in the order of the offsets behind [`MAGIC`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    /// Texts behind their lengths; the first two are the source's name and its date.
    Texts,
    /// [`Service`] after service, by prefix.
    Services,
    /// Names of actions behind their lengths, in the order of the actions.
    Names,
    /// [`Action`] after action, service by service, by name.
    Actions,
    /// What several actions have in common: [`Trait`] after trait.
    Traits,
    /// [`Resource`] after resource, service by service.
    Resources,
    /// [`Key`] after key.
    Keys,
    /// Lists of numbers of two bytes, each behind its length.
    Lists,
    /// Numbers of services by the hash of their prefix.
    ServiceSlots,
    /// Numbers of actions by the hash of `service:Name`.
    ActionSlots,
}

/// How many sections there are.
pub(super) const SECTIONS: usize = 10;

/// A slot that holds nothing.
pub(super) const EMPTY: u16 = u16::MAX;

/// The bit of a resource type's number that says that an action needs one of it.
pub(super) const REQUIRED: u16 = 1 << 15;

/// Access levels, by number.
pub(super) const LEVELS: [&str; 6] = [
    "List",
    "Read",
    "Tagging",
    "Write",
    "Permissions management",
    "level not known",
];

/// Lengths of the entries of sections, and where their members stand.
#[derive(Debug)]
pub(super) struct Service;

impl Service {
    pub(super) const LEN: usize = 20;
    pub(super) const PREFIX: usize = 0;
    pub(super) const NAMES: usize = 4;
    pub(super) const ACTION: usize = 8;
    pub(super) const ACTIONS: usize = 10;
    pub(super) const RESOURCE: usize = 12;
    pub(super) const RESOURCES: usize = 14;
    pub(super) const KEYS: usize = 16;
}

/// An action: where its name is behind the first name of its service, and its trait.
#[derive(Debug)]
pub(super) struct Action;

impl Action {
    pub(super) const LEN: usize = 4;
    pub(super) const NAME: usize = 0;
    pub(super) const TRAIT: usize = 2;
}

/// Level, and lists of resource types, condition keys and dependent actions.
#[derive(Debug)]
pub(super) struct Trait;

impl Trait {
    pub(super) const LEN: usize = 8;
    pub(super) const LEVEL: usize = 0;
    pub(super) const RESOURCES: usize = 2;
    pub(super) const KEYS: usize = 4;
    pub(super) const NEEDS: usize = 6;
}

/// A resource type: name, form of its ARN, and its condition keys.
#[derive(Debug)]
pub(super) struct Resource;

impl Resource {
    pub(super) const LEN: usize = 12;
    pub(super) const NAME: usize = 0;
    pub(super) const ARN: usize = 4;
    pub(super) const KEYS: usize = 8;
}

/// A condition key: name and type.
#[derive(Debug)]
pub(super) struct Key;

impl Key {
    pub(super) const LEN: usize = 8;
    pub(super) const NAME: usize = 0;
    pub(super) const TYPE: usize = 4;
}
