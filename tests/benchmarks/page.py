"""What does the web page cost beside an empty one, and does it bear 1,000 reports?

Times are the browser's own: from the navigation to the first paint, and to the first frame in which
the question box takes typing and an example question can be clicked (in the empty page: its text box
takes typing); in the page, from what the user does to the frame that shows what came of it. Runs
alternate, and the median of the ratios of neighbours is taken, since machines are shared.

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
from .page_loads import EMPTY_READY, OURS_READY, Loaded, Wire, load, start_watch, took

VIEW: Any = {"width": 1280, "height": 800}
MANY = 1000
QUESTIONS = 20

Figures = dict[str, float]


@dataclass(frozen=True)
class Shelf:
    """What a user of an index looks for: `sought` leaves `found` reports in the list."""

    address: str
    reports: int
    sought: str
    found: int
    question: str


def indexed(folder: Path, paths: Sequence[Path]) -> Config:
    """An index of reports."""
    config = Config(folder, None, read_config().cache)
    with show_progress() as (on_progress, notify):
        build_index(config, paths, on_progress=on_progress, notify=notify)
    return config


@contextmanager
def visiting(browser: Browser) -> Iterator[BrowserContext]:
    """Another person's browser, with nothing kept from before."""
    context = browser.new_context(viewport=VIEW)
    try:
        yield context
    finally:
        context.close()


def rounded(value: float) -> float:
    """Two digits behind the point for a ratio, whole numbers for ms and bytes."""
    return round(value, 2) if value < 100 else round(value)


def beside(pairs: Sequence[tuple[Figures, Figures]], names: tuple[str, str]) -> dict[str, Figures]:
    """The median of each figure on both sides, and of the ratios of neighbours.

    The first of `names` is over the second.
    """
    keys = list(dict.fromkeys(key for pair in pairs for one in pair for key in one))
    told: dict[str, Figures] = {}
    for key in keys:
        first, second = ([pair[side].get(key, 0) for pair in pairs] for side in (0, 1))
        told[key] = {
            names[0]: rounded(statistics.median(first)),
            names[1]: rounded(statistics.median(second)),
        }
        if all(second):
            ratios = [a / b for a, b in zip(first, second, strict=True)]
            told[key]["ratio"] = round(statistics.median(ratios), 2)
    return told


def both_loads(browser: Browser, address: str, ready: str) -> tuple[Loaded, Loaded]:
    """A page with an empty cache, and again with what the first load left there."""
    with visiting(browser) as context:
        page, _, cold = load(context, address, ready)
        page.close()
        return cold, load(context, address, ready)[2]


def origin(path: str) -> str:
    """Whose a file is: a part of Gradio's own front end, an answer to a call, or the page's."""
    if path.startswith("/gradio_api/"):
        return "data"
    own = Path(gradio.__file__).parent / "templates/frontend" / path.removeprefix("/")
    return "gradio" if own.is_file() else "page"


def loads(browser: Browser, ours: str, empty: str, runs: int) -> dict[str, Any]:
    """Loads of ours beside loads of the empty page, cold and warm."""
    both_loads(browser, ours, OURS_READY), both_loads(browser, empty, EMPTY_READY)  # warms the disk
    rounds = []
    with show_count("loading pages", runs) as done:
        for _ in range(runs):
            own = both_loads(browser, ours, OURS_READY)
            rounds.append((own, both_loads(browser, empty, EMPTY_READY)))
            done()
    told: dict[str, Any] = {}
    for at, name in enumerate(("cold", "warm")):
        pairs = [(own[at].figures(), bare[at].figures()) for own, bare in rounds]
        told[name] = beside(pairs, ("ours", "empty"))
    own, bare = rounds[-1]
    there = {file.path for file in bare[0].files}
    only_ours = [file for file in own[0].files if file.path not in there]
    told["only_ours"] = [{**asdict(file), "from": origin(file.path)} for file in only_ours]
    for kind in ("gradio", "page", "data"):
        told[f"only_ours_from_{kind}_bytes"] = sum(
            file.decoded for file in only_ours if origin(file.path) == kind
        )
    return told


def asked(page: Page, question: str) -> float:
    """Sends a question with Enter; ms until its answer is on the page."""
    turns = page.locator(".turn").count() + 1
    page.locator("#box textarea").fill(question)
    start_watch(
        page,
        f"document.querySelectorAll('.turn').length === {turns}"
        " && document.querySelector('.turn:last-child :is(.foot, .refusal)')",
    )
    page.keyboard.press("Enter")
    return took(page)


def clear(page: Page) -> None:
    page.locator("#clear").click()
    page.wait_for_function("!document.querySelector('.turn') && document.querySelector('.welcome')")


