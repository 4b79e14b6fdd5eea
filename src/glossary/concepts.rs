//! Concepts as formats without a direction have them, terms by language, and the entries that they make in one direction.

use crate::article::Language;
use crate::glossary::formats::Direction;
use crate::glossary::{Entry, EntryError, MAX_FORMS, Status};

/// The most languages of one concept: each makes entries with the one that is read from.
pub(super) const MAX_LANGUAGES: usize = 100;

/// A term of a concept.
#[derive(Clone, Debug, Default)]
pub(super) struct Term {
    /// Its text.
    pub(super) text: String,
    /// Its standing, where the file says it.
    pub(super) status: Option<Status>,
    /// What else is known of it.
    pub(super) extra: Vec<(String, String)>,
}

/// The terms of one language.
#[derive(Clone, Debug, Default)]
pub(super) struct Terms {
    /// The language; `None`: not known.
    pub(super) language: Option<Language>,
    /// The terms, in the order of the file.
    pub(super) terms: Vec<Term>,
}

/// A concept.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    /// What its entries have in common: kind, domain, note and the like.
    pub(super) common: Entry,
    /// By language.
    pub(super) languages: Vec<Terms>,
}

impl Record {
    /// The entries of a concept, each of them valid.
    pub(super) fn entries(&self, direction: &Direction, out: &mut Vec<Entry>) -> Result<(), EntryError> {
        let fits = |have: &Terms, want: &Language| have.language.as_ref().is_some_and(|l| l.fits(want));
        let from = match &direction.source {
            Some(wanted) => self.languages.iter().position(|l| fits(l, wanted)),
            // One language alone is a list for the translation.
            None if self.languages.len() > 1 => Some(0),
            None => None,
        };
        let Some(from) = from.and_then(|at| Some((at, self.languages.get(at)?))) else {
            for to in &self.languages {
                let wanted = direction.target.as_ref().is_none_or(|t| fits(to, t));
                // Where a source was asked for and is not there, what is left says nothing of it.
                if wanted && (direction.source.is_none() || direction.both_ways) {
                    self.pair(None, to, out)?;
                }
            }
            return Ok(());
        };
        for (at, to) in self.languages.iter().enumerate() {
            if at == from.0 || direction.target.as_ref().is_some_and(|t| !fits(to, t)) {
                continue;
            }
            self.pair(Some(from.1), to, out)?;
            if direction.both_ways {
                self.pair(Some(to), from.1, out)?;
            }
        }
        Ok(())
    }

    /// The entries from one language to another: one for each term of the source, and one more for each further form to use.
    fn pair(&self, from: Option<&Terms>, to: &Terms, out: &mut Vec<Entry>) -> Result<(), EntryError> {
        let most = from.map_or(0, |f| f.terms.len()).max(to.terms.len());
        if most > MAX_FORMS {
            return Err(EntryError::TooManyForms { forms: most });
        }
        // The first is the form to use unless another is said to be; whatever is first where all are unwanted stands for them.
        let preferred = to.terms.iter().position(|t| t.status == Some(Status::Preferred));
        let at = preferred.or_else(|| to.terms.iter().position(|t| t.status.is_none())).unwrap_or(0);
        let Some(main) = to.terms.get(at) else { return Ok(()) };
        let mut entry = Entry {
            target: main.text.clone(),
            target_language: to.language.clone(),
            source_language: from.and_then(|f| f.language.clone()),
            status: main.status.unwrap_or_default(),
            ..self.common.clone()
        };
        main.extra.iter().for_each(|(name, value)| entry.keep(name, value));
        let mut others = Vec::new();
        for (index, term) in to.terms.iter().enumerate().filter(|(index, _)| *index != at) {
            let known = |list: &[String]| list.contains(&term.text);
            match term.status {
                Some(Status::Preferred) if term.text != entry.target => others.push(index),
                Some(Status::Preferred) => {}
                None | Some(Status::Admitted) if !known(&entry.admitted) && term.text != entry.target => {
                    entry.admitted.push(term.text.clone());
                }
                Some(Status::Deprecated | Status::Forbidden) if !known(&entry.forbidden) => {
                    entry.forbidden.push(term.text.clone());
                }
                _ => {}
            }
        }
        let source = |term: Option<&Term>, entry: &Entry| {
            let mut entry = Entry { source: term.map_or(String::new(), |t| t.text.clone()), ..entry.clone() };
            for (name, value) in term.iter().flat_map(|t| &t.extra) {
                entry.keep(&format!("{SOURCE}{name}"), value);
            }
            entry
        };
        let sources: Vec<Option<&Term>> = from.map_or_else(|| vec![None], |from| from.terms.iter().map(Some).collect());
        let mut push = |entry: Entry| {
            entry.validate()?;
            out.push(entry);
            Ok::<_, EntryError>(())
        };
        for &term in &sources {
            push(source(term, &entry))?;
        }
        for term in others.into_iter().filter_map(|index| to.terms.get(index)) {
            let mut more =
                Entry { target: term.text.clone(), admitted: Vec::new(), forbidden: Vec::new(), ..entry.clone() };
            more.extra.clone_from(&self.common.extra);
            term.extra.iter().for_each(|(name, value)| more.keep(name, value));
            // Which source term it belongs to nobody says; the first stands for the concept.
            push(source(sources.first().copied().flatten(), &more))?;
        }
        Ok(())
    }
}

/// What stands before the name of something kept that belongs to the source term.
pub(super) const SOURCE: &str = "source ";
