//! The cost of a word as texts grow: the throughput should not fall.

use std::cell::LazyCell;
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput};
use obelus::article::Article;
use obelus::engine::{Engine, Never, Options};

use crate::texts::{Example, article};

/// How a text of so many repetitions is made.
type Made = fn(&Example, usize) -> (Article, Options);

/// The same article again and again; the same with other names in each repetition, so that names and glossary grow with the
/// text; and that with source and glossary.
const SERIES: [(&str, Made, &[usize]); 3] = [
    ("words", same, &[1_000, 10_000, 100_000, 1_000_000]),
    ("names", renamed, &[1_000, 10_000, 100_000, 1_000_000]),
    ("source-and-glossary", Example::with_both, &[1_000, 10_000, 100_000]),
];

fn same(example: &Example, times: usize) -> (Article, Options) {
    (article(None, vec![example.target.as_str(); times].join("\n\n")), Options::default())
}

fn renamed(example: &Example, times: usize) -> (Article, Options) {
    (article(None, example.target(times)), Options::default())
}

/// Texts from a thousand words to a million.
pub(crate) fn growth(criterion: &mut Criterion) {
    let engine = Engine::new();
    let example = Example::read();
    let mut group = criterion.benchmark_group("growth");
    group.sample_size(10);
    for (name, made, sizes) in SERIES {
        for &words in sizes {
            let times = example.times(words);
            let text = LazyCell::new(|| made(&example, times));
            group.throughput(Throughput::Elements((times * example.words) as u64));
            group.bench_function(BenchmarkId::new(name, words), |b| {
                let (article, options) = &*text;
                b.iter(|| black_box(engine.check(article, options, &Never)));
            });
        }
    }
    group.finish();
}
