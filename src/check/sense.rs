//! `sense/*`: words of the source in another of their senses, or word for word, by the entries of `senses-<target>` tables.
//!
//! An entry is told where its words stand in the aligned source sentence, a rendering that it calls wrong in the translation,
//! and none that it calls right. A few are so odd that they are told without a source.

mod improbable;

use crate::analyse::quotes::is_quotation_mark;
use crate::analyse::standing::{MAX_HITS, Suspect};
use crate::analyse::{Document, Passage};
use crate::check::term::put;
use crate::check::{Draft, Languages, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::glossary::matcher::{How, Role};
use crate::language::english::Shape;
use crate::senses::{
    Conditions, Entry, Found, Kind, Met, Rendering, SourceHit, StandsAlone, Words, Written, source_words,
};
use crate::span::Span;
use crate::surface::{BlockKind, Case, case_of};
pub(super) use improbable::IMPROBABLE_RENDERING;

pub(super) static CALQUE: Rule = Rule {
    id: "sense/calque",
    summary: "A phrase of the source word for word, where the language says it otherwise.",
    mqm: "style/unidiomatic-style",
    its: "style",
    severity: Severity::Minor,
    scope: Scope::Sentence,
    layers: &[Layer::Surface, Layer::Alignment, Layer::Senses],
    languages: Languages::WithSenses,
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(calque),
};

pub(super) static FALSE_FRIEND: Rule = Rule {
    id: "sense/false-friend",
    summary: "A word that looks like the source’s and means something else.",
    mqm: "accuracy/mistranslation",
    its: "mistranslation",
    severity: Severity::Major,
    scope: Scope::Sentence,
    layers: &[Layer::Surface, Layer::Alignment, Layer::Senses],
    languages: Languages::WithSenses,
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(false_friend),
};

pub(super) static HABIT: Rule = Rule {
    id: "sense/habit",
    summary: "A set phrase of the source’s press, carried over.",
    mqm: "style/unidiomatic-style",
    its: "style",
    severity: Severity::Minor,
    scope: Scope::Sentence,
    layers: &[Layer::Surface, Layer::Alignment, Layer::Senses],
    languages: Languages::WithSenses,
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(habit),
};

pub(super) static IDIOM: Rule = Rule {
    id: "sense/idiom",
    summary: "An idiom of the source, translated by its letters.",
    mqm: "accuracy/mistranslation",
    its: "mistranslation",
    severity: Severity::Major,
    scope: Scope::Sentence,
    layers: &[Layer::Surface, Layer::Alignment, Layer::Senses],
    languages: Languages::WithSenses,
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(idiom),
};

pub(super) static WRONG_SENSE: Rule = Rule {
    id: "sense/wrong-sense",
    summary: "A word of the source in another of its senses.",
    mqm: "accuracy/mistranslation",
    its: "mistranslation",
    severity: Severity::Major,
    scope: Scope::Sentence,
    layers: &[Layer::Surface, Layer::Alignment, Layer::Senses],
    languages: Languages::WithSenses,
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(wrong_sense),
};

fn calque(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    of_kind(Kind::Calque, document, passage, out);
}

fn false_friend(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    of_kind(Kind::FalseFriend, document, passage, out);
}

fn habit(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    of_kind(Kind::Habit, document, passage, out);
}

fn idiom(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    of_kind(Kind::Idiom, document, passage, out);
}

fn wrong_sense(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    of_kind(Kind::WrongSense, document, passage, out);
}

/// What is left of an entry's certainty where the alignment of the sentences is unsure.
const UNSURE_ALIGNMENT: f64 = 0.8;
/// Below it the alignment is unsure.
const SURE_ALIGNMENT: f64 = 0.5;
/// What is left where words of the source are parted or turned round, or words of the rendering are parted.
const PARTED: f64 = 0.85;
/// What is left where the words that tell the sense stand in another sentence.
const FAR: f64 = 0.85;
/// What is left where there is no source, of an entry that is told without.
const ALONE: f64 = 0.85;
/// What is left where there is a source, and its sentence does not have the entry's words.
const ELSEWHERE: f64 = 0.6;
/// The most places of one entry in the source of a sentence.
const MAX_SAME: usize = 16;
/// How likely the first of the right renderings is what an editor would write, and the second; each further one half of that.
const FIRST: f64 = 0.75;
const SECOND: f64 = 0.4;

fn of_kind(kind: Kind, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let told = with_source(kind, document, passage, out);
    alone(kind, document, passage, &told, out);
}

/// Entries whose words stand in the source; gives back the places that were told, or are right.
fn with_source(kind: Kind, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) -> Vec<Span> {
    let mut settled = Vec::new();
    let Some(senses) = document.senses() else {
        return settled;
    };
    let standing = document.standing(passage);
    let mut suspects = standing.suspects.iter().filter(|s| senses.kind(s.hit.entry) == kind).peekable();
    if suspects.peek().is_none() {
        return settled;
    }
    let words = &passage.words(&standing.marks);
    let matched = document.alignment().source_of(passage.place);
    let hits = document.source_senses(matched.source.clone());
    let hits = hits.get(..hits.len().min(MAX_HITS)).unwrap_or(hits);
    for Suspect { hit, wrong } in suspects {
        let (entry, Some(prepared)) = (senses.entry(hit.entry), senses.prepared(hit.entry)) else { continue };
        let mut right: Vec<Found> = prepared.right.iter().flat_map(|r| r.find(words)).collect();
        // An entry may have a phrase and a word of it.
        let same = |other: &&SourceHit| other.entry == hit.entry;
        let outer = |h: &&SourceHit| {
            !hits.iter().filter(same).any(|o| o.hit.span != h.hit.span && o.hit.span.contains(h.hit.span))
        };
        let count = hits.iter().filter(same).take(MAX_SAME).filter(outer).count();
        // A right rendering may hold a wrong one, "human resources" for "resources", and a wrong one a right one: "state
        // president" for "president".
        let holds_it = |whole: Span, part: Span| whole != part && whole.contains(part);
        // With a word between, a right one may be the wrong one itself: "head of the state".
        right.retain(|r| {
            !wrong.iter().any(|(w, _)| holds_it(w.span, r.span) || (r.parted && !w.parted && r.span.overlaps(w.span)))
        });
        if right.len() >= count {
            continue;
        }
        let Some(met) = holds(&prepared.conditions, document, passage, words, *hit) else { continue };
        // A word keeps its sense from one sentence to the next; how a sentence is put does not carry over.
        let carries =
            matches!(kind, Kind::WrongSense | Kind::FalseFriend) || (kind != Kind::Habit && entry.is_of_a_word());
        if met == Met::Elsewhere && !carries {
            continue;
        }
        let covering: Vec<Span> = covering(document, hits, *hit, words);
        let mut places: Vec<(Found, Rendering<'_>)> = wrong
            .iter()
            .copied()
            .filter(|(w, _)| !right.iter().any(|r| r.span.overlaps(w.span)))
            .filter(|(found, _)| !covering.iter().any(|c| c.overlaps(found.span)))
            .filter(|(found, r)| !is_settled(document, passage, found.span, r.text))
            .collect();
        // The nearest by the share of the sentence that stands before; the longest of those that overlap.
        let at = share_before(document, matched.source.clone(), hit.hit.span);
        let far = |found: &Found| (share(passage.span(), found.span) - at).abs();
        places.sort_by(|(a, _), (b, _)| b.span.len().cmp(&a.span.len()).then(far(a).total_cmp(&far(b))));
        let mut kept: Vec<(Found, Rendering<'_>)> = Vec::new();
        for place in places {
            if !kept.iter().any(|k| k.0.span.overlaps(place.0.span)) {
                kept.push(place);
            }
        }
        kept.sort_by(|(a, _), (b, _)| far(a).total_cmp(&far(b)));
        for (found, rendering) in kept.into_iter().take(count - right.len()) {
            let mut confidence = entry.sure();
            if matched.confidence < SURE_ALIGNMENT {
                confidence *= UNSURE_ALIGNMENT;
            }
            if met == Met::Elsewhere {
                confidence *= FAR;
            }
            if found.parted || matches!(hit.hit.how, How::Gapped | How::Reordered) {
                confidence *= PARTED;
            }
            settled.push(found.span);
            out.push(draft(document, passage, &entry, (found, rendering), confidence, Some(hit.hit.span)));
        }
    }
    settled
}

/// Entries that are told without a source.
fn alone(kind: Kind, document: &Document<'_>, passage: &Passage<'_>, told: &[Span], out: &mut Vec<Draft>) {
    let mut last = 0;
    let standing = document.standing(passage);
    for StandsAlone { entry, rendering, found, right, conditions, .. } in
        standing.alone.iter().filter(|s| s.kind == kind)
    {
        if found.span.start() < last {
            continue;
        }
        let within = |span: &Span| span.overlaps(found.span);
        let right = || {
            let words = passage.words(&standing.marks);
            right.iter().flat_map(|r| r.find(&words)).any(|r| r.span.contains(found.span))
        };
        if is_of_name(passage, found.span, rendering.text) {
            continue;
        }
        let meant = || !conditions.hold_in_target(&passage.words(&standing.marks), passage.text.surface());
        if told.iter().any(within) || right() || is_settled(document, passage, found.span, rendering.text) || meant() {
            continue;
        }
        let rest = if document.source.is_some() { ELSEWHERE } else { ALONE };
        out.push(draft(document, passage, entry, (*found, *rendering), entry.sure() * rest, None));
        last = found.span.end();
    }
}

/// Whether two words that the rendering has in small letters stand as those of a name do: "Iron Road". Institutions, which engines
/// write with capitals too, have longer names.
fn is_of_name(passage: &Passage<'_>, span: Span, rendering: &str) -> bool {
    let from = passage.tokens().partition_point(|t| t.span.start() < span.start());
    let words = passage.tokens().iter().skip(from).take_while(|t| t.span.start() < span.end());
    passage.kind() == BlockKind::Body
        && case_of(rendering) == Case::Lower
        && rendering.split([' ', '-']).count() == 2
        && words.last().is_some_and(|last| last.case == Case::Title)
}

/// Whether the glossary has the words, they are a part of a name, or stand in quotation marks of their own: a “regime of silence”
/// is meant so.
fn is_settled(document: &Document<'_>, passage: &Passage<'_>, span: Span, rendering: &str) -> bool {
    let approved = |hit: &crate::analyse::TermHit| hit.hit.role == Role::Approved && hit.hit.span.overlaps(span);
    if document.target_terms(passage).iter().take(MAX_HITS).any(approved) {
        return true;
    }
    let written = span.of(passage.text.text());
    let capital = written.starts_with(char::is_uppercase) && span.start() != passage.span().start();
    let tokens = passage.tokens();
    let at = tokens.partition_point(|t| t.span.start() < span.start());
    let next = tokens.partition_point(|t| t.span.start() < span.end());
    let mark = |at: Option<usize>| {
        at.and_then(|at| tokens.get(at)).is_some_and(|t| passage.written(t).starts_with(is_quotation_mark))
    };
    if mark(at.checked_sub(1)) && mark(Some(next)) {
        return true;
    }
    let table = passage.text.data().table("prepositions");
    let capital_at = |at: Option<usize>| {
        at.and_then(|at| tokens.get(at)).is_some_and(|t| matches!(t.case, Case::Title | Case::Mixed | Case::Upper))
    };
    capital
        && passage.kind() == BlockKind::Body
        && case_of(rendering) == Case::Lower
        && !written.contains(' ')
        && case_of(written) == Case::Title
        // "The Advice of Europe" is no name that somebody has; "the Advocate reports" is.
        && (capital_at(at.checked_sub(1).filter(|before| *before > 0))
            || capital_at(Some(next))
            || !tokens.get(next).is_some_and(|t| table.has(passage.folded(t))))
}

/// The places of renderings, right or wrong, of entries whose words hold those of another: they settle what those words are. In
/// "key rate" nobody asks what a rate is.
fn covering(document: &Document<'_>, hits: &[SourceHit], inner: SourceHit, words: &Words<'_>) -> Vec<Span> {
    let Some(senses) = document.senses() else {
        return Vec::new();
    };
    let sure = hits.iter().filter(|h| h.hit.how.is_sure());
    let longer =
        sure.filter(|h| h.entry != inner.entry && h.hit.span != inner.hit.span && h.hit.span.contains(inner.hit.span));
    let entries = longer.take(MAX_COVERING).filter_map(|h| senses.prepared(h.entry));
    let wordings = entries.flat_map(|prepared| prepared.right.iter().chain(&prepared.wrong));
    wordings.flat_map(|w| w.find(words)).map(|f| f.span).collect()
}

/// The most entries around the words of another that are asked.
const MAX_COVERING: usize = 8;

/// Whether the conditions of an entry are met, and where.
fn holds(
    conditions: &Conditions,
    document: &Document<'_>,
    passage: &Passage<'_>,
    words: &Words<'_>,
    hit: SourceHit,
) -> Option<Met> {
    let in_source = || {
        let Some((source, surface)) = document.source.as_ref().map(|s| (s, s.surface())) else {
            return conditions.hold_in_source(None, || None);
        };
        let of = |tokens| source_words(source.text(), surface, tokens, source.data());
        let sentence = surface.sentence_at(hit.hit.span.start()).and_then(|i| surface.sentences.get(i));
        let row = sentence.map(|s| of(surface.tokens_of(s)));
        conditions.hold_in_source(row.as_ref(), || Some(of(&surface.tokens)))
    };
    if !conditions.hold_in_target(words, passage.text.surface()) {
        return None;
    }
    if conditions.spare_source() { Some(Met::Here) } else { document.holds_in_source(&hit, in_source) }
}

/// How much of the source sentences stands before a place.
fn share_before(document: &Document<'_>, sentences: std::ops::Range<usize>, span: Span) -> f64 {
    let Some(surface) = document.source.as_ref().map(|s| s.surface()) else {
        return 0.0;
    };
    let first = surface.sentences.get(sentences.start).map(|s| s.span);
    let last = surface.sentences.get(sentences.end.wrapping_sub(1)).map(|s| s.span);
    first.zip(last).map_or(0.0, |(a, b)| share(a.cover(b), span))
}

fn share(whole: Span, part: Span) -> f64 {
    (part.start().saturating_sub(whole.start())) as f64 / whole.len().max(1) as f64
}

fn draft(
    document: &Document<'_>,
    passage: &Passage<'_>,
    entry: &Entry,
    (found, rendering): (Found, Rendering<'_>),
    confidence: f64,
    source: Option<Span>,
) -> Draft {
    if passage.is_tried(document) {
        return Draft::new(found.span, confidence, "");
    }
    let written = found.span.of(passage.text.text());
    let shape = shape_here(passage, found);
    // "is suspected in" becomes "is suspected of" before "suspects of".
    let auxiliaries = passage.text.data().table("auxiliaries");
    let passive = |r: &Rendering<'_>| r.text.split(' ').next().is_some_and(|head| auxiliaries.has(head));
    let mut all: Vec<Rendering<'_>> = entry.right().take(MAX_RIGHT).collect();
    // A row of phrases that have a noun in common has repairs for one or the other of them.
    if entry.is_own() && all.len() > 1 && entry.wrong().nth(LUMPED - 1).is_some() {
        all.retain(|right| says_the_same(rendering.text, right.text));
    }
    all.sort_by_key(|right| passive(right) != passive(&rendering));
    let before = found.first.checked_sub(1).and_then(|at| passage.tokens().get(at)).map_or("", |t| passage.folded(t));
    let data = passage.text.data();
    let written_as = |right: &Rendering<'_>| match data.tag() {
        "en" => Written { text: right.in_shape(shape, data), sure: true },
        _ => right.likewise(written, rendering, before, data),
    };
    let best = all.first().map(|r| written_as(r).text);
    // The source's word as it stands there, by which an editor finds it.
    let word = source.zip(document.source.as_ref()).map(|(span, text)| {
        let word = span.of(text.text());
        let fits = !word.is_empty() && word.len() <= MAX_QUOTED && !word.contains('\n');
        if fits { word } else { entry.source() }
    });
    let message = message(entry, written, best.as_deref(), word);
    let place = source.map(Place::source);
    let kind = if source.is_some() { EvidenceKind::Source } else { EvidenceKind::Data };
    let mut draft = Draft::new(found.span, confidence, message).because(kind, entry.source(), place);
    if let Some(place) = place {
        draft = draft.beside(place);
    }
    let mut score = FIRST;
    for right in all {
        let Written { text, sure } = written_as(&right);
        let likely = if sure { score } else { score * UNINFLECTED };
        draft.fixes.extend(put(document, passage, found.span, &text, likely));
        score = if score == FIRST { SECOND } else { score / 2.0 };
    }
    draft.of_group(format!("{}\t{}", entry.key(), written.to_lowercase()))
}

/// What is left of a repair's score where nobody knows its form in this place, so that it stands as the dictionary has it.
const UNINFLECTED: f64 = 0.6;
/// Whether all longer words of one phrase begin as words of another do: “take in consideration” and “take into consideration”, not
/// “die by cancer” and “die of injuries”.
fn says_the_same(phrase: &str, other: &str) -> bool {
    let begins = |word: &str| word.chars().take(WORD_BEGINS).collect::<String>();
    let long = |phrase: &str| -> Vec<String> {
        phrase.split([' ', '-']).filter(|word| word.chars().count() >= WORD_BEGINS).map(begins).collect()
    };
    let (words, others) = (long(phrase), long(other));
    !words.is_empty() && words.iter().all(|word| others.contains(word))
}

/// So many wrong phrases make a row in which not every repair fits each.
const LUMPED: usize = 3;
/// Letters that tell what a word is, in whatever form.
const WORD_BEGINS: usize = 4;

/// The most repairs of an entry.
const MAX_RIGHT: usize = 5;

/// The longest stretch of the source that a message quotes, in bytes; of a longer one, the words that the entry has.
const MAX_QUOTED: usize = 80;

fn message(entry: &Entry, written: &str, best: Option<&str>, source: Option<&str>) -> String {
    let word = source.unwrap_or(entry.source());
    let here = best.map_or(String::new(), |best| format!("; here “{best}”"));
    match (entry.kind(), source.is_some()) {
        _ if entry.is_own() => format!("“{written}” reads like a translation word for word{here}"),
        (_, false) => format!("“{written}” reads like “{word}” translated by its letters{here}"),
        (Kind::WrongSense, _) => format!("“{written}” is another sense of “{word}”{here}"),
        (Kind::Calque, _) => format!("“{written}” is “{word}” word for word{here}"),
        (Kind::Idiom, _) => format!("“{written}” is the idiom “{word}” by its letters{here}"),
        (Kind::FalseFriend, _) => format!("“{written}” looks like “{word}” and means something else{here}"),
        (Kind::Habit, _) => format!("“{written}” carries “{word}” over{here}"),
    }
}

/// The form of a rendering in its place: what could be a past or a participle is the participle after "be" and "have".
fn shape_here(passage: &Passage<'_>, found: Found) -> Shape {
    if found.shape != Shape::Past {
        return found.shape;
    }
    let before = passage.tokens().get(found.first.saturating_sub(AUXILIARY)..found.first).unwrap_or(&[]);
    let table = passage.text.data().table("auxiliaries");
    let auxiliary = before.iter().any(|token| table.has(passage.folded(token)));
    let after = passage.tokens().iter().find(|t| t.span.start() >= found.span.end());
    let agent = after.is_some_and(|token| passage.folded(token) == "by");
    if auxiliary || agent { Shape::Participle } else { Shape::Past }
}

/// How many words before a participle its auxiliary is looked for: "have not yet been".
const AUXILIARY: usize = 3;
