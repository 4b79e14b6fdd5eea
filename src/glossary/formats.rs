//! The formats that glossaries are read from and written to, how one is told from another, and what is wrong with a file.

use std::fmt;
use std::path::Path;

use crate::article::Language;
use crate::glossary::{Entry, csv, tables, tbx};

/// A format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Our own: a header that names the columns.
    Csv,
    /// DeepL: source, target, and at most their languages behind them; no header.
    DeeplCsv,
    /// DeepL: source and target; no header.
    DeeplTsv,
    /// Google Cloud Translation: a header of language tags, `pos`, `description`.
    GoogleCsv,
    /// Google Cloud Translation, one direction: source and target; no header.
    GoogleTsv,
    /// Amazon Translate: a header of language tags, the first of which is the source.
    AwsCsv,
    /// TBX, ISO 30042:2008.
    Tbx2008,
    /// TBX, ISO 30042:2019.
    Tbx2019,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 8] = [
        Self::Csv,
        Self::DeeplCsv,
        Self::DeeplTsv,
        Self::GoogleCsv,
        Self::GoogleTsv,
        Self::AwsCsv,
        Self::Tbx2008,
        Self::Tbx2019,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::DeeplCsv => "deepl-csv",
            Self::DeeplTsv => "deepl-tsv",
            Self::GoogleCsv => "google-csv",
            Self::GoogleTsv => "google-tsv",
            Self::AwsCsv => "aws-csv",
            Self::Tbx2008 => "tbx-2008",
            Self::Tbx2019 => "tbx-2019",
        }
    }

    /// The format that a file's name asks for when it is written: TBX of 2019 for `.tbx`, DeepL's for `.tsv`, else ours.
    pub fn of_name(path: &Path) -> Self {
        let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
        match ending.as_str() {
            "tbx" | "xml" => Self::Tbx2019,
            "tsv" => Self::DeeplTsv,
            _ => Self::Csv,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a caller says of a file to read; `tbx` is TBX of either year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// This format.
    Format(Format),
    /// TBX, whichever.
    Tbx,
}

impl std::str::FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let names = Self::ALL.map(Self::name).join(", ");
        Self::ALL
            .into_iter()
            .find(|format| format.name() == name)
            .ok_or_else(|| format!("{:?} is no format; it should be {names}", short(name)))
    }
}

impl std::str::FromStr for Wanted {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        if name == "tbx" { Ok(Self::Tbx) } else { name.parse().map(Self::Format) }
    }
}

/// What is wrong with a glossary file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{}{problem}", self.column_in_words())]
pub struct FileError {
    /// The file, or whatever the reader was told to call it.
    pub file: String,
    /// Line, from 1.
    pub line: u64,
    /// The column's name or, where columns have none, its number from 1.
    pub column: Option<String>,
    /// The character in the line, from 1, where the format has no columns.
    pub character: Option<u64>,
    /// What stood there and what would be right.
    pub problem: String,
}

impl FileError {
    fn column_in_words(&self) -> String {
        match (&self.column, self.character) {
            (Some(column), _) => format!(" column {column}: "),
            (None, Some(character)) => format!("{character}: "),
            (None, None) => " ".to_owned(),
        }
    }

    /// One about a line.
    pub(super) fn at(file: &str, line: u64, column: Option<&str>, problem: String) -> Self {
        Self { file: file.to_owned(), line, column: column.map(str::to_owned), character: None, problem }
    }
}

/// Which way a glossary is read that has concepts and no direction, as TBX has.
#[derive(Clone, Debug, Default)]
pub struct Direction {
    /// The language to read from; `None`: the first of each concept.
    pub source: Option<Language>,
    /// The language to read to; `None`: all others.
    pub target: Option<Language>,
    /// Also from the others to that language: for checking, where nobody knows yet which way the text was translated.
    pub both_ways: bool,
}

/// A glossary as it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// What it was read as.
    pub format: Format,
    /// Its entries.
    pub entries: Vec<Entry>,
    /// The line of each entry, from 1.
    pub lines: Vec<u64>,
}

