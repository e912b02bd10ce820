"""The conversation as HTML: questions, answers with their marks and cards, what can be done with them.

Reports and questions are data: whatever comes from them is escaped here, and nowhere is it markup.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape

from qa.context import Place, parts_by_space, script_of
from qa.refusalpage import again_html, refusal_html
from qa.server.scope import scope_name
from qa.server.suggestions import Suggestion
from qa.server.turn import Turn
from qa.types import Answer, Citation
from qa.welcome import stage_html, welcome_html

from .html import Target, excerpt, row_html, spans, target, where
from .labels import LABELS
from .messages import told_error
from .references import STYLES, copied
from .why import why_html


def conversation_html(
    turns: Sequence[Turn],
    examples: Sequence[Suggestion],
    language: str,
    place: Place | None = None,
    stage: str | None = None,
) -> str:
    """All turns; before the first, example questions.

    place: the one that is open; what names it is lit in the latest turn that does. stage: at which
    the model is (`welcome.stage_html`), as long as it is not ready.
    """
    if not turns:
        return welcome_html(examples, stage, language)
    opened = (place.document.path, place.start, place.end) if place else None
    last = max((i for i, turn in enumerate(turns) if opened in turn.targets()), default=None)
    said = "".join(
        _turn(turn, opened if i == last else None, language, stage) for i, turn in enumerate(turns)
    )
    return f'<div role="log" aria-label="{LABELS[language]["conversation"]}">{said}</div>'


def _turn(turn: Turn, opened: Target | None, language: str, stage: str | None) -> str:
    label = LABELS[language]
    if turn.answer is not None:
        body = _answer(turn, turn.answer, opened, language) + _copying(turn.answer, label)
        body += _judging(turn, label)
    elif turn.error:
        body = (
            f'<p class="refusal" role="alert">{escape(told_error(turn.error, language))}</p>'
            f"<p>{again_html(turn, label['retry'])}</p>"
        )
    else:
        ahead = label["ahead"].format(n=turn.ahead) if turn.ahead else ""
        told = f"<p>{label['pending']}{ahead}</p>" if stage is None else stage_html(stage, language)
        body = (
            f'<div class="pending" role="status">{told}</div>'
            f'<button type="button" class="plain" data-stop="{escape(turn.key)}">'
            f"{label['stop']}</button>"
        )
    if turn.scope:
        names = "、".join(map(scope_name, turn.scope))
        body = f'<p class="scope meta">{escape(label["scope"])}{label["colon"]}{escape(names)}</p>{body}'
    asked = f'<div class="question" lang="{script_of(turn.question)}">{escape(turn.question)}</div>'
    how = f'data-turn="{escape(turn.key)}" data-scope="{escape(json.dumps(turn.scope))}"'
    if turn.threshold is not None:
        how += f' data-threshold="{turn.threshold:g}"'
    return f'<article class="turn" {how}>{asked}<div class="answer">{body}</div></article>'


def _answer(turn: Turn, answer: Answer, opened: Target | None, language: str) -> str:
    label = LABELS[language]
    parts = []
    if answer.understood != answer.question:
        parts.append(
            f'<p class="understood">{label["understood"]}<b>{escape(answer.understood)}</b></p>'
        )
    if answer.abstained:
        parts.append(refusal_html(turn, opened, language))
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
        f'<button type="button" data-judge="gold">{label["to_gold"]}</button>'
        f'<button type="button" data-question="{escape(turn.question)}">{label["ask_again"]}</button>'
        "</div>"
    )


def _quotation(
    citation: Citation, number: int, opened: Target | None, label: dict[str, str]
) -> str:
    opens = target(citation.document, citation.start, citation.end, opened)
    quote = citation.quote
    if citation.header:
        split = parts_by_space(citation.header, quote)
        rows = row_html(citation.header, "header", split=split)
        rows += row_html(quote, "row", "q", split=split)
        body = f'<span class="wide"><span class="table">{rows}</span></span>'
    else:
        body = f"<q>{escape(quote)}</q>"
    return (
        # The word joiner keeps a mark on the line of the last word; it does so before a link only.
        f'<div class="quotation" lang="{script_of(quote)}">{body}&#8288;'
        f'<a href="#source" class="mark" {opens} '
        f'aria-label="{label["mark"].format(n=number)}">[{number}]</a>'
        "</div>"
    )


def _card(citation: Citation, number: int, opened: Target | None, label: dict[str, str]) -> str:
    page = f"<i>{label['page'].format(n=citation.page)}</i>" if citation.page else ""
    row = bool(citation.header)
    header = f"<small>{excerpt(citation.header, row)}</small>" if row else ""
    return (
        f'<button type="button" class="card" '
        f"{target(citation.document, citation.start, citation.end, opened)}>"
        f'<span class="unseen">{label["card"].format(n=number)}</span>'
        f'<b aria-hidden="true">{number}</b><span lang="{script_of(citation.quote)}">'
        f"{where(citation.title, citation.headings)}{page}{header}"
        f"<em>{excerpt(citation.quote, row)}</em></span></button>"
    )
