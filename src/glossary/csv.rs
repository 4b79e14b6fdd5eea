//! Reads the glossary CSV: UTF-8 with or without a byte order mark, RFC 4180 quoting, comma, semicolon or tab, a header line
//! that names the columns in any order. Whatever is wrong is named with file, line and column; nothing is half loaded.

use crate::article::Language;
use crate::finding::EntityKind;
use crate::glossary::{Entry, Status};

/// What is wrong with a glossary file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {}{problem}", self.column_in_words())]
pub struct CsvError {
    /// The file, or whatever the reader was told to call it.
    pub file: String,
    /// Line, from 1.
    pub line: u64,
    /// The column's name, where it is about one.
    pub column: Option<String>,
    /// What stood there and what would be right.
    pub problem: String,
}

impl CsvError {
    fn column_in_words(&self) -> String {
        self.column.as_ref().map_or(String::new(), |c| format!("column {c}: "))
    }
}

/// The columns that mean something; any other is kept and written back.
const COLUMNS: [&str; 11] = [
    "source",
    "target",
    "source_language",
    "target_language",
    "kind",
    "status",
    "admitted",
    "forbidden",
    "case",
    "note",
    "domain",
];

/// Likeness to a column's name from which a strange one is taken for a slip: its forms would be dropped in silence.
const MISSPELT: f64 = 0.92;

/// Reads a glossary; `file` is its name in messages.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn read(bytes: &[u8], file: &str) -> Result<Vec<Entry>, CsvError> {
    let error = |line: u64, column: Option<&str>, problem: String| CsvError {
        file: file.to_owned(),
        line,
        column: column.map(str::to_owned),
        problem,
    };
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let line = 1 + bytes[..e.valid_up_to()].iter().filter(|&&b| b == b'\n').count() as u64;
        error(line, None, "this is not UTF-8; save the file as UTF-8".to_owned())
    })?;
    let header_line = text.lines().next().unwrap_or("");
    let delimiter = [b',', b';', b'\t']
        .into_iter()
        .max_by_key(|&d| (header_line.bytes().filter(|&b| b == d).count(), d == b','))
        .unwrap_or(b',');
    let mut reader = ::csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|e| error(1, None, e.to_string()))?.clone();
    let names: Vec<String> = header.iter().map(|h| h.trim().to_lowercase()).collect();
    for wanted in ["source", "target"] {
        match names.iter().filter(|n| *n == wanted).count() {
            1 => {}
            0 if wanted == "source" && names.iter().any(|n| n == "target") => {}
            0 => {
                let found =
                    if header_line.is_empty() { "nothing".to_owned() } else { format!("{:?}", short(header_line)) };
                let wanted = format!(
                    "the header has no column {wanted:?}; it should be a line such as source,target,kind and is {found}"
                );
                return Err(error(1, None, wanted));
            }
            _ => {
                return Err(error(1, Some(wanted), "the column stands in the header twice".to_owned()));
            }
        }
    }
    for name in names.iter().filter(|name| !COLUMNS.contains(&name.as_str())) {
        let meant = COLUMNS.iter().find(|column| strsim::jaro_winkler(column, name) >= MISSPELT);
        if let Some(meant) = meant {
            return Err(error(1, Some(name), format!("this looks like {meant:?} misspelt; call it so, or otherwise")));
        }
    }
    let mut entries = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| error(e.position().map_or(0, ::csv::Position::line), None, e.to_string()))?;
        let line = record.position().map_or(0, ::csv::Position::line);
        if record.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        if record.len() != names.len() {
            let problem = format!(
                "{} fields where the header has {}; a field that holds a {} needs quotation marks around it",
                record.len(),
                names.len(),
                match delimiter {
                    b';' => "semicolon",
                    b'\t' => "tab",
                    _ => "comma",
                }
            );
            return Err(error(line, None, problem));
        }
        let mut entry = Entry::default();
        for (name, field) in names.iter().zip(&record) {
            let field = field.trim();
            set(&mut entry, name, field).map_err(|problem| error(line, Some(name), problem))?;
        }
        entry.validate().map_err(|e| error(line, None, e.to_string()))?;
        entries.push(entry);
    }
    Ok(entries)
}

