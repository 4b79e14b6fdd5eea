//! How good the bilingual lexicons and the alignment of words are: against human scores and marks, and, where nobody has marked
//! links, by what can be contrived.
//!
//! * Coverage of a sentence and its source against direct assessment, and words that nothing in the source accounts for against
//!   the words that an editor changed.
//! * Retrieval: of twenty translations of clean news, which is that of a sentence? By chance one in twenty is right.
//! * Links between a sentence and the translation of another are all wrong: how many there are beside those of translations.
//! * Numbers and listed names that stand once on both sides must be linked with each other.
//! * Links that are the likeliest in either direction by the lexicon alone.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use rustc_hash::FxHashSet;

use crate::analyse::stemmed::Sentence;
use crate::analyse::words::{Bilingual, SURE, WordLinks};
use crate::article::Language;
use crate::eval::stats::{Confusion, Pair, once, pearson};
use crate::language::LanguageData;
use crate::models::links::By;
use crate::names;
use crate::rows::{self, Row};
use crate::surface::{BlockKind, Case, Surface, TokenKind};
use crate::train::lexicon::LANGUAGES;
use crate::train::pairs::read_pairs;

/// Translations that one is picked from, and how far apart they stand: neighbours are of one document and share its words.
const PICKED_FROM: usize = 20;
const APART: usize = 7;
/// Sentences of clean news that are measured, of each language.
const SENTENCES: usize = 300;
/// The confidence from which a link counts as made.
const MADE: f32 = 0.5;

/// What was measured of one language.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    /// The language.
    pub language: String,
    /// Sentences of clean news; how many found their translation, by the alignment, by length.
    pub picked: [f64; 3],
    /// Links a sentence, and how many of them are [`SURE`]; the same with another's translation.
    pub links: [f64; 4],
    /// Numbers that stand once on both sides; the share that is linked, and linked rightly.
    pub numbers: [f64; 3],
    /// The same of names.
    pub names: [f64; 3],
    /// Links by the lexicon; the share that is the likeliest from both sides.
    pub agreeing: [f64; 2],
    /// Microseconds a pair of sentences, from tokens to links, and words a pair.
    pub cost: [f64; 2],
    /// Pearson with direct assessment: by the alignment, by minus the logarithm of the length, by how far the lengths' ratio strays.
    pub assessed: Option<[f64; 3]>,
    /// Matthews correlation of words that are not expected, and of words that are not linked, with marked words; each half of
    /// the rows at the threshold of the other.
    pub words: Option<[f64; 2]>,
}

/// A text, cut up.
struct Text {
    text: String,
    surface: Surface,
}

impl Text {
    fn new(text: &str, data: LanguageData) -> Self {
        Self { text: text.to_owned(), surface: Surface::of_passage(text, data, &[], BlockKind::Body) }
    }
}

struct Pairing {
    languages: [Language; 2],
    data: [LanguageData; 2],
    bilingual: Bilingual,
}

impl Pairing {
    fn new(language: &str) -> anyhow::Result<Self> {
        let languages = [Language::parse(language)?, Language::parse("en")?];
        let data = [LanguageData::of(&languages[0]), LanguageData::of(&languages[1])];
        let bilingual = Bilingual::of(Some(&languages[0]), Some(&languages[1]));
        Ok(Self { languages, data, bilingual })
    }

    fn texts(&self, row: &Row) -> [Text; 2] {
        [Text::new(&row.source, self.data[0]), Text::new(&row.target, self.data[1])]
    }

    fn links(&self, source: &Text, target: &Text) -> WordLinks {
        let lexicon = self.bilingual.lexicon;
        let of = |text: &Text, data, stems| Sentence::of(&text.surface, 0..text.surface.tokens.len(), data, stems);
        let from = of(source, self.data[0], lexicon.map(|l| &l.other));
        let to = of(target, self.data[1], lexicon.map(|l| &l.english));
        WordLinks::of(
            self.bilingual,
            |name, spelling| names::likeness(name, &self.languages[0], spelling),
            (&source.text, &source.surface, from.into()),
            (&target.text, &target.surface, to),
            1.0,
        )
    }

    fn score(&self, links: &WordLinks) -> f64 {
        f64::from(links.cover(self.bilingual).score())
    }
}

