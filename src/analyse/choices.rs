//! Words of an English translation that their source hardly asks for, and what the lexicon and the language model would rather have
//! in their place.
//!
//! A word is in doubt where the text around it does not expect it, no word of the source is linked with it, or one that has better
//! renderings, and a rendering of the source word that stands there fits its place better. What doubts are worth, and which of the
//! renderings an editor writes, was learned from sentences that people edited (`models::choices`).

use crate::analyse::words::{Bilingual, WordLinks};
use crate::analyse::{Document, Passage};
use crate::language::Table;
use crate::language::english::{Shape, plural_of, verb_forms};
use crate::models;
use crate::models::choices::{Choices, OF_CHOICE};
use crate::models::lexicon::{Rendering, StemId};
use crate::models::links::Form;
use crate::models::lm::{LanguageModel, Symbol};
use crate::surface::{Case, Token, TokenKind};

/// What is known of a word in doubt.
pub const OF_DOUBT: usize = 30;

/// Renderings of one source word that are looked at, the best by the lexicon.
const MAX_RENDERINGS: usize = 24;
/// Those that are tried in the place.
const MAX_CHOICES: usize = 8;
/// Source words that one word is compared with.
const MAX_SOURCES: usize = 2;
/// Words of a sentence that are looked at.
const MAX_DOUBTS: usize = 12;
/// How far from where it is expected a source word may stand, in words.
const FAR: f32 = 4.0;
/// A link from here on shows which word is rendered; below, a source word counts as rendered by nothing.
const LINKED: f32 = 0.5;
/// A rendering this likely is no doubtful one.
const PLAIN: f32 = 0.1;
/// The least chance of a rendering, either way, that is offered.
const LEAST: f32 = 0.01;
/// A source word that so often has no rendering is a small one.
const SILENT: f32 = 0.4;
/// Fewest letters of a word that is looked at.
const MIN_LETTERS: usize = 3;
/// How much likelier a word may be in its place than by itself, as a natural logarithm, before it is no longer looked at.
pub const EXPECTED: f32 = 1.5;
/// The least gain, as a natural logarithm, that some rendering must bring.
const LEAST_GAIN: f32 = 0.5;

/// A word that could stand in another's place.
#[derive(Clone, Debug)]
pub struct Choice {
    /// In small letters, in the form of the word that it would replace.
    pub word: String,
    /// What is known of it.
    pub figures: [f32; OF_CHOICE],
    /// The logarithm of the odds that it is what an editor writes.
    pub value: f32,
}

/// A word in doubt.
#[derive(Clone, Debug)]
pub struct Doubt {
    /// As an index of the passage's tokens.
    pub token: usize,
    /// The source's word, as an index of its surface's tokens.
    pub source: usize,
    /// What is known of it.
    pub figures: [f32; OF_DOUBT],
    /// What could stand there, best first.
    pub choices: Vec<Choice>,
}

/// What all words of a sentence are looked at with.
struct Look<'a> {
    model: &'static LanguageModel<'static>,
    scorer: &'a Choices,
    bilingual: Bilingual,
    links: &'a WordLinks,
    small: Table,
    sequence: Vec<(Symbol, usize)>,
    /// By word of either side, its best link: how sure, with which.
    of_target: Vec<(f32, usize)>,
    of_source: Vec<(f32, usize)>,
    /// Stems that stand in the translation.
    present: Vec<StemId>,
}

/// The words of a sentence that are in doubt, of these tokens; nothing without a lexicon into English.
pub fn doubts(document: &Document<'_>, passage: &Passage<'_>, scorer: &Choices, odd: &[(usize, f32)]) -> Vec<Doubt> {
    let bilingual = document.bilingual();
    let english = document.target_language().is_some_and(|l| l.primary() == "en");
    let known = bilingual.lexicon.filter(|_| english && bilingual.into_english && !odd.is_empty());
    let (Some(_), Some(model)) = (known, models::language_model("en")) else { return Vec::new() };
    let small = passage.text.data().table("function-words");
    let odd: Vec<(usize, f32)> =
        odd.iter().copied().filter(|(at, _)| is_plain(passage, &small, *at)).take(MAX_DOUBTS).collect();
    // Words are linked only where one of them is asked about.
    if odd.is_empty() {
        return Vec::new();
    }
    let Some(links) = document.word_links(passage) else { return Vec::new() };
    let (source, target) = (links.source(), links.target());
    let mut of_target = vec![(0.0_f32, usize::MAX); target.words.len()];
    let mut of_source = vec![(0.0_f32, usize::MAX); source.words.len()];
    for link in links.all() {
        let place = |tokens: &[usize], token: usize| tokens.binary_search(&token).ok();
        let (Some(i), Some(j)) = (place(&source.tokens, link.source), place(&target.tokens, link.target)) else {
            continue;
        };
        for (best, other) in [(of_target.get_mut(j), i), (of_source.get_mut(i), j)] {
            if let Some(best) = best.filter(|best| best.0 < link.confidence) {
                *best = (link.confidence, other);
            }
        }
    }
    let mut present: Vec<StemId> = target.words.iter().flat_map(|w| w.stems).flatten().collect();
    present.sort_unstable();
    let surface = passage.text.surface();
    let mut sequence = Vec::new();
    model.sequence(surface, passage.tokens(), &mut sequence);
    let look = Look { model, scorer, bilingual, links, small, sequence, of_target, of_source, present };
    let first = surface.sentences.get(passage.sentence).map_or(0, |s| s.tokens.start);
    odd.iter().filter_map(|(token, place)| look.doubt(passage, first, *token, *place)).collect()
}

