"""The tab of evaluation, and answers judged in the chat."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from indexer.build import build_index
from indexer.config import Config
from qa.evaluation.outcome import Outcome
from qa.evaluation.saved_run import Run, save_run

from .conftest import Visitor
from .serving import ROOT, serving
from .test_access import _findings

GOLD = [
    {
        "id": "a1",
        "type": "fact",
        "question": "2021年公共桩有多少万台？",
        "answerable": True,
        "evidence": ["114"],
    },
    {
        "id": "a2",
        "type": "fact",
        "question": "国庆期间服务区排队最长多久？",
        "answerable": True,
        "evidence": ["无此证据"],
    },
    {
        "id": "u1",
        "type": "unanswerable",
        "question": "月球背面的昼夜温差是多少？",
        "answerable": False,
        "evidence": [],
    },
]


@pytest.fixture(scope="module")
def folder(model_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of one shipped report."""
    config = Config(tmp_path_factory.mktemp("evaluation") / "index", None, model_cache)
    build_index(config, [ROOT / "corpus/reports/ev-charging.md"])
    return config.index


@pytest.fixture(scope="module")
def served(folder: Path, browser: object) -> Iterator[str]:
    with serving(folder, folder.parent / "log.txt") as address:
        yield address


def _keep(folder: Path, name: str, right: bool) -> None:
    """Keeps a run of one question, as if it had been made at the time that its name says."""
    asked = Outcome(
        id="a1",
        type="fact",
        question="公共桩有多少？",
        answerable=True,
        abstained=False,
        confidence=0.8,
        recall=float(right),
        scores={"evidence_recall": float(right), "loss": 1.0 - right},
        evidence=("证据",),
    )
    about = {"kind": "gold", "questions": "题集", "model": "default", "threshold": 0.5}
    (folder / "runs").mkdir(exist_ok=True)
    save_run(folder / f"runs/{name}.json", Run(about, (asked,)))


@pytest.fixture
def kept(folder: Path) -> Iterator[Path]:
    """Two runs and no other."""
    for run in (folder / "runs").glob("*.json"):
        run.unlink()
    _keep(folder, "20260101-080000-旧", True)
    _keep(folder, "20260102-090000-新", False)
    yield folder
    for run in (folder / "runs").glob("*.json"):
        run.unlink()


def _choose(page: Page, label: str, option: str) -> None:
    page.get_by_label(label, exact=True).click()
    page.get_by_role("option", name=option).first.click()


def test_a_gold_set_is_sent_run_looked_at_and_compared(
    served: str, new_visitor: Callable[..., Visitor], tmp_path: Path
) -> None:
    page = new_visitor(served, 1400, 900).page
    page.get_by_role("tab", name="评测").click()
    expect(page.locator("#result")).to_contain_text("题集是一份已知答案的问题")
    file = tmp_path / "小题集.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in GOLD), encoding="utf-8")
    page.locator("#choosing input[type=file]").set_input_files(str(file))
    expect(page.get_by_label("题集", exact=True)).to_have_value("小题集")
    for _ in range(2):
        page.get_by_role("button", name="开始评测").click()
        expect(page.locator("#trial .job.done")).to_be_visible()
        page.wait_for_timeout(1100)  # runs are named by the second
    frame = page.frame_locator("#result iframe")
    expect(frame.locator("table").first).to_contain_text("证据引到率")
    expect(frame.locator("svg").first).to_be_visible()
    expect(frame.locator("details", has_text="国庆期间").first).to_be_attached()
    _choose(page, "与之比较", "小题集")
    expect(page.locator("#result table")).to_contain_text("证据引到率")
    expect(page.locator("#result")).to_contain_text("在误差之内")


def test_the_newest_run_is_shown_as_the_tab_opens(
    served: str, kept: Path, new_visitor: Callable[..., Visitor]
) -> None:
    page = new_visitor(served).page
    page.get_by_role("tab", name="评测").click()
    chosen = page.get_by_label("评测结果", exact=True)
    expect(chosen).to_have_value("2026-01-02 09:00:00 · 新")
    frame = page.frame_locator("#result iframe")
    expect(frame.get_by_role("heading", name="评测：题集")).to_be_visible()
    expect(frame.get_by_text("没有引到证据：1")).to_be_attached()
    # What is chosen stays so when another tab was open meanwhile.
    _choose(page, "评测结果", "旧")
    expect(frame.get_by_text("没有引到证据：0")).to_be_attached()
    page.get_by_role("tab", name="报告").click()
    page.get_by_role("tab", name="评测").click()
    page.wait_for_timeout(800)
    expect(chosen).to_have_value("2026-01-01 08:00:00 · 旧")
    expect(frame.get_by_text("没有引到证据：0")).to_be_attached()


