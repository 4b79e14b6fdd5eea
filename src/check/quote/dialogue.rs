//! Speech set off by dashes, as Slavic and Romance prose does, in a language that sets it off by quotation marks.

use super::{Customs, order};
use crate::analyse::quotes::{is_quotation_mark, is_single};
use crate::analyse::{Document, Passage};
use crate::check::punct::{attributing_verb, is_dash};
use crate::check::{Draft, Fix};
use crate::finding::EvidenceKind;
use crate::span::Span;
use crate::surface::{BlockKind, Case, TokenKind};

/// A piece of speech between two dashes.
pub(super) struct Piece {
    /// The dash that opens it, with the space after it.
    pub(super) opens: Span,
    /// The dash that closes it, with the space and the comma or stop before it.
    pub(super) closes: Span,
}

/// The speech between dashes of a document: a dash where a sentence begins, then one before whoever said it, and no
/// quotation mark between the two.
pub(super) fn pieces(document: &Document<'_>) -> Vec<Piece> {
    let attribution = document.target.data().table("attribution");
    let (text, surface) = (document.target.text(), document.target.surface());
    let mut found = Vec::new();
    if attribution.is_empty() {
        return found;
    }
    let mut open: Option<(usize, Span)> = None;
    for sentence in 0..surface.sentences.len() {
        let record = &surface.sentences[sentence];
        if surface.kind_of(record) != BlockKind::Body || open.is_some_and(|(block, _)| block != record.block) {
            open = None;
        }
        let passage = Passage { text: &document.target, sentence, place: sentence };
        let tokens = passage.tokens();
        for (at, token) in tokens.iter().enumerate().filter(|(_, t)| t.kind == TokenKind::Mark) {
            let double = |c: char| is_quotation_mark(c) && !is_single(c);
            if passage.written(token).starts_with(double) {
                open = None;
            } else if !is_dash(&passage, token) || tokens.get(at + 1).is_none_or(|next| next.glued) {
                continue;
            } else if let Some((_, opens)) = open
                && attributing_verb(&passage, &attribution, at).is_some()
            {
                let before = text[..token.span.start()].trim_end();
                let stop = before.trim_end_matches([',', '.']);
                let from = if before.ends_with("..") { before.len() } else { stop.len() };
                found.push(Piece { opens, closes: Span::new(from, token.span.end()) });
                open = None;
            } else if begins(&passage, at)
                && surface.kind_of(record) == BlockKind::Body
                && !surface.blocks.get(record.block).and_then(|b| b.dateline).is_some_and(|d| d.contains(token.span))
            {
                let after = tokens.get(at + 1).map_or(token.span.end(), |next| next.span.start());
                open = Some((record.block, Span::new(token.span.start(), after)));
            }
        }
    }
    found
}

/// A dash at the beginning of a sentence, with a capital after it. (A dash after a stop does not end the sentence for the
/// segmenter.)
fn begins(passage: &Passage<'_>, dash: usize) -> bool {
    let tokens = passage.tokens();
    let first = dash.checked_sub(1).is_none_or(|i| matches!(passage.written(&tokens[i]), "." | "!" | "?" | "…"));
    first
        && tokens
            .get(dash + 1)
            .is_some_and(|t| t.kind == TokenKind::Word && matches!(t.case, Case::Title | Case::Upper))
}

/// Whether a dash opens speech in the sentence before a place.
pub(crate) fn is_opened_by_dash(passage: &Passage<'_>, end: usize) -> bool {
    let tokens = passage.tokens();
    let last = tokens.partition_point(|t| t.span.start() < end);
    (last.saturating_sub(SPEECH_TOKENS)..last).any(|i| is_dash(passage, &tokens[i]) && begins(passage, i))
}

/// How far back the beginning of speech is looked for, in tokens: some hundred words.
const SPEECH_TOKENS: usize = 128;

/// Both halves of each piece. Where a comma stands before the second dash, that half is `punct/attribution-dash`.
pub(super) fn drafts(document: &Document<'_>, customs: &Customs, confidence: f64) -> Vec<Draft> {
    let text = document.target.text();
    let mut drafts = Vec::new();
    let Some(&(open, close)) = customs.habits.first() else {
        return drafts;
    };
    for piece in pieces(document) {
        let message = "quotation marks set speech apart here, not dashes";
        let draft = |span: Span, edit: Span, written: String| {
            Draft::new(span, confidence, message)
                .fix(Fix::replace(edit, written, 0.85))
                .because(EvidenceKind::Pattern, "speech between dashes", None)
                .of_group(format!("dash {}", piece.opens.start()))
        };
        let dash = Span::new(piece.opens.start(), piece.opens.start() + piece.opens.of(text).trim_end().len());
        drafts.push(draft(dash, piece.opens, open.to_string()));
        let closes = piece.closes.of(text);
        if !closes.starts_with(',') {
            let dash = closes.trim_start_matches(['.', ' ', '\u{a0}']);
            let span = Span::new(piece.closes.end() - dash.len(), piece.closes.end());
            let last = text[..piece.closes.start()].chars().next_back();
            let (_, written) = order::before_attribution(&customs.table, last, &close.to_string());
            drafts.push(draft(span, piece.closes, written));
        }
    }
    drafts.sort_by_key(|d| d.span);
    drafts
}

/// Those of a sentence's drafts that a changed form of it still deserves: the dash stands before the same word.
pub(super) fn still_there(document: &Document<'_>, drafts: &[Draft], passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let surface = document.target.surface();
    let Some(record) = surface.sentences.get(passage.place) else {
        return;
    };
    let before = Passage { text: &document.target, sentence: passage.place, place: passage.place };
    let first = drafts.partition_point(|d| d.span.start() < record.span.start());
    let tokens = passage.tokens();
    for draft in drafts[first..].iter().take_while(|d| d.span.start() < record.span.end()) {
        let at = before.tokens().partition_point(|t| t.span.start() < draft.span.end());
        let word = before.tokens().get(at).map(|t| before.folded(t));
        let dash = (0..tokens.len())
            .find(|&i| is_dash(passage, &tokens[i]) && tokens.get(i + 1).map(|t| passage.folded(t)) == word);
        out.extend(dash.map(|i| Draft::new(tokens[i].span, draft.confidence, "")));
    }
}
