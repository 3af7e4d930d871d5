use super::*;

#[test]
fn look_ups_give_what_stands_in_the_list() {
    let table = ActionTable::builtin();
    let action = table.action("SQS:sendmessage").unwrap();
    assert_eq!(action.full_name(), "sqs:SendMessage");
    assert_eq!(action.level(), "Write");
    let resources: Vec<_> = action
        .resources()
        .map(|(r, needed)| (r.name(), r.arn(), needed))
        .collect();
    assert_eq!(resources.len(), 1);
    assert_eq!(resources[0].0, "queue");
    assert!(
        resources[0].2
            && resources[0]
                .1
                .starts_with("arn:{Partition}:sqs:{Region}:{Account}:")
    );
    assert!(table.action("sqs:SendMessages").is_none() && table.action("sqsSendMessage").is_none());
    let create = table.action("lambda:CreateFunction").unwrap();
    assert!(create.needs().any(|name| name == "iam:PassRole"));
    let types: Vec<_> = create
        .keys()
        .filter(|k| k.name() == "lambda:VpcIds")
        .map(|k| k.kind())
        .collect();
    assert_eq!(types, ["String"]);
    assert!(table.has_word("Receive") && !table.has_word("Recive"));
}
