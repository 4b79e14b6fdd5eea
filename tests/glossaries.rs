//! What holds for any glossary: what is written in a format and read again is the same, and a hostile file is refused with its
//! place, in time that grows with its length alone.

use std::path::Path;
use std::time::{Duration, Instant};

use obelus::article::Language;
use obelus::finding::EntityKind;
use obelus::glossary::formats::{Direction, FileError, Loaded, read_directed, read_glossary};
use obelus::glossary::{Entry, Format, Status, Wanted, write_glossary};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

fn read(text: &str, format: Format) -> Result<Loaded, FileError> {
    read_directed(Path::new("g"), text.as_bytes(), Some(Wanted::Format(format)), &Direction::default())
}

/// Forms that make careless writers stumble.
fn form() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        "[a-zA-Zа-яё]{1,9}",
        Just("“q”".to_owned()),
        Just("\"q\"".to_owned()),
        Just("a,b".to_owned()),
        Just("a;b".to_owned()),
        Just("l'eau".to_owned()),
        Just("A&B".to_owned()),
        Just("<i>x</i>".to_owned()),
        Just("&amp;x".to_owned()),
        Just("]]>x".to_owned()),
        Just("外交部".to_owned()),
        Just("e\u{301}1".to_owned()),
        Just("=1+1".to_owned()),
        Just("#1".to_owned()),
        Just("x  y".to_owned()),
    ];
    proptest::collection::vec(word, 1..3).prop_map(|words| words.join(" "))
}

fn language(tags: &'static [&'static str]) -> impl Strategy<Value = Option<Language>> {
    proptest::sample::select(tags).prop_map(|tag| Language::parse(tag).ok())
}

fn note() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), form(), Just("two\nlines, \"quoted\"".to_owned()), Just("a\r\nb".to_owned())]
}

/// Any valid entry, with both languages and a source.
fn entry() -> impl Strategy<Value = Entry> {
    let kinds =
        [None, Some(EntityKind::Person), Some(EntityKind::Place), Some(EntityKind::Work), Some(EntityKind::Term)];
    let statuses = [Status::Preferred, Status::Admitted, Status::Deprecated, Status::Forbidden];
    let forms = || proptest::collection::vec(form(), 0..3);
    let extra =
        proptest::sample::subsequence(vec!["owner", "definition", "partOfSpeech", "source termType", "a \"b\""], 0..4);
    let data = (proptest::sample::select(kinds.to_vec()), any::<bool>(), any::<bool>(), note(), form(), extra);
    (
        form(),
        form(),
        language(&["ru", "zh"]),
        language(&["en", "en-GB", "de"]),
        proptest::sample::select(statuses.to_vec()),
        forms(),
        forms(),
        data,
    )
        .prop_map(|(source, target, source_language, target_language, status, admitted, forbidden, data)| {
            let (kind, do_not_translate, case_sensitive, note, domain, extra) = data;
            let mut entry = Entry {
                source,
                target,
                source_language,
                target_language,
                status,
                admitted,
                forbidden,
                kind,
                do_not_translate,
                case_sensitive,
                note,
                domain,
                extra: extra.into_iter().map(|name| (name.to_owned(), "x & <y>".to_owned())).collect(),
            };
            // Neither wanted twice nor wanted and forbidden.
            let mut seen = vec![entry.target.clone()];
            let mut keep = |list: &mut Vec<String>| {
                list.retain(|form| {
                    let fresh = !seen.contains(form);
                    seen.push(form.clone());
                    fresh
                });
            };
            keep(&mut entry.admitted);
            keep(&mut entry.forbidden);
            entry
        })
        .prop_filter("valid", |entry| entry.validate().is_ok())
}

/// The entry as a table of two columns has it.
fn plain(entry: &Entry, languages: bool) -> Entry {
    let mut plain = Entry { source: entry.source.clone(), target: entry.target.clone(), ..Entry::default() };
    if languages {
        plain.source_language.clone_from(&entry.source_language);
        plain.target_language.clone_from(&entry.target_language);
    }
    plain
}

