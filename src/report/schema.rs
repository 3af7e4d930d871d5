//! The published JSON Schemas, which are part of the program.

/// A JSON Schema.
#[derive(Clone, Copy, Debug)]
pub struct Schema {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it describes.
    pub about: &'static str,
    /// The schema itself.
    pub text: &'static str,
}

/// All schemas.
pub const SCHEMAS: [Schema; 5] = [
    Schema {
        name: "report",
        about: "output of --format json; a line of --format jsonl is #/$defs/line",
        text: include_str!("schemas/report.schema.json"),
    },
    Schema {
        name: "explanation",
        about: "output of explain --format json",
        text: include_str!("schemas/explanation.schema.json"),
    },
    Schema {
        name: "configuration",
        about: "lint-lambda.toml",
        text: include_str!("schemas/configuration.schema.json"),
    },
    Schema {
        name: "rules",
        about: "rule packs",
        text: include_str!("../../rules/schema.json"),
    },
    Schema {
        name: "catalogue",
        about: "files of --catalogue",
        text: include_str!("../../rules/catalogue/schema.json"),
    },
];
