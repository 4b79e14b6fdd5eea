//! Every rule of the catalogue alone, its survey of the document included, on layers that are laid down already.

use std::cell::LazyCell;
use std::hint::black_box;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput};
use obelus::analyse::{Document, Passage};
use obelus::article::Article;
use obelus::check::{CATALOGUE, Draft, Rule, Run, Settings};
use obelus::engine::Options;
use obelus::style::Style;

use crate::stages::SIZES;
use crate::texts::{Example, language};

/// Each rule, on the article and on 10,000 words, with source and glossary.
pub(crate) fn rules(criterion: &mut Criterion) {
    let example = Example::read();
    let mut group = criterion.benchmark_group("stages");
    for (size, words) in SIZES {
        let times = example.times(words);
        let text = LazyCell::new(|| example.with_both(times));
        group.throughput(Throughput::Elements((times * example.words) as u64));
        for &rule in CATALOGUE {
            group.bench_function(BenchmarkId::new(rule.id, size), |b| {
                let (article, options) = &*text;
                // A document for each run, because it remembers what a rule has searched the source for.
                let begin = || laid(article, options);
                b.iter_batched_ref(begin, |document| black_box(run(rule, document)), BatchSize::LargeInput);
            });
        }
    }
    group.finish();
}

/// A document with every layer laid down.
fn laid<'a>(article: &'a Article, options: &'a Options) -> Document<'a> {
    let (source, target) = (language("ru"), language("en"));
    let pairs = options.glossaries.iter().flat_map(|g| g.fitting(Some(&source), &target)).collect();
    let document = Document::new(article, Some(&source), Some(target), pairs);
    let sentences = document.source.as_ref().map_or(0, |text| text.surface().sentences.len());
    document.source_terms(0..sentences);
    document.all_target_terms();
    document.alignment();
    document.quotations();
    document.mentions();
    document.word_in_source("");
    document
}

/// What the engine does with one rule, without its guard against panics.
fn run(rule: &Rule, document: &Document<'_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let sentences = 0..document.target.surface().sentences.len();
    let passages = sentences.map(|sentence| Passage { text: &document.target, sentence, place: sentence });
    match rule.run {
        Run::Sentence(check) => passages.for_each(|passage| check(document, &passage, &mut drafts)),
        Run::Document(survey) => {
            let survey = survey(document, &Settings { style: Style::default(), patterns: Vec::new(), unsure: false });
            passages.for_each(|passage| survey.check(document, &passage, &mut drafts));
        }
    }
    drafts
}
