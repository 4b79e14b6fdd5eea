//! Sentences in another language than the translation's: as the source has them, or out of nowhere.

use super::{other_language, reach, rendered, voice};
use crate::analyse::{Document, Passage, Text};
use crate::check::{Draft, Languages, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::language::{LanguageData, Table};
use crate::surface::{BlockKind, TokenKind};

pub(in crate::check) static UNTRANSLATED: Rule = Rule {
    id: "completeness/untranslated",
    summary: "A sentence that stands in the translation as it stands in the source.",
    mqm: "accuracy/untranslated",
    its: "untranslated",
    severity: Severity::Major,
    scope: Scope::Sentence,
    layers: &[Layer::Surface, Layer::Alignment, Layer::Quotations],
    languages: Languages::WithTable("function-words"),
    needs_source: true,
    needs_glossary: false,
    run: Run::Sentence(untranslated),
};

pub(in crate::check) static WRONG_LANGUAGE: Rule = Rule {
    id: "completeness/wrong-language",
    summary: "A long sentence in another language than the translation’s.",
    mqm: "accuracy/untranslated",
    its: "untranslated",
    severity: Severity::Major,
    scope: Scope::Sentence,
    layers: &[Layer::Surface, Layer::Quotations],
    languages: Languages::WithTable("function-words"),
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(wrong_language),
};

/// The sentence is the source’s, word for word. Where every fourth sentence of news in 14 language pairs was put back into the
/// source’s language, 88 % of them were found; with every sentence as it was published, none was.
const EQUAL: f64 = 0.95;
/// Nearly.
const NEARLY: f64 = 0.85;
/// The least share of its words that stand in the source in the same order, in percent.
const SHARE: usize = 80;
/// The least share where the alignment knows no source for the sentence and the whole source is asked, in percent.
const SHARE_ANYWHERE: usize = 95;
/// Fewest words in lower case: an address or a list of names has fewer.
const MIN_LOWER: usize = 5;
/// Fewest where the source’s small words are not known, or too few of them stand there.
const MIN_LOWER_UNKNOWN: usize = 8;
/// Fewest different small words of the source’s language.
const MIN_SMALL: usize = 2;
/// Words that are passed over in the source to find the next one again.
const AHEAD: usize = 4;

fn untranslated(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let Some(source) = other_language(document) else {
        return;
    };
    let (_, lower) = voice::words(passage);
    if passage.kind() != BlockKind::Body || lower < MIN_LOWER {
        return;
    }
    let own = document.target.data().table("function-words");
    let equal = is_equal(document, source, passage);
    if !equal && voice::is_own(passage, &own) {
        return;
    }
    let other = source.data().table("function-words");
    let voice = voice::weigh(passage, &own, &other);
    // A sentence that is equal, letter for letter, may hold a name in the target language: "Member of the Welsh Parliament".
    let speaks = voice.other >= MIN_SMALL && (voice.own <= 1 || (equal && voice.own * 2 <= voice.other));
    let silent = voice.own == 0 && lower >= MIN_LOWER_UNKNOWN && (equal || other.is_empty());
    let kept = voice::is_quoted(document, passage) || voice::is_in_other_letters(document, passage);
    if !(speaks || silent) || kept {
        return;
    }
    if let Some(confidence) = left_as_it_was(document, passage) {
        let place = reach(source, rendered(document, passage)).map(Place::source);
        let mut draft = Draft::new(passage.span(), confidence, "this sentence was left untranslated").because(
            EvidenceKind::Source,
            "the same words stand in the source",
            place,
        );
        draft.related.extend(place);
        out.push(draft);
    }
}

/// Whether a sentence is, letter for letter, the one that it renders.
fn is_equal(document: &Document<'_>, source: &Text<'_>, passage: &Passage<'_>) -> bool {
    let text = passage.span().of(passage.text.text());
    reach(source, rendered(document, passage)).is_some_and(|span| span.of(source.text()) == text)
}

/// How surely a sentence is the source’s own; `None` where it is not.
pub(super) fn left_as_it_was(document: &Document<'_>, passage: &Passage<'_>) -> Option<f64> {
    let source = document.source.as_ref()?;
    let Some(original) = reach(source, rendered(document, passage)) else {
        let words = || passage.tokens().iter().filter(|t| t.kind == TokenKind::Word);
        let found = words().filter(|t| document.word_in_source(passage.folded(t)).is_some()).count();
        return (found * 100 >= words().count() * SHARE_ANYWHERE).then_some(NEARLY);
    };
    let (original, text) = (original.of(source.text()), passage.span().of(passage.text.text()));
    if original == text {
        return Some(EQUAL);
    }
    let mut rest = words_of(original);
    let (mut found, mut count) = (0, 0);
    for word in words_of(text) {
        count += 1;
        if let Some(passed) = rest.clone().take(AHEAD).position(|w| w == word) {
            found += 1;
            rest.nth(passed);
        }
    }
    (found * 100 >= count * SHARE).then_some(NEARLY)
}

/// Words by their letters alone, so that an apostrophe which one language’s words keep and another’s do not makes no difference.
fn words_of(text: &str) -> impl Iterator<Item = &str> + Clone {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Fewest words of a long sentence.
const LONG: usize = 8;
/// Fewest different small words of the other language, with none of the target’s own.
const PROOF: usize = 4;
/// The least share of the other language’s small words, in percent of all words: Turkish and Polish have about 20, French 45.
const PROOF_SHARE: usize = 18;
/// With one small word more than that. Of French and Spanish sentences put into English, German and Russian news three in four
/// were found, of those put into each other's nearly half; of sentences as they were published none was.
const SURE: f64 = 0.9;
/// With just enough.
const FAIRLY: f64 = 0.75;

fn wrong_language(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let own = document.target.data().table("function-words");
    let (words, lower) = voice::words(passage);
    if passage.kind() != BlockKind::Body || words < LONG || lower < MIN_LOWER || voice::is_own(passage, &own) {
        return;
    }
    if voice::is_in_other_letters(document, passage) {
        return;
    }
    let Some((language, proof)) = spoken(document, passage, &own, words) else {
        return;
    };
    // The source’s own words are `completeness/untranslated`.
    let source = other_language(document).is_some_and(|s| s.data().tag() == language.tag());
    if (source && left_as_it_was(document, passage).is_some()) || voice::is_quoted(document, passage) {
        return;
    }
    let confidence = if proof > PROOF { SURE } else { FAIRLY };
    let message =
        format!("this sentence is in {}, the translation in {}", language.name(), document.target.data().name());
    out.push(
        Draft::new(passage.span(), confidence, message)
            .because(EvidenceKind::Data, "small words of another language, and none of this one", None)
            .of_group(language.tag()),
    );
}

/// The language whose small words a sentence has most of, where it has enough and the target’s own are missing.
fn spoken(document: &Document<'_>, passage: &Passage<'_>, own: &Table, words: usize) -> Option<(LanguageData, usize)> {
    let mut best: Option<(LanguageData, usize, usize)> = None;
    for language in LanguageData::all().filter(|l| l.tag() != document.target.data().tag()) {
        let table = language.table("function-words");
        if table.is_empty() {
            continue;
        }
        let voice = voice::weigh(passage, own, &table);
        let enough = voice.own == 0 && voice.other >= PROOF && voice.times * 100 >= words * PROOF_SHARE;
        if enough && best.is_none_or(|(_, _, times)| voice.times > times) {
            best = Some((language, voice.other, voice.times));
        }
    }
    best.map(|(language, proof, _)| (language, proof))
}
