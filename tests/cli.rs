//! The command line, as people meet it: the cases are `tests/cmd/*.trycmd`.
//!
//! After an intended change: `TRYCMD=overwrite cargo test --test cli`, and read the difference.

use std::io::Write as _;
use std::process::{Command, Stdio};

#[test]
fn commands() {
    trycmd::TestCases::new().case("tests/cmd/*.trycmd");
}

fn obelus() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_obelus"));
    command.env_remove("OBELUS_CONFIG").stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[test]
fn a_reader_who_leaves_is_no_error() {
    let mut child = obelus().args(["check", "-", "--to", "en"]).stdin(Stdio::piped()).spawn().expect("it starts");
    drop(child.stdout.take());
    let text = "On may 3 the the end came. ".repeat(5_000);
    child.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
}

#[test]
fn jobs_change_nothing_but_the_time() {
    let row = |i: usize| {
        format!(
            "{{\"id\":\"{i}\",\"doc\":\"{}\",\"target_language\":\"en\",\"target\":\"On may {} the the end came.\"}}\n",
            i / 3,
            i % 28 + 1
        )
    };
    let rows: String = (0..600).map(row).collect();
    let path = std::env::temp_dir().join(format!("obelus-rows-{}.jsonl", std::process::id()));
    std::fs::write(&path, &rows).expect("a file");
    let run = |jobs: &str| {
        let output =
            obelus().args(["check", "--input-format", "jsonl", "--jobs", jobs]).arg(&path).output().expect("it runs");
        assert!(output.status.success(), "{output:?}");
        output.stdout
    };
    let (one, four) = (run("1"), run("4"));
    std::fs::remove_file(&path).expect("the file is ours");
    assert_eq!(one, four);
    let ids: Vec<String> = String::from_utf8(one)
        .expect("UTF-8")
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).expect("JSON")["requestId"]
                .as_str()
                .expect("an id")
                .to_owned()
        })
        .collect();
    assert_eq!(ids, (0..600).map(|i| i.to_string()).collect::<Vec<_>>());
}

#[test]
fn a_variable_stands_between_flag_and_file() {
    let folder = std::env::temp_dir().join(format!("obelus-config-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("below")).expect("a folder");
    std::fs::write(folder.join("obelus.toml"), "[check]\nto = \"en\"\nmin-confidence = 0.99\n").expect("a file");
    std::fs::write(folder.join("below/a.txt"), "The the end came on may 3.\n").expect("a file");
    let found = |variable: Option<&str>, flag: Option<&str>| {
        let mut command = obelus();
        command.current_dir(folder.join("below")).args(["check", "a.txt", "--format", "json"]);
        if let Some(value) = variable {
            command.env("OBELUS_MIN_CONFIDENCE", value);
        }
        if let Some(value) = flag {
            command.args(["--min-confidence", value]);
        }
        let output = command.output().expect("it runs");
        let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        answer["findings"].as_array().map_or(0, Vec::len)
    };
    assert_eq!((found(None, None), found(Some("0.5"), None), found(Some("0.5"), Some("0.99"))), (0, 2, 0));
    std::fs::remove_dir_all(&folder).expect("the folder is ours");
}

#[test]
fn names_that_every_desk_knows_can_be_left_out() {
    let folder = std::env::temp_dir().join(format!("obelus-desk-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("a.ru.txt"), "Переговоры прошли в Женеве.\n").expect("a file");
    std::fs::write(folder.join("a.en.txt"), "The talks were held in Zheneva.\n").expect("a file");
    let run = |flag: Option<&str>, variable: Option<&str>| {
        let mut command = obelus();
        command.current_dir(&folder).args(["check", "a.en.txt", "--source", "a.ru.txt", "--from", "ru", "--to", "en"]);
        command.args(["--format", "json"]).args(flag);
        if let Some(value) = variable {
            command.env("OBELUS_NO_BUILTIN_GLOSSARY", value);
        }
        let output = command.output().expect("it runs");
        let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let found = answer["findings"].as_array().map_or(0, Vec::len);
        (found, answer["coverage"]["glossaries"].as_array().map_or(0, Vec::len))
    };
    assert_eq!(run(None, None), (1, 1));
    assert_eq!(run(Some("--no-builtin-glossary"), None), (0, 0));
    assert_eq!(run(None, Some("true")), (0, 0));
    assert_eq!(run(None, Some("false")), (1, 1));
    std::fs::write(folder.join("obelus.toml"), "[check]\nno-builtin-glossary = true\n").expect("a file");
    assert_eq!(run(None, None), (0, 0));
    std::fs::remove_dir_all(&folder).expect("the folder is ours");
}

/// What the README shows is what the program prints.
#[test]
fn the_readme_shows_a_real_run() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).expect("a README");
    let picture = readme.split("<!-- picture -->").nth(1).and_then(|rest| rest.split("<!-- /picture -->").next());
    let mut lines = picture.expect("markers").lines().filter(|line| !line.starts_with("```") && !line.is_empty());
    let command = lines.next().and_then(|line| line.strip_prefix("$ obelus ")).expect("a command");
    let output = obelus().current_dir(root).args(command.split(' ')).output().expect("it runs");
    let printed = String::from_utf8(output.stdout).expect("UTF-8");
    let mut rest = printed.lines();
    for line in lines.filter(|line| *line != "…") {
        assert!(
            rest.any(|printed| printed == line),
            "the README shows a line that the program no longer prints:\n{line}"
        );
    }
}
