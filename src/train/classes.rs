//! Classes of words by the company they keep, from plain text: the exchange algorithm on bigrams (Kneser and Ney 1993).

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use anyhow::Context as _;
use indicatif::ProgressBar;
use rustc_hash::FxHashMap;

use crate::analyse::treebank::cut;
use crate::article::Language;
use crate::language::LanguageData;
use crate::models::hashed::{Buckets, hash};
use crate::models::words::{Lexis, fold};
use crate::surface::{BlockKind, Surface};

/// The texts, and of how many lines one is read: news and what is like it wholly, so that parliaments do not outweigh it.
const TEXTS: [(&str, usize); 10] = [
    ("news-current-events", 1),
    ("encyclopedic", 1),
    ("us-government-web", 1),
    ("us-presidents", 1),
    ("wikitext2-valid-test", 1),
    ("common-voice", 1),
    ("textbooks-social", 1),
    ("textbooks-science", 2),
    ("european-parliament", 3),
    ("un-general-debates", 3),
];
/// Words that get a class: the most frequent ones. The last of them was seen nine times.
const WORDS: usize = 40_000;
/// Classes.
const CLASSES: usize = 320;
/// Classes of classes.
const COARSE: usize = 40;
/// How often the words are gone through; by the fifth time one in fifteen still moves.
const ROUNDS: usize = 5;
/// Entries of the table that are filled, of a hundred.
const FILLED: usize = 70;
/// The border of a sentence, and words without a class, in the order of words.
const SPECIAL: usize = 2;

/// The table of [`Lexis`], from the folder of plain texts.
///
/// # Errors
/// A text is missing or cannot be read.
pub(in crate::train) fn lexis(folder: &Path) -> anyhow::Result<Vec<u8>> {
    let progress = ProgressBar::new((TEXTS.len() + ROUNDS) as u64);
    let mut counts = Counts::default();
    for (name, every) in TEXTS {
        let path = folder.join(format!("en.{name}.txt.gz"));
        progress.set_message(name);
        let mut text = String::new();
        let file = std::fs::File::open(&path).with_context(|| path.display().to_string())?;
        let mut file = flate2::read::MultiGzDecoder::new(file);
        file.read_to_string(&mut text).with_context(|| path.display().to_string())?;
        text.lines().step_by(every).for_each(|line| counts.add(line));
        progress.inc(1);
    }
    let bytes = counts.lexis(WORDS, CLASSES, COARSE, &progress);
    progress.finish_and_clear();
    Ok(bytes)
}

/// Words and their neighbours.
struct Counts {
    english: LanguageData,
    ids: FxHashMap<String, usize>,
    words: Vec<Seen>,
    /// The words in order; the border of a sentence is `usize::MAX`.
    running: Vec<usize>,
}

#[derive(Default)]
struct Seen {
    form: String,
    count: u64,
    /// Within sentences, with a small letter and with a capital.
    cased: [u32; 2],
}

impl Default for Counts {
    fn default() -> Self {
        let english = Language::parse("en").map_or(LanguageData::NONE, |l| LanguageData::of(&l));
        Self { english, ids: FxHashMap::default(), words: Vec::new(), running: Vec::new() }
    }
}

impl Counts {
    fn add(&mut self, line: &str) {
        let surface = Surface::of_passage(line, self.english, &[], BlockKind::Body);
        for sentence in &surface.sentences {
            self.running.push(usize::MAX);
            for (at, word) in cut(line, surface.tokens_of(sentence), self.english).into_iter().enumerate() {
                let form = word.span.of(line);
                let folded = fold(form);
                let id = *self.ids.entry(folded).or_insert_with_key(|folded| {
                    self.words.push(Seen { form: folded.clone(), ..Seen::default() });
                    self.words.len() - 1
                });
                let seen = &mut self.words[id];
                seen.count += 1;
                if at > 0 {
                    seen.cased[usize::from(form.starts_with(char::is_uppercase))] += 1;
                }
                self.running.push(id);
            }
        }
    }

