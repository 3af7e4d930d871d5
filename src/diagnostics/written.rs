//! Texts to write, of which parts depend on the file that they go into.

use std::sync::Arc;

/// A text to write. What is not known of it can be written as a reference in the template that declares
/// it, and nowhere else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Written {
    /// The parts, in order.
    pub parts: Vec<Part>,
}

/// A part of a text to write.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Known characters.
    Known(String),
    /// What is unknown before deployment.
    Unknown(Unknown),
}

/// Something that is unknown before deployment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Unknown {
    /// What it is; two of one id are the same.
    pub id: Arc<str>,
    /// Whose it is, where others use its id for something else.
    pub of: Option<Arc<str>>,
    /// What the template that declares it writes between `${` and `}`.
    pub reference: Option<String>,
    /// What to write outside of that template.
    pub otherwise: Otherwise,
}

/// What to write where no reference can stand.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Otherwise {
    /// The text that is probably right, or a wildcard.
    Text(String),
    /// A word in capitals, in whose place the reader writes the value.
    Placeholder(String),
}

impl Written {
    /// The text in a template in which all its references are valid.
    #[must_use]
    pub fn in_template(&self) -> String {
        let shown = self.parts.iter().map(|part| match part {
            Part::Unknown(Unknown {
                reference: Some(reference),
                ..
            }) => format!("${{{reference}}}"),
            other => other.outside(),
        });
        shown.collect()
    }

    /// The text outside of templates.
    #[must_use]
    pub fn outside(&self) -> String {
        self.parts.iter().map(Part::outside).collect()
    }

    /// The placeholders in it, outside of templates or, with references, in one.
    pub fn placeholders(&self, with_references: bool) -> impl Iterator<Item = &str> {
        let unknown = self.parts.iter().filter_map(|part| match part {
            Part::Unknown(unknown) => Some(unknown),
            Part::Known(_) => None,
        });
        unknown.filter_map(move |unknown| match &unknown.otherwise {
            Otherwise::Placeholder(word) if !with_references || unknown.reference.is_none() => {
                Some(word.as_str())
            }
            _ => None,
        })
    }
}

impl Part {
    fn outside(&self) -> String {
        match self {
            Part::Known(text) => text.clone(),
            Part::Unknown(unknown) => match &unknown.otherwise {
                Otherwise::Text(text) | Otherwise::Placeholder(text) => text.clone(),
            },
        }
    }
}

impl<T: Into<String>> From<T> for Written {
    fn from(text: T) -> Self {
        Written {
            parts: vec![Part::Known(text.into())],
        }
    }
}

/// A word in capitals for something to fill in: `QUEUE_NAME` for `queueName`.
#[must_use]
pub fn placeholder(name: &str) -> String {
    let name = name.strip_prefix("the ").unwrap_or(name);
    let mut word = String::new();
    let mut before = ' ';
    for c in name.chars() {
        let starts_word = c.is_uppercase() && (before.is_lowercase() || before.is_ascii_digit());
        if starts_word || !c.is_alphanumeric() && !word.ends_with('_') {
            word.push('_');
        }
        if c.is_alphanumeric() {
            word.extend(c.to_uppercase());
        }
        before = c;
    }
    word.trim_matches('_').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_is_a_word_in_capitals() {
        assert_eq!(placeholder("queue"), "QUEUE");
        assert_eq!(placeholder("fileSystemId"), "FILE_SYSTEM_ID");
        assert_eq!(placeholder("Queue.QueueName"), "QUEUE_QUEUE_NAME");
        assert_eq!(
            placeholder("the role of the schedule"),
            "ROLE_OF_THE_SCHEDULE"
        );
    }

    #[test]
    fn a_reference_stands_in_a_template_only() {
        let unknown = Unknown {
            id: "Queue".into(),
            of: None,
            reference: Some("Queue.QueueName".to_owned()),
            otherwise: Otherwise::Placeholder("QUEUE".to_owned()),
        };
        let written = Written {
            parts: vec![Part::Known("arn:".to_owned()), Part::Unknown(unknown)],
        };
        assert_eq!(written.in_template(), "arn:${Queue.QueueName}");
        assert_eq!(written.outside(), "arn:QUEUE");
        assert_eq!(written.placeholders(false).collect::<Vec<_>>(), ["QUEUE"]);
        assert_eq!(written.placeholders(true).count(), 0);
    }
}
