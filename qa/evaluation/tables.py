"""Print measures, sweeps and comparisons as tables on a terminal; format their cells for a page."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .compare import SAME, Comparison, Difference
from .measures import GROUPINGS, MEASURES, Measure
from .outcome import Outcome
from .words import evaluation_words, measure_name

# Characters a line for a pipe or a file: wide enough that no table is broken up.
_PIPE_WIDTH = 240
# The measures that a sweep shows of each combination.
_SWEEP_MEASURES = (
    "evidence_recall", "answer_in_top1", "answer_in_top3", "recall@1", "mrr@10", "ndcg@10",
    "refusal_unanswerable", "refusal_answerable", "auroc", "aurc",
)  # fmt: skip
# Shorter names of measures for the heads of a sweep.
_ABBREVIATED = {
    "refusal_unanswerable": "unanswerable refused",
    "refusal_answerable": "answerable refused",
    "auroc": "AUROC",
    "aurc": "AURC",
}
# From this many questions on, intervals are shown with three digits: they are so narrow that two
# digits would hide them.
_MANY_QUESTIONS = 1000
# How many flipped questions are listed.
_MOST_FLIPPED = 100


def _open_console() -> Console:
    """Return a console on standard output, as wide as the terminal."""
    return Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH, highlight=False)


def format_cell(measures: dict[str, Any], measure: Measure) -> str:
    """Return a measure with its interval, such as "0.944 (0.87-1.00)"; "-" if it has no value.

    Args:
        measures: as `summarise` returns them.
    """
    value, limits = measures.get(measure.key), measures["intervals"].get(measure.key)
    if value is None or limits is None:
        return "-"
    if measure.digits < 4:
        formatted, low, high = (f"{v:.{measure.digits}f}" for v in (value, *limits))
        return f"{formatted} ({low}-{high})"
    digits = 3 if measures["questions"] >= _MANY_QUESTIONS else 2
    return f"{value:.3f} ({limits[0]:.{digits}f}-{limits[1]:.{digits}f})"


def columns_of(measures: dict[str, Any], by_type: bool) -> dict[str, dict[str, Any]]:
    """Return column heading -> measures: "all", and each question type if `by_type`."""
    return {"all": measures, **(measures["by_type"] if by_type else {})}


def group_columns(measures: dict[str, Any]) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the tables beside that of types: by wording and by kind of near miss, where there are any.

    Returns:
        Grouping, such as "wording" -> column heading -> measures.
    """
    names = (name for name in GROUPINGS if name != "type")
    return {name: measures[f"by_{name}"] for name in names if f"by_{name}" in measures}


def describe_pairs(measures: dict[str, Any], language: str = "en") -> str:
    """Return a sentence on the questions that are asked in two wordings; "" if there is none."""
    pairs = measures.get("pairs")
    return evaluation_words(language)["pairs"].format(**pairs) if pairs else ""


def shown_measures(columns: dict[str, dict[str, Any]]) -> list[Measure]:
    """Return the measures that have a value in any column."""
    return [m for m in MEASURES if any(format_cell(c, m) != "-" for c in columns.values())]


def rows_of(
    columns: dict[str, dict[str, Any]], language: str = "en"
) -> list[tuple[str, list[str]]]:
    """Return (label, cells) of each row: the number of questions, then each shown measure."""
    questions = [str(column["questions"]) for column in columns.values()]
    return [
        (evaluation_words(language)["questions"], questions),
        *(
            (
                measure_name(measure.key, language),
                [format_cell(c, measure) for c in columns.values()],
            )
            for measure in shown_measures(columns)
        ),
    ]


def print_measures(measures: dict[str, Any], by_type: bool) -> None:
    """Print a row for each measure: of all questions and types, then of each other grouping."""
    out = _open_console()
    _print_columns(out, columns_of(measures, by_type))
    for columns in group_columns(measures).values():
        _print_columns(out, columns)
    if pairs := describe_pairs(measures):
        out.print(pairs)


