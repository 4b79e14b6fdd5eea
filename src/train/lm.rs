//! Training a language model: text, words, weights; the estimating is in `ngram.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use indicatif::ProgressBar;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::article::Language;
use crate::language::LanguageData;
use crate::models::ModelFile;
use crate::models::lm::{
    CAPITAL_FIRST, FIRST_ENDING, FIRST_LETTER, FIRST_WORD, IS_NAME, MAX_ENDING, NO_LETTER, POSSESSIVE,
    POSSESSIVE_SECTION, RARELY_CAPITAL, Symbol, WORD_BITS, Words, class, ending_key, in_capitals, mark, number_class,
    word_key,
};
use crate::surface::{Case, Surface, TokenKind};
use crate::train::ngram::{Estimated, Part, Shape};
use crate::train::slots;

/// How large the model of a language is, and what it takes for a word.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// The language.
    pub language: &'static str,
    /// Words with a number of their own, at most.
    words: usize,
    /// Rarer words that are known, at most.
    rarer: usize,
    /// A name has a number of its own from so many occurrences on.
    name: u32,
    /// Bytes of the n-grams.
    ngrams: usize,
    /// Bytes of the n-grams of letters.
    letters: usize,
}

/// The languages that there are models of.
pub const SIZES: &[Size] = &[
    Size { language: "en", words: 65_000, rarer: 150_000, name: 100, ngrams: 11_050_000, letters: 250_000 },
    // German nouns have capitals as names do.
    Size { language: "de", ..SMALL_SIZE },
    Size { language: "es", name: 10, ..SMALL_SIZE },
    Size { language: "fr", name: 10, ngrams: 780_000, ..SMALL_SIZE },
    Size { language: "it", name: 10, ..SMALL_SIZE },
    Size { language: "pl", name: 10, ..SMALL_SIZE },
    Size { language: "pt", name: 10, ..SMALL_SIZE },
    Size { language: "ru", name: 10, ..SMALL_SIZE },
    Size { language: "tr", name: 10, ..SMALL_SIZE },
    Size { language: "uk", name: 10, ..SMALL_SIZE },
];

const SMALL_SIZE: Size = Size { language: "", words: 25_000, rarer: 35_000, name: 3, ngrams: 480_000, letters: 60_000 };

/// How much a word of a text counts, by what its file's name has; news is what is proofread, and speeches are most of what there
/// is. Of two sets of weights that were tried, this one is better by 3 % of perplexity on news that people translated, in
/// train/smt-news.fi-en.
const WEIGHTS: &[(&str, f32)] = &[
    ("news", 4.0),
    ("encyclopedic", 4.0),
    ("wikitext", 4.0),
    ("common-voice", 2.0),
    ("us-government", 2.0),
    ("us-presidents", 2.0),
    ("european-parliament", 0.5),
    ("laws", 0.5),
    ("un-general", 0.25),
];

/// What a file that no row of [`WEIGHTS`] knows counts.
const OTHERWISE: f32 = 1.0;

fn weight_of(name: &str) -> f32 {
    WEIGHTS.iter().find(|(part, _)| name.contains(part)).map_or(OTHERWISE, |(_, weight)| *weight)
}

/// Of so many lines of news one is held out: thresholds are found on them.
pub const HELD_OUT: usize = 50;
/// What the file of news has in its name.
const NEWS: &str = "news";
/// The order of the model, and of the model of letters.
const ORDER: usize = 4;
const LETTERS_ORDER: usize = 6;
/// A word has a number from so many occurrences on, and is known from so many on.
const LEAST: u32 = 3;
/// Lines that are cut into sentences together.
const CHUNK: usize = 400;

/// The files of a language, `LL.*.txt.gz` in the folder `mono`, in the order of their names.
///
/// # Errors
/// The folder cannot be read, or there are none.
pub fn files(data: &Path, language: &str) -> anyhow::Result<Vec<PathBuf>> {
    let folder = data.join("mono");
    let entries = std::fs::read_dir(&folder).with_context(|| {
        format!("{}: cannot be read; the training text should be there, LL.NAME.txt.gz", folder.display())
    })?;
    let start = format!("{language}.");
    let mut files: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
    files.retain(|path| name_of(path).starts_with(&start) && name_of(path).ends_with(".txt.gz"));
    files.sort();
    if files.is_empty() {
        anyhow::bail!("{}: has no training text {start}NAME.txt.gz", folder.display());
    }
    Ok(files)
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

/// A file's lines, mended: `paragraphs` for what was wrapped, and words that were set apart by a tokeniser put together.
///
/// # Errors
/// It cannot be read.
pub fn read_lines(path: &Path) -> anyhow::Result<Vec<String>> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).with_context(|| path.display().to_string())?;
    flate2::read::GzDecoder::new(file).read_to_end(&mut bytes).with_context(|| path.display().to_string())?;
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    if lines.iter().take(1_000).any(|l| l.contains(" @-@ ")) {
        return Ok(lines.iter().filter(|l| !l.starts_with("= ")).flat_map(|l| untokenised(l)).collect());
    }
    Ok(paragraphs(&lines))
}

