"""What does the web page cost beside an empty one, and does it work with 1,000 reports?

Times are measured by the browser's clock. Loading: from the navigation to the first paint, and to the
first frame in which the question box takes typing and an example question can be clicked (in the
empty page: its text box takes typing). In the page: from the user's action to the frame that shows
its result. Runs of the two pages alternate, and the median of the ratios of neighbouring runs is
taken, since machines are shared.

    python -m tests.benchmarks.page [--runs 7] [--small]
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import gradio
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from rich.console import Console
from rich.table import Table

from indexer.build import build_index
from indexer.config import Config, read_config
from qa.cli.progress import show_count, show_progress
from qa.evaluation.gold import read_gold_questions
from qa.index import Index
from tests.browser.serving import ROOT, find_chromium, launch, running, serving

from .many_reports import write_reports
from .page_loads import (
    EMPTY_READY,
    OURS_READY,
    NetworkLog,
    PageLoad,
    load_page,
    start_stopwatch,
    wait_for_time,
)

VIEWPORT: Any = {"width": 1280, "height": 800}
# Reports of the large index.
MANY = 1000
QUESTIONS = 20

# Name of a figure -> its value; names end with the unit.
Figures = dict[str, float]


@dataclass(frozen=True)
class ServedIndex:
    """A page over an index, and what a visitor does there."""

    address: str
    """The address of the page."""
    reports: int
    """How many reports the index has."""
    filter_text: str
    """What the visitor types to filter the list of reports."""
    matching: int
    """How many reports the filter leaves."""
    question: str
    """What the visitor asks."""


def index_reports(folder: Path, paths: Sequence[Path]) -> Config:
    """Index reports in `folder` and return the configuration."""
    config = Config(folder, None, read_config().cache)
    with show_progress() as (on_progress, notify):
        build_index(config, paths, on_progress=on_progress, notify=notify)
    return config


@contextmanager
def new_visitor(browser: Browser) -> Iterator[BrowserContext]:
    """Yield a browser context with empty caches, as of a new visitor."""
    context = browser.new_context(viewport=VIEWPORT)
    try:
        yield context
    finally:
        context.close()


def round_figure(value: float) -> float:
    """Return a value below 100 with two digits after the point, any other as a whole number."""
    return round(value, 2) if value < 100 else round(value)


def compare_pairs(
    pairs: Sequence[tuple[Figures, Figures]], names: tuple[str, str]
) -> dict[str, Figures]:
    """Return for each figure the medians of both sides and of the ratios first / second.

    Args:
        pairs: the figures of two neighbouring runs.
        names: of both sides, in the result.
    """
    keys = list(dict.fromkeys(key for pair in pairs for figures in pair for key in figures))
    compared: dict[str, Figures] = {}
    for key in keys:
        first, second = ([pair[side].get(key, 0) for pair in pairs] for side in (0, 1))
        compared[key] = {
            names[0]: round_figure(statistics.median(first)),
            names[1]: round_figure(statistics.median(second)),
        }
        if all(second):
            ratios = [a / b for a, b in zip(first, second, strict=True)]
            compared[key]["ratio"] = round(statistics.median(ratios), 2)
    return compared


def load_twice(browser: Browser, address: str, ready: str) -> tuple[PageLoad, PageLoad]:
    """Load a page with an empty cache, then again with the cache of the first load."""
    with new_visitor(browser) as context:
        page, _, cold = load_page(context, address, ready)
        page.close()
        return cold, load_page(context, address, ready)[2]


def origin_of(path: str) -> str:
    """Return "data" for the answer to a call, "gradio" for a file of Gradio's front end, else "page"."""
    if path.startswith("/gradio_api/"):
        return "data"
    own = Path(gradio.__file__).parent / "templates/frontend" / path.removeprefix("/")
    return "gradio" if own.is_file() else "page"


