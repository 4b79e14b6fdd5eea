//! `name/*`: one name, one spelling.
//!
//! First version: spellings within the translation, compared with each other. Pairs are found through shared deletions (two
//! words that differ by one letter, or by two letters exchanged, become equal when a letter is left out of each), so the cost
//! grows with the number of names and not with its square.

use icu_normalizer::DecomposingNormalizerBorrowed;
use rustc_hash::FxHashMap;

use crate::analyse::mentions::NameWord;
use crate::analyse::{Document, Passage};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::language::LanguageData;
use crate::surface::{TokenKind, fold};

pub(super) static INCONSISTENT: Rule = Rule {
    id: "name/inconsistent",
    summary: "A name that the same text spells another way elsewhere.",
    mqm: "terminology/inconsistent-use",
    its: "inconsistent-entities",
    severity: Severity::Major,
    scope: Scope::Document,
    layers: &[Layer::Surface, Layer::Mentions],
    languages: Languages::Listed(&["en", "es", "fr", "it", "nl", "pt", "sv", "da", "nb"]),
    needs_source: false,
    needs_glossary: false,
    run: Run::Document(inconsistent),
};

/// Fewest letters of a name that is compared: shorter names differ by one letter by chance.
const MIN_LETTERS: usize = 5;
/// Least likeness (Jaro-Winkler) of two spellings of one name, strsim's second opinion on a pair that deletions found. Of
/// the respelled names of `eval/drift.*` 95 % (another scheme) and 99.5 % (a slip) lie at or above it.
const MIN_LIKENESS: f64 = 0.88;
/// The most names with one key that are compared with each other.
const MAX_BUCKET: usize = 8;

/// Two spellings differ in accents alone.
const ACCENTS: f64 = 0.75;
/// In two letters exchanged, or a letter doubled.
const SLIP: f64 = 0.8;
/// In letters that romanisation exchanges (y and i, g and h, kh and h).
const SCHEME: f64 = 0.75;
/// In some other letter: as often two people as one.
const OTHER: f64 = 0.4;
/// In some other letter of a long name.
const OTHER_LONG: f64 = 0.55;
/// Letters of a long name.
const LONG: usize = 7;
/// Each spelling stands once.
const EVEN: f64 = 0.6;

/// A spelling that is wrong here.
struct Verdict {
    right: String,
    confidence: f64,
    counts: (usize, usize),
    /// Where the right spelling first stands.
    place: crate::span::Span,
}

struct Names {
    wrong: FxHashMap<String, Verdict>,
}

