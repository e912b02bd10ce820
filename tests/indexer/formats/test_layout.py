"""Boxes to lines: each case is a page small enough to draw on paper. One em is 10."""

from __future__ import annotations

from random import Random

import pytest

from indexer.cleaning.rule import RuleContext
from indexer.cleaning.running import find_page_wraps, find_repeated_headers, find_running_lines
from indexer.cleaning.trail import Trail
from indexer.formats.layout.arrange import arrange
from indexer.formats.layout.boxes import Fragment, Stroke, TextLine
from indexer.formats.layout.runs import join_runs, join_text
from indexer.formats.layout.tables import find_ruled_tables


def at(left: float, top: float, text: str, size: float = 10.0) -> Fragment:
    """A piece whose characters are as wide as high."""
    return Fragment(text, left, top, left + size * len(text), top + size, size)


def texts(fragments: list[Fragment], height: float = 0.0) -> list[str]:
    return [line.text for line in arrange(fragments, (), height)]


def test_lines_of_a_paragraph_are_one_and_a_short_line_ends_it() -> None:
    fragments = [at(0, 16 * n, "甲" * 20) for n in range(3)]
    fragments += [at(0, 48, "乙" * 6 + "。"), at(0, 64, "丙" * 20)]
    assert texts(fragments) == ["甲" * 60 + "乙" * 6 + "。", "丙" * 20]


def test_an_indent_and_an_item_begin_anew() -> None:
    fragments = [
        at(0, 0, "甲" * 20),
        at(20, 16, "乙" * 18),
        at(0, 32, "丙" * 20),
        at(0, 48, "1.丁丁"),
    ]
    assert texts(fragments) == ["甲" * 20, "　　" + "乙" * 18 + "丙" * 20, "1.丁丁"]


def test_a_heading_is_not_joined_to_the_text_below() -> None:
    fragments = [at(0, 0, "甲" * 14, 14), at(0, 20, "乙" * 20), at(0, 36, "丙" * 20)]
    assert texts(fragments) == ["甲" * 14, "乙" * 20 + "丙" * 20]


def test_two_columns_with_a_paragraph_that_goes_over() -> None:
    left = [at(0, 16 * n, "左" * 20) for n in range(4)]
    right = [at(220, 16 * n, "右" * 20) for n in range(4)]
    fragments = left + right
    Random(1).shuffle(fragments)
    assert texts(fragments) == ["左" * 80 + "右" * 80]


def test_a_line_across_parts_the_columns() -> None:
    def columns(top: float, left: str, right: str) -> list[Fragment]:
        return [
            piece
            for n in range(4)
            for piece in (at(0, top + 16 * n, left * 20), at(220, top + 16 * n, right * 19 + "。"))
        ]

    fragments = [*columns(0, "甲", "乙"), at(100, 80, "图" * 22, 11), *columns(110, "丙", "丁")]
    told = texts(fragments)
    assert [line[0] for line in told] == ["甲", "图", "丙"]
    assert told[0].startswith("甲" * 80 + "乙")
    assert told[2].startswith("丙" * 80 + "丁")


def test_names_and_figures_side_by_side_are_no_columns() -> None:
    fragments = [at(0, 16 * n, f"{n}号线路") for n in range(5)]
    fragments += [at(220, 16 * n, f"{n}00") for n in range(5)]
    assert texts(fragments) == [f"{n}号线路 {n}00" for n in range(5)]


def test_headers_and_footers_stand_alone() -> None:
    fragments = [
        at(0, 20, "甲" * 20),
        at(0, 60, "乙" * 20),
        at(0, 76, "乙" * 20),
        at(90, 480, "12"),
    ]
    assert texts(fragments, 500) == ["甲" * 20, "乙" * 40, "12"]


def test_a_watermark_across_the_lines_does_not_part_them() -> None:
    fragments = [at(0, 16 * n, "甲" * 20) for n in range(5)]
    assert texts([*fragments, at(30, 10, "样稿", 50)]) == ["甲" * 100, "样稿"]


def test_a_syllable_keeps_a_soft_hyphen() -> None:
    fragments = [
        at(0, 0, "a long and inter-"),
        at(0, 16, "mediate result ok"),
        at(0, 32, "and end"),
    ]
    assert texts(fragments) == ["a long and inter\u00admediate result ok and end"]


@pytest.mark.parametrize(
    ("before", "after", "gap", "joined"),
    [
        ("甲", "乙", 0.4, "甲乙"),
        ("one", "two", 0.25, "one two"),
        ("on", "e", 0.05, "one"),
        ("约", "30", 0.25, "约30"),
        ("第一章 ", "总论", 0.0, "第一章 总论"),
    ],
)
def test_join_text(before: str, after: str, gap: float, joined: str) -> None:
    assert join_text(before, after, gap) == joined


def test_a_raised_figure_stays_in_its_line() -> None:
    raised = Fragment("[1]", 50, 0.5, 62, 6.5, 6)
    assert [run.text for run in join_runs([at(0, 0, "甲乙丙丁戊"), raised, at(62, 0, "己")])] == [
        "甲乙丙丁戊[1]己"
    ]


