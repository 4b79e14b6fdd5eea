//! The wire: the generated protobuf types, their conversion to and from the domain, and proto3 JSON.
//!
//! Proto types stop here. What the server sends and what `--format json` prints come from the same functions.

mod glossary;
mod request;
mod response;

pub use glossary::{LintRequest, MineRequest, lint_response, mine_response, read_lint_request, read_mine_request};
pub use request::{GlossaryLookup, Limits, Request, RequestError, Violation, read_request, severity_from_wire};
pub use response::{ResponseWriter, encoding_to_wire, rule_to_wire, severity_to_wire};

/// Package `obelus.v1`, as prost, tonic and pbjson generate it.
pub mod v1 {
    #![allow(missing_docs, unreachable_pub, clippy::all, clippy::pedantic, clippy::unwrap_used, reason = "generated")]
    tonic::include_proto!("obelus.v1");
    include!(concat!(env!("OUT_DIR"), "/obelus.v1.serde.rs"));
}

/// The descriptors of the package and what it imports, with comments: for reflection.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/obelus.v1.bin"));

/// A message as proto3 JSON, on one line.
///
/// # Errors
/// The message holds something that JSON cannot, which the conversions here never make.
pub fn to_json<M: serde::Serialize>(message: &M) -> Result<String, serde_json::Error> {
    serde_json::to_string(message)
}
