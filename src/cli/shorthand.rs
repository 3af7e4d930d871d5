//! The shorthand syntax of the AWS CLI: `Name=value,List=one,two,Other=[one,two]`.
//!
//! <https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-shorthand.html>

/// A part between commas.
#[derive(Debug, Default, PartialEq, Eq)]
struct Part {
    /// The name before an equals sign; none for another value of the list.
    name: Option<String>,
    text: String,
    /// Whether some of it stood in quotes, so that it may be empty.
    is_quoted: bool,
}

/// The members of a shorthand, each with its values, in order. A value before the first name has an empty one.
///
/// # Errors
///
/// What is missing at the end of a list or a text in quotes.
pub(super) fn members(written: &str) -> Result<Vec<(String, Vec<String>)>, &'static str> {
    let mut members: Vec<(String, Vec<String>)> = Vec::new();
    for part in parts(written)? {
        match (part.name, members.last_mut()) {
            (None, Some((_, values))) => values.push(part.text),
            (name, _) => members.push((name.unwrap_or_default(), vec![part.text])),
        }
    }
    Ok(members)
}

/// The parts between commas, without quotes, escapes, and the brackets of lists.
fn parts(written: &str) -> Result<Vec<Part>, &'static str> {
    let mut parts = vec![Part::default()];
    let (mut quote, mut is_list) = (None, false);
    let mut characters = written.chars();
    while let Some(c) = characters.next() {
        let Some(part) = parts.last_mut() else { break };
        match (c, quote) {
            ('\\', _) => part.text.push(escaped(&mut characters)),
            (c, Some(open)) if c == open => quote = None,
            (c, Some(_)) => part.text.push(c),
            ('\'' | '"', None) => {
                quote = Some(c);
                part.is_quoted = true;
            }
            (',', None) => {
                part.trim();
                parts.push(Part::default());
            }
            ('=', None) if part.name.is_none() && !part.is_quoted && !is_list => {
                part.trim();
                part.name = Some(std::mem::take(&mut part.text));
            }
            ('[', None) if part.name.is_some() && part.text.is_empty() => is_list = true,
            (']', None) if is_list => is_list = false,
            (' ', None) if part.text.is_empty() => {}
            (c, None) => part.text.push(c),
        }
    }
    if let Some(part) = parts.last_mut() {
        part.trim();
    }
    match (quote, is_list) {
        (Some(_), _) => Err("closing quote"),
        (None, true) => Err("closing bracket"),
        (None, false) => Ok(parts),
    }
}

/// What a backslash stands for: a comma or a quote after it, or itself.
fn escaped(rest: &mut std::str::Chars<'_>) -> char {
    match rest.as_str().chars().next() {
        Some(c @ (',' | '\'' | '"')) => {
            rest.next();
            c
        }
        _ => '\\',
    }
}

impl Part {
    /// Removes the spaces before a comma.
    fn trim(&mut self) {
        if !self.is_quoted {
            let length = self.text.trim_end().len();
            self.text.truncate(length);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The members, as `Name: value | value; …`.
    fn read(written: &str) -> String {
        let members = members(written).unwrap_or_default().into_iter();
        let members = members.map(|(name, values)| format!("{name}: {}", values.join(" | ")));
        members.collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn a_shorthand_is_read_as_the_aws_cli_does() {
        for (written, expected) in [
            ("A='a:b',B='2019',C=d", "A: a:b; B: 2019; C: d"),
            ("A=a,B=[x,y],C=z", "A: a; B: x | y; C: z"),
            ("B=x,y=z", "B: x; y: z"),
            (r#"B="x,y",z"#, "B: x,y | z"),
            (r"B=x\,y", "B: x,y"),
            (r"B=CORP\ann", r"B: CORP\ann"),
            ("A=a, B=x , y ,C=s", "A: a; B: x | y; C: s"),
            ("B=Zg==,'k=v'", "B: Zg== | k=v"),
        ] {
            assert_eq!(read(written), expected);
        }
        for (written, missing) in [("A='x", "closing quote"), ("A=[x,y", "closing bracket")] {
            assert_eq!(members(written), Err(missing));
        }
    }
}
