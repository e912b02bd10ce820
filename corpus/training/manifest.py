"""The list of all reports: how each is set, its genre, its script, its split."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
SPLITS = ("fit", "develop", "test")


@dataclass(frozen=True, slots=True)
class Entry:
    """A report of the set."""

    name: str
    layout: str
    """How it is set: a key of `make.LAYOUTS`, or "as it is" for a file that nothing is done to."""
    genre: str
    script: str
    """"Simplified", "Traditional" or "Taiwan"."""
    split: str
    """One of `SPLITS`."""
    family: str = ""
    """The template that it shares with three others, or empty."""
    file: str = ""
    """Where it lies, relative to the folder of the set."""
    title: str = ""

    @property
    def document(self) -> str:
        """The name of its file, which questions name."""
        return Path(self.file).name


def read_manifest(folder: Path = HERE) -> list[Entry]:
    """Return the reports in the order of the manifest."""
    rows = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return [Entry(**row) for row in rows]
