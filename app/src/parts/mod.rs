//! The parts pages are made of.

pub mod dialog;
pub mod field;
pub mod form;
pub mod frame;
pub mod icon;
pub mod list;
pub mod live;
pub mod load;
pub mod modules;
pub mod notice;
pub mod payload;
pub mod progress;
pub mod select;
pub mod settled;
pub mod status;
pub mod title;
pub mod trail;
pub mod words;
