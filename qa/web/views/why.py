"""Why an answer is what it is, and what a threshold costs, as the web page shows it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from indexer.text.fold import script_of
from qa.answering.confidence import cost_at
from qa.types import Answer, PassedOver, WordHeld

from .labels import labels
from .render import render

# How much of a passage that was passed over is shown, in characters.
_EXCERPT = 60
# Features that move the log-odds by less are not shown.
_LEAST = 0.005
# The reasons of `PassedOver` and their names among the labels.
_REASONS = {name: name for name in ("lacks", "repeats", "introduces")}
_REASONS["less likely"] = "less_likely"


@dataclass(frozen=True, slots=True)
class WordRow:
    """A word of the question."""

    text: str
    held: bool
    """Whether the answer or its headings hold it."""
    rarity: int
    """In percent."""


@dataclass(frozen=True, slots=True)
class FeatureRow:
    """A feature of the confidence."""

    name: str
    value: str
    """What it adds to the log-odds, with its sign."""
    side: str
    """Of its bar: "more" or "less"."""
    width: str
    """Of its bar, in percent of the column."""


@dataclass(frozen=True, slots=True)
class OtherPassage:
    """A passage that was looked at and not quoted."""

    title: str
    headings: tuple[str, ...]
    script: str
    excerpt: str
    chance: str
    """That it answers the question, in percent."""
    reason: str
    """Why it is not quoted, in words."""


@dataclass(frozen=True, slots=True)
class WhyView:
    """The reasons for an answer, as the template shows them."""

    words: list[WordRow]
    scores: list[tuple[str, str]]
    """Parts of the score of the first quotation: what each is called, and its value."""
    features: list[FeatureRow]
    verdict: str
    """The name of the words that set the confidence against the threshold."""
    confidence: str
    """In percent."""
    threshold: str
    """In percent."""
    others: list[OtherPassage]


def cost_html(threshold: float, language: str) -> str:
    """Render what a threshold costs, in words."""
    cost = cost_at(threshold)
    return render(
        "cost.html",
        language,
        threshold=_percent(threshold),
        refused=round(100 * cost.refused),
        answered=round(100 * cost.answered),
    )


def why_html(answer: Answer, language: str) -> str:
    """Render why an answer or a refusal is what it is, folded up; nothing where it is not known."""
    why = why_view(answer, language)
    return render("why.html", language, why=why, abstained=answer.abstained) if why else ""


def why_view(answer: Answer, language: str) -> WhyView | None:
    """Return what `why.html` shows of an answer; None where its reasons are not known."""
    why, label = answer.why, labels(language)
    if why is None:
        return None
    return WhyView(
        words=[_word_row(word) for word in why.words],
        scores=[] if answer.abstained else _scores(why.score, label),
        features=_features(why.confidence, label),
        verdict=_verdict(answer, why.threshold),
        # Cut, not rounded, or 59.99 would be below 60 as 60.
        confidence=_percent(math.floor(answer.confidence * 1000) / 1000),
        threshold=_percent(why.threshold),
        others=[_other(passage, label) for passage in why.passed_over],
    )


def _word_row(word: WordHeld) -> WordRow:
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
    shown = {n: value for n, value in adds.items() if n == "base" or abs(value) >= _LEAST}
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
        excerpt=text if len(text) <= _EXCERPT else f"{text[:_EXCERPT].rstrip()}…",
        chance=_percent(passage.chance),
        reason=_reason(passage, label),
    )


def _reason(passage: PassedOver, label: Mapping[str, str]) -> str:
    """Say why a passage is not quoted; a reason that is not known is shown as it is."""
    name = _REASONS.get(passage.reason)
    return label[name].format(x=passage.detail) if name else passage.reason
