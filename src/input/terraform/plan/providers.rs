//! Where the providers of a plan create their resources.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::planned::{Planned, PlannedInstances};
use super::roles::AttributeRoles;
use crate::catalogue::Catalogue;
use crate::input::terraform::instance::Place;
use crate::syntax::{Hole, Node, Text};

/// Where the providers of a plan create their resources, by what the plan calls them.
pub(super) struct Providers<'p> {
    places: HashMap<&'p str, Place>,
    other: Place,
}

/// The account and Region that the user gave, by their pseudo parameters.
pub(in crate::input) type GivenPlace = BTreeMap<String, String>;

/// What instances say of the place of their provider; two different texts say nothing.
#[derive(Default)]
struct Seen<'p> {
    account: Option<&'p str>,
    region: Option<&'p str>,
    differs: [bool; 2],
}

impl<'p> Providers<'p> {
    /// The providers of a plan or state.
    pub(super) fn of(
        document: &'p Node,
        planned: &PlannedInstances<'p>,
        roles: &AttributeRoles<'_>,
        (root, given): (&Arc<str>, &GivenPlace),
        catalogue: &Catalogue,
    ) -> Self {
        let mut seen: HashMap<&str, Seen<'p>> = HashMap::new();
        for planned in &planned.list {
            let seen = seen.entry(provider(planned)).or_default();
            seen.add(planned, roles);
        }
        let configured = document.at(&["configuration", "provider_config"]);
        let configured = configured.map_or(&[][..], Node::members);
        for member in configured {
            let region = member.value.at(&["expressions", "region"]);
            let region = region.and_then(|region| constant(region, document));
            let seen = seen.entry(&member.key.text).or_default();
            if region.is_some() {
                seen.region = region;
                seen.differs[1] = false;
            }
        }
        let places = seen.into_iter().map(|(key, seen)| {
            let place = seen.place(key, (root, given), catalogue);
            (key, place)
        });
        Providers {
            places: places.collect(),
            other: Seen::default().place("", (root, given), catalogue),
        }
    }

    /// Where an instance is created; what it says itself comes first.
    pub(super) fn place(&self, planned: &Planned<'_>, catalogue: &Catalogue) -> Place {
        let of_provider = self.places.get(provider(planned)).unwrap_or(&self.other);
        let mut place = of_provider.clone();
        let own = |name: &str| planned.values?.str(name).filter(|text| !text.is_empty());
        let arn = own("arn").filter(|_| !planned.is_data).and_then(Arn::of);
        if let Some(account) = arn.and_then(|arn| arn.account()) {
            place.account = account.into();
        }
        let region = own("region").or(arn
            .map(|arn| arn.region)
            .filter(|region| !region.is_empty()));
        if let Some(region) = region {
            place.partition = partition(Some(region), catalogue);
            place.region = region.into();
        }
        place
    }
}

/// The parts of an ARN that tell where a resource is.
#[derive(Clone, Copy)]
struct Arn<'a> {
    region: &'a str,
    account: &'a str,
}

impl<'a> Arn<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let mut parts = text.strip_prefix("arn:")?.splitn(5, ':');
        let (region, account) = (parts.nth(2)?, parts.next()?);
        Some(Arn { region, account })
    }

    fn account(self) -> Option<&'a str> {
        let is_id = self.account.len() == 12 && self.account.bytes().all(|b| b.is_ascii_digit());
        is_id.then_some(self.account)
    }
}

impl<'p> Seen<'p> {
    fn add(&mut self, planned: &Planned<'p>, roles: &AttributeRoles<'_>) {
        let Some(values) = planned.values else {
            return;
        };
        // A data source can read what is in another account or Region.
        if planned.is_data {
            let is_given = |name: &str| {
                let given = planned
                    .configuration
                    .and_then(|c| c.at(&["expressions", name]));
                given.is_some()
            };
            let [account, region] = roles.place_attributes(planned.type_name);
            let read = |name: Option<&str>| values.str(name.filter(|name| !is_given(name))?);
            self.note(read(account), read(region));
            return;
        }
        let arn = values.str("arn").and_then(Arn::of);
        let account = arn.and_then(Arn::account);
        let region = arn
            .map(|arn| arn.region)
            .filter(|region| !region.is_empty());
        self.note(account, region);
    }

    fn note(&mut self, account: Option<&'p str>, region: Option<&'p str>) {
        let known = [&mut self.account, &mut self.region];
        for ((known, differs), new) in known
            .into_iter()
            .zip(&mut self.differs)
            .zip([account, region])
        {
            *differs |= known.is_some() && new.is_some() && *known != new;
            *known = known.or(new);
        }
    }

    fn place(
        self,
        key: &str,
        (root, given): (&Arc<str>, &GivenPlace),
        catalogue: &Catalogue,
    ) -> Place {
        let [other_accounts, other_regions] = self.differs;
        let given = |name: &str| {
            let known = given.get(name).filter(|_| !is_other(key));
            known.map(String::as_str)
        };
        let account = self.account.filter(|_| !other_accounts);
        let account = account.or_else(|| given("AWS::AccountId"));
        let region = self.region.filter(|_| !other_regions);
        let region = region.or_else(|| given("AWS::Region"));
        // Another provider can have another account or Region.
        let of: Arc<str> = format!("{root}:{key}").into();
        let text = |known: Option<&str>, name: &str| match known {
            Some(known) => Text::from(known),
            None if is_other(key) => Text::hole(Hole::word(name).of(&of)),
            None => Text::hole(Hole::word(name)),
        };
        Place {
            account: text(account, "AWS::AccountId"),
            region: text(region, "AWS::Region"),
            partition: partition(region, catalogue),
        }
    }
}

/// Whether a provider is not the default one: it has an alias, or is that of a module.
fn is_other(key: &str) -> bool {
    let name = key.rsplit(['/', '"', ']']).next();
    name.is_some_and(|name| name.contains(['.', ':']))
}

/// The partition of a Region. Nearly all are in one of them.
fn partition(region: Option<&str>, catalogue: &Catalogue) -> Text {
    let known = region.and_then(|region| catalogue.principals.partition_of(region));
    Text::from(known.map_or("aws", |(partition, _)| partition))
}

/// What a plan or state calls the provider of an instance.
fn provider<'p>(planned: &Planned<'p>) -> &'p str {
    let configured = planned
        .configuration
        .and_then(|c| c.str("provider_config_key"));
    configured
        .or_else(|| planned.entry.str("provider_name"))
        .unwrap_or_default()
}

/// The text of an argument of a provider, where it is written or the value of a variable.
fn constant<'p>(expression: &'p Node, document: &'p Node) -> Option<&'p str> {
    if let Some(constant) = expression.str("constant_value") {
        return Some(constant);
    }
    let listed = expression.get("references")?.items();
    let [only] = listed else {
        return None;
    };
    let variable = only.as_str()?.strip_prefix("var.")?;
    document.at(&["variables", variable, "value"])?.as_str()
}