/// Reads a glossary for checking: in any format, told by content and name unless one is wanted, and both ways where the format
/// has no direction.
///
/// # Errors
/// The first thing that is wrong with it; nothing is half loaded.
pub fn read_glossary(path: &Path, bytes: &[u8], wanted: Option<Wanted>) -> Result<Loaded, FileError> {
    read_directed(path, bytes, wanted, &Direction { both_ways: true, ..Direction::default() })
}

/// Reads a glossary in one direction, or as it is told.
///
/// # Errors
/// The first thing that is wrong with it; nothing is half loaded.
pub fn read_directed(
    path: &Path,
    bytes: &[u8],
    wanted: Option<Wanted>,
    direction: &Direction,
) -> Result<Loaded, FileError> {
    let file = path.display().to_string();
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(FileError::at(&file, 1, None, "this is UTF-16; save the file as UTF-8".to_owned()));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let line = 1 + bytes.iter().take(e.valid_up_to()).filter(|&&b| b == b'\n').count() as u64;
        FileError::at(&file, line, None, "this is not UTF-8; save the file as UTF-8".to_owned())
    })?;
    let wanted = wanted.unwrap_or_else(|| detect(text));
    let format = match wanted {
        Wanted::Tbx => return tbx::read(text, &file, None, direction),
        Wanted::Format(format) => format,
    };
    match format {
        Format::Csv => csv::read_text(text, &file),
        Format::DeeplCsv => tables::read_deepl_csv(text, &file),
        Format::DeeplTsv | Format::GoogleTsv => tables::read_tsv(text, &file, format, direction),
        Format::GoogleCsv | Format::AwsCsv => tables::read_headed(text, &file, format, b',', direction),
        Format::Tbx2008 | Format::Tbx2019 => tbx::read(text, &file, Some(format), direction),
    }
}

/// Tells the format from the first line that has something in it. What looks like our header, or like nothing, is ours, whose
/// reader says what would be right.
fn detect(text: &str) -> Wanted {
    let line = text.lines().find(|l| !l.trim().is_empty()).unwrap_or("").trim_end();
    if line.trim_start().starts_with('<') {
        return Wanted::Tbx;
    }
    let tabs = line.contains('\t');
    let cells =
        if tabs { line.split('\t').map(|c| c.trim().to_owned()).collect() } else { tables::cells_of_line(line) };
    let ours = cells.iter().any(|cell| csv::is_like_column(cell));
    let tag = |cell: &String| tables::language_of_header(cell).is_some();
    Wanted::Format(match (cells.as_slice(), tabs) {
        _ if ours => Format::Csv,
        _ if tables::is_header_of_languages(&cells) => {
            if tabs {
                Format::GoogleTsv
            } else {
                Format::GoogleCsv
            }
        }
        ([_, _], true) => Format::DeeplTsv,
        ([_, _], false) => Format::DeeplCsv,
        ([_, _, from, to], false) if tag(from) && tag(to) => Format::DeeplCsv,
        _ => Format::Csv,
    })
}

/// What a format had no place for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// How many.
    pub count: usize,
    /// Of what: one, several.
    pub what: (&'static str, &'static str),
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.count, if self.count == 1 { self.what.0 } else { self.what.1 })
    }
}

/// A glossary as it is to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub text: String,
    /// How many entries it holds.
    pub entries: usize,
    /// What it has no place for, in a fixed order.
    pub left_out: Vec<LeftOut>,
}

/// Why a glossary cannot be written in a format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// The format holds one language pair.
    #[error(
        "{format} holds one language pair, and the glossary has {pairs}; pick one by --source-language and --target-language"
    )]
    Pairs {
        /// The format.
        format: Format,
        /// What there is.
        pairs: String,
    },
    /// The format holds one source language.
    #[error("{format} holds one source language, and the glossary has {languages}; pick one by --source-language")]
    Sources {
        /// The format.
        format: Format,
        /// What there is.
        languages: String,
    },
    /// The format has to name languages.
    #[error("{format} has to name the {side} language, and entry {entry} has none; say it by --{side}-language")]
    NoLanguage {
        /// The format.
        format: Format,
        /// Which side.
        side: &'static str,
        /// The entry, from 1.
        entry: usize,
    },
    /// The writer of comma-separated values failed.
    #[error("cannot be written: {0}")]
    Csv(String),
}

