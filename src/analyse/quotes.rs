//! Quotation marks: which opens, which closes, and which stand alone.
//!
//! Marks are paired on a stack, paragraph by paragraph. Single marks count only as a pair, since most of them are apostrophes.

use icu_properties::props::Script;

use crate::language::LanguageData;
use crate::span::Span;
use crate::surface::{Surface, Token, TokenKind};

/// A quotation mark that has found no partner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lone {
    /// Its place.
    pub span: Span,
    /// It opens and nothing closes it; otherwise it closes what nothing opened.
    pub opens: bool,
    /// The next paragraph goes on in the same quotation, as newspapers print long ones, so nothing is missing.
    pub runs_on: bool,
}

/// A quotation mark that faces one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Its place.
    pub span: Span,
    /// It opens a quotation; otherwise it closes one.
    pub opens: bool,
    /// The other mark of its quotation, as an index.
    pub partner: Option<usize>,
    /// Of an opening mark: the mark that opened the quotation around it, as an index.
    pub parent: Option<usize>,
    /// How many quotations are open around its own.
    pub depth: usize,
}

/// The quotations of a text.
#[derive(Clone, Debug, Default)]
pub struct Quotations {
    /// The marks that face one way, by place.
    pub marks: Vec<Mark>,
    /// From the opening mark to the closing one, marks included, by place.
    pub quotes: Vec<Span>,
    /// Marks without a partner, by place.
    pub lone: Vec<Lone>,
}

/// A quotation that is open where the pass over the marks has come to.
#[derive(Clone, Copy)]
struct Open {
    span: Span,
    mark: char,
    /// Its mark in [`Quotations::marks`]; none where it was open before the text begins.
    index: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    Opens,
    Closes,
}

impl Quotations {
    /// Pairs the marks of a text. `open` are the marks, outermost first, that are already open where the text begins: none,
    /// but for a sentence out of the middle of a paragraph.
    pub fn of(text: &str, surface: &Surface, data: LanguageData, open: &[char]) -> Self {
        let habits = data.quotation_marks();
        let mut found = Self::default();
        let mut carried: Vec<Open> =
            open.iter().map(|&c| Open { span: Span::new(0, 0), mark: c, index: None }).collect();
        for (index, block) in surface.blocks.iter().enumerate() {
            let mut tokens = &surface.tokens[surface.tokens_of_block(block)];
            let mut stack = std::mem::take(&mut carried);
            // « First paragraph.  » Second one. »: the mark before each further paragraph says that the quotation goes on.
            if let [first, rest @ ..] = tokens
                && goes_on(&stack, first.span.of(text))
            {
                tokens = rest;
            }
            for (span, turn) in marks(text, tokens, habits, &mut stack.clone()) {
                let Some(c) = span.of(text).chars().next() else {
                    continue;
                };
                let at = found.marks.len();
                let mut mark = Mark { span, opens: true, partner: None, parent: None, depth: stack.len() };
                match turn {
                    Turn::Opens => {
                        mark.parent = stack.last().and_then(|open| open.index);
                        stack.push(Open { span, mark: c, index: Some(at) });
                    }
                    Turn::Closes => {
                        mark.opens = false;
                        match partner(&stack, c).or_else(|| mismatched(&stack, c)) {
                            Some(level) => {
                                for open in &stack[level + 1..] {
                                    found.push_lone(open.span, open.mark, true, false);
                                }
                                let opened = stack[level];
                                stack.truncate(level);
                                mark.depth = level;
                                if let Some(other) = opened.index {
                                    mark.partner = Some(other);
                                    found.marks[other].partner = Some(at);
                                    found.quotes.push(opened.span.cover(span));
                                }
                            }
                            // Spanish and French begin each further paragraph of a quotation with its closing mark.
                            None => found.push_lone(span, c, false, c == '»' && span.start() == block.span.start()),
                        }
                    }
                }
                found.marks.push(mark);
            }
            let next = surface.blocks.get(index + 1).and_then(|next| next.span.of(text).trim_start().chars().next());
            if next == Some('»') && goes_on(&stack, "»") {
                carried = stack;
                continue;
            }
            for open in stack.iter().filter(|open| open.index.is_some()) {
                let (mark, c) = (open.span, open.mark);
                // Russian print lets one mark close two: «Завод «Прогресс».
                let after = found
                    .quotes
                    .iter()
                    .rev()
                    .take(SHARED)
                    .any(|q| q.start() > mark.start() && block.span.contains(*q) && q.of(text).starts_with(c));
                found.push_lone(mark, c, true, next == Some(c) || (c == '«' && after));
            }
        }
        found.quotes.sort();
        found.lone.sort_by_key(|l| l.span);
        found
    }

    /// The last few that begin before a place, by place: those that may hold it are among them.
    pub fn before(&self, at: usize) -> &[Span] {
        last_before(&self.quotes, at)
    }

