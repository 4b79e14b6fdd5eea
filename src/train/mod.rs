//! Building the model files from training data, the same bytes each time.

mod classes;
pub mod conllu;
mod logistic;
pub mod names;
mod network;
mod operations;
pub mod pairs;
pub mod parser;
mod perceptron;
pub mod tagger;
pub mod trees;
