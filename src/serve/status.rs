//! The only place where faults become a [`tonic::Status`]: canonical codes with `google.rpc` details.

use std::collections::HashMap;
use std::time::Duration;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use crate::wire::{RequestError, Violation};

/// `ErrorInfo.domain`.
pub const DOMAIN: &str = "obelus";

/// When a caller whom we refused for load may come again.
pub const RETRY_AFTER: Duration = Duration::from_secs(1);

/// The most bytes of field violations that are sent: headers carry them, and grpc-java takes 8 KiB of headers.
const MAX_VIOLATION_BYTES: usize = 3_000;

/// Why a call has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The request cannot be served, now or later.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// As many checks are running as may.
    #[error("{most} checks are running, which is the most; try again in a moment")]
    Busy {
        /// The most that may run.
        most: usize,
    },
    /// The caller's deadline, or the server's own, went by.
    #[error("the check did not end within its deadline")]
    Deadline,
    /// The caller has left.
    #[error("the caller cancelled the check")]
    Cancelled,
    /// Something is broken here.
    #[error("the check failed; the server's log says where")]
    Internal,
}

impl Fault {
    /// The canonical code.
    pub fn code(&self) -> Code {
        match self {
            Self::Request(RequestError::Invalid(_) | RequestError::TooLarge(_)) => Code::InvalidArgument,
            Self::Request(RequestError::NoSuchGlossary { .. }) => Code::NotFound,
            Self::Busy { .. } => Code::ResourceExhausted,
            Self::Deadline => Code::DeadlineExceeded,
            Self::Cancelled => Code::Cancelled,
            Self::Internal => Code::Internal,
        }
    }

    /// `ErrorInfo.reason`.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Request(RequestError::Invalid(_)) => "INVALID_REQUEST",
            Self::Request(RequestError::TooLarge(_)) => "LIMIT_EXCEEDED",
            Self::Request(RequestError::NoSuchGlossary { .. }) => "GLOSSARY_NOT_FOUND",
            Self::Busy { .. } => "TOO_MANY_CHECKS",
            Self::Deadline => "DEADLINE_EXCEEDED",
            Self::Cancelled => "CANCELLED",
            Self::Internal => "INTERNAL",
        }
    }
}

impl From<Fault> for Status {
    fn from(fault: Fault) -> Self {
        let mut details = ErrorDetails::with_error_info(fault.reason(), DOMAIN, HashMap::new());
        match &fault {
            Fault::Request(RequestError::Invalid(violations)) => add_violations(&mut details, violations),
            Fault::Request(RequestError::TooLarge(violation)) => {
                add_violations(&mut details, std::slice::from_ref(violation));
            }
            Fault::Request(RequestError::NoSuchGlossary { name, field }) => {
                let what = format!("{field} names a glossary that is not here; GetServerInfo lists those that are");
                details.set_resource_info("obelus.v1.Glossary", name.as_str(), "", what);
            }
            Fault::Busy { .. } => {
                details.add_quota_failure_violation("max_concurrent_checks", fault.to_string());
                details.set_retry_info(Some(RETRY_AFTER));
            }
            Fault::Deadline | Fault::Cancelled | Fault::Internal => {}
        }
        Self::with_error_details(fault.code(), fault.to_string(), details)
    }
}

fn add_violations(details: &mut ErrorDetails, violations: &[Violation]) {
    let mut bytes = 0;
    for violation in violations {
        bytes += violation.field.len() + violation.description.len();
        if bytes > MAX_VIOLATION_BYTES && details.has_bad_request_violations() {
            break;
        }
        details.add_bad_request_violation(violation.field.as_str(), violation.description.as_str());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn violation() -> Violation {
        Violation { field: "segments[3].id".to_owned(), description: "is empty".to_owned() }
    }

    #[test]
    fn every_fault_has_its_code_and_reason() {
        let no_glossary = RequestError::NoSuchGlossary { name: "glossaries/x".into(), field: "glossaries[0]".into() };
        let table = [
            (RequestError::Invalid(vec![violation()]).into(), Code::InvalidArgument, "INVALID_REQUEST"),
            (RequestError::TooLarge(violation()).into(), Code::InvalidArgument, "LIMIT_EXCEEDED"),
            (no_glossary.into(), Code::NotFound, "GLOSSARY_NOT_FOUND"),
            (Fault::Busy { most: 2 }, Code::ResourceExhausted, "TOO_MANY_CHECKS"),
            (Fault::Deadline, Code::DeadlineExceeded, "DEADLINE_EXCEEDED"),
            (Fault::Cancelled, Code::Cancelled, "CANCELLED"),
            (Fault::Internal, Code::Internal, "INTERNAL"),
        ];
        for (fault, code, reason) in table {
            let status = Status::from(fault);
            assert_eq!(status.code(), code);
            let details = status.get_error_details();
            let info = details.error_info().expect("always there");
            assert_eq!((info.reason.as_str(), info.domain.as_str()), (reason, "obelus"));
        }
    }

    #[test]
    fn the_details_say_what_and_where() {
        let details = Status::from(Fault::from(RequestError::TooLarge(violation()))).get_error_details();
        let fields = &details.bad_request().expect("a bad request").field_violations;
        assert_eq!((fields[0].field.as_str(), fields[0].description.as_str()), ("segments[3].id", "is empty"));
        assert!(details.quota_failure().is_none());
        let details = Status::from(Fault::Busy { most: 2 }).get_error_details();
        assert_eq!(details.retry_info().and_then(|r| r.retry_delay), Some(RETRY_AFTER));
        assert_eq!(details.quota_failure().map(|q| q.violations.len()), Some(1));
        let error = RequestError::NoSuchGlossary { name: "glossaries/x".into(), field: "glossaries[0]".into() };
        let details = Status::from(Fault::from(error)).get_error_details();
        assert_eq!(details.resource_info().map(|r| r.resource_name.as_str()), Some("glossaries/x"));
    }

    #[test]
    fn a_request_of_faults_fits_into_headers() {
        let long = Violation { description: "x".repeat(1_000), ..violation() };
        let status = Status::from(Fault::from(RequestError::Invalid(vec![long; 32])));
        assert!(status.details().len() < 4_096, "{}", status.details().len());
        assert!(status.message().len() < 2_048);
    }
}
