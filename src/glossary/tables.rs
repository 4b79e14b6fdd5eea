//! The tables that translation services take: DeepL's, Google's and Amazon's.
//!
//! Those without a header hold source and target, and no language unless the rows do. Those with a header have one language a
//! column; Google's may also have `pos` and `description`.

use rustc_hash::FxHashMap;

use crate::article::Language;
use crate::glossary::concepts::{MAX_LANGUAGES, Record, Term, Terms};
use crate::glossary::formats::{
    Direction, FileError, Format, LeftOut, Lines, Loaded, Tally, WriteError, Written, short, tag_of,
};
use crate::glossary::{Entry, Status};

/// What Google calls the part of speech, and what we keep it under, as TBX calls it.
const POS: (&str, &str) = ("pos", "partOfSpeech");
/// Google's column for people.
const DESCRIPTION: &str = "description";

/// A language that a header cell may name.
pub(super) fn language_of_header(cell: &str) -> Option<Language> {
    let language = Language::parse(cell.trim()).ok()?;
    crate::language::known(language).ok()
}

/// Whether a first line is a header of languages: two of them or more, and nothing else but `pos` and `description`.
pub(super) fn is_header_of_languages(cells: &[String]) -> bool {
    // `pos` is the code of a language too, of one that has few glossaries.
    let named = |cell: &&String| [POS.0, DESCRIPTION].contains(&cell.trim().to_lowercase().as_str());
    let languages: Vec<&String> = cells.iter().filter(|cell| !named(cell)).collect();
    languages.len() >= 2 && languages.iter().all(|cell| language_of_header(cell).is_some())
}

/// The cells of one line of comma-separated values.
pub(super) fn cells_of_line(line: &str) -> Vec<String> {
    let mut reader = reader(line, b',');
    let first = reader.records().next().and_then(Result::ok);
    first.map_or_else(Vec::new, |record| record.iter().map(|cell| cell.trim().to_owned()).collect())
}

fn reader(text: &str, delimiter: u8) -> ::csv::Reader<&[u8]> {
    let mut builder = ::csv::ReaderBuilder::new();
    // In the services' TSV a quotation mark is a letter like any other.
    builder.delimiter(delimiter).flexible(true).has_headers(false).quoting(delimiter != b'\t');
    builder.from_reader(text.as_bytes())
}

/// The rows that have something in them, with their lines.
fn rows(text: &str, file: &str, delimiter: u8) -> Result<Vec<(u64, Vec<String>)>, FileError> {
    let (mut rows, mut lines) = (Vec::new(), Lines::of(text));
    for record in reader(text, delimiter).records() {
        let record = record
            .map_err(|e| FileError::at(file, e.position().map_or(0, ::csv::Position::line), None, e.to_string()))?;
        let line = lines.of_record(&record);
        if record.iter().any(|cell| !cell.trim().is_empty()) {
            rows.push((line, record.iter().map(|cell| cell.trim().to_owned()).collect()));
        }
    }
    Ok(rows)
}

/// DeepL's CSV: source, target, and at most their languages.
pub(super) fn read_deepl_csv(text: &str, file: &str) -> Result<Loaded, FileError> {
    let rows = rows(text, file, b',')?;
    let mut loaded = Loaded { format: Format::DeeplCsv, entries: Vec::new(), lines: Vec::new() };
    for (line, cells) in rows {
        let mut entry = match cells.as_slice() {
            [source, target] | [source, target, _, _] => {
                Entry { source: source.clone(), target: target.clone(), ..Entry::default() }
            }
            other => {
                let problem = format!(
                    "{} fields where source,target or source,target,source_lang,target_lang should stand; a field that holds a \
                     comma needs quotation marks around it",
                    other.len()
                );
                return Err(FileError::at(file, line, None, problem));
            }
        };
        if let [_, _, from, to] = cells.as_slice() {
            let language = |tag: &str, column: &str| {
                tag_in_words(tag).map_err(|problem| FileError::at(file, line, Some(column), problem))
            };
            entry.source_language = language(from, "3")?;
            entry.target_language = language(to, "4")?;
        }
        push(&mut loaded, entry, file, line)?;
    }
    Ok(loaded)
}

