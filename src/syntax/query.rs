//! JSONPath: choosing nodes of a tree.
//!
//! jsonpath-rust parses and evaluates the filters. The plain steps between them are taken here: with
//! them left to the package too, a run over a small template takes 1.8 times the instructions. What
//! would be slow, such as `..` or a function that compiles a regular expression for each node, is refused.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, LazyLock, Mutex};

use jsonpath_rust::parser::model::JpQuery;
use jsonpath_rust::parser::parse_json_path;
use jsonpath_rust::query::js_path_process;

use super::Node;
use crate::work::{Kind as Work, count};

/// How many different filters are kept.
const MAX_CACHED_FILTERS: usize = 1_000;

/// A compiled JSONPath.
#[derive(Clone, Debug)]
pub struct Selector {
    written: String,
    steps: Vec<Step>,
}

/// One step of a path.
#[derive(Clone, Debug)]
pub enum Step {
    /// The member of that name.
    Member(String),
    /// The element at that index; a negative one counts from the end.
    Index(i64),
    /// Every element or member.
    Each,
    /// Every element or member that passes a filter.
    Where(Filter),
}

/// A filter, which jsonpath-rust evaluates.
#[derive(Clone, Debug)]
pub struct Filter {
    query: Arc<JpQuery>,
    tested: Arc<Vec<Vec<Step>>>,
}

/// Why a text cannot be used as a selector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectorError(String);

impl fmt::Display for SelectorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Selector {
    /// Compiles a path.
    ///
    /// # Errors
    ///
    /// When it is not a JSONPath, or uses more of JSONPath than selectors support.
    pub fn parse(path: &str) -> Result<Self, SelectorError> {
        let mut steps = Vec::new();
        let mut rest = path.strip_prefix('$').ok_or_else(|| invalid(path))?;
        while !rest.is_empty() {
            let (step, after) = match rest.starts_with("[?") {
                true => filter_step(rest),
                false => plain_step(rest),
            }
            .ok_or_else(|| unsupported(path, rest))?;
            steps.push(step);
            rest = after;
        }
        Ok(Selector {
            written: path.to_owned(),
            steps,
        })
    }

    /// The nodes that the path selects, in document order.
    #[must_use]
    pub fn select<'n>(&self, root: &'n Node) -> Vec<&'n Node> {
        let mut nodes = vec![root];
        for step in &self.steps {
            let mut taken = Vec::new();
            count(Work::Selections, nodes.len());
            nodes.iter().for_each(|node| step.take(node, &mut taken));
            nodes = taken;
            if nodes.is_empty() {
                break;
            }
        }
        nodes
    }

    /// The first node that the path selects.
    #[must_use]
    pub fn first<'n>(&self, root: &'n Node) -> Option<&'n Node> {
        self.select(root).into_iter().next()
    }

    /// The path in two: its first `count` steps, and the rest as a path of its own.
    #[must_use]
    pub fn split(&self, count: usize) -> (Selector, Selector) {
        let (head, tail) = self.steps.split_at(count.min(self.steps.len()));
        let part = |steps: &[Step]| Selector {
            written: self.written.clone(),
            steps: steps.to_vec(),
        };
        (part(head), part(tail))
    }

    /// The steps, for checks.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The path as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.written
    }
}

impl Step {
    /// Adds what the step leads to from a node.
    fn take<'n>(&self, node: &'n Node, taken: &mut Vec<&'n Node>) {
        match self {
            Step::Member(name) => taken.extend(node.get(name)),
            Step::Index(index) => taken.extend(element(node, *index)),
            Step::Each => {
                let members = node.members().iter().map(|member| &member.value);
                taken.extend(node.items().iter().chain(members));
            }
            Step::Where(filter) => taken.extend(filtered(&filter.query, node)),
        }
    }
}

impl Filter {
    /// The paths that the filter tests, relative to what is filtered.
    pub fn tested(&self) -> impl Iterator<Item = &[Step]> {
        self.tested.iter().map(Vec::as_slice)
    }

    /// Compiles a filter with its brackets. Rules repeat the same few, so each is parsed once.
    fn parse(text: &str, tested: Vec<Vec<Step>>) -> Option<Self> {
        static PARSED: LazyLock<Mutex<HashMap<String, Filter>>> = LazyLock::new(Mutex::default);
        let mut parsed = PARSED.lock().ok()?;
        if let Some(filter) = parsed.get(text) {
            return Some(filter.clone());
        }
        let filter = Filter {
            query: Arc::new(parse_json_path(&format!("${text}")).ok()?),
            tested: Arc::new(tested),
        };
        if parsed.len() < MAX_CACHED_FILTERS {
            parsed.insert(text.to_owned(), filter.clone());
        }
        Some(filter)
    }
}

