"""The tab for questions beyond the answer itself: suggestions, what marks tell, refusals that help,
sizes, and what happens where the model or the server is not there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from indexer.build import build_index
from indexer.config import Config

from .conftest import Visitor
from .serving import ROOT, serving

pytestmark = pytest.mark.browser

LIST = "数字化转型的阻力集中在哪些环节？"
UNANSWERABLE = "美国的冷库容量有多大？"
CHARGING = "新能源汽车充电基础设施观察"
ELSEWHERE = "2018年银行在发放额里占多大比例？"


def test_every_suggestion_on_the_first_page_is_answered(visitor: Visitor) -> None:
    page = visitor.page
    examples = page.locator(".welcome .example")
    expect(examples).to_have_count(4)
    texts = examples.locator("span").all_text_contents()
    examples.first.click()
    expect(page.locator(".turn .mark").first).to_be_visible()
    for number in range(1, 4):
        page.get_by_role("button", name="清空").click()
        expect(examples).to_have_count(4)
        examples.nth(number).click()
        expect(page.locator(".turn .question")).to_have_text(texts[number])
        expect(page.locator(".turn .mark").first).to_be_visible()


def _choose(page: Page, title: str) -> None:
    page.locator("#scope input").fill(title)
    page.get_by_role("option", name=title).click()
    expect(page.locator("#scope .token")).to_have_count(1)


def test_the_suggestions_are_of_the_reports_that_are_chosen(visitor: Visitor) -> None:
    page = visitor.page
    expect(page.locator("#scope input")).to_have_attribute("placeholder", "全部报告")
    _choose(page, CHARGING)
    titles = page.locator(".welcome .example small")
    expect(titles).to_have_text([CHARGING] * 4)
    page.locator(".welcome .example").first.click()
    expect(page.locator(".turn .card").first).to_contain_text(CHARGING)


def test_a_mark_tells_what_it_cites(visitor: Visitor) -> None:
    turn = visitor.ask(LIST)
    quote = turn.locator("q").nth(2).text_content() or ""
    peek = visitor.page.locator(".peek")
    turn.locator(".mark").nth(2).hover()
    expect(peek).to_contain_text(quote)
    expect(peek).to_contain_text("四、現實挑戰")
    visitor.page.mouse.move(5, 5)
    expect(peek).to_have_count(0)
    turn.locator(".mark").nth(1).focus()
    expect(peek).to_contain_text("流程再造")
    visitor.page.keyboard.press("Escape")
    expect(peek).to_have_count(0)


def test_a_refusal_says_what_is_missing_and_what_to_ask(visitor: Visitor) -> None:
    turn = visitor.ask(UNANSWERABLE)
    expect(turn.locator(".lacked")).to_contain_text("美国")
    suggested = turn.locator(".example")
    expect(suggested.first).to_be_visible()
    question = suggested.first.locator("span").text_content() or ""
    suggested.first.click()
    after = visitor.page.locator(".turn").nth(1)
    expect(after.locator(".question")).to_have_text(question)
    expect(after.locator(".mark").first).to_be_visible()


def test_a_refused_question_is_asked_more_generously(visitor: Visitor) -> None:
    turn = visitor.ask(UNANSWERABLE)
    turn.get_by_role("button", name="放宽门槛再问").click()
    after = visitor.page.locator(".turn").nth(1)
    expect(after.locator(".mark").first).to_be_visible()
    expect(after.locator(".question")).to_have_text(UNANSWERABLE)


def test_a_question_to_one_report_goes_to_all_and_is_kept_so(visitor: Visitor) -> None:
    page = visitor.page
    _choose(page, CHARGING)
    turn = visitor.ask(ELSEWHERE)
    expect(turn.locator(".scope")).to_contain_text("ev-charging.md")
    expect(turn.locator(".refusal")).to_be_visible()
    turn.get_by_role("button", name="在全部报告里再问").click()
    after = page.locator(".turn").nth(1)
    expect(after.locator(".card").first).to_contain_text("互聯網消費金融發展研究報告")
    expect(after.locator(".scope")).to_have_count(0)
    page.reload()  # each is asked again of what it was asked of
    expect(page.locator(".turn").nth(1).locator(".mark").first).to_be_visible()
    expect(page.locator(".turn").nth(0).locator(".refusal")).to_be_visible()
    expect(page.locator(".turn").nth(0).locator(".scope")).to_contain_text("ev-charging.md")


def test_a_question_is_asked_again(visitor: Visitor) -> None:
    visitor.ask(LIST).get_by_role("button", name="再问一次").click()
    turns = visitor.page.locator(".turn")
    expect(turns).to_have_count(2)
    expect(turns.nth(1).locator("q")).to_have_count(5)


@pytest.mark.parametrize(
    "kept", ["7", '"x"', "{}", "[null, 1, {}]", "not json", '[{"question": "问", "key": 1}]']
)
def test_whatever_a_browser_keeps_the_page_comes_up(visitor: Visitor, kept: str) -> None:
    page = visitor.page
    page.evaluate("kept => localStorage.setItem('yinju.asked', kept)", kept)
    page.evaluate("localStorage.setItem('yinju.size', 'huge')")
    page.evaluate("localStorage.setItem('yinju.language', '\"]x')")
    page.reload()
    expect(page.locator(".welcome .example").first).to_be_visible()
    visitor.ask(LIST)


def _size(page: Page, selector: str) -> float:
    size: float = page.locator(selector).first.evaluate(
        "one => parseFloat(getComputedStyle(one).fontSize)"
    )
    return size


@pytest.mark.parametrize("width", [1280, 420])
def test_the_text_has_three_sizes_that_last(
    new_visitor: Callable[..., Visitor], address: str, width: int
) -> None:
    visitor = new_visitor(address, width=width)
    page = visitor.page
    visitor.ask(LIST)
    shown = (
        ".quotation q",
        "#source .text p",
        "#box textarea",
        "#tabs [role=tab]",
        "#strictness p",
    )
    normal = [_size(page, one) for one in shown]
    page.get_by_role("button", name="大", exact=True).click()
    large = [_size(page, one) for one in shown]
    assert all(a > b for a, b in zip(large, normal, strict=True))
    page.get_by_role("button", name="小", exact=True).click()
    assert all(_size(page, one) < b for one, b in zip(shown, normal, strict=True))
    page.get_by_role("button", name="大", exact=True).click()
    for tab in ("报告", "评测", "问答"):
        page.get_by_role("tab", name=tab).click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.reload()
    expect(page.locator(".turn .mark").first).to_be_visible()
    assert [_size(page, one) for one in shown] == large
    expect(page.get_by_role("button", name="大", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )


def test_while_the_model_is_prepared_a_question_waits_and_can_be_stopped(
    model_cache: Path,
    tmp_path: Path,
    new_visitor: Callable[..., Visitor],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = Config(tmp_path / "index", None, model_cache)
    build_index(config, [ROOT / "corpus/reports/ev-charging.md"])
    monkeypatch.setenv("YINJU_CACHE", str(tmp_path / "cache"))
    with serving(config.index, tmp_path / "log.txt") as address:
        page = new_visitor(address).page
        expect(page.locator(".welcome .preparing")).to_contain_text("正在准备模型")
        expect(page.locator(".welcome progress")).to_be_visible()
        box = page.locator("#box textarea")
        box.fill("2021年公共桩有多少万台？")
        box.press("Enter")
        turn = page.locator(".turn")
        expect(turn.locator(".pending")).to_contain_text("正在准备模型")
        turn.get_by_role("button", name="停止").click()
        expect(turn.locator(".refusal")).to_have_text("已停止，没有作答。")
        turn.get_by_role("button", name="重试").click()
        expect(page.locator(".turn").nth(1).locator(".pending")).to_be_visible()


def test_a_server_that_comes_back_answers_what_was_asked_meanwhile(
    model_cache: Path, tmp_path: Path, new_visitor: Callable[..., Visitor]
) -> None:
    config = Config(tmp_path / "index", None, model_cache)
    build_index(config, [ROOT / "corpus/reports/ev-charging.md"])
    with serving(config.index, tmp_path / "log.txt") as address:
        visitor = new_visitor(address)
        page = visitor.page
        visitor.ask("2021年公共桩有多少万台？")
    box = page.locator("#box textarea")
    box.fill("主要企业有哪些？")
    box.press("Enter")
    expect(page.locator(".offline")).to_contain_text("没有连上服务器")
    with serving(config.index, tmp_path / "log.txt", port=urlsplit(address).port):
        turns = page.locator(".turn")
        expect(turns).to_have_count(2, timeout=60_000)
        expect(turns.nth(0).locator(".mark").first).to_be_visible()
        expect(turns.nth(1).locator(".mark").first).to_be_visible()
        expect(page.locator(".offline")).to_have_count(0)
