//! The large files of the catalogue, packed into tables.
//!
//! `actions.json` and `managed-policies.json` are too large to be parsed at each start. The build script
//! compiles this module too and packs them into the tables that are embedded, so nothing here may import
//! from outside this folder. The program itself packs only the files that `--catalogue` names.

mod actions;
mod amend;
mod hash;
pub(crate) mod layout;
mod list;
mod policies;
mod read;

use std::fmt;

pub(crate) use hash::Hash;

/// Why a file cannot be packed.
#[derive(Debug)]
pub(crate) struct PackError(String);

impl fmt::Display for PackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The table of `actions.json`, corrected and completed by `amendments.json`.
pub(crate) fn actions(text: &str, amendments: &str) -> Result<Vec<u8>, PackError> {
    let mut list = read::actions(text)?;
    amend::amend(&mut list, &read::json(amendments)?)?;
    actions::pack(&list)
}

/// The table of `managed-policies.json`; `effort` says how hard to compress it, from 0 to 10.
pub(crate) fn managed_policies(text: &str, effort: u32) -> Result<Vec<u8>, PackError> {
    policies::pack(&read::policies(text)?, effort)
}

/// A number of four bytes.
fn wide(number: usize) -> Result<u32, PackError> {
    u32::try_from(number).map_err(|_| PackError(format!("too many bytes: {number}")))
}
