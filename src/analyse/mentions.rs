//! The names of a text: which words are somebody's or something's name, and which of them belong together.
//!
//! First version: capital letters in running text, less the words that carry a capital without being a name.

use rustc_hash::FxHashMap;

use crate::language::{LanguageData, Table};
use crate::span::Span;
use crate::surface::{BlockKind, Case, Surface, Token, TokenKind, without_possessive};

/// One name-like word, with every place it has.
#[derive(Clone, Debug)]
pub struct NameWord {
    /// As it is written, without a possessive ending.
    pub text: String,
    /// Its places, in order.
    pub places: Vec<WordPlace>,
}

/// One place of a name-like word.
#[derive(Clone, Copy, Debug)]
pub struct WordPlace {
    /// The place, without a possessive ending.
    pub span: Span,
    /// Its sentence, as an index.
    pub sentence: usize,
    /// The name, of this word and its neighbours, that it is part of.
    pub name: Span,
}

/// The names of a text.
#[derive(Clone, Debug, Default)]
pub struct Mentions {
    /// Name-like words, sorted by their letters.
    pub words: Vec<NameWord>,
    /// Whole names, with their places, sorted by first place.
    pub names: Vec<(String, Vec<Span>)>,
}

/// The most words of one name; a longer run of capitals is a list or a title, and is cut.
const MAX_NAME_WORDS: usize = 8;
/// Fewest letters of a name-like word. Shorter ones differ by chance.
const MIN_LETTERS: usize = 2;

impl Mentions {
    /// Collects the names of a text. A word counts where it has a capital in the middle of a sentence; at the head of a
    /// sentence only if it also does elsewhere; never if the text has it in lower case or the language's list says that
    /// it is an ordinary word.
    pub fn of(text: &str, surface: &Surface, data: LanguageData) -> Self {
        let ordinary = Ordinary::of(surface, data);
        let mut words: FxHashMap<&str, Vec<WordPlace>> = FxHashMap::default();
        let mut names: FxHashMap<&str, Vec<Span>> = FxHashMap::default();
        let mut starts: Vec<(Span, usize)> = Vec::new();
        // Heads of sentences and words of headlines count where the middle of another sentence has shown the word to be a
        // name, or where the language has a list of ordinary words and this is none of them.
        let listed = !ordinary.common.is_empty();
        for (index, sentence) in surface.sentences.iter().enumerate() {
            let tokens = surface.tokens_of(sentence);
            let kind = surface.kind_of(sentence);
            if kind == BlockKind::Headline && is_title_case(tokens) {
                // Every word has a capital here, so none is joined with its neighbours.
                for token in tokens.iter().filter(|_| listed) {
                    let bare = without_possessive(text, token.span);
                    if is_name_like(token, bare.of(text)) && !ordinary.has(surface.folded(token)) {
                        starts.push((bare, index));
                    }
                }
                continue;
            }
            let mut run = Run::default();
            let mut opening = true;
            for token in tokens {
                let written = token.span.of(text);
                let bare = without_possessive(text, token.span);
                let like = is_name_like(token, bare.of(text)) && !ordinary.has(surface.folded(token));
                let joins =
                    run.words.len() < MAX_NAME_WORDS && run.words.last().is_some_and(|last| joins(text, *last, bare));
                let inside = matches!(written, "-" | "\u{2011}") || ordinary.particles.has(surface.folded(token));
                if if like { !joins } else { !inside } {
                    run.close(text, index, &mut words, &mut names, &mut starts);
                }
                if like {
                    run.opens |= opening && run.words.is_empty();
                    run.words.push(bare);
                }
                opening = (opening && token.kind == TokenKind::Mark) || written == ":";
            }
            run.close(text, index, &mut words, &mut names, &mut starts);
        }
        for (span, sentence) in starts {
            let place = WordPlace { span, sentence, name: span };
            match words.get_mut(span.of(text)) {
                Some(places) => places.push(place),
                None if listed => drop(words.insert(span.of(text), vec![place])),
                None => {}
            }
        }
        let mut words: Vec<NameWord> = words
            .into_iter()
            .map(|(word, mut places)| {
                places.sort_by_key(|p| p.span);
                NameWord { text: word.to_owned(), places }
            })
            .collect();
        words.sort_by(|a, b| a.text.cmp(&b.text));
        let mut names: Vec<(String, Vec<Span>)> = names.into_iter().map(|(n, places)| (n.to_owned(), places)).collect();
        names.sort_by(|a, b| (a.1.first(), &a.0).cmp(&(b.1.first(), &b.0)));
        Self { words, names }
    }
}

