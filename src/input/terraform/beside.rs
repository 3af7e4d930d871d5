//! Where the configuration beside a plan writes what the plan contains.

use super::configuration::Configuration;
use super::plan::WrittenPlaces;
use crate::source::Span;
use crate::syntax::hcl::{Body, Expression, ExpressionKind};

/// The configuration of a root module, whose plan is read.
pub(in crate::input) struct Beside<'c> {
    configuration: &'c Configuration,
    folder: &'c str,
}

impl<'c> Beside<'c> {
    /// The configuration in the folder of a plan; nothing where there is none.
    pub(in crate::input) fn of(configuration: &'c Configuration, folder: &'c str) -> Option<Self> {
        configuration.module(folder)?;
        Some(Beside {
            configuration,
            folder,
        })
    }

    /// The block of a resource.
    fn block(&self, address: &str) -> Option<(&'c Body, Span)> {
        let mut folder = self.folder.to_owned();
        let mut key = String::new();
        let mut rest = address;
        while let Some(inner) = rest.strip_prefix("module.") {
            let (name, after) = step(inner);
            if !key.is_empty() {
                key.push('.');
            }
            key.push_str(name);
            folder = self
                .configuration
                .called_folder(&folder, name, (self.folder, &key))?;
            rest = after;
        }
        let (data, rest) = match rest.strip_prefix("data.") {
            Some(rest) => ("data.", rest),
            None => ("", rest),
        };
        let (kind, rest) = rest.split_once('.')?;
        let (name, _) = step(rest);
        let module = self.configuration.module(&folder)?;
        let block = module.resources.get(&format!("{data}{kind}.{name}"))?;
        Some((&block.body, block.span))
    }
}

/// A name at the beginning of an address, and what follows it and its index.
fn step(address: &str) -> (&str, &str) {
    let end = address.find(['.', '[']).unwrap_or(address.len());
    let (name, rest) = address.split_at(end);
    let after = match rest.strip_prefix('[') {
        // A key in quotes can have any character in it.
        Some(index) => match index.split_once("\"]") {
            Some((_, after)) if index.starts_with('"') => after,
            _ => index.split_once(']').map_or("", |(_, after)| after),
        },
        None => rest,
    };
    (name, after.strip_prefix('.').unwrap_or(after))
}

impl WrittenPlaces for Beside<'_> {
    fn place(&self, address: &str, path: &[String]) -> Option<Span> {
        let (body, span) = self.block(address)?;
        match path {
            [] => Some(span),
            path => in_body(body, path),
        }
    }
}

/// The place of a value in a body.
fn in_body(body: &Body, path: &[String]) -> Option<Span> {
    let (name, rest) = path.split_first()?;
    if let Some(value) = body.attribute(name) {
        return in_value(value, rest);
    }
    let mut blocks = body.blocks_of(name);
    match rest {
        [] => blocks.next().map(|block| block.span),
        [index, rest @ ..] => {
            let block = blocks.nth(index.parse().ok()?)?;
            match rest {
                [] => Some(block.span),
                rest => in_body(&block.body, rest),
            }
        }
    }
}

fn in_value(value: &Expression, path: &[String]) -> Option<Span> {
    let Some((step, rest)) = path.split_first() else {
        return Some(value.span);
    };
    let inner = match &value.kind {
        ExpressionKind::List(items) => items.get(step.parse::<usize>().ok()?),
        ExpressionKind::Object(members) => {
            let mut members = members.iter();
            let found = members.find(|(key, _)| key.as_str() == Some(step));
            found.map(|(_, value)| value)
        }
        _ => None,
    };
    in_value(inner?, rest)
}
