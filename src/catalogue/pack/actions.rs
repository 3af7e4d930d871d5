//! Writing the table of actions.

use std::collections::HashMap;
use std::hash;

use super::layout::{self, EMPTY, LEVELS, REQUIRED, SECTIONS};
use super::list::{ActionEntry, KeyEntry, ResourceEntry, ServiceEntry, ServiceList};
use super::{Hash, PackError, wide};

/// Writes the table of a list. The same list always gives the same bytes.
///
/// # Errors
///
/// When there is more of something than the table can count, or something is named that the list
/// does not have.
pub(super) fn pack(list: &ServiceList) -> Result<Vec<u8>, PackError> {
    let mut writer = Writer::default();
    writer.text(&list.source)?;
    writer.text(&list.date)?;
    writer.number_actions(list)?;
    writer.global_keys(list)?;
    for service in &list.services {
        writer.service(service)?;
    }
    writer.finish()
}

/// Sections while they are written.
#[derive(Debug, Default)]
struct Writer {
    texts: Pool<String>,
    services: Vec<u8>,
    names: Vec<u8>,
    actions: Vec<u8>,
    traits: Pool<[u16; 4]>,
    resources: Vec<u8>,
    keys: Pool<KeyEntry>,
    lists: Pool<Vec<u16>>,
    prefixes: Vec<Hash>,
    action_hashes: Vec<Hash>,
    numbers: HashMap<String, u16>,
}

/// Values that are written once each, with where they stand.
#[derive(Debug)]
struct Pool<T> {
    bytes: Vec<u8>,
    offsets: HashMap<T, usize>,
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Pool {
            bytes: Vec::new(),
            offsets: HashMap::new(),
        }
    }
}

impl<T: Eq + hash::Hash + Clone> Pool<T> {
    /// Where the value stands, written by `write` if it is new.
    fn put(&mut self, value: &T, write: impl FnOnce(&mut Vec<u8>)) -> usize {
        if let Some(offset) = self.offsets.get(value) {
            return *offset;
        }
        let offset = self.bytes.len();
        write(&mut self.bytes);
        self.offsets.insert(value.clone(), offset);
        offset
    }
}

impl Writer {
    /// Dependent actions are written as numbers, so all have their numbers before one is written.
    fn number_actions(&mut self, list: &ServiceList) -> Result<(), PackError> {
        for service in &list.services {
            for action in &service.actions {
                let number = small(self.numbers.len(), "actions")?;
                let name = format!("{}:{}", service.prefix, action.name);
                self.action_hashes.push(Hash::EMPTY.with(&name));
                if self.numbers.insert(name.to_lowercase(), number).is_some() {
                    return Err(PackError(format!("duplicate `{name}`")));
                }
            }
        }
        Ok(())
    }

    /// The keys of every request are the first list.
    fn global_keys(&mut self, list: &ServiceList) -> Result<(), PackError> {
        let all: Vec<String> = list.keys.iter().map(|key| key.key.clone()).collect();
        self.key_list(&list.keys, &all)?;
        Ok(())
    }

    /// Writes a service, with its resource types and actions before it.
    fn service(&mut self, service: &ServiceEntry) -> Result<(), PackError> {
        let first = small(self.actions.len() / layout::Action::LEN, "actions")?;
        let names = self.names.len();
        let resource = small(self.resources.len() / layout::Resource::LEN, "resources")?;
        for entry in &service.resources {
            self.resource(service, entry)?;
        }
        for action in &service.actions {
            self.action(service, action, names, resource)?;
        }
        let all: Vec<String> = service.keys.iter().map(|key| key.key.clone()).collect();
        let keys = self.key_list(&service.keys, &all)?;
        let prefix = self.text(&service.prefix)?;
        self.prefixes.push(Hash::EMPTY.with(&service.prefix));
        self.services.extend(prefix.to_le_bytes());
        self.services.extend(wide(names)?.to_le_bytes());
        let counts = [
            first,
            small(service.actions.len(), "actions")?,
            resource,
            small(service.resources.len(), "resources")?,
            keys,
            0,
        ];
        counts
            .iter()
            .for_each(|count| self.services.extend(count.to_le_bytes()));
        Ok(())
    }

    fn resource(&mut self, service: &ServiceEntry, entry: &ResourceEntry) -> Result<(), PackError> {
        let keys = self.key_list(&service.keys, &entry.keys)?;
        let name = self.text(&entry.name)?;
        let arn = self.text(&entry.arn)?;
        self.resources.extend(name.to_le_bytes());
        self.resources.extend(arn.to_le_bytes());
        self.resources.extend(keys.to_le_bytes());
        self.resources.extend([0, 0]);
        Ok(())
    }

