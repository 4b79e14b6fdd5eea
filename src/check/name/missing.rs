//! `name/missing`: somebody of the source whom the translation does not name.

use rustc_hash::FxHashMap;

use super::people::{FROM, INTO, MAX_PEOPLE, is_lost_far, renders, source_word};
use crate::analyse::mentions::NameWord;
use crate::analyse::people::Person;
use crate::analyse::renderings::{FAINT, is_rendered};
use crate::analyse::{Document, Passage};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::span::Span;
use crate::surface::{Case, Token, TokenKind, without_possessive};

pub(in crate::check) static MISSING: Rule = Rule {
    id: "name/missing",
    summary: "Somebody of the source whom the translation does not name.",
    mqm: "terminology/inconsistent-use",
    its: "inconsistent-entities",
    severity: Severity::Major,
    scope: Scope::Document,
    layers: &[Layer::Surface, Layer::Mentions, Layer::Alignment],
    languages: Languages::Between { into: INTO, from: FROM },
    needs_source: true,
    needs_glossary: false,
    run: Run::Document(missing),
};

/// Somebody is named in full, and nothing near or far can be the name.
const NOWHERE: f64 = 0.6;
/// One of two names that a small word joins stands in the sentence, and the other does not.
const BESIDE: f64 = 0.75;
/// How surely sentences must be paired.
const PAIRED: f64 = 0.3;
/// The most pairs of names of a document that are followed.
const MAX_PAIRS: usize = 200;

/// A name that a sentence lacks.
struct Lack {
    source: Span,
    confidence: f64,
    /// The name that stands there, the one that should stand beside it, and what joins the two; the second before the first
    /// where `before` is set.
    beside: Option<Beside>,
}

#[derive(Clone)]
struct Beside {
    stands: String,
    lacks: String,
    joined: &'static str,
    before: bool,
}

struct Missing {
    by_sentence: FxHashMap<usize, Vec<Lack>>,
}

fn missing(document: &Document<'_>, _: &Settings) -> Box<dyn Survey> {
    let mut by_sentence: FxHashMap<usize, Vec<Lack>> = FxHashMap::default();
    let source = document.people().0;
    let sentences = document.source.as_ref().map_or(0, |s| s.surface().sentences.len());
    let targets = document.alignment().targets_by_source(sentences);
    for person in source.iter().take(MAX_PEOPLE) {
        let Some(&first) = targets.get(person.sentence).and_then(|t| t.first()) else { continue };
        if document.alignment().source_of(first).confidence >= PAIRED && is_lost_nowhere(document, &targets, person) {
            let lack = Lack { source: person.span, confidence: NOWHERE, beside: None };
            by_sentence.entry(first).or_default().push(lack);
        }
    }
    pairs(document, &targets, &mut by_sentence);
    Box::new(Missing { by_sentence })
}

/// Whether the translation has a person of the source nowhere.
fn is_lost_nowhere(document: &Document<'_>, targets: &[Vec<usize>], person: &Person) -> bool {
    // A king, a pope, a saint: two given names, which are translated.
    let surname = source_word(document, person.surname);
    let given = document.source_language().and_then(|l| crate::names::given_name(surname, l));
    let all = targets.get(person.sentence).map_or(&[][..], Vec::as_slice);
    // A name in a case of it may be another word: Stany, Stan.
    person.same.plain
        && given.is_none()
        && !all.is_empty()
        && all.iter().all(|&sentence| is_lost_far(document, sentence, person))
}

/// Names that a small word joins in the source, of which the translation has one.
fn pairs(document: &Document<'_>, targets: &[Vec<usize>], found: &mut FxHashMap<usize, Vec<Lack>>) {
    let Some(source) = &document.source else { return };
    let joining: Vec<&str> = source.data().fact_words("and");
    let Some(joined) = document.target.data().fact_words("and").first().copied() else { return };
    let (text, surface) = (source.text(), source.surface());
    let mut followed = 0;
    for (index, sentence) in surface.sentences.iter().enumerate() {
        let all = targets.get(index).map_or(&[][..], Vec::as_slice);
        let [target] = all[..] else { continue };
        if document.alignment().source_of(target).confidence < PAIRED {
            continue;
        }
        let tokens = surface.tokens_of(sentence);
        for (at, window) in tokens.windows(3).enumerate() {
            let [left, middle, right] = window else { continue };
            let small = middle.kind == TokenKind::Word && joining.contains(&surface.folded(middle));
            if !small || !is_name(left, text) || !is_name(right, text) || followed >= MAX_PAIRS {
                continue;
            }
            // The last word of each name tells who is meant.
            let end = tokens.get(at + 2..).unwrap_or(&[]).iter().take_while(|t| is_name(t, text)).last();
            let Some(end) = end else { continue };
            followed += 1;
            let words = [left.span.of(text), end.span.of(text)];
            for (stands, lacks, before) in [(0, 1, false), (1, 0, true)] {
                let place = [left.span, end.span][lacks];
                if let Some(beside) = lack(document, target, (words[stands], words[lacks]), joined, before) {
                    let lack = Lack { source: place, confidence: BESIDE, beside: Some(beside) };
                    found.entry(target).or_default().push(lack);
                }
            }
        }
    }
}

/// The name that a sentence lacks beside one that stands there: known from elsewhere in the document, and nothing in the sentence can be it.
fn lack(
    document: &Document<'_>,
    sentence: usize,
    (stands, lacks): (&str, &str),
    joined: &'static str,
    before: bool,
) -> Option<Beside> {
    let words = &document.mentions().words;
    let of = |name: &str| words.iter().take(MAX_PEOPLE).find(|w| renders(document, name, &w.text));
    let in_sentence = |w: &NameWord| w.places.iter().any(|p| p.sentence == sentence);
    let one = of(stands).filter(|w| in_sentence(w))?;
    let other = of(lacks).filter(|w| !in_sentence(w))?;
    let there = is_rendered(document, sentence, 0, lacks, FAINT);
    (!there).then(|| Beside { stands: one.text.clone(), lacks: other.text.clone(), joined, before })
}

fn is_name(token: &Token, text: &str) -> bool {
    token.kind == TokenKind::Word
        && matches!(token.case, Case::Title | Case::Mixed)
        && token.span.of(text).chars().count() > 2
}

impl Survey for Missing {
    fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        let text = passage.text.text();
        for lack in self.by_sentence.get(&passage.place).map_or(&[][..], Vec::as_slice) {
            let place = Place::source(lack.source);
            let original = source_word(document, lack.source);
            let message = format!("the source also names “{original}”");
            let word = |wanted: &str| {
                let bare = |t: &Token| without_possessive(text, t.span);
                passage.tokens().iter().map(bare).find(|span| span.of(text) == wanted)
            };
            let draft = match &lack.beside {
                Some(beside) => {
                    let (Some(span), None) = (word(&beside.stands), word(&beside.lacks)) else { continue };
                    let Beside { stands, lacks, joined, before } = beside;
                    let both = if *before {
                        format!("{lacks} {joined} {stands}")
                    } else {
                        format!("{stands} {joined} {lacks}")
                    };
                    Draft::new(span, lack.confidence, message).fix(Fix::replace(span, both, 0.6))
                }
                None => Draft::new(passage.span(), lack.confidence, message),
            };
            out.push(draft.beside(place).because(
                EvidenceKind::Source,
                format!("nothing in the translation can be “{original}”"),
                Some(place),
            ));
        }
    }
}
