//! The surface of one text: paragraphs, sentences, tokens, and what kind of paragraph each is.
//!
//! Boundaries are those of UAX #29 as ICU4X finds them (words by dictionary, never by the LSTM, which is a hundred times
//! slower on Thai), with a pass of our own over sentence ends that are only the stops of abbreviations.

use std::sync::LazyLock;

use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::CodePointMapData;
use icu_properties::props::Script;
use icu_segmenter::options::{SentenceBreakInvariantOptions, WordBreakInvariantOptions, WordType};
use icu_segmenter::{SentenceSegmenter, WordSegmenter, WordSegmenterBorrowed};

use crate::language::{LanguageData, Table};
use crate::span::Span;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A word.
    Word,
    /// A number, or a word that begins with a digit.
    Number,
    /// Punctuation, a symbol, an emoji.
    Mark,
    /// An inline code: opaque.
    Mask,
}

/// How the letters of a word are cased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// It has no letters with case.
    None,
    /// all lower
    Lower,
    /// First letter upper, the others lower; also a single upper letter.
    Title,
    /// ALL UPPER, two letters or more.
    Upper,
    /// anyThing else.
    Mixed,
}

/// A word, number or mark. Space is not kept.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// Its place.
    pub span: Span,
    /// What it is.
    pub kind: TokenKind,
    /// Its letters' case.
    pub case: Case,
    /// The script of its first letter; `Common` where it has none.
    pub script: Script,
    /// Whether it follows the token before without a space.
    pub glued: bool,
    folded: (u32, u32),
}

/// What kind of paragraph it is. Rules for running text are silent elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// The title above the text.
    Headline,
    /// Who wrote it.
    Byline,
    /// Running text.
    Body,
}

/// A paragraph.
#[derive(Clone, Debug)]
pub struct Block {
    /// Its place, without the line end.
    pub span: Span,
    /// What kind it is.
    pub kind: BlockKind,
    /// "MOSCOW, May 3 (Agency) —": place and date before the text begins.
    pub dateline: Option<Span>,
    /// Its sentences, as indices.
    pub sentences: std::ops::Range<usize>,
}

/// A sentence.
#[derive(Clone, Debug)]
pub struct Sentence {
    /// Its place, without the space around it.
    pub span: Span,
    /// Its tokens, as indices.
    pub tokens: std::ops::Range<usize>,
    /// Its paragraph, as an index.
    pub block: usize,
}

/// The surface of one text.
#[derive(Clone, Debug)]
pub struct Surface {
    /// In the order of the text.
    pub blocks: Vec<Block>,
    /// In the order of the text.
    pub sentences: Vec<Sentence>,
    /// In the order of the text.
    pub tokens: Vec<Token>,
    folded: String,
}

impl Surface {
    /// The surface of a whole side. `hard` are places where a paragraph certainly ends: the borders of segments.
    pub fn new(text: &str, data: LanguageData, masks: &[Span], hard: &[usize]) -> Self {
        let spans = blocks_of(text, hard);
        Self::build(text, data, masks, &spans, None)
    }

    /// The surface of a sentence that was changed, as a paragraph of the kind that the sentence stood in.
    pub fn of_passage(text: &str, data: LanguageData, masks: &[Span], kind: BlockKind) -> Self {
        Self::build(text, data, masks, &[Span::new(0, text.len())], Some(kind))
    }

    fn build(text: &str, data: LanguageData, masks: &[Span], blocks: &[Span], kind: Option<BlockKind>) -> Self {
        let (tokens, folded) = tokenise(text, masks, &data.elisions());
        let mut surface = Self { blocks: Vec::with_capacity(blocks.len()), sentences: Vec::new(), tokens, folded };
        let rules = SentenceRules::of(data);
        let mut token = 0;
        for &span in blocks {
            let first = surface.sentences.len();
            for sentence in sentences_of(text, span, masks, &rules) {
                while surface.tokens.get(token).is_some_and(|t| t.span.end() <= sentence.start()) {
                    token += 1;
                }
                let begin = token;
                while surface.tokens.get(token).is_some_and(|t| t.span.start() < sentence.end()) {
                    token += 1;
                }
                surface.sentences.push(Sentence { span: sentence, tokens: begin..token, block: surface.blocks.len() });
            }
            let sentences = first..surface.sentences.len();
            surface.blocks.push(Block { span, kind: kind.unwrap_or(BlockKind::Body), dateline: None, sentences });
        }
        if kind.is_none() {
            surface.tell_blocks_apart(text, data);
        }
        surface
    }

