//! JSONPath: choosing nodes of a tree.
//!
//! jsonpath-rust parses every path and evaluates the filters. The steps between filters are taken
//! here, on nodes and without path texts, which is far cheaper. A path that would be slow or
//! would silently select nothing is refused when it is parsed: descents, slices and functions.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::{LazyLock, Mutex};

use jsonpath_rust::parser::model::{
    Comparable, Comparison, Filter, FilterAtom, JpQuery, Segment, Selector as Part, SingularQuery,
    SingularQuerySegment, Test,
};
use jsonpath_rust::parser::parse_json_path;
use jsonpath_rust::query::js_path_process;

use super::Node;

/// How many different filters are kept.
const MOST_FILTERS: usize = 1_000;

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
    Where(Condition),
}

/// A filter: evaluated by jsonpath-rust, with what it looks at for checks.
#[derive(Clone, Debug)]
pub struct Condition {
    query: JpQuery,
    looks_at: BTreeSet<Vec<String>>,
}

/// Why a text is no selector for us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectorError(String);

impl fmt::Display for SelectorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn refused(what: &str) -> SelectorError {
    SelectorError(what.to_owned())
}

impl Selector {
    /// Compiles a path.
    ///
    /// # Errors
    ///
    /// When it is no JSONPath, or uses more of it than packs may.
    pub fn parse(path: &str) -> Result<Self, SelectorError> {
        match steps_of(path) {
            Some(steps) => Ok(Selector {
                written: path.to_owned(),
                steps: steps?,
            }),
            None => Selector::parse_any(path),
        }
    }

    fn parse_any(path: &str) -> Result<Self, SelectorError> {
        let query = parse_json_path(path)
            .map_err(|_| SelectorError(format!("`{path}` is not a JSONPath (RFC 9535)")))?;
        let steps = query
            .segments
            .into_iter()
            .map(step)
            .collect::<Result<_, _>>()?;
        Ok(Selector {
            written: path.to_owned(),
            steps,
        })
    }

    /// The nodes that the path selects, in document order.
    #[must_use]
    pub fn select<'n>(&self, root: &'n Node) -> Vec<&'n Node> {
        self.steps.iter().fold(vec![root], |nodes, step| {
            nodes.into_iter().flat_map(|node| step.take(node)).collect()
        })
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
    fn take<'n>(&self, node: &'n Node) -> Vec<&'n Node> {
        match self {
            Step::Member(name) => node.get(name).into_iter().collect(),
            Step::Index(index) => element(node, *index).into_iter().collect(),
            Step::Each => children(node),
            Step::Where(condition) => condition.select(node),
        }
    }
}

impl Condition {
    fn select<'n>(&self, node: &'n Node) -> Vec<&'n Node> {
        // The crate fails only where a query selects no node but a value, which ours do not.
        js_path_process(&self.query, node)
            .map(|hits| hits.into_iter().map(|hit| hit.val).collect())
            .unwrap_or_default()
    }

    /// The routes of member names that the filter looks at, relative to what is filtered.
    pub fn looks_at(&self) -> impl Iterator<Item = &[String]> {
        self.looks_at.iter().map(Vec::as_slice)
    }
}

/// The steps of a path that has only names, indices, wildcards and filters: nearly all have, and
/// the grammar of jsonpath-rust, which is left to the filters, takes a hundred times as long.
fn steps_of(path: &str) -> Option<Result<Vec<Step>, SelectorError>> {
    let mut rest = path.strip_prefix('$')?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        let (step, after) = match filter_at(rest) {
            Some((filter, after)) => (known_filter(filter)?, after),
            None => plain_step(rest).map(|(step, after)| (Ok(step), after))?,
        };
        match step {
            Ok(step) => steps.push(step),
            Err(error) => return Some(Err(error)),
        }
        rest = after;
    }
    Some(Ok(steps))
}

