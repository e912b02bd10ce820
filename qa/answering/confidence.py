"""How sure an answer is: boosted trees over a few readable features.

Two kinds of question pull a linear model apart: those that share no word with the passage that
answers them, and those that share all of them with a passage that does not. The trees,
data/confidence.json, come from `tests/benchmarks/training/calibrate.py`, which says what they were fitted on;
a feature but for `trust` and `brief`, which tell the two kinds apart, can only speak for an answer
or only against it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from operator import attrgetter
from pathlib import Path

from indexer.text.fold import fold
from indexer.text.segment import synonyms_of
from qa.question import Question, names_in, years_in
from qa.trees import Trees

_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9.%]+")

_NUMBER = re.compile(
    r"\d|[一二三四五六七八九十百千万亿两]+(?:成|倍|家|个|项|种|元|万|亿|人|年|月|天|小时|分钟|分之)"
)


@dataclass(frozen=True, slots=True)
class Features:
    """What speaks for and against a passage as the answer; each about 0..1.

    far: how much the cosine of the quoted window stays below FAR, as far as words are not held.
    coverage: the share of the question's words, weighed by rarity, that passage and headings hold.
    year: 1 where one that the question gives is missing. lacks: 1 where nothing in the quotation is
    of the kind that is asked for, a number, a time, a name or a reason. asked: the weight of the
    rarest word that is missing where the question asks for such a thing, which a passage gives in
    the question's own words or not at all. near: ten times the cosine above 0.85. pairs: the share
    of the question's character pairs that they hold. worth: of the best passage (`qa.retrieval.windows`).
    chance: of it, or of all that is quoted if that is more (`qa.retrieval.passages`). support: the best BM25, of
    what is possible; lead: how much of it the fourth best stays behind. trust: in the question's
    words (`qa.retrieval.hybrid`). brief: 1 for a question of no word that says what it is about, 0 for one
    of ten.
    """

    far: float
    coverage: float
    year: float
    lacks: float
    asked: float
    near: float
    pairs: float
    worth: float = 0.0
    chance: float = 0.0
    support: float = 0.0
    lead: float = 0.0
    trust: float = 0.0
    brief: float = 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What would be quoted, and how it was found.

    text: the quotation. context: its headings, header row and title, which count as said.
    dense: cosine of question and window.
    """

    text: str
    context: str
    dense: float


# With the default model, questions on other subjects stay below this cosine (40 of 40 that have
# nothing to do with the reports, 0.83-0.87); above it a higher one says little.
FAR = 0.874


def read_features(
    question: Question, evidence: Evidence, rarity: Callable[[str], float]
) -> Features:
    """Compares a question with what would answer it.

    Args:
        rarity: a term's weight, 0 for one that all passages hold to 1 for one that none holds.
    """
    quoted = fold(evidence.text)
    said = f"{fold(evidence.context)}\n{quoted}"
    weights = {word: rarity(word) for word in question.words}
    lacking = [weight * (1 - held_share(word, said)) for word, weight in weights.items()]
    rarest = max(lacking, default=1.0)
    coverage = share_held(weights, said)
    # Years beside the quotation count only where the quotation itself names none.
    here = (years_in(quoted) or years_in(said)) if question.years else ()
    kinds = question.quantity or question.who or question.date
    pairs = set(pairs_of(question.text))
    return Features(
        far=max(0.0, FAR - evidence.dense) * 25 * (1 - coverage),
        coverage=coverage,
        year=float(any(year not in here for year in question.years)),
        lacks=float(_lacks(question, quoted, said)),
        asked=rarest if kinds else 0.0,
        near=(evidence.dense - 0.85) * 10,
        pairs=sum([pair in said for pair in pairs]) / (len(pairs) or 1),
        brief=1 - min(10, len(question.words)) / 10,
    )


def _lacks(question: Question, quoted: str, said: str) -> bool:
    """Whether a folded quotation holds nothing of the kind that is asked for."""
    return (
        (question.quantity and not holds_number(quoted))
        or (bool(question.unit) and not holds_unit(question.unit, quoted, said))
        or (question.date and not holds_time(quoted))
        or (question.who and not names_in(quoted) - names_in(question.text))
        or (question.reason and not holds_cause(quoted))
    )