/// Lines without those that are held out, and those.
fn part(lines: Vec<String>) -> (Vec<String>, Vec<String>) {
    let mut at = 0;
    lines.into_iter().partition(|_| {
        at += 1;
        at % HELD_OUT != 0
    })
}

/// Lines of news that no model is trained on.
///
/// # Errors
/// The text is missing or cannot be read.
pub fn held_out(data: &Path, language: &str) -> anyhow::Result<Vec<String>> {
    let mut all = Vec::new();
    for path in files(data, language)?.iter().filter(|path| name_of(path).contains(NEWS)) {
        all.extend(part(read_lines(path)?).1);
    }
    Ok(all)
}

/// The sentences of a tokenised line as they were, without those that lack a word.
fn untokenised(line: &str) -> Vec<String> {
    let mended = [
        (" @-@ ", "-"),
        (" @,@ ", ","),
        (" @.@ ", "."),
        (" 's", "'s"),
        (" n't", "n't"),
        (" ' ", "' "),
        (" ,", ","),
        (" ;", ";"),
        (" :", ":"),
        (" )", ")"),
        ("( ", "("),
        (" %", "%"),
        ("$ ", "$"),
    ]
    .into_iter()
    .fold(line.to_owned(), |line, (from, to)| line.replace(from, to));
    mended
        .split_inclusive(" . ")
        .filter(|sentence| !sentence.contains("<unk>"))
        .map(|sentence| sentence.trim().replace(" .", "."))
        .collect()
}

/// Lines of which so many begin in small letters, of a hundred, are wrapped.
const WRAPPED_FROM: usize = 20;
/// A wrapped line is no longer than this, in bytes, and as long as this if it is not the last of its paragraph.
const WRAPPED: std::ops::RangeInclusive<usize> = 35..=110;

/// Puts wrapped lines together.
fn paragraphs(lines: &[&str]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for hundred in lines.chunks(100) {
        let runs_on = |line: &str| line.chars().next().is_some_and(char::is_lowercase);
        let wrapped = hundred.iter().filter(|l| runs_on(l)).count() * 100 >= WRAPPED_FROM * hundred.len();
        let mut last_length = usize::MAX;
        for line in hundred {
            let ended = |text: &String| {
                text.trim_end_matches(['"', '\'', '”', '’', ')']).ends_with(['.', '!', '?', ':', ';', '…'])
            };
            match out.last_mut() {
                Some(last)
                    if wrapped
                        && last_length <= *WRAPPED.end()
                        && (runs_on(line) || WRAPPED.contains(&last_length))
                        && !ended(last) =>
                {
                    last.push(' ');
                    last.push_str(line);
                }
                _ => out.push((*line).to_owned()),
            }
            last_length = line.len();
        }
    }
    out
}

/// What is told of a token beside its letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Kind {
    kind: u8,
    first: bool,
    plain: bool,
}

const MARK: u8 = 5;
const NUMBER: u8 = 6;
const BEGIN: u32 = u32::MAX;
const END: u32 = u32::MAX - 1;

fn case_code(case: Case) -> u8 {
    match case {
        Case::Lower => 0,
        Case::Title => 1,
        Case::Upper => 2,
        Case::Mixed => 3,
        Case::None => 4,
    }
}

const CASES: [Case; 5] = [Case::Lower, Case::Title, Case::Upper, Case::Mixed, Case::None];

impl Kind {
    fn pack(self, form: u32) -> u32 {
        (form << 5) | u32::from(self.kind) << 2 | u32::from(self.first) << 1 | u32::from(self.plain)
    }

    fn unpack(code: u32) -> (u32, Self) {
        (code >> 5, Self { kind: (code >> 2 & 7) as u8, first: code & 2 != 0, plain: code & 1 != 0 })
    }
}

/// A text in numbers: forms of words, with their case.
struct Coded {
    weight: f32,
    codes: Vec<u32>,
}

/// All the text of a language.
pub struct Corpus {
    forms: Vec<Box<str>>,
    texts: Vec<Coded>,
    /// Sentences that were held out.
    pub held_out: Vec<String>,
    possessive: bool,
}

#[derive(Default)]
struct Forms {
    numbers: FxHashMap<Box<str>, u32>,
    list: Vec<Box<str>>,
}

