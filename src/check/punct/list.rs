//! `punct/list`: items of a list that are marked, numbered or ended another way than the others.

use crate::analyse::{Document, Passage, Text};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, Settings, Survey, marks};
use crate::finding::{EvidenceKind, Severity};
use crate::span::Span;
use crate::surface::{Block, TokenKind};

pub(in crate::check) static LIST: Rule = Rule {
    id: "punct/list",
    summary: "An item of a list that is marked, numbered or ended another way than the others, or has lost its mark.",
    mqm: "linguistic/punctuation",
    its: "typographical",
    severity: Severity::Minor,
    scope: Scope::Document,
    layers: &[Layer::Surface],
    languages: Languages::Any,
    needs_source: false,
    needs_glossary: false,
    run: Run::Document(survey),
};

/// A number between its neighbours that fits neither, or a letter among numbers.
const NUMBERED: f64 = 0.85;
/// A number left out: the item may have been.
const LEFT_OUT: f64 = 0.7;
/// The source's item has a mark and this one has none.
const LOST: f64 = 0.85;
/// One bullet unlike the others.
const BULLET: f64 = 0.8;
/// One item that ends unlike the others.
const ENDED: f64 = 0.75;
/// Fewest items of a list in which one may be told from the others.
const MIN_ITEMS: usize = 3;
/// Fewest items that end alike, the last one aside, beside one that does not.
const ENDED_ALIKE: usize = 3;
/// The highest number of an item; higher ones are years, rooms, articles of a law.
const MAX_NUMBER: u32 = 199;
/// Words of an item that may be a line of a table of results, in which two share a place.
const RESULT_WORDS: usize = 8;

/// What stands before an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Marker {
    Bullet(char),
    Number(u32, Form),
    Letter(char, Form),
}

/// How a number or letter is set off: the mark before it, and the one behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Form {
    open: Option<char>,
    close: char,
}

impl Marker {
    /// The mark at the head of a line, and how long it is.
    fn of(line: &str) -> Option<(Self, usize)> {
        let first = line.chars().next()?;
        let after = |at: usize| line.get(at..).and_then(|rest| rest.chars().next());
        if is_bullet(first) {
            let end = first.len_utf8();
            return after(end).filter(|c| c.is_whitespace()).map(|_| (Self::Bullet(first), end));
        }
        let open = matches!(first, '(' | '（').then_some(first);
        let start = open.map_or(0, char::len_utf8);
        let body = line.get(start..)?;
        let digits = body.bytes().take_while(u8::is_ascii_digit).count();
        let width = if digits > 0 { digits } else { body.chars().next().filter(|c| c.is_alphabetic())?.len_utf8() };
        let close = after(start + width)?;
        let fits = match open {
            Some('(') => close == ')',
            Some(_) => close == '）',
            None => matches!(close, '.' | ')' | '、' | '）') && !(digits == 0 && close == '.'),
        };
        let end = start + width + close.len_utf8();
        // "1、北京": a full-width mark has its space within it.
        let apart = after(end).is_none_or(|c| c.is_whitespace() || matches!(close, '、' | '）'));
        let form = Form { open, close };
        let inner = body.get(..width)?;
        let marker = if digits > 0 {
            Self::Number(inner.parse().ok().filter(|n| (1..=MAX_NUMBER).contains(n))?, form)
        } else {
            Self::Letter(inner.chars().next().filter(char::is_ascii_alphabetic)?, form)
        };
        (fits && apart).then_some((marker, end))
    }

    /// Its place in the order, where it has one.
    fn order(self) -> Option<u32> {
        match self {
            Self::Bullet(_) => None,
            Self::Number(number, _) => Some(number),
            Self::Letter(letter, _) => Some(u32::from(letter.to_ascii_lowercase()) - u32::from('a') + 1),
        }
    }