/// Measures what a folder has, `clean-news.LL-en.jsonl.gz` and `mlqe-pe.LL-en.dev.jsonl.gz` of it or of the folder `eval` in it.
///
/// # Errors
/// A file cannot be read, or there is none.
pub fn measure(folder: &Path) -> anyhow::Result<Vec<Measured>> {
    let inner = folder.join("eval");
    let folder = if inner.is_dir() { inner.as_path() } else { folder };
    let mut all = Vec::new();
    for (language, _) in LANGUAGES {
        let pairing = Pairing::new(language)?;
        let mut measured = Measured { language: (*language).to_owned(), ..Measured::default() };
        let news = folder.join(format!("clean-news.{language}-en.jsonl.gz"));
        let marked = folder.join(format!("mlqe-pe.{language}-en.dev.jsonl.gz"));
        if news.exists() {
            let file = rows::read(&news)?;
            let listed = listed(&folder.join(format!("names/{language}-en.tsv.gz")), language)?;
            of_news(&pairing, &file.rows().take(SENTENCES).collect::<Vec<_>>(), &listed, &mut measured);
        }
        if marked.exists() {
            of_marked(&pairing, &rows::read(&marked)?.rows().collect::<Vec<_>>(), &mut measured);
        }
        if news.exists() || marked.exists() {
            all.push(measured);
        }
    }
    if all.is_empty() {
        anyhow::bail!(
            "{}: has neither clean-news.ru-en.jsonl.gz nor mlqe-pe.ru-en.dev.jsonl.gz, or of another language",
            folder.display()
        );
    }
    Ok(all)
}

/// Pairs of names, original and English, that are known.
fn listed(path: &Path, language: &str) -> anyhow::Result<FxHashSet<(String, String)>> {
    if !path.exists() {
        return Ok(FxHashSet::default());
    }
    Ok(read_pairs(path, language)?.into_iter().map(|(english, original)| (original.to_lowercase(), english)).collect())
}

fn of_news(pairing: &Pairing, rows: &[&Row], listed: &FxHashSet<(String, String)>, measured: &mut Measured) {
    let texts: Vec<[Text; 2]> = rows.iter().map(|row| pairing.texts(row)).collect();
    let letters = |side: usize| texts.iter().map(|t| t[side].text.chars().count() as f64).sum::<f64>();
    let ratio = letters(1) / letters(0).max(1.0);
    let strays = |source: &str, target: &str| {
        ((target.chars().count() as f64 + 1.0) / (source.chars().count() as f64 * ratio + 1.0)).ln().abs()
    };
    let (mut words, mut time, mut pairs) = (0.0, 0.0, 0.0);
    for (at, [source, target]) in texts.iter().enumerate() {
        let mut best = [(f64::NEG_INFINITY, 0); 2];
        for step in 0..PICKED_FROM.min(texts.len()) {
            let other = (at + step * APART) % texts.len();
            let Some([_, candidate]) = texts.get(other) else { continue };
            let start = Instant::now();
            let links = pairing.links(source, candidate);
            time += start.elapsed().as_secs_f64() * 1e6;
            pairs += 1.0;
            words += (source.surface.words() + candidate.surface.words()) as f64;
            for (best, score) in best.iter_mut().zip([pairing.score(&links), -strays(&source.text, &candidate.text)]) {
                if score > best.0 {
                    *best = (score, other);
                }
            }
            let (all, share) = if step == 0 { (0, 1.0) } else { (2, 1.0 / (PICKED_FROM as f64 - 1.0)) };
            measured.links[all] += share * links.all().iter().filter(|l| l.confidence >= MADE).count() as f64;
            measured.links[all + 1] += share * links.all().iter().filter(|l| l.confidence >= SURE).count() as f64;
            if step == 0 {
                agreement(pairing, &links, measured);
                known(source, target, &links, listed, measured);
            }
        }
        measured.picked[0] += 1.0;
        measured.picked[1] += f64::from(u8::from(best[0].1 == at));
        measured.picked[2] += f64::from(u8::from(best[1].1 == at));
    }
    let sentences = measured.picked[0].max(1.0);
    measured.links.iter_mut().for_each(|n| *n /= sentences);
    measured.picked[1] /= sentences;
    measured.picked[2] /= sentences;
    for counted in [&mut measured.numbers, &mut measured.names] {
        let all = counted[0].max(1.0);
        counted[1] /= all;
        counted[2] /= all;
    }
    measured.agreeing[1] /= measured.agreeing[0].max(1.0);
    measured.cost = [time / f64::max(pairs, 1.0), words / f64::max(pairs, 1.0)];
}