impl Forms {
    fn number(&mut self, form: &str) -> u32 {
        if let Some(number) = self.numbers.get(form) {
            return *number;
        }
        let number = self.list.len() as u32;
        self.numbers.insert(form.into(), number);
        self.list.push(form.into());
        number
    }
}

fn code(lines: &[String], data: LanguageData, possessive: bool) -> (Vec<Box<str>>, Vec<u32>) {
    let mut forms = Forms::default();
    let mut codes = Vec::new();
    // A line is a paragraph, whatever its length.
    let text = lines.join("\n");
    let surface = Surface::new(&text, data, &[], &hard(lines));
    for sentence in &surface.sentences {
        let tokens = surface.tokens_of(sentence);
        let plain = in_capitals(tokens);
        codes.push(BEGIN);
        let mut first = true;
        for token in tokens {
            let folded = surface.folded(token);
            let kind = |kind| Kind { kind, first, plain };
            match token.kind {
                TokenKind::Mask => {}
                TokenKind::Number => codes.push(kind(NUMBER).pack(u32::from(number_class(folded)))),
                TokenKind::Mark => codes.push(kind(MARK).pack(forms.number(mark(folded, token.glued)))),
                TokenKind::Word => {
                    let base = folded.strip_suffix(POSSESSIVE).filter(|base| possessive && !base.is_empty());
                    codes.push(kind(case_code(token.case)).pack(forms.number(base.unwrap_or(folded))));
                    if base.is_some() {
                        codes.push(kind(MARK).pack(forms.number(POSSESSIVE)));
                    }
                }
            }
            first = first && token.kind == TokenKind::Mark;
        }
        codes.push(END);
    }
    (forms.list, codes)
}

/// Where lines that were joined begin.
fn hard(lines: &[String]) -> Vec<usize> {
    let mut at = 0;
    lines
        .iter()
        .map(|line| {
            at += line.len() + 1;
            at
        })
        .collect()
}

impl Corpus {
    /// Reads the text of a language.
    ///
    /// # Errors
    /// It is missing or cannot be read.
    pub fn read(data: &Path, language: &str, progress: &ProgressBar) -> anyhow::Result<Self> {
        let knowledge = LanguageData::of(&Language::parse(language)?);
        let possessive = language == "en";
        let mut forms = Forms::default();
        let (mut texts, mut held_out) = (Vec::new(), Vec::new());
        for path in files(data, language)? {
            let name = name_of(&path);
            progress.set_message(name.clone());
            let lines = if name.contains(NEWS) {
                let (lines, out) = part(read_lines(&path)?);
                held_out.extend(out);
                lines
            } else {
                read_lines(&path)?
            };
            let chunks: Vec<(Vec<Box<str>>, Vec<u32>)> =
                lines.par_chunks(CHUNK).map(|lines| code(lines, knowledge, possessive)).collect();
            let mut codes = Vec::with_capacity(chunks.iter().map(|(_, codes)| codes.len()).sum());
            for (own, chunk) in chunks {
                let numbers: Vec<u32> = own.iter().map(|form| forms.number(form)).collect();
                codes.extend(chunk.iter().map(|&code| match Kind::unpack(code) {
                    _ if code == BEGIN || code == END => code,
                    (_, kind) if kind.kind == NUMBER => code,
                    (form, kind) => kind.pack(numbers[form as usize]),
                }));
            }
            texts.push(Coded { weight: weight_of(&name), codes });
        }
        Ok(Self { forms: forms.list, texts, held_out, possessive })
    }

    /// Words, marks and ends of sentences.
    pub fn words(&self) -> usize {
        self.texts.iter().flat_map(|t| &t.codes).filter(|c| **c != BEGIN).count()
    }

    fn each(&self, mut see: impl FnMut(f32, u32, Kind)) {
        for text in &self.texts {
            for &code in text.codes.iter().filter(|c| **c < END) {
                let (form, kind) = Kind::unpack(code);
                see(text.weight, form, kind);
            }
        }
    }

    /// The text in a model's symbols, a part a weight.
    pub fn parts(&self, words: &Words) -> Vec<Part> {
        let mut seen: FxHashMap<u32, Symbol> = FxHashMap::default();
        let mut parts: Vec<Part> = Vec::new();
        for text in &self.texts {
            let symbols = text.codes.iter().map(|&code| match code {
                BEGIN => class::BEGIN,
                END => class::END,
                code => *seen.entry(code).or_insert_with(|| self.symbol(code, words)),
            });
            match parts.iter_mut().find(|p| p.weight.total_cmp(&text.weight).is_eq()) {
                Some(part) => part.symbols.extend(symbols),
                None => parts.push(Part { weight: text.weight, symbols: symbols.collect() }),
            }
        }
        parts
    }

