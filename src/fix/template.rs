//! A template into which something is written: what its expressions are, and which names are free.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::beginnings::Beginnings;
use super::change::Path;
use crate::catalogue::{Catalogue, TemplateResource};
use crate::diagnostics::{Otherwise, Part, Unknown, Written};
use crate::input::TemplateView;
use crate::source::{FileId, Span};
use crate::syntax::{Hole, Member, Node, Piece, Text};

/// A template into which something is written.
#[derive(Debug)]
pub(super) struct Target<'t> {
    pub(super) view: &'t TemplateView,
    /// The template's root.
    pub(super) root: Path,
    catalogue: &'t Catalogue,
    /// What names each text here.
    names: HashMap<Text, String>,
    /// The ARNs that other texts can begin with.
    arns: Beginnings,
    /// How the template writes the partition, where it leaves that open.
    partition: Option<&'static str>,
    /// Logical ids that are proposed, each with the number of the finding for which it is.
    proposed: Mutex<HashMap<String, usize>>,
}

/// A resource of a template.
#[derive(Clone, Debug)]
pub(super) struct Declared<'t> {
    pub(super) name: &'t str,
    pub(super) node: &'t Node,
    pub(super) path: Path,
    pub(super) shape: Option<&'t TemplateResource>,
}

impl<'t> Target<'t> {
    pub(super) fn new(
        view: &'t TemplateView,
        documents: &[Node],
        catalogue: &'t Catalogue,
    ) -> Option<Self> {
        let root = Path::to(documents, view.span())?;
        let mut names: HashMap<Text, String> = HashMap::new();
        let mut arns = Vec::new();
        for expression in view.expressions(catalogue) {
            let (text, reference) = (expression.text, expression.reference);
            let is_arn = text.to_string().starts_with("arn:");
            if is_arn && !names.contains_key(&text) {
                arns.push((text.clone(), reference.clone()));
            }
            names.entry(text).or_insert(reference);
        }
        Some(Target {
            view,
            root,
            catalogue,
            names,
            arns: Beginnings::of(arns),
            partition: view.partition(),
            proposed: Mutex::default(),
        })
    }

    /// The resource that is written at a place, or around it.
    pub(super) fn resource_at(&self, place: Span) -> Option<Declared<'t>> {
        let mut members = self.view.written.get("Resources")?.members().iter();
        let found = members
            .rfind(|member| member.key.span.contains(place) || member.value.span.contains(place))?;
        Some(self.declared(found))
    }

    /// The same, where several are at one place: the one of a name.
    pub(super) fn owner_at(&self, place: Span, name: Option<&str>) -> Option<Declared<'t>> {
        let resources = self.view.written.get("Resources")?;
        let named = name.and_then(|name| resources.member(name));
        let named = named.filter(|member| member.value.span == place);
        match named {
            Some(member) => Some(self.declared(member)),
            None => self.resource_at(place),
        }
    }

    fn declared(&self, member: &'t Member) -> Declared<'t> {
        let name = &*member.key.text;
        let shape = member.value.str("Type");
        let route = self.view.places.resources.iter();
        let resources = route.fold(self.root.clone(), |path, name| path.key(name));
        Declared {
            name,
            node: &member.value,
            path: resources.key(name),
            shape: shape.and_then(|name| self.catalogue.template_resource(name)),
        }
    }

    /// A text as it is written here: with `${…}` for what the template knows, and else with what stands
    /// outside of templates.
    /// Resources are named only `by_reference`.
    pub(super) fn written(&self, new: &Written, by_reference: bool) -> Written {
        let text = text_of(new);
        let is_fine = |name: &&String| by_reference || !self.is_resource(name);
        if let Some(name) = self.names.get(&text).filter(is_fine) {
            return Written::from(format!("${{{name}}}"));
        }
        let Some((name, rest)) = self.arns.find(&text, |name| is_fine(&name)) else {
            let pieces = self.pieces(&text.pieces(), new, by_reference);
            return self.with_partition(pieces);
        };
        let mut parts = vec![Part::Known(format!("${{{name}}}"))];
        parts.extend(self.pieces(&rest, new, by_reference).parts);
        Written { parts }
    }

    /// Whether a reference is to a resource.
    fn is_resource(&self, reference: &str) -> bool {
        let (name, _) = reference.split_once('.').unwrap_or((reference, ""));
        self.view.written.at(&["Resources", name]).is_some()
    }

    fn pieces(&self, pieces: &[Piece], new: &Written, by_reference: bool) -> Written {
        let parts = pieces.iter().map(|piece| match piece {
            Piece::Known(known) => Part::Known(known.replace("${", "${!")),
            Piece::Hole(hole) => {
                let own = Text::hole(hole.clone());
                let name = self.names.get(&own).cloned();
                let name = name.or_else(|| self.view.reference(hole));
                let is_fine = |name: &String| by_reference || !self.is_resource(name);
                match name.filter(is_fine) {
                    Some(name) => Part::Known(format!("${{{name}}}")),
                    None => otherwise(hole, new),
                }
            }
        });
        Written {
            parts: parts.collect(),
        }
    }

    /// An ARN with its partition as the template writes it.
    fn with_partition(&self, mut written: Written) -> Written {
        let Some((Part::Known(start), partition)) = written.parts.first_mut().zip(self.partition)
        else {
            return written;
        };
        let rest = start
            .strip_prefix("arn:")
            .and_then(|rest| rest.split_once(':'));
        if let Some((known, rest)) = rest.filter(|(known, _)| !known.contains('$')) {
            let is_resource = !rest.is_empty() && !known.is_empty();
            if is_resource {
                *start = format!("arn:{partition}:{rest}");
            }
        }
        written
    }

    /// A logical id that begins so and that nothing here has, nor what another finding proposes.
    pub(super) fn free_name(&self, wanted: &str, taken: &[String], finding: usize) -> String {
        let wanted: String = wanted.chars().filter(char::is_ascii_alphanumeric).collect();
        let numbered = (2..).map(|number| format!("{wanted}{number}"));
        let mut names = std::iter::once(wanted.clone()).chain(numbered);
        let proposed = self.proposed.lock();
        let mut proposed = proposed.unwrap_or_else(PoisonError::into_inner);
        let is_free = |name: &String| {
            let is_own = proposed.get(name).is_none_or(|of| *of == finding);
            is_own && !self.view.is_taken(name) && !taken.contains(name)
        };
        let name = names.find(is_free).unwrap_or(wanted);
        proposed.insert(name.clone(), finding);
        name
    }
}

