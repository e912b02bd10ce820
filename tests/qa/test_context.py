"""A passage in its place: the section around it, the quotation marked out, bad spans refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.build import build_index
from indexer.config import Config
from indexer.errors import YinjuError
from indexer.text.fold import script_of
from qa.context import Place, find_place
from qa.index import Index
from tests.conftest import FakeEncoder

MakeIndex = Callable[..., Index]


def quoted_parts(place: Place) -> list[str]:
    """The marked pieces, one a block."""
    return [piece.text for block in place.blocks for piece in block.pieces if piece.is_quoted]


def shown(place: Place) -> str:
    return "\n".join("".join(piece.text for piece in block.pieces) for block in place.blocks)


def squeezed(text: str) -> str:
    """Without white space and without what Markdown marks headings and tables with."""
    lines = (line for line in text.split("\n") if not re.fullmatch(r"[|\s:-]*-[|\s:-]*", line))
    return re.sub(r"\s|(?m:^#+)", "", "\n".join(lines))


@pytest.fixture
def index_of(fake_encoder: FakeEncoder, tmp_path: Path) -> MakeIndex:
    """Indexes a text as one report, named report.txt or as asked."""

    def make(text: str, name: str = "report.txt") -> Index:
        (tmp_path / name).write_text(text, encoding="utf-8")
        config = Config(tmp_path / "index", None, tmp_path)
        build_index(config, [tmp_path / name])
        return Index.open(config)

    return make


def place_in(index: Index, quote: str) -> Place:
    """The place of the first occurrence of a quotation in the only report."""
    (document,) = index.documents()
    start = index.snapshot.catalogue.trail(document.id).text.index(quote)
    return find_place(index.snapshot.catalogue, document.path, start, start + len(quote))


REPORT = """苹果行业报告

一、产量
第一段说明苹果的产量。2020年产量为三百吨。

第二段说明梨的产量。2021年产量为四百吨。

