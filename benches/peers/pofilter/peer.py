"""pofilter (Translate Toolkit) behind the contract of benches/peers/README.md: JSON lines in, findings out.

Its standard checks, as `pofilter --language` runs them, on PO units made of paragraphs, and of sentences where source and
translation have as many. It names tests, not places: a finding marks the unit, or less where the test's name says which part.
"""

import json
import re
import sys

from translate.filters import checks
from translate.lang import factory
from translate.storage import pypo

END_OF_PARAGRAPH = re.compile(r"\n\s*")


def pieces(text, start, end, parts):
    """Where each of `parts`, which follow one another in text[start:end], stands."""
    for part in parts:
        at = text.find(part, start, end)
        if at >= 0:
            yield at, at + len(part)
            start = at + len(part)


def paragraphs(text):
    return list(pieces(text, 0, len(text), [part for part in END_OF_PARAGRAPH.split(text) if part.strip()]))


def sentences(text, place, language):
    start, end = place
    return list(pieces(text, start, end, factory.getlanguage(language).sentences(text[start:end])))


def units(text):
    """Pairs of places, in source and target, that translate each other as far as counting can tell."""
    source, target = text["source"], text["target"]
    here, there = paragraphs(source), paragraphs(target)
    if len(here) != len(there):
        here, there = [(0, len(source))], [(0, len(target))]
    for one, other in zip(here, there):
        left, right = sentences(source, one, text["source_language"]), sentences(target, other, text["language"])
        yield from zip(left, right) if len(left) == len(right) else [(one, other)]


def place(test, message, target, start, end):
    """The narrowest part of the unit that the test names."""
    unit = target[start:end]
    if test == "doublewords" and (word := re.search(r"'(.*)'", message)):
        pattern = rf"(?<!\w){re.escape(word[1])}\W+{re.escape(word[1])}(?!\w)"
        if twice := re.search(pattern, unit, re.IGNORECASE):
            return start + twice.start(), start + twice.end()
    if test == "startcaps" and (first := re.search(r"\w+", unit)):
        return start + first.start(), start + first.end()
    if test == "startpunc" and unit:
        return start, start + 1
    if test == "endpunc" and unit:
        return end - 1, end
    return start, end


def check(text, checkers):
    languages = text["source_language"], text["language"]
    if languages not in checkers:
        config = checks.CheckerConfig(targetlanguage=text["language"])
        config.sourcelang = factory.getlanguage(text["source_language"])
        classes = [checks.StandardChecker, checks.StandardUnitChecker]
        checkers[languages] = checks.TeeChecker(checkerconfig=config, checkerclasses=classes, languagecode=text["language"])
    for (source_start, source_end), (start, end) in units(text):
        unit = pypo.pounit(text["source"][source_start:source_end])
        unit.target = text["target"][start:end]
        for test, message in checkers[languages].run_filters(unit).items():
            begin, stop = place(test, str(message), text["target"], start, end)
            yield {"start": begin, "end": stop, "rule": test, "message": str(message), "replacements": []}


def main():
    checkers = {}
    for line in sys.stdin:
        text = json.loads(line)
        print(json.dumps({"id": text["id"], "findings": list(check(text, checkers))}, ensure_ascii=False))


main()
