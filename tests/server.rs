//! A real server on a port of its own, asked by a tonic client: answers, refusals with their details, health, reflection,
//! draining.

use std::net::SocketAddr;
use std::time::Duration;

use obelus::serve::glossaries::Glossaries;
use obelus::serve::listeners::Listeners;
use obelus::serve::{self, ServeConfig, ServeError};
use obelus::wire::v1::catalog_service_client::CatalogServiceClient;
use obelus::wire::v1::check_service_client::CheckServiceClient;
use obelus::wire::v1::glossary_service_client::GlossaryServiceClient;
use obelus::wire::v1::{
    CheckTextRequest, GetServerInfoRequest, Glossary, GlossaryEntry, GlossaryLintKind, LintGlossaryRequest,
    ListRulesRequest, MineGlossaryRequest, Options, Pattern, RuleOverride, Segment, Text,
};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tonic::codec::CompressionEncoding;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Status};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
use tonic_reflection::pb::v1::{ServerReflectionRequest, ServerReflectionResponse};
use tonic_types::{ErrorDetails, StatusExt as _};

struct Running {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    ended: JoinHandle<Result<(), ServeError>>,
}

impl Running {
    async fn start(config: ServeConfig) -> Self {
        let config = ServeConfig { listen: "127.0.0.1:0".to_owned(), ..config };
        config.validate().expect("a good configuration");
        let glossaries = Glossaries::load(&config.glossaries).expect("good glossaries");
        let glossaries = glossaries.with_builtin(!config.no_builtin_glossary);
        let listeners = Listeners::bind(&config).await.expect("a free port");
        let address = listeners.tcp_address().expect("a port");
        let (stop, stopped) = oneshot::channel::<()>();
        let ended = tokio::spawn(async move {
            serve::run(&config, glossaries, listeners, async {
                let _ = stopped.await;
            })
            .await
        });
        Self { address, stop: Some(stop), ended }
    }

    async fn channel(&self) -> Channel {
        let endpoint = Channel::from_shared(format!("http://{}", self.address)).expect("a good address");
        endpoint.connect().await.expect("a server")
    }

    async fn glossaries(&self) -> GlossaryServiceClient<Channel> {
        GlossaryServiceClient::new(self.channel().await)
    }

    async fn checks(&self) -> CheckServiceClient<Channel> {
        CheckServiceClient::new(self.channel().await)
    }

    fn stop(&mut self) {
        let _ = self.stop.take().expect("not stopped yet").send(());
    }

    async fn end(self) {
        let ended = tokio::time::timeout(Duration::from_secs(10), self.ended).await;
        ended.expect("ends soon").expect("does not panic").expect("ends well");
    }
}

fn text(content: &str, language: &str) -> Option<Text> {
    Some(Text { content: content.to_owned(), language_code: language.to_owned(), ..Text::default() })
}

fn english(content: &str) -> CheckTextRequest {
    CheckTextRequest { target: text(content, "en"), ..Default::default() }
}

/// Keeps a check busy: for two seconds in a debug build, for some tenths of one in a release build.
fn long_request() -> CheckTextRequest {
    let paragraph = "The evening was quiet. Nobody came to the door, and after an hour we went home again.\n\n";
    CheckTextRequest { request_id: "long".to_owned(), ..english(&paragraph.repeat(1_900_000 / paragraph.len())) }
}

fn details(status: &Status, code: Code, reason: &str) -> ErrorDetails {
    assert_eq!(status.code(), code, "{status:?}");
    let details = status.get_error_details();
    let info = details.error_info().expect("ErrorInfo always");
    assert_eq!((info.reason.as_str(), info.domain.as_str()), (reason, "obelus"));
    details
}

fn fields(details: &ErrorDetails) -> Vec<&str> {
    details.bad_request().map_or(Vec::new(), |bad| bad.field_violations.iter().map(|v| v.field.as_str()).collect())
}

