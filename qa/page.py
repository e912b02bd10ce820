"""What the web page shows, as HTML; its words are in `qa.labels`, its looks in `qa.look`.

Reports and questions are data: whatever comes from them is escaped here, and nowhere is it markup.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from .compose import REFUSAL
from .copying import STYLES, copied
from .fragments import spans, where
from .labels import LABELS
from .pagepicture import PICTURED
from .reading import Block, Place, heading_ranks, parts_by_space, script_of
from .types import Answer, Citation, Document, ScoredPassage
from .visible import visible_lines
from .whypage import why_html

# How many titles the empty panel lists: about what a screen holds.
_MOST_LISTED = 12
# How many passages a refusal shows.
_MOST_NEAR = 3

# A report's path with start and end in its clean text.
Target = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of a conversation with its answer, with what went wrong, or with neither yet.

    key: what the browser calls it, so that a question which it sends again is asked once.
    threshold: the confidence that was asked for with it; None is the settings'. scope: the reports
    that it is asked of (`qa.scope`). judged: what is said back once a user has judged the answer.
    """

    question: str
    answer: Answer | None = None
    error: str = ""
    key: str = ""
    threshold: float | None = None
    scope: tuple[str, ...] = ()
    judged: str = ""

    @property
    def waits(self) -> bool:
        """Whether it is still to be answered."""
        return self.answer is None and not self.error


def header_html(language: str) -> str:
    """Name and purpose; `data-language` tells the script which language the page now speaks."""
    return (
        f'<div class="brand" data-language="{language}"><b aria-hidden="true">引</b>'
        f"<div><h1>引据</h1><p>{LABELS[language]['tagline']}</p></div></div>"
    )


def conversation_html(
    turns: Sequence[Turn], examples: Sequence[str], language: str, place: Place | None = None
) -> str:
    """All turns; before the first, example questions.

    place: the one that is open; what names it is lit in the latest turn that does.
    """
    if not turns:
        return _welcome(examples, LABELS[language])
    opened = (place.document.path, place.start, place.end) if place else None
    last = max((i for i, turn in enumerate(turns) if opened in _targets(turn)), default=None)
    said = "".join(
        _turn(turn, opened if i == last else None, language) for i, turn in enumerate(turns)
    )
    return f'<div role="log" aria-label="{LABELS[language]["conversation"]}">{said}</div>'


def _welcome(examples: Sequence[str], label: dict[str, str]) -> str:
    buttons = "".join(
        f'<button type="button" class="example" data-question="{escape(q)}">{escape(q)}</button>'
        for q in examples
    )
    return (
        f'<div class="welcome"><h2>{label["welcome"]}</h2><p>{label["promise"]}</p>'
        f'<div class="examples">{buttons}</div></div>'
    )


def _targets(turn: Turn) -> list[Target]:
    """The places that a turn's marks and cards open."""
    answer = turn.answer
    if answer is None:
        return []
    near = answer.passages[:_MOST_NEAR] if answer.abstained else ()
    cited = [(c.document, c.start, c.end) for c in answer.citations]
    return cited + [(n.path, n.passage.start, n.passage.end) for n in near]


def _turn(turn: Turn, opened: Target | None, language: str) -> str:
    label = LABELS[language]
    if turn.answer is not None:
        body = _answer(turn.answer, opened, language) + _copying(turn.answer, label)
        body += _judging(turn, label)
    elif turn.error:
        body = (
            f'<p class="refusal" role="alert">{escape(turn.error)}</p><button type="button" '
            f'class="example" data-question="{escape(turn.question)}">{label["retry"]}</button>'
        )
    else:
        body = f'<p class="pending" role="status">{label["pending"]}</p>'
    asked = f'<div class="question" lang="{script_of(turn.question)}">{escape(turn.question)}</div>'
    key = escape(turn.key)
    return (
        f'<article class="turn" data-turn="{key}">{asked}<div class="answer">{body}</div></article>'
    )


def _answer(answer: Answer, opened: Target | None, language: str) -> str:
    label = LABELS[language]
    parts = []
    if answer.understood != answer.question:
        parts.append(
            f'<p class="understood">{label["understood"]}<b>{escape(answer.understood)}</b></p>'
        )
    if answer.abstained:
        parts.append(_refusal(answer, opened, language))
    else:
        parts += [
            _quotation(citation, number, opened, label)
            for number, citation in enumerate(answer.citations, 1)
        ]
    if answer.note:
        parts.append(f'<p class="note">{escape(answer.note)}</p>')
    if answer.citations:
        cards = "".join(
            _card(citation, number, opened, label)
            for number, citation in enumerate(answer.citations, 1)
        )
        many = " many" if len(answer.citations) > 2 else ""
        parts.append(f'<div class="cards{many}">{cards}</div>')
    foot = [label["cites"].format(n=len(answer.citations))] if answer.citations else []
    sure = label["unsure" if answer.abstained else "confidence"]
    foot.append(sure.format(n=round(100 * answer.confidence)))
    return f'{"".join(parts)}<p class="foot meta">{spans(foot)}</p>{why_html(answer, language)}'


def _copying(answer: Answer, label: dict[str, str]) -> str:
    """Buttons that copy the answer with its references; the text is their own."""
    buttons = "".join(
        f'<button type="button" data-copy-style="{style}" '
        f'data-copy="{escape(copied(answer, style))}">'
        f"{label['copy_' + style]}</button>"
        for style in STYLES
    )
    return (
        f'<div class="copying" data-done="{label["copied"]}"><span>{label["copy"]}</span>'
        f"{buttons}</div>"
    )


