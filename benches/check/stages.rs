//! Every stage of a check alone, so that a change of the whole can be traced to its place.

use std::cell::LazyCell;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput};
use obelus::analyse::align::Alignment;
use obelus::analyse::mentions::Mentions;
use obelus::analyse::quotes::Quotations;
use obelus::article::{Article, Side};
use obelus::engine::{Engine, Never, Options};
use obelus::finding::{Report, ScoreProfile};
use obelus::glossary::{Glossary, Pair, csv};
use obelus::judge::score::score;
use obelus::language::{self, LanguageData};
use obelus::span::Encoding;
use obelus::surface::Surface;
use obelus::wire::{ResponseWriter, to_json};

use crate::texts::Example;

/// The sizes that stages and rules are measured at: the example as it is, and 10,000 words made of it.
pub(crate) const SIZES: [(&str, usize); 2] = [("article", 1), ("10000", 10_000)];

/// What the stages before it leave to a stage.
struct Ground {
    article: Article,
    options: Options,
    pairs: Vec<Pair>,
    source: Surface,
    target: Surface,
    report: Report,
}

impl Ground {
    fn new(example: &Example, times: usize, engine: &Engine) -> Self {
        let (article, options) = example.with_both(times);
        let report = engine.check(&article, &options, &Never).expect("nobody interrupts a bench");
        let (source, target) = (surface(article.source().expect("it was made with one")), surface(article.target()));
        let languages = (article.source().and_then(Side::language), article.target().language());
        let fitting = |g: &Arc<Glossary>| languages.1.map(|target| g.fitting(languages.0, target)).unwrap_or_default();
        let pairs = options.glossaries.iter().flat_map(fitting).collect();
        Self { article, options, pairs, source, target, report }
    }

    fn source_text(&self) -> &str {
        self.article.source().map_or("", Side::text)
    }

    fn target_text(&self) -> &str {
        self.article.target().text()
    }
}

fn data(side: &Side) -> LanguageData {
    side.language().map_or(LanguageData::NONE, LanguageData::of)
}

fn surface(side: &Side) -> Surface {
    Surface::new(side.text(), data(side), side.masks(), &[])
}

/// A stage of a check: its name, and its work.
type Stage = (&'static str, fn(&Ground));

/// The stages that can be called by themselves, on a text with source and glossary.
const STAGES: [Stage; 8] = [
    ("language-inference", |ground| {
        black_box(language::infer(black_box(ground.target_text())));
    }),
    ("surface", |ground| {
        black_box(surface(ground.article.target()));
    }),
    ("glossary-hits", |ground| {
        for pair in &ground.pairs {
            black_box(pair.source.find(ground.source_text(), &ground.source));
            black_box(pair.target.find(ground.target_text(), &ground.target));
        }
    }),
    ("sentence-alignment", |ground| {
        let (source, target) = ((ground.source_text(), &ground.source), (ground.target_text(), &ground.target));
        black_box(Alignment::of(source, target, &[]));
    }),
    ("quotations", |ground| {
        black_box(Quotations::of(ground.target_text(), &ground.target, data(ground.article.target()), &[]));
    }),
    ("names", |ground| {
        black_box(Mentions::of(ground.target_text(), &ground.target, data(ground.article.target())));
    }),
    ("score", |ground| {
        black_box(score(&ground.report.findings, ground.report.score.words, ScoreProfile::default()));
    }),
    ("answer-json", |ground| {
        // In UTF-16, which browsers and the JVM count in: it costs more than bytes.
        let response = ResponseWriter::new(&ground.article, Encoding::Utf16).response("bench", &ground.report);
        black_box(to_json(&response)).expect("an answer can always be written");
    }),
];

/// Each stage, on the article and on 10,000 words.
pub(crate) fn stages(criterion: &mut Criterion) {
    let engine = Engine::new();
    let example = Example::read();
    let mut group = criterion.benchmark_group("stages");
    for (size, words) in SIZES {
        let times = example.times(words);
        let ground = LazyCell::new(|| Ground::new(&example, times, &engine));
        group.throughput(Throughput::Elements((times * example.words) as u64));
        for (name, work) in STAGES {
            group.bench_function(BenchmarkId::new(name, size), |b| {
                let ground = &*ground;
                b.iter(|| work(ground));
            });
        }
        group.bench_function(BenchmarkId::new("judgement", size), |b| {
            let ground = &*ground;
            b.iter_custom(|iterations| (0..iterations).map(|_| judgement(&engine, ground)).sum());
        });
    }
    group.finish();
}

/// How long judgement took within a whole check, with the trial of every repair. Nothing but the engine can look again at a
/// changed sentence, so its own report of the stages is timed, and not a copy of its work.
fn judgement(engine: &Engine, ground: &Ground) -> Duration {
    let mut rules_ended = None;
    let mut took = Duration::ZERO;
    let report = engine.check_with(&ground.article, &ground.options, &Never, &mut |stage| match stage {
        "rules" => rules_ended = Some(Instant::now()),
        "judgement" => took = rules_ended.map_or(Duration::ZERO, |begin: Instant| begin.elapsed()),
        _ => {}
    });
    let _ = black_box(report);
    took
}

/// Rows of a large desk's glossary.
const ROWS: usize = 1_000;

/// Reading a glossary, and making it ready to be found in texts.
pub(crate) fn glossary(criterion: &mut Criterion) {
    let example = Example::read();
    let mut group = criterion.benchmark_group("stages");
    // A repetition adds eight rows or so; more are made than needed, and cut.
    let text = LazyCell::new(|| example.glossary(ROWS / 4).lines().take(ROWS + 1).collect::<Vec<_>>().join("\n"));
    group.throughput(Throughput::Elements(ROWS as u64));
    group.bench_function(BenchmarkId::new("glossary-read", ROWS), |b| {
        let bytes = text.as_bytes();
        b.iter(|| black_box(csv::read(bytes, "glossary.csv")));
    });
    group.bench_function(BenchmarkId::new("glossary-compile", ROWS), |b| {
        let entries = csv::read(text.as_bytes(), "glossary.csv").expect("it is made of the repository's own");
        b.iter(|| black_box(Glossary::compile("bench", &entries)));
    });
    group.finish();
}
