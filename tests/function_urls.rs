//! Function URLs: who calls through them, with which permissions, and since when.

use serde_json::{Value, json};

use crate::program::Folder;

const ARN: &str = "arn:aws:lambda:eu-west-1:123456789012:function:site";
const DOMAIN: &str = "abcdefghijklmnopqrstuvwxyz012345.lambda-url.eu-west-1.on.aws";
const DISTRIBUTION: &str = "arn:aws:cloudfront::123456789012:distribution/E2EXAMPLE";
const PLACE: [&str; 4] = ["--region", "eu-west-1", "--account", "123456789012"];

/// What is missing of calls, each as the rule, its severity and the actions.
fn missing(folder: &Folder, files: &[&str]) -> Vec<String> {
    let arguments = [files, &["--format", "json"], &PLACE].concat();
    let of_calls = folder.run(&arguments).findings_of("push-sources");
    let told = of_calls.iter().map(|finding| {
        let text = |name: &str| finding[name].as_str().unwrap().to_owned();
        let actions = finding["actions"].as_array().unwrap().iter();
        let actions: Vec<&str> = actions.map(|action| action.as_str().unwrap()).collect();
        let rule = text("rule").replace("push-sources/", "");
        format!("{rule} {} {}", text("severity"), actions.join(" "))
    });
    told.collect()
}

/// A permission of a template.
fn permission(action: &str, more: &Value) -> Value {
    let mut properties = json!({ "Action": action, "FunctionName": { "Ref": "Site" } });
    for (name, value) in more.as_object().unwrap() {
        properties[name] = value.clone();
    }
    json!({ "Type": "AWS::Lambda::Permission", "Properties": properties })
}

/// A function with a URL, and what more its template has.
fn template(auth_type: &str, more: &[(&str, Value)]) -> Value {
    let mut resources = json!({
        "Site": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Handler": "index.handler",
                "Runtime": "nodejs22.x",
                "Role": "arn:aws:iam::123456789012:role/site",
                "Code": { "ZipFile": "x" }
            }
        },
        "Url": {
            "Type": "AWS::Lambda::Url",
            "Properties": { "AuthType": auth_type, "TargetFunctionArn": { "Ref": "Site" } }
        }
    });
    for (name, resource) in more {
        resources[*name] = resource.clone();
    }
    json!({ "Resources": resources })
}

/// The domain name of the URL, in the ways that templates write it.
fn domains() -> [Value; 4] {
    let url = json!({ "Fn::GetAtt": ["Url", "FunctionUrl"] });
    [
        json!({ "Fn::Select": [2, { "Fn::Split": ["/", url] }] }),
        json!({ "Fn::Select": ["2", { "Fn::Split": ["/", { "Fn::Sub": "${Url.FunctionUrl}" }] }] }),
        json!({ "Fn::Select": [0, { "Fn::Split": ["/", { "Fn::Select": [1, { "Fn::Split": ["https://", url] }] }] }] }),
        json!({ "Fn::Select": [2, { "Fn::Split": ["/", { "Fn::Join": ["", [url]] }] }] }),
    ]
}

/// A distribution with the URL as its origin, with or without an origin access control.
fn distribution(domain: &Value, control: Option<&Value>) -> Value {
    let mut origin = json!({
        "Id": "site",
        "DomainName": domain,
        "CustomOriginConfig": { "OriginProtocolPolicy": "https-only" }
    });
    if let Some(control) = control {
        origin["OriginAccessControlId"] = control.clone();
    }
    json!({
        "Type": "AWS::CloudFront::Distribution",
        "Properties": {
            "DistributionConfig": {
                "Enabled": true,
                "DefaultCacheBehavior": { "TargetOriginId": "site", "ViewerProtocolPolicy": "https-only" },
                "Origins": [origin]
            }
        }
    })
}

fn control(signing: &str) -> Value {
    json!({
        "Type": "AWS::CloudFront::OriginAccessControl",
        "Properties": {
            "OriginAccessControlConfig": {
                "Name": "site",
                "OriginAccessControlOriginType": "lambda",
                "SigningBehavior": signing,
                "SigningProtocol": "sigv4"
            }
        }
    })
}

fn control_id() -> Value {
    json!({ "Fn::GetAtt": ["Control", "Id"] })
}

