//! Compiles the protobuf files (with protox, so that no protoc is needed) and the language data.
//!
//! The language data, `src/language/data/<language>/<table>.tsv`, become one sorted table a file, which the
//! program embeds and reads in place: see `src/language/table.rs` for the layout.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Files whose services and messages make the API; the others are imported by them.
const PROTOS: [&str; 3] =
    ["obelus/v1/check_service.proto", "obelus/v1/catalog_service.proto", "obelus/v1/glossary_service.proto"];

const DATA: &str = "src/language/data";

fn main() -> Result<()> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    // prost and tonic no longer print this themselves, so a changed proto would go unnoticed.
    println!("cargo:rerun-if-changed=proto");
    println!("cargo:rerun-if-changed={DATA}");
    println!("cargo:rerun-if-changed=build.rs");
    compile_protos(&out)?;
    compile_data(Path::new(DATA), &out)
}

fn compile_protos(out: &Path) -> Result<()> {
    let mut compiler = protox::Compiler::new(["proto"])?;
    compiler.include_source_info(true).include_imports(true);
    for proto in PROTOS {
        compiler.open_file(proto)?;
    }
    // compile_fds does not write the descriptor itself, and only the encoded form keeps extension options.
    let descriptor = compiler.encode_file_descriptor_set();
    fs::write(out.join("obelus.v1.bin"), &descriptor)?;
    tonic_prost_build::configure().build_client(true).compile_fds(compiler.file_descriptor_set())?;
    pbjson_build::Builder::new().register_descriptors(&descriptor)?.build(&[".obelus.v1"])?;
    Ok(())
}

/// Writes `<language>.<table>.bin` for every TSV file, and `tables.rs`, which embeds them.
fn compile_data(data: &Path, out: &Path) -> Result<()> {
    let mut languages: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut digest = Fnv::default();
    let mut files = Vec::new();
    for folder in sorted(data)? {
        if folder.is_dir() {
            files.extend(sorted(&folder)?.into_iter().filter(|f| f.extension().is_some_and(|e| e == "tsv")));
        }
    }
    for file in files {
        let language = name_of(file.parent().unwrap_or(data))?;
        let table = file.file_stem().and_then(|s| s.to_str()).ok_or("a data file has no readable name")?.to_owned();
        let text = fs::read_to_string(&file)?;
        let rows = read_table(&file, &text)?;
        let mut compiled = vec![(table.clone(), table_bytes(&rows)?)];
        if table == "variants" {
            compiled.push((format!("{table}-index"), table_bytes(&index_variants(&file, &rows)?)?));
        }
        if table == "varieties" {
            compiled.push((format!("{table}-index"), table_bytes(&index_varieties(&file, &rows)?)?));
        }
        if table == "characters" {
            compiled.push((format!("{table}-index"), table_bytes(&index_characters(&rows))?));
        }
        for (table, (index, body)) in compiled {
            digest.write(language.as_bytes());
            digest.write(table.as_bytes());
            digest.write(&index);
            digest.write(body.as_bytes());
            fs::write(out.join(format!("{language}.{table}.bin")), index)?;
            fs::write(out.join(format!("{language}.{table}.txt")), body)?;
            languages.entry(language.clone()).or_default().push(table);
        }
    }
    let mut code = String::from("/// Every language with data, sorted: its tables by name, shorter names first.\n");
    code.push_str("pub(crate) static LANGUAGES: &[(&str, super::NamedTables)] = &[\n");
    for (language, tables) in &mut languages {
        // As they are searched: most names differ in length, and lengths are compared at once.
        tables.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
        writeln!(code, "    (\"{language}\", &[")?;
        for table in tables.iter() {
            let file = |ending| format!("concat!(env!(\"OUT_DIR\"), \"/{language}.{table}.{ending}\")");
            let (index, body) = (file("bin"), file("txt"));
            writeln!(code, "        (\"{table}\", include_bytes!({index}), include_str!({body})),")?;
        }
        code.push_str("    ]),\n");
    }
    code.push_str("];\n");
    writeln!(code, "/// Names the language data as a whole.\npub(crate) const DATA_DIGEST: u64 = {:#018x};", digest.0)?;
    fs::write(out.join("tables.rs"), code)?;
    Ok(())
}

/// The rows of one TSV file by key; says file and line of whatever is wrong with it.
///
/// Keys are compared with folded text, so their apostrophes are made of the kind that folding leaves.
fn read_table<'t>(file: &Path, text: &'t str) -> Result<BTreeMap<String, &'t str>> {
    let mut columns = None;
    let mut rows = BTreeMap::new();
    for (index, line) in text.lines().enumerate() {
        let complain = |what: &str| -> Box<dyn Error> { format!("{}:{}: {what}", file.display(), index + 1).into() };
        if line.is_empty() || line.starts_with("# ") || line == "#" {
            continue;
        }
        let found = line.split('\t').count();
        let Some(wanted) = columns else {
            columns = Some(found);
            continue;
        };
        if found != wanted {
            return Err(complain(&format!("{found} fields where the header has {wanted}")));
        }
        let (key, rest) = line.split_once('\t').unwrap_or((line, ""));
        if key.is_empty() || key.trim() != key {
            return Err(complain("the key is empty or has blanks around it"));
        }
        // The same row with either apostrophe is one row.
        if rows.insert(fold_apostrophes(key), rest).is_some_and(|other| other != rest || !key.contains(['\'', '’'])) {
            return Err(complain(&format!("the key {key:?} stands here twice")));
        }
    }
    Ok(rows)
}

