//! One check of one article in warm memory: what an editor waits for.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput};
use obelus::article::Article;
use obelus::engine::{Engine, Never, Options, count_words};

use crate::texts::{article, options, root};

struct Case {
    name: &'static str,
    source: String,
    target: String,
    options: Options,
}

/// The example of the repository; and, where it lies beside the checkout, the article the project was founded on.
fn cases() -> Vec<Case> {
    let places = [
        ("example", "examples", "article.ru.txt", "article.en.txt"),
        ("aleppo", "../shared/cases/aleppo", "source.ru.txt", "target.en.txt"),
    ];
    let case = |(name, folder, source, target): (&'static str, &str, &str, &str)| {
        let folder = root().join(folder);
        let text = |file: &str| std::fs::read_to_string(folder.join(file)).ok();
        Some(Case { name, source: text(source)?, target: text(target)?, options: options(&text("glossary.csv")?) })
    };
    let (found, missing): (Vec<_>, Vec<_>) = places.into_iter().map(|p| (p.0, case(p))).partition(|(_, c)| c.is_some());
    for (name, _) in missing {
        println!("SKIPPED: the texts of {name} are not there");
    }
    found.into_iter().filter_map(|(_, case)| case).collect()
}

/// Each article by itself, with source and glossary, and with the estimates of its quality as well.
pub(crate) fn articles(criterion: &mut Criterion) {
    let engine = Engine::new();
    let mut group = criterion.benchmark_group("article");
    for case in cases() {
        let alone = article(None, case.target.clone());
        let both = article(Some(case.source), case.target);
        group.throughput(Throughput::Elements(count_words(alone.target().text()) as u64));
        let mut bench = |name: &str, article: &Article, options: &Options| {
            group.bench_function(BenchmarkId::new(name, case.name), |b| {
                b.iter(|| black_box(engine.check(article, options, &Never)));
            });
        };
        bench("alone", &alone, &Options::default());
        bench("source-and-glossary", &both, &case.options);
        let mut everything = case.options.clone();
        (everything.include_quality, everything.include_token_scores) = (true, true);
        bench("everything", &both, &everything);
    }
    group.finish();
}
