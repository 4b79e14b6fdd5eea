//! `case/headline-title-case`: a headline with a capital on every word, as English has it and most languages have not.

use crate::analyse::{Document, Passage};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Severity};
use crate::language::{LanguageData, Table};
use crate::span::Span;
use crate::surface::{BlockKind, Case, Token, TokenKind};

pub(in crate::check) static HEADLINE_TITLE_CASE: Rule = Rule {
    id: "case/headline-title-case",
    summary: "A headline with a capital on every word, in a language that writes headlines as it writes sentences.",
    mqm: "locale",
    its: "typographical",
    severity: Severity::Minor,
    scope: Scope::Document,
    layers: &[Layer::Surface],
    languages: Languages::WithTable("headline-words"),
    needs_source: false,
    needs_glossary: false,
    run: Run::Document(survey),
};

/// Words that the text has in small letters elsewhere stand in the headline with a capital, and none without.
const CONFIDENCE: f64 = 0.9;
/// Fewest words with a capital, after the first, for a headline to be in Title Case: two names have four.
const MIN_CAPITALS: usize = 4;
/// Fewest of them that are shown to be no names.
const MIN_ORDINARY: usize = 2;
/// And of all that have a capital, one in so many.
const LEAST_SHARE: usize = 3;
/// Letters that endings may take: "миллиона" and "миллионов", "inondée" and "inonder".
const ENDING: usize = 3;
/// Fewest letters of a stem.
const MIN_STEM: usize = 4;

/// What the body of the text shows of its words.
struct Headline {
    /// Words that stand in small letters, sorted.
    small: Vec<String>,
    /// Words that stand with a capital in the middle of a sentence, sorted.
    capital: Vec<String>,
    /// Words that never have a capital within a sentence.
    always: Table,
    /// Nouns have a capital, so that a verb in small letters ("pflegen") says nothing of its noun ("Pflege").
    nouns: bool,
}

fn survey(document: &Document<'_>, _: &Settings) -> Box<dyn Survey> {
    let (data, surface) = (document.target.data(), document.target.surface());
    let (always, nouns) = (data.table("headline-words"), data.capitalises_nouns());
    let headline = surface.blocks.iter().find(|b| b.kind == BlockKind::Headline);
    let tokens = headline.map_or(&[][..], |block| surface.tokens.get(surface.tokens_of_block(block)).unwrap_or(&[]));
    // The words of the body are gathered only where the headline could be one.
    if capitals(tokens) < MIN_CAPITALS {
        return Box::new(Headline { small: Vec::new(), capital: Vec::new(), always, nouns });
    }
    let (mut small, mut capital) = (Vec::new(), Vec::new());
    for sentence in surface.sentences.iter().filter(|s| surface.kind_of(s) == BlockKind::Body) {
        for token in surface.tokens_of(sentence).iter().skip(1).filter(|t| t.kind == TokenKind::Word) {
            match token.case {
                Case::Lower => small.push(surface.folded(token).to_owned()),
                Case::Title | Case::Mixed | Case::Upper => capital.push(surface.folded(token).to_owned()),
                Case::None => {}
            }
        }
    }
    for words in [&mut small, &mut capital] {
        words.sort_unstable();
        words.dedup();
    }
    Box::new(Headline { small, capital, always, nouns })
}

fn capitals(tokens: &[Token]) -> usize {
    tokens.iter().skip(1).filter(|t| t.kind == TokenKind::Word && t.case == Case::Title).count()
}

/// What is known of a word of the headline.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    /// Nothing.
    Not,
    /// It is a small word of the list.
    Small,
    /// It is no name.
    Ordinary,
    /// Another form of it is no name.
    Akin,
    /// It is a name, or stands in one.
    Name,
}

impl Headline {
    fn known(&self, folded: &str) -> Known {
        if self.always.has(folded) {
            return Known::Small;
        }
        // What the text writes both ways is part of a name in one of them: "la Casa Blanca", "la casa".
        if holds(&self.capital, folded) {
            return Known::Name;
        }
        if holds(&self.small, folded) {
            return Known::Ordinary;
        }
        let letters = folded.chars().count();
        if self.nouns || letters <= MIN_STEM {
            return Known::Not;
        }
        let stem: String = folded.chars().take((letters - ENDING.min(letters)).max(MIN_STEM)).collect();
        let longest = letters + ENDING;
        match (akin(&self.small, &stem, longest), akin(&self.capital, &stem, longest)) {
            (_, true) => Known::Name,
            (true, false) => Known::Akin,
            (false, false) => Known::Not,
        }
    }
}

fn holds(words: &[String], word: &str) -> bool {
    words.binary_search_by(|w| w.as_str().cmp(word)).is_ok()
}

/// Whether a word begins with the stem and is no longer than its forms are. Words with one stem stand side by side; the
/// first few are looked at.
fn akin(words: &[String], stem: &str, longest: usize) -> bool {
    let first = words.partition_point(|w| w.as_str() < stem);
    words[first..].iter().take(MAX_AKIN).take_while(|w| w.starts_with(stem)).any(|w| w.chars().count() <= longest)
}

/// Words with one stem that are looked at.
const MAX_AKIN: usize = 16;