    fn form(self) -> Option<Form> {
        match self {
            Self::Bullet(_) => None,
            Self::Number(_, form) | Self::Letter(_, form) => Some(form),
        }
    }

    /// Whether the two are of one kind: numbers, small letters, capitals, bullets.
    fn is_like(self, other: Self) -> bool {
        match (self, other) {
            (Self::Bullet(_), Self::Bullet(_)) | (Self::Number(..), Self::Number(..)) => true,
            (Self::Letter(a, _), Self::Letter(b, _)) => a.is_ascii_uppercase() == b.is_ascii_uppercase(),
            _ => false,
        }
    }

    /// The mark of this kind and form at another place of the order; `None` past the last letter.
    fn at(self, order: u32) -> Option<Self> {
        match self {
            Self::Bullet(_) => Some(self),
            Self::Number(_, form) => Some(Self::Number(order, form)),
            Self::Letter(letter, form) => {
                let first = if letter.is_ascii_uppercase() { 'A' } else { 'a' };
                let letter = char::from_u32(u32::from(first) + order.checked_sub(1)?)?;
                letter.is_ascii_alphabetic().then_some(Self::Letter(letter, form))
            }
        }
    }

    fn written(self) -> String {
        let set = |inner: String, form: Form| {
            format!("{}{inner}{}", form.open.map(String::from).unwrap_or_default(), form.close)
        };
        match self {
            Self::Bullet(c) => c.to_string(),
            Self::Number(number, form) => set(number.to_string(), form),
            Self::Letter(letter, form) => set(letter.to_string(), form),
        }
    }
}

/// Dots and squares. Dashes and asterisks open speech and parts of a text, too, so they make no list by themselves.
fn is_bullet(c: char) -> bool {
    "•●∙·▪■◦○‣►▶–—-*−".contains(c)
}

/// Bullets that are typed for one another: only among these is another one a slip and not a list within the list.
fn looks_like(a: char, b: char) -> bool {
    let class = |c| {
        if "–—-−".contains(c) {
            0
        } else if "•●∙·".contains(c) {
            1
        } else if "▪■".contains(c) {
            2
        } else {
            3
        }
    };
    class(a) == class(b) && class(a) != 3
}

fn is_dash(c: char) -> bool {
    "–—-−".contains(c)
}

/// An item of a list.
struct Item<'a> {
    /// The paragraph, as an index.
    block: usize,
    /// Its first and last sentence.
    sentences: std::ops::Range<usize>,
    marker: Marker,
    /// How far the line is indented, in bytes.
    indent: usize,
    /// What stands behind the marker.
    body: &'a str,
    words: usize,
}

/// The lists of a text: items in paragraphs that follow each other.
fn lists<'a>(text: &Text<'a>) -> Vec<Vec<Item<'a>>> {
    let surface = text.surface();
    let mut lists: Vec<Vec<Item<'a>>> = Vec::new();
    for (index, block) in surface.blocks.iter().enumerate() {
        let Some(item) = item(text, index, block) else {
            continue;
        };
        match lists.last_mut() {
            Some(list) if list.last().is_some_and(|last| last.block + 1 == index) => list.push(item),
            _ => lists.push(vec![item]),
        }
    }
    lists.retain(|list| list.len() >= MIN_ITEMS);
    lists
}

fn item<'a>(text: &Text<'a>, index: usize, block: &Block) -> Option<Item<'a>> {
    let whole = block.span.of(text.text());
    let line = whole.trim();
    let (marker, length) = Marker::of(line)?;
    // "1. Mai 2021", "3. Oktober": a date; a line with a tab or a stroke is a row of a table.
    let body = line.get(length..)?.trim_start();
    let first = body.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    let dated = text.data().table("calendar").has(&crate::surface::fold(first));
    let table = body.contains(['\t', '|']);
    if body.is_empty() || dated || table {
        return None;
    }
    let tokens = text.surface().tokens.get(text.surface().tokens_of_block(block))?;
    let words = tokens.iter().filter(|t| matches!(t.kind, TokenKind::Word | TokenKind::Number)).count();
    let indent = whole.len() - whole.trim_start().len();
    Some(Item { block: index, sentences: block.sentences.clone(), marker, indent, body, words })
}

