//! How long a check takes: the example article alone and with source and glossary, and the cost of a word as texts grow.
//!
//! `cargo bench`; `benches/README.md` says how to read it.

#![allow(clippy::print_stdout, missing_docs, reason = "a bench speaks on standard output")]

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use obelus::article::{Article, Language, Side};
use obelus::engine::{Engine, Never, Options, count_words};
use obelus::glossary::{Glossary, csv};

struct Case {
    name: &'static str,
    source: String,
    target: String,
    options: Options,
}

/// The example of the repository; and, where it lies beside the checkout, the article the project was founded on.
fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let places = [
        ("example", "examples", "article.ru.txt", "article.en.txt"),
        ("aleppo", "../shared/cases/aleppo", "source.ru.txt", "target.en.txt"),
    ];
    let case = |(name, folder, source, target): (&'static str, &str, &str, &str)| {
        let folder = root.join(folder);
        let text = |file: &str| std::fs::read_to_string(folder.join(file));
        let glossary = std::fs::read(folder.join("glossary.csv")).ok()?;
        let entries = csv::read(&glossary, "glossary.csv").ok()?;
        let mut options = Options::default();
        options.glossaries.push(Arc::new(Glossary::compile("bench", &entries)));
        Some(Case { name, source: text(source).ok()?, target: text(target).ok()?, options })
    };
    let (found, missing): (Vec<_>, Vec<_>) = places.into_iter().map(|p| (p.0, case(p))).partition(|(_, c)| c.is_some());
    for (name, _) in missing {
        println!("SKIPPED: the texts of {name} are not there");
    }
    found.into_iter().filter_map(|(_, case)| case).collect()
}

fn language(tag: &str) -> Option<Language> {
    Language::parse(tag).ok()
}

fn articles(criterion: &mut Criterion) {
    let engine = Engine::new();
    let mut group = criterion.benchmark_group("article");
    for case in cases() {
        let alone = Article::new(None, Side::new(case.target.clone(), language("en")));
        let both = Article::new(
            Some(Side::new(case.source.clone(), language("ru"))),
            Side::new(case.target.clone(), language("en")),
        );
        group.throughput(Throughput::Elements(count_words(&case.target) as u64));
        group.bench_function(BenchmarkId::new("alone", case.name), |b| {
            b.iter(|| black_box(engine.check(&alone, &Options::default(), &Never)));
        });
        group.bench_function(BenchmarkId::new("source-and-glossary", case.name), |b| {
            b.iter(|| black_box(engine.check(&both, &case.options, &Never)));
        });
    }
    group.finish();
}

/// The cost of a word: the throughput should not fall as the text grows.
fn growth(criterion: &mut Criterion) {
    let engine = Engine::new();
    let Some(case) = cases().into_iter().next() else { return };
    let mut group = criterion.benchmark_group("growth");
    group.sample_size(10);
    for words in [1_000, 10_000, 100_000, 1_000_000] {
        let text = repeated(&case.target, words);
        group.throughput(Throughput::Elements(count_words(&text) as u64));
        let article = Article::new(None, Side::new(text, language("en")));
        group.bench_function(BenchmarkId::new("words", words), |b| {
            b.iter(|| black_box(engine.check(&article, &Options::default(), &Never)));
        });
    }
    group.finish();
}

/// The article again and again, until it has so many words.
fn repeated(text: &str, words: usize) -> String {
    let times = words.div_ceil(count_words(text).max(1));
    vec![text.trim(); times].join("\n\n")
}

/// What an attacker would send: one line of a megabyte.
fn hostile(criterion: &mut Criterion) {
    let engine = Engine::new();
    let mut group = criterion.benchmark_group("hostile");
    group.sample_size(10);
    for (name, unit) in [
        ("no-space", "a"),
        ("thai", "ภาษาไทย"),
        ("emoji", "👩‍👩‍👧‍👦"),
        ("combining", "a\u{301}\u{302}\u{303}"),
        ("quotes", "“"),
        ("doubled", "the "),
        ("months", "may 3 "),
    ] {
        let text = unit.repeat((1 << 20) / unit.len());
        group.throughput(Throughput::Bytes(text.len() as u64));
        let article = Article::new(None, Side::new(text, language("en")));
        group.bench_function(name, |b| b.iter(|| black_box(engine.check(&article, &Options::default(), &Never))));
    }
    group.finish();
}

criterion_group!(benches, articles, growth, hostile);
criterion_main!(benches);