    /// Whether a quotation holds a place.
    pub fn hold(&self, place: Span) -> bool {
        holds(&self.quotes, place)
    }

    fn push_lone(&mut self, span: Span, mark: char, opens: bool, runs_on: bool) {
        // A single mark without a partner is an apostrophe, a prime, a sign of omission.
        if !span.is_empty() && !is_single(mark) {
            self.lone.push(Lone { span, opens, runs_on });
        }
    }
}

/// Whether a mark at the head of a paragraph takes up a quotation that is open: Spanish and French set the closing one there.
fn goes_on(open: &[Open], mark: &str) -> bool {
    mark == "»" && open.last().is_some_and(|open| open.mark == '«')
}

/// How many quotations back one is looked for that a place may lie in: they nest, and few deep.
const AROUND: usize = 8;

/// The last few of some quotations, which are in order, that begin before a place.
fn last_before(quotes: &[Span], at: usize) -> &[Span] {
    let end = quotes.partition_point(|q| q.start() < at);
    &quotes[end.saturating_sub(AROUND)..end]
}

/// Whether one of some quotations, which are in order, holds a place.
pub fn holds(quotes: &[Span], place: Span) -> bool {
    last_before(quotes, place.start() + 1).iter().any(|q| q.contains(place))
}

/// The quotation marks among some tokens, and which way each of them faces.
fn marks(text: &str, tokens: &[Token], habits: &[(char, char)], open: &mut Vec<Open>) -> Vec<(Span, Turn)> {
    let mut found = Vec::new();
    for token in tokens {
        if token.kind != TokenKind::Mark {
            // An apostrophe inside a word is part of the word and never gets here.
            if token.script == Script::Hebrew
                && let Some(mark) = after_prefix(text, token.span)
            {
                open.push(Open { span: mark, mark: '"', index: None });
                found.push((mark, Turn::Opens));
            }
            continue;
        }
        let Some(c) = token.span.of(text).chars().next().filter(|&c| is_quotation_mark(c)) else {
            continue;
        };
        let before = text[..token.span.start()].chars().next_back();
        let after = text[token.span.end()..].chars().next();
        let Some(turn) = facing(c, before, after, habits, open) else {
            continue;
        };
        match turn {
            Turn::Opens => open.push(Open { span: token.span, mark: c, index: None }),
            Turn::Closes => {
                if let Some(at) = partner(open, c).or_else(|| mismatched(open, c)) {
                    open.truncate(at);
                }
            }
        }
        found.push((token.span, turn));
    }
    found
}

/// How far back a quotation is looked for whose closing mark may serve two.
const SHARED: usize = 8;

/// Which way a mark faces, by what stands around it, what the language does with it, and what is open.
fn facing(c: char, before: Option<char>, after: Option<char>, habits: &[(char, char)], open: &[Open]) -> Option<Turn> {
    let outside_before = before.is_none_or(|b| b.is_whitespace() || "([{—–-/¿¡".contains(b) || is_quotation_mark(b));
    let outside_after = after.is_none_or(|a| !a.is_alphanumeric() && !"([{$€£#@“„«‘‹¿¡".contains(a));
    let could_close = partner(open, c).is_some();
    match c {
        // Feet, inches, minutes, seconds.
        '"' | '\'' | '”' if before.is_some_and(char::is_numeric) && !could_close => None,
        '\'' => match (outside_before, outside_after) {
            (true, false) => Some(Turn::Opens),
            (false, true) if could_close => Some(Turn::Closes),
            _ => None,
        },
        '’' if !could_close => None,
        '’' if before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric) => None,
        '「' | '『' | '《' | '〈' | '„' | '‚' => Some(Turn::Opens),
        '」' | '』' | '》' | '〉' => Some(Turn::Closes),
        _ => {
            let opens_here = habits.iter().any(|&(o, _)| o == c);
            let closes_here = habits.iter().any(|&(_, k)| k == c);
            let by_space = match (outside_before, outside_after) {
                (true, false) => Some(Turn::Opens),
                (false, true) => Some(Turn::Closes),
                _ => None,
            };
            match (opens_here, closes_here) {
                // “x“ and ”x”: the wrong one of the pair, but it stands where the right one would.
                (true, false) if by_space == Some(Turn::Closes) && could_close => Some(Turn::Closes),
                (false, true) if by_space == Some(Turn::Opens) && !could_close => Some(Turn::Opens),
                (true, false) => Some(Turn::Opens),
                (false, true) => Some(Turn::Closes),
                // Between two marks, and at the end of a quotation within a quotation, space says nothing.
                _ => by_space.or_else(|| {
                    let ends = before.is_some_and(is_quotation_mark) && !after.is_some_and(is_quotation_mark);
                    let left_over = c == '»' && mismatched(open, c).is_some();
                    Some(if could_close || ends || left_over { Turn::Closes } else { Turn::Opens })
                }),
            }
        }
    }
}

