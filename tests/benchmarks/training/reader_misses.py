"""Near misses made from answerable questions: another name, another year, another period.

The candidates stay, so what tells the two questions apart is one word: the reader has to compare it with
the text and its context instead of counting the words that they share.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

import numpy as np

from .reader_groups import Group

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_PERIODS = {
    "上半年": "下半年", "下半年": "上半年", "全年": "下半年", "一季度": "三季度", "二季度": "四季度",
    "三季度": "一季度", "四季度": "二季度", "年末": "二季度末", "年底": "三月底", "上旬": "下旬",
}  # fmt: skip
# A name has so many characters, and how often each kind of near miss is made of a question.
_LEAST_NAME = 2


def make_misses(groups: Sequence[Group], share: float, seed: int = 0) -> Iterator[Group]:
    """Yield near misses of answerable groups: of each kind of as many as `share` says, 0..1."""
    rng = np.random.default_rng(seed)
    named = [(group, name) for group in groups if group.answerable and (name := name_in(group))]
    names = sorted({name for _, name in named})
    for group, name in named:
        if rng.random() < share:
            other = names[rng.integers(len(names))]
            if other not in group.question and not _held(group, other):
                yield _miss(group, group.question.replace(name, other), "name_swapped")
    for group in groups:
        if group.answerable and rng.random() < share:
            yield from _swap_year(group, rng)
        if group.answerable and rng.random() < share:
            for period, other in _PERIODS.items():
                if period in group.question and not _held(group, other):
                    yield _miss(group, group.question.replace(period, other), "period_swapped")
                    break


def name_in(group: Group) -> str:
    """Return what a question shares with the title of the report that answers it, or nothing."""
    title = next((c for (c, _), label in zip(group.texts, group.labels, strict=True) if label), "")
    title = title.partition(" | ")[0]
    match = SequenceMatcher(None, title, group.question, autojunk=False).find_longest_match()
    name = title[match.a : match.a + match.size].strip()
    return name if len(name) >= _LEAST_NAME and not re.fullmatch(r"[\d年月日]+", name) else ""


def _swap_year(group: Group, rng: np.random.Generator) -> Iterator[Group]:
    years = sorted(set(_YEAR.findall(group.question)))
    if not years:
        return
    year = years[rng.integers(len(years))]
    other = str(int(year) + int(rng.choice([-4, -3, -2, -1, 1, 2, 3])))
    if other not in group.question and not _held(group, other):
        yield _miss(group, group.question.replace(year, other), "year_swapped")


def _held(group: Group, word: str) -> bool:
    """Return whether a text that answers, or its context, has a word."""
    pairs = zip(group.texts, group.labels, strict=True)
    return any(word in context or word in text for (context, text), label in pairs if label)


def _miss(group: Group, question: str, kind: str) -> Group:
    return replace(
        group, question=question, kind=kind, answerable=False, labels=(0,) * len(group.labels)
    )
