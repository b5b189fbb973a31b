//! app/model/src/lib.rs
