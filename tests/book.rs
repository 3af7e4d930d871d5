//! The book's pages of rules are written from the packs; `UPDATE_BOOK=1` writes them anew.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use lint_lambda::catalogue::Catalogue;
use lint_lambda::rules::{Packs, Rule};
use lint_lambda::source::SourceMap;
use serde_json::Value;

use crate::program::{root, run};

const BEGIN: &str = "<!-- rules: begin -->\n";
const END: &str = "<!-- rules: end -->";

fn packs() -> Packs {
    let packs = Packs::builtin(&mut SourceMap::default());
    assert_eq!(packs.problems, []);
    packs
}

/// The page of a rule: what it says, why, where it looks, and its samples with their output.
fn page(rule: &Rule) -> String {
    let mut page = String::new();
    let mut line = |text: &str| writeln!(page, "{text}").unwrap();
    line(&format!("# {}\n", rule.meta.title));
    line(&format!("`{}` · {}\n", rule.meta.id, rule.meta.severity));
    line(&format!("{}\n", rule.why));
    if let Some(help) = &rule.meta.words.help {
        line(&format!("What to do: {help}.\n"));
    }
    line("## Where it looks\n");
    line("```text");
    rule.select
        .iter()
        .for_each(|selector| line(selector.as_str()));
    line("```\n");
    line("## A sample that it finds\n");
    let bad = first_sample(rule, "bad");
    line(&format!(
        "`{bad}`:\n\n```json\n{}```\n",
        fs::read_to_string(root().join(&bad)).unwrap()
    ));
    line(&format!("```text\n{}```\n", run(&[&bad]).stdout));
    line("## A sample that holds\n");
    let good = first_sample(rule, "good");
    line(&format!(
        "`{good}`:\n\n```json\n{}```\n",
        fs::read_to_string(root().join(&good)).unwrap()
    ));
    line("## Sources\n");
    rule.meta
        .references
        .iter()
        .for_each(|reference| line(&format!("- <{reference}>")));
    page
}

fn first_sample(rule: &Rule, prefix: &str) -> String {
    let folder = format!("policies-samples/{}", rule.meta.id);
    let names = fs::read_dir(root().join(&folder)).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let first = names.filter(|name| name.starts_with(prefix)).min().unwrap();
    format!("{folder}/{first}")
}

/// The part of the summary that lists the pages.
fn summary(packs: &Packs) -> String {
    let mut lines = String::new();
    for pack in &packs.list {
        writeln!(lines, "- [{}](rules/{}.md)", pack.title, pack.name).unwrap();
        for rule in &pack.rules {
            writeln!(
                lines,
                "  - [{}](rules/{}.md)",
                rule.meta.title, rule.meta.id
            )
            .unwrap();
        }
    }
    lines
}

fn pack_page(title: &str, rules: &[Rule]) -> String {
    let mut page =
        format!("# {title}\n\n| rule | severity | what is wrong |\n| --- | --- | --- |\n");
    for rule in rules {
        let (id, name) = (&rule.meta.id, rule.name());
        let pack = rule.pack();
        writeln!(
            page,
            "| [`{id}`]({pack}/{name}.md) | {} | {} |",
            rule.meta.severity, rule.meta.title
        )
        .unwrap();
    }
    page
}

#[track_caller]
fn is_written(path: &Path, text: &str) {
    if std::env::var_os("UPDATE_BOOK").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let written = fs::read_to_string(path).unwrap_or_default();
    assert!(
        written == text,
        "{} is not what the packs say: run UPDATE_BOOK=1 cargo test book",
        path.display()
    );
}

#[test]
fn every_rule_has_its_page() {
    let packs = packs();
    let rules = root().join("book/src/rules");
    for pack in &packs.list {
        let path = rules.join(format!("{}.md", pack.name));
        is_written(&path, &pack_page(&pack.title, &pack.rules));
    }
    for rule in packs.rules() {
        is_written(&rules.join(format!("{}.md", rule.meta.id)), &page(rule));
    }
}

#[test]
fn the_summary_lists_every_rule() {
    let path = root().join("book/src/SUMMARY.md");
    let written = fs::read_to_string(&path).unwrap();
    let (before, rest) = written.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let text = format!("{before}{BEGIN}{}{END}{after}", summary(&packs()));
    is_written(&path, &text);
}

#[test]
fn no_page_is_left_of_a_rule_that_is_gone() {
    let packs = packs();
    for entry in fs::read_dir(root().join("book/src/rules")).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if !entry.path().is_dir() {
            continue;
        }
        for page in fs::read_dir(entry.path()).unwrap() {
            let page = page.unwrap().file_name().into_string().unwrap();
            let id = format!("{name}/{}", page.trim_end_matches(".md"));
            assert!(packs.rule(&id).is_some(), "there is a page of {id}");
        }
    }
}

#[test]
fn the_entries_that_the_book_shows_are_those_of_the_catalogue() {
    let page = root().join("book/src/contributing/new-event-source.md");
    let page = fs::read_to_string(page).unwrap();
    let catalogue = root().join("rules/catalogue/event-sources.json");
    let catalogue: Value = serde_json::from_str(&fs::read_to_string(catalogue).unwrap()).unwrap();
    let mut shown = 0;
    for block in page.split("```json\n").skip(1) {
        let block = block.split("```").next().unwrap();
        let Ok(entry) = serde_json::from_str::<Value>(block) else {
            continue;
        };
        let Some(id) = entry["id"].as_str() else {
            continue;
        };
        let lists = ["push", "poll"]
            .iter()
            .flat_map(|list| catalogue[*list].as_array().unwrap());
        let known = lists.into_iter().find(|known| known["id"] == id).unwrap();
        assert_eq!(&entry, known, "the book shows another entry of {id}");
        shown += 1;
    }
    assert!(shown >= 2, "{shown}");
}

#[test]
fn the_book_names_every_command_whose_answer_lists_triggers() {
    let page = fs::read_to_string(root().join("book/src/guide/input.md")).unwrap();
    let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
    for source in &catalogue.push {
        for answer in source.cli_outputs.iter().chain(&source.related_cli_outputs) {
            let command: Vec<&str> = answer.command.split(' ').take(3).collect();
            assert!(
                page.contains(&command.join(" ")),
                "input.md lacks `{}`",
                answer.command
            );
        }
    }
}
