//! How good repairs are, by what post-editors wrote: of the words that they replaced one for one, those that a finding repairs, and
//! whether its first repair, or one of its five, is the editor's word.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;
use rayon::prelude::*;

use crate::engine::{DEFAULT_MIN_CONFIDENCE, Engine, Interrupted, Never, Options};
use crate::eval::answer::{Answer, Said, by_row};
use crate::finding::Edit;
use crate::language::LanguageData;
use crate::rows::edits::{Replaced, replaced};
use crate::rows::{self, Document, Row};
use crate::span::Span;
use crate::surface::{BlockKind, Surface, TokenKind};

/// The confidence from which findings are measured where no other is asked for: some rules have repairs for words that they are less
/// than half sure of, and tell of them only when asked.
pub const ASKED: f64 = 0.25;
/// Repairs of a finding that are looked at.
const FIVE: usize = 5;
/// Examples that are shown.
const SHOWN: usize = 40;

/// What was measured of one file, of all rules or of one.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    /// The file, or the rule.
    pub name: String,
    /// Words that editors replaced one for one.
    pub replaced: usize,
    /// Of those, the ones that a finding repairs.
    pub repaired: usize,
    /// The first repair is the editor's word; one of five is.
    pub right: [usize; 2],
    /// Of the repaired words, those that are told without asking for unsure findings, and of these the ones whose first repair is right.
    pub told: [usize; 2],
    /// Findings with a repair, and those of them that touch what the editor changed.
    pub offered: [usize; 2],
    /// What was written, offered, and what the editor wrote.
    pub examples: Vec<String>,
}

/// Measures the files of a folder, or of the folder `eval` in it, whose rows were post-edited; by file and, of all files, by rule.
///
/// # Errors
/// A file cannot be read, or there is none.
pub fn measure(folder: &Path, options: &Options) -> anyhow::Result<Vec<Measured>> {
    let inner = folder.join("eval");
    let folder = if inner.is_dir() { inner.as_path() } else { folder };
    let entries = std::fs::read_dir(folder).with_context(|| format!("{}: cannot be read", folder.display()))?;
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.to_string_lossy().contains(".jsonl"));
    paths.sort();
    let engine = Engine::new();
    let (mut all, mut rules): (Vec<Measured>, Vec<Measured>) = (Vec::new(), Vec::new());
    for path in paths {
        let file = rows::read(&path)?;
        if !file.rows().any(|row| row.post_edit.is_some()) {
            continue;
        }
        let mut measured = Measured { name: file.name.clone(), ..Measured::default() };
        let found: Vec<Vec<Seen>> =
            file.documents.par_iter().map(|d| of_document(&engine, options, d)).collect::<Result<_, Interrupted>>()?;
        for seen in found.into_iter().flatten() {
            measured.replaced += seen.replaced;
            for one in seen.repairs {
                let rule = rules.iter().position(|r| r.name == one.rule).unwrap_or_else(|| {
                    rules.push(Measured { name: one.rule.clone(), ..Measured::default() });
                    rules.len() - 1
                });
                measured.count(&one);
                rules[rule].count(&one);
            }
        }
        all.push(measured);
    }
    if all.is_empty() {
        anyhow::bail!(
            "{}: no row in it was post-edited; mlqe-pe.ru-en.dev.jsonl.gz would be such a file",
            folder.display()
        );
    }
    rules.sort_by(|a, b| b.repaired.cmp(&a.repaired).then(a.name.cmp(&b.name)));
    all.extend(rules);
    Ok(all)
}

/// What a row shows.
struct Seen {
    replaced: usize,
    repairs: Vec<Repair>,
}

/// A finding with a repair.
struct Repair {
    rule: String,
    /// Whether it is told without asking for unsure findings.
    told: bool,
    /// Whether it touches what was changed.
    touches: bool,
    /// Where it repairs a word that was replaced: whether the first repair is right, whether one of five is.
    right: Option<[bool; 2]>,
    example: String,
}

impl Measured {
    fn count(&mut self, one: &Repair) {
        self.offered[0] += 1;
        self.offered[1] += usize::from(one.touches);
        if let Some([first, five]) = one.right {
            self.repaired += 1;
            self.right[0] += usize::from(first);
            self.told[0] += usize::from(one.told);
            self.told[1] += usize::from(one.told && first);
            self.right[1] += usize::from(five);
            self.examples.push(one.example.clone());
        }
    }
}

fn of_document(engine: &Engine, options: &Options, document: &Document) -> Result<Vec<Seen>, Interrupted> {
    let answer = Answer::of(engine.check(&document.article(true), options, &Never)?).counted(options.min_confidence);
    let data = document.target_language.as_ref().map_or(LanguageData::NONE, LanguageData::of);
    let rows = document.rows.iter().zip(by_row(document, answer.said));
    Ok(rows.filter_map(|(row, said)| of_row(row, &said, data)).collect())
}

