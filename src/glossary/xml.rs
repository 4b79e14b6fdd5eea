//! XML as glossary formats need it: start tags, end tags and text, in the order of the file, read by quick-xml.
//!
//! What that library leaves to its callers is done here: no entity is expanded but the five of XML and characters by number, a
//! DOCTYPE that defines something is refused, there is one root, nesting and attributes are bounded, and faults have a place.
//! Nothing else may use the library, whose interface changes often.

use std::borrow::Cow;

use quick_xml::errors::{Error, IllFormedError, SyntaxError};
use quick_xml::escape::{EscapeError, partial_escape, resolve_xml_entity};
use quick_xml::events::attributes::{AttrError, Attribute, Attributes};
use quick_xml::events::{BytesDecl, BytesRef, BytesText};
use quick_xml::{XmlVersion, events};

/// The deepest nesting that is read. Terms in TBX stand seven deep.
const MAX_DEPTH: usize = 64;
/// The most attributes of one tag: each is compared with those before it.
const MAX_ATTRIBUTES: usize = 64;
/// The longest reference that a message quotes, `&#x10FFFF;` and then some.
const MAX_REFERENCE: usize = 16;

/// What is wrong, and at which byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct XmlError {
    /// Where, as a byte.
    pub(super) at: usize,
    /// What stood there and what would be right.
    pub(super) problem: String,
}

/// One thing after another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event<'t> {
    /// `<name …>`; an empty element gives its end next.
    Start(Tag<'t>),
    /// `</name>`.
    End(&'t str),
    /// Text between tags, references resolved: what stands together may come in pieces.
    Text(Cow<'t, str>),
}

/// A start tag.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tag<'t> {
    /// The name as it stands, with its prefix.
    pub(super) name: &'t str,
    /// Names and values.
    pub(super) attributes: Vec<(&'t str, Cow<'t, str>)>,
    /// Where it begins, as a byte.
    pub(super) at: usize,
}

impl Tag<'_> {
    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| *n == name).map(|(_, value)| value.as_ref())
    }
}

/// The name without its prefix.
pub(super) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// Reads events from a text.
pub(super) struct Reader<'t> {
    text: &'t str,
    xml: quick_xml::Reader<&'t [u8]>,
    /// Names and places of what stands open.
    open: Vec<(&'t str, usize)>,
    rooted: bool,
}

impl<'t> Reader<'t> {
    /// A reader at the beginning of a text, which has no byte order mark.
    pub(super) fn new(text: &'t str) -> Self {
        let mut xml = quick_xml::Reader::from_str(text);
        xml.config_mut().expand_empty_elements = true;
        Self { text, xml, open: Vec::new(), rooted: false }
    }

