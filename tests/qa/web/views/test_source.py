"""What the page shows is text: markup in a question, a report or a path is escaped."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from indexer.errors import verbatim
from indexer.types import Document, Passage, Window
from qa.context import Block, Place, TextPart
from qa.server.suggestions import Suggestion
from qa.server.turn import Turn
from qa.types import Answer, Citation, ScoredPassage
from qa.web.views.conversation import conversation_html
from qa.web.views.source import error_html, header_html, notice_html, place_html

EVIL = "<img src=x onerror='hack()'> \" & <script>hack()</script> [链接](javascript:hack())"
DOCUMENT = Document(0, f"{EVIL}.txt", EVIL, "txt", "utf-8", True, (), 100, 1)
CITATION = Citation(f"{EVIL}.txt", EVIL, (EVIL, EVIL), EVIL, 3, 9, 4, 10, 3, 0.9)
ANSWER = Answer(EVIL, f"{EVIL}?", EVIL, False, 0.9, (CITATION,), (), EVIL)
SUGGESTED = Suggestion(EVIL, EVIL, EVIL)


class Reader(HTMLParser):
    """Collects tags and text as a browser would read them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return "".join(self.texts)


def place(*pieces: TextPart, kind: str = "paragraph") -> Place:
    block = Block(kind, 0, 0, 9, pieces)
    return Place(DOCUMENT, (EVIL,), 3, 3, 9, 4, 10, EVIL, (block,), True, True)


def scored(text: str) -> ScoredPassage:
    passage = Passage(1, 0, 3, 9, "paragraph", (EVIL,), text)
    return ScoredPassage(passage, f"{EVIL}.txt", EVIL, 0.5, 0.5, 0.5, Window(1, 1, 3, 9, "text"))


def row(header: str, quote: str) -> Answer:
    return replace(ANSWER, citations=(replace(CITATION, header=header, quote=quote),))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "html",
    [
        lambda language: conversation_html([], [SUGGESTED], language),
        lambda language: conversation_html([], [], language, stage=verbatim(EVIL)),
        lambda language: conversation_html([Turn(EVIL)], [], language),
        lambda language: conversation_html([Turn(EVIL, scope=(EVIL,), key=EVIL)], [], language),
        lambda language: conversation_html([Turn(EVIL)], [], language, stage=verbatim(EVIL)),
        lambda language: conversation_html([Turn(EVIL, error=verbatim(EVIL))], [], language),
        lambda language: conversation_html([Turn(EVIL, ANSWER)], [], language),
        lambda language: conversation_html(
            [
                Turn(
                    EVIL,
                    replace(ANSWER, abstained=True, citations=(), passages=(scored(EVIL),)),
                    suggested=(SUGGESTED,),
                )
            ],
            [],
            language,
        ),
        lambda language: conversation_html(
            [Turn(EVIL, row(f"| {EVIL} |", f"| {EVIL} | 2 |"))], [], language
        ),
        lambda language: place_html(place(TextPart(EVIL, False), TextPart(EVIL, True)), language),
        lambda language: place_html(place(TextPart(f"| {EVIL} |", True), kind="row"), language),
        lambda language: notice_html(language, [DOCUMENT]),
        lambda language: error_html(verbatim(EVIL), language),
    ],
)
def test_markup_is_shown_and_never_markup(html: Callable[[str], str], language: str) -> None:
    read = Reader(html(language))
    assert not {"img", "script", "iframe", "svg"} & {tag for tag, _ in read.tags}
    assert {attrs["href"] for tag, attrs in read.tags if tag == "a"} <= {"#source"}
    assert not [name for _, attrs in read.tags for name in attrs if name.startswith("on")]
    assert EVIL in read.text


def test_marks_and_cards_name_their_span() -> None:
    read = Reader(conversation_html([Turn("问", ANSWER)], [], "zh"))
    named = [attrs for tag, attrs in read.tags if tag in ("a", "button")]
    found = [attrs for attrs in named if "data-document" in attrs]
    assert [attrs["class"] for attrs in found] == ["mark", "card"]
    for attrs in found:
        span = (attrs["data-document"], attrs["data-start"], attrs["data-end"])
        assert span == (CITATION.document, "3", "9")
    assert found[0]["aria-label"] == "引用 1：在报告中查看"
    # A card is named by what it shows: a label would replace title and quotation.
    assert "aria-label" not in found[1]
    assert "出处 1：在报告中查看" in read.text
    assert "第 3 页" in read.text