/// What jsonpath-rust selects. It fails only where a query yields a value instead of nodes, which a filter
/// does not.
fn filtered<'n>(query: &JpQuery, node: &'n Node) -> Vec<&'n Node> {
    js_path_process(query, node)
        .map(|hits| hits.into_iter().map(|hit| hit.val).collect())
        .unwrap_or_default()
}

fn element(node: &Node, index: i64) -> Option<&Node> {
    let items = node.items();
    let distance = usize::try_from(index.unsigned_abs()).ok()?;
    match index < 0 {
        true => items.get(items.len().checked_sub(distance)?),
        false => items.get(distance),
    }
}

fn invalid(path: &str) -> SelectorError {
    SelectorError(format!("`{path}` is not a JSONPath (RFC 9535)"))
}

/// The error for a path that stops being a selector at `rest`.
fn unsupported(path: &str, rest: &str) -> SelectorError {
    if parse_json_path(path).is_err() {
        return invalid(path);
    }
    let supported = match rest.starts_with("[?") {
        true => "a filter can only test members of `@`, or compare them with values",
        false => "use member names, indexes, `[*]` and filters",
    };
    SelectorError(format!("`{rest}` is not supported here: {supported}"))
}

/// A name, an index or a wildcard at the start of a path, and what follows it.
fn plain_step(path: &str) -> Option<(Step, &str)> {
    let wildcard = path.strip_prefix(".*").or(path.strip_prefix("[*]"));
    if let Some(after) = wildcard {
        return Some((Step::Each, after));
    }
    if let Some(bracketed) = path.strip_prefix('[') {
        let (inside, after) = bracketed.split_once(']')?;
        return Some((bracketed_step(inside)?, after));
    }
    let rest = path.strip_prefix('.')?;
    let is_letter = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || c == '_';
    let end = rest.find(|c| !is_letter(c)).unwrap_or(rest.len());
    let (name, after) = rest.split_at_checked(end)?;
    let is_name = name.starts_with(|c: char| !c.is_ascii_digit());
    is_name.then(|| (Step::Member(name.to_owned()), after))
}

/// The step of a quoted name or an index in brackets.
fn bracketed_step(inside: &str) -> Option<Step> {
    let unquoted = |quote| inside.strip_prefix(quote)?.strip_suffix(quote);
    match unquoted('\'').or_else(|| unquoted('"')) {
        Some(name) => {
            let is_plain = !name.contains(['\\', '\'', '"']);
            is_plain.then(|| Step::Member(name.to_owned()))
        }
        None => {
            let index: i64 = inside.parse().ok()?;
            (index.to_string() == inside).then_some(Step::Index(index))
        }
    }
}

/// A filter at the start of a path, and what follows it.
fn filter_step(path: &str) -> Option<(Step, &str)> {
    let mut rest = path.strip_prefix("[?")?;
    let mut tested = Vec::new();
    let mut last = ' ';
    loop {
        let mut chars = rest.chars();
        let next = chars.next()?;
        rest = chars.as_str();
        match next {
            ']' => break,
            '\'' | '"' => rest = after_string(rest, next)?,
            '@' => {
                let mut steps = Vec::new();
                while let Some((step, after)) = plain_step(rest) {
                    steps.push(step);
                    rest = after;
                }
                tested.push(steps);
            }
            // The whole document, a filter in the filter, a slice, a second selector.
            '$' | '[' | ',' => return None,
            '.' if !last.is_ascii_digit() => return None,
            // A function.
            '(' if last.is_ascii_alphabetic() => return None,
            _ => {}
        }
        last = if next.is_whitespace() { last } else { next };
    }
    let filter = path.strip_suffix(rest)?;
    Some((Step::Where(Filter::parse(filter, tested)?), rest))
}

/// What follows the end of a string that has begun.
fn after_string(text: &str, quote: char) -> Option<&str> {
    let mut chars = text.chars();
    loop {
        match chars.next()? {
            '\\' => drop(chars.next()?),
            c if c == quote => return Some(chars.as_str()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
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
        assert_eq!(compared, 15 * 15);
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
}
