"""The conversation as HTML: questions, answers with their marks and cards, what can be done with them.

Reports and questions are data: whatever comes from them is escaped here, and nowhere is it markup.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from math import floor

from indexer.text.fold import script_of
from qa.answering.compose import REFUSAL
from qa.context import Place, parts_by_space
from qa.server.scope import report_value, scope_name
from qa.server.suggestions import Suggestion
from qa.server.turn import MOST_NEAR, Target, Turn
from qa.types import Answer, Citation, ScoredPassage

from .html import excerpt, row_html, spans, target, where
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


# Below this confidence a more generous threshold only finds noise, in percent.
_LEAST = 5


# How many words of the question are named as missing.
_MOST_WORDS = 6


def refusal_html(turn: Turn, opened: Target | None, language: str) -> str:
    """Why a question is not answered, and what to do now.

    opened: the place that the panel of sources shows.
    """
    answer, label = turn.answer, LABELS[language]
    if answer is None:
        return ""
    parts = [
        f'<p class="refusal">{REFUSAL[language]}</p>',
        _missing(answer, label),
        _ways(turn, answer, label),
    ]
    near = "".join(_near(scored, opened) for scored in answer.passages[:MOST_NEAR])
    if near:
        parts.append(f'<p class="near-title">{label["near"]}</p><div class="cards">{near}</div>')
    if turn.suggested:
        asked = "".join(map(example_html, turn.suggested))
        parts.append(
            f'<p class="near-title">{label["answered"]}</p><div class="examples">{asked}</div>'
        )
    return "".join(parts)


def _missing(answer: Answer, label: dict[str, str]) -> str:
    # 大 and 多 say nothing by themselves.
    lacked = (one.word for one in answer.why.words if not one.held) if answer.why else ()
    words = [word for word in lacked if len(word) > 1]
    if not words:
        return ""
    told = label["not_said"].format(words="、".join(words[:_MOST_WORDS]))
    return f'<p class="lacked">{escape(told)}</p>'


def _ways(turn: Turn, answer: Answer, label: dict[str, str]) -> str:
    """Buttons that ask the same again, with a threshold that it reaches or of all reports."""
    ways = []
    reached = floor(100 * answer.confidence)
    if answer.why and _LEAST <= reached < 100 * answer.why.threshold:
        words = label["ask_generously"].format(n=reached)
        ways.append(again_html(turn, words, f'data-threshold="{reached / 100:g}"'))
    if turn.scope:
        ways.append(again_html(turn, label["ask_all"], 'data-scope="[]"'))
    return f'<p class="ways">{"".join(ways)}</p>' if ways else ""


def again_html(turn: Turn, words: str, how: str = "") -> str:
    """A button that asks a turn's question again.

    how: attributes that say what is different then; the page's script reads them.
    """
    return (
        f'<button type="button" class="plain" data-question="{escape(turn.question)}" {how}>'
        f"{words}</button>"
    )


def example_html(suggestion: Suggestion) -> str:
    """A button that asks a report a question."""
    question = escape(suggestion.question)
    scope = escape(json.dumps([report_value(suggestion.path)]))
    return (
        f'<button type="button" class="example" lang="{script_of(suggestion.question)}" '
        f'data-question="{question}" data-scope="{scope}"><span>{question}</span>'
        f"<small>{escape(suggestion.title)}</small></button>"
    )


def _near(scored: ScoredPassage, opened: Target | None) -> str:
    passage = scored.passage
    return (
        f'<button type="button" class="card near" lang="{script_of(passage.text)}" '
        f"{target(scored.path, passage.start, passage.end, opened)}>"
        f"<span>{where(scored.title, passage.headings)}"
        f"<em>{excerpt(passage.text, passage.kind == 'row')}</em></span></button>"
    )


# The stages in which a model is prepared, by the first word of what `indexer.embedding.compile` says of each.
_STAGES = ("reading", "writing", "loading", "exporting", "quantising", "comparing")


def welcome_html(examples: Sequence[Suggestion], stage: str | None, language: str) -> str:
    """What the page is for, with questions to begin with.

    stage: as in `stage_html`, as long as the model is not ready; None when it is.
    """
    label = LABELS[language]
    told = f'<div class="examples">{"".join(map(example_html, examples))}</div>'
    if stage is not None:
        told = f'<div class="preparing" role="status">{stage_html(stage, language)}</div>'
    return f'<div class="welcome"><h2>{label["welcome"]}</h2><p>{label["promise"]}</p>{told}</div>'


def is_stage(line: str) -> bool:
    """Whether a line tells of the preparation of a model."""
    return line.partition(" ")[0] in _STAGES


def stage_html(stage: str, language: str) -> str:
    """How far the model is.

    stage: a line of its preparation; "" while one that is prepared is loaded.
    """
    label = LABELS[language]
    first = stage.partition(" ")[0]
    if not is_stage(stage):
        return f"<p>{escape(stage) or label['model_opening']}</p>"
    done = _STAGES.index(first)
    told = label["model_preparing"].format(
        stage=label[f"model_{first}"], n=done + 1, total=len(_STAGES)
    )
    return f'<p>{told}</p><progress max="{len(_STAGES)}" value="{done}" aria-label="{told}"></progress>'
