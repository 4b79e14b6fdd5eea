//! Large glossaries: how long they take to be compiled, what they hold in memory, and what an article costs with them.
//!
//! Half of the entries are made-up Russian surnames, half made-up terms of two words, an adjective and a noun: all inflect.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, Throughput};
use obelus::engine::{Engine, Never};
use obelus::finding::EntityKind;
use obelus::glossary::{Entry, Glossary};

use crate::names::beginning;
use crate::texts::{Example, language};

/// Entries: a small desk, a large house, a term bank.
const SIZES: [usize; 3] = [1_000, 100_000, 1_000_000];
/// Adjectives that the terms are made of; a prime, so that each meets every noun.
const ADJECTIVES: usize = 4_001;
/// Names that can be made without one coming again.
const NAMES: usize = 100_000;

/// A glossary of so many entries.
pub(crate) fn entries(count: usize) -> Vec<Entry> {
    (0..count).map(|number| entry(number / 2, number % 2 == 0)).collect()
}

fn entry(number: usize, name: bool) -> Entry {
    let (source, target, kind) = if name {
        let (latin, cyrillic) = beginning(number % NAMES);
        let given = (number / NAMES).checked_sub(1).map(beginning);
        let (first, imya) = given.map_or_else(Default::default, |(l, c)| (format!("{l} "), format!("{c} ")));
        (format!("{imya}{cyrillic}нов"), format!("{first}{latin}nov"), EntityKind::Person)
    } else {
        let (adjective, noun) = (beginning(number % ADJECTIVES), beginning(number / ADJECTIVES));
        let source = format!("{}ский {}ник", adjective.1.to_lowercase(), noun.1.to_lowercase());
        (source, format!("{} {}", adjective.0, noun.0.to_lowercase()), EntityKind::Term)
    };
    let [source_language, target_language] = ["ru", "en"].map(|tag| Some(language(tag)));
    Entry { source, target, kind: Some(kind), source_language, target_language, ..Entry::default() }
}

/// Memory of this process that is resident, in megabytes; `None` where no file of the system says it.
fn resident() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|kilobytes| kilobytes / 1_000.0)
}

/// Compiling, and checking with what was compiled.
pub(crate) fn glossaries(criterion: &mut Criterion) {
    let engine = Engine::new();
    let example = Example::read();
    let mut group = criterion.benchmark_group("glossary");
    group.sample_size(10);
    for size in SIZES {
        let entries = entries(size);
        // What a language has to be read for is read once, by whoever needs it first.
        black_box(Glossary::compile("bench", entries.get(..1).unwrap_or(&[])));
        let before = resident();
        let glossary = Arc::new(Glossary::compile("bench", &entries));
        if let Some((before, after)) = before.zip(resident()) {
            println!(
                "glossary/memory/{size}: {:.0} MB compiled, beside {before:.0} MB for the process and its entries",
                after - before
            );
        }
        group.throughput(Throughput::Elements(size as u64));
        group.bench_function(BenchmarkId::new("compile", size), |b| {
            b.iter(|| black_box(Glossary::compile("bench", &entries)));
        });
        drop(entries);
        let (article, mut options) = example.with_both(1);
        options.glossaries.push(glossary);
        group.throughput(Throughput::Elements(example.words as u64));
        group.bench_function(BenchmarkId::new("article", size), |b| {
            b.iter(|| black_box(engine.check(&article, &options, &Never)));
        });
    }
    group.finish();
}
