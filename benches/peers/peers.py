"""The harness of benches/peers/run.sh: runs Obelus and its rivals on the same texts, one after another, and prints one table.

The table goes to standard output as Markdown, progress to standard error. Python's standard library is all it needs.
"""

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import score
import sets

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BUILT = ROOT / "target" / "peers"
# A peer is timed this often, a quick one more often, one that has used a minute not again; the best time counts.
RUNS = 3
RUNS_IF_QUICK = 25
QUICK = 2.0
MINUTE = 60.0
# Seconds beyond the start that say nothing.
TOO_QUICK = 0.003
# A load, for each processor, that times cannot be taken beside.
BUSY = 0.3
SHORT = sets.Row("short", "short", "en", "ru", "Они встретились в городе.", "They met in the city.")
SHORT_IN = {"ru": "Они встретились в городе.", "fr": "Ils se sont rencontrés en ville.", "de": "Sie trafen sich in der Stadt."}


@dataclass
class Peer:
    """A rival: how it is called in options and in the table, its version, how it starts, and the languages it knows."""

    name: str
    title: str
    version: str
    command: list[str]
    languages: tuple[str, ...] | None = None


def locked(project, crate):
    lock = (HERE / project / "Cargo.lock").read_text(encoding="utf-8")
    return re.search(rf'name = "{crate}"\nversion = "(.*)"', lock)[1]


def pinned(path, pattern):
    return re.search(pattern, (HERE / path).read_text(encoding="utf-8"))[1]


def rivals():
    java = ["java", "-cp", f"{BUILT}/languagetool/classes:{BUILT}/languagetool/lib/*", "Peer"]
    pofilter = [f"{BUILT}/pofilter/bin/python", str(HERE / "pofilter" / "peer.py")]
    return [
        Peer(
            "languagetool",
            "LanguageTool",
            pinned("languagetool/pom.xml", r"<languagetool>(.*)</"),
            java,
            ("en", "ru", "fr", "de"),
        ),
        Peer("harper", "Harper", locked("harper", "harper-core"), [f"{BUILT}/harper/release/peer-harper"], ("en",)),
        Peer("pofilter", "pofilter, with source", pinned("pofilter/requirements.txt", r"==(.*)"), pofilter),
        Peer(
            "strsim-names",
            "strsim, names only",
            locked("strsim-names", "strsim"),
            [f"{BUILT}/strsim-names/release/peer-strsim-names"],
        ),
    ]


@dataclass
class Row:
    """A line of the table."""

    title: str
    figures: score.Figures | None = None
    words_a_second: float | None = None
    start: float | None = None
    mib: float | None = None
    trouble: str | None = None
    failed: bool = False


class Failed(Exception):
    """A peer that could not be run, or whose answer cannot be read."""


def say(*words):
    print(*words, file=sys.stderr, flush=True)


def measured(command, request, response):
    """Runs the command with these files for standard input and output, through measure.py."""
    errors = response.with_suffix(".stderr")
    helper = [sys.executable, "-I", "-S", str(HERE / "measure.py"), str(request), str(response), str(errors)]
    ran = subprocess.run(helper + command, capture_output=True, text=True)
    if ran.returncode != 0:
        raise Failed(ran.stderr.strip().splitlines()[-1] if ran.stderr.strip() else f"exit status {ran.returncode}")
    usage = json.loads(ran.stdout)
    if usage["status"] != 0:
        said = errors.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        raise Failed(f"exit status {usage['status']}" + (f": {said[-1]}" if said else ""))
    return usage


def written(path, objects):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects), encoding="utf-8")
    return path


def parsed(path):
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    except ValueError as error:
        raise Failed(f"{path.name}: {error}") from error


# How a peer is asked: a document is one text.

GAP = "\n\n"


