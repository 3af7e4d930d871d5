//! The names of services as principals: with a Region, and with the domain of each partition.

use super::fact_list::FactList;
use super::service_caller::ServiceCaller;
use crate::diagnostics::Problem;
use crate::syntax::{Fields, Hole, Names, Node, Piece, Template, Text};

/// Under which names policies can mean services.
#[derive(Debug, Default)]
pub struct ServicePrincipals {
    /// What follows the name of a service, the most usual first.
    suffixes: FactList<PrincipalSuffix>,
    regions: FactList<PrincipalRegions>,
    /// Services that differ from the others.
    services: FactList<ServiceForms>,
    /// Services that invoke functions and are no push source.
    pub callers: FactList<ServiceCaller>,
}

/// How the principals of a partition end.
#[derive(Debug)]
struct PrincipalSuffix {
    partition: String,
    suffix: String,
    /// How the names of its Regions begin.
    region_prefix: Option<String>,
}

/// The Regions, as principals name them.
#[derive(Debug, Default)]
struct PrincipalRegions {
    format: Option<Template>,
    /// Regions that an account must enable.
    opt_in: Vec<String>,
}

/// What is special about the principals of a service.
#[derive(Debug)]
struct ServiceForms {
    service: String,
    regional: Regional,
    refused: Vec<String>,
}

/// Whom a principal with the name of a Region means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Regional {
    /// The service in that Region; that it means no other is not documented.
    #[default]
    Usual,
    /// The service in that Region, and in no other.
    Exclusive,
    /// The same; the service has no principal without a Region.
    Only,
    /// That is not documented.
    Unclear,
}

impl Regional {
    const WORDS: [(&'static str, Regional); 3] = [
        ("exclusive", Regional::Exclusive),
        ("only", Regional::Only),
        ("unclear", Regional::Unclear),
    ];
}

/// From where a service calls, as far as that is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct CallPlace<'t> {
    /// The partition.
    pub partition: Option<&'t Text>,
    /// The Region of the service.
    pub from: Option<&'t Text>,
    /// The Region of what it calls.
    pub to: Option<&'t Text>,
}

/// A service, and the names under which policies can mean it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceNames {
    /// The principal that AWS recommends.
    pub name: Text,
    /// Other names for it; one with holes may be one for it.
    pub also: Vec<Text>,
    /// Names that AWS rejects.
    pub refused: Vec<Text>,
}

/// The parts of a principal's name.
struct Parts<'w> {
    service: &'w str,
    region: Option<&'w str>,
}

impl ServicePrincipals {
    /// What the embedded files say, but not those that are replaced.
    pub(super) fn embedded(replaced: &[String]) -> Self {
        ServicePrincipals {
            suffixes: FactList::embedded("principalSuffixes", PrincipalSuffix::decode, replaced),
            regions: FactList::embedded("principalRegions", PrincipalRegions::decode, replaced),
            services: FactList::embedded("servicePrincipals", ServiceForms::decode, replaced),
            callers: FactList::embedded("serviceCallers", ServiceCaller::decode, replaced),
        }
    }

    /// Adds what a file of the catalogue says.
    pub(super) fn add(&mut self, fields: &mut Fields<'_, '_>) {
        self.callers.add(fields);
        self.suffixes.add(fields);
        self.services.add(fields);
        self.regions.add_one(fields);
    }

    /// A service that calls from a place, by any of its names, and the others under which a policy
    /// there can mean it.
    ///
    /// In its own Region a service has the name without a Region; from a Region that accounts must
    /// enable, it calls other Regions with the name of its Region alone.
    ///
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services-in-opt-in-regions>
    #[must_use]
    pub fn caller(&self, principal: &Text, place: CallPlace<'_>) -> ServiceNames {
        let Some(parts) = principal.as_str().and_then(|name| self.parts(name)) else {
            return ServiceNames {
                name: principal.clone(),
                also: Vec::new(),
                refused: Vec::new(),
            };
        };
        let own = parts.region.map(Text::from);
        let from = own.as_ref().or(place.from);
        let all = AllNames {
            principals: self,
            service: parts.service,
            forms: self.forms(parts.service),
            partition: place.partition,
        };
        let is_told = |from: &&Text| {
            let forms = all.forms.map(|forms| forms.regional);
            forms == Some(Regional::Only) || self.must_tell_region(from, place.to)
        };
        match from.filter(is_told) {
            Some(from) => all.of_other_region(from),
            None => all.nearby(from),
        }
    }

