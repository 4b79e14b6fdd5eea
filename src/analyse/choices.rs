//! What else could stand in the place of a word of an English translation, by what the source says, by what editors write, and by
//! what the text around it expects.
//!
//! The candidates for a word are the renderings of the source word that it stands for, in a form that ends as it does, its own
//! other forms, and what editors put in its place elsewhere. Which of them an editor would write here was learned from sentences that
//! people edited (`models::choices`); whether he would change the word at all, the model of quality says.

use crate::analyse::words::{Bilingual, WordLinks};
use crate::analyse::{Document, Passage};
use crate::language::Table;
use crate::language::english::{Shape, plural_of, verb_forms};
use crate::models;
use crate::models::choices::{Choices, OF_CHOICE};
use crate::models::lexicon::{Rendering, StemId};
use crate::models::links::Form;
use crate::models::lm::{LanguageModel, Symbol};
use crate::models::ngram::State;
use crate::models::quality::chance;
use crate::surface::{Case, Token, TokenKind};

/// Renderings of one source word that are looked at, the best by the lexicon.
const MAX_RENDERINGS: usize = 24;
/// Candidates for a word.
const MAX_CHOICES: usize = 60;
/// Of those, the ones that the lexicon may bring.
const MAX_BROUGHT: usize = 40;
/// Source words that one word is compared with.
const MAX_SOURCES: usize = 2;
/// Words of a sentence that are looked at.
const MAX_DOUBTS: usize = 80;
/// How far from where it is expected a source word may stand, in words.
const FAR: f32 = 4.0;
/// A link from here on shows which word is rendered; below, a source word counts as rendered by nothing.
const LINKED: f32 = 0.5;
/// The least chance of a rendering, either way, that is offered.
const LEAST: f32 = 0.01;
/// A source word that so often has no rendering is a small one.
const SILENT: f32 = 0.4;
/// The chance of what was never seen.
const NEVER: f32 = 1e-5;

/// A word that could stand in another's place.
#[derive(Clone, Debug)]
pub struct Choice {
    /// In small letters, in the form of the word that it would replace.
    pub word: String,
    /// What is known of it.
    pub figures: [f32; OF_CHOICE],
    /// The logarithm of the odds that it is what an editor writes, if the word is replaced.
    pub value: f32,
}

impl Choice {
    /// The chance that it is what an editor writes, if the word is replaced, in [0, 1].
    pub fn chance(&self) -> f32 {
        chance(self.value)
    }

    /// Whether the lexicon has it as a rendering of the source's word.
    pub fn is_rendering(&self) -> bool {
        self.figures.first().is_some_and(|forward| *forward > NEVER.ln())
    }
}

/// A word, and what could stand in its place.
#[derive(Clone, Debug)]
pub struct Doubt {
    /// As an index of the passage's tokens.
    pub token: usize,
    /// The source's word that it stands for, as an index of its surface's tokens, if one is known.
    pub source: Option<usize>,
    /// What could stand there, best first.
    pub choices: Vec<Choice>,
}

