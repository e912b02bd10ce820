"""Line breaks inside paragraphs: of text files wrapped at a width, and of Markdown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from indexer.text.fold import fold_chars
from indexer.text.patterns import STARTS_HEADING, before_leader, is_table_row
from indexer.text.quantities import QUANTITY

from .rule import RuleContext
from .torn import is_torn
from .trail import Change

_LINE_END = re.compile(
    r"(?P<last>[^\n \t])[ \t]*\n(?P<indent> {2,})?[ \t]*(?=(?P<next>[^\n \t][^\n]*))"
)
# A full line that ends in one of these may be the last of its paragraph.
_TERMINAL = "。!?:…"
# So many indented lines make a text of indented paragraphs.
_MIN_INDENTS = 3
# A text with fewer lines is too short to show a width.
_MIN_LINES = 6
# Columns of a line that is wrapped at a page's width, ...
_MIN_WIDTH, _MAX_WIDTH = 40, 120
# ... and of a narrower one, if so many lines are certainly torn inside a sentence.
_MIN_NARROW, _MIN_TORN = 24, 3


def find_hard_wraps(text: str, context: RuleContext) -> Iterator[Change]:
    """Join a line to the next where the paragraph goes on: a full line that ends without a stop.

    A line is full from 80 % of the width that the longest tenth of the lines reach, or if it has
    just as many characters as most lines have, since some programs wrap by characters. Headings are
    not full or begin with their number; rows of tables stay as they are. In a text with indented
    paragraphs the indent decides, and a full line may end with a stop.
    """
    folded = fold_chars(text)
    widths = sorted(_width(line) for line in folded.split("\n") if line.strip())
    if not widths:
        return
    longest = widths[int(len(widths) * 0.9)]
    full_width = 0.8 * longest
    # Each line of a text file is a paragraph, unless most lines are as long as a page is wide.
    full_share = sum(width >= full_width for width in widths) / len(widths)
    least = _MIN_NARROW if _count_torn(folded) >= _MIN_TORN else _MIN_WIDTH
    is_wrapped = least <= longest <= _MAX_WIDTH and full_share >= 0.5
    if not is_wrapped or len(widths) < _MIN_LINES:
        return
    has_indents = len(re.findall(r"^ {2,}\S", folded, re.MULTILINE)) >= _MIN_INDENTS
    full_size = _most_common_size(folded)
    for match in _LINE_END.finditer(folded):
        start = folded.rfind("\n", 0, match.start()) + 1
        line = folded[start : match.end("last")]
        is_full = _width(line) >= full_width or folded.find("\n", start) - start == full_size
        if not is_full or match["last"] == "|" or is_table_row(line):
            continue
        if match["indent"] or (match["last"] in _TERMINAL and not has_indents):
            continue
        if _is_numbered(match["next"]) or is_table_row(match["next"]):
            continue
        # The last line of a paragraph may be full, and so may an entry of a table of contents.
        ends_paragraph = match["last"] in _TERMINAL and _is_section(match["next"], full_width)
        if ends_paragraph or before_leader(line) is not None:
            continue
        both_latin = match["last"].isascii() and match["next"][0].isascii()
        yield Change(match.end("last"), match.end(), " " if both_latin else "")


def _count_torn(folded: str) -> int:
    lines = [line for line in folded.split("\n") if line.strip()]
    return sum(is_torn(line, following) for line, following in pairwise(lines))


def _most_common_size(folded: str) -> int:
    """Return the number of characters that a third of the lines or more have, 0 if there is none.

    A size below half of _MIN_WIDTH is no page's width and gives 0 too.
    """
    sizes = Counter(len(line) for line in folded.split("\n") if line.strip())
    ((size, count),) = sizes.most_common(1)
    return size if size >= _MIN_WIDTH / 2 and count * 3 >= sizes.total() else 0


_DECIMAL = re.compile(r"\d{1,2}\.\d{1,2}\s+")
_SECTION = re.compile(
    r"\d{1,2}(?:\.\d{1,2}){0,5}[.、]?\s*(?P<title>[A-Za-z\u3400-\u9fff][^,。;:!?]*)$"
)


def _is_numbered(line: str) -> bool:
    """Whether a folded line begins like a heading, and not with a quantity such as 3.5 亿元."""
    decimal = _DECIMAL.match(line)
    return bool(STARTS_HEADING.match(line)) and not (
        decimal and QUANTITY.match(line, decimal.end())
    )


def _is_section(line: str, full_width: float) -> bool:
    """Whether a folded line is like `1 总论` or `1.1背景`: short, no sentence and no quantity."""
    match = _SECTION.match(line)
    return bool(match and _width(line) < full_width and not QUANTITY.match(match["title"]))


# A line that begins so begins a block of Markdown: the line before it does not go on in it.
_BLOCK = re.compile(
    r"$|#{1,6}\s|\[\^|[-*+•]\s|\d{1,3}[.、)]|[|>]|```|~~~|[-=*_]{3,}\s*$|\(?[一二三四五六七八九十]+[、)]"
)
# A line that does not go on in the next: heading, row, rule, code, or two spaces at its end.
_CLOSED = re.compile(r"#{1,6}\s|\||[-=*_]{3,}\s*$| {4}|\t|```|~~~|.*  $")


def find_soft_wraps(text: str, context: RuleContext) -> Iterator[Change]:
    """Join the lines of a Markdown paragraph or item; two spaces at the end of a line keep it."""
    in_code, at = False, 0
    lines = fold_chars(text).split("\n")
    for line, following in pairwise(lines):
        end = at + len(line)
        at = end + 1
        is_fence = line.lstrip().startswith(("```", "~~~"))
        in_code ^= is_fence
        if in_code or is_fence or not line.strip() or _CLOSED.match(line):
            continue
        goes_on = following.lstrip()
        if not _BLOCK.match(goes_on):
            both_latin = line.rstrip()[-1].isascii() and goes_on[0].isascii()
            start = at - 1 - (len(line) - len(line.rstrip()))
            yield Change(start, at + len(following) - len(goes_on), " " if both_latin else "")


def _width(line: str) -> int:
    """Return the columns of a line; an ideograph takes two."""
    return sum(1 if c.isascii() else 2 for c in line)