/// Counts the links by the lexicon that are the likeliest in both directions.
fn agreement(pairing: &Pairing, links: &WordLinks, measured: &mut Measured) {
    for link in links.all().iter().filter(|l| l.confidence >= MADE && l.by == By::Lexicon) {
        let renders = links.renders(pairing.bilingual, link.target);
        let best = |chance: fn(&(usize, f32, f32)) -> f32| {
            let top = renders.iter().map(chance).fold(0.0, f32::max);
            renders.iter().any(|r| r.0 == link.source && chance(r) >= top)
        };
        measured.agreeing[0] += 1.0;
        measured.agreeing[1] += f64::from(u8::from(best(|r| r.1) && best(|r| r.2)));
    }
}

/// Counts numbers and names that stand once on either side, and whether they are linked with each other.
fn known(
    source: &Text,
    target: &Text,
    links: &WordLinks,
    listed: &FxHashSet<(String, String)>,
    measured: &mut Measured,
) {
    let digits = |text: &Text, at: usize| -> String {
        let token = &text.surface.tokens[at];
        token
            .span
            .of(&text.text)
            .chars()
            .filter_map(|c| c.to_digit(10))
            .filter_map(|d| char::from_digit(d, 10))
            .collect()
    };
    let is_number =
        |text: &Text, at: usize| text.surface.tokens[at].kind == TokenKind::Number && !digits(text, at).is_empty();
    for at in (0..target.surface.tokens.len()).filter(|at| is_number(target, *at)) {
        let wanted = digits(target, at);
        let same = |text: &Text| -> Vec<usize> {
            (0..text.surface.tokens.len()).filter(|at| is_number(text, *at) && digits(text, *at) == wanted).collect()
        };
        if let ([from], [_]) = (same(source).as_slice(), same(target).as_slice()) {
            count(&mut measured.numbers, links, *from, at);
        }
    }
    let is_name = |text: &Text, at: usize| {
        let token = &text.surface.tokens[at];
        token.kind == TokenKind::Word && token.case != Case::Lower && token.span.len() >= 4
    };
    let bare = |text: &Text, at: usize| {
        let folded = text.surface.folded(&text.surface.tokens[at]);
        folded.strip_suffix("'s").unwrap_or(folded).to_owned()
    };
    for at in (0..target.surface.tokens.len()).filter(|at| is_name(target, *at)) {
        let name = bare(target, at);
        let fits = |from: &usize| {
            let original = bare(source, *from);
            listed.contains(&(original.clone(), name.clone())) || (original == name && original.is_ascii())
        };
        let from: Vec<usize> =
            (0..source.surface.tokens.len()).filter(|at| is_name(source, *at)).filter(fits).collect();
        let once = (0..target.surface.tokens.len()).filter(|other| bare(target, *other) == name).count() == 1;
        if let ([from], true) = (from.as_slice(), once) {
            count(&mut measured.names, links, *from, at);
        }
    }
}

fn count(counted: &mut [f64; 3], links: &WordLinks, source: usize, target: usize) {
    let made: Vec<usize> = links.of_target(target).iter().filter(|l| l.confidence >= MADE).map(|l| l.source).collect();
    counted[0] += 1.0;
    counted[1] += f64::from(u8::from(!made.is_empty()));
    counted[2] += f64::from(u8::from(made.contains(&source)));
}