/// Hebrew sets a mark before the last letter of initials, and a quotation may begin right after a prefix; both are words to
/// the segmenter. Before more than one letter it opens.
fn after_prefix(text: &str, word: Span) -> Option<Span> {
    let (prefix, rest) = word.of(text).split_once('"')?;
    let at = word.start() + prefix.len();
    (rest.chars().nth(1).is_some()).then_some(Span::new(at, at + 1))
}

/// How deep quotations nest, at most: an opening mark further down is not looked for, so a text of marks alone costs no more
/// than any other.
const NESTING: usize = 16;

/// The innermost open mark that `close` can close.
fn partner(open: &[Open], close: char) -> Option<usize> {
    let mut within = open.len().saturating_sub(NESTING);
    if is_single(close) {
        // What began before a quotation does not end within it: ‘90s hit “Rock ’n’ Roll”.
        let double = open[within..].iter().rposition(|open| !is_single(open.mark));
        within += double.map_or(0, |at| at + 1);
    }
    open[within..].iter().rposition(|open| pairs(open.mark, close)).map(|at| within + at)
}

/// The innermost open mark that `close` closes although the two are no pair anywhere (“x»): half of a quotation was
/// carried over from another language. Single marks are too often apostrophes to count.
fn mismatched(open: &[Open], close: char) -> Option<usize> {
    let within = open.len().saturating_sub(NESTING);
    let double = |c: char| !is_single(c);
    open[within..].iter().rposition(|open| double(open.mark) && double(close)).map(|at| within + at)
}

/// Whether it is used as a quotation mark in any language that we know.
pub fn is_quotation_mark(c: char) -> bool {
    "\"'“”„‟«»‹›‘’‚‛「」『』《》〈〉".contains(c)
}

/// Whether it is a single mark, which alone is mostly an apostrophe.
pub fn is_single(c: char) -> bool {
    "'‘’‚‛‹›".contains(c)
}

/// Whether `close` can close what `open` opened, in some language: “x”, „x“, „x”, «x», »x«, ”x”, "x".
fn pairs(open: char, close: char) -> bool {
    let class = |c| match c {
        '"' => 1,
        '“' | '”' | '„' | '‟' => 2,
        '«' | '»' => 3,
        '‹' | '›' => 4,
        '\'' | '‘' | '’' | '‚' | '‛' => 5,
        '「' | '」' => 6,
        '『' | '』' => 7,
        '《' | '》' => 8,
        '〈' | '〉' => 9,
        _ => 0,
    };
    // Typists close a curly mark with a straight one and the other way round; that is a matter of style, not of pairing.
    class(open) == class(close) || matches!((class(open), class(close)), (1, 2) | (2, 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Language;

    fn lone(tag: &str, text: &str) -> Vec<(usize, bool, bool)> {
        let data = LanguageData::of(&Language::parse(tag).expect(tag));
        let surface = Surface::new(text, data, &[], &[]);
        let found = Quotations::of(text, &surface, data, &[]);
        found.lone.iter().map(|l| (text[..l.span.start()].chars().count(), l.opens, l.runs_on)).collect()
    }

    #[test]
    fn pairs_of_many_languages() {
        for (tag, text) in [
            ("en", "He said: “It’s a ‘test’ of the dogs’ “inner” will.” Then '90s rock."),
            ("en", "\"One,\" she said, \"two.\" A 12\" disc, 5'10\" tall."),
            ("de", "Er sagte: „Das ist ‚gut‘.“ Und »das« auch."),
            ("pl", "Powiedział: „To jest «dobre»”."),
            ("fr", "Il a dit : « C’est “bien”. » Et l’autre."),
            ("ru", "Он сказал: «Это „хорошо“»."),
            ("zh", "他说：“好。”《人民日报》「是」"),
            ("fi", "Hän sanoi: ”Hyvä.” Ja lähti."),
            ("en", "The ‘90s hit “Rock ’n’ Roll” plays; he is 6’2” tall."),
            ("he", "צה\"ל אמר: \"כן\". גם ארה\"ב ו\"הארץ\"."),
            ("en", "A quotation “begun here» is one."),
        ] {
            assert_eq!(lone(tag, text), [], "{text}");
        }
    }

    #[test]
    fn lone_marks_are_found() {
        assert_eq!(lone("en", "The group Nusra” left."), [(15, false, false)]);
        assert_eq!(lone("en", "The “group Nusra left."), [(4, true, false)]);
    }

    #[test]
    fn a_long_quotation_runs_on() {
        assert_eq!(lone("en", "“First part.\n\n“Second part.”"), [(0, true, true)]);
    }
}
