"""Notes about an answer: what the question asks for and no quotation gives, and miscounted lists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.messages import load_locale
from indexer.text.numerals import to_numeral
from indexer.text.patterns import split_cells
from indexer.text.quantities import (
    holds_number,
    holds_time,
    holds_unit,
    is_number_cell,
    stated_count,
    years_given,
)
from qa.question import Question

NUMBER, TIME = "number", "time"

_INTRODUCES = re.compile(r"[:：]\s*$|以下|如下|下列|下面")


@dataclass(frozen=True, slots=True)
class Miscount:
    """A list whose length is not what somebody says."""

    by: str
    """Who says so: "report" or "question"."""
    said: int
    """The number of items that this says."""
    quoted: int
    """The number of items that are quoted."""


def find_missing(question: Question, quoted: str, context: str) -> tuple[str, ...]:
    """Return the question's years that are missing, then NUMBER and TIME where these are.

    Args:
        quoted: all quotations, folded.
        context: their headings and titles, folded. A year in it counts if the quotations name none.
    """
    text = f"{context}\n{quoted}"
    years = years_given(quoted, text) if question.years else ()
    missing = [year for year in question.years if year not in years]
    has_number = holds_number(quoted)
    if question.unit:
        has_number = has_number and holds_unit(question.unit, quoted, text)
    # A table need not repeat the unit of its figures.
    if question.asks_number and not has_number and not _has_figure(quoted):
        missing.append(NUMBER)
    if question.asks_time and not holds_time(quoted):
        missing.append(TIME)
    return tuple(missing)


def _has_figure(quoted: str) -> bool:
    """Return whether a row of a table is quoted that has a figure."""
    rows = (line for line in quoted.split("\n") if line.startswith("|"))
    return any(is_number_cell(cell) for row in rows for cell in split_cells(row))


def describe_missing(missing: Sequence[str], language: str) -> list[str]:
    """Return a note for the years of `find_missing`, and one each for NUMBER and TIME.

    Args:
        language: "zh" or "en".
    """
    phrases = load_locale(language)["answer"]
    years = phrases["comma"].join(name for name in missing if name not in (NUMBER, TIME))
    first = [phrases["missing_year"].format(years=years)] if years else []
    return first + [phrases[f"missing_{name}"] for name in missing if name in (NUMBER, TIME)]


def compare_counts(intro: str, heading: str, asked: int, quoted: int) -> Miscount | None:
    """Compare the length of a list with what the report, else the question, says; None if equal.

    Args:
        intro: the text that introduces the list, of which the last sentence counts.
        heading: the title of its section.
        asked: how many items the question asks for, 0 if it does not say.
        quoted: how many items the list has.
    """
    last = re.split(r"[。!?！？]", intro.rstrip())[-1]
    said = stated_count(last) if _INTRODUCES.search(last) else 0
    said = said or stated_count(heading)
    if said and said != quoted:
        return Miscount("report", said, quoted)
    return Miscount("question", asked, quoted) if asked and asked != quoted else None


def describe_counts(miscounts: Sequence[Miscount], language: str) -> list[str]:
    """Return a note for each miscounted list.

    Args:
        language: "zh" or "en".
    """
    return [_describe_count(miscount, language) for miscount in miscounts]


def _describe_count(miscount: Miscount, language: str) -> str:
    number = to_numeral if language == "zh" else str
    phrase = load_locale(language)["answer"][f"count_{miscount.by}"]
    return str(phrase.format(said=number(miscount.said), quoted=number(miscount.quoted)))
