//! What a glossary is made of, in numbers.

use std::collections::BTreeMap;

use crate::glossary::lint::{LintKind, lint};
use crate::glossary::{Entry, Status, matcher};

/// The numbers of a glossary.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stats {
    /// Entries.
    pub entries: usize,
    /// By language pair, "ru → en".
    pub pairs: BTreeMap<String, usize>,
    /// By kind; "" where it is not said.
    pub kinds: BTreeMap<&'static str, usize>,
    /// By status of the target form.
    pub statuses: BTreeMap<&'static str, usize>,
    /// Forms, source and target, by words and marks.
    pub lengths: BTreeMap<usize, usize>,
    /// Entries that forbid something.
    pub with_forbidden: usize,
    /// Forms that are forbidden.
    pub forbidden: usize,
    /// Entries that are there already.
    pub duplicates: usize,
    /// The longest form, and its words and marks.
    pub longest: Option<(String, usize)>,
}

impl Stats {
    /// Counts.
    pub fn of(entries: &[Entry]) -> Self {
        let mut stats = Self { entries: entries.len(), ..Self::default() };
        for entry in entries {
            let tag =
                |l: &Option<crate::article::Language>| l.as_ref().map_or("any".to_owned(), |l| l.tag().to_owned());
            let pair = format!("{} → {}", tag(&entry.source_language), tag(&entry.target_language));
            *stats.pairs.entry(pair).or_default() += 1;
            let kind = if entry.do_not_translate { "do-not-translate" } else { entry.kind.map_or("", |k| k.name()) };
            *stats.kinds.entry(kind).or_default() += 1;
            *stats.statuses.entry(entry.status.name()).or_default() += 1;
            let unwanted = matches!(entry.status, Status::Deprecated | Status::Forbidden);
            let forbidden = entry.forbidden.len() + usize::from(unwanted);
            stats.forbidden += forbidden;
            stats.with_forbidden += usize::from(forbidden > 0);
            let forms = [&entry.source, &entry.target].into_iter().chain(&entry.admitted).chain(&entry.forbidden);
            for form in forms.filter(|form| !form.is_empty()) {
                let length = matcher::token_count(form);
                *stats.lengths.entry(length).or_default() += 1;
                if stats.longest.as_ref().is_none_or(|(_, longest)| length > *longest) {
                    stats.longest = Some((form.clone(), length));
                }
            }
        }
        let again = lint(entries).into_iter().filter(|l| l.kind == LintKind::Duplicate && l.other.is_some());
        stats.duplicates = again.count();
        stats
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_is_there() {
        let csv = b"source,target,kind,status,forbidden,target_language\nz1,b c,term,,d|e,en\nz1,b c,,,,en\nx,y,,forbidden,,\n";
        let stats = Stats::of(&crate::glossary::csv::read(csv, "g.csv").expect("good"));
        assert_eq!((stats.entries, stats.with_forbidden, stats.forbidden, stats.duplicates), (3, 2, 3, 1));
        assert_eq!(
            stats.pairs.iter().map(|(p, n)| (p.as_str(), *n)).collect::<Vec<_>>(),
            [("any → any", 1), ("any → en", 2)]
        );
        assert_eq!(stats.longest, Some(("b c".to_owned(), 2)));
        assert_eq!(stats.kinds.get("term"), Some(&1));
    }
}