/// Sets one column of an entry, or says what would be right.
fn set(entry: &mut Entry, name: &str, field: &str) -> Result<(), String> {
    let list = || field.split('|').map(|f| f.trim().to_owned()).filter(|f| !f.is_empty()).collect();
    match name {
        "source" => entry.source = field.to_owned(),
        "target" => entry.target = field.to_owned(),
        "source_language" => entry.source_language = language(field)?,
        "target_language" => entry.target_language = language(field)?,
        "kind" => match field {
            "do-not-translate" => entry.do_not_translate = true,
            "" => {}
            kind => entry.kind = Some(kind_of(kind)?),
        },
        "status" => match field {
            // Some lists put it here, which says what is meant just as well.
            "do-not-translate" => entry.do_not_translate = true,
            status => entry.status = status_of(status)?,
        },
        "admitted" => entry.admitted = list(),
        "forbidden" => entry.forbidden = list(),
        "case" => entry.case_sensitive = case_of(field)?,
        "note" => entry.note = field.to_owned(),
        "domain" => entry.domain = field.to_owned(),
        other => {
            debug_assert!(!COLUMNS.contains(&other), "a column without a meaning: {other}");
            entry.extra.push((other.to_owned(), field.to_owned()));
        }
    }
    Ok(())
}

fn language(field: &str) -> Result<Option<Language>, String> {
    if field.is_empty() {
        return Ok(None);
    }
    let language = Language::parse(field).map_err(|e| e.to_string())?;
    crate::language::known(language).map(Some).map_err(|e| e.to_string())
}

fn kind_of(field: &str) -> Result<EntityKind, String> {
    Ok(match field {
        "person" => EntityKind::Person,
        "place" => EntityKind::Place,
        "organization" | "organisation" => EntityKind::Organization,
        "product" => EntityKind::Product,
        "work" => EntityKind::Work,
        "term" => EntityKind::Term,
        other => {
            let right = "person, place, organization, product, work, term or do-not-translate";
            return Err(format!("{:?} is no kind; it should be {right}", short(other)));
        }
    })
}

fn status_of(field: &str) -> Result<Status, String> {
    Ok(match field {
        "" | "preferred" => Status::Preferred,
        "admitted" => Status::Admitted,
        "deprecated" => Status::Deprecated,
        "forbidden" => Status::Forbidden,
        other => {
            let right = "preferred, admitted, deprecated or forbidden";
            return Err(format!("{:?} is no status; it should be {right}", short(other)));
        }
    })
}

fn case_of(field: &str) -> Result<bool, String> {
    match field {
        "" | "insensitive" => Ok(false),
        "sensitive" => Ok(true),
        other => Err(format!("{:?} should be sensitive or insensitive", short(other))),
    }
}

fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(csv: &str) -> String {
        read(csv.as_bytes(), "g.csv").expect_err(csv).to_string()
    }

    #[test]
    fn reads_any_order_any_delimiter_and_keeps_strange_columns() {
        let csv = "\u{feff}target;source;forbidden;owner\r\n\"Al; Zahra\";Эз-Захра;Al-Zagra|Zagra;desk\r\n";
        let entries = read(csv.as_bytes(), "g.csv").expect("a good file");
        assert_eq!(entries[0].target, "Al; Zahra");
        assert_eq!(entries[0].forbidden, ["Al-Zagra", "Zagra"]);
        assert_eq!(entries[0].extra, [("owner".to_owned(), "desk".to_owned())]);
    }

    #[test]
    fn a_list_for_the_target_alone_needs_no_source() {
        assert_eq!(read(b"target,forbidden\nceasefire,cease-fire\n", "g.csv").map(|e| e.len()), Ok(1));
    }

    #[test]
    fn says_where_and_what_would_be_right() {
        assert!(problem("source,kind\na,term\n").starts_with("g.csv:1: the header has no column \"target\""));
        let kind = problem("source,target,kind\na,b,term\nc,d,persn\n");
        assert_eq!(
            kind,
            "g.csv:3: column kind: \"persn\" is no kind; it should be person, place, organization, product, work, term or do-not-translate"
        );
        assert!(problem("source,target\na,b,c\n").contains("3 fields where the header has 2"));
        assert!(problem("source,target,target_language\na,b,english\n").contains("column target_language"));
        assert!(problem("source,target,forbiden\na,b,c\n").contains("looks like \"forbidden\" misspelt"));
        assert!(problem("source,target,forbidden\na,b,b\n").contains("both wanted and forbidden"));
        assert!(problem("source,target\na,\n").contains("target form is empty"));
        assert!(problem("source,target\na,…\n").contains("no letter"));
        let bad = read(b"source,target\na,\xff\n", "g.csv").expect_err("not UTF-8");
        assert_eq!(bad.line, 2);
    }
}
