//! Users: those who receive authenticators.

mod address;
mod csv;
pub(crate) mod delete;
pub(crate) mod import;
pub(crate) mod list;
pub(crate) mod profile;
pub(crate) mod select;
