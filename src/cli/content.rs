//! What a file contains, as text.

use std::fmt::Write;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;

use super::archive;
use crate::diagnostics::Problem;
use crate::source::{Undecodable, decode};

/// Larger files are not read: templates and CLI output are far smaller.
const MAX_BYTES: u64 = 64 << 20;
/// The name of standard input in messages.
pub(super) const STDIN: &str = "standard input";

/// A path for people: bytes that are not UTF-8 as `\xFF`, so that different names look different.
pub(super) fn shown(path: &Path) -> String {
    let mut shown = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        shown.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let _infallible = write!(shown, "\\x{byte:02X}");
        }
    }
    shown
}

/// Whether a path leads to a pipe, a device or a socket. Those are read if they are named, but not if they are in
/// a folder: a pipe that nobody writes to would hang the run.
pub(super) fn is_special(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|data| !data.is_file() && !data.is_dir())
}

/// Reads one file as text.
pub(super) fn text(path: &Path) -> Result<String, Problem> {
    let shown = shown(path);
    into_text(&shown, &bytes(File::open(path), &shown)?)
}

/// Reads one file as it is.
pub(super) fn bytes_of(path: &Path) -> Result<Vec<u8>, Problem> {
    let shown = shown(path);
    let bytes = bytes(File::open(path), &shown)?;
    within_bound(&shown, &bytes).map(|()| bytes)
}

/// The content of a file that was opened, up to a bound.
fn bytes(opened: io::Result<impl Read>, shown: &str) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let read = opened.and_then(|file| rest(file, &mut bytes));
    read.map_err(|error| Problem::of_path(shown, cannot_read(&error)))?;
    Ok(bytes)
}

/// Reads what is left of a file, up to a bound.
fn rest(file: impl Read, bytes: &mut Vec<u8>) -> io::Result<()> {
    let most = (MAX_BYTES + 1).saturating_sub(bytes.len() as u64);
    file.take(most).read_to_end(bytes).map(|_| ())
}

/// The text of a file, or the listing of one that is an archive.
pub(super) fn text_or_listing(path: &Path) -> Result<Content, Problem> {
    let shown = shown(path);
    match File::open(path).and_then(|file| Ok((file.metadata()?, file))) {
        Ok((data, file)) if data.is_file() => regular(file, data.len(), &shown),
        opened => listing_or_text(&bytes(opened.map(|(_, file)| file), &shown)?, &shown),
    }
}

/// The same of a regular file of some size, which can be an archive larger than what is held of a file.
fn regular(mut file: File, size: u64, shown: &str) -> Result<Content, Problem> {
    let refused = |error: io::Error| Problem::of_path(shown, cannot_read(&error));
    let mut bytes = Vec::with_capacity(usize::try_from(size.min(MAX_BYTES)).unwrap_or(0) + 1);
    let start = (&file).take(archive::MARK).read_to_end(&mut bytes);
    start.map_err(refused)?;
    if archive::is_archive(&bytes) {
        file.rewind().map_err(refused)?;
        if let Some(listing) = archive::listing(file, shown) {
            return listing.map(Content::Listing);
        }
        return into_text(shown, &bytes).map(Content::of);
    }
    rest(file, &mut bytes).map_err(refused)?;
    into_text(shown, &bytes).map(Content::of)
}

/// The listing of an archive, or any other content as text.
fn listing_or_text(bytes: &[u8], shown: &str) -> Result<Content, Problem> {
    match archive::listing(io::Cursor::new(bytes), shown) {
        Some(listing) => listing.map(Content::Listing),
        None => into_text(shown, bytes).map(Content::of),
    }
}

/// What a file of these bytes is read as: its text, or the listing of an archive.
///
/// # Errors
///
/// When it is neither.
pub fn text_of(bytes: &[u8], shown: &str) -> Result<String, Problem> {
    listing_or_text(bytes, shown).map(|content| match content {
        Content::Text(text) | Content::Listing(text) => text,
    })
}

/// What is read of a file.
pub(super) enum Content {
    Text(String),
    /// The listing of an archive, which is made of it.
    Listing(String),
}

impl Content {
    /// The content of a text file: what `zipinfo` prints is a listing.
    pub(super) fn of(text: String) -> Self {
        match archive::of_zipinfo(&text) {
            Some(listing) => Content::Listing(listing),
            None => Content::Text(text),
        }
    }
}

/// Reads one file, or standard input for `-`.
pub(super) fn text_or_stdin(path: &str) -> Result<String, Problem> {
    if path != "-" {
        return text(Path::new(path));
    }
    into_text(STDIN, &bytes(Ok(io::stdin()), STDIN)?)
}

/// Refuses a file of which only a part was read.
fn within_bound(shown: &str, bytes: &[u8]) -> Result<(), Problem> {
    if bytes.len() as u64 <= MAX_BYTES {
        return Ok(());
    }
    let message = format!("the file is larger than {} MiB", MAX_BYTES >> 20);
    Err(Problem::of_path(shown, message))
}

/// Decodes a file as text.
fn into_text(shown: &str, bytes: &[u8]) -> Result<String, Problem> {
    within_bound(shown, bytes).map_err(|problem| {
        problem.help("limit the output of the AWS CLI to one account, or to a few functions")
    })?;
    match decode(bytes) {
        Ok(text) => Ok(text.into_owned()),
        Err(Undecodable::At(offset)) => {
            let message = format!("not a text file: invalid UTF-8 or UTF-16 at byte {offset}");
            Err(Problem::of_path(shown, message))
        }
    }
}

/// The message for a file that cannot be read.
pub(super) fn cannot_read(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "is a folder, not a file".to_owned(),
        _ => format!("cannot read: {error}"),
    }
}

/// All of standard input, which can be an archive.
pub(super) fn standard_input() -> Result<Content, Problem> {
    let bytes = bytes(Ok(io::stdin()), STDIN)?;
    listing_or_text(&bytes, STDIN)
}
