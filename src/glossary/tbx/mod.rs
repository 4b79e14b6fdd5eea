//! TBX, the TermBase eXchange format of ISO 30042: of 2008 (`martif`) and of 2019 (`tbx`), its data categories as attributes
//! (DCA) or as elements (DCT).

mod read;
mod write;

pub(super) use read::read;
pub(super) use write::write;

use crate::glossary::Status;

/// What our own data are called where TBX has no category for them.
const OWN: &str = "obelus:";
/// What columns of other formats are called.
const COLUMN: &str = "obelus:column:";
/// The beginning of ids that we make up: they are not kept.
const MADE_UP: &str = "obelus-";

/// Categories of TBX that tell about a term.
const OF_TERMS: [&str; 8] = [
    "partOfSpeech",
    "termType",
    "grammaticalGender",
    "grammaticalNumber",
    "geographicalUsage",
    "register",
    "termLocation",
    "usageNote",
];

/// The standing that a value of `administrativeStatus` or `normativeAuthorization` tells.
fn status_of(value: &str) -> Option<Status> {
    let bare = value.trim();
    let bare = bare.strip_suffix("-admn-sts").unwrap_or(bare);
    let bare = bare.strip_suffix("Term").unwrap_or(bare);
    Some(match bare.to_ascii_lowercase().as_str() {
        "preferred" | "standardized" | "legal" | "regulated" => Status::Preferred,
        "admitted" => Status::Admitted,
        "superseded" | "obsolete" => Status::Deprecated,
        "deprecated" | "forbidden" | "notrecommended" => Status::Forbidden,
        _ => return None,
    })
}

/// What `administrativeStatus` calls a standing.
fn status_name(status: Status) -> &'static str {
    match status {
        Status::Preferred => "preferredTerm-admn-sts",
        Status::Admitted => "admittedTerm-admn-sts",
        Status::Deprecated => "supersededTerm-admn-sts",
        Status::Forbidden => "deprecatedTerm-admn-sts",
    }
}