    /// A token's letters for comparing: lower case, composed (NFC), apostrophes and hyphens of one kind, no soft hyphens.
    pub fn folded(&self, token: &Token) -> &str {
        self.folded.get(token.folded.0 as usize..token.folded.1 as usize).unwrap_or("")
    }

    /// The tokens of a sentence.
    pub fn tokens_of(&self, sentence: &Sentence) -> &[Token] {
        self.tokens.get(sentence.tokens.clone()).unwrap_or(&[])
    }

    /// The sentence that a place lies in, or the one before it where it lies between two.
    pub fn sentence_at(&self, at: usize) -> Option<usize> {
        let after = self.sentences.partition_point(|s| s.span.start() <= at);
        after.checked_sub(1).or((!self.sentences.is_empty()).then_some(0))
    }

    /// How many words it has; numbers count.
    pub fn words(&self) -> usize {
        self.tokens.iter().filter(|t| matches!(t.kind, TokenKind::Word | TokenKind::Number)).count()
    }

    /// The kind of paragraph that a sentence stands in.
    pub fn kind_of(&self, sentence: &Sentence) -> BlockKind {
        self.blocks.get(sentence.block).map_or(BlockKind::Body, |b| b.kind)
    }

    /// The tokens of a paragraph, as indices.
    pub fn tokens_of_block(&self, block: &Block) -> std::ops::Range<usize> {
        let first = self.sentences.get(block.sentences.start);
        let last = self.sentences.get(block.sentences.end.wrapping_sub(1));
        match (first, last) {
            (Some(first), Some(last)) if !block.sentences.is_empty() => first.tokens.start..last.tokens.end,
            _ => 0..0,
        }
    }

    fn block_tokens(&self, block: &Block) -> &[Token] {
        self.tokens.get(self.tokens_of_block(block)).unwrap_or(&[])
    }

    /// Finds headline, byline and datelines. Only short paragraphs at the head of the text can be the first two.
    fn tell_blocks_apart(&mut self, text: &str, data: LanguageData) {
        let written: Vec<usize> = (0..self.blocks.len()).filter(|&b| !self.blocks[b].sentences.is_empty()).collect();
        let mut kinds = Vec::new();
        if written.len() > 1 && self.looks_like_headline(text, &self.blocks[written[0]]) {
            kinds.push((written[0], BlockKind::Headline));
        }
        for &block in written.iter().take(3) {
            let tokens = self.block_tokens(&self.blocks[block]);
            let opens = tokens.first().is_some_and(|t| data.byline_openers().any(|w| w == self.folded(t)));
            let names = tokens.iter().skip(1).filter(|t| t.kind == TokenKind::Word && t.case != Case::Lower).count();
            if opens
                && names >= 1
                && tokens.len() <= BYLINE_TOKENS
                && !ends_like_a_sentence(text, self.blocks[block].span)
            {
                kinds.push((block, BlockKind::Byline));
            }
        }
        let datelines: Vec<_> = written.iter().take(4).map(|&b| (b, self.dateline(&self.blocks[b]))).collect();
        for (block, kind) in kinds {
            self.blocks[block].kind = kind;
        }
        for (block, dateline) in datelines {
            self.blocks[block].dateline = dateline;
        }
    }

    fn looks_like_headline(&self, text: &str, block: &Block) -> bool {
        let tokens = self.block_tokens(block);
        tokens.len() <= HEADLINE_TOKENS && block.sentences.len() == 1 && !ends_like_a_sentence(text, block.span)
    }

