//! Operators against contexts.

use super::*;
use crate::source::SourceMap;
use crate::syntax::json;

fn met(block: &str, set: &[(&str, &[&str])], absent: &[&str]) -> Truth {
    let mut sources = SourceMap::default();
    let file = sources.add("x", block).unwrap();
    let root = json::read(file, block).roots.remove(0);
    let mut context = Context::default();
    for (key, values) in set {
        context.set(key, values.iter().map(|v| Text::from(*v)).collect());
    }
    for key in absent {
        context.set_absent(key);
    }
    let operator = &root.members()[0];
    Condition::read(operator, &operator.value.members()[0], true).met(&context)
}

#[test]
fn keys_are_found_without_regard_to_case_and_values_with_it() {
    let block = r#"{"StringEquals": {"AWS:SourceAccount": ["1", "a"]}}"#;
    assert_eq!(
        met(block, &[("aws:SourceAccount", &["a"])], &[]),
        Truth::Yes
    );
    assert_eq!(met(block, &[("aws:SourceAccount", &["A"])], &[]), Truth::No);
    assert_eq!(met(block, &[], &[]), Truth::Unknown);
}

#[test]
fn an_absent_key_fails_unless_the_operator_is_negated_or_if_exists() {
    let absent = &["k"];
    assert_eq!(
        met(r#"{"StringEquals": {"k": "a"}}"#, &[], absent),
        Truth::No
    );
    assert_eq!(
        met(r#"{"StringNotEquals": {"k": "a"}}"#, &[], absent),
        Truth::Yes
    );
    assert_eq!(
        met(r#"{"StringEqualsIfExists": {"k": "a"}}"#, &[], absent),
        Truth::Yes
    );
    assert_eq!(
        met(r#"{"ForAllValues:StringLike": {"k": "a"}}"#, &[], absent),
        Truth::Yes
    );
    assert_eq!(
        met(r#"{"ForAnyValue:StringLike": {"k": "a"}}"#, &[], absent),
        Truth::No
    );
}

#[test]
fn null_asks_for_presence() {
    assert_eq!(met(r#"{"Null": {"k": "true"}}"#, &[], &["k"]), Truth::Yes);
    assert_eq!(
        met(r#"{"Null": {"k": true}}"#, &[("k", &["a"])], &[]),
        Truth::No
    );
    assert_eq!(
        met(r#"{"Null": {"k": "false"}}"#, &[("k", &["a"])], &[]),
        Truth::Yes
    );
    assert_eq!(met(r#"{"Null": {"k": "false"}}"#, &[], &[]), Truth::Unknown);
}

#[test]
fn arns_are_compared_part_by_part() {
    let block = r#"{"ArnLike": {"k": "arn:aws:execute-api:*:1:api/*"}}"#;
    let with = |arn| met(block, &[("k", &[arn])], &[]);
    assert_eq!(
        with("arn:aws:execute-api:eu-west-1:1:api/prod/GET/a"),
        Truth::Yes
    );
    assert_eq!(
        with("arn:aws:execute-api:eu-west-1:2:1:api/prod"),
        Truth::No
    );
    let equals = r#"{"ArnEquals": {"k": "arn:aws:sns:*:1:t"}}"#;
    assert_eq!(
        met(equals, &[("k", &["arn:aws:sns:eu-west-1:1:t"])], &[]),
        Truth::Yes
    );
}

#[test]
fn only_like_takes_wildcards() {
    assert_eq!(
        met(r#"{"StringEquals": {"k": "a*"}}"#, &[("k", &["ab"])], &[]),
        Truth::No
    );
    assert_eq!(
        met(r#"{"StringLike": {"k": "a*"}}"#, &[("k", &["ab"])], &[]),
        Truth::Yes
    );
    assert_eq!(
        met(r#"{"StringNotLike": {"k": "a*"}}"#, &[("k", &["ab"])], &[]),
        Truth::No
    );
}

#[test]
fn an_operator_that_is_not_evaluated_is_unknown() {
    assert_eq!(
        met(r#"{"Anything": {"k": "1"}}"#, &[("k", &["1"])], &[]),
        Truth::Unknown
    );
}

#[test]
fn truth_values_are_taken_as_text_or_bare() {
    assert_eq!(
        met(r#"{"Bool": {"k": "TRUE"}}"#, &[("k", &["true"])], &[]),
        Truth::Yes
    );
    assert_eq!(
        met(r#"{"Bool": {"k": false}}"#, &[("k", &["true"])], &[]),
        Truth::No
    );
}

#[test]
fn an_operator_that_does_not_exist_decides_nothing() {
    for operator in ["stringequals", "StringEqual"] {
        let block = format!(r#"{{"{operator}": {{"k": "1"}}}}"#);
        assert_eq!(met(&block, &[], &["k"]), Truth::Unknown, "{operator}");
        assert_eq!(
            met(&block, &[("k", &["1"])], &[]),
            Truth::Unknown,
            "{operator}"
        );
    }
}

#[test]
fn a_policy_variable_in_an_arn_is_filled_in() {
    let block =
        r#"{"ArnLike": {"aws:SourceArn": "arn:aws:sns:eu-west-1:${aws:SourceAccount}:orders"}}"#;
    let source = "arn:aws:sns:eu-west-1:123456789012:orders";
    let of = |account: &'static str| {
        let keys: [(&str, &[&str]); 2] = [
            ("aws:SourceArn", &[source]),
            (
                "aws:SourceAccount",
                std::slice::from_ref(Box::leak(Box::new(account))),
            ),
        ];
        met(block, &keys, &[])
    };
    assert_eq!(of("123456789012"), Truth::Yes);
    assert_eq!(of("210987654321"), Truth::No);
}

#[test]
fn only_a_condition_that_asks_for_a_value_confines() {
    for (block, confines) in [
        (r#"{"ArnLike": {"aws:SourceArn": "arn:aws:s3:::b"}}"#, true),
        (r#"{"StringEquals": {"aws:SourceVpce": "vpce-1"}}"#, true),
        (
            r#"{"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}"#,
            false,
        ),
        (
            r#"{"StringEqualsIfExists": {"aws:SourceAccount": "1"}}"#,
            false,
        ),
        (r#"{"StringLike": {"aws:PrincipalArn": "*"}}"#, false),
        (r#"{"Null": {"aws:SourceArn": "true"}}"#, false),
    ] {
        let mut sources = SourceMap::default();
        let file = sources.add("x", block).unwrap();
        let root = json::read(file, block).roots.remove(0);
        let operator = &root.members()[0];
        let condition = Condition::read(operator, &operator.value.members()[0], true);
        assert_eq!(condition.confines(), confines, "{block}");
    }
}
