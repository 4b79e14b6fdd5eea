//! Which words of a sentence render which of its translation, by a lexicon, by letters and by place.
//!
//! Words that the lexicon, their letters or their figures could join are cells; nothing else is looked at, so the cost grows with
//! the words and not with their square. A cell's chance is shared out among the others of its row and of its column, cells whose
//! neighbours are joined too gain, and the best are taken. How sure each link is comes from weights that were fitted against
//! sentences that are no translations of each other.

use crate::models::lexicon::{Lexicon, Rendering, StemId};

/// Stems of one word: more than one where it is a compound, or written without spaces.
pub const MAX_STEMS: usize = 3;
/// Words of a sentence that are aligned.
pub const MAX_WORDS: usize = 400;
/// Renderings of one stem that are looked at, the best ones.
const MAX_RENDERINGS: usize = 64;
/// Cells that a word of the English side keeps, the best ones.
const MAX_CELLS: usize = 16;
/// How far from the diagonal cells are looked for: words on either side, and a share of the sentence.
const BAND: usize = 12;
const BAND_SHARE: f32 = 0.4;
/// Words of the other side that one is compared with by letters.
const MAX_LIKENED: usize = 8;
/// How many measures a link has.
pub const MEASURES: usize = 9;

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A word.
    Word,
    /// A word with a capital, or of a script without capitals, which may be a name.
    Name,
    /// A number.
    Number,
}

/// A word of a sentence.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    /// Its stems, in the list of its language.
    pub stems: [Option<StemId>; MAX_STEMS],
    /// What stands for all stems that begin as its stem does.
    pub beginning: Option<StemId>,
    /// Equal on both sides where the letters or figures are the same; 0 for none.
    pub same: u64,
    /// Equal on both sides where words in Latin letters begin alike; 0 for none.
    pub akin: u64,
    /// How it is written.
    pub form: Form,
}

/// What joins two words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// The lexicon.
    Lexicon,
    /// The lexicon, by the beginnings of their stems.
    Beginning,
    /// They begin alike.
    Akin,
    /// A name and its spelling.
    Name,
    /// The same letters.
    Same,
    /// The same number.
    Number,
}

/// Two words that render each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// The word of the other language, by its place among the words.
    pub other: usize,
    /// The English word, likewise.
    pub english: usize,
    /// How surely, in [0, 1].
    pub confidence: f32,
    /// What joins them.
    pub by: By,
}

#[derive(Clone, Copy, Debug)]
struct Cell {
    i: usize,
    j: usize,
    by: By,
    forward: f32,
    back: f32,
    place: f32,
    /// What the distance of their places leaves.
    near: f32,
    support: f32,
    q: f32,
}

/// The band of places in which a word of one side is looked for on the other.
fn band(at: usize, of: usize, other: usize) -> (usize, usize) {
    let centre = (at as f32 + 0.5) / of.max(1) as f32 * other as f32;
    let half = (BAND_SHARE * other as f32).clamp(BAND as f32, 3.0 * BAND as f32);
    ((centre - half).max(0.0) as usize, ((centre + half).ceil() as usize).min(other))
}

/// The sentences, and what is known of them.
struct Pair<'a, 'b> {
    lexicon: Option<&'a Lexicon<'b>>,
    other: &'a [Word],
    english: &'a [Word],
    slope: f32,
}

/// Weights where there is no lexicon, and letters and figures alone join words.
const WITHOUT_LEXICON: [f32; MEASURES + 1] = [0.5, 0.0, 0.0, 0.25, 0.25, 1.0, 0.5, -1.0, -0.5, 0.0];

/// What a word costs to be written from nothing, beside how usual it is.
const FROM_NOTHING: f32 = 0.3;
/// The same for a word that no list knows.
const UNKNOWN: f32 = 5e-5;
/// What is left of a chance that two beginnings have.
const PART: f32 = 0.4;
/// The chance that stands for the same letters, the same number, a likely name, a likely cognate.
const SAME: f32 = 0.7;
const AKIN: f32 = 0.05;

