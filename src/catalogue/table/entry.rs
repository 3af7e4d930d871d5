//! Entries of the table, read when they are looked up.

use super::ActionTable;
use crate::catalogue::pack::Hash;
use crate::catalogue::pack::layout::{self, LEVELS, REQUIRED, Section};

/// A service.
#[derive(Clone, Copy, Debug)]
pub struct Service<'a> {
    table: &'a ActionTable,
    prefix: &'a str,
    names: usize,
    first: u16,
    count: u16,
    first_resource: u16,
    resources: u16,
    keys: u16,
}

impl<'a> Service<'a> {
    pub(super) fn read(table: &'a ActionTable, number: u16) -> Option<Self> {
        use layout::Service as At;
        let at = usize::from(number) * At::LEN;
        let services = table.section(Section::Services);
        Some(Service {
            table,
            prefix: table.text_of(Section::Services, at + At::PREFIX)?,
            names: services.size(at + At::NAMES)?,
            first: services.u16(at + At::ACTION)?,
            count: services.u16(at + At::ACTIONS)?,
            first_resource: services.u16(at + At::RESOURCE)?,
            resources: services.u16(at + At::RESOURCES)?,
            keys: services.u16(at + At::KEYS)?,
        })
    }

    /// What its actions begin with, as in `sqs`.
    #[must_use]
    pub fn prefix(&self) -> &'a str {
        self.prefix
    }

    /// How many actions it has.
    #[must_use]
    pub fn size(&self) -> usize {
        usize::from(self.count)
    }

    /// Its actions, by name.
    pub fn actions(self) -> impl Iterator<Item = Action<'a>> {
        let end = self.first.saturating_add(self.count);
        (self.first..end).filter_map(move |number| Action::read(self, number))
    }

    /// The action of that name, in any case.
    #[must_use]
    pub fn action(self, name: &str) -> Option<Action<'a>> {
        let hash = Hash::EMPTY.with(self.prefix).with(":").with(name);
        let range = self.first..self.first.saturating_add(self.count);
        self.table.find(Section::ActionSlots, hash, move |number| {
            let own = range.contains(&number).then_some(number)?;
            Action::read(self, own).filter(|action| action.name().eq_ignore_ascii_case(name))
        })
    }

    /// Its resource types.
    pub fn resources(self) -> impl Iterator<Item = ResourceType<'a>> {
        let end = self.first_resource.saturating_add(self.resources);
        (self.first_resource..end).filter_map(move |number| ResourceType::read(self.table, number))
    }

    /// The condition keys that some of its actions offer.
    pub fn keys(self) -> impl Iterator<Item = ConditionKey<'a>> {
        keys(self.table, self.keys)
    }
}

/// An action of a service.
#[derive(Clone, Copy, Debug)]
pub struct Action<'a> {
    service: Service<'a>,
    name: &'a str,
    entry: u16,
}

impl<'a> Action<'a> {
    fn read(service: Service<'a>, number: u16) -> Option<Self> {
        use layout::Action as At;
        let at = usize::from(number) * At::LEN;
        let actions = service.table.section(Section::Actions);
        let offset = usize::from(actions.u16(at + At::NAME)?);
        let names = service.table.section(Section::Names);
        Some(Action {
            service,
            name: names.short_text(service.names.checked_add(offset)?)?,
            entry: actions.u16(at + At::TRAIT)?,
        })
    }

