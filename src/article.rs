//! The nouns of the domain: an article, its sides, its segments, and their languages.

use std::fmt;

use icu_locale_core::LanguageIdentifier;

use crate::span::Span;

/// A language tag (BCP 47), canonical in form: `en`, `en-GB`, `zh-Hant-TW`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Language {
    tag: String,
    primary: String,
    script: Option<String>,
    region: Option<String>,
}

/// A tag that is not well-formed BCP 47.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{tag:?} is not a language tag: BCP 47 wants forms such as en, en-GB, zh-Hant")]
pub struct BadLanguage {
    /// What stood there.
    pub tag: String,
}

impl Language {
    /// Reads a tag; `_` between subtags is taken for `-`, and case does not matter.
    ///
    /// # Errors
    /// The tag is not well-formed. Whether there is such a language is for [`crate::language`] to say.
    pub fn parse(tag: &str) -> Result<Self, BadLanguage> {
        let bad = || BadLanguage { tag: tag.chars().take(64).collect() };
        let id = LanguageIdentifier::try_from_str(&tag.trim().replace('_', "-")).map_err(|_| bad())?;
        let primary = id.language.as_str().to_owned();
        if primary == "und" {
            return Err(bad());
        }
        Ok(Self {
            tag: id.to_string(),
            primary,
            script: id.script.map(|s| s.as_str().to_owned()),
            region: id.region.map(|r| r.as_str().to_owned()),
        })
    }

    /// The whole tag.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// The language alone: `zh` of `zh-Hant-TW`.
    pub fn primary(&self) -> &str {
        &self.primary
    }

    /// The script (ISO 15924), where the tag names one.
    pub fn script(&self) -> Option<&str> {
        self.script.as_deref()
    }

    /// The region, where the tag names one.
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// Whether data for `other` serve a text in this language: the languages are the same, and neither script nor region
    /// contradict. `en` and `en-GB` fit either way; `en-US` and `en-GB` do not, nor do `zh-Hans` and `zh-Hant`.
    pub fn fits(&self, other: &Self) -> bool {
        let agree = |a: &Option<String>, b: &Option<String>| a.is_none() || b.is_none() || a == b;
        self.primary == other.primary && agree(&self.script, &other.script) && agree(&self.region, &other.region)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.tag)
    }
}

/// Which of the two texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SideName {
    /// The original.
    Source,
    /// The translation.
    Target,
}

/// One text of an article.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    text: String,
    language: Option<Language>,
    masks: Vec<Span>,
    log_probabilities: Vec<(Span, f32)>,
}

impl Side {
    /// A text; a language of `None` is to be inferred.
    pub fn new(text: impl Into<String>, language: Option<Language>) -> Self {
        Self { text: text.into(), language, masks: Vec::new(), log_probabilities: Vec::new() }
    }

    /// The same text with inline codes that every rule steps over. Masks are put in order; those that overlap are joined.
    pub fn with_masks(mut self, masks: impl IntoIterator<Item = Span>) -> Self {
        let mut all: Vec<Span> = masks.into_iter().filter(|m| !m.is_empty()).map(|m| m.snap(&self.text)).collect();
        all.sort();
        self.masks.clear();
        for mask in all {
            match self.masks.last_mut() {
                Some(last) if mask.start() < last.end() => *last = last.cover(mask),
                _ => self.masks.push(mask),
            }
        }
        self
    }

    /// The same text with the logarithms of the probabilities that the engine which translated it gave to its tokens. They are put
    /// in order.
    pub fn with_log_probabilities(mut self, tokens: impl IntoIterator<Item = (Span, f32)>) -> Self {
        self.log_probabilities = tokens.into_iter().collect();
        self.log_probabilities.sort_by_key(|(span, _)| *span);
        self
    }

    /// What the engine that translated the text thought of its tokens, in order; empty where it did not say.
    pub fn log_probabilities(&self) -> &[(Span, f32)] {
        &self.log_probabilities
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its language, where it was given.
    pub fn language(&self) -> Option<&Language> {
        self.language.as_ref()
    }

    /// Inline codes, in order, none overlapping another.
    pub fn masks(&self) -> &[Span] {
        &self.masks
    }
}

/// One unit of a translation file, as places in the two sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The caller's name for it.
    pub id: String,
    /// Its place in the source; empty where it has none.
    pub source: Span,
    /// Its place in the target.
    pub target: Span,
}