    fn symbol(&self, code: u32, words: &Words) -> Symbol {
        let (form, kind) = Kind::unpack(code);
        let folded = || self.forms.get(form as usize).map_or("", |f| f);
        match kind.kind {
            NUMBER => form as Symbol,
            MARK => words.look_up(folded(), false).unwrap_or(class::MARK),
            case => words.word(folded(), CASES[usize::from(case).min(4)], kind.first, kind.plain).0,
        }
    }
}

/// How a form of a word is used.
#[derive(Clone, Copy, Default)]
struct Use {
    /// How often, and by weight.
    times: u32,
    weighted: f32,
    /// In small letters, and with a capital within a sentence.
    small: u32,
    capital: u32,
    mark: bool,
}

impl Use {
    fn capital_share(&self) -> f64 {
        f64::from(self.capital) / f64::from(self.small + self.capital).max(1.0)
    }

    fn is_name(&self) -> bool {
        !self.mark && self.small + self.capital > 0 && self.capital_share() > NAME_SHARE
    }
}

/// A word with a capital more often than this, within sentences, is a name; one less often than the other with one is rarely one.
const NAME_SHARE: f64 = 0.9;
const RARE_SHARE: f64 = 0.05;
/// A word may be two, with and without capital, if each occurs so often.
const TWO_WORDS: u32 = 300;
/// And if what stands before them differs so much (Jensen and Shannon's divergence, in nats; equal: 0, wholly different: 0.69).
const DIFFERENT: f64 = 0.30;

/// The words of a model, and what was counted for them.
pub struct Vocabulary {
    /// The table, packed.
    pub table: Vec<u8>,
    /// The symbols' traits.
    pub traits: Vec<u8>,
    /// Known words in small letters.
    spelt: Vec<Box<str>>,
    possessive: bool,
}

impl Vocabulary {
    /// The words of a model, for reading text.
    ///
    /// # Errors
    /// Its table is damaged.
    pub fn words(&self) -> anyhow::Result<Words<'_>> {
        Words::new(&self.table, &self.traits, self.possessive).context("the table of words is damaged")
    }

    /// Finds the words of a text. `listed` are words that a dictionary has, known however rare.
    ///
    /// # Errors
    /// The table cannot be built.
    pub fn of(corpus: &Corpus, size: &Size, listed: &BTreeSet<String>) -> anyhow::Result<Self> {
        let mut uses = vec![Use::default(); corpus.forms.len()];
        corpus.each(|weight, form, kind| {
            if kind.kind == NUMBER {
                return;
            }
            let this = &mut uses[form as usize];
            this.times += 1;
            this.weighted += weight;
            this.mark |= kind.kind == MARK;
            if kind.kind == 0 || kind.kind == 4 {
                this.small += 1;
            } else if kind.kind < 4 && !kind.first && !kind.plain {
                this.capital += 1;
            }
        });
        let two = two_words(corpus, &uses);
        let numbers: FxHashMap<&str, u32> = corpus.forms.iter().enumerate().map(|(at, f)| (&**f, at as u32)).collect();
        let letters: Vec<char> = letters_of(corpus, &uses).into_iter().collect();
        let slips: FxHashSet<u32> = (0..corpus.forms.len() as u32)
            .into_par_iter()
            .filter(|&form| {
                let (form, usage) = (&*corpus.forms[form as usize], &uses[form as usize]);
                !listed.contains(form)
                    && is_slip(form, usage, &letters, &|other| {
                        numbers.get(other).map_or(0, |&n| uses[n as usize].times)
                    })
            })
            .collect();
        // Words with a number: the most frequent, names only where they are frequent.
        let worth = |form: u32| {
            let usage = &uses[form as usize];
            let least = if usage.is_name() { size.name } else { LEAST };
            usage.times >= least && !slips.contains(&form) && (usage.mark || usage.small + usage.capital > 0)
        };
        let mut frequent: Vec<u32> = (0..corpus.forms.len() as u32).filter(|&form| worth(form)).collect();
        frequent.sort_by(|&a, &b| {
            let (x, y) = (&uses[a as usize], &uses[b as usize]);
            y.weighted.total_cmp(&x.weighted).then_with(|| corpus.forms[a as usize].cmp(&corpus.forms[b as usize]))
        });
        let most = size.words.min(usize::from(Symbol::MAX - FIRST_WORD)).saturating_sub(two.len());
        let mut rarer = frequent.split_off(most.min(frequent.len()));
        let numbered: FxHashSet<u32> = frequent.iter().copied().collect();
        let mut traits = vec![0_u8; usize::from(FIRST_WORD)];
        let mut pairs: Vec<(u64, u32)> = Vec::new();
        for &form in &frequent {
            let (word, usage) = (&*corpus.forms[form as usize], &uses[form as usize]);
            pairs.push((word_key(word, false), traits.len() as u32));
            traits.push(match two.contains(&form) {
                true if usage.capital > usage.small => CAPITAL_FIRST,
                true => 0,
                false if usage.mark => 0,
                false if usage.is_name() => IS_NAME,
                false if usage.capital_share() < RARE_SHARE => RARELY_CAPITAL,
                false => 0,
            });
            if two.contains(&form) {
                pairs.push((word_key(word, true), traits.len() as u32));
                traits.push(0);
            }
        }
        // Rarer ones: known, and a class by their ending.
        rarer.retain(|&form| !uses[form as usize].mark && !uses[form as usize].is_name());
        let known: FxHashSet<u32> = rarer.iter().copied().collect();
        rarer.extend((0..corpus.forms.len() as u32).filter(|form| {
            let seen = listed.contains(&*corpus.forms[*form as usize]) && uses[*form as usize].small > 0;
            seen && !numbered.contains(form) && !known.contains(form)
        }));
        rarer.truncate(size.rarer);
        let mut others: Vec<&str> = listed.iter().map(String::as_str).filter(|w| !numbers.contains_key(w)).collect();
        others.truncate(size.rarer - rarer.len());
        let rare_forms = (0..corpus.forms.len() as u32).filter(|form| {
            let usage = &uses[*form as usize];
            !numbered.contains(form) && !usage.mark && usage.small > 0 && !usage.is_name()
        });
        let endings = endings(rare_forms.map(|form| &*corpus.forms[form as usize]));
        for (ending, symbol) in &endings {
            pairs.push((ending_key(ending.chars().rev()), u32::from(*symbol)));
        }
        let class_of = |word: &str| {
            (2..=MAX_ENDING)
                .rev()
                .filter_map(|length| ending_of(word, length))
                .find_map(|ending| endings.get(ending))
                .copied()
                .unwrap_or(class::SMALL)
        };
        let rare: Vec<&str> = rarer.iter().map(|&form| &*corpus.forms[form as usize]).chain(others).collect();
        pairs.extend(rare.iter().map(|word| (word_key(word, false), u32::from(class_of(word)))));
        let table = slots::build(&pairs, 32, WORD_BITS)?;
        let spelt = frequent
            .iter()
            .filter(|&&form| !uses[form as usize].mark && !uses[form as usize].is_name())
            .map(|&form| corpus.forms[form as usize].clone())
            .chain(rare.into_iter().map(Box::from))
            .collect();
        Ok(Self { table, traits, spelt, possessive: corpus.possessive })
    }
}

