//! `garble/*`: text that no person wrote: loops, debris of tokenisers, a model's own words.

mod debris;
mod loops;
mod prompt;

pub(super) use debris::TOKENISER_DEBRIS;
pub(super) use loops::LOOP;
pub(super) use prompt::PROMPT_LEAK;
