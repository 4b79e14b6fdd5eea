//! `name/inconsistent`: spellings within the translation, compared with each other and with the source.
//!
//! Pairs are found through shared deletions (two words that differ by one letter, or by two letters exchanged, become equal
//! when a letter is left out of each), so the cost grows with the number of names and not with its square.

use rustc_hash::{FxHashMap, FxHashSet};

use super::spelling::{Spelling, buckets, classes, is_ending, is_exchange_or_doubling};
use crate::analyse::mentions::{NameWord, WordPlace};
use crate::analyse::renderings::{ALIKE, SourceName, is_one_name, likeness, rendered, times_written};
use crate::analyse::{Document, Passage};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::language::LanguageData;
use crate::span::Span;
use crate::surface::{TokenKind, fold, without_possessive};

pub(in crate::check) static INCONSISTENT: Rule = Rule {
    id: "name/inconsistent",
    summary: "A name that the same text spells another way elsewhere.",
    mqm: "terminology/inconsistent-use",
    its: "inconsistent-entities",
    severity: Severity::Major,
    scope: Scope::Document,
    layers: &[Layer::Surface, Layer::Mentions, Layer::Alignment],
    languages: Languages::Listed(&["en", "es", "fr", "it", "nl", "pt", "sv", "da", "nb"]),
    needs_source: false,
    needs_glossary: false,
    run: Run::Document(inconsistent),
};

/// Fewest letters of the right spelling.
const MIN_LETTERS: usize = 5;
/// Fewest letters of a slip for one.
const MIN_LETTERS_SLIP: usize = 4;
/// Least likeness (Jaro-Winkler) of two spellings of one name, strsim's second opinion on a pair that deletions found. Of
/// the respelled names of `eval/drift.*` 95 % (another scheme) and 99.5 % (a slip) lie at or above it.
const MIN_LIKENESS: f64 = 0.88;
/// The same where the source or the name beside it says that one is meant.
const MIN_LIKENESS_VOUCHED: f64 = 0.7;
/// How much liker to the source one of two spellings must be to be the right one, each once. Of the respelled names of
/// `eval/drift.*` in other scripts, 24 of 24 differ so in favour of the right one; at half as much, 31 of 32.
const LIKER: f64 = 0.1;
/// How much liker to their own words of the source two spellings must be to be two names.
const CROSSWISE: f64 = 0.2;
/// The likeness from which a word of the source is surely a name: the lower ones find a look-alike in a long sentence.
const CLEAR: f64 = 0.9;
/// The most places of a name that are looked up in the source.
const MAX_PLACES: usize = 6;

/// The most places of the commoner spelling that are held against those.
const MAX_SHARED: usize = 64;

/// The source has one name for both.
const ONE_IN_SOURCE: f64 = 0.9;
/// It has, and each spelling stands as often as the other, and the source tells which is right.
const ONE_IN_SOURCE_EVEN: f64 = 0.7;
/// It has, and nothing tells which of the two is right.
const ONE_IN_SOURCE_UNTOLD: f64 = 0.45;
/// The same name stands beside both: Johnny English, Jonny English.
const ONE_BESIDE: f64 = 0.75;
/// It does, and each spelling stands once: a text that gives full names twice may well mean two people.
const ONE_BESIDE_EVEN: f64 = 0.45;
/// Two spellings differ in accents alone.
const ACCENTS: f64 = 0.75;
/// In two letters exchanged, or a letter doubled.
const SLIP: f64 = 0.8;
/// In letters that romanisation exchanges (y and i, g and h, kh and h).
const SCHEME: f64 = 0.75;
/// In some other letter: as often two people as one.
const OTHER: f64 = 0.4;
/// In some other letter, and the one stands [`OFTEN`] times or more, a person with a first name, and the other alone.
const OTHER_LATER: f64 = 0.6;
/// In some other letter of a long name.
const OTHER_LONG: f64 = 0.55;
/// Letters of a long name.
const LONG: usize = 7;
/// Letters of a name so long that no other name is so like it, though each spelling stands but once.
const LONG_EVEN: usize = 8;
/// Times that a spelling stands which a text can be said to use: more than once and again.
const OFTEN: usize = 3;
/// Fewest letters of a name beside two spellings that says that they are one person: Chinese, Korean and Vietnamese families
/// have names of one syllable, which thousands share.
const LEAST_SHARED: usize = 5;
/// Each spelling stands once.
const EVEN: f64 = 0.6;