fn tag_in_words(tag: &str) -> Result<Option<Language>, String> {
    if tag.is_empty() {
        return Ok(None);
    }
    let language = Language::parse(tag).map_err(|e| e.to_string())?;
    crate::language::known(language).map(Some).map_err(|e| e.to_string())
}

fn push(loaded: &mut Loaded, entry: Entry, file: &str, line: u64) -> Result<(), FileError> {
    if entry.source.is_empty() {
        let problem = "the source form is empty; it should be the form that is translated".to_owned();
        return Err(FileError::at(file, line, Some("1"), problem));
    }
    entry.validate().map_err(|e| FileError::at(file, line, None, e.to_string()))?;
    loaded.entries.push(entry);
    loaded.lines.push(line);
    Ok(())
}

/// The TSV of DeepL and Google: source and target. A first line of two languages is taken for a header.
pub(super) fn read_tsv(text: &str, file: &str, format: Format, direction: &Direction) -> Result<Loaded, FileError> {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
    let cells: Vec<String> = first.split('\t').map(str::to_owned).collect();
    if format == Format::GoogleTsv && is_header_of_languages(&cells) {
        return read_headed(text, file, format, b'\t', direction);
    }
    let mut loaded = Loaded { format, entries: Vec::new(), lines: Vec::new() };
    for (line, cells) in rows(text, file, b'\t')? {
        let [source, target] = cells.as_slice() else {
            let problem = format!("{} fields where a source form, one tab and a target form should stand", cells.len());
            return Err(FileError::at(file, line, None, problem));
        };
        let entry = Entry { source: source.clone(), target: target.clone(), ..Entry::default() };
        push(&mut loaded, entry, file, line)?;
    }
    Ok(loaded)
}

/// A column of a table with a header.
enum Column {
    Language(Language),
    Pos,
    Description,
}

/// A table whose header names languages.
pub(super) fn read_headed(
    text: &str,
    file: &str,
    format: Format,
    delimiter: u8,
    direction: &Direction,
) -> Result<Loaded, FileError> {
    let mut rows = rows(text, file, delimiter)?.into_iter();
    let Some((line, header)) = rows.next() else {
        let problem = "the file is empty; it should begin with a header of languages such as en,ru".to_owned();
        return Err(FileError::at(file, 1, None, problem));
    };
    let mut columns: Vec<Column> = Vec::with_capacity(header.len());
    for (index, cell) in header.iter().enumerate() {
        let at = |problem: String| FileError::at(file, line, Some(&(index + 1).to_string()), problem);
        let column =
            match cell.to_lowercase().as_str() {
                "pos" if format != Format::AwsCsv => Column::Pos,
                "description" if format != Format::AwsCsv => Column::Description,
                _ => Column::Language(language_of_header(cell).ok_or_else(|| {
                    at(format!("{:?} is no language; the header should be such as en,ru", short(cell)))
                })?),
            };
        if let Column::Language(language) = &column
            && columns.iter().any(|c| matches!(c, Column::Language(other) if other == language))
        {
            return Err(at(format!("{language} stands in the header twice")));
        }
        if columns.len() >= MAX_LANGUAGES {
            return Err(at(format!("{} columns; {MAX_LANGUAGES} is the most", header.len())));
        }
        columns.push(column);
    }
    let languages = columns.iter().filter(|c| matches!(c, Column::Language(_))).count();
    if languages < 2 {
        let problem = "the header names one language; it should name two or more, such as en,ru".to_owned();
        return Err(FileError::at(file, line, None, problem));
    }
    let mut loaded = Loaded { format, entries: Vec::new(), lines: Vec::new() };
    for (line, cells) in rows {
        if cells.len() != columns.len() {
            let problem = format!(
                "{} fields where the header has {}; a field that holds a comma needs quotation marks around it",
                cells.len(),
                columns.len()
            );
            return Err(FileError::at(file, line, None, problem));
        }
        let mut record = Record::default();
        for (column, cell) in columns.iter().zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            match column {
                Column::Language(language) => record.languages.push(Terms {
                    language: Some(language.clone()),
                    terms: vec![Term { text: cell, ..Term::default() }],
                }),
                Column::Pos => record.common.keep(POS.1, &cell),
                Column::Description => record.common.note = cell,
            }
        }
        let before = loaded.entries.len();
        record.entries(direction, &mut loaded.entries).map_err(|e| FileError::at(file, line, None, e.to_string()))?;
        loaded.lines.extend(std::iter::repeat_n(line, loaded.entries.len() - before));
    }
    Ok(loaded)
}

