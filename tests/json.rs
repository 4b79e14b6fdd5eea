//! The same answer from the server, through grpcurl and reflection, and from the command line: one JSON.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// Ends the server when the test ends, however it ends.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn grpcurl() -> Option<PathBuf> {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let places = [Some(PathBuf::from("grpcurl")), home.map(|home| home.join("go/bin/grpcurl"))];
    let runs = |path: &PathBuf| Command::new(path).arg("-version").output().is_ok_and(|o| o.status.success());
    places.into_iter().flatten().find(runs)
}

fn start() -> (Server, String) {
    // The port is given back before the server takes it; nobody else on the machine asks for ports meanwhile.
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
    let address = format!("127.0.0.1:{port}");
    let mut server = Command::new(env!("CARGO_BIN_EXE_obelus"))
        .args(["serve", "--listen", &address, "--glossary", "examples/glossary.csv"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stderr(Stdio::piped())
        .spawn()
        .map(Server)
        .expect("the server starts");
    let mut lines = BufReader::new(server.0.stderr.take().expect("a pipe")).lines();
    let ready = lines.find(|line| line.as_ref().is_ok_and(|line| line.contains("listening")));
    assert!(ready.is_some(), "the server never said that it listens");
    std::thread::spawn(move || lines.for_each(drop));
    (server, address)
}

#[test]
fn grpcurl_and_the_command_line_give_the_same_answer() {
    let Some(grpcurl) = grpcurl() else {
        println!("SKIPPED: grpcurl is not here (go install github.com/fullstorydev/grpcurl/cmd/grpcurl@latest)");
        eprintln!("SKIPPED: grpcurl is not here");
        return;
    };
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples");
    let read = |name: &str| std::fs::read_to_string(root.join(name)).expect(name);
    let (_server, address) = start();
    for (encoding, flag) in
        [("OFFSET_ENCODING_UTF8", "utf8"), ("OFFSET_ENCODING_UTF16", "utf16"), ("OFFSET_ENCODING_UTF32", "utf32")]
    {
        let request = json!({
            "source": { "content": read("article.ru.txt"), "languageCode": "ru" },
            "target": { "content": read("article.en.txt"), "languageCode": "en" },
            "options": { "offsetEncoding": encoding, "includeEntities": true, "minConfidence": 0.3 },
        });
        let mut call = Command::new(&grpcurl)
            .args(["-plaintext", "-d", "@", &address, "obelus.v1.CheckService/CheckText"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("grpcurl starts");
        call.stdin.take().expect("a pipe").write_all(request.to_string().as_bytes()).expect("grpcurl reads");
        let output = call.wait_with_output().expect("grpcurl ends");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let served: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let printed = Command::new(env!("CARGO_BIN_EXE_obelus"))
            .current_dir(&root)
            .args(["check", "article.en.txt", "--source", "article.ru.txt", "--from", "ru", "--to", "en"])
            .args([
                "--glossary",
                "glossary.csv",
                "--format",
                "json",
                "--offset-encoding",
                flag,
                "--entities",
                "--min-confidence",
                "0.3",
            ])
            .output()
            .expect("it runs");
        let printed: Value = serde_json::from_slice(&printed.stdout).expect("JSON");
        assert!(served["findings"].as_array().is_some_and(|f| f.len() > 5), "{served:#}");
        assert!(same(&served, &printed), "{served:#}\n{printed:#}");
    }
}

/// Equal, where 1 and 1.0 are one number: JSON has but one kind, and Go prints the shorter.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        (a, b) => a == b,
    }
}
