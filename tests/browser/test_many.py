"""An index of many reports, and whatever is long: titles, paths, questions, answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from indexer.build import build_index
from indexer.config import Config

from .conftest import Visitor
from .serving import serving

pytestmark = pytest.mark.browser

GOODS = "茶叶 陶瓷 竹材 钟表 羊毛 蜂蜜 轴承 乐器 盆景 渔具 香料 水泵 灯具 木门 蚕丝 砂轮 雨伞 玩具 砚台 风筝".split()
PLACES = "浙江 福建 四川 云南 山东 河南 湖北 甘肃 江西 辽宁 广东 广西 海南 贵州 陕西 青海 吉林 湖南 安徽 河北".split()
# Nothing in there lets a line be broken.
LONG_TITLE = "极北星槎灯塔" * 16 + "Lighthouse" * 10 + "维护纪要"
LONG_FOLDER = "a_folder_whose_name_goes_on_" * 4
LONG_FILE = "and_a_file_whose_name_does_too_" * 4 + ".md"
LONG_QUESTION = "极北星槎灯塔的灯油每年要用多少" * 130 + "x" * 49 + "？"
ITEMS = "".join(
    f"{n}. 第{n}条守则：灯塔的{'守塔人与值班员应当轮流检查灯室和油库' * 6}，编号{'K' * 90}{n}。\n"
    for n in range(1, 13)
)
LONG_REPORT = f"""# {LONG_TITLE}

## 一、灯塔守则

灯塔的守则有以下十二条：
{ITEMS}
## 二、灯油

极北星槎灯塔的灯油每年要用四千三百升，{"由补给船从南方港口运来后存放在北侧的油库里面" * 8}。
"""
SIDEWAYS = "document.documentElement.scrollWidth - window.innerWidth"


def _output(good: int, place: int) -> int:
    return 1000 + 37 * good + 791 * place


@pytest.fixture(scope="module")
def many(
    browser: object, model_cache: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The page over 400 reports of a sentence each, and a long one."""
    folder = tmp_path_factory.mktemp("many")
    reports = folder / "reports"
    reports.mkdir()
    for (g, good), (p, place) in product(enumerate(GOODS), enumerate(PLACES)):
        text = f"{place}{good}简报\n\n{place}的{good}产量在2021年为{_output(g, p)}万件。\n"
        (reports / f"{good}-{place}.txt").write_text(text, encoding="utf-8")
    (reports / LONG_FOLDER).mkdir()
    (reports / LONG_FOLDER / LONG_FILE).write_text(LONG_REPORT, encoding="utf-8")
    build_index(Config(folder / "index", None, model_cache), [reports])
    with serving(folder / "index", folder / "log.txt") as address:
        yield address


def _expect_no_sideways(page: Page) -> None:
    assert page.evaluate(SIDEWAYS) <= 0


def test_the_list_shows_all_and_the_filter_leaves_the_right_ones(
    many: str, new_visitor: Callable[..., Visitor]
) -> None:
    page = new_visitor(many).page
    page.get_by_role("tab", name="报告").click()
    listed = page.locator("#listed")
    expect(listed.locator(".report")).to_have_count(len(GOODS) * len(PLACES) + 1)
    listed.get_by_role("searchbox").fill("风筝")
    shown = listed.locator(".report:visible")
    expect(shown.locator("strong")).to_have_text([f"{p}风筝简报" for p in sorted(PLACES)])
    listed.get_by_role("searchbox").fill("风筝-青海")
    shown.click()
    details = page.locator("#details")
    expect(details.get_by_role("heading", name="青海风筝简报")).to_be_visible()
    # What was chosen is lit, and the list is still filtered.
    expect(shown).to_have_count(1)
    expect(shown.and_(listed.locator("[aria-current]"))).to_contain_text("青海风筝简报")
    listed.get_by_role("searchbox").fill("")
    expect(shown).to_have_count(len(GOODS) * len(PLACES) + 1)
    listed.get_by_role("button", name="甘肃砚台简报").click()
    expect(details.get_by_role("heading", name="甘肃砚台简报")).to_be_visible()
    expect(listed.locator("[aria-current]")).to_contain_text("甘肃砚台简报")


def test_a_question_is_answered_from_the_right_one_of_many(
    many: str, new_visitor: Callable[..., Visitor]
) -> None:
    visitor = new_visitor(many)
    turn = visitor.ask("云南的灯具产量在2021年是多少？")
    expected = f"云南的灯具产量在2021年为{_output(GOODS.index('灯具'), PLACES.index('云南'))}万件。"
    expect(turn.locator("q").first).to_have_text(expected)
    expect(turn.locator(".card").first).to_contain_text("云南灯具简报")
    visitor.expect_lit(expected)


def test_a_report_is_found_among_many_by_typing_and_asked_alone(
    many: str, new_visitor: Callable[..., Visitor]
) -> None:
    visitor = new_visitor(many)
    page = visitor.page
    page.get_by_role("combobox").click()
    page.keyboard.type("海南蚕丝")
    expect(page.get_by_role("option")).to_have_count(1)
    page.get_by_role("option", name="海南蚕丝简报").click()
    page.keyboard.press("Escape")
    output = _output(GOODS.index("蚕丝"), PLACES.index("海南"))
    turn = visitor.ask("蚕丝产量在2021年是多少？")
    expect(turn.locator("q").first).to_contain_text(f"{output}万件")
    turn = visitor.ask("云南的灯具产量在2021年是多少？")
    expect(turn.locator(".card[data-document*=灯具]")).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 420])
def test_nothing_long_makes_the_page_scroll_sideways(
    many: str, new_visitor: Callable[..., Visitor], width: int
) -> None:
    visitor = new_visitor(many, width, 860)
    page = visitor.page
    _expect_no_sideways(page)
    page.get_by_role("combobox").click()
    page.keyboard.type("极北星槎")
    page.get_by_role("option").click()
    page.keyboard.press("Escape")
    _expect_no_sideways(page)
    turn = visitor.ask("极北星槎灯塔的灯油每年要用多少？")
    expect(turn.locator("q").first).to_contain_text("四千三百升")
    expect(visitor.source().locator("h2")).to_contain_text("Lighthouse")
    _expect_no_sideways(page)
    turn = visitor.ask("灯塔的守则有哪些？")
    expect(turn.locator("q")).not_to_have_count(0)
    turn.locator(".why summary").click()
    _expect_no_sideways(page)
    assert len(LONG_QUESTION) == 2000
    expect(visitor.ask(LONG_QUESTION).locator(".question")).to_have_text(LONG_QUESTION)
    _expect_no_sideways(page)

    page.get_by_role("tab", name="报告").click()
    listed = page.locator("#listed")
    listed.get_by_role("searchbox").fill("Lighthouse")
    _expect_no_sideways(page)
    listed.locator(".report:visible").click()
    expect(page.locator("#details h2")).to_contain_text("Lighthouse")
    expect(page.locator("#details .outline")).to_contain_text("灯油")
    _expect_no_sideways(page)
    page.locator("#details").get_by_role("button", name="清洗记录").click()
    expect(page.locator("#details .trail")).to_be_visible()
    _expect_no_sideways(page)

    page.get_by_role("tab", name="评测").click()
    expect(page.get_by_role("button", name="开始评测")).to_be_visible()
    _expect_no_sideways(page)