const NO_SOURCE: (&str, &str) = ("entry without a source form", "entries without a source form");
const UNWANTED: (&str, &str) = ("entry whose target is not to be used", "entries whose target is not to be used");
const SECOND: (&str, &str) = ("second translation of one source form", "second translations of one source form");
/// Where languages are columns or sections, source and target of one language cannot be told apart.
pub(super) const ONE_LANGUAGE: (&str, &str) =
    ("entry from a language into itself", "entries from a language into itself");
const BROKEN: (&str, &str) = ("entry with a tab or a line end", "entries with a tab or a line end");

/// Whether the services' tables hold an entry, and what they lose of it; `None` where they do not hold it at all.
fn held<'e>(entry: &'e Entry, format: Format, tally: &mut Tally) -> Option<&'e Entry> {
    let headed = matches!(format, Format::GoogleCsv | Format::AwsCsv);
    let broken = |text: &str| text.contains(['\t', '\n', '\r']);
    if entry.source.is_empty() {
        tally.add(1, NO_SOURCE);
        return None;
    }
    if matches!(entry.status, Status::Deprecated | Status::Forbidden) {
        tally.add(1, UNWANTED);
        return None;
    }
    if headed && entry.source_language.is_some() && entry.source_language == entry.target_language {
        tally.add(1, ONE_LANGUAGE);
        return None;
    }
    if matches!(format, Format::DeeplTsv | Format::GoogleTsv) && (broken(&entry.source) || broken(&entry.target)) {
        tally.add(1, BROKEN);
        return None;
    }
    tally.add(entry.forbidden.len(), ("forbidden form", "forbidden forms"));
    tally.add(entry.admitted.len(), ("admitted form", "admitted forms"));
    tally.add(usize::from(entry.status == Status::Admitted), ("status", "statuses"));
    tally.add(usize::from(entry.kind.is_some()), ("kind", "kinds"));
    tally.add(usize::from(entry.do_not_translate), ("“do not translate”", "“do not translate”"));
    tally.add(usize::from(entry.case_sensitive), ("“case matters”", "“case matters”"));
    tally.add(usize::from(!entry.domain.is_empty()), ("domain", "domains"));
    let google = format == Format::GoogleCsv;
    tally.add(usize::from(!entry.note.is_empty() && !google), ("note", "notes"));
    let kept = |name: &str| google && name == POS.1;
    let extra = entry.extra.iter().filter(|(name, value)| !(value.is_empty() || kept(name))).count();
    tally.add(extra, ("field of other columns", "fields of other columns"));
    if !headed && format != Format::DeeplCsv {
        let languages = usize::from(entry.source_language.is_some()) + usize::from(entry.target_language.is_some());
        tally.add(languages, ("language", "languages"));
    }
    Some(entry)
}

/// What a source form is compared by: a service refuses a second row of it.
type Key<'e> = (&'e str, &'e str, &'e str);

fn key(entry: &Entry) -> Key<'_> {
    (tag_of(entry.source_language.as_ref()), tag_of(entry.target_language.as_ref()), &entry.source)
}

/// Entries that the format holds, one a source form, and what is left out.
fn chosen(entries: &[Entry], format: Format) -> (Vec<(usize, &Entry)>, Vec<LeftOut>) {
    let mut tally = Tally::default();
    let mut seen = rustc_hash::FxHashSet::default();
    let mut chosen = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        let Some(entry) = held(entry, format, &mut tally) else { continue };
        if seen.insert(key(entry)) {
            chosen.push((index, entry));
        } else {
            tally.add(1, SECOND);
        }
    }
    (chosen, tally.finish())
}

