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
    let mut entities: Vec<Entity> = Vec::new();
    let mut by_last: FxHashMap<&str, usize> = FxHashMap::default();
    let mut by_source: FxHashMap<String, usize> = FxHashMap::default();
    let free = |span: &Span| {
        let at = taken.partition_point(|t| t.end() <= span.start());
        taken.get(at).is_none_or(|t| !t.overlaps(*span))
    };
    let mentions = document.mentions();
    let alone = |word: &crate::analyse::mentions::NameWord| {
        let spans: Vec<Span> = word.places.iter().filter(|p| p.span == p.name).map(|p| p.span).collect();
        (word.text.clone(), spans)
    };
    // Names at the head of a sentence and in headlines stand among the words alone.
    let mut whole: FxHashMap<&str, Vec<Span>> = FxHashMap::default();
    for (name, spans) in &mentions.names {
        whole.insert(name.as_str(), spans.clone());
    }
    let words: Vec<(String, Vec<Span>)> = mentions.words.iter().map(alone).collect();
    for (word, spans) in &words {
        let all = whole.entry(word.as_str()).or_default();
        all.extend(spans.iter().copied());
        all.sort_unstable();
        all.dedup();
    }
    let mut names: Vec<(&str, Vec<Span>)> = whole
        .into_iter()
        .map(|(name, spans)| (name, spans.into_iter().filter(free).collect::<Vec<_>>()))
        .filter(|(_, spans)| !spans.is_empty())
        .collect();
    names.sort_by_key(|(name, spans)| (std::cmp::Reverse(name.split_whitespace().count()), spans.first().copied()));
    for (name, spans) in names {
        let last = name.split_whitespace().next_back().unwrap_or(name);
        let several = name.contains(' ');
        let source = if by_last.contains_key(name) { String::new() } else { source_of(document, last, &spans) };
        let known = by_last.get(name).or_else(|| by_source.get(&fold(&source)).filter(|_| !several)).copied();
        let position = known.unwrap_or(entities.len());
        if known.is_none() {
            entities.push(Entity {
                kind: kind_of(document, &spans),
                preferred: name.to_owned(),
                forms: Vec::new(),
                source_form: source.clone(),
                glossary_entry: String::new(),
            });
            by_last.entry(last).or_insert(position);
            if !source.is_empty() {
                by_source.entry(fold(&source)).or_insert(position);
            }
        }
        if let Some(entity) = entities.get_mut(position) {
            spans.into_iter().for_each(|span| add(&mut entity.forms, name, span));
        }
    }
    entities
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
