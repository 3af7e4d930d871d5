//! Annotations on GitHub.

use super::{HOSTILE, MISSPELT, named};
use crate::program::{Folder, run};

#[test]
fn a_finding_is_a_command_and_the_summary_comes_last() {
    let ran = named("policy.json", "github");
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert!(
        lines[0].starts_with(
            "::error file=policy.json,line=2,endLine=2,col=33,endColumn=52,title=policy-document/unknown-action::"
        ),
        "{}",
        ran.stdout
    );
    assert!(lines[0].contains("%0Ahelp: "), "{}", lines[0]);
    assert_eq!(lines[1..], ["1 error in 1 file"]);
}

#[test]
fn a_file_name_cannot_end_its_property() {
    let said = named(HOSTILE, "github").stdout;
    let (properties, _) = said
        .trim_start_matches("::error ")
        .split_once("::")
        .unwrap();
    assert!(properties.starts_with("file=a%2Cb%3A%3Ac%250A|"), "{said}");
    assert_eq!(properties.matches(',').count(), 5, "{said}");
}

#[test]
fn undecided_checks_are_notices_on_demand() {
    let sample = "policies-samples/systems/orders/function.json";
    let silent = run(&["--format", "github", sample]).stdout;
    assert!(!silent.contains("undecided%3A"), "{silent}");
    let shown = run(&["--format", "github", "--show-undecided", sample]).stdout;
    assert!(shown.contains("title=undecided%3A "), "{shown}");
    assert!(!shown.contains("::error"), "{shown}");
    // What would be fetched is named by the input, and no line but a command may hold that.
    assert!(
        shown
            .lines()
            .all(|line| line.starts_with("::") || !line.contains("aws ")),
        "{shown}"
    );
}

#[test]
fn paths_begin_at_the_root_of_the_repository() {
    let folder = Folder::new("github-root");
    folder.write(".git/HEAD", "");
    folder.write("infra/policy.json", MISSPELT);
    let below = folder.path().join("infra");
    for (working, path) in [
        (folder.path(), "infra/policy.json"),
        (&below, "policy.json"),
    ] {
        for path in [
            path.to_owned(),
            format!("./{path}"),
            below.join("policy.json").display().to_string(),
        ] {
            let said = crate::program::run_in(working, &["--format", "github", &path], "").stdout;
            assert!(
                said.starts_with("::error file=infra/policy.json,"),
                "{said}"
            );
        }
    }
}
