//! How the answers of the AWS CLI spell a trigger.

use super::json_text::JsonText;
use crate::diagnostics::Problem;
use crate::syntax::{Fields, Hole, Names, Node, Piece, Selector, Template, Text};

/// A command's answer that lists triggers of one source.
#[derive(Debug)]
pub struct TriggerPattern {
    /// The command, for help texts; nothing for a resource of a template.
    pub command: String,
    /// The type of the resource in a template.
    kind: Option<String>,
    when: Vec<Selector>,
    each: Vec<Selector>,
    equals: Vec<(Route, String)>,
    picks: Vec<Pick>,
    /// The member that holds JSON as a text.
    pub json: Option<JsonText>,
}

/// Names to take from an answer.
#[derive(Debug)]
pub struct Pick {
    of: Vec<Route>,
    take: Take,
    anything: Vec<String>,
    nothing: Vec<String>,
    upper: Vec<String>,
    braces: bool,
    trims: bool,
}

#[derive(Debug)]
enum Take {
    Whole(String),
    Form(Template),
}

/// A path from the answer's root (`$`), from the last hit (`@`), or from an earlier one (`@0`);
/// `@0~` is the name of the member that the hit is.
#[derive(Debug)]
pub struct Route {
    from: Start,
    path: Selector,
    is_name: bool,
}

#[derive(Clone, Copy, Debug)]
enum Start {
    Root,
    Last,
    Hit(usize),
}

/// One hit of an answer: the nodes that led to it, outermost first, each with the name of the
/// member that it is.
type Chain<'n> = Vec<(&'n Node, Option<&'n str>)>;

impl TriggerPattern {
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "an answer", problems)?;
        let command = fields.text("command")?.to_owned();
        let when = selectors(fields.texts("when"), &mut fields, "when");
        Self::decode_hits(fields, command, when)
    }

    /// Reads how a template spells such a trigger: a resource of a type.
    pub(super) fn decode_resource(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a resource", problems)?;
        let kind = fields.text("type").map(str::to_owned);
        let answer = Self::decode_hits(fields, String::new(), Vec::new())?;
        kind.is_some().then_some(TriggerPattern { kind, ..answer })
    }

    fn decode_hits(
        mut fields: Fields<'_, '_>,
        command: String,
        when: Vec<Selector>,
    ) -> Option<Self> {
        let each = selectors(fields.texts("each"), &mut fields, "each");
        let equals = fields.optional("equals").map_or(&[][..], Node::members);
        let names = fields.optional("names").map_or(&[][..], Node::members);
        let forms = fields.list("forms");
        let equals = equals
            .iter()
            .filter_map(|member| {
                let route = route(&member.key.text, &mut fields, "equals")?;
                Some((route, member.value.as_str()?.to_owned()))
            })
            .collect();
        let mut picks = Vec::new();
        for member in names {
            let of = routes(&member.value, &mut fields, "names");
            picks.push(Pick::whole(&member.key.text, of));
        }
        let decoded = forms
            .iter()
            .filter_map(|form| Pick::decode(form, fields.problems()));
        picks.extend(decoded);
        let json = fields.optional("json");
        let json = json.and_then(|node| JsonText::decode(node, fields.problems()));
        fields.finish();
        Some(TriggerPattern {
            command,
            kind: None,
            when,
            each,
            equals,
            picks,
            json,
        })
    }

    /// The command, or the type of the resource.
    #[must_use]
    pub fn told_by(&self) -> &str {
        self.kind.as_deref().unwrap_or(&self.command)
    }

    /// Whether it tells of resources of that type.
    #[must_use]
    pub fn is_of(&self, kind: &str) -> bool {
        self.kind.as_deref() == Some(kind)
    }

    /// Whether a document is such an answer.
    #[must_use]
    pub fn recognises(&self, root: &Node) -> bool {
        self.when.iter().any(|path| path.first(root).is_some())
    }

    /// Every hit of the answer: its node and the names that it gives.
    #[must_use]
    pub fn hits<'n>(&self, root: &'n Node) -> Vec<(&'n Node, Names)> {
        self.chains(root)
            .into_iter()
            .filter(|chain| self.passes(root, chain))
            .filter_map(|chain| {
                let mut names = Names::new();
                self.picks
                    .iter()
                    .for_each(|pick| pick.apply(root, &chain, &mut names));
                Some((chain.last()?.0, names))
            })
            .collect()
    }

    fn chains<'n>(&self, root: &'n Node) -> Vec<Chain<'n>> {
        let mut chains: Vec<Chain<'n>> = vec![vec![]];
        for path in &self.each {
            chains = chains
                .into_iter()
                .flat_map(|chain| {
                    let from = chain.last().map_or(root, |(node, _)| *node);
                    hits_of(path, from).into_iter().map(move |hit| {
                        let mut longer = chain.clone();
                        longer.push(hit);
                        longer
                    })
                })
                .collect();
        }
        chains
    }

    fn passes<'n>(&self, root: &'n Node, chain: &[(&'n Node, Option<&'n str>)]) -> bool {
        self.equals.iter().all(|(route, wanted)| {
            route
                .find(root, chain)
                .is_some_and(|node| node.as_str() == Some(wanted))
        })
    }
}

