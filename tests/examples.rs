//! The examples of the book: what each command shows is what it prints.
//!
//! A block of JSON, YAML or a log is the file that the prose before it names last, and stays for the pages that
//! follow; in a block of the language `console`, each line that begins with `$ ` is a command.

use crate::bless;
use crate::program::Folder;

const PAGES: &[&str] = &[
    "introduction.md",
    "guide/first-steps.md",
    "guide/catalogue.md",
    "guide/ci.md",
    "reference/output.md",
    "guide/suppressions.md",
    "guide/own-rules.md",
    "guide/questions.md",
    "guide/troubleshooting.md",
    "guide/serverless-framework.md",
];

/// The folder in which the commands run, and the status of the last one.
struct Shell {
    folder: Folder,
    status: i32,
}

impl Shell {
    /// What a command prints at a terminal.
    fn print(&mut self, command: &str) -> String {
        if command == "echo $?" {
            return format!("{}\n", self.status);
        }
        let (command, target) = match command.split_once(" > ") {
            Some((command, target)) => (command, Some(target)),
            None => (command, None),
        };
        let arguments = command.strip_prefix("lint-lambda ").unwrap();
        let arguments: Vec<&str> = arguments.split_whitespace().collect();
        let ran = self.folder.run(&arguments);
        self.status = ran.status.unwrap();
        match target {
            Some(target) => {
                self.folder.write(target, ran.stdout);
                String::new()
            }
            None => ran.stdout,
        }
    }

    /// The block with the outputs that its commands have now.
    fn again(&mut self, block: &str) -> String {
        let commands = block.lines().filter_map(|line| line.strip_prefix("$ "));
        commands
            .map(|command| format!("$ {command}\n{}", self.print(command)))
            .collect()
    }
}

/// The name of the file with one of these endings that a text mentions last.
fn last_file<'p>(prose: &'p str, endings: &[&str]) -> Option<&'p str> {
    let quoted = prose.split('`').skip(1).step_by(2);
    quoted
        .filter(|word| endings.iter().any(|ending| word.ends_with(ending)))
        .filter(|word| !word.contains(' '))
        .last()
}

fn page_again(shell: &mut Shell, page: &str) -> String {
    let mut again = String::new();
    let mut rest = page;
    while let Some((prose, fenced)) = rest.split_once("```") {
        let (language, inside) = fenced.split_once('\n').unwrap();
        let (block, after) = inside.split_once("```").unwrap();
        let block = match language {
            "json" | "log" | "yaml" => {
                let endings: &[&str] = match language {
                    "yaml" => &[".yml"],
                    _ => &[".json", ".log"],
                };
                if let Some(name) = last_file(prose, endings) {
                    shell.folder.write(name, block);
                }
                block.to_owned()
            }
            "console" => shell.again(block),
            _ => block.to_owned(),
        };
        again.push_str(&format!("{prose}```{language}\n{block}```"));
        rest = after;
    }
    again + rest
}

#[test]
fn every_command_prints_what_the_book_shows() {
    let mut shell = Shell {
        folder: Folder::new("book"),
        status: 0,
    };
    for name in PAGES {
        let path = format!("book/src/{name}");
        bless::edited(&path, |page| {
            assert!(page.contains("```console\n"), "{name} shows no command");
            page_again(&mut shell, page)
        });
    }
}
