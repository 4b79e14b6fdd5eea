//! Building the model files from training data, the same bytes each time.

pub mod alone;
pub mod boost;
pub mod choices;
mod classes;
pub mod conllu;
pub mod estimator;
pub mod garble;
pub mod labelled;
pub mod lexicon;
pub mod lm;
mod logistic;
pub mod names;
mod network;
pub mod ngram;
mod operations;
pub mod pairs;
pub mod parser;
mod perceptron;
pub mod quality;
pub mod slots;
mod sparse;
pub mod spoil;
pub mod tagger;
pub mod trees;
