//! Finds a glossary's forms in a text, all of them in one pass.
//!
//! Forms in scripts with word boundaries are sequences of folded tokens in a trie; forms in scripts without them (Han, Kana,
//! Thai, Khmer, Lao, Burmese) are matched on the raw text, since dictionary words there are not to be relied on.

use aho_corasick::{AhoCorasick, MatchKind};
use rustc_hash::FxHashMap;

use crate::language::LanguageData;
use crate::span::Span;
use crate::surface::{Surface, TokenKind};

/// The longest form that is matched, in tokens. It bounds what a token of text can cost.
pub const MAX_FORM_TOKENS: usize = 24;

/// The most concepts that share a form.
pub(super) const MAX_SENSES: usize = 16;
/// Characters of an unspaced script that count as a token of a form's length.
const UNSPACED_PER_TOKEN: usize = 2;

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
#[derive(Clone, Debug)]
pub struct Form {
    /// Its text.
    pub text: String,
    /// Its concept, as an index.
    pub concept: usize,
    /// What it is to it.
    pub role: Role,
    /// Found only in the case it is written in.
    pub exact_case: bool,
}

/// How a place matches a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// Letter by letter.
    Exact,
    /// But for upper and lower case.
    Case,
    /// By an English plural.
    Inflected,
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
    /// A longer form covers this one.
    pub nested: bool,
}

#[derive(Clone, Debug)]
struct Payload {
    text: Box<str>,
    concept: u32,
    role: Role,
    exact_case: bool,
    inflected: bool,
}

/// A word of the text as the forms know it: whole, and without a possessive ending of so many bytes.
struct Word {
    whole: Option<u32>,
    bare: Option<(u32, usize)>,
}

/// A set of forms, ready to be found.
pub struct Matcher {
    words: FxHashMap<Box<str>, u32>,
    next: FxHashMap<(u32, u32), u32>,
    ends: Vec<Vec<Payload>>,
    raw: Option<AhoCorasick>,
    raw_payloads: Vec<Payload>,
}

/// How many tokens a form has.
pub fn token_count(form: &str) -> usize {
    if is_unspaced(form) {
        form.chars().count().div_ceil(UNSPACED_PER_TOKEN)
    } else {
        Surface::new(form, LanguageData::NONE, &[], &[]).tokens.len()
    }
}

/// Whether a form has letters of a script without word boundaries.
pub(super) fn is_unspaced(form: &str) -> bool {
    form.chars().any(|c| {
        matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
            | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{3ffff}')
    })
}

impl Matcher {
    /// Compiles forms of a language; in English, with the plural of each form's last word.
    pub fn new(forms: &[Form], data: LanguageData) -> Self {
        let english = data.tag() == "en";
        let mut matcher = Self {
            words: FxHashMap::default(),
            next: FxHashMap::default(),
            ends: vec![Vec::new()],
            raw: None,
            raw_payloads: Vec::new(),
        };
        for form in forms {
            let payload = |inflected| Payload {
                text: form.text.as_str().into(),
                concept: u32::try_from(form.concept).unwrap_or(u32::MAX),
                role: form.role,
                exact_case: form.exact_case,
                inflected,
            };
            if is_unspaced(&form.text) {
                matcher.raw_payloads.push(payload(false));
                continue;
            }
            let surface = Surface::new(&form.text, data, &[], &[]);
            let mut words: Vec<String> = surface.tokens.iter().map(|t| surface.folded(t).to_owned()).collect();
            if words.is_empty() || words.len() > MAX_FORM_TOKENS {
                continue;
            }
            matcher.insert(&words, payload(false));
            let last = surface.tokens.last().filter(|t| english && t.kind == TokenKind::Word && t.span.len() > 2);
            if let (Some(plural), Some(word)) = (last.and_then(|t| english_plural(surface.folded(t))), words.last_mut())
            {
                *word = plural;
                matcher.insert(&words, payload(true));
            }
        }
        if !matcher.raw_payloads.is_empty() {
            let patterns = matcher.raw_payloads.iter().map(|p| p.text.as_bytes());
            // Building fails only past 2³¹ states, which the limit on entries keeps far away.
            matcher.raw = AhoCorasick::builder().match_kind(MatchKind::Standard).build(patterns).ok();
        }
        matcher
    }

    fn insert(&mut self, words: &[String], payload: Payload) {
        let mut node = 0;
        for word in words {
            let fresh = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
            let word = *self.words.entry(word.as_str().into()).or_insert(fresh);
            node = *self.next.entry((node, word)).or_insert_with(|| {
                self.ends.push(Vec::new());
                u32::try_from(self.ends.len() - 1).unwrap_or(u32::MAX)
            });
        }
        let ends = &mut self.ends[node as usize];
        // What else would be said of so ambiguous a form would help nobody.
        if ends.len() < MAX_SENSES {
            ends.push(payload);
        }
    }

