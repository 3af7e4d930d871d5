//! Writing the table of AWS-managed policies.

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::layout::MAX_BLOCK;
use super::list::{PolicyEntry, PolicyList};
use super::{Hash, PackError, wide};

/// How long a block is before it is compressed: short ones are fast to read, long ones compress well.
const BLOCK: usize = 32 << 10;

/// Writes the table of a list. The same list always gives the same bytes.
pub(super) fn pack(list: &PolicyList, effort: u32) -> Result<Vec<u8>, PackError> {
    let mut ordered: Vec<&PolicyEntry> = list.policies.iter().collect();
    // Those of functions are looked up most, so they share few blocks.
    ordered.sort_by_key(|policy| (!policy.path.contains("Lambda"), &policy.path));
    let mut blocks: Vec<Vec<u8>> = Vec::new();
    let mut places = Vec::new();
    let mut block = Vec::new();
    for policy in ordered {
        if block.len() >= BLOCK {
            blocks.push(std::mem::take(&mut block));
        }
        let place = wide(blocks.len())? << 20 | wide(block.len())?;
        places.push((Hash::EMPTY.with(&policy.path).value(), place));
        put_text(&mut block, &policy.path)?;
        put_text(&mut block, &policy.version)?;
        block.extend(wide(policy.document.len())?.to_le_bytes());
        block.extend(policy.document.as_bytes());
        if block.len() >= MAX_BLOCK {
            return Err(PackError(format!("policy {} is too long", policy.path)));
        }
    }
    blocks.push(block);
    places.sort_unstable();
    let compressed = blocks.iter().map(|block| compress(block, effort));
    write(list, &places, &compressed.collect::<Result<Vec<_>, _>>()?)
}

fn compress(block: &[u8], effort: u32) -> Result<Vec<u8>, PackError> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(effort));
    let written = encoder.write_all(block).and_then(|()| encoder.finish());
    written.map_err(|error| PackError(error.to_string()))
}

/// The numbers of policies and blocks, the hashes with their places, and the blocks.
fn write(
    list: &PolicyList,
    places: &[(u32, u32)],
    blocks: &[Vec<u8>],
) -> Result<Vec<u8>, PackError> {
    let mut bytes = Vec::new();
    bytes.extend(wide(places.len())?.to_le_bytes());
    bytes.extend(wide(blocks.len())?.to_le_bytes());
    put_text(&mut bytes, &list.source)?;
    put_text(&mut bytes, &list.date)?;
    for (hash, place) in places {
        bytes.extend(hash.to_le_bytes());
        bytes.extend(place.to_le_bytes());
    }
    let mut start = bytes.len() + blocks.len() * 8;
    for block in blocks {
        bytes.extend(wide(start)?.to_le_bytes());
        start += block.len();
        bytes.extend(wide(start)?.to_le_bytes());
    }
    blocks.iter().for_each(|block| bytes.extend(block));
    Ok(bytes)
}

fn put_text(bytes: &mut Vec<u8>, text: &str) -> Result<(), PackError> {
    let len = u16::try_from(text.len());
    let len = len.map_err(|_| PackError(format!("the text `{text}` is too long")))?;
    bytes.extend(len.to_le_bytes());
    bytes.extend(text.as_bytes());
    Ok(())
}