def asked(one):
    """The texts of a set as the contract has them."""
    for rows in one.documents():
        yield {
            "id": rows[0].doc,
            "language": rows[0].language,
            "source_language": rows[0].source_language,
            "source": GAP.join(row.source for row in rows),
            "target": GAP.join(row.target for row in rows),
        }


def answered(one, answers):
    """What a peer said of documents, as a `CheckTextResponse` for each of their rows."""
    found = {answer["id"]: answer["findings"] for answer in answers}
    for rows in one.documents():
        if rows[0].doc not in found:
            raise Failed(f"no answer for {rows[0].doc}")
        of_row = {row.id: [] for row in rows}
        for finding in found[rows[0].doc]:
            row, mapped = mapped_back(rows, finding)
            of_row[row.id].append(mapped)
        for row in rows:
            yield {
                "requestId": one.answer_id(row),
                "offsetEncoding": "OFFSET_ENCODING_UTF32",
                "findings": of_row[row.id],
            }


def mapped_back(rows, finding):
    """The row that a finding begins in, and the finding there. One that runs into the next row is cut and loses its repairs."""
    start, end, offset = finding["start"], finding["end"], 0
    for row in rows:
        length = len(row.target)
        if start <= offset + length or row is rows[-1]:
            break
        offset += length + len(GAP)
    first, last = sorted(min(max(place - offset, 0), length) for place in (start, end))
    whole = (first, last) == (start - offset, end - offset)
    range_ = {"side": "SIDE_TARGET", "start": first, "end": last, "quote": row.target[first:last]}
    return row, {
        "ruleId": finding["rule"],
        "severity": "SEVERITY_MINOR",
        "confidence": finding.get("confidence", 1),
        "message": finding["message"],
        "range": range_,
        "suggestions": [
            {"edits": [{"range": range_, "replacement": replacement}], "score": 1}
            for replacement in (finding["replacements"][:3] if whole else [])
        ],
    }


@dataclass
class Asked:
    """What the two kinds of checker have in common: how to ask about a set, and where answers lie."""

    name: str
    folder: Path = field(init=False)

    def __post_init__(self):
        self.folder = BUILT / "answers" / self.name
        self.folder.mkdir(parents=True, exist_ok=True)

    def path(self, one, ending):
        return self.folder / f"{one.name.replace(' ', '-')}.{ending}"


class AskedPeer(Asked):
    def __init__(self, peer):
        super().__init__(peer.name)
        self.command = peer.command

    def run(self, one):
        request = written(self.path(one, "request.jsonl"), asked(one))
        return measured(self.command, request, self.path(one, "response.jsonl"))

    def answers(self, one):
        self.run(one)
        return answered(one, parsed(self.path(one, "response.jsonl")))


class AskedObelus(Asked):
    """Obelus is asked about rows; about an article with a glossary, it is asked alone."""

    def __init__(self, name, binary, with_source):
        super().__init__(name)
        self.binary = binary
        self.with_source = with_source

    def run(self, one):
        request = written(self.path(one, "request.jsonl"), map(self.row, one.rows))
        command = [self.binary, "check", "-", "--input-format", "jsonl", "--offset-encoding", "utf32", "--jobs", "1"]
        return measured(command, request, self.path(one, "response.jsonl"))

    def row(self, row):
        asked = {"id": row.id, "target": row.target, "target_language": row.language, "doc": row.doc}
        return asked | {"source": row.source, "source_language": row.source_language} if self.with_source else asked

    def answers(self, one):
        if one.kind == "cases" and self.with_source:
            return [self.article(row) | {"requestId": one.answer_id(row)} for row in one.rows]
        self.run(one)
        given = {answer.get("requestId"): answer for answer in parsed(self.path(one, "response.jsonl"))}
        if absent := [row.id for row in one.rows if row.id not in given]:
            raise Failed(f"no answer for {absent[0]}")
        return [given[row.id] | {"requestId": one.answer_id(row)} for row in one.rows]

    def article(self, row):
        command = [self.binary, "check", row.path, "--source", row.source_path, "--glossary", row.glossary]
        command += ["--format", "json", "--offset-encoding", "utf32", "--jobs", "1"]
        ran = subprocess.run(command, capture_output=True, text=True)
        if ran.returncode != 0:
            raise Failed(ran.stderr.strip().splitlines()[-1] if ran.stderr.strip() else f"exit status {ran.returncode}")
        return json.loads(ran.stdout)


