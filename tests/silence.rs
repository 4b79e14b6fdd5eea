//! Nothing that a caller sends is ever logged: canaries go in everywhere, and at the level of most chatter none comes out.

use std::io::{self, BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use obelus::serve::config::{LogFormat, LogLevel};
use obelus::serve::telemetry;
use obelus::wire::v1::catalog_service_client::CatalogServiceClient;
use obelus::wire::v1::check_service_client::CheckServiceClient;
use obelus::wire::v1::glossary_service_client::GlossaryServiceClient;
use obelus::wire::v1::{
    CheckTextRequest, Glossary, GlossaryEntry, LintGlossaryRequest, ListRulesRequest, Mask, MineGlossaryRequest,
    Options, RuleOverride, Segment, Text,
};
use tonic::transport::Channel;

const CANARY: &str = "Zwitschervogel";

/// A child that does not outlive its test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn text(content: String) -> Option<Text> {
    Some(Text { content, language_code: "en".to_owned(), ..Text::default() })
}

fn target() -> CheckTextRequest {
    let content = format!("The the {CANARY} met in {CANARY} {CANARY}. \"Unpaired {CANARY}.");
    CheckTextRequest { request_id: "the-request".to_owned(), target: text(content), ..Default::default() }
}

fn requests() -> Vec<CheckTextRequest> {
    let entry = |target: String| GlossaryEntry {
        source: format!("{CANARY}-source"),
        target,
        note: CANARY.to_owned(),
        forbidden: vec![CANARY.to_owned()],
        ..Default::default()
    };
    let glossary =
        |target: String| Some(Glossary { name: CANARY.to_owned(), entries: vec![entry(target)], ..Default::default() });
    let rule = RuleOverride { rule: format!("{CANARY}/rule"), ..Default::default() };
    let segment = Segment {
        id: CANARY.to_owned(),
        source: text(CANARY.to_owned()),
        target: text(CANARY.to_owned()),
        masks: vec![Mask { side: 0, start: 5, end: 999 }],
    };
    vec![
        target(),
        CheckTextRequest { source: text(format!("{CANARY}-source.")), ..target() },
        CheckTextRequest { inline_glossary: glossary("good".to_owned()), ..target() },
        CheckTextRequest { inline_glossary: glossary(format!("{CANARY} ").repeat(40)), ..target() },
        CheckTextRequest { options: Some(Options { rules: vec![rule], ..Default::default() }), ..target() },
        CheckTextRequest {
            options: Some(Options { style_profile: CANARY.to_owned(), ..Default::default() }),
            ..target()
        },
        CheckTextRequest { glossaries: vec![format!("glossaries/{CANARY}")], ..target() },
        CheckTextRequest {
            target: Some(Text { content: CANARY.to_owned(), language_code: CANARY.to_owned(), ..Text::default() }),
            ..Default::default()
        },
        CheckTextRequest { segments: vec![segment], ..Default::default() },
        CheckTextRequest { target: text(CANARY.repeat(10_000)), ..target() },
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn no_canary_sings_in_the_log() {
    for format in ["json", "text"] {
        let arguments =
            ["serve", "--listen", "127.0.0.1:0", "--log-level", "trace", "--log-format", format, "--max-text-bytes"];
        let mut command = Command::new(env!("CARGO_BIN_EXE_obelus"));
        command.args(arguments).arg("100000").stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut server = Server(command.spawn().expect("the program"));
        let mut errors = BufReader::new(server.0.stderr.take().expect("piped"));
        let mut heard = String::new();
        errors.read_line(&mut heard).expect("a line");
        let address = heard.trim_end().rsplit(' ').next().expect("an address").to_owned();
        let listener = std::thread::spawn(move || {
            let mut rest = String::new();
            errors.read_to_string(&mut rest).map(|_| rest)
        });
        let channel = Channel::from_shared(format!("http://{address}")).expect("an address").connect().await;
        let channel = channel.unwrap_or_else(|error| panic!("{error}: {heard}"));
        let mut client = CheckServiceClient::new(channel.clone());
        let mut codes = Vec::new();
        for request in requests() {
            codes.push(client.check_text(request).await.map_or_else(|status| status.code(), |_| tonic::Code::Ok));
        }
        assert!(codes.contains(&tonic::Code::Ok) && codes.contains(&tonic::Code::InvalidArgument), "{codes:?}");
        let filter = ListRulesRequest { family: CANARY.to_owned(), language_code: CANARY.to_owned() };
        CatalogServiceClient::new(channel.clone()).list_rules(filter).await.expect_err("no such family");
        let mut glossaries = GlossaryServiceClient::new(channel.clone());
        for request in requests() {
            let lint = LintGlossaryRequest { glossary: request.inline_glossary, ..Default::default() };
            codes.push(glossaries.lint_glossary(lint).await.map_or_else(|status| status.code(), |_| tonic::Code::Ok));
            let mine = MineGlossaryRequest { source: request.source, target: request.target, ..Default::default() };
            codes.push(glossaries.mine_glossary(mine).await.map_or_else(|status| status.code(), |_| tonic::Code::Ok));
        }
        // A method that is none, and metadata.
        let path = format!("/obelus.v1.{CANARY}/{CANARY}").parse().expect("a path");
        let mut request = tonic::Request::new(target());
        request.metadata_mut().insert("grpc-trace-bin-not", CANARY.parse().expect("ASCII"));
        let mut grpc = tonic::client::Grpc::new(channel.clone());
        grpc.ready().await.expect("connected");
        let codec = tonic_prost::ProstCodec::<CheckTextRequest, CheckTextRequest>::default();
        grpc.unary(request, path, codec).await.expect_err("no such method");
        drop((client, glossaries, grpc, channel));
        server.0.kill().expect("running");
        heard += &listener.join().expect("no panic").expect("UTF-8");
        server.0.stdout.take().expect("piped").read_to_string(&mut heard).expect("UTF-8");
        assert!(!heard.contains(CANARY), "{heard}");
        // It was not silent about what it may say.
        for wanted in ["the-request", "/obelus.v1.CheckService/CheckText", "INVALID_ARGUMENT", "findings"] {
            assert!(heard.contains(wanted), "{wanted} is missing in {heard}");
        }
    }
}

#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<u8>>>);

impl io::Write for Heard {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("whole").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_panic_tells_its_place_and_not_its_message() {
    let heard = Heard::default();
    let writer = heard.clone();
    let subscriber = telemetry::subscriber(LogFormat::Json, LogLevel::Trace, false, move || writer.clone());
    let before = std::panic::take_hook();
    telemetry::log_panics();
    tracing::subscriber::with_default(subscriber, || {
        let outcome = std::panic::catch_unwind(|| panic!("byte index 3 is inside {CANARY}"));
        assert!(outcome.is_err());
    });
    std::panic::set_hook(before);
    let heard = String::from_utf8(heard.0.lock().expect("whole").clone()).expect("UTF-8");
    assert!(heard.contains("\"level\":\"ERROR\"") && heard.contains("tests/silence.rs:"), "{heard}");
    assert!(!heard.contains(CANARY), "{heard}");
}