/// The last so many characters of a longer word.
fn ending_of(word: &str, length: usize) -> Option<&str> {
    let (at, _) = word.char_indices().rev().nth(length - 1)?;
    (at > 0).then(|| &word[at..])
}

/// An ending is a class if so many of a thousand rare words have it, and no longer one that is.
const ENDING_SHARE: usize = 6;

fn endings<'w>(words: impl Iterator<Item = &'w str>) -> BTreeMap<String, Symbol> {
    let words: Vec<&str> = words.filter(|w| w.chars().all(char::is_alphabetic)).collect();
    let mut found: BTreeMap<String, Symbol> = BTreeMap::new();
    for length in (2..=MAX_ENDING).rev() {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for word in &words {
            let longer = (length + 1..=MAX_ENDING).filter_map(|l| ending_of(word, l)).any(|e| found.contains_key(e));
            if !longer && let Some(ending) = ending_of(word, length) {
                *counts.entry(ending).or_default() += 1;
            }
        }
        let mut frequent: Vec<(&str, usize)> =
            counts.into_iter().filter(|(_, n)| n * 1_000 >= ENDING_SHARE * words.len()).collect();
        frequent.sort_by_key(|(ending, n)| (std::cmp::Reverse(*n), *ending));
        for (ending, _) in frequent {
            let next = FIRST_ENDING + found.len() as Symbol;
            if next < FIRST_WORD {
                found.insert(ending.to_owned(), next);
            }
        }
    }
    found
}

/// Words that are one with a capital and another without: frequent both ways, after different words.
fn two_words(corpus: &Corpus, uses: &[Use]) -> BTreeSet<u32> {
    let may = |form: u32| {
        let usage = &uses[form as usize];
        usage.small >= TWO_WORDS && usage.capital >= TWO_WORDS && !usage.mark
    };
    let mut before: BTreeMap<u32, [FxHashMap<u32, f64>; 2]> = BTreeMap::new();
    let mut last = u32::MAX;
    corpus.each(|_, form, kind| {
        if kind.kind == NUMBER {
            last = u32::MAX;
            return;
        }
        if kind.kind < 4 && !kind.first && !kind.plain && may(form) {
            let with_capital = usize::from(kind.kind != 0);
            *before.entry(form).or_default()[with_capital].entry(last).or_default() += 1.0;
        }
        last = if uses[form as usize].times >= 2_000 { form } else { u32::MAX };
    });
    before.retain(|_, [small, capital]| divergence(small, capital) >= DIFFERENT);
    before.into_keys().collect()
}

