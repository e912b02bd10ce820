"""Takes docs/*.png, a picture of each tab: python -m tests.browser.screenshot [FOLDER] [--dark] [--narrow].

The shipped reports are indexed anew, a question is asked and one of its quotations opened, a report
is opened, and the shipped gold questions are evaluated.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from indexer.build import build_index
from indexer.config import Config, read_config

from .serving import ROOT, find_chromium, launch, serving

QUESTION = "数字化转型的阻力集中在哪些环节？"
WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 420, "height": 860}


def ask(page: Page) -> None:
    """Asks, opens the second quotation and lets the pointer rest on the third mark."""
    page.get_by_role("textbox").first.fill(QUESTION)
    page.get_by_role("textbox").first.press("Enter")
    marks = page.locator(".turn .mark")
    marks.nth(1).click()
    expect(page.locator("#source mark")).to_have_text(
        page.locator(".turn q").nth(1).text_content() or ""
    )
    expect(page.locator("#source mark")).to_be_in_viewport()
    page.mouse.move(0, 0)


def open_report(page: Page) -> None:
    """Opens the report that most was cleaned of."""
    page.get_by_role("tab", name="报告").click()
    page.locator("#listed .report").last.click()
    expect(page.locator("#details [data-ask]")).not_to_have_count(0)
    page.mouse.move(0, 0)


def evaluate(page: Page) -> None:
    """Runs the gold questions about one report."""
    page.get_by_role("tab", name="评测").click()
    page.get_by_role("button", name="开始评测").click()
    frame = page.frame_locator("iframe.run")
    expect(frame.locator("table")).to_be_visible(timeout=120_000)
    page.mouse.move(0, 0)


TABS: dict[str, Callable[[Page], None]] = {
    "screenshot": ask,
    "reports": open_report,
    "evaluation": evaluate,
}


def take(address: str, folder: Path, *, dark: bool, narrow: bool) -> None:
    """Takes a picture of each tab."""
    with sync_playwright() as playwright, launch(playwright) as browser:
        page = browser.new_page(
            viewport=NARROW if narrow else WIDE, color_scheme="dark" if dark else "light"
        )
        page.goto(address)
        expect(page.locator(".welcome .example").first).to_be_visible(timeout=60_000)
        for name, prepare in TABS.items():
            prepare(page)
            file = folder / f"{name}.png"
            page.screenshot(path=file, animations="disabled", caret="hide")
            # 256 colours are plenty for text and make a third of the bytes.
            Image.open(file).convert("RGB").quantize(256).save(file, optimize=True)


def main() -> None:
    """Reads the arguments, serves the shipped reports and takes the picture."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "docs")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--narrow", action="store_true")
    options = parser.parse_args()
    if find_chromium() is None:
        parser.error("no Chromium on the PATH; install it with: apt-get install chromium")
    with TemporaryDirectory() as folder:
        config = Config(Path(folder) / "index", None, read_config().cache)
        build_index(config, [Path("corpus/reports")])
        with serving(config.index, Path(folder) / "log.txt") as address:
            take(address, options.folder, dark=options.dark, narrow=options.narrow)


if __name__ == "__main__":
    main()
