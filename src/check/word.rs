//! `word/*`: words said twice.

use crate::analyse::{Document, Passage};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Severity};
use crate::language::{LanguageData, Table, Words};
use crate::span::Span;
use crate::surface::{Case, Token, TokenKind};

pub(super) static DOUBLED: Rule = Rule {
    id: "word/doubled",
    summary: "A word stands twice in a row.",
    mqm: "linguistic/grammar",
    its: "duplication",
    severity: Severity::Minor,
    scope: Scope::Sentence,
    layers: &[Layer::Surface],
    languages: Languages::WithTable("doubled"),
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(doubled),
};

/// Fewest letters of a content word that is flagged without standing in the table: shorter ones are often names, units, codes.
const MIN_LETTERS: usize = 4;
/// A function word that never stands twice.
const LISTED: f64 = 0.96;
/// Any other word, in a language that does not double words.
const UNLISTED: f64 = 0.85;

fn doubled(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let data = document.target.data();
    if data.words() == Words::Unspaced {
        return;
    }
    let table = data.table("doubled");
    let tokens = passage.tokens();
    let mut at = 0;
    while at + 1 < tokens.len() {
        let (first, word) = (&tokens[at], passage.folded(&tokens[at]));
        let same = |i: usize| {
            tokens.get(i).is_some_and(|t| t.kind == TokenKind::Word && !t.glued && passage.folded(t) == word)
        };
        let mut last = at;
        while first.kind == TokenKind::Word && same(last + 1) {
            last += 1;
        }
        if last == at {
            at += 1;
            continue;
        }
        let names = tokens[at + 1..=last].iter().all(|t| !matches!(t.case, Case::Lower | Case::None));
        // A compound that goes on ("New York-New York"), or an abbreviation's stop, is not the same word again.
        let glued = tokens.get(last + 1).is_some_and(|t| t.glued && passage.written(t) == "-");
        let listed = table.get(word).map(|row| row.column(0));
        // The second half of a compound ("faites-le le"), and a particle of the name that follows ("de de Gaulle").
        let half = at > 0 && first.glued && passage.written(&tokens[at - 1]) == "-";
        let particle = tokens.get(last + 1).is_some_and(|t| matches!(t.case, Case::Title | Case::Mixed))
            && LanguageData::shared().table("name-particles").has(word);
        // "Cosa cosa?": a question, or a cry, of that word alone.
        let mark = |i: Option<usize>, marks: &str| {
            i.and_then(|i| tokens.get(i)).is_some_and(|t| marks.contains(passage.written(t)))
        };
        let echo = mark(Some(last + 1), "?!") && (at == 0 || mark(at.checked_sub(1), "?!.¿¡—–-“”«»\""));
        let confidence = match listed {
            Some("flag") => LISTED,
            Some(_) => 0.0,
            None if data.doubled_is_a_slip() && word.chars().count() >= MIN_LETTERS => UNLISTED,
            None => 0.0,
        };
        if confidence > 0.0 && !(names || glued || half || particle || echo) {
            let span = first.span.cover(tokens[last].span);
            let draft = Draft::new(span, confidence, format!("“{word}” stands here {}", times(last - at + 1)))
                .fix(Fix::replace(Span::new(first.span.end(), span.end()), "", 0.95).safe())
                .because(EvidenceKind::Pattern, "the same word again", None);
            out.push(draft);
        }
        at = last + 1;
    }
}

fn times(n: usize) -> String {
    if n == 2 { "twice".to_owned() } else { format!("{n} times") }
}

pub(super) static DOUBLED_PHRASE: Rule = Rule {
    id: "word/doubled-phrase",
    summary: "Two to five words stand twice in a row.",
    mqm: "linguistic/grammar",
    its: "duplication",
    severity: Severity::Minor,
    scope: Scope::Sentence,
    layers: &[Layer::Surface, Layer::Quotations],
    languages: Languages::WithTable("doubled-phrase"),
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(doubled_phrase),
};

/// Three words or more, of which none leans on what follows. The ten in 60 million words of edited English were slips.
const LONG_PHRASE: f64 = 0.92;
/// Two words: a preposition, and an article or a word of its own. The 25 in 60 million words of edited English were slips.
const SHORT_PHRASE: f64 = 0.85;
/// The longest phrase, in words. Longer ones are sentences, and told by `garble/loop`.
const MAX_PHRASE: usize = 5;

fn doubled_phrase(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let table = document.target.data().table("doubled-phrase");
    let tokens = passage.tokens();
    let same = |one: usize, other: usize| {
        tokens[one].kind == tokens[other].kind
            && !matches!(tokens[one].kind, TokenKind::Mark | TokenKind::Mask)
            && tokens[one].span.len() == tokens[other].span.len()
            && passage.folded(&tokens[one]) == passage.folded(&tokens[other])
    };
    let mut at = 0;
    while at + 3 < tokens.len() {
        let most = MAX_PHRASE.min((tokens.len() - at) / 2);
        let Some(length) = (2..=most).find(|&n| same(at, at + n) && (1..n).all(|i| same(at + i, at + n + i))) else {
            at += 1;
            continue;
        };
        let mut end = at + 2 * length;
        while end < tokens.len() && same(end - length, end) {
            end += 1;
        }
        let twice = end < at + 3 * length;
        let phrase = Phrase { passage, table, tokens, first: at, length };
        let confidence = if twice { phrase.confidence(document) } else { None };
        let span = tokens[at].span.cover(tokens[at + 2 * length - 1].span);
        if let Some(confidence) = confidence.filter(|_| !is_quoted(document, passage, span)) {
            let said = tokens[at].span.cover(tokens[at + length - 1].span);
            let words = said.of(passage.text.text());
            out.push(
                Draft::new(span, confidence, format!("“{words}” stands here twice"))
                    .fix(Fix::replace(Span::new(said.end(), span.end()), "", 0.9))
                    .because(EvidenceKind::Pattern, "the same words again", None),
            );
        }
        at = end;
    }
}