/// DeepL's tables and Google's TSV.
pub(super) fn write_plain(entries: &[Entry], format: Format) -> Result<Written, WriteError> {
    let (chosen, left_out) = chosen(entries, format);
    let tag = |l: &Option<Language>| l.as_ref().map_or(String::new(), |l| l.tag().to_owned());
    let mut pairs: Vec<(String, String)> =
        chosen.iter().map(|(_, e)| (tag(&e.source_language), tag(&e.target_language))).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let named = pairs.iter().any(|(from, to)| !from.is_empty() || !to.is_empty());
    if pairs.len() > 1 && format != Format::DeeplCsv {
        let any = |tag: &String| if tag.is_empty() { "any".to_owned() } else { tag.clone() };
        let pairs =
            pairs.iter().map(|(from, to)| format!("{} → {}", any(from), any(to))).collect::<Vec<_>>().join(", ");
        return Err(WriteError::Pairs { format, pairs });
    }
    let mut text = String::new();
    if format == Format::DeeplCsv {
        let mut writer = writer();
        for (_, entry) in &chosen {
            let mut row = vec![entry.source.clone(), entry.target.clone()];
            if named {
                row.extend([tag(&entry.source_language), tag(&entry.target_language)]);
            }
            writer.write_record(&row).map_err(|e| WriteError::Csv(e.to_string()))?;
        }
        text = finish(writer)?;
    } else {
        for (_, entry) in &chosen {
            text.push_str(&format!("{}\t{}\n", entry.source, entry.target));
        }
    }
    Ok(Written { text, entries: chosen.len(), left_out })
}

/// A table whose header names languages: the rows of one source form are one row.
pub(super) fn write_headed(entries: &[Entry], format: Format) -> Result<Written, WriteError> {
    let (chosen, left_out) = chosen(entries, format);
    let mut languages: Vec<&Language> = Vec::new();
    for (index, entry) in &chosen {
        let missing = |side| WriteError::NoLanguage { format, side, entry: index + 1 };
        let from = entry.source_language.as_ref().ok_or_else(|| missing("source"))?;
        let to = entry.target_language.as_ref().ok_or_else(|| missing("target"))?;
        match languages.first() {
            None => languages.push(from),
            Some(&first) if first != from => {
                let languages = format!("{first} and {from}");
                return Err(WriteError::Sources { format, languages });
            }
            Some(_) => {}
        }
        if !languages.contains(&to) {
            languages.push(to);
        }
    }
    let google = format == Format::GoogleCsv;
    let with_pos =
        google && chosen.iter().any(|(_, e)| e.extra.iter().any(|(name, value)| name == POS.1 && !value.is_empty()));
    let with_notes = google && chosen.iter().any(|(_, e)| !e.note.is_empty());
    let mut rows: Vec<(&Entry, Vec<&str>)> = Vec::new();
    let mut by_source: FxHashMap<(&str, &str, &str), usize> = FxHashMap::default();
    for (_, entry) in &chosen {
        let place = languages.iter().position(|l| Some(*l) == entry.target_language.as_ref());
        let pos = entry.extra.iter().find(|(name, _)| name == POS.1).map_or("", |(_, value)| value.as_str());
        let row = *by_source.entry((&entry.source, &entry.note, pos)).or_insert(rows.len());
        if row == rows.len() {
            rows.push((entry, vec![""; languages.len()]));
        }
        if let Some(cell) = rows.get_mut(row).and_then(|(_, cells)| cells.get_mut(place.unwrap_or(0))) {
            *cell = &entry.target;
        }
    }
    let mut writer = writer();
    let mut header: Vec<&str> = languages.iter().map(|l| l.tag()).collect();
    header.extend(with_pos.then_some(POS.0));
    header.extend(with_notes.then_some(DESCRIPTION));
    let fault = |e: ::csv::Error| WriteError::Csv(e.to_string());
    if !rows.is_empty() {
        writer.write_record(&header).map_err(fault)?;
    }
    for (entry, mut cells) in rows {
        if let Some(first) = cells.first_mut() {
            *first = &entry.source;
        }
        if with_pos {
            cells.push(entry.extra.iter().find(|(name, _)| name == POS.1).map_or("", |(_, value)| value.as_str()));
        }
        if with_notes {
            cells.push(&entry.note);
        }
        writer.write_record(&cells).map_err(fault)?;
    }
    Ok(Written { text: finish(writer)?, entries: chosen.len(), left_out })
}

/// A writer whose lines end as ours do.
pub(super) fn writer() -> ::csv::Writer<Vec<u8>> {
    ::csv::WriterBuilder::new().terminator(::csv::Terminator::Any(b'\n')).from_writer(Vec::new())
}

