//! A figure that something changes to, given as what it changes by: to 190, by 190. A part of `number/value`.

use crate::analyse::{Document, Passage};
use crate::check::quantity::{Quantity, Reading, same};
use crate::check::{Draft, Fix};
use crate::finding::{EvidenceKind, Place};
use crate::language::{Table, Words};

/// The prepositions disagree about one figure.
const OTHERWISE: f64 = 0.82;
/// The table of prepositions and of verbs of change.
const TABLE: &str = "change-words";
/// How many words before its figure a verb of change may stand.
const REACH: usize = 8;

/// Looks at the figures that both sides have.
pub(super) fn find(
    document: &Document<'_>,
    passage: &Passage<'_>,
    own: &Reading,
    from: &[(usize, &Reading)],
    out: &mut Vec<Draft>,
) {
    let Some(source) = &document.source else {
        return;
    };
    let (ours, theirs) = (passage.text.data().table(TABLE), source.data().table(TABLE));
    if ours.is_empty() || theirs.is_empty() || source.data().words() == Words::Unspaced {
        return;
    }
    let counts = |q: &&Quantity| q.free && !q.year && !q.day && !q.in_words;
    for figure in own.figures.iter().filter(counts) {
        let Some((at, kind)) = before(ours, passage, figure.first) else {
            continue;
        };
        let twins = |q: &&Quantity| same(q.value, figure.value);
        let mut there = from
            .iter()
            .flat_map(|(sentence, reading)| reading.figures.iter().filter(twins).map(move |q| (*sentence, q)));
        let (Some((sentence, twin)), None) = (there.next(), there.next()) else {
            continue;
        };
        let origin = Passage { text: source, sentence, place: sentence };
        let other = before(theirs, &origin, twin.first)
            .filter(|_| counts(&twin) && own.figures.iter().filter(twins).count() == 1);
        let Some((origin_at, _)) = other.filter(|(_, other)| *other != kind) else {
            continue;
        };
        if !changes(ours, passage, at) && !changes(theirs, &origin, origin_at) {
            continue;
        }
        let (Some(word), Some(first)) = (passage.tokens().get(at), origin.tokens().get(origin_at)) else {
            continue;
        };
        let place = Place::source(first.span.cover(twin.span));
        let message = format!("the source has “{}” here", first.span.cover(twin.span).of(source.text()));
        let right =
            ours.iter().find(|(word, row)| row.column(0) != kind && row.column(0) != "verb" && !word.contains(' '));
        let mut draft = Draft::new(word.span.cover(figure.span), OTHERWISE, message).beside(place).because(
            EvidenceKind::Source,
            "what it changes to is not what it changes by",
            Some(place),
        );
        if let Some((right, _)) = right {
            draft = draft.fix(Fix::replace(word.span, right, 0.9));
        }
        out.push(draft);
    }
}

/// The preposition before a figure, past one word that stands between ("by about 190"), and its kind.
fn before(table: Table, passage: &Passage<'_>, first: usize) -> Option<(usize, &'static str)> {
    let tokens = passage.tokens();
    let folded = |i: usize| tokens.get(i).map_or("", |t| passage.folded(t));
    let kind = |i: usize| {
        let pair = || i.checked_sub(1).and_then(|b| table.get(&format!("{} {}", folded(b), folded(i))));
        table.get(folded(i)).or_else(pair).map(|row| (i, row.column(0))).filter(|(_, kind)| *kind != "verb")
    };
    // The sign of a currency stands between, too.
    let near = first.checked_sub(1)?;
    kind(near).or_else(|| kind(first.checked_sub(2)?))
}

/// Whether a word for a change stands shortly before.
fn changes(table: Table, passage: &Passage<'_>, at: usize) -> bool {
    let tokens = passage.tokens().get(at.saturating_sub(REACH)..at).unwrap_or(&[]);
    tokens.iter().any(|t| table.get(passage.folded(t)).is_some_and(|row| row.column(0) == "verb"))
}