/// Writes entries in a format.
///
/// # Errors
/// The languages of the entries do not fit into it.
pub fn write_glossary(entries: &[Entry], format: Format) -> Result<Written, WriteError> {
    match format {
        Format::Csv => csv::write(entries),
        Format::DeeplCsv | Format::DeeplTsv | Format::GoogleTsv => tables::write_plain(entries, format),
        Format::GoogleCsv | Format::AwsCsv => tables::write_headed(entries, format),
        Format::Tbx2008 | Format::Tbx2019 => tbx::write(entries, format),
    }
}

/// Counts what is left out.
#[derive(Default)]
pub(super) struct Tally(Vec<LeftOut>);

impl Tally {
    /// Counts some more of something.
    pub(super) fn add(&mut self, count: usize, what: (&'static str, &'static str)) {
        if count == 0 {
            return;
        }
        match self.0.iter_mut().find(|l| l.what == what) {
            Some(known) => known.count += count,
            None => self.0.push(LeftOut { count, what }),
        }
    }

    /// What was counted.
    pub(super) fn finish(self) -> Vec<LeftOut> {
        self.0
    }
}

/// Lines of places that only go forward: the text is read once.
pub(super) struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    line: u64,
}

impl<'t> Lines<'t> {
    /// The lines of a text.
    pub(super) fn of(text: &'t str) -> Self {
        Self { text: text.as_bytes(), at: 0, line: 1 }
    }

    /// The line, from 1, of a place that no earlier one lies behind.
    pub(super) fn at(&mut self, at: usize) -> u64 {
        let between = self.text.get(self.at..at).unwrap_or(&[]);
        self.line += between.iter().filter(|&&b| b == b'\n').count() as u64;
        self.at = self.at.max(at);
        self.line
    }

    /// The line of a record, whose place may be before the line ends in front of it.
    pub(super) fn of_record(&mut self, record: &::csv::StringRecord) -> u64 {
        let at = record.position().map_or(0, |p| usize::try_from(p.byte()).unwrap_or(usize::MAX));
        let blank = self.text.get(at..).unwrap_or(&[]).iter().take_while(|&&b| matches!(b, b'\n' | b'\r')).count();
        self.at(at.saturating_add(blank))
    }
}

/// A language's tag; `und` where it is not known.
pub(super) fn tag_of(language: Option<&Language>) -> &str {
    language.map_or("und", Language::tag)
}

/// As much of a text as a message quotes.
pub(super) fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_their_first_line() {
        let table = [
            ("source,target\na,b\n", "csv"),
            ("target;source;owner\n", "csv"),
            ("sorce,target\n", "csv"),
            ("", "csv"),
            ("one,two,three\n", "csv"),
            ("перемирие,ceasefire\n", "deepl-csv"),
            ("\"перемирие, полное\",ceasefire,ru,en\n", "deepl-csv"),
            ("перемирие\tceasefire\n", "deepl-tsv"),
            ("en,ru,pos,description\n", "google-csv"),
            ("\nen-GB,ru\n", "google-csv"),
            ("en\tru\n", "google-tsv"),
        ];
        for (text, name) in table {
            assert_eq!(detect(text), name.parse().expect(name), "{text:?}");
        }
        assert_eq!(detect("  <?xml version=\"1.0\"?>"), Wanted::Tbx);
        assert!("tbx".parse::<Format>().is_err() && "tbx".parse::<Wanted>() == Ok(Wanted::Tbx));
    }

    #[test]
    fn what_is_no_utf_8_is_refused_in_every_format() {
        let error = |bytes: &[u8]| read_glossary(Path::new("g.tsv"), bytes, None).expect_err("bad").to_string();
        assert_eq!(error(b"\xff\xfea"), "g.tsv:1: this is UTF-16; save the file as UTF-8");
        assert_eq!(error(b"a\tb\n\xff\tc"), "g.tsv:2: this is not UTF-8; save the file as UTF-8");
    }
}
