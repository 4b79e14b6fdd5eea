//! Glossaries: the terms and names a desk wants, and how to find them in a text.
//!
//! A [`Glossary`] is read once ([`formats`]), compiled once into [`Concept`]s with a matcher a language pair ([`matcher`]), and
//! then shared by all checks. Only the matchers of languages that it does not name are compiled on first use (`pair.rs`).

mod concepts;
pub mod csv;
pub mod desk;
pub mod formats;
pub mod lint;
pub mod matcher;
mod pair;
pub mod stats;
mod tables;
mod tbx;
mod xml;

pub use formats::{Format, Wanted, read_glossary, write_glossary};
pub use pair::{NameOf, Pair, Words};

use std::collections::BTreeMap;

use crate::article::Language;
use crate::finding::EntityKind;
use crate::language::LanguageData;
use crate::span::Span;
use crate::surface::{Surface, TokenKind};
use matcher::{Form, How, Matcher, Role};
use pair::Part;

/// The standing of a target form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Status {
    /// The form to use.
    #[default]
    Preferred,
    /// May be used.
    Admitted,
    /// Was used once; better not.
    Deprecated,
    /// Must not be used.
    Forbidden,
}

impl Status {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Preferred => "preferred",
            Self::Admitted => "admitted",
            Self::Deprecated => "deprecated",
            Self::Forbidden => "forbidden",
        }
    }

    /// Its name; empty for the usual one.
    fn name_unless_preferred(self) -> &'static str {
        if self == Self::Preferred { "" } else { self.name() }
    }
}

/// One row of a glossary, as it was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    /// Source form; empty: the entry works on the target alone.
    pub source: String,
    /// Target form.
    pub target: String,
    /// Language of the source form; `None`: any.
    pub source_language: Option<Language>,
    /// Language of the target form; `None`: any.
    pub target_language: Option<Language>,
    /// What it is about.
    pub kind: Option<EntityKind>,
    /// Stays as it is in the source.
    pub do_not_translate: bool,
    /// The standing of `target`.
    pub status: Status,
    /// Other target forms that may be used.
    pub admitted: Vec<String>,
    /// Target forms that must not be used.
    pub forbidden: Vec<String>,
    /// Upper and lower case matter.
    pub case_sensitive: bool,
    /// For people.
    pub note: String,
    /// Subject field.
    pub domain: String,
    /// Columns that are not ours, kept to be written back.
    pub extra: Vec<(String, String)>,
}

/// What is wrong with an entry, whatever format it came in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// There is no target form.
    #[error("the target form is empty; it should be the form to use")]
    NoTarget,
    /// A form is longer than is matched.
    #[error("{form:?} has {tokens} words and marks; the longest form that is matched has {}", matcher::MAX_FORM_TOKENS)]
    TooLong {
        /// The form, cut.
        form: String,
        /// Its length.
        tokens: usize,
    },
    /// It forbids what it wants.
    #[error("{form:?} is both wanted and forbidden")]
    Contradiction {
        /// The form.
        form: String,
    },
    /// It lists more forms than are taken.
    #[error("{forms} other forms; {MAX_FORMS} is the most")]
    TooManyForms {
        /// How many.
        forms: usize,
    },
    /// A form has neither letter nor digit.
    #[error("{form:?} has no letter and no digit, so it cannot be found in a text")]
    NoWord {
        /// The form.
        form: String,
    },
}

impl Entry {
    /// Adds all that it says to the name of a glossary.
    fn name_to(&self, digest: &mut crate::digest::Digest) {
        let kind = self.kind.map_or(0, |kind| kind as u8 + 1);
        digest.write(&[kind, self.status as u8, u8::from(self.do_not_translate), u8::from(self.case_sensitive)]);
        for field in [&self.source, &self.target, &self.note, &self.domain] {
            digest.write(field.as_bytes());
        }
        digest.write(tag(&self.source_language).as_bytes());
        digest.write(tag(&self.target_language).as_bytes());
        for forms in [&self.admitted, &self.forbidden] {
            digest.write(&(forms.len() as u64).to_le_bytes());
            forms.iter().for_each(|form| digest.write(form.as_bytes()));
        }
        for (column, value) in &self.extra {
            digest.write(column.as_bytes());
            digest.write(value.as_bytes());
        }
    }

    /// Keeps something that has no field here, under a name; a second value of a name is put behind the first.
    fn keep(&mut self, name: &str, value: &str) {
        if value.is_empty() {
            return;
        }
        match self.extra.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => {
                known.push_str("; ");
                known.push_str(value);
            }
            None => self.extra.push((name.to_owned(), value.to_owned())),
        }
    }

    /// Checks what every format must hold to.
    ///
    /// # Errors
    /// The entry could never be matched.
    pub fn validate(&self) -> Result<(), EntryError> {
        if self.target.trim().is_empty() {
            return Err(EntryError::NoTarget);
        }
        let wanted = matches!(self.status, Status::Preferred | Status::Admitted).then_some(&self.target);
        let contradiction = wanted.into_iter().chain(&self.admitted).find(|form| self.forbidden.contains(form));
        if let Some(form) = contradiction {
            return Err(EntryError::Contradiction { form: cut(form) });
        }
        let forms = self.admitted.len() + self.forbidden.len();
        if forms > MAX_FORMS {
            return Err(EntryError::TooManyForms { forms });
        }
        let forms = [&self.source, &self.target].into_iter().chain(&self.admitted).chain(&self.forbidden);
        for form in forms.filter(|f| !f.is_empty()) {
            if !form.chars().any(char::is_alphanumeric) {
                return Err(EntryError::NoWord { form: cut(form) });
            }
            let tokens = matcher::token_count(form);
            if tokens > matcher::MAX_FORM_TOKENS {
                return Err(EntryError::TooLong { form: cut(form), tokens });
            }
        }
        Ok(())
    }
}

