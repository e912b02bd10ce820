"""What a question asks for and no quotation gives: a year, a number, a time."""

from __future__ import annotations

from collections.abc import Sequence

from qa.question import Question, years_in

from .confidence import holds_number, holds_time, holds_unit

NUMBER, TIME = "number", "time"
_SAYS = {
    "zh": {
        "year": "引文没有提到{x}年。",
        NUMBER: "引文没有给出所问的数字。",
        TIME: "引文没有给出所问的时间。",
    },
    "en": {
        "year": "What is quoted does not speak of {x}.",
        NUMBER: "What is quoted does not give the number that you ask for.",
        TIME: "What is quoted does not give the time that you ask for.",
    },
}


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
    says = _SAYS[language]
    years = [one for one in lacking if one not in says]
    others = [says[one] for one in lacking if one in says]
    between = "、" if language == "zh" else ", "
    return [*([says["year"].format(x=between.join(years))] if years else []), *others]
