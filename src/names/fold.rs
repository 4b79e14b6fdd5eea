//! The letters of a spelling, without case, accents and marks.

use icu_normalizer::DecomposingNormalizerBorrowed;

/// Letters of a name that are looked at; a longer word is no name.
pub(crate) const MAX_LETTERS: usize = 32;

/// The letters a to z of a spelling in Latin script; what has none is left out.
pub(crate) fn latin(text: &str) -> String {
    let mut letters = String::with_capacity(text.len());
    let mut add = |c: char| match c {
        'a'..='z' => letters.push(c),
        'A'..='Z' => letters.push(c.to_ascii_lowercase()),
        'æ' | 'Æ' => letters.push_str("ae"),
        'œ' | 'Œ' => letters.push_str("oe"),
        'ß' | 'ẞ' => letters.push_str("ss"),
        'þ' | 'Þ' => letters.push_str("th"),
        'ø' | 'Ø' => letters.push('o'),
        'đ' | 'Đ' | 'ð' | 'Ð' => letters.push('d'),
        'ł' | 'Ł' => letters.push('l'),
        'ħ' | 'Ħ' => letters.push('h'),
        'ŧ' | 'Ŧ' => letters.push('t'),
        'ı' => letters.push('i'),
        'ə' | 'Ə' => letters.push('a'),
        _ => {}
    };
    if text.is_ascii() {
        text.chars().take(MAX_LETTERS).for_each(&mut add);
    } else {
        let normalizer = const { DecomposingNormalizerBorrowed::new_nfkd() };
        normalizer.normalize_iter(text.chars().take(MAX_LETTERS)).for_each(&mut add);
    }
    letters.truncate(MAX_LETTERS);
    letters
}