/// The permissions that CloudFront needs, by way of writing the ARN of the distribution.
fn for_cloudfront(arn: &Value) -> [(&'static str, Value); 2] {
    let principal = "cloudfront.amazonaws.com";
    let url = json!({ "Principal": principal, "SourceArn": arn, "FunctionUrlAuthType": "AWS_IAM" });
    let invoke = json!({ "Principal": principal, "SourceArn": arn, "InvokedViaFunctionUrl": true });
    [
        (
            "UrlPermission",
            permission("lambda:InvokeFunctionUrl", &url),
        ),
        (
            "InvokePermission",
            permission("lambda:InvokeFunction", &invoke),
        ),
    ]
}

#[test]
fn a_distribution_with_origin_access_control_needs_both_permissions() {
    let folder = Folder::new("origin-access-control");
    let arn = json!({ "Fn::Sub": "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Cdn}" });
    let other = json!({ "Fn::Sub": "arn:aws:cloudfront::${AWS::AccountId}:distribution/${Other}" });
    let both = "invoke-not-granted error lambda:InvokeFunctionUrl lambda:InvokeFunction";
    for domain in domains() {
        let cdn = [
            ("Cdn", distribution(&domain, Some(&control_id()))),
            ("Control", control("always")),
            ("Other", distribution(&json!("example.com"), None)),
        ];
        let check = |permissions: &[(&'static str, Value)], expected: &[&str]| {
            let more = [cdn.as_slice(), permissions].concat();
            folder.write("template.json", template("AWS_IAM", &more).to_string());
            let found = missing(&folder, &["template.json"]);
            assert_eq!(found, expected, "{domain} {permissions:?}");
        };
        let [url, invoke] = for_cloudfront(&arn);
        check(&[], &[both]);
        check(
            std::slice::from_ref(&url),
            &["invoke-not-granted error lambda:InvokeFunction"],
        );
        check(
            std::slice::from_ref(&invoke),
            &["invoke-not-granted error lambda:InvokeFunctionUrl"],
        );
        check(&[url, invoke], &[]);
        check(&for_cloudfront(&other), &[both]);
    }
}

#[test]
fn a_distribution_that_does_not_sign_is_not_cloudfronts_own_call() {
    let folder = Folder::new("no-origin-access-control");
    let domain = domains()[0].clone();
    let unsigned = [
        vec![("Cdn", distribution(&domain, None))],
        vec![("Cdn", distribution(&domain, Some(&json!(""))))],
        vec![
            ("Cdn", distribution(&domain, Some(&control_id()))),
            ("Control", control("never")),
        ],
        // The origin is a bucket, whose access control is none of the function's business.
        vec![
            (
                "Cdn",
                distribution(
                    &json!("files.s3.eu-west-1.amazonaws.com"),
                    Some(&control_id()),
                ),
            ),
            ("Control", control("always")),
        ],
    ];
    for more in unsigned {
        folder.write("template.json", template("AWS_IAM", &more).to_string());
        assert_eq!(missing(&folder, &["template.json"]), [""; 0], "{more:?}");
    }
}

/// What `aws lambda get-function-url-config` prints.
fn url_config(auth_type: &str, created: &str) -> String {
    let config = json!({
        "FunctionUrl": format!("https://{DOMAIN}/"),
        "FunctionArn": ARN,
        "AuthType": auth_type,
        "CreationTime": created,
        "LastModifiedTime": "2026-11-20T09:00:00Z",
        "InvokeMode": "BUFFERED"
    });
    config.to_string()
}

/// What `aws lambda get-policy` prints, with a statement for each action.
fn get_policy(statements: &[Value]) -> String {
    let policy = json!({ "Version": "2012-10-17", "Id": "default", "Statement": statements });
    json!({ "Policy": policy.to_string(), "RevisionId": "1" }).to_string()
}

fn cloudfront_statement(action: &str, condition: &Value) -> Value {
    json!({
        "Sid": action.replace(':', "-"),
        "Effect": "Allow",
        "Principal": { "Service": "cloudfront.amazonaws.com" },
        "Action": action,
        "Resource": ARN,
        "Condition": condition
    })
}

#[test]
fn the_answers_about_a_distribution_are_joined_with_the_url() {
    let folder = Folder::new("distribution-answers");
    let origins = json!({
        "Quantity": 2,
        "Items": [
            { "Id": "files", "DomainName": "files.s3.eu-west-1.amazonaws.com", "OriginAccessControlId": "ES3" },
            { "Id": "site", "DomainName": DOMAIN, "OriginAccessControlId": "ESITE" }
        ]
    });
    let config = json!({ "CallerReference": "1", "Origins": origins, "Enabled": true });
    let of_id = json!({ "Id": "E2EXAMPLE", "ARN": DISTRIBUTION, "DistributionConfig": config });
    folder.write(
        "get.json",
        json!({ "ETag": "E1", "Distribution": of_id }).to_string(),
    );
    let listed = json!({ "Id": "E2EXAMPLE", "ARN": DISTRIBUTION, "Origins": origins });
    folder.write(
        "list.json",
        json!({ "DistributionList": { "Items": [listed] } }).to_string(),
    );
    let named = json!({ "ETag": "E1", "Id": "E2EXAMPLE", "DistributionConfig": config });
    folder.write("config.json", named.to_string());
    folder.write("url.json", url_config("AWS_IAM", "2026-05-11T08:00:00Z"));
    folder.write(
        "old-url.json",
        url_config("AWS_IAM", "2024-05-11T08:00:00Z"),
    );
    folder.write(
        "none.txt",
        "An error occurred (ResourceNotFoundException) when calling the GetPolicy operation: The resource you requested does not exist.",
    );
    let source = json!({ "ArnLike": { "AWS:SourceArn": DISTRIBUTION } });
    let url = cloudfront_statement("lambda:InvokeFunctionUrl", &source);
    let invoke = cloudfront_statement("lambda:InvokeFunction", &source);
    folder.write("half.json", get_policy(std::slice::from_ref(&url)));
    folder.write("both.json", get_policy(&[url, invoke]));
    let controls = |signing: &str| {
        let item = json!({ "Id": "ESITE", "Name": "site", "SigningBehavior": signing });
        json!({ "OriginAccessControlList": { "Items": [item] } }).to_string()
    };
    folder.write("controls.json", controls("always"));
    folder.write("unsigned.json", controls("never"));
    let invoke = "lambda:InvokeFunction";
    for answer in ["get.json", "list.json", "config.json"] {
        let check = |files: &[&str], expected: &[String]| {
            let files = [&[answer], files].concat();
            assert_eq!(missing(&folder, &files), expected, "{files:?}");
        };
        let error = |actions: &str| vec![format!("invoke-not-granted error {actions}")];
        check(
            &["url.json", "none.txt"],
            &error(&format!("lambda:InvokeFunctionUrl {invoke}")),
        );
        check(&["url.json", "half.json"], &error(invoke));
        check(&["url.json", "half.json", "controls.json"], &error(invoke));
        check(&["url.json", "half.json", "unsigned.json"], &[]);
        check(&["url.json", "both.json"], &[]);
        let exempt = format!("invoke-soon-not-granted warning {invoke}");
        check(&["old-url.json", "half.json"], &[exempt]);
    }
}

/// The statements of a public URL.
fn public(action: &str, condition: &Value) -> Value {
    json!({
        "Sid": action.replace(':', "-"),
        "Effect": "Allow",
        "Principal": "*",
        "Action": action,
        "Resource": ARN,
        "Condition": condition
    })
}

#[test]
fn a_public_url_needs_both_permissions_unless_it_is_old() {
    let folder = Folder::new("public-urls");
    let url = public(
        "lambda:InvokeFunctionUrl",
        &json!({ "StringEquals": { "lambda:FunctionUrlAuthType": "NONE" } }),
    );
    folder.write("policy.json", get_policy(&[url]));
    let cases = [
        (
            "2022-04-06T10:00:00Z",
            "invoke-soon-not-granted warning lambda:InvokeFunction",
        ),
        (
            "2025-09-30T23:59:59.999+00:00",
            "invoke-soon-not-granted warning lambda:InvokeFunction",
        ),
        (
            "2025-10-01T00:00:00Z",
            "invoke-not-granted error lambda:InvokeFunction",
        ),
        (
            "2026-11-30T10:00:00Z",
            "invoke-not-granted error lambda:InvokeFunction",
        ),
    ];
    for (created, expected) in cases {
        folder.write("url.json", url_config("NONE", created));
        assert_eq!(
            missing(&folder, &["url.json", "policy.json"]),
            [expected],
            "{created}"
        );
    }
    // A template makes the URL now.
    let public = json!({ "Principal": "*", "FunctionUrlAuthType": "NONE" });
    let half = [("Public", permission("lambda:InvokeFunctionUrl", &public))];
    folder.write("template.json", template("NONE", &half).to_string());
    let expected = ["invoke-not-granted error lambda:InvokeFunction"];
    assert_eq!(missing(&folder, &["template.json"]), expected);
    let invoke = json!({ "Principal": "*", "InvokedViaFunctionUrl": true });
    let whole = [
        half[0].clone(),
        ("Invoke", permission("lambda:InvokeFunction", &invoke)),
    ];
    folder.write("template.json", template("NONE", &whole).to_string());
    assert_eq!(missing(&folder, &["template.json"]), [""; 0]);
}
