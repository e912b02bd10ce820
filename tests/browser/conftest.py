"""One server and one Chromium for all browser tests; each test has a context of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    expect,
    sync_playwright,
)

from indexer.build import build_index
from indexer.config import Config

from .serving import HOST, ROOT, find_chromium, launch, serving

# A report that attacks its readers, on a subject that no other report has.
HOSTILE = """星槎灯塔维护纪要

一、灯塔守则
星槎灯塔的守塔人口令是<img src=x onerror="window.hacked=1">与<script>window.hacked=1</script>。

二、灯塔备件
星槎灯塔的备件写作[点我](javascript:window.hacked=1)和${window.hacked=1}{{constructor}}。
"""


# Playwright's own 5 s is short for a first answer on a machine that does other work as well.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, or a skip that says how to get it."""
    if find_chromium() is None:
        pytest.skip("no Chromium on the PATH; install it with: apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def address(
    browser: Browser, model_cache: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The page over the shipped reports and the hostile one."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "hostile.txt").write_text(HOSTILE, encoding="utf-8")
    config = Config(folder / "index", None, model_cache)
    build_index(config, [ROOT / "corpus" / "reports", folder / "hostile.txt"])
    with serving(config.index, folder / "log.txt") as served:
        yield served


@dataclass
class Visitor:
    """A person at the page; `hosts` and `errors` are what the browser saw meanwhile."""

    page: Page
    hosts: set[str | None] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)

    def ask(self, question: str) -> Locator:
        """Types a question, sends it with Enter and waits for the turn with its answer."""
        turns = self.page.locator(".turn")
        before = turns.count()
        box = self.page.locator("#box textarea")
        box.fill(question)
        box.press("Enter")
        turn = turns.nth(before)
        expect(turn.locator(".foot, .refusal")).not_to_have_count(0)
        return turn

    def source(self) -> Locator:
        """The panel of sources."""
        return self.page.locator("#source")

    def expect_lit(self, quote: str) -> None:
        """The panel shows the quotation, whole and in sight."""
        mark = self.source().locator("mark")
        expect(mark).to_have_text(quote)
        expect(mark).to_be_in_viewport()

    def expect_unharmed(self) -> None:
        """No markup has become part of the page, and none has run."""
        for name in ("img", "script", "iframe", 'a:not([href="#source"])'):
            expect(self.page.locator(f"#conversation {name}, #source {name}")).to_have_count(0)
        assert self.page.evaluate("window.hacked") is None


@pytest.fixture
def new_visitor(browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """Opens the page in a new context, as another person would."""
    contexts: list[BrowserContext] = []
    visitors: list[Visitor] = []

    def open_page(address: str, width: int = 1280, height: int = 800) -> Visitor:
        contexts.append(browser.new_context(viewport={"width": width, "height": height}))
        visitor = Visitor(contexts[-1].new_page())
        visitors.append(visitor)
        visitor.page.on("request", lambda request: _note(visitor.hosts, request.url))
        visitor.page.on("pageerror", lambda error: visitor.errors.append(str(error)))
        visitor.page.on("console", lambda said: _script_error(visitor.errors, said))
        visitor.page.goto(address)
        expect(visitor.page.locator("#box textarea")).to_be_editable()
        # The conversation's script, which sends the questions, may come a moment later.
        expect(visitor.page.locator("#conversation [tabindex]")).to_be_visible()
        return visitor

    yield open_page
    for context in contexts:
        context.close()
    for visitor in visitors:
        assert visitor.hosts <= {HOST}
        assert not visitor.errors


def _script_error(errors: list[str], said: ConsoleMessage) -> None:
    """Gradio only logs what is wrong with a component's script."""
    if said.type == "error" and "js_on_load" in said.text:
        errors.append(said.text)


def _note(hosts: set[str | None], url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("data", "blob"):
        hosts.add(parts.hostname)


@pytest.fixture
def visitor(new_visitor: Callable[..., Visitor], address: str) -> Visitor:
    """A person at the page."""
    return new_visitor(address)