/// Links of two sentences, by the English words; every word of either side has at most one best link, and words beside a linked one may
/// share its partner. `alike` is asked how like a word of the other language and an English one are to be one name.
pub fn links(
    lexicon: Option<&Lexicon<'_>>,
    other: &[Word],
    english: &[Word],
    alike: impl FnMut(usize, usize) -> f32,
) -> Vec<Link> {
    let mut found = Vec::new();
    let weights: [f32; MEASURES + 1] = match lexicon {
        Some(lexicon) => std::array::from_fn(|at| lexicon.weight(at)),
        None => WITHOUT_LEXICON,
    };
    measured(lexicon, other, english, alike, |i, j, by, measures| {
        let confidence = confidence(&weights, &measures) * partnered(lexicon, other.get(i), english.get(j), &measures);
        found.push(Link { other: i, english: j, confidence, by });
    });
    found.sort_by_key(|l| (l.english, l.other));
    found
}

/// What is left of a link's confidence because a word is one of the small ones that often have no partner, and the other is not
/// plainly its own: an article stands in sentences by chance too, but beside words that are linked nothing else tells that.
fn partnered(
    lexicon: Option<&Lexicon<'_>>,
    other: Option<&Word>,
    english: Option<&Word>,
    measures: &[f32; MEASURES],
) -> f32 {
    let Some(lexicon) = lexicon else { return 1.0 };
    let stem = |word: Option<&Word>| word.and_then(|w| w.stems[0]);
    let of_other = stem(other).filter(|s| lexicon.other.usual(*s) >= SMALL).map_or(0.0, |s| lexicon.silent_other(s));
    let of_english =
        stem(english).filter(|s| lexicon.english.usual(*s) >= SMALL).map_or(0.0, |s| lexicon.silent_english(s));
    // The second and third measures are the logarithms of the two chances.
    let plain = (((measures[1] + measures[2]) / 2.0).exp() / PLAIN).min(1.0);
    1.0 - of_other.max(of_english) * (1.0 - plain)
}

/// How sure a link is, by its measures.
pub fn confidence(weights: &[f32; MEASURES + 1], measures: &[f32; MEASURES]) -> f32 {
    let constant = weights[MEASURES];
    let sum: f32 = measures.iter().zip(weights).map(|(x, w)| x * w).sum::<f32>() + constant;
    // The weights tell links of translations from links of sentences by chance; among those of translations, as many are wrong as
    // there are by chance.
    let odds = (-sum).exp();
    (1.0 - odds).max(0.0)
}

/// Calls back with each link and its measures.
pub fn measured(
    lexicon: Option<&Lexicon<'_>>,
    other: &[Word],
    english: &[Word],
    mut alike: impl FnMut(usize, usize) -> f32,
    mut each: impl FnMut(usize, usize, By, [f32; MEASURES]),
) {
    let other = other.get(..other.len().min(MAX_WORDS)).unwrap_or(&[]);
    let english = english.get(..english.len().min(MAX_WORDS)).unwrap_or(&[]);
    let pair = Pair { lexicon, other, english, slope: lexicon.map_or(3.0, |l| l.slope) };
    let mut cells = pair.cells();
    pair.share(&mut cells, false);
    pair.names(&mut cells, &mut alike);
    pair.share(&mut cells, false);
    pair.support(&mut cells);
    pair.share(&mut cells, true);
    pair.support(&mut cells);
    pair.share(&mut cells, true);
    for (cell, rank) in pair.take(&cells) {
        each(cell.i, cell.j, cell.by, pair.measures(cell, rank));
    }
}

impl Pair<'_, '_> {
    fn usual_english(&self, j: usize) -> f32 {
        self.english
            .get(j)
            .and_then(|w| w.stems[0])
            .map_or(UNKNOWN, |s| self.lexicon.map_or(UNKNOWN, |l| l.english.usual(s)))
    }

    fn usual_other(&self, i: usize) -> f32 {
        self.other
            .get(i)
            .and_then(|w| w.stems[0])
            .map_or(UNKNOWN, |s| self.lexicon.map_or(UNKNOWN, |l| l.other.usual(s)))
    }

    fn near(&self, i: usize, j: usize) -> bool {
        let (from, to) = band(j, self.english.len(), self.other.len());
        (from..to).contains(&i)
    }

    fn place(&self, i: usize, j: usize) -> f32 {
        let (n, m) = (self.other.len() as f32, self.english.len() as f32);
        ((i as f32 + 0.5) / n - (j as f32 + 0.5) / m).abs()
    }

    fn cell(&self, i: usize, j: usize, by: By, forward: f32, back: f32) -> Cell {
        let place = self.place(i, j);
        Cell { i, j, by, forward, back, place, near: (-self.slope * place).exp(), support: 0.0, q: 0.0 }
    }

