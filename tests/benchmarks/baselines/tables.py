"""The results as Markdown, as the README shows them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import fmean
from typing import Any

# What was measured of one set, as `__main__.run_set` returns it, and one system's part of it.
SetResult = dict[str, Any]
Measures = dict[str, Any]
Row = Sequence[str]


def print_tables(results: dict[str, Any]) -> None:
    """Print a table of retrieval, one of answers and what is refused, whichever were measured."""
    sets = results["sets"]
    if sets:
        print("Public sets: the question's own paragraph first (MRR@10). Reports: the evidence in")
        print("the first unit / in ten. Time: of a question, yinju's passages being 1.\n")
        print_table(sets, format_retrieval, "time", mean_time)
        print("\nThe answer in the first unit, and mean characters of the unit that holds it:\n")
        print_table(sets, format_answer)
    for one in sets:
        if one["unanswerable"]:
            print(f"\n{one['title']}, {one['unanswerable']} questions that they do not answer:\n")
            print("| | refused | answerable refused | AUROC |\n|---|---|---|---|")
            for name, measures in one["systems"].items():
                print_row([bold(name), *refusals(measures)])
    for one in results.get("refusals", ()):
        print(
            f"\n{one['set']}, each report left out of the fit: {one['unanswerable_refused']:.3f} of "
            f"{one['unanswerable']} unanswerable refused at {one['answered_refused']:.3f} of "
            f"{one['answered']} answered, AUROC {one['auroc']:.3f}"
        )


def print_table(
    sets: Sequence[SetResult],
    cell: Callable[[SetResult, Measures], str],
    title: str = "",
    last: Callable[[Sequence[Measures]], str] | None = None,
) -> None:
    """Print a row a system and a column a set.

    Args:
        title, last: the heading of one more column, and its cell for a system's measures.
    """
    titles = [f"{one['title']} ({one['answerable']})" for one in sets]
    titles += [title] if last else []
    print_row(["", *titles])
    print("|---" * (len(titles) + 1) + "|")
    for name in sets[0]["systems"]:
        measures = [one["systems"][name] for one in sets]
        cells = [cell(one, measured) for one, measured in zip(sets, measures, strict=True)]
        print_row([bold(name), *cells, *([last(measures)] if last else [])])


def print_row(cells: Row) -> None:
    """Print a line of a table."""
    print("| " + " | ".join(cells) + " |")


def bold(name: str) -> str:
    """Return a system's name, bold if it is the project's."""
    return f"**{name}**" if name.startswith("yinju") else name


def format_retrieval(one: SetResult, measures: Measures) -> str:
    """Return how well the right text is found."""
    if one["unanswerable"]:  # a few long reports that name themselves, not a paragraph a question
        first, ten = measures["answer_in_first_unit"], measures["answer_in_ten_units"]
        return f"{first:.3f} / {ten:.3f}"
    return f"{measures['document_at_1']:.3f} ({measures['mrr_at_10']:.3f})"


def format_answer(_: SetResult, measures: Measures) -> str:
    """Return how often the first unit holds the answer, and how long the right unit is."""
    return f"{measures['answer_in_first_unit']:.3f}, {measures['characters_of_hit'] or '-'}"


def mean_time(measures: Sequence[Measures]) -> str:
    """Return the mean over the sets of a question's time, as a ratio."""
    return f"{fmean(one['time_ratio'] for one in measures):.2f}"


def refusals(measures: Measures) -> Row:
    """Return what is refused of unanswerable and answerable questions, and the score's AUROC."""
    auroc = f"{measures['auroc']:.3f}" if "auroc" in measures else "gives no score"
    refused, wrongly = measures["unanswerable_refused"], measures["answerable_refused"]
    return [f"{refused:.3f}", f"{wrongly:.3f}", auroc]