    /// A place in capitals, then at most a date and an agency, then a dash: the newspaper dateline.
    fn dateline(&self, block: &Block) -> Option<Span> {
        let tokens = self.block_tokens(block);
        let first = tokens.first().filter(|t| t.kind == TokenKind::Word && t.case == Case::Upper)?;
        let dash = tokens
            .iter()
            .take(DATELINE_TOKENS)
            .find(|t| t.kind == TokenKind::Mark && !t.glued && matches!(self.folded(t), "—" | "–" | "-" | "--"))?;
        Some(Span::new(first.span.start(), dash.span.end()))
    }
}

/// The longest headline, in tokens: of 59 headlines of clean English news the longest has 22.
const HEADLINE_TOKENS: usize = 28;
/// The longest byline, in tokens: "By", two names of three words with an initial each, "and", "for", an agency.
const BYLINE_TOKENS: usize = 14;
/// How far into a paragraph a dateline's dash may stand: place, country, date, agency in brackets.
const DATELINE_TOKENS: usize = 16;

/// Whether a mark that ends sentences stands last in a place, but for marks that close.
pub fn ends_like_a_sentence(text: &str, span: Span) -> bool {
    span.of(text).chars().rev().find(|c| !is_closing(*c)).is_some_and(|c| TERMINALS.contains(c))
}

/// What may stand between the mark that ends a sentence and the next sentence.
fn is_closing(c: char) -> bool {
    c.is_whitespace() || CLOSERS.contains(c)
}

/// Marks that end a sentence, in all scripts that we have data for.
const TERMINALS: &str = ".!?…。！？؟۔।॥։።";
/// Marks that may follow them.
const CLOSERS: &str = "\"'”’»«“‘›)]」』）】》";

/// Paragraphs: the text between blank lines and line ends, where a line end that merely wraps does not count.
fn blocks_of(text: &str, hard: &[usize]) -> Vec<Span> {
    let lines: Vec<Span> = {
        let mut start = 0;
        let ends = text.match_indices('\n').map(|(at, _)| at).chain([text.len()]);
        ends.map(|end| {
            let line = Span::new(start, end);
            start = end + 1;
            line
        })
        .collect()
    };
    let wrapped = hard.is_empty() && is_wrapped(text, &lines);
    let mut blocks: Vec<Span> = Vec::new();
    let mut open = false;
    for line in lines {
        let written = !line.of(text).trim().is_empty();
        match blocks.last_mut() {
            Some(block) if written && open && wrapped => *block = block.cover(line),
            _ if written => blocks.push(line),
            _ => {}
        }
        open = written;
    }
    blocks
}

/// Whether the lines were wrapped at a fixed width: none is long, and several begin in the middle of a sentence.
fn is_wrapped(text: &str, lines: &[Span]) -> bool {
    let longest = lines.iter().map(|l| l.len()).max().unwrap_or(0);
    let runs_on = |l: &&Span| l.of(text).chars().next().is_some_and(char::is_lowercase);
    longest <= WRAP_BYTES && lines.iter().filter(runs_on).count() >= 3
}

/// The longest line of a wrapped text: 100 columns of a script with two bytes a letter.
const WRAP_BYTES: usize = 200;

/// What the sentence pass asks of a language.
struct SentenceRules {
    abbreviations: Table,
    starters: Table,
    ordinal_dot: bool,
}

impl SentenceRules {
    fn of(data: LanguageData) -> Self {
        Self {
            abbreviations: data.table("abbreviations"),
            starters: data.table("starters"),
            ordinal_dot: data.ordinals_take_a_stop(),
        }
    }

