"""Line breaks inside paragraphs: of text files wrapped at a width, of Markdown, and torn by a crawler or a PDF."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from itertools import accumulate, pairwise

from indexer.text.fold import fold_chars
from indexer.text.patterns import STARTS_HEADING, before_leader, is_table_row
from indexer.text.quantities import QUANTITY

from .rule import RuleContext
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
    is_wide = longest >= _MIN_WIDTH or (longest >= _MIN_NARROW and _count_torn(folded) >= _MIN_TORN)
    is_wrapped = is_wide and longest <= _MAX_WIDTH and full_share >= 0.5
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


_FRONT_MATTER = re.compile(r"\s*---[ \t]*\n(?:[\w-]+:.*\n|[ \t]+.*\n|- .*\n)+---[ \t]*(?:\n|$)")


def find_soft_wraps(text: str, context: RuleContext) -> Iterator[Change]:
    """Join the lines of a Markdown paragraph or item; two spaces at the end of a line keep it."""
    in_code, at = False, 0
    # The properties of a page that stand above it stay a line each.
    front = _FRONT_MATTER.match(text)
    lines = fold_chars(text).split("\n")
    for line, following in pairwise(lines):
        end = at + len(line)
        at = end + 1
        if front and at < front.end():
            continue
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


# No sentence begins with one of these (folded), and neither a sentence nor a heading ends with one of
# those; 目的 and 标的 do.
_INSIDE = re.compile(r"[,、;:!?)\]》」』”’%‰℃。]|(?:是|为|等|的|和|与|及|或)[:,、。]")
_OPEN_END = re.compile(r"[,、(《“「『]$|(?<=[\u3400-\u9fff]{3})(?:(?<![目标])的|以及|并且|而且)$")
# A sentence that has begun, and not ended, holds one of these; the comma of 50,000 is none.
_BEGUN = re.compile(r"[、;。]|(?<!\d),|,(?!\d)")
# A number that goes on: 80.|8%, 1|260人, 2022年|6月30日, 46|万元.
_CUT = re.compile(r"\d[.年]?$")
_MONTH = re.compile(r"\d{1,2}月")
_ENDS = "。!?;"
# A line that begins a block is no part of the sentence before it.
_BEGINS_BLOCK = re.compile(
    r"[-*+•●▪■◆·]\s*\S|[√□☑☐]|[①-⑳]|\(?\d{1,2}\)|\(?[a-zA-Z][).]\s*\S|第[一二三四五六七八九十百\d]+[条章节]|#{1,6}\s"
)
# A sentence is torn into so many lines at most.
_MOST_PIECES = 12
# A line that comes so often is a running header, which stood inside a sentence.
_RECURS = 4


def find_torn_lines(text: str, context: RuleContext) -> Iterator[Change]:
    """Join the lines of a sentence that was torn inside, by a crawler at each tag or by a PDF in a number.

    It is joined if one of its breaks is certain, if all of its lines are prose, and if it has an end:
    labels and figures of a table that lost its form have none.
    """
    raw_lines = fold_chars(text).split("\n")
    lines = [line.strip() for line in raw_lines]
    starts = [0, *accumulate(len(line) + 1 for line in raw_lines)]
    often = {line for line, count in Counter(lines).items() if count >= _RECURS}
    at = 0
    while at < len(lines) - 1:
        last = _end_of_torn(lines, at, often)
        for here in range(at, last):
            raw, following = raw_lines[here], raw_lines[here + 1]
            both_latin = bool(re.match(r"[A-Za-z]{2}", lines[here][-1] + lines[here + 1][0]))
            start = starts[here] + len(raw.rstrip())
            stop = starts[here + 1] + len(following) - len(following.lstrip())
            yield Change(start, stop, " " if both_latin else "")
        at = max(last, at + 1)


def _end_of_torn(lines: Sequence[str], at: int, often: Container[str]) -> int:
    """Return the last line of the torn sentence that begins in a line; that line if none does."""
    if not is_torn(lines[at], lines[at + 1]):
        return at
    last = at
    while last + 1 < len(lines) and _goes_on(lines[last], lines[last + 1]):
        last += 1
        if last - at > _MOST_PIECES or lines[last] in often or not _is_prose(lines[last]):
            return at
    return last if _is_prose(lines[at]) and lines[last][-1] in _ENDS + ":" else at


def is_torn(line: str, following: str) -> bool:
    """Return whether two folded lines are certainly parts of one sentence."""
    if not _goes_on(line, following):
        return False
    if _INSIDE.match(following) or (_OPEN_END.search(line) and not following[0].isdigit()):
        return True
    if not (_CUT.search(line) and _BEGUN.search(line)):
        return _ends_in_decimal(line, following)
    if line[-1] == "年":
        return bool(_MONTH.match(following))
    return bool(QUANTITY.match(following.lstrip("0123456789")))


def _ends_in_decimal(line: str, following: str) -> bool:
    """Return whether a decimal goes on in the next line: 灌溉面积增加到3.|4万亩."""
    digits = following.lstrip("0123456789")
    is_cut = bool(re.search(r"[\u3400-\u9fff]\d+\.$", line)) and digits != following
    return is_cut and bool(QUANTITY.match(digits))


def _goes_on(line: str, following: str) -> bool:
    """Return whether the sentence of a folded line may go on in the next."""
    if not line or not following or line[-1] in _ENDS + ":…|":
        return False
    if any(is_table_row(one) or before_leader(one) is not None for one in (line, following)):
        return False
    return not (_BEGINS_BLOCK.match(following) or _is_numbered(following))


def _is_prose(line: str) -> bool:
    """Return whether a line has as many ideographs as digits at least."""
    ideographs = sum("\u3400" <= character <= "\u9fff" for character in line)
    return ideographs >= sum(map(str.isdigit, line))
