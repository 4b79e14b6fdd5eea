"""The texts that peers are asked about: articles with an editor's marks, clean news, and documents with a respelled name."""

import gzip
import json
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path


@dataclass
class Row:
    """A piece of translation that answers are given for."""

    id: str
    doc: str
    language: str
    source_language: str
    source: str
    target: str
    path: Path | None = None
    source_path: Path | None = None
    glossary: Path | None = None


@dataclass
class Set:
    """Rows that are asked about in one run. `files` is what the scorer reads: folders of cases, or one file of rows."""

    name: str
    kind: str
    files: list[Path]
    rows: list[Row]

    def documents(self):
        """The rows of each document, in order."""
        return [list(rows) for _, rows in groupby(self.rows, key=lambda row: row.doc)]

    def answer_id(self, row):
        """The `requestId` of the row's answer. Files of rows repeat each other's ids."""
        return row.id if self.kind == "cases" else f"{self.name}/{row.id}"

    def words(self):
        return sum(len(row.target.split()) for row in self.rows)


def read(path):
    return path.read_text(encoding="utf-8")


def cases(folder, into):
    """Every article that is translated into the language: the translation as it is, and its clean twin."""
    rows, files = [], []
    for case in sorted(path for path in folder.iterdir() if (path / f"target.{into}.txt").exists()):
        source, glossary = next(case.glob("source.*.txt")), case / "glossary.csv"
        files.append(case)
        for id, name in (case.name, "target"), (f"{case.name}/clean", "clean"):
            path = case / f"{name}.{into}.txt"
            language = source.name.split(".")[1]
            rows.append(Row(id, id, into, language, read(source), read(path), path, source, glossary))
    return Set("cases", "cases", files, rows)


def jsonl(kind, path):
    """The rows of a gzipped file of JSON lines, as `shared/README.md` tells; of respelled documents also the untouched ones."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        objects = [json.loads(line) for line in lines]
    if kind == "drift":
        untouched = {one["id"]: one for one in map(original, objects)}
        objects += untouched.values()
    rows = [
        Row(one["id"], one.get("doc") or one["id"], one["target_language"], one["source_language"], one["source"], one["target"])
        for one in objects
    ]
    return Set(path.name.removesuffix(".jsonl.gz"), kind, [path], rows)


def original(one):
    """The row as it was before a name in it was respelled."""
    target = one["target"]
    for span in sorted(one["spans"], key=lambda span: -span["start"]):
        target = target[: span["start"]] + span["was"] + target[span["end"] :]
    return {**one, "id": one["id"].split("#")[0], "doc": one["doc"].split("#")[0], "target": target, "spans": []}


def news_of_twins(cases):
    """Where there is no clean news, speed is measured on the clean twins."""
    return Set("clean twins", "speed", [], [row for row in cases.rows if row.id.endswith("/clean")])
