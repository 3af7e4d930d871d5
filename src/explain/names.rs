//! The named parts of an error, and what texts about it say in their place.

use std::collections::BTreeMap;

use super::who;
use crate::catalogue::Catalogue;
use crate::diagnostics::{Denied, quoted};
use crate::syntax::{Names as Variables, Template, Text};

/// Words for names that an error does not contain.
const UNNAMED: [(&str, &str); 14] = [
    ("principal", "the caller"),
    ("caller", "the caller"),
    ("action", "the action"),
    ("resource", "the resource"),
    ("operation", "the call"),
    ("service", "the service"),
    ("function", "the function"),
    ("role", "the role"),
    ("bucket", "the bucket"),
    ("key", "the key"),
    ("logGroup", "the log group"),
    ("file", "the file"),
    ("accessPoint", "the access point"),
    ("policyArn", "that policy"),
];

/// Parts of an ARN that others next to it have as well.
const SHARED: [&str; 3] = ["partition", "region", "account"];

/// The named parts of an error.
pub(super) struct Names<'f> {
    found: &'f [(String, String)],
    /// What follows from the parts, such as the words for the caller.
    derived: BTreeMap<&'static str, String>,
    /// What stands in the place of words in capitals, such as `FUNCTION`.
    placeholders: BTreeMap<String, String>,
    /// The ARN of the resource, with a word in capitals for an account that is masked.
    resource: Option<String>,
}

impl<'f> Names<'f> {
    pub(super) fn new(found: &'f [(String, String)]) -> Self {
        Names {
            found,
            derived: BTreeMap::new(),
            placeholders: BTreeMap::new(),
            resource: None,
        }
    }

    /// Adds a name that follows from others.
    pub(super) fn derive(&mut self, name: &'static str, text: Option<String>) {
        self.derived.extend(text.map(|text| (name, text)));
    }

    /// Adds what the request says of the words in capitals that a person would fill in.
    pub(super) fn know(&mut self, catalogue: &Catalogue, request: &Denied) {
        let written = || unmasked(self.get("resource")?, request);
        self.resource = request.resource.clone().or_else(written);
        let mut know = |word: &str, value: Option<&str>| {
            let plain = value.filter(|value| !value.is_empty() && quoted(value) == *value);
            let known = plain.map(|value| (word.to_owned(), value.to_owned()));
            self.placeholders.extend(known);
        };
        let resource = self.resource.as_deref();
        for (word, value) in resource.into_iter().flat_map(|arn| parts(catalogue, arn)) {
            know(&word, Some(&value));
        }
        let arn = who::arn(request);
        know("FUNCTION", request.function.as_deref());
        know("ROLE", request.role.as_deref());
        know(
            "ROLE_ARN",
            arn.as_deref().filter(|arn| arn.contains(":role/")),
        );
        know("CALLER_ARN", arn.as_deref());
        know(
            "CALLER_ACCOUNT",
            arn.as_deref().and_then(|arn| arn.split(':').nth(4)),
        );
        know(
            "RESOURCE_ARN",
            resource.filter(|arn| arn.starts_with("arn:")),
        );
        know("ACTION", request.actions.first().map(String::as_str));
        self.derive("caller", Some(who::words(request)));
        self.derive("getBoundary", Some(get_boundary(request)));
        self.derive_resource(catalogue);
    }

    /// The resource of the call, as far as the error names it.
    pub(super) fn resource(&self) -> Option<&str> {
        self.resource.as_deref()
    }