/// What a writer has written.
pub(super) fn finish(writer: ::csv::Writer<Vec<u8>>) -> Result<String, WriteError> {
    let bytes = writer.into_inner().map_err(|e| WriteError::Csv(e.to_string()))?;
    String::from_utf8(bytes).map_err(|e| WriteError::Csv(e.to_string()))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::glossary::formats::{read_directed, read_glossary, write_glossary};

    fn read(text: &str, format: &str) -> Result<Loaded, FileError> {
        let wanted = Some(format.parse().expect(format));
        read_directed(Path::new("g"), text.as_bytes(), wanted, &Direction::default())
    }

    fn problem(text: &str, format: &str) -> String {
        read(text, format).expect_err(text).to_string()
    }

    #[test]
    fn reads_what_the_services_take() {
        let loaded = read("перемирие\t\"ceasefire\"\n\nмир\tpeace\r\n", "deepl-tsv").expect("good");
        assert_eq!((loaded.entries[0].target.as_str(), loaded.lines.as_slice()), ("\"ceasefire\"", &[1, 3][..]));
        let loaded = read("\"мир, да\",peace,ru,en-GB\nсон,dream,,\n", "deepl-csv").expect("good");
        assert_eq!(loaded.entries[0].target_language.as_ref().map(Language::tag), Some("en-GB"));
        assert_eq!(loaded.entries[1].source_language, None);
        let loaded = read("en,ru,de,pos,description\npeace,мир,Frieden,noun,no war\n,сон,Traum,,\n", "google-csv");
        let entries = loaded.expect("good").entries;
        assert_eq!(entries.iter().map(|e| e.target.as_str()).collect::<Vec<_>>(), ["мир", "Frieden", "Traum"]);
        assert_eq!((entries[0].note.as_str(), entries[2].source.as_str()), ("no war", "сон"));
        assert_eq!(entries[0].extra, [("partOfSpeech".to_owned(), "noun".to_owned())]);
        let both = read_glossary(Path::new("g.csv"), b"en,ru\npeace,\xd0\xbc\xd0\xb8\xd1\x80\n", None).expect("good");
        assert_eq!(both.entries.len(), 2);
    }

    #[test]
    fn says_where_and_what_would_be_right() {
        assert_eq!(
            problem("a\tb\tc\n", "deepl-tsv"),
            "g:1: 3 fields where a source form, one tab and a target form should stand"
        );
        assert!(problem("a,b\na,b,c\n", "deepl-csv").starts_with("g:2: 3 fields where source,target or"));
        assert!(problem("a,b,ru,english\n", "deepl-csv").starts_with("g:1: column 4: \"english\""));
        assert!(problem("a\t\n", "google-tsv").contains("the target form is empty"));
        assert!(problem("\tb\n", "google-tsv").starts_with("g:1: column 1: the source form is empty"));
        assert!(problem("en,words\n", "aws-csv").starts_with("g:1: column 2: \"words\" is no language"));
        assert!(problem("en,ru,description\n", "aws-csv").contains("\"description\" is no language"));
        assert!(problem("en,EN\n", "google-csv").contains("en stands in the header twice"));
        assert!(problem("en\na\n", "google-csv").contains("one language"));
        assert!(problem("en,ru\na\n", "google-csv").starts_with("g:2: 1 fields where the header has 2"));
        assert!(problem("", "google-csv").contains("the file is empty"));
    }

    #[test]
    fn tells_what_has_no_place() {
        let language = |tag| Some(Language::parse(tag).expect(tag));
        let entry = Entry {
            source: "мир".into(),
            target: "peace".into(),
            forbidden: vec!["piece".into(), "pace".into()],
            source_language: language("ru"),
            target_language: language("en"),
            ..Entry::default()
        };
        let second = Entry { target: "world".into(), forbidden: Vec::new(), ..entry.clone() };
        let written = write_glossary(&[entry.clone(), second], Format::AwsCsv).expect("fits");
        assert_eq!(written.text, "ru,en\nмир,peace\n");
        let left: Vec<String> = written.left_out.iter().map(ToString::to_string).collect();
        assert_eq!(left, ["2 forbidden forms", "1 second translation of one source form"]);
        let other = Entry { target_language: language("de"), ..entry.clone() };
        let error = write_glossary(&[entry.clone(), other], Format::DeeplTsv).expect_err("two pairs").to_string();
        assert!(error.contains("ru → de, ru → en"), "{error}");
        let none = Entry { source_language: None, ..entry };
        assert!(write_glossary(&[none], Format::GoogleCsv).is_err());
    }
}
