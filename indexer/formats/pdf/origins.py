"""Where on a page each character of its text stands.

The layout puts pieces of text together and keeps no account of them, since a report of a thousand
pages needs none. For one page it can be asked afterwards: some characters are exchanged for others
of their kind, the page is laid out again, and the exchanged ones show where they came out. With
each character numbered, and a layout for each binary digit of the numbers, ten layouts tell a
thousand characters apart, also in columns and tables that a file names in another order. If
anything else changes in the text, the layout went by what was exchanged, and that trial tells
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from indexer.text.fold import fold_chars
from indexer.text.patterns import HEADING_START
from indexer.text.quantities import QUANTITY

from .glyphs import Glyph, count_chars, read_strokes, turned_glyphs, views_of
from .load import page_bounds, read_lines

# A page of small type has 5,000.
_MOST_CHARS = 20_000
# How many characters are laid out to find them; a microsecond each.
_MOST_WORK = 2_000_000
# Ideographs by which the layout knows headings, items and quantities.
_TELLING = frozenset(char for char in HEADING_START + QUANTITY.pattern if char > "\x7f")
# Characters that come last, since the layout may go by them, each with one that it takes for alike.
_ALIKE = dict(
    zip("0123456789%•●-,，。、.:：()（）", "9774365898‰●•*，,！，·：:[]［］", strict=True)
)
# What stands for a character in a text that the layout changes: a bar within a cell, and the
# hyphen of a word that goes on in the next line.
_WRITTEN = {"¦": "|｜", "\u00ad": "-"}
# A bar is what the layout puts between the cells of a table.
BAR = "|"

LayOut = Callable[[Mapping[int, str]], str]


@dataclass(frozen=True, slots=True)
class Origins:
    """The text of a page without its white space, and the glyph of each character.

    A glyph is None where the layout put a bar in, or where it cannot be told.
    """

    text: str
    glyphs: tuple[Glyph | None, ...]

    def __post_init__(self) -> None:
        if len(self.text) != len(self.glyphs):
            raise ValueError(f"{len(self.text)} characters but {len(self.glyphs)} glyphs")


def find_origins(page: Any) -> Origins | None:
    """The origins of a page's text, as the loader reads it; None if it has too many characters.

    Args:
        page: pypdfium2's.
    """
    bounds = page_bounds(page)
    text_page = page.get_textpage()
    try:
        if count_chars(text_page.raw) > _MOST_CHARS:
            return None
        turned = turned_glyphs(text_page.raw, bounds)
        strokes = tuple(read_strokes(page.raw)) if turned else ()
    finally:
        text_page.close()
    glyphs = [glyph for _, of_turn in turned for glyph in of_turn]

    def lay_out(exchanged: Mapping[int, str]) -> str:
        numbers = iter(range(len(glyphs)))
        changed = [
            (turn, [_other(glyph, exchanged.get(next(numbers))) for glyph in of_turn])
            for turn, of_turn in turned
        ]
        lines = read_lines(views_of(changed, strokes, bounds))
        return without_space("\n".join(line.text for line in lines))

    chars = [glyph.char for glyph in glyphs]
    pieces = [piece for view in views_of(turned, (), bounds) for piece in view.pieces]
    followers = _followers(chars, [without_space(piece.text) for piece in pieces])
    text = lay_out({})
    numbers = _numbers(text, chars, followers, lay_out)
    return Origins(text, tuple(None if n is None else glyphs[n] for n in numbers))


def without_space(text: str) -> str:
    """A text without its white space."""
    return "".join(text.split())


def _other(glyph: Glyph, char: str | None) -> Glyph:
    return glyph if char is None else replace(glyph, char=char)


def _followers(chars: Sequence[str], pieces: Sequence[str]) -> dict[int, int]:
    """The number of the character that follows each one in its piece: a piece stays whole."""
    numbers = [number for number, char in enumerate(chars) if not char.isspace()]
    found: dict[int, int] = {}
    at = 0
    for piece in pieces:
        inside = numbers[at : at + len(piece)]
        found.update(pairwise(inside))
        at += len(inside)
    return found


def _numbers(
    text: str, chars: Sequence[str], followers: Mapping[int, int], lay_out: LayOut
) -> list[int | None]:
    """Which of the page's characters each one of its text is, by number."""
    numbers: list[int | None] = [None] * len(text)
    alike = {char: _alike(char) for char in sorted({*text} - {BAR})}
    # Those that the layout may go by come last, when few are left that their neighbours do not tell.
    telling = [char for char in alike if char in _ALIKE or fold_chars(char) in _TELLING]
    groups = [telling, [char for char in alike if char not in telling]]
    work = 0
    while groups and work < _MOST_WORK:
        group = groups.pop()
        used = set(numbers)
        wanted = {c for c, n in zip(text, numbers, strict=True) if n is None}.intersection(group)
        others = {n: alike[c] for n, c in enumerate(chars) if c in wanted and n not in used}
        work += len(chars) * len(others).bit_length()
        told = _told(text, chars, others, lay_out)
        if told is None and len(group) > 1:
            groups += [group[: len(group) // 2], group[len(group) // 2 :]]
        for at, number in (told or {}).items():
            numbers[at] = number
        _fill(text, numbers, chars, followers)
    return numbers


def _alike(char: str) -> str:
    """Another character of the same kind."""
    if char in _ALIKE:
        return _ALIKE[char]
    if "a" <= char <= "z":
        return "q" if char != "q" else "j"
    if "A" <= char <= "Z":
        return "Q" if char != "Q" else "J"
    if char <= "\x7f":
        return "#" if char != "#" else "&"
    return "玉" if char != "玉" else "石"


def _told(
    text: str, chars: Sequence[str], others: Mapping[int, str], lay_out: LayOut
) -> dict[int, int] | None:
    """Where the characters that are exchanged for `others` came out: number by place in the text.

    None where the text becomes another in more than these.
    """
    exchange = {chars[number]: other for number, other in others.items()}
    order = [*others]
    codes: dict[int, int] = {}
    for digit in range(len(order).bit_length()):
        # Counted from 1, so that each is exchanged at least once.
        here = [number for code, number in enumerate(order, 1) if code >> digit & 1]
        changed = lay_out({number: others[number] for number in here})
        if len(changed) != len(text):
            return None
        for at, (before, after) in enumerate(zip(text, changed, strict=True)):
            if after == before:
                continue
            if after != exchange.get(before):
                return None
            codes[at] = codes.get(at, 0) | 1 << digit
    if max(codes.values(), default=0) > len(order):
        return None
    told = {at: order[code - 1] for at, code in codes.items()}
    return told if all(text[at] == chars[number] for at, number in told.items()) else None


def _fill(
    text: str, numbers: list[int | None], chars: Sequence[str], followers: Mapping[int, int]
) -> None:
    """Numbers what stands beside a character of the same piece."""
    leaders = {after: before for before, after in followers.items()}
    places = range(len(text))
    for order, step, beside in ((places, -1, followers), (reversed(places), 1, leaders)):
        for at in order:
            known = numbers[at + step] if 0 <= at + step < len(text) else None
            number = None if known is None else beside.get(known)
            if numbers[at] is None and number is not None and _is(text[at], chars[number]):
                numbers[at] = number


def _is(written: str, char: str) -> bool:
    """Whether the layout writes a character of a page so."""
    return written == char or char in _WRITTEN.get(written, "")