def gold_questions() -> list[str]:
    """Some of the gold questions that stand alone, from all files."""
    alone = [
        gold.question for gold in read_gold_questions(ROOT / "corpus/gold") if not gold.history
    ]
    return alone[:: len(alone) // QUESTIONS][:QUESTIONS]


def questions(browser: Browser, address: str, index: Index) -> dict[str, Any]:
    """Each question on the page, in a conversation of its own, beside the same in this process;
    then all in one conversation, which grows."""
    index.ask("引据")
    with visiting(browser) as context, show_count("asking", 2 * QUESTIONS) as done:
        page, _, _ = load(context, address, OURS_READY)
        asked(page, "引据")
        pairs: list[tuple[Figures, Figures]] = []
        for question in gold_questions():
            clear(page)
            on_page = asked(page, question)
            began = time.perf_counter()
            index.ask(question)
            pairs.append(({"ms": on_page}, {"ms": 1000 * (time.perf_counter() - began)}))
            done()
        clear(page)
        growing = []
        for question in gold_questions():
            growing.append(asked(page, question))
            done()
    return {
        **beside(pairs, ("page", "ask")),
        "last_five_of_one_conversation_ms": round(statistics.median(growing[-5:])),
    }


def measured(page: Page, wire: Wire, until: str, act: Any, name: str) -> Figures:
    """Does something; ms until the page shows it, and bytes that came for it."""
    wire.settle(page)
    before = wire.received()
    start_watch(page, until)
    act()
    figures = {f"{name}_ms": took(page)}
    wire.settle(page)
    return {**figures, f"{name}_bytes": wire.received() - before}


def steps(browser: Browser, shelf: Shelf) -> Figures:
    """A visit to the page over an index: loads it, looks for a report, asks of it."""
    with visiting(browser) as context:
        page, wire, loaded = load(context, shelf.address, OURS_READY)
        figures = {
            "first_paint_ms": loaded.paint,
            "interactive_ms": loaded.interactive,
            "load_bytes": loaded.figures()["all_bytes_decoded"],
            "elements_at_first": page.evaluate("document.querySelectorAll('*').length"),
        }
        listed = "document.querySelectorAll('#listed li[data-find]:not([hidden])')"
        seen = f"{listed}[0]?.checkVisibility()"
        figures |= measured(
            page,
            wire,
            f"{seen} && {listed}.length === {shelf.reports}",
            page.get_by_role("tab", name="报告").click,
            "open_list",
        )
        figures["list_bytes"] = page.evaluate(
            "new Blob([document.querySelector('#listed').innerHTML]).size"
        )
        figures["elements_with_list"] = page.evaluate("document.querySelectorAll('*').length")
        figures |= measured(
            page,
            wire,
            f"{listed}.length === {shelf.found}",
            lambda: page.locator("#listed .filter").fill(shelf.sought),
            "filter",
        )
        figures |= measured(
            page,
            wire,
            "document.querySelector('#details .details')",
            page.locator("#listed .report:visible").first.click,
            "open_details",
        )
        page.get_by_role("tab", name="问答").click()
        figures |= measured(
            page,
            wire,
            "document.querySelector('#scope [role=option]')",
            page.get_by_role("combobox").click,
            "open_scope",
        )
        page.keyboard.press("Escape")
        wire.settle(page)
        asked(page, "引据")
        clear(page)
        return {**figures, "question_ms": asked(page, shelf.question)}


def many(browser: Browser, small: str, work: Path, runs: int) -> dict[str, Any]:
    """A visit to 1,000 reports beside one to the few that ship."""
    written = write_reports(work / "reports", MANY)
    config = indexed(work / "many", [work / "reports"])
    word = written[0].name.partition("-")[0]
    found = sum(word in report.name for report in written)
    with serving(config.index, work / "many.txt") as address:
        shelves = (
            Shelf(address, MANY, word, found, written[0].question),
            Shelf(small, 3, "cold-chain", 1, "2021年公共桩有多少万台？"),
        )
        for shelf in shelves:
            steps(browser, shelf)  # warms the servers
        pairs = []
        with show_count(f"visiting {MANY} reports", runs) as done:
            for _ in range(runs):
                pairs.append((steps(browser, shelves[0]), steps(browser, shelves[1])))
                done()
    return beside(pairs, (f"{MANY} reports", "3 reports"))


def show(console: Console, title: str, told: dict[str, Figures], names: Sequence[str]) -> None:
    """A table with a row for each figure."""
    table = Table(title=title, title_justify="left")
    for name in ("", *names, "ratio"):
        table.add_column(name, justify="right" if name else "left", overflow="fold")
    for key, row in told.items():
        table.add_row(key, *(f"{row[n]:,}" if n in row else "" for n in (*names, "ratio")))
    console.print(table)


def show_all(result: dict[str, Any]) -> None:
    """The result as tables."""
    console = Console()
    for name in ("cold", "warm"):
        show(console, f"loading, {name} cache", result["load"][name], ("ours", "empty"))
    files = Table(title="what ours loads and the empty page does not", title_justify="left")
    for column in ("path", "kind", "transferred", "decoded", "from"):
        files.add_column(column, overflow="fold")
    for file in result["load"]["only_ours"]:
        files.add_row(*(str(value) for value in file.values()))
    console.print(files)
    asking = {key: value for key, value in result["question"].items() if isinstance(value, dict)}
    show(console, f"median of {QUESTIONS} questions", asking, ("page", "ask"))
    growing = result["question"]["last_five_of_one_conversation_ms"]
    console.print(f"the last five of {QUESTIONS} in one conversation: {growing} ms")
    if "many" in result:
        names = (f"{MANY} reports", "3 reports")
        show(console, f"{MANY} reports beside 3", result["many"], names)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--runs", type=int, default=7, help="repetitions of each load and visit")
    parser.add_argument("--small", action="store_true", help=f"leave the {MANY} reports out")
    args = parser.parse_args()
    if find_chromium() is None:
        parser.error("no Chromium on the PATH; install it with: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        work = Path(folder)
        config = indexed(work / "small", [ROOT / "corpus/reports"])
        ours = stack.enter_context(serving(config.index, work / "ours.txt"))
        bare = [sys.executable, str(ROOT / "tests/benchmarks/empty_page.py")]
        empty = stack.enter_context(running(bare, work / "empty.txt"))
        browser = stack.enter_context(launch(stack.enter_context(sync_playwright())))
        result = {
            "runs": args.runs,
            "load": loads(browser, ours, empty, args.runs),
            "question": questions(browser, ours, Index.open(config)),
        }
        if not args.small:
            result["many"] = many(browser, ours, work, args.runs)
    path = ROOT / "tests/benchmarks/results/page.json"
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    show_all(result)


if __name__ == "__main__":
    main()