fn fold_apostrophes(key: &str) -> String {
    key.replace(['’', '‘', 'ʼ'], "'")
}

/// Spelling → standard spelling, from a table of standard → others with `|` between; the standard leads to itself.
fn index_variants(file: &Path, rows: &BTreeMap<String, &str>) -> Result<BTreeMap<String, String>> {
    let mut index = BTreeMap::new();
    for (standard, rest) in rows {
        let others = rest.split('\t').next().unwrap_or("");
        for spelling in others.split('|').map(str::trim).filter(|s| !s.is_empty()).chain([standard.as_str()]) {
            let spelling = fold_apostrophes(&spelling.to_lowercase());
            if let Some(other) = index.insert(spelling.clone(), standard.clone())
                && other != *standard
            {
                let what = format!("{}: {spelling:?} is a spelling of both {other:?} and {standard:?}", file.display());
                return Err(what.into());
            }
        }
    }
    Ok(index)
}

/// Spelling → side, the other side's spelling and the kind, from a table of first, second and kind.
fn index_varieties(file: &Path, rows: &BTreeMap<String, &str>) -> Result<BTreeMap<String, String>> {
    let mut index = BTreeMap::new();
    for (first, rest) in rows {
        let (second, kind) = rest.split_once('\t').ok_or("a table of varieties has three columns")?;
        for (spelling, side, other) in [(first.as_str(), "first", second), (second, "second", first.as_str())] {
            if index.insert(spelling.to_lowercase(), format!("{side}\t{other}\t{kind}")).is_some() {
                return Err(format!("{}: {spelling:?} stands there twice", file.display()).into());
            }
        }
    }
    Ok(index)
}

/// Character → script and the characters that stand for it in the other, from a table of traditional and simplified.
fn index_characters(rows: &BTreeMap<String, &str>) -> BTreeMap<String, String> {
    let mut index: BTreeMap<String, String> = BTreeMap::new();
    for (traditional, simplified) in rows {
        index.insert(traditional.clone(), format!("first\t{simplified}"));
        index.entry((*simplified).to_owned()).or_insert_with(|| "second\t".to_owned()).push_str(traditional);
    }
    index
}

/// Index and body. The index: count, count + 1 offsets, the number of slots, the slots; all numbers u32, little endian. The body:
/// the rows, "key TAB rest". `src/language/table.rs` reads them, and tells what a slot is.
fn table_bytes<S: AsRef<str>>(rows: &BTreeMap<String, S>) -> Result<(Vec<u8>, String)> {
    let mut bytes = u32::try_from(rows.len())?.to_le_bytes().to_vec();
    let mut offset = 0_u32;
    bytes.extend(offset.to_le_bytes());
    for (key, rest) in rows {
        offset += u32::try_from(key.len() + 1 + rest.as_ref().len())?;
        bytes.extend(offset.to_le_bytes());
    }
    let slots = slots(rows.keys())?;
    bytes.extend(u32::try_from(slots.len())?.to_le_bytes());
    bytes.extend(slots.iter().flat_map(|slot| slot.to_le_bytes()));
    let body = rows.iter().map(|(key, rest)| format!("{key}\t{}", rest.as_ref())).collect();
    Ok((bytes, body))
}

/// An open hash table, at most half full: where a key's hash leads, or in the next free slot, stand the row from 1 in the lower
/// 24 bits and the upper 8 bits of the hash above them. 0 is a free slot.
fn slots<'k>(keys: impl ExactSizeIterator<Item = &'k String>) -> Result<Vec<u32>> {
    if keys.len() >= 1 << 24 {
        return Err("a table has more rows than a slot can name".into());
    }
    let mut slots = vec![0_u32; (keys.len() * 2).next_power_of_two().max(2)];
    let mask = slots.len() - 1;
    for (row, key) in keys.enumerate() {
        let mut hash = Fnv::default();
        hash.write(key.as_bytes());
        let mut at = hash.0 as usize & mask;
        while slots[at] != 0 {
            at = (at + 1) & mask;
        }
        slots[at] = ((hash.0 >> 56) as u32) << 24 | u32::try_from(row + 1)?;
    }
    Ok(slots)
}

fn sorted(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|e| Ok(e?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn name_of(path: &Path) -> Result<String> {
    Ok(path.file_name().and_then(|s| s.to_str()).ok_or("a data folder has no readable name")?.to_owned())
}

/// FNV-1a, 64 bits: a stable name for the data, not a defence.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
