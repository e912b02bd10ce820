"""Build the reports of the training set (reports/) from their sources (sources/).

    python -m corpus.training.make                 # from the root; needs fpdf2, opencc, pypinyin, a CJK font
    python -m corpus.training.make --out DIR       # build somewhere else
    python -m corpus.training.make --no-pdf        # only the reports that need no font
    python -m corpus.training.make --sources DIR   # write the sources, families filled, to read them

How each report is set stands in manifest.json. The same sources give the same bytes, with the same
versions of the libraries and the same font.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from opencc import OpenCC

from corpus.make import annotate, glue_title, glyphless, site_foot, site_head
from corpus.training.blocks import Block, read_blocks, read_sources
from corpus.training.layouts.office import to_docx, to_xlsx
from corpus.training.layouts.pdf import FONT, to_pdf
from corpus.training.layouts.plain import (
    to_markdown,
    to_paged_text,
    to_text,
    to_web_copy,
    to_wrapped_text,
)
from corpus.training.layouts.web import to_page
from corpus.training.manifest import HERE, Entry, read_manifest

SOURCES, REPORTS = HERE / "sources", HERE / "reports"
AS_IT_IS = "as it is"
# How many different characters are annotated in a site's export.
_GLYPHLESS = 60


def to_site_export(blocks: Sequence[Block]) -> str:
    """Return the export of a document-sharing site, converted from Simplified to Traditional."""
    text = OpenCC("s2t").convert(to_text(blocks))
    title = text.partition("\n")[0]
    page = "\n\n".join((site_head(title), glue_title(text).rstrip("\n"), site_foot()))
    return annotate(page, glyphless(text, _GLYPHLESS))


# For each layout the suffix of its files, and what sets it from the blocks and the title.
LAYOUTS: dict[str, tuple[str, Callable[[Sequence[Block], str], str | bytes]]] = {
    "markdown": (".md", lambda blocks, _: to_markdown(blocks)),
    "text": (".txt", lambda blocks, _: to_text(blocks)),
    "wrapped text": (".txt", lambda blocks, _: to_wrapped_text(blocks)),
    "paged text": (".txt", to_paged_text),
    "copy of a web page": (".txt", lambda blocks, _: to_web_copy(blocks)),
    "site export": (".txt", lambda blocks, _: to_site_export(blocks)),
    "web page": (".html", lambda blocks, _: to_page(blocks)),
    "web page, Taiwan": (".html", lambda blocks, _: to_page(blocks, taiwan=True)),
    "Word": (".docx", lambda blocks, _: to_docx(blocks)),
    "spreadsheet": (".xlsx", lambda blocks, _: to_xlsx(blocks)),
    "PDF": (".pdf", to_pdf),
    "PDF, two columns": (".pdf", lambda blocks, title: to_pdf(blocks, title, columns=2)),
}


def build_report(entry: Entry, source: str) -> bytes:
    """Return the file of one report.

    Raises:
        ValueError: its source is not in the form that GUIDE.md describes.
    """
    _, set_blocks = LAYOUTS[entry.layout]
    made = set_blocks(read_blocks(source), entry.title)
    return made.encode("utf-8") if isinstance(made, str) else made


def main(argv: Sequence[str] | None = None) -> None:
    """Write all reports that have a source."""
    parser = argparse.ArgumentParser(description="build corpus/training/reports from its sources")
    parser.add_argument("--out", type=Path, default=REPORTS)
    parser.add_argument("--no-pdf", action="store_true", help="leave the PDF files as they are")
    parser.add_argument("--sources", type=Path, help="write the filled sources here, build nothing")
    options = parser.parse_args(argv)
    sources = read_sources(SOURCES)
    if options.sources:
        options.sources.mkdir(parents=True, exist_ok=True)
        for name, source in sources.items():
            (options.sources / f"{name}.md").write_text(source, encoding="utf-8")
        return
    if not options.no_pdf and not FONT.exists():
        parser.error(f"no font {FONT}; install fonts-noto-cjk, or say --no-pdf")
    options.out.mkdir(parents=True, exist_ok=True)
    for entry in read_manifest():
        if entry.layout != AS_IT_IS and not (options.no_pdf and entry.file.endswith(".pdf")):
            (options.out / entry.document).write_bytes(build_report(entry, sources[entry.name]))


if __name__ == "__main__":
    main()
