//! Who asks, and who is named in a policy.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>

use super::arn::{self, Arn};
use super::context::Context;
use super::defect::Defect;
use super::identity::Identity;
use super::pattern::{Pattern, Style};
use super::request::Caller;
use super::service::Service;
use super::truth::Truth;
use crate::source::Span;
use crate::syntax::{Kind, Node, Piece, Text};

/// How directly a principal must be named for a statement to count.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PrincipalMatch {
    /// The user or the role session itself.
    Exact,
    /// The role of the session, or everybody, as well.
    Role,
    /// The account as well, which then decides by its own policies.
    Account,
}

/// The `Principal` or `NotPrincipal` element of a statement.
#[derive(Clone, Debug)]
pub struct PrincipalElement {
    /// Whether it is `NotPrincipal`.
    pub negated: bool,
    /// Who is named.
    pub entries: Vec<PrincipalEntry>,
    /// Where the element's value was written.
    pub span: Span,
    /// Whether some name could not be read, or is not known.
    unreadable: bool,
}

/// One name in a principal element.
#[derive(Clone, Debug)]
pub struct PrincipalEntry {
    /// `AWS`, `Service`, `Federated`, `CanonicalUser`; empty for a bare `*`.
    pub kind: String,
    /// The name.
    pub name: Text,
    /// Where the name was written.
    pub span: Span,
}

impl PrincipalElement {
    pub(super) fn read(node: &Node, negated: bool, defects: &mut Vec<Defect>) -> Self {
        let mut element = PrincipalElement {
            negated,
            entries: Vec::new(),
            span: node.span,
            unreadable: false,
        };
        let named: Vec<(&str, &Node)> = match &node.kind {
            Kind::Object(members) => members
                .iter()
                .flat_map(|m| m.value.each().iter().map(|value| (&*m.key.text, value)))
                .collect(),
            _ if node.as_hole().is_some() => {
                element.unreadable = true;
                return element;
            }
            _ => vec![("", node)],
        };
        for (kind, value) in named {
            match PrincipalEntry::read(kind, value) {
                Some(entry) => element.entries.push(entry),
                None => {
                    element.unreadable = true;
                    let message = "a principal must be a text or a list of texts";
                    defects.push(Defect::new(value.span, message));
                }
            }
        }
        element
    }

    /// Whether the element lets the caller in, by entries that name it at least so directly.
    #[must_use]
    pub fn covers(&self, caller: &Caller, named: PrincipalMatch, context: &Context) -> Truth {
        let named = match caller {
            Caller::Aws(identity) if self.negated => self.exempts(identity, context),
            _ => {
                let entries = self.entries.iter();
                Truth::any(entries.map(|entry| entry.names(caller, named, context)))
            }
        };
        let named = if self.unreadable {
            named.or(Truth::Unknown)
        } else {
            named
        };
        if self.negated { !named } else { named }
    }

    /// Whether `NotPrincipal` leaves an identity out: surely where its account is listed with it,
    /// and its role with its session. What a part of these does is not documented.
    ///
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>
    fn exempts(&self, identity: &Identity, context: &Context) -> Truth {
        let listed = |text: &Text| {
            let entries = self.entries.iter().filter(|entry| entry.kind == "AWS");
            Truth::any(entries.map(|entry| same_identity(&entry.name, text, context)))
        };
        let roots = self.entries.iter().filter(|entry| entry.kind == "AWS");
        let roots = roots.map(|entry| same_root(&entry.name, identity, context));
        let account = listed(&identity.account).or_else(|| Truth::any(roots));
        let id = identity.id.as_ref().map_or(Truth::No, listed);
        let own = listed(&identity.arn).or(id);
        let session = identity.session.as_ref().map_or(own, listed);
        let known = account.and(own).and(session);
        match (known, own.or(session)) {
            _ if self.entries.iter().any(PrincipalEntry::is_everybody) => Truth::Yes,
            (Truth::Yes, _) => Truth::Yes,
            (_, Truth::No) => Truth::No,
            _ => Truth::Unknown,
        }
    }

    /// Whether everybody is named.
    #[must_use]
    pub fn is_everybody(&self) -> bool {
        !self.negated && self.entries.iter().any(PrincipalEntry::is_everybody)
    }

    /// Whether a service is named.
    #[must_use]
    pub fn names_service(&self) -> bool {
        !self.negated && self.entries.iter().any(|entry| entry.kind == "Service")
    }
}

impl PrincipalEntry {
    fn read(kind: &str, value: &Node) -> Option<Self> {
        let name = match &value.kind {
            Kind::Text(text) => text.clone(),
            Kind::Number(number) => Text::from(std::sync::Arc::clone(number)),
            _ => return None,
        };
        Some(PrincipalEntry {
            kind: kind.to_owned(),
            name,
            span: value.span,
        })
    }

    /// `*`, alone or as an `AWS` principal, names everybody.
    #[must_use]
    pub fn is_everybody(&self) -> bool {
        self.name.as_str() == Some("*") && (self.kind.is_empty() || self.kind == "AWS")
    }

