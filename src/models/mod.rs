//! What was learned from text: the models and their file format.

pub mod ngram;
