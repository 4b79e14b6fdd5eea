//! Finds a glossary's forms in a text, all of them in one pass, whatever case and number they stand in.
//!
//! Forms in scripts with word boundaries are sequences of words in a trie. A word of a text can be a form of several of its
//! words: they are found by their stems (see [`crate::language::morphology`]), never by listing forms.
//! Forms in scripts without word boundaries (Han, Kana, Thai, Khmer, Lao, Burmese) are matched on the raw text, since
//! dictionary words there are not to be relied on.

pub mod fuzzy;
mod stems;

use std::borrow::Cow;
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use rustc_hash::FxHashMap;

use crate::language::LanguageData;
use crate::language::morphology::{MIN_COMPOUND, MIN_COMPOUND_HEAD, MIN_COMPOUND_TAIL, Morphology, PREFIX, RowId};
use crate::span::Span;
use crate::surface::{Case, Surface, Token, TokenKind, case_of, fold};
use stems::{Stems, StemsBuilder};

/// The longest form that is matched, in tokens. It bounds what a token of text can cost.
pub const MAX_FORM_TOKENS: usize = 24;

/// The most concepts that share a form.
pub(super) const MAX_SENSES: usize = 16;
/// Characters of an unspaced script that count as a token of a form's length.
const UNSPACED_PER_TOKEN: usize = 2;
/// The most words of a glossary that one word of a text is taken for a form of.
const MAX_READINGS: usize = 16;
/// The most beginnings of forms that are followed from one word of a text.
const MAX_STATES: usize = 64;

/// What a form is to its concept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The source form.
    Source,
    /// A target form that is right.
    Approved,
    /// A target form that is wrong.
    Unwanted,
}

/// A form to find.
#[derive(Clone, Copy, Debug)]
pub struct Form<'t> {
    /// Its text.
    pub text: &'t str,
    /// Its concept, as an index.
    pub concept: usize,
    /// What it is to it.
    pub role: Role,
    /// Found only in the case it is written in.
    pub exact_case: bool,
}

/// How a place matches a form, the surest way first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// Letter by letter.
    Exact,
    /// But for upper and lower case, and for letters that read as one (ё and е).
    Case,
    /// By an inflection: the rule of the language's table that the first inflected word goes by ("noun-f-a").
    Inflected(&'static str),
    /// As a part of a closed compound.
    Compound,
    /// With its two words the other way round.
    Reordered,
    /// With a word between its words.
    Gapped,
    /// But for a slip in one of its words, with the thousandths of its letters that are right. Nothing that a text is searched
    /// for finds it; see [`fuzzy`].
    Fuzzy(u16),
}

impl How {
    /// Whether the words are certainly those of the form: a compound has a meaning of its own, words that are parted or change
    /// places may stand beside each other by chance. Good enough to say that a term is there, not to say that it should be.
    pub fn is_sure(self) -> bool {
        matches!(self, Self::Exact | Self::Case | Self::Inflected(_))
    }

    /// A match of so many letters of all.
    fn fuzzy(right: usize, all: usize) -> Self {
        Self::Fuzzy(u16::try_from((1_000 * right + all / 2).checked_div(all).unwrap_or(0)).unwrap_or(1_000))
    }

    /// What evidence says of it: "by its stem: noun-f-a"; `None` where the words are the form itself.
    pub fn in_words(self) -> Option<String> {
        match self {
            Self::Exact | Self::Case => None,
            Self::Inflected(rule) => Some(format!("by its stem: {rule}")),
            Self::Compound => Some("in a compound".to_owned()),
            Self::Reordered => Some("in another order".to_owned()),
            Self::Gapped => Some("with a word between".to_owned()),
            Self::Fuzzy(score) => Some(format!("but for a slip: 0.{:02} alike", (score / 10).min(99))),
        }
    }

    /// Exact and but-for-case matches before inflected ones, those before the ones that are not sure.
    fn class(self) -> u8 {
        match self {
            Self::Exact | Self::Case => 0,
            Self::Inflected(_) => 1,
            Self::Compound | Self::Reordered | Self::Gapped | Self::Fuzzy(_) => 2,
        }
    }
}

