//! `name/*`: one name, one spelling.
//!
//! First version: spellings within the translation, compared with each other. Pairs are found through shared deletions (two
//! words that differ by one letter, or by two letters exchanged, become equal when a letter is left out of each), so the cost
//! grows with the number of names and not with its square.

use std::hash::{Hash as _, Hasher as _};

use icu_normalizer::DecomposingNormalizerBorrowed;
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use crate::analyse::mentions::{NameWord, WordPlace};
use crate::analyse::{Document, Passage};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::language::LanguageData;
use crate::surface::{TokenKind, fold, without_possessive};

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
/// Fewest letters of one that is compared where the two differ in accents alone, and a list of ordinary words tells names from
/// them.
const MIN_LETTERS_ACCENTS: usize = 3;
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
    let least = if document.target.data().has("common-words") { MIN_LETTERS_ACCENTS } else { MIN_LETTERS };
    let spellings: Vec<Spelling<'_>> =
        mentions.words.iter().filter_map(|word| Spelling::of(word, &classes, least)).collect();
    // Buckets by a hash of what two spellings may share. That two share one is only a reason to compare them.
    let mut buckets: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
    for (index, spelling) in spellings.iter().enumerate() {
        spelling.keys(|key| {
            let bucket = buckets.entry(key).or_default();
            if bucket.len() < MAX_BUCKET && bucket.last() != Some(&index) {
                bucket.push(index);
            }
        });
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
        let (a, b) = (&spellings[a], &spellings[b]);
        // Of two that are as frequent, the one that comes first is taken for right.
        let rank = |s: &Spelling<'_>| (std::cmp::Reverse(s.word.places.len()), s.word.places.first().map(|p| p.span));
        let (often, seldom) = if rank(a) <= rank(b) { (a, b) } else { (b, a) };
        if let Some(verdict) = compare(document, often, seldom) {
            let better = wrong.get(&seldom.word.text).is_none_or(|v| verdict.confidence > v.confidence);
            if better {
                wrong.insert(seldom.word.text.clone(), verdict);
            }
        }
    }
    Box::new(Names { wrong })
}

/// A name with the forms that it is compared in.
struct Spelling<'a> {
    word: &'a NameWord,
    folded: Vec<char>,
    /// Without accents.
    plain: String,
    /// Without what romanisations disagree on.
    scheme: String,
}

/// Letters of a name that are compared; a longer word is no name, and would cost the square of its length.
const MAX_LETTERS: usize = 32;

impl<'a> Spelling<'a> {
    fn of(word: &'a NameWord, classes: &[(&'static str, &'static str)], least: usize) -> Option<Self> {
        let folded = fold(&word.text);
        let letters: Vec<char> = folded.chars().collect();
        // "III:Ag" and "II:Ag" are two things.
        if !folded.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.')) {
            return None;
        }
        if !(least..=MAX_LETTERS).contains(&letters.len()) {
            return None;
        }
        let plain = plain(&folded);
        let scheme = scheme_key(&plain, classes);
        Some(Self { word, folded: letters, plain, scheme })
    }

    /// What two spellings of one name share: the word with one letter left out, the word whole, and its letters without what
    /// romanisations disagree on.
    fn keys(&self, mut add: impl FnMut(u64)) {
        let hash = |skip: usize| {
            let mut hasher = FxHasher::default();
            self.folded.iter().enumerate().filter(|(i, _)| *i != skip).for_each(|(_, c)| c.hash(&mut hasher));
            hasher.finish()
        };
        (0..=self.folded.len()).for_each(|skip| add(hash(skip)));
        let mut hasher = FxHasher::default();
        ("scheme", &self.scheme).hash(&mut hasher);
        add(hasher.finish());
    }
}

