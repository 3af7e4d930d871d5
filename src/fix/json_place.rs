//! The list of statements in JSON that may have interpolations in it, which no reader of JSON takes.

use std::ops::Range;

/// A list in JSON.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ListPlace {
    /// The list, with its brackets.
    pub(super) list: Range<usize>,
    /// The last element.
    pub(super) last: Option<Range<usize>>,
}

/// Where the value of a member of the object at an offset is a list.
pub(super) fn list_of(text: &str, at: usize, name: &str) -> Option<ListPlace> {
    let mut scanner = Scanner { text, at };
    scanner.skip_blanks();
    scanner.take(b'{')?;
    loop {
        scanner.skip_blanks();
        let start = scanner.at;
        scanner.value()?;
        let key = text.get(start..scanner.at)?;
        scanner.skip_blanks();
        scanner.take(b':')?;
        scanner.skip_blanks();
        if key.trim_matches('"') == name {
            return scanner.list();
        }
        scanner.value()?;
        scanner.skip_blanks();
        scanner.take(b',')?;
    }
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, wanted: u8) -> Option<()> {
        (self.peek()? == wanted).then(|| self.at += 1)
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn list(&mut self) -> Option<ListPlace> {
        let start = self.at;
        self.take(b'[')?;
        let mut last = None;
        loop {
            self.skip_blanks();
            if self.take(b']').is_some() {
                let list = start..self.at;
                return Some(ListPlace { list, last });
            }
            let from = self.at;
            self.value()?;
            last = Some(from..self.at);
            self.skip_blanks();
            let _ = self.take(b',');
        }
    }

    /// Skips a value: a text, something in brackets, or anything up to what ends it.
    fn value(&mut self) -> Option<()> {
        match self.peek()? {
            b'"' => self.quoted(),
            b'{' | b'[' => self.bracketed(),
            b'$' | b'%' => self.interpolation(),
            _ => {
                let start = self.at;
                while !matches!(self.peek()?, b',' | b'}' | b']' | b':') {
                    self.at += 1;
                }
                (self.at > start).then_some(())
            }
        }
    }

    fn quoted(&mut self) -> Option<()> {
        self.take(b'"')?;
        loop {
            match self.peek()? {
                b'\\' => self.at += 2,
                b'"' => {
                    self.at += 1;
                    return Some(());
                }
                b'$' | b'%' => self.interpolation()?,
                _ => self.at += 1,
            }
        }
    }

    /// Skips `${…}`, or the sign alone.
    fn interpolation(&mut self) -> Option<()> {
        let is_escaped = self.text.as_bytes().get(self.at + 1) == self.text.as_bytes().get(self.at);
        self.at += 1;
        if is_escaped {
            self.at += 1;
            return Some(());
        }
        match self.peek() {
            Some(b'{') => self.bracketed(),
            _ => Some(()),
        }
    }

    fn bracketed(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            match self.peek()? {
                b'"' => self.quoted()?,
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    depth = depth.checked_sub(1)?;
                    self.at += 1;
                    if depth == 0 {
                        return Some(());
                    }
                }
                _ => self.at += 1,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last(text: &str) -> Option<&str> {
        let place = list_of(text, 0, "Statement")?;
        text.get(place.last?)
    }

    #[test]
    fn the_last_statement_is_found() {
        let text = r#"{"Version": "x", "Statement": [{"a": 1}, {"b": ["]", "\"}"]}]}"#;
        assert_eq!(last(text), Some(r#"{"b": ["]", "\"}"]}"#));
        let text = r#"{ "Statement": [ {"Resource": "${join(",", ["a", "}"])}", "n": ${x} } ] }"#;
        assert_eq!(
            last(text),
            Some(r#"{"Resource": "${join(",", ["a", "}"])}", "n": ${x} }"#)
        );
    }

    #[test]
    fn what_ends_early_has_no_list() {
        for text in [
            "",
            "{",
            r#"{"Statement""#,
            r#"{"Statement": [{"a": "#,
            r#"{"Statement": {}}"#,
        ] {
            assert_eq!(list_of(text, 0, "Statement"), None, "{text}");
        }
        let empty = list_of(r#"{"Statement": []}"#, 0, "Statement").unwrap();
        assert_eq!((empty.list, empty.last), (14..16, None));
    }
}
