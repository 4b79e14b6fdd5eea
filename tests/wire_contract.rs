//! The wire's contract: every message, field, number and type, listed from the descriptor into `tests/wire_contract.txt`, so
//! that a change that breaks callers is seen in review.
//!
//! After an intended change: `OBELUS_UPDATE=1 cargo test --test wire_contract`.

use std::fmt::Write as _;
use std::path::Path;

use obelus::wire::FILE_DESCRIPTOR_SET;
use prost::Message as _;
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorSet};

#[test]
fn the_wire_is_as_it_was() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wire_contract.txt");
    let now = contract();
    if std::env::var_os("OBELUS_UPDATE").is_some() {
        std::fs::write(&path, &now).expect("the snapshot can be written");
    }
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        now == before,
        "the wire has changed; if that is meant: OBELUS_UPDATE=1 cargo test --test wire_contract\n{now}"
    );
}

/// buf's STANDARD rules that a listing can check: zero values, prefixes, names of requests and responses, comments.
#[test]
fn the_protos_keep_to_the_style() {
    let set = FileDescriptorSet::decode(FILE_DESCRIPTOR_SET).expect("a descriptor");
    for file in set.file.iter().filter(|f| f.package() == "obelus.v1") {
        for message in &file.enum_type {
            let prefix = screaming(message.name());
            assert_eq!(message.value.first().map(|v| v.name()), Some(format!("{prefix}_UNSPECIFIED").as_str()));
            for value in &message.value {
                assert!(value.name().starts_with(&prefix), "{}", value.name());
            }
        }
        for service in &file.service {
            assert!(service.name().ends_with("Service"));
            for method in &service.method {
                assert_eq!(method.input_type(), format!(".obelus.v1.{}Request", method.name()));
                assert_eq!(method.output_type(), format!(".obelus.v1.{}Response", method.name()));
            }
        }
        let comments = file.source_code_info.as_ref().map_or(0, |info| {
            info.location.iter().filter(|l| l.leading_comments.is_some() && !l.path.is_empty()).count()
        });
        let items: usize = file.message_type.iter().map(count).sum::<usize>()
            + file.enum_type.iter().map(|e| 1 + e.value.len()).sum::<usize>()
            + file.service.iter().map(|s| 1 + s.method.len()).sum::<usize>();
        assert!(comments >= items, "{}: {items} items, {comments} comments", file.name());
    }
}

fn count(message: &DescriptorProto) -> usize {
    1 + message.field.len() + message.nested_type.iter().map(count).sum::<usize>()
}

fn screaming(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.extend(c.to_uppercase());
    }
    out
}

fn contract() -> String {
    let set = FileDescriptorSet::decode(FILE_DESCRIPTOR_SET).expect("a descriptor");
    let mut out = String::new();
    let mut files: Vec<_> = set.file.iter().filter(|f| f.package() == "obelus.v1").collect();
    files.sort_by_key(|f| f.name());
    for file in files {
        let _ = writeln!(out, "# {}", file.name());
        for service in &file.service {
            for method in &service.method {
                let stream = |s: Option<bool>| if s == Some(true) { "stream " } else { "" };
                let (input, output) = (short(method.input_type()), short(method.output_type()));
                let (from, to) = (stream(method.client_streaming), stream(method.server_streaming));
                let _ = writeln!(out, "rpc {}.{}({from}{input}) returns ({to}{output})", service.name(), method.name());
            }
        }
        file.message_type.iter().for_each(|m| message(&mut out, m, ""));
        file.enum_type.iter().for_each(|e| enumeration(&mut out, e));
        out.push('\n');
    }
    out
}

fn short(name: &str) -> &str {
    name.trim_start_matches(".obelus.v1.")
}

fn message(out: &mut String, message_type: &DescriptorProto, outer: &str) {
    let name = format!("{outer}{}", message_type.name());
    for field in &message_type.field {
        let _ = writeln!(out, "{name}.{} = {} {}", field.name(), field.number(), kind(field));
    }
    if message_type.field.is_empty() {
        let _ = writeln!(out, "{name}");
    }
    for nested in &message_type.nested_type {
        message(out, nested, &format!("{name}."));
    }
}

fn kind(field: &FieldDescriptorProto) -> String {
    let label = match (field.label(), field.proto3_optional()) {
        (Label::Repeated, _) => "repeated ",
        (_, true) => "optional ",
        _ => "",
    };
    let kind = match field.r#type() {
        Type::Message | Type::Enum => short(field.type_name()).to_owned(),
        scalar => format!("{scalar:?}").to_lowercase(),
    };
    format!("{label}{kind}")
}

fn enumeration(out: &mut String, enumeration: &EnumDescriptorProto) {
    for value in &enumeration.value {
        let _ = writeln!(out, "{} = {}", value.name(), value.number());
    }
}
