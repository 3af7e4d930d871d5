//! What stands between the program and its input and output never makes a run green.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::process::{Command, Output, Stdio};

use crate::program::{Folder, Run, root, run, run_in};

/// A policy with an error.
const MISSPELT: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:ReciveMessage", "Resource": "*"}]}"#;
/// A policy without one.
const SOUND: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:ReceiveMessage", "Resource": "*"}]}"#;
const FUNCTION: &str = r#"{"Configuration": {"FunctionName": "orders", "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:orders", "Role": "arn:aws:iam::123456789012:role/orders"}, "Policy": null}"#;
const ORDERS: &str = "policies-samples/systems/orders";

/// Each command that prints something, with its exit status.
const COMMANDS: [(&[&str], i32); 19] = [
    (&[ORDERS], 1),
    (&["--format", "json", ORDERS], 1),
    (&["--format", "plain", ORDERS], 1),
    (&["--lines", "examples/spark/accounts"], 1),
    (
        &["--lines", "--format", "jsonl", "examples/spark/accounts"],
        1,
    ),
    (&["no-such-file.json"], 2),
    (&["explain", "AccessDenied"], 0),
    (&["explain", "--format", "json", "AccessDenied"], 0),
    (&["explain", "a fine day"], 0),
    (&["matrix", ORDERS], 0),
    (&["can", "orders", "s3:PutObject", "*", ORDERS], 1),
    (
        &[
            "can",
            "orders",
            "sqs:ReceiveMessage",
            "arn:aws:sqs:eu-west-1:123456789012:orders",
            ORDERS,
        ],
        0,
    ),
    (&["rules", "list"], 0),
    (&["rules", "show", "vpc/eni-actions-not-granted"], 0),
    (&["sources"], 0),
    (&["rules", "catalogue"], 0),
    (&["simulate", "--generate-cli-skeleton"], 0),
    (&["--help"], 0),
    (&["--version"], 0),
];

fn program(arguments: &[&str]) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_lint-lambda"));
    program.args(arguments).current_dir(root()).env_clear();
    program
}

