//! Markdown for GitHub.

use lint_lambda::unstable::report::{Report, markdown};

use super::{HOSTILE, made, named};
use crate::program::run;

#[test]
fn a_finding_opens_what_explains_it() {
    let said = run(&["--format", "markdown", "policies-samples/systems/orders"]).stdout;
    assert!(said.starts_with("### lint-lambda: "), "{said}");
    assert!(
        said.contains("\n#### <code>policies-samples/systems/orders/role-policy.json</code>\n"),
        "{said}"
    );
    assert!(
        said.contains(
            "<details><summary>❌ <b>error</b>, line 11: unknown service <code>e22</code> "
        ),
        "{said}"
    );
    assert!(
        said.contains("\n```text\n{ \"Effect\": \"Allow\","),
        "{said}"
    );
    assert_eq!(
        said.matches("<details>").count(),
        said.matches("</details>").count()
    );
}

#[test]
fn a_name_from_a_file_is_only_text() {
    let said = named(HOSTILE, "markdown").stdout;
    let heading = said.lines().find(|line| line.starts_with("####")).unwrap();
    assert_eq!(
        heading,
        "#### <code>a,b&#58;&#58;c%0A&#124;&#96;&#64;octocat&#96; &lt;b&gt;&amp;&quot;'&#93;(x)&#123;0&#125;\
         &#92;u&#123;1b&#125;&#91;31m.json</code>"
    );
}

#[test]
fn a_long_report_fits_into_a_comment_and_keeps_what_is_worst() {
    let (sources, findings) = made(10_000);
    let report = Report {
        findings: &findings,
        ..Report::new(&sources)
    };
    let said = markdown(&report);
    assert!(said.len() < 65_536, "{}", said.len());
    assert!(said.len() > 50_000, "{}", said.len());
    assert!(
        said.starts_with("### lint-lambda: 3333 errors, 3333 warnings, 3334 hints"),
        "{}",
        &said[..200]
    );
    assert!(said.contains("<b>error</b>") && !said.contains("<b>warning</b>"));
    let shown = said.matches("<b>error</b>").count();
    assert!(said.contains(&format!("**{} more are left out**", 10_000 - shown)));
}
