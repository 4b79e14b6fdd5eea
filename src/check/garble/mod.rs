//! `garble/*`: text that no person wrote: loops, words that are none, debris of tokenisers, a model's own words.

mod debris;
mod fluency;
mod gibberish;
mod loops;
mod prompt;

pub(super) use debris::TOKENISER_DEBRIS;
pub(super) use fluency::{LOW_FLUENCY, SCRAMBLED};
pub(super) use gibberish::GIBBERISH;
pub(super) use loops::LOOP;
pub(super) use prompt::PROMPT_LEAK;
