"""Why an answer is what it is, and what a threshold costs, as the web page shows it.

Reports and questions are data, and so are the names in `Why`: all of them are escaped here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

from indexer.text.fold import script_of
from qa.answering.confidence import cost_at
from qa.types import Answer, PassedOver, WordHeld

from .html import where
from .labels import LABELS

# How much of a passage that was passed over is shown, in characters.
_EXCERPT = 60
# What moves the log-odds by less is not shown.
_LEAST = 0.005
# The reasons of `PassedOver` and what they are called in LABELS.
_REASONS = {name: name for name in ("lacks", "repeats", "introduces")}
_REASONS["less likely"] = "less_likely"

Label = Mapping[str, str]


def cost_html(threshold: float, language: str) -> str:
    """What a threshold costs, in words."""
    cost = cost_at(threshold)
    told = LABELS[language]["cost"].format(
        t=_percent(threshold), a=round(100 * cost.refused), b=round(100 * cost.answered)
    )
    return f"<p>{told}</p>"


def why_html(answer: Answer, language: str) -> str:
    """Why an answer or a refusal is what it is, folded up; nothing where it is not known."""
    why, label = answer.why, LABELS[language]
    if why is None:
        return ""
    parts = (
        _words(why.words, answer.abstained, label),
        "" if answer.abstained else _score(why.score, label),
        _confidence(why.confidence, _verdict(answer, why.threshold, label), label),
        _others(why.passed_over, label),
    )
    summary = label["why_not" if answer.abstained else "why"]
    return f'<details class="why"><summary>{summary}</summary>{"".join(parts)}</details>'


def _titled(title: str, legend: str = "") -> str:
    told = f'<p class="why-legend">{legend}</p>' if legend else ""
    return f'<p class="why-title">{title}</p>{told}'


def _words(words: Sequence[WordHeld], abstained: bool, label: Label) -> str:
    if not words:
        return ""
    items = "".join(_word(word, label) for word in words)
    legend = label["words_legend_not" if abstained else "words_legend"]
    return f'{_titled(label["words"], legend)}<ul class="why-words">{items}</ul>'


def _word(word: WordHeld, label: Label) -> str:
    tag, state = ("b", label["held"]) if word.held else ("s", label["missing"])
    rarity = label["rarity"].format(n=round(100 * word.weight))
    return (
        f'<li title="{state} · {rarity}"><{tag} lang="{script_of(word.word)}">'
        f'{escape(word.word)}</{tag}><span class="unseen"> ({state}, {rarity})</span></li>'
    )


def _score(score: Mapping[str, float], label: Label) -> str:
    if not score:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{escape(label.get(f"score_{name}", name))}</th>'
        f"<td>{f'{_percent(value)}%' if name == 'chance' else f'{value:.3f}'}</td></tr>"
        for name, value in score.items()
    )
    return f"{_titled(label['score'])}<table>{rows}</table>"


def _confidence(adds: Mapping[str, float], verdict: str, label: Label) -> str:
    shown = {n: value for n, value in adds.items() if n == "base" or abs(value) >= _LEAST}
    most = max(map(abs, shown.values()), default=0) or 1.0
    rows = "".join(
        f'<tr><th scope="row">{escape(label.get(f"adds_{name}", name))}</th>'
        f'<td class="why-bar" aria-hidden="true">{_bar(value / most)}</td>'
        f"<td>{_signed(value)}</td></tr>"
        for name, value in shown.items()
    )
    legend = label["adds_legend"] if rows else ""
    table = f"<table>{rows}</table>" if rows else ""
    return f"{_titled(label['adds'], legend)}{table}<p>{verdict}</p>"


def _bar(share: float) -> str:
    """A bar to the right of the middle for what adds, to its left for what takes away."""
    side = "more" if share > 0 else "less"
    return f'<span><i class="{side}" style="width:{50 * abs(share):.1f}%"></i></span>'


def _signed(value: float) -> str:
    """
    >>> _signed(-1.5), _signed(0.25), _signed(0.0)
    ('−1.50', '+0.25', '0.00')
    """
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{abs(value):.2f}"


def _verdict(answer: Answer, threshold: float, label: Label) -> str:
    """The confidence against the threshold; cut, not rounded, or 59.99 would be below 60 as 60."""
    name = "reached"
    if answer.abstained:
        name = "below" if answer.confidence < threshold else "unquoted"
    sure = math.floor(answer.confidence * 1000) / 1000
    return label[name].format(n=_percent(sure), t=_percent(threshold))


def _percent(share: float) -> str:
    """
    >>> _percent(0.6), _percent(0.1234)
    ('60', '12.3')
    """
    return f"{100 * share:.1f}".removesuffix(".0")


def _others(passed_over: Sequence[PassedOver], label: Label) -> str:
    if not passed_over:
        return ""
    items = "".join(_other(passage, label) for passage in passed_over)
    return f'{_titled(label["others"])}<ol class="why-others">{items}</ol>'


def _other(passage: PassedOver, label: Label) -> str:
    text = passage.text
    excerpt = text if len(text) <= _EXCERPT else f"{text[:_EXCERPT].rstrip()}…"
    chance = label["chance"].format(n=_percent(passage.chance))
    return (
        f'<li><span lang="{script_of(text)}">{where(passage.title, passage.headings)}'
        f"<em>{escape(excerpt)}</em></span>"
        f"<small>{chance} · {escape(_reason(passage, label))}</small></li>"
    )


def _reason(passage: PassedOver, label: Label) -> str:
    """Why a passage is not quoted, in words; a reason that is not known as it is."""
    name = _REASONS.get(passage.reason)
    return label[name].format(x=passage.detail) if name else passage.reason
