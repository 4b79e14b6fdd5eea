//! `name/source-mismatch`: a name that is no spelling of the source's name in its place.

use super::people::{FROM, Fate, INTO, MAX_PEOPLE, Places, fate, source_word, spelled};
use crate::analyse::people::Person;
use crate::analyse::{Document, Passage};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::span::Span;

pub(in crate::check) static SOURCE_MISMATCH: Rule = Rule {
    id: "name/source-mismatch",
    summary: "A name that is no spelling of the source’s name in its place.",
    mqm: "terminology/inconsistent-use",
    its: "inconsistent-entities",
    severity: Severity::Major,
    scope: Scope::Document,
    layers: &[Layer::Surface, Layer::Mentions, Layer::Alignment],
    languages: Languages::Between { into: INTO, from: FROM },
    needs_source: true,
    needs_glossary: false,
    run: Run::Document(mismatch),
};

/// The other part of the name is the source's.
const PART: f64 = 0.8;
/// Nothing of it is, and the source has somebody whom the translation lacks.
const WHOLE: f64 = 0.65;

struct Wrong {
    right: Option<String>,
    confidence: f64,
    source: Span,
}

struct Mismatches {
    places: Places<Wrong>,
}

fn mismatch(document: &Document<'_>, _: &Settings) -> Box<dyn Survey> {
    let mut places = Places::default();
    let text = document.target.text();
    for person in document.people().1.iter().take(MAX_PEOPLE) {
        let whole = |q: &Person| {
            let word = |span| spelled(document, span, q.same.plain);
            Some(format!("{} {}", word(q.given)?, word(q.surname)?))
        };
        let (span, source, confidence, right) = match fate(document, person) {
            Fate::Surname(other, plain) => (person.surname, other, PART, spelled(document, other, plain)),
            Fate::Given(other) => (person.given, other.given, PART, spelled(document, other.given, other.same.plain)),
            Fate::Whole(other) => (person.span, other.span, WHOLE, whole(other)),
            Fate::Explained | Fate::Nobody => continue,
        };
        places.add(person.sentence, span.of(text), Wrong { right, confidence, source });
    }
    Box::new(Mismatches { places })
}

impl Survey for Mismatches {
    fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        for (span, wrong) in self.places.of(passage) {
            let written = span.of(passage.text.text());
            let original = source_word(document, wrong.source);
            let place = Place::source(wrong.source);
            let mut draft = Draft::new(span, wrong.confidence, format!("the source has “{original}” here"))
                .beside(place)
                .because(EvidenceKind::Source, format!("“{written}” is no spelling of “{original}”"), Some(place));
            if let Some(right) = wrong.right.as_ref().filter(|right| *right != written) {
                draft = draft.fix(Fix::replace(span, right.clone(), 0.6));
            }
            out.push(draft);
        }
    }
}
