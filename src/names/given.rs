//! Given names: which word is one, and which of them are one name in two languages.

use crate::article::Language;
use crate::language::LanguageData;
use crate::names::{SCHEMES, base_forms, fold, romanise};

/// A given name as a text has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given {
    /// One of the names that are the same in other languages, which stands for all of them.
    pub same: &'static str,
    /// It was found as it stands, and not only without an ending of its case.
    pub plain: bool,
}

/// Letters of the longest ending of case in Latin letters that is cut off: Andrzejowi.
const MAX_CUT: usize = 3;
/// Fewest letters that are left.
const LEAST_STEM: usize = 4;

/// The given name that a word is, by the table `given-names`; scripts that leave vowels out, or have no letters, do not tell.
pub fn given_name(word: &str, language: &Language) -> Option<Given> {
    let table = LanguageData::shared().table("given-names");
    let same = |latin: &str, plain: bool| table.get(latin).map(|row| Given { same: row.column(0), plain });
    let data = LanguageData::of(language);
    let latin = fold::latin(word);
    if !latin.is_empty() {
        let cut = || {
            (1..=MAX_CUT).filter(|_| data.inflects_names()).find_map(|length| {
                let stem = latin.get(..latin.len().checked_sub(length)?).filter(|stem| stem.len() >= LEAST_STEM)?;
                same(stem, false).or_else(|| same(&format!("{stem}a"), false))
            })
        };
        return same(&latin, true).or_else(cut);
    }
    if matches!(language.primary(), "ar" | "fa" | "he" | "ur" | "ps" | "yi" | "zh" | "yue" | "ja" | "ko") {
        return None;
    }
    let letters = fold::letters(word, language.primary());
    let of = |letters: &[char], plain: bool| {
        let spelt = (0..SCHEMES).map_while(|scheme| romanise::spell(data, scheme, letters));
        spelt.into_iter().find_map(|spelling| same(&fold::latin(&spelling), plain))
    };
    of(&letters, true).or_else(|| base_forms(data, &letters).iter().find_map(|form| of(form, false)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_in_many_languages() {
        let same = |tag: &str, word| given_name(word, &Language::parse(tag).expect(tag)).map(|g| g.same);
        assert_eq!(same("ru", "Владимир"), same("en", "Volodymyr"));
        assert_eq!(same("ru", "Владимиром"), same("en", "Vladimir"));
        assert_eq!(same("uk", "Миколи"), same("en", "Nicholas"));
        assert_eq!(same("pl", "Andrzejem"), same("en", "Andrew"));
        assert_eq!(same("el", "Γιώργος"), same("en", "George"));
        assert!(same("en", "Toprak").is_none() && same("ru", "Москва").is_none() && same("ar", "محمد").is_none());
    }
}
