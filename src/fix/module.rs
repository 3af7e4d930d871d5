//! A module of Terraform into which something is written: what its expressions are, and which names are free.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use super::beginnings::Beginnings;
use super::hcl::escaped;
use super::template::{otherwise, text_of};
use crate::catalogue::{Catalogue, Mapping};
use crate::diagnostics::{ConditionTest, NewStatement, Part, Unknown, Written};
use crate::input::{Declared, ModuleView};
use crate::source::Span;
use crate::syntax::{Hole, Piece, Text};

/// A module of Terraform into which something is written.
#[derive(Debug)]
pub(super) struct Module<'m> {
    pub(super) view: &'m ModuleView,
    /// Whether it is called from one place alone.
    pub(super) is_only: bool,
    /// What names each text here.
    names: HashMap<Text, String>,
    /// The ARNs that other texts can begin with.
    arns: Beginnings,
    /// What data sources that need no arguments tell of where the module is deployed.
    places: Vec<Told>,
    /// Names of resources that are proposed, each with the number of the finding for which it is.
    proposed: Mutex<HashMap<String, usize>>,
}

/// Something that a data source tells without arguments.
#[derive(Debug)]
struct Told {
    /// What it is.
    id: String,
    type_name: String,
    attribute: String,
}

/// The name of data sources that are added.
const ADDED: &str = "current";

/// How texts are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Manner {
    /// Whether references can stand there.
    pub(super) by_reference: bool,
    /// Whether what is written is no template, so that `${` means nothing.
    pub(super) is_plain: bool,
    /// Whether a person may have to fill something in.
    pub(super) is_draft: bool,
    /// Whether it is for one thing, and not for each of several that are declared at once.
    pub(super) is_for_one: bool,
}

impl<'m> Module<'m> {
    /// A module that is called from this place alone, or from others as well.
    pub(super) fn new(view: &'m ModuleView, catalogue: &Catalogue, is_only: bool) -> Self {
        let mut names: HashMap<Text, String> = HashMap::new();
        let mut arns = Vec::new();
        for expression in &view.expressions {
            let (text, reference) = (&expression.text, &expression.reference);
            let is_arn = text.to_string().starts_with("arn:");
            if is_arn && !names.contains_key(text) {
                arns.push((text.clone(), reference.clone()));
            }
            names
                .entry(text.clone())
                .or_insert_with(|| reference.clone());
        }
        Module {
            view,
            is_only,
            names,
            arns: Beginnings::of(arns),
            places: places(catalogue),
            proposed: Mutex::default(),
        }
    }