impl Pick {
    fn whole(name: &str, of: Vec<Route>) -> Self {
        Pick {
            of,
            take: Take::Whole(name.to_owned()),
            anything: Vec::new(),
            nothing: Vec::new(),
            upper: Vec::new(),
            braces: false,
            trims: false,
        }
    }

    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a form", problems)?;
        let of = fields.required("of");
        let of = of.map_or(Vec::new(), |of| routes(of, &mut fields, "of"));
        let form = fields.template("form");
        let name = fields.optional_text("as");
        let anything = fields.texts("anything");
        let nothing = fields.texts("nothing");
        let upper = fields.texts("upper");
        let braces = fields.flag("braces").unwrap_or(false);
        let trims = fields.flag("trims").unwrap_or(false);
        if form.is_some() == name.is_some() {
            fields.wrong("of", "a form has either `form` or `as`");
        }
        fields.finish();
        let take = match (form, name) {
            (Some(form), _) => Take::Form(form),
            (None, name) => Take::Whole(name?.to_owned()),
        };
        Some(Pick {
            of,
            take,
            anything,
            nothing,
            upper,
            braces,
            trims,
        })
    }

    /// The members of the root that it looks at.
    pub fn members(&self) -> impl Iterator<Item = &str> {
        self.of
            .iter()
            .filter_map(|route| route.path.as_str().strip_prefix("$."))
    }

    /// Adds the names that it takes from an answer.
    pub(super) fn apply<'n>(
        &self,
        root: &'n Node,
        chain: &[(&'n Node, Option<&'n str>)],
        names: &mut Names,
    ) {
        let mut found = self.of.iter().filter_map(|route| route.text(root, chain));
        let Some(text) = found.next() else { return };
        let taken = match &self.take {
            Take::Whole(name) if self.is(&self.nothing, &text) => {
                names.remove(name);
                return;
            }
            Take::Form(form) => form.capture(&text).unwrap_or_default(),
            Take::Whole(name) => Names::from([(name.clone(), text)]),
        };
        names.extend(taken.into_iter().map(|(name, text)| {
            let text = self.opened(&name, text);
            (name, text)
        }));
    }

    fn is(&self, words: &[String], text: &Text) -> bool {
        text.as_str()
            .is_some_and(|text| words.iter().any(|word| word == text))
    }

    /// The text with holes for what it leaves open: a word that means anything, `{…}` in a path.
    fn opened(&self, name: &str, text: Text) -> Text {
        let text = match text.as_str() {
            Some(written) if self.upper.iter().any(|upper| upper == name) => {
                Text::from(written.to_uppercase())
            }
            _ => text,
        };
        if self.is(&self.anything, &text) {
            return Text::hole(Hole::segment(name));
        }
        match text.as_str() {
            // API Gateway takes a path without the slash at its end.
            Some(path) if self.braces => holes_for_braces(path.trim_end_matches('/')),
            Some(path) if self.trims => Text::from(path.trim_end_matches('/')),
            _ => text,
        }
    }
}

