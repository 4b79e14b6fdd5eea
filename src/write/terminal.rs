//! stub until merged
use crate::{article::Article, finding::Report};
use std::io::{self, Write};
pub struct Look {
    pub width: usize,
    pub color: bool,
    pub entities: bool,
}
#[derive(Default)]
pub struct RuleTable(usize);
impl RuleTable {
    pub fn add(&mut self, r: &Report) {
        self.0 += r.findings.len();
    }
    pub fn write(&self, _: &mut impl Write) -> io::Result<()> {
        Ok(())
    }
}
pub fn write(out: &mut impl Write, name: &str, a: &Article, r: &Report, _: &Look) -> io::Result<()> {
    for f in &r.findings {
        writeln!(
            out,
            "{name}:{} {} {} {} {:?} -> {:?} | {}",
            f.span.start(),
            f.severity.name(),
            f.rule,
            f.confidence,
            f.span.of(a.target().text()),
            f.suggestions
                .iter()
                .map(|s| (
                    s.edits
                        .iter()
                        .map(|e| format!("{:?}=>{:?}", e.span.of(a.target().text()), e.replacement))
                        .collect::<Vec<_>>()
                        .join("+"),
                    s.apply
                ))
                .collect::<Vec<_>>(),
            f.message
        )?;
    }
    Ok(())
}
pub fn summary_line(out: &mut impl Write, name: &str, r: &Report) -> io::Result<()> {
    writeln!(out, "{name} {}", r.findings.len())
}
