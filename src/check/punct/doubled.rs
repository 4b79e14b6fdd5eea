//! `punct/doubled`: two marks where one is enough.

use crate::analyse::{Document, Passage};
use crate::check::marks::{self, Marks, ends_a_word};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Severity};
use crate::span::Span;

pub(in crate::check) static DOUBLED: Rule = Rule {
    id: "punct/doubled",
    summary: "Two marks where one is enough: “,,”, “..”, “,.”, a comma on either side of a quotation mark.",
    mqm: "linguistic/punctuation",
    its: "typographical",
    severity: Severity::Minor,
    scope: Scope::Sentence,
    layers: &[Layer::Surface],
    languages: Languages::WithTable("punctuation"),
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(doubled),
};

/// The same mark twice, or two that exclude each other.
const TWO_MARKS: f64 = 0.93;
/// Two stops: at times meant for an ellipsis.
const TWO_STOPS: f64 = 0.88;
/// A colon and a stop: what the colon announced may be lost.
const COLON_AND_STOP: f64 = 0.7;
/// The same mark inside and outside a quotation.
const AROUND_QUOTE: f64 = 0.85;

fn doubled(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let (line, origin) = (passage.span().of(passage.text.text()), passage.span().start());
    let mut chars = line.char_indices().peekable();
    let mut before = None;
    while let Some((at, c)) = chars.next() {
        if !is_counted(c) {
            before = Some(c);
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some(&(next, mark)) = chars.peek().filter(|(_, mark)| is_counted(*mark) || matches!(mark, '?' | '!'))
        {
            end = next + mark.len_utf8();
            chars.next();
        }
        let found = Together { document, line, before, span: Span::new(at, end) }.look();
        before = line[..end].chars().next_back();
        let Some((span, confidence, fixes)) = found else {
            continue;
        };
        if marks::is_code(marks::chunk(line, at).of(line)) || marks::is_by_mask(passage, span.shift(origin)) {
            continue;
        }
        let message = format!("one mark is enough here, not “{}”", span.of(line));
        let mut draft = Draft::new(span.shift(origin), confidence, message).because(
            EvidenceKind::Pattern,
            "two marks of one work",
            None,
        );
        for (text, score) in fixes {
            draft = draft.fix(Fix::replace(span.shift(origin), text, score));
        }
        out.push(draft);
    }
}

fn is_counted(c: char) -> bool {
    matches!(c, ',' | '.' | ';' | ':' | '，' | '。' | '、' | '；' | '،' | '؛')
}

type Found = (Span, f64, Vec<(String, f64)>);

/// Marks that stand together.
struct Together<'a> {
    document: &'a Document<'a>,
    line: &'a str,
    before: Option<char>,
    span: Span,
}

impl Together<'_> {
    fn look(&self) -> Option<Found> {
        let before = self.before.filter(|&c| ends_a_word(c))?;
        let rest = &self.line[self.span.end()..];
        let after = rest.chars().next();
        let apart = after.is_none_or(|c| c.is_whitespace() || marks::closes_quotation(c) || c == ')');
        let one = |mark: &str, confidence, score| Some((self.span, confidence, vec![(mark.to_owned(), score)]));
        match self.span.of(self.line) {
            // ",,Wort": a low quotation mark, typed as two commas, has a space before it.
            "," if rest.trim_start().starts_with(',') => self.spaced_commas(rest),
            "," | "." => self.around_quote(after),
            ",," if !before.is_numeric() => one(",", TWO_MARKS, 0.95),
            ";;" if apart => one(";", TWO_MARKS, 0.95),
            "，，" => one("，", TWO_MARKS, 0.95),
            "、、" => one("、", TWO_MARKS, 0.95),
            "。。" => one("。", TWO_MARKS, 0.95),
            "；；" => one("；", TWO_MARKS, 0.95),
            "،،" => one("،", TWO_MARKS, 0.95),
            "؛؛" => one("؛", TWO_MARKS, 0.95),
            ".." if apart && !self.trails_off(rest) => one(".", TWO_STOPS, 0.85),
            ",." | ";." if apart => one(".", TWO_MARKS, 0.92),
            "，。" | "、。" => one("。", TWO_MARKS, 0.92),
            ",;" if apart => one(";", TWO_MARKS, 0.8),
            ":." if apart => one(".", COLON_AND_STOP, 0.6),
            ",?" if apart => one("?", TWO_MARKS, 0.9),
            ",!" if apart => one("!", TWO_MARKS, 0.9),
            _ => None,
        }
    }

    /// Two stops before a small letter stand for an ellipsis, however badly; after an abbreviation they do not.
    fn trails_off(&self, rest: &str) -> bool {
        let word = marks::letters_before(self.line, self.span.start());
        rest.trim_start().starts_with(char::is_lowercase) && !marks::is_abbreviation(self.document.target.data(), word)
    }

    /// ", ,": the words between have gone.
    fn spaced_commas(&self, rest: &str) -> Option<Found> {
        let gap = rest.len() - rest.trim_start().len();
        let span = Span::new(self.span.start(), self.span.end() + gap + 1);
        let ends = self.line[span.end()..].chars().next().is_none_or(char::is_whitespace);
        (ends && gap > 0 && !rest[..gap].contains('\n')).then(|| (span, TWO_MARKS, vec![(",".to_owned(), 0.85)]))
    }

    /// ",”," and ".”.": which of the two goes is the language's habit.
    fn around_quote(&self, after: Option<char>) -> Option<Found> {
        let quote = after.filter(|&c| marks::closes_quotation(c))?;
        let mark = self.line[self.span.range()].chars().next()?;
        let last = self.span.end() + quote.len_utf8();
        let rest = &self.line[last..];
        let next = rest.strip_prefix(mark)?.chars().next();
        if next.is_some_and(|c| c == mark || !c.is_whitespace()) {
            return None;
        }
        let word = marks::letters_before(self.line, self.span.start());
        let data = self.document.target.data();
        let stop = mark == '.' && (word.chars().nth(1).is_none() || marks::is_abbreviation(data, word));
        let initials = self.line[..self.span.start() - word.len()].ends_with('.');
        if stop || initials {
            return None;
        }
        let inside = Marks::of(self.document).get(mark)?.goes_inside_quotes();
        let (kept, dropped) = (format!("{mark}{quote}"), format!("{quote}{mark}"));
        let fixes = if inside { vec![(kept, 0.85), (dropped, 0.4)] } else { vec![(dropped, 0.8), (kept, 0.45)] };
        Some((Span::new(self.span.start(), last + mark.len_utf8()), AROUND_QUOTE, fixes))
    }
}