    /// What is written at a place of the module.
    pub(super) fn declared_at(&self, place: Span) -> Option<&'m Declared> {
        self.view.declared_at(place)
    }

    /// A text as a template of HCL; nothing where it would have to be filled in, or is right in one of several
    /// places alone.
    pub(super) fn template(&self, new: &Written, manner: Manner) -> Option<String> {
        let text = text_of(new);
        let (start, rest) = match self.beginning(&text).filter(|_| manner.by_reference) {
            Some((name, rest)) => (format!("${{{name}}}"), rest),
            None => (String::new(), text.pieces()),
        };
        let names_nothing = start.is_empty();
        let mut template = start;
        for piece in rest {
            match piece {
                Piece::Known(known) if manner.is_plain => template.push_str(&known),
                Piece::Known(known) => template.push_str(&escaped(&known)),
                Piece::Hole(hole) => {
                    let name = self.names.get(&Text::hole(hole.clone())).cloned();
                    let name = name.or_else(|| self.told(&hole));
                    match (name.filter(|_| manner.by_reference), otherwise(&hole, new)) {
                        (Some(name), _) => template.push_str(&format!("${{{name}}}")),
                        (None, Part::Known(known)) => template.push_str(&known),
                        (None, Part::Unknown(unknown)) => {
                            let placeholder = manner.is_draft.then(|| outside(unknown))?;
                            template.push_str(&placeholder);
                        }
                    }
                }
            }
        }
        let is_of_one = names_nothing && template.starts_with("arn:");
        let is_for_one = self.is_only && manner.is_for_one;
        let is_right = is_for_one || manner.is_draft || !is_of_one;
        is_right.then_some(template)
    }

    /// What a data source that can be added tells.
    fn told(&self, hole: &Hole) -> Option<String> {
        let mut places = self.places.iter();
        let told = places.find(|told| hole.of.is_none() && *told.id == *hole.id)?;
        // One of that name can be of another provider.
        let key = format!("data.{}.{ADDED}", told.type_name);
        let is_free = self
            .view
            .declared
            .iter()
            .all(|declared| declared.key != key);
        is_free.then(|| format!("{key}.{}", told.attribute))
    }

    /// The types of the data sources that a text takes for granted.
    pub(super) fn added<'t>(
        &'t self,
        text: &'t str,
    ) -> impl Iterator<Item = (&'t str, &'static str)> {
        let types: BTreeSet<&str> = self.places.iter().map(|told| &*told.type_name).collect();
        types.into_iter().filter_map(move |name| {
            let key = format!("data.{name}.{ADDED}");
            let is_used = text.contains(&format!("{key}."));
            let is_new = self
                .view
                .declared
                .iter()
                .all(|declared| declared.key != key);
            (is_used && is_new).then_some((name, ADDED))
        })
    }

    /// What names the beginning of a text, and what follows it.
    fn beginning(&self, text: &Text) -> Option<(&str, Vec<Piece>)> {
        if let Some(name) = self.names.get(text) {
            return Some((name, Vec::new()));
        }
        self.arns.find(text, |_| true)
    }

    /// A statement with its texts as they are written here.
    pub(super) fn statement(&self, new: &NewStatement, manner: Manner) -> Option<NewStatement> {
        let written = |text: &Written| Some(Written::from(self.template(text, manner)?));
        let resources = new.resources.iter().map(&written);
        let conditions = new.conditions.iter().map(|test| {
            Some(ConditionTest {
                value: written(&test.value)?,
                ..test.clone()
            })
        });
        let principal = match &new.principal {
            Some((kind, name)) => Some((kind.clone(), written(name)?)),
            None => None,
        };
        Some(NewStatement {
            principal,
            resources: resources.collect::<Option<_>>()?,
            conditions: conditions.collect::<Option<_>>()?,
            ..new.clone()
        })
    }

    /// What expressions call a resource that has an address.
    pub(super) fn local<'a>(&self, address: &'a str) -> Option<&'a str> {
        address.strip_prefix(self.view.address.as_str())
    }

    /// A name that begins so and that no resource of the type here has, nor what another finding proposes.
    pub(super) fn free_name(
        &self,
        type_name: &str,
        wanted: &str,
        (taken, finding): (&[String], usize),
    ) -> String {
        let letters = wanted.chars().map(|c| match c {
            c if c.is_ascii_alphanumeric() => c.to_ascii_lowercase(),
            _ => '_',
        });
        let wanted: String = letters.collect();
        let numbered = (2..).map(|number| format!("{wanted}_{number}"));
        let mut names = std::iter::once(wanted.clone()).chain(numbered);
        let proposed = self.proposed.lock();
        let mut proposed = proposed.unwrap_or_else(PoisonError::into_inner);
        let is_free = |name: &String| {
            let is_own = proposed.get(name).is_none_or(|of| *of == finding);
            let key = format!("{type_name}.{name}");
            is_own && !self.view.is_taken(type_name, name) && !taken.contains(&key)
        };
        let name = names.find(is_free).unwrap_or(wanted);
        proposed.insert(name.clone(), finding);
        name
    }
}

/// What data sources tell without arguments.
fn places(catalogue: &Catalogue) -> Vec<Told> {
    let sources = catalogue.terraform().data_sources();
    let sources = sources.filter(|source| source.properties.is_empty() && source.kind.is_none());
    let told = sources.flat_map(|source| {
        source.attributes.iter().filter_map(|(name, form)| {
            let value = form.as_str().strip_prefix('{')?.strip_suffix('}')?;
            let id = source.values.iter().find(|(name, _)| name == value);
            let id = id.map_or(Some(value), |(_, mapping)| place_in(mapping))?;
            let is_place = id.contains("::") && name != "id";
            is_place.then(|| Told {
                id: id.to_owned(),
                type_name: source.name.clone(),
                attribute: name.clone(),
            })
        })
    });
    told.collect()
}

/// The place that a value is where no argument says otherwise.
fn place_in(mapping: &Mapping) -> Option<&str> {
    match mapping {
        Mapping::Place(name) => Some(name),
        Mapping::First(values) => values.iter().find_map(place_in),
        _ => None,
    }
}

/// What to write for something unknown, or a word in its place.
fn outside(unknown: Unknown) -> String {
    Written {
        parts: vec![Part::Unknown(unknown)],
    }
    .outside()
}