/// Jensen and Shannon's divergence.
fn divergence(a: &FxHashMap<u32, f64>, b: &FxHashMap<u32, f64>) -> f64 {
    let keys: BTreeSet<u32> = a.keys().chain(b.keys()).copied().collect();
    let total = |m: &FxHashMap<u32, f64>| keys.iter().filter_map(|k| m.get(k)).sum::<f64>();
    let (of_a, of_b) = (total(a), total(b));
    keys.iter()
        .map(|key| {
            let (p, q) = (a.get(key).unwrap_or(&0.0) / of_a, b.get(key).unwrap_or(&0.0) / of_b);
            let middle = f64::midpoint(p, q);
            let part = |x: f64| if x > 0.0 { 0.5 * x * (x / middle).ln() } else { 0.0 };
            part(p) + part(q)
        })
        .sum()
}

/// A word of so many letters may be a slip of another that stands so many times as often, if it is this rare itself.
const SLIP_LETTERS: usize = 6;
const SLIP_TIMES: u32 = 500;
const SLIP_MOST: u32 = 60;

/// Whether a rare word is most likely a frequent one misspelt.
fn is_slip(word: &str, usage: &Use, letters: &[char], times: &dyn Fn(&str) -> u32) -> bool {
    if usage.mark || usage.times > SLIP_MOST || word.chars().count() < SLIP_LETTERS {
        return false;
    }
    let mut found = false;
    crate::models::lm::each_edit(word, letters, &mut |other| {
        found |= times(other) >= SLIP_TIMES * usage.times;
    });
    found
}

/// The letters that words are written with.
fn letters_of(corpus: &Corpus, uses: &[Use]) -> BTreeSet<char> {
    let mut counts: BTreeMap<char, u32> = BTreeMap::new();
    for (form, _) in corpus.forms.iter().zip(uses).filter(|(_, u)| !u.mark && u.small >= LEAST) {
        for c in form.chars().filter(|c| c.is_alphabetic()) {
            *counts.entry(c).or_default() += 1;
        }
    }
    let words = uses.iter().filter(|u| !u.mark && u.small >= LEAST).count() as u32;
    counts.into_iter().filter(|(_, n)| n * 2_000 >= words).map(|(c, _)| c).collect()
}

/// The shape of the model of words.
pub fn shape(symbols: usize) -> Shape {
    Shape { order: ORDER, bits: 16, symbols, marks: (class::BEGIN, class::END) }
}

/// The words of a dictionary, `lexicon/*.en-XX.tsv.gz`: English in the first column, another language in the second.
fn listed(data: &Path, language: &str) -> anyhow::Result<BTreeSet<String>> {
    let folder = data.join("lexicon");
    let mut words = BTreeSet::new();
    let entries = std::fs::read_dir(&folder).with_context(|| {
        format!("{}: cannot be read; word lists should be there, NAME.en-LL.tsv.gz", folder.display())
    })?;
    for path in entries.filter_map(|e| Some(e.ok()?.path())) {
        let name = name_of(&path);
        let Some((_, pair)) = name.trim_end_matches(".gz").trim_end_matches(".tsv").split_once(".en-") else {
            continue;
        };
        let column = if language == "en" {
            0
        } else if pair == language {
            1
        } else {
            continue;
        };
        let mut text = String::new();
        let file = std::fs::File::open(&path).with_context(|| path.display().to_string())?;
        if name.ends_with(".gz") {
            flate2::read::GzDecoder::new(file).read_to_string(&mut text).with_context(|| path.display().to_string())?;
        } else {
            (&file).read_to_string(&mut text).with_context(|| path.display().to_string())?;
        }
        let cells = text.lines().filter_map(|line| line.split('\t').nth(column));
        words.extend(cells.flat_map(|cell| cell.split_whitespace()).filter(|w| is_plain(w)).map(str::to_owned));
    }
    Ok(words)
}

/// A word of small letters, two at least.
fn is_plain(word: &str) -> bool {
    word.chars().nth(1).is_some() && word.chars().all(char::is_lowercase)
}

