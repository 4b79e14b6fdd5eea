//! The people of a text, of either side: a given name with what follows it, where the script shows what a name is.
//!
//! Only what is surely somebody's name: the first word is a known given name, the last is no ordinary word, and nothing that
//! may be part of another name stands before or behind. Scripts without capitals have none.

use std::cell::OnceCell;

use rustc_hash::FxHashSet;

use super::mentions::is_title_case;
use crate::article::Language;
use crate::language::{LanguageData, Table};
use crate::names::{self, Given, given_name};
use crate::span::Span;
use crate::surface::{BlockKind, Case, Surface, Token, TokenKind, without_possessive};

/// Somebody named in full.
#[derive(Clone, Debug)]
pub struct Person {
    /// Its sentence, as an index.
    pub sentence: usize,
    /// The whole name.
    pub span: Span,
    /// The given name.
    pub given: Span,
    /// What it is the same as in other languages.
    pub same: Given,
    /// Names and particles between the two are left out; initials, too.
    pub middle: Vec<Span>,
    /// The surname, or its last word.
    pub surname: Span,
    /// The surname stands first, as Hungarian has it.
    pub surname_first: bool,
}

/// The most words of a name: a given name, two more, a surname.
const MAX_WORDS: usize = 4;
/// Letters of the longest ending of case behind such a given name.
const MAX_ENDING: usize = 4;
/// Fewest letters of a surname; shorter ones are found by chance.
const MIN_LETTERS: usize = 3;
/// The most pieces of one run of capitals; a longer one is a list or a title.
const MAX_RUN: usize = 8;

/// A word of a run of capitals.
#[derive(Clone, Copy)]
struct Piece {
    span: Span,
    initial: bool,
    ordinary: bool,
}

/// The people of a text, in order.
pub fn people(text: &str, surface: &Surface, data: LanguageData, language: &Language) -> Vec<Person> {
    let lower = surface.tokens.iter().filter(|t| t.kind == TokenKind::Word && t.case == Case::Lower);
    let ordinary = Ordinary {
        lower: lower.map(|t| surface.folded(t)).collect(),
        tables: ["common-words", "starters", "calendar", "nationalities", "titles"].map(|table| data.table(table)),
    };
    let particles = LanguageData::shared().table("name-particles");
    let and = data.fact_words("and");
    let nouns = data.capitalises_nouns();
    let mut all = Vec::new();
    for (index, sentence) in surface.sentences.iter().enumerate() {
        let tokens = surface.tokens_of(sentence);
        if surface.kind_of(sentence) == BlockKind::Headline && !nouns && is_title_case(tokens) {
            continue;
        }
        let mut run: Vec<Piece> = Vec::new();
        let close = |run: &mut Vec<Piece>, all: &mut Vec<Person>| {
            all.extend(person(text, language, run, index, nouns));
            run.clear();
        };
        for token in tokens {
            let written = token.span.of(text);
            let between =
                run.last().map(|last| Span::new(last.span.end(), token.span.start().max(last.span.end())).of(text));
            let small = |words: &str| words.contains(char::is_alphabetic) && !words.contains('-');
            // Behind a surname a small word belongs to the sentence: the name has its particles behind the given name. Where all
            // nouns have capitals it may do so anywhere.
            let apart = (nouns || run.len() > 1) && is_capital(token, written) && between.is_some_and(small);
            let joined = !apart && run.last().is_some_and(|last| joins(text, last, token, particles));
            if !run.is_empty() && !joined {
                close(&mut run, &mut all);
            }
            if is_capital(token, written) {
                let bare = without_possessive(text, token.span);
                let initial = written.chars().filter(|c| c.is_alphabetic()).count() == 1 || written.contains('.');
                let ordinary = ordinary.has(surface.folded(token));
                run.push(Piece { span: bare, initial, ordinary });
                if bare != token.span {
                    close(&mut run, &mut all);
                }
            } else if !(joined
                && (matches!(written, "-" | "\u{2011}" | ".")
                    || (particles.has(surface.folded(token)) && !and.contains(&surface.folded(token)))))
            {
                close(&mut run, &mut all);
            }
        }
        close(&mut run, &mut all);
    }
    all
}

fn is_capital(token: &Token, written: &str) -> bool {
    token.kind == TokenKind::Word
        && matches!(token.case, Case::Title | Case::Mixed | Case::Upper)
        && written.chars().next().is_some_and(char::is_uppercase)
        && (token.case != Case::Upper || written.contains('.'))
}

