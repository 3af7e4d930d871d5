//! Texts of SARIF, in which brackets can make links.

/// A text of which no part is a link. Only `](` can make one, so that other brackets stay as they are.
pub(super) fn literal(text: &str) -> String {
    match text.contains("](") {
        true => in_link(text),
        false => text.to_owned(),
    }
}

/// The text of a link.
pub(super) fn in_link(text: &str) -> String {
    let text = text.replace('\\', "\\\\");
    text.replace('[', "\\[").replace(']', "\\]")
}

/// A message as a sentence: readers of SARIF show the first one where space is short.
pub(super) fn sentence(message: &str) -> String {
    let text = literal(&super::clean(message));
    match text.ends_with(['.', '!', '?']) {
        true => text,
        false => format!("{text}."),
    }
}

/// At most so many characters, with dots where some are missing.
pub(super) fn at_most(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some(_) => text
            .chars()
            .take(most.saturating_sub(1))
            .chain(['…'])
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_from_a_file_makes_no_link() {
        assert_eq!(literal("[a](https://x)"), "\\[a\\](https://x)");
        assert_eq!(literal(r#"["a"]"#), r#"["a"]"#);
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(at_most("äöü", 3), "äöü");
        assert_eq!(at_most("äöüß", 3), "äö…");
    }
}