/// Whether a word of a sentence can be in doubt: no name, no small word, nothing joined with another.
fn is_plain(passage: &Passage<'_>, small: &Table, at: usize) -> bool {
    let tokens = passage.tokens();
    let Some(token) = tokens.get(at) else { return false };
    let folded = passage.folded(token);
    let opens = || !tokens.iter().take(at).any(|t| t.kind == TokenKind::Word);
    let case = token.case == Case::Lower || (token.case == Case::Title && opens());
    let joined = token.glued || tokens.get(at + 1).is_some_and(|next| next.glued && is_hyphen(passage, next));
    token.kind == TokenKind::Word
        && case
        && !joined
        && folded.len() >= MIN_LETTERS
        && folded.bytes().all(|b| b.is_ascii_lowercase())
        && !small.has(folded)
}

fn is_hyphen(passage: &Passage<'_>, token: &Token) -> bool {
    passage.written(token).starts_with(['-', '\u{2011}', '/', '\'', '’'])
}

impl Look<'_> {
    fn doubt(&self, passage: &Passage<'_>, first: usize, token: usize, place: f32) -> Option<Doubt> {
        let j = self.links.target().tokens.binary_search(&(first + token)).ok()?;
        // The first of the sequence stands for the beginning.
        let at = 1 + self.sequence.iter().skip(1).position(|(_, of)| *of == token)?;
        let own = self.links.target().words.get(j)?.stems.first().copied().flatten();
        let written = passage.folded(passage.tokens().get(token)?);
        let mut best: Option<Doubt> = None;
        for (i, away) in self.sources(j, own) {
            let Some(doubt) = self.against(passage, (first, token, at, j, i), (own, written), place, away) else {
                continue;
            };
            let value = |d: &Doubt| d.choices.first().map_or(f32::MIN, |c| c.value);
            if best.as_ref().is_none_or(|b| value(b) < value(&doubt)) {
                best = Some(doubt);
            }
        }
        best
    }

    /// The source words that a word may stand for: its own where it is linked, or those that nothing renders where it stands.
    fn sources(&self, j: usize, own: Option<StemId>) -> Vec<(usize, f32)> {
        let Some((sure, partner)) = self.of_target.get(j).copied() else { return Vec::new() };
        let expected = self.expected(j);
        let away = |i: usize| (i as f32 - expected).abs();
        if sure >= LINKED {
            let plain = own.and_then(|own| self.chances(partner, own)).is_some_and(|(forward, _)| forward >= PLAIN);
            return if plain || !self.is_content(partner) { Vec::new() } else { vec![(partner, away(partner))] };
        }
        let free = |i: &usize| self.of_source.get(*i).is_some_and(|(sure, _)| *sure < LINKED) && self.is_content(*i);
        let low = (expected - FAR).max(0.0) as usize;
        let mut all: Vec<(usize, f32)> =
            (low..self.of_source.len()).take(2 * FAR as usize + 2).filter(free).map(|i| (i, away(i))).collect();
        all.retain(|(_, away)| *away <= FAR);
        all.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        all.truncate(MAX_SOURCES);
        all
    }

    /// Where in the source the partner of a word would stand, by those of its neighbours.
    fn expected(&self, j: usize) -> f32 {
        let sure = |at: &usize| self.of_target.get(*at).is_some_and(|(sure, _)| *sure >= LINKED);
        let before = (0..j).rev().take(8).find(sure).map(|at| (at, self.of_target[at].1));
        let behind = (j + 1..self.of_target.len()).take(8).find(sure).map(|at| (at, self.of_target[at].1));
        match (before, behind) {
            (Some((a, x)), Some((b, y))) => {
                let share = (j - a) as f32 / (b - a) as f32;
                x as f32 + (y as f32 - x as f32) * share
            }
            (Some((a, x)), None) => x as f32 + (j - a) as f32,
            (None, Some((b, y))) => y as f32 - (b - j) as f32,
            (None, None) => (j as f32 + 0.5) / self.of_target.len().max(1) as f32 * self.of_source.len() as f32,
        }
    }

    fn is_content(&self, i: usize) -> bool {
        let word = self.links.source().words.get(i).filter(|w| w.form != Form::Number && w.stems[1].is_none());
        word.and_then(|w| w.stems[0]).is_some_and(|stem| self.bilingual.silent(stem, false) < SILENT)
    }

    /// The chances of a stem and the source word that it renders, each given the other.
    fn chances(&self, i: usize, own: StemId) -> Option<(f32, f32)> {
        let stem = self.links.source().words.get(i)?.stems[0]?;
        self.bilingual.renderings(stem).find(|r| r.stem == own).map(|r| (r.forward, r.back))
    }

    fn against(
        &self,
        passage: &Passage<'_>,
        (first, token, at, j, i): (usize, usize, usize, usize, usize),
        (own, written): (Option<StemId>, &str),
        place: f32,
        away: f32,
    ) -> Option<Doubt> {
        let stems = self.bilingual.target_stems()?;
        let source_stem = self.links.source().words.get(i)?.stems[0]?;
        let shape = Ending::of(written);
        let mut choices: Vec<Choice> = Vec::with_capacity(MAX_CHOICES);
        let (mut mass, mut top) = (0.0_f32, 0.0_f32);
        let mut own_chances = (0.0_f32, 0.0_f32);
        for (rank, Rendering { stem, forward, back }) in
            self.bilingual.renderings(source_stem).take(MAX_RENDERINGS).enumerate()
        {
            top = top.max(forward);
            if own == Some(stem) {
                own_chances = (forward, back);
                continue;
            }
            if self.present.binary_search(&stem).is_ok() {
                mass += forward;
                continue;
            }
            let word = stems.word(stem);
            if choices.len() == MAX_CHOICES
                || forward.max(back) < LEAST
                || word.len() < 2
                || !word.bytes().all(|b| b.is_ascii_lowercase())
                || self.small.has(word)
            {
                continue;
            }
            let Some((form, gain, fits)) = shape.best(word, self.model, &self.sequence, at) else { continue };
            if form == written {
                continue;
            }
            let figures = [
                forward.max(1e-5).ln(),
                back.max(1e-5).ln(),
                gain.clamp(-8.0, 12.0),
                gain.clamp(-8.0, 0.0),
                (rank as f32 + 1.0).ln(),
                fits,
                stems.usual(stem).max(1e-7).ln(),
                likeness(&form, written),
                (forward / top.max(1e-3)).ln().max(-6.0),
                forward * back,
            ];
            choices.push(Choice { word: form, figures, value: self.scorer.value(&figures) });
        }
        if !choices.iter().any(|c| c.figures[2] >= LEAST_GAIN) {
            return None;
        }
        choices.sort_by(|a, b| b.value.total_cmp(&a.value).then(a.word.cmp(&b.word)));
        let best = choices.first()?;
        let second = choices.get(1).map_or(f32::NAN, |c| c.value);
        let scored = self.score(at);
        let elsewhere = self.links.renders(self.bilingual, first + token);
        let other = elsewhere.iter().filter(|(s, _, _)| self.links.source().tokens.get(i) != Some(s));
        let (other_forward, other_back) = other.fold((0.0_f32, 0.0_f32), |(f, b), r| (f.max(r.1), b.max(r.2)));
        let sure = |at: Option<usize>, of: &[(f32, usize)]| at.and_then(|at| of.get(at)).map_or(f32::NAN, |l| l.0);
        let free = |of: &[(f32, usize)]| of.iter().filter(|l| l.0 < LINKED).count() as f32 / of.len().max(1) as f32;
        let figures = [
            best.value,
            best.figures[0],
            best.figures[1],
            best.figures[2],
            best.figures[7],
            best.value - second,
            choices.len() as f32,
            top,
            mass,
            own_chances.0,
            own_chances.1,
            other_forward,
            other_back,
            self.of_target.get(j)?.0,
            self.of_source.get(i)?.0,
            away,
            place,
            scored,
            f32::from(u8::from(own.is_some())),
            own.map_or(1e-7, |own| stems.usual(own)).max(1e-7).ln(),
            own.map_or(0.0, |own| self.bilingual.silent(own, true)),
            self.bilingual.silent(source_stem, false),
            self.bilingual.source_stems().map_or(0.0, |s| s.usual(source_stem)).max(1e-7).ln(),
            sure(j.checked_sub(1), &self.of_target),
            sure(Some(j + 1), &self.of_target),
            sure(i.checked_sub(1), &self.of_source),
            sure(Some(i + 1), &self.of_source),
            free(&self.of_target),
            free(&self.of_source),
            passage.tokens().len() as f32,
        ];
        let source = *self.links.source().tokens.get(i)?;
        Some(Doubt { token, source, figures, choices })
    }

    /// How probable the word at a place of the sequence is, and the two behind it.
    fn score(&self, at: usize) -> f32 {
        let from = at.saturating_sub(3);
        let mut state = crate::models::ngram::State::default();
        let mut sum = 0.0;
        for (nth, (symbol, _)) in self.sequence.iter().enumerate().skip(from).take(at - from + 3) {
            let (found, next) = self.model.next(&state, *symbol);
            state = next;
            if nth >= at {
                sum += found.ln;
            }
        }
        sum
    }
}

