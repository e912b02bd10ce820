"""Carry out `yinju eval`: ask or load a run, then print, save, compare, report, gate."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.config import read_config
from indexer.errors import YinjuError
from qa.evaluation.compare import compare, describe_regression, find_regressions
from qa.evaluation.gold import read_gold_questions, read_squad
from qa.evaluation.outcome import Outcome
from qa.evaluation.run import run_gold
from qa.evaluation.saved_run import Run, load_run, save_run, write_text
from qa.evaluation.squad import model_name_of, open_squad_index, run_squad
from qa.evaluation.tables import comparison_to_json, print_comparison, print_measures, print_sweep
from qa.index import Index
from qa.settings import Combination, expand_choices

from .progress import show_count, show_progress

# Asks all questions with a combination of settings.
Ask = Callable[[Combination], Run]


@dataclass(frozen=True, slots=True)
class Options:
    """The options of `yinju eval`; `yinju eval --help` explains them."""

    gold: Path | None
    squad: Path | None
    questions: int | None
    index: Path | None
    model: str | None
    reranker: str | None
    settings: tuple[str, ...]
    """The values of --set."""
    compare: tuple[Path, Path] | None
    baseline: Path | None
    out: Path | None
    brief: bool
    report: Path | None
    as_json: bool
    """The option --json."""


def evaluate(options: Options) -> list[str]:
    """Do what the options say; return a line on each measure that is worse than --baseline.

    Raises:
        YinjuError: the options do not go together, or something that they name cannot be used.
    """
    _check_options(options)
    if options.compare is not None:
        _print_comparison(options.compare, options.as_json)
        return []
    # Read the baseline first, so that an unreadable one is reported before the questions are asked.
    baseline = load_run(options.baseline) if options.baseline is not None else None
    runs = _obtain_runs(options)
    (_, run), *others = runs
    if options.settings:
        _print_sweep(runs, options.as_json)
    elif options.as_json:
        print(json.dumps(run.summary(), ensure_ascii=False), flush=True)
    else:
        print_measures(run.summary(), run.has_types)
    if options.out is not None and not others:
        save_run(options.out, run, options.brief)
    if options.report is not None:
        from qa.evaluation.report import render_report

        write_text(options.report, render_report(run))
    if baseline is None:
        return []
    return [
        f"{describe_regression(difference)}, below {options.baseline}"
        for difference in find_regressions(run, baseline)
    ]


def _check_options(options: Options) -> None:
    """Check that the options go together, before anything is asked.

    Raises:
        YinjuError: they do not.
    """
    given = [options.gold is not None, options.squad is not None, options.compare is not None]
    if sum(given) != 1:
        raise YinjuError("run.give_one")
    if options.compare is not None and (options.out or options.report or options.baseline):
        raise YinjuError("run.compare_alone")
    if options.questions is not None and options.squad is None:
        raise YinjuError("run.questions_need_squad")
    if options.brief and options.out is None:
        raise YinjuError("run.brief_needs_out")
    for path in (options.out, options.report):
        if path is not None and not path.absolute().parent.is_dir():
            raise YinjuError("file.no_folder", path=path, folder=path.parent)
    tried = expand_choices(options.settings)
    if len(tried) > 1 and (options.out or options.report or options.baseline):
        raise YinjuError("run.one_combination", found=len(tried))
    if options.settings and _is_saved_run(options.gold):
        raise YinjuError("run.settings_of_saved", path=options.gold)


def _is_saved_run(path: Path | None) -> bool:
    return path is not None and path.suffix == ".json"


def _obtain_runs(options: Options) -> list[tuple[Combination, Run]]:
    """Ask the questions with each combination of settings, or load the saved run.

    Without --set there is one combination, the defaults.
    """
    tried = expand_choices(options.settings)
    if options.gold is not None and _is_saved_run(options.gold):
        return [(tried[0], load_run(options.gold))]
    with _open_questions(options) as ask:
        return [(combination, ask(combination)) for combination in tried]


@contextmanager
def _open_questions(options: Options) -> Iterator[Ask]:
    """Read the questions and open the index; yield the function that asks them."""
    config = read_config(options.index, options.model, options.reranker)
    if options.squad is None:
        assert options.gold is not None
        questions = read_gold_questions(options.gold)
        opened = Index.open(config)

        def ask_gold(index: Index, on_done: Callable[[], None]) -> list[Outcome]:
            return run_gold(index, questions, on_done)

        yield _make_ask(opened, "gold", str(options.gold), len(questions), ask_gold)
        return
    squad = read_squad(options.squad).draw(options.questions)

    def ask_squad(index: Index, on_done: Callable[[], None]) -> list[Outcome]:
        return run_squad(index, squad, on_done)

    with ExitStack() as stack:
        with show_progress() as (on_progress, notify):
            opening = open_squad_index(squad, config, options.index, on_progress, notify)
            opened = stack.enter_context(opening)
        yield _make_ask(opened, "squad", squad.name, len(squad.questions), ask_squad)


def _make_ask(
    opened: Index,
    kind: str,
    name: str,
    count: int,
    ask: Callable[[Index, Callable[[], None]], list[Outcome]],
) -> Ask:
    """Return the function that asks the questions of an index, with a bar on stderr.

    Args:
        kind: "gold" or "squad". name: of the set. count: how many questions it has.
        ask: takes the index and a function to call after each question.
    """

    def ask_with_settings(combination: Combination) -> Run:
        index = Index(opened.snapshot, opened.config, combination.settings)
        about = {
            "kind": kind,
            "questions": name,
            "model": model_name_of(index),
            "reranker": index.config.reranker,
            "settings": combination.chosen,
            "threshold": combination.settings.answer.threshold,
        }
        with show_count(f"asking {combination.label}".strip(), count) as on_done:
            return Run(about, tuple(ask(index, on_done)))

    return ask_with_settings


def _print_sweep(runs: list[tuple[Combination, Run]], as_json: bool) -> None:
    results = [(combination, run.summary()) for combination, run in runs]
    if not as_json:
        print_sweep([(combination.label, measures) for combination, measures in results])
        return
    rows: list[dict[str, Any]] = [
        {"settings": combination.chosen, **measures} for combination, measures in results
    ]
    print(json.dumps(rows, ensure_ascii=False), flush=True)


def _print_comparison(paths: tuple[Path, Path], as_json: bool) -> None:
    before, after = map(load_run, paths)
    comparison = compare(before.outcomes, after.outcomes)
    if as_json:
        print(json.dumps(comparison_to_json(comparison), ensure_ascii=False), flush=True)
    else:
        print_comparison(comparison, (str(paths[0]), str(paths[1])))