def test_a_refusal_cites_nothing() -> None:
    refused = replace(ANSWER, abstained=True, citations=(), passages=(scored("相近的话。"),) * 5)
    html = conversation_html([Turn("问", refused)], [], "zh")
    assert 'class="mark"' not in html
    assert html.count('class="card near"') == 3
    assert "报告没有说明这一点。" in html
    assert "The reports do not say." in conversation_html([Turn("问", refused)], [], "en")


def test_a_quoted_row_keeps_its_bars_in_the_text() -> None:
    read = Reader(place_html(place(TextPart("| 2021 | 114 |", True), kind="row"), "zh"))
    assert "| 2021 | 114 |" in read.text
    assert [attrs["class"] for tag, attrs in read.tags if tag == "mark"] == ["row"]


@pytest.mark.parametrize(
    ("header", "row", "cells"),
    [
        ("企业 类型 收入(亿元)", "鲜渡科技  配送型 12.8", ["鲜渡科技  ", "配送型 ", "12.8"]),
        ("企业 收入(亿元)", "鲜渡科技 配送型 12.8", ["鲜渡科技 配送型 12.8"]),
        ("| 企业 | 收入 |", "| 鲜渡 |  | 12.8 |", [" 鲜渡 ", "  ", " 12.8 "]),
    ],
)
def test_the_cells_of_a_row(header: str, row: str, cells: list[str]) -> None:
    blocks = (
        Block("header", 0, 0, 1, (TextPart(header, False),)),
        Block("row", 0, 1, 2, (TextPart(row, True),)),
    )
    html = place_html(replace(place(), blocks=blocks), "zh")
    answer = replace(ANSWER, citations=(replace(CITATION, header=header, quote=row),))
    for part in (html.partition("<mark")[2], conversation_html([Turn("问", answer)], [], "zh")):
        assert re.findall(r'<span class="cell">([^<]*)</span>', part)[-len(cells) :] == cells
        assert row in Reader(part).text


def test_a_card_shows_the_cells_of_a_row_without_bars() -> None:
    read = Reader(conversation_html([Turn("问", row("| 年 | 万台 |", "| 2021 | 114 |"))], [], "zh"))
    assert "年 · 万台" in read.texts
    assert "2021 · 114" in read.texts


def lit(html: str) -> list[bool]:
    """Of each mark and card, whether it is lit."""
    found = [attrs for _, attrs in Reader(html).tags if "data-document" in attrs]
    return ["aria-current" in attrs for attrs in found]


def test_what_names_the_open_place_is_lit_in_the_latest_turn_that_does() -> None:
    other = replace(CITATION, start=20, end=30)
    both, one = replace(ANSWER, citations=(other, CITATION)), ANSWER
    opened = replace(place(), document=DOCUMENT)
    turns = [Turn("问", both), Turn("问", replace(ANSWER, citations=(other,))), Turn("问")]
    html = conversation_html(turns, [], "zh", opened)
    assert lit(html) == [False, True, False, True, False, False]
    html = conversation_html([Turn("问", one), Turn("问", one)], [], "zh", opened)
    assert lit(html) == [False, False, True, True]
    assert not any(lit(conversation_html(turns, [], "zh", replace(opened, end=10))))
    assert not any(lit(conversation_html(turns, [], "zh")))


def test_no_heading_is_skipped() -> None:
    levels = [3, 5, 5, 4, 2, 3, 1]
    blocks = [Block("heading", n, i, i + 1, (TextPart("题", False),)) for i, n in enumerate(levels)]
    tags = [tag for tag, _ in Reader(place_html(replace(place(), blocks=tuple(blocks)), "zh")).tags]
    headings = [tag for tag in tags if re.fullmatch(r"h\d", tag)]
    assert headings == ["h2", "h3", "h4", "h4", "h4", "h3", "h4", "h3"]
    assert "<h2>" in notice_html("zh", [DOCUMENT])


def test_the_header_says_the_language_of_the_page() -> None:
    assert 'data-language="en"' in header_html("en")
