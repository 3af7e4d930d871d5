//! Configurations of the AWS provider, as far as they say where resources are deployed.
//!
//! <https://registry.terraform.io/providers/hashicorp/aws/latest/docs#argument-reference>

use std::rc::Rc;

use super::evaluated::evaluated;
use super::evaluation::{Evaluate, ModuleInstance, Scope};
use super::instance::Place;
use super::places::Places;
use crate::iam::Arn;
use crate::syntax::hcl::{Block, ExpressionKind};
use crate::syntax::{Hole, Node, Text};

/// The places of the providers that the root module configures.
pub(super) fn of_root<'c>(
    evaluator: &dyn Evaluate<'c>,
    root: &Rc<ModuleInstance<'c>>,
    default: &Place,
) -> Places {
    let mut places = Places {
        by_name: std::collections::BTreeMap::new(),
        default: default.clone(),
    };
    let scope = Scope::of(root);
    let configured = root.module.providers.iter();
    for block in configured.filter(|block| block.label(0) == Some("aws")) {
        let alias = block.body.attribute("alias");
        let alias = alias.and_then(|alias| alias.as_str());
        let name = alias.map_or_else(|| "aws".to_owned(), |alias| format!("aws.{alias}"));
        let place = place(evaluator, block, alias, &scope, default);
        places.by_name.insert(name, place);
    }
    places
}

fn place<'c>(
    evaluator: &dyn Evaluate<'c>,
    block: &'c Block,
    alias: Option<&str>,
    scope: &Scope<'c>,
    default: &Place,
) -> Place {
    let id = &evaluator.evaluation().id;
    let value = |name: &str| {
        let written = block.body.attribute(name)?;
        Some(evaluated(evaluator, written, scope))
    };
    let region = value("region");
    let region = region.as_ref().and_then(Node::as_text).cloned();
    // Another configuration without a Region may be in any.
    let other = |name: &str| {
        let of = format!("{id}:aws.{}", alias.unwrap_or_default());
        Text::hole(Hole::word(name).of(&of.into()))
    };
    let is_other = alias.is_some();
    let region = match (region, is_other) {
        (Some(region), _) => region,
        (None, true) => other("AWS::Region"),
        (None, false) => default.region.clone(),
    };
    let role = block.body.blocks_of("assume_role").next();
    let role = role.and_then(|role| role.body.attribute("role_arn"));
    let role = role.map(|role| evaluated(evaluator, role, scope));
    let of_role = role.as_ref().and_then(Node::as_text);
    let of_role = of_role.and_then(|role| Arn::parse(role).map(|arn| arn.account.clone()));
    let allowed = value("allowed_account_ids");
    let allowed = allowed.as_ref().and_then(|ids| match ids.items() {
        [only] => only.as_text().cloned(),
        _ => None,
    });
    let differs = is_other && (role.is_some() || block.body.attribute("profile").is_some());
    let account = match of_role
        .or(allowed)
        .filter(|account| account.as_str().is_some())
    {
        Some(account) => account,
        None if differs => other("AWS::AccountId"),
        None => default.account.clone(),
    };
    let known = region.as_str();
    let principals = &evaluator.evaluation().catalogue.principals;
    let partition = known.and_then(|region| principals.partition_of(region));
    let partition = partition.map(|(partition, _)| Text::from(partition));
    Place {
        account,
        partition: partition.unwrap_or_else(|| default.partition.clone()),
        region,
    }
}

/// The places of the providers of a module that is called.
pub(super) fn passed(call: &Block, outer: &Places) -> Places {
    let mut places = outer.clone();
    let given = call.body.attribute("providers");
    let Some(ExpressionKind::Object(members)) = given.map(|given| &given.kind) else {
        return places;
    };
    for (name, provider) in members {
        let joined = |names: Vec<&str>| names.join(".");
        let name = (name.as_str().map(str::to_owned)).or_else(|| name.names().map(joined));
        let provider = provider.names().map(joined);
        if let Some((name, provider)) = name.zip(provider) {
            places.by_name.insert(name, outer.of(Some(&provider)));
        }
    }
    places
}
