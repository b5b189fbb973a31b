//! What runs on the machine: pages, acts and assets over HTTP, in front of the service.

mod acts;
pub mod assets;
pub mod cli;
pub mod config;
pub mod demo;
mod exports;
mod health;
mod live;
pub mod node;
mod plain;
pub mod router;
mod sample;
pub mod security;
pub mod serve;
mod session;
pub mod state;
pub mod telemetry;

/// Gives back what argon2 took, where the C library's own keeps 19 MB for each sign-in of a rush (docs/decisions/0015).
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;
