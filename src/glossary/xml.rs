//! A small XML reader for glossary formats: start tags, end tags and text, in the order of the file.
//!
//! It reads what a glossary needs and no more, in linear time: no entity is defined or expanded but the five of XML and
//! characters by number, nothing outside the file is opened, and nesting and attributes are bounded. Faults have a place.

use std::borrow::Cow;

/// The deepest nesting that is read. Terms in TBX stand seven deep.
const MAX_DEPTH: usize = 64;
/// The most attributes of one tag: each is compared with those before it.
const MAX_ATTRIBUTES: usize = 64;
/// The longest reference, `&#x10FFFF;` and then some.
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
    /// Text between tags, references resolved.
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
    at: usize,
    open: Vec<(&'t str, usize)>,
    /// The end of an empty element, still to be told.
    ending: Option<&'t str>,
    rooted: bool,
}

impl<'t> Reader<'t> {
    /// A reader at the beginning of a text, which has no byte order mark.
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0, open: Vec::new(), ending: None, rooted: false }
    }

    /// The next event; nothing at the end.
    pub(super) fn next(&mut self) -> Result<Option<Event<'t>>, XmlError> {
        if let Some(name) = self.ending.take() {
            self.open.pop();
            return Ok(Some(Event::End(name)));
        }
        loop {
            let rest = self.rest();
            if rest.is_empty() {
                return match self.open.last() {
                    Some((name, at)) => Err(self.fault(
                        self.at,
                        format!("the file ends within <{}>, opened at line {}", short(name), self.line_of(*at)),
                    )),
                    None if !self.rooted => {
                        Err(self.fault(self.at, "there is no element; it should be TBX".to_owned()))
                    }
                    None => Ok(None),
                };
            }
            if !rest.starts_with('<') {
                let end = rest.find('<').unwrap_or(rest.len());
                let (start, raw) = (self.at, rest.get(..end).unwrap_or(""));
                self.at += end;
                if self.open.is_empty() {
                    if let Some(at) = raw.find(|c: char| !c.is_ascii_whitespace()) {
                        let what = "text outside the root element; it should begin with <?xml …?> and one element";
                        return Err(self.fault(start + at, what.to_owned()));
                    }
                    continue;
                }
                return Ok(Some(Event::Text(resolve(raw, start)?)));
            }
            if rest.starts_with("<!--") {
                self.skip("-->", "a comment")?;
            } else if let Some(inner) = rest.strip_prefix("<![CDATA[") {
                if self.open.is_empty() {
                    return Err(self.fault(self.at, "CDATA outside the root element".to_owned()));
                }
                self.skip("]]>", "a CDATA section")?;
                let end = self.at.saturating_sub(3);
                let start = self.text.len() - inner.len();
                return Ok(Some(Event::Text(Cow::Borrowed(self.text.get(start..end).unwrap_or("")))));
            } else if rest.starts_with("<?") {
                self.declaration()?;
            } else if rest.starts_with("<!") {
                self.doctype()?;
            } else if rest.starts_with("</") {
                return self.end().map(Some);
            } else {
                return self.start().map(Some);
            }
        }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn fault(&self, at: usize, problem: String) -> XmlError {
        XmlError { at, problem }
    }

    /// For messages alone: it reads the text from its beginning.
    fn line_of(&self, at: usize) -> u64 {
        1 + self.text.as_bytes().iter().take(at).filter(|&&b| b == b'\n').count() as u64
    }

    fn skip(&mut self, end: &str, what: &str) -> Result<(), XmlError> {
        match self.rest().find(end) {
            Some(found) => {
                self.at += found + end.len();
                Ok(())
            }
            None => Err(self.fault(self.at, format!("{what} has no end; {end} should close it"))),
        }
    }

    /// `<?xml version="1.0" encoding="UTF-8"?>` and other instructions.
    fn declaration(&mut self) -> Result<(), XmlError> {
        let start = self.at;
        self.skip("?>", "an instruction")?;
        let whole = self.text.get(start..self.at).unwrap_or("");
        let encoding = whole
            .strip_prefix("<?xml")
            .and_then(|d| d.split_once("encoding"))
            .map(|(_, rest)| rest.trim_start().trim_start_matches('=').trim_start().trim_start_matches(['"', '\'']));
        let name: String = encoding.unwrap_or("").chars().take_while(|c| !matches!(c, '"' | '\'' | '?')).collect();
        if encoding.is_some() && !["utf-8", "utf8", "us-ascii"].contains(&name.to_ascii_lowercase().as_str()) {
            let what = format!("the encoding is {:?}; save the file as UTF-8 and say so here", short(&name));
            return Err(self.fault(start, what));
        }
        Ok(())
    }

    /// `<!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd">` is passed over and nothing is opened; one that defines something is not
    /// read at all.
    fn doctype(&mut self) -> Result<(), XmlError> {
        let (start, rest) = (self.at, self.rest());
        if !rest.starts_with("<!DOCTYPE") || self.rooted {
            return Err(self.fault(start, "a declaration where none may stand; take it out".to_owned()));
        }
        let mut quote = None;
        for (at, c) in rest.char_indices() {
            match (quote, c) {
                (Some(open), c) if open == c => quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'') => quote = Some(c),
                (None, '[') => {
                    let what = "the DOCTYPE defines something of its own, which is not read, since entities could be \
                                anything; take out what stands in its brackets";
                    return Err(self.fault(start + at, what.to_owned()));
                }
                (None, '>') => {
                    self.at += at + 1;
                    return Ok(());
                }
                (None, _) => {}
            }
        }
        Err(self.fault(start, "the DOCTYPE has no end; > should close it".to_owned()))
    }

    fn end(&mut self) -> Result<Event<'t>, XmlError> {
        let (start, rest) = (self.at, self.rest());
        let Some(close) = rest.find('>') else {
            return Err(self.fault(start, "the file ends within an end tag".to_owned()));
        };
        let name = rest.get(2..close).unwrap_or("").trim_end();
        match self.open.pop() {
            Some((open, _)) if open == name => {
                self.at += close + 1;
                Ok(Event::End(name))
            }
            Some((open, at)) => {
                let line = self.line_of(at);
                let what = format!("</{}> where </{}> should stand, opened at line {line}", short(name), short(open));
                Err(self.fault(start, what))
            }
            None => Err(self.fault(start, format!("</{}> closes nothing", short(name)))),
        }
    }

    fn start(&mut self) -> Result<Event<'t>, XmlError> {
        let start = self.at;
        if self.open.is_empty() && self.rooted {
            return Err(self.fault(start, "a second root element; there should be one".to_owned()));
        }
        self.at += 1;
        let name = self.name();
        if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            return Err(self.fault(start, "a < that begins no tag; in text it should be &lt;".to_owned()));
        }
        let mut tag = Tag { name, attributes: Vec::new(), at: start };
        loop {
            let before = self.at;
            self.at += self.rest().len() - self.rest().trim_start().len();
            let rest = self.rest();
            if rest.starts_with('>') {
                self.at += 1;
                break;
            }
            if rest.starts_with("/>") {
                self.at += 2;
                self.ending = Some(name);
                break;
            }
            if rest.is_empty() {
                return Err(self.fault(start, format!("the file ends within the tag <{}", short(name))));
            }
            let at = self.at;
            let attribute = self.name();
            self.at += self.rest().len() - self.rest().trim_start().len();
            let value = self.rest().strip_prefix('=').map(str::trim_start);
            let quote = value.and_then(|v| v.chars().next()).filter(|c| matches!(c, '"' | '\''));
            let (Some(value), Some(quote)) = (value, quote) else {
                let what =
                    format!("<{}> goes on with something other than an attribute such as type=\"…\"", short(name));
                return Err(self.fault(at, what));
            };
            if attribute.is_empty() || before == at {
                return Err(self.fault(at, "an attribute needs a name, with a blank before it".to_owned()));
            }
            let value = value.get(1..).unwrap_or("");
            let from = self.text.len() - value.len();
            let Some(length) = value.find(quote) else {
                return Err(self.fault(at, format!("the value of {} has no closing {quote}", short(attribute))));
            };
            let raw = value.get(..length).unwrap_or("");
            if let Some(wrong) = raw.find('<') {
                return Err(self.fault(from + wrong, "a < within a value; it should be &lt;".to_owned()));
            }
            if tag.attribute(attribute).is_some() {
                return Err(self.fault(at, format!("the attribute {} stands here twice", short(attribute))));
            }
            if tag.attributes.len() >= MAX_ATTRIBUTES {
                return Err(self.fault(at, format!("more than {MAX_ATTRIBUTES} attributes; TBX has a few")));
            }
            tag.attributes.push((attribute, resolve(raw, from)?));
            self.at = from + length + 1;
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(self.fault(start, format!("elements stand {MAX_DEPTH} deep; TBX needs seven")));
        }
        self.open.push((name, start));
        self.rooted = true;
        Ok(Event::Start(tag))
    }

    fn name(&mut self) -> &'t str {
        let rest = self.rest();
        let ends = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '=' | '<' | '"' | '\'' | '&');
        let name = rest.get(..rest.find(ends).unwrap_or(rest.len())).unwrap_or("");
        self.at += name.len();
        name
    }
}