def test_a_run_and_a_comparison_follow_the_language(
    served: str, kept: Path, new_visitor: Callable[..., Visitor]
) -> None:
    page = new_visitor(served).page
    page.get_by_role("tab", name="评测").click()
    frame = page.frame_locator("#result iframe")
    expect(frame.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.locator("#language").get_by_text("English").click()
    expect(frame.locator("html")).to_have_attribute("lang", "en")
    expect(frame.get_by_text("Evidence not cited: 1")).to_be_attached()
    expect(page.get_by_label("Compare with", exact=True)).to_have_value("no comparison")
    _choose(page, "Compare with", "旧")
    expect(page.locator("#result .flipped")).to_contain_text("cited → not cited")
    page.locator("#language").get_by_text("中文").click()
    expect(page.locator("#result .flipped")).to_contain_text("引到证据 → 没有引到证据")
    _choose(page, "与之比较", "不比较")
    expect(frame.get_by_role("heading", name="评测：题集")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_report_is_as_dark_as_the_page(
    served: str, kept: Path, browser: Browser, theme: str
) -> None:
    # Playwright's own colour scheme would reach into the frame; a user's does not.
    context = browser.new_context(color_scheme="null")
    page = context.new_page()
    page.goto(f"{served}?__theme={theme}")
    expect(page.locator("#conversation [tabindex]")).to_be_visible()
    page.get_by_role("tab", name="评测").click()
    report = page.frame_locator("#result iframe").locator("body")
    ground = "getComputedStyle(document.body).backgroundColor"
    expect(report).to_be_visible()
    light = "rgb(255, 255, 255)"
    assert (report.evaluate(f"() => {ground}") == light) == (theme == "light")
    page.evaluate("document.body.classList.toggle('dark')")
    page.wait_for_timeout(300)
    assert (report.evaluate(f"() => {ground}") == light) == (theme == "dark")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 420])
def test_nothing_serious_with_a_comparison(
    served: str, kept: Path, browser: Browser, scheme: str, width: int
) -> None:
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": width, "height": 860},
    )
    page = context.new_page()
    page.goto(served)
    expect(page.locator("#conversation [tabindex]")).to_be_visible()
    page.get_by_role("tab", name="评测").click()
    expect(page.frame_locator("#result iframe").locator("table")).to_be_visible()
    assert _findings(page) == []
    _choose(page, "与之比较", "旧")
    expect(page.locator("#result table")).to_be_visible()
    assert _findings(page) == []
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wide)
    context.close()


def test_a_set_that_is_none_is_refused_in_words(
    served: str, new_visitor: Callable[..., Visitor], tmp_path: Path
) -> None:
    page = new_visitor(served).page
    page.get_by_role("tab", name="评测").click()
    file = tmp_path / "坏.jsonl"
    file.write_text('{"question": "<img src=x onerror=window.hacked=1>"}\n', encoding="utf-8")
    page.locator("#choosing input[type=file]").set_input_files(str(file))
    alert = page.locator("#trial [role=alert]")
    expect(alert).to_contain_text("坏.jsonl")
    expect(alert).to_contain_text("不是题集里的题")
    expect(alert).not_to_contain_text("/tmp")  # a folder that its sender never saw
    assert page.evaluate("window.hacked") is None


def test_answers_are_judged_and_made_gold_questions(
    served: str, folder: Path, new_visitor: Callable[..., Visitor]
) -> None:
    visitor = new_visitor(served)
    turn = visitor.ask("2021年公共桩有多少万台？")
    turn.get_by_role("button", name="记入题集").click()
    expect(turn.locator(".judging")).to_contain_text("已记入题集 chat")
    turn = visitor.ask("月球背面的昼夜温差是多少？")
    turn.locator(".judging summary").click()
    turn.locator(".judging input").fill("<b>应当回答</b>")
    turn.locator(".judging form button").click()
    expect(turn.locator(".judging")).to_contain_text("已记下")
    gold = (folder / "gold/chat.jsonl").read_text(encoding="utf-8")
    assert json.loads(gold)["evidence"] == ["| 2021 | 114 | 147 | 40% | 3.0 |"]
    review = json.loads((folder / "reviews.jsonl").read_text(encoding="utf-8"))
    assert (review["verdict"], review["reason"]) == ("bad", "<b>应当回答</b>")
