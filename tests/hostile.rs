//! Input that is broken, huge or hostile ends in a clear message, and hides nothing of the rest.

use std::fs;
use std::io::Write;

use crate::program::{Folder, Run, root};

const MISSPELT: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:ReciveMessage", "Resource": "*"}]}"#;

/// Runs over a file and a policy with a fault beside it: the fault must be found all the same.
#[track_caller]
fn beside(name: &str, content: impl AsRef<[u8]>) -> Run {
    let folder = Folder::new(&format!("beside-{name}"));
    folder.write(name, content);
    folder.write("policy.json", MISSPELT);
    let ran = folder.run(&["--format", "plain", name, "policy.json"]);
    assert!(
        ran.stdout.contains("policy-document/unknown-action"),
        "{}",
        ran.stdout
    );
    assert_eq!(ran.stderr, "");
    ran
}

#[track_caller]
fn refused(name: &str, content: impl AsRef<[u8]>, message: &str) {
    let ran = beside(name, content);
    assert!(ran.stdout.contains(message), "{}", ran.stdout);
    assert_eq!(ran.status, Some(2));
}

#[test]
fn an_empty_file() {
    refused(
        "empty.json",
        "",
        "empty.json:1:1: problem: the file is empty",
    );
    refused(
        "blank.json",
        " \n\t",
        "blank.json:1:1: problem: the file is empty",
    );
}

#[test]
fn a_binary_file() {
    refused(
        "image.json",
        [0x89, b'P', b'N', b'G', 0, 1, 2, 0xff],
        "not a text file",
    );
}

#[test]
fn deep_nesting() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    refused(
        "deep.json",
        deep,
        "deep.json:1:129: problem: nested more than 128 levels deep",
    );
    let deep = format!(
        "{}1{}",
        "{\"Statement\":".repeat(100_000),
        "}".repeat(100_000)
    );
    refused("deeper.json", deep, "nested more than 128 levels deep");
}

#[test]
fn a_file_that_is_too_large() {
    let folder = Folder::new("large");
    folder.write("policy.json", MISSPELT);
    // A file of holes: it takes no room on the disk.
    let large = fs::File::create(folder.path().join("large.json")).unwrap();
    large.set_len(100 << 20).unwrap();
    let ran = folder.run(&["--format", "plain", "large.json", "policy.json"]);
    assert!(
        ran.stdout
            .contains("large.json: problem: the file is larger than 64 MiB")
    );
    assert!(ran.stdout.contains("policy-document/unknown-action"));
    assert_eq!(ran.status, Some(2));
}

#[test]
fn a_long_line_is_shown_in_part() {
    let padding = "a".repeat(200_000);
    let text = MISSPELT.replace(
        "\"Version\"",
        &format!("\"Id\": \"{padding}\", \"Version\""),
    );
    let folder = Folder::new("long-line");
    folder.write("policy.json", text);
    let ran = folder.run(&["policy.json"]);
    assert!(
        ran.stdout.contains("sqs:ReciveMessage"),
        "{}",
        ran.stdout.len()
    );
    assert!(ran.stdout.len() < 4_000, "{}", ran.stdout.len());
    assert_eq!(ran.status, Some(1));
}

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_or_in_a_circle() {
    let folder = Folder::new("links");
    folder.write("policy.json", MISSPELT);
    std::os::unix::fs::symlink("nowhere.json", folder.path().join("dangling.json")).unwrap();
    std::os::unix::fs::symlink(".", folder.path().join("circle")).unwrap();
    let ran = folder.run(&["--format", "plain", "."]);
    assert!(
        ran.stdout.contains("dangling.json: problem: no such file"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("policy-document/unknown-action"),
        "{}",
        ran.stdout
    );
    assert_eq!(ran.status, Some(2));
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new("unreadable");
    folder.write("policy.json", MISSPELT);
    folder.write("secret.json", MISSPELT);
    let secret = folder.path().join("secret.json");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o0)).unwrap();
    if fs::read(&secret).is_ok() {
        // Whoever runs the tests may read everything.
        return;
    }
    let ran = folder.run(&["--format", "plain", "."]);
    assert!(
        ran.stdout
            .contains("secret.json: problem: permission denied")
    );
    assert!(ran.stdout.contains("policy-document/unknown-action"));
    assert_eq!(ran.status, Some(2));
}

#[test]
fn a_folder_without_json() {
    let folder = Folder::new("no-json");
    folder.write("sub/readme.txt", "nothing here");
    let ran = folder.run(&["sub"]);
    assert!(
        ran.stdout.contains("sub: no files to check in this folder"),
        "{}",
        ran.stdout
    );
    assert_eq!(ran.status, Some(2));
    folder.write("sub/package.json", "{}");
    let ran = folder.run(&["sub"]);
    assert!(
        ran.stdout
            .contains("sub: lint-lambda does not recognize any file in this folder"),
        "{}",
        ran.stdout
    );
    assert_eq!(ran.status, Some(2));
}

