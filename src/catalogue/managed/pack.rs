//! Writing the table of AWS-managed policies.

use super::{MAGIC, MAX_BLOCK};
use crate::catalogue::bytes::Hash;
use crate::catalogue::table::Unfit;

/// The size of a block before compression: small blocks unpack faster, large ones compress better.
const BLOCK: usize = 32 << 10;

/// The compression level: compressing happens once, and a high level does not slow unpacking down.
const EFFORT: u8 = 10;

/// A policy to be written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PolicyEntry {
    /// What follows `policy/` in its ARN.
    pub path: String,
    /// The version of the document.
    pub version: String,
    /// The document, as JSON.
    pub document: String,
}

/// Writes the file of all policies. The same policies always give the same bytes.
///
/// # Errors
///
/// When a string is longer than the format allows.
pub fn pack_policies(source: &str, date: &str, policies: &[PolicyEntry]) -> Result<Vec<u8>, Unfit> {
    let mut ordered: Vec<&PolicyEntry> = policies.iter().collect();
    // Policies for functions are looked up most often, so they share a few blocks.
    ordered.sort_by_key(|policy| (!policy.path.contains("Lambda"), policy.path.clone()));
    let mut blocks: Vec<Vec<u8>> = vec![Vec::new()];
    let mut places = Vec::new();
    for policy in ordered {
        if blocks.last().is_some_and(|block| block.len() >= BLOCK) {
            blocks.push(Vec::new());
        }
        let number = blocks.len() - 1;
        let block = blocks
            .last_mut()
            .ok_or_else(|| Unfit("no block".to_owned()))?;
        let hash = Hash::EMPTY.with(&policy.path).value();
        places.push((hash, number_of(number)? << 20 | number_of(block.len())?));
        put_text(block, &policy.path)?;
        put_text(block, &policy.version)?;
        block.extend(number_of(policy.document.len())?.to_le_bytes());
        block.extend(policy.document.as_bytes());
        if block.len() >= MAX_BLOCK {
            return Err(Unfit(format!("policy {} is too long", policy.path)));
        }
    }
    places.sort_unstable();
    write(source, date, &places, &blocks)
}

/// Writes the header, the index and the blocks.
fn write(
    source: &str,
    date: &str,
    places: &[(u32, u32)],
    blocks: &[Vec<u8>],
) -> Result<Vec<u8>, Unfit> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend(number_of(places.len())?.to_le_bytes());
    bytes.extend(number_of(blocks.len())?.to_le_bytes());
    put_text(&mut bytes, source)?;
    put_text(&mut bytes, date)?;
    for (hash, place) in places {
        bytes.extend(hash.to_le_bytes());
        bytes.extend(place.to_le_bytes());
    }
    let packed = blocks
        .iter()
        .map(|b| miniz_oxide::deflate::compress_to_vec(b, EFFORT));
    let packed: Vec<Vec<u8>> = packed.collect();
    let mut start = bytes.len() + packed.len() * 8;
    for block in &packed {
        bytes.extend(number_of(start)?.to_le_bytes());
        start += block.len();
        bytes.extend(number_of(start)?.to_le_bytes());
    }
    packed.iter().for_each(|block| bytes.extend(block));
    Ok(bytes)
}

/// Writes a string after its length of two bytes.
fn put_text(bytes: &mut Vec<u8>, text: &str) -> Result<(), Unfit> {
    let len = u16::try_from(text.len());
    let len = len.map_err(|_| Unfit(format!("the text `{text}` is too long")))?;
    bytes.extend(len.to_le_bytes());
    bytes.extend(text.as_bytes());
    Ok(())
}

/// A number as the table stores it.
fn number_of(number: usize) -> Result<u32, Unfit> {
    u32::try_from(number).map_err(|_| Unfit(format!("too much: {number}")))
}
