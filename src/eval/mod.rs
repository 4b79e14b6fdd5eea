//! Measuring: what the engine, or another checker, says of texts that people have marked, and how good that is.
//!
//! Rows and case folders are read here, checked, and compared with the marks; a [`result::Section`] holds the figures of one
//! set and every finding and mark with what became of it. Nothing here is used while a text is being checked.

pub mod answer;
pub mod cases;
pub mod clean;
pub mod compare;
pub mod contrast;
pub mod drift;
pub mod garble;
pub mod inflections;
pub mod labelled;
pub mod language_model;
pub mod lexicons;
pub mod marks;
pub mod names;
pub mod print;
pub mod quality;
pub mod repairs;
pub mod report;
pub mod result;
pub mod senses;
pub mod stats;
pub mod trees;