def measure_loads(browser: Browser, ours: str, empty: str, runs: int) -> dict[str, Any]:
    """Compare loads of our page with loads of the empty page, with cold and warm caches."""
    # Once before it counts, so that the files are in the disk cache.
    load_twice(browser, ours, OURS_READY)
    load_twice(browser, empty, EMPTY_READY)
    rounds = []
    with show_count("loading pages", runs) as done:
        for _ in range(runs):
            own = load_twice(browser, ours, OURS_READY)
            rounds.append((own, load_twice(browser, empty, EMPTY_READY)))
            done()
    result: dict[str, Any] = {}
    for cache, name in enumerate(("cold", "warm")):
        pairs = [(own[cache].figures(), bare[cache].figures()) for own, bare in rounds]
        result[name] = compare_pairs(pairs, ("ours", "empty"))
    own, bare = rounds[-1]
    shared = {file.path for file in bare[0].files}
    only_ours = [file for file in own[0].files if file.path not in shared]
    result["only_ours"] = [{**asdict(file), "from": origin_of(file.path)} for file in only_ours]
    for kind in ("gradio", "page", "data"):
        result[f"only_ours_from_{kind}_bytes"] = sum(
            file.decoded for file in only_ours if origin_of(file.path) == kind
        )
    return result


def ask_on_page(page: Page, question: str) -> float:
    """Send a question with Enter; return the ms until its answer is on the page."""
    turns = page.locator(".turn").count() + 1
    page.locator("#box textarea").fill(question)
    start_stopwatch(
        page,
        f"document.querySelectorAll('.turn').length === {turns}"
        " && document.querySelector('.turn:last-child :is(.foot, .refusal)')",
    )
    page.keyboard.press("Enter")
    return wait_for_time(page)


def clear_conversation(page: Page) -> None:
    """Start a new conversation and wait until it is empty."""
    page.locator("#clear").click()
    page.wait_for_function("!document.querySelector('.turn') && document.querySelector('.welcome')")