#[tokio::test]
async fn checks_a_text_and_says_where_the_time_went() {
    let server = Running::start(ServeConfig::default()).await;
    let request = CheckTextRequest { request_id: "r1".to_owned(), ..english("They met in the the city.") };
    let mut client =
        server.checks().await.send_compressed(CompressionEncoding::Gzip).accept_compressed(CompressionEncoding::Gzip);
    let response = client.check_text(request).await.expect("an answer");
    let timing = response.metadata().get("obelus-timing").expect("timing").to_str().expect("in ASCII").to_owned();
    assert!(timing.contains("rules;dur=") && timing.contains(", total;dur="), "{timing}");
    let answer = response.into_inner();
    assert_eq!(answer.request_id, "r1");
    assert_eq!(answer.findings.iter().map(|f| f.rule_id.as_str()).collect::<Vec<_>>(), ["word/doubled"]);
    assert_eq!(answer.findings[0].range.as_ref().map(|r| r.quote.as_str()), Some("the the"));
}

#[tokio::test]
async fn segments_are_estimated_and_words_if_that_is_asked_for() {
    use obelus::wire::v1::{TokenLogProbability, Triage, TriageThresholds};
    let server = Running::start(ServeConfig::default()).await;
    let segment = |id: &str, target: &str| Segment {
        id: id.to_owned(),
        source: text("Die Minister trafen sich am Montag in der Hauptstadt.", "de"),
        target: text(target, "en"),
        ..Default::default()
    };
    let segments =
        vec![segment("a", "The ministers met in the capital on Monday."), segment("b", "The car has a red door.")];
    let asked = |options: Options| CheckTextRequest {
        segments: segments.clone(),
        options: Some(options),
        ..Default::default()
    };
    let mut client = server.checks().await;
    let answer = client.check_text(asked(Options::default())).await.expect("an answer").into_inner();
    let ids: Vec<&str> = answer.segments.iter().map(|s| s.segment_id.as_str()).collect();
    assert_eq!((ids, answer.token_scores.len()), (vec!["a", "b"], 0));
    for segment in &answer.segments {
        let quality = segment.estimated_quality;
        assert!((0.0..=1.0).contains(&quality) && segment.low <= quality && quality <= segment.high, "{segment:?}");
        assert_eq!(segment.range.as_ref().map(|r| r.start), Some(0));
    }
    // Whoever publishes everything is told to; whoever publishes nothing is not.
    for (publish, retranslate, triage) in [(0.0, 0.0, Triage::Publish), (1.0, 1.0, Triage::Retranslate)] {
        let thresholds = TriageThresholds { publish: Some(publish), retranslate: Some(retranslate) };
        let options = Options { triage: Some(thresholds), include_token_scores: true, ..Default::default() };
        let answer = client.check_text(asked(options)).await.expect("an answer").into_inner();
        assert!(answer.segments.iter().all(|s| s.triage() == triage), "{:?}", answer.segments);
        assert!(answer.token_scores.iter().all(|t| (0.0..=1.0).contains(&t.probability)));
        assert!(answer.token_scores.len() >= 14, "every word has a score: {}", answer.token_scores.len());
    }
    // What is wrong is named.
    let token = |start, end, log_probability| TokenLogProbability { start, end, log_probability };
    let target = Text {
        content: "They met.".to_owned(),
        language_code: "en".to_owned(),
        log_probabilities: vec![token(0, 4, -0.2), token(5, 99, -0.2), token(0, 4, 0.5)],
    };
    let source = Text { log_probabilities: vec![token(0, 1, -1.0)], ..text("Sie trafen sich.", "de").expect("a text") };
    let thresholds = TriageThresholds { publish: Some(0.3), retranslate: Some(0.6) };
    let options = Options { triage: Some(thresholds), ..Default::default() };
    let request =
        CheckTextRequest { source: Some(source), target: Some(target), options: Some(options), ..Default::default() };
    let status = client.check_text(request).await.expect_err("four faults");
    let details = details(&status, Code::InvalidArgument, "INVALID_REQUEST");
    assert_eq!(
        fields(&details),
        [
            "options.triage.retranslate",
            "source.log_probabilities",
            "target.log_probabilities[1]",
            "target.log_probabilities[2].log_probability"
        ]
    );
}

fn lint_request(entries: &[(&str, &str, &str)]) -> LintGlossaryRequest {
    let entry = |&(source, target, forbidden): &(&str, &str, &str)| GlossaryEntry {
        source: source.to_owned(),
        target: target.to_owned(),
        forbidden: Some(forbidden.to_owned()).filter(|f| !f.is_empty()).into_iter().collect(),
        ..Default::default()
    };
    let glossary = Glossary {
        entries: entries.iter().map(entry).collect(),
        source_language: "ru".to_owned(),
        target_language: "en".to_owned(),
        ..Default::default()
    };
    LintGlossaryRequest { request_id: "g1".to_owned(), glossary: Some(glossary) }
}

