//! Running the built program.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

/// What a run of the program gave.
pub(crate) struct Run {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) status: Option<i32>,
}

impl Run {
    /// What was written to standard output, as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|_| panic!("{}", self.stderr))
    }

    /// The findings of a report without problems whose rules are of a pack.
    #[track_caller]
    pub(crate) fn findings_of(&self, pack: &str) -> Vec<Value> {
        let report = self.json();
        assert_eq!(report["problems"], json!([]), "{report:#}");
        let findings = report["findings"].as_array().unwrap().iter();
        let of_pack = findings.filter(|finding| {
            let rule = finding["rule"].as_str().unwrap();
            rule.split('/').next() == Some(pack)
        });
        of_pack.cloned().collect()
    }

    /// The rules of the errors of a report.
    #[track_caller]
    pub(crate) fn errors(&self) -> Vec<String> {
        let report = self.json();
        let findings = report["findings"].as_array().unwrap().iter();
        let errors = findings.filter(|finding| finding["severity"] == "error");
        let rules = errors.map(|finding| finding["rule"].as_str().unwrap().to_owned());
        rules.collect()
    }
}

/// The folder of the package, in which the program is run.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Runs the program with arguments in the folder of the package.
pub(crate) fn run(arguments: &[&str]) -> Run {
    run_in(&root(), arguments, "")
}

/// Runs the program in a folder, with a text as its standard input.
pub(crate) fn run_in(folder: &Path, arguments: &[&str], input: &str) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_lint-lambda"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that ends without reading closes the pipe.
    let _closed = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    Run {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        status: output.status.code(),
    }
}

/// A fresh folder for the files of one test, removed with everything in it.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("lint-lambda-{}-{name}", std::process::id()));
        let _absent = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        run_in(&self.0, arguments, "")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.0);
    }
}
