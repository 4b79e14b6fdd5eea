//! `name/*`: one name, one spelling, and the right one.

mod glossary;
mod inconsistent;
mod literal;
mod person;
mod spelling;

pub(super) use glossary::GLOSSARY_VARIANT;
pub(super) use inconsistent::INCONSISTENT;
pub(super) use literal::TRANSLATED_LITERALLY;
pub(super) use person::WRONG_PERSON;
