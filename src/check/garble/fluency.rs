//! `garble/low-fluency` and `garble/scrambled`: what is improbable English, as the models of `analyse/fluency.rs` weigh it.

use crate::analyse::fluency::{Fluency, Glance, Slip, SlipKind};
use crate::analyse::{Document, Passage};
use crate::check::char::{is_cited, is_in_address};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Severity};
use crate::span::Span;
use crate::surface::{BlockKind, Case, Token, TokenKind};

pub(in crate::check) static LOW_FLUENCY: Rule = Rule {
    id: "garble/low-fluency",
    summary: "Words in the wrong order, a slip of the keys, a phrase that an editor would mark.",
    mqm: "style/awkward",
    its: "uncategorized",
    severity: Severity::Minor,
    scope: Scope::Document,
    layers: &[Layer::Surface, Layer::Quotations],
    languages: Languages::Listed(&["en"]),
    needs_source: false,
    needs_glossary: false,
    run: Run::Document(low_fluency),
};

pub(in crate::check) static SCRAMBLED: Rule = Rule {
    id: "garble/scrambled",
    summary: "A sentence whose words stand in no order, or are of two languages.",
    mqm: "linguistic/unintelligible",
    its: "uncategorized",
    severity: Severity::Critical,
    scope: Scope::Sentence,
    layers: &[Layer::Surface, Layer::Quotations],
    languages: Languages::Listed(&["en"]),
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(scrambled),
};

/// How many times likelier a sentence must be (as a natural logarithm) when two of its words change places. Of 12,000 sentences
/// that no model is trained on, one in a thousand has such a pair; of those with a pair swapped on purpose one in seven.
const SWAPPED: f32 = 16.0;
/// The same when an unknown word is spelt otherwise: of 12,000 sentences seven in a thousand have one, most of them slips; of
/// those misspelt on purpose four in five.
const MISSPELT: f32 = 18.0;
/// Letters of a misspelt word, at least: shorter ones are codes and units.
const MISSPELT_LETTERS: usize = 4;
/// The chance that a sentence is scrambled from which its unknown words are another language's, and not misspelt.
const FOREIGN: f32 = 0.3;
/// How sure we are of those two.
const SURE_SWAPPED: f64 = 0.8;
const SURE_MISSPELT: f64 = 0.85;
const MENDED_SWAPPED: f64 = 0.75;
const MENDED_MISSPELT: f64 = 0.85;

/// How much a text must run like a machine's (`Text::machine`) before awkward phrases of it are marked. Of texts that were kept from
/// the training, three in four by machines are above it, and one in six of the news that people wrote.
const MACHINE: f32 = 1.5;
/// Words of a text, at least, for that to say anything.
const MACHINE_WORDS: usize = 80;
/// The odds from which a word is marked, and from which its neighbours are marked with it: four in 1,000 words of statistical
/// translation (smt-news.fi-en.train).
const MARKED: f32 = 1.2;
const ALONG: f32 = 0.9;
/// The longest phrase that is marked, in words.
const MAX_WORDS: usize = 8;
/// Below what is reported unless it is asked for: of 312 such phrases of newstest2020 zh-en (dev) 0.32 touch a mark of the rater,
/// where phrases of the same lengths put anywhere touch 0.23.
const AWKWARD: f64 = 0.4;

/// What is awkward in a text.
struct Awkward {
    /// Whether phrases are marked at all.
    machine: bool,
    /// The sentences in which something was found, in order; others cannot become worse by a repair.
    places: Vec<usize>,
}

fn low_fluency(document: &Document<'_>, settings: &Settings) -> Box<dyn Survey> {
    let target = &document.target;
    let machine = settings.unsure
        && target.surface().words() >= MACHINE_WORDS
        && target.machine().is_some_and(|odds| odds > MACHINE);
    let found = |place: &usize| {
        let mut out = Vec::new();
        look(machine, &Passage { text: target, sentence: *place, place: *place }, &mut out);
        !out.is_empty()
    };
    let places = (0..target.surface().sentences.len()).filter(found).collect();
    Box::new(Awkward { machine, places })
}

