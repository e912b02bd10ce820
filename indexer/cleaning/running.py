"""What pages add to the text of a report: headers, footers, page numbers, and page breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from indexer.text.fold import fold_chars
from indexer.text.patterns import STARTS_HEADING, before_leader, is_table_row
from indexer.text.quantities import QUANTITY

from .rule import RuleContext
from .trail import Change

# With fewer pages a line that recurs may as well be a heading.
_MIN_PAGES = 3
# A page number, its digits as #, and nothing else but words and signs that stand around one.
_BARE_NUMBER = re.compile(r"[第共页page of/|·•—–\-\[\]()\s#]*", re.IGNORECASE)
_DASHES = re.compile(r"[—–―─]+")
_DIGITS = re.compile(r"\d+")
_LINE = re.compile(r"[^\n]+\n?")
# A longer line is prose.
_MAX_RUNNING_LINE = 200
_ROMAN = re.compile(r"[-–—·(\s]*([ivxlc]{1,7})[-–—·)\s]*", re.IGNORECASE)
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
# Two lines at either edge of a page: a header may have a subtitle, a footer a number below it.
_EDGE_LINES = 2
# A line with other words is a header if its number counts up with so many pages.
_MIN_COUNTING_PAGES = 5
# A header with a number has more characters than this besides.
_MIN_COUNTED_TEXT = 5
# Keys of lines with a number that counts up with the pages.
_COUNTED_KEY, _ROMAN_KEY = "counted ", "#roman"


@dataclass(frozen=True, slots=True)
class _EdgeLine:
    """A line at the top or the bottom of a page."""

    page: int
    """From 0."""
    start: int
    end: int
    depth: int
    """0 for the first or last line of the page, 1 for the line next to it."""
    top: bool


def find_running_lines(text: str, context: RuleContext) -> Iterator[Change]:
    """Remove first and last lines of pages that recur on the pages around them.

    A line must recur on half of all pages, on half of the left or the right pages, or as the first
    or last line of three pages in a row, like the name of a chapter. A number in it may count up
    with the pages. A sentence or a row of a table is no running line, however often it recurs.
    """
    starts = context.page_starts
    if len(starts) < 2:
        return
    folded = fold_chars(text)
    alike: dict[tuple[str, int], list[_EdgeLine]] = {}
    for page, (start, end) in enumerate(zip(starts, (*starts[1:], len(text)), strict=True)):
        for edge_line in _edge_lines(text, page, start, end):
            line = " ".join(folded[edge_line.start : edge_line.end].split())
            for key in _keys(_DASHES.sub("-", line), page):
                alike.setdefault(key, []).append(edge_line)
    removed: dict[int, int] = {}
    for (key_text, _), lines in alike.items():
        if _heads_its_title(lines, len(starts)):
            removed |= {line.start: line.end for line in lines if line.top and not line.depth}
            continue
        for edge_line in _select_running(key_text, _outermost(lines), len(starts), folded):
            removed[edge_line.start] = edge_line.end
    yield from (Change(start, end) for start, end in removed.items())


def _edge_lines(text: str, page: int, start: int, end: int) -> Iterator[_EdgeLine]:
    """Yield the first and last lines of a page that begins at `start`."""
    matches = _LINE.finditer(text, start, end)
    spans = [match.span() for match in matches if not match[0].isspace()]
    for depth, (a, b) in enumerate(spans[:_EDGE_LINES]):
        yield _EdgeLine(page, a, b, depth, True)
    # No line is yielded twice: on a page with fewer than four lines the top has the first two.
    for depth, (a, b) in enumerate(reversed(spans[_EDGE_LINES:][-_EDGE_LINES:])):
        yield _EdgeLine(page, a, b, depth, False)


def _keys(line: str, page: int) -> Iterator[tuple[str, int]]:
    """Yield the keys by which a line is compared with the lines of other pages.

    They are the line itself, and for each number in it the line with # for that number, together
    with the difference between the number and the page's. A bare page number is compared as # and
    not as itself.
    """
    if not line or len(line) > _MAX_RUNNING_LINE or line[-1] in "。;!?" or line.startswith("|"):
        return
    if roman := _ROMAN.fullmatch(line):
        yield _ROMAN_KEY, _roman_value(roman[1].lower()) - page
        return
    without_digits = _DIGITS.sub("#", line)
    if without_digits != line and _BARE_NUMBER.fullmatch(without_digits):
        yield without_digits.replace(" ", ""), 0
    elif not is_table_row(line):
        yield line, 0
    for number in re.finditer(r"(?<![\d.,])\d{1,4}(?![\d,]|\.\d)", line):
        # The difference is part of the key: two lines are alike only if both count with the pages.
        before, behind = line[: number.start()], line[number.end() :]
        rest = _DIGITS.sub("0", before) + "#" + _DIGITS.sub("0", behind)
        # OCR leaves out spaces that a text layer has.
        yield f"{_COUNTED_KEY}{rest.replace(' ', '')}", int(number[0]) - page


def _roman_value(numeral: str) -> int:
    """Return the value of a Roman numeral in small letters.

    >>> _roman_value("xiv")
    14
    """
    values = [_ROMAN_VALUES[c] for c in numeral]
    return sum(-v if v < after else v for v, after in zip(values, [*values[1:], 0], strict=True))


def _outermost(lines: list[_EdgeLine]) -> list[_EdgeLine]:
    """Keep of like lines at one edge of a page the outer one: a title stands below its header."""
    kept: dict[tuple[int, bool], _EdgeLine] = {}
    for line in lines:
        edge = (line.page, line.top)
        if edge not in kept or line.depth < kept[edge].depth:
            kept[edge] = line
    return list(kept.values())


def _heads_its_title(lines: list[_EdgeLine], pages: int) -> bool:
    """Return whether like lines stand at the top of each page, and on one once more below it.

    So a header that repeats the title does, however few the pages are: the lower one is the title.
    """
    first = {line.page for line in lines if line.top and line.depth == 0}
    return len(first) == pages and any(line.top and line.depth == 1 for line in lines)


def _select_running(key: str, lines: list[_EdgeLine], pages: int, folded: str) -> list[_EdgeLine]:
    """Return those of like lines that are running lines.

    Args:
        key: the text of their key.
        pages: how many the report has.
    """
    on_pages = {line.page for line in lines}
    if pages < _MIN_PAGES:  # too few to tell a header from a heading, unless a number counts up
        lines = [line for line in lines if line.depth == 0]
        counts = key.startswith(_COUNTED_KEY)
        return lines if counts and len({line.page for line in lines}) == pages else []
    if key == _ROMAN_KEY:
        return lines if len(on_pages) >= _MIN_PAGES else []
    min_pages = _MIN_PAGES
    if key.startswith(_COUNTED_KEY):
        rest = key.removeprefix(_COUNTED_KEY)
        if _BARE_NUMBER.fullmatch(rest.replace("0", "#")):
            return lines if len(on_pages) >= _MIN_PAGES else []
        if len(on_pages) >= _MIN_COUNTING_PAGES:
            return lines
        # A number that counts with the pages is proof enough on two of them; 附件 1 is none.
        min_pages = 2
        if len(rest) <= _MIN_COUNTED_TEXT:
            return []
    if len(on_pages) >= max(pages / 2, 2):
        return lines
    if len(on_pages) < min_pages:
        return []
    for side in (0, 1):  # left or right pages
        on_side = sum(page % 2 == side for page in on_pages)
        if on_side == len(on_pages) and on_side * 2 >= len(range(side, pages, 2)):
            return lines
    return list(_chapter_lines([line for line in lines if line.depth == 0], folded))


def _chapter_lines(lines: list[_EdgeLine], folded: str) -> Iterator[_EdgeLine]:
    """Yield lines that recur on pages in a row, or on every other page.

    The first of them stays if it is the heading of the chapter.
    """
    for run in _page_runs(lines):
        if len(run) >= _MIN_PAGES:
            first = folded[run[0].start : run[0].end].strip()
            yield from run[1:] if STARTS_HEADING.match(first) and run[0].top else run


def _page_runs(lines: list[_EdgeLine]) -> Iterator[list[_EdgeLine]]:
    """Yield runs of lines at one edge of pages that are at most two apart."""
    run = lines[:1]
    for before, line in pairwise(lines):
        if line.page - before.page > 2 or line.top != before.top:
            yield run
            run = []
        run.append(line)
    if run:
        yield run


# A line with so many characters, or with a comma, is prose; a shorter one may be a label.
_MIN_PROSE = 24
_TERMINAL = "。!?:;…"
# How a paragraph, an item, a caption, a note or a row begins.
_BLOCK_START = re.compile(
    r"\s{2,}|[-*+•·●▪◆■○►]\s*\S|\(?\d{1,2}\)|\([一二三四五六七八九十]+\)|[①-⑳]|(?:附?[图表])\s*\d|注:|来源:|\|"
)


def find_page_wraps(text: str, context: RuleContext) -> Iterator[Change]:
    """Join the last line of a page to the first of the next where the sentence goes on.

    Lines inside a page are paragraphs already; only the end of a page divides one.
    """
    folded = fold_chars(text)
    done = 0
    for page_start in context.page_starts[1:]:
        start = _end_of_text(folded, page_start)
        if start <= done:  # pages without text between
            continue
        match = re.compile(r"\s*\n(?P<next>[^\n]*\S[^\n]*)").match(folded, start)
        if not start or not match:
            continue
        line = folded[folded.rfind("\n", 0, start) + 1 : start].strip()
        following = match["next"]
        if not _breaks_off(line) or _begins_block(following):
            continue
        end = match.start("next") + len(following) - len(following.lstrip())
        hyphenated = re.search(r"[a-z]-$", line) and following.lstrip()[0].islower()
        both_latin = line[-1].isascii() and following.lstrip()[0].isascii()
        done = end
        between = " " if both_latin and not hyphenated else ""
        yield Change(start - bool(hyphenated), end, between)


def _end_of_text(text: str, bound: int) -> int:
    """Return where the text before a bound ends, its white space left out."""
    while bound and text[bound - 1].isspace():
        bound -= 1
    return bound


def _breaks_off(line: str) -> bool:
    """Whether a folded line is prose without an end."""
    if (
        not line
        or line[-1] in _TERMINAL + "|"
        or is_table_row(line)
        or before_leader(line) is not None
    ):
        return False
    return len(line) >= _MIN_PROSE or line[-1] in ",、" or "," in line


def _begins_block(line: str) -> bool:
    """Whether a folded line begins a paragraph, an item, a heading or a row."""
    if _BLOCK_START.match(line) or is_table_row(line):
        return True
    heading = STARTS_HEADING.match(line)
    decimal = re.match(r"\d{1,2}\.\d{1,2}\s*", line)
    return bool(heading) and not (decimal and QUANTITY.match(line, decimal.end()))


def find_repeated_headers(text: str, context: RuleContext) -> Iterator[Change]:
    """Remove the header row that a table has again at the top of its next page."""
    folded = fold_chars(text)
    done = 0
    for page_start, next_start in pairwise(context.page_starts):
        end = _end_of_text(folded, next_start)
        begin = folded.rfind("\n", 0, end) + 1
        match = re.compile(r"\s*?(?P<row>\|[^\n]*\|)[ \t]*(?:\n|$)").match(folded, end)
        if not match or not folded.startswith("|", begin) or match.start("row") < done:
            continue
        # Back to the first row of the table on this page.
        while begin > page_start and folded.startswith(
            "|", before := folded.rfind("\n", 0, begin - 1) + 1
        ):
            begin = before
        header = folded[begin : folded.find("\n", begin)].strip()
        if "".join(header.split()) == "".join(match["row"].split()):
            done = match.end()
            yield Change(match.start("row"), done)
