//! What is known of a word by itself: its letters for comparing, its shape, the class of words that it belongs to.

use crate::models::hashed::{Buckets, hash, mix};

/// Classes of words by the company they keep, and whether they are written with a capital.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lexis<'b>(Buckets<'b, 3>);

impl<'b> Lexis<'b> {
    /// The classes in these bytes.
    pub fn read(bytes: &'b [u8]) -> Option<Self> {
        Buckets::read(bytes).map(Self)
    }

    /// The class of a word, the class of that class, and from 1 to 4 how often it has a capital within sentences. 0 is
    /// unknown.
    fn of(&self, word: u64) -> (u64, u64, u64) {
        self.0.get(word).map_or((0, 0, 0), |bytes| {
            let [a, b, c] = bytes.map(u64::from);
            ((a | (b & 3) << 8) + 1, c + 1, (b >> 2 & 3) + 1)
        })
    }

    /// What `Lexis::of` reads: a class below 1024, a class of classes below 255, a habit below 4.
    pub fn entry(class: u16, coarse: u8, habit: u8) -> [u8; 3] {
        let [low, high] = class.to_le_bytes();
        [low, high & 3 | (habit & 3) << 2, coarse]
    }
}

/// A word by itself. Most fields are hashes, which features are made from.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    /// Its letters for comparing.
    pub word: u64,
    /// Its class.
    pub class: u64,
    /// The class of its class.
    pub coarse: u64,
    /// Kinds of its characters, each run told once.
    pub shape: u64,
    /// How often it has a capital within sentences.
    pub habit: u64,
    /// Its last letters, one to four of them.
    pub suffix: [u64; 4],
    /// Its first letters, two to four of them.
    pub prefix: [u64; 3],
    /// Bits: begins with a capital, all in capitals, has a figure, has a hyphen, has no letters.
    pub flags: u64,
}

/// What stands before the first word and behind the last.
pub const NOTHING: Word =
    Word { word: 3, class: 3, coarse: 3, shape: 3, habit: 0, suffix: [0; 4], prefix: [0; 3], flags: 0 };

/// A word's letters for comparing: lower case, figures are all one, marks of one kind are one.
pub fn fold(form: &str) -> String {
    let mut folded = String::with_capacity(form.len());
    for c in form.chars() {
        match c {
            '’' | '‘' | '`' | '´' => folded.push('\''),
            '“' | '”' | '«' | '»' | '„' => folded.push('"'),
            '0'..='9' => folded.push('0'),
            '–' | '—' => folded.push('-'),
            '…' => folded.push_str("..."),
            c if c.is_ascii() => folded.push(c.to_ascii_lowercase()),
            c => folded.extend(c.to_lowercase()),
        }
    }
    let figures = folded.starts_with('0') && !folded.chars().any(char::is_alphabetic);
    let plain = match folded.as_str() {
        "''" => "\"",
        "--" | "---" => "-",
        f if figures && f.len() == 4 && !f.contains(['.', ',']) => "0000",
        f if figures && f.contains(':') => "0:00",
        _ if figures => "0",
        _ => return folded,
    };
    plain.to_owned()
}

impl Word {
    /// What is known of a word as it is written.
    pub fn new(form: &str, lexis: &Lexis<'_>) -> Self {
        let folded = fold(form);
        let word = hash(folded.as_bytes());
        let (class, coarse, habit) = lexis.of(word);
        let mut suffix = [1; 4];
        for (slot, (at, _)) in suffix.iter_mut().zip(folded.char_indices().rev()) {
            *slot = hash(folded.get(at..).unwrap_or("").as_bytes());
        }
        let mut prefix = [1; 3];
        for (slot, (at, c)) in prefix.iter_mut().zip(folded.char_indices().skip(1)) {
            *slot = hash(folded.get(..at + c.len_utf8()).unwrap_or("").as_bytes());
        }
        let (mut shape, mut last) = (7_u64, 0);
        let mut seen = [0_u32; 8];
        for c in form.chars() {
            let kind = match c {
                _ if c.is_uppercase() => 1,
                _ if c.is_lowercase() => 2,
                _ if c.is_numeric() => 3,
                '-' | '–' => 4,
                _ if c.is_alphabetic() => 5,
                '.' => 6,
                _ => 7,
            };
            seen[kind] += 1;
            if kind != last {
                shape = shape.wrapping_mul(11).wrapping_add(kind as u64);
                last = kind;
            }
        }
        let [_, upper, lower, digits, hyphens, ..] = seen;
        let flags = u64::from(form.starts_with(char::is_uppercase))
            | u64::from(upper > 1 && lower == 0) << 1
            | u64::from(digits > 0) << 2
            | u64::from(hyphens > 0) << 3
            | u64::from(upper + lower == 0) << 4;
        Self {
            word,
            class: mix(class + 1000),
            coarse: mix(coarse + 5000),
            shape: mix(shape),
            habit,
            suffix,
            prefix,
            flags,
        }
    }
}

/// How a sentence is cased: 0 as usual, 1 Like a Headline, 2 IN CAPITALS. A machine's headlines often are.
pub fn casing<'t>(forms: impl Iterator<Item = &'t str>) -> u64 {
    let (mut upper, mut title, mut lower) = (0, 0, 0);
    for form in forms {
        let mut letters = form.chars();
        match letters.next() {
            Some(c) if c.is_uppercase() => {
                let more = letters.clone().next().is_some();
                if more && letters.all(|c| !c.is_lowercase()) {
                    upper += 1;
                } else {
                    title += 1;
                }
            }
            Some(c) if c.is_alphabetic() => lower += 1,
            _ => {}
        }
    }
    if upper > 2 && upper > lower + title { 2 } else { u64::from(title > 2 && title > lower * 2) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_figures_are_folded() {
        assert_eq!(fold("Don’t"), "don't");
        assert_eq!(fold("1,234.5"), "0");
        assert_eq!(fold("2024"), "0000");
        assert_eq!(fold("B-52"), "b-00");
        assert_eq!(fold("—"), "-");
    }

    #[test]
    fn casing_of_sentences() {
        let of = |text: &str| casing(text.split(' '));
        assert_eq!(of("The talks ended without a deal"), 0);
        assert_eq!(of("Talks End Without a Deal"), 1);
        assert_eq!(of("TALKS END WITHOUT A DEAL"), 2);
    }

    #[test]
    fn any_word_has_facts() {
        for form in ["", "a", "é", "日本", "👩‍👩‍👧", "U.S.", "ǅ"] {
            let _ = Word::new(form, &Lexis::default());
        }
        let entry = Lexis::entry(777, 33, 2);
        let bytes = Buckets::write(&[(hash(b"of"), entry)], 10);
        assert_eq!(Lexis::read(&bytes).expect("sound").of(hash(b"of")), (778, 34, 3));
    }
}
