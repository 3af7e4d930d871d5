//! Grants of the good samples: taking one away makes its rule fire, and another way to write it
//! changes nothing.

mod deleting;
mod linter;
mod rewriting;
mod statements;
