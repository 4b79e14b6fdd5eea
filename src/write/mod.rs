//! Reports, written for people and for other programs: one file an output.

mod cells;
pub mod quality;
pub mod terminal;
