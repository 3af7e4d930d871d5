//! The types of resources that facts are made of, by the names that CloudFormation gives them.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/introduction.html>

pub(in crate::input) const ACCESS_POINT: &str = "AWS::EFS::AccessPoint";
pub(in crate::input) const ALIAS: &str = "AWS::Lambda::Alias";
pub(in crate::input) const CAPACITY_PROVIDER: &str = "AWS::Lambda::CapacityProvider";
pub(in crate::input) const EVENT_INVOKE_CONFIG: &str = "AWS::Lambda::EventInvokeConfig";
pub(in crate::input) const EVENT_SOURCE_MAPPING: &str = "AWS::Lambda::EventSourceMapping";
pub(in crate::input) const FILE_SYSTEM: &str = "AWS::EFS::FileSystem";
pub(in crate::input) const FUNCTION: &str = "AWS::Lambda::Function";
pub(in crate::input) const KEY: &str = "AWS::KMS::Key";
pub(in crate::input) const MANAGED_POLICY: &str = "AWS::IAM::ManagedPolicy";
pub(in crate::input) const PERMISSION: &str = "AWS::Lambda::Permission";
pub(in crate::input) const POLICY: &str = "AWS::IAM::Policy";
pub(in crate::input) const ROLE: &str = "AWS::IAM::Role";
pub(in crate::input) const VERSION: &str = "AWS::Lambda::Version";
