//! The table of all services' actions, resource types and condition keys.
//!
//! The table is bytes. Nothing of it is decoded in advance; a look-up reads the few bytes that it needs.

mod entry;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use super::bytes::Bytes;
use super::pack::Hash;
use super::pack::layout::{self, EMPTY, SECTIONS, Section};

pub use entry::{Action, ConditionKey, ResourceType, Service};

/// The table as it comes with the program.
const BUILTIN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/actions.bin"));

/// All services' actions, resource types and condition keys.
pub struct ActionTable {
    bytes: Cow<'static, [u8]>,
    sections: [Range<usize>; SECTIONS],
}

impl fmt::Debug for ActionTable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.bytes.len();
        out.debug_struct("ActionTable")
            .field("bytes", &bytes)
            .finish()
    }
}

impl Default for ActionTable {
    /// A table that knows nothing.
    fn default() -> Self {
        ActionTable {
            bytes: Cow::Borrowed(&[]),
            sections: Default::default(),
        }
    }
}

impl ActionTable {
    /// The table that comes with the program.
    #[must_use]
    pub fn builtin() -> Self {
        Self::of(Cow::Borrowed(BUILTIN)).unwrap_or_default()
    }

    /// The table of these bytes; `None` if they are not a table.
    pub(super) fn of(bytes: Cow<'static, [u8]>) -> Option<Self> {
        let all = Bytes(&bytes);
        let mut sections: [Range<usize>; SECTIONS] = Default::default();
        for (number, section) in sections.iter_mut().enumerate() {
            *section = all.size(number * 4)?..all.size(number * 4 + 4)?;
            all.part(section.start, section.end)?;
        }
        Some(ActionTable { bytes, sections })
    }

    /// The package that the table was made from, with its version.
    #[must_use]
    pub fn source(&self) -> &str {
        self.section(Section::Texts).text(0).unwrap_or("")
    }

    /// The day on which the data was gathered, as in 2026-10-27.
    #[must_use]
    pub fn date(&self) -> &str {
        let at = self.source().len() + 2;
        self.section(Section::Texts).text(at).unwrap_or("")
    }

    /// All services, by prefix.
    pub fn services(&self) -> impl Iterator<Item = Service<'_>> {
        let count = self.len(Section::Services, layout::Service::LEN);
        (0..count).map_while(|number| Service::read(self, u16::try_from(number).ok()?))
    }

    /// The service of a prefix, in any case.
    #[must_use]
    pub fn service(&self, prefix: &str) -> Option<Service<'_>> {
        self.find(Section::ServiceSlots, Hash::EMPTY.with(prefix), |number| {
            Service::read(self, number).filter(|s| s.prefix().eq_ignore_ascii_case(prefix))
        })
    }

    /// The action of a name such as `sqs:SendMessage`, in any case.
    #[must_use]
    pub fn action(&self, written: &str) -> Option<Action<'_>> {
        let (prefix, name) = written.split_once(':')?;
        self.service(prefix)?.action(name)
    }

    /// The condition keys of every request.
    pub fn keys(&self) -> impl Iterator<Item = ConditionKey<'_>> {
        entry::keys(self, 0)
    }

    /// Whether some action's name has this word, as `Queue` in `CreateQueue`.
    #[must_use]
    pub fn has_word(&self, word: &str) -> bool {
        let names = self.section(Section::Names).0;
        let names = std::str::from_utf8(names).unwrap_or("");
        let mut rest = names;
        while let Some((_, after)) = rest.split_once(word) {
            if !after.starts_with(|c: char| c.is_ascii_lowercase()) {
                return true;
            }
            rest = after;
        }
        false
    }

    /// How many actions there are.
    #[must_use]
    pub fn action_count(&self) -> usize {
        self.len(Section::Actions, layout::Action::LEN)
    }

    /// The entry of a hash: those whose hashes share a slot are tried one after the other.
    fn find<'a, T>(
        &'a self,
        slots: Section,
        hash: Hash,
        entry: impl Fn(u16) -> Option<T> + 'a,
    ) -> Option<T> {
        let table = self.section(slots);
        let count = table.0.len() / 2;
        let numbers = (0..count).map_while(|attempt| {
            let number = table.u16(hash.slot(count, attempt) * 2)?;
            (number != EMPTY).then_some(number)
        });
        numbers.map(entry).find_map(|found| found)
    }

    fn section(&self, section: Section) -> Bytes<'_> {
        let range = self.sections.get(section as usize).cloned();
        let part = range.and_then(|range| self.bytes.get(range));
        Bytes(part.unwrap_or(&[]))
    }

    fn len(&self, section: Section, entry: usize) -> usize {
        self.section(section).0.len() / entry
    }

    fn text_of(&self, section: Section, at: usize) -> Option<&str> {
        let offset = self.section(section).size(at)?;
        self.section(Section::Texts).text(offset)
    }

    /// The numbers of a list.
    fn list(&self, at: u16) -> impl Iterator<Item = u16> {
        let lists = self.section(Section::Lists);
        let at = usize::from(at);
        let count = lists.u16(at * 2).unwrap_or(0);
        (1..=usize::from(count)).map_while(move |index| lists.u16((at + index) * 2))
    }
}

#[cfg(test)]
mod tests;