/// The model of letters: alphabet and n-grams.
fn letters(spelt: &[Box<str>], bytes: usize) -> anyhow::Result<(Vec<u8>, Vec<u8>)> {
    let mut counts: BTreeMap<char, usize> = BTreeMap::new();
    for c in spelt.iter().flat_map(|w| w.chars()) {
        *counts.entry(c).or_default() += 1;
    }
    // 8 bits a letter.
    let alphabet: Vec<char> =
        counts.into_iter().filter(|(_, n)| n * 5_000 >= spelt.len()).map(|(c, _)| c).take(200).collect();
    let number = |c: char| alphabet.binary_search(&c).map_or(NO_LETTER, |at| FIRST_LETTER + at as u16);
    let symbols = spelt
        .iter()
        .flat_map(|word| [class::BEGIN].into_iter().chain(word.chars().map(number)).chain([class::END]))
        .collect();
    let shape = Shape {
        order: LETTERS_ORDER,
        bits: 8,
        symbols: alphabet.len() + usize::from(FIRST_LETTER),
        marks: (class::BEGIN, class::END),
    };
    let mut model = Estimated::of(&[Part { weight: 1.0, symbols }], shape);
    model.prune(bytes);
    let alphabet = alphabet.into_iter().flat_map(|c| u32::from(c).to_le_bytes()).collect();
    Ok((alphabet, model.pack()?))
}

/// What is read and counted before a model is estimated.
pub struct Prepared {
    /// The text.
    pub corpus: Corpus,
    /// The words.
    pub vocabulary: Vocabulary,
}

/// Reads the text of a language and finds its words.
///
/// # Errors
/// Text or word lists are missing, or cannot be read.
pub fn prepare(data: &Path, size: &Size, progress: &ProgressBar) -> anyhow::Result<Prepared> {
    let corpus = Corpus::read(data, size.language, progress)?;
    progress.set_message(format!("{}: words", size.language));
    let vocabulary = Vocabulary::of(&corpus, size, &listed(data, size.language)?)?;
    Ok(Prepared { corpus, vocabulary })
}

