"""A quotation in its place: the section of the report around it, with the quotation marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indexer.cleaning.diff import DiffPart, cut_into_parts
from indexer.document import Page
from indexer.errors import YinjuError
from indexer.store.catalogue import Catalogue
from indexer.structure.outline import Node
from indexer.types import Document, Passage, Span

# Show a section shorter than this, in characters, with the section that contains it.
_LEAST_SHOWN = 400
# Show at most this many characters: a page of a book has about 1,000, and a report without headings
# must not be sent whole at each click.
_MOST_SHOWN = 6000
_TABLE_RULE = re.compile(r"\s*\|?[\s|:-]*-[\s|:-]*")


@dataclass(frozen=True, slots=True)
class TextPart:
    """A part of a block's text."""

    text: str
    """The text."""
    is_quoted: bool
    """Whether it belongs to the quotation."""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a passage or another line of the clean text."""

    kind: str
    """"heading", the kind of a passage ("paragraph", "item" or "row"), "header" for the header row
    of a table, or "text"."""
    level: int
    """The level of a heading, from 1; else 0."""
    start: int
    """Where it starts in the clean text."""
    end: int
    """Where it ends in the clean text."""
    pieces: tuple[TextPart, ...]
    """Its text, cut where the quotation starts and ends."""


@dataclass(frozen=True, slots=True)
class Place:
    """A quotation with the section of the report around it."""

    document: Document
    """The report."""
    headings: tuple[str, ...]
    """The headings above the quotation, outermost first, without the report's title."""
    page: int | None
    """The number of the page; None for a file without pages."""
    start: int
    """Where the quotation starts in the clean text."""
    end: int
    """Where it ends in the clean text."""
    raw_start: int
    """Where it starts in the raw text."""
    raw_end: int
    """Where it ends in the raw text."""
    quote: str
    """The quotation."""
    blocks: tuple[Block, ...]
    """The section, cut into blocks."""
    before: bool
    """Whether the report has text before the section."""
    after: bool
    """Whether the report has text after the section."""
    raw: tuple[DiffPart, ...] = ()
    """The section before it was cleaned, cut into what was kept and what was changed."""


def find_place(catalogue: Catalogue, path: str, start: int, end: int) -> Place:
    """Look up `start:end` of the clean text of the document that is indexed as `path`.

    Raises:
        YinjuError: there is no such document, or the span does not lie in its text.
    """
    document = find_document(catalogue, path)
    report = catalogue.report(document.id)
    trail, text = report.trail, report.trail.text
    are_integers = all(type(bound) is int for bound in (start, end))
    if not are_integers or not 0 <= start < end <= len(text):
        raise YinjuError("question.no_passage", path=path, start=start, end=end, size=len(text))
    raw_start, raw_end = trail.raw_span(start, end)
    section = choose_section(text, report.nodes, Span(start, end))
    return Place(
        document=document,
        headings=_find_heading_path(text, report.nodes, start, end, document.title),
        page=find_page_number(report.pages, raw_start),
        start=start,
        end=end,
        raw_start=raw_start,
        raw_end=raw_end,
        quote=text[start:end],
        blocks=split_into_blocks(text, report.nodes, report.passages, section, Span(start, end)),
        before=bool(text[: section.start].strip()),
        after=bool(text[section.end :].strip()),
        raw=cut_into_parts(trail, *trail.raw_span(section.start, section.end)),
    )


def find_document(catalogue: Catalogue, path: object) -> Document:
    """Return the document that is indexed as `path`.

    Raises:
        YinjuError: there is none.
    """
    document = next((d for d in catalogue.documents() if d.path == path), None)
    if document is None:
        raise YinjuError("index.unknown_report", path=path)
    return document


def find_page_number(pages: Iterable[Page], raw_start: int) -> int | None:
    """Return the number of the page on which a raw offset lies; None in a file without pages."""
    return next((page.number for page in pages if raw_start < page.end), None)


def _find_headings(nodes: Sequence[Node], start: int, end: int) -> list[Node]:
    """Return the headings whose sections contain a span, outermost first."""
    return [n for n in nodes if n.kind == "heading" and n.start <= start and end <= n.close]


