"""The tab of evaluation, and answers judged in the chat."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from indexer.build import build_index
from indexer.config import Config

from .conftest import Visitor
from .serving import ROOT, serving

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


def _choose(page: Page, label: str, option: str) -> None:
    page.get_by_label(label, exact=True).click()
    page.get_by_role("option", name=option).first.click()


def test_a_gold_set_is_sent_run_looked_at_and_compared(
    served: str, new_visitor: Callable[..., Visitor], tmp_path: Path
) -> None:
    page = new_visitor(served, 1400, 900).page
    page.get_by_role("tab", name="评测").click()
    file = tmp_path / "小题集.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in GOLD), encoding="utf-8")
    page.locator("#choosing input[type=file]").set_input_files(str(file))
    expect(page.get_by_label("题集", exact=True)).to_have_value("小题集")
    for _ in range(2):
        page.get_by_role("button", name="开始评测").click()
        expect(page.locator("#trial .job.done")).to_be_visible()
        page.wait_for_timeout(1100)  # runs are named by the second
    frame = page.frame_locator("#result iframe")
    expect(frame.locator("table").first).to_contain_text("evidence recall")
    expect(frame.locator("svg").first).to_be_visible()
    expect(frame.locator("details", has_text="国庆期间").first).to_be_attached()
    _choose(page, "与之比较", "小题集")
    expect(page.locator("#result table")).to_contain_text("evidence recall")
    expect(page.locator("#result")).to_contain_text("在误差之内")


def test_a_set_that_is_none_is_refused_in_words(
    served: str, new_visitor: Callable[..., Visitor], tmp_path: Path
) -> None:
    page = new_visitor(served).page
    page.get_by_role("tab", name="评测").click()
    file = tmp_path / "坏.jsonl"
    file.write_text('{"question": "<img src=x onerror=window.hacked=1>"}\n', encoding="utf-8")
    page.locator("#choosing input[type=file]").set_input_files(str(file))
    expect(page.locator("#trial [role=alert]")).to_contain_text("is not a gold question")
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
