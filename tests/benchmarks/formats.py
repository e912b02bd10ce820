"""How much of a report comes through each format and each encoding, and how long does a page take?

Writes reports of our own into each format and encoding, reads and cleans them as `yinju index`
does, and counts characters other than white space and marks of layout: those of the report that
are in the clean text, in order (kept), those that are not (lost), and those that are in the clean
text only (added). A page is a page of the file, or 1,000 characters where a format has none.

    python -m tests.benchmarks.formats
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from indexer.report import clean_report
from indexer.text.fold import fold

try:
    from . import format_files as files
except ImportError:  # run as a file
    import formatfiles as files

ROOT = Path(__file__).parents[2]
REPORTS = ("corpus/reports/ev-charging.md", "corpus/training/county-tourism.md")
# Marks that formats write in their own ways: bars of tables, marks of lists and headings.
_LAYOUT = set("|-#*·•`")


@dataclass
class Count:
    """What became of the files of one format or encoding."""

    files: int = 0
    characters: int = 0
    lost: int = 0
    added: int = 0
    pages: float = 0
    seconds: float = 0

    def row(self, name: str) -> dict[str, object]:
        """A row of the table."""
        return {
            "name": name,
            "files": self.files,
            "characters": self.characters,
            "kept": self.characters - self.lost,
            "lost": self.lost,
            "added": self.added,
            "ms_a_page": round(1000 * self.seconds / self.pages, 1),
        }


def bare(text: str) -> str:
    """Characters that count, folded: what is said, whichever way it is laid out."""
    return "".join(c for c in fold(text) if not c.isspace() and c not in _LAYOUT)


def compared(said: str, found: str) -> tuple[int, int]:
    """(characters of `said` that are lost, characters of `found` that were added)."""
    matcher = SequenceMatcher(None, said, found, autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks())
    return len(said) - same, len(found) - same


def measure(name: str, write: Callable[[files.Source, Path], Path], work: Path) -> Count:
    """Writes and reads every report in one way."""
    count = Count()
    for at, report in enumerate(REPORTS):
        source = files.read_source(ROOT / report)
        folder = work / name.replace("/", "-") / str(at)
        folder.mkdir(parents=True)
        path = write(source, folder)
        began = time.perf_counter()
        read = clean_report(path)
        count.seconds += time.perf_counter() - began
        held = files.HELD.get(name.split(",")[0])
        said = bare((held(source) if held else source).text())
        lost, added = compared(said, bare(read.trail.text))
        count.files += 1
        count.characters += len(said)
        count.lost += lost
        count.added += added
        count.pages += len(read.loaded.pages) or max(1, len(said) / 1000)
    return count


def main() -> None:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        # Once before it counts: jieba's and other data are loaded.
        measure("warm", files.WRITERS["txt, UTF-8"], Path(folder))
        for name, write in files.WRITERS.items():
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
