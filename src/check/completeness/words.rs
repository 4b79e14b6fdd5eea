//! Words of the source that were left in the translation.

use std::sync::OnceLock;

use icu_properties::props::Script;
use rustc_hash::FxHashSet;

use super::{other_language, rendered, sentence};
use crate::analyse::quotes::is_quotation_mark;
use crate::analyse::{Document, Passage, Text};
use crate::check::repair::is_part_of_code;
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::language::{LanguageData, Table};
use crate::span::Span;
use crate::surface::{BlockKind, Case, Surface, Token, TokenKind};

pub(in crate::check) static UNTRANSLATED_SPAN: Rule = Rule {
    id: "completeness/untranslated-span",
    summary: "Words of the source left in the translation, in the same letters.",
    mqm: "accuracy/untranslated",
    its: "untranslated",
    severity: Severity::Major,
    scope: Scope::Document,
    layers: &[Layer::Surface, Layer::Alignment, Layer::Terms],
    languages: Languages::WithTable("loans"),
    needs_source: true,
    needs_glossary: false,
    run: Run::Document(untranslated_span),
};

/// The word has a letter that the target language does not write, and stands in the sentence that this one renders.
const FOREIGN_LETTER: f64 = 0.9;
/// It is in Latin letters, and the target language is not written in them.
const FOREIGN_SCRIPT: f64 = 0.85;
/// A name with an ending that the source's grammar gave it.
const NAME_ENDING: f64 = 0.9;
/// The word ends as no word of the target language does.
const FOREIGN_ENDING: f64 = 0.75;
/// Several words, joined by a small word of the source's language.
const PHRASE: f64 = 0.75;
/// What is left where the word stands elsewhere in the source alone.
const ELSEWHERE: f64 = 0.8;

/// Fewest letters of a word by itself.
const MIN_LETTERS: usize = 3;
/// Fewest letters of a word that only its ending tells.
const MIN_ENDED: usize = 6;
/// Fewest letters of the words that a small word joins.
const MIN_JOINED: usize = 4;
/// Most words of such a phrase: a longer stretch is the title of something in a third language.
const MAX_PHRASE: usize = 5;
/// Endings are so many letters long.
const ENDINGS: std::ops::RangeInclusive<usize> = 3..=7;
/// Tokens of the source that a word is looked for among; the sentences of news have 25, one of 400 is no sentence.
const MOST_SOURCE_TOKENS: usize = 400;
/// Tokens on either side that are asked whether they were left, too.
const REACH: usize = 8;
/// How far off the quotation marks or brackets around a word may stand, in tokens.
const ENCLOSED: usize = 6;
/// Words that may stand between "known as" and what is so known.
const NAMED: usize = 2;

struct Leftovers {
    /// Source and target are in languages that can be compared: the source's is in Latin letters.
    comparable: bool,
    /// The target language's letters beyond a to z, where it is in Latin letters and they are known.
    letters: Option<&'static str>,
    /// The source's, where they are known. A letter that it does not write either belongs to a third language's word.
    source_letters: Option<&'static str>,
    /// The target language is not in Latin letters.
    other_script: bool,
    /// Words that the text quotes or explains somewhere, and may then use.
    introduced: OnceLock<FxHashSet<String>>,
}

/// The tables that tell.
struct Tables {
    loans: Table,
    endings: Table,
    name_endings: Table,
    small: Table,
    own_small: Table,
}

fn untranslated_span(document: &Document<'_>, _: &Settings) -> Box<dyn Survey> {
    let shared = |table: &str, data: LanguageData| {
        LanguageData::shared().table(table).get(data.tag()).map_or("", |row| row.column(0))
    };
    let latin = |data: LanguageData| shared("scripts", data).split(',').any(|script| script == "Latn");
    let target = document.target.data();
    let letters = shared("alphabets", target);
    Box::new(Leftovers {
        comparable: other_language(document).is_some_and(|source| latin(source.data())),
        letters: (latin(target) && !letters.is_empty()).then_some(letters),
        source_letters: document
            .source
            .as_ref()
            .map(|source| shared("alphabets", source.data()))
            .filter(|letters| !letters.is_empty()),
        other_script: !latin(target),
        introduced: OnceLock::new(),
    })
}

