//! Reads TBX. Both editions and both styles come to the same: concepts, languages in them, terms in those, and data categories
//! at each level.

use crate::article::Language;
use crate::finding::EntityKind;
use crate::glossary::concepts::{MAX_LANGUAGES, Record, Term, Terms};
use crate::glossary::formats::{Direction, FileError, Format, Lines, Loaded, short};
use crate::glossary::tbx::{COLUMN, MADE_UP, OWN, status_of};
use crate::glossary::xml::{Event, Reader, Tag, XmlError, local};
use crate::glossary::{MAX_FORMS, csv};

/// The most data categories of one concept, its languages and terms together less those that have a field of their own.
const MAX_KEPT: usize = 256;

/// What stands open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    Outside,
    Concept,
    Language,
    Term,
}

/// An element whose text is wanted.
struct Leaf {
    /// What its text is: `term`, `note`, or the name of a data category.
    category: String,
    depth: usize,
    at: usize,
    text: String,
}

/// Where a concept, a language and a term are put together.
struct Builder<'f> {
    format: Format,
    direction: &'f Direction,
    level: Level,
    record: Record,
    begun: usize,
    language: Option<Terms>,
    term: Option<(Term, usize)>,
    kept: usize,
    loaded: Loaded,
    lines: Lines<'f>,
}

/// Reads a glossary; `wanted` is the edition that it should be.
pub(in crate::glossary) fn read(
    text: &str,
    file: &str,
    wanted: Option<Format>,
    direction: &Direction,
) -> Result<Loaded, FileError> {
    run(text, wanted, direction).map_err(|XmlError { at, problem }| {
        let before = text.get(..at).unwrap_or("");
        let line = 1 + before.bytes().filter(|&b| b == b'\n').count() as u64;
        let character = 1 + before.rsplit('\n').next().unwrap_or("").chars().count() as u64;
        FileError { character: Some(character), ..FileError::at(file, line, None, problem) }
    })
}

fn run(text: &str, wanted: Option<Format>, direction: &Direction) -> Result<Loaded, XmlError> {
    let mut reader = Reader::new(text);
    let format = loop {
        match reader.next()? {
            Some(Event::Start(tag)) => break edition(&tag, wanted)?,
            Some(_) => {}
            None => return Err(XmlError { at: 0, problem: "there is no element".to_owned() }),
        }
    };
    let mut builder = Builder {
        format,
        direction,
        level: Level::Outside,
        record: Record::default(),
        begun: 0,
        language: None,
        term: None,
        kept: 0,
        loaded: Loaded { format, entries: Vec::new(), lines: Vec::new() },
        lines: Lines::of(text),
    };
    let mut leaf: Option<Leaf> = None;
    let mut depth = 1_usize;
    while let Some(event) = reader.next()? {
        match event {
            Event::Start(tag) => {
                depth += 1;
                // Markup within a term or a note is passed over, and its text is kept.
                if leaf.is_none() {
                    leaf = builder.open(&tag, depth)?;
                }
            }
            Event::Text(piece) => {
                if let Some(leaf) = &mut leaf {
                    leaf.text.push_str(&piece);
                }
            }
            Event::End(name) => {
                if leaf.as_ref().is_none_or(|l| l.depth == depth) {
                    match leaf.take() {
                        Some(leaf) => builder.put(leaf)?,
                        None => builder.close(local(name))?,
                    }
                }
                depth = depth.saturating_sub(1);
            }
        }
    }
    Ok(builder.loaded)
}

fn edition(root: &Tag, wanted: Option<Format>) -> Result<Format, XmlError> {
    let error = |problem: String| Err(XmlError { at: root.at, problem });
    let found = match local(root.name) {
        "martif" => Format::Tbx2008,
        "tbx" => Format::Tbx2019,
        "TBX" => return error("the root is <TBX>, and names are in lower case; it should be <tbx>".to_owned()),
        other => {
            let problem = format!("the root is <{}>; TBX has <martif> (2008) or <tbx> (2019)", short(other));
            return error(problem);
        }
    };
    match wanted {
        Some(wanted) if wanted != found => {
            error(format!("the root is <{}>, so this is {found} and not {wanted}", local(root.name)))
        }
        _ => Ok(found),
    }
}

/// An element that a concept, language or term stands in, in either edition.
fn level_of(name: &str) -> Option<Level> {
    Some(match name {
        "termEntry" | "conceptEntry" => Level::Concept,
        "langSet" | "langSec" => Level::Language,
        "tig" | "ntig" | "termSec" => Level::Term,
        _ => return None,
    })
}

