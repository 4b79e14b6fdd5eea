//! `CatalogService`: tells about the rules and the server.

use std::sync::Arc;

use tonic::{Request, Response, Status};

use crate::article::Language;
use crate::check::{CATALOGUE, Rule, is_family};
use crate::digest::Digest;
use crate::engine::{Engine, VERSION};
use crate::glossary::Glossary;
use crate::language::{self, LanguageData};
use crate::serve::config::ServeConfig;
use crate::serve::glossaries::Glossaries;
use crate::serve::status::Fault;
use crate::span::Encoding;
use crate::style::Style;
use crate::wire::v1::catalog_service_server::CatalogService;
use crate::wire::{RequestError, Violation, encoding_to_wire, rule_to_wire, v1};

/// The service. What it says of the server is made once.
#[derive(Clone)]
pub struct Catalog {
    info: Arc<v1::GetServerInfoResponse>,
}

impl Catalog {
    /// A service that tells of this configuration and these glossaries.
    pub fn new(config: &ServeConfig, engine: &Engine, glossaries: &Glossaries) -> Self {
        Self { info: Arc::new(server_info(config, engine, glossaries)) }
    }
}

#[tonic::async_trait]
impl CatalogService for Catalog {
    async fn list_rules(
        &self,
        request: Request<v1::ListRulesRequest>,
    ) -> Result<Response<v1::ListRulesResponse>, Status> {
        Ok(Response::new(list_rules(request.get_ref()).map_err(Fault::from)?))
    }

    async fn get_server_info(
        &self,
        _: Request<v1::GetServerInfoRequest>,
    ) -> Result<Response<v1::GetServerInfoResponse>, Status> {
        Ok(Response::new(v1::GetServerInfoResponse::clone(&self.info)))
    }
}

/// The rules that a request asks for.
fn list_rules(request: &v1::ListRulesRequest) -> Result<v1::ListRulesResponse, RequestError> {
    let mut violations = Vec::new();
    let mut complain = |field: &str, description: String| {
        violations.push(Violation { field: field.to_owned(), description });
    };
    if !request.family.is_empty() && !is_family(&request.family) {
        complain("family", format!("is no family of rules; it should be one of {}", families().join(", ")));
    }
    let mut data = None;
    if !request.language_code.is_empty() {
        let parsed = Language::parse(&request.language_code).map_err(|e| e.to_string());
        match parsed.and_then(|l| language::known(l).map_err(|e| e.to_string())) {
            Ok(language) => data = Some(LanguageData::of(&language)),
            Err(problem) => complain("language_code", problem),
        }
    }
    if !violations.is_empty() {
        return Err(RequestError::Invalid(violations));
    }
    let asked = |rule: &&&Rule| {
        (request.family.is_empty() || rule.family() == request.family)
            && data.is_none_or(|data| rule.languages.serve(data))
    };
    Ok(v1::ListRulesResponse { rules: CATALOGUE.iter().filter(asked).map(|rule| rule_to_wire(rule)).collect() })
}

fn families() -> Vec<&'static str> {
    let mut families: Vec<_> = CATALOGUE.iter().map(|rule| rule.family()).collect();
    families.dedup();
    families
}

fn server_info(config: &ServeConfig, engine: &Engine, glossaries: &Glossaries) -> v1::GetServerInfoResponse {
    // As a check that uses all glossaries has it.
    let mut digest = Digest::default();
    digest.write(&engine.digest().to_le_bytes());
    for glossary in glossaries.iter() {
        digest.write(&glossary.digest().to_le_bytes());
    }
    v1::GetServerInfoResponse {
        version: VERSION.to_owned(),
        knowledge_digest: format!("{:016x}", digest.finish()),
        limits: Some(v1::Limits {
            max_text_bytes: count(config.max_text_bytes),
            max_segments: count(config.max_segments),
            max_glossary_entries: count(config.max_glossary_entries),
            max_concurrent_checks: count(config.max_concurrent_checks),
            max_request_bytes: count(config.max_request_bytes),
            max_check_millis: u32::try_from(config.max_check_millis).unwrap_or(u32::MAX),
        }),
        offset_encodings: [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32]
            .map(|encoding| encoding_to_wire(encoding).into())
            .to_vec(),
        languages: LanguageData::all().map(support).collect(),
        glossaries: glossaries.iter().map(|glossary| glossary_info(glossary)).collect(),
        style_profiles: Style::ALL.map(|style| style.name().to_owned()).to_vec(),
    }
}

fn support(data: LanguageData) -> v1::LanguageSupport {
    v1::LanguageSupport {
        language_code: data.tag().to_owned(),
        name: data.name().to_owned(),
        rules: count(CATALOGUE.iter().filter(|rule| rule.languages.serve(data)).count()),
    }
}

fn glossary_info(glossary: &Glossary) -> v1::GlossaryInfo {
    let tag = |language: &Option<Language>| language.as_ref().map_or(String::new(), |l| l.tag().to_owned());
    v1::GlossaryInfo {
        name: glossary.name().to_owned(),
        entries: count(glossary.len()),
        language_pairs: glossary
            .language_pairs()
            .map(|(from, to)| v1::LanguagePair { source_language: tag(from), target_language: tag(to) })
            .collect(),
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(family: &str, language: &str) -> Result<usize, RequestError> {
        let request = v1::ListRulesRequest { family: family.to_owned(), language_code: language.to_owned() };
        list_rules(&request).map(|response| response.rules.len())
    }

    #[test]
    fn lists_all_or_what_is_asked_for() {
        assert_eq!(rules("", ""), Ok(CATALOGUE.len()));
        assert_eq!(rules("term", ""), Ok(CATALOGUE.iter().filter(|r| r.family() == "term").count()));
        assert!(rules("", "en-GB").is_ok_and(|n| n > 0));
    }

    #[test]
    fn says_what_there_is() {
        let Err(RequestError::Invalid(violations)) = rules("nouns", "xx") else {
            panic!("there are neither such rules nor such a language");
        };
        assert_eq!(violations.iter().map(|v| v.field.as_str()).collect::<Vec<_>>(), ["family", "language_code"]);
        assert!(violations[0].description.contains(", term, "), "{}", violations[0].description);
    }

    #[test]
    fn its_digest_is_that_of_a_check_that_uses_everything() {
        let (engine, config) = (Engine::new(), ServeConfig::default());
        let info = server_info(&config, &engine, &Glossaries::default());
        let article = crate::article::Article::new(None, crate::article::Side::new("", None));
        let report = engine.check(&article, &Default::default(), &crate::engine::Never).expect("nothing interrupts");
        assert_eq!(info.knowledge_digest, format!("{:016x}", report.knowledge_digest));
    }
}
