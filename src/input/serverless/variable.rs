//! The syntax of variables in the configuration of the Serverless Framework.
//!
//! <https://www.serverless.com/framework/docs/guides/variables>

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part<'t> {
    /// Characters that stand for themselves, as the references of `Fn::Sub` do here.
    Verbatim(&'t str),
    /// The sources of a variable: the first that has a value counts.
    Variable(Vec<&'t str>),
}

/// A source of a variable: `type(parameters):address`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source<'t> {
    /// Such as `self` or `file`.
    pub(super) kind: &'t str,
    /// What stands in parentheses.
    pub(super) parameters: Option<&'t str>,
    /// What stands after the colon.
    pub(super) address: Option<&'t str>,
}

/// The parts of a text.
pub(super) fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut verbatim, mut at) = (0, 0);
    while let Some(found) = text.get(at..).and_then(|rest| rest.find("${")) {
        let start = at + found;
        let inside = text.get(start + 2..).unwrap_or("");
        let Some(length) = closing(inside, '}') else {
            break;
        };
        let (inside, end) = (inside.get(..length).unwrap_or(""), start + 2 + length + 1);
        let sources = sources(inside);
        if sources.first().is_some_and(|first| is_source(first)) {
            parts.push(Part::Verbatim(text.get(verbatim..start).unwrap_or("")));
            parts.push(Part::Variable(sources));
            verbatim = end;
            at = end;
        } else {
            // A variable can stand in what is no variable.
            at = start + 2;
        }
    }
    parts.push(Part::Verbatim(text.get(verbatim..).unwrap_or("")));
    parts.retain(|part| *part != Part::Verbatim(""));
    parts
}

/// Where a bracket closes that was opened before a text.
fn closing(text: &str, close: char) -> Option<usize> {
    let mut open = vec![close];
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        match (letter, quote) {
            (letter, Some(begun)) if letter == begun => quote = None,
            (_, Some(_)) => {}
            ('\'' | '"', None) => quote = Some(letter),
            ('{', None) => open.push('}'),
            ('(', None) => open.push(')'),
            (letter, None) if open.last() == Some(&letter) => {
                open.pop();
                if open.is_empty() {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// The sources of a variable: what stands between commas that are in no bracket and no quotes.
fn sources(inside: &str) -> Vec<&str> {
    let mut sources = Vec::new();
    let (mut depth, mut start, mut quote) = (0_usize, 0, None);
    for (at, letter) in inside.char_indices() {
        match (letter, quote) {
            (letter, Some(begun)) if letter == begun => quote = None,
            (_, Some(_)) => {}
            ('\'' | '"', None) => quote = Some(letter),
            ('{' | '(', None) => depth += 1,
            ('}' | ')', None) => depth = depth.saturating_sub(1),
            (',', None) if depth == 0 => {
                sources.push(inside.get(start..at).unwrap_or("").trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    sources.push(inside.get(start..).unwrap_or("").trim());
    sources
}

/// Whether a text is the first source of a variable. What `Fn::Sub` replaces has a dot, two colons or nothing
/// after its name.
fn is_source(text: &str) -> bool {
    source(text).is_some()
}

/// A source in its parts; nothing for a literal, or for what is none.
pub(super) fn source(text: &str) -> Option<Source<'_>> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let end = text.find(|c| !is_name(c))?;
    let (kind, rest) = text.split_at_checked(end).filter(|(k, _)| !k.is_empty())?;
    let (parameters, rest) = match rest.strip_prefix('(') {
        None => (None, rest),
        Some(rest) => {
            let length = closing(rest, ')')?;
            (rest.get(..length), rest.get(length + 1..)?)
        }
    };
    let address = match rest.strip_prefix(':') {
        Some(address) if address.starts_with(':') => return None,
        Some(address) => Some(address.trim()),
        None if rest.is_empty() && parameters.is_some() => None,
        None => return None,
    };
    Some(Source {
        kind,
        parameters,
        address,
    })
}

/// The text between quotes; nothing for another source.
pub(super) fn quoted(source: &str) -> Option<&str> {
    let quotes = ['\'', '"'];
    let quote = source.chars().next().filter(|c| quotes.contains(c))?;
    source.strip_prefix(quote)?.strip_suffix(quote)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_falls_into_parts() {
        let text =
            "a-${opt:stage, 'd,}ev'}-${AWS::Region}-${Queue.Arn}${self:custom.${sls:stage}.x, ''}";
        let wanted = [
            Part::Verbatim("a-"),
            Part::Variable(vec!["opt:stage", "'d,}ev'"]),
            Part::Verbatim("-${AWS::Region}-${Queue.Arn}"),
            Part::Variable(vec!["self:custom.${sls:stage}.x", "''"]),
        ];
        assert_eq!(parts(text), wanted);
        assert_eq!(parts("${unclosed:"), [Part::Verbatim("${unclosed:")]);
        let inner = parts("${A${self:b}}");
        assert_eq!(inner[1], Part::Variable(vec!["self:b"]));
    }

    #[test]
    fn a_source_has_a_kind_parameters_and_an_address() {
        let file = source("file(./a(1).yml):b.c").unwrap();
        assert_eq!(file.kind, "file");
        assert_eq!(file.parameters, Some("./a(1).yml"));
        assert_eq!(file.address, Some("b.c"));
        assert_eq!(source("self:").unwrap().address, Some(""));
        for other in ["AWS::Region", "Queue", "Queue.Arn", "'x'", "12", "a b:c"] {
            assert_eq!(source(other), None, "{other}");
        }
    }
}