/// What was left over: from one token to another.
struct Stretch {
    first: usize,
    last: usize,
    place: Span,
    confidence: f64,
    reason: &'static str,
    /// It is a name with an ending.
    name: bool,
}

impl Survey for Leftovers {
    fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        let Some(source) = other_language(document).filter(|_| self.comparable) else {
            return;
        };
        if passage.kind() == BlockKind::Byline {
            return;
        }
        let tables = Tables {
            loans: document.target.data().table("loans"),
            endings: source.data().table("endings"),
            name_endings: source.data().table("name-endings"),
            small: source.data().table("function-words"),
            own_small: document.target.data().table("function-words"),
        };
        let sentences = rendered(document, passage);
        let surface = source.surface();
        let original: &[Token] = match (surface.sentences.get(sentences.start), sentences.end.checked_sub(1)) {
            (Some(first), Some(last)) if !sentences.is_empty() => surface
                .sentences
                .get(last)
                .and_then(|last| surface.tokens.get(first.tokens.start..last.tokens.end))
                .filter(|tokens| tokens.len() <= MOST_SOURCE_TOKENS)
                .unwrap_or(&[]),
            _ => &[],
        };
        let look = Look { document, passage, source, original, tables: &tables, leftovers: self };
        let mut found = Vec::new();
        let mut at = 0;
        while at < passage.tokens().len() {
            let run = look.name(at).or_else(|| look.seed(at));
            at = run.as_ref().map_or(at, |run| run.last) + 1;
            found.extend(run);
        }
        // A sentence that is the source's in most of its words is `completeness/untranslated`, and one that is foreign in
        // most `completeness/wrong-language`.
        let words = |tokens: &[Token]| tokens.iter().filter(|t| t.kind == TokenKind::Word).count();
        let latin = passage.tokens().iter().filter(|t| t.kind == TokenKind::Word && t.script == Script::Latin).count();
        let left: usize = found.iter().map(|run| words(&passage.tokens()[run.first..=run.last])).sum();
        let all = words(passage.tokens());
        let other_sentence = self.other_script && latin * 2 >= all.max(MIN_SENTENCE);
        if left == 0 || left * 2 >= all.max(MIN_SENTENCE) || other_sentence {
            return;
        }
        if all < MIN_SENTENCE || sentence::left_as_it_was(document, passage).is_none() {
            out.extend(found.iter().map(|run| look.draft(run)));
        }
    }
}

/// A sentence counts as having at least so many words when it is asked how much of it was left over.
const MIN_SENTENCE: usize = 5;

/// One sentence, its source, and what is known of both languages.
struct Look<'l, 'd, 'p> {
    document: &'l Document<'d>,
    passage: &'l Passage<'p>,
    source: &'l Text<'d>,
    /// The tokens of the source that the sentence renders.
    original: &'l [Token],
    tables: &'l Tables,
    leftovers: &'l Leftovers,
}

