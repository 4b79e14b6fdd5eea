//! Renderings so odd in any text that they are told without its source: of all languages into one, in one index.
//!
//! `language/data/<source>/alone-<target>.tsv` names, by the key of an entry, those of its wrong renderings that no writer of the
//! target would put into a news text with any meaning; the target's own `calques.tsv` has phrases that betray a translation from
//! whichever language. All are indexed by the beginnings of their first three words, so that a token is asked for a handful of
//! keys however many there are.

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use rustc_hash::FxHashMap;

use crate::language::english::{Shape, plural_of, verb_forms};
use crate::language::{LanguageData, Table};
use crate::surface::TokenKind;

use super::rendering::words_of;
use super::{Conditions, Entry, Found, Kind, Pos, Rendering, Wording, Words, parts};

/// The renderings that are told without a source, from all languages into one.
pub struct Alone {
    /// Form of a first word → the words that it is a form of, by number.
    first: FxHashMap<Box<str>, Vec<u32>>,
    /// Beginnings of the words of a rendering → the last of those that begin so.
    begin: FxHashMap<u64, u32>,
    told: Vec<Told>,
    sources: Vec<Source>,
    target: LanguageData,
}

/// Where entries stand: their language, and their table; the target's own has no language.
struct Source {
    language: Option<LanguageData>,
    table: Table,
}

/// A rendering that is told without a source.
struct Told {
    /// The next one that begins so.
    next: Option<u32>,
    source: u16,
    entry: Entry,
    rendering: Rendering<'static>,
    /// Made when it was first looked for.
    ready: OnceLock<Box<Ready>>,
}

struct Ready {
    wrong: Wording<'static>,
    right: Vec<Wording<'static>>,
    conditions: Conditions,
}

/// A rendering that is told without a source, where it stands.
#[derive(Clone)]
pub struct StandsAlone {
    /// Its entry.
    pub entry: Entry,
    /// The kind of that.
    pub kind: Kind,
    /// The rendering.
    pub rendering: Rendering<'static>,
    /// The place.
    pub found: Found,
    /// What is right instead.
    pub right: &'static [Wording<'static>],
    /// What must be so in the translation.
    pub conditions: &'static Conditions,
}

/// The name of the target's own table.
const OWN: &str = "calques";
/// How many words behind the first are looked at: two, and one that may stand between.
const AHEAD: usize = 3;

/// Source, or nothing for all of them, and target.
type Pair = (Option<&'static str>, &'static str);

/// Those of one source each, and those of all, which nobody need wait for who knows the source.
static ALONE: LazyLock<BTreeMap<Pair, OnceLock<Alone>>> = LazyLock::new(|| {
    let sources = || std::iter::once(None).chain(LanguageData::all().map(|source| Some(source.tag())));
    let pairs = LanguageData::all().flat_map(|target| sources().map(move |source| (source, target.tag())));
    pairs.map(|pair| (pair, OnceLock::new())).collect()
});

/// What a rendering begins with: the number of its first word, and the first two bytes of the next two, 0 where it has none.
fn key(first: u32, second: u16, third: u16) -> u64 {
    u64::from(first) << 32 | u64::from(second) << 16 | u64::from(third)
}

fn start(word: &str) -> u16 {
    let byte = |at| word.as_bytes().get(at).copied().unwrap_or(0);
    u16::from_be_bytes([byte(0), byte(1)])
}

/// How a first word changes.
#[derive(Clone, Copy)]
enum How {
    Fixed,
    Noun,
    Verb,
}

/// The numbers of first words, as they are given while an index is made: one for each way to change.
#[derive(Default)]
struct Numbers {
    all: FxHashMap<Box<str>, [Option<u32>; 3]>,
    given: u32,
}

impl Numbers {
    fn of(&self, word: &str, how: How) -> Option<u32> {
        self.all.get(word)?.get(how as usize).copied().flatten()
    }

    fn give(&mut self, word: &str, how: How) -> u32 {
        let number = self.given;
        self.given += 1;
        if let Some(slot) = self.all.entry(word.into()).or_default().get_mut(how as usize) {
            *slot = Some(number);
        }
        number
    }
}

