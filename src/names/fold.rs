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

/// The letters that a name of a language is read by: lower case, without marks that a text may leave out; Hangul in its
/// parts, Hiragana as Katakana, Persian letters as the Arabic ones of the same sound.
pub(crate) fn letters(name: &str, language: &str) -> Vec<char> {
    let mut letters = Vec::with_capacity(name.len());
    let decompose = matches!(language, "ko" | "el");
    let normalizer = const { DecomposingNormalizerBorrowed::new_nfkd() };
    let mut add = |c: char| {
        let c = match c {
            'ァ'..='ヶ' | 'ー' => c,
            'ぁ'..='ゖ' => char::from_u32(u32::from(c) + 0x60).unwrap_or(c),
            'ک' => 'ك',
            'ی' => 'ي',
            // Vowel marks and the stretched line of Arabic, points of Hebrew, stress marks.
            '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{640}' | '\u{591}'..='\u{5c7}' | '\u{300}'..='\u{344}' => return,
            '׳' | '’' | '\u{2bc}' | 'ʹ' => '\'',
            c => c,
        };
        if c.is_alphabetic() || c == '\'' || c == 'ー' {
            letters.extend(c.to_lowercase());
        }
    };
    if decompose {
        normalizer.normalize_iter(name.chars().take(MAX_LETTERS)).for_each(&mut add);
    } else {
        name.chars().take(MAX_LETTERS).for_each(&mut add);
    }
    letters.truncate(MAX_LETTERS);
    if letters.iter().all(|c| !c.is_alphabetic()) {
        letters.clear();
    }
    letters
}

/// The words of a name.
pub(crate) fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | '·' | '・' | '•' | '゠' | '＝' | '='))
        .filter(|word| word.chars().any(char::is_alphabetic))
}
