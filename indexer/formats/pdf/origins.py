"""Find the glyph on a page that each character of its text came from.

The layout joins text fragments without recording where each character came from, since a report of
a thousand pages does not need it. It is found afterwards for a single page: replace some characters
by others of their kind, lay the page out again, and see where the replaced ones appear. Each
character has a number, and one layout is made for each binary digit of the numbers, so that ten
layouts tell a thousand characters apart, also in columns and tables that a file draws in another
order. If anything else changes in the text, the layout depends on a replaced character, and the
result of that trial is discarded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from indexer.text.fold import fold_chars
from indexer.text.patterns import HEADING_START
from indexer.text.quantities import QUANTITY

from .drawings import read_strokes
from .glyphs import Glyph, build_views, count_chars, group_by_turn
from .load import page_bounds, read_lines

# A page in small type has 5,000 characters.
_MAX_CHARS = 20_000
# The most characters that are laid out in all trials together; a microsecond each.
_MAX_WORK = 2_000_000
# Characters by which the layout recognises headings, items and quantities.
_STRUCTURE_CHARS = frozenset(char for char in HEADING_START + QUANTITY.pattern if char > "\x7f")
# Digits and punctuation, which the layout may depend on, each with one that it treats the same.
_SUBSTITUTES = dict(
    zip("0123456789%•●-,，。、.:：()（）", "9774365898‰●•*，,！，·：:[]［］", strict=True)
)
# Characters that the layout writes in place of others: for a bar within a cell, and for the hyphen
# of a word that is broken at the line's end.
_WRITTEN_FOR = {"¦": "|｜", "\u00ad": "-"}
# What the layout puts between the cells of a table.
BAR = "|"

LayOutPage = Callable[[Mapping[int, str]], str]


@dataclass(frozen=True, slots=True)
class Origins:
    """The glyph that each character of a page's text came from."""

    text: str
    """The page's text without white space."""
    glyphs: tuple[Glyph | None, ...]
    """One for each character; None for a bar that the layout added, or if the glyph is unknown."""

    def __post_init__(self) -> None:
        if len(self.text) != len(self.glyphs):
            raise ValueError(f"{len(self.text)} characters but {len(self.glyphs)} glyphs")


def find_origins(page: Any) -> Origins | None:
    """Find the glyphs of a page's text as the loader reads it; None if it has too many characters.

    Args:
        page: a page of pypdfium2.
    """
    bounds = page_bounds(page)
    text_page = page.get_textpage()
    try:
        if count_chars(text_page.raw) > _MAX_CHARS:
            return None
        by_turn = group_by_turn(text_page.raw, bounds)
        strokes = tuple(read_strokes(page.raw)) if by_turn else ()
    finally:
        text_page.close()
    glyphs = [glyph for _, of_turn in by_turn for glyph in of_turn]

    def lay_out(substituted: Mapping[int, str]) -> str:
        # Characters are numbered in the order of `glyphs`.
        numbers = iter(range(len(glyphs)))
        changed = [
            (turn, [_substitute(glyph, substituted.get(next(numbers))) for glyph in of_turn])
            for turn, of_turn in by_turn
        ]
        lines = read_lines(build_views(changed, strokes, bounds))
        return without_space("\n".join(line.text for line in lines))

    chars = [glyph.char for glyph in glyphs]
    fragments = [
        fragment for view in build_views(by_turn, (), bounds) for fragment in view.fragments
    ]
    followers = _find_followers(chars, [without_space(fragment.text) for fragment in fragments])
    text = lay_out({})
    numbers = _match_glyphs(text, chars, followers, lay_out)
    return Origins(text, tuple(None if n is None else glyphs[n] for n in numbers))


def without_space(text: str) -> str:
    """Return a text without its white space."""
    return "".join(text.split())


def _substitute(glyph: Glyph, char: str | None) -> Glyph:
    return glyph if char is None else replace(glyph, char=char)


def _find_followers(chars: Sequence[str], fragments: Sequence[str]) -> dict[int, int]:
    """Map the number of each character to that of the next one in its fragment.

    The layout keeps fragments whole, so that neighbours stay neighbours.
    """
    numbers = [number for number, char in enumerate(chars) if not char.isspace()]
    found: dict[int, int] = {}
    at = 0
    for fragment in fragments:
        inside = numbers[at : at + len(fragment)]
        found.update(pairwise(inside))
        at += len(inside)
    return found


