//! Logical IDs as the Serverless Framework makes them of names.

/// A name with dashes and underscores spelled out.
pub(super) fn normalized(name: &str) -> String {
    let spelled = name.replace('-', "Dash").replace('_', "Underscore");
    upper_first(&spelled)
}

/// A name without anything but letters and digits.
pub(super) fn alphanumeric(name: &str) -> String {
    let kept: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    upper_first(&kept)
}

/// The name of a route of an API, of which each step has one word.
pub(super) fn path(path: &str) -> String {
    path.split('/').map(step).collect()
}

/// The name of the route of a WebSocket API.
pub(super) fn route(route: &str) -> String {
    let spelled = route.replace('$', "S").replace('/', "Slash");
    let spelled = spelled.replace('-', "Dash").replace('_', "Underscore");
    spelled.replace('.', "Period")
}

fn step(step: &str) -> String {
    let spelled = upper_first(&step.to_lowercase()).replace('-', "Dash");
    let open = spelled.split_once('{');
    let named = open.and_then(|(before, rest)| {
        let (inside, after) = rest.rsplit_once('}')?;
        Some(format!("{before}{inside}Var{after}"))
    });
    alphanumeric(&named.unwrap_or(spelled))
}

/// A text with a capital letter at its beginning.
pub(super) fn upper_first(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next();
    first
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(letters)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_framework() {
        assert_eq!(normalized("get-all_items"), "GetDashallUnderscoreitems");
        assert_eq!(alphanumeric("my-bucket.v2"), "Mybucketv2");
        assert_eq!(path("users/{userId}/all-Of"), "UsersUseridVarAllDashof");
        assert_eq!(path("{proxy+}"), "ProxyVar");
        assert_eq!(path("GET /users/{id}"), "GetUsersIdVar");
        assert_eq!(route("$connect"), "Sconnect");
    }
}