#[tokio::test]
async fn lints_a_glossary() {
    let server = Running::start(ServeConfig { max_glossary_entries: 3, ..ServeConfig::default() }).await;
    let mut client = server.glossaries().await;
    let answer = client.lint_glossary(lint_request(&[("мир", "peace", "the"), ("мир", "peace", "")])).await;
    let answer = answer.expect("an answer").into_inner();
    assert_eq!((answer.request_id.as_str(), answer.entries), ("g1", 2));
    let lints: Vec<_> = answer.lints.iter().map(|l| (l.kind(), l.entry, l.other_entry)).collect();
    assert_eq!(lints, [(GlossaryLintKind::AlarmProne, 0, None), (GlossaryLintKind::Duplicate, 1, Some(0))]);
    let clean = client.lint_glossary(lint_request(&[("мир", "peace", "")])).await.expect("an answer").into_inner();
    assert!(clean.lints.is_empty());
    let table = [
        (lint_request(&[]), "INVALID_REQUEST", "glossary.entries"),
        (LintGlossaryRequest::default(), "INVALID_REQUEST", "glossary.entries"),
        (lint_request(&[("мир", "peace", ""), ("сон", "", "")]), "INVALID_REQUEST", "glossary.entries[1]"),
        (lint_request(&[("a", "b", ""); 4]), "LIMIT_EXCEEDED", "glossary.entries"),
    ];
    for (request, reason, field) in table {
        let status = client.lint_glossary(request).await.expect_err(field);
        assert_eq!(fields(&details(&status, Code::InvalidArgument, reason)), [field]);
    }
    let mut request = lint_request(&[("a", "b", "")]);
    request.glossary.get_or_insert_default().target_language = "english".to_owned();
    let status = client.lint_glossary(request).await.expect_err("no language");
    assert_eq!(fields(&details(&status, Code::InvalidArgument, "INVALID_REQUEST")), ["glossary.target_language"]);
}

#[tokio::test]
async fn mines_a_text_and_its_translation() {
    let server = Running::start(ServeConfig { max_text_bytes: 2_000, ..ServeConfig::default() }).await;
    let mut client = server.glossaries().await;
    let source = "Терминал закрыт.\n\nДорога размыта.\n\nТерминал откроют.\n\nБаржи пришли.\n\nБыло тихо.";
    let target =
        "The terminal is closed.\n\nThe road is gone.\n\nThe terminal will open.\n\nBarges came.\n\nAll was quiet.";
    let request = MineGlossaryRequest {
        request_id: "m1".to_owned(),
        source: text(source, "ru"),
        target: text(target, "en"),
        ..Default::default()
    };
    let answer = client.mine_glossary(request.clone()).await.expect("an answer").into_inner();
    assert_eq!((answer.source_language.as_str(), answer.target_language.as_str()), ("ru", "en"));
    let found: Vec<_> = answer.candidates.iter().map(|c| (c.source.as_str(), c.target.as_str(), c.together)).collect();
    assert_eq!(found, [("терминал", "terminal", 2)]);
    let none = MineGlossaryRequest { max_candidates: Some(0), ..request.clone() };
    assert!(client.mine_glossary(none).await.expect("an answer").into_inner().candidates.is_empty());
    let table = [
        (MineGlossaryRequest { source: None, ..request.clone() }, "INVALID_REQUEST", "source.content"),
        (MineGlossaryRequest { target: text("x", "xx"), ..request.clone() }, "INVALID_REQUEST", "target.language_code"),
        (MineGlossaryRequest { min_score: Some(1.5), ..request.clone() }, "INVALID_REQUEST", "min_score"),
        (MineGlossaryRequest { min_score: Some(f64::NAN), ..request.clone() }, "INVALID_REQUEST", "min_score"),
        (MineGlossaryRequest { max_candidates: Some(70_000), ..request.clone() }, "INVALID_REQUEST", "max_candidates"),
        (MineGlossaryRequest { request_id: "x".repeat(300), ..request.clone() }, "INVALID_REQUEST", "request_id"),
        (MineGlossaryRequest { target: text(&"long ".repeat(400), ""), ..request }, "LIMIT_EXCEEDED", "target.content"),
    ];
    for (request, reason, field) in table {
        let status = client.mine_glossary(request).await.expect_err(field);
        assert_eq!(fields(&details(&status, Code::InvalidArgument, reason)), [field]);
    }
}

