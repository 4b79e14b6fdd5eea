//! A rendering in the translation: found in whatever form it stands, and put into the form of another.

use std::borrow::Cow;

use crate::language::LanguageData;
use crate::language::english::{Shape, is_suppletive, noun_shape, plural_of, verb_forms, verb_shape};
use crate::span::Span;
use crate::surface::{Token, TokenKind, fold, without_possessive};

/// Part of speech of a rendering, which says how it changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pos {
    /// Its last word has a plural; the one before "of", where there is one.
    Noun,
    /// Its first word is conjugated.
    Verb,
    /// It stays as it is.
    Fixed,
}

impl Pos {
    pub(super) fn read(name: &str) -> Self {
        match name {
            "n" => Self::Noun,
            "v" => Self::Verb,
            _ => Self::Fixed,
        }
    }
}

/// Words of a translation that are wrong or right for an entry.
#[derive(Clone, Copy, Debug)]
pub struct Rendering<'t> {
    /// In the dictionary's form.
    pub text: &'t str,
    /// Part of speech.
    pub pos: Pos,
}

/// A rendering in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its place; an English possessive ending is left out.
    pub span: Span,
    /// Where its first token stands in the row.
    pub first: usize,
    /// The form of its head.
    pub shape: Shape,
    /// Words stand between its own.
    pub parted: bool,
}

/// A row of tokens with what is known of them.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    /// The text.
    pub text: &'a str,
    /// Its tokens.
    pub tokens: &'a [Token],
    /// A token's letters for comparing.
    pub folded: &'a dyn Fn(&Token) -> &'a str,
    /// The language.
    pub data: LanguageData,
}

/// The most words that may stand between those of a noun or a verb; other phrases stand together.
const MAX_BETWEEN: usize = 1;

impl Rendering<'_> {
    /// Which word of it changes.
    fn head(&self, words: &[&str], data: LanguageData) -> Option<usize> {
        match self.pos {
            Pos::Noun if words.len() == 1 => Some(0),
            Pos::Noun => {
                let prepositions = data.table("prepositions");
                let before = words.iter().skip(1).position(|word| prepositions.has(word));
                Some(before.unwrap_or(words.len().saturating_sub(1)))
            }
            Pos::Verb => Some(0),
            Pos::Fixed => None,
        }
    }

    /// The words that it may begin with, folded.
    pub(super) fn beginnings(&self, data: LanguageData) -> Vec<String> {
        let folded = fold(self.text);
        let words: Vec<&str> = words_of(&folded).collect();
        let Some(first) = words.first() else { return Vec::new() };
        let mut all = vec![(*first).to_owned()];
        if self.head(&words, data) == Some(0) && data.tag() == "en" {
            match self.pos {
                Pos::Verb => {
                    for shape in [Shape::ThirdPerson, Shape::Past, Shape::Participle, Shape::Ing] {
                        all.extend(verb_forms(first, shape));
                    }
                }
                _ => all.extend(plural_of(first)),
            }
        }
        all
    }

    /// The first byte of its second word, folded.
    pub(super) fn second(&self) -> Option<u8> {
        words_of(&self.folded()).nth(1)?.bytes().next()
    }

    /// The places where it stands, from the first to the last; a place begins at a token only once.
    pub fn find(&self, row: Words<'_>) -> Vec<Found> {
        let folded = self.folded();
        let words: Vec<&str> = words_of(&folded).collect();
        let head = self.head(&words, row.data);
        (0..row.tokens.len()).filter_map(|first| self.at(row, &words, head, first)).collect()
    }

    /// The same at one token alone.
    pub fn find_at(&self, row: Words<'_>, first: usize) -> Option<Found> {
        let folded = self.folded();
        let words: Vec<&str> = words_of(&folded).collect();
        self.at(row, &words, self.head(&words, row.data), first)
    }

    /// Its letters for comparing: nearly all are as they are compared.
    fn folded(&self) -> Cow<'_, str> {
        let plain = self.text.bytes().all(|b| b.is_ascii_lowercase() || b == b' ' || b == b'-');
        if plain { Cow::Borrowed(self.text) } else { Cow::Owned(fold(self.text)) }
    }

    fn at(&self, row: Words<'_>, words: &[&str], head: Option<usize>, first: usize) -> Option<Found> {
        // Nearly every token is told from nearly every word by its first letter.
        let begins = |word: &str| (row.folded)(&row.tokens[first]).as_bytes().first() == word.as_bytes().first();
        if row.data.tag() == "en" && !words.first().is_some_and(|word| begins(word) || is_suppletive(word)) {
            return None;
        }
        let (mut at, mut between, mut shape) = (first, 0, Shape::Base);
        for (number, word) in words.iter().enumerate() {
            loop {
                let token = row.tokens.get(at)?;
                if token.kind == TokenKind::Mark {
                    // Hyphens alone are passed over.
                    let hyphen = token.glued && token.span.of(row.text).starts_with(['-', '\u{2011}']);
                    if number == 0 || !hyphen {
                        return None;
                    }
                    at += 1;
                    continue;
                }
                if let Some(found) = self.shape_of(row, token, word, head == Some(number)) {
                    if head == Some(number) {
                        shape = found;
                    }
                    break;
                }
                between += 1;
                if number == 0 || between > MAX_BETWEEN || self.pos == Pos::Fixed {
                    return None;
                }
                at += 1;
            }
            at += 1;
        }
        let last = row.tokens.get(at.checked_sub(1)?)?;
        let span = row.tokens.get(first)?.span.cover(last.span);
        let own = words.last().is_some_and(|word| word.ends_with("'s"));
        let end = if own { span.end() } else { without_possessive(row.text, last.span).end() };
        Some(Found { span: Span::new(span.start(), end), first, shape, parted: between > 0 })
    }

    /// The form in which a token is a word of it.
    fn shape_of(&self, row: Words<'_>, token: &Token, word: &str, head: bool) -> Option<Shape> {
        let folded = (row.folded)(token);
        let bare = folded.strip_suffix("'s").unwrap_or(folded);
        if folded == word || bare == word {
            return Some(Shape::Base);
        }
        if row.data.tag() != "en" {
            let morphology = row.data.morphology_with_verbs()?;
            let spelled = |w: &str| morphology.spelling(w, w).into_owned();
            return (self.pos != Pos::Fixed || self.text.contains(' ') || head)
                .then(|| morphology.form_of(&spelled(folded), &spelled(word)))
                .flatten()
                .map(|_| Shape::Base);
        }
        if !head {
            return None;
        }
        match self.pos {
            Pos::Noun => noun_shape(bare, word),
            Pos::Verb => verb_shape(folded, word),
            Pos::Fixed => None,
        }
    }

    /// It in a form: that of what it is to replace.
    pub fn in_shape(&self, shape: Shape, data: LanguageData) -> String {
        let words: Vec<&str> = self.text.split(' ').collect();
        let Some(head) = self.head(&words, data).filter(|_| shape != Shape::Base) else {
            return self.text.to_owned();
        };
        let mut all: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        if let Some(word) = all.get_mut(head) {
            let form = match self.pos {
                Pos::Noun => noun_plural(word),
                Pos::Verb => verb_forms(word, shape).into_iter().next(),
                Pos::Fixed => None,
            };
            if let Some(form) = form {
                *word = form;
            }
        }
        all.join(" ")
    }
}