impl Builder<'_> {
    /// A start tag; the element is a leaf if its text is wanted.
    fn open(&mut self, tag: &Tag, depth: usize) -> Result<Option<Leaf>, XmlError> {
        let name = local(tag.name);
        let error = |problem: String| Err(XmlError { at: tag.at, problem });
        if let Some(level) = level_of(name) {
            let outer = match level {
                Level::Concept => Level::Outside,
                Level::Language => Level::Concept,
                _ => Level::Language,
            };
            if self.level != outer {
                let right = match level {
                    Level::Concept => "in <body>",
                    Level::Language => "in a concept",
                    _ => "in a language",
                };
                return error(format!("<{name}> stands in the wrong place; it should stand {right}"));
            }
            self.level = level;
            match level {
                Level::Concept => {
                    self.record = Record::default();
                    self.begun = tag.at;
                    self.kept = 0;
                    if let Some(id) = tag.attribute("id").filter(|id| !id.starts_with(MADE_UP)) {
                        self.record.common.keep("id", id);
                    }
                }
                Level::Language => self.language = Some(Terms { language: language(tag)?, terms: Vec::new() }),
                _ => self.term = Some((Term::default(), tag.at)),
            }
            return Ok(None);
        }
        if self.level == Level::Outside {
            return Ok(None);
        }
        let leaf =
            |category: &str| Ok(Some(Leaf { category: category.to_owned(), depth, at: tag.at, text: String::new() }));
        match name {
            "term" if self.level == Level::Term => leaf("term"),
            "term" => error("a <term> outside <tig>, <ntig> or <termSec>".to_owned()),
            "note" => leaf("note"),
            "descrip" | "admin" | "termNote" => match tag.attribute("type") {
                Some(category) => leaf(category),
                None => error(format!("<{name}> has no type; it should be such as type=\"subjectField\"")),
            },
            // In DCT style each category is an element of a module's namespace.
            _ if tag.name.contains(':') => leaf(name),
            _ => Ok(None),
        }
    }

    /// The end of a leaf: its text goes where it belongs.
    fn put(&mut self, leaf: Leaf) -> Result<(), XmlError> {
        let value = on_one_line(&leaf.text);
        let error = |problem: String| Err(XmlError { at: leaf.at, problem });
        if value.is_empty() && leaf.category != "term" {
            return Ok(());
        }
        match (leaf.category.as_str(), &mut self.term) {
            ("term", Some((term, _))) if term.text.is_empty() => {
                if value.is_empty() {
                    return error("the term is empty".to_owned());
                }
                term.text = value;
            }
            ("term", _) => return error("a second <term> where one should stand".to_owned()),
            ("administrativeStatus" | "normativeAuthorization", Some((term, _))) => {
                let Some(status) = status_of(&value) else {
                    let right = "preferredTerm-admn-sts, admittedTerm-admn-sts, deprecatedTerm-admn-sts or \
                                 supersededTerm-admn-sts";
                    return error(format!("{:?} is no {}; it should be {right}", short(&value), leaf.category));
                };
                // The newer of the two wins.
                if term.status.is_none() || leaf.category == "administrativeStatus" {
                    term.status = Some(status);
                }
            }
            ("note", _) => {
                let note = &mut self.record.common.note;
                let text = leaf.text.trim();
                *note = if note.is_empty() { text.to_owned() } else { format!("{note}\n{text}") };
            }
            ("subjectField", None) => {
                let domain = &mut self.record.common.domain;
                *domain = if domain.is_empty() { value } else { format!("{domain}; {value}") };
            }
            (category, _) if category.starts_with(OWN) => {
                let text = leaf.text.trim();
                self.own(category, text).or_else(error)?;
            }
            (category, term) => {
                self.kept += 1;
                if self.kept > MAX_KEPT {
                    return error(format!("more than {MAX_KEPT} data of one concept"));
                }
                match term {
                    Some((term, _)) => term.extra.push((category.to_owned(), value)),
                    None => self.record.common.keep(category, &value),
                }
            }
        }
        Ok(())
    }

    /// What we wrote ourselves.
    fn own(&mut self, category: &str, value: &str) -> Result<(), String> {
        let common = &mut self.record.common;
        if let Some(column) = category.strip_prefix(COLUMN) {
            self.kept += 1;
            if self.kept > MAX_KEPT {
                return Err(format!("more than {MAX_KEPT} data of one concept"));
            }
            common.keep(column, value);
            return Ok(());
        }
        match category.strip_prefix(OWN).unwrap_or("") {
            "kind" => {
                common.kind = Some(csv::kind_of(value)?);
                if common.kind == Some(EntityKind::Unknown) {
                    common.kind = None;
                }
            }
            "case" => common.case_sensitive = csv::case_of(value)?,
            "do-not-translate" => common.do_not_translate = value == "yes",
            _ => common.keep(category, value),
        }
        Ok(())
    }

    /// An end tag that is no leaf's.
    fn close(&mut self, name: &str) -> Result<(), XmlError> {
        let Some(level) = level_of(name) else { return Ok(()) };
        match level {
            Level::Term => {
                if let Some((term, at)) = self.term.take() {
                    if term.text.is_empty() {
                        return Err(XmlError { at, problem: format!("<{name}> has no <term>") });
                    }
                    let terms = self.language.as_mut().map(|l| &mut l.terms);
                    if let Some(terms) = terms {
                        if terms.len() > MAX_FORMS {
                            let problem = format!("more than {MAX_FORMS} terms of one language in one concept");
                            return Err(XmlError { at, problem });
                        }
                        terms.push(term);
                    }
                }
                self.level = Level::Language;
            }
            Level::Language => {
                if let Some(language) = self.language.take().filter(|l| !l.terms.is_empty()) {
                    let languages = &mut self.record.languages;
                    let full = languages.len() >= MAX_LANGUAGES;
                    match languages.iter_mut().find(|l| l.language == language.language) {
                        // Some tools write a section for each term.
                        Some(known) => known.terms.extend(language.terms),
                        None if full => {
                            let problem = format!("more than {MAX_LANGUAGES} languages in one concept");
                            return Err(XmlError { at: self.begun, problem });
                        }
                        None => languages.push(language),
                    }
                }
                self.level = Level::Concept;
            }
            _ => {
                let entries = &mut self.loaded.entries;
                let before = entries.len();
                self.record
                    .entries(self.direction, entries)
                    .map_err(|e| XmlError { at: self.begun, problem: e.to_string() })?;
                let line = self.lines.at(self.begun);
                self.loaded.lines.extend(std::iter::repeat_n(line, entries.len() - before));
                self.level = Level::Outside;
                debug_assert!(self.loaded.format == self.format, "one file, one edition");
            }
        }
        Ok(())
    }
}

