//! The documents of all AWS-managed policies.
//!
//! They are compressed in blocks, and found by a hash of their path. A block is decompressed only when a
//! role names one of its policies, because decompressing all of them would dominate a run.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::io::Read;
use std::sync::{Mutex, OnceLock};

use flate2::bufread::DeflateDecoder;

use super::bytes::Bytes;
use super::pack::Hash;
use super::pack::layout::MAX_BLOCK;

/// The table embedded in the program.
const BUILTIN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/managed-policies.bin"));

/// The AWS-managed policies.
pub struct ManagedPolicies {
    bytes: Cow<'static, [u8]>,
    paths: OnceLock<Vec<String>>,
    /// The policies that were looked up, by path, because a block is slow to decompress.
    known: Mutex<HashMap<String, Option<ManagedPolicy>>>,
}

/// The maximum number of policies in memory.
const MAX_CACHED: usize = 1_000;

/// An AWS-managed policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManagedPolicy {
    /// What follows `policy/` in its ARN.
    pub path: String,
    /// The version of the document, as in `v3`.
    pub version: String,
    /// The document, as JSON.
    pub document: String,
}

impl fmt::Debug for ManagedPolicies {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.bytes.len();
        out.debug_struct("ManagedPolicies")
            .field("bytes", &bytes)
            .finish()
    }
}

impl Default for ManagedPolicies {
    /// No policies.
    fn default() -> Self {
        ManagedPolicies {
            bytes: Cow::Borrowed(&[]),
            paths: OnceLock::new(),
            known: Mutex::default(),
        }
    }
}

impl ManagedPolicies {
    /// The policies embedded in the program.
    #[must_use]
    pub fn builtin() -> Self {
        ManagedPolicies {
            bytes: Cow::Borrowed(BUILTIN),
            ..ManagedPolicies::default()
        }
    }

    /// The policies of a table.
    pub(super) fn of(table: Vec<u8>) -> Self {
        ManagedPolicies {
            bytes: Cow::Owned(table),
            ..ManagedPolicies::default()
        }
    }

    /// The source package with its version.
    #[must_use]
    pub fn source(&self) -> &str {
        self.header().map_or("", |header| header.source)
    }

    /// The day of the latest change, as in 2026-09-29.
    #[must_use]
    pub fn date(&self) -> &str {
        self.header().map_or("", |header| header.date)
    }

    /// The number of policies.
    #[must_use]
    pub fn count(&self) -> usize {
        self.header().map_or(0, |header| header.policies)
    }

    /// The policy with that ARN, in any partition.
    #[must_use]
    pub fn policy(&self, arn: &str) -> Option<ManagedPolicy> {
        let path = managed_policy_path(arn)?;
        let Ok(mut known) = self.known.lock() else {
            return self.found(path);
        };
        if let Some(policy) = known.get(path) {
            return policy.clone();
        }
        let policy = self.found(path);
        if known.len() < MAX_CACHED {
            known.insert(path.to_owned(), policy.clone());
        }
        policy
    }

    /// Looks a path up in the table.
    fn found(&self, path: &str) -> Option<ManagedPolicy> {
        let header = self.header()?;
        let hash = Hash::EMPTY.with(path).value();
        let first = header.first_of(hash);
        let places = (first..).map_while(|number| header.entry(number));
        let mut same = places.take_while(|(own, _)| *own == hash);
        same.find_map(|(_, place)| header.policy(place).filter(|policy| policy.path == path))
    }

    /// The paths of all policies, which are decompressed for it once.
    #[must_use]
    pub fn paths(&self) -> &[String] {
        let decompress = || self.all().map(|policy| policy.path).collect();
        self.paths.get_or_init(decompress)
    }

    /// All policies.
    pub fn all(&self) -> impl Iterator<Item = ManagedPolicy> {
        let header = self.header();
        header.into_iter().flat_map(|header| {
            let blocks = (0..header.blocks).filter_map(move |number| header.block(number));
            blocks.flat_map(|block| {
                let mut at = 0;
                std::iter::from_fn(move || {
                    let (policy, end) = policy_at(Bytes(&block), at)?;
                    at = end;
                    Some(policy)
                })
            })
        })
    }

    /// The layout of the file; `None` if it is not a table of this version.
    fn header(&self) -> Option<Header<'_>> {
        let all = Bytes(&self.bytes);
        let policies = all.size(0)?;
        let blocks = all.size(4)?;
        let source = all.text(8)?;
        let date_at = 8 + 2 + source.len();
        let date = all.text(date_at)?;
        let index = date_at + 2 + date.len();
        let table = index.checked_add(policies.checked_mul(8)?)?;
        all.part(index, table.checked_add(blocks.checked_mul(8)?)?)?;
        Some(Header {
            all,
            policies,
            blocks,
            source,
            date,
            index,
            table,
        })
    }
}

/// What follows `policy/` in the ARN of an AWS-managed policy, in any partition.
#[must_use]
pub fn managed_policy_path(arn: &str) -> Option<&str> {
    arn.split_once(":iam::aws:policy/").map(|(_, path)| path)
}

/// The start of the table, and where its parts are.
#[derive(Clone, Copy, Debug)]
struct Header<'a> {
    all: Bytes<'a>,
    policies: usize,
    blocks: usize,
    source: &'a str,
    date: &'a str,
    index: usize,
    table: usize,
}

impl Header<'_> {
    /// The hash of a policy's path, and its place: the block's number and the start in it.
    fn entry(&self, number: usize) -> Option<(u32, u32)> {
        let at = self.index + number * 8;
        (number < self.policies).then_some(())?;
        Some((self.all.u32(at)?, self.all.u32(at + 4)?))
    }

    /// The number of the first policy whose hash is at least this one; hashes are in order.
    fn first_of(&self, hash: u32) -> usize {
        let (mut low, mut high) = (0, self.policies);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.entry(middle) {
                Some((own, _)) if own < hash => low = middle + 1,
                _ => high = middle,
            }
        }
        low
    }

    /// The policy at a place, which is a block number and an offset of 20 bits in it.
    fn policy(&self, place: u32) -> Option<ManagedPolicy> {
        let block = self.block(usize::try_from(place >> 20).ok()?)?;
        let start = usize::try_from(place & 0xf_ffff).ok()?;
        Some(policy_at(Bytes(&block), start)?.0)
    }

    /// A block, decompressed.
    fn block(&self, number: usize) -> Option<Vec<u8>> {
        let at = self.table + number * 8;
        (number < self.blocks).then_some(())?;
        let (start, end) = (self.all.size(at)?, self.all.size(at + 4)?);
        let compressed = self.all.part(start, end)?;
        let limit = u64::try_from(MAX_BLOCK).ok()?;
        let mut block = Vec::new();
        let mut decoder = DeflateDecoder::new(compressed.0).take(limit);
        decoder.read_to_end(&mut block).ok().map(|_| block)
    }
}

/// The policy at an offset of a block, and where it ends.
fn policy_at(block: Bytes<'_>, at: usize) -> Option<(ManagedPolicy, usize)> {
    let path = block.text(at)?;
    let version_at = at + 2 + path.len();
    let version = block.text(version_at)?;
    let length_at = version_at + 2 + version.len();
    let start = length_at + 4;
    let end = start.checked_add(block.size(length_at)?)?;
    let document = std::str::from_utf8(block.part(start, end)?.0).ok()?;
    let policy = ManagedPolicy {
        path: path.to_owned(),
        version: version.to_owned(),
        document: document.to_owned(),
    };
    Some((policy, end))
}