impl Alone {
    /// Those into a language: from a source, or from whichever, where it is not known.
    pub fn into(target: LanguageData, source: Option<LanguageData>) -> Option<&'static Self> {
        let of = |source: Option<&'static str>| ALONE.get(&(source, target.tag()));
        // Of a source that nothing is known of, the target's own.
        let alone = of(source.map(|source| source.tag())).or_else(|| of(Some(target.tag())))?;
        Some(alone.get_or_init(|| Self::read(target, source)))
    }

    /// The entries of a language into another whose renderings are told alone, as keys, and those renderings.
    pub fn listed(
        source: LanguageData,
        target: LanguageData,
    ) -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
        let table = source.table(&format!("alone-{}", target.tag()));
        table.iter().map(|(key, row)| (key, parts(row.column(0)).collect()))
    }

    /// The entries of a language's own table.
    pub fn own(target: LanguageData) -> impl Iterator<Item = Entry> {
        target.table(OWN).iter().map(|(key, row)| Entry { key, row, own: true })
    }

    fn read(target: LanguageData, only: Option<LanguageData>) -> Self {
        let (named, entries) = (format!("alone-{}", target.tag()), super::name(target));
        let mut all = Self {
            first: FxHashMap::default(),
            begin: FxHashMap::default(),
            told: Vec::new(),
            sources: Vec::new(),
            target,
        };
        let mut numbers = Numbers::default();
        let wanted = |source: &LanguageData| only.is_none_or(|only| only.tag() == source.tag()) && source.has(&named);
        for language in LanguageData::all().filter(wanted) {
            all.sources.push(Source { language: Some(language), table: language.table(&entries) });
            for (key, row) in language.table(&named).iter() {
                let Some(columns) = all.sources.last().and_then(|source| source.table.get(key)) else { continue };
                let entry = Entry { key, row: columns, own: false };
                let pos = entry.pos();
                for text in parts(row.column(0)) {
                    all.add(entry, Rendering { text, pos }, &mut numbers);
                }
            }
        }
        all.sources.push(Source { language: None, table: target.table(OWN) });
        for entry in Self::own(target) {
            for rendering in entry.wrong() {
                all.add(entry, rendering, &mut numbers);
            }
        }
        all
    }

    fn add(&mut self, entry: Entry, rendering: Rendering<'static>, numbers: &mut Numbers) {
        let folded = rendering.folded();
        let words: Vec<&str> = words_of(&folded).collect();
        let head = rendering.head(&words, self.target);
        let Some(&first) = words.first() else { return };
        let english = self.target.tag() == "en";
        let changes = english && head == Some(0);
        let how = match rendering.pos {
            Pos::Verb | Pos::Fixed if changes => How::Verb,
            Pos::Noun if changes => How::Noun,
            _ => How::Fixed,
        };
        let number = numbers.of(first, how).unwrap_or_else(|| {
            let mut forms = vec![first.to_owned()];
            match how {
                How::Verb => {
                    let shapes = [Shape::ThirdPerson, Shape::Past, Shape::Participle, Shape::Ing];
                    forms.extend(shapes.into_iter().flat_map(|shape| verb_forms(first, shape)));
                }
                How::Noun => forms.extend(plural_of(first)),
                How::Fixed => {}
            }
            forms.sort_unstable();
            forms.dedup();
            let number = numbers.give(first, how);
            for form in forms {
                self.first.entry(form.into_boxed_str()).or_default().push(number);
            }
            number
        });
        // A plural begins as its singular does, but for feet and men.
        let starts = |at: usize| {
            let word = words.get(at).copied().unwrap_or("");
            let plural = || plural_of(word).filter(|plural| start(plural) != start(word));
            let changes = english && head == Some(at) && rendering.pos == Pos::Noun;
            [Some(start(word)), changes.then(plural).flatten().map(|plural| start(&plural))]
        };
        let (second, third) = (starts(1), starts(2));
        for second in second.into_iter().flatten() {
            for third in third.into_iter().flatten() {
                let at = u32::try_from(self.told.len()).unwrap_or(u32::MAX);
                let next = self.begin.insert(key(number, second, third), at);
                let source = u16::try_from(self.sources.len().saturating_sub(1)).unwrap_or(u16::MAX);
                self.told.push(Told { next, source, entry, rendering, ready: OnceLock::new() });
            }
        }
    }

    /// Adds the wrong renderings that begin at a token, the longest of each kind; of one language where the source's is known.
    pub fn at(&'static self, row: &Words<'_>, first: usize, from: Option<&str>, out: &mut Vec<StandsAlone>) {
        let folded = row.folded(first);
        let bare = super::rendering::bare(folded);
        let numbers = self.first.get(folded).into_iter().flatten();
        let of_owner = (bare.len() < folded.len()).then(|| self.first.get(bare)).flatten().into_iter().flatten();
        let mut ahead = [0; AHEAD];
        let words = row.tokens.iter().enumerate().skip(first + 1).filter(|(_, token)| !row.is_hyphen(token));
        for (next, (at, _)) in ahead.iter_mut().zip(words.take_while(|(_, token)| token.kind != TokenKind::Mark)) {
            *next = start(row.folded(at));
        }
        let [a, b, c] = ahead;
        let before = out.len();
        for number in numbers.chain(of_owner) {
            let pairs = [(0, 0), (a, 0), (b, 0), (a, b), (b, c), (a, c)];
            for (at, (second, third)) in pairs.iter().enumerate() {
                // What the sentence has no words for, and what was asked already.
                if pairs.get(..at).is_some_and(|asked| asked.contains(&(*second, *third))) {
                    continue;
                }
                let mut next = self.begin.get(&key(*number, *second, *third)).copied();
                while let Some(told) = next.and_then(|next| self.told.get(next as usize)) {
                    next = told.next;
                    self.tell(told, row, first, from, before, out);
                }
            }
        }
    }

    fn tell(
        &'static self,
        told: &'static Told,
        row: &Words<'_>,
        first: usize,
        from: Option<&str>,
        before: usize,
        out: &mut Vec<StandsAlone>,
    ) {
        let Some(Source { language, .. }) = self.sources.get(usize::from(told.source)) else { return };
        if let (Some(from), Some(language)) = (from, language)
            && from != language.tag()
        {
            return;
        }
        let ready = told.ready.get_or_init(|| {
            let ready = |rendering| Wording::of(rendering, self.target);
            let source = language.unwrap_or(self.target);
            Box::new(Ready {
                wrong: ready(told.rendering),
                right: told.entry.right().map(ready).collect(),
                conditions: Conditions::of(&told.entry, source, self.target),
            })
        });
        let Some(found) = ready.wrong.find_at(row, first) else { return };
        let kind = told.entry.kind();
        let (right, conditions) = (ready.right.as_slice(), &ready.conditions);
        let stands = StandsAlone { entry: told.entry, kind, rendering: told.rendering, found, right, conditions };
        match out.iter_mut().skip(before).find(|known| known.kind == kind) {
            Some(known) if known.found.span.len() >= found.span.len() => {}
            Some(known) => *known = stands,
            None => out.push(stands),
        }
    }
}
