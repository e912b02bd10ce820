"""The panel of sources and the header of the page as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from indexer.messages import Message, say
from indexer.text.fold import script_of
from indexer.text.visible import escape_invisible_lines
from indexer.types import Document
from qa.context import Block, Place, TextPart, is_split_by_space, rank_headings

from .labels import labels
from .render import render
from .table_row import row_cells

# The most titles that the empty panel lists: about as many as fit on a screen.
_MAX_TITLES = 12
# Formats whose pages can be shown as images.
FORMATS_WITH_PAGES = ("pdf", "image")
# The element of each kind of part of the raw text.
_RAW_TAGS = {"kept": "span", "removed": "del", "inserted": "ins"}


@dataclass(frozen=True, slots=True)
class BlockView:
    """A heading, passage, row or other line of a section."""

    kind: str
    """The class of its element."""
    pieces: Sequence[TextPart]
    rank: int = 0
    """The rank of a heading, 1..6; 0 for any other block."""
    cells: Sequence[str] = ()
    """For a row of a table: its cells and the bars between them."""
    tag: str = ""
    """For a row of a table: its element; "" for any other block."""


@dataclass(frozen=True, slots=True)
class BlockGroup:
    """Consecutive blocks."""

    tabular: bool
    """Whether they are the rows of a table."""
    blocks: list[BlockView]


def header_html(language: str) -> str:
    """Render name, tagline and text sizes; the scripts of the page read its language from here."""
    return render("header.html", language)


def place_html(place: Place, language: str, *, browsed: bool = False) -> str:
    """Render a place of a report, with the quotation in `mark`.

    Args:
        browsed: for the tab of reports, with a button back to the details of the report.
    """
    return render(
        "place.html",
        language,
        place=place,
        browsed=browsed,
        facts=_facts(place, language),
        script=script_of(place.quote),
        pictured=place.page is not None and place.document.format in FORMATS_WITH_PAGES,
        cleaned=any(part.kind != "kept" for part in place.raw),
        groups=_block_groups(place.blocks),
        raw=[
            (_RAW_TAGS[part.kind], escape_invisible_lines(part.text, part.kind))
            for part in place.raw
        ],
    )


def _facts(place: Place, language: str) -> list[str]:
    label = labels(language)
    facts = [place.document.path]
    if place.page:
        facts.append(label["page"].format(n=place.page))
    facts.append(label["characters"].format(a=place.start, b=place.end))
    facts.append(label["raw"].format(a=place.raw_start, b=place.raw_end))
    if place.document.truncated:
        facts.append(label["truncated"])
    return facts


def _block_groups(blocks: Sequence[Block]) -> list[BlockGroup]:
    ranks = rank_headings(blocks)
    return [
        BlockGroup(
            tabular,
            _table_rows(list(group))
            if tabular
            else [_block_view(block, ranks.get(block.start, 0)) for block in group],
        )
        for tabular, group in groupby(blocks, lambda block: block.kind in ("row", "header"))
    ]


def _block_view(block: Block, rank: int = 0) -> BlockView:
    return BlockView(f"level-{min(block.level, 4)}" if rank else block.kind, block.pieces, rank)


def _table_rows(blocks: Sequence[Block]) -> list[BlockView]:
    """Split rows into cells; a row that is quoted in part stays one line, to keep the quotation whole."""
    texts = ["".join(piece.text for piece in block.pieces) for block in blocks]
    rows, header = [], ""
    for block, text, below in zip(blocks, texts, [*texts[1:], ""], strict=True):
        header = text if block.kind == "header" else header
        # Split a header like the row below it.
        split = is_split_by_space(header, below if block.kind == "header" else text)
        if len(block.pieces) > 1:
            rows.append(_block_view(block))
        else:
            tag = "mark" if block.pieces[0].is_quoted else "span"
            cells = row_cells(text, split)
            rows.append(BlockView(block.kind, block.pieces, cells=cells, tag=tag))
    return rows


def notice_html(language: str, documents: Sequence[Document], refused: bool = False) -> str:
    """Render the panel while no place is open: a hint, and the titles of the reports.

    Args:
        refused: the latest answer is a refusal, so that there is nothing to open.
    """
    shown = documents[:_MAX_TITLES]
    return render("notice.html", language, documents=shown, count=len(documents), refused=refused)


def error_html(message: Message, language: str, heading: str = "") -> str:
    """Render an error.

    Args:
        heading: the name of a label that says what failed; "" if the message says it itself.
    """
    return render("error.html", language, error=say(message, language), heading=heading)
