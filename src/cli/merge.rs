//! Flags and the configuration, while they are merged: a flag overrides what the configuration says of the same
//! thing.

use clap::ValueEnum;

use super::configuration::Loaded;
use crate::report::clean;
use crate::settings::Given;
use crate::source::Span;

/// Where the value of a setting comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Flag,
    File(Span),
    Default,
}

/// A setting, for `--show-settings`.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    pub(super) name: &'static str,
    pub(super) value: String,
    pub(super) origin: Origin,
}

/// Flags and the configuration, while they are merged.
pub(super) struct Merge<'m> {
    pub(super) loaded: &'m Loaded,
    pub(super) shown: Vec<Shown>,
}

impl<'m> Merge<'m> {
    /// Nothing is merged yet.
    pub(super) fn new(loaded: &'m Loaded) -> Self {
        Merge {
            loaded,
            shown: Vec::new(),
        }
    }

    /// A value of a flag, of the configuration, or the default.
    pub(super) fn word<T: ValueEnum + Copy>(
        &mut self,
        name: &'static str,
        flag: Option<T>,
        given: Option<&Given<String>>,
        default: T,
    ) -> T {
        let of_file = given.and_then(|given| {
            let value = T::from_str(&given.value, false).ok()?;
            Some((value, Origin::File(given.span)))
        });
        let of_flag = flag.map(|value| (value, Origin::Flag));
        let (value, origin) = of_flag.or(of_file).unwrap_or((default, Origin::Default));
        let word = value.to_possible_value();
        let word = word.map_or_else(String::new, |word| word.get_name().to_owned());
        self.show(name, format!("\"{word}\""), origin);
        value
    }

    /// Whether something is on.
    pub(super) fn is_on(
        &mut self,
        name: &'static str,
        flag: Option<bool>,
        given: Option<&Given<bool>>,
        default: bool,
    ) -> bool {
        let of_file = given.map(|given| (given.value, Origin::File(given.span)));
        let of_flag = flag.map(|value| (value, Origin::Flag));
        let (value, origin) = of_flag.or(of_file).unwrap_or((default, Origin::Default));
        self.show(name, value.to_string(), origin);
        value
    }

    /// Paths of flags, or those of the configuration, as seen from the working directory.
    pub(super) fn paths(
        &mut self,
        name: &'static str,
        flags: &[String],
        given: &[Given<String>],
    ) -> Vec<String> {
        let of_file = given.iter().map(|given| self.loaded.path_of(&given.value));
        let of_file: Vec<String> = of_file.collect();
        self.list(name, flags, given);
        match flags {
            [] => of_file,
            flags => flags.to_vec(),
        }
    }

    /// Values of flags, or those of the configuration, with where they come from.
    pub(super) fn list(
        &mut self,
        name: &'static str,
        flags: &[String],
        given: &[Given<String>],
    ) -> Vec<(String, Origin)> {
        let of_flags: Vec<_> = flags
            .iter()
            .map(|value| (value.clone(), Origin::Flag))
            .collect();
        let of_file = given
            .iter()
            .map(|given| (given.value.clone(), Origin::File(given.span)));
        let list = match of_flags.is_empty() {
            true => of_file.collect(),
            false => of_flags,
        };
        self.show_list(name, &list);
        list
    }

    /// Shows a list, which comes from where its first value does.
    pub(super) fn show_list(&mut self, name: &'static str, list: &[(String, Origin)]) {
        let values = list
            .iter()
            .map(|(value, _)| format!("\"{}\"", clean(value)));
        let values = values.collect::<Vec<_>>().join(", ");
        let origin = list.first().map_or(Origin::Default, |(_, origin)| *origin);
        self.show(name, format!("[{values}]"), origin);
    }

    /// Shows names and values of the configuration, and those of flags.
    pub(super) fn show_table(
        &mut self,
        name: &'static str,
        given: &[(Given<String>, Given<String>)],
        flags: &[(String, String)],
    ) {
        let is_given = |name: &str| flags.iter().any(|(flag, _)| flag == name);
        for (key, value) in flags {
            let text = format!("{{ \"{}\" = \"{}\" }}", clean(key), clean(value));
            self.show(name, text, Origin::Flag);
        }
        for (key, value) in given.iter().filter(|(key, _)| !is_given(&key.value)) {
            let text = format!(
                "{{ \"{}\" = \"{}\" }}",
                clean(&key.value),
                clean(&value.value)
            );
            self.show(name, text, Origin::File(key.span));
        }
    }

    /// Shows a setting.
    pub(super) fn show(&mut self, name: &'static str, value: String, origin: Origin) {
        self.shown.push(Shown {
            name,
            value,
            origin,
        });
    }
}
