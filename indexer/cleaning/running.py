"""What a page adds to the text of a report: headers, footers, page numbers, and its own breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from indexer.text.fold import fold_chars
from indexer.text.patterns import HEADING_START, QUANTITY, before_leader, is_row

from .trail import Change
from .wrapping import Context

_FEW_PAGES = 3
# A page number and nothing else but the words and signs around one.
_BARE_NUMBER = re.compile(r"[第共页page of/|·•—–\-\[\]()\s#]*", re.IGNORECASE)
_DASHES = re.compile(r"[—–―─]+")
_DIGITS = re.compile(r"\d+")
_LINE = re.compile(r"[^\n]+\n?")
# A longer line is prose.
_LONGEST = 200
_ROMAN = re.compile(r"[-–—·(\s]*([ivxlc]{1,7})[-–—·)\s]*", re.IGNORECASE)
_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_STARTS_HEADING = re.compile(HEADING_START)
# Two lines at either edge of a page: a header may have a subtitle, a footer a number below it.
_DEEP = 2
# So many pages count up together before a line with their number is believed to be a header.
_COUNTED = 5
# A header that has a number has more words than this.
_WORDS = 5


@dataclass(frozen=True, slots=True)
class _Edge:
    """A line at a page's edge. page: from 0. depth: 0 for the first or last line."""

    page: int
    start: int
    end: int
    depth: int
    top: bool


def running_lines(text: str, context: Context) -> Iterator[Change]:
    """First and last lines of a page that recur on the pages around it.

    On half of all pages; on half of the left or the right ones; or as first or last line of three
    pages in a row, as a chapter's name does. A number may count up with the pages. A sentence or a
    row of a table is no running line, however often it recurs.
    """
    bounds = context.page_bounds
    if len(bounds) < 2:
        return
    folded = fold_chars(text)
    edges: dict[tuple[str, int], list[_Edge]] = {}
    for page, (start, end) in enumerate(zip(bounds, (*bounds[1:], len(text)), strict=True)):
        for edge in _edges(text, page, start, end):
            line = _DASHES.sub("-", " ".join(folded[edge.start : edge.end].split()))
            for key in _keys(line, page):
                edges.setdefault(key, []).append(edge)
    gone: dict[int, int] = {}
    for (words, _), found in edges.items():
        for edge in _running(words, _outermost(found), len(bounds), folded):
            gone[edge.start] = edge.end
    yield from (Change(start, end) for start, end in gone.items())


def _edges(text: str, page: int, start: int, end: int) -> Iterator[_Edge]:
    lines = _LINE.finditer(text, start, end)
    spans = [m.span() for m in lines if not m[0].isspace()]
    for depth, (a, b) in enumerate(spans[:_DEEP]):
        yield _Edge(page, a, b, depth, True)
    # A line of a page with fewer than four may be at both edges; it is looked at once.
    for depth, (a, b) in enumerate(reversed(spans[_DEEP:][-_DEEP:])):
        yield _Edge(page, a, b, depth, False)


def _keys(line: str, page: int) -> Iterator[tuple[str, int]]:
    """What a line is compared by: itself; with its number as # and how far that is from the page's.

    A line of little but a number is compared without the number too.
    """
    if not line or len(line) > _LONGEST or line[-1] in "。;!?" or line.startswith("|"):
        return
    if roman := _ROMAN.fullmatch(line):
        yield "#roman", _roman(roman[1].lower()) - page
        return
    plain = _DIGITS.sub("#", line)
    if plain != line and _BARE_NUMBER.fullmatch(plain):
        yield plain.replace(" ", ""), 0
    elif not is_row(line):
        yield line, 0
    for number in re.finditer(r"(?<![\d.,])\d{1,4}(?![\d,]|\.\d)", line):
        # With an offset of its own, so that two lines are alike only if both count with the pages.
        rest = (
            _DIGITS.sub("0", line[: number.start()]) + "#" + _DIGITS.sub("0", line[number.end() :])
        )
        # OCR leaves spaces out that a text layer has.
        yield f"counted {rest.replace(' ', '')}", int(number[0]) - page


def _roman(numeral: str) -> int:
    """The value of a numeral.

    >>> _roman("xiv")
    14
    """
    values = [_VALUES[c] for c in numeral]
    return sum(-v if v < after else v for v, after in zip(values, [*values[1:], 0], strict=True))


def _outermost(found: list[_Edge]) -> list[_Edge]:
    """Of like lines on one edge of a page only the outer one: a title stands below its header."""
    kept: dict[tuple[int, bool], _Edge] = {}
    for edge in found:
        place = (edge.page, edge.top)
        if place not in kept or edge.depth < kept[place].depth:
            kept[place] = edge
    return list(kept.values())


