//! Conditions and parameters of templates: every branch is looked at, and values can be given.

use serde_json::Value;

use crate::program::Folder;

const STAGES: &str = "\
Parameters:
  Stage: {Type: String, Default: dev, AllowedValues: [dev, prod]}
  Subnet: {Type: String}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsDev: !Not [!Condition IsProd]
  InVpc: !Not [!Equals [!Ref Subnet, '']]
Resources:
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt Role.Arn
      VpcConfig: !If [InVpc, {SubnetIds: [!Ref Subnet], SecurityGroupIds: [sg-1]}, !Ref AWS::NoValue]
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
      ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]
  Nightly:
    Type: AWS::Events::Rule
    Condition: IsProd
    Properties:
      ScheduleExpression: rate(1 day)
      Targets: [{Id: a, Arn: !GetAtt Function.Arn}]
  Permission:
    Type: AWS::Lambda::Permission
    Condition: IsDev
    Properties:
      FunctionName: !Ref Function
      Action: lambda:InvokeFunction
      Principal: events.amazonaws.com
      SourceArn: !GetAtt Nightly.Arn
";

/// Severity and rule of each finding.
fn found(folder: &Folder, args: &[&str]) -> Vec<String> {
    let report = folder.run(&[&["stages.yaml", "--format", "json"], args].concat());
    let report = report.json();
    assert_eq!(report["problems"], Value::Array(Vec::new()));
    let findings = report["findings"].as_array().unwrap().iter();
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let mut found: Vec<String> = findings
        .map(|f| format!("{} {}", word(&f["severity"]), word(&f["rule"])))
        .collect();
    found.sort();
    found
}

fn stages(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("stages.yaml", STAGES);
    folder
}

#[test]
fn every_branch_is_looked_at() {
    let folder = stages("branches");
    let rules = [
        "error vpc/eni-actions-not-granted",
        "warning push-sources/invoke-not-granted",
    ];
    assert_eq!(found(&folder, &[]), rules);
    let told = folder.run(&["stages.yaml"]).stdout;
    assert!(told.contains("when condition `IsProd` is true"), "{told}");
    assert!(told.contains("when condition `InVpc` is true"), "{told}");
}

#[test]
fn what_is_given_decides() {
    let folder = stages("given");
    let prod = ["--param", "Stage=prod", "--param", "Subnet=subnet-1"];
    let both = [
        "error push-sources/invoke-not-granted",
        "error vpc/eni-actions-not-granted",
    ];
    assert_eq!(found(&folder, &prod), both);
    let none: [&str; 0] = [];
    let dev = ["--param", "Stage=dev", "--param", "Subnet="];
    assert_eq!(found(&folder, &dev), none);
    folder.write(
        "samconfig.toml",
        "[default.deploy.parameters]\nparameter_overrides = \"Stage=dev Subnet=s\"\n",
    );
    let sam = ["--params", "samconfig.toml"];
    assert_eq!(found(&folder, &sam), ["error vpc/eni-actions-not-granted"]);
    let over = ["--params", "samconfig.toml", "--param", "Subnet="];
    assert_eq!(found(&folder, &over), none);
}

#[test]
fn a_value_that_no_template_takes_is_a_problem() {
    let folder = stages("mistaken-values");
    for (given, told) in [
        ("Stege=prod", "did you mean `Stage`?"),
        ("Stage=production", "expected one of: dev, prod"),
    ] {
        let report = folder.run(&["stages.yaml", "--param", given]);
        assert_eq!(report.status, Some(2));
        assert!(report.stdout.contains(told), "{}", report.stdout);
    }
    folder.write("empty.json", "{}");
    let report = folder.run(&["stages.yaml", "--params", "empty.json"]);
    assert!(
        report.stdout.contains("does not contain parameter values"),
        "{}",
        report.stdout
    );
    let report = folder.run(&["stages.yaml", "--account", "12"]);
    assert_eq!(report.status, Some(2));
}

#[test]
fn a_region_and_account_fill_their_holes() {
    let folder = stages("region");
    let text = STAGES
        .replace(
            "!GetAtt Nightly.Arn",
            "arn:aws:events:eu-west-1:123456789012:rule/other",
        )
        .replace("IsDev\n", "IsProd\n");
    folder.write("stages.yaml", text);
    let args = [
        "--param",
        "Stage=prod",
        "--param",
        "Subnet=",
        "--region",
        "us-east-1",
    ];
    assert_eq!(
        found(&folder, &args),
        ["error push-sources/invoke-not-granted"]
    );
}

#[test]
fn what_does_not_depend_on_an_open_condition_stays_an_error() {
    let folder = Folder::new("open-condition");
    let text = STAGES.replace(
        "  IsProd: !Equals [!Ref Stage, prod]",
        "  Open: !Equals [!FindInMap [Regions, !Ref AWS::Region, a], b]\n  IsProd: !Equals [!Ref Stage, prod]",
    );
    let text = format!("{text}  Bucket: {{Type: AWS::S3::Bucket, Condition: Open}}\n");
    folder.write("stages.yaml", text);
    let given = ["--param", "Stage=prod", "--param", "Subnet=subnet-1"];
    let both = [
        "error push-sources/invoke-not-granted",
        "error vpc/eni-actions-not-granted",
    ];
    assert_eq!(found(&folder, &given), both);
}

