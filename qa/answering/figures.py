"""The figures of a passage: each with its unit, its year and the words that say what it measures."""

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
# Words that do not say what is measured.
_GENERAL = frozenset(
    "中国 我国 全国 国内 数据 显示 统计 根据 据 报告 截至 年底 年末 总计 共计 总量 大约 "
    "左右 目前 已经 同期 同年 全年 当年 其 该".split()
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in a text."""

    value: float
    """The number, multiplied by its 万 or 亿."""
    unit: str
    """Its unit; "" for a year."""
    is_rough: bool
    """Whether the text says that it is not exact."""
    year: str
    """The year that it belongs to, or ""."""
    words: frozenset[str]
    """What it measures: the words of its clause."""
    before: frozenset[str]
    """The words of the clauses before it in its sentence."""
    kind: tuple[str, ...]
    """"change" or "level", and its qualifiers (forecast, mean, sum ...)."""
    sentence: Span
    """Its sentence, in the text."""


def find_figures(text: str, sentences: list[Span], segmenter: Segmenter) -> list[Figure]:
    """Return the figures of a text whose year and subject are clear.

    A clause without a subject or a year takes that of the clause before it. Two figures of one unit
    in a clause without a year for each are left out: which is which is not clear.

    Args:
        sentences: the sentences of the text.
    """
    folded = fold_chars(text)
    return [f for sentence in sentences for f in _find_in_sentence(folded, sentence, segmenter)]


def _find_in_sentence(folded: str, sentence: Span, segmenter: Segmenter) -> Iterator[Figure]:
    year, subject, before = "", frozenset[str](), frozenset[str]()
    for match in _CLAUSES.finditer(folded, sentence.start, sentence.end):
        clause = match.group()
        if not clause.strip():
            continue
        own = find_subject_words(clause, segmenter)
        subject = own or subject
        found = [m for m in FIGURE.finditer(clause) if not _is_year_figure(m)]
        units = [m["unit"] for m in found]
        for figure in found:
            years = YEAR.findall(clause, 0, figure.start())
            year = years[-1] if years else year
            alone = units.count(figure["unit"]) == 1
            if alone or (years and _follows_year(clause, figure.start())):
                yield Figure(
                    figure_value(figure),
                    figure["unit"],
                    is_rough(figure),
                    year,
                    subject,
                    before,
                    _read_kind(clause, figure.start()),
                    sentence,
                )
        before |= own
        later = years_in(clause)
        year = later[-1] if later else year


def _is_year_figure(match: re.Match[str]) -> bool:
    return match["unit"] == "年" and is_year(match["number"])


def _follows_year(clause: str, at: int) -> bool:
    """Return whether a year stands right before the figure at an offset: 由2018年的22%."""
    return bool(re.search(r"\d{4}年[^\d]{0,6}$", clause[:at]))


def _read_kind(clause: str, at: int) -> tuple[str, ...]:
    change = "change" if _CHANGE.search(clause[:at]) else "level"
    return (change, *sorted(set(_QUALIFIERS.findall(YEAR.sub("", clause)))))


def find_row_figures(header: str, row: str, segmenter: Segmenter) -> list[Figure]:
    """Return the figures of a table row; column and first cell say what each measures.

    The unit stands in brackets behind the name of the column, or in the cell.
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
            words = find_subject_words(f"{values[0]} {re.sub(r'[(].*', '', name)}", segmenter)
            kind = _read_kind(name, 0)
            year = years[0] if years else ""
            whole = Span(0, len(row))
            found.append(
                Figure(figure_value(match), match["unit"], False, year, words, words, kind, whole)
            )
    return found


def find_subject_words(clause: str, segmenter: Segmenter) -> frozenset[str]:
    """Return the words of a folded clause that say what is measured."""
    bare = YEAR.sub(" ", FIGURE.sub(" ", clause))
    return frozenset(
        word for word in segmenter.content_words(bare) if is_subject_word(word, segmenter)
    )


def is_subject_word(word: str, segmenter: Segmenter) -> bool:
    """Return whether a word says what is measured: it is no figure, verb, unit or general word."""
    general = word in _GENERAL or is_verb(word, segmenter) or word in FIGURE_UNITS
    return not general and not re.fullmatch(r"[\d.,%]+\w?", word)


def is_contradiction(first: Figure, second: Figure) -> bool:
    """Return whether two figures of the same thing contradict each other.

    A rough figure, or one with fewer digits, agrees with all values that it may stand for.
    """
    low, high = sorted((first.value, second.value))
    if high == low or not first.unit:  # A year has no unit, and is never rough.
        return high != low
    if first.is_rough or second.is_rough:
        return low < 0.8 * high
    return low < 0.995 * high and not (
        _is_rounded(first.value, second.value) or _is_rounded(second.value, first.value)
    )


def _is_rounded(exact: float, rounded: float) -> bool:
    """Return whether `rounded` is `exact` to its own two digits or more: 4.2 for 4.23."""
    digits = len(f"{rounded:.6g}".replace(".", "").strip("0"))
    return digits > 1 and float(f"{exact:.{digits}g}") == rounded