    /// Adds the parts of the resource that texts of statements may contain.
    fn derive_resource(&mut self, catalogue: &Catalogue) {
        let arn = self.resource.clone().filter(|arn| arn.starts_with("arn:"));
        let arn = arn.as_deref();
        // Another ARN of the error is at least in the same Region.
        let mut others = self.found.iter().map(|(_, text)| text.as_str());
        let nearest =
            arn.or_else(|| others.find(|text| text.starts_with("arn:") && !text.contains('*')));
        let part = |at| {
            nearest
                .and_then(|arn| arn.split(':').nth(at))
                .filter(|part| !part.is_empty())
        };
        let part = |at: usize| part(at).map(str::to_owned);
        let (partition, region, account) = (part(1), part(3), part(4));
        self.derive(
            "partition",
            Some(partition.unwrap_or_else(|| "aws".to_owned())),
        );
        self.derive("region", region);
        self.derive("account", account);
        let function = arn.filter(|arn| arn.contains(":function:"));
        let unqualified = |arn: &str| arn.splitn(8, ':').take(7).collect::<Vec<_>>().join(":");
        self.derive("functionArn", function.map(unqualified));
        let general = &catalogue.symptoms().general;
        self.derive(
            "generalArn",
            arn.map(|arn| general.of(&catalogue.actions.table, arn)),
        );
    }

    /// What stands between quotes is a resource as it is.
    pub(super) fn get(&self, wanted: &str) -> Option<&str> {
        let find = |wanted: &str| {
            let mut names = self.found.iter();
            let found = names.find(|(name, text)| name == wanted && !text.is_empty());
            found.map(|(_, text)| text.as_str())
        };
        if let Some(derived) = self.derived.get(wanted) {
            return Some(derived);
        }
        match wanted {
            "resource" if find("quoted").is_some() => find("quoted"),
            _ => Some(find(wanted)?.trim_end_matches(['.', ',', ';'])),
        }
    }

    /// A text with the parts in it; what the error does not name is called what it is.
    pub(super) fn fill(&self, text: &str) -> String {
        let filled = self.filled(
            text,
            |name| self.get(name).map(str::to_owned),
            |name| {
                let unnamed = UNNAMED.iter().find(|(known, _)| *known == name);
                unnamed.map(|(_, words)| (*words).to_owned())
            },
        );
        self.without_placeholders(&filled.unwrap_or_else(|| text.to_owned()))
    }

    /// A command with the parts in it, each as a shell takes it; what the error does not name is a
    /// word in capitals.
    pub(super) fn command(&self, text: &str) -> String {
        let get = |name: &str| match self.derived.get(name) {
            Some(derived) => Some(derived.clone()),
            None => self.get(name).map(quoted),
        };
        let filled = self.filled(text, get, |name| Some(placeholder(name)));
        self.without_placeholders(&filled.unwrap_or_else(|| text.to_owned()))
    }

    /// A text of a statement with the parts in it; what the error does not name is a word in capitals.
    pub(super) fn write(&self, text: &str) -> String {
        let get = |name: &str| self.get(name).map(str::to_owned);
        let filled = self.filled(text, get, |name| Some(placeholder(name)));
        self.without_placeholders(&filled.unwrap_or_else(|| text.to_owned()))
    }

    /// The text of a template for an ARN, with words in capitals for what is not known.
    pub(super) fn write_template(&self, template: &Template, mut known: Variables) -> String {
        for name in template.names() {
            let shared = name.to_lowercase();
            let text = match self.get(&shared).filter(|_| SHARED.contains(&&*shared)) {
                Some(text) => text.to_owned(),
                None => self.without_placeholders(&placeholder(name)),
            };
            known
                .entry(name.to_owned())
                .or_insert_with(|| Text::from(text));
        }
        template.fill(&known).to_string()
    }

    /// The ARN that a source sends, of which an error says nothing but what it shares with the function.
    pub(super) fn write_source(&self, template: &Template) -> String {
        let names = template.names().map(|name| {
            let text = match self.get(name).filter(|_| SHARED.contains(&name)) {
                Some(text) => text.to_owned(),
                None => placeholder(name.strip_prefix("source").unwrap_or(name)),
            };
            (name.to_owned(), Text::from(text))
        });
        template.fill(&names.collect()).to_string()
    }

    /// The text with the parts in it; nothing where a part is not named.
    pub(super) fn fill_all(&self, text: &str) -> Option<String> {
        self.filled(text, |name| self.get(name).map(str::to_owned), |_| None)
    }