    /// Whether the stop at the end of `before` belongs to an abbreviation, an initial or an ordinal rather than to the
    /// sentence, given what follows.
    fn joins(&self, before: &str, after: &str) -> bool {
        if !before.ends_with('.') {
            return false;
        }
        let mut chunks = last_bytes(before, CHUNK_BYTES).rsplit(char::is_whitespace);
        let bare = |chunk: &str| fold(chunk.trim_start_matches(|c: char| !c.is_alphanumeric()));
        let last = bare(chunks.next().unwrap_or(""));
        let pair = chunks.next().map(|previous| format!("{} {last}", bare(previous)));
        let next = first_bytes(after, CHUNK_BYTES).trim_start_matches(|c: char| !c.is_alphanumeric());
        let word: &str = next.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’').next().unwrap_or("");
        // "А. С. Петров": a letter with a stop behind it is an initial, though some language has it for a word.
        let initial = word.chars().count() == 1 && next.get(word.len()..).is_some_and(|rest| rest.starts_with('.'));
        let starts = || !initial && self.starters.has(&fold(word));
        let digit = next.chars().next().is_some_and(char::is_numeric);
        let stem = last.trim_end_matches('.');
        if !stem.is_empty() && stem.chars().all(|c| c.is_ascii_digit()) {
            let whole = last_bytes(before, CHUNK_BYTES).trim_start().len() == last.len();
            return whole || (self.ordinal_dot && stem.len() <= 2 && !starts());
        }
        let row = pair.and_then(|pair| self.abbreviations.get(&pair)).or_else(|| self.abbreviations.get(&last));
        match row.map(|row| row.column(0)) {
            Some("before-name" | "inner") => true,
            Some("before-number") => digit,
            Some(_) => !starts(),
            None => is_initials(&last) && !digit && !starts(),
        }
    }
}

/// The longest abbreviation with its neighbour, in bytes.
const CHUNK_BYTES: usize = 40;

fn last_bytes(text: &str, bytes: usize) -> &str {
    let mut start = text.len().saturating_sub(bytes);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..]
}

fn first_bytes(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// "j." or "j.k.": letters with a stop after each.
fn is_initials(folded: &str) -> bool {
    let mut letter = false;
    for c in folded.chars() {
        match (letter, c) {
            (false, c) if c.is_alphabetic() => letter = true,
            (true, '.') => letter = false,
            _ => return false,
        }
    }
    !letter && !folded.is_empty()
}

fn sentences_of(text: &str, block: Span, masks: &[Span], rules: &SentenceRules) -> Vec<Span> {
    let body = block.of(text);
    let segmenter = SentenceSegmenter::new(SentenceBreakInvariantOptions::default());
    let mut sentences = Vec::new();
    let (mut start, mut last) = (0, 0);
    // What is known of the piece from `start` on, so that pieces joined by the thousand are not read again each time.
    let (mut written, mut ended) = (0, false);
    for end in segmenter.segment_str(body) {
        let piece = Span::new(start, end).of(body);
        let more = Span::new(last, end).of(body);
        let content = more.trim_end();
        if !content.is_empty() {
            written = last + content.len();
        }
        if let Some(c) = content.chars().rev().find(|c| !is_closing(*c)) {
            ended = TERMINALS.contains(c);
        }
        last = end;
        let trimmed = Span::new(start, written.max(start)).of(body);
        if end < body.len() {
            let wraps = trimmed.len() < piece.len() && piece.ends_with('\n') && !ended;
            let at = block.start() + end;
            let masked = masks.binary_search_by(|m| {
                if m.end() <= at {
                    std::cmp::Ordering::Less
                } else if m.start() >= at {
                    std::cmp::Ordering::Greater
                } else {
                    std::cmp::Ordering::Equal
                }
            });
            if trimmed.is_empty() || wraps || masked.is_ok() || rules.joins(trimmed, &body[end..]) {
                continue;
            }
        }
        let lead = piece.len() - piece.trim_start().len();
        let sentence = Span::new(start + lead, start + trimmed.len());
        if !sentence.is_empty() {
            sentences.push(sentence.shift(block.start()));
        }
        (start, written, ended) = (end, end, false);
    }
    sentences
}

/// Splits a text into tokens; also gives the folded letters that the tokens point into.
fn tokenise(text: &str, masks: &[Span], elisions: &[&str]) -> (Vec<Token>, String) {
    static SEGMENTER: LazyLock<WordSegmenterBorrowed<'static>> =
        LazyLock::new(|| WordSegmenter::new_dictionary(WordBreakInvariantOptions::default()));
    let mut out = Tokens {
        text,
        elisions,
        tokens: Vec::with_capacity(text.len() / 5 + 1),
        folded: String::with_capacity(text.len()),
    };
    let mut masks = masks.iter().peekable();
    let mut start = 0;
    for (end, word) in SEGMENTER.segment_str(text).iter_with_word_type() {
        let mut from = start;
        start = end;
        while let Some(mask) = masks.peek().filter(|m| m.start() < end) {
            if from < mask.start() {
                out.push(Span::new(from, mask.start()), word);
            }
            if from <= mask.start() {
                out.push_mask(**mask);
            }
            from = mask.end().max(from);
            if mask.end() > end {
                break;
            }
            masks.next();
        }
        if from < end {
            out.push(Span::new(from, end), word);
        }
    }
    (out.tokens, out.folded)
}

struct Tokens<'a> {
    text: &'a str,
    elisions: &'a [&'a str],
    tokens: Vec<Token>,
    folded: String,
}