/// Entries of one pair, each source once, all to be used.
fn for_services(entries: Vec<Entry>) -> Vec<Entry> {
    let mut seen = std::collections::BTreeSet::new();
    let one = |tag| Language::parse(tag).ok();
    let of_one_pair =
        |e: Entry| Entry { source_language: one("ru"), target_language: one("en"), status: Status::Preferred, ..e };
    entries.into_iter().filter(|e| seen.insert(e.source.clone())).map(of_one_pair).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, rng_seed: RngSeed::Fixed(7), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tbx_gives_back_what_it_was_given(entries in proptest::collection::vec(entry(), 0..6)) {
        for format in [Format::Tbx2008, Format::Tbx2019] {
            let written = write_glossary(&entries, format).expect("languages are there");
            prop_assert!(written.left_out.is_empty() && written.entries == entries.len(), "{written:?}");
            let again = read(&written.text, format).map_err(|e| TestCaseError::fail(format!("{e}\n{}", written.text)))?;
            prop_assert_eq!(again.entries.len(), entries.len());
            for (again, mut before) in again.entries.into_iter().zip(entries.clone()) {
                // What has a category of its own in TBX stands in its place there, so the order is another.
                let mut after = again;
                before.extra.sort();
                after.extra.sort();
                // XML has but one line end; a reference keeps the other.
                prop_assert_eq!(after, before);
            }
        }
    }

    #[test]
    fn our_csv_gives_back_what_it_was_given(entries in proptest::collection::vec(entry(), 0..6)) {
        let mut entries = entries;
        for entry in &mut entries {
            // The two share a column where the status is not the usual one.
            entry.do_not_translate &= entry.kind.is_none() || entry.status == Status::Preferred;
        }
        let written = write_glossary(&entries, Format::Csv).expect("any entries");
        prop_assert!(written.left_out.is_empty(), "{written:?}");
        let again = read(&written.text, Format::Csv).map_err(|e| TestCaseError::fail(format!("{e}\n{}", written.text)))?;
        for (mut after, mut before) in again.entries.into_iter().zip(entries) {
            before.extra.sort();
            after.extra.sort();
            prop_assert_eq!(after, before);
        }
    }

    #[test]
    fn the_services_tables_give_back_what_they_hold(entries in proptest::collection::vec(entry(), 1..6)) {
        let entries = for_services(entries);
        for format in [Format::DeeplCsv, Format::DeeplTsv, Format::GoogleTsv, Format::AwsCsv, Format::GoogleCsv] {
            let written = write_glossary(&entries, format).expect("one pair");
            let again = read(&written.text, format).map_err(|e| TestCaseError::fail(format!("{format}: {e}\n{}", written.text)))?;
            let languages = !matches!(format, Format::DeeplTsv | Format::GoogleTsv);
            let wanted: Vec<Entry> = entries.iter().map(|entry| {
                let mut wanted = plain(entry, languages);
                if format == Format::GoogleCsv {
                    wanted.note.clone_from(&entry.note);
                    wanted.extra = entry.extra.iter().filter(|(name, _)| name == "partOfSpeech").cloned().collect();
                }
                wanted
            }).collect();
            prop_assert_eq!(again.entries, wanted, "{}", format);
        }
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "[<>/a-z\"'=&;#!\\[\\]? \n\t,|]{0,200}") {
        for wanted in std::iter::once(Wanted::Tbx).chain(Format::ALL.map(Wanted::Format)) {
            let _ = read_glossary(Path::new("g"), &bytes, Some(wanted));
            let _ = read_glossary(Path::new("g"), text.as_bytes(), Some(wanted));
        }
        let _ = read_glossary(Path::new("g"), text.as_bytes(), None);
    }
}

const HEAD: &str = "<martif type=\"TBX\"><text><body>\n";

fn concept(number: usize) -> String {
    format!(
        "<termEntry id=\"c{number}\"><langSet xml:lang=\"ru\"><tig><term>слово{number}</term></tig></langSet>\n\
         <langSet xml:lang=\"en\"><tig><term>word{number}</term><termNote type=\"partOfSpeech\">noun</termNote></tig></langSet></termEntry>\n"
    )
}

/// A good file of some length.
fn tbx(concepts: usize) -> String {
    let body: String = (0..concepts).map(concept).collect();
    format!("{HEAD}{body}</body></text></martif>")
}

fn refused(text: &str) -> (FileError, Duration) {
    let started = Instant::now();
    let error = read_glossary(Path::new("g.tbx"), text.as_bytes(), None).expect_err("hostile");
    (error, started.elapsed())
}

#[test]
fn hostile_xml_is_refused_with_its_place() {
    let laughs: String =
        (1..10).map(|i| format!("<!ENTITY l{i} \"{}\">\n", format!("&l{};", i - 1).repeat(10))).collect();
    let laughs =
        format!("<?xml version=\"1.0\"?>\n<!DOCTYPE martif [\n<!ENTITY l0 \"lol\">\n{laughs}]>\n<martif>&l9;</martif>");
    let outside = "<!DOCTYPE martif [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><martif>&x;</martif>";
    let good = tbx(40);
    let cut: Vec<String> = [50, 200, 777].iter().map(|&n| good.chars().take(n).collect()).collect();
    let table = [
        (laughs, 2, "the DOCTYPE defines something of its own"),
        (outside.to_owned(), 1, "the DOCTYPE defines something of its own"),
        (format!("{HEAD}{}", "<a>".repeat(500_000)), 2, "elements stand 64 deep"),
        (format!("{HEAD}{}", "x".repeat(2_000_000)), 2, "the file ends within <body>"),
        (format!("{HEAD}<termEntry {}>", "a=\"b\" ".repeat(100_000)), 2, "stands here twice"),
        (format!("{HEAD}<!--{}", "-".repeat(1_000_000)), 2, "a comment has no end"),
        (format!("{HEAD}&{};", "a".repeat(1_000_000)), 2, "a bare &"),
        (format!("{HEAD}<termEntry id=\"{}", "a".repeat(1_000_000)), 2, "has no closing"),
        (cut[0].clone(), 2, "the file ends within"),
        (cut[1].clone(), 3, "the file ends within"),
        (cut[2].clone(), 7, "the file ends within"),
    ];
    for (text, line, problem) in table {
        let (error, spent) = refused(&text);
        assert!(error.problem.contains(problem), "{}: {}", &text[..40], error.problem);
        assert!(error.line >= line && error.character.is_some(), "{problem}: {error:?}");
        assert!(spent < Duration::from_secs(2), "{problem}: {spent:?}");
    }
}

/// Ten times the file costs about ten times the time: on one line, on many, with long terms.
#[test]
fn reading_costs_in_proportion() {
    let time = |text: &str| {
        let started = Instant::now();
        let loaded = read_glossary(Path::new("g.tbx"), text.as_bytes(), None).expect("good");
        (loaded.entries.len(), started.elapsed())
    };
    for shape in [tbx, |n| tbx(n).replace('\n', " ")] {
        let (small, large) = (shape(300), shape(6_000));
        let (entries, first) = time(&small);
        let (more, second) = time(&large);
        assert_eq!((entries, more), (600, 12_000));
        assert!(second < first * 200 + Duration::from_millis(500), "{first:?}, {second:?}");
    }
}
