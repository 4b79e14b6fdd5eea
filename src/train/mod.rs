//! Building the model files from training data, the same bytes each time.

pub mod lm;