/// Name-like words in a row.
#[derive(Default)]
struct Run {
    words: Vec<Span>,
    /// The first of them stands at the head of a sentence, where any word has a capital.
    opens: bool,
}

impl Run {
    /// Ends a run: what stands alone at the head of a sentence waits for a witness, all else is a name.
    fn close<'a>(
        &mut self,
        text: &'a str,
        sentence: usize,
        words: &mut FxHashMap<&'a str, Vec<WordPlace>>,
        names: &mut FxHashMap<&'a str, Vec<Span>>,
        starts: &mut Vec<(Span, usize)>,
    ) {
        match self.words[..] {
            [] => {}
            [alone] if self.opens => starts.push((alone, sentence)),
            [first, ..] => {
                let last = self.words.last().copied().unwrap_or(first);
                let name = first.cover(last);
                names.entry(name.of(text)).or_default().push(name);
                for &span in &self.words {
                    words.entry(span.of(text)).or_default().push(WordPlace { span, sentence, name });
                }
            }
        }
        self.words.clear();
        self.opens = false;
    }
}

fn is_name_like(token: &Token, word: &str) -> bool {
    token.kind == TokenKind::Word
        && matches!(token.case, Case::Title | Case::Mixed)
        && word.chars().next().is_some_and(char::is_uppercase)
        && word.chars().count() >= MIN_LETTERS
}

/// Whether two name-like words make one name: a space or hyphen between them, or a particle in lower case.
fn joins(text: &str, left: Span, right: Span) -> bool {
    let between = Span::new(left.end(), right.start()).of(text);
    let mut particles = between.split([' ', '-', '\u{a0}', '\u{2011}']).filter(|word| !word.is_empty());
    let table = LanguageData::shared().table("name-particles");
    between.starts_with([' ', '-', '\u{a0}', '\u{2011}'])
        && between.len() <= MAX_PARTICLES
        && particles.all(|word| table.has(word))
}

/// The longest run of particles in a name, in bytes: " van der ".
const MAX_PARTICLES: usize = 12;

fn is_title_case(tokens: &[Token]) -> bool {
    let (mut capital, mut lower) = (0, 0);
    for token in tokens.iter().filter(|t| t.kind == TokenKind::Word && t.span.len() > 3) {
        match token.case {
            Case::Lower => lower += 1,
            _ => capital += 1,
        }
    }
    capital > lower
}

/// Words that are no names though they carry a capital.
struct Ordinary<'a> {
    lower: rustc_hash::FxHashSet<&'a str>,
    common: Table,
    starters: Table,
    calendar: Table,
    particles: Table,
}

impl<'a> Ordinary<'a> {
    fn of(surface: &'a Surface, data: LanguageData) -> Self {
        let lower = surface.tokens.iter().filter(|t| t.kind == TokenKind::Word && t.case == Case::Lower);
        Self {
            lower: lower.map(|t| surface.folded(t)).collect(),
            common: data.table("common-words"),
            starters: data.table("starters"),
            calendar: data.table("calendar"),
            particles: LanguageData::shared().table("name-particles"),
        }
    }

    fn has(&self, folded: &str) -> bool {
        let bare = folded.strip_suffix("'s").unwrap_or(folded);
        self.lower.contains(bare) || [self.common, self.starters, self.calendar].iter().any(|table| table.has(bare))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Language;

    fn names(text: &str) -> Vec<String> {
        let data = LanguageData::of(&Language::parse("en").expect("en"));
        let surface = Surface::new(text, data, &[], &[]);
        Mentions::of(text, &surface, data).names.into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn names_are_runs_of_capitals_less_ordinary_words() {
        let text = "Yesterday the Minister met Igor Konashenkov’s aide Abu Omar al-Baghdadi in Amman. Amman is hot.";
        assert_eq!(names(text), ["Igor Konashenkov", "Abu Omar al-Baghdadi", "Amman"]);
    }
}
