"""What a passage says in figures: each figure with its unit, its year and what it is a figure of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.text.fold import fold, fold_chars
from indexer.text.lexicon import is_verb
from indexer.text.patterns import split_cells
from indexer.text.quantities import (
    FIGURE,
    FIGURE_UNITS,
    YEAR,
    figure_value,
    is_rough,
    is_year,
    years_in,
)
from indexer.text.segment import Segmenter
from indexer.types import Span

# A change and a level, a forecast and a fact, a mean and a sum are figures of different things.
_CHANGE = re.compile(
    r"(?:增长|增加|增幅|增|提高|上升|上涨|下降|降低|减少|缩短|下滑|涨|降|减)(?:了|为|约|近)*\s*$"
)
_QUALIFIERS = re.compile(
    r"预计|预测|有望|将|目标|计划|可能|累计|平均|人均|户均|日均|月均|年均|每|最高|最低|最大|最小|最多|最少|同比|环比|新增|净增|其中|合计|之一"
    r"|以外|除了|上半年|下半年|季度|月|去年|今年|前三|前十|前五"
)
_CLAUSES = re.compile(r"[^,，;；。！？!?\n]*(?:(?<=\d),(?=\d{3})[^,，;；。！？!?\n]*)*")
# What says nothing of what is measured.
_WEAK = frozenset(
    "中国 我国 全国 国内 数据 显示 统计 根据 据 报告 截至 年底 年末 总计 共计 总量 大约 "
    "左右 目前 已经 同期 同年 全年 当年 其 该".split()
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in a text.

    value: its number, 万 and 亿 worked in. loose: whether it is given only roughly. year: the year
    it belongs to, or "". words: what it is a figure of, as its clause says. before: what the
    sentence named before. kind: "change" or "level", with its qualifiers. sentence: where it
    stands in the text.
    """

    value: float
    unit: str
    loose: bool
    year: str
    words: frozenset[str]
    before: frozenset[str]
    kind: tuple[str, ...]
    sentence: Span


def figures_in(text: str, sentences: list[Span], segmenter: Segmenter) -> list[Figure]:
    """The figures of a text whose year and subject are clear.

    A clause without a subject of its own is about that of the one before it, one without a year
    about its year. Two figures of one unit in a clause that have no year each are left out:
    which is which is not clear.
    """
    folded = fold_chars(text)
    return [f for sentence in sentences for f in _of_sentence(folded, sentence, segmenter)]


def _of_sentence(folded: str, sentence: Span, segmenter: Segmenter) -> Iterator[Figure]:
    year, subject, before = "", frozenset[str](), frozenset[str]()
    for match in _CLAUSES.finditer(folded, sentence.start, sentence.end):
        clause = match.group()
        if not clause.strip():
            continue
        own = subject_words(clause, segmenter)
        subject = own or subject
        found = [m for m in FIGURE.finditer(clause) if not _is_year(m)]
        units = [m["unit"] for m in found]
        for one in found:
            years = YEAR.findall(clause, 0, one.start())
            year = years[-1] if years else year
            alone = units.count(one["unit"]) == 1
            if alone or (years and _follows_year(clause, one.start())):
                yield Figure(
                    figure_value(one),
                    one["unit"],
                    is_rough(one),
                    year,
                    subject,
                    before,
                    _kind(clause, one.start()),
                    sentence,
                )
        before |= own
        later = years_in(clause)
        year = later[-1] if later else year


def _is_year(match: re.Match[str]) -> bool:
    return match["unit"] == "年" and is_year(match["number"])


def _follows_year(clause: str, at: int) -> bool:
    """Whether a year stands right before a figure: 由2018年的22%."""
    return bool(re.search(r"\d{4}年[^\d]{0,6}$", clause[:at]))


def _kind(clause: str, at: int) -> tuple[str, ...]:
    change = "change" if _CHANGE.search(clause[:at]) else "level"
    return (change, *sorted(set(_QUALIFIERS.findall(YEAR.sub("", clause)))))


def figures_of_row(header: str, row: str, segmenter: Segmenter) -> list[Figure]:
    """The figures of a table's row, each of what its column and the row's first cell say.

    The unit of a column stands in brackets behind its name, or in the cell.
    """
    names, values = (split_cells(fold(line)) for line in (header, row))
    if len(names) != len(values):
        return []
    found = []
    for name, value in zip(names[1:], values[1:], strict=True):
        unit = re.search(r"\(([^()]+)\)", name)
        match = FIGURE.fullmatch(f"{value}{unit[1]}" if unit else value)
        years = years_in(name) or years_in(f"{values[0]}年") or years_in(values[0])
        if match:
            words = subject_words(f"{values[0]} {re.sub(r'[(].*', '', name)}", segmenter)
            kind = _kind(name, 0)
            year = years[0] if years else ""
            whole = Span(0, len(row))
            found.append(
                Figure(figure_value(match), match["unit"], False, year, words, words, kind, whole)
            )
    return found


def subject_words(clause: str, segmenter: Segmenter) -> frozenset[str]:
    """The words of a clause that tell what is measured."""
    bare = YEAR.sub(" ", FIGURE.sub(" ", clause))
    return frozenset(word for word in segmenter.content_words(bare) if tells(word, segmenter))


def tells(word: str, segmenter: Segmenter) -> bool:
    """Whether a word tells what is measured: no figure, verb, unit or general word."""
    general = word in _WEAK or is_verb(word, segmenter) or word in FIGURE_UNITS
    return not general and not re.fullmatch(r"[\d.,%]+\w?", word)


def differ(one: Figure, other: Figure) -> bool:
    """Whether two figures of the same thing contradict each other.

    One that is given roughly, or to fewer digits, agrees with what it may stand for.
    """
    low, high = sorted((one.value, other.value))
    if high == low or not one.unit:  # years have no unit, and are never roughly the same
        return high != low
    if one.loose or other.loose:
        return low < 0.8 * high
    return low < 0.995 * high and not (
        _rounds(one.value, other.value) or _rounds(other.value, one.value)
    )


def _rounds(exact: float, rounded: float) -> bool:
    """Whether `rounded` is `exact` to its own two digits or more: 4.2 for 4.23."""
    digits = len(f"{rounded:.6g}".replace(".", "").strip("0"))
    return digits > 1 and float(f"{exact:.{digits}g}") == rounded