impl Look<'_, '_, '_> {
    fn tokens(&self) -> &[Token] {
        self.passage.tokens()
    }

    fn text(&self) -> &str {
        self.passage.text.text()
    }

    /// Where exactly these letters stand in the source of the sentence.
    fn in_original(&self, written: &str) -> Option<Span> {
        let same = |t: &&Token| t.span.len() == written.len() && t.span.of(self.source.text()) == written;
        self.original.iter().find(same).map(|t| t.span)
    }

    /// Where exactly these letters stand in the source: in the source of the sentence, or elsewhere, which is worth less.
    fn anywhere(&self, token: &Token) -> Option<(Span, f64)> {
        let written = self.passage.written(token);
        self.in_original(written).map(|place| (place, 1.0)).or_else(|| {
            let place = self.document.word_in_source(self.passage.folded(token))?;
            (place.of(self.source.text()) == written).then_some((place, ELSEWHERE))
        })
    }

    /// A name with an ending behind an apostrophe, as Turkish declines it.
    fn name(&self, at: usize) -> Option<Stretch> {
        let token = &self.tokens()[at];
        if token.kind != TokenKind::Word || token.case == Case::Lower || self.tables.name_endings.is_empty() {
            return None;
        }
        let (stem, ending) = self.passage.folded(token).rsplit_once('\'')?;
        if stem.chars().count() < 2 || !self.tables.name_endings.has(ending) {
            return None;
        }
        let (place, share) = self.anywhere(token)?;
        let run = Stretch {
            first: at,
            last: at,
            place,
            confidence: NAME_ENDING * share,
            reason: "the ending of a case, as the source has it",
            name: true,
        };
        (!self.is_kept(&run)).then_some(run)
    }

    /// A word that was left over, with those beside it that were left with it.
    fn seed(&self, at: usize) -> Option<Stretch> {
        let token = &self.tokens()[at];
        let written = self.passage.written(token);
        if token.kind != TokenKind::Word || token.case != Case::Lower || written.len() < MIN_LETTERS {
            return None;
        }
        let foreign = if self.leftovers.other_script {
            written.bytes().any(|b| b.is_ascii_lowercase())
        } else {
            !written.is_ascii()
                && self.leftovers.letters.is_some_and(|own| {
                    let of_source = |c| self.leftovers.source_letters.is_none_or(|letters| !is_foreign(c, letters));
                    written.chars().any(|c| is_foreign(c, own) && of_source(c))
                })
        };
        if !foreign && (self.leftovers.other_script || written.len() < MIN_JOINED) {
            return None;
        }
        let (place, share) = if foreign { self.anywhere(token)? } else { (self.in_original(written)?, 1.0) };
        let folded = self.passage.folded(token);
        // An address is one token.
        let address = written.contains(|c: char| c == '.' || c == '_' || c.is_ascii_digit());
        if address || self.is_loan(folded) || is_part_of_code(self.passage, at) {
            return None;
        }
        let (first, last, place) = self.widen(at, place);
        let (confidence, reason) = if foreign && self.leftovers.other_script {
            (FOREIGN_SCRIPT * share, "letters that the target language is not written in")
        } else if foreign {
            (FOREIGN_LETTER * share, "a letter that the target language does not write")
        } else if self.has_foreign_ending(folded) {
            (FOREIGN_ENDING, "no word of the target language ends so")
        } else if self.is_phrase(first, last) {
            (PHRASE, "words joined as the source's language joins them")
        } else {
            return None;
        };
        let run = Stretch { first, last, place, confidence, reason, name: false };
        (!self.is_kept(&run)).then_some(run)
    }

    /// A word taken over for good, or its plural.
    fn is_loan(&self, folded: &str) -> bool {
        let loans = &self.tables.loans;
        let listed = |word: &str| loans.get(word).is_some_and(|row| row.column(0) == "loan");
        listed(folded)
            || folded.strip_suffix('s').is_some_and(|stem| listed(stem) || listed(stem.trim_end_matches('e')))
    }

    fn has_foreign_ending(&self, folded: &str) -> bool {
        let count = folded.chars().count();
        if count < MIN_ENDED || self.tables.own_small.has(folded) {
            return false;
        }
        let target = self.document.target.data().tag();
        ENDINGS.filter(|&n| n < count).any(|n| {
            let from = folded.char_indices().nth(count - n).map_or(0, |(i, _)| i);
            let row = self.tables.endings.get(&folded[from..]);
            row.is_some_and(|row| row.column(0).split('|').any(|tag| tag == target))
        })
    }

    /// Content word, small word of the source's language, content word.
    fn is_phrase(&self, first: usize, last: usize) -> bool {
        let small = |t: &Token| {
            let word = self.passage.folded(t);
            self.tables.small.has(word) && !self.tables.own_small.has(word)
        };
        let tokens = &self.tokens()[first..=last];
        let joined = |t: Option<&Token>| {
            t.is_some_and(|t| {
                t.kind == TokenKind::Word && t.span.len() >= MIN_JOINED && !self.is_loan(self.passage.folded(t))
            })
        };
        (3..=MAX_PHRASE).contains(&tokens.len())
            && joined(tokens.first())
            && joined(tokens.last())
            && tokens[1..tokens.len() - 1].iter().any(|t| t.kind == TokenKind::Word && small(t))
    }

    /// The longest stretch around a word that stands letter for letter in the source, without small words at its ends.
    fn widen(&self, at: usize, place: Span) -> (usize, usize, Span) {
        let (tokens, text, original) = (self.tokens(), self.text(), self.source.text());
        let left_word = |t: &Token| t.kind == TokenKind::Word && t.case == Case::Lower;
        let joint = |t: &Token| t.glued && matches!(self.passage.written(t), "-" | "’" | "'");
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let (mut first, mut last, mut from, mut to) = (at, at, place.start(), place.end());
        for (next, token) in tokens.iter().enumerate().skip(at + 1).take(REACH) {
            let piece = Span::new(tokens[next - 1].span.end(), token.span.end()).of(text);
            let rest = original.get(to..).unwrap_or("");
            if !(left_word(token) || joint(token))
                || !rest.starts_with(piece)
                || letter(rest[piece.len()..].chars().next())
            {
                break;
            }
            to += piece.len();
            last = next;
        }
        for previous in (at.saturating_sub(REACH)..at).rev() {
            let piece = Span::new(tokens[previous].span.start(), tokens[previous + 1].span.start()).of(text);
            let rest = original.get(..from).unwrap_or("");
            if !(left_word(&tokens[previous]) || joint(&tokens[previous]))
                || !rest.ends_with(piece)
                || letter(rest[..rest.len() - piece.len()].chars().next_back())
            {
                break;
            }
            from -= piece.len();
            first = previous;
        }
        let small = |t: &Token| {
            let word = self.passage.folded(t);
            t.kind != TokenKind::Word || self.tables.small.has(word) || self.tables.own_small.has(word)
        };
        while last > at && small(&tokens[last]) {
            last -= 1;
        }
        while first < at && small(&tokens[first]) {
            first += 1;
        }
        let start = place.start() - (tokens[at].span.start() - tokens[first].span.start());
        let end = place.end() + (tokens[last].span.end() - tokens[at].span.end());
        (first, last, Span::new(start, end))
    }

    /// Whether it stands there on purpose: quoted, in brackets or explained by them, called so, part of a name, approved by
    /// a glossary, or introduced elsewhere in the text.
    fn is_kept(&self, run: &Stretch) -> bool {
        let tokens = self.tokens();
        let span = tokens[run.first].span.cover(tokens[run.last].span);
        is_enclosed(self.passage, run.first, run.last)
            || self.is_named(run.first, run.last)
            || self.is_in_name(run)
            || self.document.target_terms(self.passage).iter().any(|hit| hit.hit.span.overlaps(span))
            || (run.first..=run.last).any(|i| self.introduced().contains(self.passage.folded(&tokens[i])))
    }

    /// "The practice, known as préavis", "twp means stupid": a word beside it says that this is what something is called.
    fn is_named(&self, first: usize, last: usize) -> bool {
        let (before, after) = (first.saturating_sub(NAMED)..first, last + 1..(last + 2).min(self.tokens().len()));
        let naming =
            |t: &Token| self.tables.loans.get(self.passage.folded(t)).is_some_and(|row| row.column(0) == "naming");
        before.chain(after).any(|i| naming(&self.tokens()[i]))
    }

    /// "Médecins sans frontières", "the école Polytechnique": a capitalised neighbour that stands beside it in the source.
    fn is_in_name(&self, run: &Stretch) -> bool {
        let (tokens, text, original) = (self.tokens(), self.text(), self.source.text());
        let capital = |t: &Token| matches!(t.case, Case::Title | Case::Upper | Case::Mixed);
        let hyphen =
            |i: Option<usize>| i.and_then(|i| tokens.get(i)).is_some_and(|t| t.glued && self.passage.written(t) == "-");
        let mut first = run.first;
        // Small words stand between a name's words.
        while first > 0 && self.tables.small.has(self.passage.folded(&tokens[first - 1])) && run.first - first < NAMED {
            first -= 1;
        }
        let before = first.checked_sub(1).filter(|&i| capital(&tokens[i])).is_some_and(|i| {
            let piece = Span::new(tokens[i].span.start(), tokens[run.first].span.start()).of(text);
            original.get(..run.place.start()).unwrap_or("").ends_with(piece)
        });
        let after = tokens.get(run.last + 1).filter(|t| capital(t)).is_some_and(|t| {
            let piece = Span::new(tokens[run.last].span.end(), t.span.end()).of(text);
            original.get(run.place.end()..).unwrap_or("").starts_with(piece)
        });
        let glued = tokens[run.first].glued && hyphen(run.first.checked_sub(1));
        before || after || glued || hyphen(Some(run.last + 1))
    }

    /// Words that stand somewhere between quotation marks or beside brackets: the reader has been told what they mean.
    fn introduced(&self) -> &FxHashSet<String> {
        self.leftovers.introduced.get_or_init(|| {
            let mut words = FxHashSet::default();
            let text = &self.document.target;
            let surface = text.surface();
            for (place, sentence) in surface.sentences.iter().enumerate() {
                let passage = Passage { text, sentence: place, place };
                for (at, token) in surface.tokens_of(sentence).iter().enumerate() {
                    // Only what could be asked for is kept.
                    let rare = self.leftovers.other_script || !passage.written(token).is_ascii();
                    if token.kind == TokenKind::Word
                        && token.case == Case::Lower
                        && rare
                        && is_enclosed(&passage, at, at)
                    {
                        words.insert(passage.folded(token).to_owned());
                    }
                }
            }
            words
        })
    }

    fn draft(&self, run: &Stretch) -> Draft {
        let tokens = self.tokens();
        let span = tokens[run.first].span.cover(tokens[run.last].span);
        let words = span.of(self.text());
        let place = Place::source(run.place);
        let stem = words.rsplit_once(['\'', '’']).map(|(stem, _)| stem).filter(|_| run.name);
        let message = match stem {
            Some(stem) => format!("“{words}” is “{stem}” with an ending of the source’s language"),
            None => format!("“{words}” was left untranslated"),
        };
        let mut draft = Draft::new(span, run.confidence, message).beside(place).because(
            EvidenceKind::Source,
            run.reason,
            Some(place),
        );
        if let Some((source, form)) = self.approved(words).or_else(|| self.approved(stem?)) {
            let detail = format!("{source} = {form}");
            draft = draft.fix(Fix::replace(span, form, APPROVED)).because(EvidenceKind::Glossary, detail, None);
        }
        if let Some(stem) = stem {
            draft = draft.fix(Fix::replace(span, stem, BARE));
        }
        draft
    }

    /// The glossary's form for words of the source.
    fn approved(&self, words: &str) -> Option<(String, String)> {
        let surface = Surface::new(words, self.source.data(), &[], &[]);
        self.document.pairs.iter().find_map(|pair| {
            let whole = pair.source.find(words, &surface).into_iter().find(|h| h.span.len() == words.len())?;
            let concept = &pair.concepts[whole.concept];
            Some((concept.source.clone(), concept.best()?.to_owned()))
        })
    }
}