    /// The next event; nothing at the end.
    pub(super) fn next(&mut self) -> Result<Option<Event<'t>>, XmlError> {
        loop {
            let at = self.at();
            match self.xml.read_event() {
                Ok(events::Event::Start(_)) => return self.start(at).map(|tag| Some(Event::Start(tag))),
                Ok(events::Event::End(_)) => return Ok(self.open.pop().map(|(name, _)| Event::End(name))),
                Ok(events::Event::Text(text)) if self.open.is_empty() => self.outside(at, &text)?,
                Ok(events::Event::Text(text)) => return Ok(Some(Event::Text(text.xml10_content()))),
                Ok(events::Event::CData(_) | events::Event::GeneralRef(_)) if self.open.is_empty() => {
                    return Err(fault(at, "text outside the root element; it should stand within it".to_owned()));
                }
                Ok(events::Event::CData(text)) => return Ok(Some(Event::Text(text.xml10_content()))),
                Ok(events::Event::GeneralRef(reference)) => {
                    return referred(&reference)
                        .map(|text| Some(Event::Text(text)))
                        .ok_or_else(|| unread(at, &reference));
                }
                Ok(events::Event::Decl(declaration)) => declared(at, &declaration)?,
                Ok(events::Event::DocType(doctype)) => self.doctype(at, &doctype)?,
                // Empty elements come as a start and an end.
                Ok(events::Event::Comment(_) | events::Event::PI(_) | events::Event::Empty(_)) => {}
                Ok(events::Event::Eof) => return self.eof(),
                Err(error) => return Err(self.broken(&error)),
            }
        }
    }

    /// Where the reader stands, as a byte.
    fn at(&self) -> usize {
        usize::try_from(self.xml.buffer_position()).unwrap_or(usize::MAX)
    }

    /// For messages alone: it reads the text from its beginning.
    fn line_of(&self, at: usize) -> u64 {
        1 + self.text.as_bytes().iter().take(at).filter(|&&b| b == b'\n').count() as u64
    }

    fn eof(&self) -> Result<Option<Event<'t>>, XmlError> {
        match self.open.last() {
            Some((name, at)) => {
                let line = self.line_of(*at);
                Err(fault(self.at(), format!("the file ends within <{}>, opened at line {line}", short(name))))
            }
            None if !self.rooted => Err(fault(self.at(), "there is no element; it should be TBX".to_owned())),
            None => Ok(None),
        }
    }

    /// What the library found wrong, in our words.
    fn broken(&self, error: &Error) -> XmlError {
        let at = usize::try_from(self.xml.error_position()).unwrap_or(usize::MAX);
        let no_end = |what: &str, end: &str| format!("{what} has no end; {end} should close it");
        let problem = match error {
            Error::Syntax(SyntaxError::InvalidBangMarkup) => "a <! that begins nothing; take it out".to_owned(),
            Error::Syntax(SyntaxError::UnclosedComment) => no_end("a comment", "-->"),
            Error::Syntax(SyntaxError::UnclosedCData) => no_end("a CDATA section", "]]>"),
            Error::Syntax(SyntaxError::UnclosedPI | SyntaxError::UnclosedXmlDecl) => no_end("an instruction", "?>"),
            Error::Syntax(SyntaxError::UnclosedDoctype) => no_end("the DOCTYPE", ">"),
            Error::Syntax(SyntaxError::UnclosedTag) => "the file ends within the tag that begins here".to_owned(),
            Error::Syntax(_) => {
                "the file ends within the tag that begins here, a value of which has no closing quote".to_owned()
            }
            Error::IllFormed(IllFormedError::MismatchedEndTag { expected, found }) => {
                let line = self.open.last().map_or(0, |(_, at)| self.line_of(*at));
                format!("</{}> where </{}> should stand, opened at line {line}", short(found), short(expected))
            }
            Error::IllFormed(IllFormedError::UnmatchedEndTag(name)) => format!("</{}> closes nothing", short(name)),
            Error::IllFormed(IllFormedError::UnclosedReference) => BARE.to_owned(),
            other => format!("this is no XML: {}", short(&other.to_string())),
        };
        fault(at, problem)
    }

    /// Text where only blanks may stand.
    fn outside(&self, at: usize, text: &BytesText<'_>) -> Result<(), XmlError> {
        match text.find(|c: char| !c.is_ascii_whitespace()) {
            Some(inner) => {
                let what = "text outside the root element; it should begin with <?xml …?> and one element";
                Err(fault(at + inner, what.to_owned()))
            }
            None => Ok(()),
        }
    }

    /// `<!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd">` is passed over and nothing is opened; one that defines something is not
    /// read at all.
    fn doctype(&self, at: usize, doctype: &BytesText<'_>) -> Result<(), XmlError> {
        if self.rooted {
            return Err(fault(at, "a DOCTYPE where none may stand; take it out".to_owned()));
        }
        let mut quote = None;
        let defines = doctype.char_indices().find(|&(_, c)| match quote {
            Some(open) => {
                quote = quote.filter(|_| c != open);
                false
            }
            None => {
                quote = Some(c).filter(|c| matches!(c, '"' | '\''));
                c == '['
            }
        });
        match defines {
            Some((inner, _)) => {
                let what = "the DOCTYPE defines something of its own, which is not read, since entities could be anything; \
                            take out what stands in its brackets";
                Err(fault(self.place(doctype) + inner, what.to_owned()))
            }
            None => Ok(()),
        }
    }

    /// The tag that begins at a byte and ends where the reader is.
    fn start(&mut self, at: usize) -> Result<Tag<'t>, XmlError> {
        if self.open.is_empty() && self.rooted {
            return Err(fault(at, "a second root element; there should be one".to_owned()));
        }
        let whole = self.text.get(at + 1..self.at()).unwrap_or("");
        let inner = whole.strip_suffix('>').unwrap_or(whole);
        let inner = inner.strip_suffix('/').unwrap_or(inner);
        let name = inner.split(|c: char| c.is_ascii_whitespace()).next().unwrap_or("");
        if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            return Err(fault(at, "a < that begins no tag; in text it should be &lt;".to_owned()));
        }
        if !is_name(name) {
            return Err(fault(at, format!("{:?} is no name of an element", short(name))));
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(fault(at, format!("elements stand {MAX_DEPTH} deep; TBX needs seven")));
        }
        let attributes = self.attributes(name, inner)?;
        self.open.push((name, at));
        self.rooted = true;
        Ok(Tag { name, attributes, at })
    }

    /// The attributes of a tag, of which all between its brackets is given.
    fn attributes(&self, name: &str, inner: &'t str) -> Result<Vec<(&'t str, Cow<'t, str>)>, XmlError> {
        let mut found = Vec::new();
        let mut rest = inner.get(name.len()..).unwrap_or("");
        for attribute in Attributes::new(inner, name.len()) {
            let own = rest.trim_ascii_start();
            let at = self.place(own);
            let attribute = attribute.map_err(|error| {
                let problem = match error {
                    AttrError::Duplicated(..) => {
                        format!("the attribute {} stands here twice", short(own.split('=').next().unwrap_or("").trim()))
                    }
                    _ => {
                        format!("<{}> goes on with something other than an attribute such as type=\"…\"", short(name))
                    }
                };
                fault(at, problem)
            })?;
            let (key, raw) = (attribute.key.into_inner(), &attribute.value);
            if own.len() == rest.len() || !is_name(key) {
                return Err(fault(at, "an attribute needs a name, with a blank before it".to_owned()));
            }
            if found.len() >= MAX_ATTRIBUTES {
                return Err(fault(at, format!("more than {MAX_ATTRIBUTES} attributes; TBX has a few")));
            }
            let value_at = self.place(raw);
            if let Some(wrong) = raw.find('<') {
                return Err(fault(value_at + wrong, "a < within a value; it should be &lt;".to_owned()));
            }
            let behind = value_at + raw.len() + 1;
            rest = inner.get(behind.saturating_sub(self.place(inner))..).unwrap_or("");
            let value = attribute.normalized_value(XmlVersion::Explicit1_0).map_err(|error| match error {
                Error::Escape(EscapeError::UnrecognizedEntity(range, reference)) => {
                    unread(value_at + range.start.saturating_sub(1), &reference)
                }
                Error::Escape(EscapeError::UnterminatedEntity(range)) => fault(value_at + range.start, BARE.to_owned()),
                _ => fault(value_at, NO_CHARACTER.to_owned()),
            })?;
            if matches!(value, Cow::Owned(_)) && !value.chars().all(may_stand) {
                return Err(fault(value_at, NO_CHARACTER.to_owned()));
            }
            found.push((key, value));
        }
        Ok(found)
    }

    /// Where a part of the text begins, as a byte.
    fn place(&self, part: &str) -> usize {
        part.as_ptr().addr().saturating_sub(self.text.as_ptr().addr())
    }
}