/// The language of a section; `und` is none.
fn language(tag: &Tag) -> Result<Option<Language>, XmlError> {
    let error = |problem: String| XmlError { at: tag.at, problem };
    let Some(code) = tag.attribute("xml:lang").or_else(|| tag.attribute("lang")) else {
        return Err(error(format!("<{}> has no xml:lang; it should be such as xml:lang=\"en\"", local(tag.name))));
    };
    if code.trim().eq_ignore_ascii_case("und") {
        return Ok(None);
    }
    let language = Language::parse(code).map_err(|e| error(e.to_string()))?;
    crate::language::known(language).map(Some).map_err(|e| error(e.to_string()))
}

/// Text without the line ends and indents that an editor of XML brings in.
fn on_one_line(text: &str) -> String {
    let text = text.trim();
    if !text.contains(['\n', '\t']) {
        return text.to_owned();
    }
    text.split(['\n', '\t']).map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::glossary::{Entry, Status};

    const OLD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd">
<martif type="TBX-Basic" xml:lang="en">
 <martifHeader><fileDesc><sourceDesc><p>x</p></sourceDesc></fileDesc></martifHeader>
 <text><body>
  <termEntry id="c7">
   <descripGrp><descrip type="subjectField">rivers</descrip></descripGrp>
   <descrip type="definition">a village</descrip>
   <note>at the <hi>dam</hi></note>
   <langSet xml:lang="ru"><tig><term>Дресвянка</term></tig></langSet>
   <langSet xml:lang="en">
    <ntig><termGrp><term>Dresvanka</term><termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></termGrp></ntig>
    <tig><term>
      Dresvyanka</term><termNote type="partOfSpeech">noun</termNote><termNote type="normativeAuthorization">preferredTerm</termNote></tig>
    <tig><term>Dresvianka</term><termNote type="administrativeStatus">admittedTerm-admn-sts</termNote></tig>
   </langSet>
  </termEntry>
 </body></text>
</martif>"#;

    const NEW: &str = r#"<tbx style="dct" type="TBX-Basic" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2" xmlns:min="http://m" xmlns:basic="http://b">
 <text><body><conceptEntry id="c1"><min:subjectField>war</min:subjectField>
  <langSec xml:lang="ru"><termSec><term>перемирие</term></termSec></langSec>
  <langSec xml:lang="en"><termSec><term>ceasefire</term><min:partOfSpeech>noun</min:partOfSpeech></termSec>
   <termSec><term>truce</term></termSec>
   <termSec><term>cease-fire</term><min:administrativeStatus>supersededTerm-admn-sts</min:administrativeStatus></termSec></langSec>
 </conceptEntry></body></text></tbx>"#;

    fn read_all(text: &str, both_ways: bool) -> Vec<Entry> {
        read(text, "g.tbx", None, &Direction { both_ways, ..Direction::default() }).expect("good").entries
    }

    #[test]
    fn reads_the_edition_of_2008_as_attributes() {
        let entries = read_all(OLD, false);
        assert_eq!(entries.len(), 1);
        let entry = &entries[0];
        assert_eq!((entry.source.as_str(), entry.target.as_str()), ("Дресвянка", "Dresvyanka"));
        assert_eq!(
            (entry.admitted.as_slice(), entry.forbidden.as_slice()),
            (&["Dresvianka".to_owned()][..], &["Dresvanka".to_owned()][..])
        );
        assert_eq!((entry.domain.as_str(), entry.note.as_str()), ("rivers", "at the dam"));
        let extra: Vec<(&str, &str)> = entry.extra.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(extra, [("id", "c7"), ("definition", "a village"), ("partOfSpeech", "noun")]);
        assert_eq!(read(OLD, "g", Some(Format::Tbx2008), &Direction::default()).map(|l| l.lines), Ok(vec![6]));
    }

    #[test]
    fn reads_the_edition_of_2019_as_elements() {
        let entries = read_all(NEW, false);
        assert_eq!((entries[0].target.as_str(), entries[0].domain.as_str()), ("ceasefire", "war"));
        assert_eq!(entries[0].admitted, ["truce"]);
        assert_eq!(entries[0].forbidden, ["cease-fire"]);
    }

    #[test]
    fn reads_both_ways_for_checking() {
        let entries = read_all(NEW, true);
        let pairs: Vec<_> = entries.iter().map(|e| (e.source.as_str(), e.target.as_str())).collect();
        assert_eq!(
            pairs,
            [
                ("перемирие", "ceasefire"),
                ("ceasefire", "перемирие"),
                ("truce", "перемирие"),
                ("cease-fire", "перемирие")
            ]
        );
        let direction = Direction { source: Language::parse("en").ok(), ..Direction::default() };
        let entries = read(NEW, "g", None, &direction).expect("good").entries;
        assert!(entries.len() == 3 && entries.iter().all(|e| e.status == Status::Preferred));
    }

    #[test]
    fn says_where_and_what_would_be_right() {
        let problem = |text: &str| read(text, "g.tbx", None, &Direction::default()).expect_err(text).to_string();
        assert_eq!(
            problem(&OLD.replace("deprecatedTerm-admn-sts", "bad")),
            "g.tbx:12:42: \"bad\" is no administrativeStatus; it should be preferredTerm-admn-sts, \
             admittedTerm-admn-sts, deprecatedTerm-admn-sts or supersededTerm-admn-sts"
        );
        assert!(problem(&OLD.replace("xml:lang=\"ru\"", "")).starts_with("g.tbx:10:4: <langSet> has no xml:lang"));
        assert!(problem(&OLD.replace("xml:lang=\"ru\"", "xml:lang=\"english\"")).contains("10:4: \"english\""));
        assert!(problem(&OLD.replace("<term>Дресвянка</term>", "")).contains("10:27: <tig> has no <term>"));
        assert!(problem(&OLD.replace("Дресвянка", "…")).contains("no letter"));
        assert!(problem("<html></html>").contains("the root is <html>; TBX has <martif>"));
        assert!(problem(&OLD.replace("<tig><term>Д", "<tig><term>&D;")).contains("&D; is not read"));
        let wrong = read(OLD, "g.tbx", Some(Format::Tbx2019), &Direction::default()).expect_err("2008");
        assert!(wrong.problem.contains("this is tbx-2008 and not tbx-2019"));
    }
}
