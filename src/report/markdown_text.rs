//! Text from files in Markdown of GitHub: it stays text.

use std::fmt::Write;

use super::clean;

/// A line of Markdown in which what stands in backquotes becomes code, as our messages have names. In code,
/// GitHub makes neither links nor mentions.
pub(super) fn inline(text: &str) -> String {
    line(text, code)
}

/// The same as a line of HTML, in which Markdown is not read.
pub(super) fn inline_html(text: &str) -> String {
    line(text, code_html)
}

fn line(text: &str, code: fn(&str) -> String) -> String {
    let text = clean(text);
    let parts: Vec<&str> = text.split('`').collect();
    // Without a partner, a backquote is a character like any other.
    if parts.len().is_multiple_of(2) {
        return words(&text);
    }
    let mut written = String::new();
    for (number, part) in parts.into_iter().enumerate() {
        match number % 2 {
            0 => written.push_str(&words(part)),
            _ => written.push_str(&code(part)),
        }
    }
    written
}

/// A text as code of Markdown, between more backquotes than it has in a row.
pub(super) fn code(text: &str) -> String {
    let text = clean(text);
    if text.is_empty() {
        return String::new();
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    // One blank at each end is not part of the code.
    let blank = match text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) {
        true => " ",
        false => "",
    };
    format!("{fence}{blank}{text}{blank}{fence}")
}

/// A text as code of HTML.
pub(super) fn code_html(text: &str) -> String {
    match text.is_empty() {
        true => String::new(),
        false => format!("<code>{}</code>", escaped(&clean(text))),
    }
}

/// How many backquotes there are in a row at the most.
fn longest_run(text: &str) -> usize {
    let runs = text.split(|c: char| c != '`');
    runs.map(str::len).max().unwrap_or(0)
}

/// A text between code: what could begin a mention, a reference or a link is broken by a character without
/// width.
fn words(text: &str) -> String {
    let mut written = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['@', '#', ':', '.']) {
        let (before, after) = rest.split_at(at);
        let (sign, after) = after.split_at(1);
        written.push_str(&escaped(before));
        written.push_str(&escaped(sign));
        let is_link = match sign {
            "@" => after.starts_with(|c: char| c.is_alphanumeric()),
            "#" => after.starts_with(|c: char| c.is_ascii_digit()),
            ":" => after.starts_with("//"),
            _ => before.to_ascii_lowercase().ends_with("www"),
        };
        if is_link {
            written.push_str("&#8203;");
        }
        rest = after;
    }
    written.push_str(&escaped(rest));
    written
}

/// A text in which no character means anything to Markdown or HTML.
fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            // Neither begins anything inside of a line.
            ' ' | ',' | '.' | ';' | ')' | '(' | '/' | '-' | '\'' | '?' | '%' => written.push(c),
            _ if c.is_ascii_punctuation() => {
                let _infallible = write!(written, "&#{};", u32::from(c));
            }
            _ => written.push(c),
        }
    }
    written
}

/// Lines as a block of code that none of them ends.
pub(super) fn block(lines: &[String]) -> String {
    let longest = lines.iter().map(|line| longest_run(line)).max();
    let fence = "`".repeat(3.max(longest.unwrap_or(0) + 1));
    let mut block = format!("{fence}text\n");
    for line in lines {
        block.push_str(&clean(line));
        block.push('\n');
    }
    block + &fence
}

/// Whether a text is an address of a page, and nothing in it ends a link.
pub(super) fn is_web_address(url: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#@!$&*+,;=%".contains(c);
    let page = url.strip_prefix("https://").or(url.strip_prefix("http://"));
    page.is_some_and(|page| !page.is_empty() && page.chars().all(fits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_code() {
        assert_eq!(inline("role `a_b` is"), "role `a_b` is");
        assert_eq!(inline_html("role `a_b` is"), "role <code>a&#95;b</code> is");
        assert_eq!(inline("one ` only"), "one &#96; only");
    }

    #[test]
    fn no_text_ends_its_code() {
        assert_eq!(code("www.x.y @a"), "`www.x.y @a`");
        assert_eq!(code("a``b"), "```a``b```");
        assert_eq!(code("`a"), "`` `a ``");
        assert_eq!(code_html("</code>"), "<code>&lt;/code&gt;</code>");
    }

    #[test]
    fn text_from_files_mentions_and_links_nobody() {
        assert_eq!(inline("@octocat"), "&#64;&#8203;octocat");
        assert_eq!(inline("fixes #12"), "fixes &#35;&#8203;12");
        assert_eq!(inline("https://x.y"), "https&#58;&#8203;//x.y");
        assert_eq!(inline("www.x.y"), "www.&#8203;x.y");
        assert_eq!(
            inline("[a](b) <b> | *c*"),
            "&#91;a&#93;(b) &lt;b&gt; &#124; &#42;c&#42;"
        );
    }

    #[test]
    fn a_fence_is_longer_than_any_in_the_block() {
        let lines = ["```".to_owned(), "a".to_owned()];
        assert_eq!(block(&lines), "````text\n```\na\n````");
    }

    #[test]
    fn only_pages_are_addresses() {
        assert!(is_web_address("https://docs.aws.amazon.com/a_b?c=d#e"));
        assert!(!is_web_address("javascript:alert(1)"));
        assert!(!is_web_address("https://a> <b"));
        assert!(!is_web_address("https://"));
    }
}
