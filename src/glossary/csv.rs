//! Reads and writes the glossary CSV: UTF-8 with or without a byte order mark, RFC 4180 quoting, comma, semicolon or tab, a
//! header line that names the columns in any order. Whatever is wrong is named with file, line and column; nothing is half
//! loaded. A column that is not ours is kept, and written back.

use crate::article::Language;
use crate::finding::EntityKind;
use crate::glossary::formats::{FileError, Format, Lines, Loaded, Tally, WriteError, Written, short};
use crate::glossary::{Entry, Status, tables};

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

/// The most columns that are read, and the most that are not ours and are written.
const MAX_COLUMNS: usize = 256;

/// Likeness to a column's name from which a strange one is taken for a slip: its forms would be dropped in silence.
const MISSPELT: f64 = 0.92;

/// Whether a header cell is one of our columns, or one misspelt.
pub(super) fn is_like_column(cell: &str) -> bool {
    let cell = cell.trim().to_lowercase();
    COLUMNS.iter().any(|column| strsim::jaro_winkler(column, &cell) >= MISSPELT)
}

/// Reads a glossary; `file` is its name in messages.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn read(bytes: &[u8], file: &str) -> Result<Vec<Entry>, FileError> {
    let format = Some(super::formats::Wanted::Format(Format::Csv));
    super::formats::read_glossary(std::path::Path::new(file), bytes, format).map(|loaded| loaded.entries)
}

/// Reads a glossary that is known to be UTF-8.
pub(super) fn read_text(text: &str, file: &str) -> Result<Loaded, FileError> {
    let error = |line: u64, column: Option<&str>, problem: String| FileError::at(file, line, column, problem);
    let header_line = text.lines().next().unwrap_or("");
    let delimiter = [b',', b';', b'\t']
        .into_iter()
        .max_by_key(|&d| (header_line.bytes().filter(|&b| b == d).count(), d == b','))
        .unwrap_or(b',');
    let mut reader = ::csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|e| error(1, None, e.to_string()))?.clone();
    let names: Vec<String> = header
        .iter()
        .map(|h| h.trim())
        .map(|h| Some(h.to_lowercase()).filter(|l| COLUMNS.contains(&l.as_str())).unwrap_or_else(|| h.to_owned()))
        .collect();
    if names.len() > MAX_COLUMNS {
        return Err(error(1, None, format!("{} columns; {MAX_COLUMNS} is the most", names.len())));
    }
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
        let meant = COLUMNS.iter().find(|column| strsim::jaro_winkler(column, &name.to_lowercase()) >= MISSPELT);
        if let Some(meant) = meant {
            return Err(error(1, Some(name), format!("this looks like {meant:?} misspelt; call it so, or otherwise")));
        }
    }
    let mut lines = Lines::of(text);
    let mut loaded = Loaded { format: Format::Csv, entries: Vec::new(), lines: Vec::new() };
    for record in reader.records() {
        let record = record.map_err(|e| error(e.position().map_or(0, ::csv::Position::line), None, e.to_string()))?;
        let line = lines.of_record(&record);
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
        loaded.entries.push(entry);
        loaded.lines.push(line);
    }
    Ok(loaded)
}

/// Writes entries: the columns that something stands in, ours first.
pub(super) fn write(entries: &[Entry]) -> Result<Written, WriteError> {
    let mut tally = Tally::default();
    let rows: Vec<Vec<String>> = entries.iter().map(|entry| row(entry, &mut tally)).collect();
    let used =
        |column: usize| column < 2 || rows.iter().any(|row| row.get(column).is_some_and(|cell| !cell.is_empty()));
    let ours: Vec<usize> = (0..COLUMNS.len()).filter(|&column| used(column)).collect();
    let mut extra: Vec<&str> = Vec::new();
    let mut known = rustc_hash::FxHashSet::default();
    for (name, _) in entries.iter().flat_map(|e| &e.extra).filter(|(_, value)| !value.is_empty()) {
        if known.insert(name.as_str()) && extra.len() < MAX_COLUMNS {
            extra.push(name);
        }
    }
    tally.add(known.len() - extra.len(), ("column", "columns"));
    let mut writer = tables::writer();
    let fault = |e: ::csv::Error| WriteError::Csv(e.to_string());
    let header: Vec<&str> = ours.iter().filter_map(|&c| COLUMNS.get(c).copied()).chain(extra.iter().copied()).collect();
    writer.write_record(&header).map_err(fault)?;
    for (entry, row) in entries.iter().zip(&rows) {
        let of = |name: &str| entry.extra.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.as_str());
        let cells =
            ours.iter().map(|&c| row.get(c).map_or("", String::as_str)).chain(extra.iter().map(|name| of(name)));
        writer.write_record(cells).map_err(fault)?;
    }
    Ok(Written { text: tables::finish(writer)?, entries: entries.len(), left_out: tally.finish() })
}

/// An entry by our columns, in their order.
fn row(entry: &Entry, tally: &mut Tally) -> Vec<String> {
    let tag = |l: &Option<Language>| l.as_ref().map_or(String::new(), |l| l.tag().to_owned());
    let mut list = |forms: &[String]| {
        let whole: Vec<&str> = forms.iter().map(String::as_str).filter(|form| !form.contains('|')).collect();
        tally.add(forms.len() - whole.len(), ("form with a |", "forms with a |"));
        whole.join("|")
    };
    let (admitted, forbidden) = (list(&entry.admitted), list(&entry.forbidden));
    let kind = entry.kind.map_or("", EntityKind::name);
    // What stays as it is says so in the column of kinds or, where that says more, in that of statuses.
    let (kind, status) = match (entry.do_not_translate, entry.status) {
        (true, Status::Preferred) if !kind.is_empty() => (kind, "do-not-translate"),
        (true, status) => {
            tally.add(usize::from(!kind.is_empty()), ("kind", "kinds"));
            ("do-not-translate", status.name_unless_preferred())
        }
        (false, status) => (kind, status.name_unless_preferred()),
    };
    vec![
        entry.source.clone(),
        entry.target.clone(),
        tag(&entry.source_language),
        tag(&entry.target_language),
        kind.to_owned(),
        status.to_owned(),
        admitted,
        forbidden,
        if entry.case_sensitive { "sensitive".to_owned() } else { String::new() },
        entry.note.clone(),
        entry.domain.clone(),
    ]
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
            entry.keep(other, field);
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

pub(super) fn kind_of(field: &str) -> Result<EntityKind, String> {
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

pub(super) fn case_of(field: &str) -> Result<bool, String> {
    match field {
        "" | "insensitive" => Ok(false),
        "sensitive" => Ok(true),
        other => Err(format!("{:?} should be sensitive or insensitive", short(other))),
    }
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
