//! Error texts of the AWS CLI among its answers: some say that there is none of what was asked for.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use crate::document::TextPattern;

/// A line that the AWS CLI printed in place of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CliError {
    /// What follows from it.
    pub(super) means: Meaning,
    /// Where the line stands in the text, in bytes.
    pub(super) range: Range<usize>,
}

/// What follows from an error text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The function has no function policy.
    NoFunctionPolicy,
    /// There is none of something of which nothing follows, such as a function URL.
    NoneOfIt,
    /// The command failed, and what it asks for stays unknown.
    Failed,
}

const ERROR: &str = r"^\s*(?:aws: \[ERROR\]: )?An error occurred \((?P<code>[A-Za-z.]+)\) when calling the (?P<operation>[A-Za-z]+) operation[^:]*: (?P<text>.*)";

static PATTERN: LazyLock<Option<TextPattern>> = LazyLock::new(|| TextPattern::new(ERROR).ok());

/// The error texts among the lines of a text, and the text with blanks in their place.
pub(super) fn take(text: &str) -> (Vec<CliError>, Cow<'_, str>) {
    if !text.contains("An error occurred (") {
        return (Vec::new(), Cow::Borrowed(text));
    }
    let mut errors = Vec::new();
    let mut rest = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let start = rest.len();
        let shown = line.trim_end();
        match meaning(shown) {
            Some(means) => {
                let range = start..start + shown.len();
                errors.push(CliError { means, range });
                rest.extend(std::iter::repeat_n(' ', shown.len()));
                rest.push_str(line.get(shown.len()..).unwrap_or(""));
            }
            None => rest.push_str(line),
        }
    }
    (errors, Cow::Owned(rest))
}

/// `ResourceNotFoundException` also stands for a function that does not exist; then the text names
/// the function, and tells nothing of its policy.
pub(super) fn meaning(line: &str) -> Option<Meaning> {
    let captures = PATTERN.as_ref()?.capture(line)?;
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