impl Survey for Awkward {
    fn check(&self, _: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        if self.places.binary_search(&passage.place).is_ok() {
            look(self.machine, passage, out);
        }
    }
}

/// What is awkward in a sentence; phrases only where the text runs like a machine's.
fn look(machine: bool, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let Some(glance) = passage.glance().filter(|_| passage.kind() != BlockKind::Byline) else { return };
    // Words of another language are no slips.
    let foreign = || passage.fluency().is_some_and(|fluency| fluency.scrambled >= FOREIGN);
    let english = |slip: &&Slip| slip.kind == SlipKind::Swapped || !foreign();
    out.extend(glance.slips.iter().filter(english).filter_map(|slip| slipped(passage, slip)));
    if machine && passage.kind() == BlockKind::Body {
        out.extend(passage.fluency().into_iter().flat_map(|fluency| awkward(passage, fluency)));
    }
}

/// Two words that should change places, or a misspelt one.
fn slipped(passage: &Passage<'_>, slip: &Slip) -> Option<Draft> {
    let tokens = passage.tokens();
    let token = tokens.get(slip.token)?;
    match &slip.kind {
        SlipKind::Swapped => {
            let next = tokens.get(slip.token + 1)?;
            let small = |t: &Token| t.kind == TokenKind::Word && t.case == Case::Lower && !t.glued;
            let span = token.span.cover(next.span);
            if slip.gain < SWAPPED || !small(token) || !small(next) || is_apart(passage, span) {
                return None;
            }
            let (one, other) = (passage.written(token), passage.written(next));
            let message = format!("“{one} {other}” stands in the wrong order");
            let fix = Fix::replace(span, format!("{other} {one}"), MENDED_SWAPPED);
            let draft = Draft::new(span, SURE_SWAPPED, message).fix(fix);
            Some(draft.because(EvidenceKind::Pattern, "these words are far likelier the other way round", None))
        }
        SlipKind::Misspelt(meant) => {
            let word = passage.written(token);
            let hyphen = |at: Option<usize>| {
                at.and_then(|at| tokens.get(at)).is_some_and(|t| t.glued && passage.written(t) == "-")
            };
            let part = token.glued || hyphen(Some(slip.token + 1)) || hyphen(slip.token.checked_sub(1));
            let small = token.case == Case::Lower && word.bytes().all(|b| b.is_ascii_lowercase());
            if slip.gain < MISSPELT || !small || part || !is_slip(word, meant) || is_apart(passage, token.span) {
                return None;
            }
            // Twice in a text it is meant.
            let surface = passage.text.surface();
            let same = |t: &&Token| t.kind == TokenKind::Word && surface.folded(t) == word;
            if surface.tokens.iter().filter(same).nth(1).is_some() {
                return None;
            }
            let message = format!("“{word}” is no word; “{meant}” fits here");
            let draft = Draft::new(token.span, SURE_MISSPELT, message);
            let draft = draft.fix(Fix::replace(token.span, meant.clone(), MENDED_MISSPELT));
            Some(draft.because(EvidenceKind::Pattern, "a word one slip away is far likelier here", None))
        }
    }
}

/// Whether fingers make one word of the other. The first letter is seldom missed; another ending is a form of the word that the
/// model has not seen, and s for z the other side of the Atlantic.
fn is_slip(word: &str, meant: &str) -> bool {
    const ENDING: usize = 2;
    let start = |w: &str| w.len().checked_sub(ENDING).and_then(|end| w.get(..end)).unwrap_or("").to_owned();
    let same = word.bytes().zip(meant.bytes()).take_while(|(a, b)| a == b).count();
    word.len() >= MISSPELT_LETTERS
        && same > 0
        && start(word) != start(meant)
        && same + ENDING < word.len().max(meant.len())
        && word.replace('s', "z") != meant.replace('s', "z")
}

