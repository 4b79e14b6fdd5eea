//! stub
pub mod terminal;
