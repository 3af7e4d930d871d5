//! Policy variables that are none, since their keys can have several values.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-using-variables>

use crate::catalogue::Catalogue;
use crate::iam::Policies;

/// The keys that policies use as variables though they can have several values.
pub(super) fn multivalued(catalogue: &Catalogue, policies: &Policies<'_>) -> Vec<String> {
    let is_list = |key: &str| {
        let of_type = catalogue.key_type(key);
        of_type.is_some_and(|of_type| of_type.starts_with("ArrayOf"))
    };
    let lists = policies.variables().filter(|key| is_list(key));
    lists.map(str::to_owned).collect()
}