def repeated(checker, one):
    """The best time, and the most memory, of several runs."""
    runs, used = [], 0.0
    while used < MINUTE and len(runs) < (RUNS if used > QUICK else RUNS_IF_QUICK):
        runs.append(checker.run(one))
        used += runs[-1]["seconds"]
    return min(run["seconds"] for run in runs), max(run["kib"] for run in runs) / 1024


def line_of_table(title, checker, obelus, speed, scored, short):
    """Asks one checker everything, and has what it says scored."""
    row = Row(title)
    try:
        say(f"{title}: start")
        row.start, _ = repeated(checker, short)
        say(f"{title}: {speed.name}")
        seconds, row.mib = repeated(checker, speed)
        if seconds - row.start > TOO_QUICK:
            row.words_a_second = speed.words() / (seconds - row.start)
        answers = []
        for one in scored:
            say(f"{title}: {one.name}")
            answers.extend(checker.answers(one))
        row.figures = score.score(obelus, written(checker.folder / "answers.jsonl", answers), scored)
    except (Failed, ValueError, KeyError, OSError) as error:
        row.failed = True
        row.trouble = f"{type(error).__name__}: {error}" if not isinstance(error, Failed) else str(error)
        say(f"{title}: FAILED: {row.trouble}")
    return row


def table(rows):
    figures = [row.figures for row in rows if row.figures]
    marks = figures[0].marks if figures else 0
    traps = figures[0].traps if figures else 0
    drift = figures[0].respelled if figures else 0
    head = [
        "checker",
        f"marks found (of {marks:,})",
        "precision",
        "right first fixes",
        f"traps sprung (of {traps:,})",
        "false alarms per 1,000 words, clean twins",
        "false alarms per 1,000 words, clean news",
        f"respelled names found (of {drift:,})",
        "rightly repaired",
        "words a second",
        "start, s",
        "memory, MiB",
    ]
    lines = [head, ["---"] + ["---:"] * (len(head) - 1)]
    for row in rows:
        if row.trouble:
            lines.append([row.title, f"not measured: {row.trouble.replace('|', '/')}"] + [""] * (len(head) - 2))
            continue
        one = row.figures
        respelled = [f"{one.respelled_found:,}", f"{one.respelled_mended:,}"] if drift else ["–", "–"]
        lines.append(
            [
                row.title,
                f"{one.found:,}",
                "–" if one.precision is None else f"{one.precision:.2f}",
                f"{one.fixes:,}",
                f"{one.sprung:,}",
                per_thousand(one.twins_per_1000),
                per_thousand(one.news_per_1000),
                *respelled,
                "–" if row.words_a_second is None else f"{row.words_a_second:,.0f}",
                f"{row.start:.3f}",
                f"{row.mib:.0f}",
            ]
        )
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def per_thousand(value):
    return "–" if value is None else f"{value:.2f}" if value < 10 else f"{value:.1f}"


