"""Which glyph of a page each character of its text is, as told by layouts of exchanged characters."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from indexer.formats.pdf.origins import Origins, _match_glyphs, find_origins, without_space

from .test_pdf import NORTH, SOUTH, Paper, table


def origins_of(file: Path, page: int = 0) -> Origins:
    with pdfium.PdfDocument(file) as document:
        origins = find_origins(document[page])
    assert origins is not None
    return origins


def test_each_character_is_told_and_a_bar_has_no_glyph(tmp_path: Path) -> None:
    paper = Paper()
    paper.add_page()
    paper.column(310, 300, 22, NORTH)
    paper.column(60, 300, 22, SOUTH)
    table(paper, 700, [("年", "区"), ("2021年", "3"), ("2021年", "3")])
    origins = origins_of(paper.save(tmp_path))
    assert SOUTH + NORTH in origins.text
    for char, glyph in zip(origins.text, origins.glyphs, strict=True):
        assert (glyph is None) == (char == "|")
        assert glyph is None or glyph.char == char
    # The same words in two rows are two glyphs each.
    told = [(g.char, g.box) for g in origins.glyphs if g is not None]
    assert len(told) == len(set(told))


def test_a_cell_over_two_rows_is_the_same_glyph_twice(tmp_path: Path) -> None:
    paper = Paper()
    paper.add_page()
    for y, height, x, cell in (
        (100, 18, 60, "线路"),
        (100, 18, 180, "费用"),
        (118, 36, 60, "南线"),
        (118, 18, 180, "12"),
        (136, 18, 180, "22"),
    ):
        paper.rect(x, y, 120, height)
        paper.put(x + 10, y + 13, cell)
    origins = origins_of(paper.save(tmp_path))
    assert origins.text == "|线路|费用||南线|12||南线|22|"
    first, second = origins.text.index("南线"), origins.text.rindex("南线")
    assert origins.glyphs[first : first + 2] == origins.glyphs[second : second + 2]
    assert None not in origins.glyphs[first : first + 2]


def test_an_empty_page_has_no_characters(tmp_path: Path) -> None:
    paper = Paper()
    paper.add_page()
    assert origins_of(paper.save(tmp_path)) == Origins("", ())


def test_text_and_glyphs_are_equally_many() -> None:
    with pytest.raises(ValueError, match="2 characters but 0 glyphs"):
        Origins("ab", ())


def layout(chars: str, order: list[int], by: str = "") -> object:
    """A layout that puts characters in this order; it leaves out `by` where it finds another."""

    def lay_out(exchanged: Mapping[int, str]) -> str:
        text = "".join(exchanged.get(n, chars[n]) for n in order)
        return text if by in text else text[1:]

    return lay_out


@pytest.mark.parametrize("order", [[0, 1, 2, 3, 4], [4, 2, 0, 3, 1], [3, 3, 1, 0, 2, 4]])
def test_the_order_of_a_layout_is_found(order: list[int]) -> None:
    chars = "甲甲乙a9"
    lay_out = layout(chars, order)
    assert _match_glyphs("".join(chars[n] for n in order), chars, {}, lay_out) == order  # type: ignore[arg-type]


def test_what_a_layout_goes_by_is_not_told_and_the_rest_is() -> None:
    chars = "甲乙丙甲"
    lay_out = layout(chars, [3, 2, 1, 0], by="丙")
    assert _match_glyphs("甲丙乙甲", chars, {}, lay_out) == [3, None, 1, 0]  # type: ignore[arg-type]
    # ... unless it stands in a piece with what is told.
    assert _match_glyphs("甲丙乙甲", chars, {2: 1}, lay_out) == [3, 2, 1, 0]  # type: ignore[arg-type]


def test_white_space_of_any_kind_is_left_out() -> None:
    assert without_space(" 甲\u3000乙\n丙\xa0") == "甲乙丙"
