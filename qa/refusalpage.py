"""A refusal as HTML: what is missing, what is near, and what a user can ask instead."""

from __future__ import annotations

import json
from html import escape
from math import floor

from qa.answering.compose import REFUSAL
from qa.server.scope import report_value
from qa.server.suggestions import Suggestion
from qa.server.turn import MOST_NEAR, Turn
from qa.web.views.html import Target, excerpt, target, where
from qa.web.views.labels import LABELS

from .context import script_of
from .types import Answer, ScoredPassage

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
