//! Integration tests: what a user would notice.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod advice;
mod answers;
mod architecture;
mod baseline;
mod bless;
mod book;
mod branches;
mod brokers;
mod by_hand;
mod capacity_providers;
mod catalogue;
mod ci_recipes;
mod cli;
mod commands;
mod contributing;
mod coverage;
mod decisions;
mod deliveries;
mod differential;
mod examples;
mod explaining;
mod fixes;
mod formats;
mod function_urls;
#[path = "../fuzz/src/lib.rs"]
#[expect(
    unreachable_pub,
    reason = "the targets of fuzzing are a library of their own"
)]
mod fuzz_targets;
mod fuzzing;
mod generated_names;
mod grants;
mod growth;
mod holes;
mod hooks;
mod hostile;
mod html;
mod idle_sources;
mod inventory;
mod joining;
mod laws;
mod lines;
mod log_groups;
mod one_answer;
mod open_statements;
mod organization;
mod output;
mod package;
mod parity;
mod permissions;
mod plumbing;
mod policies;
mod principals;
mod program;
mod properties;
mod qualifiers;
mod questions;
mod reading;
mod readme;
mod references;
mod remedies;
mod requirements;
mod resource_policies;
mod samples;
mod schemas;
mod serverless;
mod serverless_framework;
mod settings;
mod simulate_cli;
mod source_roles;
mod stacks;
mod suppressions;
mod templates;
mod terraform;
mod terraform_configuration;
mod terraform_fixes;
mod terraform_plan;
#[path = "../src/syntax/test_rng.rs"]
mod test_rng;
mod threads;
mod troubleshooting;
mod unrelated;
mod vpc_lists;
mod work;