    fn lexis(&self, most: usize, classes: usize, coarse: usize, progress: &ProgressBar) -> Vec<u8> {
        let mut order: Vec<usize> = (0..self.words.len()).collect();
        order.sort_by(|a, b| {
            let (a, b) = (&self.words[*a], &self.words[*b]);
            b.count.cmp(&a.count).then_with(|| a.form.cmp(&b.form))
        });
        order.truncate(most);
        let mut rank = vec![1; self.words.len()];
        order.iter().enumerate().for_each(|(at, word)| rank[*word] = at + SPECIAL);
        let of = |id: &usize| rank.get(*id).copied().unwrap_or(0);
        let mut pairs: FxHashMap<(usize, usize), u32> = FxHashMap::default();
        for pair in self.running.windows(2) {
            let (a, b) = (of(&pair[0]), of(&pair[1]));
            if a >= SPECIAL || b >= SPECIAL {
                *pairs.entry((a, b)).or_default() += 1;
            }
        }
        let pairs: BTreeMap<(usize, usize), u32> = pairs.into_iter().collect();
        let fine = exchange(order.len() + SPECIAL, classes, &pairs, progress);
        let mut of_classes: BTreeMap<(usize, usize), u32> = BTreeMap::new();
        for ((a, b), count) in &pairs {
            *of_classes.entry((fine[*a], fine[*b])).or_default() += count;
        }
        let hidden = ProgressBar::hidden();
        let broad = exchange(classes, coarse, &of_classes, &hidden);
        let entries: Vec<(u64, [u8; 3])> = order
            .iter()
            .enumerate()
            .map(|(at, id)| {
                let word = &self.words[*id];
                let class = fine[at + SPECIAL];
                let [small, capital] = word.cased.map(f64::from);
                let habit = match capital / (small + capital + 0.01) {
                    share if share > 0.9 => 3,
                    share if share > 0.5 => 2,
                    share if share > 0.1 => 1,
                    _ => 0,
                };
                (hash(word.form.as_bytes()), Lexis::entry(class as u16, broad[class] as u8, habit))
            })
            .collect();
        Buckets::write(&entries, FILLED)
    }
}

/// Sorts words into classes, so that the class of a word tells the most of the class of the next. The words are in the order of
/// frequency; `pairs` are the counts of neighbours.
fn exchange(words: usize, classes: usize, pairs: &BTreeMap<(usize, usize), u32>, progress: &ProgressBar) -> Vec<usize> {
    let (mut right, mut left) = (vec![Vec::new(); words], vec![Vec::new(); words]);
    let mut own = vec![0; words];
    for (&(a, b), &count) in pairs {
        if a == b {
            own[a] += count;
        } else {
            right[a].push((b, count));
            left[b].push((a, count));
        }
    }
    let mut class: Vec<usize> = (0..words).map(|w| w % classes).collect();
    let mut table = Table::new(classes, pairs, &class);
    let (mut before, mut behind) = (vec![0; classes], vec![0; classes]);
    for _ in 0..ROUNDS {
        for word in 0..words {
            before.fill(0);
            behind.fill(0);
            left[word].iter().for_each(|(other, count)| before[class[*other]] += count);
            right[word].iter().for_each(|(other, count)| behind[class[*other]] += count);
            let moved = Moved { before: &before, behind: &behind, own: own[word] };
            let from = class[word];
            table.shift(from, &moved, false);
            let gains = table.gains(&moved);
            let best = (0..classes).fold(from, |best, c| if gains[c] > gains[best] + 1e-9 { c } else { best });
            table.shift(best, &moved, true);
            class[word] = best;
        }
        progress.inc(1);
    }
    class
}

/// A word that changes its class: how often each class stands before and behind it, and the word beside itself.
struct Moved<'m> {
    before: &'m [u32],
    behind: &'m [u32],
    own: u32,
}

/// Counts of pairs of classes, by the first and by the second, with n log n of each.
struct Table {
    classes: usize,
    counts: [Vec<u32>; 2],
    logs: [Vec<f64>; 2],
    /// How often each class is the first of a pair, and the second.
    sums: [Vec<u32>; 2],
    small: Vec<f64>,
}

/// n log n is looked up below this.
const LOOKED_UP: u32 = 1 << 16;

