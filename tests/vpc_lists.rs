//! Lists of subnets from parameters: in each branch that can be taken it is decided whether a function is
//! in a VPC.

use crate::program::Folder;

/// The parameters, the conditions and the value of `VpcConfig`, with what is found in a role without rights
/// on network interfaces: severity, and when it applies.
type Case = (
    &'static str,
    &'static str,
    &'static str,
    Option<(&'static str, &'static str)>,
);

const LISTS: [Case; 18] = [
    // A condition says whether the list is empty.
    (
        "{L: {Type: CommaDelimitedList, Default: ''}}",
        "{In: !Not [!Equals [!Join ['', !Ref L], '']]}",
        "!If [In, {SubnetIds: !Ref L}, !Ref 'AWS::NoValue']",
        Some(("error", "condition `In` is true")),
    ),
    (
        "{L: {Type: CommaDelimitedList, Default: ''}}",
        "{In: !Not [!Equals [!Join [',', !Ref L], '']]}",
        "{SubnetIds: !If [In, !Ref L, !Ref 'AWS::NoValue']}",
        Some(("error", "condition `In` is true")),
    ),
    (
        "{L: {Type: CommaDelimitedList, Default: ''}}",
        "{Out: !Equals ['', !Select [0, !Ref L]]}",
        "!If [Out, !Ref 'AWS::NoValue', {SubnetIds: !Ref L}]",
        Some(("error", "condition `Out` is false")),
    ),
    (
        "{L: {Type: CommaDelimitedList, Default: subnet-1}}",
        "{In: !Not [!Equals [!Select [0, !Ref L], '']]}",
        "!If [In, {SubnetIds: !Ref L}, !Ref 'AWS::NoValue']",
        Some(("error", "")),
    ),
    (
        "{L: {Type: CommaDelimitedList}}",
        "{In: !Not [!Equals [!Join ['', !Ref L], '']]}",
        "!If [In, {SubnetIds: !Ref L}, !Ref 'AWS::NoValue']",
        Some(("error", "condition `In` is true")),
    ),
    // One of two lists decides.
    (
        "{L: {Type: CommaDelimitedList, Default: ''}, G: {Type: CommaDelimitedList, Default: ''}}",
        "{In: !Not [!Equals [!Join ['', !Ref G], '']]}",
        "!If [In, {SubnetIds: !Ref L, SecurityGroupIds: !Ref G}, !Ref 'AWS::NoValue']",
        Some(("error", "condition `In` is true")),
    ),
    // A flag decides, and whoever sets it gives the list.
    (
        "{Use: {Type: String, Default: 'false'}, L: {Type: CommaDelimitedList, Default: ''}}",
        "{In: !Equals [!Ref Use, 'true']}",
        "!If [In, {SubnetIds: !Ref L}, !Ref 'AWS::NoValue']",
        Some(("warning", "condition `In` is true")),
    ),
    (
        "{Use: {Type: String, AllowedValues: ['true', 'false']}, L: {Type: CommaDelimitedList, Default: ''}}",
        "{In: !Equals [!Ref Use, 'true']}",
        "!If [In, {SubnetIds: !Ref L}, !Ref 'AWS::NoValue']",
        Some(("error", "parameter `L` is not empty")),
    ),
    (
        "{Use: {Type: String, Default: 'true'}, L: {Type: CommaDelimitedList, Default: ''}}",
        "{In: !Equals [!Ref Use, 'true']}",
        "!If [In, {SubnetIds: !Ref L}, !Ref 'AWS::NoValue']",
        Some(("error", "parameter `L` is not empty")),
    ),
    (
        "{Use: {Type: String, Default: 'true'}, L: {Type: CommaDelimitedList}}",
        "{In: !Equals [!Ref Use, 'true']}",
        "!If [In, {SubnetIds: !Ref L}, !Ref 'AWS::NoValue']",
        Some(("error", "")),
    ),
    // Nothing decides but the list itself.
    (
        "{L: {Type: CommaDelimitedList, Default: ''}}",
        "{}",
        "{SubnetIds: !Ref L}",
        Some(("error", "parameter `L` is not empty")),
    ),
    (
        "{L: {Type: CommaDelimitedList}}",
        "{}",
        "{SubnetIds: !Ref L}",
        Some(("error", "")),
    ),
    (
        "{L: {Type: 'List<AWS::EC2::Subnet::Id>'}}",
        "{}",
        "{SubnetIds: !Ref L}",
        Some(("error", "")),
    ),
    (
        "{L: {Type: 'List<AWS::EC2::Subnet::Id>', Default: ''}}",
        "{}",
        "{SubnetIds: !Ref L}",
        Some(("error", "")),
    ),
    (
        "{L: {Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: /net/subnets}}",
        "{}",
        "{SubnetIds: !Ref L}",
        Some(("error", "")),
    ),
    (
        "{L: {Type: String}}",
        "{}",
        "{SubnetIds: !Split [',', !Ref L]}",
        Some(("error", "")),
    ),
    // In no branch there is a subnet.
    (
        "{L: {Type: CommaDelimitedList, Default: ''}}",
        "{Out: !Equals [!Join ['', !Ref L], '']}",
        "!If [Out, {SubnetIds: !Ref L}, !Ref 'AWS::NoValue']",
        None,
    ),
    (
        "{L: {Type: CommaDelimitedList, Default: ''}}",
        "{}",
        "{SubnetIds: []}",
        None,
    ),
];

