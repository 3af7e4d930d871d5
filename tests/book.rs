//! The book's pages of rules are written from the packs.

use std::fmt::Write;
use std::fs;

use lint_lambda::catalogue::Catalogue;
use lint_lambda::rules::{Pack, Packs, Rule};
use lint_lambda::source::SourceMap;
use serde_json::Value;

use crate::bless;
use crate::program::{root, run};

fn packs() -> Packs {
    let packs = Packs::builtin(&mut SourceMap::default());
    assert_eq!(packs.problems, []);
    packs
}

/// The page of a rule: what it says, why, where it looks, and its samples with their output.
fn page(rule: &Rule) -> String {
    let mut page = String::new();
    let mut line = |text: &str| writeln!(page, "{text}").unwrap();
    line(&format!("# {}\n", rule.title));
    line(&format!("`{}` · {}\n", rule.id, rule.severity));
    line(&format!("{}\n", rule.why));
    if let Some(help) = &rule.words.help {
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
    rule.references
        .iter()
        .for_each(|reference| line(&format!("- <{reference}>")));
    page
}

fn first_sample(rule: &Rule, prefix: &str) -> String {
    let folder = format!("policies-samples/{}", rule.id);
    let names = fs::read_dir(root().join(&folder)).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let first = names.filter(|name| name.starts_with(prefix)).min().unwrap();
    format!("{folder}/{first}")
}

/// The part of the summary that lists the pages.
fn summary(packs: &Packs) -> String {
    let mut lines = "\n- [All rules](rules.md)\n".to_owned();
    for pack in &packs.list {
        writeln!(lines, "- [{}](rules/{}.md)", pack.title, pack.name).unwrap();
        for rule in &pack.rules {
            writeln!(lines, "  - [{}](rules/{}.md)", rule.title, rule.id).unwrap();
        }
    }
    lines
}

/// The packs with the number of their rules, and how many entries the catalogue has.
fn pack_table(packs: &Packs, pages: &str) -> String {
    let mut table = "\n| Pack | Rules | About |\n| --- | --- | --- |\n".to_owned();
    for Pack { name, title, rules } in &packs.list {
        let count = rules.len();
        writeln!(
            table,
            "| [`{name}`]({pages}rules/{name}.md) | {count} | {title} |"
        )
        .unwrap();
    }
    let (packs, rules) = (packs.list.len(), packs.rules().count());
    let (known, _) = Catalogue::builtin(&mut SourceMap::default());
    let lists = (
        known.push.len(),
        known.poll.len(),
        known.features.len(),
        known.targets.len(),
    );
    let (push, poll, features, targets) = lists;
    writeln!(
        table,
        "\n{rules} rules in {packs} packs. The catalogue knows {push} kinds of sources that invoke a function, \
         {poll} that Lambda\nreads with the execution role, {features} settings that need the execution role, and \
         {targets} kinds of targets that Lambda\nsends records to; [they are listed here]({pages}reference/coverage.md)."
    )
    .unwrap();
    table
}

fn pack_page(title: &str, rules: &[Rule]) -> String {
    let mut page =
        format!("# {title}\n\n| rule | severity | what is wrong |\n| --- | --- | --- |\n");
    for rule in rules {
        let (id, name) = (&rule.id, rule.name());
        let pack = rule.pack();
        writeln!(
            page,
            "| [`{id}`]({pack}/{name}.md) | {} | {} |",
            rule.severity, rule.title
        )
        .unwrap();
    }
    page
}

#[test]
fn every_rule_has_its_page() {
    let packs = packs();
    for pack in &packs.list {
        let path = format!("book/src/rules/{}.md", pack.name);
        bless::file(&path, pack_page(&pack.title, &pack.rules));
    }
    for rule in packs.rules() {
        bless::file(&format!("book/src/rules/{}.md", rule.id), page(rule));
    }
}

#[test]
fn packs_and_facts_are_counted() {
    let packs = packs();
    bless::part("README.md", "packs", &pack_table(&packs, "book/src/"));
    bless::file(
        "book/src/rules.md",
        format!("# All rules\n{}", pack_table(&packs, "")),
    );
}

#[test]
fn the_summary_lists_every_rule() {
    bless::part("book/src/SUMMARY.md", "rules", &summary(&packs()));
}

#[test]
fn no_page_is_left_of_a_rule_that_is_gone() {
    let packs = packs();
    for entry in fs::read_dir(root().join("book/src/rules")).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if let Some(pack) = name.strip_suffix(".md") {
            if packs.list.iter().all(|known| known.name != pack) {
                bless::gone(&entry.path());
            }
            continue;
        }
        for page in fs::read_dir(entry.path()).unwrap() {
            let page = page.unwrap();
            let file = page.file_name().into_string().unwrap();
            let id = format!("{name}/{}", file.trim_end_matches(".md"));
            if packs.rule(&id).is_none() {
                bless::gone(&page.path());
            }
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
        for answer in source.answers.iter().chain(&source.companions) {
            let command: Vec<&str> = answer.command.split(' ').take(3).collect();
            assert!(
                page.contains(&command.join(" ")),
                "input.md lacks `{}`",
                answer.command
            );
        }
    }
}
