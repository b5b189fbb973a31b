//! Self-enrollment: the pages of a user with a link (spec §4). Drawn for the phone first; every text comes from the catalogue.

mod app;
mod ask;
mod code;
mod done;
mod frame;
mod link;
mod not_me;
mod over;
mod qr;
mod session;
mod stop;
mod typed;

pub use link::{Link, NoSuchLink};
pub use not_me::NotMe;
pub use session::Session;
pub use stop::Stop;
pub use typed::Typed;