    /// Every place of every form, in the order of the text, longer before shorter.
    pub fn find(&self, text: &str, surface: &Surface) -> Vec<Hit> {
        let mut hits = Vec::new();
        if !self.words.is_empty() {
            self.find_words(text, surface, &mut hits);
        }
        if let Some(raw) = &self.raw {
            for found in raw.find_overlapping_iter(text) {
                let payload = &self.raw_payloads[found.pattern().as_usize()];
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
        hits.sort_by_key(|h| (h.span.start(), std::cmp::Reverse(h.span.end()), h.concept, h.how));
        hits.dedup_by_key(|h| (h.span, h.concept, h.role));
        let mut covered = Span::new(0, 0);
        for hit in &mut hits {
            hit.nested = hit.span != covered && covered.contains(hit.span);
            if !hit.nested && hit.span.end() > covered.end() {
                covered = hit.span;
            }
        }
        hits
    }

    fn find_words(&self, text: &str, surface: &Surface, hits: &mut Vec<Hit>) {
        // A word with its possessive ending is also looked up without it, as the last word of a form only.
        let ids: Vec<Word> = surface
            .tokens
            .iter()
            .map(|token| {
                let folded = surface.folded(token);
                let bare = folded.strip_suffix("'s").or_else(|| folded.strip_suffix('\''));
                let bare = bare.and_then(|bare| {
                    let ending = token.span.of(text).chars().rev().take(folded.chars().count() - bare.chars().count());
                    Some((*self.words.get(bare)?, ending.map(char::len_utf8).sum()))
                });
                Word { whole: self.words.get(folded).copied(), bare }
            })
            .collect();
        // A form stands within one paragraph: across a border it would also run from one segment into the next.
        for block in &surface.blocks {
            let range = surface.tokens_of_block(block);
            for first in range.clone() {
                let mut node = 0;
                for at in (first..range.end).take(MAX_FORM_TOKENS) {
                    let Word { whole, bare } = ids[at];
                    let start = surface.tokens[first].span.start();
                    let end = surface.tokens[at].span.end();
                    if let Some((bare, ending)) = bare
                        && let Some(&last) = self.next.get(&(node, bare))
                    {
                        self.accept(last, text, Span::new(start, end - ending), hits);
                    }
                    let Some(&step) = whole.and_then(|word| self.next.get(&(node, word))) else {
                        break;
                    };
                    node = step;
                    self.accept(node, text, Span::new(start, end), hits);
                }
            }
        }
    }

    /// Adds what ends at a trie node, one hit a concept: the right form before the wrong one where both fit the letters.
    fn accept(&self, node: u32, text: &str, span: Span, hits: &mut Vec<Hit>) {
        let written = span.of(text);
        let first = hits.len();
        for payload in &self.ends[node as usize] {
            let how = match (payload.inflected, *payload.text == *written) {
                (true, _) => How::Inflected,
                (false, true) => How::Exact,
                (false, false) => How::Case,
            };
            if payload.exact_case && how != How::Exact {
                continue;
            }
            let concept = payload.concept as usize;
            let hit = Hit { span, concept, role: payload.role, how, nested: false };
            let rank = |h: &Hit| match (h.role, h.how) {
                (Role::Approved | Role::Source, How::Exact) => 0,
                (Role::Unwanted, How::Exact) => 1,
                (Role::Approved | Role::Source, _) => 2,
                (Role::Unwanted, _) => 3,
            };
            match hits[first..].iter_mut().find(|h| h.concept == concept) {
                Some(other) if rank(&hit) < rank(other) => *other = hit,
                Some(_) => {}
                None => hits.push(hit),
            }
        }
    }
}

/// The regular English plural of a word; `None` where it already looks like one.
pub fn english_plural(word: &str) -> Option<String> {
    let stem = |n: usize| &word[..word.len() - n];
    let letter = |n: usize| word.as_bytes().iter().rev().nth(n).copied().unwrap_or(b' ');
    if !word.is_ascii() || !word.ends_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    Some(match letter(0) {
        b's' if letter(1) != b's' => return None,
        b's' | b'x' | b'z' => format!("{word}es"),
        b'h' if matches!(letter(1), b'c' | b's') => format!("{word}es"),
        b'y' if !matches!(letter(1), b'a' | b'e' | b'i' | b'o' | b'u') => format!("{}ies", stem(1)),
        _ => format!("{word}s"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(forms: &[(&str, Role, bool)], text: &str) -> Vec<(String, How, bool)> {
        let forms: Vec<Form> = forms
            .iter()
            .enumerate()
            .map(|(concept, &(text, role, exact_case))| Form { text: text.into(), concept, role, exact_case })
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
                ("Ceasefires".into(), How::Inflected, false),
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
    fn words_are_whole_but_han_is_raw() {
        assert_eq!(find(&[("art", Role::Approved, false)], "party artful art-house").len(), 1);
        assert_eq!(find(&[("外交部", Role::Source, false)], "中国外交部发言人").len(), 1);
    }
}
