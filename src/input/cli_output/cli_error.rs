//! Errors that the AWS CLI printed among its outputs: some say that there is none of what was asked
//! for.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use crate::syntax::TextPattern;

/// A line that the AWS CLI printed in place of an output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::input) struct CliError {
    /// What follows from it.
    pub(in crate::input) means: Meaning,
    /// Where the line stands in the text, in bytes.
    pub(in crate::input) range: Range<usize>,
}

/// What follows from an error text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::input) enum Meaning {
    /// The function has no function policy.
    NoFunctionPolicy,
    /// There is none of something of which nothing follows, such as a function URL.
    NoneOfIt,
    /// The command failed, and what it asks for stays unknown.
    Failed,
}

const ERROR: &str = r"^\s*(?:aws: \[ERROR\]: )?An error occurred \((?P<code>[A-Za-z.]+)\)(?: when calling the (?P<operation>[A-Za-z]+) operation[^:]*)?: (?P<text>.*)";

/// Beginnings of what the CLI prints when a command does not get as far as the service.
const FAILURES: [&str; 6] = [
    "aws: [ERROR]:",
    "Unable to locate credentials",
    "Error loading SSO Token",
    "Could not connect to the endpoint URL",
    "You must specify a region",
    "The SSO session associated with this profile has expired",
];

/// How the service's answer begins in an error.
const ERROR_BEGINNING: &str = "An error occurred (";

/// Codes that say that a resource has no policy of its own.
///
/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetResourcePolicy.html>
const NONE: [&str; 4] = [
    "NoSuchBucketPolicy",
    "PolicyNotFound",
    "PolicyNotFoundException",
    "RepositoryPolicyNotFoundException",
];

/// The line under which the CLI prints more of an error, one `Name: value` a line.
const DETAILS: &str = "Additional error details:";

static PATTERN: LazyLock<Option<TextPattern>> = LazyLock::new(|| TextPattern::new(ERROR).ok());

/// Texts of which each error has one.
pub(in crate::input) fn beginnings() -> impl Iterator<Item = &'static str> {
    FAILURES.into_iter().chain([ERROR_BEGINNING])
}

/// The error texts among the lines of a text, and the text with blanks in their place.
pub(in crate::input) fn take(text: &str) -> (Vec<CliError>, Cow<'_, str>) {
    let has_failure = FAILURES.iter().any(|word| text.contains(word));
    if !text.contains(ERROR_BEGINNING) && !has_failure {
        return (Vec::new(), Cow::Borrowed(text));
    }
    let mut errors = Vec::new();
    let mut rest = String::with_capacity(text.len());
    let mut in_details = false;
    for line in text.split_inclusive('\n') {
        let start = rest.len();
        let shown = line.trim_end();
        in_details = shown == DETAILS && !errors.is_empty() || in_details && is_detail(shown);
        if let Some(means) = meaning(shown) {
            let range = start..start + shown.len();
            errors.push(CliError { means, range });
        } else if !in_details {
            rest.push_str(line);
            continue;
        }
        rest.extend(std::iter::repeat_n(' ', shown.len()));
        rest.push_str(line.get(shown.len()..).unwrap_or(""));
    }
    (errors, Cow::Owned(rest))
}

fn is_detail(line: &str) -> bool {
    let name = line.split_once(": ").map_or("", |(name, _)| name);
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// `ResourceNotFoundException` also stands for a function that does not exist; then the text names
/// the function, and says nothing of its policy.
pub(in crate::input) fn meaning(line: &str) -> Option<Meaning> {
    let Some(captures) = PATTERN.as_ref()?.capture(line) else {
        let failed = FAILURES
            .iter()
            .any(|beginning| line.trim_start().starts_with(beginning));
        return failed.then_some(Meaning::Failed);
    };
    let get = |name: &str| {
        let found = captures.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| *value)
    };
    let function_is_missing = get("text").contains("Function not found");
    Some(match (get("code"), get("operation")) {
        ("ResourceNotFoundException", "GetPolicy") if !function_is_missing => {
            Meaning::NoFunctionPolicy
        }
        ("ResourceNotFoundException", _) if !function_is_missing => Meaning::NoneOfIt,
        (code, _) if NONE.contains(&code) => Meaning::NoneOfIt,
        _ => Meaning::Failed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cli_s_error_text_says_that_there_is_no_policy() {
        let text = "\nAn error occurred (ResourceNotFoundException) when calling the GetPolicy \
                    operation: The resource you requested does not exist.\n{\"A\": 1}\n";
        let (errors, rest) = take(text);
        assert_eq!(errors.len(), 1);
        assert_eq!(errors[0].means, Meaning::NoFunctionPolicy);
        let line = text.get(errors[0].range.clone()).unwrap();
        assert!(line.starts_with("An error"));
        assert_eq!(rest.len(), text.len());
        assert_eq!(rest.trim(), "{\"A\": 1}");
    }

    #[test]
    fn the_details_of_an_error_are_no_output() {
        let text = "\naws: [ERROR]: An error occurred (ResourceNotFoundException) when calling the \
                    GetPolicy operation: The resource you requested does not exist.\n\n\
                    Additional error details:\nType: User\n";
        let (errors, rest) = take(text);
        assert_eq!(errors[0].means, Meaning::NoFunctionPolicy);
        assert_eq!(rest.trim(), "");
    }

    #[test]
    fn a_command_that_did_not_get_there_failed() {
        for line in [
            "aws: [ERROR]: An error occurred (NoRegion): You must specify a region.",
            "Unable to locate credentials. You can configure credentials by running \"aws login\".",
        ] {
            assert_eq!(meaning(line), Some(Meaning::Failed), "{line}");
        }
    }

    #[test]
    fn other_errors_say_nothing_of_the_policy() {
        let missing = "An error occurred (ResourceNotFoundException) when calling the GetPolicy \
                       operation: Function not found: arn:aws:lambda:eu-west-1:1:function:f";
        assert_eq!(meaning(missing), Some(Meaning::Failed));
        let url = "An error occurred (ResourceNotFoundException) when calling the \
                   GetFunctionUrlConfig operation: The resource you requested does not exist.";
        assert_eq!(meaning(url), Some(Meaning::NoneOfIt));
        assert_eq!(meaning("{\"ResourceNotFoundException\": 1}"), None);
    }
}
