//! `name/extra`: somebody whom the source does not name.

use super::people::{FROM_EXTRA, Fate, INTO, MAX_PEOPLE, Places, fate};
use crate::analyse::{Document, Passage};
use crate::check::{Draft, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Severity};

pub(in crate::check) static EXTRA: Rule = Rule {
    id: "name/extra",
    summary: "Somebody whom the source does not name.",
    mqm: "terminology/inconsistent-use",
    its: "inconsistent-entities",
    severity: Severity::Major,
    scope: Scope::Document,
    layers: &[Layer::Surface, Layer::Mentions, Layer::Alignment],
    languages: Languages::Between { into: INTO, from: FROM_EXTRA },
    needs_source: true,
    needs_glossary: false,
    run: Run::Document(extra),
};

/// A given name and a surname, and nothing in the source can be either.
const NOBODY: f64 = 0.65;

struct Extras {
    places: Places<()>,
}

fn extra(document: &Document<'_>, _: &Settings) -> Box<dyn Survey> {
    let mut places = Places::default();
    for person in document.people().1.iter().take(MAX_PEOPLE) {
        if matches!(fate(document, person), Fate::Nobody) {
            places.add(person.sentence, person.span.of(document.target.text()), ());
        }
    }
    Box::new(Extras { places })
}

impl Survey for Extras {
    fn check(&self, _: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        for (span, ()) in self.places.of(passage) {
            let written = span.of(passage.text.text());
            out.push(Draft::new(span, NOBODY, format!("the source does not name “{written}”")).because(
                EvidenceKind::Source,
                "nothing in the source can be this name".to_owned(),
                None,
            ));
        }
    }
}