def _running(key: str, found: list[_Edge], pages: int, folded: str) -> list[_Edge]:
    """Those of like lines that are running lines."""
    on = {edge.page for edge in found}
    if pages < _FEW_PAGES:  # too few to tell a header from a heading, but a number counts up
        found = [edge for edge in found if edge.depth == 0]
        counts = key.startswith("counted ")
        return found if counts and len({edge.page for edge in found}) == pages else []
    if key == "#roman":
        return found if len(on) >= _FEW_PAGES else []
    least = _FEW_PAGES
    if key.startswith("counted "):
        words = key.removeprefix("counted ")
        if _BARE_NUMBER.fullmatch(words.replace("0", "#")):
            return found if len(on) >= _FEW_PAGES else []
        if len(on) >= _COUNTED:
            return found
        # A number that counts with the pages is proof enough on two of them; 附件 1 is none.
        least = 2
        if len(words) <= _WORDS:
            return []
    if len(on) >= max(pages / 2, 2):
        return found
    if len(on) < least:
        return []
    for side in (0, 1):
        there = sum(page % 2 == side for page in on)
        if there == len(on) and there * 2 >= len(range(side, pages, 2)):
            return found
    return list(_of_chapter([e for e in found if e.depth == 0], folded))


def _of_chapter(found: list[_Edge], folded: str) -> Iterator[_Edge]:
    """Lines that recur on pages in a row, or on every other page.

    A chapter's name is its heading where it stands first.
    """
    for run in _in_a_row(found):
        if len(run) >= _FEW_PAGES:
            first = folded[run[0].start : run[0].end].strip()
            yield from run[1:] if _STARTS_HEADING.match(first) and run[0].top else run


def _in_a_row(found: list[_Edge]) -> Iterator[list[_Edge]]:
    run = found[:1]
    for before, edge in pairwise(found):
        if edge.page - before.page > 2 or edge.top != before.top:
            yield run
            run = []
        run.append(edge)
    if run:
        yield run


# A line as long as this, or with a comma in it, is prose; a shorter one may be a label.
_LONG = 24
_TERMINAL = "。!?:;…"
_NEW = re.compile(
    r"\s{2,}|[-*+•·●▪◆■○►]\s*\S|\(?\d{1,2}\)|\([一二三四五六七八九十]+\)|[①-⑳]|(?:附?[图表])\s*\d|注:|来源:|\|"
)


def page_wraps(text: str, context: Context) -> Iterator[Change]:
    """Joins the last line of a page to the first of the next where the sentence goes on.

    Lines inside a page are paragraphs already; only a page's end parts one.
    """
    folded = fold_chars(text)
    done = 0
    for bound in context.page_bounds[1:]:
        start = _text_before(folded, bound)
        if start <= done:  # pages without text between
            continue
        match = re.compile(r"\s*\n(?P<next>[^\n]*\S[^\n]*)").match(folded, start)
        if not start or not match:
            continue
        line = folded[folded.rfind("\n", 0, start) + 1 : start].strip()
        following = match["next"]
        if not _breaks_off(line) or _begins(following):
            continue
        at = match.start("next") + len(following) - len(following.lstrip())
        syllable = re.search(r"[a-z]-$", line) and following.lstrip()[0].islower()
        latin = line[-1].isascii() and following.lstrip()[0].isascii() and not syllable
        done = at
        yield Change(start - bool(syllable), at, " " if latin else "")


def _text_before(text: str, bound: int) -> int:
    """Where the text before a bound ends, less white space."""
    while bound and text[bound - 1].isspace():
        bound -= 1
    return bound


def _breaks_off(line: str) -> bool:
    """Whether a folded line is prose that does not end."""
    if not line or line[-1] in _TERMINAL + "|" or is_row(line) or before_leader(line) is not None:
        return False
    return len(line) >= _LONG or line[-1] in ",、" or "," in line


def _begins(line: str) -> bool:
    """Whether a folded line begins a paragraph, an item, a heading or a row."""
    if _NEW.match(line) or is_row(line):
        return True
    heading = _STARTS_HEADING.match(line)
    counted = re.match(r"\d{1,2}\.\d{1,2}\s*", line)
    return bool(heading) and not (counted and QUANTITY.match(line, counted.end()))


def repeated_headers(text: str, context: Context) -> Iterator[Change]:
    """The header row that a table has once more at the top of its next page."""
    folded = fold_chars(text)
    gone = 0
    for page, bound in pairwise(context.page_bounds):
        end = _text_before(folded, bound)
        begin = folded.rfind("\n", 0, end) + 1
        match = re.compile(r"\s*?(?P<row>\|[^\n]*\|)[ \t]*(?:\n|$)").match(folded, end)
        if not match or not folded.startswith("|", begin) or match.start("row") < gone:
            continue
        # Back to the first row of the table on this page.
        while begin > page and folded.startswith(
            "|", before := folded.rfind("\n", 0, begin - 1) + 1
        ):
            begin = before
        header = folded[begin : folded.find("\n", begin)].strip()
        if "".join(header.split()) == "".join(match["row"].split()):
            gone = match.end()
            yield Change(match.start("row"), gone)
