"""What a question asks for and no quotation gives: a year, a number, a time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.messages import words
from indexer.text.fold import fold
from indexer.text.numbers import in_words, numeral, years_in
from qa.matching import holds_number, holds_time, holds_unit
from qa.question import Question

NUMBER, TIME = "number", "time"


def missing_in(question: Question, quoted: str, context: str) -> tuple[str, ...]:
    """The question's years that are not there, then NUMBER or TIME where it asks for one in vain.

    Args:
        quoted: all quotations, folded. context: what stands around them, folded; a year beside a
            quotation counts where that names none itself.
    """
    said = f"{context}\n{quoted}"
    here = (years_in(quoted) or years_in(said)) if question.years else ()
    lacking = [year for year in question.years if year not in here]
    counted = holds_number(quoted)
    if question.unit:
        counted = counted and holds_unit(question.unit, quoted, said)
    if question.quantity and not counted:
        lacking.append(NUMBER)
    if question.date and not holds_time(quoted):
        lacking.append(TIME)
    return tuple(lacking)


def missing_notes(lacking: Sequence[str], language: str) -> list[str]:
    """A line that says so for each."""
    said = words(language)["answer"]
    years = said["comma"].join(one for one in lacking if one not in (NUMBER, TIME))
    first = [said["missing_year"].format(years=years)] if years else []
    return first + [said[f"missing_{one}"] for one in lacking if one in (NUMBER, TIME)]


# 五项, 四大挑战, 三个方面; not 第三个, 两个月, 十几种, 三个百分点.
_COUNTED = re.compile(
    r"(?<![第几\d十百千万亿近约每前后逾上超.])(?P<n>[二三四五六七八九]?十[一二三四五六七八九]?|[二两三四五六七八九]|\d{1,2})(?P<unit>大(?!于|约)|个(?!月|工作日|小时|百分点|季度|人|国家|省|城市|年)"
    r"|[项种类点条步处道股代](?!钟|多|表|码)|方面|部分|环节|阶段)"
)


_INTRODUCES = re.compile(r"[:：]\s*$|以下|如下|下列|下面")


@dataclass(frozen=True, slots=True)
class Miscount:
    """A list of another length than was said. by: "report" or "question"; said, quoted: items."""

    by: str
    said: int
    quoted: int


def stated_count(text: str) -> int:
    """The number of things that a text announces, the last one where it has several; or 0.

    >>> stated_count("为此提出以下五项措施:"), stated_count("手段有十一种:"), stated_count("第三个月")
    (5, 11, 0)
    """
    found = [numeral(m["n"]) for m in _COUNTED.finditer(fold(text))]
    return next((n for n in reversed(found) if n > 1), 0)


def miscount(intro: str, heading: str, asked: int, quoted: int) -> Miscount | None:
    """What to note of a list's length; None where nobody said another one.

    Args:
        intro: the text that introduces the list, of which the last sentence counts. heading: the
            title of its section. asked: the items that the question speaks of, or 0.
    """
    last = re.split(r"[。!?！？]", intro.rstrip())[-1]
    said = stated_count(last) if _INTRODUCES.search(last) else 0
    said = said or stated_count(heading)
    if said and said != quoted:
        return Miscount("report", said, quoted)
    return Miscount("question", asked, quoted) if asked and asked != quoted else None


def count_note(counts: Sequence[Miscount], language: str) -> list[str]:
    """The notes for the reader, "zh" or "en"."""
    return [_note(one, language) for one in counts]


def _note(one: Miscount, language: str) -> str:
    number = in_words if language == "zh" else str
    said = words(language)["answer"][f"count_{one.by}"]
    return str(said.format(said=number(one.said), quoted=number(one.quoted)))