    fn names(&self, caller: &Caller, named: PrincipalMatch, context: &Context) -> Truth {
        if self.is_everybody() {
            return Truth::from(named >= PrincipalMatch::Role);
        }
        match (caller, self.kind.as_str()) {
            (Caller::Unknown, _) => Truth::Unknown,
            (Caller::Aws(identity), "AWS") => self.names_identity(identity, named, context),
            (Caller::Service(service), "Service") => self.names_service(service, context),
            (Caller::Federated(name), "Federated") => same_text(&self.name, name, context),
            // A part of the kind is not known.
            (_, kind) if kind.contains('<') => Truth::Unknown,
            // Who has which canonical id is not to be seen from anything else.
            (Caller::Aws(_), "CanonicalUser") => Truth::Unknown,
            _ => Truth::No,
        }
    }

    fn names_service(&self, service: &Service, context: &Context) -> Truth {
        let same = |name: &Text| same_text(&self.name, name, context);
        let rejected = Truth::any(service.never.iter().map(same));
        let names = std::iter::once(&service.name).chain(&service.also);
        Truth::any(names.map(same)).and(!rejected)
    }

    fn names_identity(
        &self,
        identity: &Identity,
        named: PrincipalMatch,
        context: &Context,
    ) -> Truth {
        let same = |text: &Text| same_identity(&self.name, text, context);
        let is_role = identity.is_role;
        let by_session = || identity.session.as_ref().map_or(Truth::No, same);
        let by_id = || match &identity.id {
            Some(id) => same(id),
            None => Truth::from(is_unique_id(&self.name)).and(Truth::Unknown),
        };
        let by_arn = || match !is_role || named >= PrincipalMatch::Role {
            true => same(&identity.arn),
            false => Truth::No,
        };
        let by_account = || match named {
            PrincipalMatch::Account => {
                same(&identity.account).or_else(|| same_root(&self.name, identity, context))
            }
            _ => Truth::No,
        };
        by_session()
            .or_else(by_id)
            .or_else(by_arn)
            .or_else(by_account)
    }
}

/// Whether a name is the unique id of a user or role, such as `AIDAJQABLZS4A3QDU576Q`.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids>
fn is_unique_id(name: &Text) -> bool {
    let name = name.as_str().unwrap_or("");
    let letters = name
        .bytes()
        .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    letters && name.len() >= 16 && (name.starts_with("AIDA") || name.starts_with("AROA"))
}

/// The ARN that stands for an identity's whole account.
fn root_of(identity: &Identity) -> Text {
    let partition = Arn::parse(&identity.arn).map_or_else(|| Text::from("aws"), |a| a.partition);
    let parts = [
        &Text::from("arn:"),
        &partition,
        &Text::from(":iam::"),
        &identity.account,
    ];
    let pieces = parts.into_iter().flat_map(Text::pieces);
    Text::of(pieces.chain([Piece::Known(":root".into())]))
}

/// Whether a name is the ARN that stands for an identity's whole account.
fn same_root(name: &Text, identity: &Identity, context: &Context) -> Truth {
    let known = name.as_str().filter(|name| name.is_ascii());
    let (Some(known), Some(parts)) = (known, parts_of_root(identity)) else {
        return same_identity(name, &root_of(identity), context);
    };
    // The same without putting the ARN together: this is asked for every name.
    if known.len() != parts.iter().map(|part| part.len()).sum::<usize>() {
        return Truth::No;
    }
    let root = || parts.into_iter().flat_map(str::bytes);
    let folded = |byte: u8| byte.to_ascii_lowercase();
    match known.bytes().map(folded).eq(root().map(folded)) {
        true if known.bytes().eq(root()) => Truth::Yes,
        true => Truth::Unknown,
        false => Truth::No,
    }
}

/// The parts of the ARN that stands for an identity's whole account, where all of it is known and of
/// ASCII.
fn parts_of_root(identity: &Identity) -> Option<[&str; 5]> {
    let (arn, account) = (identity.arn.as_str()?, identity.account.as_str()?);
    let partition = match arn::parts(arn) {
        Some(["arn", partition, ..]) => partition,
        _ => "aws",
    };
    let parts = ["arn:", partition, ":iam::", account, ":root"];
    parts.iter().all(|part| part.is_ascii()).then_some(parts)
}

/// Whether two texts name the same identity. The case of a user's name counts; whether that of a
/// role's does is not documented.
fn same_identity(left: &Text, right: &Text, context: &Context) -> Truth {
    let same = match (left.as_str(), right.as_str()) {
        (Some(left), Some(right)) => Truth::from(left == right),
        _ => {
            let style = Style {
                fold: false,
                ..PLAIN
            };
            Pattern::new(left, style).matches(right, context)
        }
    };
    let is_user = || right.as_str().is_some_and(|arn| arn.contains(":user/"));
    match same {
        Truth::No if same_text(left, right, context) != Truth::No && !is_user() => Truth::Unknown,
        same => same,
    }
}

const PLAIN: Style = Style {
    wildcards: false,
    segments: false,
    fold: true,
    variables: false,
};

/// Whether two texts are equal but for their case, whatever is in their holes.
fn same_text(left: &Text, right: &Text, context: &Context) -> Truth {
    if let (Some(left), Some(right)) = (left.as_str(), right.as_str())
        && left.is_ascii()
        && right.is_ascii()
    {
        return Truth::from(left.eq_ignore_ascii_case(right));
    }
    Pattern::new(left, PLAIN).matches(right, context)
}
