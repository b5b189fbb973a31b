//! One file per page.

pub mod account;
pub mod activity;
pub mod audit;
pub mod authentication_methods;
pub mod bulk;
pub mod communications;
pub mod dashboard;
pub mod delete_user;
pub mod enroll;
pub mod import_users;
pub mod login;
pub mod operators;
pub mod paste_users;
pub mod policy;
pub mod provision;
pub mod reports;
pub mod tasks;
pub mod user;
pub mod user_form;
pub mod user_task;
pub mod users;