fn of_row(row: &Row, said: &[Said], data: LanguageData) -> Option<Seen> {
    let words = replaced(&row.target, row.post_edit.as_ref()?, data);
    let mut repairs = Vec::new();
    for one in said.iter().filter(|one| !one.repairs.is_empty()) {
        let touches = row.marks.iter().any(|m| m.counts() && m.span.overlaps(one.span));
        // Of several words of a finding, the first that was replaced and that the repair changes.
        let word = words.iter().find(|w| {
            w.span.overlaps(one.span) && one.repairs.iter().any(|edits| changes(row, edits, w, data).is_some())
        });
        let right = word.map(|word| {
            let is = |edits: &Vec<Edit>| changes(row, edits, word, data).is_some_and(|new| new == word.word);
            [one.repairs.first().is_some_and(is), one.repairs.iter().take(FIVE).any(is)]
        });
        let offered = one.repairs.first().and_then(|edits| edits.first()).map_or("", |e| e.replacement.as_str());
        let example = word.map_or(String::new(), |word| {
            format!("{}: {} → {}; the editor: {}", one.rule, one.span.of(&row.target), offered, word.word)
        });
        let told = one.confidence >= DEFAULT_MIN_CONFIDENCE;
        repairs.push(Repair { rule: one.rule.clone(), told, touches, right, example });
    }
    Some(Seen { replaced: words.len(), repairs })
}

/// What edits make of a word; nothing where they leave it, or nobody knows which of the new words stands for it.
fn changes(row: &Row, edits: &[Edit], word: &Replaced, data: LanguageData) -> Option<String> {
    let edit = edits.iter().find(|edit| edit.span.contains(word.span))?;
    let old = words(edit.span.of(&row.target), data);
    let new = words(&edit.replacement, data);
    let at = Span::new(word.span.start() - edit.span.start(), word.span.end() - edit.span.start());
    let nth = old.iter().position(|(span, _)| *span == at)?;
    let becomes = if old.len() == new.len() { new.get(nth)?.1.clone() } else { edit.replacement.to_lowercase() };
    (old.get(nth)?.1 != becomes).then_some(becomes)
}

fn words(text: &str, data: LanguageData) -> Vec<(Span, String)> {
    let surface = Surface::of_passage(text, data, &[], BlockKind::Body);
    let word = |t: &&crate::surface::Token| matches!(t.kind, TokenKind::Word | TokenKind::Number);
    surface.tokens.iter().filter(word).map(|t| (t.span, surface.folded(t).to_owned())).collect()
}

/// As a table, with examples.
pub fn table(all: &[Measured], asked: f64) -> String {
    let mut out = format!(
        "Findings from a confidence of {asked}; below {DEFAULT_MIN_CONFIDENCE} they are told only when asked for.\n\n"
    );
    out.push_str(
        "| rows or rule | words replaced one for one | of them repaired | first repair right | share | one of five | told unasked | of them right | findings with a repair | touch a change |\n|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for one in all {
        let share =
            if one.repaired > 0 { format!("{:.3}", one.right[0] as f64 / one.repaired as f64) } else { String::new() };
        let replaced = if one.replaced > 0 { one.replaced.to_string() } else { String::new() };
        let _ = writeln!(
            out,
            "| {} | {replaced} | {} | {} | {share} | {} | {} | {} | {} | {} |",
            one.name,
            one.repaired,
            one.right[0],
            one.right[1],
            one.told[0],
            one.told[1],
            one.offered[0],
            one.offered[1],
        );
    }
    for one in all.iter().filter(|one| one.replaced > 0) {
        let _ = writeln!(out, "\n{}\n", one.name);
        for example in one.examples.iter().take(SHOWN) {
            let _ = writeln!(out, "* {example}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Severity;

    #[test]
    fn a_repair_is_the_editors_word_or_not() {
        let data = LanguageData::named("en").expect("English");
        let row = Row {
            target: "They saw the frames and a mistake.".to_owned(),
            post_edit: Some("They saw the footage and an error .".to_owned()),
            ..Row::default()
        };
        let said = |span: Span, new: &[&str]| Said {
            span,
            rule: "sense/x".to_owned(),
            severity: Severity::Minor,
            confidence: 1.0,
            repairs: new.iter().map(|new| vec![Edit { span, replacement: (*new).to_owned() }]).collect(),
        };
        let of = |said: Said| of_row(&row, &[said], data).expect("it was edited").repairs[0].right;
        assert_eq!(of(said(Span::new(13, 19), &["footage"])), Some([true, true]));
        assert_eq!(of(said(Span::new(13, 19), &["images", "Footage"])), Some([false, true]));
        assert_eq!(of(said(Span::new(24, 33), &["an error"])), Some([true, true]));
        assert_eq!(of(said(Span::new(0, 4), &["We"])), None, "the editor left it");
    }
}
