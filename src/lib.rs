//! Obelus: a proofreader for machine translation.
//!
//! An [`article::Article`] goes into an [`engine::Engine`], a [`finding::Report`] comes out: every place that a careful editor
//! would mark, each with verified suggestions, and an MQM score. `docs/architecture.md` tells how the house is laid out.

pub mod analyse;
pub mod article;
pub mod check;
pub mod cli;
pub mod digest;
pub mod engine;
pub mod entities;
pub mod eval;
pub mod finding;
pub mod glossary;
pub mod judge;
pub mod language;
pub mod mine;
pub mod models;
pub mod names;
pub mod panics;
pub mod patterns;
pub mod quality;
pub mod rows;
pub mod senses;
pub mod serve;
pub mod span;
pub mod style;
pub mod surface;
pub mod train;
pub mod wire;
pub mod write;
