"""Takes docs/screenshot.png: python -m tests.browser.screenshot [FILE] [--dark] [--narrow].

The shipped reports are indexed anew, a question is asked and one of its quotations opened.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import expect, sync_playwright

from indexer.build import build_index
from indexer.config import Config, read_config

from .serving import ROOT, find_chromium, launch, serving

QUESTION = "数字化转型的阻力集中在哪些环节？"
WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 420, "height": 860}


def take(address: str, file: Path, *, dark: bool, narrow: bool) -> None:
    """Asks, opens the second quotation and takes the picture."""
    with sync_playwright() as playwright, launch(playwright) as browser:
        page = browser.new_page(
            viewport=NARROW if narrow else WIDE, color_scheme="dark" if dark else "light"
        )
        page.goto(address)
        page.get_by_role("textbox").fill(QUESTION)
        page.get_by_role("textbox").press("Enter")
        marks = page.locator(".turn .mark")
        marks.nth(1).click()
        expect(page.locator("#source mark")).to_have_text(
            page.locator(".turn q").nth(1).text_content() or ""
        )
        expect(page.locator("#source mark")).to_be_in_viewport()
        page.mouse.move(0, 0)
        page.screenshot(path=file, animations="disabled", caret="hide")
    # 256 colours are plenty for text and make a third of the bytes.
    Image.open(file).convert("RGB").quantize(256).save(file, optimize=True)


def main() -> None:
    """Reads the arguments, serves the shipped reports and takes the picture."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", nargs="?", type=Path, default=ROOT / "docs" / "screenshot.png")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--narrow", action="store_true")
    options = parser.parse_args()
    if find_chromium() is None:
        parser.error("no Chromium on the PATH; install it with: apt-get install chromium")
    with TemporaryDirectory() as folder:
        config = Config(Path(folder) / "index", None, read_config().cache)
        build_index(config, [Path("corpus/reports")])
        with serving(config.index, Path(folder) / "log.txt") as address:
            take(address, options.file, dark=options.dark, narrow=options.narrow)


if __name__ == "__main__":
    main()
