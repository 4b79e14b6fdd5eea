"""Scores one peer's answers by `obelus eval`; `score` is all that the harness calls."""

import json
import subprocess
from dataclasses import dataclass


@dataclass
class Figures:
    """What stands in the table; None where the sets for it are not there."""

    marks: int = 0
    found: int = 0
    precision: float | None = None
    fixes: int = 0
    traps: int = 0
    sprung: int = 0
    twins_per_1000: float | None = None
    news_per_1000: float | None = None
    respelled: int = 0
    respelled_found: int = 0
    respelled_mended: int = 0


def score(obelus, answers, scored):
    """What the answers in the file, a `CheckTextResponse` a line, are worth on these sets."""
    figures = Figures()
    command = [obelus, "eval", "--answers", str(answers), "--format", "json"]
    for flag, kind in ("--case", "cases"), ("--clean", "clean"), ("--drift", "drift"):
        files = [str(file) for one in scored if one.kind == kind for file in one.files]
        command += [flag, *files] if files else []
    ran = subprocess.run(command, capture_output=True, text=True)
    if ran.returncode != 0:
        raise ValueError(f"obelus eval: {ran.stderr.strip()}")
    for kind, of_section in pooled(json.loads(ran.stdout)["sections"]):
        value = {name: figure["value"] for name, figure in of_section.items()}
        if kind == "cases":
            figures.marks, figures.found = int(value["marks"]), int(value["found"])
            figures.fixes = int(value["first_fixes"])
            figures.traps, figures.sprung = int(value["traps"]), int(value["traps_sprung"])
            figures.precision, figures.twins_per_1000 = value.get("precision"), value["clean_per_1000"]
        elif kind == "clean":
            figures.news_per_1000 = value["per_1000"]
        elif kind == "drift":
            figures.respelled, figures.respelled_found = int(value["twins"]), int(value["found"])
            figures.respelled_mended = int(value["repaired"])
    return figures


def pooled(sections):
    """The figures of each kind over all its files: the section that pools them, which comes first, or the only one."""
    first = {}
    for section in sections:
        first.setdefault(section["kind"], section["figures"])
    return first.items()
