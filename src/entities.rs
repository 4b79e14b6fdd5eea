//! The ledger of names: every name and glossary term of the translation, with its spellings, places and source.

use rustc_hash::FxHashMap;

use crate::analyse::Document;
use crate::analyse::renderings::rendered;
use crate::finding::{Entity, EntityKind, Form};
use crate::glossary::matcher::Role;
use crate::names;
use crate::span::Span;
use crate::surface::fold;

/// The places of a name that are looked up in the source until one is found.
const MAX_PLACES: usize = 3;

/// The names of a document, glossary entries first, each group by first place.
pub fn of(document: &Document<'_>) -> Vec<Entity> {
    let text = document.target.text();
    let mut listed: Vec<Entity> = Vec::new();
    let mut index: FxHashMap<(usize, usize), usize> = FxHashMap::default();
    let mut taken: Vec<Span> = Vec::new();
    for hit in document.all_target_terms().iter().filter(|h| !h.hit.nested && h.hit.how.is_sure()) {
        let concept = document.concept(hit);
        let position = *index.entry((hit.pair, hit.hit.concept)).or_insert_with(|| {
            listed.push(Entity {
                kind: if concept.kind == EntityKind::Unknown { EntityKind::Term } else { concept.kind },
                preferred: concept.best().unwrap_or_default().to_owned(),
                forms: Vec::new(),
                source_form: concept.source.clone(),
                glossary_entry: concept.source.clone(),
            });
            listed.len() - 1
        });
        debug_assert!(matches!(hit.hit.role, Role::Approved | Role::Unwanted));
        if let Some(entity) = listed.get_mut(position) {
            add(&mut entity.forms, hit.hit.span.of(text), hit.hit.span);
        }
        taken.push(hit.hit.span);
    }
    let first = listed.len();
    listed.extend(others(document, &taken));
    for entity in &mut listed {
        entity.forms.sort_by(|a, b| b.places.len().cmp(&a.places.len()).then(a.text.cmp(&b.text)));
        let is_name = !matches!(entity.kind, EntityKind::Term);
        if let (Some(language), true) = (document.source_language(), is_name && !entity.source_form.is_empty()) {
            for form in &mut entity.forms {
                form.scheme =
                    names::scheme_of(&entity.source_form, language, &form.text).unwrap_or_default().to_owned();
            }
        }
    }
    let start = |e: &Entity| e.forms.iter().filter_map(|form| form.places.first().copied()).min();
    if let Some(names) = listed.get_mut(first..) {
        names.sort_by_key(start);
    }
    listed
}

/// Names that the glossary does not have. A name that is the last word of a longer one is a short form of it, and two that
/// render one name of the source are one.
fn others(document: &Document<'_>, taken: &[Span]) -> Vec<Entity> {
    let mut ledger = Ledger::default();
    let free = |span: &Span| {
        let at = taken.partition_point(|t| t.end() <= span.start());
        taken.get(at).is_none_or(|t| !t.overlaps(*span))
    };
    let text = document.target.text();
    let mentions = document.mentions();
    // Names at the head of a sentence and in headlines stand among the words alone.
    let names = mentions.names.iter().flat_map(|(_, spans)| spans.iter().copied());
    let words = mentions.words.iter().flat_map(|word| word.places.iter().filter(|p| p.span == p.name).map(|p| p.span));
    let mut whole: FxHashMap<&str, Vec<Span>> = FxHashMap::default();
    for span in names.chain(words) {
        let span = with_initials(document, span);
        whole.entry(span.of(text)).or_default().push(span);
    }
    let mut names: Vec<(&str, Vec<Span>)> = whole
        .into_iter()
        .map(|(name, mut spans)| {
            spans.sort_unstable();
            spans.dedup();
            (name, spans.into_iter().filter(free).collect::<Vec<_>>())
        })
        .filter(|(_, spans)| !spans.is_empty())
        .collect();
    // Full names first, then those with initials, then single words: each finds the longer ones there.
    let rank = |name: &str| {
        let class = if initials_of(name).is_some() { 1 } else { i32::from(!name.contains(' ')) * 2 };
        (class, std::cmp::Reverse(name.split_whitespace().count()))
    };
    names.sort_by_key(|(name, spans)| (rank(name), spans.first().copied()));
    for (name, spans) in names {
        ledger.enter(document, name, &spans);
    }
    ledger.entities
}

/// Names as they are entered, and where each is found again.
#[derive(Default)]
struct Ledger {
    entities: Vec<Entity>,
    /// By last word, in every form that it may be a case of.
    by_last: FxHashMap<String, Vec<usize>>,
    by_source: FxHashMap<String, usize>,
}

