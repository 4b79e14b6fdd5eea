//! Glossaries: the terms and names a desk wants, and how to find them in a text.
//!
//! A [`Glossary`] is read once ([`formats`]), compiled once into [`Concept`]s with a matcher a language pair ([`matcher`]), and
//! then shared, immutable, by all checks.

mod concepts;
pub mod csv;
pub mod formats;
pub mod lint;
pub mod matcher;
pub mod stats;
mod tables;
mod tbx;
mod xml;

pub use formats::{Format, Wanted, read_glossary, write_glossary};

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::article::Language;
use crate::finding::EntityKind;
use crate::language::LanguageData;
use crate::span::Span;
use crate::surface::{Surface, TokenKind, fold};
use matcher::{Form, How, Matcher, Role};

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

/// Whether every letter of a form is a capital: such a form is found in capitals only.
fn is_initials(form: &str) -> bool {
    crate::surface::case_of(form) == crate::surface::Case::Upper
}

/// The part of a glossary that serves one pair of languages.
pub struct Pair {
    /// Language of the source forms; `None`: any.
    pub source_language: Option<Language>,
    /// Language of the target forms; `None`: any.
    pub target_language: Option<Language>,
    /// What it holds.
    pub concepts: Vec<Concept>,
    /// Finds source forms.
    pub source: Matcher,
    /// Finds target forms.
    pub target: Matcher,
}

/// A compiled glossary.
pub struct Glossary {
    name: String,
    entries: usize,
    pairs: Vec<Pair>,
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
        let pairs = by_pair.into_values().map(|entries| compile_pair(&entries)).collect();
        Self { name: name.into(), entries: entries.len(), pairs, digest: digest.finish() }
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

    /// Its language pairs.
    pub fn pairs(&self) -> &[Pair] {
        &self.pairs
    }

    /// The pairs that serve an article: the target languages fit, and so do the source languages where both are known.
    pub fn fitting(&self, source: Option<&Language>, target: &Language) -> impl Iterator<Item = &Pair> {
        self.pairs.iter().filter(move |pair| {
            let fits = |have: &Option<Language>, want: Option<&Language>| match (have, want) {
                (Some(have), Some(want)) => have.fits(want),
                _ => true,
            };
            fits(&pair.target_language, Some(target)) && fits(&pair.source_language, source)
        })
    }

    /// Its language pairs in words, for messages: "ru → en, any → fr".
    pub fn languages(&self) -> String {
        let tag = |l: &Option<Language>| l.as_ref().map_or("any".to_owned(), ToString::to_string);
        let pairs = self.pairs.iter().map(|p| format!("{} → {}", tag(&p.source_language), tag(&p.target_language)));
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

fn compile_pair<'e>(entries: &[&'e Entry]) -> Pair {
    let mut seen: FxHashSet<(usize, Status, &'e str)> = FxHashSet::default();
    let mut concepts: Vec<Concept> = Vec::new();
    let mut by_source: FxHashMap<&str, usize> = FxHashMap::default();
    for entry in entries {
        let new = || Concept {
            source: entry.source.clone(),
            preferred: Vec::new(),
            admitted: Vec::new(),
            unwanted: Vec::new(),
            deprecated: Vec::new(),
            kind: EntityKind::Unknown,
            do_not_translate: false,
            case_sensitive: false,
        };
        let index = match by_source.get(entry.source.as_str()) {
            // Entries without a source form are concepts of their own: nothing says that they belong together.
            Some(&index) if !entry.source.is_empty() => index,
            _ => {
                concepts.push(new());
                by_source.insert(&entry.source, concepts.len() - 1);
                concepts.len() - 1
            }
        };
        let concept = &mut concepts[index];
        let standing = match entry.status {
            Status::Preferred => &mut concept.preferred,
            Status::Admitted => &mut concept.admitted,
            Status::Deprecated | Status::Forbidden => &mut concept.unwanted,
        };
        let mut push_new = |forms: &mut Vec<String>, form: &'e str, standing: Status| {
            if !form.is_empty() && seen.insert((index, standing, form)) {
                forms.push(form.to_owned());
            }
        };
        let status = if entry.status == Status::Deprecated { Status::Forbidden } else { entry.status };
        push_new(standing, &entry.target, status);
        if entry.status == Status::Deprecated && !entry.target.is_empty() {
            concept.deprecated.push(entry.target.clone());
        }
        entry.admitted.iter().for_each(|form| push_new(&mut concept.admitted, form, Status::Admitted));
        entry.forbidden.iter().for_each(|form| push_new(&mut concept.unwanted, form, Status::Forbidden));
        concept.kind = entry.kind.unwrap_or(concept.kind);
        concept.do_not_translate |= entry.do_not_translate;
        concept.case_sensitive |= entry.case_sensitive;
    }
    let language = |of: fn(&Entry) -> &Option<Language>| entries.first().and_then(|e| of(e).clone());
    let target_language = language(|e| &e.target_language);
    let source_language = language(|e| &e.source_language);
    let data = |l: &Option<Language>| l.as_ref().map_or(LanguageData::NONE, LanguageData::of);
    let (mut source, mut target) = (Vec::new(), Vec::new());
    for (index, concept) in concepts.iter().enumerate() {
        let form = |text, role, exact_case| Form { text, concept: index, role, exact_case };
        if !concept.source.is_empty() {
            source.push(form(&concept.source, Role::Source, concept.case_sensitive));
        }
        for text in concept.approved() {
            // "US" is not "us"; but a name that stays as it is should also be found where its capitals were lost.
            target.push(form(text, Role::Approved, is_initials(text) && !concept.do_not_translate));
        }
        let unwanted = !concept.unwanted.is_empty();
        let approved: FxHashSet<String> = concept.approved().filter(|_| unwanted).map(fold).collect();
        for text in &concept.unwanted {
            // A form that differs from an approved one only in case is matched with its case.
            let only_case = approved.contains(&fold(text));
            target.push(form(text, Role::Unwanted, concept.case_sensitive || only_case || is_initials(text)));
        }
    }
    Pair {
        source: Matcher::new(&source, data(&source_language)),
        target: Matcher::new(&target, data(&target_language)),
        source_language,
        target_language,
        concepts,
    }
}
