//! The files that a configuration reads with `${file(…)}`.

use std::collections::BTreeSet;

/// How many files of one text are looked for.
const MOST: usize = 500;

/// Extensions of the files that can be read.
const ENDINGS: [&str; 3] = ["json", "yaml", "yml"];

/// Whether a text can be a configuration of the Serverless Framework.
pub(in crate::input) fn is_service(text: &str) -> bool {
    let has = |name: &str| {
        text.lines().any(|line| {
            let key = line.trim_start_matches(['"', '\'', ' ', '\t', '{']);
            let rest = key.strip_prefix(name).map(str::trim_start);
            let rest = rest.map(|rest| rest.trim_start_matches(['"', '\'']).trim_start());
            rest.is_some_and(|rest| rest.starts_with(':'))
        })
    };
    // Most texts are told apart without a look at their lines.
    text.contains("service") && has("service") && (has("provider") || has("functions"))
}

/// The paths that a text names in `${file(…)}`, relative to the folder of the service; `*` stands for a variable in
/// them.
pub(crate) fn named_files(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut rest = text;
    while let Some((_, tail)) = rest.split_once("file(") {
        rest = tail;
        if found.len() >= MOST {
            break;
        }
        let path = pattern(tail);
        let ending = path.as_ref().and_then(|path| path.rsplit_once('.'));
        if let Some((_, ending)) = ending
            && ENDINGS.contains(&ending)
        {
            found.extend(path);
        }
    }
    found
}

/// A path up to the parenthesis that closes, with `*` for each variable.
fn pattern(text: &str) -> Option<String> {
    let mut path = String::new();
    let mut depth = 0_usize;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '$' if letters.peek() == Some(&'{') => {
                letters.next();
                if depth == 0 {
                    path.push('*');
                }
                depth += 1;
            }
            '}' if depth > 0 => depth -= 1,
            _ if depth > 0 => {}
            ')' => return Some(path.trim().trim_matches(['"', '\'']).to_owned()),
            '\n' | '*' | '?' | '[' => return None,
            _ => path.push(letter),
        }
    }
    None
}

/// Whether a path is one that a pattern of [`named_files`] names.
pub(in crate::input) fn fits(pattern: &str, path: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| path.strip_prefix(first)) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, between)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in between {
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or(""),
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_a_text_are_found() {
        let text = "a: ${file(./iam.yml):statements}\nb: ${file(config/${opt:stage, 'dev'}.json):x, ''}\n\
                    c: ${file(x.js)}\nd: ${file(./a b.yaml)}";
        let found: Vec<String> = named_files(text).into_iter().collect();
        assert_eq!(found, ["./a b.yaml", "./iam.yml", "config/*.json"]);
    }

    #[test]
    fn a_path_fits_a_pattern() {
        assert!(fits("./config/*.json", "./config/dev.json"));
        assert!(!fits("./config/*.json", "./config/dev.yml"));
        assert!(fits("./iam.yml", "./iam.yml"));
        assert!(!fits("./iam.yml", "./iam.yml2"));
    }

    #[test]
    fn a_service_is_told_by_its_members() {
        assert!(is_service("service: a\nprovider:\n  name: aws\n"));
        assert!(is_service("{\n \"service\": \"a\",\n \"provider\": {}}"));
        assert!(!is_service("service: a\nother: b\n"));
    }
}
