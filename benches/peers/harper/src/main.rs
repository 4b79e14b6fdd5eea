//! Harper behind the contract of `benches/peers/README.md`: texts as JSON lines on standard input, findings on standard output.
//!
//! American English, the curated rules and dictionary, plain text; of lints that overlap, the one that Harper's own front ends keep.

use std::io::{BufRead, Write};

use harper_core::linting::{Lint, LintGroup, Suggestion};
use harper_core::parsers::PlainEnglish;
use harper_core::spell::FstDictionary;
use harper_core::{Dialect, Document};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Text {
    id: String,
    target: String,
}

#[derive(Serialize)]
struct Answer {
    id: String,
    findings: Vec<Finding>,
}

#[derive(Serialize)]
struct Finding {
    start: usize,
    end: usize,
    rule: String,
    message: String,
    replacements: Vec<String>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let dictionary = FstDictionary::curated();
    let mut rules = LintGroup::new_curated(dictionary.clone(), Dialect::American);
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let text: Text = serde_json::from_str(&line?)?;
        let document = Document::new(&text.target, &PlainEnglish, &*dictionary);
        let lints = rules
            .organized_lints(&document)
            .into_iter()
            .flat_map(|(rule, lints)| lints.into_iter().map(move |lint| (rule.clone(), lint)));
        let findings =
            without_overlaps(lints.collect()).into_iter().map(|(rule, lint)| finding(rule, lint, &document)).collect();
        serde_json::to_writer(&mut out, &Answer { id: text.id, findings })?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// What `harper_core::remove_overlaps` does, which knows lints but not their rules.
fn without_overlaps(mut lints: Vec<(String, Lint)>) -> Vec<(String, Lint)> {
    lints.sort_by_key(|(_, lint)| (lint.span.start, !lint.span.end, lint.priority));
    let mut free_from = 0;
    lints.retain(|(_, lint)| {
        let free = lint.span.start >= free_from;
        if free {
            free_from = lint.span.end;
        }
        free
    });
    lints
}

/// The contract has replacements alone, so that an insertion becomes the words with what is to follow them.
fn finding(rule: String, lint: Lint, document: &Document) -> Finding {
    let words = lint.get_str(document.get_source());
    let replacement = |suggestion: &Suggestion| match suggestion {
        Suggestion::ReplaceWith(with) => with.iter().collect(),
        Suggestion::InsertAfter(with) => words.chars().chain(with.iter().copied()).collect(),
        Suggestion::Remove => String::new(),
    };
    Finding {
        start: lint.span.start,
        end: lint.span.end,
        rule,
        replacements: lint.suggestions.iter().take(3).map(replacement).collect(),
        message: lint.message,
    }
}