impl Survey for Headline {
    fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        let tokens = passage.tokens();
        if passage.kind() != BlockKind::Headline || self.small.is_empty() || capitals(tokens) < MIN_CAPITALS {
            return;
        }
        let quoted = quoted(passage);
        let capital = |at: usize| {
            tokens[at].kind == TokenKind::Word
                && tokens[at].case == Case::Title
                && !quoted[at]
                && at > 0
                && !opens(passage, at)
        };
        let known: Vec<Known> = (0..tokens.len())
            .map(|at| if capital(at) { self.known(passage.folded(&tokens[at])) } else { Known::Not })
            .collect();
        let small = (1..tokens.len()).any(|at| {
            let token = &tokens[at];
            token.kind == TokenKind::Word
                && token.case == Case::Lower
                && !self.always.has(passage.folded(token))
                && !is_small(token, passage)
        });
        let count =
            |wanted: &[Known]| (1..tokens.len()).filter(|&at| capital(at) && wanted.contains(&known[at])).count();
        let shown = count(&[Known::Small, Known::Ordinary, Known::Akin]);
        // "Essen" may be the noun though the text has "essen": where nouns have capitals, a small word must have one as well.
        let copied = !self.nouns || count(&[Known::Small]) > 0;
        // Where the text knows fewer words than it does not, what is left with a capital would look no better.
        let sure = count(&[Known::Not]) <= shown;
        if small || !copied || shown < MIN_ORDINARY.max(capitals(tokens) / LEAST_SHARE) {
            return;
        }
        // A word whose other forms are ordinary belongs to a name that it touches: "Систем Халворсена".
        let wrong = |at: usize| match known[at] {
            Known::Small | Known::Ordinary => true,
            Known::Akin => !beside_name(tokens, &known, at, &capital),
            _ => false,
        };
        let mut at = 0;
        while at < tokens.len() {
            if !wrong(at) {
                at += 1;
                continue;
            }
            let (first, mut last) = (at, at);
            while at < tokens.len() && !ends_run(tokens, at, &wrong, &capital, passage) {
                if wrong(at) {
                    last = at;
                }
                at += 1;
            }
            out.push(draft(passage, document.target.data(), (first, last), &wrong, sure));
            at = last + 1;
        }
    }
}

/// A run goes on over wrong capitals, small words and numbers; a name or a mark ends it.
fn ends_run(
    tokens: &[Token],
    at: usize,
    wrong: &impl Fn(usize) -> bool,
    capital: &impl Fn(usize) -> bool,
    passage: &Passage<'_>,
) -> bool {
    let token = &tokens[at];
    match token.kind {
        TokenKind::Word => !wrong(at) && (capital(at) || token.case != Case::Lower),
        TokenKind::Number => false,
        TokenKind::Mark => !matches!(passage.written(token), "," | "-" | "%" | "'" | "’"),
        TokenKind::Mask => true,
    }
}

/// A capital that nothing shows to be wrong stands before or after the word.
fn beside_name(tokens: &[Token], known: &[Known], at: usize, capital: &impl Fn(usize) -> bool) -> bool {
    let name = |i: usize| {
        tokens.get(i).is_some_and(|t| t.kind == TokenKind::Word)
            && (matches!(tokens[i].case, Case::Upper | Case::Mixed)
                || (capital(i) && matches!(known[i], Known::Not | Known::Name)))
    };
    name(at + 1) || at.checked_sub(1).is_some_and(|i| i > 0 && name(i))
}

/// Small words that English leaves small in Title Case, too.
fn is_small(token: &Token, passage: &Passage<'_>) -> bool {
    passage.written(token).chars().count() <= 3
}

/// The word opens a new clause after a colon, a question mark or a dash, where some languages have a capital.
fn opens(passage: &Passage<'_>, at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|i| passage.tokens().get(i));
    before.is_some_and(|t| {
        t.kind == TokenKind::Mark && matches!(passage.written(t), ":" | "?" | "!" | "." | "—" | "–" | "-" | "|" | "…")
    })
}

/// Which words stand between quotation marks: titles and other people's words.
fn quoted(passage: &Passage<'_>) -> Vec<bool> {
    let mut open = false;
    let marks = passage.tokens().iter().map(|t| {
        let mark = t.kind == TokenKind::Mark && passage.written(t).contains(['"', '“', '”', '«', '»', '„', '‘']);
        if mark {
            open = !open;
        }
        open || mark
    });
    marks.collect()
}

fn draft(
    passage: &Passage<'_>,
    data: LanguageData,
    (first, last): (usize, usize),
    wrong: &impl Fn(usize) -> bool,
    sure: bool,
) -> Draft {
    let tokens = passage.tokens();
    let span = tokens[first].span.cover(tokens[last].span);
    let message = format!("{} headlines have capitals where sentences have them", data.name());
    let draft = Draft::new(span, CONFIDENCE, message)
        .because(EvidenceKind::Document, "these words stand in small letters elsewhere", None)
        .of_group("headline");
    if !sure {
        return draft;
    }
    let text = passage.text.text();
    let mut mended = String::new();
    let mut done = span.start();
    for at in (first..=last).filter(|&at| wrong(at)) {
        let word = tokens[at].span;
        mended.push_str(Span::new(done, word.start()).of(text));
        mended.push_str(&word.of(text).to_lowercase());
        done = word.end();
    }
    mended.push_str(Span::new(done, span.end()).of(text));
    draft.fix(Fix::replace(span, mended, 0.85))
}