    /// The cells that the lexicon and the letters give.
    fn cells(&self) -> Vec<Cell> {
        let mut cells: Vec<Cell> = Vec::with_capacity(4 * (self.other.len() + self.english.len()));
        if let Some(lexicon) = self.lexicon {
            let mut places: Vec<(StemId, usize)> = Vec::with_capacity(self.english.len());
            for (j, word) in self.english.iter().enumerate() {
                places.extend(word.stems.iter().chain([&word.beginning]).flatten().map(|stem| (*stem, j)));
            }
            places.sort_unstable();
            // Nearly all renderings are told at once to be none of the words.
            let mut marks = [0_u64; 16];
            for (stem, _) in &places {
                marks[stem.mark() / 64] |= 1 << (stem.mark() % 64);
            }
            for (i, word) in self.other.iter().enumerate() {
                let stems = word.stems.iter().flatten().count().max(1) as f32;
                let whole = word.stems.iter().flatten().map(|stem| (*stem, By::Lexicon, 1.0 / stems, 1.0));
                for (stem, by, share, worth) in whole.chain(word.beginning.map(|b| (b, By::Beginning, PART, PART))) {
                    for Rendering { stem: to, forward, back } in lexicon.to_english(stem).iter().take(MAX_RENDERINGS) {
                        if marks[to.mark() / 64] >> (to.mark() % 64) & 1 == 0 {
                            continue;
                        }
                        let from = places.partition_point(|(s, _)| *s < to);
                        for &(_, j) in places.iter().skip(from).take_while(|(s, _)| *s == to) {
                            if self.near(i, j) {
                                cells.push(self.cell(i, j, by, forward * share, back * worth));
                            }
                        }
                    }
                }
            }
        }
        self.by_key(&mut cells, |w| w.same, |w| if w.form == Form::Number { By::Number } else { By::Same }, SAME);
        self.by_key(&mut cells, |w| w.akin, |_| By::Akin, AKIN);
        merge(&mut cells);
        self.fewer(&mut cells);
        cells
    }

    fn by_key(&self, cells: &mut Vec<Cell>, key: impl Fn(&Word) -> u64, by: impl Fn(&Word) -> By, chance: f32) {
        let mut places: Vec<(u64, usize)> =
            self.english.iter().enumerate().map(|(j, w)| (key(w), j)).filter(|(k, _)| *k != 0).collect();
        places.sort_unstable();
        for (i, word) in self.other.iter().enumerate() {
            let wanted = key(word);
            if wanted == 0 {
                continue;
            }
            let from = places.partition_point(|(k, _)| *k < wanted);
            for &(_, j) in places.iter().skip(from).take_while(|(k, _)| *k == wanted).take(MAX_CELLS) {
                if self.near(i, j) {
                    cells.push(self.cell(i, j, by(word), chance, chance));
                }
            }
        }
    }

    /// Of the cells of an English word the best stay.
    fn fewer(&self, cells: &mut Vec<Cell>) {
        let mut seen = vec![0_usize; self.english.len()];
        let count = |seen: &mut Vec<usize>, j: usize| {
            seen.get_mut(j).is_some_and(|n| {
                *n += 1;
                *n <= MAX_CELLS
            })
        };
        cells.sort_by(|a, b| {
            let value = |c: &Cell| c.forward * c.back * c.near;
            value(b).total_cmp(&value(a)).then((a.j, a.i).cmp(&(b.j, b.i)))
        });
        cells.retain(|c| count(&mut seen, c.j));
        cells.sort_by_key(|c| (c.j, c.i));
    }

    /// Names that nothing has joined yet are compared by their letters.
    fn names(&self, cells: &mut Vec<Cell>, alike: &mut impl FnMut(usize, usize) -> f32) {
        let (mut rows, mut columns) = (vec![0.0_f32; self.other.len()], vec![0.0_f32; self.english.len()]);
        for cell in cells.iter() {
            if let (Some(row), Some(column)) = (rows.get_mut(cell.i), columns.get_mut(cell.j)) {
                *row = row.max(cell.q);
                *column = column.max(cell.q);
            }
        }
        let free = |best: f32| best < JOINED;
        for (j, word) in self.english.iter().enumerate() {
            let rare = self.usual_english(j) < COMMON;
            if word.form != Form::Name || !rare || !columns.get(j).is_some_and(|b| free(*b)) {
                continue;
            }
            let (from, to) = band(j, self.english.len(), self.other.len());
            let mut candidates: Vec<usize> = (from..to)
                .filter(|&i| {
                    self.other.get(i).is_some_and(|w| w.form == Form::Name)
                        && self.usual_other(i) < COMMON
                        && rows.get(i).is_some_and(|b| free(*b))
                })
                .collect();
            candidates.sort_by(|a, b| self.place(*a, j).total_cmp(&self.place(*b, j)).then(a.cmp(b)));
            for &i in candidates.iter().take(MAX_LIKENED) {
                let likeness = alike(i, j);
                if likeness >= ALIKE {
                    cells.push(self.cell(i, j, By::Name, likeness * SAME, likeness * SAME));
                }
            }
        }
        merge(cells);
        cells.sort_by_key(|c| (c.j, c.i));
    }