/// The hits of a path; of one that ends in all members of an object, with their names.
fn hits_of<'n>(path: &Selector, from: &'n Node) -> Vec<(&'n Node, Option<&'n str>)> {
    let object = path.as_str().strip_suffix(".*").map(Selector::parse);
    let object = match object {
        Some(Ok(object)) => object.first(from),
        _ => None,
    };
    match object.filter(|object| object.is_object()) {
        Some(object) => {
            let members = object.members().iter();
            let named = members.map(|member| (&member.value, Some(&*member.key.text)));
            named.collect()
        }
        None => path
            .select(from)
            .into_iter()
            .map(|hit| (hit, None))
            .collect(),
    }
}

fn holes_for_braces(path: &str) -> Text {
    let mut pieces = Vec::new();
    let mut rest = path;
    while let Some((known, after)) = rest.split_once('{') {
        pieces.push(Piece::Known(known.into()));
        let (inside, after) = after.split_once('}').unwrap_or((after, ""));
        pieces.push(Piece::Hole(match inside.strip_suffix('+') {
            Some(greedy) => Hole::anything(greedy),
            None => Hole::segment(inside),
        }));
        rest = after;
    }
    pieces.push(Piece::Known(rest.into()));
    Text::of(pieces)
}

impl Route {
    fn parse(written: &str) -> Result<Self, String> {
        let (from, path) = match written.strip_prefix('@') {
            None => (Start::Root, written.to_owned()),
            Some(rest) => {
                let digits = rest
                    .find(|c: char| !c.is_ascii_digit())
                    .unwrap_or(rest.len());
                let (index, path) = rest.split_at(digits);
                let from = index.parse().map_or(Start::Last, Start::Hit);
                (from, format!("${path}"))
            }
        };
        let is_name = path == "$~";
        let path = Selector::parse(path.trim_end_matches('~')).map_err(|e| e.to_string())?;
        Ok(Route {
            from,
            path,
            is_name,
        })
    }

    fn find<'n>(&self, root: &'n Node, chain: &[(&'n Node, Option<&'n str>)]) -> Option<&'n Node> {
        let (from, _) = self.start(root, chain)?;
        self.path.first(from)
    }

    fn text<'n>(&self, root: &'n Node, chain: &[(&'n Node, Option<&'n str>)]) -> Option<Text> {
        match self.is_name {
            true => self.start(root, chain)?.1.map(Text::from),
            false => self.find(root, chain)?.as_text().cloned(),
        }
    }

    fn start<'n>(
        &self,
        root: &'n Node,
        chain: &[(&'n Node, Option<&'n str>)],
    ) -> Option<(&'n Node, Option<&'n str>)> {
        match self.from {
            Start::Root => Some((root, None)),
            Start::Last => chain.last().copied(),
            Start::Hit(index) => chain.get(index).copied(),
        }
    }
}

fn route(written: &str, fields: &mut Fields<'_, '_>, name: &'static str) -> Option<Route> {
    Route::parse(written)
        .map_err(|error| fields.wrong(name, error))
        .ok()
}

fn routes(node: &Node, fields: &mut Fields<'_, '_>, name: &'static str) -> Vec<Route> {
    node.each()
        .iter()
        .filter_map(|item| route(item.as_str()?, fields, name))
        .collect()
}

fn selectors(paths: Vec<String>, fields: &mut Fields<'_, '_>, name: &'static str) -> Vec<Selector> {
    let mut selectors = Vec::new();
    for path in paths {
        match Selector::parse(&path) {
            Ok(selector) => selectors.push(selector),
            Err(error) => fields.wrong(name, error.to_string()),
        }
    }
    selectors
}