fn told(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn a_closed_pipe_keeps_the_status_of_every_command() {
    for (arguments, status) in COMMANDS {
        let ran = run(arguments);
        assert_eq!(ran.status, Some(status), "{arguments:?} {}", ran.stdout);
        let mut child = program(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(told(&output), "", "{arguments:?}");
        assert_eq!(output.status.code(), Some(status), "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_by_every_command() {
    for (arguments, _) in COMMANDS {
        let full = fs::OpenOptions::new().write(true).open("/dev/full");
        let output = program(arguments)
            .stdout(full.unwrap())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let told = told(&output);
        let message = "problem: cannot write the output: ";
        assert!(told.contains(message), "{arguments:?} {told}");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn a_report_that_cannot_be_written_to_its_file_is_told() {
    let folder = Folder::new("plumbing-report");
    folder.write("policy.json", SOUND);
    let ran = folder.run(&["-o", "json=no-such-folder/report.json", "policy.json"]);
    assert!(
        ran.stderr
            .contains("no-such-folder/report.json: cannot write"),
        "{}",
        ran.stderr
    );
    assert_eq!(ran.status, Some(2));
}

#[test]
fn what_cannot_be_read_is_told_and_hides_nothing() {
    let folder = Folder::new("plumbing-unreadable");
    folder.write("policy.json", MISSPELT);
    fs::create_dir(folder.path().join("folder.json")).unwrap();
    for (arguments, message) in [
        (
            &["policy.json", "missing.json"][..],
            "missing.json: problem: no such file",
        ),
        (
            &["policy.json", ""],
            "\"\": problem: this argument is empty",
        ),
        (
            &["policy.json", "folder.json"],
            "folder.json: problem: no files to check in this folder",
        ),
        (
            &["policy.json", "--params", "folder.json"],
            "folder.json: problem: is a folder, not a file",
        ),
        (
            &["policy.json", "--scp", "folder.json"],
            "folder.json: problem: is a folder, not a file",
        ),
        (
            &["policy.json", "*.yaml"],
            "*.yaml: problem: no file matches this pattern",
        ),
    ] {
        let ran = folder.run(&[&["--format", "plain"], arguments].concat());
        assert!(ran.stdout.contains(message), "{arguments:?} {}", ran.stdout);
        assert!(
            ran.stdout.contains("policy-document/unknown-action"),
            "{}",
            ran.stdout
        );
        assert_eq!(ran.status, Some(2), "{arguments:?}");
    }
    for arguments in [
        &["can", "orders", "s3:PutObject", "*", "missing.json"][..],
        &["matrix", "missing.json"],
        &["explain", "missing.json"],
        &["explain", "AccessDenied", "--with", "missing.json"],
        &[
            "simulate",
            "--policy-input-list",
            "missing.json",
            "--action-names",
            "s3:GetObject",
        ],
    ] {
        let ran = folder.run(arguments);
        let told = format!("{}{}", ran.stdout, ran.stderr);
        assert!(
            told.contains("missing.json: no such file"),
            "{arguments:?} {told}"
        );
        assert_eq!(ran.status, Some(2), "{arguments:?}");
    }
}

#[test]
fn a_standard_input_that_is_empty_is_told() {
    for arguments in [
        &["-"][..],
        &["matrix", "-"],
        &["can", "orders", "s3:PutObject", "*", "-"],
    ] {
        let ran = run(arguments);
        assert!(
            ran.stdout.contains("the file is empty"),
            "{arguments:?} {}",
            ran.stdout
        );
        assert_eq!(ran.status, Some(2), "{arguments:?}");
    }
}

#[test]
fn a_broken_template_in_a_folder_is_one_problem() {
    let folder = Folder::new("plumbing-broken");
    folder.write("good.json", SOUND);
    folder.write(
        "template.yaml",
        "Resources:\n  Orders:\n    Type: AWS::Lambda::Function\n    Properties:\n      Handler: x\n     VpcConfig: {}\n",
    );
    let ran = folder.run(&["--format", "json", "."]);
    let report = ran.json();
    assert_eq!(
        report["problems"].as_array().unwrap().len(),
        1,
        "{report:#}"
    );
    assert_eq!(ran.status, Some(2));
    // The broken file is the only one: that no file is known would be wrong.
    fs::remove_file(folder.path().join("good.json")).unwrap();
    let report = folder.run(&["--format", "json", "."]).json();
    assert_eq!(
        report["problems"].as_array().unwrap().len(),
        1,
        "{report:#}"
    );
}

#[cfg(unix)]
mod on_unix {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    use super::*;

    /// A deployment package, whose code the function cannot read.
    fn package() -> Vec<u8> {
        use zip::write::SimpleFileOptions;
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().unix_permissions(0o600);
        writer.start_file("index.js", options).unwrap();
        writer.write_all(b"x").unwrap();
        writer.finish().unwrap().into_inner()
    }

    /// Runs the program with bytes in a pipe as its standard input.
    fn piped(arguments: &[&str], input: &[u8]) -> Run {
        let mut child = program(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let _closed = child.stdin.take().unwrap().write_all(input);
        let output = child.wait_with_output().unwrap();
        Run {
            stdout: String::from_utf8(output.stdout.clone()).unwrap(),
            stderr: told(&output),
            status: output.status.code(),
        }
    }

    #[test]
    fn links_in_circles_end() {
        let folder = Folder::new("plumbing-links");
        folder.write("policy.json", MISSPELT);
        symlink("self.json", folder.path().join("self.json")).unwrap();
        symlink("..", folder.path().join("up")).unwrap();
        for path in [".", "self.json"] {
            let ran = folder.run(&["--format", "plain", path]);
            assert!(
                ran.stdout.contains("self.json: problem: "),
                "{}",
                ran.stdout
            );
            assert_eq!(ran.status, Some(2));
        }
    }

    #[test]
    fn pipes_and_sockets_in_a_folder_are_not_read() {
        let folder = Folder::new("plumbing-fifo");
        folder.write("policy.json", SOUND);
        let fifo = folder.path().join("fifo.json");
        let made = Command::new("mkfifo").arg(&fifo).status();
        let has_fifo = made.is_ok_and(|status| status.success());
        let _listener = UnixListener::bind(folder.path().join("socket.json")).unwrap();
        for path in [".", "*.json"] {
            let ran = folder.run(&[path]);
            assert_eq!(ran.status, Some(0), "{has_fifo} {}", ran.stdout);
        }
        let ran = folder.run(&["f*.json"]);
        assert!(
            ran.stdout.contains("no file matches this pattern"),
            "{}",
            ran.stdout
        );
        // A socket that is named is no file to skip.
        let ran = folder.run(&["socket.json"]);
        assert!(
            ran.stdout.contains("socket.json: cannot read"),
            "{}",
            ran.stdout
        );
        assert_eq!(ran.status, Some(2));
    }

    #[test]
    fn pipes_in_the_place_of_files_of_patterns_packs_or_facts_are_not_read() {
        let places = [
            (".gitignore", &["."][..], 2),
            (".ignore", &["."], 2),
            ("sub/.gitignore", &["."], 2),
            (".git/info/exclude", &["."], 2),
            (".gitignore", &["sub"], 2),
            (".gitignore", &["policy.json"], 1),
            (".gitignore", &["--no-ignore", "."], 1),
            ("packs/own.json", &["--rules", "packs", "policy.json"], 2),
            (
                "facts/actions.json",
                &["--catalogue", "facts", "policy.json"],
                2,
            ),
        ];
        for (place, arguments, status) in places {
            let folder = Folder::new("plumbing-fifo-of-patterns");
            folder.write("policy.json", MISSPELT);
            folder.write("sub/policy.json", MISSPELT);
            folder.write(&format!("{place}.made"), "");
            let fifo = folder.path().join(place);
            let made = Command::new("mkfifo").arg(&fifo).status();
            if !made.is_ok_and(|status| status.success()) {
                return;
            }
            let ran = folder.run(&[&["--format", "plain"], arguments].concat());
            let told = format!("{}{}", ran.stdout, ran.stderr);
            assert_eq!(ran.status, Some(status), "{place} {arguments:?} {told}");
            let is_walked = arguments.last() == Some(&".") || arguments == ["sub"];
            if is_walked && status == 2 {
                let message = format!("{place}: problem: cannot read: not a regular file");
                assert!(told.contains(&message), "{arguments:?} {told}");
            }
        }
    }

    #[test]
    fn a_pipe_that_is_named_is_read_whole() {
        let ran = piped(&["--format", "plain", "/dev/stdin"], MISSPELT.as_bytes());
        assert!(
            ran.stdout
                .contains("/dev/stdin:1:71: error[policy-document/unknown-action]"),
            "{}",
            ran.stdout
        );
        assert_eq!(ran.status, Some(1));
        // The same where only what is known may be reported.
        let ran = piped(&["--skip-unknown", "/dev/stdin"], MISSPELT.as_bytes());
        assert_eq!(ran.status, Some(1), "{}", ran.stdout);
        for path in ["/dev/stdin", "-"] {
            let ran = piped(&["--format", "plain", path], &package());
            assert!(
                ran.stdout.contains("package/code-not-readable"),
                "{path} {}",
                ran.stdout
            );
            assert_eq!(ran.status, Some(1));
        }
    }

    #[test]
    fn every_command_reads_pipes() {
        let error = "User: arn:aws:sts::123456789012:assumed-role/orders-role/orders is not authorized to perform: sqs:ReceiveMessage on resource: arn:aws:sqs:eu-west-1:123456789012:orders because no identity-based policy allows the sqs:ReceiveMessage action";
        let ran = piped(&["explain", "/dev/stdin"], error.as_bytes());
        assert!(ran.stdout.contains("sqs:ReceiveMessage"), "{}", ran.stdout);
        assert_eq!(ran.status, Some(0));
        let ran = piped(&["matrix", "/dev/stdin"], FUNCTION.as_bytes());
        assert!(ran.stdout.contains("orders"), "{}", ran.stdout);
        assert_eq!(ran.status, Some(0));
        let ran = piped(
            &["can", "orders", "sqs:ReceiveMessage", "*", "/dev/stdin"],
            SOUND.as_bytes(),
        );
        assert!(
            ran.stdout.contains("allowed: sqs:ReceiveMessage"),
            "{}",
            ran.stdout
        );
        let simulate = [
            "simulate",
            "--action-names",
            "sqs:ReceiveMessage",
            "--policy-input-list",
            "/dev/stdin",
        ];
        let ran = piped(&simulate, SOUND.as_bytes());
        assert!(
            ran.stdout.contains("\"EvalDecision\": \"allowed\""),
            "{}{}",
            ran.stdout,
            ran.stderr
        );
        let with = ["explain", error, "--with", "/dev/stdin"];
        assert_eq!(piped(&with, SOUND.as_bytes()).status, Some(0));
        for flag in ["--scp", "--rcp"] {
            let ran = piped(&["policies-samples/logging", flag, "/dev/stdin"], b"{}");
            assert!(
                ran.stdout
                    .contains("/dev/stdin: not a service control policy"),
                "{}",
                ran.stdout
            );
            assert_eq!(ran.status, Some(2));
        }
        let ran = piped(
            &["policies-samples/logging", "--params", "/dev/stdin"],
            b"{",
        );
        assert!(ran.stdout.contains("/dev/stdin:1:"), "{}", ran.stdout);
        assert_eq!(ran.status, Some(2));
    }

    #[test]
    fn events_in_a_pipe_are_events() {
        let event = r#"{"Records": [{"eventVersion": "1.08", "eventSource": "sqs.amazonaws.com", "eventName": "SendMessage", "errorCode": "AccessDenied", "errorMessage": "User: arn:aws:sts::123456789012:assumed-role/orders-role/orders is not authorized to perform: sqs:SendMessage on resource: arn:aws:sqs:eu-west-1:123456789012:orders because no identity-based policy allows the sqs:SendMessage action"}]}"#;
        let folder = Folder::new("plumbing-events");
        folder.write("events.json", event);
        let by_name = folder.run(&["explain", "events.json"]).stdout;
        for path in ["/dev/stdin", "-"] {
            let ran = piped(&["explain", path], event.as_bytes());
            let shown = ran.stdout.replace("standard input", "events.json");
            assert_eq!(shown.replace("/dev/stdin", "events.json"), by_name);
        }
    }

    #[test]
    fn a_name_that_is_not_utf_8_is_read_and_shown() {
        let folder = Folder::new("plumbing-names");
        let name = OsStr::from_bytes(b"order\xff.json");
        fs::write(folder.path().join(name), MISSPELT).unwrap();
        let in_folder = |arguments: &[&OsStr]| {
            let output = program(&[])
                .args(arguments)
                .current_dir(folder.path())
                .output()
                .unwrap();
            (
                String::from_utf8(output.stdout.clone()).unwrap(),
                told(&output),
                output.status.code(),
            )
        };
        let [plain, can, who] = ["--format=plain", "can", "orders"].map(OsStr::new);
        let [action, param] = ["sqs:SendMessage", "--param"].map(OsStr::new);
        for argument in [name, OsStr::new(".")] {
            let (shown, _, status) = in_folder(&[plain, argument]);
            assert!(shown.contains("order\\xFF.json:1:71: error["), "{shown}");
            assert_eq!(status, Some(1));
        }
        let (shown, _, status) = in_folder(&[can, who, action, name]);
        assert!(shown.contains("order\\xFF.json"), "{shown}");
        assert_eq!(status, Some(1));
        // A value that cannot be a path is named, too.
        let (_, told, status) = in_folder(&[plain, param, name]);
        assert!(
            told.contains("invalid UTF-8 in the argument `order\\xFF.json`"),
            "{told}"
        );
        assert_eq!(status, Some(2));
        let missing = OsStr::from_bytes(b"missing\x80\x1b.json");
        let (shown, _, status) = in_folder(&[plain, missing]);
        assert!(shown.contains("missing\\x80"), "{shown}");
        assert!(!shown.contains('\u{1b}'), "{shown:?}");
        assert_eq!(status, Some(2));
    }
}

#[test]
fn a_pipe_to_a_reader_that_stops_early_stays_red() {
    let ran = run_in(&root(), &[ORDERS, "-"], MISSPELT);
    assert_eq!(ran.status, Some(1));
    let mut child = program(&[ORDERS, ORDERS, "policies-samples/systems"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // One byte is read, as `head -c1` does.
    let mut byte = [0];
    let mut stdout = child.stdout.take().unwrap();
    std::io::Read::read_exact(&mut stdout, &mut byte).unwrap();
    drop(stdout);
    assert_eq!(child.wait().unwrap().code(), Some(1));
}