#[test]
fn marks_line_breaks_tabs_and_other_encodings_are_read() {
    let text = MISSPELT.replace(' ', "\t").replace(",\t", ",\r\n");
    let folder = Folder::new("encodings");
    folder.write("mark.json", format!("\u{feff}{text}"));
    let wide: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    folder.write("wide.json", wide);
    for name in ["mark.json", "wide.json"] {
        let ran = folder.run(&["--format", "plain", name]);
        let expected = format!("{name}:3:11: error[policy-document/unknown-action]");
        assert!(ran.stdout.contains(&expected), "{}", ran.stdout);
        assert_eq!(ran.status, Some(1));
    }
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let text = MISSPELT.replace("sqs:Recive", "sqs:\\u001b[31mRecive");
    let raw = text.replace("Allow", "All\u{202e}ow");
    let folder = Folder::new("control");
    folder.write("po\u{1b}licy.json", raw);
    for format in ["human", "plain"] {
        let ran = folder.run(&["--format", format, "."]);
        assert!(
            !ran.stdout.contains(['\u{1b}', '\u{202e}']),
            "{:?}",
            ran.stdout
        );
    }
}

#[test]
fn a_carriage_return_does_not_write_over_a_line() {
    let text = MISSPELT.replace(", ", ",\r ");
    let folder = Folder::new("carriage-return");
    folder.write("policy.json", &text);
    folder.write("broken.json", format!("{text}\r{{"));
    folder.write("windows.json", text.replace('\r', "\r\n"));
    for name in ["policy.json", "broken.json", "windows.json"] {
        for format in ["human", "plain", "markdown", "github"] {
            let ran = folder.run(&["--format", format, name]);
            assert!(!ran.stdout.contains('\r'), "{:?}", ran.stdout);
        }
    }
}

#[test]
fn control_characters_of_arguments_do_not_reach_the_terminal() {
    let folder = Folder::new("control-in-arguments");
    for arguments in [
        &["--a\r\u{1b}[31mb"][..],
        &["--format", "\u{1b}[31m"],
        &["simulate", "--\u{9b}31m"],
    ] {
        let ran = folder.run(arguments);
        assert!(ran.stderr.starts_with("error: "), "{:?}", ran.stderr);
        let unsafe_one = ran.stderr.chars().find(|c| c.is_control() && *c != '\n');
        assert_eq!(unsafe_one, None, "{:?}", ran.stderr);
        assert_eq!(ran.status, Some(2));
    }
}

#[test]
fn a_mistake_within_a_character_has_its_place() {
    let folder = Folder::new("within-a-character");
    folder.write("main.tf", "resource \"aws_lambda_function\" \u{799}\u{7c4}");
    folder.write("values.toml", "n{\u{5ef}a = \"ord");
    let ran = folder.run(&["--format", "plain", "main.tf"]);
    assert!(
        ran.stdout.contains("main.tf:1:33: problem: invalid HCL"),
        "{}",
        ran.stdout
    );
    folder.write("policy.json", MISSPELT);
    let ran = folder.run(&[
        "--format",
        "plain",
        "policy.json",
        "--params",
        "values.toml",
    ]);
    assert!(
        ran.stdout.contains("values.toml:1:2: problem: "),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_file_cut_at_any_byte_ends_well() {
    let whole = fs::read_to_string(root().join("policies-samples/systems/orders/role-policy.json"))
        .unwrap();
    let mut sources = lint_lambda::unstable::source::SourceMap::default();
    let (catalogue, _) = lint_lambda::unstable::catalogue::Catalogue::builtin(&mut sources);
    for end in 1..whole.trim_end().len() {
        let mut sources = lint_lambda::unstable::source::SourceMap::default();
        let file = sources.add("cut.json", &whole[..end]).unwrap();
        let input = lint_lambda::unstable::input::Input {
            file,
            scope: lint_lambda::unstable::input::Scope::new([".", "cut.json"]),
            named: true,
            role: lint_lambda::InputRole::Checked,
        };
        let hints = lint_lambda::unstable::input::Hints::default();
        let analysis = lint_lambda::analyze(&mut sources, &[input], &hints, &catalogue);
        assert_eq!(analysis.problems.len(), 1, "cut at {end}");
    }
}

#[test]
fn a_closed_pipe_is_quiet_and_keeps_the_status_of_the_findings() {
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_lint-lambda"))
        .args(["--format", "json", "policies-samples/systems/orders", "-"])
        .current_dir(root())
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    // The program waits for its input; by the time it writes, nobody reads any more.
    drop(child.stdout.take());
    let mut input = child.stdin.take().unwrap();
    input.write_all(MISSPELT.as_bytes()).unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(output.status.code(), Some(1));
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_cannot_be_written_is_told() {
    for args in [&["policies-samples/logging"][..], &["rules", "list"]] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full");
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_lint-lambda"))
            .args(args)
            .current_dir(root())
            .stdout(full.unwrap())
            .output()
            .unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(
            told.starts_with("problem: cannot write the output: "),
            "{told}"
        );
        assert_eq!(output.status.code(), Some(2));
    }
}

/// A template with a function in a VPC whose role lacks the permissions for it, on a condition at the end of a chain.
fn at_the_end_of(conditions: &[String], last: usize) -> String {
    let first = r#""C0": {"Fn::Equals": [{"Ref": "P"}, "a"]}"#.to_owned();
    let all: Vec<String> = [first].into_iter().chain(conditions.to_vec()).collect();
    format!(
        r#"{{"Parameters": {{"P": {{"Type": "String"}}}}, "Conditions": {{{}}}, "Resources": {{
             "R": {{"Type": "AWS::IAM::Role", "Properties": {{"AssumeRolePolicyDocument": {{
                "Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "sts:AssumeRole",
                "Principal": {{"Service": "lambda.amazonaws.com"}}}}]}}, "Policies": []}}}},
             "F": {{"Type": "AWS::Lambda::Function", "Condition": "C{last}", "Properties": {{
                "Role": {{"Fn::GetAtt": ["R", "Arn"]}},
                "VpcConfig": {{"SubnetIds": ["a"], "SecurityGroupIds": ["b"]}}}}}}}}}}"#,
        all.join(",")
    )
}