#[tokio::test]
async fn a_request_that_is_wrong_is_told_where() {
    let server = Running::start(ServeConfig { max_text_bytes: 100, ..ServeConfig::default() }).await;
    let mut client = server.checks().await;
    let rule = |rule: &str, severity: i32| Options {
        rules: vec![RuleOverride { rule: rule.to_owned(), severity, ..Default::default() }],
        ..Default::default()
    };
    let options = |options: Options| CheckTextRequest { options: Some(options), ..english("Fine.") };
    let segment = Segment { id: "1".to_owned(), target: text("Fine.", ""), ..Default::default() };
    let table = [
        (CheckTextRequest { target: text("Fine.", "english"), ..Default::default() }, "target.language_code"),
        (CheckTextRequest { source: text("Хорошо.", "xx"), ..english("Fine.") }, "source.language_code"),
        (CheckTextRequest { segments: vec![segment], ..english("Fine.") }, "target"),
        (CheckTextRequest::default(), "target"),
        (options(Options { offset_encoding: 77, ..Default::default() }), "options.offset_encoding"),
        (options(rule("term", -5)), "options.rules[0].severity"),
        (options(rule("term/forbiden", 0)), "options.rules[0].rule"),
    ];
    for (request, field) in table {
        let status = client.check_text(request).await.expect_err(field);
        assert_eq!(fields(&details(&status, Code::InvalidArgument, "INVALID_REQUEST")), [field]);
    }
    let status = client.check_text(english(&"long ".repeat(21))).await.expect_err("too long");
    let details = details(&status, Code::InvalidArgument, "LIMIT_EXCEEDED");
    assert_eq!(fields(&details), ["target.content"]);
    assert!(details.quota_failure().is_none());
}

#[tokio::test]
async fn a_glossary_is_used_by_name_and_missed_by_name() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/glossary.csv").into();
    let server = Running::start(ServeConfig { glossaries: vec![path], ..ServeConfig::default() }).await;
    let mut client = server.checks().await;
    let named = |name: &str| CheckTextRequest { glossaries: vec![name.to_owned()], ..english("They met in the city.") };
    let answer = client.check_text(named("glossaries/glossary")).await.expect("it is here").into_inner();
    assert_eq!(answer.coverage.map(|c| c.glossaries), Some(vec!["glossaries/glossary".to_owned()]));
    let status = client.check_text(named("glossaries/none")).await.expect_err("it is not here");
    let details = details(&status, Code::NotFound, "GLOSSARY_NOT_FOUND");
    assert_eq!(details.resource_info().map(|r| r.resource_name.as_str()), Some("glossaries/none"));
}

#[tokio::test]
async fn names_that_every_desk_knows_are_left_out_by_a_request_and_by_the_server() {
    let text = |content: &str, language: &str| {
        Some(Text { content: content.to_owned(), language_code: language.to_owned(), ..Text::default() })
    };
    let request = |no_builtin_glossary| CheckTextRequest {
        source: text("Переговоры прошли в Женеве.", "ru"),
        target: text("The talks were held in Zheneva.", "en"),
        options: Some(Options { no_builtin_glossary, ..Options::default() }),
        ..CheckTextRequest::default()
    };
    for (server_without, request_without, findings) in [(false, false, 1), (false, true, 0), (true, false, 0)] {
        let config = ServeConfig { no_builtin_glossary: server_without, ..ServeConfig::default() };
        let server = Running::start(config).await;
        let answer = server.checks().await.check_text(request(request_without)).await.expect("an answer").into_inner();
        assert_eq!(answer.findings.len(), findings, "{server_without} {request_without}");
    }
}

