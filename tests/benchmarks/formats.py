"""How much of a report comes through each format and each encoding, and how long does a page take?

Writes the project's own reports into each format and encoding, reads and cleans them as
`yinju index` does, and counts characters other than white space and marks of layout: those of the
report that are in the clean text, in order (kept), those that are not (lost), and those that are in
the clean text only (added). A page is a page of the file, or 1,000 characters if the format has none.

    python -m tests.benchmarks.formats
"""

from __future__ import annotations

import json
import tempfile
import time
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from indexer.report import clean_report
from indexer.text.fold import fold

from .format_files import CONTENT, WRITERS, Write, read_source

ROOT = Path(__file__).parents[2]
REPORTS = ("corpus/reports/ev-charging.md", "corpus/training/reports/county-tourism.md")
# Marks of layout that differ between formats: bars of tables, marks of lists and headings.
_LAYOUT_MARKS = set("|-#*·•`")


@dataclass
class Count:
    """The counts over the files of one format or encoding."""

    files: int = 0
    characters: int = 0
    """Characters of the reports."""
    lost: int = 0
    added: int = 0
    pages: float = 0
    seconds: float = 0
    """Time to read and clean all files."""

    def row(self, name: str) -> dict[str, object]:
        """Return a row of the table."""
        return {
            "name": name,
            "files": self.files,
            "characters": self.characters,
            "kept": self.characters - self.lost,
            "lost": self.lost,
            "added": self.added,
            "ms_a_page": round(1000 * self.seconds / self.pages, 1),
        }


def reduce_to_content(text: str) -> str:
    """Return the folded text without white space and marks of layout."""
    return "".join(c for c in fold(text) if not c.isspace() and c not in _LAYOUT_MARKS)


def count_changes(expected: str, found: str) -> tuple[int, int]:
    """Return (characters of `expected` that are lost, characters of `found` that were added)."""
    matcher = SequenceMatcher(None, expected, found, autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks())
    return len(expected) - same, len(found) - same


def measure(name: str, write: Write, work: Path) -> Count:
    """Write and read every report in one format and encoding.

    Args:
        name: of the format and encoding, a key of `WRITERS`.
        work: a folder for the files.
    """
    count = Count()
    content = CONTENT.get(name.split(",")[0], lambda source: source)
    for number, report in enumerate(REPORTS):
        source = read_source(ROOT / report)
        folder = work / name.replace("/", "-") / str(number)
        folder.mkdir(parents=True)
        path = write(source, folder)
        began = time.perf_counter()
        read = clean_report(path)
        count.seconds += time.perf_counter() - began
        expected = reduce_to_content(content(source).text())
        lost, added = count_changes(expected, reduce_to_content(read.trail.text))
        count.files += 1
        count.characters += len(expected)
        count.lost += lost
        count.added += added
        count.pages += len(read.loaded.pages) or max(1, len(expected) / 1000)
    return count


def main() -> None:
    """Measure each format, print a line on each, write the JSON file."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        # Once before it counts, so that the data of jieba and others are loaded.
        measure("warm", WRITERS["txt, UTF-8"], Path(folder))
        for name, write in WRITERS.items():
            rows.append(measure(name, write, Path(folder)).row(name))
            print(
                "{name:28} {files} files {characters:6} characters, kept {kept:6}, lost {lost:4}, "
                "added {added:4}, {ms_a_page:7} ms a page".format(**rows[-1]),
                flush=True,
            )
    out = ROOT / "tests/benchmarks/results/formats.json"
    out.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
