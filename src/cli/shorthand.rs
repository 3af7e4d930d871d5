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
pub(super) fn members(written: &str) -> Vec<(String, Vec<String>)> {
    let mut members: Vec<(String, Vec<String>)> = Vec::new();
    for part in parts(written) {
        match (part.name, members.last_mut()) {
            (None, Some((_, values))) => values.push(part.text),
            (name, _) => members.push((name.unwrap_or_default(), vec![part.text])),
        }
    }
    members
}

/// The parts between commas, without quotes, escapes, and the brackets of lists.
fn parts(written: &str) -> Vec<Part> {
    let mut parts = vec![Part::default()];
    let (mut quote, mut is_list) = (None, false);
    let mut characters = written.chars();
    while let Some(c) = characters.next() {
        let Some(part) = parts.last_mut() else { break };
        match (c, quote) {
            ('\\', _) => part.text.extend(characters.next()),
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
    parts
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
        let members = members(written).into_iter();
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
            ("A=a, B=x , y ,C=s", "A: a; B: x | y; C: s"),
            ("B=Zg==,'k=v'", "B: Zg== | k=v"),
        ] {
            assert_eq!(read(written), expected);
        }
    }
}