/// The glossary's form is what an editor writes.
const APPROVED: f64 = 0.9;
/// The bare name; a preposition may be missing before it.
const BARE: f64 = 0.75;

/// A letter beyond a to z that a language does not write.
fn is_foreign(c: char, own: &str) -> bool {
    // Ordinal signs and superscripts come before.
    c >= 'À' && c.is_alphabetic() && !c.to_lowercase().all(|lower| own.contains(lower))
}

/// Between quotation marks, stars or lines of emphasis, in brackets, or with a bracket behind it that explains it.
fn is_enclosed(passage: &Passage<'_>, first: usize, last: usize) -> bool {
    let tokens = passage.tokens();
    let starts = |t: &Token, marks: &[char]| passage.written(t).starts_with(marks);
    let quote = |t: &Token| passage.written(t).starts_with(is_quotation_mark);
    let before = &tokens[first.saturating_sub(ENCLOSED)..first];
    let after = &tokens[(last + 1).min(tokens.len())..(last + 1 + ENCLOSED).min(tokens.len())];
    let explained = after.first().is_some_and(|t| starts(t, &['(', '[', '*', '_']));
    explained
        || (before.iter().any(quote) && after.iter().any(quote))
        || before.iter().rev().any(|t| starts(t, &['(', '[']))
        || before.last().is_some_and(|t| starts(t, &['*', '_', '@', '#']))
}