/// How a word ends, for what replaces it to end likewise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Ing,
    Past,
    S,
    Other,
}

impl Ending {
    fn of(word: &str) -> Self {
        if word.len() > 5 && word.ends_with("ing") {
            Self::Ing
        } else if word.len() > 4 && word.ends_with("ed") && !word.ends_with("eed") {
            Self::Past
        } else if word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") {
            Self::S
        } else {
            Self::Other
        }
    }

    /// The form of a word that fits the place of the other best: it, what it gains, and whether it ends likewise.
    fn best(
        self,
        word: &str,
        model: &LanguageModel<'_>,
        sequence: &[(Symbol, usize)],
        at: usize,
    ) -> Option<(String, f32, f32)> {
        let mut best: Option<(String, f32, f32)> = None;
        for form in self.forms(word, model) {
            let Some(symbol) = model.known(&form) else { continue };
            let gain = model.gain(sequence, at, 1, &[symbol]);
            let fits = if Self::of(&form) == self { 1.0 } else { 0.0 };
            let worth = |gain: f32, fits: f32| gain + fits * LIKEWISE;
            if best.as_ref().is_none_or(|(_, g, f)| worth(*g, *f) < worth(gain, fits)) {
                best = Some((form, gain, fits));
            }
        }
        best
    }

    /// The forms of a word that end as the other does, and itself.
    fn forms(self, word: &str, model: &LanguageModel<'_>) -> Vec<String> {
        let mut all = vec![word.to_owned()];
        let own = Self::of(word);
        if own == self && self != Self::Other {
            return all;
        }
        let Some(lemma) = lemma(word, own, model) else { return all };
        match self {
            Self::Ing => all.extend(verb_forms(&lemma, Shape::Ing)),
            Self::Past => {
                all.extend(verb_forms(&lemma, Shape::Past));
                all.extend(verb_forms(&lemma, Shape::Participle));
            }
            Self::S => all.extend(plural_of(&lemma)),
            Self::Other if own != Self::Other => all.push(lemma),
            Self::Other => {}
        }
        all
    }
}