/// A spelling that is wrong here.
struct Verdict {
    right: String,
    confidence: f64,
    counts: (usize, usize),
    /// Where the right spelling first stands.
    place: Span,
    /// What both render.
    source: Option<Span>,
}

struct Names {
    wrong: FxHashMap<String, Verdict>,
}

fn inconsistent(document: &Document<'_>, _: &Settings) -> Box<dyn Survey> {
    let mentions = document.mentions();
    let classes = classes();
    let spellings: Vec<Spelling<'_>> = mentions.words.iter().filter_map(|word| Spelling::of(word, &classes)).collect();
    let buckets = buckets(&spellings);
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    #[allow(clippy::iter_over_hash_type, reason = "the pairs are sorted below")]
    for bucket in buckets.values() {
        for (at, &a) in bucket.iter().enumerate() {
            pairs.extend(bucket[at + 1..].iter().map(|&b| (a.min(b), a.max(b))));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    // The glossaries are read through only where there is something to compare.
    let approved = if pairs.is_empty() { FxHashSet::default() } else { approved(document, &spellings) };
    let mut wrong: FxHashMap<String, Verdict> = FxHashMap::default();
    for (a, b) in pairs {
        let pair = ranked(document, &approved, &spellings[a], &spellings[b]);
        let seldom = pair.seldom;
        // The glossary knows both: two people.
        if approved.contains(seldom.word.text.as_str()) {
            continue;
        }
        if let Some(verdict) = compare(document, &pair) {
            let better = wrong.get(&seldom.word.text).is_none_or(|v| verdict.confidence > v.confidence);
            if better {
                wrong.insert(seldom.word.text.clone(), verdict);
            }
        }
    }
    Box::new(Names { wrong })
}

/// The words of the names that the glossaries approve, as far as the text has name-like words of these letters.
fn approved<'s>(document: &Document<'_>, spellings: &'s [Spelling<'_>]) -> FxHashSet<&'s str> {
    let wanted: FxHashMap<&str, &str> =
        spellings.iter().map(|s| (s.word.text.as_str(), s.word.text.as_str())).collect();
    let concepts = document.pairs.iter().flat_map(|pair| &pair.concepts);
    let words = concepts.flat_map(|c| c.approved()).flat_map(|form| form.split([' ', '-', '\u{a0}']));
    words.filter_map(|word| wanted.get(word).copied()).collect()
}

/// Two spellings, the one to be taken for right first.
struct Ranked<'s, 'w> {
    often: &'s Spelling<'w>,
    seldom: &'s Spelling<'w>,
    /// Something tells which is right: the glossary, the counts, the source, or letters that no word has. Else the first is
    /// taken for it.
    told: bool,
}

/// The spelling to be taken for right, and the other: the glossary's; the commoner; of two that are as frequent the one
/// that [`standing`] tells, then the one that comes first.
fn ranked<'s, 'w>(
    document: &Document<'_>,
    approved: &FxHashSet<&str>,
    a: &'s Spelling<'w>,
    b: &'s Spelling<'w>,
) -> Ranked<'s, 'w> {
    let rank = |s: &Spelling<'_>| (!approved.contains(s.word.text.as_str()), std::cmp::Reverse(s.word.places.len()));
    let by_rank = rank(a).cmp(&rank(b));
    // What is told of two as frequent: the higher is right.
    let by_standing = || standing(document, b, a).cmp(&standing(document, a, b)).then_with(|| liker(document, a, b));
    let told = by_rank.then_with(by_standing);
    let first = |s: &Spelling<'_>| s.word.places.first().map(|p| p.span);
    let (often, seldom) = if told.then_with(|| first(a).cmp(&first(b))).is_le() { (a, b) } else { (b, a) };
    Ranked { often, seldom, told: told.is_ne() }
}

/// What speaks for a spelling against another that is as frequent: no impossible letters; the source has it, in Latin letters,
/// its accents apart or with them.
fn standing(document: &Document<'_>, one: &Spelling<'_>, other: &Spelling<'_>) -> (bool, bool, bool) {
    let sentences = || [one, other].into_iter().filter_map(|s| s.word.places.first()).map(|p| p.sentence);
    let exact = document.word_in_source(&one.folded.iter().collect::<String>()).is_some();
    let written = exact || sentences().any(|s| times_written(document, s, &one.word.text) > 0);
    (!is_impossible(&one.folded), written, exact)
}