/// Builds the model of a language.
///
/// # Errors
/// Text or word lists are missing, or cannot be read.
pub fn build(data: &Path, size: &Size, progress: &ProgressBar) -> anyhow::Result<Vec<u8>> {
    let Prepared { corpus, vocabulary } = prepare(data, size, progress)?;
    let parts = corpus.parts(&vocabulary.words()?);
    drop(corpus);
    progress.set_message(format!("{}: n-grams", size.language));
    let mut model = Estimated::of(&parts, shape(vocabulary.traits.len()));
    progress.set_message(format!("{}: pruning", size.language));
    model.prune(size.ngrams);
    let ngrams = model.pack()?;
    drop(model);
    progress.set_message(format!("{}: letters", size.language));
    let (alphabet, letters) = letters(&vocabulary.spelt, size.letters)?;
    let mut sections = vec![
        ("words".to_owned(), vocabulary.table),
        ("traits".to_owned(), vocabulary.traits),
        ("ngrams".to_owned(), ngrams),
        ("alphabet".to_owned(), alphabet),
        ("letters".to_owned(), letters),
    ];
    if vocabulary.possessive {
        sections.push((POSSESSIVE_SECTION.to_owned(), Vec::new()));
    }
    let sources: Vec<String> =
        files(data, size.language)?.iter().map(|path| name_of(path).trim_end_matches(".txt.gz").to_owned()).collect();
    let about = format!(
        "what: language model, {}\nfrom: {}; words of Wiktionary 2014\nby: obelus train lm\nlicence: CC BY-SA 4.0\n",
        size.language,
        sources.join(", ")
    );
    Ok(ModelFile::write(&about, &sections))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::lm::{LanguageModel, Scored};

    /// A small invented text: who does what where, often enough to learn it.
    fn text() -> String {
        let (who, does, what) = (
            ["The minister", "A farmer", "The old doctor", "Our neighbour", "Maria"],
            ["sold", "painted", "described", "bought"],
            ["the house in May", "a boat near the river", "his brother's garden", "two of the 15 horses"],
        );
        let mut lines = Vec::new();
        for round in 0..12 {
            for (at, who) in who.iter().enumerate() {
                for (n, does) in does.iter().enumerate() {
                    lines.push(format!("{who} {does} {}.", what[(round + at + n) % what.len()]));
                }
            }
        }
        lines.join("\n")
    }

    fn folder(name: &str) -> PathBuf {
        use std::io::Write as _;
        let folder = std::env::temp_dir().join(format!("obelus-lm-{}-{name}", std::process::id()));
        std::fs::create_dir_all(folder.join("mono")).expect("a folder");
        std::fs::create_dir_all(folder.join("lexicon")).expect("a folder");
        let file = std::fs::File::create(folder.join("mono/en.news.txt.gz")).expect("a file");
        let mut out = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
        out.write_all(text().as_bytes()).and_then(|()| out.finish().map(drop)).expect("it is written");
        std::fs::write(folder.join("lexicon/words.en-xx.tsv"), "hedgehog\txx\n").expect("it is written");
        folder
    }

    const SIZE: Size = Size { language: "en", words: 500, rarer: 100, name: 5, ngrams: 20_000, letters: 5_000 };

    fn scored(model: &LanguageModel, text: &str) -> Vec<Scored> {
        let surface = Surface::new(text, LanguageData::of(&Language::parse("en").expect("en")), &[], &[]);
        let mut out = Vec::new();
        model.score(&surface, &surface.tokens, &mut out);
        out
    }

    #[test]
    fn it_is_built_the_same_twice_and_knows_its_language() {
        let folder = folder("same");
        let build = || build(&folder, &SIZE, &ProgressBar::hidden()).expect("it is built");
        let bytes = build();
        assert!(bytes == build(), "two builds differ");
        let _ = std::fs::remove_dir_all(&folder);
        let model = LanguageModel::read("test", &bytes).expect("it is sound");
        let sum = |text: &str| scored(&model, text).iter().map(|s| f64::from(s.ln)).sum::<f64>();
        assert!(sum("The old doctor sold the house in May.") > sum("The doctor old sold the house in May.") + 2.0);
        assert!(sum("A farmer bought a boat.") > sum("A farmer bought bought a boat.") + 2.0);
        let told = |text: &str, at: usize| scored(&model, text)[at];
        assert!(told("A farmer sold the hedgehog.", 4).known, "a word of the dictionary");
        assert!(!told("A farmer sold the hedgehgo.", 4).known);
        assert!(told("A farmer sold the Hedgehgo.", 4).known, "a name");
        let (likely, odd) =
            (told("A farmer sold the hodger.", 4).spelling, told("A farmer sold the hxdqgz.", 4).spelling);
        assert!(likely > odd, "{likely} and {odd}");
        assert_eq!(scored(&model, "His brother's garden.").len(), 5, "one a token, and the end");
        assert_eq!(scored(&model, "").len(), 1);
    }

    #[test]
    fn damage_is_no_panic() {
        let folder = folder("damage");
        let bytes = build(&folder, &SIZE, &ProgressBar::hidden()).expect("it is built");
        let _ = std::fs::remove_dir_all(&folder);
        let file = ModelFile::read("test", &bytes).expect("it is sound");
        for (number, (_, section)) in file.sections.iter().enumerate() {
            for at in (0..section.len()).step_by(97) {
                let sections: Vec<(String, Vec<u8>)> = file
                    .sections
                    .iter()
                    .enumerate()
                    .map(|(n, (name, bytes))| {
                        let mut bytes = bytes.to_vec();
                        if n == number {
                            bytes[at] ^= 0xff;
                        }
                        ((*name).to_owned(), bytes)
                    })
                    .collect();
                let bad = ModelFile::write("", &sections);
                if let Ok(model) = LanguageModel::read("test", &bad) {
                    let _ = scored(&model, "The old doctor's hxdq sold 15 Boats in MAY, near 1990s");
                }
            }
        }
    }

    #[test]
    fn lines_are_put_together_where_they_were_wrapped() {
        let wrapped = [
            "The two sides have agreed to meet again in",
            "the spring, when the river is open and the",
            "ice has gone.",
            "Then they left.",
        ];
        assert_eq!(
            paragraphs(&wrapped),
            [
                "The two sides have agreed to meet again in the spring, when the river is open and the ice has gone.",
                "Then they left."
            ]
        );
        let whole = ["Nothing was left of the house by the sea", "Nobody knew why they had gone in the night"];
        assert_eq!(paragraphs(&whole), whole);
    }

    #[test]
    fn tokenised_text_is_mended() {
        assert_eq!(
            untokenised(" It cost $ 4 @,@ 386 , he said . The <unk> fell . Germany 's team won . "),
            ["It cost $4,386, he said.", "Germany's team won."]
        );
    }

    #[test]
    fn slips_are_one_edit_away() {
        let mut seen = BTreeSet::new();
        crate::models::lm::each_edit("abc", &['a', 'b', 'd'], &mut |other| {
            seen.insert(other.to_owned());
        });
        for other in ["bc", "ac", "ab", "bac", "acb", "dbc", "abd", "dabc", "abcd", "adbc"] {
            assert!(seen.contains(other), "{other}");
        }
        assert!(!seen.contains("cba"));
    }

    #[test]
    fn missing_text_is_told_of() {
        let told = build(Path::new("/nowhere"), &SIZE, &ProgressBar::hidden()).expect_err("there is none").to_string();
        assert!(told.contains("LL.NAME.txt.gz"), "{told}");
    }
}