/// What an item should have.
enum Wanted {
    /// Another mark before it, in place of what stands there.
    Marker { instead: Option<Marker>, was: Option<Marker> },
    /// Another mark behind it, or none.
    Ending { last: &'static str, was: Ending },
}

struct Fault {
    /// The sentence that it shows in.
    sentence: usize,
    wanted: Wanted,
    confidence: f64,
    message: String,
    why: &'static str,
}

struct Lists(Vec<Fault>);

fn survey(document: &Document<'_>, _: &Settings) -> Box<dyn Survey> {
    let mut faults = Vec::new();
    let stop = marks::Marks::of(document).stop().unwrap_or(".");
    for list in lists(&document.target) {
        let dashes = list.iter().any(|item| matches!(item.marker, Marker::Bullet(c) if is_dash(c)));
        if dashes && !is_introduced(&document.target, &list) {
            continue;
        }
        bullets(document, &list, &mut faults);
        numbers(document, &list, &mut faults);
        endings(document, &list, stop, &mut faults);
    }
    lost(document, &mut faults);
    faults.sort_by_key(|fault| fault.sentence);
    Box::new(Lists(faults))
}

/// Dashes open speech as well as items: of a list the lines before end with a colon, and the items are no sentences.
fn is_introduced(target: &Text<'_>, list: &[Item<'_>]) -> bool {
    let before = list.first().and_then(|item| target.surface().blocks.get(item.block.checked_sub(1)?));
    let colon = before.is_some_and(|block| block.span.of(target.text()).trim_end().ends_with([':', '：']));
    let sentences = list.iter().filter(|item| matches!(Ending::of(item.body), Ending::Stop | Ending::Other)).count();
    colon && sentences * 2 <= list.len()
}

/// One bullet that is typed unlike the others.
fn bullets(document: &Document<'_>, list: &[Item<'_>], faults: &mut Vec<Fault>) {
    let marks: Vec<(char, &Item<'_>)> = list
        .iter()
        .filter_map(|item| if let Marker::Bullet(c) = item.marker { Some((c, item)) } else { None })
        .collect();
    let Some((&(usual, _), &(odd, item))) = odd_one(&marks, |a, b| a.0 == b.0) else {
        return;
    };
    let level = marks.iter().all(|(_, other)| other.indent == item.indent);
    if marks.len() != list.len() || !level || !(looks_like(usual, odd) || source_has_one(document, list)) {
        return;
    }
    faults.push(Fault {
        sentence: item.sentences.start,
        wanted: Wanted::Marker { instead: Some(Marker::Bullet(usual)), was: Some(item.marker) },
        confidence: BULLET,
        message: format!("the other items of this list begin with “{usual}”"),
        why: "the other items",
    });
}

/// Whether the source has as many items, all with one bullet.
fn source_has_one(document: &Document<'_>, list: &[Item<'_>]) -> bool {
    document.source.as_ref().is_some_and(|source| {
        let same = |other: &Vec<Item<'_>>| {
            other.len() == list.len()
                && other.windows(2).all(|w| w[0].marker == w[1].marker)
                && matches!(other[0].marker, Marker::Bullet(_))
        };
        lists(source).iter().any(same)
    })
}

/// Of some things, one of the others and the one that is unlike them; `None` where there is not just one, or too few others.
fn odd_one<T>(all: &[T], same: impl Fn(&T, &T) -> bool) -> Option<(&T, &T)> {
    let first = all.first()?;
    let unlike: Vec<&T> = all.iter().filter(|&one| !same(first, one)).collect();
    let (usual, odd) = match unlike.as_slice() {
        [odd] => (first, *odd),
        [usual, rest @ ..] if rest.len() + 2 == all.len() => (*usual, first),
        _ => return None,
    };
    let alike = all.iter().filter(|&one| same(usual, one)).count();
    (alike >= MIN_ITEMS - 1 && alike + 1 == all.len()).then_some((usual, odd))
}