    fn filled(
        &self,
        text: &str,
        get: impl Fn(&str) -> Option<String>,
        otherwise: impl Fn(&str) -> Option<String>,
    ) -> Option<String> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('{') {
            filled.push_str(before);
            let named = behind.split_once('}');
            let named = named.filter(|(name, _)| name.chars().all(char::is_alphanumeric));
            match named {
                Some((name, after)) => {
                    filled.push_str(&get(name).or_else(|| otherwise(name))?);
                    rest = after;
                }
                None => {
                    filled.push('{');
                    rest = behind;
                }
            }
        }
        filled.push_str(rest);
        Some(filled)
    }

    /// The text with what is known in the place of words in capitals.
    fn without_placeholders(&self, text: &str) -> String {
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while !rest.is_empty() {
            let end = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            filled.push_str(self.placeholders.get(word).map_or(word, String::as_str));
            let next = after.find(is_part).unwrap_or(after.len());
            let (between, behind) = after.split_at(next);
            filled.push_str(between);
            rest = behind;
        }
        filled
    }
}

/// An ARN whose account is masked, with the account of the caller if it ends alike, or a word in
/// capitals.
fn unmasked(arn: &str, request: &Denied) -> Option<String> {
    let mut parts: Vec<&str> = arn.splitn(6, ':').collect();
    let account = parts.get_mut(4)?;
    let end = account.trim_start_matches('*');
    let is_masked = end.len() < account.len() && end.bytes().all(|b| b.is_ascii_digit());
    let own = request
        .principal
        .as_deref()
        .and_then(|arn| arn.split(':').nth(4));
    let own = own.filter(|own| own.len() == 12 && own.ends_with(end) && !end.is_empty());
    *account = own.unwrap_or("ACCOUNT");
    let whole = parts.join(":");
    (is_masked && arn.starts_with("arn:") && !whole.contains("**")).then_some(whole)
}

/// The command that shows the permissions boundary of the caller.
fn get_boundary(request: &Denied) -> String {
    let user = request
        .principal
        .as_deref()
        .and_then(|arn| arn.split_once(":user/"));
    match user.and_then(|(_, path)| path.rsplit('/').next()) {
        Some(user) => {
            format!(
                "aws iam get-user --user-name {} --query User.PermissionsBoundary",
                quoted(user)
            )
        }
        None => "aws iam get-role --role-name ROLE --query Role.PermissionsBoundary".to_owned(),
    }
}

/// The word in capitals for a name: `QUEUE` for `QueueName`, `REGION` for `region`.
fn placeholder(name: &str) -> String {
    let short = name.strip_suffix("Name").filter(|rest| !rest.is_empty());
    let mut word = String::new();
    let mut was_small = false;
    for c in short.unwrap_or(name).chars() {
        if c.is_ascii_uppercase() && was_small {
            word.push('_');
        }
        was_small = !c.is_ascii_uppercase();
        word.push(c.to_ascii_uppercase());
    }
    word
}

/// What the parts of an ARN stand for, by the words in capitals; those that change from call to call
/// are left out.
fn parts(catalogue: &Catalogue, arn: &str) -> Vec<(String, String)> {
    let written = Text::from(arn);
    let mut words: Vec<(String, String)> = Vec::new();
    let mut fields = arn.splitn(6, ':').skip(3);
    for name in ["region", "account"] {
        let value = fields.next().unwrap_or("");
        words.push((placeholder(name), value.to_owned()));
    }
    let service = arn.split(':').nth(2).unwrap_or("");
    let types = catalogue.actions.table.service(service).into_iter();
    let mut types = types.flat_map(|service| service.resources());
    let found = types.find_map(|of_type| Template::parse(of_type.arn()).ok()?.capture(&written));
    let general = &catalogue.symptoms().general;
    for (name, value) in found.into_iter().flatten() {
        if !general.is_transient(service, &name) {
            words.push((placeholder(&name), value.to_string()));
        }
    }
    words
}