    /// The service that it belongs to.
    #[must_use]
    pub fn service(&self) -> Service<'a> {
        self.service
    }

    /// The name after the service's prefix.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// Prefix and name, as policies write them.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{}:{}", self.service.prefix, self.name)
    }

    /// What kind of access it gives.
    #[must_use]
    pub fn level(&self) -> &'static str {
        let level = self.member(layout::Trait::LEVEL);
        level
            .and_then(|level| LEVELS.get(usize::from(level)).copied())
            .unwrap_or("")
    }

    /// The types of resources that it works on, and whether one of the type must be named. None
    /// where it works on no resource, so that a statement must name all of them by `*`.
    pub fn resources(self) -> impl Iterator<Item = (ResourceType<'a>, bool)> {
        let table = self.service.table;
        let list = self
            .member(layout::Trait::RESOURCES)
            .map(|list| table.list(list));
        list.into_iter().flatten().filter_map(move |number| {
            let resource = ResourceType::read(table, number & !REQUIRED)?;
            Some((resource, number & REQUIRED != 0))
        })
    }

    /// The condition keys that it offers, beside those that every request has.
    pub fn keys(self) -> impl Iterator<Item = ConditionKey<'a>> {
        let own = self.member(layout::Trait::KEYS);
        let own = own.map(|list| keys(self.service.table, list));
        let resources = self.resources().flat_map(|(resource, _)| resource.keys());
        own.into_iter().flatten().chain(resources)
    }

    /// Actions that whoever calls this one must be allowed too, as `iam:PassRole`.
    pub fn needs(self) -> impl Iterator<Item = String> {
        let table = self.service.table;
        let list = self
            .member(layout::Trait::NEEDS)
            .map(|list| table.list(list));
        list.into_iter().flatten().filter_map(|number| {
            let mut services = table.services();
            let service = services.find(|s| (s.first..s.first + s.count).contains(&number))?;
            Some(Action::read(service, number)?.full_name())
        })
    }

    fn member(&self, at: usize) -> Option<u16> {
        let entry = usize::from(self.entry) * layout::Trait::LEN;
        self.service.table.section(Section::Traits).u16(entry + at)
    }
}

/// A type of resources.
#[derive(Clone, Copy, Debug)]
pub struct ResourceType<'a> {
    table: &'a ActionTable,
    number: u16,
    name: &'a str,
}

impl<'a> ResourceType<'a> {
    fn read(table: &'a ActionTable, number: u16) -> Option<Self> {
        let at = usize::from(number) * layout::Resource::LEN;
        let name = table.text_of(Section::Resources, at + layout::Resource::NAME)?;
        Some(ResourceType {
            table,
            number,
            name,
        })
    }

    /// The type's name, as in `queue`.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// The format of its ARNs: `{Name}` is a segment without `:` and `/`, `{Name+}` for any
    /// characters.
    #[must_use]
    pub fn arn(&self) -> &'a str {
        let at = usize::from(self.number) * layout::Resource::LEN + layout::Resource::ARN;
        self.table.text_of(Section::Resources, at).unwrap_or("")
    }

    /// The condition keys of requests for resources of the type.
    pub fn keys(self) -> impl Iterator<Item = ConditionKey<'a>> {
        let at = usize::from(self.number) * layout::Resource::LEN + layout::Resource::KEYS;
        let list = self.table.section(Section::Resources).u16(at);
        list.into_iter()
            .flat_map(move |list| keys(self.table, list))
    }
}

/// A condition key.
#[derive(Clone, Copy, Debug)]
pub struct ConditionKey<'a> {
    name: &'a str,
    kind: &'a str,
}

impl<'a> ConditionKey<'a> {
    /// The key, in which `${TagKey}` or the like is a part that anybody can choose.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// Whether a name is that of the key; a variable part of that can be anything.
    #[must_use]
    pub fn is(&self, key: &str) -> bool {
        match self.name.split_once("${") {
            Some((start, _)) => key
                .get(..start.len())
                .is_some_and(|own| own.eq_ignore_ascii_case(start)),
            None => self.name.eq_ignore_ascii_case(key),
        }
    }

    /// The type of its values as AWS calls it, as in `String`, `ARN` or `ArrayOfString`.
    #[must_use]
    pub fn kind(&self) -> &'a str {
        self.kind
    }
}

pub(super) fn keys<'a>(
    table: &'a ActionTable,
    list: u16,
) -> impl Iterator<Item = ConditionKey<'a>> {
    table.list(list).filter_map(move |number| {
        let at = usize::from(number) * layout::Key::LEN;
        Some(ConditionKey {
            name: table.text_of(Section::Keys, at + layout::Key::NAME)?,
            kind: table.text_of(Section::Keys, at + layout::Key::TYPE)?,
        })
    })
}