def _judging(turn: Turn, label: dict[str, str]) -> str:
    """Buttons by which a user judges an answer, or what is said back."""
    if turn.judged:
        return f'<p class="judging" role="status">{escape(turn.judged)}</p>'
    return (
        f'<div class="judging"><button type="button" data-judge="good">{label["good"]}</button>'
        f'<details><summary>{label["bad"]}</summary><form><input type="text" name="reason" '
        f'maxlength="1000" aria-label="{label["reason"]}" placeholder="{label["reason"]}">'
        f'<button type="submit" class="plain">{label["save"]}</button></form></details>'
        f'<button type="button" data-judge="gold">{label["to_gold"]}</button></div>'
    )


def _refusal(answer: Answer, opened: Target | None, language: str) -> str:
    label = LABELS[language]
    near = "".join(_near(scored, opened) for scored in answer.passages[:_MOST_NEAR])
    found = f'<p class="near-title">{label["near"]}</p><div class="cards">{near}</div>'
    return f'<p class="refusal">{REFUSAL[language]}</p>{found if near else ""}'


def _target(path: str, start: int, end: int, opened: Target | None) -> str:
    """The attributes by which a click says what it opens, and what is open is lit."""
    current = ' aria-current="true"' if (path, start, end) == opened else ""
    return f'data-document="{escape(path)}" data-start="{start}" data-end="{end}"{current}'


def _quotation(
    citation: Citation, number: int, opened: Target | None, label: dict[str, str]
) -> str:
    target = _target(citation.document, citation.start, citation.end, opened)
    quote = citation.quote
    if citation.header:
        split = parts_by_space(citation.header, quote)
        rows = _row_html(citation.header, "header", split=split)
        rows += _row_html(quote, "row", "q", split=split)
        body = f'<span class="wide"><span class="table">{rows}</span></span>'
    else:
        body = f"<q>{escape(quote)}</q>"
    return (
        # The word joiner keeps a mark on the line of the last word; it does so before a link only.
        f'<div class="quotation" lang="{script_of(quote)}">{body}&#8288;'
        f'<a href="#source" class="mark" {target} '
        f'aria-label="{label["mark"].format(n=number)}" title="{escape(quote)}">[{number}]</a>'
        "</div>"
    )


def _card(citation: Citation, number: int, opened: Target | None, label: dict[str, str]) -> str:
    page = f"<i>{label['page'].format(n=citation.page)}</i>" if citation.page else ""
    row = bool(citation.header)
    header = f"<small>{_excerpt(citation.header, row)}</small>" if row else ""
    return (
        f'<button type="button" class="card" '
        f"{_target(citation.document, citation.start, citation.end, opened)}>"
        f'<span class="unseen">{label["card"].format(n=number)}</span>'
        f'<b aria-hidden="true">{number}</b><span lang="{script_of(citation.quote)}">'
        f"{where(citation.title, citation.headings)}{page}{header}"
        f"<em>{_excerpt(citation.quote, row)}</em></span></button>"
    )


def _near(scored: ScoredPassage, opened: Target | None) -> str:
    passage = scored.passage
    return (
        f'<button type="button" class="card near" lang="{script_of(passage.text)}" '
        f"{_target(scored.path, passage.start, passage.end, opened)}>"
        f"<span>{where(scored.title, passage.headings)}"
        f"<em>{_excerpt(passage.text, passage.kind == 'row')}</em></span></button>"
    )


def _excerpt(text: str, row: bool) -> str:
    """What a card shows of a passage: of a row its cells, without the bars between them."""
    cells = [cell.strip() for cell in text.split("|")] if row else [text]
    return escape(" · ".join(filter(None, cells)))


def place_html(place: Place, language: str) -> str:
    """A place as the panel of sources shows it, the quotation in `mark`."""
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
    return (
        f'<header class="place"><h2 lang="{script}">{escape(document.title)}</h2>'
        f'<p class="path" lang="{script}">{spans(place.headings)}</p><p class="meta">{spans(facts)}</p>'
        f'<button type="button" class="back">{label["back"]}</button>'
        f'<button type="button" class="open-trail" data-trail="{escape(document.path)}">'
        f"{label['trail']}</button>{_raw_button(place, label)}"
        f"{_page_button(place, label)}</header>"
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
        f'<button type="button" class="open-trail" data-page="{place.page}" '
        f'data-file="{escape(place.document.path)}">{label["show_page"]}</button>'
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
            rows.append(_row_html(text, block.kind, tag, split=split))
    return f'<div class="wide"><div class="table">{"".join(rows)}</div></div>'


def _row_html(row: str, kind: str, tag: str = "span", *, split: bool = False) -> str:
    """A row's cells; the bars between them stay in the text, where they are not seen.

    split: white space parts the cells; it stays as well, at their ends.
    """
    parts = re.findall(r"\s*\S+\s*", row) if split else re.split(r"(\|)", row)
    cells = "".join(
        '<span class="bar">|</span>' if cell == "|" else f'<span class="cell">{escape(cell)}</span>'
        for at, cell in enumerate(parts)
        # Between two bars a cell may be empty; beside the outermost ones there is none.
        if cell.strip() or 0 < at < len(parts) - 1
    )
    return f'<{tag} class="{kind}">{cells}</{tag}>'


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


def error_html(message: str, language: str) -> str:
    """The panel of sources where a passage cannot be opened."""
    label = LABELS[language]
    return (
        f'<div class="notice" role="alert"><p>{label["failed"]}</p><p>{escape(message)}</p></div>'
    )
