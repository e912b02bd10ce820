"""The conversation as HTML: questions, and answers or refusals with marks, cards and buttons."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor
from pathlib import PurePath

from indexer.messages import Message, load_locale, say
from qa.answering.compose import refuse
from qa.context import Place, is_split_by_space
from qa.server.scope import ANY, name_of_scope
from qa.server.suggestions import Suggestion
from qa.server.turn import MAX_NEAREST, Target, Turn
from qa.types import Answer, Citation, ScoredPassage

from .model_stage import ModelStage
from .references import STYLES, format_answer
from .render import render
from .table_row import excerpt, row_cells
from .why import WhyView, why_view

# The lowest confidence, in percent, that is offered as a threshold: below it answers are noise.
_MIN_OFFERED = 5
# The most words of the question that are named as missing.
_MAX_MISSING = 6
# The most reports that a question names which are listed.
_MAX_NAMED = 4


@dataclass(frozen=True, slots=True)
class CitedView:
    """A quotation with its number in the answer."""

    number: int
    citation: Citation
    header_cells: list[str]
    """The header above a quoted table row: its cells and the bars between them; else empty."""
    quote_cells: list[str]
    """The same of the quoted row itself."""
    header_excerpt: str
    """The header as the card shows it."""
    quote_excerpt: str
    """The quotation as the card shows it."""


@dataclass(frozen=True, slots=True)
class RefusalView:
    """Why a question is not answered, and what the user can do now."""

    text: str
    missing: str
    """The words of the question that the nearest passage lacks."""
    reached: int | None
    """The confidence, in percent, if it can be offered as a lower threshold; else None."""
    threshold: str
    """That threshold, 0 to 1."""
    near: list[tuple[ScoredPassage, str]]
    """The nearest passages, each with what its card shows."""
    suggested: tuple[Suggestion, ...]
    """Questions that the reports do answer."""


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer, as `answer.html` shows it."""

    understood: str
    """The question as it was understood; "" if that is how it was asked."""
    named: str
    """The reports that the question names; "" if it names none."""
    refusal: RefusalView | None
    cited: list[CitedView]
    note: str
    confidence: int
    """In percent."""
    why: WhyView | None
    copies: list[tuple[str, str]]
    """(style, text): the answer in each style of references."""


@dataclass(frozen=True, slots=True)
class TurnView:
    """A turn, as `conversation.html` shows it."""

    question: str
    key: str
    """The browser's id of the turn."""
    scope: str
    """The reports that are asked, as JSON."""
    asked_of: str
    """The same in words; "" for all."""
    threshold: str
    """The threshold that was asked for; "" for none."""
    opened: Target | None
    """The open place, if this is the turn that highlights it."""
    answer: AnswerView | None
    error: str
    ahead: int
    """How many questions are ahead of it."""
    feedback_reply: str
    """What the page replies once the user has judged the answer."""


def conversation_html(
    turns: Sequence[Turn],
    suggestions: Sequence[Suggestion],
    language: str,
    place: Place | None = None,
    stage: Message | None = None,
) -> str:
    """Render all turns; before the first one, suggested questions.

    Args:
        suggestions: for a conversation without turns.
        place: the open place. The latest turn with marks or cards of it highlights them.
        stage: of the model's preparation; None when the model is ready.
    """
    model_stage = None if stage is None else ModelStage(stage, language)
    if not turns:
        return render("welcome.html", language, examples=suggestions, stage=model_stage)
    opened = (place.document.path, place.start, place.end) if place else None
    last = max((i for i, turn in enumerate(turns) if opened in turn.targets()), default=None)
    views = [
        _turn_view(turn, opened if i == last else None, language) for i, turn in enumerate(turns)
    ]
    return render("conversation.html", language, turns=views, stage=model_stage)


def _turn_view(turn: Turn, opened: Target | None, language: str) -> TurnView:
    return TurnView(
        question=turn.question,
        key=turn.key,
        scope=json.dumps(turn.scope),
        asked_of="、".join(_name_scope(value, language) for value in turn.scope),
        threshold="" if turn.threshold is None else f"{turn.threshold:g}",
        opened=opened,
        answer=_answer_view(turn, turn.answer, language) if turn.answer else None,
        error=say(turn.error, language) if turn.error else "",
        ahead=turn.ahead,
        feedback_reply=turn.feedback_reply,
    )


def _name_scope(value: str, language: str) -> str:
    return (
        str(load_locale(language)["labels"]["any_report"]) if value == ANY else name_of_scope(value)
    )


def _answer_view(turn: Turn, answer: Answer, language: str) -> AnswerView:
    return AnswerView(
        understood="" if answer.understood == answer.question else answer.understood,
        named=_name_reports(answer.scope, language),
        refusal=_refusal_view(turn, answer, language) if answer.abstained else None,
        cited=[_cited_view(c, number) for number, c in enumerate(answer.citations, 1)],
        note=answer.note,
        confidence=round(100 * answer.confidence),
        why=why_view(answer, language),
        copies=[(style, format_answer(answer, style)) for style in STYLES],
    )


def _name_reports(paths: Sequence[str], language: str) -> str:
    """Return the names of report files, a few of them; "" for none."""
    names = [PurePath(path).name for path in paths]
    comma = load_locale(language)["evaluation"]["comma"]
    more = f" (+{len(names) - _MAX_NAMED})" if len(names) > _MAX_NAMED else ""
    return str(comma.join(names[:_MAX_NAMED])) + more


def _cited_view(citation: Citation, number: int) -> CitedView:
    header, quote = citation.header, citation.quote
    row = bool(header) or quote.startswith("|")
    split = bool(header) and is_split_by_space(header, quote)
    return CitedView(
        number,
        citation,
        row_cells(header, split) if header else [],
        row_cells(quote, split) if row else [],
        excerpt(header, row),
        excerpt(quote, row),
    )


def _refusal_view(turn: Turn, answer: Answer, language: str) -> RefusalView:
    reached = floor(100 * answer.confidence)
    generous = bool(answer.why) and _MIN_OFFERED <= reached < 100 * _threshold(answer)
    return RefusalView(
        text=refuse(language, answer.unknown, answer.meant),
        missing="、".join(_missing_words(answer)[:_MAX_MISSING]),
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
    missing = (word.word for word in answer.why.words if not word.held) if answer.why else ()
    # A single character (大, 多) says nothing by itself.
    return [word for word in missing if len(word) > 1]
