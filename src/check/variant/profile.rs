//! `variant/against-profile`: forms and spellings that the desk's style guide does not use.

use super::forms::{Forms, Found};
use super::mixed::{in_place, is_kept};
use super::words::{Kind, Quoted, Side, Spelled, spelled, variety};
use crate::analyse::{Document, Passage};
use crate::check::{Draft, Fix, Settings, Survey};
use crate::finding::EvidenceKind;
use crate::span::Span;
use crate::style::Style;
use crate::surface::{BlockKind, TokenKind};

/// The guide names the form. Less than where `consistency/spelling-variant` sees both spellings, which then speaks.
const NAMED: f64 = 0.9;
/// The guide names the variety.
const VARIETY: f64 = 0.85;

struct Profile {
    style: Style,
    /// The variety that the desk writes, and which of two right spellings.
    variety: Option<(Side, Option<Side>)>,
    column: usize,
    forms: Forms,
}

pub(super) fn survey(document: &Document<'_>, settings: &Settings) -> Box<dyn Survey> {
    let data = document.target.data();
    let column = match settings.style {
        Style::Ap => 0,
        Style::Reuters => 1,
        Style::Guardian => 2,
        Style::Un => 3,
        Style::Plain => usize::MAX,
    };
    Box::new(Profile {
        style: settings.style,
        variety: (settings.style != Style::Plain).then(|| variety(data, settings.style.name())).flatten(),
        column,
        forms: Forms::of(data.table("styles"), |row| !row.column(column).is_empty()),
    })
}

impl Survey for Profile {
    fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        if self.style == Style::Plain {
            return;
        }
        let quoted = Quoted::of(document, passage);
        let mut found = Vec::new();
        self.forms.find(passage, &mut found);
        found.retain(|form| !quoted.holds(form.span) && !is_kept(document, passage, form));
        out.extend(found.iter().filter_map(|form| self.form(passage, form)));
        if let Some((side, either)) = self.variety {
            let mut words = Vec::new();
            spelled(document, passage, &quoted, &mut words);
            // A form that the guide names is said once.
            words.retain(|word| !found.iter().any(|form| form.span.overlaps(word.span)));
            let wrong = |word: &Spelled| match word.kind {
                Kind::Plain => word.side != side,
                Kind::Either => either.is_some_and(|either| word.side != either),
            };
            out.extend(words.into_iter().filter(wrong).map(|word| self.word(document, passage, word)));
        }
    }
}

impl Profile {
    fn form(&self, passage: &Passage<'_>, found: &Found) -> Option<Draft> {
        let right = found.row.column(self.column);
        let number = found.at.checked_sub(1).map(|i| &passage.tokens()[i]).filter(|t| t.kind == TokenKind::Number);
        match found.row.column(4) {
            // Headlines do without the stops.
            "body" if passage.kind() != BlockKind::Body => return None,
            "number" if number.is_none() => return None,
            _ => {}
        }
        let edit = match number {
            // "5 percent" becomes "5%": the sign stands right behind the number.
            Some(number) if right == "%" => Span::new(number.span.end(), found.span.end()),
            _ => found.span,
        };
        let right = in_place(passage, found, right);
        let message = format!("{} style is “{right}”", title(self.style));
        let fix = Fix::replace(edit, right, 0.9);
        let draft = Draft::new(found.span, NAMED, message).fix(fix.safe());
        Some(draft.because(EvidenceKind::Data, format!("styles.tsv: {}", found.form), None).of_group(found.form))
    }

    fn word(&self, document: &Document<'_>, passage: &Passage<'_>, word: Spelled) -> Draft {
        let data = document.target.data();
        let written = word.span.of(passage.text.text());
        let message = match word.kind {
            Kind::Plain => {
                format!("“{written}” is {}; {} style is “{}”", word.side.name(data), title(self.style), word.other)
            }
            Kind::Either => format!("{} style is “{}”", title(self.style), word.other),
        };
        Draft::new(word.span, VARIETY, message)
            .fix(Fix::replace(word.span, word.other, 0.9).safe())
            .because(EvidenceKind::Data, "varieties.tsv", None)
            .of_group("variety")
    }
}

/// What people call a desk.
fn title(style: Style) -> &'static str {
    match style {
        Style::Ap => "AP",
        Style::Reuters => "Reuters",
        Style::Guardian => "Guardian",
        Style::Un => "UN",
        Style::Plain => "house",
    }
}
