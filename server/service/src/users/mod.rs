//! Users: those who receive authenticators.

mod csv;
pub(crate) mod import;
pub(crate) mod list;
pub(crate) mod profile;
pub(crate) mod select;
