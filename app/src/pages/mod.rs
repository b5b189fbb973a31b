//! One file per page.

pub mod authentication_methods;
pub mod dashboard;
pub mod enroll;
pub mod import_users;
pub mod login;
pub mod paste_users;
pub mod user;
pub mod user_form;
pub mod users;
