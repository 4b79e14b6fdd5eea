//! Renderings that entries of senses call wrong, where they stand in a passage: looked for once, and read by a rule for each kind.

use crate::analyse::{Document, Passage, Text};
use crate::language::LanguageData;
use crate::senses::{Alone, Found, Marks, Rendering, SourceHit, StandsAlone, Words};
use crate::span::Span;
use crate::surface::TokenKind;

/// The most source hits that one sentence is looked at for.
pub const MAX_HITS: usize = 400;

/// What stands in a passage.
pub struct Standing {
    /// The marks of its tokens.
    pub marks: Marks,
    /// By entries whose words stand in its source, in the order of the source.
    pub suspects: Vec<Suspect>,
    /// By entries that are told without a source, in the order of the passage.
    pub alone: Vec<StandsAlone>,
}

/// An entry with wrong renderings that stand in a passage.
pub struct Suspect {
    /// Where its words first stand in the source.
    pub hit: SourceHit,
    /// Its wrong renderings, in the order of the entry.
    pub wrong: Vec<(Found, Rendering<'static>)>,
}

impl Standing {
    pub(super) const NONE: Self = Self { marks: Marks::NONE, suspects: Vec::new(), alone: Vec::new() };

    pub(super) fn of(document: &Document<'_>, passage: &Passage<'_>) -> Self {
        let marks = Marks::of(passage.text.surface(), passage.tokens(), passage.text.data());
        let words = passage.words(&marks);
        let mut suspects = Vec::new();
        if let Some(senses) = document.senses() {
            for hit in document.entries_at(passage.place) {
                let wordings = senses.prepared(hit.entry).map_or(&[][..], |prepared| &prepared.wrong);
                let found = wordings.iter().flat_map(|w| w.find(&words).into_iter().map(|found| (found, w.rendering)));
                let mut wrong: Vec<_> = found.collect();
                if wrong.is_empty() {
                    wrong.extend(through(document, passage, &words, hit));
                }
                if !wrong.is_empty() {
                    suspects.push(Suspect { hit: *hit, wrong });
                }
            }
        }
        let alone = alone(document, passage, &words);
        Self { marks, suspects, alone }
    }
}

/// An idiom of the source that shows through where none of its renderings stands as the entry has it.
fn through(
    document: &Document<'_>,
    passage: &Passage<'_>,
    words: &Words<'_>,
    hit: &SourceHit,
) -> Option<(Found, Rendering<'static>)> {
    let shown = document.senses()?.prepared(hit.entry)?.through.as_ref()?.find(words)?;
    if shown.single {
        // Another word of the sentence may have the same rendering.
        let links = document.word_links(passage)?;
        let source = &document.source.as_ref()?.surface().tokens;
        let first = passage.text.surface().sentences.get(passage.sentence)?.tokens.start;
        let mut of_idiom = links.of_target(first + shown.found.first).iter().filter_map(|link| source.get(link.source));
        if !of_idiom.any(|token| hit.hit.span.contains(token.span)) {
            return None;
        }
    }
    Some((shown.found, shown.rendering))
}

fn alone(document: &Document<'_>, passage: &Passage<'_>, words: &Words<'_>) -> Vec<StandsAlone> {
    let mut all = Vec::new();
    let from = document.source_language().map(LanguageData::of);
    let Some(alone) = Alone::into(document.target.data(), from) else {
        return all;
    };
    let from = from.as_ref().map(|data| data.tag());
    for (at, token) in words.tokens.iter().enumerate() {
        if token.kind != TokenKind::Word {
            continue;
        }
        // What begins here and ends before a change stood there before.
        match passage.text.unchanged(at..(at + LONGEST).min(words.tokens.len()), 0) {
            Some((text, sentence, old)) => {
                let before = document.standing(&Passage { text, sentence, place: sentence });
                let begin = |of: &Text<'_>, sentence: usize, at: usize| {
                    let record = of.surface().sentences.get(sentence);
                    record.and_then(|record| of.surface().tokens_of(record).get(at)).map_or(0, |t| t.span.start())
                };
                let moved = begin(text, sentence, old);
                for known in before.alone.iter().filter(|known| known.found.first == old) {
                    let start = known.found.span.start() + token.span.start() - moved;
                    let span = Span::new(start, start + known.found.span.len());
                    all.push(StandsAlone { found: Found { span, first: at, ..known.found }, ..known.clone() });
                }
            }
            None => alone.at(words, at, from, &mut all),
        }
    }
    all
}

/// Tokens of the longest rendering that is told without a source, and more.
const LONGEST: usize = 16;