def holds_number(said: str) -> bool:
    """Whether a folded text names a number that is no year and not that of an item.

    >>> holds_number("2.移动支付:2020年普及"), holds_number("2.移动支付:有8亿用户")
    (False, True)
    """
    return bool(_NUMBER.search(_YEARS.sub("", _LABEL.sub("", said))))


def holds_time(said: str) -> bool:
    """Whether a folded text names a time."""
    return bool(_TIME.search(said))


def holds_cause(said: str) -> bool:
    """Whether a folded text has a word that gives a reason."""
    return bool(_CAUSE.search(said))


def holds_unit(unit: str, quoted: str, said: str = "") -> bool:
    """Whether a number of that unit stands in a folded quotation, or the unit in `said` in brackets.

    Args:
        unit: a regular expression, see `Question.unit`.
        said: the quotation with its table's header.
    """
    figures = _YEARS.sub("", quoted)
    counted = rf"[\d一二三四五六七八九十百千万亿两几半数]\s*(?:多|余)?[万亿千百]*\s*(?:{unit})"
    at_once = "天" in unit and re.search(r"[当每次][天日]|立即|立刻|随时", figures)
    return bool(
        at_once or re.search(counted, figures) or re.search(rf"\([^)]*(?:{unit})[^)]*\)", said)
    )


_LABEL = re.compile(r"(?m)^\s*\(?(?:\d{1,2}|[一二三四五六七八九十]+)[.、)](?!\d)")
_YEARS = re.compile(r"(?:19|20)\d\d\s*年")
_TIME = re.compile(
    r"\d+\s*[年月日]|(?:19|20)\d\d[-/]\d{1,2}(?!\d)|[一二三四五六七八九十]+[年月日]|春|夏|秋|冬|季度|以后|之后|期间"
)
_CAUSE = re.compile(
    r"因|由于|使|导致|所以|为了|以便|源于|得益|随着|造成|带来|令|让|从而|受.{1,12}影响|原因|:|依赖|以其|不然|否则|才能|既|又"
)


def share_held(weights: Mapping[str, float], said: str) -> float:
    """How much of the words' weight a folded text holds, 0..1; 0 where there are no words."""
    total = sum(weights.values())
    return weight_held(weights, said) / total if total else 0.0


def weight_held(weights: Mapping[str, float], said: str) -> float:
    """How much weight of the words a folded text holds."""
    return sum([weight * held_share(word, said) for word, weight in weights.items()])


def held_share(word: str, said: str) -> float:
    """1 for a word that a folded text holds, or another that stands for it in the vocabulary; else
    the share of its character pairs, halved.

    >>> held_share("不良贷款率", "不良贷款上升")
    0.375
    """
    if holds(word, said):
        return 1.0
    # Of a word of two characters the only pair is the word.
    if len(word) <= 2:
        return 0.0
    pairs = [word[i : i + 2] for i in range(len(word) - 1)]
    return 0.5 * sum([pair in said for pair in pairs]) / len(pairs)


def holds(word: str, said: str) -> bool:
    """Whether a folded text holds a word, or another that stands for it in the vocabulary."""
    if word in said:
        return True
    others = synonyms_of(word)
    return bool(others) and any(other in said for other in others)


def pairs_of(text: str) -> list[str]:
    """Neighbouring Chinese characters, and runs of letters and digits.

    >>> pairs_of("在2020年的货运量")
    ['2020', '年的', '的货', '货运', '运量']
    """
    found = []
    for run in _RUN.findall(text):
        found += [run[i : i + 2] for i in range(len(run) - 1)] if run[0] >= "\u3400" else [run]
    return found


def confidence(added: Mapping[str, float]) -> float:
    """The probability, 0..1, that the passage answers the question, of what speaks for it."""
    return 1 / (1 + math.exp(-sum(added.values())))


def weigh(features: Features) -> dict[str, float]:
    """What each feature adds to the log-odds, and "base"."""
    return _trees().parts(_VALUES(features))


_NAMES = tuple(field.name for field in fields(Features))
_VALUES = attrgetter(*_NAMES)


@cache
def _trees() -> Trees:
    trees = Trees.read(Path(__file__).parent / "data" / "confidence.json")
    assert trees.names == _NAMES, "another program's trees"
    return trees
