//! The number of nouns where a language tells it by the end of a word: `plurals` has the plural of each ending, `irregular` what
//! no ending tells.

use super::LanguageData;

/// The key of `plurals` for words that no other ending fits.
const ANY: &str = "-";
/// What `plurals` has for words that look like plurals themselves.
const IS_ONE: &str = "-";
/// What it has where no rule tells.
const UNKNOWN: &str = "?";

impl LanguageData {
    /// The plural of a word; `None` where it already looks like one, where no rule tells, and where the language has no table.
    pub fn plural(&self, word: &str) -> Option<String> {
        if !word.is_ascii() || !word.ends_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let (ending, plural) = self.plural_row(word)?;
        let irregular = self.table("irregular");
        if irregular.iter().any(|(_, row)| row.column(0).split(' ').any(|form| form == word)) {
            return None;
        }
        if let Some(row) = irregular.get(word)
            && !row.column(0).contains(' ')
        {
            return Some(row.column(0).to_owned());
        }
        let regular = plural != IS_ONE && plural != UNKNOWN;
        regular.then(|| format!("{}{plural}", word.strip_suffix(ending).unwrap_or(word)))
    }

    /// Whether a word ends as plurals do.
    pub fn looks_plural(&self, word: &str) -> bool {
        self.plural_row(word).is_some_and(|(_, plural)| plural == IS_ONE)
    }

    /// The word that a plural is the plural of, by the longest ending that gives it.
    pub fn singular(&self, word: &str) -> Option<String> {
        let of = |(key, row): (&'static str, super::Row)| {
            let stem = word.strip_suffix(row.column(0)).filter(|stem| !stem.is_empty())?;
            let singular = if key == ANY { stem.to_owned() } else { format!("{stem}{key}") };
            (self.plural(&singular).as_deref() == Some(word)).then_some((row.column(0).len(), singular))
        };
        let found = self.table("plurals").iter().filter_map(of).max_by_key(|(length, _)| *length);
        found.map(|(_, singular)| singular).filter(|_| self.looks_plural(word))
    }

    /// The longest ending that fits a word, and its plural.
    fn plural_row(&self, word: &str) -> Option<(&'static str, &'static str)> {
        let table = self.table("plurals");
        let fitting = table.iter().filter(|(ending, _)| word.ends_with(ending));
        let longest = fitting.max_by_key(|(ending, _)| ending.len()).map(|(ending, row)| (ending, row.column(0)));
        longest.or_else(|| table.get(ANY).map(|row| ("", row.column(0))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_plurals_go_by_the_end_of_the_word() {
        let english = LanguageData::named("en").expect("en");
        for (word, plural) in [
            ("party", Some("parties")),
            ("attack", Some("attacks")),
            ("day", Some("days")),
            ("church", Some("churches")),
            ("boss", Some("bosses")),
            ("child", Some("children")),
            ("spokesman", Some("spokesmen")),
            ("human", Some("humans")),
            ("crisis", Some("crises")),
            ("status", Some("statuses")),
            ("parties", None),
            ("tennis", None),
            ("women", None),
            ("café", None),
            ("B-52", None),
        ] {
            assert_eq!(english.plural(word).as_deref(), plural, "{word}");
        }
        for (word, singular) in [
            ("parties", Some("party")),
            ("attacks", Some("attack")),
            ("churches", Some("church")),
            ("taxes", Some("tax")),
            ("party", None),
            ("boss", None),
            ("bus", None),
        ] {
            assert_eq!(english.singular(word).as_deref(), singular, "{word}");
        }
        assert!(english.looks_plural("lens") && !english.looks_plural("virus") && !english.looks_plural("basis"));
        assert_eq!(LanguageData::NONE.plural("party"), None);
    }
}
