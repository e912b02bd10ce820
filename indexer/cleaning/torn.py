"""Lines that were torn inside a sentence: by a crawler at each tag, by a PDF inside a number.

A tear is joined only where it is certain: no sentence ends before it, or none can begin behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from indexer.text.fold import fold_chars
from indexer.text.patterns import STARTS_HEADING, before_leader, is_table_row
from indexer.text.quantities import QUANTITY

from .rule import RuleContext
from .trail import Change

# No sentence begins with one of these (folded). A row of dots may stand for an omission.
_INSIDE = re.compile(
    r"[,，。、;:!?)\]》」』”’%‰℃](?!\.)|(?:是|为|等|的|和|与|及|或)[:，,、。]|等(?=[\u3400-\u9fff]*[。,])"
)
# No sentence and no heading ends with one of these; 目的 and 标的 do.
_OPEN_END = re.compile(r"[,、(《“「『]$|(?<=[\u3400-\u9fff]{3})(?:(?<![目标])的|以及|并且|而且)$")
# A sentence that has begun, and not ended, holds one of these.
_BEGUN = re.compile(r"[,、;。](?=.)")
_TERMINAL = "。!?;:…|"
# A number that goes on in the next line: 3.|4万亩, 1|260人, 2022年|6月30日, 46|万元.
_CUT_DECIMAL, _CUT_NUMBER, _CUT_DATE = (
    re.compile(r"\d\.$"),
    re.compile(r"\d$"),
    re.compile(r"\d年$"),
)
_MONTH = re.compile(r"\d{1,2}月")
# Words between quotation marks alone on a line: what a page sets in bold.
_QUOTED = re.compile(r"[“「『][^“”「」『』]{1,30}[”」』]$")
# A line that begins a block is no part of the sentence before it.
_BLOCK = re.compile(
    r"[-*+•●▪■◆·]\s*\S|[√□☑☐]|[①-⑳]|\(?\d{1,2}\)|\(?[a-zA-Z][).]\s*\S|第[一二三四五六七八九十百\d]+[条章节]|#{1,6}\s"
)


def find_torn_lines(text: str, context: RuleContext) -> Iterator[Change]:
    """Join lines of which the first has no end or the second no beginning.

    Behind such a tear the pieces of the sentence are joined up to its end.
    """
    lines = fold_chars(text).split("\n")
    at, inside = 0, False
    for here, line in enumerate(lines[:-1]):
        end = at + len(line)
        following = lines[here + 1]
        inside = is_torn(line, following) or _is_piece(lines, here) or (
            inside and _goes_on(line, following)
        )  # fmt: skip
        if inside:
            start = end - (len(line) - len(line.rstrip()))
            stop = end + 1 + len(following) - len(following.lstrip())
            both_latin = bool(re.search(r"[A-Za-z]\s*$", line) and following.lstrip()[0].isalpha())
            yield Change(start, stop, " " if both_latin and following.lstrip()[0].isascii() else "")
        at = end + 1


def is_torn(line: str, following: str) -> bool:
    """Return whether two folded lines are certainly parts of one sentence."""
    line, following = line.strip(), following.strip()
    if not _goes_on(line, following):
        return False
    if _INSIDE.match(following) or _OPEN_END.search(line):
        return True
    decimal = re.match(r"\d+", following) if _CUT_DECIMAL.search(line) else None
    if decimal and QUANTITY.match(following, decimal.end()) and not line[0].isdigit():
        return True
    if not _BEGUN.search(line):
        return False
    if following[0].isdigit():
        if _CUT_DATE.search(line):
            return bool(_MONTH.match(following))
        return bool(_CUT_DECIMAL.search(line) or _CUT_NUMBER.search(line))
    return bool(_CUT_NUMBER.search(line) and QUANTITY.match(following))


def _is_piece(lines: Sequence[str], at: int) -> bool:
    """Return whether the next line is a quotation in the middle of the sentence of this line."""
    line, following = lines[at].strip(), lines[at + 1].strip()
    if not (_QUOTED.match(following) and _goes_on(line, following)) or STARTS_HEADING.match(line):
        return False
    behind = lines[at + 2].strip() if at + 2 < len(lines) else ""
    return _goes_on(following, behind) and behind[-1] in "。!?;"


def _goes_on(line: str, following: str) -> bool:
    """Return whether the sentence of a folded line may go on in the next."""
    line, following = line.strip(), following.strip()
    if not line or not following or line[-1] in _TERMINAL:
        return False
    if any(is_table_row(one) or before_leader(one) is not None for one in (line, following)):
        return False
    return not (_BLOCK.match(following) or _begins_heading(following))


def _begins_heading(line: str) -> bool:
    """Return whether a folded line begins like a numbered heading, and not with a figure."""
    heading = STARTS_HEADING.match(line)
    decimal = re.match(r"[\d.]+\s*", line)
    return bool(heading) and not (decimal and QUANTITY.match(line, decimal.end()))
