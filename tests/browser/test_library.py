"""The tab of reports, as a person uses it: each test has a page over an index of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from indexer.build import build_index
from indexer.config import Config

from .conftest import Visitor
from .serving import ROOT, serving

REPORTS = ROOT / "corpus/reports"
LICHEN = "苔原观测简报\n\n一、苔藓\n\n苔原站在2021年测得苔藓厚度为九厘米。\n"

# As much of an old Word file as tells its program.
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le")


@pytest.fixture
def index(model_cache: Path, tmp_path: Path) -> Path:
    """An index of one shipped report."""
    config = Config(tmp_path / "index", None, model_cache)
    build_index(config, [REPORTS / "ev-charging.md"])
    return config.index


@pytest.fixture
def served(index: Path, tmp_path: Path, browser: object) -> Iterator[str]:
    with serving(index, tmp_path / "log.txt") as address:
        yield address


def _library(page: Page) -> Locator:
    page.get_by_role("tab", name="报告").click()
    listed = page.locator("#listed")
    expect(listed.locator(".report").first).to_be_visible()
    return listed


def _send(page: Page, *files: Path) -> None:
    page.locator("#upload input[type=file]").set_input_files([str(file) for file in files])


def test_a_report_is_sent_asked_about_and_removed_and_is_back_again(
    served: str, new_visitor: Callable[..., Visitor], tmp_path: Path
) -> None:
    page = new_visitor(served).page
    listed = _library(page)
    (tmp_path / "苔原.txt").write_text(LICHEN, encoding="utf-8")
    _send(page, tmp_path / "苔原.txt")
    expect(page.locator("#working .job.done")).to_contain_text("新增 1")
    expect(listed.locator(".report")).to_have_count(2)
    listed.get_by_role("button", name="苔原观测简报").click()
    details = page.locator("#details")
    expect(details.locator(".outline")).to_contain_text("苔藓")
    details.get_by_label("标签").fill("环境 极地")
    details.locator("form").nth(1).get_by_role("button").click()
    expect(listed.locator(".tag")).to_have_text(["环境", "极地"])
    details.get_by_label("标题").fill("苔原简报（改名）")
    details.locator("form").first.get_by_role("button").click()
    expect(listed.get_by_role("button", name="苔原简报（改名）")).to_be_visible()

    page.get_by_role("tab", name="问答").click()
    page.locator("#box textarea").fill("苔原站测得苔藓多厚？")
    page.keyboard.press("Enter")
    expect(page.locator(".turn q")).to_contain_text("九厘米")

    _library(page)
    details.get_by_role("button", name="移出索引").click()
    expect(listed.locator(".report")).to_have_count(1)
    page.locator("#working").get_by_role("button", name="撤销").click()
    expect(listed.locator(".report")).to_have_count(2)


def test_files_that_cannot_be_read_are_named_and_the_rest_goes_on(
    served: str, new_visitor: Callable[..., Visitor], tmp_path: Path
) -> None:
    page = new_visitor(served).page
    listed = _library(page)
    good, empty = tmp_path / "好.txt", tmp_path / "空<img src=x onerror=window.hacked=1>.txt"
    good.write_text(LICHEN, encoding="utf-8")
    empty.write_text(" ", encoding="utf-8")
    _send(page, good, empty)
    expect(page.locator("#working .job [role=alert]")).to_have_text(
        "空img src=x onerror=window.hacked=1.txt：没有文字"
    )
    expect(listed.locator(".report")).to_have_count(2)
    assert page.evaluate("window.hacked") is None


def test_a_refused_file_is_told_in_the_language_of_the_page(
    model_cache: Path, tmp_path: Path, new_visitor: Callable[..., Visitor]
) -> None:
    (tmp_path / "旧.docx").write_bytes(OLD_WORD)
    with serving(tmp_path / "none", tmp_path / "log.txt") as address:
        page = new_visitor(address).page
        page.get_by_role("tab", name="报告").click()
        details, refused = page.locator("#details"), page.locator("#working .job [role=alert]")
        expect(details).to_contain_text("这里还没有索引；请到“报告”页上传报告")
        _send(page, tmp_path / "旧.docx")
        expect(refused).to_contain_text("旧.docx：不能作为 .docx 读取，这是旧版 Word 文件（.doc）")
        page.get_by_text("English", exact=True).click()
        expect(refused).to_contain_text(
            "旧.docx: is not a readable .docx file: found an old Word file"
        )
        expect(details).to_contain_text("no index there; make one with: yinju index")


def test_a_question_to_a_tag_that_is_gone_meanwhile_is_not_stuck(
    served: str, new_visitor: Callable[..., Visitor]
) -> None:
    visitor = new_visitor(served)
    page = visitor.page
    details = page.locator("#details")

    def tag(name: str) -> None:
        page.get_by_role("tab", name="报告").click()
        page.locator("#listed .report").first.click()
        details.get_by_label("标签").fill(name)
        details.get_by_role("button", name="保存").last.click()
        tags = page.locator("#listed .tag")
        expect(tags).to_have_text([name] if name else [])
        page.get_by_role("tab", name="问答").click()

    tag("能源")
    page.locator("#scope input").click()
    page.get_by_role("option", name="#能源").click()
    expect(visitor.ask("2021年公共桩有多少万台？").locator(".mark").first).to_be_visible()
    tag("")
    expect(page.locator("#scope .token")).to_have_count(0)
    expect(visitor.ask("2021年公共桩有多少万台？").locator(".mark").first).to_be_visible()


# Lets two files fall onto an element, as a hand does that lets go of them.
DROP = """(zone, files) => {
  const held = new DataTransfer();
  for (const [name, text] of Object.entries(files)) held.items.add(new File([text], name));
  for (const kind of ['dragenter', 'dragover', 'drop'])
    zone.dispatchEvent(new DragEvent(kind, {dataTransfer: held, bubbles: true, cancelable: true}));
}"""


def test_files_are_dropped_onto_the_page(served: str, new_visitor: Callable[..., Visitor]) -> None:
    page = new_visitor(served).page
    listed = _library(page)
    expect(page.locator("#upload")).to_contain_text("拖入报告，或点击选择")
    files = {"苔原.txt": LICHEN, "沙丘.md": "# 沙丘简报\n\n沙丘在2022年移动了三米。\n"}
    page.locator("#upload button").first.evaluate(DROP, files)
    expect(page.locator("#working .job.done")).to_contain_text("新增 2")
    expect(listed.locator(".report")).to_have_count(3)
    expect(listed).to_contain_text("沙丘简报")


def test_the_outline_is_read_in_and_a_suggestion_asks_its_report(
    served: str, new_visitor: Callable[..., Visitor]
) -> None:
    page = new_visitor(served).page
    _library(page).locator(".report").first.click()
    details = page.locator("#details")
    details.get_by_role("button", name="4.3 电网承受力").click()
    expect(details.locator("mark")).to_contain_text("电网承受力")
    expect(details.locator("mark")).to_be_in_viewport()
    details.get_by_role("button", name="回到详情").click()
    expect(details.locator(".outline")).to_be_visible()
    suggested = details.locator("[data-ask]").first
    question = suggested.text_content() or ""
    suggested.click()
    expect(page.locator("#conversation .question")).to_have_text(question)
    expect(page.locator("#conversation .mark").first).to_be_visible()
    expect(page.locator("#conversation .scope")).to_contain_text("ev-charging.md")


def test_a_list_is_filtered_and_another_person_sees_what_was_added(
    served: str, new_visitor: Callable[..., Visitor], tmp_path: Path
) -> None:
    first, second = new_visitor(served).page, new_visitor(served).page
    listed = _library(first)
    _library(second)
    (tmp_path / "苔原.txt").write_text(LICHEN, encoding="utf-8")
    _send(first, tmp_path / "苔原.txt")
    expect(listed.locator(".report")).to_have_count(2)
    listed.get_by_role("searchbox").fill("苔原")
    expect(listed.locator(".report:visible")).to_have_count(1)
    second.get_by_role("tab", name="问答").click()
    expect(_library(second).locator(".report")).to_have_count(2)


def test_a_page_that_is_loaded_anew_shows_the_batch_that_is_at_work(
    served: str, new_visitor: Callable[..., Visitor], tmp_path: Path
) -> None:
    page = new_visitor(served).page
    _library(page)
    sentences = "".join(
        f"第{n}个观测点的苔藓厚度为{n}毫米，比前一年有所增加。\n" for n in range(6000)
    )
    (tmp_path / "长.txt").write_text(LICHEN + sentences, encoding="utf-8")
    _send(page, tmp_path / "长.txt")
    expect(page.locator("#working .job progress")).to_be_visible()
    page.reload()
    _library(page)
    expect(page.locator("#working .job.running")).to_be_visible()
    page.locator("#working").get_by_role("button", name="取消").click()
    expect(page.locator("#working .job.cancelled")).to_be_visible()
    expect(page.locator("#listed .report")).to_have_count(1)


def test_going_back_to_a_snapshot(
    served: str, new_visitor: Callable[..., Visitor], tmp_path: Path
) -> None:
    page = new_visitor(served).page
    listed = _library(page)
    (tmp_path / "苔原.txt").write_text(LICHEN, encoding="utf-8")
    _send(page, tmp_path / "苔原.txt")
    expect(listed.locator(".report")).to_have_count(2)
    listed.locator(".snapshots summary").click()
    listed.get_by_role("button", name="退回到这里").click()
    expect(listed.locator(".report")).to_have_count(1)


def test_without_an_index_the_page_says_how_to_make_one_and_takes_reports(
    model_cache: Path, tmp_path: Path, new_visitor: Callable[..., Visitor]
) -> None:
    with serving(tmp_path / "none", tmp_path / "log.txt") as address:
        page = new_visitor(address).page
        expect(page.locator("#source")).to_contain_text("yinju index")
        page.get_by_role("tab", name="报告").click()
        (tmp_path / "苔原.txt").write_text(LICHEN, encoding="utf-8")
        _send(page, tmp_path / "苔原.txt")
        expect(page.locator("#listed .report")).to_have_count(1)


def test_a_question_is_asked_of_some_reports_only(
    index: Path, model_cache: Path, tmp_path: Path, new_visitor: Callable[..., Visitor]
) -> None:
    (tmp_path / "苔原.txt").write_text(LICHEN, encoding="utf-8")
    build_index(Config(index, None, model_cache), [tmp_path / "苔原.txt"])
    with serving(index, tmp_path / "log.txt") as address:
        visitor = new_visitor(address)
        page = visitor.page
        page.get_by_role("combobox").click()
        page.get_by_role("option", name="苔原观测简报").click()
        page.keyboard.press("Escape")
        turn = visitor.ask("2021年公共桩有多少万台？")
        expect(turn.locator(".refusal")).to_be_visible()
        turn = visitor.ask("苔原站测得苔藓多厚？")
        expect(turn.locator("q")).to_contain_text("九厘米")


def test_the_only_report_is_removed_and_is_back_again(
    served: str, new_visitor: Callable[..., Visitor]
) -> None:
    page = new_visitor(served).page
    listed = _library(page)
    listed.locator(".report").click()
    page.locator("#details").get_by_role("button", name="移出索引").click()
    expect(page.locator("#details")).to_contain_text("索引里没有报告")
    page.locator("#working").get_by_role("button", name="撤销").click()
    expect(listed.locator(".report")).to_have_count(1)
