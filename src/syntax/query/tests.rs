use super::*;
use crate::source::SourceMap;
use crate::syntax::json;

fn select(text: &str, path: &str) -> Vec<String> {
    let mut sources = SourceMap::default();
    let file = sources.add("x", text).unwrap();
    let root = json::read(file, text).roots.remove(0);
    let hits = Selector::parse(path).unwrap();
    hits.select(&root)
        .iter()
        .map(|hit| sources.slice(hit.span).to_owned())
        .collect()
}

const TEXT: &str = r#"{"F": [{"N": "a", "V": {"S": [1]}}, {"N": "b", "V": {"S": []}}]}"#;

#[test]
fn steps_choose_nodes_with_their_places() {
    assert_eq!(select(TEXT, "$.F[*].N"), [r#""a""#, r#""b""#]);
    assert_eq!(select(TEXT, "$.F[-1].N"), [r#""b""#]);
    assert_eq!(select(TEXT, "$.F[0].*"), [r#""a""#, r#"{"S": [1]}"#]);
    assert_eq!(select(TEXT, "$.Missing[*].N"), Vec::<String>::new());
}

#[test]
fn filters_choose_by_presence_and_value() {
    assert_eq!(select(TEXT, "$.F[?@.V.S[0]].N"), [r#""a""#]);
    assert_eq!(select(TEXT, "$.F[?@.N == 'b' && !@.X].N"), [r#""b""#]);
}

#[test]
fn what_would_be_slow_or_wrong_is_refused() {
    for path in [
        "$..N",
        "$.F[0:1]",
        "$.F[?match(@.N, 'a')]",
        "$.F[?length(@.N) > 1]",
        "$.F[?length (@.N) > 1]",
        "$.F[?@[?@ > 1]]",
        "$.F[?@..N]",
        "$.F[?@.N == $.x]",
        "$.F['a','b']",
        "$.F[?@.a, ?@.b]",
        "F[*]",
        "$.F[",
        "$.F[?@.N == 'a]",
    ] {
        assert!(Selector::parse(path).is_err(), "{path}");
    }
    let error = |path| Selector::parse(path).unwrap_err().to_string();
    assert_eq!(error("$.F["), "`$.F[` is not a JSONPath (RFC 9535)");
    assert_eq!(
        error("$.F..N"),
        "`..N` is not supported here: use member names, indexes, `[*]` and filters"
    );
}

#[test]
fn paths_select_what_jsonpath_rust_selects() {
    let text = r#"{"a": [{"a": 1, "B_2": ["x", {"a": 2}], "q": "["}, [3, [4]], {"é": {"a": 5}}],
        "B_2": {"a": {"a": 6}, "_x": [7], "q": {"x": "["}}, "é": [[8], {"a": "]"}], "q": {"_x": {"a": 9}}}"#;
    let mut sources = SourceMap::default();
    let file = sources.add("x", text).unwrap();
    let root = json::read(file, text).roots.remove(0);
    let steps = [
        ".a",
        ".B_2",
        "[*]",
        ".*",
        "[0]",
        "[17]",
        "._x",
        "[-1]",
        ".2",
        "[01]",
        "[-0]",
        "..a",
        "['q']",
        ".é",
        "[\"B_2\"]",
        "[?@.a]",
        "[?@.a == ']' || !@.B_2[0]]",
        "[?(@['x'] == \"[\") && 1.5 < 2]",
        "[?@.a == 'x' && @[0]]",
        "[?!@.a && !@.B_2 || @.q == \"[\"]",
        "[?@[*] || @._x[0]]",
        "[?@.a == 1]",
        "[?@.a == 'it\\'s' || @[0]]",
        "[ 0 ]",
        "[?@ .a]",
    ];
    let mut compared = 0;
    for first in steps {
        for second in steps {
            let path = format!("${first}{second}");
            let Ok(selector) = Selector::parse(&path) else {
                continue;
            };
            let spans = |hits: Vec<&Node>| hits.iter().map(|hit| hit.span).collect::<Vec<_>>();
            let theirs = filtered(&parse_json_path(&path).unwrap(), &root);
            assert_eq!(spans(selector.select(&root)), spans(theirs), "{path}");
            compared += 1;
        }
    }
    assert_eq!(compared, 19 * 19);
}

#[test]
fn a_filter_knows_what_it_tests() {
    let selector = Selector::parse("$.F[?@.V.S[0] && @.N == 'a']").unwrap();
    let Some(Step::Where(filter)) = selector.steps().last() else {
        panic!("no filter");
    };
    let tested: Vec<String> = filter.tested().map(|steps| format!("{steps:?}")).collect();
    assert_eq!(
        tested,
        [
            r#"[Member("V"), Member("S"), Index(0)]"#,
            r#"[Member("N")]"#
        ]
    );
}