def grid(xs: list[float], ys: list[float]) -> list[Stroke]:
    across = [Stroke(xs[0], y, xs[-1], y) for y in ys]
    return across + [Stroke(x, ys[0], x, ys[-1]) for x in xs]


def test_ruled_cells_are_rows_and_a_frame_is_none() -> None:
    fragments = [
        at(5, 5, "甲"),
        at(105, 5, "乙"),
        at(5, 25, "丙"),
        at(105, 25, "3"),
        at(0, 90, "丁"),
    ]
    tables, left = find_ruled_tables(fragments, grid([0, 100, 200], [0, 20, 40]))
    assert tables[0].lines == (
        TextLine("| 甲 | 乙 |", is_row=True),
        TextLine("| 丙 | 3 |", is_row=True),
    )
    assert [piece.text for piece in left] == ["丁"]
    assert find_ruled_tables(fragments, grid([0, 200], [0, 40])) == ([], fragments)


def test_columns_of_prose_between_three_lines_are_no_table() -> None:
    fragments = [at(x, 10 + 16 * n, "甲乙丙，" * 5) for x in (0, 220) for n in range(6)]
    strokes = [Stroke(0, y, 420, y) for y in (0, 50, 120)]
    assert find_ruled_tables(fragments, strokes)[0] == []


# --- what pages add to the text ---


def cleaned(pages: list[str]) -> str:
    bounds = tuple(sum(map(len, pages[:n])) for n in range(len(pages)))
    trail = Trail("".join(pages))
    for rule in (find_running_lines, find_repeated_headers, find_page_wraps):
        now = tuple(trail.clean_position(bound) for bound in bounds)
        trail = trail.apply(rule.__name__, rule(trail.text, RuleContext(now)))
    return trail.text


BODY = "调查对象为沿线的三十座车站，每座车站抽取二百名乘客。"


@pytest.mark.parametrize(
    "edge",
    [
        "- {n} -",
        "第 {n} 页 共 20 页",
        "第{n}页",
        "{n} / 20",
        "某某研究院年度报告 {n}",
        "{n} | 某某研究院",
        "Page {n} of 20",
        "某某研究院年度报告",
    ],
)
@pytest.mark.parametrize("top", [True, False])
def test_running_lines_go(edge: str, top: bool) -> None:
    lines = [edge.format(n=n) for n in range(3, 8)]
    pages = [
        f"{line}\n{BODY}{n}。\n" if top else f"{BODY}{n}。\n{line}\n"
        for n, line in enumerate(lines)
    ]
    assert cleaned(pages) == "".join(f"{BODY}{n}。\n" for n in range(5))


def test_odd_and_even_pages_and_roman_numerals() -> None:
    odd, even = "城市轨道年度报告 {}\n", "{} 某某研究院\n"
    pages = [(even if n % 2 == 0 else odd).format(n) + f"{BODY}{n}。\n" for n in range(2, 8)]
    assert "某某" not in cleaned(pages)
    assert "年度" not in cleaned(pages)
    pages = [f"{BODY}\n{roman}\n" for roman in ("ii", "iii", "iv")]
    assert cleaned(pages) == f"{BODY}\n" * 3


def test_a_chapters_name_stays_where_it_is_the_heading() -> None:
    pages = [f"{'甲乙丙丁戊己庚辛'[n]}站\n{BODY}{n}。\n" for n in range(8)]
    name = "第三章 运营情况"
    pages += [f"{name}\n{BODY}{n}。\n" for n in range(4)]
    assert cleaned(pages).count(name) == 1
    assert cleaned(pages).index(name) == len("".join(pages[:8]))


def test_what_recurs_on_every_page_and_is_no_header_stays() -> None:
    pages = [f"附件 {n}\n{BODY}\n数据从略。\n" for n in (1, 2, 3)]
    assert cleaned(pages) == "".join(pages)


@pytest.mark.parametrize(
    ("last", "first", "between"),
    [
        ("乘客在换乘时普遍反映等候时间过长，", "部分车站已经加开列车。", ""),
        ("the passengers of the line have reported, on", "average, longer times.", " "),
        ("the passengers of the line gave their infor-", "mation freely.", None),
        (BODY, "另外抽取了五十名职工。", "\n"),
        ("乘客在换乘时普遍反映等候时间过长，例如", "二、车站设施", "\n"),
        ("乘客在换乘时普遍反映等候时间过长，例如", "　　车站设施陈旧。", "\n"),
        ("第二章 车站设施", "车站设施陈旧。", "\n"),
        ("| 甲 | 乙 |", "车站设施陈旧。", "\n"),
    ],
)
def test_a_sentence_goes_on_over_the_page(last: str, first: str, between: str | None) -> None:
    expected = last[:-1] + first if between is None else last + between + first
    assert cleaned([f"{last}\n", f"{first}\n"]).rstrip("\n") == expected


def test_the_header_row_of_a_table_is_not_repeated() -> None:
    pages = ["| 甲 | 乙 |\n| 1 | 2 |\n", "| 甲 | 乙 |\n| 3 | 4 |\n", "| 丙 | 丁 |\n| 5 | 6 |\n"]
    assert cleaned(pages) == "| 甲 | 乙 |\n| 1 | 2 |\n| 3 | 4 |\n| 丙 | 丁 |\n| 5 | 6 |\n"
