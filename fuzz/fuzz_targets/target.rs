//! The target that the variable `FUZZ_TARGET` names.
#![no_main]

use std::sync::LazyLock;

use lint_lambda_fuzz::{Target, target};

static CHOSEN: LazyLock<Target> = LazyLock::new(|| {
    let name = std::env::var("FUZZ_TARGET").unwrap_or_default();
    target(&name).unwrap_or_else(|| panic!("FUZZ_TARGET must name a target, and not `{name}`"))
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| CHOSEN(bytes));