impl Table {
    fn new(classes: usize, pairs: &BTreeMap<(usize, usize), u32>, class: &[usize]) -> Self {
        let square = classes * classes;
        let mut table = Self {
            classes,
            counts: [vec![0; square], vec![0; square]],
            logs: [vec![0.0; square], vec![0.0; square]],
            sums: [vec![0; classes], vec![0; classes]],
            small: (0..LOOKED_UP).map(|n| f64::from(n) * f64::from(n.max(1)).ln()).collect(),
        };
        for (&(a, b), &count) in pairs {
            table.add(class[a], class[b], count, true);
            table.sums[0][class[a]] += count;
            table.sums[1][class[b]] += count;
        }
        table
    }

    fn log(&self, n: u32) -> f64 {
        self.small.get(n as usize).copied().unwrap_or_else(|| f64::from(n) * f64::from(n).ln())
    }

    fn add(&mut self, a: usize, b: usize, count: u32, add: bool) {
        if count == 0 {
            return;
        }
        let (x, y) = (a * self.classes + b, b * self.classes + a);
        let now = if add { self.counts[0][x] + count } else { self.counts[0][x] - count };
        (self.counts[0][x], self.counts[1][y]) = (now, now);
        let log = self.log(now);
        (self.logs[0][x], self.logs[1][y]) = (log, log);
    }

    fn shift(&mut self, class: usize, moved: &Moved<'_>, add: bool) {
        for other in 0..self.classes {
            self.add(other, class, moved.before[other], add);
            self.add(class, other, moved.behind[other], add);
        }
        self.add(class, class, moved.own, add);
        for (sums, count) in self.sums.iter_mut().zip(moved.sums()) {
            sums[class] = if add { sums[class] + count } else { sums[class] - count };
        }
    }

    /// What each class would gain by the word.
    fn gains(&self, moved: &Moved<'_>) -> Vec<f64> {
        let [first, second] = moved.sums();
        let classes = self.classes;
        let mut gains: Vec<f64> = (0..classes)
            .map(|c| {
                let (a, b) = (self.sums[0][c], self.sums[1][c]);
                self.log(a) - self.log(a + first) + self.log(b) - self.log(b + second)
            })
            .collect();
        for (side, counts) in [(0, moved.before), (1, moved.behind)] {
            for (other, &count) in counts.iter().enumerate().filter(|(_, n)| **n > 0) {
                let row = other * classes..(other + 1) * classes;
                let (counts, logs) = (&self.counts[side][row.clone()], &self.logs[side][row]);
                for ((gain, n), log) in gains.iter_mut().zip(counts).zip(logs) {
                    *gain += self.log(n + count) - log;
                }
            }
        }
        // The pair of a class with itself was counted from either side, and the word's own pair not at all.
        for (c, gain) in gains.iter_mut().enumerate() {
            let n = self.counts[0][c * classes + c];
            let (before, behind) = (moved.before[c], moved.behind[c]);
            *gain += self.log(n + before + behind + moved.own) + self.log(n);
            *gain -= self.log(n + before) + self.log(n + behind);
        }
        gains
    }
}

impl Moved<'_> {
    /// How often the word is the first of a pair, and the second.
    fn sums(&self) -> [u32; 2] {
        [self.behind.iter().sum::<u32>() + self.own, self.before.iter().sum::<u32>() + self.own]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_one_kind_get_one_class() {
        // 0 and 1 stand before 2 and 3, and never beside each other.
        let pairs: BTreeMap<(usize, usize), u32> =
            [((0, 2), 9), ((0, 3), 7), ((1, 2), 6), ((1, 3), 8), ((2, 0), 3), ((3, 1), 3), ((2, 1), 2)].into();
        let class = exchange(4, 2, &pairs, &ProgressBar::hidden());
        assert_eq!(class[0], class[1]);
        assert_eq!(class[2], class[3]);
        assert_ne!(class[0], class[2]);
    }

    #[test]
    fn the_table_is_the_same_each_time() {
        let lexis = || {
            let mut counts = Counts::default();
            for _ in 0..3 {
                counts.add("The dog saw a cat in Rome. A cat saw the dog in Rome.");
            }
            counts.lexis(20, 4, 2, &ProgressBar::hidden())
        };
        assert_eq!(lexis(), lexis());
        assert!(Lexis::read(&lexis()).is_some());
    }
}
