"""The page as a person uses it, in Chromium, over the real reports with the real model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from playwright.sync_api import Route, expect

from qa.index import MAX_QUESTION_LENGTH
from qa.settings import DEFAULTS

from .conftest import HOSTILE, Visitor
from .serving import HOST

pytestmark = pytest.mark.browser

SIMPLIFIED = "2018年银行在发放额里占多大比例？"
TRADITIONAL = "2018年銀行在發放額裡佔多大比例？"
LIST = "数字化转型的阻力集中在哪些环节？"
SECOND = "第二个具体是怎么回事？"
UNANSWERABLE = "美国的冷库容量有多大？"
ROW = "2021年公共桩有多少万台？"
PDF = "一支疫苗从工厂到接种点的冷链费用平均是多少？"


def test_a_mark_opens_its_quotation_in_the_report(visitor: Visitor) -> None:
    turn = visitor.ask(LIST)
    quotes = turn.locator("q")
    expect(quotes).to_have_count(5)
    for number in (4, 2):
        turn.locator(".mark").nth(number).click()
        visitor.expect_lit(quotes.nth(number).text_content() or "")
        expect(turn.locator(".mark[aria-current]")).to_have_text(f"[{number + 1}]")
    expect(visitor.source()).to_contain_text("四、現實挑戰")
    expect(visitor.source()).to_contain_text("internet-consumer-finance.txt")


def test_an_answer_opens_its_first_quotation(visitor: Visitor) -> None:
    turn = visitor.ask(SIMPLIFIED)
    visitor.expect_lit(turn.locator("q").first.text_content() or "")


def test_a_card_opens_its_quotation(visitor: Visitor) -> None:
    turn = visitor.ask(LIST)
    turn.locator(".card").nth(3).click()
    visitor.expect_lit(turn.locator("q").nth(3).text_content() or "")


@pytest.mark.parametrize("kind", [".mark", ".card"])
def test_the_keyboard_opens_a_quotation(visitor: Visitor, kind: str) -> None:
    turn = visitor.ask(LIST)
    turn.locator(kind).nth(1).focus()
    visitor.page.keyboard.press("Tab")
    expect(turn.locator(kind).nth(2)).to_be_focused()
    visitor.page.keyboard.press("Enter")
    visitor.expect_lit(turn.locator("q").nth(2).text_content() or "")


def test_a_page_and_a_row_are_shown_where_there_is_one(visitor: Visitor) -> None:
    turn = visitor.ask(PDF)
    expect(turn.locator(".card").first).to_contain_text("第 6 页")
    expect(visitor.source()).to_contain_text("第 6 页")
    turn = visitor.ask(ROW)
    expect(turn.locator(".quotation .header")).to_contain_text("公共桩（万台）")
    visitor.expect_lit("| 2021 | 114 | 147 | 40% | 3.0 |")


def test_a_refusal_cites_nothing_and_shows_what_is_near(visitor: Visitor) -> None:
    visitor.ask(SIMPLIFIED)
    turn = visitor.ask(UNANSWERABLE)
    expect(turn).to_contain_text("报告没有说明这一点。")
    expect(turn).to_contain_text("不是答案，但相近")
    expect(turn.locator(".mark, q")).to_have_count(0)
    expect(visitor.source().locator("mark")).to_have_count(0)
    near = turn.locator(".card.near")
    expect(near).to_have_count(3)
    near.first.click()
    visitor.expect_lit(near.first.locator("em").text_content() or "")


def test_both_scripts_get_the_same_quotation(visitor: Visitor) -> None:
    first, second = visitor.ask(SIMPLIFIED), visitor.ask(TRADITIONAL)
    quote = first.locator("q").text_content()
    assert quote
    assert "銀行貢獻了發放額的38%" in quote
    expect(second.locator("q")).to_have_text(quote)


def test_a_follow_up_shows_the_question_as_understood(visitor: Visitor) -> None:
    first = visitor.ask(LIST)
    expect(first.locator(".understood")).to_have_count(0)
    second = visitor.ask(SECOND)
    expect(second.locator(".understood")).to_contain_text("流程再造困難")
    expect(second.locator("q").first).to_contain_text("流程再造困難")


def test_english(visitor: Visitor) -> None:
    page = visitor.page
    visitor.ask(UNANSWERABLE)
    page.get_by_text("English", exact=True).click()
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    expect(page.get_by_role("button", name="Clear")).to_be_visible()
    expect(page.locator(".turn")).to_contain_text("The reports do not say.")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    turn = visitor.ask(PDF)
    expect(turn.locator(".card").first).to_contain_text("page 6")
    page.get_by_text("中文", exact=True).click()
    expect(turn.locator(".card").first).to_contain_text("第 6 页")
    expect(visitor.source().locator("mark")).to_have_count(1)


@pytest.mark.parametrize(
    "question",
    [
        '<img src=x onerror="window.hacked=1">',
        "<script>window.hacked=1</script>",
        "[点我](javascript:window.hacked=1) **粗** $x^2$",
        "${window.hacked=1} {{constructor}} `${window.hacked=1}`",
        "![图](data:image/svg+xml,<svg/onload=window.hacked=1>) data:text/html,<script>",
    ],
)
def test_markup_in_a_question_is_text(visitor: Visitor, question: str) -> None:
    turn = visitor.ask(question)
    expect(turn.locator(".question")).to_have_text(question)
    visitor.expect_unharmed()


@pytest.mark.parametrize(
    ("question", "quote"),
    [("星槎灯塔的守塔人口令是什么？", "<img src=x"), ("星槎灯塔的备件写作什么？", "javascript:")],
)
def test_markup_in_a_report_is_text(visitor: Visitor, question: str, quote: str) -> None:
    turn = visitor.ask(question)
    expect(turn.locator("q").first).to_contain_text(quote)
    text = turn.locator("q").first.text_content() or ""
    assert text in HOSTILE
    visitor.expect_lit(text)
    visitor.expect_unharmed()


def test_a_tampered_mark_is_refused_in_words(visitor: Visitor) -> None:
    mark = visitor.ask(SIMPLIFIED).locator(".mark")
    mark.evaluate("mark => mark.dataset.end = 99999999")
    mark.click()
    expect(visitor.source()).to_contain_text("不是这份报告里的一段")
    mark.evaluate("mark => mark.dataset.document = '/etc/passwd<img src=x>'")
    mark.click()
    expect(visitor.source()).to_contain_text("索引里没有这份报告")
    expect(visitor.source()).not_to_contain_text("Traceback")
    visitor.expect_unharmed()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_request_leaves_the_machine(
    new_visitor: Callable[..., Visitor], address: str, scheme: Literal["light", "dark"]
) -> None:
    """On any tab, in both languages, light or dark."""
    visitor = new_visitor(address)
    page = visitor.page
    page.emulate_media(color_scheme=scheme)
    page.reload()
    expect(page.locator("#conversation [tabindex]")).to_be_visible()
    visitor.ask(SIMPLIFIED).locator(".mark").click()
    names = {"报告": "Reports", "评测": "Evaluation"}
    for language, tabs in (("中文", names), ("English", names.values())):
        page.get_by_text(language, exact=True).click()
        for tab, shown in zip(tabs, ("#listed .report", "#choosing"), strict=True):
            page.get_by_role("tab", name=tab).click()
            expect(page.locator(shown).first).to_be_visible()
    page.get_by_role("tab", name="Reports").click()
    page.locator("#listed .report").first.click()
    expect(page.locator("#details .details")).to_be_visible()
    page.wait_for_load_state("load")
    assert visitor.hosts == {HOST}


def test_two_people_at_once_do_not_mix(new_visitor: Callable[..., Visitor], address: str) -> None:
    one, other = new_visitor(address), new_visitor(address)
    one.ask(LIST)
    other.ask(PDF)
    again = one.ask(SECOND)
    expect(again.locator(".understood")).to_contain_text("流程再造困難")
    expect(one.page.locator(".turn")).to_have_count(2)
    expect(other.page.locator(".turn")).to_have_count(1)
    expect(other.page.locator(".question")).to_have_text(PDF)
    expect(other.source()).to_contain_text("cold-chain.pdf")


def test_an_example_is_asked_and_answered(visitor: Visitor) -> None:
    example = visitor.page.locator(".example").first
    question = example.locator("span").text_content() or ""
    example.click()
    turn = visitor.page.locator(".turn")
    expect(turn.locator(".question")).to_have_text(question)
    visitor.expect_lit(turn.locator("q").first.text_content() or "")


def test_questions_wait_for_one_another(visitor: Visitor) -> None:
    box, asked = visitor.page.get_by_role("textbox"), [LIST, SECOND, PDF]
    for question in asked:
        box.fill(question)
        box.press("Enter")
    box.press_sequentially("接着写")
    turns = visitor.page.locator(".turn")
    expect(turns.locator(".foot")).to_have_count(3)
    expect(turns.locator(".question")).to_have_text(asked)
    expect(turns.nth(1).locator(".understood")).to_contain_text("流程再造困難")
    expect(box).to_have_value("接着写")
    visitor.expect_lit(turns.nth(2).locator("q").first.text_content() or "")


def test_quick_clicks_on_send_lose_no_question(visitor: Visitor) -> None:
    box, asked = visitor.page.get_by_role("textbox"), [SIMPLIFIED, ROW, PDF]
    for question in asked:
        box.fill(question)
        visitor.page.get_by_role("button", name="发送").click()
    turns = visitor.page.locator(".turn")
    expect(turns.locator(".foot")).to_have_count(3)
    expect(turns.locator(".question")).to_have_text(asked)


def test_a_question_that_is_too_long_says_so(visitor: Visitor) -> None:
    turn = visitor.ask("冷库容量有多大？" * 200)
    expect(turn.locator(".refusal")).to_have_text(
        f"问题有 1600 字；请不要超过 {MAX_QUESTION_LENGTH} 字"
    )
    expect(turn.locator(".question")).to_have_text("冷库容量有多大？" * 200)
    expect(visitor.ask(PDF).locator("q")).not_to_have_count(0)


def test_an_example_leaves_the_focus_in_the_box(visitor: Visitor) -> None:
    visitor.page.locator(".example").first.focus()
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator(".turn .foot")).to_have_count(1)
    expect(visitor.page.get_by_role("textbox")).to_be_focused()


def test_another_language_lights_and_shows_the_same(visitor: Visitor) -> None:
    first = visitor.ask(LIST)
    visitor.ask(UNANSWERABLE)
    first.locator(".mark").nth(2).click()
    quote = first.locator("q").nth(2).text_content() or ""
    visitor.expect_lit(quote)
    pane = visitor.page.locator("#conversation [tabindex='0']").first
    before = pane.evaluate("pane => pane.scrollTop")
    visitor.page.get_by_text("English", exact=True).click()
    expect(visitor.page.get_by_role("button", name="Send")).to_be_visible()
    expect(first.locator(".foot")).to_contain_text("confidence")
    expect(visitor.page.locator(".mark[aria-current]")).to_have_text("[3]")
    visitor.expect_lit(quote)
    assert abs(pane.evaluate("pane => pane.scrollTop") - before) < 30


def test_a_row_of_a_pdf_has_cells(visitor: Visitor) -> None:
    turn = visitor.ask("鲜渡科技2023年的毛利率是多少？")
    row = "| 鲜渡科技 | 配送型 | 12.8 | 24.9 | -3.5% | 8,700 |"
    expect(turn.locator("q").first).to_have_text(row)
    expect(turn.locator("q").first.locator(".cell")).to_have_count(6)
    visitor.expect_lit(row)


def test_clear_begins_again(visitor: Visitor) -> None:
    visitor.ask(LIST)
    visitor.page.get_by_role("button", name="清空").click()
    expect(visitor.page.locator(".turn")).to_have_count(0)
    expect(visitor.page.locator(".example")).not_to_have_count(0)
    expect(visitor.source().locator("mark")).to_have_count(0)
    turn = visitor.ask(SECOND)
    expect(turn.locator(".understood")).to_have_count(0)


def test_the_enter_of_an_input_method_does_not_send(visitor: Visitor) -> None:
    box = visitor.page.get_by_role("textbox")
    box.fill("2018年yinhang")
    box.dispatch_event("keydown", {"key": "Enter", "code": "Enter", "isComposing": True})
    expect(box).to_have_value("2018年yinhang")
    visitor.ask(SIMPLIFIED)
    expect(visitor.page.locator(".turn")).to_have_count(1)


def test_an_empty_question_asks_nothing(visitor: Visitor) -> None:
    visitor.page.get_by_role("textbox").fill("   ")
    visitor.page.get_by_role("button", name="发送").click()
    visitor.ask(SIMPLIFIED)
    expect(visitor.page.locator(".turn")).to_have_count(1)


def test_a_narrow_screen_stacks_and_does_not_scroll_sideways(
    new_visitor: Callable[..., Visitor],
    address: str,
) -> None:
    visitor = new_visitor(address, 420, 860)
    turn = visitor.ask(ROW)
    expect(visitor.page.get_by_role("textbox")).to_be_in_viewport(ratio=1)
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not visitor.page.evaluate(wide)
    turn.locator(".why summary").click()
    expect(turn.locator(".why-others")).to_be_visible()
    assert not visitor.page.evaluate(wide)
    expect(visitor.page.get_by_role("textbox")).to_be_in_viewport(ratio=1)
    turn.locator(".mark").click()
    visitor.expect_lit("| 2021 | 114 | 147 | 40% | 3.0 |")
    visitor.page.get_by_role("button", name="回到对话").click()
    expect(turn.locator(".mark")).to_be_focused()


def test_a_question_that_is_lost_on_the_way_is_sent_again(visitor: Visitor) -> None:
    lost: list[str] = []

    def lose_first(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.request.url)
            route.fulfill(json={"data": [{"__type__": "update"}], "is_generating": False})
        else:
            route.continue_()

    visitor.page.route("**/gradio_api/**", lose_first)
    turn = visitor.ask(PDF)
    assert lost
    expect(turn.locator(".question")).to_have_text(PDF)
    expect(visitor.page.locator(".turn")).to_have_count(1)


def test_a_strict_threshold_refuses_and_says_what_it_costs(visitor: Visitor) -> None:
    slider = visitor.page.get_by_role("slider", name="作答的门槛")
    cost = visitor.page.locator("#cost")
    expect(slider).to_have_value(str(DEFAULTS.answer.threshold))
    expect(cost).to_contain_text(f"门槛 {DEFAULTS.answer.threshold:.0%}")
    slider.focus()
    visitor.page.keyboard.press("End")
    expect(cost).to_contain_text("门槛 95%")
    turn = visitor.ask(UNANSWERABLE)
    expect(turn.locator(".refusal")).to_be_visible()
    why = turn.locator(".why")
    expect(why.locator("table")).to_be_hidden()
    why.locator("summary").focus()
    visitor.page.keyboard.press("Enter")
    expect(why).to_contain_text("低于门槛 95%，所以不作答")
    slider.focus()
    visitor.page.keyboard.press("Home")
    expect(cost).to_contain_text("门槛 5%")
    # It counts for what is asked next; what was answered before stays as it was.
    expect(visitor.ask(UNANSWERABLE).locator(".why")).to_contain_text("门槛 5%")
    expect(why).to_contain_text("门槛 95%")
    visitor.page.get_by_text("English", exact=True).click()
    expect(cost).to_contain_text("Threshold 5%")
    expect(visitor.page.get_by_role("slider", name="Threshold for an answer")).to_have_value("0.05")
    visitor.expect_unharmed()


def test_the_details_of_an_answer_stay_unfolded(visitor: Visitor) -> None:
    why = visitor.ask(SIMPLIFIED).locator(".why")
    why.get_by_text("为什么是这个答案").click()
    expect(why.locator(".why-words li").first).to_be_visible()
    expect(why).to_contain_text(f"达到门槛 {DEFAULTS.answer.threshold:.0%}，所以作答")
    visitor.ask(PDF)
    expect(why.locator(".why-words li").first).to_be_visible()
    expect(visitor.page.locator(".why[open]")).to_have_count(1)
    visitor.expect_unharmed()


def test_programs_give_a_threshold(address: str) -> None:
    client = Client(address, verbose=False)
    assert client.predict(SIMPLIFIED, threshold=1.0, api_name="/ask")["abstained"]
    assert not client.predict(SIMPLIFIED, threshold=0.0, api_name="/ask")["abstained"]
    for wrong in (1.5, -0.1, "high"):
        with pytest.raises(AppError, match=r"threshold .*: expected a number from 0 to 1"):
            client.predict(SIMPLIFIED, threshold=wrong, api_name="/ask")


def test_what_cleaning_changed_is_shown_for_each_report(visitor: Visitor) -> None:
    """Before a question from the list of reports, after it from the open place, and back."""
    source = visitor.page.locator("#source")
    source.get_by_role("button", name="清洗记录").first.click()
    expect(source.locator(".rules tbody tr").first).to_be_visible()
    source.get_by_role("button", name="关闭清洗记录").click()
    expect(source.locator(".notice")).to_be_visible()
    turn = visitor.ask("星槎灯塔的备件写作什么？")
    quote = turn.locator("q").first.text_content() or ""
    source.get_by_role("button", name="清洗记录").click()
    expect(source.get_by_role("region", name="清洗记录")).to_be_visible()
    source.get_by_role("button", name="关闭清洗记录").click()
    visitor.expect_lit(quote)
    assert visitor.page.evaluate("window.hacked") is None


def test_an_answer_is_copied_with_its_references(visitor: Visitor) -> None:
    visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    turn = visitor.ask(PDF)
    turn.get_by_role("button", name="GB/T 7714").click()
    expect(turn.locator(".copying")).to_contain_text("已复制")
    told = visitor.page.evaluate("navigator.clipboard.readText()")
    assert (turn.locator("q").first.text_content() or "") in told
    assert "[R]. cold-chain.pdf: " in told


def test_arrows_go_from_mark_to_mark_and_escape_back_to_the_box(visitor: Visitor) -> None:
    turn = visitor.ask(LIST)
    turn.locator(".mark").first.focus()
    visitor.page.keyboard.press("ArrowRight")
    expect(turn.locator(".mark").nth(1)).to_be_focused()
    visitor.expect_lit(turn.locator("q").nth(1).text_content() or "")
    visitor.page.keyboard.press("ArrowLeft")
    visitor.page.keyboard.press("ArrowLeft")
    expect(turn.locator(".mark").last).to_be_focused()
    visitor.page.keyboard.press("Escape")
    expect(visitor.page.locator("#box textarea")).to_be_focused()


def test_the_page_of_a_pdf_is_shown_beside_its_text(visitor: Visitor) -> None:
    turn = visitor.ask(PDF)
    quote = turn.locator("q").first.text_content() or ""
    visitor.expect_lit(quote)
    source = visitor.source()
    source.get_by_role("button", name="查看原页").click()
    picture = source.get_by_role("img")
    expect(picture).to_be_visible()
    assert picture.evaluate("img => img.naturalWidth > 800 && img.complete")
    lit = source.locator(".sheet mark")
    expect(lit).to_have_count(3)
    expect(lit.first).to_be_in_viewport(ratio=1)
    sheet = picture.bounding_box()
    assert sheet
    for mark in lit.all():
        box = mark.bounding_box()
        assert box
        assert 20 < box["width"] < sheet["width"]
        assert 5 < box["height"] < 30
        assert sheet["x"] < box["x"]
        assert box["x"] + box["width"] < sheet["x"] + sheet["width"]
        assert sheet["y"] < box["y"]
        assert box["y"] + box["height"] < sheet["y"] + sheet["height"]
    following, back = (source.get_by_role("button", name=name) for name in ("下一页", "上一页"))
    expect(following).to_be_disabled()  # it is the last one
    back.press("Enter")
    expect(source.locator(".meta")).to_have_text("第 5 页，共 6 页")
    expect(picture).to_have_attribute("alt", "第 5 页")
    expect(lit).to_have_count(0)
    expect(back).to_be_focused()
    following.click()
    expect(picture).to_have_attribute("alt", "第 6 页")
    expect(lit.first).to_be_in_viewport(ratio=1)
    expect(source.get_by_role("region")).to_be_focused()
    source.get_by_role("button", name="回到文字").click()
    expect(picture).to_have_count(0)
    visitor.expect_lit(quote)


def test_the_conversation_outlasts_a_reload_and_is_exported(visitor: Visitor) -> None:
    page = visitor.page
    visitor.ask(PDF)
    quote = page.locator(".turn q").first.text_content() or ""
    visitor.ask(UNANSWERABLE)
    page.reload()
    expect(page.locator(".turn .foot")).to_have_count(2)
    expect(page.locator(".turn q").first).to_have_text(quote)
    with page.expect_download() as download:
        page.get_by_role("button", name="导出").click()
    told = download.value.path().read_text(encoding="utf-8")
    assert download.value.suggested_filename.endswith(".md")
    assert quote.replace("|", "\\|") in told
    assert UNANSWERABLE in told
    page.get_by_role("button", name="清空").click()
    page.reload()
    expect(page.locator("#conversation .example").first).to_be_visible()
    expect(page.locator(".turn")).to_have_count(0)


def test_the_raw_text_shows_what_cleaning_changed_there(visitor: Visitor) -> None:
    turn = visitor.ask(LIST)
    quote = turn.locator("q").first.text_content() or ""
    source = visitor.source()
    source.get_by_role("button", name="原始文字").click()
    expect(source.locator(".raw del").first).to_be_visible()
    expect(source.locator("mark")).not_to_be_visible()
    source.get_by_role("button", name="清洗后的文字").click()
    visitor.expect_lit(quote)