/// Which of two spellings is clearly liker to what the source has at either place, the lesser first. A source spells a name in
/// several cases, and in several ways, so both places are asked for both.
fn liker(document: &Document<'_>, a: &Spelling<'_>, b: &Spelling<'_>) -> std::cmp::Ordering {
    let sentences = [a, b].map(|s| s.word.places.first().map(|p| p.sentence));
    let best = |s: &Spelling<'_>| {
        let found = sentences.iter().flatten().filter_map(|at| rendered(document, *at, 0, &s.word.text));
        found.map(|r| r.likeness).fold(ALIKE, f64::max)
    };
    let (one, other) = (best(a), best(b));
    if (one - other).abs() < LIKER { std::cmp::Ordering::Equal } else { other.total_cmp(&one) }
}

/// Whether a name has what no name has: a letter three times in a row.
fn is_impossible(folded: &[char]) -> bool {
    folded.windows(3).any(|w| matches!(w, [a, b, c] if a == b && b == c))
}

/// Whether the rarer spelling is a slip for the commoner one.
fn compare(document: &Document<'_>, pair: &Ranked<'_, '_>) -> Option<Verdict> {
    let Ranked { often, seldom, told } = *pair;
    let (most, fewest) = (often.word.places.len(), seldom.word.places.len());
    let (right, slip) = (&often.folded, &seldom.folded);
    if right == slip {
        return None;
    }
    let place = often.word.places.first()?.span;
    let likeness = strsim::jaro_winkler(&often.plain, &seldom.plain);
    let verdict = |confidence: f64, source: Option<Span>| Verdict {
        right: often.word.text.clone(),
        confidence,
        counts: (most, fewest),
        place,
        source,
    };
    let accents = often.plain == seldom.plain;
    let exchange = is_exchange_or_doubling(right, slip);
    let scheme = often.scheme == seldom.scheme;
    let ending = !accents && !exchange && !scheme && is_ending(right, slip);
    let company = Company::of(document, often.word, seldom.word);
    // A short name that lost its accents, in a double name or beside the same first name; elsewhere it is another name.
    let short = right.len() < MIN_LETTERS || slip.len() < MIN_LETTERS_SLIP;
    if short && !(accents && company == Company::Shared && document.target.data().has("common-words")) {
        return None;
    }
    // A sentence that has both tells two apart.
    let together =
        seldom.word.places.iter().any(|p| often.word.places.binary_search_by_key(&p.sentence, |q| q.sentence).is_ok());
    let original = document.source.as_ref().map_or("", |source| source.text());
    let link = link(document, often.word, seldom.word);
    match link {
        Link::Different => return None,
        // The other spelling renders the name already, wherever the source has it: Puff Daddy, P. Diddy.
        Link::Same(source) if all_rendered(document, often.word, seldom.word, source.of(original)) => return None,
        // Like names of other people may be written alike in the source's script: Will Wade, Wayde Sims.
        Link::Same(source) if !is_latin(source.of(original)) && (company == Company::Others || together) => {
            return None;
        }
        // An ending added is a case or a people: Syria and Syrian.
        Link::Same(source) if !ending && likeness >= MIN_LIKENESS_VOUCHED && most >= fewest => {
            match (most == fewest, told) {
                (false, _) => return Some(verdict(ONE_IN_SOURCE, Some(source))),
                (true, true) => return Some(verdict(ONE_IN_SOURCE_EVEN, Some(source))),
                // As sure as without a source, or unsure.
                (true, false) => {
                    let confidence =
                        by_letters(document, often, seldom, (&company, together)).unwrap_or(ONE_IN_SOURCE_UNTOLD);
                    return Some(verdict(confidence, Some(source)));
                }
            }
        }
        Link::Same(_) | Link::Unknown => {}
    }
    by_letters(document, often, seldom, (&company, together)).map(|confidence| verdict(confidence, None))
}