/// Numbers that stand twice or leave one out, and letters among numbers.
fn numbers(document: &Document<'_>, list: &[Item<'_>], faults: &mut Vec<Fault>) {
    let orders: Vec<u32> = list.iter().filter_map(|item| item.marker.order()).collect();
    if orders.len() != list.len() || source_counts_so(document, &orders) {
        return;
    }
    let breaks: Vec<usize> = (1..orders.len()).filter(|&i| orders[i] != orders[i - 1] + 1).collect();
    let alike = |a: &Item<'_>, b: &Item<'_>| a.marker.is_like(b.marker) && a.marker.form() == b.marker.form();
    let uniform = list.windows(2).all(|w| alike(&w[0], &w[1]));
    let fault = |item: &Item<'_>, instead: Option<Marker>, message: String| Fault {
        sentence: item.sentences.start,
        wanted: Wanted::Marker { instead, was: Some(item.marker) },
        confidence: NUMBERED,
        message,
        why: "the items around it",
    };
    match breaks.as_slice() {
        // "a) b) 3)" and "1. 2. 3) 4."
        [] if !uniform => {
            let Some((usual, odd)) = odd_one(list, alike) else { return };
            let wanted = odd.marker.order().and_then(|order| usual.marker.at(order));
            if let Some(wanted) = wanted {
                let message = format!("here this list goes on with “{}”", wanted.written());
                faults.push(fault(odd, Some(wanted), message));
            }
        }
        // Of results, two may share a place: "1. 2. 2. 4.".
        _ if !uniform || list.iter().all(is_result) => {}
        // "1. 2. 2. 4.": the number between its neighbours is known.
        &[at, next] if next == at + 1 && orders[next] == orders[at - 1] + 2 => {
            if let Some(wanted) = list[at - 1].marker.at(orders[at - 1] + 1) {
                let message = format!("between its neighbours this item is “{}”", wanted.written());
                faults.push(fault(&list[at], Some(wanted), message));
            }
        }
        // "1. 2. 2. 3.": whether the rest is to be counted anew or an item is one too many, nobody knows. The last one is known.
        &[at] if orders[at] == orders[at - 1] => {
            let last = at + 1 == list.len();
            let wanted = list[at - 1].marker.at(orders[at - 1] + 1).filter(|_| last);
            faults.push(fault(&list[at], wanted, "two items of this list have the same number".to_owned()));
        }
        // "1. 2. 4. 5."
        &[at] if orders[at] == orders[at - 1] + 2 && list.len() > MIN_ITEMS => {
            let left_out = list[at - 1].marker.at(orders[at - 1] + 1).map(Marker::written).unwrap_or_default();
            let message = format!("this list leaves “{left_out}” out");
            faults.push(Fault { confidence: LEFT_OUT, ..fault(&list[at], None, message) });
        }
        _ => {}
    }
}

/// A line of a table of results: few words and a figure.
fn is_result(item: &Item<'_>) -> bool {
    item.words <= RESULT_WORDS && item.body.contains(char::is_numeric)
}

/// Whether the source has a list with the same numbers: then they are the author's.
fn source_counts_so(document: &Document<'_>, orders: &[u32]) -> bool {
    document.source.as_ref().is_some_and(|source| {
        let same = |list: &Vec<Item<'_>>| {
            list.len() == orders.len()
                && list.iter().zip(orders).all(|(item, order)| item.marker.order() == Some(*order))
        };
        !is_in_order(orders) && lists(source).iter().any(same)
    })
}

fn is_in_order(orders: &[u32]) -> bool {
    orders.windows(2).all(|w| w[1] == w[0] + 1)
}

