//! Building the model files from training data, the same bytes each time.

pub mod lexicon;
pub mod lm;
mod logistic;
pub mod names;
pub mod ngram;
mod operations;
pub mod pairs;
pub mod slots;