/// Whether a place is cited, or stands in an address.
fn is_apart(passage: &Passage<'_>, span: Span) -> bool {
    let text = passage.text.text();
    is_cited(text, span) || is_in_address(text, span)
}

/// The phrases whose words an editor would change, each a run of words without marks.
fn awkward(passage: &Passage<'_>, fluency: &Fluency) -> Vec<Draft> {
    let mut out = Vec::new();
    let words = &fluency.words;
    let joined = |at: usize| matches!((words.get(at), words.get(at + 1)), (Some(a), Some(b)) if b.token == a.token + 1);
    let mut end = 0;
    for (seed, word) in words.iter().enumerate() {
        if seed < end || word.odds < MARKED {
            continue;
        }
        let (mut first, mut last) = (seed, seed);
        while last + 1 - first < MAX_WORDS && joined(last) && words.get(last + 1).is_some_and(|w| w.odds > ALONG) {
            last += 1;
        }
        while last + 1 - first < MAX_WORDS
            && first > end
            && joined(first - 1)
            && words.get(first - 1).is_some_and(|w| w.odds > ALONG)
        {
            first -= 1;
        }
        let plain = words.get(first..=last).unwrap_or(&[]).iter().any(|w| w.plain);
        let tokens = passage.tokens();
        let place = words
            .get(first)
            .zip(words.get(last))
            .and_then(|(a, b)| Some(tokens.get(a.token)?.span.cover(tokens.get(b.token)?.span)));
        let Some(span) = place.filter(|_| plain) else { continue };
        end = last + 1;
        let message = format!("“{}” reads oddly here; an editor would look at it again", span.of(passage.text.text()));
        out.push(Draft::new(span, AWKWARD, message).because(
            EvidenceKind::Pattern,
            "improbable in this place, in a text that runs like a machine’s",
            None,
        ));
    }
    out
}

/// The chance from which a sentence is called scrambled: none of 800 of news that people wrote (the reference side of
/// smt-news.fi-en.train), one in 100 of statistical translation.
const SCRAMBLED_FROM: f32 = 0.9;
/// How much likelier words are in their places than by themselves, on average (`Glance::place`), above which a sentence is in order
/// and not parsed for this. Of what people wrote (smt-news.fi-en.train) four in five sentences are above it; of their sentences
/// shuffled none that would be marked, of those mixed with the source's words one in ten.
const ORDERLY: f32 = 1.2;
/// How sure we are.
const SURE_SCRAMBLED: f64 = 0.9;
/// Words, at least: fewer are headings and cries.
const SCRAMBLED_WORDS: usize = 8;
/// Of so many words one may have a capital: more are lists of names, and titles.
const CAPITALS: usize = 3;

fn scrambled(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let tokens = passage.tokens();
    let words = tokens.iter().filter(|t| t.kind == TokenKind::Word);
    let (count, capitals) = (words.clone().count(), words.filter(|t| t.case != Case::Lower).count());
    if passage.kind() != BlockKind::Body || count < SCRAMBLED_WORDS || capitals * CAPITALS > count {
        return;
    }
    // A repair elsewhere does not scramble a sentence: what was in order stays so.
    let own = std::ptr::eq(passage.text, &document.target);
    let orderly = |glance: Option<&Glance>| glance.is_none_or(|glance| glance.place > ORDERLY);
    if orderly(if own { passage.glance() } else { document.target.glance(passage.place) }) {
        return;
    }
    let is = |fluency: Option<&Fluency>| fluency.is_some_and(|f| f.scrambled >= SCRAMBLED_FROM);
    if !own && !is(document.target.fluency(passage.place)) {
        return;
    }
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return };
    let span = first.span.cover(last.span);
    if is(passage.fluency()) && !is_apart(passage, span) {
        out.push(
            Draft::new(span, SURE_SCRAMBLED, "the words of this sentence stand in no order that English has").because(
                EvidenceKind::Pattern,
                "improbable from beginning to end",
                None,
            ),
        );
    }
}
