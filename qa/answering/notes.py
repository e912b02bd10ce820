"""What a question asks for and no quotation gives: a year, a number, a time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.messages import load_locale
from indexer.text.numerals import to_numeral
from indexer.text.quantities import holds_number, holds_time, holds_unit, stated_count, years_in
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
    said = load_locale(language)["answer"]
    years = said["comma"].join(one for one in lacking if one not in (NUMBER, TIME))
    first = [said["missing_year"].format(years=years)] if years else []
    return first + [said[f"missing_{one}"] for one in lacking if one in (NUMBER, TIME)]


_INTRODUCES = re.compile(r"[:：]\s*$|以下|如下|下列|下面")


@dataclass(frozen=True, slots=True)
class Miscount:
    """A list of another length than was said. by: "report" or "question"; said, quoted: items."""

    by: str
    said: int
    quoted: int


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
    number = to_numeral if language == "zh" else str
    said = load_locale(language)["answer"][f"count_{one.by}"]
    return str(said.format(said=number(one.said), quoted=number(one.quoted)))