def choose_questions() -> list[str]:
    """Return gold questions that are no follow-ups, from all files."""
    alone = [
        gold.question for gold in read_gold_questions(ROOT / "corpus/gold") if not gold.history
    ]
    return alone[:: len(alone) // QUESTIONS][:QUESTIONS]


def measure_questions(browser: Browser, address: str, index: Index) -> dict[str, Any]:
    """Compare the time of each question on the page with that of the same question in this process.

    On the page each question has a conversation of its own; then all are asked in one conversation,
    which grows.
    """
    index.ask("引据")
    with new_visitor(browser) as context, show_count("asking", 2 * QUESTIONS) as done:
        page, _, _ = load_page(context, address, OURS_READY)
        ask_on_page(page, "引据")
        pairs: list[tuple[Figures, Figures]] = []
        for question in choose_questions():
            clear_conversation(page)
            on_page = ask_on_page(page, question)
            began = time.perf_counter()
            index.ask(question)
            pairs.append(({"ms": on_page}, {"ms": 1000 * (time.perf_counter() - began)}))
            done()
        clear_conversation(page)
        growing = []
        for question in choose_questions():
            growing.append(ask_on_page(page, question))
            done()
    return {
        **compare_pairs(pairs, ("page", "ask")),
        "last_five_of_one_conversation_ms": round(statistics.median(growing[-5:])),
    }


def measure_action(page: Page, log: NetworkLog, until: str, act: Any, name: str) -> Figures:
    """Do something on the page; return the ms until the page shows it and the bytes received for it.

    Args:
        until: a JavaScript expression that holds when the page shows it.
        act: does it.
        name: the beginning of the figures' names.
    """
    log.settle(page)
    before = log.received_bytes()
    start_stopwatch(page, until)
    act()
    figures = {f"{name}_ms": wait_for_time(page)}
    log.settle(page)
    return {**figures, f"{name}_bytes": log.received_bytes() - before}


def measure_visit(browser: Browser, served: ServedIndex) -> Figures:
    """Visit the page over an index: load it, look for a report, ask about it."""
    with new_visitor(browser) as context:
        page, log, loaded = load_page(context, served.address, OURS_READY)
        figures = {
            "first_paint_ms": loaded.paint,
            "interactive_ms": loaded.interactive,
            "load_bytes": loaded.figures()["all_bytes_decoded"],
            "elements_at_first": page.evaluate("document.querySelectorAll('*').length"),
        }
        listed = "document.querySelectorAll('#listed li[data-find]:not([hidden])')"
        seen = f"{listed}[0]?.checkVisibility()"
        figures |= measure_action(
            page,
            log,
            f"{seen} && {listed}.length === {served.reports}",
            page.get_by_role("tab", name="报告").click,
            "open_list",
        )
        figures["list_bytes"] = page.evaluate(
            "new Blob([document.querySelector('#listed').innerHTML]).size"
        )
        figures["elements_with_list"] = page.evaluate("document.querySelectorAll('*').length")
        figures |= measure_action(
            page,
            log,
            f"{listed}.length === {served.matching}",
            lambda: page.locator("#listed .filter").fill(served.filter_text),
            "filter",
        )
        figures |= measure_action(
            page,
            log,
            "document.querySelector('#details .details')",
            page.locator("#listed .report:visible").first.click,
            "open_details",
        )
        page.get_by_role("tab", name="问答").click()
        figures |= measure_action(
            page,
            log,
            "document.querySelector('#scope [role=option]')",
            page.get_by_role("combobox").click,
            "open_scope",
        )
        page.keyboard.press("Escape")
        log.settle(page)
        ask_on_page(page, "引据")
        clear_conversation(page)
        return {**figures, "question_ms": ask_on_page(page, served.question)}


def measure_many(browser: Browser, small: str, work: Path, runs: int) -> dict[str, Any]:
    """Compare a visit to 1,000 reports with one to the few that ship.

    Args:
        small: the address of the page over the few.
    """
    written = write_reports(work / "reports", MANY)
    config = index_reports(work / "many", [work / "reports"])
    industry = written[0].name.partition("-")[0]
    matching = sum(industry in report.name for report in written)
    with serving(config.index, work / "many.txt") as address:
        large = ServedIndex(address, MANY, industry, matching, written[0].question)
        few = ServedIndex(small, 3, "cold-chain", 1, "2021年公共桩有多少万台？")
        for served in (large, few):
            measure_visit(browser, served)  # once before it counts: the servers load their models
        pairs = []
        with show_count(f"visiting {MANY} reports", runs) as done:
            for _ in range(runs):
                pairs.append((measure_visit(browser, large), measure_visit(browser, few)))
                done()
    return compare_pairs(pairs, (f"{MANY} reports", "3 reports"))


def print_table(
    console: Console, title: str, compared: dict[str, Figures], names: Sequence[str]
) -> None:
    """Print a table with a row for each figure."""
    table = Table(title=title, title_justify="left")
    for name in ("", *names, "ratio"):
        table.add_column(name, justify="right" if name else "left", overflow="fold")
    for key, row in compared.items():
        table.add_row(key, *(f"{row[n]:,}" if n in row else "" for n in (*names, "ratio")))
    console.print(table)


def print_tables(result: dict[str, Any]) -> None:
    """Print the result as tables."""
    console = Console()
    for name in ("cold", "warm"):
        print_table(console, f"loading, {name} cache", result["load"][name], ("ours", "empty"))
    files = Table(title="what ours loads and the empty page does not", title_justify="left")
    for column in ("path", "kind", "transferred", "decoded", "from"):
        files.add_column(column, overflow="fold")
    for file in result["load"]["only_ours"]:
        files.add_row(*(str(value) for value in file.values()))
    console.print(files)
    asking = {key: value for key, value in result["question"].items() if isinstance(value, dict)}
    print_table(console, f"median of {QUESTIONS} questions", asking, ("page", "ask"))
    growing = result["question"]["last_five_of_one_conversation_ms"]
    console.print(f"the last five of {QUESTIONS} in one conversation: {growing} ms")
    if "many" in result:
        names = (f"{MANY} reports", "3 reports")
        print_table(console, f"{MANY} reports beside 3", result["many"], names)


def main() -> None:
    """Measure, write the JSON file, print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--runs", type=int, default=7, help="repetitions of each load and visit")
    parser.add_argument("--small", action="store_true", help=f"leave the {MANY} reports out")
    args = parser.parse_args()
    if find_chromium() is None:
        parser.error("no Chromium on the PATH; install it with: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        work = Path(folder)
        config = index_reports(work / "small", [ROOT / "corpus/reports"])
        ours = stack.enter_context(serving(config.index, work / "ours.txt"))
        bare = [sys.executable, str(ROOT / "tests/benchmarks/empty_page.py")]
        empty = stack.enter_context(running(bare, work / "empty.txt"))
        browser = stack.enter_context(launch(stack.enter_context(sync_playwright())))
        result = {
            "runs": args.runs,
            "load": measure_loads(browser, ours, empty, args.runs),
            "question": measure_questions(browser, ours, Index.open(config)),
        }
        if not args.small:
            result["many"] = measure_many(browser, ours, work, args.runs)
    path = ROOT / "tests/benchmarks/results/page.json"
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print_tables(result)


if __name__ == "__main__":
    main()
