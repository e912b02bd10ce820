"""What `yinju eval` does, from its options: ask or load, then print, save, compare, report, gate."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.config import read_config
from indexer.errors import YinjuError
from qa.evaluation.compare import compare, fallen, told_fall
from qa.evaluation.gold import read_golds, read_squad
from qa.evaluation.outcome import Outcome
from qa.evaluation.run import run
from qa.evaluation.saved_run import Run, load_run, save_run, write_text
from qa.evaluation.squad import model_name, run_squad, squad_index
from qa.evaluation.tables import comparison_object, print_comparison, print_measures, print_sweep
from qa.index import Index
from qa.settings import Combination, combinations

from .progress import counted, shown_progress

# Asks all questions with some settings.
Ask = Callable[[Combination], Run]


@dataclass(frozen=True, slots=True)
class Options:
    """The options of `yinju eval`, as the command line names them; `settings` are its --set."""

    gold: Path | None
    squad: Path | None
    questions: int | None
    index: Path | None
    model: str | None
    reranker: str | None
    settings: tuple[str, ...]
    compare: tuple[Path, Path] | None
    baseline: Path | None
    out: Path | None
    brief: bool
    report: Path | None
    as_json: bool


def evaluate(options: Options) -> list[str]:
    """Does what the options say and returns what a gate found to have fallen, a line each.

    Raises:
        YinjuError: the options do not go together, or something that they name cannot be used.
    """
    _check(options)
    if options.compare is not None:
        _compare(options.compare, options.as_json)
        return []
    # Read first: a baseline that cannot be read must not cost a whole run.
    baseline = load_run(options.baseline) if options.baseline is not None else None
    runs = _runs(options)
    if options.settings:
        _print_sweep(runs, options.as_json)
    elif options.as_json:
        print(json.dumps(runs[0][1].summary(), ensure_ascii=False), flush=True)
    else:
        print_measures(runs[0][1].summary(), runs[0][1].types)
    (_, made), *others = runs
    if options.out is not None and not others:
        save_run(options.out, made, options.brief)
    if options.report is not None:
        from qa.evaluation.report import report_page

        write_text(options.report, report_page(made))
    if baseline is None:
        return []
    worse, _ = fallen(made, baseline)
    return [f"{told_fall(one)}, below {options.baseline}" for one in worse]


def _check(options: Options) -> None:
    """Raises YinjuError where options do not go together; before anything is asked."""
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
    made = combinations(options.settings)
    if len(made) > 1 and (options.out or options.report or options.baseline):
        raise YinjuError("run.one_combination", found=len(made))
    if options.settings and _is_run(options.gold):
        raise YinjuError("run.settings_of_saved", path=options.gold)


def _is_run(path: Path | None) -> bool:
    return path is not None and path.suffix == ".json"


def _runs(options: Options) -> list[tuple[Combination, Run]]:
    """A run for each combination of settings; without --set there is one, the defaults."""
    made = combinations(options.settings)
    if options.gold is not None and _is_run(options.gold):
        return [(made[0], load_run(options.gold))]
    with _asking(options) as ask:
        return [(combination, ask(combination)) for combination in made]


@contextmanager
def _asking(options: Options) -> Iterator[Ask]:
    """Opens the index and gives what asks its questions."""
    config = read_config(options.index, options.model, options.reranker)
    if options.squad is None:
        assert options.gold is not None
        golds = read_golds(options.gold)
        opened = Index.open(config)

        def ask_golds(index: Index, on_done: Callable[[], None]) -> list[Outcome]:
            return run(index, golds, on_done)

        yield _ask_with(opened, "gold", str(options.gold), len(golds), ask_golds)
        return
    squad = read_squad(options.squad).drawn(options.questions)

    def ask_squad(index: Index, on_done: Callable[[], None]) -> list[Outcome]:
        return run_squad(index, squad, on_done)

    with ExitStack() as held:
        with shown_progress() as (on_progress, notify):
            place = squad_index(squad, config, options.index, on_progress, notify)
            opened = held.enter_context(place)
        yield _ask_with(opened, "squad", squad.name, len(squad.questions), ask_squad)


def _ask_with(
    opened: Index,
    kind: str,
    name: str,
    count: int,
    ask: Callable[[Index, Callable[[], None]], list[Outcome]],
) -> Ask:
    def asked(combination: Combination) -> Run:
        index = Index(opened.snapshot, opened.config, combination.settings)
        about = {
            "kind": kind,
            "questions": name,
            "model": model_name(index),
            "reranker": index.config.reranker,
            "settings": combination.chosen,
            "threshold": combination.settings.answer.threshold,
        }
        what = f"asking {combination.label}".strip()
        with counted(what, count) as on_done:
            return Run(about, tuple(ask(index, on_done)))

    return asked


def _print_sweep(runs: list[tuple[Combination, Run]], as_json: bool) -> None:
    results = [(combination, run.summary()) for combination, run in runs]
    if not as_json:
        print_sweep([(combination.label, measures) for combination, measures in results])
        return
    told: list[dict[str, Any]] = [
        {"settings": combination.chosen, **measures} for combination, measures in results
    ]
    print(json.dumps(told, ensure_ascii=False), flush=True)


def _compare(paths: tuple[Path, Path], as_json: bool) -> None:
    before, after = map(load_run, paths)
    comparison = compare(before.outcomes, after.outcomes)
    if as_json:
        print(json.dumps(comparison_object(comparison), ensure_ascii=False), flush=True)
    else:
        print_comparison(comparison, (str(paths[0]), str(paths[1])))
