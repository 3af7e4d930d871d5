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
        ("Stage=production", "it is one of: dev, prod"),
    ] {
        let report = folder.run(&["stages.yaml", "--param", given]);
        assert_eq!(report.status, Some(2));
        assert!(report.stdout.contains(told), "{}", report.stdout);
    }
    folder.write("empty.json", "{}");
    let report = folder.run(&["stages.yaml", "--params", "empty.json"]);
    assert!(
        report.stdout.contains("there are no values"),
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
