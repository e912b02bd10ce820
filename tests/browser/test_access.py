"""The page for everyone: axe-core finds nothing serious on any tab, light or dark, wide or narrow."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, expect

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def _findings(page: Page) -> list[str]:
    page.wait_for_timeout(300)  # colours fade in
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("tags => axe.run({runOnly: tags})", STANDARDS)["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 420])
def test_nothing_serious_on_any_tab(
    browser: Browser, address: str, scheme: str, width: int
) -> None:
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": width, "height": 860},
    )
    page = context.new_page()
    page.goto(address)
    box = page.locator("#box textarea")
    expect(page.locator("#conversation .example").first).to_be_visible()
    assert _findings(page) == []
    for question in ("2021年公共桩有多少万台？", "月球背面的昼夜温差是多少？"):
        box.fill(question)
        box.press("Enter")
    expect(page.locator(".turn .foot")).to_have_count(2)
    page.locator(".why summary").first.click()
    assert _findings(page) == []
    page.get_by_role("tab", name="报告").click()
    page.locator("#listed .report").first.click()
    expect(page.locator("#details .details")).to_be_visible()
    assert _findings(page) == []
    page.get_by_role("button", name="清洗记录").last.click()
    expect(page.locator("#details .trail")).to_be_visible()
    assert _findings(page) == []
    page.get_by_role("tab", name="评测").click()
    expect(page.get_by_role("button", name="开始评测")).to_be_visible()
    assert _findings(page) == []
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wide)
    context.close()
