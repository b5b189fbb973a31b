//! Users: those who receive authenticators.

pub(crate) mod import;
pub(crate) mod list;
pub(crate) mod profile;
pub(crate) mod select;
