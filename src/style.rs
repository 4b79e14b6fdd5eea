//! The habits of a desk: which of two right spellings, dates or marks it prefers.

use crate::article::Language;

/// A style profile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// The Associated Press.
    Ap,
    /// Reuters.
    Reuters,
    /// The Guardian.
    Guardian,
    /// The United Nations.
    Un,
    /// No desk in particular.
    #[default]
    Plain,
}

impl Style {
    /// Every profile.
    pub const ALL: [Self; 5] = [Self::Ap, Self::Guardian, Self::Plain, Self::Reuters, Self::Un];

    /// Its name on the wire and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ap => "ap",
            Self::Reuters => "reuters",
            Self::Guardian => "guardian",
            Self::Un => "un",
            Self::Plain => "plain",
        }
    }

    /// The profile of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|style| style.name() == name)
    }

    /// The profile of a target whose caller names none: from its region, else plain.
    pub fn of(language: &Language) -> Self {
        match (language.primary(), language.region()) {
            ("en", Some("US")) => Self::Ap,
            ("en", Some("GB")) => Self::Guardian,
            _ => Self::Plain,
        }
    }
}
