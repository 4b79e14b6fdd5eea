//! The forms of words: `tests/inflection/<language>.tsv` through the real matcher.

use std::path::Path;

use obelus::eval::inflections::{measure, print};

/// The least share of what is found that is a form: a wrong match makes a false alarm.
const MIN_PRECISION: f64 = 0.98;
/// The least share of forms that are found.
const MIN_RECALL: f64 = 0.95;

#[test]
fn words_are_found_in_their_forms_and_no_others() {
    let measured =
        measure(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inflection")).expect("the tables are good");
    let table = print(&measured);
    // Shown by --nocapture, and where a figure is too low.
    eprintln!("{table}");
    for language in &measured {
        let (precision, recall) = (language.precision(), language.recall());
        assert!(precision >= MIN_PRECISION, "{}: precision {precision:.3}\n{table}", language.language);
        assert!(recall >= MIN_RECALL, "{}: recall {recall:.3}\n{table}", language.language);
    }
}
