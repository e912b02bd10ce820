"""What the page shows is text: markup in a question, a report or a path is escaped."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from qa.page import (
    LABELS,
    Turn,
    conversation_html,
    error_html,
    header_html,
    notice_html,
    place_html,
)
from qa.reading import Block, Piece, Place
from qa.types import Answer, Citation, Document, Passage, ScoredPassage, Window

EVIL = "<img src=x onerror='hack()'> \" & <script>hack()</script> [链接](javascript:hack())"
DOCUMENT = Document(0, f"{EVIL}.txt", EVIL, "txt", "utf-8", True, (), 100, 1)
CITATION = Citation(f"{EVIL}.txt", EVIL, (EVIL, EVIL), EVIL, 3, 9, 4, 10, 3, 0.9)
ANSWER = Answer(EVIL, f"{EVIL}?", EVIL, False, 0.9, (CITATION,), (), EVIL)


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


def place(*pieces: Piece, kind: str = "paragraph") -> Place:
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
        lambda language: conversation_html([], [EVIL], language),
        lambda language: conversation_html([Turn(EVIL)], [], language),
        lambda language: conversation_html([Turn(EVIL, error=EVIL)], [], language),
        lambda language: conversation_html([Turn(EVIL, ANSWER)], [], language),
        lambda language: conversation_html(
            [Turn(EVIL, replace(ANSWER, abstained=True, citations=(), passages=(scored(EVIL),)))],
            [],
            language,
        ),
        lambda language: conversation_html(
            [Turn(EVIL, row(f"| {EVIL} |", f"| {EVIL} | 2 |"))], [], language
        ),
        lambda language: place_html(place(Piece(EVIL, False), Piece(EVIL, True)), language),
        lambda language: place_html(place(Piece(f"| {EVIL} |", True), kind="row"), language),
        lambda language: notice_html(language, [DOCUMENT]),
        lambda language: error_html(EVIL, language),
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
    found = [attrs for tag, attrs in read.tags if tag in ("a", "button")]
    assert [attrs["class"] for attrs in found] == ["mark", "card"]
    for attrs in found:
        span = (attrs["data-document"], attrs["data-start"], attrs["data-end"])
        assert span == (CITATION.document, "3", "9")
        assert attrs["aria-label"]
    assert "第 3 页" in read.text


def test_a_refusal_cites_nothing() -> None:
    refused = replace(ANSWER, abstained=True, citations=(), passages=(scored("相近的话。"),) * 5)
    html = conversation_html([Turn("问", refused)], [], "zh")
    assert 'class="mark"' not in html
    assert html.count('class="card near"') == 3
    assert "报告没有说明这一点。" in html
    assert "The reports do not say." in conversation_html([Turn("问", refused)], [], "en")


def test_a_quoted_row_keeps_its_bars_in_the_text() -> None:
    read = Reader(place_html(place(Piece("| 2021 | 114 |", True), kind="row"), "zh"))
    assert "| 2021 | 114 |" in read.text
    assert [attrs["class"] for tag, attrs in read.tags if tag == "mark"] == ["row"]


def test_both_languages_have_the_same_labels_with_the_same_gaps() -> None:
    assert LABELS["zh"].keys() == LABELS["en"].keys()
    for key, text in LABELS["zh"].items():
        gaps = re.findall(r"\{\w\}", text)
        assert sorted(gaps) == sorted(re.findall(r"\{\w\}", LABELS["en"][key])), key
    assert 'data-language="en"' in header_html("en")