/// Words that stand twice.
struct Phrase<'p, 'a> {
    passage: &'p Passage<'a>,
    table: Table,
    tokens: &'a [Token],
    first: usize,
    length: usize,
}

impl Phrase<'_, '_> {
    /// How surely they are a slip; `None` where a language may say them twice.
    fn confidence(&self, document: &Document<'_>) -> Option<f64> {
        let words = &self.tokens[self.first..self.first + self.length];
        let again = &self.tokens[self.first + self.length..self.first + 2 * self.length];
        // Words that are glued to something are parts of compounds, and a phrase of names is a list.
        if words.iter().skip(1).chain(again).any(|t| t.glued) || words.iter().all(|t| t.case != Case::Lower) {
            return None;
        }
        // “the country office of the Office of the High Commissioner”: a capital makes another thing of it.
        let skipped = usize::from(self.first == 0);
        if words.iter().zip(again).skip(skipped).any(|(one, other)| one.case != other.case) {
            return None;
        }
        let kinds: Vec<&str> = words.iter().map(|t| self.kind(t)).collect();
        let content = kinds.iter().filter(|kind| **kind == "content").count();
        let (first, last) = (kinds[0], kinds[self.length - 1]);
        if kinds.iter().any(|kind| matches!(*kind, "allow" | "number")) || self.goes_on_around(last == "content") {
            return None;
        }
        let is_small = |kind: &str| matches!(kind, "pair" | "opens" | "article" | "determiner");
        let is_preposition = |kind: &str| matches!(kind, "pair" | "opens");
        match self.length {
            // “in the in the”: whatever comes next, one of them is too many.
            2 if is_preposition(first) && last == "article" => Some(SHORT_PHRASE),
            // “call a spade a spade”, “of organizations of organizations”: only some prepositions make sure of it.
            2 => (first == "pair" && last == "content").then_some(SHORT_PHRASE),
            _ if content == 0 || !(content > 1 || kinds.iter().any(|kind| is_small(kind))) => None,
            // “the killer of the killer of Kennedy”: what hangs on a word may hang on the same word again.
            _ if is_preposition(last) || (is_small(last) && !is_small(first)) => {
                self.source_says_once(document).then_some(LONG_PHRASE)
            }
            _ => Some(LONG_PHRASE),
        }
    }

    fn kind(&self, token: &Token) -> &'static str {
        let folded = self.passage.folded(token);
        match self.table.get(folded) {
            Some(row) => row.column(0),
            None if token.kind == TokenKind::Word && folded.chars().count() >= MIN_LETTERS => "content",
            None => "",
        }
    }

    /// “from door to door to door”, “tremor after tremor after tremor”: the chain goes on.
    fn goes_on_around(&self, ends_in_content: bool) -> bool {
        let folded = |i: usize| self.tokens.get(i).map(|t| self.passage.folded(t));
        let before = self.first.checked_sub(1).and_then(folded);
        let chain = ends_in_content && before == folded(self.first + self.length - 1);
        let next = self.first + 2 * self.length;
        let opens = self.kind(&self.tokens[self.first]) == "content";
        chain || (opens && folded(next) == folded(self.first))
    }

    /// Whether there is a source, and it repeats no word where this one is translated.
    fn source_says_once(&self, document: &Document<'_>) -> bool {
        let Some(source) = &document.source else {
            return false;
        };
        let surface = source.surface();
        let sentences = document.alignment().source_of(self.passage.place).source;
        let mut stems: Vec<&str> = Vec::new();
        for sentence in surface.sentences.get(sentences).unwrap_or(&[]) {
            let words = surface.tokens_of(sentence).iter().filter(|t| t.kind == TokenKind::Word);
            stems.extend(words.take(SOURCE_WORDS).filter_map(|t| stem(surface.folded(t))));
        }
        stems.sort_unstable();
        !stems.is_empty() && stems.windows(2).all(|pair| pair[0] != pair[1])
    }
}

/// How many words of a source sentence are looked at.
const SOURCE_WORDS: usize = 80;
/// Letters that tell a word from others, endings of case aside.
const STEM_LETTERS: usize = 5;

/// The beginning of a word that is long enough to be one of its own.
fn stem(word: &str) -> Option<&str> {
    let end = |letters: usize| word.char_indices().map(|(at, c)| at + c.len_utf8()).nth(letters - 1);
    end(MIN_LETTERS)?;
    word.get(..end(STEM_LETTERS).unwrap_or(word.len()))
}

/// Within quotation marks people chant, stammer and sing.
fn is_quoted(document: &Document<'_>, passage: &Passage<'_>, span: Span) -> bool {
    std::ptr::eq(passage.text, &document.target) && document.quotations().hold(span)
}
