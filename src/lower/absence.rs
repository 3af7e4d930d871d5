//! The AWS CLI's error text in place of an answer: it says that there is none.

use std::sync::LazyLock;

use crate::document::TextPattern;

/// What a command found not to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Absence {
    /// The function has no function policy.
    FunctionPolicy,
    /// Something of which nothing follows, such as no function URL.
    Nothing,
}

/// `ResourceNotFoundException` also stands for a function that does not exist; then the text names
/// the function, and tells nothing of its policy.
const ERROR: &str = r"^\s*(aws: \[ERROR\]: )?An error occurred \(ResourceNotFoundException\) when calling the (?P<operation>[A-Za-z]+) operation[^:]*: (?P<text>[^\r\n]*)";

static PATTERN: LazyLock<Option<TextPattern>> = LazyLock::new(|| TextPattern::new(ERROR).ok());

/// What the text says not to be there; `None` if it is no such error text.
pub(super) fn read(text: &str) -> Option<Absence> {
    if !text.trim_start().starts_with('{') && text.contains("ResourceNotFoundException") {
        let captures = PATTERN.as_ref()?.capture(text)?;
        let get = |name: &str| {
            let found = captures.iter().find(|(known, _)| known == name);
            found.map_or("", |(_, value)| *value)
        };
        let function_is_missing = get("text").contains("Function not found");
        return Some(match get("operation") {
            "GetPolicy" if !function_is_missing => Absence::FunctionPolicy,
            _ => Absence::Nothing,
        });
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cli_s_error_text_says_that_there_is_no_policy() {
        let text = "\nAn error occurred (ResourceNotFoundException) when calling the GetPolicy \
                    operation: The resource you requested does not exist.\n";
        assert_eq!(read(text), Some(Absence::FunctionPolicy));
    }

    #[test]
    fn a_missing_function_says_nothing_of_its_policy() {
        let text = "An error occurred (ResourceNotFoundException) when calling the GetPolicy \
                    operation: Function not found: arn:aws:lambda:eu-west-1:1:function:f";
        assert_eq!(read(text), Some(Absence::Nothing));
        assert_eq!(read("{\"ResourceNotFoundException\": 1}"), None);
    }
}