    /// Shares the chances of the cells out: each word has one partner, or none.
    fn share(&self, cells: &mut [Cell], supported: bool) {
        let (mut rows, mut columns) = (vec![0.0_f32; self.other.len()], vec![0.0_f32; self.english.len()]);
        for (i, row) in rows.iter_mut().enumerate() {
            *row = FROM_NOTHING * self.usual_other(i);
        }
        for (j, column) in columns.iter_mut().enumerate() {
            *column = FROM_NOTHING * self.usual_english(j);
        }
        let gain = |c: &Cell| if supported { c.near * (LONE + c.support) } else { c.near };
        for cell in cells.iter() {
            let gain = gain(cell);
            if let (Some(row), Some(column)) = (rows.get_mut(cell.i), columns.get_mut(cell.j)) {
                *row += cell.back * gain;
                *column += cell.forward * gain;
            }
        }
        for cell in cells {
            let gain = gain(cell);
            let (row, column) = (rows.get(cell.i).copied().unwrap_or(1.0), columns.get(cell.j).copied().unwrap_or(1.0));
            cell.q = (cell.back * gain / row.max(1e-9) * (cell.forward * gain / column.max(1e-9))).sqrt();
        }
    }

    /// How surely the words beside those of a cell are joined with each other.
    fn support(&self, cells: &mut [Cell]) {
        let mut starts = vec![0_usize; self.english.len() + 1];
        for cell in cells.iter() {
            if let Some(n) = starts.get_mut(cell.j + 1) {
                *n += 1;
            }
        }
        for j in 1..starts.len() {
            starts[j] += starts[j - 1];
        }
        let mut supports = vec![0.0_f32; cells.len()];
        for (at, cell) in cells.iter().enumerate() {
            let (mut before, mut after) = (0.0_f32, 0.0_f32);
            let first = cell.j.saturating_sub(REACH);
            let last = (cell.j + REACH).min(self.english.len().saturating_sub(1));
            for j in first..=last {
                let range = starts.get(j).copied().unwrap_or(0)..starts.get(j + 1).copied().unwrap_or(0);
                for near in cells.get(range).unwrap_or(&[]).iter().filter(|n| n.j != cell.j && n.i != cell.i) {
                    let apart = near.i.abs_diff(cell.i) + near.j.abs_diff(cell.j);
                    if near.i.abs_diff(cell.i) <= REACH {
                        let value = near.q * if apart <= 2 { 1.0 } else { 0.6 };
                        let side = if near.j < cell.j { &mut before } else { &mut after };
                        *side = side.max(value);
                    }
                }
            }
            supports[at] = (before + after) / 2.0;
        }
        for (cell, support) in cells.iter_mut().zip(supports) {
            cell.support = support;
        }
    }

