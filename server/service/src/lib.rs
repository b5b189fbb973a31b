//! server/service/src/lib.rs

pub mod authenticators;
pub mod typed_code;