fn tag(language: &Option<Language>) -> &str {
    language.as_ref().map_or("", Language::tag)
}

/// The most admitted and forbidden forms of one entry.
const MAX_FORMS: usize = 100;

fn cut(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Everything that a glossary says about one thing in one language pair: the entries with one source form, added up.
#[derive(Clone, Debug)]
pub struct Concept {
    /// Source form; empty where it has none.
    pub source: String,
    /// Forms to use, best first. Empty where the glossary only forbids.
    pub preferred: Vec<String>,
    /// Forms that may be used.
    pub admitted: Vec<String>,
    /// Forms not to use.
    pub unwanted: Vec<String>,
    /// Those of them that were used once.
    pub deprecated: Vec<String>,
    /// What it is.
    pub kind: EntityKind,
    /// Stays as it is in the source.
    pub do_not_translate: bool,
    /// Upper and lower case matter.
    pub case_sensitive: bool,
}

impl Concept {
    /// The form to suggest.
    pub fn best(&self) -> Option<&str> {
        self.preferred.first().or_else(|| self.admitted.first()).map(String::as_str)
    }

    /// Every form that is right.
    pub fn approved(&self) -> impl Iterator<Item = &str> {
        self.preferred.iter().chain(&self.admitted).map(String::as_str)
    }

    /// Whether it is somebody's or something's name.
    pub fn is_name(&self) -> bool {
        self.do_not_translate || !matches!(self.kind, EntityKind::Unknown | EntityKind::Term)
    }
}

/// The name of a glossary that is read from a file: `glossaries/` and the file's name without its ending, in lower case, with `-` for all but letters and digits.
pub fn name_of_file(path: &std::path::Path) -> String {
    let stem = path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().to_lowercase();
    let id: String = stem.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    format!("glossaries/{id}")
}

/// A compiled glossary.
pub struct Glossary {
    name: String,
    entries: usize,
    parts: Vec<Part>,
    digest: u64,
}

impl Glossary {
    /// Compiles entries, which have been validated, under a name for messages.
    pub fn compile(name: impl Into<String>, entries: &[Entry]) -> Self {
        let mut by_pair: BTreeMap<(&str, &str), Vec<&Entry>> = BTreeMap::new();
        let mut digest = crate::digest::Digest::default();
        for entry in entries {
            by_pair.entry((tag(&entry.source_language), tag(&entry.target_language))).or_default().push(entry);
            entry.name_to(&mut digest);
        }
        let parts = by_pair.into_values().map(|entries| Part::compile(&entries)).collect();
        Self { name: name.into(), entries: entries.len(), parts, digest: digest.finish() }
    }

    /// What it is called in messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many entries it was compiled from.
    pub fn len(&self) -> usize {
        self.entries
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.entries == 0
    }

    /// Names its content.
    pub fn digest(&self) -> u64 {
        self.digest
    }

    /// The pairs that serve an article: the target languages fit, and so do the source languages where both are known. A pair
    /// that does not name its languages is matched by the inflections of the article's.
    pub fn fitting(&self, source: Option<&Language>, target: &Language) -> Vec<Pair> {
        self.parts
            .iter()
            .filter(|part| part.serves(source, target))
            .map(|part| part.pair(source, Some(target)))
            .collect()
    }

    /// Whether some pair serves an article in these languages.
    pub fn serves(&self, source: Option<&Language>, target: &Language) -> bool {
        self.parts.iter().any(|part| part.serves(source, target))
    }

    /// Its language pairs, from and to; `None`: any.
    pub fn language_pairs(&self) -> impl Iterator<Item = (&Option<Language>, &Option<Language>)> {
        self.parts.iter().map(Part::languages)
    }

    /// Its language pairs in words, for messages: "ru → en, any → fr".
    pub fn languages(&self) -> String {
        let tag = |l: &Option<Language>| l.as_ref().map_or("any".to_owned(), ToString::to_string);
        let pairs = self.language_pairs().map(|(from, to)| format!("{} → {}", tag(from), tag(to)));
        pairs.collect::<Vec<_>>().join(", ")
    }
}

/// Whether the words of a text, as a whole, are a term of a glossary in one of its forms, and how.
pub fn match_whole(term: &str, text: &str, language: &Language) -> Option<How> {
    let data = LanguageData::of(language);
    let forms = [Form { text: term, concept: 0, role: Role::Source, exact_case: false }];
    let surface = Surface::new(text, data, &[], &[]);
    let mut words = surface.tokens.iter().filter(|t| t.kind != TokenKind::Mark).map(|t| t.span);
    let first = words.next()?;
    let last = words.next_back().unwrap_or(first);
    // An ending that is left out of the place is within its last word.
    let hits = Matcher::new(&forms, data).find(text, &surface);
    let whole = |span: Span| span.start() <= first.start() && span.end() > last.start();
    hits.into_iter().find(|hit| whole(hit.span)).map(|hit| hit.how)
}
