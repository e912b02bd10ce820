"""Lines: what goes on in the next line, what is a row of a table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from indexer.text.fold import fold_chars
from indexer.text.patterns import HEADING_START, QUANTITY, before_leader, is_row

from .trail import Change

_STARTS_HEADING = re.compile(HEADING_START)


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may know besides the text.

    format: the file's format. page_bounds: where pages begin, in offsets of the text shown.
    around: spans of that text that the format says are no part of the report.
    """

    format: str = "txt"
    page_bounds: tuple[int, ...] = ()
    around: tuple[tuple[int, int], ...] = ()


_LINE_END = re.compile(
    r"(?P<last>[^\n \t])[ \t]*\n(?P<indent> {2,})?[ \t]*(?=(?P<next>[^\n \t][^\n]*))"
)
# A full line that ends so may be a paragraph's last; one that ends in a comma never is.
_TERMINAL = "。!?:…"
_MANY_INDENTS, _MANY_LINES = 3, 6
# Columns of a line that is wrapped at a page's width.
_NARROW, _WIDE = 40, 120


def hard_wraps(text: str, context: Context) -> Iterator[Change]:
    """Joins a line to the next where the paragraph goes on: a full line that ends without a stop.

    A line counts as full from 80 % of the width that the longest tenth of the lines reach, or
    where it has just as many characters as most lines have, since some programs count these;
    headings are shorter or begin with their number, table rows stay as they are. In a text whose
    paragraphs are indented the indent decides, and a full line may end with a stop.
    """
    folded = fold_chars(text)
    widths = sorted(_width(line) for line in folded.split("\n") if line.strip())
    if not widths:
        return
    longest = widths[int(len(widths) * 0.9)]
    full = 0.8 * longest
    # A text file's lines are paragraphs, unless most of them are as long as a page is wide.
    share = sum(width >= full for width in widths) / len(widths)
    if not (_NARROW <= longest <= _WIDE and share >= 0.5 and len(widths) >= _MANY_LINES):
        return
    indents = len(re.findall(r"^ {2,}\S", folded, re.MULTILINE)) >= _MANY_INDENTS
    counted = _most_have(folded)
    for match in _LINE_END.finditer(folded):
        start = folded.rfind("\n", 0, match.start()) + 1
        line = folded[start : match.end("last")]
        is_full = _width(line) >= full or folded.find("\n", start) - start == counted
        if not is_full or match["last"] == "|" or is_row(line):
            continue
        if match["indent"] or (match["last"] in _TERMINAL and not indents):
            continue
        if _is_numbered(match["next"]) or is_row(match["next"]):
            continue
        # A paragraph that ends with its full line, and a line of a table of contents, end here.
        ended = match["last"] in _TERMINAL and _is_section(match["next"], full)
        if ended or before_leader(line) is not None:
            continue
        both_latin = match["last"].isascii() and match["next"][0].isascii()
        yield Change(match.end("last"), match.end(), " " if both_latin else "")


def _most_have(folded: str) -> int:
    """How many characters at least a third of the lines have, if that is a page's width; else 0."""
    sizes = Counter(len(line) for line in folded.split("\n") if line.strip())
    ((size, count),) = sizes.most_common(1)
    return size if size >= _NARROW / 2 and count * 3 >= sizes.total() else 0


_DECIMAL = re.compile(r"\d{1,2}\.\d{1,2}\s+")
_SECTION = re.compile(
    r"\d{1,2}(?:\.\d{1,2}){0,5}[.、]?\s*(?P<title>[A-Za-z\u3400-\u9fff][^,。;:!?]*)$"
)


def _is_numbered(line: str) -> bool:
    """Whether a folded line begins as a heading does, and not with 3.5 亿元 of the line before."""
    decimal = _DECIMAL.match(line)
    return bool(_STARTS_HEADING.match(line)) and not (
        decimal and QUANTITY.match(line, decimal.end())
    )


def _is_section(line: str, full: float) -> bool:
    """Whether a folded line is `1 总论` or `1.1背景`: short, no sentence, and nothing counted."""
    match = _SECTION.match(line)
    return bool(match and _width(line) < full and not QUANTITY.match(match["title"]))


# What begins a block of its own in Markdown, so that no line before it goes on in it.
_BLOCK = re.compile(
    r"$|#{1,6}\s|[-*+•]\s|\d{1,3}[.、)]|[|>]|```|~~~|[-=*_]{3,}\s*$|\(?[一二三四五六七八九十]+[、)]"
)
# A line that ends with its own end: heading, row, rule, code.
_CLOSED = re.compile(r"#{1,6}\s|\||[-=*_]{3,}\s*$| {4}|\t|```|~~~|.*  $")


def soft_wraps(text: str, context: Context) -> Iterator[Change]:
    """Joins the lines of a Markdown paragraph or item; two spaces at the end keep a break."""
    fenced, at = False, 0
    lines = fold_chars(text).split("\n")
    for line, following in pairwise(lines):
        end = at + len(line)
        at = end + 1
        fence = line.lstrip().startswith(("```", "~~~"))
        fenced ^= fence
        if fenced or fence or not line.strip() or _CLOSED.match(line):
            continue
        goes_on = following.lstrip()
        if not _BLOCK.match(goes_on):
            latin = line.rstrip()[-1].isascii() and goes_on[0].isascii()
            start = at - 1 - (len(line) - len(line.rstrip()))
            yield Change(start, at + len(following) - len(goes_on), " " if latin else "")


def _width(line: str) -> int:
    """Columns: an ideograph takes two."""
    return sum(1 if c.isascii() else 2 for c in line)
