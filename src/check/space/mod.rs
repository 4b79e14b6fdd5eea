//! `space/*`: white space.

mod double;
mod edge;
mod invisible;
mod missing;
mod no_break;

pub(super) use double::DOUBLE;
pub(super) use edge::EDGE;
pub(super) use invisible::INVISIBLE;
pub(super) use missing::MISSING;
pub(super) use no_break::MISSING_NO_BREAK;