fn inconsistent(document: &Document<'_>, _: &Settings) -> Box<dyn Survey> {
    let mentions = document.mentions();
    let classes = classes();
    let words: Vec<(usize, String)> = mentions
        .words
        .iter()
        .enumerate()
        .map(|(index, word)| (index, fold(&word.text)))
        .filter(|(_, folded)| folded.chars().count() >= MIN_LETTERS)
        .collect();
    let mut buckets: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for (index, folded) in &words {
        for key in keys(folded, &classes) {
            let bucket = buckets.entry(key).or_default();
            if bucket.len() < MAX_BUCKET && bucket.last() != Some(index) {
                bucket.push(*index);
            }
        }
    }
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    #[allow(clippy::iter_over_hash_type, reason = "the pairs are sorted below")]
    for bucket in buckets.values() {
        for (at, &a) in bucket.iter().enumerate() {
            pairs.extend(bucket[at + 1..].iter().map(|&b| (a.min(b), a.max(b))));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    let mut wrong: FxHashMap<String, Verdict> = FxHashMap::default();
    for (a, b) in pairs {
        let (a, b) = (&mentions.words[a], &mentions.words[b]);
        // Of two that are as frequent, the one that comes first is taken for right.
        let rank = |w: &NameWord| (std::cmp::Reverse(w.places.len()), w.places.first().map(|p| p.span));
        let (often, seldom) = if rank(a) <= rank(b) { (a, b) } else { (b, a) };
        if let Some(verdict) = compare(document, often, seldom, &classes) {
            let better = wrong.get(&seldom.text).is_none_or(|v| verdict.confidence > v.confidence);
            if better {
                wrong.insert(seldom.text.clone(), verdict);
            }
        }
    }
    Box::new(Names { wrong })
}

/// What two spellings of one name share: a word with one letter left out (and whole), and its letters without what
/// romanisations disagree on.
fn keys(folded: &str, classes: &[(&'static str, &'static str)]) -> Vec<String> {
    let letters: Vec<char> = folded.chars().collect();
    // A name longer than this is no name, and would cost the square of its length.
    let reach = letters.len().min(32);
    let mut keys: Vec<String> = (0..reach)
        .map(|skip| letters.iter().enumerate().filter(|(i, _)| *i != skip).map(|(_, c)| c).collect())
        .collect();
    keys.push(folded.to_owned());
    keys.push(format!("~{}", scheme_key(folded, classes)));
    keys
}

/// Whether the rarer spelling is a slip for the commoner one.
fn compare(
    document: &Document<'_>,
    often: &NameWord,
    seldom: &NameWord,
    classes: &[(&'static str, &'static str)],
) -> Option<Verdict> {
    let (right, slip) = (fold(&often.text), fold(&seldom.text));
    if right == slip || strsim::jaro_winkler(&plain(&right), &plain(&slip)) < MIN_LIKENESS {
        return None;
    }
    let confidence = if plain(&right) == plain(&slip) {
        ACCENTS
    } else if is_exchange_or_doubling(&right, &slip) {
        SLIP
    } else if scheme_key(&right, classes) == scheme_key(&slip, classes) {
        SCHEME
    } else if is_ending(&right, &slip) {
        return None;
    } else if right.chars().count().min(slip.chars().count()) >= LONG {
        OTHER_LONG
    } else {
        OTHER
    };
    let (most, fewest) = (often.places.len(), seldom.places.len());
    let confidence = match (most, fewest) {
        // Once so and once otherwise: one of the two is a slip, if the difference is one that slips make. The first mention
        // is the fuller and likelier the checked one.
        // Only where a list of ordinary words tells names from them: otherwise a title and a word of another language will do.
        (1, 1) if confidence >= SCHEME && document.target.data().has("common-words") => EVEN,
        // Two against three are two names, or two habits.
        _ if most < 2 || most < 2 * fewest => return None,
        _ => confidence,
    };
    if two_people(document, often, seldom) {
        return None;
    }
    let counts = (often.places.len(), seldom.places.len());
    Some(Verdict { right: often.text.clone(), confidence, counts, place: often.places.first()?.span })
}

/// They differ in their ends alone, as cases, genders and derivations do: Syria and Syrian, Melnik and Melnikov, Ivanov and
/// Ivanova.
fn is_ending(a: &str, b: &str) -> bool {
    let common = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count();
    let rest = |s: &str| s.chars().count() - common;
    rest(a) <= 1 && rest(b) <= 2 || rest(a) <= 2 && rest(b) <= 1 || rest(a) == 0 || rest(b) == 0
}

/// One pair of neighbouring letters exchanged, or one letter written once instead of twice.
fn is_exchange_or_doubling(a: &str, b: &str) -> bool {
    let undoubled = |s: &str| {
        let mut letters: Vec<char> = s.chars().collect();
        letters.dedup();
        letters
    };
    if undoubled(a) == undoubled(b) {
        return true;
    }
    let (x, y): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let differ: Vec<usize> = x.iter().zip(&y).enumerate().filter(|(_, (p, q))| p != q).map(|(i, _)| i).collect();
    x.len() == y.len() && matches!(differ[..], [i, j] if j == i + 1 && x[i] == y[j] && x[j] == y[i])
}

/// The letters without accents.
fn plain(folded: &str) -> String {
    let nfd = DecomposingNormalizerBorrowed::new_nfd().normalize(folded);
    nfd.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The letters without what romanisations disagree on (`und/romanisation-classes.tsv`); doubled letters count once.
fn scheme_key(folded: &str, classes: &[(&'static str, &'static str)]) -> String {
    let mut key = plain(folded);
    for (letters, class) in classes {
        if key.contains(letters) {
            key = key.replace(letters, class);
        }
    }
    let mut letters: Vec<char> = key.chars().collect();
    letters.dedup();
    letters.into_iter().collect()
}

/// The classes, longer groups of letters first.
fn classes() -> Vec<(&'static str, &'static str)> {
    let table = LanguageData::shared().table("romanisation-classes");
    let mut classes: Vec<_> = table.iter().map(|(letters, row)| (letters, row.column(0))).collect();
    classes.sort_by_key(|(letters, _)| std::cmp::Reverse(letters.len()));
    classes
}

/// Two people with like names: each comes with a first name of its own, or the source has both spellings.
fn two_people(document: &Document<'_>, often: &NameWord, seldom: &NameWord) -> bool {
    let text = document.target.text();
    if document.source.as_ref().is_some_and(|s| s.text().contains(&seldom.text)) {
        return true;
    }
    // What else each of them is called: first names, second names.
    let company = |word: &NameWord| -> Vec<String> {
        let rest = |p: &crate::analyse::mentions::WordPlace| {
            let (head, tail) = (&text[p.name.start()..p.span.start()], &text[p.span.end()..p.name.end()]);
            format!("{}{}", head.trim(), tail.trim())
        };
        word.places.iter().map(rest).filter(|rest| !rest.is_empty()).collect()
    };
    let (theirs, this) = (company(often), company(seldom));
    !theirs.is_empty() && !this.is_empty() && !this.iter().any(|rest| theirs.contains(rest))
}

impl Survey for Names {
    fn check(&self, _: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        if self.wrong.is_empty() {
            return;
        }
        for token in passage.tokens().iter().filter(|t| t.kind == TokenKind::Word) {
            let written = passage.written(token);
            let bare = written.strip_suffix("’s").or_else(|| written.strip_suffix("'s")).unwrap_or(written);
            let Some(verdict) = self.wrong.get(bare) else {
                continue;
            };
            let span = crate::span::Span::new(token.span.start(), token.span.start() + bare.len());
            let (right, slip) = verdict.counts;
            let draft = Draft::new(span, verdict.confidence, format!("elsewhere this text writes “{}”", verdict.right))
                .fix(Fix::replace(span, verdict.right.clone(), 0.85))
                .beside(Place::target(verdict.place))
                .because(
                    EvidenceKind::Document,
                    format!("{right} times so, {slip} times otherwise"),
                    Some(Place::target(verdict.place)),
                )
                .of_group(bare);
            out.push(draft);
        }
    }
}
