//! The laws of the house that a machine can check: which room may use which, the catalogue's order, the README's table, the
//! data files, and that a rule has all that a rule needs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use obelus::check::CATALOGUE;
use obelus::language::{LanguageData, Row};

/// Which rooms each room may use, besides itself. `docs/architecture.md` tells why.
const ROOMS: &[(&str, &[&str])] = &[
    ("analyse", &["article", "digest", "glossary", "language", "models", "names", "senses", "span", "surface"]),
    ("article", &["span"]),
    (
        "check",
        &[
            "analyse", "article", "finding", "glossary", "language", "names", "patterns", "senses", "span", "style",
            "surface",
        ],
    ),
    (
        "cli",
        &[
            "article", "check", "engine", "eval", "finding", "glossary", "language", "mine", "models", "panics",
            "patterns", "rows", "serve", "span", "style", "train", "wire", "write",
        ],
    ),
    ("digest", &[]),
    (
        "engine",
        &[
            "analyse", "article", "check", "digest", "entities", "finding", "glossary", "judge", "language", "models",
            "panics", "patterns", "quality", "span", "style", "surface",
        ],
    ),
    ("entities", &["analyse", "finding", "glossary", "names", "span", "surface"]),
    (
        "eval",
        &[
            "analyse", "article", "check", "engine", "finding", "glossary", "judge", "language", "models", "names",
            "rows", "senses", "span", "surface", "train", "wire",
        ],
    ),
    ("finding", &["article", "span"]),
    ("glossary", &["article", "digest", "finding", "language", "span", "surface"]),
    ("judge", &["article", "check", "digest", "finding", "span", "surface"]),
    ("language", &["article", "span"]),
    ("mine", &["analyse", "article", "glossary", "language", "names", "surface"]),
    ("models", &["digest", "surface"]),
    ("names", &["article", "language", "models"]),
    ("panics", &[]),
    ("patterns", &["article", "digest", "finding"]),
    ("quality", &["analyse", "article", "finding", "models", "span", "surface"]),
    ("rows", &["article", "finding", "judge", "language", "span", "surface"]),
    ("senses", &["glossary", "language", "span", "surface"]),
    (
        "serve",
        &[
            "article", "check", "digest", "engine", "finding", "glossary", "language", "mine", "panics", "patterns",
            "span", "style", "wire",
        ],
    ),
    ("span", &[]),
    ("style", &["article"]),
    ("surface", &["language", "span"]),
    ("train", &["analyse", "article", "digest", "language", "models", "names", "rows", "span", "surface"]),
    ("wire", &["article", "check", "engine", "finding", "glossary", "language", "mine", "patterns", "span", "style"]),
    ("write", &["article", "finding", "span"]),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn files(folder: &Path, ending: &str, out: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|e| e.expect("an entry").path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            files(&path, ending, out);
        } else if path.extension().is_some_and(|e| e == ending) {
            out.push(path);
        }
    }
}

fn sources() -> Vec<(String, PathBuf, String)> {
    let mut paths = Vec::new();
    files(&root().join("src"), "rs", &mut paths);
    let room = |path: &Path| {
        let inner = path.strip_prefix(root().join("src")).expect("a source").to_owned();
        let first = inner.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
        first.trim_end_matches(".rs").to_owned()
    };
    paths.into_iter().map(|path| (room(&path), path.clone(), read(&path))).collect()
}

/// What stands before the tests of a file: tests may use what they like.
fn code(text: &str) -> &str {
    text.find("\n#[cfg(test)]").map_or(text, |at| &text[..at])
}

