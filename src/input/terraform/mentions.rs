//! What else to read for a file of configuration: the modules that it calls and the files that it reads.
//!
//! A text is searched for what looks like a path. Only what exists is read, so that it does not matter if it is none.

use std::collections::{BTreeMap, BTreeSet};

use super::{expansion, file_paths, module};
use crate::source::FileId;
use crate::syntax::{Node, json};

/// The manifest of modules that were downloaded, in the folder of a root module.
pub(super) const MANIFEST: &str = ".terraform/modules/modules.json";

/// Extensions of files that expressions read.
const ENDINGS: [&str; 8] = [
    "json", "tpl", "tftpl", "tmpl", "template", "txt", "yaml", "yml",
];

/// Something that a file of configuration names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mention {
    /// A folder with configuration.
    Module(String),
    /// A file.
    File(String),
    /// A folder of which some file is read.
    Folder(String),
}

/// What a file of configuration names, by paths from the working directory; nothing for any other file.
pub(crate) fn mentions(path: &str, text: &str) -> BTreeSet<Mention> {
    let path = file_paths::normal(path);
    if let Some(root) = path.strip_suffix(MANIFEST) {
        let folders = installed(FileId::NOWHERE, text, root).into_values();
        return folders.map(Mention::Module).collect();
    }
    if !module::is_configuration(file_paths::name(&path)) {
        return BTreeSet::new();
    }
    let folder = file_paths::folder(&path);
    let mut mentions = BTreeSet::from([Mention::Module(folder.to_owned())]);
    mentions.extend(quoted(text).filter_map(|text| mention(text, folder)));
    mentions
}

/// The folders of the modules that the manifest of a root module lists, by their keys.
pub(super) fn installed(file: FileId, text: &str, root: &str) -> BTreeMap<String, String> {
    let documents = json::read(file, text);
    let modules = documents.roots.first().and_then(|root| root.get("Modules"));
    let modules = modules.map_or(&[][..], Node::items).iter();
    let folders = modules.filter_map(|module| {
        let folder = file_paths::within(root, module.str("Dir")?);
        Some((module.str("Key")?.to_owned(), folder))
    });
    folders.collect()
}

/// The texts between quotes on one line.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| {
        let mut parts = line.split('"');
        std::iter::from_fn(move || {
            parts.next()?;
            parts.next()
        })
    })
}

fn mention(text: &str, folder: &str) -> Option<Mention> {
    if expansion::is_local(text) {
        let path = file_paths::within(folder, text);
        return Some(match has_ending(text) {
            true => Mention::File(path),
            false => Mention::Module(path),
        });
    }
    let own = text.strip_prefix("${path.module}/");
    let own = own.or_else(|| text.strip_prefix("${path.root}/"));
    let text = own.unwrap_or(text);
    if !has_ending(text) || text.contains([' ', '*', ':']) {
        return None;
    }
    Some(match text.split_once("${") {
        None => Mention::File(file_paths::within(folder, text)),
        Some((start, _)) => {
            let start = file_paths::folder(start);
            Mention::Folder(file_paths::within(folder, start))
        }
    })
}

/// Whether a path has the extension of a file that expressions read.
pub(crate) fn has_ending(path: &str) -> bool {
    let ending = path.rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|ending| ENDINGS.contains(&ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_and_files_are_found() {
        let text = r#"
            module "a" { source = "../modules/a" }
            policy = file("${path.module}/policies/a.json")
            other = templatefile("${path.module}/tpl/${each.key}.json.tpl", { a = "b" })
            vpc = { source = "terraform-aws-modules/vpc/aws" }
        "#;
        let found: Vec<Mention> = mentions("./envs/prod/main.tf", text).into_iter().collect();
        let expected = [
            Mention::Module("envs/modules/a".to_owned()),
            Mention::Module("envs/prod".to_owned()),
            Mention::File("envs/prod/policies/a.json".to_owned()),
            Mention::Folder("envs/prod/tpl".to_owned()),
        ];
        assert_eq!(found, expected);
        assert!(mentions("template.yaml", text).is_empty());
    }
}