/// How sure it is that the rarer spelling is a slip for the commoner one, by their letters and what stands beside them.
fn by_letters(
    document: &Document<'_>,
    often: &Spelling<'_>,
    seldom: &Spelling<'_>,
    beside: (&Company, bool),
) -> Option<f64> {
    let (company, together) = beside;
    let (most, fewest) = (often.word.places.len(), seldom.word.places.len());
    let (right, slip) = (&often.folded, &seldom.folded);
    let likeness = strsim::jaro_winkler(&often.plain, &seldom.plain);
    let accents = often.plain == seldom.plain;
    let exchange = is_exchange_or_doubling(right, slip);
    let scheme = often.scheme == seldom.scheme;
    let ending = !accents && !exchange && !scheme && is_ending(right, slip);
    // Two against three are two names, or two habits.
    if (most, fewest) != (1, 1) && (most < 2 || most < 2 * fewest) {
        return None;
    }
    if likeness < MIN_LIKENESS
        || *company == Company::Others
        || document.word_in_source(&fold(&seldom.word.text)).is_some()
    {
        return None;
    }
    let even = (most, fewest) == (1, 1);
    let confidence = if accents {
        ACCENTS
    } else if exchange {
        SLIP
    } else if scheme {
        SCHEME
    } else if ending {
        return None;
    } else if *company == Company::Shared {
        if even { ONE_BESIDE_EVEN } else { ONE_BESIDE }
    } else if right.len().min(slip.len()) >= if even { LONG_EVEN } else { LONG } {
        OTHER_LONG
    } else if slip.len() < MIN_LETTERS {
        return None;
    } else if most >= OFTEN
        && fewest == 1
        && *company == Company::Later
        && !together
        && !is_introduced(document, seldom.word)
    {
        OTHER_LATER
    } else {
        OTHER
    };
    // Once so and once otherwise: one of the two is a slip, if the difference is one that slips make; the first mention is
    // likelier the checked one. Only where a list of ordinary words tells names from them: elsewhere a title and a word of
    // another language would do.
    if even && (confidence < OTHER_LONG || !document.target.data().has("common-words")) {
        return None;
    }
    Some(if even { confidence.min(EVEN) } else { confidence })
}

/// Whether a name stands between commas behind an ordinary word, as somebody new does: his father, Wayne, also played.
fn is_introduced(document: &Document<'_>, word: &NameWord) -> bool {
    let text = document.target.text();
    word.places.iter().take(MAX_PLACES).any(|p| {
        let (before, after) = (text.get(..p.name.start()).unwrap_or(""), text.get(p.name.end()..).unwrap_or(""));
        let noun = before.trim_end().strip_suffix(',').and_then(|b| b.rsplit(char::is_whitespace).next());
        noun.is_some_and(|n| n.chars().next().is_some_and(char::is_lowercase))
            && after.starts_with([',', '.', ';', ')'])
    })
}

/// What the source says of two spellings.
enum Link {
    /// One name of the source stands behind both.
    Same(Span),
    /// Two.
    Different,
    Unknown,
}

/// Looks the spellings up in the source sentences that are aligned with theirs.
fn link(document: &Document<'_>, often: &NameWord, seldom: &NameWord) -> Link {
    let at = |word: &NameWord, name: &str| {
        word.places.iter().take(MAX_PLACES).find_map(|p| rendered(document, p.sentence, 0, name))
    };
    let own = at(seldom, &seldom.text);
    let other = at(often, &often.text);
    if let (Some(own), Some(other)) = (own, other) {
        // The source has the rarer spelling's own name where that stands, or tells the two apart crosswise.
        let two = !is_one_name(own.text, other.text) && own.likeness >= CLEAR;
        let here = likeness(document, own.text, &often.text, &fold(&often.text));
        if (two && here < ALIKE) || is_crosswise(document, (often, other), (seldom, own)) {
            return Link::Different;
        }
    }
    let Some(here) = at(seldom, &often.text) else { return Link::Unknown };
    // The source spells it so, or has another name that is liker.
    if document.word_in_source(&fold(&seldom.text)).is_some() {
        return Link::Different;
    }
    if own.is_some_and(|own| own.likeness > here.likeness && !is_one_name(own.text, here.text)) {
        return Link::Different;
    }
    // Where the source is in the same script, having the spelling is enough.
    if is_latin(here.text) {
        // Where no list tells words from names, a word and its cousin would do: Member, Membre.
        let told = document.target.data().has("common-words") && !is_ordinary(document, here.text);
        return if told { Link::Same(here.span) } else { Link::Unknown };
    }
    match other {
        Some(there) if is_one_name(there.text, here.text) => Link::Same(here.span),
        _ => Link::Unknown,
    }
}