/// Text with its references and line ends resolved; `from` is its place, for faults.
fn resolve(raw: &str, from: usize) -> Result<Cow<'_, str>, XmlError> {
    if !raw.contains(['&', '\r']) {
        return Ok(Cow::Borrowed(raw));
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(['&', '\r']) {
        out.push_str(rest.get(..at).unwrap_or(""));
        let here = from + raw.len() - rest.len() + at;
        let found = rest.get(at..).unwrap_or("");
        if let Some(after) = found.strip_prefix('\r') {
            out.push('\n');
            rest = after.strip_prefix('\n').unwrap_or(after);
            continue;
        }
        let end = found.bytes().take(MAX_REFERENCE).position(|b| b == b';');
        let Some(reference) = end.and_then(|end| found.get(1..end)) else {
            return Err(XmlError { at: here, problem: "a bare &; it should be &amp;".to_owned() });
        };
        let Some(c) = character(reference) else {
            let problem = format!(
                "&{reference}; is not read: only &amp; &lt; &gt; &quot; &apos; and characters by number, such as &#233;"
            );
            return Err(XmlError { at: here, problem });
        };
        out.push(c);
        rest = found.get(reference.len() + 2..).unwrap_or("");
    }
    out.push_str(rest);
    Ok(Cow::Owned(out))
}

fn character(reference: &str) -> Option<char> {
    Some(match reference {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = reference.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|&c| may_stand(c))?
        }
    })
}

/// Whether XML 1.0 can hold a character at all.
pub(super) fn may_stand(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// Writes text so that it is read again as it is.
pub(super) fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\r']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\r' => out.push_str("&#13;"),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
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
        ];
        for (text, at, problem) in table {
            let error = read(text).expect_err(text);
            assert_eq!(error.at, at, "{text}: {}", error.problem);
            assert!(error.problem.contains(problem), "{text}: {}", error.problem);
        }
        assert!(read(&"<a>".repeat(1_000_000)).expect_err("deep").problem.contains("deep"));
    }
}
