//! `punct/script`: marks of another script, and the opening mark that a Spanish question lacks.

use icu_properties::props::Script;

use crate::analyse::quotes::is_quotation_mark;
use crate::analyse::{Document, Passage};
use crate::check::char::script_set;
use crate::check::marks::{self, Habit, Marks, token_at};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Severity};
use crate::language::{LanguageData, scripts_of};
use crate::span::Span;
use crate::surface::{Token, TokenKind};

pub(in crate::check) static SCRIPT: Rule = Rule {
    id: "punct/script",
    summary: "A mark of another script: “，” or “؟” in English, a half-width comma in Chinese, a Spanish question without “¿”.",
    mqm: "linguistic/punctuation",
    its: "typographical",
    severity: Severity::Minor,
    scope: Scope::Sentence,
    layers: &[Layer::Surface],
    languages: Languages::WithTable("punctuation"),
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(script),
};

/// The mark stands among words of the language.
const FOREIGN: f64 = 0.93;
/// A half-width mark among Chinese, Japanese or Arabic words: some newsrooms type so.
const HALF_WIDTH: f64 = 0.85;
/// "¿" or "¡" before words of the language.
const INVERTED: f64 = 0.9;
/// A Spanish question that begins with an interrogative and has no "¿".
const NO_OPENING: f64 = 0.88;
/// Words of a question or exclamation that are asked which language they are in.
const CLAUSE_WORDS: usize = 12;
/// Tokens before a question mark among which its opening mark is looked for.
const QUESTION_TOKENS: usize = 60;

fn script(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let line = passage.span().of(passage.text.text());
    let origin = passage.span().start();
    let mut marks = None;
    let mut own = None;
    let mut previous = None;
    for (at, c) in line.char_indices() {
        let before: Option<char> = previous.replace(c);
        // Half-width marks can be wrong only after a letter of a wider script.
        let plain = c.is_ascii() && (!c.is_ascii_punctuation() || before.is_none_or(|b| b.is_ascii()));
        if plain || c.is_alphanumeric() || c.is_whitespace() {
            continue;
        }
        let marks = marks.get_or_insert_with(|| Marks::of(document));
        let Some(habit) = marks.get(c).filter(|habit| habit.is_foreign()) else {
            continue;
        };
        let own = own.get_or_insert_with(|| {
            document.target_language().map(|language| script_set(&scripts_of(language))).unwrap_or_default()
        });
        let found = Foreign { passage, line, at, mark: c, habit, own, origin }.look();
        out.extend(found.filter(|draft| !marks::is_by_mask(passage, draft.span)));
    }
    if line.ends_with(|c: char| c == '?' || marks::closes_quotation(c)) {
        out.extend(unopened(document, passage));
    }
}

/// A mark that the language's table gives to another script.
struct Foreign<'a> {
    passage: &'a Passage<'a>,
    line: &'a str,
    at: usize,
    mark: char,
    habit: Habit,
    own: &'a [Script],
    origin: usize,
}