    /// The cells that are taken, best first; the second value is how much better it is than the next best of its words.
    fn take<'c>(&self, cells: &'c [Cell]) -> Vec<(&'c Cell, f32)> {
        let mut order: Vec<&Cell> = cells.iter().filter(|c| c.q >= LEAST).collect();
        order.sort_by(|a, b| b.q.total_cmp(&a.q).then((a.j, a.i).cmp(&(b.j, b.i))));
        let (mut of_row, mut of_column) = (vec![None; self.other.len()], vec![None; self.english.len()]);
        let mut taken: Vec<(&Cell, f32)> = Vec::new();
        for cell in order {
            let (Some(row), Some(column)) = (of_row.get(cell.i).copied(), of_column.get(cell.j).copied()) else {
                continue;
            };
            let fits = match (row, column) {
                (None, None) => true,
                // A second word for one that has a partner already, beside that partner.
                (Some(j), None) => cell.q >= SECOND && cell.j.abs_diff(j) <= 1,
                (None, Some(i)) => cell.q >= SECOND && cell.i.abs_diff(i) <= 1,
                _ => false,
            };
            if fits {
                let second = f32::from(u8::from(row.is_some() || column.is_some()));
                taken.push((cell, second));
                of_row[cell.i] = Some(of_row[cell.i].unwrap_or(cell.j));
                of_column[cell.j] = Some(of_column[cell.j].unwrap_or(cell.i));
            }
        }
        taken
    }

    fn measures(&self, cell: &Cell, second: f32) -> [f32; MEASURES] {
        let log = |x: f32| x.max(1e-6).ln();
        let (of_english, of_other) = (self.usual_english(cell.j), self.usual_other(cell.i));
        [
            log(cell.q),
            log(cell.forward),
            log(cell.back),
            (log(cell.forward) - log(of_english)).min(LIFT),
            (log(cell.back) - log(of_other)).min(LIFT),
            cell.support,
            -cell.place * (self.english.len() as f32).sqrt(),
            second,
            f32::from(u8::from(matches!(cell.by, By::Name))),
        ]
    }
}

/// One cell a pair of words, the stronger one.
fn merge(cells: &mut Vec<Cell>) {
    cells.sort_by(|a, b| (a.j, a.i).cmp(&(b.j, b.i)).then((b.forward * b.back).total_cmp(&(a.forward * a.back))));
    cells.dedup_by_key(|c| (c.j, c.i));
}

/// From so much on a word counts as joined, and is not looked for among names.
const JOINED: f32 = 0.3;
/// A word as usual as this is a small one: some sixty words of a language are.
const SMALL: f32 = 2e-3;
/// The mean chance either way from which two words are plainly each other's.
const PLAIN: f32 = 0.2;
/// A word as usual as this is no name, or one that the lexicon knows.
const COMMON: f32 = 3e-4;
/// The likeness from which two names may be one: within a sentence nearly every other word is another.
const ALIKE: f32 = 0.5;
/// How far neighbours are looked for.
const REACH: usize = 3;
/// What a cell without joined neighbours keeps.
const LONE: f32 = 0.25;
/// The least share that a link has.
const LEAST: f32 = 0.02;
/// The least share of a second word.
const SECOND: f32 = 0.1;
/// How much more often than by chance two stems stand together counts no further.
const LIFT: f32 = 9.0;

#[cfg(test)]
mod tests {
    use super::*;

    fn word(same: u64, form: Form) -> Word {
        Word { stems: [None; MAX_STEMS], beginning: None, same, akin: 0, form }
    }

    #[test]
    fn numbers_and_names_are_linked_without_a_lexicon() {
        let other = [word(0, Form::Word), word(7, Form::Number), word(0, Form::Name)];
        let english = [word(0, Form::Name), word(0, Form::Word), word(7, Form::Number)];
        let alike = |i: usize, j: usize| if (i, j) == (2, 0) { 0.95 } else { 0.0 };
        let mut found: Vec<(usize, usize, By)> = Vec::new();
        measured(None, &other, &english, alike, |i, j, by, _| found.push((i, j, by)));
        found.sort_unstable();
        assert_eq!(found, [(1, 2, By::Number), (2, 0, By::Name)]);
    }

    #[test]
    fn a_number_that_stands_twice_is_linked_in_order() {
        let sentence = [word(7, Form::Number), word(0, Form::Word), word(7, Form::Number), word(0, Form::Word)];
        let mut found: Vec<(usize, usize)> = Vec::new();
        measured(None, &sentence, &sentence, |_, _| 0.0, |i, j, _, _| found.push((i, j)));
        found.sort_unstable();
        assert_eq!(found, [(0, 0), (2, 2)]);
    }

    #[test]
    fn long_sentences_cost_no_square() {
        // Every word could be every other: only a few cells of each are looked at.
        let many = vec![word(1, Form::Number); 4 * MAX_WORDS];
        let mut links = 0;
        measured(None, &many, &many, |_, _| 1.0, |_, _, _, _| links += 1);
        assert!((1..=2 * MAX_WORDS).contains(&links), "{links}");
    }

    #[test]
    fn nothing_is_no_panic() {
        let one = [word(0, Form::Name)];
        for (other, english) in
            [(&one[..0], &one[..0]), (&one[..], &one[..0]), (&one[..0], &one[..]), (&one[..], &one[..])]
        {
            measured(None, other, english, |_, _| f32::NAN, |_, _, _, _| {});
        }
    }
}