impl Tokens<'_> {
    /// Adds a word, number or mark. UAX #29 takes a narrow space that does not break for part of the word beside it, which
    /// holds for figures alone ("10 000"): French sets it before marks and after guillemets.
    fn push(&mut self, span: Span, word: WordType) {
        let mut start = span.start();
        let piece = span.of(self.text);
        // Nearly no piece has such a space, and looking for letters costs more than looking for a byte.
        let spaced = if piece.bytes().any(|b| b == 0xe2) { piece } else { "" };
        for (at, space) in spaced.match_indices('\u{202f}') {
            let (at, end) = (span.start() + at, span.start() + at + space.len());
            let digit = |c: Option<char>| c.is_some_and(char::is_numeric);
            let before = self.text[start..at].chars().next_back();
            if digit(before) && digit(self.text[end..span.end()].chars().next()) {
                continue;
            }
            self.push_word(Span::new(start, at), word);
            start = end;
        }
        self.push_word(Span::new(start, span.end()), word);
    }

    /// Adds a word, number or mark; a word with an elided article before it ("l'accord") is two.
    fn push_word(&mut self, span: Span, word: WordType) {
        if !self.elisions.is_empty()
            && let Some((article, apostrophe)) = span.of(self.text).split_once(['\'', '’']).map(|(a, _)| (a, a.len()))
            && self.elisions.contains(&article.to_lowercase().as_str())
        {
            let mark = span.of(self.text)[apostrophe..].chars().next().map_or(0, char::len_utf8);
            let border = span.start() + apostrophe + mark;
            self.push_piece(Span::new(span.start(), border), word);
            self.push_piece(Span::new(border, span.end()), word);
        } else {
            self.push_piece(span, word);
        }
    }

    fn push_piece(&mut self, span: Span, word: WordType) {
        let piece = span.of(self.text);
        let Some(first) = piece.chars().next() else {
            return;
        };
        if first.is_whitespace() {
            return;
        }
        let kind = match word {
            _ if first.is_numeric() => TokenKind::Number,
            WordType::Letter => TokenKind::Word,
            WordType::Number => TokenKind::Number,
            _ if first.is_alphabetic() => TokenKind::Word,
            _ => TokenKind::Mark,
        };
        let start = self.folded.len();
        fold_into(piece, &mut self.folded);
        self.add(span, kind, start);
    }

    fn push_mask(&mut self, span: Span) {
        let start = self.folded.len();
        self.add(span, TokenKind::Mask, start);
    }

    fn add(&mut self, span: Span, kind: TokenKind, folded: usize) {
        let piece = span.of(self.text);
        let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let (case, script) = match kind {
            TokenKind::Word | TokenKind::Number => (case_of(piece), script_of(piece)),
            _ => (Case::None, Script::Common),
        };
        self.tokens.push(Token {
            span,
            kind,
            case,
            script,
            glued: self.tokens.last().is_some_and(|t| t.span.end() == span.start()),
            folded: (narrow(folded), narrow(self.folded.len())),
        });
    }
}