/// How an item ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Bare,
    Comma,
    Semicolon,
    Stop,
    /// A question, a colon, a quotation: no part of the list's order.
    Other,
}

impl Ending {
    fn of(line: &str) -> Self {
        match line.trim_end().chars().next_back() {
            Some(',' | '،' | '，' | '、') => Self::Comma,
            Some(';' | '؛' | '；') => Self::Semicolon,
            Some('.' | '。' | '۔' | '।') => Self::Stop,
            Some(c) if c.is_alphanumeric() || matches!(c, ')' | '）' | '%' | '”' | '»' | '"') => Self::Bare,
            _ => Self::Other,
        }
    }
}

/// One item that ends unlike the others. The last one may: "…; …; ….".
fn endings(document: &Document<'_>, list: &[Item<'_>], stop: &'static str, faults: &mut Vec<Fault>) {
    let data = document.target.data();
    let level = list.windows(2).all(|w| w[0].indent == w[1].indent && w[0].marker.is_like(w[1].marker));
    let inner = list.split_last().map_or(&[][..], |(_, inner)| inner);
    let single = list.iter().all(|item| item.sentences.len() == 1);
    if !level || !single || inner.len() <= ENDED_ALIKE {
        return;
    }
    let ends: Vec<(Ending, &Item<'_>)> = inner.iter().map(|item| (Ending::of(item.body), item)).collect();
    let Some((&(usual, _), &(odd, item))) = odd_one(&ends, |a, b| a.0 == b.0) else {
        return;
    };
    let last = match usual {
        Ending::Bare => "",
        Ending::Comma => ",",
        Ending::Semicolon => ";",
        Ending::Stop => stop,
        Ending::Other => return,
    };
    // "… ; and": the item before the last says that one more follows; "etc." and "Inc." keep their stop; a quotation its own.
    let word = item.body.trim_end_matches('.').rsplit(|c: char| c.is_whitespace()).next().unwrap_or("");
    let abbreviated =
        odd == Ending::Stop && (marks::is_abbreviation(data, word) || word.chars().count() <= 2 || word.contains('.'));
    let quoted = item.body.ends_with(['”', '»', '"', '’', '…']);
    let joins = inner.last().is_some_and(|last| std::ptr::eq(last, item))
        && odd == Ending::Bare
        && data.table("doubled").has(&crate::surface::fold(word));
    let latin = ends.iter().all(|(_, item)| !item.body.ends_with(['，', '、', '。', '；', '،', '؛', '۔', '।']));
    if odd == Ending::Other || abbreviated || quoted || joins || !latin {
        return;
    }
    let message = if last.is_empty() {
        "the other items of this list end without a mark".to_owned()
    } else {
        format!("the other items of this list end with “{last}”")
    };
    faults.push(Fault {
        sentence: item.sentences.end.saturating_sub(1),
        wanted: Wanted::Ending { last, was: odd },
        confidence: ENDED,
        message,
        why: "the other items",
    });
}

