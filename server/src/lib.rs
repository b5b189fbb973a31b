//! What runs on the machine: pages, acts and assets over HTTP, in front of the service.

mod acts;
pub mod assets;
mod health;
mod plain;
pub mod router;
pub mod security;
mod session;
pub mod state;
