//! Who asks, and who is named in a policy.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>

use super::arn::{self, Arn};
use super::context::Context;
use super::defect::Defect;
use super::elements::is_element;
use super::identity::Identity;
use super::principal_name::{
    has_wildcard, is_canonical_id, is_identity, is_placeholder, same_identity, same_known,
    same_name,
};
use super::request::Caller;
use super::service::Service;
use super::truth::Truth;
use crate::source::Span;
use crate::syntax::{Key, Kind, Member, Node, Piece, Text, nearest};

/// How directly a principal must be named for a statement to count.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PrincipalMatch {
    /// The user or the role session itself, or everybody.
    Exact,
    /// The role of the session as well.
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
    /// Whether AWS refuses it, so that whoever it may mean is not known.
    is_mistaken: bool,
}

/// The kinds of principals.
const KINDS: [&str; 4] = ["AWS", "Service", "Federated", "CanonicalUser"];

impl PrincipalElement {
    pub(super) fn read(node: &Node, negated: bool, defects: &mut Vec<Defect>) -> Self {
        let mut element = PrincipalElement {
            negated,
            entries: Vec::new(),
            span: node.span,
            unreadable: false,
        };
        match &node.kind {
            Kind::Object(members) => {
                for Member { key, value } in members.iter() {
                    check_kind(key, defects);
                    let values = value.each().iter();
                    values.for_each(|value| element.add(&key.text, value, defects));
                }
            }
            _ if node.as_hole().is_some() => element.unreadable = true,
            _ => {
                let values = node.each().iter();
                values.for_each(|value| element.add("", value, defects));
            }
        }
        element
    }

    fn add(&mut self, kind: &str, value: &Node, defects: &mut Vec<Defect>) {
        match PrincipalEntry::read(kind, value) {
            Some(mut entry) => {
                entry.check(defects);
                let name = entry.name.as_str();
                self.unreadable |= name.is_some_and(is_placeholder);
                self.entries.push(entry);
            }
            None => {
                self.unreadable = true;
                let message = "a principal must be a string or a list of strings";
                defects.push(Defect::new(value.span, message));
            }
        }
    }

