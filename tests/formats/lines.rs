//! JSON with one object a line.

use serde_json::Value;

use crate::program::run;

#[test]
fn the_lines_hold_what_the_object_holds() {
    let sample = "policies-samples/templates";
    let whole = run(&["--format", "json", sample]).json();
    let lines = run(&["--format", "jsonl", sample]).stdout;
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for (kind, list) in [
        ("finding", "findings"),
        ("problem", "problems"),
        ("undecided", "undecided"),
        ("suppressed", "suppressed"),
        ("fixed", "fixed"),
    ] {
        let of_kind = lines.iter().filter(|line| line["type"] == kind);
        let own: Vec<Value> = of_kind.map(without_type).collect();
        assert_eq!(Value::Array(own), whole[list], "{kind}");
    }
    let summary = lines.last().unwrap();
    assert_eq!(summary["type"], "summary");
    assert_eq!(without_type(summary), whole["summary"]);
}

fn without_type(line: &Value) -> Value {
    let mut line = line.clone();
    line.as_object_mut().unwrap().shift_remove("type");
    line
}
