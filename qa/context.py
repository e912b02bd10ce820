"""A passage in its place in the report: the section around it, the quotation marked out in it."""

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

# A section shorter than this is shown with the one that it belongs to: less tells a reader little.
_CONTEXT = 400
# At most so many characters are shown: a page of a book has about 1,000, and a report without
# headings must not be sent whole at each click.
_LIMIT = 6000
_RULE = re.compile(r"\s*\|?[\s|:-]*-[\s|:-]*")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a block's text; lit: it belongs to the quotation."""

    text: str
    lit: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, passage or other line of the clean text, `start:end` of it.

    kind: "heading", a passage's "paragraph", "item" or "row", a table's "header", or "text".
    level: of a heading, from 1; else 0.
    """

    kind: str
    level: int
    start: int
    end: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A quotation in its place: the section around it, cut into blocks.

    before, after: whether the report goes on there beyond what is shown. raw: the section as it
    stood before it was cleaned, cut into what became of it.
    """

    document: Document
    headings: tuple[str, ...]
    page: int | None
    start: int
    end: int
    raw_start: int
    raw_end: int
    quote: str
    blocks: tuple[Block, ...]
    before: bool
    after: bool
    raw: tuple[DiffPart, ...] = ()


def place_of(catalogue: Catalogue, path: str, start: int, end: int) -> Place:
    """Looks up `start:end` of the clean text of the document indexed as `path`.

    Raises:
        YinjuError: there is no such document, or the span does not lie in its text.
    """
    document = document_at(catalogue, path)
    report = catalogue.report(document.id)
    trail, text = report.trail, report.trail.text
    whole = all(type(bound) is int for bound in (start, end))
    if not whole or not 0 <= start < end <= len(text):
        raise YinjuError("question.no_passage", path=path, start=start, end=end, size=len(text))
    raw_start, raw_end = trail.raw_span(start, end)
    section = shown_section(text, report.nodes, Span(start, end))
    return Place(
        document=document,
        headings=_path_of(text, report.nodes, start, end, document.title),
        page=page_at(report.pages, raw_start),
        start=start,
        end=end,
        raw_start=raw_start,
        raw_end=raw_end,
        quote=text[start:end],
        blocks=blocks_of(text, report.nodes, report.passages, section, Span(start, end)),
        before=bool(text[: section.start].strip()),
        after=bool(text[section.end :].strip()),
        raw=cut_into_parts(trail, *trail.raw_span(section.start, section.end)),
    )


def document_at(catalogue: Catalogue, path: object) -> Document:
    """The document indexed as `path`.

    Raises:
        YinjuError: there is none.
    """
    document = next((d for d in catalogue.documents() if d.path == path), None)
    if document is None:
        raise YinjuError("index.unknown_report", path=path)
    return document


def page_at(pages: Iterable[Page], raw_start: int) -> int | None:
    """The number of the page on which a raw offset lies; None in a file without pages."""
    return next((page.number for page in pages if raw_start < page.end), None)


def _enclosing(nodes: Sequence[Node], start: int, end: int) -> list[Node]:
    """The headings under which a span stands, outermost first."""
    return [n for n in nodes if n.kind == "heading" and n.start <= start and end <= n.close]


def _path_of(text: str, nodes: Sequence[Node], start: int, end: int, title: str) -> tuple[str, ...]:
    """The heading lines above a span, less the report's title, as a citation has them."""
    above = (n for n in _enclosing(nodes, start, end) if n.end <= start)
    lines = (text[n.start : n.end].strip().strip("#").strip() for n in above)
    return tuple(line for line in lines if line != title)


def shown_section(text: str, nodes: Sequence[Node], quote: Span) -> Span:
    """The smallest section around a quotation that tells enough, within the limit."""
    sections = [Span(n.start, n.close) for n in reversed(_enclosing(nodes, quote.start, quote.end))]
    sections.append(Span(0, len(text)))
    section = next((s for s in sections if s.end - s.start >= _CONTEXT), sections[-1])
    spare = max(0, _LIMIT - (quote.end - quote.start)) // 2
    start = max(section.start, quote.start - spare)
    return Span(start, min(section.end, quote.end + spare, start + _LIMIT))


def blocks_of(
    text: str,
    nodes: Sequence[Node],
    passages: Sequence[Passage],
    section: Span,
    quote: Span,
) -> tuple[Block, ...]:
    """Cuts a section into headings, passages and what lies between; no word of it is left out."""
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
        found += [*_lines(text, at, start, headers), (kind, level, start, end)]
        at = end
    found += _lines(text, at, section.end, headers)
    return tuple(
        Block(kind, level, start, end, _pieces(text, Span(start, end), quote))
        for kind, level, start, end in found
    )


def _lines(text: str, start: int, end: int, headers: set[str]) -> list[tuple[str, int, int, int]]:
    """The lines between two units: a table's header row, or what belongs to no passage."""
    found = []
    for match in re.finditer(r"[^\n]+", text[start:end]):
        line = match.group()
        # What a heading or a table is marked with in Markdown is no word of the report.
        if line.strip().strip("#") and not _RULE.fullmatch(line):
            kind = "header" if line.strip() in headers else "text"
            found.append((kind, 0, start + match.start(), start + match.end()))
    return found


def _pieces(text: str, block: Span, quote: Span) -> tuple[Piece, ...]:
    first = min(max(quote.start, block.start), block.end)
    last = max(min(quote.end, block.end), first)
    cuts = ((block.start, first, False), (first, last, True), (last, block.end, False))
    return tuple(Piece(text[a:b], lit) for a, b, lit in cuts if a < b)


def heading_ranks(blocks: Iterable[Block]) -> dict[int, int]:
    """The rank on the page, 3 to 6, of the heading that starts at each offset.

    None is skipped, though a section may begin deep in a report and a report leave a level out.
    """
    ranks: dict[int, int] = {}
    above: list[int] = []
    for block in blocks:
        if block.kind == "heading":
            above = [*(level for level in above if level < block.level), block.level]
            ranks[block.start] = min(2 + len(above), 6)
    return ranks


def parts_by_space(header: str, row: str) -> bool:
    """Whether white space parts the cells of a row, as in a PDF, where a table has no bars."""
    bars = "|" in header or "|" in row
    return not bars and len(header.split()) == len(row.split())