impl Foreign<'_> {
    fn look(&self) -> Option<Draft> {
        let (index, token) = token_at(self.passage, self.origin + self.at)?;
        let tokens = self.passage.tokens();
        let end = self.at + self.mark.len_utf8();
        let (before, after) = (self.line[..self.at].chars().next_back(), self.line[end..].chars().next());
        let next = tokens.get(index + 1);
        let span = Span::new(self.at, end).shift(self.origin);
        if token.kind != TokenKind::Mark || marks::is_code(marks::chunk(self.line, self.at).of(self.line)) {
            return None;
        }
        // "،" and ؟ that a text speaks of.
        let quoted = before.is_some_and(is_quotation_mark) && after.is_some_and(is_quotation_mark);
        let apart = before.is_none_or(char::is_whitespace) && after.is_none_or(char::is_whitespace);
        if quoted || (apart && self.mark < '\u{3000}') {
            return None;
        }
        if self.habit.instead().is_empty() {
            return self.inverted(index, span);
        }
        let opens = self.habit.instead() == "(";
        let last = index.checked_sub(1).and_then(|i| self.word_before(i));
        let beside = if opens { next } else { last };
        if !beside.is_some_and(|t| self.is_own(t)) || next.is_some_and(|t| t.glued && self.is_of_the_mark(t)) {
            return None;
        }
        if self.mark.is_ascii() {
            // Chinese before and after, or the end: between Chinese and Latin letters half-width marks are right.
            let goes_on = next.is_none_or(|t| t.kind == TokenKind::Mark && !t.glued || self.is_own_word(t));
            let closes = after.is_none_or(|c| marks::closes_quotation(c) || c == '）');
            if !last.is_some_and(|t| self.is_own_word(t)) || !(goes_on || closes) || after == Some('.') {
                return None;
            }
        }
        Some(self.draft(span, before, after, end))
    }

    fn draft(&self, span: Span, before: Option<char>, after: Option<char>, end: usize) -> Draft {
        let instead = self.habit.instead();
        let wide = instead.chars().all(|c| ('\u{3000}'..='\u{ffef}').contains(&c));
        let mut replacement = instead.to_owned();
        let mut edit = span;
        let word_follows = after.is_some_and(char::is_alphanumeric);
        if wide {
            // A full-width mark has its space within it.
            let rest = &self.line[end..];
            let gap = rest.len() - rest.trim_start_matches(' ').len();
            edit = Span::new(span.start(), span.end() + gap);
        } else if instead == "(" {
            if before.is_some_and(|c| !c.is_whitespace()) {
                replacement.insert(0, ' ');
            }
            let gap = self.line[end..].len() - self.line[end..].trim_start_matches(' ').len();
            edit = Span::new(span.start(), span.end() + gap);
        } else {
            let words = self.line[..self.at].trim_end_matches(' ');
            edit = Span::new(edit.start() - (self.at - words.len()), edit.end());
            if word_follows {
                replacement.push(' ');
            }
        }
        let confidence = if self.mark.is_ascii() { HALF_WIDTH } else { FOREIGN };
        let message = format!("“{}” belongs to another script; here it is “{instead}”", self.mark);
        Draft::new(span, confidence, message)
            .fix(Fix::replace(edit, replacement, 0.93))
            .of_group(format!("script {}", self.mark))
            .because(EvidenceKind::Data, "a mark of another script", None)
    }

    /// "¿Where is it?": the words are those of a language that opens no question with a mark.
    fn inverted(&self, index: usize, span: Span) -> Option<Draft> {
        let data = self.passage.text.data();
        let mark = self.mark.encode_utf8(&mut [0; 4]).to_owned();
        let opens =
            |data: &LanguageData| data.table("punctuation").get(&mark).is_some_and(|row| row.column(0) == "own");
        let others: Vec<LanguageData> = LanguageData::all().filter(opens).collect();
        let tokens = self.passage.tokens().get(index + 1..)?;
        tokens.first().filter(|t| t.glued && self.is_own(t))?;
        let clause = tokens.iter().take(CLAUSE_WORDS).take_while(|t| !matches!(self.passage.written(t), "?" | "!"));
        let knows =
            |data: LanguageData, word: &str| data.table("doubled").has(word) || data.table("starters").has(word);
        let words = clause.filter(|t| t.kind == TokenKind::Word).map(|t| self.passage.folded(t));
        let (mut own, mut foreign) = (0, 0);
        for word in words {
            match (knows(data, word), others.iter().any(|&other| knows(other, word))) {
                (true, false) => own += 1,
                (false, true) => foreign += 1,
                _ => {}
            }
        }
        if own <= foreign {
            return None;
        }
        let message = format!("{} opens nothing with “{}”", data.name(), self.mark);
        let draft = Draft::new(span, INVERTED, message).fix(Fix::replace(span, "", 0.95));
        Some(draft.because(EvidenceKind::Data, "a mark of another language", None))
    }

    /// The word that the mark follows, past a bracket or quotation mark that closes.
    fn word_before(&self, index: usize) -> Option<&Token> {
        let tokens = self.passage.tokens();
        let token = tokens.get(index)?;
        if token.kind != TokenKind::Mark {
            return Some(token);
        }
        let closes = self.passage.written(token).chars().all(|c| marks::ends_a_word(c) && !c.is_alphanumeric());
        tokens.get(index.checked_sub(1)?).filter(|_| closes)
    }

    fn is_own(&self, token: &Token) -> bool {
        token.kind == TokenKind::Number || self.is_own_word(token)
    }

    fn is_own_word(&self, token: &Token) -> bool {
        token.kind == TokenKind::Word && self.own.contains(&token.script)
    }

    /// A word of the script that the mark is from: a foreign phrase keeps its marks.
    fn is_of_the_mark(&self, token: &Token) -> bool {
        token.kind == TokenKind::Word && !self.own.contains(&token.script) && token.script != Script::Latin
    }
}

/// A Spanish question whose first word is an interrogative, and that nothing opens.
fn unopened(document: &Document<'_>, passage: &Passage<'_>) -> Option<Draft> {
    let table = document.target.data().table("question-words");
    if table.is_empty() {
        return None;
    }
    let tokens = passage.tokens();
    let last = tokens.iter().rposition(|t| !marks::closes_quotation(first(passage, t)))?;
    if passage.written(&tokens[last]) != "?" || last > QUESTION_TOKENS {
        return None;
    }
    if tokens[..last].iter().any(|t| matches!(first(passage, t), '¿' | '?')) {
        return None;
    }
    let begin = tokens.iter().position(|t| t.kind == TokenKind::Word)?;
    let quotes = |t: &Token| is_quotation_mark(first(passage, t)) || matches!(first(passage, t), '—' | '–' | '-');
    let kind = |i: usize| tokens.get(i).and_then(|t| table.get(passage.folded(t))).map_or("", |row| row.column(0));
    let asks = kind(begin) == "question" || (kind(begin) == "before" && kind(begin + 1) == "question");
    if !asks || !tokens[..begin].iter().all(quotes) {
        return None;
    }
    let word = tokens[begin].span;
    let place = Span::new(word.start(), word.start());
    Some(
        Draft::new(word, NO_OPENING, format!("a question in {} opens with “¿”", passage.text.data().name()))
            .fix(Fix::replace(place, "¿", 0.93))
            .because(EvidenceKind::Data, "an interrogative, and “?” at the end", None),
    )
}

fn first(passage: &Passage<'_>, token: &Token) -> char {
    passage.written(token).chars().next().unwrap_or(' ')
}