/// Items of the source that have a mark, whose renderings have none.
fn lost(document: &Document<'_>, faults: &mut Vec<Fault>) {
    let Some(source) = &document.source else {
        return;
    };
    let (from, to) = (&source.surface().blocks, &document.target.surface().blocks);
    // Paragraph by paragraph, or segment by segment; where paragraphs were split or joined nobody knows which is whose.
    if from.len() != to.len() {
        return;
    }
    for list in lists(source) {
        let bullets = list.iter().all(|item| matches!(item.marker, Marker::Bullet(c) if !is_dash(c) && c != '*'));
        let orders: Vec<u32> = list.iter().filter_map(|item| item.marker.order()).collect();
        let ordered = orders.len() == list.len() && is_in_order(&orders);
        let like =
            list.windows(2).all(|w| w[0].marker.is_like(w[1].marker) && w[0].marker.form() == w[1].marker.form());
        if !like || !(bullets || ordered) {
            continue;
        }
        let marked: Vec<Option<Marker>> = list
            .iter()
            .map(|item| to.get(item.block).and_then(|block| Marker::of(block.span.of(document.target.text()).trim())))
            .map(|found| found.map(|(marker, _)| marker))
            .collect();
        // Where most have gone, the desk sets no lists, or the file holds the marks elsewhere.
        let kept: Vec<Marker> = marked.iter().flatten().copied().collect();
        if kept.len() * 2 <= list.len() {
            continue;
        }
        for (item, _) in list.iter().zip(&marked).filter(|(_, marker)| marker.is_none()) {
            let Some(block) = to.get(item.block).filter(|block| !block.sentences.is_empty()) else {
                continue;
            };
            // Another sign may stand for it: ①, №, a letter of another alphabet.
            let head = block.span.of(document.target.text()).trim_start();
            if !head.starts_with(char::is_alphabetic) && !head.starts_with(['“', '"', '«', '„']) {
                continue;
            }
            let like = kept.iter().find(|marker| marker.is_like(item.marker));
            let instead = like.and_then(|marker| match item.marker.order() {
                Some(order) => marker.at(order),
                None => Some(*marker),
            });
            faults.push(Fault {
                sentence: block.sentences.start,
                wanted: Wanted::Marker { instead, was: None },
                confidence: LOST,
                message: format!("the source has “{}” before this item", item.marker.written()),
                why: "the source’s list, and the other items",
            });
        }
    }
}

impl Survey for Lists {
    fn check(&self, _: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        let first = self.0.partition_point(|fault| fault.sentence < passage.place);
        for fault in self.0[first..].iter().take_while(|fault| fault.sentence == passage.place) {
            let line = passage.span().of(passage.text.text());
            let origin = passage.span().start();
            let place = match &fault.wanted {
                Wanted::Marker { instead, was } => before(line, *instead, *was),
                Wanted::Ending { last, was } => behind(line, last, *was),
            };
            let Some((span, fix)) = place else { continue };
            let span = span.shift(origin);
            if marks::is_by_mask(passage, span) {
                continue;
            }
            let draft = Draft::new(span, fault.confidence, fault.message.clone());
            let draft = draft.because(EvidenceKind::Document, fault.why, None);
            out.push(match fix {
                Some((edit, words)) => draft.fix(Fix::replace(edit.shift(origin), words, 0.85)),
                None => draft,
            });
        }
    }
}

/// A place in a line, and what would mend it.
type Repair = (Span, Option<(Span, String)>);

/// The mark before an item, while it still is the wrong one.
fn before(line: &str, instead: Option<Marker>, was: Option<Marker>) -> Option<Repair> {
    let found = Marker::of(line);
    match (found, was) {
        (Some((marker, length)), Some(was)) if marker == was => {
            let span = Span::new(0, length);
            Some((span, instead.map(|marker| (span, marker.written()))))
        }
        (None, None) => {
            let word = line.find(char::is_whitespace).unwrap_or(line.len());
            Some((Span::new(0, word), instead.map(|marker| (Span::new(0, 0), format!("{} ", marker.written())))))
        }
        _ => None,
    }
}

/// The mark behind an item, while it still is the wrong one.
fn behind(line: &str, last: &str, was: Ending) -> Option<Repair> {
    if Ending::of(line) != was {
        return None;
    }
    let end = line.len();
    if was == Ending::Bare {
        let word =
            line.rfind(char::is_whitespace).map_or(0, |at| at + line[at..].chars().next().map_or(1, char::len_utf8));
        return Some((Span::new(word, end), Some((Span::new(end, end), last.to_owned()))));
    }
    let width = line.chars().next_back().map_or(0, char::len_utf8);
    let mark = Span::new(end - width, end);
    Some((mark, Some((mark, last.to_owned()))))
}