/// The plural of a noun as it is written; of one with hyphens, that of its last part.
fn noun_plural(word: &str) -> Option<String> {
    let (head, last) = word.rfind('-').map_or(("", word), |at| word.split_at(at + 1));
    plural_of(last).map(|last| format!("{head}{last}"))
}

/// The words of folded text: what stands between spaces and hyphens.
fn words_of(folded: &str) -> impl Iterator<Item = &str> {
    folded.split([' ', '-', '\u{2011}']).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surface::Surface;

    fn find(rendering: &str, pos: Pos, text: &str) -> Vec<(String, Shape)> {
        let data = LanguageData::named("en").expect("English");
        let surface = Surface::new(text, data, &[], &[]);
        let folded = |token: &Token| surface.folded(token);
        let words = Words { text, tokens: &surface.tokens, folded: &folded, data };
        let found = Rendering { text: rendering, pos }.find(words);
        found.into_iter().map(|f| (f.span.of(text).to_owned(), f.shape)).collect()
    }

    #[test]
    fn renderings_are_found_in_their_forms() {
        assert_eq!(find("frame", Pos::Noun, "The frames’s edge"), [("frames".to_owned(), Shape::Plural)]);
        assert_eq!(
            find("chop from the shoulder", Pos::Verb, "We chopped straight from the shoulder."),
            [("chopped straight from the shoulder".to_owned(), Shape::Past)]
        );
        assert_eq!(
            find("rate of interest", Pos::Noun, "rates of interest"),
            [("rates of interest".to_owned(), Shape::Plural)]
        );
        assert_eq!(
            find("decision maker", Pos::Noun, "decision-makers"),
            [("decision-makers".to_owned(), Shape::Plural)]
        );
        assert!(find("in severe", Pos::Fixed, "in severely").is_empty());
        assert!(find("chop from the shoulder", Pos::Verb, "We chopped it, from the shoulder.").is_empty());
    }

    #[test]
    fn the_right_one_takes_the_form_of_the_wrong_one() {
        let data = LanguageData::named("en").expect("English");
        let shaped = |text, pos, shape| Rendering { text, pos }.in_shape(shape, data);
        assert_eq!(shaped("court of appeal", Pos::Noun, Shape::Plural), "courts of appeal");
        assert_eq!(shaped("take part", Pos::Verb, Shape::Past), "took part");
        assert_eq!(shaped("human resources", Pos::Noun, Shape::Plural), "human resources");
        assert_eq!(shaped("by-election", Pos::Noun, Shape::Plural), "by-elections");
        assert_eq!(shaped("the dead", Pos::Fixed, Shape::Plural), "the dead");
    }
}
