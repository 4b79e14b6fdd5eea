//! `name/wrong-person`: where the source names one, the translation names another.
//!
//! Both must be known from elsewhere in the document: the name that stands here from a place where the source has it, the
//! name that should from a place where both sides have it.

use rustc_hash::FxHashMap;

use crate::analyse::mentions::NameWord;
use crate::analyse::renderings::{SourceName, is_one_name, rendered};
use crate::analyse::{Document, Passage};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::span::Span;
use crate::surface::{Case, TokenKind, fold, without_possessive};

pub(in crate::check) static WRONG_PERSON: Rule = Rule {
    id: "name/wrong-person",
    summary: "A name where the source names somebody else.",
    mqm: "terminology/inconsistent-use",
    its: "inconsistent-entities",
    severity: Severity::Major,
    scope: Scope::Document,
    layers: &[Layer::Surface, Layer::Mentions, Layer::Alignment],
    languages: Languages::Listed(&["en", "es", "fr", "it", "nl", "pt", "sv", "da", "nb"]),
    needs_source: true,
    needs_glossary: false,
    run: Run::Document(wrong_person),
};

/// Languages of the source whose names stay as they are, but for an s. In others nobody has measured it.
const UNINFLECTED: [&str; 10] = ["en", "de", "es", "fr", "it", "nl", "pt", "sv", "da", "nb"];

/// One name too many, one too few, and both are known.
const SWAPPED: f64 = 0.7;
/// The most places of a name that are looked up in the source.
const MAX_PLACES: usize = 12;
/// Fewest letters of a name; shorter ones are found by chance.
const MIN_LETTERS: usize = 4;
/// Likeness (Jaro-Winkler) from which a word may be the name itself, misspelt; see `term/missing`.
const SLIP: f64 = 0.8;
/// The most words of a sentence that are compared with one name.
const MAX_COMPARED: usize = 64;
/// The most names known of a document that are looked for in one sentence.
const MAX_KNOWN: usize = 200;

struct Wrong {
    /// Sentence and name, and what should stand there.
    places: FxHashMap<(usize, String), (String, Span)>,
}

/// A name with the source's name at one of its places, and where it stands though the source has nothing alike.
struct Known<'d> {
    text: &'d str,
    source: SourceName<'d>,
    sentences: Vec<usize>,
    strange: Vec<usize>,
}

fn wrong_person(document: &Document<'_>, _: &Settings) -> Box<dyn Survey> {
    let mut known: Vec<Known<'_>> = Vec::new();
    // Scripts without capitals do not show what a name is, and a name that takes endings is not found again.
    let cased = document.source.as_ref().is_some_and(|s| {
        let capitals = s.surface().tokens.iter().any(|t| t.kind == TokenKind::Word && !matches!(t.case, Case::None));
        capitals && UNINFLECTED.contains(&s.data().tag())
    });
    let nations = document.target.data().table("nationalities");
    let is_name = |w: &&NameWord| w.text.chars().count() >= MIN_LETTERS && !nations.has(&fold(&w.text));
    for word in document.mentions().words.iter().filter(|w| cased && is_name(w)) {
        let mut source = None;
        let (mut sentences, mut strange) = (Vec::new(), Vec::new());
        for place in word.places.iter().take(MAX_PLACES) {
            // A full name tells by its other words, too, who is meant.
            match rendered(document, place.sentence, 1, &word.text) {
                Some(found) => source = source.or(Some(found)),
                None if place.name == place.span => strange.push(place.sentence),
                None => {}
            }
            sentences.push(place.sentence);
        }
        if let (Some(source), true) = (source, known.len() < MAX_KNOWN) {
            known.push(Known { text: &word.text, source, sentences, strange });
        }
    }
    let mut places = FxHashMap::default();
    for here in known.iter().filter(|k| !k.strange.is_empty() && k.sentences.len() > k.strange.len()) {
        for &sentence in &here.strange {
            // Names of the aligned source sentence that the document knows and this sentence lacks.
            let lacking: Vec<(&Known<'_>, SourceName<'_>)> = known
                .iter()
                .filter(|other| other.text != here.text && !is_one_name(other.source.text, here.source.text))
                .filter(|other| !other.sentences.contains(&sentence) && !has_alike(document, sentence, other.text))
                .filter_map(|other| Some((other, rendered(document, sentence, 0, other.text)?)))
                .filter(|(other, found)| is_one_name(found.text, other.source.text))
                .collect();
            if let [(other, found)] = lacking[..] {
                places.insert((sentence, fold(here.text)), (other.text.to_owned(), found.span));
            }
        }
    }
    Box::new(Wrong { places })
}

/// Whether a target sentence has a word much like a name: the name with a slip, or an adjective made of it.
fn has_alike(document: &Document<'_>, sentence: usize, name: &str) -> bool {
    let surface = document.target.surface();
    let name = fold(name);
    let tokens = surface.sentences.get(sentence).map_or(&[][..], |s| surface.tokens_of(s));
    let words = tokens.iter().filter(|t| t.kind == TokenKind::Word && t.case != Case::Lower).take(MAX_COMPARED);
    words.into_iter().any(|t| strsim::jaro_winkler(surface.folded(t), &name) >= SLIP)
}

impl Survey for Wrong {
    fn check(&self, _: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        if self.places.is_empty() {
            return;
        }
        for token in passage.tokens().iter().filter(|t| t.kind == TokenKind::Word) {
            let span = without_possessive(passage.text.text(), token.span);
            let bare = span.of(passage.text.text());
            let Some((right, source)) = self.places.get(&(passage.place, fold(bare))) else { continue };
            let place = Place::source(*source);
            out.push(
                Draft::new(span, SWAPPED, format!("the source names “{right}” here"))
                    .fix(Fix::replace(span, right.clone(), 0.7))
                    .beside(place)
                    .because(
                        EvidenceKind::Source,
                        format!("the source has “{right}”, and nothing like “{bare}”"),
                        Some(place),
                    ),
            );
        }
    }
}
