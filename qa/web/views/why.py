"""The explanation of an answer, and the cost of a threshold, as HTML."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from indexer.text.fold import script_of
from qa.confidence.costs import read_cost
from qa.types import Answer, PassedOver, QuestionWord

from .labels import labels
from .render import render

# The characters that are shown of a passage that was not quoted.
_MAX_EXCERPT = 60
# Features that add less to the log-odds are not shown.
_MIN_SHOWN = 0.005
# The label of each reason of `PassedOver`.
_REASONS = {name: name for name in ("lacks", "repeats", "introduces")}
_REASONS["less likely"] = "less_likely"


@dataclass(frozen=True, slots=True)
class WordRow:
    """A word of the question."""

    text: str
    held: bool
    """Whether the answer or its headings hold it."""
    rarity: int
    """How rare the word is, in percent."""


@dataclass(frozen=True, slots=True)
class FeatureRow:
    """A feature of the confidence."""

    name: str
    value: str
    """What it adds to the log-odds, with its sign."""
    side: str
    """The side of its bar: "more" or "less"."""
    width: str
    """The width of its bar, in percent of the column."""


@dataclass(frozen=True, slots=True)
class OtherPassage:
    """A passage that was examined and not quoted."""

    title: str
    headings: tuple[str, ...]
    script: str
    excerpt: str
    chance: str
    """The probability that it answers the question, in percent."""
    reason: str
    """Why it is not quoted, in words."""


@dataclass(frozen=True, slots=True)
class WhyView:
    """The reasons for an answer, as the template shows them."""

    words: list[WordRow]
    scores: list[tuple[str, str]]
    """(name, value) of each part of the score of the first quotation."""
    features: list[FeatureRow]
    verdict: str
    """The label that compares the confidence with the threshold."""
    confidence: str
    """In percent."""
    threshold: str
    """In percent."""
    others: list[OtherPassage]


def cost_html(threshold: float, language: str) -> str:
    """Render what a threshold costs: answerable questions refused, unanswerable ones answered."""
    cost = read_cost(threshold)
    return render(
        "cost.html",
        language,
        threshold=_percent(threshold),
        refused=round(100 * cost.refused),
        answered=round(100 * cost.answered),
    )


def why_html(answer: Answer, language: str) -> str:
    """Render the explanation of an answer or a refusal, folded up; "" if there is none."""
    why = why_view(answer, language)
    return render("why.html", language, why=why, abstained=answer.abstained) if why else ""


def why_view(answer: Answer, language: str) -> WhyView | None:
    """Return what `why.html` shows of an answer; None if it has no explanation."""
    why, label = answer.why, labels(language)
    if why is None:
        return None
    return WhyView(
        words=[_word_row(word) for word in why.words],
        scores=[] if answer.abstained else _scores(why.score, label),
        features=_features(why.confidence, label),
        verdict=_verdict(answer, why.threshold),
        # Cut off, not rounded: 59.99 would be shown as 60 and still be below a threshold of 60.
        confidence=_percent(math.floor(answer.confidence * 1000) / 1000),
        threshold=_percent(why.threshold),
        others=[_other(passage, label) for passage in why.passed_over],
    )


def _word_row(word: QuestionWord) -> WordRow:
    return WordRow(word.word, word.held, round(100 * word.weight))


def _scores(score: Mapping[str, float], label: Mapping[str, str]) -> list[tuple[str, str]]:
    return [
        (
            label.get(f"score_{name}", name),
            f"{_percent(value)}%" if name == "chance" else f"{value:.3f}",
        )
        for name, value in score.items()
    ]


def _features(adds: Mapping[str, float], label: Mapping[str, str]) -> list[FeatureRow]:
    shown = {n: value for n, value in adds.items() if n == "base" or abs(value) >= _MIN_SHOWN}
    most = max(map(abs, shown.values()), default=0) or 1.0
    return [
        FeatureRow(
            name=label.get(f"adds_{name}", name),
            value=_signed(value),
            side="more" if value > 0 else "less",
            width=f"{50 * abs(value / most):.1f}",
        )
        for name, value in shown.items()
    ]


def _signed(value: float) -> str:
    """Write a number with its sign.

    >>> _signed(-1.5), _signed(0.25), _signed(0.0)
    ('−1.50', '+0.25', '0.00')
    """
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{abs(value):.2f}"


def _verdict(answer: Answer, threshold: float) -> str:
    if not answer.abstained:
        return "reached"
    return "below" if answer.confidence < threshold else "unquoted"


def _percent(share: float) -> str:
    """Write a share in percent.

    >>> _percent(0.6), _percent(0.1234)
    ('60', '12.3')
    """
    return f"{100 * share:.1f}".removesuffix(".0")


def _other(passage: PassedOver, label: Mapping[str, str]) -> OtherPassage:
    text = passage.text
    return OtherPassage(
        title=passage.title,
        headings=passage.headings,
        script=script_of(text),
        excerpt=text if len(text) <= _MAX_EXCERPT else f"{text[:_MAX_EXCERPT].rstrip()}…",
        chance=_percent(passage.chance),
        reason=_reason(passage, label),
    )


def _reason(passage: PassedOver, label: Mapping[str, str]) -> str:
    """Say why a passage is not quoted; an unknown reason is returned as it is."""
    name = _REASONS.get(passage.reason)
    return label[name].format(x=passage.detail) if name else passage.reason