/// The filter at the start of a path, in its brackets, and what is behind it.
fn filter_at(rest: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    let mut quote = None;
    rest.strip_prefix("[?")?;
    for (at, c) in rest.char_indices() {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            // What is escaped is left to the grammar.
            (_, '\\') => return None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '[') => depth += 1,
            (None, ']') if depth == 1 => return rest.split_at_checked(at + 1),
            (None, ']') => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The step of a filter; rules have the same few filters again and again, so each is read once.
fn known_filter(filter: &str) -> Option<Result<Step, SelectorError>> {
    static READ: LazyLock<Mutex<HashMap<String, Condition>>> = LazyLock::new(Mutex::default);
    let mut read = READ.lock().ok()?;
    if let Some(condition) = read.get(filter) {
        return Some(Ok(Step::Where(condition.clone())));
    }
    let query = parse_json_path(&format!("${filter}")).ok()?;
    let step = query.segments.into_iter().next().map(step)?;
    if let Ok(Step::Where(condition)) = &step
        && read.len() < MOST_FILTERS
    {
        read.insert(filter.to_owned(), condition.clone());
    }
    Some(step)
}

fn plain_step(rest: &str) -> Option<(Step, &str)> {
    for each in [".*", "[*]"] {
        if let Some(after) = rest.strip_prefix(each) {
            return Some((Step::Each, after));
        }
    }
    if let Some(inside) = rest.strip_prefix('[') {
        let (index, after) = inside.split_once(']')?;
        let digits = index.bytes().all(|byte| byte.is_ascii_digit());
        let canonical = digits && (index == "0" || !index.starts_with('0'));
        return Some((
            Step::Index(index.parse().ok().filter(|_| canonical)?),
            after,
        ));
    }
    let name = rest.strip_prefix('.')?;
    let letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let (name, after) = name.split_at(name.find(|c| !letter(c)).unwrap_or(name.len()));
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    begins.then(|| (Step::Member(name.to_owned()), after))
}

fn element(node: &Node, index: i64) -> Option<&Node> {
    let items = node.items();
    let at = match usize::try_from(index) {
        Ok(at) => at,
        Err(_) => items
            .len()
            .checked_sub(usize::try_from(index.unsigned_abs()).ok()?)?,
    };
    items.get(at)
}

fn children(node: &Node) -> Vec<&Node> {
    let members = node.members().iter().map(|member| &member.value);
    node.items().iter().chain(members).collect()
}

fn step(segment: Segment) -> Result<Step, SelectorError> {
    match segment {
        Segment::Descendant(_) => Err(refused("`..` is not allowed: name every step")),
        Segment::Selectors(_) => Err(refused("a list of selectors is not allowed")),
        Segment::Selector(part) => match part {
            Part::Name(name) => Ok(Step::Member(name)),
            Part::Wildcard => Ok(Step::Each),
            Part::Index(index) => Ok(Step::Index(index)),
            Part::Slice(..) => Err(refused("a slice is not allowed")),
            Part::Filter(filter) => condition(filter).map(Step::Where),
        },
    }
}

fn condition(filter: Filter) -> Result<Condition, SelectorError> {
    let mut looks_at = BTreeSet::new();
    collect(&filter, &mut looks_at)?;
    Ok(Condition {
        query: JpQuery::new(vec![Segment::Selector(Part::Filter(filter))]),
        looks_at,
    })
}

type Routes = BTreeSet<Vec<String>>;

fn collect(filter: &Filter, routes: &mut Routes) -> Result<(), SelectorError> {
    match filter {
        Filter::Or(parts) | Filter::And(parts) => {
            parts.iter().try_for_each(|part| collect(part, routes))
        }
        Filter::Atom(FilterAtom::Filter { expr, .. }) => collect(expr, routes),
        Filter::Atom(FilterAtom::Test { expr, .. }) => collect_test(expr, routes),
        Filter::Atom(FilterAtom::Comparison(comparison)) => collect_sides(comparison, routes),
    }
}

fn collect_test(test: &Test, routes: &mut Routes) -> Result<(), SelectorError> {
    let Test::RelQuery(segments) = test else {
        return Err(refused("a filter may only test paths that begin with `@`"));
    };
    let mut route = Vec::new();
    for segment in segments {
        match segment {
            Segment::Selector(Part::Name(name)) => route.push(name.clone()),
            Segment::Selector(Part::Wildcard | Part::Index(_)) => route.push("*".to_owned()),
            _ => return Err(refused("a filter inside a filter is not allowed")),
        }
    }
    routes.insert(route);
    Ok(())
}

fn collect_sides(comparison: &Comparison, routes: &mut Routes) -> Result<(), SelectorError> {
    let (left, right) = comparison.vals();
    for side in [left, right] {
        match side {
            Comparable::Literal(_) => {}
            Comparable::SingularQuery(SingularQuery::Current(segments)) => {
                let route = segments.iter().map(|segment| match segment {
                    SingularQuerySegment::Name(name) => name.clone(),
                    SingularQuerySegment::Index(_) => "*".to_owned(),
                });
                routes.insert(route.collect());
            }
            Comparable::SingularQuery(SingularQuery::Root(_)) => {
                return Err(refused("a filter may not look at `$`"));
            }
            Comparable::Function(_) => return Err(refused("functions are not allowed")),
        }
    }
    Ok(())
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
            "$.F[?@[?@ > 1]]",
            "$.F[?@.N == $.x]",
            "$.F['a','b']",
            "F[*]",
            "$.F[",
        ] {
            assert!(Selector::parse(path).is_err(), "{path}");
        }
    }

    #[test]
    fn plain_paths_are_read_as_jsonpath_rust_reads_them() {
        let parts = [
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
            "..c",
            "['q']",
            "[?@.a]",
            "[?@.a == ']' || !@.b[0]]",
            "[?@['x]'] == \"[\"]",
        ];
        for first in parts {
            for second in parts {
                let path = format!("${first}{second}");
                let Some(Ok(steps)) = steps_of(&path) else {
                    continue;
                };
                let theirs = Selector::parse_any(&path).unwrap().steps;
                assert_eq!(format!("{steps:?}"), format!("{theirs:?}"), "{path}");
            }
        }
    }

    #[test]
    fn a_filter_tells_what_it_looks_at() {
        let selector = Selector::parse("$.F[?@.V.S[0] && @.N == 'a']").unwrap();
        let Some(Step::Where(condition)) = selector.steps().last() else {
            panic!("no filter");
        };
        let routes: Vec<String> = condition.looks_at().map(|route| route.join(".")).collect();
        assert_eq!(routes, ["N", "V.S.*"]);
    }
}
