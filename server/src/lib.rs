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
