//! As much news as a desk has translated in a day, whole and in the pieces that its tools send.

use std::cell::LazyCell;
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput};
use obelus::article::{Article, SegmentText};
use obelus::engine::{Engine, Never, Options};

use crate::texts::{Example, Unit, article, language, options};

/// Words of a day's news.
const WORDS: usize = 21_000;

/// What is sent.
#[derive(Clone, Copy)]
enum Shape {
    /// One article, whole.
    Whole,
    /// One article in segments, as translation files are.
    Segments(Unit),
    /// Each segment as an article of its own, as callers do that keep no documents. What a check costs that is not in
    /// proportion to its text shows here.
    Apart(Unit),
}

const SHAPES: [(&str, Shape); 5] = [
    ("document", Shape::Whole),
    ("paragraph-segments", Shape::Segments(Unit::Paragraph)),
    ("sentence-segments", Shape::Segments(Unit::Sentence)),
    ("paragraph-articles", Shape::Apart(Unit::Paragraph)),
    ("sentence-articles", Shape::Apart(Unit::Sentence)),
];

/// The same words in every shape, with and without source and glossary.
pub(crate) fn news(criterion: &mut Criterion) {
    let engine = Engine::new();
    let example = Example::read();
    let times = example.times(WORDS);
    let mut group = criterion.benchmark_group("news");
    group.sample_size(10);
    group.throughput(Throughput::Elements((times * example.words) as u64));
    for (name, both) in [("alone", false), ("source-and-glossary", true)] {
        let options = if both { options(&example.glossary(times)) } else { Options::default() };
        for (shape_name, shape) in SHAPES {
            // Made when it is needed: a filter that leaves it out need not wait for it.
            let articles = LazyCell::new(|| shaped(&example, times, shape, both));
            group.bench_function(BenchmarkId::new(name, shape_name), |b| {
                let articles = &*articles;
                b.iter(|| {
                    for article in articles {
                        let _ = black_box(engine.check(article, &options, &Never));
                    }
                });
            });
        }
    }
    group.finish();
}

fn shaped(example: &Example, times: usize, shape: Shape, both: bool) -> Vec<Article> {
    let joined = |segments| Article::from_segments(segments, both.then(|| language("ru")), Some(language("en")));
    let single = |s: SegmentText| article(both.then_some(s.source), s.target);
    match shape {
        Shape::Whole => vec![article(both.then(|| example.source(times)), example.target(times))],
        Shape::Segments(unit) => vec![joined(example.segments(times, unit, both))],
        Shape::Apart(unit) => example.segments(times, unit, both).into_iter().map(single).collect(),
    }
}