/// Whether each of two like words of the source is clearly liker to the spelling that stands for it than to the other: Wayde and
/// his father Wayne.
fn is_crosswise(
    document: &Document<'_>,
    (often, other): (&NameWord, SourceName<'_>),
    (seldom, own): (&NameWord, SourceName<'_>),
) -> bool {
    let like = |name: SourceName<'_>, word: &NameWord| likeness(document, name.text, &word.text, &fold(&word.text));
    own.text != other.text
        && own.likeness - like(own, often) >= CROSSWISE
        && other.likeness - like(other, seldom) >= CROSSWISE
}

/// Whether, wherever both spellings render the same sentences, these have the name no more often than the commoner spelling
/// stands for them.
fn all_rendered(document: &Document<'_>, often: &NameWord, seldom: &NameWord, source: &str) -> bool {
    let renders = |p: &WordPlace| document.alignment().source_of(p.sentence).source;
    seldom.places.iter().take(MAX_PLACES).all(|p| {
        let range = renders(p);
        let shares = |q: &&WordPlace| {
            let other = renders(q);
            other.start < range.end && range.start < other.end
        };
        let stands = often.places.iter().take(MAX_SHARED).filter(shares).count();
        stands > 0 && times_written(document, p.sentence, source) <= stands
    })
}

fn is_latin(word: &str) -> bool {
    word.contains(|c: char| c.is_ascii_alphabetic())
}

/// Whether a word of the source is an ordinary one, though it has a capital.
fn is_ordinary(document: &Document<'_>, word: &str) -> bool {
    document.source.as_ref().is_some_and(|source| source.data().table("common-words").has(&fold(word)))
}

/// What stands beside two spellings: first names, second names.
#[derive(PartialEq, Eq)]
enum Company {
    /// A name that both have.
    Shared,
    /// Each has names of its own: two people.
    Others,
    /// The commoner is introduced with another name first, and the rarer stands alone behind it.
    Later,
    /// Nothing can be said.
    Unknown,
}

impl Company {
    fn of(document: &Document<'_>, often: &NameWord, seldom: &NameWord) -> Self {
        let text = document.target.text();
        let data = document.target.data();
        let of = |word: &NameWord| -> FxHashSet<String> {
            let beside = |p: &WordPlace| {
                let head = Span::new(p.name.start(), p.span.start());
                let tail = Span::new(p.span.end(), p.name.end().max(p.span.end()));
                [head.of(text), tail.of(text)]
            };
            let words = word.places.iter().flat_map(beside).flat_map(|part| part.split([' ', '-', '\u{a0}']));
            words.map(fold).filter(|w| is_company(w, data)).collect()
        };
        let (theirs, this) = (of(often), of(seldom));
        let shared = |word: &&String| theirs.contains(*word);
        match (theirs.is_empty(), this.is_empty()) {
            (false, false) if this.iter().filter(shared).any(|w| w.chars().count() >= LEAST_SHARED) => Self::Shared,
            // Two of a family whose name is one syllable: Qin Yuwei, Qin Yumei.
            (false, false) if this.iter().any(|word| theirs.contains(word)) => Self::Unknown,
            (false, false) => Self::Others,
            (false, true) => {
                let first = |word: &NameWord| word.places.first().map(|p| p.span);
                if first(often) < first(seldom) { Self::Later } else { Self::Unknown }
            }
            _ => Self::Unknown,
        }
    }
}

/// Whether a word beside a name tells who is meant; titles and ordinary words do not.
fn is_company(folded: &str, data: LanguageData) -> bool {
    let word = folded.trim_matches(|c: char| !c.is_alphanumeric());
    let titled = ["titles", "common-words", "starters"].iter().any(|table| data.table(table).has(word));
    let short = data.table("abbreviations").get(&format!("{word}.")).is_some();
    let particle = LanguageData::shared().table("name-particles").has(word);
    word.chars().count() > 1 && !titled && !short && !particle
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
            let mut draft =
                Draft::new(span, verdict.confidence, format!("elsewhere this text writes “{}”", verdict.right))
                    .fix(Fix::replace(span, verdict.right.clone(), 0.85))
                    .beside(Place::target(verdict.place))
                    .because(
                        EvidenceKind::Document,
                        format!("{right} times so, {slip} times otherwise"),
                        Some(Place::target(verdict.place)),
                    );
            if let Some(source) = verdict.source {
                draft = draft.because(
                    EvidenceKind::Source,
                    "one name of the source".to_owned(),
                    Some(Place::source(source)),
                );
            }
            out.push(draft.of_group(bare));
        }
    }
}
