//! Paths as other programs take them: from the root of the repository on.

/// Where the program runs, as absolute paths; empty where that is not known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Folders<'r> {
    /// The working directory, from which the paths of files are counted.
    pub working: &'r str,
    /// The root of the repository that it is in, or the working directory itself.
    pub root: &'r str,
}

/// Where a text lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Whereabouts {
    /// In the repository, at this path from its root on.
    Repository(String),
    /// At this absolute path elsewhere, or at this relative one if the working directory is not known.
    Elsewhere(String),
    /// In no file: flags and standard input.
    Nowhere(String),
}

/// What texts without a file are called.
const NO_FILES: [&str; 3] = ["standard input", "command line", ""];

impl Folders<'_> {
    /// Where a text of that name lies.
    pub(super) fn whereabouts(self, name: &str) -> Whereabouts {
        if NO_FILES.contains(&name) {
            return Whereabouts::Nowhere(name.to_owned());
        }
        let (name, working, root) = (slashed(name), slashed(self.working), slashed(self.root));
        let is_absolute = is_absolute(&name);
        let whole = match is_absolute || working.is_empty() {
            true => name,
            false => format!("{working}/{name}"),
        };
        let is_absolute = is_absolute || !working.is_empty();
        let (steps, root) = (steps(&whole), steps(&root));
        match steps.strip_prefix(root.as_slice()) {
            Some(below) if leads_below(below) && is_absolute != self.root.is_empty() => {
                Whereabouts::Repository(below.join("/"))
            }
            _ if is_absolute => Whereabouts::Elsewhere(format!("/{}", steps.join("/"))),
            _ => Whereabouts::Elsewhere(steps.join("/")),
        }
    }

    /// The path of a text for programs that take paths only.
    pub(super) fn path(self, name: &str) -> String {
        match self.whereabouts(name) {
            Whereabouts::Repository(path)
            | Whereabouts::Elsewhere(path)
            | Whereabouts::Nowhere(path) => path,
        }
    }
}

/// Whether steps lead to something below where they start.
fn leads_below(steps: &[&str]) -> bool {
    steps.first().is_some_and(|first| *first != "..")
}

/// The path with the separators of URIs. Elsewhere than on Windows, `\` is a character like any other.
fn slashed(path: &str) -> String {
    match cfg!(windows) {
        true => path.replace('\\', "/"),
        false => path.to_owned(),
    }
}

fn is_absolute(path: &str) -> bool {
    let is_drive = |path: &str| path.get(1..3) == Some(":/");
    path.starts_with('/') || cfg!(windows) && is_drive(path)
}

/// The steps of a path without those that lead nowhere or back.
fn steps(path: &str) -> Vec<&str> {
    let mut steps = Vec::new();
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." if steps.last().is_some_and(|last| *last != "..") => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::Whereabouts::{Elsewhere, Nowhere, Repository};
    use super::*;

    const IN_A_FOLDER: Folders<'_> = Folders {
        working: "/repo/infra",
        root: "/repo",
    };

    #[test]
    fn paths_are_counted_from_the_root_of_the_repository() {
        let at = |path| IN_A_FOLDER.whereabouts(path);
        assert_eq!(at("a.json"), Repository("infra/a.json".to_owned()));
        assert_eq!(at("./x/../a.json"), Repository("infra/a.json".to_owned()));
        assert_eq!(at("../a.json"), Repository("a.json".to_owned()));
        assert_eq!(at("/repo/a.json"), Repository("a.json".to_owned()));
    }

    #[test]
    fn files_outside_of_it_keep_their_absolute_path() {
        let at = |path| IN_A_FOLDER.whereabouts(path);
        assert_eq!(
            at("../../other/a.json"),
            Elsewhere("/other/a.json".to_owned())
        );
        assert_eq!(
            at("/repository/a.json"),
            Elsewhere("/repository/a.json".to_owned())
        );
    }

    #[test]
    fn the_root_of_the_file_system_is_a_root_like_any_other() {
        let folders = Folders {
            working: "/",
            root: "/",
        };
        let at = folders.whereabouts("a.json");
        assert_eq!(at, Repository("a.json".to_owned()));
    }

    #[test]
    fn what_is_no_file_has_no_path() {
        assert_eq!(
            IN_A_FOLDER.whereabouts("standard input"),
            Nowhere("standard input".to_owned())
        );
    }

    #[test]
    fn without_a_working_directory_paths_stay_as_they_are() {
        let at = |path| Folders::default().whereabouts(path);
        assert_eq!(at("./a.json"), Repository("a.json".to_owned()));
        assert_eq!(at("../a.json"), Elsewhere("../a.json".to_owned()));
        assert_eq!(
            at("/elsewhere/a.json"),
            Elsewhere("/elsewhere/a.json".to_owned())
        );
    }
}
