//! `--output FORMAT=FILE`: all of a report or nothing, and never a green run without it.

use std::fs;

use super::MISSPELT;
use crate::program::Folder;

fn folder(name: &str) -> Folder {
    let folder = Folder::new(&format!("files-{name}"));
    folder.write("policy.json", MISSPELT);
    folder
}

#[test]
fn several_reports_of_one_run() {
    let folder = folder("several");
    let arguments = [
        "-o",
        "json=a.json",
        "-o",
        "github=b.txt",
        "--output",
        "plain=c.txt",
    ];
    let ran = folder.run(&[&["-f", "plain", "policy.json"], &arguments[..]].concat());
    assert_eq!(ran.status, Some(1));
    assert_eq!(ran.stderr, "");
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(read("c.txt"), ran.stdout);
    assert!(read("a.json").starts_with("{\n"));
    assert!(read("b.txt").starts_with("::error "));
}

#[test]
fn a_report_that_cannot_be_written_is_named_and_the_others_are_written() {
    let folder = folder("refused");
    folder.write("a-folder/x", "");
    for (path, reason) in [
        ("missing/report.json", "No such file or directory"),
        ("a-folder", "Is a directory"),
        ("policy.json/report.json", "Not a directory"),
    ] {
        let given = format!("json={path}");
        let ran = folder.run(&[
            "-f",
            "plain",
            "policy.json",
            "-o",
            &given,
            "-o",
            "json=last.json",
        ]);
        assert_eq!(ran.status, Some(2), "{path}");
        let expected = format!("problem: {path}: cannot write: {reason}");
        assert!(ran.stderr.starts_with(&expected), "{}", ran.stderr);
        assert!(
            ran.stdout.starts_with("policy.json:2:33: error["),
            "{}",
            ran.stdout
        );
        let last = folder.path().join("last.json");
        assert!(fs::read_to_string(&last).unwrap().ends_with("}\n"));
        fs::remove_file(last).unwrap();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let folder = folder("full");
    let ran = folder.run(&[
        "-f",
        "plain",
        "--fail-on",
        "never",
        "policy.json",
        "-o",
        "json=/dev/full",
    ]);
    assert_eq!(ran.status, Some(2));
    assert!(
        ran.stderr
            .starts_with("problem: /dev/full: cannot write: No space left"),
        "{}",
        ran.stderr
    );
}

#[cfg(unix)]
#[test]
fn an_old_report_is_replaced_as_a_whole_and_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt;

    let folder = folder("replaced");
    folder.write("real.json", "old".repeat(10_000));
    let real = folder.path().join("real.json");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink("real.json", folder.path().join("link.json")).unwrap();
    let ran = folder.run(&["-f", "plain", "policy.json", "-o", "json=link.json"]);
    assert_eq!(ran.status, Some(1));
    let written = fs::read_to_string(&real).unwrap();
    assert!(written.starts_with("{\n") && written.ends_with("}\n"));
    assert_eq!(
        fs::metadata(&real).unwrap().permissions().mode() & 0o777,
        0o640
    );
    assert!(
        fs::symlink_metadata(folder.path().join("link.json"))
            .unwrap()
            .is_symlink()
    );
    let names = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(names, 3, "nothing is left of the writing");
}

#[cfg(unix)]
#[test]
fn devices_are_written_to() {
    let folder = folder("devices");
    let ran = folder.run(&[
        "-f",
        "plain",
        "-q",
        "policy.json",
        "-o",
        "github=/dev/stderr",
        "-o",
        "json=/dev/null",
    ]);
    assert_eq!(ran.status, Some(1));
    assert!(ran.stderr.starts_with("::error "), "{}", ran.stderr);
}

#[test]
fn two_reports_in_one_file_are_refused_before_anything_is_done() {
    let folder = folder("clash");
    for (first, second) in [
        ("out.json", "out.json"),
        ("out.json", "./out.json"),
        ("out.json", "x/../out.json"),
    ] {
        folder.write("x/y", "");
        let (one, other) = (format!("json={first}"), format!("sarif={second}"));
        let ran = folder.run(&["policy.json", "-o", &one, "-o", &other]);
        assert_eq!(ran.status, Some(2));
        assert!(
            ran.stderr.contains(": two outputs go to this file"),
            "{}",
            ran.stderr
        );
        assert_eq!(ran.stdout, "");
        assert!(!folder.path().join("out.json").exists());
    }
}

#[test]
fn a_report_does_not_replace_a_file_that_was_checked() {
    let folder = folder("replaces-input");
    let before = fs::read_to_string(folder.path().join("policy.json")).unwrap();
    for arguments in [
        ["policy.json", "json=./policy.json"],
        [".", "json=policy.json"],
    ] {
        let [checked, output] = arguments;
        let ran = folder.run(&[checked, "-o", output, "-o", "sarif=other.sarif"]);
        assert_eq!(ran.status, Some(2));
        let told = "policy.json: this report would replace a file that was checked";
        assert!(ran.stderr.contains(told), "{}", ran.stderr);
        let after = fs::read_to_string(folder.path().join("policy.json")).unwrap();
        assert_eq!(before, after);
        assert!(folder.path().join("other.sarif").exists());
    }
    // The report of an earlier run in the same folder is replaced.
    for _ in 0..2 {
        let ran = folder.run(&[".", "-o", "json=report.json", "--fail-on", "never"]);
        assert_eq!(ran.status, Some(0), "{}{}", ran.stdout, ran.stderr);
    }
}

#[test]
fn standard_output_is_no_file() {
    let ran = folder("dash").run(&["policy.json", "-o", "json=-"]);
    assert_eq!(ran.status, Some(2));
    assert!(
        ran.stderr.contains("use --format json for standard output"),
        "{}",
        ran.stderr
    );
}

#[test]
fn what_is_skipped_is_silent_only_where_nothing_is_read() {
    let folder = folder("silent");
    folder.write("other.json", "{\"a\": 1}");
    for (format, is_silent) in [
        ("human", true),
        ("plain", true),
        ("github", true),
        ("sarif", false),
        ("junit", false),
    ] {
        let given = format!("{format}=report.txt");
        let ran = folder.run(&["--skip-unknown", "other.json", "-f", format, "-o", &given]);
        assert_eq!(ran.status, Some(0), "{format}");
        assert_eq!(ran.stdout.is_empty(), is_silent, "{format}: {}", ran.stdout);
        let written = fs::read_to_string(folder.path().join("report.txt")).unwrap();
        assert!(!written.is_empty(), "{format}");
    }
}
