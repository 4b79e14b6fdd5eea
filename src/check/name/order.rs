//! `name/order`: given name and surname in the wrong order, by the source or by the rest of the document.

use rustc_hash::FxHashMap;

use super::people::{FROM_ORDER, INTO, MAX_PEOPLE, Places, is_exonym, renders, source_word};
use crate::analyse::renderings::source_words;
use crate::analyse::{Document, Passage};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::names;
use crate::span::Span;
use crate::surface::{Case, without_possessive};

pub(in crate::check) static ORDER: Rule = Rule {
    id: "name/order",
    summary: "Given name and surname in the wrong order.",
    mqm: "terminology/inconsistent-use",
    its: "inconsistent-entities",
    severity: Severity::Minor,
    scope: Scope::Document,
    layers: &[Layer::Surface, Layer::Mentions, Layer::Alignment],
    languages: Languages::Between { into: INTO, from: FROM_ORDER },
    needs_source: true,
    needs_glossary: false,
    run: Run::Document(order),
};

/// The last word is a given name, and the source has the name in full.
const BY_GIVEN: f64 = 0.8;
/// The name is Chinese or Korean, and the source's characters read the other way round.
const BY_CHARACTERS: f64 = 0.6;
/// The document has the name the other way round, and the source the same name for both.
const BY_DOCUMENT: f64 = 0.7;
/// Fewest letters of a word of a name that is turned round on the document's word alone.
const MIN_LETTERS: usize = 3;
/// The most places of a name that are looked up in the source.
const MAX_PLACES: usize = 6;

struct Wrong {
    right: String,
    confidence: f64,
    source: Span,
}

struct Orders {
    places: Places<Wrong>,
}

fn order(document: &Document<'_>, _: &Settings) -> Box<dyn Survey> {
    let mut places = Places::default();
    let names = &document.mentions().names;
    let whole: FxHashMap<&str, &[Span]> = names.iter().map(|(name, spans)| (name.as_str(), spans.as_slice())).collect();
    let surface = document.target.surface();
    for (name, spans) in names.iter().take(MAX_PEOPLE) {
        let Some((first, last)) = two_words(name) else { continue };
        let right = format!("{last} {first}");
        // Of two orders the commoner is right, and of two as common the first.
        let other = whole.get(right.as_str()).copied().unwrap_or(&[]);
        let seldom = (other.len(), std::cmp::Reverse(other.first())) > (spans.len(), std::cmp::Reverse(spans.first()));
        for span in spans.iter().take(MAX_PLACES) {
            let Some(sentence) = surface.sentence_at(span.start()) else { continue };
            let by_source = || turned(document, sentence, first, last);
            let by_document = || {
                let short = [first, last].iter().any(|w| w.chars().count() < MIN_LETTERS);
                let source =
                    (!other.is_empty() && seldom && !short).then(|| vouched(document, sentence, first, last))?;
                source.map(|source| (source, BY_DOCUMENT))
            };
            // The source may turn a name that the document has this way elsewhere; then nothing is sure.
            let found = by_source().filter(|_| other.is_empty() || seldom).or_else(by_document);
            if let Some((source, confidence)) = found {
                places.add(sentence, name, Wrong { right: right.clone(), confidence, source });
            }
        }
    }
    hyphened(document, &mut places);
    Box::new(Orders { places })
}

/// Given names of two syllables with a hyphen between, which are no run of capitals: Young-soo Park.
fn hyphened(document: &Document<'_>, places: &mut Places<Wrong>) {
    if !document.source_language().is_some_and(|l| matches!(l.primary(), "zh" | "ko")) {
        return;
    }
    let (text, surface) = (document.target.text(), document.target.surface());
    for (index, sentence) in surface.sentences.iter().enumerate() {
        for window in surface.tokens_of(sentence).windows(4) {
            let [first, hyphen, second, last] = window else { continue };
            let given = first.span.cover(second.span);
            let joined = hyphen.span.of(text) == "-" && hyphen.glued && second.glued && second.case == Case::Lower;
            let spaced = text.get(second.span.end()..last.span.start()) == Some(" ");
            if !joined || !spaced || first.case != Case::Title || last.case != Case::Title {
                continue;
            }
            let surname = without_possessive(text, last.span);
            if let Some((source, confidence)) = turned(document, index, given.of(text), surname.of(text)) {
                let right = format!("{} {}", surname.of(text), given.of(text));
                places.add(index, given.cover(surname).of(text), Wrong { right, confidence, source });
            }
        }
    }
}

fn two_words(name: &str) -> Option<(&str, &str)> {
    let (first, last) = name.split_once(' ')?;
    (!last.contains(' ') && first != last && !first.is_empty() && !last.is_empty()).then_some((first, last))
}

/// Where the source has a name in full that a sentence has the other way round.
fn turned(document: &Document<'_>, sentence: usize, first: &str, last: &str) -> Option<(Span, f64)> {
    let target = document.target_language()?;
    let source = document.source_language()?;
    if is_exonym(document, first) {
        return None;
    }
    if matches!(source.primary(), "zh" | "ko") {
        // Surname first, as English keeps it.
        let found = characters(document, sentence, last, first)?;
        return characters(document, sentence, first, last).is_none().then_some((found, BY_CHARACTERS));
    }
    let given = names::given_name(last, target)?;
    if names::given_name(first, target).is_some() {
        return None;
    }
    let aligned = document.alignment().source_of(sentence).source;
    let mut people = document.people().0.iter().filter(|q| aligned.contains(&q.sentence));
    let found = people.find(|q| {
        let surname = source_word(document, q.surname);
        q.middle.is_empty() && q.same.same == given.same && renders(document, surname, first)
    })?;
    Some((found.span, BY_GIVEN))
}

/// The source's characters that read as a surname and a given name.
fn characters(document: &Document<'_>, sentence: usize, surname: &str, given: &str) -> Option<Span> {
    let language = document.source_language()?;
    let wanted = [names::plain(surname), names::plain(given)];
    let reads = |text: &str| {
        names::romanise(text, language).iter().any(|spelt| {
            let parts = spelt.text.split_once(' ').map(|(s, g)| [names::plain(s), names::plain(g)]);
            parts.is_some_and(|parts| parts == wanted)
        })
    };
    source_words(document, sentence).into_iter().find(|(_, text)| reads(text)).map(|(span, _)| span)
}

/// Where the source has both words of a name, in either order.
fn vouched(document: &Document<'_>, sentence: usize, first: &str, last: &str) -> Option<Span> {
    let language = document.source_language()?;
    if matches!(language.primary(), "zh" | "ko" | "ja") {
        return characters(document, sentence, first, last).or_else(|| characters(document, sentence, last, first));
    }
    let words = source_words(document, sentence);
    let place = |name: &str| words.iter().find(|(_, text)| renders(document, text, name)).map(|(span, _)| *span);
    let (one, other) = (place(first)?, place(last)?);
    // Two words of one name stand side by side.
    let (left, right) = if one.start() < other.start() { (one, other) } else { (other, one) };
    (right.start().saturating_sub(left.end()) == 1).then(|| left.cover(right))
}

impl Survey for Orders {
    fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        for (span, wrong) in self.places.of(passage) {
            let place = Place::source(wrong.source);
            let original = source_word(document, wrong.source);
            out.push(
                Draft::new(span, wrong.confidence, format!("the name is “{}”", wrong.right))
                    .fix(Fix::replace(span, wrong.right.clone(), 0.8))
                    .beside(place)
                    .because(EvidenceKind::Source, format!("the source has “{original}”"), Some(place))
                    .of_group(wrong.right.as_str()),
            );
        }
    }
}