二、价格
价格一直平稳。最后一句在这里。"""


def test_every_passage_of_the_shipped_reports_is_lit_whole(corpus_index: Index) -> None:
    catalogue = corpus_index.snapshot.catalogue
    for document in corpus_index.documents():
        for passage in catalogue.report(document.id).passages:
            place = find_place(catalogue, document.path, passage.start, passage.end)
            assert quoted_parts(place) == [passage.text]
            assert place.quote == passage.text
            assert place.headings == passage.headings


def test_no_word_of_a_section_is_left_out(corpus_index: Index) -> None:
    catalogue = corpus_index.snapshot.catalogue
    for document in corpus_index.documents():
        report = catalogue.report(document.id)
        for passage in report.passages:
            place = find_place(catalogue, document.path, passage.start, passage.end)
            section = report.trail.text[place.blocks[0].start : place.blocks[-1].end]
            assert squeezed(shown(place)) == squeezed(section)


@pytest.mark.parametrize(
    "question",
    ["2018年银行在发放额里占多大比例?", "2021年公共桩有多少万台?", "冷库容量有多大?"],
)
def test_a_place_agrees_with_its_citation(corpus_index: Index, question: str) -> None:
    answer = corpus_index.ask(question)
    assert answer.citations
    for citation in answer.citations:
        place = find_place(
            corpus_index.snapshot.catalogue, citation.document, citation.start, citation.end
        )
        assert place.quote == citation.quote
        assert place.headings == citation.headings
        assert place.page == citation.page
        assert (place.raw_start, place.raw_end) == (citation.raw_start, citation.raw_end)


def test_a_quotation_at_the_very_start_and_end(index_of: MakeIndex) -> None:
    index = index_of(REPORT)
    first, last = place_in(index, "苹果行业报告"), place_in(index, "最后一句在这里。")
    assert quoted_parts(first) == ["苹果行业报告"]
    assert not first.before
    assert quoted_parts(last) == ["最后一句在这里。"]
    assert not last.after
    assert last.headings == ("二、价格",)


def test_a_quotation_over_two_paragraphs_is_lit_in_both(index_of: MakeIndex) -> None:
    place = place_in(index_of(REPORT), "2020年产量为三百吨。\n\n第二段说明梨的产量。")
    assert quoted_parts(place) == ["2020年产量为三百吨。", "第二段说明梨的产量。"]


def test_a_heading_can_be_quoted(index_of: MakeIndex) -> None:
    place = place_in(index_of(REPORT), "二、价格")
    assert quoted_parts(place) == ["二、价格"]
    assert place.headings == ()
    assert [block.kind for block in place.blocks if any(p.is_quoted for p in block.pieces)] == [
        "heading"
    ]


def test_a_short_section_is_shown_with_the_one_around_it(index_of: MakeIndex) -> None:
    place = place_in(index_of(REPORT), "价格一直平稳。")
    assert "第一段说明" in shown(place)


def test_a_long_section_is_shown_alone(index_of: MakeIndex) -> None:
    long = "".join(f"第{i}句说明苹果的产量。" for i in range(60))
    place = place_in(
        index_of(f"一、产量\n{long}\n二、价格\n价格一直平稳。\n"), "第7句说明苹果的产量。"
    )
    assert "价格" not in shown(place)
    assert place.after


def test_a_report_without_headings_is_not_shown_whole(index_of: MakeIndex) -> None:
    text = "\n".join(f"第{i}句说明苹果的产量在这一年里如何变化。" for i in range(1500))
    place = place_in(index_of(text), "第700句说明苹果的产量在这一年里如何变化。")
    assert quoted_parts(place) == ["第700句说明苹果的产量在这一年里如何变化。"]
    assert place.before
    assert place.after
    assert len(shown(place)) <= 6000


def test_a_passage_beyond_all_measure_is_cut(index_of: MakeIndex) -> None:
    index = index_of("苹果的产量" * 3000)
    (document,) = index.documents()
    place = find_place(index.snapshot.catalogue, document.path, 0, document.characters)
    assert len(shown(place)) == 6000
    assert place.after


def test_a_row_stands_under_its_header(corpus_index: Index) -> None:
    (citation,) = corpus_index.ask("2021年公共桩有多少万台?").citations
    catalogue = corpus_index.snapshot.catalogue
    place = find_place(catalogue, citation.document, citation.start, citation.end)
    kinds = [block.kind for block in place.blocks]
    assert kinds[kinds.index("header") :][:6] == ["header", *["row"] * 5]
    assert "---" not in shown(place)


@pytest.mark.parametrize(
    ("start", "end"),
    [(-1, 5), (5, 5), (6, 5), (0, 10**9), (None, 5), ("0", 5), (0.0, 5), (False, 5), ([], {})],
)
def test_a_span_that_is_none_is_refused(index_of: MakeIndex, start: object, end: object) -> None:
    index = index_of(REPORT)
    path = index.documents()[0].path
    with pytest.raises(YinjuError, match="no passage of this report"):
        find_place(index.snapshot.catalogue, path, start, end)  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../report.txt", None, 7, ["report.txt"]])
def test_a_report_that_is_not_there_is_refused(index_of: MakeIndex, path: object) -> None:
    with pytest.raises(YinjuError, match="no such report"):
        find_place(index_of(REPORT).snapshot.catalogue, path, 0, 1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("互聯網消費金融發展研究報告", "zh-Hant"),
        ("互联网消费金融发展研究报告", "zh-Hans"),
        ("2018年", "zh-Hans"),
        ("", "zh-Hans"),
        ("<b>plain</b>", "zh-Hans"),
    ],
)
def test_script(text: str, script: str) -> None:
    assert script_of(text) == script


def test_script_of_the_shipped_reports(corpus_index: Index) -> None:
    texts = {
        Path(d.path).name: corpus_index.snapshot.catalogue.trail(d.id).text
        for d in corpus_index.documents()
    }
    assert {name: script_of(text) for name, text in texts.items()} == {
        "internet-consumer-finance.txt": "zh-Hant",
        "cold-chain.pdf": "zh-Hans",
        "ev-charging.md": "zh-Hans",
    }