#[test]
fn a_condition_that_is_not_declared_is_a_problem() {
    let folder = stages("misspelt-condition");
    folder.write(
        "stages.yaml",
        STAGES.replace("Condition: IsProd\n", "Condition: IsPrd\n"),
    );
    let report = folder.run(&["stages.yaml"]);
    assert_eq!(report.status, Some(2));
    assert!(
        report.stdout.contains("did you mean `IsProd`?"),
        "{}",
        report.stdout
    );
}

/// A template in which a rule calls the function if `IsNightly` is met, without a permission to.
fn nightly(sections: &str) -> String {
    format!(
        "{sections}
Resources:
  Function:
    Type: AWS::Lambda::Function
    Properties: {{ Role: arn:aws:iam::123456789012:role/own }}
  Nightly:
    Type: AWS::Events::Rule
    Condition: IsNightly
    Properties:
      ScheduleExpression: rate(1 day)
      Targets: [{{ Id: a, Arn: !GetAtt Function.Arn }}]
"
    )
}

#[test]
fn no_branch_has_values_that_a_parameter_cannot_have() {
    let compared = |declared: &str, text: &str| {
        format!(
            "Parameters:
  Stage: {{ {declared} }}
Conditions:
  IsNightly: !Equals [!Ref Stage, {text}]"
        )
    };
    let folder = Folder::new("possible-values");
    for (declared, text, is_possible) in [
        ("Type: String, AllowedValues: [dev, prod]", "prod", true),
        ("Type: String, AllowedValues: [dev, prod]", "legacy", false),
        (
            "Type: String, Default: dev, AllowedValues: [dev, prod]",
            "legacy",
            false,
        ),
        ("Type: String, AllowedPattern: '[a-z]+'", "prod", true),
        ("Type: String, AllowedPattern: '[a-z]+'", "'2'", false),
        ("Type: String, AllowedPattern: '.+'", "''", false),
        ("Type: String, MinLength: 1", "''", false),
        ("Type: String, MaxLength: 3", "prod", false),
        ("Type: String, MinLength: 1, MaxLength: 4", "prod", true),
        ("Type: Number, MinValue: 1", "0", false),
        ("Type: Number, MinValue: 1", "7", true),
        // What is given is the name of where the value is.
        (
            "Type: 'AWS::SSM::Parameter::Value<String>', AllowedValues: [/stage/dev, /stage/prod]",
            "prod",
            true,
        ),
        (
            "Type: 'AWS::SSM::Parameter::Value<String>', MinLength: 10",
            "prod",
            true,
        ),
        // What is no pattern of ours forbids nothing.
        ("Type: String, AllowedPattern: '(?!x)[a-z]+'", "prod", true),
    ] {
        folder.write("stages.yaml", nightly(&compared(declared, text)));
        let is_found = !found(&folder, &[]).is_empty();
        assert_eq!(is_found, is_possible, "{declared} and {text}");
    }
}

#[test]
fn no_branch_breaks_the_rules_of_its_template() {
    let sections = |private: &str, rule: &str| {
        format!(
            "Parameters:
  Stage: {{ Type: String, Default: prod }}
  Private: {{ Type: String, Default: '{private}', AllowedValues: ['true', 'false'] }}
Rules:
  Own:
{rule}
Conditions:
  IsNightly: !And [!Equals [!Ref Stage, prod], !Equals [!Ref Private, 'false']]"
        )
    };
    let folder = Folder::new("template-rules");
    let of_prod = "    RuleCondition: !Equals [!Ref Stage, prod]
    Assertions: [{ Assert: !Equals [!Ref Private, 'true'] }]";
    let always = "    Assertions: [{ Assert: !Contains [['true'], !Ref Private] }]";
    let of_dev = "    RuleCondition: !Equals [!Ref Stage, dev]
    Assertions: [{ Assert: !Equals [!Ref Private, 'true'] }]";
    let unknown = "    Assertions: [{ Assert: !EachMemberIn [!ValueOfAll [AWS::EC2::Subnet::Id, VpcId], [a]] }]";
    for (private, rule, is_possible) in [
        ("true", of_prod, false),
        ("false", of_prod, false),
        ("true", always, false),
        ("false", always, false),
        ("true", of_dev, true),
        ("false", of_dev, true),
        ("true", unknown, true),
    ] {
        folder.write("stages.yaml", nightly(&sections(private, rule)));
        let is_found = !found(&folder, &[]).is_empty();
        assert_eq!(is_found, is_possible, "{private}: {rule}");
    }
    // The stage decides whether the rule applies.
    let other = "Parameters:
  Stage: { Type: String, Default: prod }
  Private: { Type: String, Default: 'true' }
Rules:
  Own:
    RuleCondition: !Equals [!Ref Stage, prod]
    Assertions: [{ Assert: !Equals [!Ref Private, 'true'] }]
Conditions:
  IsNightly: !Equals [!Ref Private, 'false']";
    folder.write("stages.yaml", nightly(other));
    assert_eq!(
        found(&folder, &[]),
        ["warning push-sources/invoke-not-granted"]
    );
}
