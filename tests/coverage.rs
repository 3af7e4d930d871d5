//! The book's table of what is covered: every source, feature and target of the catalogue, with what
//! it needs and what tells it.

use std::fmt::Write;
use std::fs;

use lint_lambda::unstable::catalogue::{Catalogue, Grant, Need, Needs, PushSource};
use lint_lambda::unstable::requirement::Needed;
use lint_lambda::unstable::rules::Packs;
use lint_lambda::unstable::source::SourceMap;
use lint_lambda::unstable::syntax::Template;

use crate::bless;
use crate::program::root;

fn list(texts: impl IntoIterator<Item = String>) -> String {
    let mut unique: Vec<String> = Vec::new();
    for text in texts {
        if !unique.contains(&text) {
            unique.push(text);
        }
    }
    match unique.is_empty() {
        true => "–".to_owned(),
        false => unique.join("<br>"),
    }
}

fn code(text: &str) -> String {
    format!("`{}`", text.replace('|', "\\|"))
}

/// The actions of one need, in the words of the catalogue.
fn actions(needs: &Needs, need: Need) -> String {
    let grants = needs.grants.iter().filter(|grant| grant.need == need);
    let actions = |grant: &Grant| {
        let joined = match grant.any_action {
            true => vec![grant.actions.join(" or ")],
            false => grant.actions.clone(),
        };
        let sure = grant.is_unconditional();
        let told = joined.into_iter().map(move |text| match sure {
            true => text,
            false => format!("{text} *"),
        });
        told.collect::<Vec<String>>()
    };
    list(grants.flat_map(actions))
}

fn verified(needs: &Needs) -> &'static str {
    if needs.verified { "yes" } else { "no" }
}

fn document(source: &PushSource) -> &'static str {
    match &source.role {
        Some(role) if role.required => "role of the source",
        Some(_) => "function policy, or role of the source",
        None if source.needs.grants.is_empty() => "trust policy",
        None => "function policy",
    }
}

fn principal(source: &PushSource) -> String {
    let service = source.role.as_ref().and_then(|role| role.service.clone());
    let principals = source.principals.iter().map(Template::as_str);
    let all = principals.map(code).chain(service.iter().map(|s| code(s)));
    list(all)
}

fn push(catalogue: &Catalogue, page: &mut String) {
    writeln!(
        page,
        "## Sources that invoke the function\n\n\
         | Source | id | Where the grant belongs | Principal | Resources of templates | Verified |\n\
         |---|---|---|---|---|---|"
    )
    .unwrap();
    for source in &catalogue.push {
        let types = source
            .cloudformation_resources
            .iter()
            .map(|answer| code(answer.origin()));
        writeln!(
            page,
            "| {} | `{}` | {} | {} | {} | {} |",
            source.name,
            source.id,
            document(source),
            principal(source),
            list(types),
            verified(&source.needs),
        )
        .unwrap();
    }
}

fn poll(catalogue: &Catalogue, page: &mut String) {
    let rows = catalogue.poll.iter();
    needs_table(
        page,
        "Sources that Lambda reads with the execution role",
        rows.map(|source| (source.name.as_str(), source.id.as_str(), &source.needs)),
    );
}

fn needs_table<'n>(
    page: &mut String,
    title: &str,
    rows: impl Iterator<Item = (&'n str, &'n str, &'n Needs)>,
) {
    writeln!(
        page,
        "\n## {title}\n\n| What | id | Required | Recommended | Verified |\n|---|---|---|---|---|"
    )
    .unwrap();
    for (name, id, needs) in rows {
        let (required, recommended) = (
            actions(needs, Need::Required),
            actions(needs, Need::Recommended),
        );
        let verified = verified(needs);
        writeln!(
            page,
            "| {name} | `{id}` | {required} | {recommended} | {verified} |"
        )
        .unwrap();
    }
}

fn page(catalogue: &Catalogue) -> String {
    let mut page = "\n".to_owned();
    push(catalogue, &mut page);
    poll(catalogue, &mut page);
    let features = catalogue.features.iter();
    needs_table(
        &mut page,
        "Settings that need the execution role",
        features.map(|feature| (feature.name.as_str(), feature.id.as_str(), &feature.needs)),
    );
    let targets = catalogue.targets.iter();
    needs_table(
        &mut page,
        "What Lambda sends records to",
        targets.map(|target| (target.name.as_str(), target.id.as_str(), &target.needs)),
    );
    page
}

#[test]
fn the_book_shows_what_is_covered() {
    let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
    bless::part(
        "book/src/reference/coverage.md",
        "coverage",
        &page(&catalogue),
    );
}

/// An entry that no rule asks for would be a promise that nothing keeps.
#[test]
fn every_feature_is_asked_for_by_a_rule() {
    let mut sources = SourceMap::default();
    let (catalogue, _) = Catalogue::builtin(&mut sources);
    let packs = Packs::builtin();
    for feature in &catalogue.features {
        let asks = packs.rules().any(|rule| {
            matches!(rule.require().needs_of_role(), Some((Needed::Feature(id), _)) if *id == feature.id)
        });
        assert!(asks, "no rule asks for {}", feature.id);
    }
}

/// Every source has a sample that lacks its permission and one that has it.
#[test]
fn every_source_has_its_samples() {
    let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
    let folder = root().join("policies-samples");
    let texts: Vec<String> = ["push-sources", "poll-sources", "trust"]
        .iter()
        .flat_map(|pack| fs::read_dir(folder.join(pack)).unwrap())
        .flat_map(|rule| fs::read_dir(rule.unwrap().path()).unwrap())
        .map(|sample| sample.unwrap().file_name().into_string().unwrap())
        .collect();
    let push = catalogue.push.iter().map(|source| source.id.as_str());
    let poll = catalogue.poll.iter().map(|source| source.id.as_str());
    // These are told together with a sample of another name.
    const TOLD_AS: [(&str, &str); 3] = [
        ("eventbridge-rule", "eventbridge"),
        ("apigateway-v2", "apigateway-http"),
        ("iot-rule", "iot"),
    ];
    for id in push.chain(poll) {
        let other = TOLD_AS.iter().find(|(known, _)| *known == id);
        let name = other.map_or(id, |(_, name)| name);
        for verdict in ["bad", "good"] {
            let sample = format!("{verdict}-{name}.json");
            assert!(texts.contains(&sample), "there is no {sample}");
        }
    }
}
