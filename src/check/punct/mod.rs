//! `punct/*`: punctuation.

mod attribution;
mod doubled;
mod list;
mod script;
mod spacing;
mod terminal;

pub(super) use attribution::{ATTRIBUTION_DASH, attributing_verb, is_dash, is_insertion};
pub(super) use doubled::DOUBLED;
pub(super) use list::LIST;
pub(super) use script::SCRIPT;
pub(super) use spacing::SPACING;
pub(super) use terminal::TERMINAL;
