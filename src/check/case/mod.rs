//! `case/*`: capital letters.

mod acronym;
mod calendar;
mod common;
mod headline;
mod institution;
mod nationality;
mod sentence;
mod title;

pub(super) use acronym::ACRONYM;
pub(super) use calendar::MONTH_OR_WEEKDAY;
pub(super) use common::COMMON_NOUN;
pub(super) use headline::HEADLINE_TITLE_CASE;
pub(super) use institution::INSTITUTION;
pub(super) use nationality::NATIONALITY;
pub(super) use sentence::SENTENCE_START;
pub(super) use title::TITLE;

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use crate::analyse::{Document, Passage};
use crate::glossary::matcher::{How, Role};
use crate::language::{LanguageData, Table};
use crate::span::Span;
use crate::surface::{Token, TokenKind};

/// The sentence is somebody's post: it has handles or hashtags, and its capitals are its author's.
fn is_post(passage: &Passage<'_>) -> bool {
    passage.tokens().iter().any(|t| t.kind == TokenKind::Mark && matches!(passage.written(t), "#" | "@"))
}

/// A glossary has the words as they stand here, so they are right.
fn is_term(document: &Document<'_>, passage: &Passage<'_>, span: Span) -> bool {
    let hits = document.target_terms(passage);
    let after = hits.partition_point(|h| h.hit.span.start() <= span.start());
    hits[..after]
        .iter()
        .rev()
        .take(MAX_HITS)
        .any(|h| h.hit.role == Role::Approved && h.hit.how == How::Exact && h.hit.span.end() >= span.end())
}

/// Forms of a glossary that begin before a place and are asked whether they cover it.
const MAX_HITS: usize = 8;

/// A word, and not a mark, a number or the border of the sentence.
fn is_word(token: Option<&Token>) -> bool {
    token.is_some_and(|t| t.kind == TokenKind::Word)
}

/// How the keys of a table begin, so that most words of a text need no look-up: of 366 words of an article 48 do, with the 769
/// nationalities of English.
struct Beginnings([u64; 64]);

/// Those of the tables that were asked for: going through a table takes longer than checking an article.
static BEGINNINGS: LazyLock<Mutex<FxHashMap<TableName, Arc<Beginnings>>>> = LazyLock::new(Mutex::default);

/// Language and table.
type TableName = (&'static str, &'static str);

impl Beginnings {
    fn of(data: LanguageData, name: &'static str) -> Arc<Self> {
        // What is in the map is whole, whatever became of the thread that put it there.
        let mut built = BEGINNINGS.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(built.entry((data.tag(), name)).or_insert_with(|| Arc::new(Self::new(data.table(name)))))
    }

    fn new(table: Table) -> Self {
        let mut bits = [0; 64];
        for (key, _) in table.iter() {
            let (word, bit) = Self::place(key);
            bits[word] |= bit;
        }
        Self(bits)
    }

    fn may_have(&self, word: &str) -> bool {
        let (at, bit) = Self::place(word);
        self.0[at] & bit != 0
    }

    /// One of 4,096 bits for the first four bytes.
    fn place(word: &str) -> (usize, u64) {
        let letter = |i: usize| u32::from(word.as_bytes().get(i).copied().unwrap_or(0));
        let start = letter(0) | letter(1) << 8 | letter(2) << 16 | letter(3) << 24;
        let hash = (start.wrapping_mul(0x9E37_79B1) >> 20) as usize;
        (hash / 64, 1 << (hash % 64))
    }
}
