//! `name/*`: one name, one spelling, and the right one.

mod extra;
mod glossary;
mod inconsistent;
mod literal;
mod mismatch;
mod missing;
mod order;
mod people;
mod person;
mod spelling;

pub(super) use extra::EXTRA;
pub(super) use glossary::GLOSSARY_VARIANT;
pub(super) use inconsistent::INCONSISTENT;
pub(super) use literal::TRANSLATED_LITERALLY;
pub(super) use mismatch::SOURCE_MISMATCH;
pub(super) use missing::MISSING;
pub(super) use order::ORDER;
pub(super) use person::WRONG_PERSON;
