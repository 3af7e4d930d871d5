//! Deployment packages: what a ZIP archive holds, and who may read it.
//!
//! Owns the listing of an archive, which is a document like any other. It must not know which modes
//! Lambda requires.

use std::io::{Cursor, Read, Seek};

use zip::ZipArchive;

use crate::diagnostics::Problem;
use crate::syntax::json;

/// How many entries are listed.
const MOST_ENTRIES: usize = 100_000;
/// How deep archives in archives are opened.
const MAX_DEPTH: usize = 2;
/// How much is unpacked of archives in archives, in bytes.
const MOST_UNPACKED: u64 = 128 << 20;

/// Bytes by which an archive is known.
pub(super) const MARK: u64 = 4;

/// Whether what begins with these bytes is an archive: it begins with an entry, or, if it is empty, with its end.
pub(super) fn is_archive(start: &[u8]) -> bool {
    [*b"PK\x03\x04", *b"PK\x05\x06"]
        .iter()
        .any(|mark| start == mark)
}

/// The listing of an archive as JSON text, with a line for each entry: its modes and its name, as
/// `-rw-r--r-- index.js`. `None` if the file is not an archive.
pub(super) fn listing(mut file: impl Read + Seek, shown: &str) -> Option<Result<String, Problem>> {
    let mut start = Vec::new();
    file.by_ref().take(MARK).read_to_end(&mut start).ok()?;
    if !is_archive(&start) {
        return None;
    }
    let mut listing = Listing {
        lines: Vec::new(),
        left: MOST_UNPACKED,
    };
    let problem = |why: String| Problem::of_path(shown, why);
    Some(match ZipArchive::new(file) {
        Err(error) => Err(problem(format!("cannot read the archive: {error}"))),
        Ok(archive) if archive.len() > MOST_ENTRIES => Err(problem(format!(
            "the archive has more than {MOST_ENTRIES} entries"
        ))),
        Ok(mut archive) => {
            listing.add(&mut archive, "", 0);
            Ok(listing.text(shown))
        }
    })
}

struct Listing {
    lines: Vec<String>,
    /// What may still be unpacked.
    left: u64,
}

impl Listing {
    fn add<R: Read + Seek>(&mut self, archive: &mut ZipArchive<R>, before: &str, depth: usize) {
        for index in 0..archive.len().min(MOST_ENTRIES) {
            let Ok(entry) = archive.by_index_raw(index) else {
                continue;
            };
            if self.lines.len() >= MOST_ENTRIES {
                return;
            }
            let name = entry.name().map_or_else(|_| "?".to_owned(), String::from);
            let name = format!("{before}{name}");
            let modes = modes(entry.unix_mode(), entry.is_dir());
            let size = entry.size();
            drop(entry);
            let is_archive = name.to_ascii_lowercase().ends_with(".zip");
            self.lines.push(format!("{modes} {name}"));
            if is_archive && depth < MAX_DEPTH && size <= self.left {
                self.open(archive, index, &name, depth);
            }
        }
    }

    /// Lists an archive that is an entry of another one; what cannot be unpacked is left as it is.
    fn open<R: Read + Seek>(
        &mut self,
        archive: &mut ZipArchive<R>,
        index: usize,
        name: &str,
        depth: usize,
    ) {
        let Ok(entry) = archive.by_index(index) else {
            return;
        };
        let mut bytes = Vec::new();
        // The declared size of an entry may be wrong.
        let read = entry.take(self.left).read_to_end(&mut bytes);
        self.left = self.left.saturating_sub(bytes.len() as u64);
        if let (Ok(_), Ok(mut inner)) = (read, ZipArchive::new(Cursor::new(bytes))) {
            self.add(&mut inner, &format!("{name}!/"), depth + 1);
        }
    }

    fn text(&self, shown: &str) -> String {
        let lines = self
            .lines
            .iter()
            .map(|line| format!("    {}", json::written(line)));
        let lines = lines.collect::<Vec<String>>().join(",\n");
        format!(
            "{{\n  \"Package\": {},\n  \"Entries\": [\n{lines}\n  ]\n}}\n",
            json::written(shown)
        )
    }
}

/// The same of what `zipinfo` prints of an archive; nothing where a text is something else. It begins
/// with the archive's name, and each entry has its modes in front and its name, which may have
/// spaces in it, after eight columns.
pub(super) fn of_zipinfo(text: &str) -> Option<String> {
    const COLUMNS: usize = 8;
    let shown = text.lines().next()?.strip_prefix("Archive:")?.trim();
    let lines = text.lines().filter_map(|line| {
        let mut rest = line;
        let mut modes = "";
        for column in 0..COLUMNS {
            let (word, behind) = rest.trim_start().split_once(' ')?;
            if column == 0 {
                modes = word;
            }
            rest = behind;
        }
        let is_modes = modes.len() == 10 && modes.starts_with(['-', 'd', 'l', '?']);
        is_modes.then(|| format!("{modes} {}", rest.trim_start()))
    });
    let listing = Listing {
        lines: lines.take(MOST_ENTRIES).collect(),
        left: 0,
    };
    (!listing.lines.is_empty()).then(|| listing.text(shown))
}

/// Modes as `ls` prints them; question marks if the archive does not contain them.
fn modes(mode: Option<u32>, is_folder: bool) -> String {
    let kind = match mode.map(|mode| mode & 0o170_000) {
        Some(0o120_000) => 'l',
        _ if is_folder => 'd',
        _ => '-',
    };
    let Some(mode) = mode else {
        return format!("{kind}?????????");
    };
    let letters = (0..9_u32).map(|at| {
        let is_set = mode & (0o400 >> at) != 0;
        match (is_set, at % 3) {
            (false, _) => '-',
            (true, 0) => 'r',
            (true, 1) => 'w',
            (true, _) => 'x',
        }
    });
    std::iter::once(kind).chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::{modes, of_zipinfo};

    #[test]
    fn what_zipinfo_prints_is_a_listing() {
        let text = "Archive:  function.zip\nZip file size: 316 bytes, number of entries: 2\n\
                    -rw-------  3.0 unx      220 tx defN 15-Jun-18 09:12 my code.js\n\
                    drwx------  3.0 unx        0 bx stor 15-Jun-18 09:12 node_modules/\n\
                    2 files, 220 bytes uncompressed, 160 bytes compressed:  27.3%\n";
        let listing = of_zipinfo(text).unwrap_or_default();
        assert!(listing.contains("\"-rw------- my code.js\""), "{listing}");
        assert!(
            listing.contains("\"drwx------ node_modules/\""),
            "{listing}"
        );
        assert_eq!(listing.matches("------").count(), 2, "{listing}");
        assert_eq!(of_zipinfo("Archive: of last year\n"), None);
        assert_eq!(of_zipinfo("{}"), None);
    }

    #[test]
    fn modes_are_shown_as_people_know_them() {
        assert_eq!(modes(Some(0o100_644), false), "-rw-r--r--");
        assert_eq!(modes(Some(0o040_755), true), "drwxr-xr-x");
        assert_eq!(modes(Some(0o120_777), false), "lrwxrwxrwx");
        assert_eq!(modes(None, false), "-?????????");
    }
}