    /// Whether a name is one of a service, with whatever Region and partition.
    #[must_use]
    pub fn is_of(&self, name: &Text, principal: &str) -> bool {
        let global = |written: &str| match self.parts(written) {
            Some(parts) => parts.service.to_ascii_lowercase(),
            None => written.to_ascii_lowercase(),
        };
        let service = global(principal);
        if let Some(name) = name.as_str() {
            return global(name) == service;
        }
        let pieces = name.pieces();
        let Some(Piece::Known(first)) = pieces.first() else {
            return false;
        };
        first.to_ascii_lowercase() == format!("{service}.")
    }

    /// Why a name of a service is not the one that it calls with.
    #[must_use]
    pub fn difference(&self, name: &Text, principal: &Text) -> Option<String> {
        let written = name.as_str()?;
        let own = self.parts(principal.as_str()?)?;
        let other = self.parts(written)?;
        if own.service != other.service {
            return None;
        }
        let refused = self.forms(own.service).map_or(&[][..], |f| &f.refused);
        if refused
            .iter()
            .any(|name| name.eq_ignore_ascii_case(written))
        {
            return Some(format!("AWS does not accept `{written}` as a principal"));
        }
        match (other.region, own.region) {
            (Some(region), _) => Some(format!(
                "`{written}` is the principal of the service in {region} only"
            )),
            (None, Some(region)) => Some(format!(
                "these calls from {region} have the principal `{principal}`, not `{written}`"
            )),
            (None, None) => None,
        }
    }

    /// The partition of a Region that is not in `aws`, and how names of services end there.
    #[must_use]
    pub fn partition_of(&self, region: &str) -> Option<(&str, &str)> {
        let mut suffixes = self.suffixes.iter();
        let is_in = |prefix: &String| region.starts_with(prefix.as_str());
        let own = suffixes.find(|suffix| suffix.region_prefix.as_ref().is_some_and(is_in))?;
        Some((&own.partition, &own.suffix))
    }

    /// How the names of hosts in a partition end.
    #[must_use]
    pub fn suffix_of(&self, partition: &str) -> Option<&str> {
        let mut suffixes = self.suffixes.iter();
        let own = suffixes.find(|suffix| suffix.partition == partition)?;
        Some(&own.suffix)
    }

    fn forms(&self, service: &str) -> Option<&ServiceForms> {
        self.services.iter().find(|forms| forms.service == service)
    }

    /// The parts of a principal; nothing where the name has another form.
    fn parts<'w>(&self, written: &'w str) -> Option<Parts<'w>> {
        let before = |suffix: &PrincipalSuffix| {
            let rest = written.strip_suffix(suffix.suffix.as_str())?;
            rest.strip_suffix('.')
        };
        let rest = self.suffixes.iter().find_map(before)?;
        let regional = rest.rsplit_once('.').filter(|(_, end)| self.is_region(end));
        Some(match regional {
            Some((service, region)) => Parts {
                service,
                region: Some(region),
            },
            None => Parts {
                service: rest,
                region: None,
            },
        })
    }

    fn is_region(&self, name: &str) -> bool {
        let format = self.region_format();
        format.is_some_and(|format| format.capture(&Text::from(name)).is_some())
    }

    /// Whether a call from one Region to another is made with the name of the first one.
    fn must_tell_region(&self, from: &Text, to: Option<&Text>) -> bool {
        let (Some(from), Some(to)) = (from.as_str(), to.and_then(Text::as_str)) else {
            return false;
        };
        let mut opt_in = self
            .regions
            .last()
            .into_iter()
            .flat_map(|regions| &regions.opt_in);
        from != to && opt_in.any(|region| region == from)
    }

    fn region_format(&self) -> Option<&Template> {
        self.regions.last()?.format.as_ref()
    }

    /// A Region of which nothing is known.
    fn any_region(&self) -> Option<Text> {
        let format = self.region_format()?;
        Some(format.fill(&Names::new()))
    }
}

/// The names of one service.
struct AllNames<'k, 't> {
    principals: &'k ServicePrincipals,
    service: &'k str,
    forms: Option<&'k ServiceForms>,
    partition: Option<&'t Text>,
}

