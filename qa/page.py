"""What the web page shows: its words, its HTML, its style and the little script that it needs.

Reports and questions are data: whatever comes from them is escaped here, and nowhere is it markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from .answer import REFUSAL
from .reading import Block, Place, script_of
from .types import Answer, Citation, Document, ScoredPassage

# How many titles the empty panel lists: about what a screen holds.
_MOST_LISTED = 12

LABELS: dict[str, dict[str, str]] = {
    "zh": {
        "tagline": "向报告提问，每个答案都是原文引用，并注明出处",
        "placeholder": "向报告提问，按 Enter 发送",
        "question": "问题",
        "send": "发送",
        "clear": "清空",
        "conversation": "对话",
        "source": "原文",
        "welcome": "想知道报告里写了什么？",
        "promise": "答案只引用报告原文；报告没有写的，就说没有。",
        "reports": "{n} 份报告",
        "understood": "理解为：",
        "pending": "正在查找…",
        "cites": "{n} 处引用",
        "confidence": "把握 {n}%",
        "unsure": "报告能回答的可能：{n}%",
        "page": "第 {n} 页",
        "mark": "引用 {n}：在报告中查看",
        "card": "出处 {n}：在报告中查看",
        "near": "不是答案，但相近",
        "nothing": "这个回答没有引用任何内容。",
        "hint": "点击回答里的编号，这里会打开报告，并标出引用的那一段。",
        "characters": "正文第 {a}–{b} 字",
        "raw": "原文件第 {a}–{b} 字",
        "back": "回到对话",
        "truncated": "此报告在结尾处中断",
        "failed": "打不开这一段",
        "broken": "出错了，没有得到回答。请再问一次；原因写在运行 yinju serve 的终端里。",
    },
    "en": {
        "tagline": "Ask your reports; every answer is a verbatim quotation with its source",
        "placeholder": "Ask the reports, Enter to send",
        "question": "Question",
        "send": "Send",
        "clear": "Clear",
        "conversation": "Conversation",
        "source": "Source",
        "welcome": "What do you want to know?",
        "promise": "Answers only quote the reports; what they do not say is not answered.",
        "reports": "{n} reports",
        "understood": "Understood as: ",
        "pending": "Looking it up…",
        "cites": "{n} quoted",
        "confidence": "confidence {n}%",
        "unsure": "chance that the reports answer this: {n}%",
        "page": "page {n}",
        "mark": "Quotation {n}: show in the report",
        "card": "Source {n}: show in the report",
        "near": "Not an answer, but close",
        "nothing": "This answer cites nothing.",
        "hint": "Click a number in an answer: the report opens here with the quotation lit.",
        "characters": "characters {a}–{b}",
        "raw": "{a}–{b} in the raw file",
        "back": "Back to the conversation",
        "truncated": "This report breaks off at its end",
        "failed": "This passage cannot be opened",
        "broken": "Something went wrong and there is no answer. Ask again; the terminal that runs "
        "yinju serve says why.",
    },
}


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of a conversation with its answer, with what went wrong, or with neither yet."""

    question: str
    answer: Answer | None = None
    error: str = ""


def header_html(language: str) -> str:
    """Name and purpose; `data-language` tells the script which language the page now speaks."""
    return (
        f'<div class="brand" data-language="{language}"><b aria-hidden="true">引</b>'
        f"<div><h1>引据</h1><p>{LABELS[language]['tagline']}</p></div></div>"
    )


def conversation_html(turns: Sequence[Turn], examples: Sequence[str], language: str) -> str:
    """All turns; before the first, example questions."""
    if not turns:
        return _welcome(examples, LABELS[language])
    said = "".join(_turn(turn, turn is turns[-1], language) for turn in turns)
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


def _turn(turn: Turn, last: bool, language: str) -> str:
    label = LABELS[language]
    if turn.answer is not None:
        body = _answer(turn.answer, last, language)
    elif turn.error:
        body = f'<p class="refusal" role="alert">{escape(turn.error)}</p>'
    else:
        body = f'<p class="pending" role="status">{label["pending"]}</p>'
    asked = f'<div class="question" lang="{script_of(turn.question)}">{escape(turn.question)}</div>'
    return f'<article class="turn">{asked}<div class="answer">{body}</div></article>'


def _answer(answer: Answer, last: bool, language: str) -> str:
    label = LABELS[language]
    parts = []
    if answer.understood != answer.question:
        parts.append(
            f'<p class="understood">{label["understood"]}<b>{escape(answer.understood)}</b></p>'
        )
    if answer.abstained:
        parts.append(_refusal(answer, language))
    else:
        parts += [
            _quotation(citation, number, last and number == 1, label)
            for number, citation in enumerate(answer.citations, 1)
        ]
    if answer.note:
        parts.append(f'<p class="note">{escape(answer.note)}</p>')
    if answer.citations:
        cards = "".join(
            _card(citation, number, last and number == 1, label)
            for number, citation in enumerate(answer.citations, 1)
        )
        many = " many" if len(answer.citations) > 2 else ""
        parts.append(f'<div class="cards{many}">{cards}</div>')
    foot = [label["cites"].format(n=len(answer.citations))] if answer.citations else []
    sure = label["unsure" if answer.abstained else "confidence"]
    foot.append(sure.format(n=round(100 * answer.confidence)))
    return "".join(parts) + f'<p class="foot meta">{_spans(foot)}</p>'


