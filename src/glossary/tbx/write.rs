//! Writes TBX: a concept an entry, the source language first, data categories as attributes. What TBX has no category for goes
//! into `admin` of our own types, which others pass over and we read again.

use std::fmt::Write as _;

use crate::article::Language;
use crate::glossary::concepts::SOURCE;
use crate::glossary::formats::{Format, Tally, WriteError, Written};
use crate::glossary::tables::ONE_LANGUAGE;
use crate::glossary::tbx::{COLUMN, MADE_UP, OF_TERMS, OWN, status_name};
use crate::glossary::xml::{escape, escape_value, may_stand};
use crate::glossary::{Entry, Status};

/// What the two editions call the same things.
struct Names {
    head: &'static str,
    concept: &'static str,
    language: &'static str,
    term: &'static str,
    foot: &'static str,
}

const OLD: Names = Names {
    head: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE martif SYSTEM \"TBXBasiccoreStructV02.dtd\">\n\
           <martif type=\"TBX-Basic\" xml:lang=\"en\">\n<martifHeader><fileDesc><sourceDesc><p>Written by Obelus</p></sourceDesc>\
           </fileDesc><encodingDesc><p type=\"XCSURI\">TBXBasicXCSV02.xcs</p></encodingDesc></martifHeader>\n<text><body>\n",
    concept: "termEntry",
    language: "langSet",
    term: "tig",
    foot: "</body></text>\n</martif>\n",
};

const NEW: Names = Names {
    head: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<tbx style=\"dca\" type=\"TBX-Basic\" xml:lang=\"en\" \
           xmlns=\"urn:iso:std:iso:30042:ed-2\">\n<tbxHeader><fileDesc><sourceDesc><p>Written by Obelus</p></sourceDesc>\
           </fileDesc></tbxHeader>\n<text><body>\n",
    concept: "conceptEntry",
    language: "langSec",
    term: "termSec",
    foot: "</body></text>\n</tbx>\n",
};

/// Writes entries.
pub(in crate::glossary) fn write(entries: &[Entry], format: Format) -> Result<Written, WriteError> {
    let names = if format == Format::Tbx2008 { OLD } else { NEW };
    let mut tally = Tally::default();
    let mut out = String::from(names.head);
    let mut written = 0;
    for (index, entry) in entries.iter().enumerate() {
        if !can_stand(entry) {
            tally.add(1, ("entry with a control character", "entries with a control character"));
            continue;
        }
        if !entry.source.is_empty() && entry.source_language.is_some() && entry.source_language == entry.target_language
        {
            tally.add(1, ONE_LANGUAGE);
            continue;
        }
        let missing = |side| WriteError::NoLanguage { format, side, entry: index + 1 };
        let to = entry.target_language.as_ref().ok_or_else(|| missing("target"))?;
        let from = match (&entry.source_language, entry.source.is_empty()) {
            (_, true) => None,
            (Some(from), false) => Some(from),
            (None, false) => return Err(missing("source")),
        };
        written += 1;
        concept(&mut out, entry, from, to, &names, written, &mut tally);
    }
    out.push_str(names.foot);
    Ok(Written { text: out, entries: written, left_out: tally.finish() })
}

fn can_stand(entry: &Entry) -> bool {
    let extra = entry.extra.iter().flat_map(|(name, value)| [name, value]);
    let forms = entry.admitted.iter().chain(&entry.forbidden);
    let texts = [&entry.source, &entry.target, &entry.note, &entry.domain].into_iter().chain(forms).chain(extra);
    texts.into_iter().all(|text| text.chars().all(may_stand))
}

// Writing into a `String` cannot fail.
fn concept(
    out: &mut String,
    entry: &Entry,
    from: Option<&Language>,
    to: &Language,
    names: &Names,
    number: usize,
    tally: &mut Tally,
) {
    let id = entry.extra.iter().find(|(name, _)| name == "id").map(|(_, value)| value.as_str());
    let made_up = format!("{MADE_UP}{number}");
    let _ = writeln!(out, "<{} id=\"{}\">", names.concept, escape_value(id.unwrap_or(&made_up)));
    let datum = |out: &mut String, element: &str, category: &str, value: &str| {
        let _ = write!(out, "<{element} type=\"{}\">{}</{element}>", escape_value(category), escape(value));
    };
    let begin = out.len();
    if !entry.domain.is_empty() {
        datum(out, "descrip", "subjectField", &entry.domain);
    }
    if let Some(kind) = entry.kind.map(|k| k.name()).filter(|name| !name.is_empty()) {
        datum(out, "admin", &format!("{OWN}kind"), kind);
    }
    if entry.do_not_translate {
        datum(out, "admin", &format!("{OWN}do-not-translate"), "yes");
    }
    if entry.case_sensitive {
        datum(out, "admin", &format!("{OWN}case"), "sensitive");
    }
    let (mut of_source, mut of_target) = (Vec::new(), Vec::new());
    for (name, value) in entry.extra.iter().filter(|(_, value)| !value.is_empty()) {
        let bare = name.strip_prefix(SOURCE).filter(|bare| from.is_some() && OF_TERMS.contains(bare));
        match (name.as_str(), bare) {
            ("id", _) => {}
            (_, Some(bare)) => of_source.push((bare, value)),
            ("definition", _) => datum(out, "descrip", "definition", value),
            (name, _) if OF_TERMS.contains(&name) => of_target.push((name, value)),
            (name, _) => datum(out, "admin", &format!("{COLUMN}{name}"), value),
        }
    }
    if !entry.note.is_empty() {
        let _ = write!(out, "<note>{}</note>", escape(&entry.note));
    }
    if out.len() > begin {
        out.push('\n');
    }
    let term = |out: &mut String, text: &str, status: Option<Status>, notes: &[(&str, &String)]| {
        let _ = write!(out, "<{}><term>{}</term>", names.term, escape(text));
        if let Some(status) = status {
            datum(out, "termNote", "administrativeStatus", status_name(status));
        }
        for (name, value) in notes {
            datum(out, "termNote", name, value);
        }
        let _ = write!(out, "</{}>", names.term);
    };
    if let Some(from) = from {
        let _ = write!(out, "<{} xml:lang=\"{from}\">", names.language);
        term(out, &entry.source, None, &of_source);
        let _ = writeln!(out, "</{}>", names.language);
    }
    let _ = write!(out, "<{} xml:lang=\"{to}\">", names.language);
    term(out, &entry.target, Some(entry.status), &of_target);
    let deprecated = entry.forbidden.iter().map(|form| (form, Status::Forbidden));
    for (form, status) in entry.admitted.iter().map(|form| (form, Status::Admitted)).chain(deprecated) {
        if form.trim().is_empty() {
            tally.add(1, ("empty form", "empty forms"));
            continue;
        }
        term(out, form, Some(status), &[]);
    }
    let _ = writeln!(out, "</{}>\n</{}>", names.language, names.concept);
}