#[tokio::test]
async fn a_request_brings_patterns_and_is_told_which_cannot_be_matched() {
    let server = Running::start(ServeConfig::default()).await;
    let pattern = |target: &str| Pattern {
        name: "n".to_owned(),
        target: target.to_owned(),
        message: "Not here.".to_owned(),
        repair: Some("<$1>".to_owned()),
        ..Default::default()
    };
    let request = |patterns: Vec<Pattern>| CheckTextRequest {
        options: Some(Options { patterns, ..Default::default() }),
        ..english("They met on Friday.")
    };
    let mut checks = server.checks().await;
    let answer = checks.check_text(request(vec![pattern("(met) on")])).await.expect("an answer").into_inner();
    let found = &answer.findings[0];
    assert_eq!((found.rule_id.as_str(), found.message.as_str()), ("custom/pattern", "Not here."));
    assert_eq!(found.suggestions[0].edits[0].replacement, "<met>");
    let error = checks.check_text(request(vec![pattern("(met) on"), pattern(r"(a)\1")])).await.expect_err("no");
    let details = details(&error, Code::InvalidArgument, "INVALID_REQUEST");
    assert_eq!(fields(&details), ["options.patterns[1].target"]);
}

#[tokio::test]
async fn the_catalog_tells_rules_and_limits() {
    let server = Running::start(ServeConfig { max_segments: 17, ..ServeConfig::default() }).await;
    let mut client = CatalogServiceClient::new(server.channel().await);
    let rules = client.list_rules(ListRulesRequest { family: "term".to_owned(), ..Default::default() }).await;
    assert!(rules.expect("a family").into_inner().rules.iter().all(|rule| rule.rule_id.starts_with("term/")));
    let wrong = ListRulesRequest { family: "nouns".to_owned(), language_code: "english".to_owned() };
    let status = client.list_rules(wrong).await.expect_err("neither");
    assert_eq!(fields(&details(&status, Code::InvalidArgument, "INVALID_REQUEST")), ["family", "language_code"]);
    let info = client.get_server_info(GetServerInfoRequest {}).await.expect("always").into_inner();
    assert_eq!(info.limits.map(|l| l.max_segments), Some(17));
    assert!(info.languages.iter().any(|l| l.language_code == "en" && l.name == "English" && l.rules > 0));
}

type Answer = Result<tonic::Response<obelus::wire::v1::CheckTextResponse>, tonic::Status>;

/// Lets a long check take the only permit of a server, and gives the refusal that shows it. The permit goes to whoever comes
/// first, so the long check is sent again until it is the one that has it.
async fn occupy(server: &Running) -> (tokio::task::JoinHandle<Answer>, tonic::Status) {
    let mut other = server.checks().await;
    loop {
        let mut client = server.checks().await;
        let running = tokio::spawn(async move { client.check_text(long_request()).await });
        while !running.is_finished() {
            let refused = other.check_text(english("Fine.")).await.err();
            if let Some(refused) = refused.filter(|_| !running.is_finished()) {
                return (running, refused);
            }
        }
    }
}

