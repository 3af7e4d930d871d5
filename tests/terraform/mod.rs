//! Terraform.

mod types;
