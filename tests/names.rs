//! The likeness of the pairs in `names.tsv`: those that are one name are at or above 0.5, the others below. A pair that is
//! judged wrongly is marked `wrong` there, so that the table tells what is not yet known; it has to be unmarked once it is.

use obelus::article::Language;
use obelus::names::{likeness, romanise, same_script_likeness, scheme_of};

fn language(tag: &str) -> Language {
    Language::parse(tag).expect(tag)
}

#[test]
fn pairs_are_told_apart() {
    let table = include_str!("names.tsv");
    let mut wrong = Vec::new();
    let (mut right, mut all) = (0, 0);
    for line in table.lines().skip(3) {
        let [tag, name, spelling, one, known] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}: not five fields");
        };
        let like = likeness(name, &language(tag), spelling);
        assert!((0.0..=1.0).contains(&like), "{line}: {like}");
        let is_right = (like >= 0.5) == (one == "yes");
        all += 1;
        right += usize::from(is_right);
        if is_right != (known == "right") {
            wrong.push(format!("{line}: {like:.3}"));
        }
    }
    assert!(wrong.is_empty(), "marked otherwise than judged:\n{}", wrong.join("\n"));
    assert!(all > 400 && right * 100 >= all * 88, "{right} of {all} are right");
}

#[test]
fn what_is_no_name_is_like_none() {
    for (tag, name, spelling) in [
        ("ru", "", "Putin"),
        ("ru", "Путин", ""),
        ("ru", "—", "Putin"),
        ("ru", "Путин", "123"),
        ("ru", "田中", "Tanaka"),
        ("ar", "ⵣⵣⵣ", "Zaz"),
        ("qaa", "Путин", "Putin"),
        ("zh", "𠮷𠮷", "Ji"),
    ] {
        assert_eq!(likeness(name, &language(tag), spelling), 0.0, "{tag} {name} {spelling}");
    }
    assert_eq!(same_script_likeness("", ""), 0.0);
    assert_eq!(same_script_likeness("Åsa", "asa"), 1.0);
}

#[test]
fn long_and_odd_names_are_borne() {
    let long = "Щ".repeat(10_000);
    for tag in ["ru", "uk", "ar", "he", "zh", "ja", "ko", "el", "en"] {
        for name in [long.as_str(), "а-б в·г", "\u{301}\u{301}", "'", "مُحَمَّد", "שָׁלוֹם", "김", "ㄱ", "ーー"]
        {
            for spelling in ["a", "Shch", &"x".repeat(10_000), "O’Brien-Смит", "\u{0}"] {
                let like = likeness(name, &language(tag), spelling);
                assert!((0.0..=1.0).contains(&like), "{tag} {name} {spelling}: {like}");
                let _ = (romanise(name, &language(tag)), scheme_of(name, &language(tag), spelling));
            }
        }
    }
}

#[test]
fn likeness_within_a_script_looks_the_same_from_both_sides() {
    for (a, b) in [("Sergei", "Sergey"), ("Ivanov", "Petrov"), ("Müller", "Mueller")] {
        assert_eq!(same_script_likeness(a, b).to_bits(), same_script_likeness(b, a).to_bits(), "{a} {b}");
    }
}