/// How a word's letters are cased.
pub fn case_of(word: &str) -> Case {
    let (mut lower, mut upper, mut first_upper) = (0, 0, false);
    for c in word.chars() {
        // Most letters, without asking the tables of Unicode.
        if matches!(c, 'a'..='z' | 'а'..='я') || c.is_lowercase() {
            lower += 1;
        } else if c.is_uppercase() {
            first_upper |= lower + upper == 0;
            upper += 1;
        }
    }
    match (lower, upper) {
        (0, 0) => Case::None,
        (_, 0) => Case::Lower,
        (_, 1) if first_upper => Case::Title,
        (0, _) => Case::Upper,
        _ => Case::Mixed,
    }
}

fn script_of(word: &str) -> Script {
    if word.is_ascii() {
        return if word.bytes().any(|b| b.is_ascii_alphabetic()) { Script::Latin } else { Script::Common };
    }
    let scripts = CodePointMapData::<Script>::new();
    let letters = word.chars().filter(|c| c.is_alphabetic());
    letters.map(|c| scripts.get(c)).find(|&s| s != Script::Common && s != Script::Inherited).unwrap_or(Script::Common)
}

/// The scripts of a text's letters, each once, in the order of the text.
pub fn scripts_within(text: &str) -> Vec<Script> {
    let scripts = CodePointMapData::<Script>::new();
    let mut found: Vec<Script> = Vec::new();
    for script in text.chars().filter(|c| c.is_alphabetic()).map(|c| scripts.get(c)) {
        if !matches!(script, Script::Common | Script::Inherited) && !found.contains(&script) {
            found.push(script);
        }
    }
    found
}

static NFC: LazyLock<ComposingNormalizerBorrowed<'static>> = LazyLock::new(ComposingNormalizerBorrowed::new_nfc);

/// A place without the English possessive ending of the word that it ends with.
pub fn without_possessive(text: &str, span: Span) -> Span {
    let word = span.of(text);
    if word.as_bytes().last() != Some(&b's') {
        return span;
    }
    let ending = ["’s", "'s"].iter().find(|ending| word.ends_with(**ending)).map_or(0, |ending| ending.len());
    Span::new(span.start(), span.end() - ending)
}

/// Lower case, composed, with one kind of apostrophe and hyphen and without soft hyphens: the form words are compared in.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out);
    out
}

