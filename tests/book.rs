//! The book's pages of rules are written from the packs.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use crate::bless;
use crate::program::{root, run};
use lint_lambda::unstable::catalogue::{Catalogue, TriggerExtractor};
use lint_lambda::unstable::rules::{Pack, Packs, Rule};
use lint_lambda::unstable::source::SourceMap;

fn packs() -> Packs {
    let packs = Packs::builtin();
    assert_eq!(packs.problems, []);
    packs
}

/// The page of a rule: what it says, why, where it looks, and its samples with their output.
fn page(rule: &Rule) -> String {
    let mut page = String::new();
    let mut line = |text: &str| writeln!(page, "{text}").unwrap();
    line(&format!("# {}\n", rule.meta.told().title));
    line(&format!("`{}` · {}\n", rule.meta.id, rule.meta.severity));
    line(&format!("{}\n", rule.meta.told().why));
    if let Some(help) = &rule.meta.told().words.help {
        line(&format!("How to fix it: {help}.\n"));
    }
    line("## Selectors\n");
    match rule.select().is_empty() {
        true => line("All [suppressions](../../guide/suppressions.md).\n"),
        false => {
            line("```text");
            rule.select()
                .iter()
                .for_each(|selector| line(selector.as_str()));
            line("```\n");
        }
    }
    line("## Example\n");
    let bad = first_sample(rule, "bad");
    line(&shown(&bad));
    line(&format!("```text\n{}```\n", run(&[&bad]).stdout));
    line("## Correct example\n");
    let good = first_sample(rule, "good");
    line(&shown(&good));
    if rule.meta.told().references.is_empty() {
        return page;
    }
    line("## References\n");
    rule.meta
        .told()
        .references
        .iter()
        .for_each(|reference| line(&format!("- <{reference}>")));
    page
}

/// A sample with its name.
fn shown(path: &str) -> String {
    let text = fs::read_to_string(root().join(path)).unwrap();
    let (_, language) = path.rsplit_once('.').unwrap();
    format!("`{path}`:\n\n```{language}\n{text}```\n")
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
    let mut lines = "\n- [All rules](rules.md)\n".to_owned();
    for pack in &packs.list {
        writeln!(lines, "- [{}](rules/{}.md)", pack.title, pack.name).unwrap();
        for rule in &pack.rules {
            writeln!(
                lines,
                "  - [{}](rules/{}.md)",
                rule.meta.told().title,
                rule.meta.id
            )
            .unwrap();
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
        "\n{rules} rules in {packs} packs. The catalogue contains {push} kinds of sources that invoke a function, \
         {poll} that Lambda\nreads with the execution role, {features} settings that need the execution role, and \
         {targets} kinds of targets that Lambda\nsends records to; see [What is covered]({pages}reference/coverage.md)."
    )
    .unwrap();
    table
}

fn pack_page(title: &str, rules: &[Rule]) -> String {
    let mut page = format!("# {title}\n\n| Rule | Severity | Description |\n| --- | --- | --- |\n");
    for rule in rules {
        let (id, name) = (&rule.meta.id, rule.name());
        let pack = rule.pack();
        writeln!(
            page,
            "| [`{id}`]({pack}/{name}.md) | {} | {} |",
            rule.meta.severity,
            rule.meta.told().title
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
        bless::file(&format!("book/src/rules/{}.md", rule.meta.id), page(rule));
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

/// The commands of answers, each once.
fn commands(answers: &[TriggerExtractor]) -> Vec<String> {
    let mut commands: Vec<String> = Vec::new();
    for answer in answers {
        let command = format!("`{}`", answer.command);
        if !commands.contains(&command) {
            commands.push(command);
        }
    }
    commands
}

#[test]
fn the_book_names_every_command_whose_answer_lists_triggers() {
    let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
    let mut table = "\n| `kind` | Commands |\n|---|---|\n".to_owned();
    for source in catalogue.push.iter().filter(|s| !s.cli_outputs.is_empty()) {
        let mut all = commands(&source.cli_outputs).join("; ");
        for companion in commands(&source.related_cli_outputs) {
            write!(all, ", with {companion}").unwrap();
        }
        writeln!(table, "| `{}` | {all} |", source.id).unwrap();
    }
    bless::part("book/src/guide/input.md", "triggers", &table);
}

#[test]
fn the_book_names_every_command_whose_answer_describes_resources() {
    let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
    let mut table = "\n| Command | What is read |\n|---|---|\n".to_owned();
    for answer in &catalogue.resource_answers {
        let held = answer.holds().join(", ");
        let line = format!("| `{}` | {held} |", answer.shown_command());
        if !table.contains(&line) {
            writeln!(table, "{line}").unwrap();
        }
    }
    bless::part("book/src/guide/input.md", "resources", &table);
}

fn pages_below(folder: &Path, pages: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.extension() {
            Some(ending) if ending == "md" => pages.push(path),
            _ if path.is_dir() => pages_below(&path, pages),
            _ => {}
        }
    }
}

#[test]
fn links_lead_to_pages_and_the_summary_to_all() {
    if bless::blessing() {
        // Pages are being written.
        return;
    }
    let book = root().join("book/src");
    let mut pages = Vec::new();
    pages_below(&book, &mut pages);
    let mut listed = BTreeSet::new();
    for page in &pages {
        let text = fs::read_to_string(page).unwrap();
        let prose: String = text.split("```").step_by(2).collect();
        for link in prose.split("](").skip(1) {
            let (link, _) = link.split_once(')').unwrap();
            let path = link.split('#').next().unwrap();
            if path.is_empty() || path.contains("://") {
                continue;
            }
            let target = page.parent().unwrap().join(path);
            assert!(target.is_file(), "{} links to {link}", page.display());
            if page.ends_with("SUMMARY.md") {
                listed.insert(target);
            }
        }
    }
    pages.retain(|page| !page.ends_with("SUMMARY.md"));
    let missing = pages.iter().find(|page| !listed.contains(*page));
    assert_eq!(missing, None, "the summary does not list it");
}