/// What is said of an ampersand that begins no reference.
const BARE: &str = "a bare &; it should be &amp;";
/// What is said of a value with a number that is no character's.
const NO_CHARACTER: &str = "the value has a number of a character that XML does not have";

fn fault(at: usize, problem: String) -> XmlError {
    XmlError { at, problem }
}

/// Whether letters have nothing among them that no name has.
fn is_name(letters: &str) -> bool {
    !letters.is_empty()
        && !letters.contains(|c: char| matches!(c, '\0'..=' ' | '/' | '>' | '=' | '<' | '"' | '\'' | '&' | ';'))
}

/// `<?xml version="1.0" encoding="UTF-8"?>`: what is read is UTF-8 already.
fn declared(at: usize, declaration: &BytesDecl<'_>) -> Result<(), XmlError> {
    match declaration.encoding() {
        Some(Ok(name)) if !["utf-8", "utf8", "us-ascii"].contains(&name.to_ascii_lowercase().as_str()) => {
            Err(fault(at, format!("the encoding is {:?}; save the file as UTF-8 and say so here", short(&name))))
        }
        _ => Ok(()),
    }
}

/// What a reference stands for.
fn referred(reference: &BytesRef<'_>) -> Option<Cow<'static, str>> {
    if let Some(named) = resolve_xml_entity(reference) {
        return Some(Cow::Borrowed(named));
    }
    let character = reference.resolve_char_ref().ok().flatten().filter(|&c| may_stand(c))?;
    Some(Cow::Owned(character.to_string()))
}

/// The fault of a reference, of which all between `&` and `;` is given.
fn unread(at: usize, reference: &str) -> XmlError {
    if reference.len() > MAX_REFERENCE || !is_name(reference) {
        return fault(at, BARE.to_owned());
    }
    let right = "only &amp; &lt; &gt; &quot; &apos; and characters by number, such as &#233;";
    fault(at, format!("&{reference}; is not read: {right}"))
}

/// Whether XML 1.0 can hold a character at all.
pub(super) fn may_stand(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// Writes the text of an element so that it is read again as it is.
pub(super) fn escape(text: &str) -> Cow<'_, str> {
    partial_escape(text)
}

/// Writes a value so that it is read again as it is, line ends included.
pub(super) fn escape_value(value: &str) -> Cow<'_, str> {
    Attribute::from(("", value)).value
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, XmlError> {
        let mut reader = Reader::new(text);
        let mut out = String::new();
        while let Some(event) = reader.next()? {
            out += &match event {
                Event::Start(tag) => format!("<{}{:?}>", tag.name, tag.attributes),
                Event::End(name) => format!("</{name}>"),
                Event::Text(text) => text.into_owned(),
            };
        }
        Ok(out)
    }

    #[test]
    fn reads_tags_text_and_references() {
        let text = "<?xml version='1.0' encoding='utf-8'?>\n<!DOCTYPE a SYSTEM \"a.dtd\">\n<!-- b -->\
                    <a x = '1' y=\"&lt;2\">b &amp; c<d/>&#233;&#x416;<![CDATA[<&>]]>\r\n</a >\n";
        assert_eq!(read(text).as_deref(), Ok("<a[(\"x\", \"1\"), (\"y\", \"<2\")]>b & c<d[]></d>éЖ<&>\n</a>"));
    }

    #[test]
    fn what_is_written_is_read_again() {
        let text = "a\r\n\t\"<b>\" & 'c';\n";
        let written = format!("<a x=\"{}\">{}</a>", escape_value(text), escape(text));
        assert_eq!(read(&written), Ok(format!("<a[(\"x\", {text:?})]>{text}</a>")));
    }

    #[test]
    fn every_fault_has_a_place() {
        let table = [
            ("", 0, "no element"),
            ("<a>", 3, "the file ends within <a>"),
            ("<a></b>", 3, "</b> where </a> should stand"),
            ("<a>&foo;</a>", 3, "&foo; is not read"),
            ("<a>b & c</a>", 5, "a bare &"),
            ("<a>&#0;</a>", 3, "&#0; is not read"),
            ("<a x='1' x='2'/>", 9, "stands here twice"),
            ("<a x=1/>", 3, "something other than an attribute"),
            ("<a x='<'/>", 6, "within a value"),
            ("<a><1></a>", 3, "begins no tag"),
            ("<a/><b/>", 4, "a second root"),
            ("<a/>b", 4, "outside the root"),
            ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", 12, "defines something of its own"),
            ("<?xml version='1.0' encoding='UTF-16'?><a/>", 0, "save the file as UTF-8"),
            ("<a><!-- b</a>", 3, "a comment has no end"),
            ("<a", 0, "within the tag"),
            ("<a>b &c d; e</a>", 5, "a bare &"),
            ("<a x='1' y='é&foo;'/>", 14, "&foo; is not read"),
            ("<a x='b & c'/>", 8, "a bare &"),
            ("<a x='&#1;'/>", 6, "a number of a character"),
            ("<a x='1'y='2'/>", 8, "a blank before it"),
            ("<a ='1'/>", 3, "other than an attribute"),
            ("<a\n x='1'></a x='1'>", 10, "where </a> should stand"),
            ("<a<b/>", 0, "no name of an element"),
            ("<!ELEMENT a><a/>", 0, "begins nothing"),
            ("<a/>&amp;", 4, "outside the root"),
        ];
        for (text, at, problem) in table {
            let error = read(text).expect_err(text);
            assert_eq!(error.at, at, "{text}: {}", error.problem);
            assert!(error.problem.contains(problem), "{text}: {}", error.problem);
        }
        assert!(read(&"<a>".repeat(1_000_000)).expect_err("deep").problem.contains("deep"));
    }
}
