//! `variant/*`: one variety of a language in one text, and the variety and the forms that the desk wants.

mod characters;
mod forms;
mod mixed;
mod profile;
mod words;

use crate::check::{Languages, Layer, Rule, Run, Scope};
use crate::finding::Severity;

pub(super) static MIXED: Rule = Rule {
    id: "variant/mixed",
    summary: "A spelling of another variety than the rest of the text: labor beside colour and centre, US beside U.S., 发展 beside 發展.",
    mqm: "locale",
    its: "locale-violation",
    severity: Severity::Minor,
    scope: Scope::Document,
    layers: &[Layer::Surface, Layer::Quotations, Layer::Terms],
    languages: Languages::WithTable("variety-names"),
    needs_source: false,
    needs_glossary: false,
    run: Run::Document(mixed::survey),
};

pub(super) static AGAINST_PROFILE: Rule = Rule {
    id: "variant/against-profile",
    summary: "A form that the desk’s style guide does not use: web site, per cent, colour for an American desk.",
    mqm: "locale",
    its: "locale-violation",
    severity: Severity::Minor,
    scope: Scope::Document,
    layers: &[Layer::Surface, Layer::Quotations, Layer::Terms],
    languages: Languages::WithTable("styles"),
    needs_source: false,
    needs_glossary: false,
    run: Run::Document(profile::survey),
};
