//! The files of the library as far as the gates need to understand them: without tests, with comments
//! and literals blanked where they would only confuse, and with their `use` declarations spelled out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::Regex;

use crate::program::root;

/// A file below `src`, without its tests.
pub(super) struct SourceFile {
    /// Its path below `src`.
    pub(super) name: String,
    /// The module that it is, from the crate's root.
    pub(super) module: Vec<String>,
    /// Its text.
    pub(super) code: String,
    /// Its text with blanks for comments.
    pub(super) uncommented: String,
    /// Its text with blanks for comments and for what is in literals.
    pub(super) bare: String,
}

impl SourceFile {
    /// The folder, or file, of `src` that it belongs to.
    pub(super) fn room(&self) -> &str {
        let first = self.name.split('/').next().unwrap();
        first.trim_end_matches(".rs")
    }

    /// Whether it is the file of a folder.
    pub(super) fn is_mod(&self) -> bool {
        self.name.ends_with("/mod.rs")
    }
}

/// Every file of the library but those that are tests, in order.
pub(super) fn files() -> &'static [SourceFile] {
    static FILES: LazyLock<Vec<SourceFile>> = LazyLock::new(read_files);
    &FILES
}

fn read_files() -> Vec<SourceFile> {
    let src = root().join("src");
    let mut paths = Vec::new();
    paths_below(&src, &mut paths);
    paths.sort();
    let mut tests = BTreeSet::new();
    let mut files = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.strip_prefix(&src).unwrap().to_str().unwrap();
        let name = name.replace('\\', "/");
        let module = module_of(&name);
        let [blank_all, _] = blanked(&text);
        let (code, test_modules) = without_tests(&text, &blank_all);
        let of_file = |own: String| [module.clone(), vec![own]].concat();
        tests.extend(test_modules.into_iter().map(of_file));
        let [bare, uncommented] = blanked(&code);
        files.push(SourceFile {
            name,
            module,
            code,
            uncommented,
            bare,
        });
    }
    files.retain(|file| !tests.contains(&file.module));
    files
}

fn paths_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            paths_below(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

fn module_of(name: &str) -> Vec<String> {
    let path = name.trim_end_matches(".rs").trim_end_matches("/mod");
    let parts = path
        .split('/')
        .filter(|part| !["lib", "main"].contains(part));
    parts.map(str::to_owned).collect()
}

/// The text with blanks for comments and what is in literals, and with blanks for comments alone.
fn blanked(text: &str) -> [String; 2] {
    static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
        let comment = r"(?<comment>//[^\n]*|/\*(?s:.*?)\*/)";
        let raw = r####"b?r"[^"]*"|b?r#"(?s:.*?)"#|b?r##"(?s:.*?)"##"####;
        let text = r#"b?"(?:[^"\\]|\\(?s:.))*""#;
        let character = r"b?'(?:[^'\\\n]|\\[^\n][^'\n]*)'";
        Regex::new(&format!("{comment}|{raw}|{text}|{character}")).unwrap()
    });
    let blank = |text: &str| -> String {
        text.chars()
            .map(|c| if c == '\n' { '\n' } else { ' ' })
            .collect()
    };
    let replace = |literals: bool| {
        TOKEN.replace_all(text, |found: &regex::Captures<'_>| {
            let whole = &found[0];
            match found.name("comment").is_some() || literals {
                true => blank(whole),
                false => whole.to_owned(),
            }
        })
    };
    [replace(true).into_owned(), replace(false).into_owned()]
}

/// The text without the items that only tests have, and the modules among these that are files. `bare` is
/// the text with blanks, in which each character stands at the same place.
fn without_tests(text: &str, bare: &str) -> (String, Vec<String>) {
    let text: Vec<char> = text.chars().collect();
    let bare: Vec<char> = bare.chars().collect();
    let marker: Vec<char> = "#[cfg(test)]".chars().collect();
    let mut kept = String::new();
    let mut modules = Vec::new();
    let mut at = 0;
    while at < text.len() {
        if !bare[at..].starts_with(&marker) {
            kept.push(text[at]);
            at += 1;
            continue;
        }
        let item = &bare[at..];
        let opens = item.iter().position(|c| matches!(c, '{' | ';')).unwrap();
        let head: String = item[..opens].iter().collect();
        if item[opens] == ';' {
            modules.extend(head.split("mod ").nth(1).map(str::to_owned));
            at += opens + 1;
        } else {
            at += opens + closing(&item[opens..]) + 1;
        }
    }
    (kept, modules)
}

/// How far away the brace lies that closes the one at the start.
fn closing(bare: &[char]) -> usize {
    let mut depth = 0;
    let mut closed = bare.iter().enumerate().filter(|(_, c)| match c {
        '{' => {
            depth += 1;
            false
        }
        '}' => {
            depth -= 1;
            depth == 0
        }
        _ => false,
    });
    closed.next().unwrap().0
}

/// A function: where it stands and how it is written.
pub(super) struct Function {
    /// Its name.
    pub(super) name: String,
    /// The line of `fn`, from zero.
    pub(super) line: usize,
    /// How many lines it has, with its signature.
    pub(super) length: usize,
    /// What stands before `fn`, as in `pub(crate) const`.
    pub(super) visibility: String,
}

