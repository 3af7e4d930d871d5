//! The types of resources that only templates have.

/// A nested stack.
pub(super) const STACK: &str = "AWS::CloudFormation::Stack";
pub(super) const STACK_SET: &str = "AWS::CloudFormation::StackSet";
pub(super) const CUSTOM_RESOURCE: &str = "AWS::CloudFormation::CustomResource";
/// The beginning of the types of custom resources with a name of their own.
pub(super) const CUSTOM: &str = "Custom::";
/// The end of the types of modules.
pub(super) const MODULE: &str = "::MODULE";
/// The transform of SAM.
pub(super) const TRANSFORM_OF_SAM: &str = "AWS::Serverless-2016-10-31";
/// The beginning of the types that the transform of SAM knows.
pub(super) const SERVERLESS: &str = "AWS::Serverless::";
/// A nested stack of SAM.
pub(super) const SERVERLESS_APPLICATION: &str = "AWS::Serverless::Application";
pub(super) const SERVERLESS_CONNECTOR: &str = "AWS::Serverless::Connector";
pub(super) const SERVERLESS_FUNCTION: &str = "AWS::Serverless::Function";