/// How much less a form that ends likewise may bring than one that does not.
const LIKEWISE: f32 = 3.0;

/// The word that a form is one of, by its ending.
fn lemma(form: &str, ending: Ending, model: &LanguageModel<'_>) -> Option<String> {
    let (shapes, end): (&[Shape], &str) = match ending {
        Ending::Ing => (&[Shape::Ing], "ing"),
        Ending::Past => (&[Shape::Past, Shape::Participle], "ed"),
        Ending::S => (&[Shape::Plural], "s"),
        Ending::Other => return Some(form.to_owned()),
    };
    let stem = form.strip_suffix(end)?;
    let twice = stem.strip_suffix(|c: char| stem.chars().rev().nth(1) == Some(c));
    let y = stem.strip_suffix('i').or_else(|| stem.strip_suffix("ie")).map(|stem| format!("{stem}y"));
    let candidates = [Some(stem.to_owned()), Some(format!("{stem}e")), twice.map(str::to_owned), y];
    candidates.into_iter().flatten().find(|lemma| {
        model.known(lemma).is_some()
            && shapes.iter().any(|shape| match shape {
                Shape::Plural => plural_of(lemma).as_deref() == Some(form),
                shape => verb_forms(lemma, *shape).iter().any(|f| f == form),
            })
    })
}

/// How like two words are by the letters that they begin with.
fn likeness(a: &str, b: &str) -> f32 {
    let same = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    same as f32 / a.len().max(b.len()).max(1) as f32
}

/// The words of a sentence that the text around them does not expect, with how much likelier each is in its place than by itself.
pub fn odd<'p>(passage: &Passage<'p>) -> &'p [(usize, f32)] {
    passage.glance().map_or(&[], |glance| &glance.odd)
}