def _find_heading_path(
    text: str, nodes: Sequence[Node], start: int, end: int, title: str
) -> tuple[str, ...]:
    """Return the heading lines above a span as a citation has them: without the report's title."""
    above = (n for n in _find_headings(nodes, start, end) if n.end <= start)
    lines = (text[n.start : n.end].strip().strip("#").strip() for n in above)
    return tuple(line for line in lines if line != title)


def choose_section(text: str, nodes: Sequence[Node], quote: Span) -> Span:
    """Return the smallest section around a quotation that is long enough, cut to the limit."""
    sections = [
        Span(n.start, n.close) for n in reversed(_find_headings(nodes, quote.start, quote.end))
    ]
    sections.append(Span(0, len(text)))
    section = next((s for s in sections if s.end - s.start >= _LEAST_SHOWN), sections[-1])
    spare = max(0, _MOST_SHOWN - (quote.end - quote.start)) // 2
    start = max(section.start, quote.start - spare)
    return Span(start, min(section.end, quote.end + spare, start + _MOST_SHOWN))


def split_into_blocks(
    text: str,
    nodes: Sequence[Node],
    passages: Sequence[Passage],
    section: Span,
    quote: Span,
) -> tuple[Block, ...]:
    """Cut a section into headings, passages and the lines between them; leave out no word of it.

    Args:
        nodes: the outline of the report.
        passages: the passages of the report.
        section: the section, in the clean text.
        quote: the quotation, in the clean text.
    """
    headers = {passage.header for passage in passages if passage.header}
    units = [
        ("heading", n.level, n.title_start if n.style == "markdown" else n.start, n.end)
        for n in nodes
        if n.kind == "heading"
    ]
    units += [(p.kind, 0, p.start, p.end) for p in passages]
    found: list[tuple[str, int, int, int]] = []
    at = section.start
    for kind, level, start, end in sorted(units, key=lambda unit: unit[2:]):
        start, end = max(start, at), min(end, section.end)
        if start >= end:
            continue
        found += [*_find_lines(text, at, start, headers), (kind, level, start, end)]
        at = end
    found += _find_lines(text, at, section.end, headers)
    return tuple(
        Block(kind, level, start, end, _split_at_quote(text, Span(start, end), quote))
        for kind, level, start, end in found
    )


def _find_lines(
    text: str, start: int, end: int, headers: set[str]
) -> list[tuple[str, int, int, int]]:
    """Return kind, level and span of the lines between two blocks.

    These are header rows of tables, and lines that belong to no passage.
    """
    found = []
    for match in re.finditer(r"[^\n]+", text[start:end]):
        line = match.group()
        # Skip the marks of headings and tables in Markdown: they are no words of the report.
        if line.strip().strip("#") and not _TABLE_RULE.fullmatch(line):
            kind = "header" if line.strip() in headers else "text"
            found.append((kind, 0, start + match.start(), start + match.end()))
    return found


def _split_at_quote(text: str, block: Span, quote: Span) -> tuple[TextPart, ...]:
    first = min(max(quote.start, block.start), block.end)
    last = max(min(quote.end, block.end), first)
    cuts = ((block.start, first, False), (first, last, True), (last, block.end, False))
    return tuple(TextPart(text[a:b], is_quoted) for a, b, is_quoted in cuts if a < b)


def rank_headings(blocks: Iterable[Block]) -> dict[int, int]:
    """Return the rank on the web page, 3 to 6, of the heading that starts at each offset.

    No rank is skipped, even if a section begins deep in a report or a report leaves a level out.
    """
    ranks: dict[int, int] = {}
    above: list[int] = []
    for block in blocks:
        if block.kind == "heading":
            above = [*(level for level in above if level < block.level), block.level]
            ranks[block.start] = min(2 + len(above), 6)
    return ranks


def is_split_by_space(header: str, row: str) -> bool:
    """Return whether white space separates the cells of a row, as in a PDF: there are no bars."""
    has_bars = "|" in header or "|" in row
    return not has_bars and len(header.split()) == len(row.split())