fn fold_into(text: &str, out: &mut String) {
    if text.is_ascii() {
        let start = out.len();
        out.push_str(text);
        if let Some(folded) = out.get_mut(start..) {
            folded.make_ascii_lowercase();
        }
        return;
    }
    let composed;
    // Most letters are as they are composed, whatever stands beside them.
    let plain = |c: char| matches!(c, '\0'..='\u{2ff}' | '\u{400}'..='\u{45f}' | '\u{2010}'..='\u{2027}');
    let text = if text.chars().all(plain) || NFC.is_normalized(text) {
        text
    } else {
        composed = NFC.normalize(text);
        &composed
    };
    for c in text.chars() {
        match c {
            '\u{ad}' => {}
            '’' | '‘' | 'ʼ' | '＇' => out.push('\''),
            '\u{2010}' | '\u{2011}' => out.push('-'),
            // Most letters, without asking the tables of Unicode.
            'a'..='z' | 'а'..='я' => out.push(c),
            c => out.extend(c.to_lowercase()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Language;

    fn surface(tag: &str, text: &str) -> Surface {
        Surface::new(text, LanguageData::of(&Language::parse(tag).expect(tag)), &[], &[])
    }

    fn sentences<'a>(tag: &str, text: &'a str) -> Vec<&'a str> {
        surface(tag, text).sentences.iter().map(|s| s.span.of(text)).collect()
    }

    #[test]
    fn abbreviations_do_not_end_sentences() {
        for (tag, text) in [
            ("en", "Dr. Smith met Gen. J. K. Rawlings of the U.S. Army. | He left."),
            ("en", "He lives in the U.S. | The law is new."),
            ("en", "It rose to 3.5 percent in Jan. 2016. | Nobody knew why."),
            ("de", "Am 3. Oktober kam Dr. Kohl, z. B. nach Bonn. | Er blieb."),
            ("ru", "Об этом сообщил А. С. Петров, т. е. министр. | Он ушёл."),
            ("fr", "M. Dupont est arrivé. | Il est parti."),
            ("zh", "他来了。|他走了。"),
        ] {
            let plain = text.replace(" | ", " ").replace('|', "");
            let wanted: Vec<&str> = text.split('|').map(str::trim).collect();
            assert_eq!(sentences(tag, &plain), wanted, "{text}");
        }
    }

    #[test]
    fn a_wrapped_text_is_one_paragraph() {
        let text = "The two sides have agreed\nto meet again in the spring,\nwhen the ice has gone and\nthe river is open. They\nshook hands.\n\nThen they left.";
        assert_eq!(surface("en", text).blocks.len(), 2);
        assert_eq!(sentences("en", text).len(), 3);
    }

    #[test]
    fn headline_byline_and_dateline_are_told_apart() {
        let text =
            "Talks end without a deal\n\nBy Anna Petrova\n\nKYIV, May 3 (Agency) — The talks ended. They failed.";
        let surface = surface("en", text);
        let kinds: Vec<_> = surface.blocks.iter().map(|b| b.kind).collect();
        assert_eq!(kinds, [BlockKind::Headline, BlockKind::Byline, BlockKind::Body]);
        assert_eq!(surface.blocks[2].dateline.map(|d| d.of(text)), Some("KYIV, May 3 (Agency) —"));
    }

    #[test]
    fn masks_are_one_token_and_split_no_other() {
        let text = "Press <b>OK. Now</b> twice.";
        let masks = [Span::new(6, 9), Span::new(16, 20)];
        let surface = Surface::new(text, LanguageData::of(&Language::parse("en").expect("en")), &masks, &[]);
        let tokens: Vec<_> = surface.tokens.iter().map(|t| (t.span.of(text), t.kind)).collect();
        assert!(
            tokens.contains(&("<b>", TokenKind::Mask)) && tokens.contains(&("</b>", TokenKind::Mask)),
            "{tokens:?}"
        );
        assert!(tokens.contains(&("OK", TokenKind::Word)) && tokens.contains(&("Now", TokenKind::Word)));
    }

    #[test]
    fn folding_makes_equal_what_reads_equal() {
        assert_eq!(fold("Cafe\u{301}’s"), fold("CAFÉ'S"));
        assert_eq!(fold("cease\u{ad}fire"), "ceasefire");
    }

    #[test]
    fn tokens_cover_every_letter() {
        let french = surface("fr", "l’accord d'Ankara aujourd’hui");
        assert_eq!(
            french.tokens.iter().map(|t| french.folded(t)).collect::<Vec<_>>(),
            ["l'", "accord", "d'", "ankara", "aujourd'hui"]
        );
        let narrow = surface("fr", "«\u{202f}Nous\u{202f}?\u{202f}» 10\u{202f}000\u{202f}fois");
        assert_eq!(
            narrow.tokens.iter().map(|t| narrow.folded(t)).collect::<Vec<_>>(),
            ["«", "nous", "?", "»", "10\u{202f}000", "fois"]
        );
        for text in ["Al-Nusra’s 3.5% “x”", "ไทยภาษา 日本語のテスト", "👩‍👩‍👧 e\u{301}", ""]
        {
            let surface = surface("en", text);
            let covered: usize = surface.tokens.iter().map(|t| t.span.len()).sum();
            assert_eq!(
                covered,
                text.chars().filter(|c| !c.is_whitespace()).map(char::len_utf8).sum::<usize>(),
                "{text}"
            );
        }
    }
}
