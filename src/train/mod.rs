//! Building the model files from training data, the same bytes each time.

pub mod lexicon;
mod logistic;
pub mod names;
mod operations;
pub mod pairs;