impl Ledger {
    /// Enters a name: under the entity that it is another form of, or as a new one.
    fn enter(&mut self, document: &Document<'_>, name: &str, spans: &[Span]) {
        let last = name.split_whitespace().next_back().unwrap_or(name);
        let (several, initials) = (name.contains(' '), initials_of(name));
        let forms = forms_of(document, last);
        let mut known = match &initials {
            Some(letter) => self.of_last(&forms, |preferred| initial_of(preferred) == Some(*letter)),
            None if several => None,
            None => self.of_last(&forms, |_| true),
        };
        let source = if known.is_some() { String::new() } else { source_of(document, last, spans) };
        if known.is_none() && !several {
            known = self.by_source.get(&fold(&source)).copied();
        }
        let position = known.unwrap_or(self.entities.len());
        if known.is_none() {
            self.entities.push(Entity {
                kind: kind_of(document, spans),
                preferred: name.to_owned(),
                forms: Vec::new(),
                source_form: source.clone(),
                glossary_entry: String::new(),
            });
            for form in forms {
                self.by_last.entry(form).or_default().push(position);
            }
            if !source.is_empty() {
                self.by_source.entry(fold(&source)).or_insert(position);
            }
        }
        if let Some(entity) = self.entities.get_mut(position) {
            spans.iter().for_each(|span| add(&mut entity.forms, name, *span));
        }
    }

    /// The first entity with a last word of these forms, and a name that fits.
    fn of_last(&self, forms: &[String], fits: impl Fn(&str) -> bool) -> Option<usize> {
        let all = forms.iter().filter_map(|form| self.by_last.get(form)).flatten().take(MAX_NAMESAKES);
        all.copied().filter(|&at| self.entities.get(at).is_some_and(|e| fits(&e.preferred))).min()
    }
}

/// The most entities with one last word that are asked.
const MAX_NAMESAKES: usize = 64;
/// The most initials before a surname, in bytes: "A. B. ".
const MAX_INITIALS: usize = 16;

/// A name with the initials before it: "A.B. Ivanov", "J. K. Rowling".
fn with_initials(document: &Document<'_>, span: Span) -> Span {
    let (text, surface) = (document.target.text(), document.target.surface());
    let sentence = surface.sentence_at(span.start()).and_then(|at| surface.sentences.get(at));
    let head = sentence.map_or(0, |s| s.span.start());
    let before = text.get(..span.start()).unwrap_or("");
    let mut start = span.start();
    let mut rest = before;
    while span.start() - start < MAX_INITIALS {
        let Some(stem) = rest.trim_end_matches([' ', '\u{a0}']).strip_suffix('.') else { break };
        let Some(letter) = stem.chars().next_back().filter(|c| c.is_uppercase()) else { break };
        rest = stem.get(..stem.len() - letter.len_utf8()).unwrap_or("");
        if rest.chars().next_back().is_some_and(char::is_alphanumeric) {
            break;
        }
        start = rest.len();
    }
    let initials = Span::new(start, span.start()).of(text).trim_end();
    // The U.S. is nobody's given name; p. is a page before a figure alone.
    let several = initials.chars().filter(|c| c.is_alphabetic()).count() > 1;
    let known = several && document.target.data().table("abbreviations").has(&fold(initials));
    if known || start < head { span } else { Span::new(start, span.end()) }
}

/// The first letter of a name that begins with initials.
fn initials_of(name: &str) -> Option<char> {
    let mut letters = name.chars();
    letters.next().filter(|_| letters.next() == Some('.'))
}

fn initial_of(name: &str) -> Option<char> {
    name.contains(' ').then(|| name.chars().next()).flatten()
}

/// The forms that a last word is found again by.
fn forms_of(document: &Document<'_>, last: &str) -> Vec<String> {
    match document.target_language().filter(|_| document.target.data().inflects_names()) {
        Some(language) => names::dictionary_forms(last, language),
        None => vec![last.to_owned()],
    }
}

/// The word of the source that a name renders, at the first place that has one.
fn source_of(document: &Document<'_>, word: &str, spans: &[Span]) -> String {
    let surface = document.target.surface();
    let sentences = spans.iter().take(MAX_PLACES).filter_map(|span| surface.sentence_at(span.start()));
    let found = sentences.into_iter().find_map(|sentence| rendered(document, sentence, 0, word));
    found.map_or(String::new(), |name| name.text.to_owned())
}

/// A person, where a title stands before the name at one of its places.
fn kind_of(document: &Document<'_>, spans: &[Span]) -> EntityKind {
    let (surface, data) = (document.target.surface(), document.target.data());
    let titles = data.table("titles");
    let titled = |span: &Span| {
        let at = surface.tokens.partition_point(|t| t.span.start() < span.start());
        let before = surface.tokens.get(at.saturating_sub(2)..at).unwrap_or(&[]);
        let word = before.iter().rev().find(|t| t.kind == crate::surface::TokenKind::Word);
        word.is_some_and(|token| {
            let is_title = |kind: &str| kind.split('|').any(|k| matches!(k, "title" | "always"));
            titles.get(surface.folded(token)).is_some_and(|row| is_title(row.column(1)))
        })
    };
    if spans.iter().any(titled) { EntityKind::Person } else { EntityKind::Unknown }
}

fn add(forms: &mut Vec<Form>, text: &str, span: Span) {
    match forms.iter_mut().find(|form| form.text == text) {
        Some(form) => form.places.push(span),
        None => forms.push(Form { text: text.to_owned(), scheme: String::new(), places: vec![span] }),
    }
}