/// What a segment is made from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SegmentText {
    /// The caller's name for it.
    pub id: String,
    /// The original; may be empty.
    pub source: String,
    /// The translation.
    pub target: String,
    /// Inline codes, relative to the segment's text of that side.
    pub masks: Vec<(SideName, Span)>,
    /// What the engine that translated it thought of its tokens, relative to the segment's translation.
    pub log_probabilities: Vec<(Span, f32)>,
}

/// A translation with, perhaps, its source, whole or in segments.
#[derive(Clone, Debug, PartialEq)]
pub struct Article {
    source: Option<Side>,
    target: Side,
    segments: Vec<Segment>,
}

impl Article {
    /// An article as one text, or two. A source without a word in it is no source.
    pub fn new(source: Option<Side>, target: Side) -> Self {
        Self { source: source.filter(|s| !s.text.trim().is_empty()), target, segments: Vec::new() }
    }

    /// An article in segments, which are joined with line ends into the two sides.
    pub fn from_segments(
        segments: Vec<SegmentText>,
        source_language: Option<Language>,
        target_language: Option<Language>,
    ) -> Self {
        let (mut source, mut target) = (String::new(), String::new());
        let mut masks = [Vec::new(), Vec::new()];
        let mut log_probabilities = Vec::new();
        let mut places = Vec::with_capacity(segments.len());
        for (index, segment) in segments.into_iter().enumerate() {
            if index > 0 {
                source.push('\n');
                target.push('\n');
            }
            for (side, mask) in segment.masks {
                let origin = if side == SideName::Source { source.len() } else { target.len() };
                masks[side as usize].push(mask.shift(origin));
            }
            log_probabilities
                .extend(segment.log_probabilities.into_iter().map(|(span, ln)| (span.shift(target.len()), ln)));
            let place = |text: &mut String, piece: &str| {
                let start = text.len();
                text.push_str(piece);
                Span::new(start, text.len())
            };
            places.push(Segment {
                id: segment.id,
                source: place(&mut source, &segment.source),
                target: place(&mut target, &segment.target),
            });
        }
        let [source_masks, target_masks] = masks;
        let mut article = Self::new(
            Some(Side::new(source, source_language).with_masks(source_masks)),
            Side::new(target, target_language).with_masks(target_masks).with_log_probabilities(log_probabilities),
        );
        article.segments = places;
        article
    }

    /// The original, where there is one.
    pub fn source(&self) -> Option<&Side> {
        self.source.as_ref()
    }

    /// The translation.
    pub fn target(&self) -> &Side {
        &self.target
    }

    /// One of the two.
    pub fn side(&self, name: SideName) -> Option<&Side> {
        match name {
            SideName::Source => self.source.as_ref(),
            SideName::Target => Some(&self.target),
        }
    }

    /// The segments, in order; empty where the article came as whole texts.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The segment that a place of a side lies in, if the article has segments.
    pub fn segment_at(&self, side: SideName, at: usize) -> Option<&Segment> {
        let place = |s: &Segment| {
            if side == SideName::Source { s.source } else { s.target }
        };
        let after = self.segments.partition_point(|s| place(s).start() <= at);
        self.segments.get(after.checked_sub(1)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_canonical_and_fit_by_fallback() {
        let tag = |t| Language::parse(t).expect(t);
        assert_eq!(tag("EN_gb").tag(), "en-GB");
        assert_eq!(tag("zh-hant").script(), Some("Hant"));
        assert!(tag("en").fits(&tag("en-GB")) && tag("en-GB").fits(&tag("en")));
        assert!(!tag("en-US").fits(&tag("en-GB")) && !tag("zh-Hans").fits(&tag("zh-Hant")));
        for bad in ["", "english", "e", "en--GB", "und", "12"] {
            assert!(Language::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn segments_keep_their_places_and_masks() {
        let segment = |id: &str, source: &str, target: &str| SegmentText {
            id: id.into(),
            source: source.into(),
            target: target.into(),
            masks: vec![(SideName::Target, Span::new(0, 1))],
            log_probabilities: vec![(Span::new(0, 3), -0.5)],
        };
        let article = Article::from_segments(vec![segment("a", "раз", "one"), segment("b", "", "two")], None, None);
        assert_eq!(article.target().text(), "one\ntwo");
        assert_eq!(article.target().masks(), [Span::new(0, 1), Span::new(4, 5)]);
        assert_eq!(article.segment_at(SideName::Target, 5).map(|s| s.id.as_str()), Some("b"));
        assert_eq!(article.segments()[1].source.of(article.source().expect("a source").text()), "");
    }

    #[test]
    fn a_blank_source_is_none() {
        assert!(Article::new(Some(Side::new(" \n", None)), Side::new("x", None)).source().is_none());
    }
}
