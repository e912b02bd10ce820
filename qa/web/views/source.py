"""The head of the page and its panel of sources, as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from indexer.messages import Message, say
from indexer.text.fold import script_of
from indexer.text.visible import visible_lines
from indexer.types import Document
from qa.context import Block, Piece, Place, heading_ranks, parts_by_space

from .labels import labels
from .render import render
from .table_row import row_cells

# How many titles the empty panel lists: about what a screen holds.
_MOST_LISTED = 12
# Formats whose pages can be shown.
FORMATS_WITH_PAGES = ("pdf", "image")
# The element of each part of the raw text.
_RAW_TAGS = {"kept": "span", "removed": "del", "inserted": "ins"}


@dataclass(frozen=True, slots=True)
class BlockView:
    """A heading, passage, row or other line of a section."""

    kind: str
    """The class of its element."""
    pieces: Sequence[Piece]
    rank: int = 0
    """Of a heading, 1..6; 0 of any other block."""
    cells: Sequence[str] = ()
    """Of a row that is shown as a table's: its cells and the bars between them."""
    tag: str = ""
    """The element of such a row."""


@dataclass(frozen=True, slots=True)
class BlockGroup:
    """Blocks one after the other that make up a table, or that do not."""

    tabular: bool
    blocks: list[BlockView]


def header_html(language: str) -> str:
    """Render name, purpose and text sizes; the page's scripts read the language off it."""
    return render("header.html", language)


def place_html(place: Place, language: str, *, browsed: bool = False) -> str:
    """Render a place as the panel of sources shows it, the quotation in `mark`.

    Args:
        browsed: in the tab of reports, where a click leads back to the report's details.
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
        raw=[(_RAW_TAGS[part.kind], visible_lines(part.text, part.kind)) for part in place.raw],
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
    ranks = heading_ranks(blocks)
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
    """Cut rows into cells; one that is quoted in part stays a line, its quotation in one piece."""
    texts = ["".join(piece.text for piece in block.pieces) for block in blocks]
    rows, header = [], ""
    for block, text, below in zip(blocks, texts, [*texts[1:], ""], strict=True):
        header = text if block.kind == "header" else header
        # A header is cut as the row below it.
        split = parts_by_space(header, below if block.kind == "header" else text)
        if len(block.pieces) > 1:
            rows.append(_block_view(block))
        else:
            tag = "mark" if block.pieces[0].lit else "span"
            cells = row_cells(text, split)
            rows.append(BlockView(block.kind, block.pieces, cells=cells, tag=tag))
    return rows


def notice_html(language: str, documents: Sequence[Document], refused: bool = False) -> str:
    """Render the panel with nothing open: what to do, and the reports that are there."""
    shown = documents[:_MOST_LISTED]
    return render("notice.html", language, documents=shown, count=len(documents), refused=refused)


def error_html(message: Message, language: str, heading: str = "") -> str:
    """Render what went wrong, in the place of what was asked for.

    Args:
        heading: what could not be done, by its name among the labels; most messages say it
            themselves.
    """
    return render("error.html", language, error=say(message, language), heading=heading)