fn of_marked(pairing: &Pairing, rows: &[&Row], measured: &mut Measured) {
    let (mut scored, mut by_length, mut by_ratio) = (Vec::new(), Vec::new(), Vec::new());
    let mut words: [Vec<(f64, bool, bool)>; 2] = [Vec::new(), Vec::new()];
    let letters = |text: &str| text.chars().count() as f64 + 1.0;
    let mean: f64 =
        rows.iter().map(|r| (letters(&r.target) / letters(&r.source)).ln()).sum::<f64>() / rows.len().max(1) as f64;
    for (document, row) in rows.iter().enumerate() {
        let [source, target] = pairing.texts(row);
        let links = pairing.links(&source, &target);
        if let Some(da) = row.da {
            let pair = |x: f64| Pair { x, y: da, document };
            scored.push(pair(pairing.score(&links)));
            by_length.push(pair(-letters(&row.target).ln()));
            by_ratio.push(pair(-((letters(&row.target) / letters(&row.source)).ln() - mean).abs()));
        }
        for (at, token) in target.surface.tokens.iter().enumerate() {
            if !matches!(token.kind, TokenKind::Word | TokenKind::Number) {
                continue;
            }
            let marked = row.marks.iter().any(|m| m.span.overlaps(token.span));
            let linked = links.of_target(at).iter().fold(0.0_f32, |best, l| best.max(l.confidence));
            for (words, value) in words.iter_mut().zip([links.expected(pairing.bilingual, at), linked]) {
                words.push((f64::from(value), marked, document % 2 == 0));
            }
        }
    }
    let of = |pairs: &[Pair]| pearson(pairs, &once(rows.len())).unwrap_or(0.0);
    measured.assessed = Some([of(&scored), of(&by_length), of(&by_ratio)]);
    measured.words = Some([crossed(&words[0]), crossed(&words[1])]);
}

/// The correlation of low values with marks: either half is decided at the threshold that is best on the other.
pub(super) fn crossed(words: &[(f64, bool, bool)]) -> f64 {
    let mut all = Confusion::default();
    for half in [true, false] {
        let mut seen: Vec<(f64, bool)> = words.iter().filter(|w| w.2 != half).map(|w| (w.0, w.1)).collect();
        seen.sort_by(|a, b| a.0.total_cmp(&b.0));
        let marked = seen.iter().filter(|w| w.1).count() as f64;
        let (mut hits, mut best, mut threshold) = (0.0, f64::NEG_INFINITY, 0.0);
        for (at, (value, label)) in seen.iter().enumerate() {
            hits += f64::from(u8::from(*label));
            if seen.get(at + 1).is_some_and(|next| next.0 == *value) {
                continue;
            }
            let said = at as f64 + 1.0;
            let rest = seen.len() as f64 - said - (marked - hits);
            let confusion = Confusion { hits, alarms: said - hits, misses: marked - hits, rest };
            if let Some(mcc) = confusion.mcc().filter(|mcc| *mcc > best) {
                (best, threshold) = (mcc, *value);
            }
        }
        words.iter().filter(|w| w.2 == half).for_each(|w| all.add(w.1, w.0 <= threshold, 1.0));
    }
    all.mcc().unwrap_or(0.0)
}

/// The figures as tables in Markdown.
pub fn table(all: &[Measured]) -> String {
    let mut out = String::from(
        "| language | translation picked of 20 | by length | by chance | links a sentence | sure ones | by chance | sure ones | numbers: linked | rightly | names: linked | rightly | likeliest both ways | µs a pair | words |\n\
         |---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    let share = |counted: &[f64; 3], at: usize| {
        if counted[0] < 1.0 { "–".to_owned() } else { format!("{:.3} of {}", counted[at], counted[0]) }
    };
    for m in all.iter().filter(|m| m.picked[0] > 0.0) {
        let _ = writeln!(
            out,
            "| {} | {:.3} | {:.3} | 0.050 | {:.1} | {:.1} | {:.2} | {:.2} | {} | {:.3} | {} | {:.3} | {:.3} | {:.0} | {:.0} |",
            m.language,
            m.picked[1],
            m.picked[2],
            m.links[0],
            m.links[1],
            m.links[2],
            m.links[3],
            share(&m.numbers, 1),
            m.numbers[2],
            share(&m.names, 1),
            m.names[2],
            m.agreeing[1],
            m.cost[0],
            m.cost[1],
        );
    }
    out.push_str(
        "\n| language | coverage and DA, Pearson | minus length | length ratio | words not expected and marks, MCC | words not linked |\n\
         |---|---|---|---|---|---|\n",
    );
    for m in all {
        if let (Some(assessed), Some(words)) = (m.assessed, m.words) {
            let _ = writeln!(
                out,
                "| {} | {:.3} | {:.3} | {:.3} | {:.3} | {:.3} |",
                m.language, assessed[0], assessed[1], assessed[2], words[0], words[1]
            );
        }
    }
    out
}
