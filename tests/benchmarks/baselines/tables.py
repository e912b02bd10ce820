"""The results as Markdown, as the README shows them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import fmean
from typing import Any

# What was measured on one set, as `__main__.run_set` returns it, and the part of one system.
SetResult = dict[str, Any]
Measures = dict[str, Any]
Row = Sequence[str]


def print_tables(results: dict[str, Any]) -> None:
    """Print the tables of retrieval, answers and refusals, those that were measured."""
    sets = results["sets"]
    if sets:
        print("Public sets: the question's own paragraph first (MRR@10). Reports: the evidence in")
        print("the first unit / in ten. Time: of a question, yinju's passages being 1.\n")
        print_table(sets, format_retrieval, "time", format_mean_time)
        print("\nThe answer in the first unit, and mean characters of the unit that holds it:\n")
        print_table(sets, format_answer)
    for result in sets:
        if result["unanswerable"]:
            print(
                f"\n{result['title']}, {result['unanswerable']} questions that they do not answer:\n"
            )
            print("| | refused | answerable refused | AUROC |\n|---|---|---|---|")
            for name, measures in result["systems"].items():
                print_row([bold(name), *format_refusals(measures)])
    for row in results.get("refusals", ()):
        print(
            f"\n{row['set']}, each report left out of the fit: {row['unanswerable_refused']:.3f} of "
            f"{row['unanswerable']} unanswerable refused at {row['answered_refused']:.3f} of "
            f"{row['answered']} answered, AUROC {row['auroc']:.3f}"
        )


def print_table(
    sets: Sequence[SetResult],
    cell: Callable[[SetResult, Measures], str],
    title: str = "",
    last: Callable[[Sequence[Measures]], str] | None = None,
) -> None:
    """Print a table with a row for each system and a column for each set.

    Args:
        cell: returns the cell of a set and a system's measures on it.
        title, last: the heading of one more column, and what returns its cell, from a system's
            measures on all sets.
    """
    titles = [f"{result['title']} ({result['answerable']})" for result in sets]
    titles += [title] if last else []
    print_row(["", *titles])
    print("|---" * (len(titles) + 1) + "|")
    for name in sets[0]["systems"]:
        measures = [result["systems"][name] for result in sets]
        cells = [cell(result, measured) for result, measured in zip(sets, measures, strict=True)]
        print_row([bold(name), *cells, *([last(measures)] if last else [])])


def print_row(cells: Row) -> None:
    """Print a row of a Markdown table."""
    print("| " + " | ".join(cells) + " |")


def bold(name: str) -> str:
    """Return the name of a system, bold if it belongs to the project."""
    return f"**{name}**" if name.startswith("yinju") else name


def format_retrieval(result: SetResult, measures: Measures) -> str:
    """Return the cell of how well the right text is found."""
    if result["unanswerable"]:  # a few long reports that name themselves, not single paragraphs
        first, ten = measures["answer_in_first_unit"], measures["answer_in_ten_units"]
        return f"{first:.3f} / {ten:.3f}"
    return f"{measures['document_at_1']:.3f} ({measures['mrr_at_10']:.3f})"


def format_answer(_: SetResult, measures: Measures) -> str:
    """Return how often the first unit contains the answer, and how long the right unit is."""
    return f"{measures['answer_in_first_unit']:.3f}, {measures['characters_of_hit'] or '-'}"


def format_mean_time(measures: Sequence[Measures]) -> str:
    """Return the mean over the sets of the time ratio of a question."""
    return f"{fmean(on_set['time_ratio'] for on_set in measures):.2f}"


def format_refusals(measures: Measures) -> Row:
    """Return what is refused of unanswerable and answerable questions, and the score's AUROC."""
    auroc = f"{measures['auroc']:.3f}" if "auroc" in measures else "gives no score"
    refused, wrongly = measures["unanswerable_refused"], measures["answerable_refused"]
    return [f"{refused:.3f}", f"{wrongly:.3f}", auroc]