    /// Writes an action; what it has in common with others is written once.
    fn action(
        &mut self,
        service: &ServiceEntry,
        action: &ActionEntry,
        names: usize,
        first_resource: u16,
    ) -> Result<(), PackError> {
        let resources = action.resources.iter();
        let resources = resources
            .map(|written| resource_number(service, written, first_resource))
            .collect::<Result<Vec<u16>, PackError>>()?;
        let needs = action.needs.iter();
        let needs = needs.filter_map(|name| self.numbers.get(&name.to_lowercase()).copied());
        let needs = needs.collect();
        let level = LEVELS.iter().position(|level| *level == action.level);
        let level =
            level.ok_or_else(|| PackError(format!("unknown access level `{}`", action.level)))?;
        let entry = [
            small(level, "levels")?,
            self.list(resources)?,
            self.key_list(&service.keys, &action.keys)?,
            self.list(needs)?,
        ];
        let offset = self.traits.put(&entry, |bytes| {
            entry
                .iter()
                .for_each(|number| bytes.extend(number.to_le_bytes()));
        });
        let number = small(offset / layout::Trait::LEN, "kinds of actions")?;
        let name = small(self.names.len() - names, "letters in names")?;
        self.actions.extend(name.to_le_bytes());
        self.actions.extend(number.to_le_bytes());
        let len = u8::try_from(action.name.len());
        let len = len.map_err(|_| PackError(format!("the name `{}` is too long", action.name)))?;
        self.names.push(len);
        self.names.extend(action.name.as_bytes());
        Ok(())
    }

    /// Writes condition keys as a list of their numbers; gives where the list is.
    fn key_list(&mut self, known: &[KeyEntry], keys: &[String]) -> Result<u16, PackError> {
        let mut numbers = Vec::with_capacity(keys.len());
        for key in keys {
            let same = known.iter().find(|k| k.key.eq_ignore_ascii_case(key));
            let entry = same.cloned().unwrap_or_else(|| KeyEntry {
                key: key.clone(),
                kind: String::new(),
            });
            let name = self.text(&entry.key)?;
            let kind = self.text(&entry.kind)?;
            let offset = self.keys.put(&entry, |bytes| {
                bytes.extend(name.to_le_bytes());
                bytes.extend(kind.to_le_bytes());
            });
            numbers.push(small(offset / layout::Key::LEN, "condition keys")?);
        }
        self.list(numbers)
    }

    fn list(&mut self, numbers: Vec<u16>) -> Result<u16, PackError> {
        let count = small(numbers.len(), "entries of a list")?;
        let offset = self.lists.put(&numbers, |bytes| {
            bytes.extend(count.to_le_bytes());
            numbers
                .iter()
                .for_each(|number| bytes.extend(number.to_le_bytes()));
        });
        small(offset / 2, "lists")
    }

    fn text(&mut self, text: &str) -> Result<u32, PackError> {
        let len = small(text.len(), "letters of a text")?;
        let offset = self.texts.put(&text.to_owned(), |bytes| {
            bytes.extend(len.to_le_bytes());
            bytes.extend(text.as_bytes());
        });
        wide(offset)
    }

    /// The offsets of the sections, and the sections.
    fn finish(self) -> Result<Vec<u8>, PackError> {
        let sections: [Vec<u8>; SECTIONS] = [
            self.texts.bytes,
            self.services,
            self.names,
            self.actions,
            self.traits.bytes,
            self.resources,
            self.keys.bytes,
            self.lists.bytes,
            slots(&self.prefixes)?,
            slots(&self.action_hashes)?,
        ];
        let mut bytes = Vec::new();
        let mut start = (SECTIONS + 1) * 4;
        bytes.extend(wide(start)?.to_le_bytes());
        for section in &sections {
            start += section.len();
            bytes.extend(wide(start)?.to_le_bytes());
        }
        sections.iter().for_each(|section| bytes.extend(section));
        Ok(bytes)
    }
}

/// A table of slots, at most two thirds full, with the number of each hash in the first free slot.
fn slots(hashes: &[Hash]) -> Result<Vec<u8>, PackError> {
    let count = (hashes.len() * 3 / 2).next_power_of_two();
    let mut slots = vec![EMPTY; count];
    for (number, hash) in hashes.iter().enumerate() {
        let number = small(number, "slots")?;
        let free = (0..count).find_map(|attempt| {
            let at = hash.slot(count, attempt);
            (slots.get(at) == Some(&EMPTY)).then_some(at)
        });
        if let Some(slot) = free.and_then(|at| slots.get_mut(at)) {
            *slot = number;
        }
    }
    Ok(slots
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect())
}

/// The number of a resource type, with the bit that says whether it is required.
fn resource_number(service: &ServiceEntry, written: &str, first: u16) -> Result<u16, PackError> {
    let name = written.strip_suffix('*').unwrap_or(written);
    let mut resources = service.resources.iter();
    let position = resources.position(|resource| resource.name == name);
    let position = position
        .ok_or_else(|| PackError(format!("{} has no resource type `{name}`", service.prefix)))?;
    let number = first.saturating_add(small(position, "resources")?);
    let is_required = name.len() < written.len();
    let required = if is_required { REQUIRED } else { 0 };
    Ok(number | required)
}

fn small(number: usize, what: &str) -> Result<u16, PackError> {
    match u16::try_from(number) {
        Ok(number) if number != EMPTY => Ok(number),
        _ => Err(PackError(format!("too many {what}: {number}"))),
    }
}