/// Whether the rarer spelling is a slip for the commoner one.
fn compare(document: &Document<'_>, often: &Spelling<'_>, seldom: &Spelling<'_>) -> Option<Verdict> {
    let (most, fewest) = (often.word.places.len(), seldom.word.places.len());
    // Two against three are two names, or two habits.
    if (most, fewest) != (1, 1) && (most < 2 || most < 2 * fewest) {
        return None;
    }
    let (right, slip) = (&often.folded, &seldom.folded);
    if right == slip || strsim::jaro_winkler(&often.plain, &seldom.plain) < MIN_LIKENESS {
        return None;
    }
    let short = right.len().min(slip.len()) < MIN_LETTERS;
    if short && often.plain != seldom.plain {
        return None;
    }
    let confidence = if often.plain == seldom.plain {
        ACCENTS
    } else if is_exchange_or_doubling(right, slip) {
        SLIP
    } else if often.scheme == seldom.scheme {
        SCHEME
    } else if is_ending(right, slip) {
        return None;
    } else if right.len().min(slip.len()) >= LONG {
        OTHER_LONG
    } else {
        OTHER
    };
    // Once so and once otherwise: one of the two is a slip, if the difference is one that slips make; the first mention is
    // likelier the checked one. Only where a list of ordinary words tells names from them: elsewhere a title and a word of
    // another language would do.
    let even = (most, fewest) == (1, 1);
    if even && (confidence < SCHEME || !document.target.data().has("common-words")) {
        return None;
    }
    if two_people(document, often.word, seldom.word) {
        return None;
    }
    let place = often.word.places.first()?.span;
    let confidence = if even { EVEN } else { confidence };
    Some(Verdict { right: often.word.text.clone(), confidence, counts: (most, fewest), place })
}

/// They differ in their ends alone, as cases, genders and derivations do: Syria and Syrian, Melnik and Melnikov, Ivanov and
/// Ivanova.
fn is_ending(a: &[char], b: &[char]) -> bool {
    let common = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    matches!((a.len() - common, b.len() - common), (0, _) | (_, 0) | (1, 1 | 2) | (2, 1))
}

/// One pair of neighbouring letters exchanged, or one letter written once instead of twice.
fn is_exchange_or_doubling(a: &[char], b: &[char]) -> bool {
    let undoubled = |letters: &[char]| {
        let mut letters = letters.to_vec();
        letters.dedup();
        letters
    };
    let differ: Vec<usize> = a.iter().zip(b).enumerate().filter(|(_, (p, q))| p != q).map(|(i, _)| i).collect();
    let exchanged = matches!(differ[..], [i, j] if j == i + 1 && a[i] == b[j] && a[j] == b[i]);
    (a.len() == b.len() && exchanged) || undoubled(a) == undoubled(b)
}

/// The letters without accents.
fn plain(folded: &str) -> String {
    let nfd = DecomposingNormalizerBorrowed::new_nfd().normalize(folded);
    nfd.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The letters without what romanisations disagree on (`und/romanisation-classes.tsv`); doubled letters count once.
fn scheme_key(plain: &str, classes: &[(&'static str, &'static str)]) -> String {
    let mut key = plain.to_owned();
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
    if document.word_in_source(&fold(&seldom.text)).is_some() {
        return true;
    }
    // The half of a double name that goes with the same other half.
    if seldom.text.chars().count() < MIN_LETTERS {
        return !share_company(document, often, seldom);
    }
    let (theirs, this) = (company(text, often), company(text, seldom));
    !theirs.is_empty() && !this.is_empty() && !this.iter().any(|rest| theirs.contains(rest))
}

/// Whether both come with the same other name once, before them or behind.
fn share_company(document: &Document<'_>, a: &NameWord, b: &NameWord) -> bool {
    let parts = |word: &NameWord| -> FxHashSet<(bool, String)> {
        let sides = word.places.iter().flat_map(|p| {
            let (head, tail) = beside(document.target.text(), p);
            [(true, head.to_owned()), (false, tail.to_owned())]
        });
        sides.filter(|(_, name)| !name.is_empty()).collect()
    };
    let theirs = parts(a);
    parts(b).iter().any(|part| theirs.contains(part))
}

/// What else a name is called: first names, second names.
fn company(text: &str, word: &NameWord) -> FxHashSet<String> {
    let rest = |p: &WordPlace| {
        let (head, tail) = beside(text, p);
        format!("{head}{tail}")
    };
    word.places.iter().map(rest).filter(|rest| !rest.is_empty()).collect()
}

/// The rest of a whole name, before a word of it and behind.
fn beside<'t>(text: &'t str, place: &WordPlace) -> (&'t str, &'t str) {
    let (head, tail) = (&text[place.name.start()..place.span.start()], &text[place.span.end()..place.name.end()]);
    (head.trim(), tail.trim())
}

impl Survey for Names {
    fn check(&self, _: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        if self.wrong.is_empty() {
            return;
        }
        for token in passage.tokens().iter().filter(|t| t.kind == TokenKind::Word) {
            let span = without_possessive(passage.text.text(), token.span);
            let bare = span.of(passage.text.text());
            let Some(verdict) = self.wrong.get(bare) else {
                continue;
            };
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
