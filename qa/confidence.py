"""How sure an answer is: a logistic regression over a few readable features.

The weights come from `benchmarks/calibrate.py`, which says what they were fitted on.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass

from indexer.fold import fold

from .question import Question, years_in

_NUMBER = re.compile(
    r"\d|[一二三四五六七八九十百千万亿两]+(?:成|倍|家|个|项|种|元|万|亿|人|年|月|天|小时|分钟|分之)"
)


@dataclass(frozen=True, slots=True)
class Features:
    """What speaks for and against a passage as the answer; each about 0..1.

    dense: the cosine of the quoted window, scaled from 0.75..0.95, where the default model's
    values lie. coverage: the share of the question's words, weighed by rarity, that passage and
    headings hold. rarest: the weight of the rarest word that they lack. margin: the lead in
    worth over the next passage. year, name, number: 1 where one that the question names or asks
    for is missing. asked: `rarest` where the question asks for a number or for somebody, which a
    passage gives in the question's own words or not at all. trust: how far question and reports
    share their words at all.
    """

    dense: float
    coverage: float
    rarest: float
    margin: float
    year: float
    name: float
    number: float
    asked: float
    trust: float


# Intercept, then the weights in the order of Features.
WEIGHTS = (1.31, 0.79, 0.62, -0.59, 1.89, -4.06, -2.01, 0.1, -2.62, 0.0)
# Below this the answer is that the reports do not say. On corpus/gold, held out in ten folds, 0.6
# refuses 21 of 26 unanswerable questions and 3 of 81 that are answered (benchmarks/calibrate.py).
THRESHOLD = 0.6


def read_features(
    question: Question,
    text: str,
    context: str,
    dense: float,
    margin: float,
    trust: float,
    rarity: Callable[[str], float],
) -> Features:
    """Compares a question with the text that would answer it.

    Args:
        text: what would be quoted. context: its headings and title, which count as said.
        dense: cosine of question and window. margin: lead over the next passage, 0..1.
        rarity: a term's weight, 0 for one that all passages hold to 1 for one that none holds.
    """
    said = fold(f"{context}\n{text}")
    quoted = fold(text)
    weights = {word: rarity(word) for word in question.words}
    lacking = [weight * (1 - held_share(word, said)) for word, weight in weights.items()]
    rarest = max(lacking, default=1.0)
    # Years beside the quotation count only where the quotation itself names none.
    here = years_in(quoted) or years_in(said)
    return Features(
        dense=min(1.0, max(0.0, (dense - 0.75) / 0.2)),
        coverage=share_held(weights, said),
        rarest=rarest,
        margin=min(1.0, margin),
        year=float(any(year not in here for year in question.years)),
        name=float(any(word not in said for word in question.names + question.numbers)),
        number=float(
            (question.quantity and not _NUMBER.search(_YEARS.sub("", quoted)))
            or (question.date and not _TIME.search(quoted))
        ),
        asked=rarest if question.quantity or question.person or question.date else 0.0,
        trust=trust,
    )


_YEARS = re.compile(r"(?:19|20)\d\d\s*年")
_TIME = re.compile(
    r"\d+\s*[年月日]|[一二三四五六七八九十]+[年月日]|春|夏|秋|冬|季度|以后|之后|期间"
)


def share_held(weights: Mapping[str, float], said: str) -> float:
    """How much of the words' weight a folded text holds, 0..1; 0 where there are no words."""
    total = sum(weights.values())
    held = sum(weight * held_share(word, said) for word, weight in weights.items())
    return held / total if total else 0.0


def held_share(word: str, said: str) -> float:
    """1 for a word that a folded text holds; else the share of its character pairs, halved.

    >>> held_share("不良贷款率", "不良贷款上升")
    0.375
    """
    if word in said:
        return 1.0
    pairs = [word[i : i + 2] for i in range(len(word) - 1)]
    return 0.5 * sum(pair in said for pair in pairs) / len(pairs) if len(pairs) > 1 else 0.0


def confidence(features: Features, weights: Sequence[float] = WEIGHTS) -> float:
    """The probability, 0..1, that the passage answers the question."""
    logit = weights[0] + sum(w * x for w, x in zip(weights[1:], astuple(features), strict=True))
    return 1 / (1 + math.exp(-logit))