def _print_columns(out: Console, columns: dict[str, dict[str, Any]]) -> None:
    """Print a row for each measure, in as many tables as it takes to fit the terminal."""
    rows, heads = rows_of(columns), list(columns)
    widths = [max(len(head), *(len(c[i]) for _, c in rows)) + 3 for i, head in enumerate(heads)]
    label_width = max(len(label) for label, _ in rows) + 2
    for start, end in _split_columns(widths, out.width - label_width):
        table = _make_table("", *heads[start:end])
        for label, cells in rows:
            if any(text != "-" for text in cells[start:end]):
                table.add_row(label, *cells[start:end])
        out.print(table)


def _split_columns(widths: Sequence[int], room: int) -> list[tuple[int, int]]:
    """Return (start, end) of runs of columns, each as long as fits into `room` characters.

    A run has at least one column.
    """
    runs, start = [], 0
    for end in range(1, len(widths) + 1):
        if end == len(widths) or sum(widths[start : end + 1]) > room:
            runs.append((start, end))
            start = end
    return runs


def _make_table(first: str, *others: str) -> Table:
    """Return an empty table with these heads; all but the first column are aligned right."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(first, no_wrap=True)
    for head in others:
        table.add_column(head, justify="right")
    return table


def print_sweep(results: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """Print a row for each (label, measures), the label of a combination of settings."""
    shown = [
        m for m in MEASURES if m.key in _SWEEP_MEASURES and any(m.key in r for _, r in results)
    ]
    table = _make_table("settings", *(_ABBREVIATED.get(m.key, measure_name(m.key)) for m in shown))
    for label, measures in results:
        table.add_row(label, *(format_cell(measures, measure) for measure in shown))
    _open_console().print(table)


def print_comparison(comparison: Comparison, names: tuple[str, str]) -> None:
    """Print each measure of two runs with its difference, then the questions that flipped."""
    out = _open_console()
    table = _make_table("", *names, "difference (95 % interval)")
    table.add_column("verdict", no_wrap=True)
    for difference in comparison.differences:
        table.add_row(*_difference_cells(difference))
    out.print(table)
    out.print(_describe_matching(comparison, names), markup=False)
    flipped = comparison.flipped
    out.print(f"{len(flipped)} questions flipped{':' if flipped else '.'}")
    for before, after in flipped[:_MOST_FLIPPED]:
        out.print(f"  {describe_flip(before, after)}", markup=False, soft_wrap=True)
    if len(flipped) > _MOST_FLIPPED:
        out.print(f"  ... and {len(flipped) - _MOST_FLIPPED} more; --json lists all")


def _difference_cells(difference: Difference) -> tuple[str | Text, ...]:
    digits = min(difference.measure.digits, 3)
    limits = f"({difference.low:+.{digits}f} to {difference.high:+.{digits}f})"
    return (
        measure_name(difference.measure.key),
        f"{difference.before:.{digits}f}",
        f"{difference.after:.{digits}f}",
        f"{difference.change:+.{digits}f} {limits}",
        Text(difference.verdict, style="" if difference.verdict == SAME else "bold"),
    )


def describe_flip(before: Outcome, after: Outcome) -> str:
    """Return a line on a question that flipped: "+" it is correct now, "-" no longer, "~" neither."""
    mark = "+" if after.correct else "-" if before.correct else "~"
    return f"{mark} {after.id}: {before.state} -> {after.state}  {after.question}".rstrip()


def _describe_matching(comparison: Comparison, names: tuple[str, str]) -> str:
    text = f"{comparison.matched} questions are in both runs"
    for name, only in zip(names, (comparison.only_before, comparison.only_after), strict=True):
        text += f", {len(only)} only in {name}" if only else ""
    return text + "; times also depend on what else the machine did."


def comparison_to_json(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as `yinju eval --compare --json` prints it."""
    return {
        "questions": comparison.matched,
        "only_in_first": list(comparison.only_before),
        "only_in_second": list(comparison.only_after),
        "measures": {
            difference.measure.key: {
                "first": round(difference.before, 4),
                "second": round(difference.after, 4),
                "difference": round(difference.change, 4),
                "interval": [round(difference.low, 4), round(difference.high, 4)],
                "verdict": difference.verdict,
            }
            for difference in comparison.differences
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
