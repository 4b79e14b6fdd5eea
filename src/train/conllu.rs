//! Reading dependency trees in CoNLL-U.

use std::io::Read as _;
use std::path::Path;

use anyhow::Context as _;

/// A word with what a linguist said of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// As it is written.
    pub form: String,
    /// The universal part of speech.
    pub upos: String,
    /// The part of speech of the Penn Treebank.
    pub xpos: String,
    /// `Number=Sing|Person=3`, or empty.
    pub feats: String,
    /// The index of the word that it depends on, from 1; 0 for the root.
    pub head: usize,
    /// How it depends on it.
    pub relation: String,
}

/// A sentence with its tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    /// The sentence as it stood in the text.
    pub text: String,
    /// Its words in order.
    pub words: Vec<Word>,
}

/// Reads documents of trees from a file, compressed or not.
///
/// # Errors
/// The file is missing, cannot be read, or a line of it is no CoNLL-U.
pub fn read(path: &Path) -> anyhow::Result<Vec<Vec<Tree>>> {
    let place = || path.display().to_string();
    let mut text = String::new();
    let file = std::fs::File::open(path).with_context(place)?;
    if path.extension().is_some_and(|e| e == "gz") {
        flate2::read::MultiGzDecoder::new(file).read_to_string(&mut text).with_context(place)?;
    } else {
        std::io::BufReader::new(file).read_to_string(&mut text).with_context(place)?;
    }
    documents(&text).with_context(place)
}

/// Documents of trees: `# newdoc` begins one.
///
/// # Errors
/// A line is no CoNLL-U; it is named by its number.
pub fn documents(text: &str) -> anyhow::Result<Vec<Vec<Tree>>> {
    let mut all: Vec<Vec<Tree>> = Vec::new();
    let mut tree = Tree::default();
    for (index, line) in text.lines().chain([""]).enumerate() {
        if line.starts_with("# newdoc") {
            all.push(Vec::new());
        } else if let Some(sentence) = line.strip_prefix("# text = ") {
            sentence.clone_into(&mut tree.text);
        } else if line.is_empty() {
            let tree = std::mem::take(&mut tree);
            if tree.words.is_empty() {
                continue;
            }
            let whole = tree.words.iter().all(|w| w.head <= tree.words.len());
            anyhow::ensure!(whole, "line {}: the sentence before it has a head that is none of its words", index + 1);
            match all.last_mut() {
                Some(document) => document.push(tree),
                None => all.push(vec![tree]),
            }
        } else if !line.starts_with('#') {
            let columns: Vec<&str> = line.split('\t').collect();
            let [id, form, _, upos, xpos, feats, head, relation, ..] = columns[..] else {
                anyhow::bail!("line {}: {} columns, and CoNLL-U has ten", index + 1, columns.len());
            };
            // Words of several tokens ("don't", 3-4) and words that are not written (8.1) are told again by others.
            if id.contains(['-', '.']) {
                continue;
            }
            let head = head.parse().with_context(|| format!("line {}: the head {head:?} is no number", index + 1))?;
            let feats = if feats == "_" { "" } else { feats };
            tree.words.push(Word {
                form: form.to_owned(),
                upos: upos.to_owned(),
                xpos: xpos.to_owned(),
                feats: feats.to_owned(),
                head,
                relation: relation.to_owned(),
            });
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "# newdoc id = a\n# text = It's\n1-2\tIt's\t_\t_\t_\t_\t_\t_\t_\t_\n\
        1\tIt\tit\tPRON\tPRP\t_\t0\troot\t_\t_\n2\t's\tbe\tAUX\tVBZ\tTense=Pres\t1\tcop\t_\t_\n\
        2.1\tx\tx\tVERB\tVB\t_\t_\t_\t_\t_\n\n# newdoc id = b\n1\tYes\tyes\tINTJ\tUH\t_\t0\troot\t_\t_\n";

    #[test]
    fn documents_sentences_and_words() {
        let documents = documents(SMALL).expect("it is sound");
        assert_eq!(documents.iter().map(Vec::len).collect::<Vec<_>>(), [1, 1]);
        let tree = &documents[0][0];
        assert_eq!((tree.text.as_str(), tree.words.len()), ("It's", 2));
        assert_eq!((tree.words[1].head, tree.words[1].feats.as_str()), (1, "Tense=Pres"));
    }

    #[test]
    fn a_bad_line_is_named() {
        let columns = documents("1\tYes\n").expect_err("ten columns are missing").to_string();
        assert!(columns.contains("line 1") && columns.contains("ten"), "{columns}");
        let head = documents(&SMALL.replace("\t1\tcop", "\t7\tcop")).expect_err("no such head").to_string();
        assert!(head.contains("head"), "{head}");
    }
}
