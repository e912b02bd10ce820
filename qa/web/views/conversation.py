"""The conversation as HTML: questions, answers with their marks and cards, what can be done with them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

from indexer.messages import Message, say, words
from qa.context import Place, parts_by_space
from qa.server.scope import name_of_scope
from qa.server.suggestions import Suggestion
from qa.server.turn import MAX_NEAREST, Target, Turn
from qa.types import Answer, Citation, ScoredPassage

from .model_stage import ModelStage
from .references import STYLES, format_answer
from .render import render
from .table_row import excerpt, row_cells
from .why import WhyView, why_view

# Below this confidence, in percent, a more generous threshold only finds noise.
_LEAST = 5
# How many words of the question are named as missing.
_MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class CitedView:
    """A quotation with its number in the answer."""

    number: int
    citation: Citation
    header_cells: list[str]
    """Of a quoted row: the cells of the header above it, with the bars between them."""
    quote_cells: list[str]
    header_excerpt: str
    """What its card shows of the header."""
    quote_excerpt: str


@dataclass(frozen=True, slots=True)
class RefusalView:
    """Why a question is not answered, and what to do now."""

    text: str
    missing: str
    """Words of the question that the closest passage lacks."""
    reached: int | None
    """The confidence, in percent, where a threshold that it reaches can be offered."""
    threshold: str
    """That threshold."""
    near: list[tuple[ScoredPassage, str]]
    """The closest passages, each with what its card shows."""
    suggested: tuple[Suggestion, ...]
    """Questions that the reports do answer."""


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer, as `answer.html` shows it."""

    understood: str
    """The question as it was answered; "" where that is how it was asked."""
    refusal: RefusalView | None
    cited: list[CitedView]
    note: str
    confidence: int
    """In percent."""
    why: WhyView | None
    copies: list[tuple[str, str]]
    """The name of each style of references, and the answer in it."""


@dataclass(frozen=True, slots=True)
class TurnView:
    """A turn, as `conversation.html` shows it."""

    question: str
    key: str
    """What the browser calls it."""
    scope: str
    """The reports that it is asked of, as JSON."""
    asked_of: str
    """The same in words; "" for all."""
    threshold: str
    """The one that was asked for with it, or ""."""
    opened: Target | None
    """The place that the panel of sources shows, where it is lit in this turn."""
    answer: AnswerView | None
    error: str
    ahead: int
    """How many questions are before it."""
    feedback_reply: str
    """What is said back once a user has judged the answer."""


def conversation_html(
    turns: Sequence[Turn],
    examples: Sequence[Suggestion],
    language: str,
    place: Place | None = None,
    stage: Message | None = None,
) -> str:
    """Render all turns; before the first, example questions.

    Args:
        place: the one that is open; what names it is lit in the latest turn that does.
        stage: at which the model is, as long as it is not ready.
    """
    at = None if stage is None else ModelStage(stage, language)
    if not turns:
        return render("welcome.html", language, examples=examples, stage=at)
    opened = (place.document.path, place.start, place.end) if place else None
    last = max((i for i, turn in enumerate(turns) if opened in turn.targets()), default=None)
    shown = [
        _turn_view(turn, opened if i == last else None, language) for i, turn in enumerate(turns)
    ]
    return render("conversation.html", language, turns=shown, stage=at)


def _turn_view(turn: Turn, opened: Target | None, language: str) -> TurnView:
    return TurnView(
        question=turn.question,
        key=turn.key,
        scope=json.dumps(turn.scope),
        asked_of="、".join(map(name_of_scope, turn.scope)),
        threshold="" if turn.threshold is None else f"{turn.threshold:g}",
        opened=opened,
        answer=_answer_view(turn, turn.answer, language) if turn.answer else None,
        error=say(turn.error, language) if turn.error else "",
        ahead=turn.ahead,
        feedback_reply=turn.feedback_reply,
    )


def _answer_view(turn: Turn, answer: Answer, language: str) -> AnswerView:
    return AnswerView(
        understood="" if answer.understood == answer.question else answer.understood,
        refusal=_refusal_view(turn, answer, language) if answer.abstained else None,
        cited=[_cited_view(c, number) for number, c in enumerate(answer.citations, 1)],
        note=answer.note,
        confidence=round(100 * answer.confidence),
        why=why_view(answer, language),
        copies=[(style, format_answer(answer, style)) for style in STYLES],
    )


def _cited_view(citation: Citation, number: int) -> CitedView:
    header, quote = citation.header, citation.quote
    row = bool(header)
    split = row and parts_by_space(header, quote)
    return CitedView(
        number,
        citation,
        row_cells(header, split) if row else [],
        row_cells(quote, split) if row else [],
        excerpt(header, row),
        excerpt(quote, row),
    )


def _refusal_view(turn: Turn, answer: Answer, language: str) -> RefusalView:
    reached = floor(100 * answer.confidence)
    generous = bool(answer.why) and _LEAST <= reached < 100 * _threshold(answer)
    return RefusalView(
        text=words(language)["answer"]["refusal"],
        missing="、".join(_missing_words(answer)[:_MOST_WORDS]),
        reached=reached if generous else None,
        threshold=f"{reached / 100:g}",
        near=[
            (scored, excerpt(scored.passage.text, scored.passage.kind == "row"))
            for scored in answer.passages[:MAX_NEAREST]
        ],
        suggested=turn.suggested,
    )


def _threshold(answer: Answer) -> float:
    return answer.why.threshold if answer.why else 0.0


def _missing_words(answer: Answer) -> list[str]:
    lacked = (one.word for one in answer.why.words if not one.held) if answer.why else ()
    # 大 and 多 say nothing by themselves.
    return [word for word in lacked if len(word) > 1]
