//! The ledger of names: every name and glossary term of the translation, with its spellings and places.

use rustc_hash::FxHashMap;

use crate::analyse::Document;
use crate::finding::{Entity, EntityKind};
use crate::glossary::matcher::Role;
use crate::span::Span;

/// The names of a document, glossary entries first, each group by first place.
pub fn of(document: &Document<'_>) -> Vec<Entity> {
    let text = document.target.text();
    let mut listed: Vec<((usize, usize), Entity)> = Vec::new();
    let mut index: FxHashMap<(usize, usize), usize> = FxHashMap::default();
    let mut taken: Vec<Span> = Vec::new();
    for hit in document.all_target_terms().iter().filter(|h| !h.hit.nested && h.hit.how.is_sure()) {
        let concept = document.concept(hit);
        let key = (hit.pair, hit.hit.concept);
        let position = *index.entry(key).or_insert_with(|| {
            listed.push((
                key,
                Entity {
                    kind: if concept.kind == EntityKind::Unknown { EntityKind::Term } else { concept.kind },
                    preferred: concept.best().unwrap_or_default().to_owned(),
                    forms: Vec::new(),
                    source_form: concept.source.clone(),
                    glossary_entry: concept.source.clone(),
                },
            ));
            listed.len() - 1
        });
        debug_assert!(matches!(hit.hit.role, Role::Approved | Role::Unwanted));
        add(&mut listed[position].1.forms, hit.hit.span.of(text), hit.hit.span);
        taken.push(hit.hit.span);
    }
    let mut entities: Vec<Entity> = listed.into_iter().map(|(_, entity)| entity).collect();
    // Other names: a name that is the last word of a longer one is a short form of it.
    let mentions = document.mentions();
    let mut by_last: FxHashMap<&str, usize> = FxHashMap::default();
    let free = |span: &Span| {
        let at = taken.partition_point(|t| t.end() <= span.start());
        taken.get(at).is_none_or(|t| !t.overlaps(*span))
    };
    let mut names: Vec<(&str, Vec<Span>)> = mentions
        .names
        .iter()
        .map(|(name, spans)| (name.as_str(), spans.iter().copied().filter(free).collect::<Vec<_>>()))
        .filter(|(_, spans)| !spans.is_empty())
        .collect();
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.split_whitespace().count()));
    let first = entities.len();
    for (name, spans) in names {
        let last = name.split_whitespace().next_back().unwrap_or(name);
        let position = match by_last.get(name) {
            Some(&position) => position,
            None => {
                entities.push(Entity {
                    kind: EntityKind::Unknown,
                    preferred: name.to_owned(),
                    forms: Vec::new(),
                    source_form: String::new(),
                    glossary_entry: String::new(),
                });
                by_last.entry(last).or_insert(entities.len() - 1);
                entities.len() - 1
            }
        };
        for span in spans {
            add(&mut entities[position].forms, name, span);
        }
    }
    entities[first..].sort_by_key(|e| e.forms.iter().filter_map(|(_, spans)| spans.first().copied()).min());
    for entity in &mut entities {
        entity.forms.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then(a.1.cmp(&b.1)));
    }
    entities
}

fn add(forms: &mut Vec<(String, Vec<Span>)>, form: &str, span: Span) {
    match forms.iter_mut().find(|(text, _)| text == form) {
        Some((_, spans)) => spans.push(span),
        None => forms.push((form.to_owned(), vec![span])),
    }
}