/// The functions that a file has, but those without a body.
pub(super) fn functions(file: &SourceFile) -> Vec<Function> {
    static HEAD: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?m)^[ ]*((?:[a-z][a-z():_ ]*)?)\bfn (\w+)").unwrap());
    let mut functions = Vec::new();
    for found in HEAD.captures_iter(&file.bare) {
        let start = found.get(2).unwrap().start();
        let rest: Vec<char> = file.bare[start..].chars().collect();
        // Semicolons of array types are inside brackets.
        let mut depth = 0;
        let opens = rest.iter().position(|c| {
            depth += i32::from(matches!(c, '[' | '(')) - i32::from(matches!(c, ']' | ')'));
            *c == '{' || (*c == ';' && depth == 0)
        });
        let Some(opens) = opens.filter(|at| rest[*at] == '{') else {
            continue;
        };
        let end = opens + closing(&rest[opens..]);
        functions.push(Function {
            name: found[2].to_owned(),
            line: file.bare[..start].matches('\n').count(),
            length: rest[..end].iter().filter(|c| **c == '\n').count() + 1,
            visibility: found[1].trim().to_owned(),
        });
    }
    functions
}

/// What `use` declarations bring into a file: the path from the crate's root, or of a package, by name.
pub(super) fn uses(file: &SourceFile) -> BTreeMap<String, Vec<String>> {
    static USE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\buse ([^;]+);").unwrap());
    let mut bound = BTreeMap::new();
    for found in USE.captures_iter(&file.bare) {
        let tree = found[1].split_whitespace().collect::<Vec<&str>>().join(" ");
        for path in expanded(&tree) {
            let (path, alias) = match path.split_once(" as ") {
                Some((path, alias)) => (path.to_owned(), Some(alias.to_owned())),
                None => (path, None),
            };
            let path = absolute(file, &path.split("::").map(str::trim).collect::<Vec<_>>());
            let own = path.last().unwrap().clone();
            bound.insert(alias.unwrap_or(own), path);
        }
    }
    bound
}

/// The single paths of a tree such as `a::{b, c::{self, d}}`.
fn expanded(tree: &str) -> Vec<String> {
    let Some((before, inside)) = tree.split_once('{') else {
        return vec![tree.trim().trim_end_matches("::self").to_owned()];
    };
    let (inside, _) = inside.rsplit_once('}').unwrap();
    let mut depth = 0;
    let parts = inside.split(|c| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    });
    let parts = parts.map(str::trim).filter(|part| !part.is_empty());
    parts
        .flat_map(|part| expanded(&format!("{}{part}", before.trim())))
        .collect()
}

/// A path of a file from the crate's root on, which is written as `crate`; one of a package as it is.
pub(super) fn absolute(file: &SourceFile, path: &[&str]) -> Vec<String> {
    let mut from: Vec<String> = vec!["crate".to_owned()];
    let mut rest = path;
    match path.first() {
        Some(&"crate") => rest = &path[1..],
        Some(&"self") => {
            from.extend(file.module.iter().cloned());
            rest = &path[1..];
        }
        Some(&"super") => {
            from.extend(file.module.iter().cloned());
            while rest.first() == Some(&"super") {
                from.pop();
                rest = &rest[1..];
            }
        }
        _ => from.clear(),
    }
    from.extend(rest.iter().map(|part| (*part).to_owned()));
    from
}

/// The paths of at least two names that the code of a file goes along, outside of `use`.
pub(super) fn paths(file: &SourceFile) -> BTreeSet<Vec<String>> {
    static USE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\buse [^;]+;").unwrap());
    static PATH: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\b[A-Za-z_]\w*(?:::\w+)+").unwrap());
    let code = USE.replace_all(&file.bare, "");
    let found = PATH.find_iter(&code);
    found
        .map(|path| path.as_str().split("::").map(str::to_owned).collect())
        .collect()
}

#[test]
fn only_tests_are_taken_away() {
    let text = r##"//! A file.
fn before() -> char { '{' }
#[cfg(test)]
mod tests {
    const BRACE: &str = "}";
    fn inner() {}
}
/// After the tests.
pub(super) fn after(a: [u8; 2]) -> &'static str {
    r#"#[cfg(test)] " fn no()"# // fn neither() {
}
#[cfg(test)]
mod samples;
"##;
    let [bare, _] = blanked(text);
    let (code, modules) = without_tests(text, &bare);
    assert_eq!(modules, ["samples"]);
    let [bare, uncommented] = blanked(&code);
    assert!(uncommented.contains("r#\"#[cfg(test)]") && !uncommented.contains("neither"));
    let file = SourceFile {
        name: "room/file.rs".to_owned(),
        module: module_of("room/file.rs"),
        code,
        uncommented,
        bare,
    };
    let functions = functions(&file);
    let found: Vec<_> = functions
        .iter()
        .map(|f| (&*f.name, f.length, &*f.visibility))
        .collect();
    assert_eq!(found, [("before", 1, ""), ("after", 3, "pub(super)")]);
    let path = absolute(&file, &["super", "other", "Thing"]);
    assert_eq!(path, ["crate", "room", "other", "Thing"]);
    let tree = expanded("super::{a, b::{self, c as d}, *}");
    assert_eq!(
        tree,
        ["super::a", "super::b", "super::b::c as d", "super::*"]
    );
}
