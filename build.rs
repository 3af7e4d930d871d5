//! Checks the rules and facts, and lays them out as the program reads them: the large files as tables, the
//! others in parts that are decoded when they are needed.

use std::path::Path;
use std::{env, error, fs};

#[path = "build/facts.rs"]
mod facts;
#[path = "build/guards.rs"]
mod guards;
#[path = "src/catalogue/pack/mod.rs"]
#[expect(
    dead_code,
    reason = "parts of the layout are for the reader, which is in the program"
)]
mod pack;
#[path = "build/rules.rs"]
mod rules;

/// Why the program cannot be built.
type Fault = Box<dyn error::Error>;

/// How hard the policies are compressed. It does not make reading them slower.
const EFFORT: u32 = 10;

fn main() -> Result<(), Fault> {
    println!("cargo::rerun-if-changed=rules");
    let out = env::var("OUT_DIR")?;
    let actions = pack::actions(
        &read("rules/catalogue/actions.json")?,
        &read("rules/catalogue/amendments.json")?,
    );
    let policies = read("rules/catalogue/managed-policies.json")?;
    let policies = pack::managed_policies(&policies, EFFORT);
    for (name, packed) in [("actions.bin", actions), ("managed-policies.bin", policies)] {
        let bytes = packed.map_err(|error| format!("rules/catalogue, {name}: {error}"))?;
        fs::write(Path::new(&out).join(name), bytes)?;
    }
    fs::write(Path::new(&out).join("facts.rs"), facts::lists()?)?;
    let packs = rules::packs()?;
    fs::write(Path::new(&out).join("rules.rs"), rules::table(&packs)?)?;
    fs::write(Path::new(&out).join("guards.rs"), guards::table(&packs)?)?;
    Ok(())
}

/// The text of a file; the script runs again when it changes.
fn read(path: &str) -> Result<String, Fault> {
    println!("cargo::rerun-if-changed={path}");
    let text = fs::read_to_string(path);
    Ok(text.map_err(|error| format!("{path}: {error}"))?)
}