/// A place where a form stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The place; an English possessive ending is left out.
    pub span: Span,
    /// The concept, as an index.
    pub concept: usize,
    /// What the form is to the concept.
    pub role: Role,
    /// How it matches.
    pub how: How,
    /// A longer form covers this one, or one that matches more surely stands in the same place.
    pub nested: bool,
}

#[derive(Clone, Copy, Debug)]
struct Payload {
    /// The form's letters, in `Matcher::letters`.
    text: (u32, u32),
    concept: u32,
    role: Role,
    exact_case: bool,
    /// A word of it has capitals behind the first letter.
    initials: bool,
}

/// How a word of a text is one of the forms' words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// As it is.
    Itself,
    /// With an ending of so many letters that is no part of it.
    Possessive(usize),
    /// By a rule of the language.
    Rule(&'static str),
    /// As a part of it.
    Part,
}

#[derive(Clone, Copy, Debug)]
struct Reading {
    word: u32,
    way: Way,
}

/// The beginning of a form, as far as it was found.
#[derive(Clone, Copy)]
struct State {
    node: u32,
    /// The next token.
    at: usize,
    /// Of the first inflected word; empty: none was.
    rule: &'static str,
    gapped: bool,
    /// The token before was passed over.
    skipped: bool,
}

/// What ends at a place, and how it got there.
#[derive(Clone, Copy)]
struct End {
    node: u32,
    tokens: (usize, usize),
    span: Span,
    rule: &'static str,
    gapped: bool,
    part: bool,
}

/// A set of forms, ready to be found.
#[derive(Default)]
pub struct Matcher {
    morphology: Option<&'static Morphology>,
    inflects: bool,
    /// Nouns have capitals.
    capital_nouns: bool,
    stems: Stems,
    next: FxHashMap<(u32, u32), u32>,
    /// Whether something goes on from a node.
    goes_on: Vec<bool>,
    /// Where the ends of each node begin, and one more.
    first_end: Vec<u32>,
    /// Payload, and whether its two words stand the other way round.
    ends: Vec<(u32, bool)>,
    payloads: Vec<Payload>,
    letters: String,
    /// Some form is a single word long enough to be a part of a compound.
    has_parts: bool,
    raw: Option<AhoCorasick>,
    raw_payloads: Vec<Payload>,
}

/// How many tokens a form has.
pub fn token_count(form: &str) -> usize {
    if is_unspaced(form) {
        form.chars().count().div_ceil(UNSPACED_PER_TOKEN)
    } else if is_plain(form) {
        form.split(' ').filter(|w| !w.is_empty()).count()
    } else {
        Surface::new(form, LanguageData::NONE, &[], &[]).tokens.len()
    }
}

/// Whether a form has letters of a script without word boundaries.
pub fn is_unspaced(form: &str) -> bool {
    form.chars().any(|c| {
        c >= '\u{0e00}'
            && matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
            | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{3ffff}')
    })
}

/// Whether a form is nothing but letters and spaces, of scripts where words are then what stands between the spaces.
fn is_plain(form: &str) -> bool {
    form.chars().all(|c| match c {
        // Most forms are of these, and the tables of Unicode are slow to ask.
        ' ' | 'a'..='z' | 'A'..='Z' | 'а'..='я' | 'А'..='Я' => true,
        '\0'..='\u{a9}' | '\u{2b0}'..='\u{36f}' => false,
        c => {
            c.is_alphabetic()
                && (c < '\u{530}' || matches!(c, '\u{5d0}'..='\u{5ea}' | '\u{620}'..='\u{63a}' | '\u{641}'..='\u{64a}'))
        }
    })
}

/// The words of a form and its marks: as written, folded, and whether it is a word. They are the tokens of its [`Surface`].
fn words_of(form: &str, data: LanguageData, mut each: impl FnMut(&str, &str, bool)) {
    if is_plain(form) {
        for word in form.split(' ').filter(|w| !w.is_empty()) {
            each(word, &fold(word), true);
        }
        return;
    }
    let surface = Surface::new(form, data, &[], &[]);
    for token in &surface.tokens {
        each(token.span.of(form), surface.folded(token), token.kind == TokenKind::Word);
    }
}

