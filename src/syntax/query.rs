//! JSONPath: choosing nodes of a tree.
//!
//! jsonpath-rust parses and evaluates filters. The plain steps between them are taken here, and filters that only
//! test members for presence or for being a string: with them left to the package too, a run over a small template
//! takes 1.8 times the instructions, and most of a run over a small policy is parsing filters. What would be slow, such as `..` or a function that compiles a regular expression for each node, is refused.

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

/// A filter.
#[derive(Clone, Debug)]
pub struct Filter {
    condition: Condition,
    tested: Arc<Vec<Vec<Step>>>,
}

/// What passes a filter.
#[derive(Clone, Debug)]
enum Condition {
    /// That for which all terms of one of the lists hold.
    Plain(Arc<Vec<Vec<Term>>>),
    /// What jsonpath-rust selects.
    Query(Arc<JpQuery>),
}

/// A test of one path in a filter.
#[derive(Clone, Debug)]
struct Term {
    is_negated: bool,
    path: Vec<Step>,
    /// What the path must select; without it, anything.
    value: Option<Node>,
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
        follow(&self.steps, root)
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
            Step::Each => taken.extend(children(node)),
            Step::Where(filter) => taken.extend(filter.select(node)),
        }
    }
}

impl Filter {
    /// The paths that the filter tests, relative to what is filtered.
    pub fn tested(&self) -> impl Iterator<Item = &[Step]> {
        self.tested.iter().map(Vec::as_slice)
    }

    fn select<'n>(&self, node: &'n Node) -> Vec<&'n Node> {
        match &self.condition {
            Condition::Plain(any) => {
                let passes = |item: &&Node| {
                    let mut lists = any.iter();
                    lists.any(|all| all.iter().all(|term| term.holds(item)))
                };
                children(node).filter(passes).collect()
            }
            Condition::Query(query) => filtered(query, node),
        }
    }

    /// Compiles a filter with its brackets.
    fn parse(text: &str, tested: Vec<Vec<Step>>) -> Option<Self> {
        let plain = || {
            let inside = text.strip_prefix("[?")?.strip_suffix(']')?;
            let all = |terms: &str| terms.split("&&").map(Term::parse).collect();
            inside.split("||").map(all).collect::<Option<_>>()
        };
        let condition = match plain() {
            Some(any) => Condition::Plain(Arc::new(any)),
            None => Condition::Query(query(text)?),
        };
        let tested = Arc::new(tested);
        Some(Filter { condition, tested })
    }
}

impl Term {
    /// A path, or one that is compared with a string; nothing where the term is anything else.
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim_matches(' ');
        let positive = text.strip_prefix('!');
        let mut rest = positive.unwrap_or(text).strip_prefix('@')?;
        let mut path = Vec::new();
        while let Some((step, after)) = plain_step(rest) {
            path.push(step);
            rest = after;
        }
        let is_single = path.iter().all(|step| !matches!(step, Step::Each));
        let value = match rest.trim_matches(' ') {
            "" => None,
            compared => {
                let value = compared.strip_prefix("==")?.trim_matches(' ');
                let unquoted = |quote| value.strip_prefix(quote)?.strip_suffix(quote);
                let value = unquoted('\'').or_else(|| unquoted('"'))?;
                let is_plain = is_single && !value.contains(['\\', '\'', '"']);
                Some(is_plain.then(|| Node::from(value))?)
            }
        };
        let is_negated = positive.is_some();
        let is_valid = !(path.is_empty() || is_negated && value.is_some());
        is_valid.then_some(Term {
            is_negated,
            path,
            value,
        })
    }

    fn holds(&self, item: &Node) -> bool {
        let is_meant = |node: &Node| self.value.as_ref().is_none_or(|value| node == value);
        let holds = match self.path.as_slice() {
            [Step::Member(name)] => item.get(name).is_some_and(is_meant),
            path => follow(path, item).into_iter().any(is_meant),
        };
        holds != self.is_negated
    }
}

/// The nodes that steps lead to, in document order.
fn follow<'n>(steps: &[Step], root: &'n Node) -> Vec<&'n Node> {
    let mut nodes = vec![root];
    for step in steps {
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

/// The elements of a list, or the values of an object.
fn children(node: &Node) -> impl Iterator<Item = &Node> {
    let members = node.members().iter().map(|member| &member.value);
    node.items().iter().chain(members)
}

/// A filter for jsonpath-rust. Rules repeat the same few, so each is parsed once.
fn query(filter: &str) -> Option<Arc<JpQuery>> {
    static PARSED: LazyLock<Mutex<HashMap<String, Arc<JpQuery>>>> = LazyLock::new(Mutex::default);
    let mut parsed = PARSED.lock().ok()?;
    if let Some(query) = parsed.get(filter) {
        return Some(Arc::clone(query));
    }
    let query = Arc::new(parse_json_path(&format!("${filter}")).ok()?);
    if parsed.len() < MAX_CACHED_FILTERS {
        parsed.insert(filter.to_owned(), Arc::clone(&query));
    }
    Some(query)
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
mod tests;