#[tokio::test]
async fn a_busy_server_says_when_to_come_again() {
    let config = ServeConfig { max_concurrent_checks: 1, max_check_millis: 5_000, ..ServeConfig::default() };
    let server = Running::start(config).await;
    let mut client = server.checks().await;
    let (running, refused) = occupy(&server).await;
    let details = details(&refused, Code::ResourceExhausted, "TOO_MANY_CHECKS");
    assert_eq!(details.retry_info().and_then(|r| r.retry_delay), Some(Duration::from_secs(1)));
    assert_eq!(details.quota_failure().map(|q| q.violations.len()), Some(1));
    // The caller leaves: the check notices, and the next caller gets its permit.
    running.abort();
    for _ in 0..500 {
        match client.check_text(english("Fine.")).await {
            Ok(_) => return,
            Err(status) => assert_eq!(status.code(), Code::ResourceExhausted),
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("an abandoned check holds its permit");
}

#[tokio::test]
async fn a_check_ends_at_its_deadline() {
    let server = Running::start(ServeConfig { max_check_millis: 20, ..ServeConfig::default() }).await;
    let started = std::time::Instant::now();
    let status = server.checks().await.check_text(long_request()).await.expect_err("too long for 20 ms");
    details(&status, Code::DeadlineExceeded, "DEADLINE_EXCEEDED");
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
}

#[tokio::test]
async fn the_caller_s_deadline_counts_too() {
    let server = Running::start(ServeConfig::default()).await;
    let mut request = tonic::Request::new(long_request());
    request.set_timeout(Duration::from_millis(40));
    // The client has a timer of its own, which says CANCELLED; whichever is first, nobody waits for the whole check.
    let started = std::time::Instant::now();
    let status = server.checks().await.check_text(request).await.expect_err("too long for 40 ms");
    assert!([Code::DeadlineExceeded, Code::Cancelled].contains(&status.code()), "{status:?}");
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
}

#[tokio::test]
async fn draining_says_so_and_lets_a_running_check_end() {
    let config = ServeConfig { max_concurrent_checks: 1, max_check_millis: 60_000, ..ServeConfig::default() };
    let mut server = Running::start(config).await;
    let mut health = HealthClient::new(server.channel().await);
    for service in ["", "obelus.v1.CheckService", "obelus.v1.CatalogService", "obelus.v1.GlossaryService"] {
        let request = HealthCheckRequest { service: service.to_owned() };
        let answer = health.check(request).await.expect(service).into_inner();
        assert_eq!(answer.status(), ServingStatus::Serving);
    }
    let request = HealthCheckRequest { service: "obelus.v1.CheckService".to_owned() };
    let mut watch = health.watch(request).await.expect("a known service").into_inner();
    assert_eq!(watch.message().await.ok().flatten().map(|m| m.status()), Some(ServingStatus::Serving));
    let (running, _) = occupy(&server).await;
    server.stop();
    assert_eq!(watch.message().await.ok().flatten().map(|m| m.status()), Some(ServingStatus::NotServing));
    let answer = running.await.expect("does not panic").expect("its answer").into_inner();
    assert_eq!(answer.request_id, "long");
    let address = server.address;
    server.end().await;
    assert!(tokio::net::TcpStream::connect(address).await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn draining_does_not_wait_for_ever() {
    let config = ServeConfig { drain_seconds: 0, max_check_millis: 5_000, ..ServeConfig::default() };
    let mut server = Running::start(config).await;
    let mut client = server.checks().await;
    let running = tokio::spawn(async move { client.check_text(long_request()).await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    server.stop();
    server.end().await;
    running.abort();
}

async fn reflect(server: &Running, ask: MessageRequest) -> ServerReflectionResponse {
    let mut client = ServerReflectionClient::new(server.channel().await);
    let request = ServerReflectionRequest { host: String::new(), message_request: Some(ask) };
    let mut answers =
        client.server_reflection_info(tokio_stream::once(request)).await.expect("reflection").into_inner();
    answers.message().await.expect("no fault").expect("an answer")
}

#[tokio::test]
async fn reflection_lists_services_and_knows_the_details_of_errors() {
    let server = Running::start(ServeConfig::default()).await;
    let answer = reflect(&server, MessageRequest::ListServices(String::new())).await;
    let Some(MessageResponse::ListServicesResponse(list)) = answer.message_response else {
        panic!("no list: {answer:?}");
    };
    let names: Vec<_> = list.service.iter().map(|s| s.name.as_str()).collect();
    for name in
        ["obelus.v1.CheckService", "obelus.v1.CatalogService", "obelus.v1.GlossaryService", "grpc.health.v1.Health"]
    {
        assert!(names.contains(&name), "{names:?}");
    }
    let answer = reflect(&server, MessageRequest::FileContainingSymbol("google.rpc.BadRequest".to_owned())).await;
    assert!(matches!(answer.message_response, Some(MessageResponse::FileDescriptorResponse(_))), "{answer:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_unix_socket_serves_as_well() {
    let path = std::env::temp_dir().join(format!("obelus-server-{}.sock", std::process::id()));
    let mut server = Running::start(ServeConfig { unix_socket: Some(path.clone()), ..ServeConfig::default() }).await;
    let address = format!("unix://{}", path.display());
    let channel = Endpoint::try_from(address).expect("a good address").connect().await.expect("a server");
    let answer = CheckServiceClient::new(channel).check_text(english("The the end.")).await.expect("an answer");
    assert_eq!(answer.into_inner().findings.len(), 1);
    server.stop();
    server.end().await;
    assert!(!path.exists());
}