def chosen_sets(shared, into):
    """What is scored, what speed is measured on, and one sentence that says which."""
    if shared.is_dir():
        scored = [sets.cases(shared / "cases", into)]
        first = "ru-en" if into == "en" else f"en-{into}"
        news = shared / "eval" / f"clean-news.{first}.jsonl.gz"
        scored += [sets.jsonl("clean", news)] if news.exists() else []
        scored += [sets.jsonl("drift", path) for path in sorted((shared / "eval").glob(f"drift.*-{into}.jsonl.gz"))]
        speed = next((one for one in scored if one.kind == "clean"), None) or sets.news_of_twins(scored[0])
    else:
        say("=" * 100)
        say(f"NO {shared}: measured on tests/corpus/ ALONE. No clean news, no respelled names; speed on a few short texts.")
        say("=" * 100)
        corpus = ROOT / "tests" / "corpus"
        if not corpus.is_dir():
            sys.exit(f"there is neither {shared} nor {corpus}")
        scored = [sets.cases(corpus, into)]
        speed = sets.news_of_twins(scored[0])
    drift = sum(one.kind == "drift" for one in scored)
    told = f"articles of {'shared' if shared.is_dir() else 'tests/corpus ALONE'} into {into}: {len(scored[0].files)}"
    told += f"; speed and memory on {speed.name}, {len(speed.documents())} texts, {speed.words():,} words"
    return scored, speed, told + (f"; respelled names in {drift} files" if drift else "; no respelled names")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--only", metavar="NAME,…", help="obelus, languagetool, harper, pofilter, strsim-names")
    options.add_argument("--shared", metavar="DIR", type=Path, default=ROOT.parent / "shared")
    options.add_argument("--into", metavar="LANGUAGE", default="en", help="the articles translated into it (en, ru, fr)")
    options.add_argument("--obelus", metavar="FILE", default=str(ROOT / "target" / "release" / "obelus"))
    given = options.parse_args()
    # Default settings, for Obelus too.
    for name in [name for name in os.environ if name.startswith("OBELUS_")]:
        del os.environ[name]
    peers = rivals()
    known = ["obelus"] + [peer.name for peer in peers]
    only = given.only.split(",") if given.only else known
    if unknown := [name for name in only if name not in known]:
        options.error(f"no {', '.join(unknown)}; there are {', '.join(known)}")

    scored, speed, told = chosen_sets(given.shared, given.into)
    short_row = SHORT
    if given.into != "en":
        short_row = sets.Row("short", "short", given.into, "en", SHORT.target, SHORT_IN.get(given.into, SHORT.target))
    short = sets.Set("short", "short", [], [short_row])
    warning = other_work()
    rows = []
    if "obelus" in only:
        version = subprocess.run([given.obelus, "--version"], capture_output=True, text=True).stdout.strip()
        for name, title, with_source in [
            ("obelus-alone", "translation alone", False),
            ("obelus", "with source and glossary", True),
        ]:
            checker = AskedObelus(name, given.obelus, with_source)
            rows.append(line_of_table(f"{version.capitalize()}, {title}", checker, given.obelus, speed, scored, short))
    for peer in (peer for peer in peers if peer.name in only):
        title = f"{peer.title} {peer.version}" if "," not in peer.title else peer.title.replace(",", f" {peer.version},", 1)
        if (BUILT / f"{peer.name}.failed").exists():
            rows.append(Row(title, trouble=f"could not be installed, see target/peers/{peer.name}.log", failed=True))
        elif peer.languages and given.into not in peer.languages:
            rows.append(Row(title, trouble=f"does not know {given.into}"))
        else:
            rows.append(line_of_table(title, AskedPeer(peer), given.obelus, speed, scored, short))

    print(table(rows))
    print(f"\n{told[0].upper()}{told[1:]}. {machine()}.{warning}")
    sys.exit(1 if any(row.failed for row in rows) else 0)


def machine():
    """What the times were taken on."""
    processor = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    kind = processor[1] if processor else platform.machine()
    told = f"{os.cpu_count()} × {kind}, Python {platform.python_version()}"
    if java := shutil.which("java"):
        told += ", " + subprocess.run([java, "-version"], capture_output=True, text=True).stderr.splitlines()[0]
    return told


def other_work():
    """What to say of times that are taken while the machine does something else; nothing where it does not."""
    load = os.getloadavg()[0]
    if load < BUSY * os.cpu_count():
        return ""
    return f" **The machine was busy (load {load:.1f} before the first run): the times are not to be trusted.**"


main()