def _refusal(answer: Answer, language: str) -> str:
    label = LABELS[language]
    near = "".join(_near(scored) for scored in answer.passages[:3])
    found = f'<p class="near-title">{label["near"]}</p><div class="cards">{near}</div>'
    return f'<p class="refusal">{REFUSAL[language]}</p>{found if near else ""}'


def _target(path: str, start: int, end: int) -> str:
    """The attributes by which a click says what it opens."""
    return f'data-document="{escape(path)}" data-start="{start}" data-end="{end}"'


def _quotation(citation: Citation, number: int, current: bool, label: dict[str, str]) -> str:
    target = _target(citation.document, citation.start, citation.end)
    quote = citation.quote
    if citation.header:
        rows = _row_html(citation.header, "header") + _row_html(quote, "row", "q")
        body = f'<span class="wide"><span class="table">{rows}</span></span>'
    else:
        body = f"<q>{escape(quote)}</q>"
    return (
        # The word joiner keeps a mark on the line of the last word; it does so before a link only.
        f'<div class="quotation" lang="{script_of(quote)}">{body}&#8288;'
        f'<a href="#source" class="mark" {target}{_pressed(current)} '
        f'aria-label="{label["mark"].format(n=number)}" title="{escape(quote)}">[{number}]</a>'
        "</div>"
    )


def _pressed(current: bool) -> str:
    return ' aria-current="true"' if current else ""


def _card(citation: Citation, number: int, current: bool, label: dict[str, str]) -> str:
    page = f"<i>{label['page'].format(n=citation.page)}</i>" if citation.page else ""
    header = f"<small>{escape(citation.header)}</small>" if citation.header else ""
    return (
        f'<button type="button" class="card" '
        f"{_target(citation.document, citation.start, citation.end)}{_pressed(current)} "
        f'aria-label="{label["card"].format(n=number)}" lang="{script_of(citation.quote)}">'
        f"<b>{number}</b><span>{_where(citation.title, citation.headings)}{page}{header}"
        f"<em>{escape(citation.quote)}</em></span></button>"
    )


def _near(scored: ScoredPassage) -> str:
    passage = scored.passage
    return (
        f'<button type="button" class="card near" lang="{script_of(passage.text)}" '
        f"{_target(scored.path, passage.start, passage.end)}>"
        f"<span>{_where(scored.title, passage.headings)}<em>{escape(passage.text)}</em></span>"
        "</button>"
    )


def _where(title: str, headings: Sequence[str]) -> str:
    path = f'<span class="path">{_spans(headings)}</span>' if headings else ""
    return f"<strong>{escape(title)}</strong>{path}"


def _spans(texts: Sequence[str]) -> str:
    return "".join(f"<span>{escape(text)}</span>" for text in texts)


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
    body = "".join(
        _table_html(group) if tabular else "".join(map(_block_html, group))
        for tabular, group in groupby(place.blocks, lambda block: block.kind in ("row", "header"))
    )
    gap = '<p class="gap" aria-hidden="true">⋯</p>'
    script = script_of(place.quote)
    return (
        f'<header class="place"><h2 lang="{script}">{escape(document.title)}</h2>'
        f'<p class="path" lang="{script}">{_spans(place.headings)}</p><p class="meta">{_spans(facts)}</p>'
        f'<button type="button" class="back">{label["back"]}</button></header>'
        f'<div class="text" tabindex="0" role="region" aria-label="{label["source"]}" '
        f'lang="{script}">{gap if place.before else ""}{body}{gap if place.after else ""}</div>'
    )


def _block_html(block: Block) -> str:
    inner = "".join(
        f"<mark>{escape(piece.text)}</mark>" if piece.lit else escape(piece.text)
        for piece in block.pieces
    )
    if block.kind == "heading":
        level = min(block.level + 2, 6)
        return f'<h{level} class="level-{min(block.level, 4)}">{inner}</h{level}>'
    return f'<p class="{block.kind}">{inner}</p>'


def _table_html(blocks: Iterable[Block]) -> str:
    """Rows as a table; one that is quoted in part keeps to one line, its quotation in one piece."""
    rows = []
    for block in blocks:
        if len(block.pieces) > 1:
            rows.append(_block_html(block))
        else:
            (piece,) = block.pieces
            rows.append(_row_html(piece.text, block.kind, "mark" if piece.lit else "span"))
    return f'<div class="wide"><div class="table">{"".join(rows)}</div></div>'


def _row_html(row: str, kind: str, tag: str = "span") -> str:
    """A row's cells; the bars between them stay in the text, where they are not seen."""
    cells = "".join(
        '<span class="bar">|</span>' if cell == "|" else f'<span class="cell">{escape(cell)}</span>'
        for cell in re.split(r"(\|)", row)
        if cell.strip()
    )
    return f'<{tag} class="{kind}">{cells}</{tag}>'


def notice_html(language: str, documents: Sequence[Document], refused: bool = False) -> str:
    """The panel of sources with nothing open: what to do, and the reports that are there."""
    label = LABELS[language]
    items = "".join(f"<li>{escape(d.title)}</li>" for d in documents[:_MOST_LISTED])
    count = label["reports"].format(n=len(documents))
    return (
        f'<div class="notice"><p>{label["nothing"] if refused else label["hint"]}</p>'
        f"<h3>{count}</h3><ul>{items}</ul></div>"
    )


def error_html(message: str, language: str) -> str:
    """The panel of sources where a passage cannot be opened."""
    label = LABELS[language]
    return (
        f'<div class="notice" role="alert"><p>{label["failed"]}</p><p>{escape(message)}</p></div>'
    )
