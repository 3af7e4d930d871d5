//! Deployment packages: modes of files in archives, and archives that mean no good.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::bless;
use crate::program::Folder;

fn archive(entries: &[(&str, u32, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, mode, bytes) in entries {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .unix_permissions(*mode);
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn files_that_the_function_cannot_read_are_told() {
    let folder = Folder::new("package");
    let layer = archive(&[("python/util.py", 0o640, b"x"), ("bootstrap", 0o644, b"x")]);
    let package = archive(&[
        ("index.js", 0o600, b"x"),
        ("lib/orders.js", 0o644, b"x"),
        ("notes.txt", 0o600, b"x"),
        ("layer.zip", 0o644, &layer),
    ]);
    folder.write("function.zip", &package);
    let ran = folder.run(&["function.zip", "--format", "plain"]);
    assert_eq!(ran.status, Some(1));
    bless::snapshot("package/unreadable-files", &ran.stdout);
    // The listing is nothing that a user can open: the archive and the entry are the place.
    let human = folder.run(&["function.zip"]).stdout;
    assert!(human.contains("--> function.zip: index.js\n"), "{human}");
    assert!(!human.contains("Entries"), "{human}");
    let report = folder.run(&["function.zip", "--format", "json"]).json();
    let location = &report["findings"][0]["location"];
    assert_eq!(
        (&location["path"], &location["line"]),
        (&"function.zip".into(), &1.into())
    );
    folder.write("good.zip", archive(&[("index.js", 0o644, b"x")]));
    let ran = folder.run(&["good.zip"]);
    assert_eq!(ran.status, Some(0), "{}", ran.stdout);
}

#[test]
fn an_archive_with_thousands_of_faults_tells_them_once() {
    let folder = Folder::new("package-many");
    let names: Vec<String> = (0..3_000)
        .map(|at| format!("node_modules/{at}.js"))
        .collect();
    let entries: Vec<(&str, u32, &[u8])> = names
        .iter()
        .map(|n| (n.as_str(), 0o600, &b""[..]))
        .collect();
    folder.write("function.zip", archive(&entries));
    let ran = folder.run(&["function.zip", "--format", "plain"]);
    assert!(
        ran.stdout.contains("2990 more like this in the file"),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.lines().count() < 50, "{}", ran.stdout);
}

#[test]
fn hostile_archives_do_no_harm() {
    let folder = Folder::new("package-hostile");
    let zeros = vec![0; 8 << 20];
    let mut bomb = archive(&[("a", 0o644, &zeros)]);
    for _ in 0..6 {
        bomb = archive(&[
            ("a.zip", 0o644, &bomb),
            ("b.zip", 0o644, &bomb),
            ("c.zip", 0o644, &bomb),
        ]);
    }
    folder.write("bomb.zip", &bomb);
    assert_eq!(folder.run(&["bomb.zip"]).status, Some(0));
    let evil = archive(&[
        ("a\u{1b}[31m\n\u{202e}.js", 0o600, b"x"),
        ("../../x.js", 0o600, b"x"),
    ]);
    folder.write("evil.zip", &evil);
    for format in ["human", "plain"] {
        let told = folder.run(&["evil.zip", "--format", format]).stdout;
        assert!(told.contains("x.js"), "{told}");
        assert!(!told.contains(['\u{1b}', '\u{202e}']), "{told}");
    }
    for cut in [4, 30, 60] {
        folder.write("cut.zip", evil.get(..cut).unwrap());
        let ran = folder.run(&["cut.zip"]);
        assert_eq!(ran.status, Some(2), "{cut}");
        assert!(
            ran.stdout.contains("cannot read the archive"),
            "{}",
            ran.stdout
        );
    }
}