impl Doubt {
    /// Weighs the candidates, and puts the best first.
    pub fn weigh(&mut self, scorer: &Choices) {
        for choice in &mut self.choices {
            choice.value = scorer.value(&choice.figures);
        }
        self.choices.sort_by(|a, b| b.value.total_cmp(&a.value).then(a.word.cmp(&b.word)));
    }
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

/// The same by the model that is built in; nothing where that is damaged, which [`models::check`] says at the start.
pub fn doubts_here(document: &Document<'_>, passage: &Passage<'_>, asked: &dyn Fn(usize) -> bool) -> Vec<Doubt> {
    models::choices().map_or_else(|_| Vec::new(), |model| doubts(document, passage, model, asked))
}

/// What could stand in the place of the words of a sentence that are asked about, each as an index of the passage's tokens; nothing
/// without a lexicon into English.
pub fn doubts(
    document: &Document<'_>,
    passage: &Passage<'_>,
    scorer: &Choices,
    asked: &dyn Fn(usize) -> bool,
) -> Vec<Doubt> {
    let bilingual = document.bilingual();
    let english = document.target_language().is_some_and(|l| l.primary() == "en");
    let known = bilingual.lexicon.filter(|_| english && bilingual.into_english);
    let (Some(_), Some(model)) = (known, models::language_model("en")) else { return Vec::new() };
    let tokens: Vec<usize> =
        (0..passage.tokens().len()).filter(|at| asked(*at) && is_plain(passage, *at)).take(MAX_DOUBTS).collect();
    // Words are linked only where one of them is asked about.
    if tokens.is_empty() {
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
    let small = passage.text.data().table("function-words");
    let mut sequence = Vec::new();
    model.sequence(surface, passage.tokens(), &mut sequence);
    let look = Look { model, scorer, bilingual, links, small, sequence, of_target, of_source, present };
    let first = surface.sentences.get(passage.sentence).map_or(0, |s| s.tokens.start);
    tokens.into_iter().filter_map(|token| look.doubt(passage, first, token)).collect()
}

/// Whether a word of a sentence can be looked at: no name, nothing joined with another.
fn is_plain(passage: &Passage<'_>, at: usize) -> bool {
    let tokens = passage.tokens();
    let Some(token) = tokens.get(at) else { return false };
    let folded = passage.folded(token);
    let opens = || !tokens.iter().take(at).any(|t| t.kind == TokenKind::Word);
    let case = token.case == Case::Lower || (matches!(token.case, Case::Title | Case::Upper) && opens());
    let joined = token.glued || tokens.get(at + 1).is_some_and(|next| next.glued && is_hyphen(passage, next));
    token.kind == TokenKind::Word && case && !joined && folded.bytes().all(|b| b.is_ascii_lowercase())
}

fn is_hyphen(passage: &Passage<'_>, token: &Token) -> bool {
    passage.written(token).starts_with(['-', '\u{2011}', '/', '\'', '’'])
}

/// A candidate, and where it comes from.
struct Candidate {
    word: String,
    /// By the lexicon: the chance of it and of the source word, each given the other, and its rank.
    forward: f32,
    back: f32,
    rank: usize,
    /// The source word's best.
    top: f32,
    /// How sure it is that the word stands for that source word.
    link: f32,
    source: Option<usize>,
    /// Of the times that editors replaced the word, the share that took this one.
    share: f32,
    /// Another form of the word itself.
    form: bool,
    /// It stands in the sentence already.
    present: bool,
}

impl Look<'_> {
    fn doubt(&self, passage: &Passage<'_>, first: usize, token: usize) -> Option<Doubt> {
        let j = self.links.target().tokens.binary_search(&(first + token)).ok()?;
        // The first of the sequence stands for the beginning.
        let at = 1 + self.sequence.iter().skip(1).position(|(_, of)| *of == token)?;
        let own = self.links.target().words.get(j)?.stems.first().copied().flatten();
        let written = passage.folded(passage.tokens().get(token)?);
        let is_small = self.small.has(written);
        let sources = self.sources(j, is_small);
        let ending = Ending::of(written);
        let mut all: Vec<Candidate> = Vec::with_capacity(MAX_CHOICES);
        for &(i, away) in &sources {
            self.renderings(i, away, (own, written, is_small), ending, &mut all);
        }
        let blank = |word: String| Candidate {
            word,
            forward: NEVER,
            back: NEVER,
            rank: MAX_RENDERINGS,
            top: 0.0,
            link: 0.0,
            source: None,
            share: 0.0,
            form: false,
            present: false,
        };
        let put = |all: &mut Vec<Candidate>, word: String| -> Option<usize> {
            if word == written || (all.len() >= MAX_CHOICES && !all.iter().any(|c| c.word == word)) {
                return None;
            }
            let at = all.iter().position(|c| c.word == word);
            Some(at.unwrap_or_else(|| {
                all.push(blank(word));
                all.len() - 1
            }))
        };
        let replaced = self.scorer.pairs(written);
        for (word, share) in replaced {
            if let Some(one) = put(&mut all, word.clone()).and_then(|at| all.get_mut(at)) {
                one.share = *share;
            }
        }
        if !is_small {
            for word in own_forms(written, self.model) {
                if let Some(one) = put(&mut all, word).and_then(|at| all.get_mut(at)) {
                    one.form = true;
                }
            }
        }
        let own_word = self.unigram(written);
        let own_chance = sources.first().and_then(|(i, _)| self.chance(*i, own?)).unwrap_or(NEVER);
        let choices: Vec<Choice> =
            all.iter().filter_map(|c| self.choice(c, (written, is_small, own_word, own_chance), at)).collect();
        let source =
            all.iter().filter(|c| c.source.is_some()).max_by(|a, b| a.link.total_cmp(&b.link)).and_then(|c| c.source);
        let source = source.and_then(|i| self.links.source().tokens.get(i)).copied();
        let mut doubt = Doubt { token, source, choices };
        doubt.weigh(self.scorer);
        Some(doubt)
    }

    /// The source words that a word may stand for: its own where it is linked, or those that nothing renders where it stands.
    fn sources(&self, j: usize, is_small: bool) -> Vec<(usize, f32)> {
        let Some((sure, partner)) = self.of_target.get(j).copied() else { return Vec::new() };
        let expected = self.expected(j);
        let away = |i: usize| (i as f32 - expected).abs();
        if sure >= LINKED {
            return vec![(partner, away(partner))];
        }
        let free = |i: &usize| {
            self.of_source.get(*i).is_some_and(|(sure, _)| *sure < LINKED) && self.is_content(*i) != is_small
        };
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
        let link = |at: usize| self.of_target.get(at).filter(|l| l.0 >= LINKED).map(|l| (at as f32, l.1 as f32));
        let before = (0..j).rev().take(8).find_map(link);
        let behind = (j + 1..self.of_target.len()).take(8).find_map(link);
        let j = j as f32;
        match (before, behind) {
            (Some((a, x)), Some((b, y))) => x + (y - x) * (j - a) / (b - a),
            (Some((a, x)), None) => x + j - a,
            (None, Some((b, y))) => y - (b - j),
            (None, None) => (j + 0.5) / self.of_target.len().max(1) as f32 * self.of_source.len() as f32,
        }
    }

    fn is_content(&self, i: usize) -> bool {
        let word = self.links.source().words.get(i).filter(|w| w.form != Form::Number);
        word.and_then(|w| w.stems[0]).is_some_and(|stem| self.bilingual.silent(stem, false) < SILENT)
    }

    /// The chance of a stem, given the source word that it renders.
    fn chance(&self, i: usize, own: StemId) -> Option<f32> {
        let word = self.links.source().words.get(i)?;
        let of = |stem: &StemId| self.bilingual.renderings(*stem).find(|r| r.stem == own).map(|r| r.forward);
        word.stems.iter().flatten().filter_map(of).reduce(f32::max)
    }

    /// What the lexicon has for a source word.
    fn renderings(
        &self,
        i: usize,
        away: f32,
        (own, written, is_small): (Option<StemId>, &str, bool),
        ending: Ending,
        all: &mut Vec<Candidate>,
    ) {
        let Some(stems) = self.bilingual.target_stems() else { return };
        let Some(word) = self.links.source().words.get(i) else { return };
        let link = self.of_source.get(i).map_or(0.0, |l| l.0) - away / 10.0;
        for source_stem in word.stems.iter().flatten() {
            let mut top = 0.0_f32;
            for (rank, Rendering { stem, forward, back }) in
                self.bilingual.renderings(*source_stem).take(MAX_RENDERINGS).enumerate()
            {
                top = top.max(forward);
                let word = stems.word(stem);
                if own == Some(stem)
                    || all.len() >= MAX_BROUGHT
                    || forward.max(back) < LEAST
                    || !word.bytes().all(|b| b.is_ascii_lowercase())
                    || (word.len() < 2 && word != "a")
                {
                    continue;
                }
                let present = self.present.binary_search(&stem).is_ok();
                let plain = is_small || self.small.has(word);
                let forms = if plain { vec![word.to_owned()] } else { ending.forms(word, self.model) };
                for form in forms {
                    if form == written || form.is_empty() {
                        continue;
                    }
                    if let Some(known) = all.iter_mut().find(|c| c.word == form) {
                        if known.forward < forward {
                            (known.forward, known.back, known.rank) = (forward, back, rank);
                        }
                        continue;
                    }
                    let source = Some(i);
                    let (share, form_of) = (0.0, false);
                    all.push(Candidate {
                        word: form,
                        forward,
                        back,
                        rank,
                        top,
                        link,
                        source,
                        share,
                        form: form_of,
                        present,
                    });
                }
            }
        }
    }

    fn choice(
        &self,
        c: &Candidate,
        (written, is_small, own_word, own): (&str, bool, f32, f32),
        at: usize,
    ) -> Option<Choice> {
        let symbol = self.model.known(&c.word)?;
        let gain = self.model.gain(&self.sequence, at, 1, &[symbol]);
        let new_word = self.unigram(&c.word);
        let flag = |is: bool| f32::from(u8::from(is));
        let figures = [
            c.forward.max(NEVER).ln(),
            c.back.max(NEVER).ln(),
            gain.clamp(-10.0, 14.0),
            gain - (new_word - own_word),
            c.rank as f32,
            flag(Ending::of(&c.word) == Ending::of(written)),
            new_word,
            likeness(&c.word, written),
            (c.forward / c.top.max(1e-3)).max(1e-3).ln(),
            c.forward * c.back,
            c.share.max(1e-3).ln(),
            flag(c.form),
            flag(self.small.has(&c.word)),
            flag(is_small),
            flag(c.present),
            c.link,
            own.max(NEVER).ln(),
            own_word,
            self.scorer.rate(written).max(NEVER).ln(),
        ];
        Some(Choice { word: c.word.clone(), figures, value: 0.0 })
    }

    /// How usual a word is, as a natural logarithm.
    fn unigram(&self, word: &str) -> f32 {
        self.model.known(word).map_or(f32::NAN, |symbol| self.model.next(&State::default(), symbol).0.ln)
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

    /// A word, and those of its forms that end as the other does.
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

/// The other forms of a word: of a noun its plural, of a verb all, as far as the language model knows them.
fn own_forms(word: &str, model: &LanguageModel<'_>) -> Vec<String> {
    let lemma = lemma(word, Ending::of(word), model).unwrap_or_else(|| word.to_owned());
    let shapes = [Shape::ThirdPerson, Shape::Past, Shape::Participle, Shape::Ing];
    let forms = shapes.into_iter().flat_map(|shape| verb_forms(&lemma, shape));
    let mut all: Vec<String> = forms.chain(plural_of(&lemma)).chain([lemma.clone()]).collect();
    all.retain(|form| form != word && model.known(form).is_some());
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Article, Language, Side};

    fn english() -> &'static LanguageModel<'static> {
        models::language_model("en").expect("it is built in")
    }

    #[test]
    fn a_word_is_looked_at_with_what_could_stand_in_its_place() {
        let language = |tag: &str| Language::parse(tag).ok();
        let source = Side::new("Священник служит в этих храмах.", language("ru"));
        let article = Article::new(Some(source), Side::new("The priest serves in these temples.", language("en")));
        let document = Document::new(&article, language("ru").as_ref(), language("en"), Vec::new());
        let passage = Passage { text: &document.target, sentence: 0, place: 0 };
        let scorer = Choices::new("in\t0.1\tat\t0.5\n").expect("it is sound");
        let of = |asked: usize| {
            let found = doubts(&document, &passage, &scorer, &|at| at == asked).pop().expect("it is looked at");
            found.choices.into_iter().map(|c| (c.is_rendering(), c.word)).collect::<Vec<_>>()
        };
        let has = |all: &[(bool, String)], word: &str| all.iter().find(|(_, w)| w == word).map(|(is, _)| *is);
        let temples = of(5);
        assert_eq!(has(&temples, "churches"), Some(true), "{temples:?}");
        assert_eq!(has(&temples, "temple"), Some(false), "{temples:?}");
        assert_eq!(has(&temples, "temples"), None, "it stands there");
        assert!(has(&of(3), "at").is_some(), "editors put it in the place of the other");
        let serves: Vec<usize> = doubts(&document, &passage, &scorer, &|_| false).iter().map(|d| d.token).collect();
        assert!(serves.is_empty(), "nothing was asked");
    }

    #[test]
    fn forms_of_a_word() {
        assert_eq!(lemma("stopped", Ending::Past, english()).as_deref(), Some("stop"));
        assert_eq!(lemma("cities", Ending::S, english()).as_deref(), Some("city"));
        assert_eq!(Ending::Ing.forms("take", english()), ["take", "taking"]);
        assert_eq!(Ending::S.forms("house", english()), ["house", "houses"]);
        let forms = own_forms("asks", english());
        for form in ["ask", "asked", "asking"] {
            assert!(forms.iter().any(|f| f == form), "{form}: {forms:?}");
        }
    }
}