/// Conditions that use the one before them once are not too many for a check, and those that use it several times
/// do not multiply.
#[test]
fn a_function_behind_a_long_chain_of_conditions_is_checked() {
    let folder = Folder::new("chains");
    for (name, call, times, count) in [
        ("and.json", "Fn::And", 2, 1_000),
        ("or.json", "Fn::Or", 10, 200),
    ] {
        let chain = (1..=count).map(|at| {
            let one = format!(r#"{{"Condition": "C{}"}}"#, at - 1);
            let each = vec![one; times].join(",");
            format!(r#""C{at}": {{"{call}": [{each}]}}"#)
        });
        folder.write(name, at_the_end_of(&chain.collect::<Vec<_>>(), count));
        let ran = folder.run(&["--format", "json", name]);
        let errors = ran.errors();
        assert!(
            errors.iter().any(|rule| rule.starts_with("vpc/")),
            "{name}: {errors:?}"
        );
        assert_eq!(ran.json()["problems"], serde_json::json!([]), "{name}");
        assert_eq!(ran.status, Some(1));
    }
}

/// What is left out where a template has too many conditions is told.
#[test]
fn branches_that_are_not_evaluated_are_a_problem() {
    let conditions = (1..=80)
        .map(|at| format!(r#""C{at}": {{"Fn::Equals": [{{"Ref": "AWS::Region"}}, "r{at}"]}}"#));
    let text = at_the_end_of(&conditions.collect::<Vec<_>>(), 80);
    let chosen = (1..=80).map(|at| format!(r#"{{"Fn::If": ["C{at}", "a", "b"]}}"#));
    let chosen = chosen.collect::<Vec<_>>().join(",");
    let text = text.replace(r#"["a"]"#, &format!("[{chosen}]"));
    let folder = Folder::new("branches");
    folder.write("template.json", text);
    let ran = folder.run(&["--format", "plain", "template.json"]);
    let told = "this template has too many conditions to evaluate all of them";
    assert!(ran.stdout.contains(told), "{}", ran.stdout);
    assert_eq!(ran.status, Some(2));
}

/// Each of these took minutes once, or would: the work must not grow with the square of the size.
#[test]
fn large_and_odd_policies_take_no_time_at_all() {
    let folder = Folder::new("large-policies");
    let allow = |resource: &str| {
        format!(r#"{{"Effect": "Allow", "Action": "sqs:*", "Resource": "{resource}"}}"#)
    };
    let policy = |statements: &[String]| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#,
            statements.join(",")
        )
    };
    let deny = r#"{"Effect": "Deny", "Action": "ec2:*", "Resource": "*"}"#.to_owned();
    let mut many: Vec<String> = (0..5_000)
        .map(|i| allow(&format!("arn:aws:sqs:r:1:{i}")))
        .collect();
    many.push(deny);
    folder.write("many.json", policy(&many));
    folder.write("braces.json", policy(&[allow(&"${".repeat(200_000))]));
    folder.write(
        "stars.json",
        policy(&[allow(&format!("arn:aws:sqs:*:*:{}", "*a".repeat(50_000)))]),
    );
    let source = format!(
        "sqs=arn:aws:sqs:eu-west-1:123456789012:{}",
        "a".repeat(50_000)
    );
    for name in ["many.json", "braces.json", "stars.json"] {
        let ran = folder.run(&["--event-source", &source, name]);
        assert!(
            matches!(ran.status, Some(0 | 1)),
            "{name}: {}",
            ran.stdout.len()
        );
    }
}