/// A text as it is compared with those of a template.
pub(super) fn text_of(written: &Written) -> Text {
    let parts = written.parts.iter().map(|part| match part {
        Part::Known(known) => Piece::Known(known.as_str().into()),
        Part::Unknown(unknown) => Piece::Hole(hole_of(unknown)),
    });
    Text::of(parts)
}

fn hole_of(unknown: &Unknown) -> Hole {
    Hole {
        of: unknown.of.clone(),
        written: unknown.reference.as_deref().map(Into::into),
        ..Hole::anything(&unknown.id)
    }
}

/// What to write for something that the template does not know.
pub(super) fn otherwise(hole: &Hole, new: &Written) -> Part {
    let mut unknown = new.parts.iter().filter_map(|part| match part {
        Part::Unknown(unknown) => Some(unknown),
        Part::Known(_) => None,
    });
    let same = unknown.find(|unknown| unknown.id == hole.id && unknown.of == hole.of);
    match same {
        Some(Unknown {
            otherwise: Otherwise::Text(text),
            ..
        }) => Part::Known(text.clone()),
        Some(unknown) => Part::Unknown(Unknown {
            reference: None,
            ..unknown.clone()
        }),
        None => Part::Known("*".to_owned()),
    }
}

/// A text with `${…}` in it as the call of a function that stands for it.
pub(super) fn call(text: &str) -> Node {
    let node = |text: &str| Node::text(text, NOWHERE);
    let inside = text
        .strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'));
    let inside = inside.filter(|name| !name.contains(['$', '{', '!']));
    match inside.map(|name| (name, name.split_once('.'))) {
        Some((_, Some((resource, attribute)))) if attribute != "Alias" => {
            let parts = vec![node(resource), node(attribute)];
            object([("Fn::GetAtt", Node::array(parts, NOWHERE))])
        }
        Some((name, _)) => object([("Ref", node(name))]),
        None if text.contains("${") => object([("Fn::Sub", node(text))]),
        None => node(text),
    }
}

/// Where nothing is written.
pub(super) const NOWHERE: Span = Span {
    file: FileId::NOWHERE,
    start: 0,
    end: 0,
};

/// An object that is to be written.
pub(super) fn object<'a>(members: impl IntoIterator<Item = (&'a str, Node)>) -> Node {
    Node::object(members, NOWHERE)
}
