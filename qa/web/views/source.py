"""What the web page shows, as HTML; its words are in `qa.web.views.labels`, its looks in `qa.web.theme`.

Reports and questions are data: whatever comes from them is escaped here, and nowhere is it markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby

from indexer.text.fold import script_of
from indexer.text.visible import visible_lines
from indexer.types import Document, Span
from qa.context import Block, Place, heading_ranks, parts_by_space

from .html import PICTURED, page_target, row_html, spans
from .labels import LABELS
from .messages import told_error

# How many titles the empty panel lists: about what a screen holds.
_MOST_LISTED = 12


def header_html(language: str) -> str:
    """Name, purpose and text sizes; the page's scripts read off it which language it now speaks."""
    label = LABELS[language]
    sizes = "".join(
        f'<button type="button" data-size="{size}" aria-label="{label["size_" + size]}" '
        f'title="{label["text_size"]}{label["colon"]}{label["size_" + size]}">{label["letter"]}</button>'
        for size in ("small", "normal", "large")
    )
    return (
        f'<div class="brand" data-language="{language}" data-offline="{label["offline"]}" '
        f'data-all="{label["all_reports"]}">'
        f'<b aria-hidden="true">引</b><div><h1>引据</h1><p>{label["tagline"]}</p></div></div>'
        f'<div class="sizes" role="group" aria-label="{label["text_size"]}">{sizes}</div>'
    )


def place_html(place: Place, language: str, *, browsed: bool = False) -> str:
    """A place as the panel of sources shows it, the quotation in `mark`.

    browsed: in the tab of reports, where a click leads back to the report's details.
    """
    label = LABELS[language]
    document = place.document
    facts = [document.path]
    if place.page:
        facts.append(label["page"].format(n=place.page))
    facts.append(label["characters"].format(a=place.start, b=place.end))
    facts.append(label["raw"].format(a=place.raw_start, b=place.raw_end))
    if document.truncated:
        facts.append(label["truncated"])
    ranks = heading_ranks(place.blocks)
    body = "".join(
        _table_html(list(group))
        if tabular
        else "".join(_block_html(block, ranks.get(block.start, 0)) for block in group)
        for tabular, group in groupby(place.blocks, lambda block: block.kind in ("row", "header"))
    )
    gap = '<p class="gap" aria-hidden="true">⋯</p>'
    script = script_of(place.quote)
    ways = (
        f'<button type="button" class="back">{label["back"]}</button>'
        f'<button type="button" class="open-trail" data-trail="{escape(document.path)}">'
        f"{label['trail']}</button>{_page_button(place, label)}"
    )
    if browsed:
        ways = f'<button type="button" class="close-trail">{label["to_details"]}</button>'
    return (
        f'<header class="place"><h2 lang="{script}">{escape(document.title)}</h2>'
        f'<p class="path" lang="{script}">{spans(place.headings)}</p><p class="meta">{spans(facts)}</p>'
        f"{ways}{_raw_button(place, label)}</header>"
        f'<div class="text" tabindex="0" role="region" aria-label="{label["source"]}" '
        f'lang="{script}">{gap if place.before else ""}{body}{gap if place.after else ""}</div>'
        f"{_raw_html(place, label)}"
    )


def _raw_button(place: Place, label: dict[str, str]) -> str:
    """Switches between the clean and the raw text, where cleaning changed anything there."""
    if all(part.kind == "kept" for part in place.raw):
        return ""
    return (
        f'<button type="button" class="open-trail switch-raw" aria-pressed="false" '
        f'data-other="{label["clean_text"]}">{label["raw_text"]}</button>'
    )


def _raw_html(place: Place, label: dict[str, str]) -> str:
    """The section as it stood, with what cleaning removed and put in."""
    tags = {"kept": "span", "removed": "del", "inserted": "ins"}
    parts = "".join(
        f"<{tags[part.kind]}>{escape(visible_lines(part.text, part.kind))}</{tags[part.kind]}>"
        for part in place.raw
    )
    return (
        f'<div class="text trail raw" tabindex="0" role="region" aria-label="{label["raw_text"]}" '
        f'hidden><p class="asis">{parts}</p></div>'
    )


def _page_button(place: Place, label: dict[str, str]) -> str:
    """Opens the page of the file, where it has pages that can be shown."""
    if place.page is None or place.document.format not in PICTURED:
        return ""
    return (
        f'<button type="button" class="open-trail" '
        f"{page_target(place.document.path, place.page, Span(place.start, place.end))}>"
        f"{label['show_page']}</button>"
    )


def _block_html(block: Block, rank: int = 0) -> str:
    inner = "".join(
        f"<mark>{escape(piece.text)}</mark>" if piece.lit else escape(piece.text)
        for piece in block.pieces
    )
    if rank:
        return f'<h{rank} class="level-{min(block.level, 4)}">{inner}</h{rank}>'
    return f'<p class="{block.kind}">{inner}</p>'


def _table_html(blocks: Sequence[Block]) -> str:
    """Rows as a table; one that is quoted in part keeps to one line, its quotation in one piece."""
    texts = ["".join(piece.text for piece in block.pieces) for block in blocks]
    rows, header = [], ""
    for block, text, below in zip(blocks, texts, [*texts[1:], ""], strict=True):
        header = text if block.kind == "header" else header
        # A header is cut as the row below it.
        split = parts_by_space(header, below if block.kind == "header" else text)
        if len(block.pieces) > 1:
            rows.append(_block_html(block))
        else:
            tag = "mark" if block.pieces[0].lit else "span"
            rows.append(row_html(text, block.kind, tag, split=split))
    return f'<div class="wide"><div class="table">{"".join(rows)}</div></div>'


def notice_html(language: str, documents: Sequence[Document], refused: bool = False) -> str:
    """The panel of sources with nothing open: what to do, and the reports that are there."""
    label = LABELS[language]
    items = "".join(
        f'<li>{escape(d.title)} <button type="button" class="open-trail" '
        f'data-trail="{escape(d.path)}">{label["trail"]}</button></li>'
        for d in documents[:_MOST_LISTED]
    )
    count = label["reports"].format(n=len(documents))
    return (
        f'<div class="notice"><p>{label["nothing"] if refused else label["hint"]}</p>'
        f"<h2>{count}</h2><ul>{items}</ul></div>"
    )


def error_html(message: str, language: str, heading: str = "") -> str:
    """What went wrong, in the place of what was asked for.

    heading: what could not be done, by its name in LABELS; most messages say it themselves.
    """
    head = f"<p>{LABELS[language][heading]}</p>" if heading else ""
    told = escape(told_error(message, language))
    return f'<div class="notice" role="alert">{head}<p>{told}</p></div>'