def _match_glyphs(
    text: str, chars: Sequence[str], followers: Mapping[int, int], lay_out: LayOutPage
) -> list[int | None]:
    """Return for each character of the text the number of the page's character that it is.

    Args:
        text: the page's text without white space.
        chars: the characters of the page.
        followers: the number of the next character of the same fragment.
        lay_out: lays the page out with some characters replaced, by number.
    """
    numbers: list[int | None] = [None] * len(text)
    substitute_of = {char: _find_substitute(char) for char in sorted({*text} - {BAR})}
    # Try the characters that the layout may depend on last: by then their neighbours, which are
    # already known, settle most of them.
    structural = [
        char
        for char in substitute_of
        if char in _SUBSTITUTES or fold_chars(char) in _STRUCTURE_CHARS
    ]
    groups = [structural, [char for char in substitute_of if char not in structural]]
    work = 0
    while groups and work < _MAX_WORK:
        group = groups.pop()
        used = set(numbers)
        wanted = {c for c, n in zip(text, numbers, strict=True) if n is None}.intersection(group)
        substitutes = {
            n: substitute_of[c] for n, c in enumerate(chars) if c in wanted and n not in used
        }
        work += len(chars) * len(substitutes).bit_length()
        traced = _trace_substituted(text, chars, substitutes, lay_out)
        if traced is None and len(group) > 1:
            groups += [group[: len(group) // 2], group[len(group) // 2 :]]
        for at, number in (traced or {}).items():
            numbers[at] = number
        _fill_from_neighbours(text, numbers, chars, followers)
    return numbers


def _find_substitute(char: str) -> str:
    """Return another character that the layout treats the same."""
    if char in _SUBSTITUTES:
        return _SUBSTITUTES[char]
    if "a" <= char <= "z":
        return "q" if char != "q" else "j"
    if "A" <= char <= "Z":
        return "Q" if char != "Q" else "J"
    if char <= "\x7f":
        return "#" if char != "#" else "&"
    return "玉" if char != "玉" else "石"


def _trace_substituted(
    text: str, chars: Sequence[str], substitutes: Mapping[int, str], lay_out: LayOutPage
) -> dict[int, int] | None:
    """Replace characters by `substitutes` (by number) and see where they appear.

    Returns:
        The number of the character for each place in the text; None if anything else changed.
    """
    expected = {chars[number]: other for number, other in substitutes.items()}
    order = [*substitutes]
    codes: dict[int, int] = {}
    for digit in range(len(order).bit_length()):
        # Codes begin at 1, so that each character is replaced at least once.
        replaced = [number for code, number in enumerate(order, 1) if code >> digit & 1]
        changed = lay_out({number: substitutes[number] for number in replaced})
        if len(changed) != len(text):
            return None
        for at, (before, after) in enumerate(zip(text, changed, strict=True)):
            if after == before:
                continue
            if after != expected.get(before):
                return None
            codes[at] = codes.get(at, 0) | 1 << digit
    if max(codes.values(), default=0) > len(order):
        return None
    traced = {at: order[code - 1] for at, code in codes.items()}
    return traced if all(text[at] == chars[number] for at, number in traced.items()) else None


def _fill_from_neighbours(
    text: str, numbers: list[int | None], chars: Sequence[str], followers: Mapping[int, int]
) -> None:
    """Fill in the numbers of characters beside a known one of the same fragment."""
    leaders = {after: before for before, after in followers.items()}
    places = range(len(text))
    for order, step, beside in ((places, -1, followers), (reversed(places), 1, leaders)):
        for at in order:
            known = numbers[at + step] if 0 <= at + step < len(text) else None
            number = None if known is None else beside.get(known)
            if (
                numbers[at] is None
                and number is not None
                and _is_written_as(text[at], chars[number])
            ):
                numbers[at] = number


def _is_written_as(written: str, char: str) -> bool:
    """Return whether the layout writes a character of the page as `written`."""
    return written == char or char in _WRITTEN_FOR.get(written, "")
