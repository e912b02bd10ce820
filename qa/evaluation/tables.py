"""Measures, sweeps and comparisons as tables for a terminal, and their cells for a page."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .compare import SAME, Comparison
from .measures import MEASURES, Measure
from .outcome import Outcome
from .words import evaluation_words, measure_name

# What a pipe or a file is written for: wide enough that no table is broken up.
_WIDE = 240
# What a sweep shows of each combination.
_SWEPT = (
    "evidence_recall", "answer_in_top1", "answer_in_top3", "recall@1", "mrr@10", "ndcg@10",
    "refusal_unanswerable", "refusal_answerable", "auroc", "aurc",
)  # fmt: skip
_ABBREVIATED = {
    "refusal_unanswerable": "unanswerable refused",
    "refusal_answerable": "answerable refused",
    "auroc": "AUROC",
    "aurc": "AURC",
}
# Intervals over so many questions are shown with three digits.
_MANY = 1000
# How many questions that flipped are listed.
_LISTED = 100


def console() -> Console:
    """Standard output, as wide as the terminal."""
    return Console(width=None if sys.stdout.isatty() else _WIDE, highlight=False)


def cell(measures: dict[str, Any], measure: Measure) -> str:
    """A measure with its interval, as 0.944 (0.87-1.00); - where there is none."""
    value, limits = measures.get(measure.key), measures["intervals"].get(measure.key)
    if value is None or limits is None:
        return "-"
    if measure.digits < 4:
        one = f"{value:.{measure.digits}f}"
        return f"{one} ({limits[0]:.{measure.digits}f}-{limits[1]:.{measure.digits}f})"
    # Of thousands of questions the intervals are so narrow that two digits would hide them.
    digits = 3 if measures["questions"] >= _MANY else 2
    return f"{value:.3f} ({limits[0]:.{digits}f}-{limits[1]:.{digits}f})"


def columns_of(measures: dict[str, Any], types: bool) -> dict[str, dict[str, Any]]:
    """Column heading -> measures: all, and each question type if `types`."""
    return {"all": measures, **(measures["by_type"] if types else {})}


def shown_measures(columns: dict[str, dict[str, Any]]) -> list[Measure]:
    """The measures that any column has."""
    return [m for m in MEASURES if any(cell(one, m) != "-" for one in columns.values())]


def rows_of(
    columns: dict[str, dict[str, Any]], language: str = "en"
) -> list[tuple[str, list[str]]]:
    """(label, cells) of the number of questions and of each measure that any column has."""
    questions = [str(one["questions"]) for one in columns.values()]
    return [
        (evaluation_words(language)["questions"], questions),
        *(
            (measure_name(measure.key, language), [cell(one, measure) for one in columns.values()])
            for measure in shown_measures(columns)
        ),
    ]


def print_measures(measures: dict[str, Any], types: bool) -> None:
    """Prints a row for each measure; as many tables as it takes to fit the terminal."""
    out, columns = console(), columns_of(measures, types)
    rows, names = rows_of(columns), list(columns)
    widths = [max(len(name), *(len(c[i]) for _, c in rows)) + 3 for i, name in enumerate(names)]
    label = max(len(name) for name, _ in rows) + 2
    for start, end in _fitting(widths, out.width - label):
        table = _table("", *names[start:end])
        for name, cells in rows:
            if any(text != "-" for text in cells[start:end]):
                table.add_row(name, *cells[start:end])
        out.print(table)


def _fitting(widths: Sequence[int], room: int) -> list[tuple[int, int]]:
    """Runs of columns, each as long as fits into `room`, at least one column."""
    runs, start = [], 0
    for end in range(1, len(widths) + 1):
        if end == len(widths) or sum(widths[start : end + 1]) > room:
            runs.append((start, end))
            start = end
    return runs


def _table(first: str, *others: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(first, no_wrap=True)
    for name in others:
        table.add_column(name, justify="right")
    return table


def print_sweep(results: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """Prints a row for each combination of settings: (label, measures)."""
    swept = [m for m in MEASURES if m.key in _SWEPT and any(m.key in r for _, r in results)]
    table = _table("settings", *(_ABBREVIATED.get(m.key, measure_name(m.key)) for m in swept))
    for label, measures in results:
        table.add_row(label, *(cell(measures, measure) for measure in swept))
    console().print(table)


def print_comparison(comparison: Comparison, names: tuple[str, str]) -> None:
    """Prints each measure of two runs with its difference, then the questions that flipped."""
    out = console()
    table = _table("", *names, "difference (95 % interval)")
    table.add_column("verdict", no_wrap=True)
    for one in comparison.differences:
        digits = min(one.measure.digits, 3)
        limits = f"({one.low:+.{digits}f} to {one.high:+.{digits}f})"
        table.add_row(
            measure_name(one.measure.key),
            f"{one.before:.{digits}f}",
            f"{one.after:.{digits}f}",
            f"{one.change:+.{digits}f} {limits}",
            Text(one.verdict, style="" if one.verdict == SAME else "bold"),
        )
    out.print(table)
    out.print(_matched(comparison, names), markup=False)
    flipped = comparison.flipped
    out.print(f"{len(flipped)} questions flipped{':' if flipped else '.'}")
    for before, after in flipped[:_LISTED]:
        out.print(f"  {flip_line(before, after)}", markup=False, soft_wrap=True)
    if len(flipped) > _LISTED:
        out.print(f"  ... and {len(flipped) - _LISTED} more; --json lists all")


def flip_line(before: Outcome, after: Outcome) -> str:
    """A question that flipped, on one line."""
    mark = "+" if after.right else "-" if before.right else "~"
    return f"{mark} {after.id}: {before.state} -> {after.state}  {after.question}".rstrip()


def _matched(comparison: Comparison, names: tuple[str, str]) -> str:
    told = f"{comparison.matched} questions are in both runs"
    for name, only in zip(names, (comparison.only_before, comparison.only_after), strict=True):
        told += f", {len(only)} only in {name}" if only else ""
    return told + "; times also depend on what else the machine did."


def comparison_object(comparison: Comparison) -> dict[str, Any]:
    """A comparison as `yinju eval --compare --json` prints it."""
    return {
        "questions": comparison.matched,
        "only_in_first": list(comparison.only_before),
        "only_in_second": list(comparison.only_after),
        "measures": {
            one.measure.key: {
                "first": round(one.before, 4),
                "second": round(one.after, 4),
                "difference": round(one.change, 4),
                "interval": [round(one.low, 4), round(one.high, 4)],
                "verdict": one.verdict,
            }
            for one in comparison.differences
        },
        "flipped": [
            {
                "id": after.id,
                "type": after.type,
                "question": after.question,
                "first": before.state,
                "second": after.state,
            }
            for before, after in comparison.flipped
        ],
    }
