//! stub until merged
#[derive(Debug, serde::Deserialize)]
pub struct ServeConfig {
    pub glossaries: Vec<std::path::PathBuf>,
}