#[test]
fn arrows_point_the_way_the_table_says() {
    let table: BTreeMap<&str, &[&str]> = ROOMS.iter().copied().collect();
    let mut wrong = Vec::new();
    for (room, path, text) in sources() {
        if matches!(room.as_str(), "main" | "lib") {
            continue;
        }
        let allowed = table.get(room.as_str()).unwrap_or_else(|| panic!("the room {room} is not in the table"));
        for (index, line) in code(&text).lines().enumerate() {
            let line = line.split("//").next().unwrap_or("");
            for used in line.match_indices("crate::").map(|(at, found)| &line[at + found.len()..]) {
                let used: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let fine = used == room || allowed.contains(&used.as_str());
                if !fine {
                    wrong.push(format!("{}:{}: {room} may not use {used}", path.display(), index + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_says_first_what_it_is_for() {
    for (_, path, text) in sources() {
        assert!(
            text.starts_with("//! ") && text.len() > 40,
            "{}: no first line that says what it is for",
            path.display()
        );
    }
}

#[test]
fn the_catalogue_is_in_order_and_complete() {
    let ids: Vec<_> = CATALOGUE.iter().map(|rule| rule.id).collect();
    let mut sorted = ids.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(ids, sorted);
    let changelog = read(&root().join("CHANGELOG.md"));
    for rule in CATALOGUE {
        let file = root().join(format!("tests/rules/{}.md", rule.family()));
        assert!(file.exists(), "{}: {} is missing", rule.id, file.display());
        assert!(read(&file).contains(&format!("## `{}`", rule.id)), "{}: no section in {}", rule.id, file.display());
        assert!(changelog.contains(rule.id), "{}: CHANGELOG.md does not name it", rule.id);
        assert!(rule.summary.ends_with('.') && !rule.layers.is_empty(), "{}", rule.id);
        let id = rule.id.split_once('/').is_some_and(|(family, name)| {
            let plain = |s: &str| !s.is_empty() && s.chars().all(|c| c.is_ascii_lowercase() || c == '-');
            plain(family) && plain(name)
        });
        assert!(id, "{}: an id is family/mistake, in lower case", rule.id);
    }
}

/// `OBELUS_UPDATE=1 cargo test --test house` writes the table anew.
#[test]
fn the_readme_has_the_table_of_rules() {
    let path = root().join("README.md");
    let readme = read(&path);
    let (start, end) = ("<!-- rules -->\n", "<!-- /rules -->");
    let from = readme.find(start).expect("a marker") + start.len();
    let to = readme.find(end).expect("a marker");
    let table = obelus::cli::rules_table();
    if std::env::var_os("OBELUS_UPDATE").is_some() {
        let renewed = format!("{}{table}{}", &readme[..from], &readme[to..]);
        std::fs::write(&path, renewed).expect("the README can be written");
        return;
    }
    assert!(
        readme[from..to].trim() == table.trim(),
        "README.md: the table of rules is old; OBELUS_UPDATE=1 cargo test --test house"
    );
}

#[test]
fn data_files_are_clean() {
    let mut paths = Vec::new();
    files(&root().join("src/language/data"), "tsv", &mut paths);
    assert!(paths.len() > 100);
    for path in paths {
        let text = read(&path);
        let name = path.display();
        assert!(text.ends_with('\n') && !text.contains('\r'), "{name}: lines end with a line feed, the last one too");
        assert!(text.starts_with("# "), "{name}: no first line that says what it is for");
        for (index, line) in text.lines().enumerate() {
            let place = format!("{name}:{}", index + 1);
            assert!(line.trim_end_matches([' ', '\u{a0}']) == line, "{place}: blanks at the end");
            assert!(!line.contains('\u{feff}'), "{place}: a byte order mark");
        }
    }
}

#[test]
fn tables_hold_what_their_readers_expect() {
    for data in LanguageData::all() {
        let check = |table: &str, column: usize, allowed: &[&str]| {
            for (key, row) in data.table(table).iter() {
                let value = row.column(column);
                assert!(
                    allowed.contains(&value),
                    "{}/{table}.tsv: {key}: {value:?} should be one of {allowed:?}",
                    data.tag()
                );
            }
        };
        check("abbreviations", 0, &["before-name", "before-number", "inner", "maybe"]);
        check("calendar", 0, &["month", "weekday"]);
        check("calendar", 2, &["yes", "no"]);
        check("doubled", 0, &["flag", "allow"]);
        check("punctuation", 0, &["own", "stop", "foreign"]);
        check("punctuation", 1, &["closed", "no-break", "narrow", "free", ""]);
        check("punctuation", 2, &["spaced", "closed", "no-break", "free", ""]);
        check("gender-endings", 0, &["m", "f"]);
        check("question-words", 0, &["question", "before"]);
        check("date-cues", 0, &["before", "between", "after"]);
        check("calendar-numbers", 0, &["month", "weekday"]);
        check("clock", 0, &["before", "after", "half"]);
        check("quantity-words", 0, &["magnitude", "percent", "unit", "currency", "count", "part", "opens"]);
        check(
            "number-words",
            0,
            &["add", "times", "scale", "glued", "half", "aside", "and", "percent", "percent-before", "tenth"],
        );
        check("attribution", 0, &["verb", "source", "pronoun", "passive", "within", "article", "definite"]);
        check("nationalities", 1, &["nation", "language", "faith"]);
        check("nationalities", 2, &["", "noun"]);
        check("acronyms", 2, &["small", "capital"]);
        check("titles", 1, &["title", "always", "part", "before", "joins", "determiner"]);
        check("nation-nouns", 0, &["before", "after", "language"]);
        check("quotation", 0, &["foreign", "inner", "allowed", "nested", "order", "inside", "mark", "bare", "says"]);
        check("count-nouns", 0, &["noun", "verb"]);
        check("count-nouns", 1, &["person", "thing"]);
        check("frames", 0, &["v", "w", "a", "x"]);
        check("proclitics", 0, &["article", "particle"]);
        for (name, row) in data.table("chain").iter() {
            let slot = row.column(0).parse::<u8>().is_ok_and(|slot| (1..u8::MAX).contains(&slot));
            assert!(slot, "{}/chain.tsv: {name}: a slot is a number from 1 on", data.tag());
        }
        for (name, row) in data.table("inflection").iter() {
            let place = format!("{}/inflection.tsv: {name}", data.tag());
            for column in 0..4 {
                let full = row.column(column).split(' ').all(|value| !value.is_empty() && value != "!");
                assert!(full, "{place}: column {} has an empty value; nothing is written as -", column + 2);
            }
            let change = row.column(3);
            let good = |c: &str| c.split_once('>').is_some_and(|(from, _)| !from.is_empty());
            assert!(change == "-" || change.split(' ').all(good), "{place}: a change is written x>y");
        }
        let capital = |row: Row| row.column(0).starts_with(char::is_uppercase);
        let habits: Vec<bool> = data.table("nationalities").iter().map(|(_, row)| capital(row)).collect();
        assert!(habits.windows(2).all(|w| w[0] == w[1]), "{}/nationalities.tsv: some forms have a capital", data.tag());
        for (form, _) in data.table("abbreviations").iter() {
            assert!(form.ends_with('.'), "{}/abbreviations.tsv: {form} has no stop at its end", data.tag());
        }
        assert!(!data.name().is_empty() && data.has("facts"), "{}: no facts.tsv", data.tag());
    }
}