    /// Whether the element lets the caller in, by entries that name it at least so directly.
    #[must_use]
    pub fn covers(&self, caller: &Caller, named: PrincipalMatch, context: &Context) -> Truth {
        let named = match caller {
            // What `NotPrincipal` with everybody means is not documented.
            _ if self.negated && self.entries.iter().any(PrincipalEntry::is_everybody) => {
                Truth::Unknown
            }
            Caller::Aws(identity) if self.negated => self.exempts(identity, context),
            _ => {
                // Whoever is named in any way is left out.
                let named = match self.negated {
                    true => PrincipalMatch::Account,
                    false => named,
                };
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
    /// and its role with its session. An account that is listed with others alone leaves out only
    /// those. What a part of these does, and the account by itself, is not documented.
    ///
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>
    fn exempts(&self, identity: &Identity, context: &Context) -> Truth {
        let listed = |is_it: &dyn Fn(&Text) -> Truth| {
            let entries = self.entries.iter().filter(|entry| entry.is_of("AWS"));
            Truth::any(entries.map(|entry| entry.doubted(is_it(&entry.name))))
        };
        let account = listed(&|name| is_account_of(name, identity, context));
        let id = |name: &Text| match &identity.id {
            Some(id) => same_identity(name, id, context),
            None => Truth::from(is_unique_id(name)).and(Truth::Unknown),
        };
        // Who has which canonical id is not to be seen from anything else.
        let canonical = self
            .entries
            .iter()
            .any(|entry| entry.kind == "CanonicalUser");
        let canonical = Truth::from(canonical).and(Truth::Unknown);
        let own = listed(&|name| is_arn_of(name, identity, context).or(id(name)));
        let own = own.or(canonical);
        let session = match &identity.session {
            Some(session) => listed(&|name| same_identity(name, session, context)),
            None => own,
        };
        match account.and(own).and(session) {
            Truth::Yes => Truth::Yes,
            _ if own.or(session) != Truth::No => Truth::Unknown,
            _ if account == Truth::No => Truth::No,
            _ => match listed(&|name| !is_account_of(name, identity, context)) {
                Truth::Yes => Truth::No,
                _ => Truth::Unknown,
            },
        }
    }

    /// Whether everybody is named.
    #[must_use]
    pub fn is_everybody(&self) -> bool {
        !self.negated && self.entries.iter().any(PrincipalEntry::is_everybody)
    }

    /// Whether somebody is named without a kind, as `*` is.
    pub(super) fn has_no_kind(&self) -> bool {
        self.entries.iter().any(|entry| entry.kind.is_empty())
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
            is_mistaken: false,
        })
    }

    /// Notes what AWS refuses: a name without its kind, a wildcard that is not all of the name, and what is no
    /// name.
    ///
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>
    fn check(&mut self, defects: &mut Vec<Defect>) {
        let name = self.name.to_string();
        let is_kind = self.kind.is_empty() || KINDS.contains(&&*self.kind);
        let message = if self.is_everybody() || !is_kind {
            return;
        } else if self.kind.is_empty() {
            format!("a principal requires a type, as in `{{\"AWS\": \"{name}\"}}`")
        } else if has_wildcard(&self.name) {
            format!("`{name}` contains a wildcard: a principal must be written in full or be `*`")
        } else if self.kind == "AWS" && self.name.as_str().is_some_and(|n| !is_identity(n)) {
            format!("`{name}` is neither the ARN of a principal nor an account ID")
        } else if self.kind == "Service" && !self.name.to_string().contains(['.', '<', '$', '{']) {
            format!("`{name}` is not a valid service principal, such as `SERVICE.amazonaws.com`")
        } else {
            return;
        };
        self.is_mistaken = true;
        defects.push(Defect::new(self.span, &message));
    }

    /// `*`, alone or as an `AWS` principal, names everybody.
    #[must_use]
    pub fn is_everybody(&self) -> bool {
        self.name.as_str() == Some("*") && self.is_of("AWS")
    }

    /// Whether the name is of this kind, or may be for want of a kind.
    fn is_of(&self, kind: &str) -> bool {
        self.kind.is_empty() || self.kind == kind
    }

    /// Nothing follows for certain from a name that AWS refuses.
    fn doubted(&self, truth: Truth) -> Truth {
        match self.is_mistaken {
            true => truth.and(Truth::Unknown),
            false => truth,
        }
    }

    fn names(&self, caller: &Caller, named: PrincipalMatch, context: &Context) -> Truth {
        if self.is_everybody() {
            return Truth::Yes;
        }
        self.doubted(match caller {
            Caller::Unknown => Truth::Unknown,
            Caller::Aws(identity) if self.is_of("AWS") => {
                self.names_identity(identity, named, context)
            }
            Caller::Service(service) if self.is_of("Service") => {
                self.names_service(service, context)
            }
            Caller::Federated(name) if self.is_of("Federated") => {
                same_name(&self.name, name, context)
            }
            // A part of the kind is not known.
            _ if self.kind.contains('<') => Truth::Unknown,
            // Who has which canonical id is not to be seen from anything else.
            Caller::Aws(_) if self.kind == "CanonicalUser" => Truth::Unknown,
            _ => Truth::No,
        })
    }

    fn names_service(&self, service: &Service, context: &Context) -> Truth {
        let same = |name: &Text| same_name(&self.name, name, context);
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
        let name = &self.name;
        let by_session = || match &identity.session {
            Some(session) => same_identity(name, session, context),
            None => Truth::No,
        };
        let by_id = || match &identity.id {
            Some(id) => same_identity(name, id, context),
            None => Truth::from(is_unique_id(name)).and(Truth::Unknown),
        };
        let is_itself = !identity.is_role && !identity.is_root();
        let by_arn = || match is_itself || named >= PrincipalMatch::Role {
            true => is_arn_of(name, identity, context),
            false => Truth::No,
        };
        let from_behind = || match named >= PrincipalMatch::Role && identity.is_federated_user() {
            true => may_be_behind(name, identity),
            false => Truth::No,
        };
        let by_account = || match named {
            PrincipalMatch::Account => is_account_of(name, identity, context),
            _ => Truth::No,
        };
        by_session()
            .or_else(by_id)
            .or_else(by_arn)
            .or_else(from_behind)
            .or_else(by_account)
    }
}

/// Notes a kind of principal that does not exist.
fn check_kind(key: &Key, defects: &mut Vec<Defect>) {
    let kind = &*key.text;
    // An element that stands too deep is told as such.
    if KINDS.contains(&kind) || key.is_open() || is_element(kind) {
        return;
    }
    let mut message = format!("unknown principal type `{kind}`");
    if let Some(near) = nearest(kind, KINDS) {
        message.push_str(&format!(": did you mean `{near}`?"));
    }
    defects.push(Defect::new(key.span, &message));
}

/// Whether a name is the unique id of a user or role, such as `AIDAJQABLZS4A3QDU576Q`, or a canonical user
/// id. The ARN of a caller shows neither.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids>
fn is_unique_id(name: &Text) -> bool {
    let name = name.as_str().unwrap_or("");
    let letters = name
        .bytes()
        .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    let is_unique = letters && name.len() >= 16;
    is_unique && (name.starts_with("AIDA") || name.starts_with("AROA")) || is_canonical_id(name)
}

/// Whether a name is that of the user or role. A session does not show the path of its role, but the
/// account and the name alone identify it.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-names>
fn is_arn_of(name: &Text, identity: &Identity, context: &Context) -> Truth {
    if identity.is_root() {
        return is_account_of(name, identity, context);
    }
    let Some(pathless) = &identity.pathless else {
        return same_identity(name, &identity.arn, context);
    };
    match (parts_of_role(name), parts_of_role(pathless)) {
        (Some((account, role)), Some((own_account, own_role))) => {
            same_known(account, own_account).and(same_known(role, own_role))
        }
        _ => same_identity(name, &identity.arn, context),
    }
}

/// What stands before the path of a role's ARN, and the role's name; `None` for any other name, and for one
/// with holes or wildcards.
fn parts_of_role(name: &Text) -> Option<(&str, &str)> {
    let known = name.as_str().filter(|name| !name.contains(['*', '?']))?;
    let (account, path) = known.split_once(":role/")?;
    Some((account, path.rsplit('/').next()?))
}

/// Whether a name may be that of the user behind a federated user. The session does not show who that
/// is, and what names the user counts for the session too.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>
fn may_be_behind(name: &Text, identity: &Identity) -> Truth {
    let arn = Arn::parse(name);
    let is_user = |arn: Arn| {
        let is_user = arn.resource.to_string().starts_with("user/");
        is_user
            && arn
                .account
                .as_str()
                .is_none_or(|a| identity.account.as_str() == Some(a))
    };
    match arn.is_some_and(is_user) {
        true => Truth::Unknown,
        false => Truth::No,
    }
}

/// Whether a name stands for an identity's whole account.
fn is_account_of(name: &Text, identity: &Identity, context: &Context) -> Truth {
    let itself = same_identity(name, &identity.account, context);
    let with_dashes = || match (name.as_str(), identity.account.as_str()) {
        // IAM saves an id with dashes; what it matches is not documented.
        (Some(name), Some(own)) if name.replace('-', "") == own => Truth::Unknown,
        _ => Truth::No,
    };
    itself
        .or_else(|| is_root_of(name, identity, context))
        .or_else(with_dashes)
}

/// Whether a name is the ARN that stands for an identity's whole account.
fn is_root_of(name: &Text, identity: &Identity, context: &Context) -> Truth {
    let known = name.as_str();
    let known = known.filter(|name| name.is_ascii() && !name.contains(['*', '?']));
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
    let arn = identity.pathless.as_ref().unwrap_or(&identity.arn);
    let partition = match arn::parts(arn.as_str()?) {
        Some(["arn", partition, ..]) => partition,
        _ => "aws",
    };
    let account = identity.account.as_str()?;
    let parts = ["arn:", partition, ":iam::", account, ":root"];
    parts.iter().all(|part| part.is_ascii()).then_some(parts)
}

/// The ARN that stands for an identity's whole account.
fn root_of(identity: &Identity) -> Text {
    let partition = Arn::parse(identity.pathless.as_ref().unwrap_or(&identity.arn));
    let partition = partition.map_or_else(|| Text::from("aws"), |arn| arn.partition);
    let parts = [
        &Text::from("arn:"),
        &partition,
        &Text::from(":iam::"),
        &identity.account,
    ];
    let pieces = parts.into_iter().flat_map(Text::pieces);
    Text::of(pieces.chain([Piece::Known(":root".into())]))
}