/// A function whose role has this managed policy beside the one for logs.
fn template(parameters: &str, conditions: &str, vpc: &str, policy: &str) -> String {
    format!(
        "Parameters: {parameters}\nConditions: {conditions}\nResources:\n  \
         Role:\n    Type: AWS::IAM::Role\n    Properties:\n      \
         AssumeRolePolicyDocument: {{Version: '2012-10-17', Statement: [{{Effect: Allow, \
         Principal: {{Service: lambda.amazonaws.com}}, Action: 'sts:AssumeRole'}}]}}\n      \
         ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/{policy}']\n  \
         F:\n    Type: AWS::Lambda::Function\n    Properties:\n      \
         {{Handler: a.b, Runtime: python3.13, Code: {{ZipFile: x}}, Role: !GetAtt Role.Arn, VpcConfig: {vpc}}}\n"
    )
}

/// What is found about network interfaces: each as it reads; and how much is left open.
fn found(folder: &Folder, template: &str, flags: &[&str]) -> (Vec<String>, usize) {
    folder.write("t.yaml", template);
    let flags = [&["t.yaml", "--format", "plain", "--show-undecided"], flags].concat();
    let report = folder.run(&flags).stdout;
    assert!(!report.contains("problem"), "{report}: {template}");
    let report = format!("\n{report}");
    let parts = report.split("\nt.yaml:").skip(1);
    let (open, found): (Vec<&str>, Vec<&str>) =
        parts.partition(|part| part.contains(": undecided["));
    (found.into_iter().map(str::to_owned).collect(), open.len())
}

#[test]
fn the_branch_decides_whether_there_are_subnets() {
    let folder = Folder::new("vpc-lists");
    for (parameters, conditions, vpc, expected) in LISTS {
        let without = template(parameters, conditions, vpc, "AWSLambdaBasicExecutionRole");
        let (found, open) = found(&folder, &without, &[]);
        assert_eq!(open, 0, "{without}");
        match (expected, found.as_slice()) {
            (None, []) => {}
            (Some((severity, when)), [found]) => {
                let rule = format!(": {severity}[vpc/eni-actions-not-granted]: ");
                assert!(found.contains(&rule), "{found}: {without}");
                let applies = "note: occurs only when ";
                let notes = found.split(applies).nth(1);
                let notes = notes.and_then(|note| note.lines().next());
                assert_eq!(notes.unwrap_or(""), when, "{without}");
            }
            (_, found) => panic!("{found:?}: {without}"),
        }
        let with = template(
            parameters,
            conditions,
            vpc,
            "AWSLambdaVPCAccessExecutionRole",
        );
        assert_eq!(self::found(&folder, &with, &[]), (Vec::new(), 0), "{with}");
    }
}

#[test]
fn a_list_that_is_given_decides() {
    let folder = Folder::new("vpc-lists-given");
    let (parameters, conditions, vpc, _) = LISTS[0];
    let template = template(parameters, conditions, vpc, "AWSLambdaBasicExecutionRole");
    let flag = |value: &str| format!("L={value}");
    let given = flag("subnet-1,subnet-2");
    let (errors, open) = found(&folder, &template, &["--param", &given]);
    assert_eq!((errors.len(), open), (1, 0));
    assert!(!errors[0].contains("this applies when"), "{errors:?}");
    assert_eq!(
        found(&folder, &template, &["--param", &flag("")]),
        (Vec::new(), 0)
    );
}
