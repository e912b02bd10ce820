"""Lines: what recurs on pages, what goes on in the next line, what is a row of a table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from .fold import fold_chars
from .trail import Change

_NUMERALS = "一二三四五六七八九十百"
# How a first heading begins: what a title may be glued to, and where a hard-wrapped line ends.
HEADING_START = (
    rf"(?:[{_NUMERALS}]{{1,3}}、|\([{_NUMERALS}]{{1,3}}\)|第[{_NUMERALS}\d]{{1,3}}[章节篇部]"
    r"|\d{1,2}(?:\.\d{1,2})*[.、](?!\d)|\d{1,2}(?:\.\d{1,2})+\s)"
)


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may know besides the text.

    format: the file's format. page_bounds: where pages begin, in offsets of the text shown.
    """

    format: str = "txt"
    page_bounds: tuple[int, ...] = ()


_PAGE_NUMBER = re.compile(r"^\D{0,6}\d{1,4}(?:\s*/\s*\d{1,4}|\D{1,6}\d{1,4})?\D{0,3}$")


def running_lines(text: str, context: Context) -> Iterator[Change]:
    """First and last lines of a page that recur on half of three pages or more.

    Digits may differ only in a line that is a page number and little else. A sentence or a row of
    a table is no running line, however often it recurs.
    """
    bounds = context.page_bounds
    if len(bounds) < _FEW_PAGES:
        return
    folded = fold_chars(text)
    edges: dict[str, list[tuple[int, int]]] = {}
    for start, end in zip(bounds, (*bounds[1:], len(text)), strict=True):
        spans = [m.span() for m in re.finditer(r"[^\n]+\n?", text[start:end])]
        for a, b in dict.fromkeys(spans[:2] + spans[-2:]):
            line = folded[start + a : start + b].strip()
            if not line or line[-1] in "。;!?" or (is_row(line) and not _PAGE_NUMBER.match(line)):
                continue
            key = re.sub(r"\d+", "#", line) if _PAGE_NUMBER.match(line) else line
            edges.setdefault(key, []).append((start + a, start + b))
    for spans in edges.values():
        if len(spans) >= len(bounds) / 2:
            yield from (Change(a, b) for a, b in spans)


_LINE_END = re.compile(
    r"(?P<last>[^\n \t])[ \t]*\n(?P<indent> {2,})?[ \t]*(?=(?P<next>[^\n \t][^\n]*))"
)
# A full line that ends so may be a paragraph's last; one that ends in a comma never is.
_TERMINAL = "。!?:…"
_MANY_INDENTS, _FEW_PAGES, _MANY_LINES = 3, 3, 6
# Columns of a line that is wrapped at a page's width.
_NARROW, _WIDE = 40, 120


def hard_wraps(text: str, context: Context) -> Iterator[Change]:
    """Joins a line to the next where the paragraph goes on: a full line that ends without a stop.

    A line counts as full from 80 % of the width that the longest tenth of the lines reach;
    headings are shorter or begin with their number, table rows stay as they are. In a text whose
    paragraphs are indented the indent decides, and a full line may end with a stop.
    """
    folded = fold_chars(text)
    widths = sorted(_width(line) for line in folded.split("\n") if line.strip())
    if not widths:
        return
    longest = widths[int(len(widths) * 0.9)]
    full = 0.8 * longest
    if context.format == "txt":
        # A text file's lines are paragraphs, unless most of them are as long as a page is wide.
        share = sum(width >= full for width in widths) / len(widths)
        if not (_NARROW <= longest <= _WIDE and share >= 0.5 and len(widths) >= _MANY_LINES):
            return
    starts_heading = re.compile(HEADING_START)
    indents = len(re.findall(r"^ {2,}\S", folded, re.MULTILINE)) >= _MANY_INDENTS
    for match in _LINE_END.finditer(folded):
        line = folded[folded.rfind("\n", 0, match.start()) + 1 : match.end("last")]
        if _width(line) < full or match["last"] == "|" or is_row(line):
            continue
        if match["indent"] or (match["last"] in _TERMINAL and not indents):
            continue
        if starts_heading.match(match["next"]) or is_row(match["next"].split("\n")[0]):
            continue
        both_latin = match["last"].isascii() and match["next"][0].isascii()
        yield Change(match.end("last"), match.end(), " " if both_latin else "")


_CELLS = re.compile(r"[^\s|]+(?:[ \t]+[^\s|]+){2,}")


# Punctuation of sentences; the comma of 11,400 is none.
_PROSE = re.compile(r"[。;:!?、]|(?<!\d),|,(?!\d)")


def is_row(line: str) -> bool:
    """Whether a folded line is a row of a table: marked by bars, or three cells and no sentence."""
    line = line.strip()
    if line.startswith("|"):
        return True
    tells = any("\u3400" <= c <= "\u9fff" or c.isdigit() for c in line)
    return tells and bool(_CELLS.fullmatch(line)) and not _PROSE.search(line)


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
