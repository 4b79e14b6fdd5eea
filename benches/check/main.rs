//! How long a check takes: articles, news of a day, growing texts, each stage alone, and texts meant to be slow.
//!
//! `cargo bench`; `benches/README.md` says how to read it.

#![allow(clippy::print_stdout, missing_docs, reason = "a bench speaks on standard output")]

mod article;
mod glossary;
mod growth;
mod hostile;
mod names;
mod news;
mod rules;
mod stages;
mod texts;

use criterion::{criterion_group, criterion_main};

criterion_group!(
    benches,
    article::articles,
    news::news,
    growth::growth,
    stages::stages,
    rules::rules,
    stages::glossary,
    glossary::glossaries,
    hostile::hostile
);
criterion_main!(benches);