/// Whether nothing that ends a name stands between a piece and a token: a space, a hyphen, the stop of an initial, particles.
fn joins(text: &str, last: &Piece, token: &Token, particles: Table) -> bool {
    let between = Span::new(last.span.end(), token.span.start().max(last.span.end())).of(text);
    let stop = between.strip_prefix('.').filter(|_| last.initial);
    let mut words = stop.unwrap_or(between).split([' ', '-', '\u{a0}', '\u{2011}']).filter(|word| !word.is_empty());
    let initial_stop = between.is_empty() && last.initial && token.span.of(text) == ".";
    let hyphen = between.is_empty() && matches!(token.span.of(text), "-" | "\u{2011}");
    (initial_stop || hyphen || !between.is_empty() || last.initial) && words.all(|word| particles.has(word))
}

struct Ordinary<'a> {
    lower: FxHashSet<&'a str>,
    tables: [Table; 5],
}

impl Ordinary<'_> {
    fn has(&self, folded: &str) -> bool {
        let bare = folded.strip_suffix("'s").unwrap_or(folded);
        self.lower.contains(bare) || self.tables.iter().any(|table| table.has(bare))
    }
}

/// The person that a run of capitals names, if it does.
fn person(text: &str, language: &Language, run: &[Piece], sentence: usize, nouns: bool) -> Option<Person> {
    if run.len() < 2 || run.len() > MAX_RUN {
        return None;
    }
    // Each is looked up once, if it is asked for.
    let names: Vec<OnceCell<Option<Given>>> = run.iter().map(|_| OnceCell::new()).collect();
    let given = |at: usize| {
        let piece = run.get(at).filter(|piece| !piece.initial && !piece.ordinary)?;
        *names.get(at)?.get_or_init(|| given_name(piece.span.of(text), language))
    };
    let own = LanguageData::of(language).table("own-given-names");
    let is_own = |piece: &Piece| {
        let plain = names::plain(piece.span.of(text));
        // In a case: Viktornak.
        (0..=MAX_ENDING).any(|cut| plain.get(..plain.len().saturating_sub(cut)).is_some_and(|stem| own.has(stem)))
    };
    let is_surname = |piece: &Piece| {
        !piece.initial
            && !piece.ordinary
            && piece.span.of(text).chars().filter(|c| c.is_alphabetic()).count() >= MIN_LETTERS
    };
    // Foreign names keep their own order where the surname stands first.
    if let ([surname, second], None) = (run, given(0))
        && let Some(same) = given(1).filter(|_| is_surname(surname) && is_own(second))
    {
        return Some(Person {
            sentence,
            span: surname.span.cover(second.span),
            given: second.span,
            same,
            middle: Vec::new(),
            surname: surname.span,
            surname_first: true,
        });
    }
    let at = (0..run.len()).find(|&at| given(at).is_some())?;
    let before = run.get(..at)?;
    // A title may stand before it, or where all nouns have capitals any noun.
    if !nouns && !before.iter().all(|piece| piece.ordinary) {
        return None;
    }
    let name = run.get(at..)?;
    let (first, rest) = name.split_first()?;
    let (last, middle) = rest.split_last()?;
    if name.len() > MAX_WORDS || !is_surname(last) || middle.iter().any(|piece| piece.ordinary && !piece.initial) {
        return None;
    }
    Some(Person {
        sentence,
        span: first.span.cover(last.span),
        given: first.span,
        same: given(at)?,
        middle: middle.iter().filter(|piece| !piece.initial).map(|piece| piece.span).collect(),
        surname: last.span,
        surname_first: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(tag: &str, text: &str) -> Vec<String> {
        let language = Language::parse(tag).expect(tag);
        let data = LanguageData::of(&language);
        let surface = Surface::new(text, data, &[], &[]);
        let name = |p: Person| format!("{}+{}", p.given.of(text), p.surname.of(text));
        people(text, &surface, data, &language).into_iter().map(name).collect()
    }

    #[test]
    fn people_are_given_names_with_a_surname() {
        assert_eq!(
            of("en", "President Vladimir V. Putin met Ursula von der Leyen and Ann Lee’s aide in Paris."),
            ["Vladimir+Putin", "Ursula+Leyen", "Ann+Lee"]
        );
        assert_eq!(
            of("es", "Ayer hablaron Juan Ferreyra y Ignacio Quiroga de Quilmes."),
            ["Juan+Ferreyra", "Ignacio+Quiroga"]
        );
        assert_eq!(of("en", "They met Omar al-Baghdadi."), ["Omar+Baghdadi"]);
        assert_eq!(of("ru", "Он видел Владимира Петрова, а Иван молчал."), ["Владимира+Петрова"]);
        assert_eq!(of("de", "Gestern hat Minister Peter Lambertin den Bericht gelesen."), ["Peter+Lambertin"]);
        assert_eq!(of("hu", "Kassovics Viktor és Donald Trump tegnap beszélt."), ["Viktor+Kassovics", "Donald+Trump"]);
        assert!(of("en", "They saw the Victoria Cross at Stade Roland Garros.").is_empty());
        assert!(of("ar", "قال محمد الأسد").is_empty());
    }
}