impl Matcher {
    /// Compiles forms of a language.
    pub fn new(forms: &[Form<'_>], data: LanguageData) -> Self {
        Self::compile(forms, data, data.morphology())
    }

    /// The same, where the words of forms may be verbs.
    pub fn with_verbs(forms: &[Form<'_>], data: LanguageData) -> Self {
        Self::compile(forms, data, data.morphology_with_verbs())
    }

    fn compile(forms: &[Form<'_>], data: LanguageData, morphology: Option<&'static Morphology>) -> Self {
        let mut matcher = Self {
            morphology,
            inflects: data.has("inflection"),
            capital_nouns: data.capitalises_nouns(),
            ..Self::default()
        };
        matcher.goes_on.push(false);
        let mut stems = StemsBuilder::new(morphology);
        let mut ends: Vec<(u32, bool, u32)> = Vec::with_capacity(forms.len());
        let mut words: Vec<u32> = Vec::new();
        let mut patterns: Vec<&str> = Vec::new();
        for form in forms {
            let mut payload = Payload {
                text: matcher.keep(form.text),
                concept: u32::try_from(form.concept).unwrap_or(u32::MAX),
                role: form.role,
                exact_case: form.exact_case,
                initials: false,
            };
            if is_unspaced(form.text) {
                matcher.raw_payloads.push(payload);
                patterns.push(form.text);
                continue;
            }
            words.clear();
            let mut inflecting = true;
            words_of(form.text, data, |written, folded, inflects| {
                let spelled = morphology.map_or(Cow::Borrowed(folded), |m| m.spelling(written, folded));
                let number = stems.number(&spelled, inflects);
                // An attribute behind the head is in the genitive already, of one or of several.
                if !words.is_empty() && inflects {
                    stems.also_genitives(number, &spelled);
                }
                words.push(number);
                payload.initials |= is_initials(written);
                inflecting &= inflects;
            });
            if words.is_empty() || words.len() > MAX_FORM_TOKENS {
                continue;
            }
            let number = u32::try_from(matcher.payloads.len()).unwrap_or(u32::MAX);
            matcher.has_parts |= words.len() == 1 && form.text.chars().take(MIN_COMPOUND).count() == MIN_COMPOUND;
            matcher.payloads.push(payload);
            ends.push((matcher.path(&words), false, number));
            if let [first, second] = words[..]
                && inflecting
                && first != second
                && morphology.is_some_and(Morphology::is_order_free)
            {
                ends.push((matcher.path(&[second, first]), true, number));
            }
        }
        matcher.stems = stems.finish();
        ends.sort_unstable();
        matcher.first_end.reserve(matcher.goes_on.len() + 1);
        for node in ends.chunk_by(|a, b| a.0 == b.0) {
            let at = node.first().map_or(0, |end| end.0) as usize;
            matcher.first_end.resize(at + 1, u32::try_from(matcher.ends.len()).unwrap_or(u32::MAX));
            // What else would be said of so ambiguous a form would help nobody.
            matcher.ends.extend(node.iter().take(MAX_SENSES).map(|&(_, turned, payload)| (payload, turned)));
        }
        matcher.first_end.resize(matcher.goes_on.len() + 1, u32::try_from(matcher.ends.len()).unwrap_or(u32::MAX));
        if !patterns.is_empty() {
            // Building fails only past 2³¹ states, which the limit on entries keeps far away.
            matcher.raw = AhoCorasick::builder().match_kind(MatchKind::Standard).build(patterns).ok();
        }
        matcher
    }

    fn keep(&mut self, text: &str) -> (u32, u32) {
        let start = self.letters.len();
        self.letters.push_str(text);
        let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        (narrow(start), narrow(self.letters.len()))
    }

    fn text(&self, payload: &Payload) -> &str {
        self.letters.get(payload.text.0 as usize..payload.text.1 as usize).unwrap_or("")
    }

    /// The node that words lead to, which is made where it is not there.
    fn path(&mut self, words: &[u32]) -> u32 {
        let mut node = 0;
        for &word in words {
            let fresh = u32::try_from(self.goes_on.len()).unwrap_or(u32::MAX);
            let step = *self.next.entry((node, word)).or_insert(fresh);
            if step == fresh {
                self.goes_on.push(false);
                if let Some(goes_on) = self.goes_on.get_mut(node as usize) {
                    *goes_on = true;
                }
            }
            node = step;
        }
        node
    }

    /// Whether it finds the inflected forms of words.
    pub fn inflects(&self) -> bool {
        self.inflects
    }

    /// Every place of every form, in the order of the text, longer before shorter.
    pub fn find(&self, text: &str, surface: &Surface) -> Vec<Hit> {
        let mut hits = Vec::new();
        if !self.payloads.is_empty() {
            self.find_words(text, surface, &mut hits);
        }
        if let Some(raw) = &self.raw {
            for found in raw.find_overlapping_iter(text) {
                let Some(payload) = self.raw_payloads.get(found.pattern().as_usize()) else {
                    continue;
                };
                let span = Span::new(found.start(), found.end());
                hits.push(Hit {
                    span,
                    concept: payload.concept as usize,
                    role: payload.role,
                    how: How::Exact,
                    nested: false,
                });
            }
        }
        hits.sort_by_key(|h| (h.span.start(), std::cmp::Reverse(h.span.end()), h.concept, rank(h), h.how));
        hits.dedup_by_key(|h| (h.span, h.concept));
        nest(&mut hits);
        hits
    }

    fn find_words(&self, text: &str, surface: &Surface, hits: &mut Vec<Hit>) {
        let readings = Readings::of(self, text, surface);
        let mut states: Vec<State> = Vec::with_capacity(MAX_STATES);
        // A form stands within one paragraph: across a border it would also run from one segment into the next.
        for block in &surface.blocks {
            let range = surface.tokens_of_block(block);
            for first in range.clone() {
                if readings.at(first).is_empty() {
                    continue;
                }
                states.clear();
                states.push(State { node: 0, at: first, rule: "", gapped: false, skipped: false });
                let mut done = 0;
                while let Some(&state) = states.get(done) {
                    done += 1;
                    self.follow((text, surface), &readings, (first, range.end), state, &mut states, hits);
                }
            }
        }
    }

    /// Goes one token on from a state.
    fn follow(
        &self,
        (text, surface): (&str, &Surface),
        readings: &Readings,
        (first, end): (usize, usize),
        state: State,
        states: &mut Vec<State>,
        hits: &mut Vec<Hit>,
    ) {
        let Some(token) = surface.tokens.get(state.at).filter(|_| state.at < end) else {
            return;
        };
        let start = surface.tokens.get(first).map_or(0, |t| t.span.start());
        for reading in readings.at(state.at) {
            let Some(&node) = self.next.get(&(state.node, reading.word)) else {
                continue;
            };
            let mut close = token.span.end();
            let (mut rule, mut part) = (state.rule, false);
            match reading.way {
                Way::Itself => {}
                Way::Possessive(letters) => {
                    let ending = token.span.of(text).chars().rev().take(letters);
                    close -= ending.map(char::len_utf8).sum::<usize>();
                }
                Way::Rule(name) => rule = if rule.is_empty() { name } else { rule },
                Way::Part if state.node == 0 => part = true,
                Way::Part => continue,
            }
            let found = End {
                node,
                tokens: (first, state.at),
                span: Span::new(start, close),
                rule,
                gapped: state.gapped,
                part,
            };
            self.accept(text, surface, found, hits);
            let goes_on = self.goes_on.get(node as usize).copied().unwrap_or(false);
            if goes_on && !part && !matches!(reading.way, Way::Possessive(_)) && states.len() < MAX_STATES {
                states.push(State { node, at: state.at + 1, rule, gapped: state.gapped, skipped: false });
            }
        }
        let may_skip = state.node != 0 && !state.skipped && token.kind == TokenKind::Word;
        if may_skip && self.morphology.is_some() && states.len() < MAX_STATES {
            states.push(State { at: state.at + 1, gapped: true, skipped: true, ..state });
        }
    }

    /// Adds what ends at a node.
    fn accept(&self, text: &str, surface: &Surface, end: End, hits: &mut Vec<Hit>) {
        let range = self.first_end.get(end.node as usize).zip(self.first_end.get(end.node as usize + 1));
        let range = range.map_or(0..0, |(&first, &last)| first as usize..last as usize);
        for &(payload, turned) in self.ends.get(range).unwrap_or(&[]) {
            let Some(payload) = self.payloads.get(payload as usize) else {
                continue;
            };
            let form = self.text(payload);
            let mut span = end.span;
            let mut how = match end {
                _ if end.part => How::Compound,
                _ if end.gapped => How::Gapped,
                _ if turned => How::Reordered,
                _ if !end.rule.is_empty() => How::Inflected(end.rule),
                _ if *form == *span.of(text) => How::Exact,
                _ => How::Case,
            };
            if end.part && form.chars().take(MIN_COMPOUND).count() < MIN_COMPOUND {
                continue;
            }
            let by_rule = matches!(how, How::Inflected(_));
            if by_rule && self.capital_nouns && is_no_noun(form, text, surface, end.tokens) {
                continue;
            }
            if payload.exact_case || payload.initials {
                let changed = !end.rule.is_empty();
                let fits = match how {
                    How::Exact => true,
                    How::Case => !payload.exact_case,
                    How::Inflected(_) => self.keeps_case(form, payload.exact_case, text, surface, end.tokens),
                    How::Gapped | How::Reordered => !payload.exact_case && !changed,
                    How::Compound | How::Fuzzy(_) => false,
                };
                if !fits {
                    continue;
                }
                if how == How::Exact
                    && let Some(further) = self.hyphened_ending(text, surface, end.tokens.1)
                {
                    span = Span::new(span.start(), further);
                    how = How::Inflected(ENDING);
                }
            }
            hits.push(Hit { span, concept: payload.concept as usize, role: payload.role, how, nested: false });
        }
    }

    /// Whether words that are inflected have the capitals of their form: initials stay, and take their ending in small letters.
    fn keeps_case(&self, form: &str, exact: bool, text: &str, surface: &Surface, tokens: (usize, usize)) -> bool {
        let mut written = surface.tokens.get(tokens.0..=tokens.1).unwrap_or(&[]).iter().map(|t| t.span.of(text));
        let mut fits = true;
        words_of(form, LanguageData::NONE, |wanted, _, _| {
            let word = written.next().unwrap_or("");
            fits &= match case_of(wanted) {
                _ if word == wanted => true,
                Case::Upper => word.strip_prefix(wanted).is_some_and(|ending| !ending.chars().any(char::is_uppercase)),
                case => !exact || case == case_of(word),
            };
        });
        fits && written.next().is_none()
    }

    /// Where an ending stops that initials take behind a hyphen: ONZ-u, EU-ssa.
    fn hyphened_ending(&self, text: &str, surface: &Surface, last: usize) -> Option<usize> {
        let token = |at: usize| surface.tokens.get(at);
        let (hyphen, ending) = (token(last + 1)?, token(last + 2)?);
        let initials = is_initials(token(last)?.span.of(text));
        let glued = hyphen.glued && ending.glued && matches!(hyphen.span.of(text), "-" | "\u{2011}");
        let fits =
            initials && glued && ending.case == Case::Lower && !token(last + 3).is_some_and(|t| is_hyphen(t, text));
        (fits && self.morphology?.is_ending(surface.folded(ending))).then(|| ending.span.end())
    }

    /// The words of the forms that a word, as it is compared, can be, each once, the surest way first.
    fn read(&self, word: &str, token: &Token, out: &mut Vec<Reading>) {
        let first = out.len();
        let mut add = |word: u32, way: Way| {
            if out.len() - first < MAX_READINGS && !out.iter().skip(first).any(|r| r.word == word && r.way == way) {
                out.push(Reading { word, way });
            }
        };
        let begins = self.stems.may_begin(word);
        if begins {
            self.stems.with_stem(word, |number, rows| {
                if let Some(rule) = self.rule(rows, word, "") {
                    add(number, if rule.is_empty() { Way::Itself } else { Way::Rule(rule) });
                }
            });
        }
        let Some(morphology) = self.morphology.filter(|_| token.kind == TokenKind::Word) else {
            return;
        };
        if let Some(bare) = morphology.without_possessive(word).filter(|_| begins) {
            let letters = word.chars().count() - bare.chars().count();
            self.whole(bare, |number| add(number, Way::Possessive(letters)));
        }
        self.inflected(morphology, word, &mut |number, rule| add(number, Way::Rule(rule)));
        for rest in morphology.without_proclitics(word) {
            self.whole(rest, |number| add(number, Way::Rule(PREFIX)));
            self.inflected(morphology, rest, &mut |number, _| add(number, Way::Rule(PREFIX)));
        }
        if begins
            && let Some(at) = word.find(['\'', ':']).filter(|_| !morphology.has_possessives())
            && let (Some(initials), Some(ending)) = (word.get(..at), word.get(at + 1..))
            && morphology.is_ending(ending)
        {
            self.whole(initials, |number| add(number, Way::Rule(ENDING)));
        }
        if let Some(links) = morphology.compounds().filter(|_| self.has_parts) {
            let small = self.capital_nouns && token.case == Case::Lower;
            self.parts(morphology, (links, small), word, &mut |number| add(number, Way::Part));
        }
    }

    /// The words whose dictionary form a word is.
    fn whole(&self, word: &str, mut each: impl FnMut(u32)) {
        if !self.stems.may_begin(word) {
            return;
        }
        self.stems.with_stem(word, |number, rows| {
            if rows.contains(&RowId::LEMMA) {
                each(number);
            }
        });
    }

    /// The words that a word is another form of.
    fn inflected(&self, morphology: &Morphology, word: &str, each: &mut impl FnMut(u32, &'static str)) {
        if !self.stems.may_begin(word) {
            return;
        }
        for cut in morphology.cuts(word) {
            let (stem, ending) = word.split_at(cut);
            self.stems.with_stem(stem, |number, rows| {
                if let Some(rule) = self.rule(rows, stem, ending).filter(|rule| !rule.is_empty()) {
                    each(number, rule);
                }
            });
        }
    }

    /// The first row that goes on from a stem with an ending; the dictionary form before all others.
    fn rule(&self, rows: &[RowId], stem: &str, ending: &str) -> Option<&'static str> {
        if ending.is_empty() && rows.contains(&RowId::LEMMA) {
            return Some("");
        }
        rows.iter().find_map(|row| self.morphology?.goes_on(*row, stem, ending))
    }

    /// The words that are a part of a closed compound: its end, inflected or not, or its beginning. A compound in small letters
    /// where nouns have capitals does not end with a noun, and what follows one without a link is an ending that makes a verb or
    /// an adjective of it: sanktionieren.
    fn parts(
        &self,
        morphology: &Morphology,
        (links, small): (&[String], bool),
        word: &str,
        each: &mut impl FnMut(u32),
    ) {
        for (at, _) in word.char_indices().skip(MIN_COMPOUND_HEAD).take_while(|_| !small) {
            let tail = word.get(at..).unwrap_or("");
            if tail.chars().take(MIN_COMPOUND - 1).count() < MIN_COMPOUND - 1 {
                break;
            }
            self.whole(tail, &mut *each);
            self.inflected(morphology, tail, &mut |number, _| each(number));
        }
        for (at, _) in word.char_indices().skip(MIN_COMPOUND) {
            let (head, rest) = word.split_at(at);
            let tail = |link: &String| {
                !(small && link.is_empty())
                    && rest.strip_prefix(link.as_str()).is_some_and(|t| t.chars().count() >= MIN_COMPOUND_TAIL)
            };
            if links.iter().any(tail) {
                self.whole(head, &mut *each);
            }
        }
    }
}

/// Whether words of a text are in small letters, and another form of a word that has a capital as all nouns have: a verb, or an
/// adjective. The word before another capital may be the adjective of a name, which is in small letters where it is none.
fn is_no_noun(form: &str, text: &str, surface: &Surface, tokens: (usize, usize)) -> bool {
    let tokens = surface.tokens.get(tokens.0..=tokens.1).unwrap_or(&[]);
    if tokens.iter().all(|token| token.case != Case::Lower) {
        return false;
    }
    let mut wanted: Vec<(bool, bool)> = Vec::new();
    words_of(form, LanguageData::NONE, |written, folded, _| {
        let other = tokens.get(wanted.len()).is_some_and(|t| t.case == Case::Lower && fold(t.span.of(text)) != folded);
        wanted.push((written.starts_with(char::is_uppercase), other));
    });
    let noun = |at: usize| wanted.get(at + 1).is_none_or(|next| !next.0);
    wanted.len() == tokens.len() && wanted.iter().enumerate().any(|(at, word)| *word == (true, true) && noun(at))
}

/// Whether a word has capitals behind its first letter: ONZ, PiS, McNeill.
fn is_initials(word: &str) -> bool {
    matches!(case_of(word), Case::Upper | Case::Mixed)
}

/// What evidence calls the ending of initials.
const ENDING: &str = "ending";

fn is_hyphen(token: &Token, text: &str) -> bool {
    token.glued && token.span.of(text).starts_with(['-', '\u{2011}'])
}

/// Of several forms of one concept in one place: the surer match, and the right form before the wrong one.
fn rank(hit: &Hit) -> u8 {
    let way = match hit.how {
        How::Exact => 0,
        How::Case => 2,
        How::Inflected(_) => 4,
        How::Compound | How::Reordered | How::Gapped | How::Fuzzy(_) => 6,
    };
    way + u8::from(hit.role == Role::Unwanted)
}

/// Says which hits stand within a longer one, or in the place of a surer one. Hits that are not sure cover no sure ones.
fn nest(hits: &mut [Hit]) {
    for sure in [true, false] {
        let mut covered = Span::new(0, 0);
        for hit in hits.iter_mut() {
            // Those that are not sure are covered by all.
            if sure && !hit.how.is_sure() {
                continue;
            }
            let within = hit.span != covered && covered.contains(hit.span);
            if sure || !hit.how.is_sure() {
                hit.nested = within;
            }
            if !within && hit.span.end() > covered.end() {
                covered = hit.span;
            }
        }
    }
    for same in hits.chunk_by_mut(|a, b| a.span == b.span) {
        let best = same.iter().map(|h| h.how.class()).min().unwrap_or(0);
        for hit in same {
            hit.nested |= hit.how.class() > best;
        }
    }
}

/// The readings of every token of a text; a word that comes again is read once.
struct Readings {
    all: Vec<Reading>,
    /// By token.
    places: Vec<Range<usize>>,
}

impl Readings {
    fn of(matcher: &Matcher, text: &str, surface: &Surface) -> Self {
        let mut all = Vec::new();
        let mut known: FxHashMap<Cow<'_, str>, Range<usize>> = FxHashMap::default();
        // Whether a word is looked for from its first letter on alone.
        let from_the_front = matcher
            .morphology
            .is_none_or(|m| !m.has_proclitics() && m.compounds().filter(|_| matcher.has_parts).is_none());
        let places = surface.tokens.iter().map(|token| {
            let folded = surface.folded(token);
            let word = match matcher.morphology {
                Some(morphology) => morphology.spelling(token.span.of(text), folded),
                None => Cow::Borrowed(folded),
            };
            if from_the_front && !matcher.stems.may_begin(&word) {
                return 0..0;
            }
            if let Some(range) = known.get(&word) {
                return range.clone();
            }
            let first = all.len();
            matcher.read(&word, token, &mut all);
            known.insert(word, first..all.len());
            first..all.len()
        });
        let places = places.collect();
        Self { all, places }
    }

    fn at(&self, token: usize) -> &[Reading] {
        self.places.get(token).and_then(|range| self.all.get(range.clone())).unwrap_or(&[])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(forms: &[(&str, Role, bool)], text: &str) -> Vec<(String, How, bool)> {
        let forms: Vec<Form> = forms
            .iter()
            .enumerate()
            .map(|(concept, &(text, role, exact_case))| Form { text, concept, role, exact_case })
            .collect();
        let english = LanguageData::of(&crate::article::Language::parse("en").expect("en"));
        let surface = Surface::new(text, english, &[], &[]);
        let hits = Matcher::new(&forms, english).find(text, &surface);
        hits.into_iter().map(|h| (h.span.of(text).to_owned(), h.how, h.nested)).collect()
    }

    #[test]
    fn longest_first_and_nested_said() {
        let forms = [("ceasefire agreement", Role::Approved, false), ("ceasefire", Role::Approved, false)];
        let found = find(&forms, "A ceasefire agreement, Ceasefires.");
        assert_eq!(
            found,
            [
                ("ceasefire agreement".into(), How::Exact, false),
                ("ceasefire".into(), How::Exact, true),
                ("Ceasefires".into(), How::Inflected("noun-s"), false),
            ]
        );
    }

    #[test]
    fn possessives_are_left_out_of_the_place() {
        assert_eq!(
            find(&[("Konashenkov", Role::Approved, false)], "Konashenkov’s word"),
            [("Konashenkov".into(), How::Exact, false)]
        );
    }

    #[test]
    fn case_counts_where_it_is_asked_to() {
        let forms = [("state Department", Role::Unwanted, true)];
        assert_eq!(find(&forms, "the State Department").len(), 0);
        assert_eq!(find(&forms, "the state Department").len(), 1);
    }

    #[test]
    fn every_word_may_be_inflected() {
        let forms = [("ministry of defence", Role::Approved, false)];
        assert_eq!(find(&forms, "both ministries of defence")[0].1, How::Inflected("noun-ies"));
        assert_eq!(find(&forms, "the ministry of defence’s")[0].0, "ministry of defence");
        assert_eq!(find(&forms, "ministerial defence").len(), 0);
    }

    #[test]
    fn a_word_may_stand_between_and_is_told() {
        let forms = [("Ministry of Defence", Role::Approved, false), ("Ministry", Role::Approved, false)];
        let found = find(&forms, "the Ministry of National Defence");
        assert_eq!(
            found,
            [("Ministry of National Defence".into(), How::Gapped, false), ("Ministry".into(), How::Exact, false)]
        );
        assert_eq!(find(&forms[..1], "the Ministry, of National Defence").len(), 0);
        assert_eq!(find(&forms[..1], "the Ministry of the National Defence").len(), 0);
    }

    #[test]
    fn initials_keep_their_letters() {
        let forms = [("US", Role::Approved, true), ("NGO", Role::Approved, true)];
        assert_eq!(find(&forms, "uses of us, NGOS").len(), 0);
        assert_eq!(find(&forms, "NGOs")[0].1, How::Inflected("noun-s"));
        assert_eq!(find(&forms, "the US’s US-led")[0].0, "US");
    }

    #[test]
    fn the_surer_of_two_readings_is_the_one() {
        let forms = [("attack", Role::Approved, false), ("attacks", Role::Approved, false)];
        let found = find(&forms, "attacks");
        assert_eq!(found, [("attacks".into(), How::Inflected("noun-s"), true), ("attacks".into(), How::Exact, false)]);
    }

    #[test]
    fn forms_without_marks_are_cut_as_a_surface_cuts_them() {
        let data = LanguageData::NONE;
        for form in ["Совет безопасности", "  two   spaces ", "وزارة الدفاع", "Çankırı Îl", "a"]
        {
            let (mut plain, mut slow) = (Vec::new(), Vec::new());
            assert!(is_plain(form), "{form}");
            words_of(form, data, |written, folded, word| plain.push((written.to_owned(), folded.to_owned(), word)));
            let surface = Surface::new(form, data, &[], &[]);
            for token in &surface.tokens {
                let (written, folded) = (token.span.of(form), surface.folded(token));
                slow.push((written.to_owned(), folded.to_owned(), token.kind == TokenKind::Word));
            }
            assert_eq!(plain, slow, "{form}");
        }
    }

    #[test]
    fn what_a_word_can_cost_is_bounded() {
        // Every word could be every other, with a gap before each.
        let forms: Vec<String> = (1..20).map(|n| vec!["party"; n].join(" ")).collect();
        let forms: Vec<(&str, Role, bool)> = forms.iter().map(|f| (f.as_str(), Role::Approved, false)).collect();
        let found = find(&forms, &"party parties ".repeat(200));
        assert!(found.len() <= 400 * MAX_STATES, "{}", found.len());
    }

    #[test]
    fn words_are_whole_but_han_is_raw() {
        assert_eq!(find(&[("art", Role::Approved, false)], "party artful art-house").len(), 1);
        assert_eq!(find(&[("外交部", Role::Source, false)], "中国外交部发言人").len(), 1);
    }
}