impl AllNames<'_, '_> {
    /// The names of the service that calls another Region.
    fn of_other_region(&self, from: &Text) -> ServiceNames {
        let mut names = self.suffixes().map(|suffix| self.named(Some(from), suffix));
        ServiceNames {
            name: names.next().unwrap_or_else(|| Text::from(self.service)),
            also: names.collect(),
            refused: self.refused(),
        }
    }

    /// The names of the service in the Region of what it calls.
    fn nearby(&self, from: Option<&Text>) -> ServiceNames {
        let regional = self.forms.map_or(Regional::Usual, |forms| forms.regional);
        let any = self.principals.any_region();
        let known = from.filter(|_| regional != Regional::Unclear);
        // A name that is not surely one of the service in this Region may be one.
        let open = any.filter(|_| known.is_none() || regional != Regional::Exclusive);
        let mut names = Vec::new();
        for suffix in self.suffixes() {
            names.push(self.named(None, suffix));
            let regions = known.into_iter().chain(&open);
            names.extend(regions.map(|region| self.named(Some(region), suffix)));
        }
        names.extend(self.foreign());
        let mut names = names.into_iter();
        ServiceNames {
            name: names.next().unwrap_or_else(|| Text::from(self.service)),
            also: names.collect(),
            refused: self.refused(),
        }
    }

    /// The suffixes of the partition, and of all where it is not known. That of `aws` is valid
    /// everywhere.
    fn suffixes(&self) -> impl Iterator<Item = &str> {
        let valid = self.sorted().filter(|(_, is_valid)| *is_valid);
        valid.map(|(suffix, _)| suffix)
    }

    /// The names with the suffixes of other partitions: whether they are valid is not documented.
    fn foreign(&self) -> impl Iterator<Item = Text> {
        let is_foreign = |suffix: &str| self.suffixes().all(|own| own != suffix);
        let foreign = self.sorted().map(|(suffix, _)| suffix);
        foreign
            .filter(move |suffix| is_foreign(suffix))
            .map(|suffix| {
                let start = Piece::Known(format!("{}.", self.service).into());
                let region = Piece::Hole(Hole::anything("Region"));
                Text::of([start, region, Piece::Known(suffix.into())])
            })
    }

    fn sorted(&self) -> impl Iterator<Item = (&str, bool)> {
        let partition = self.partition.and_then(Text::as_str);
        let suffixes = self.principals.suffixes.iter().enumerate();
        suffixes.map(move |(index, suffix)| {
            let is_own = partition.is_none_or(|known| known == suffix.partition);
            (suffix.suffix.as_str(), index == 0 || is_own)
        })
    }

    fn named(&self, region: Option<&Text>, suffix: &str) -> Text {
        let start = Piece::Known(format!("{}.", self.service).into());
        let region = region.into_iter().flat_map(|region| {
            let dot = Piece::Known(".".into());
            region.pieces().into_iter().chain([dot])
        });
        let end = Piece::Known(suffix.into());
        Text::of([start].into_iter().chain(region).chain([end]))
    }

    fn refused(&self) -> Vec<Text> {
        let refused = self.forms.map_or(&[][..], |forms| &forms.refused);
        refused
            .iter()
            .map(|name| Text::from(name.as_str()))
            .collect()
    }
}

impl PrincipalSuffix {
    fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a suffix of principals", problems)?;
        let partition = fields.text("partition").map(str::to_owned);
        let suffix = fields.text("suffix").map(str::to_owned);
        let region_prefix = fields.optional_text("regionPrefix").map(str::to_owned);
        fields.texts("references");
        fields.finish();
        Some(PrincipalSuffix {
            partition: partition?,
            suffix: suffix?,
            region_prefix,
        })
    }
}

impl PrincipalRegions {
    fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "the Regions of principals", problems)?;
        let format = fields.template("format");
        let opt_in = fields.texts("optIn");
        fields.texts("references");
        fields.finish();
        Some(PrincipalRegions { format, opt_in })
    }
}

impl ServiceForms {
    fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "the principals of a service", problems)?;
        let service = fields.text("service").map(str::to_owned);
        let regional = fields.optional_word("regional", &Regional::WORDS);
        let refused = fields.texts("refused");
        fields.texts("references");
        fields.finish();
        Some(ServiceForms {
            service: service?,
            regional: regional.unwrap_or_default(),
            refused,
        })
    }
}
