//! The likeness of names: how like two spellings are to be one name, across scripts and within one, and romanisation.

mod fold;
mod romanise;

use crate::article::Language;

pub use romanise::{Romanised, romanise, scheme_of};

/// How like a name of the source and a spelling of the translation are to be the same name, in [0, 1]. At 0.5 lies the
/// threshold that was fitted on training names. A name that is in Latin letters already is compared as it is.
pub fn likeness(source: &str, source_language: &Language, target: &str) -> f64 {
    let best = romanise(source, source_language).into_iter().map(|r| same_script_likeness(&r.text, target));
    best.fold(0.0, f64::max)
}

/// How like two spellings in Latin letters are to be the same name, in [0, 1].
pub fn same_script_likeness(a: &str, b: &str) -> f64 {
    let (a, b) = (fold::latin(a), fold::latin(b));
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    strsim::jaro_winkler(&a, &b)
}
