"""Lines: what goes on in the next line, what is a row of a table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from indexer.text.fold import fold_chars

from .trail import Change

_NUMERALS = "一二三四五六七八九十百"
# How a first heading begins: what a title may be glued to, and where a hard-wrapped line ends.
HEADING_START = (
    rf"(?:[{_NUMERALS}]{{1,3}}、|\([{_NUMERALS}]{{1,3}}\)|第[{_NUMERALS}\d]{{1,3}}[章节篇部]"
    r"|\d{1,2}(?:\.\d{1,2})*[.、](?!\d)|\d{1,2}(?:\.\d{1,2})+\s)"
)
_STARTS_HEADING = re.compile(HEADING_START)
# `1.1 背景 ........ 3`: the page, and what leads to it without its spaces.
_PAGE_AT_END = re.compile(r"\(?(?:\d{1,4}|[ivxlIVXL]{1,6})\)?$")
_LEADER = re.compile(r"(?:\.{3}|[…⋯]|[·•]{3}|-{3}|_{3}|[—─]{4})$")
_LEADS = " \t.…⋯·•-_—─"
# What is counted or measured: behind a number at the start of a line it makes the line running
# text. The words that only begin so (个人, 年度) are left out.
_MEASURE = (
    r"(?:(?:美元|欧元|港元|日元|人民币)(?![指区化债汇升贬国跨资离存贷业])|元(?![宇素件器数])|人次"
    r"|人(?![口才工员力均民们群类物文机脸社身事])|家(?![庭居电政具族装校长用禽畜])|户(?![外籍型均用])"
    r"|名(?![词称单义录牌优校城企老])|个(?![人体性案股税别例])|辆|台(?![湾账风])|套(?![期利餐装保])"
    r"|件(?![均数])|吨(?!位)|公斤|千克|斤|公里|千米|米(?![粉面其])|厘米|毫米|平方|立方|亩(?![产均])|公顷"
    r"|度(?![假量])|千瓦|兆瓦|吉瓦|次(?![级要贷生新数])|笔(?!记)|张(?![力家])|条(?![件例款约码])"
    r"|所(?![有得在属])|座(?!谈)|间(?![接隔作])|床(?![位垫])|岁(?![月入])"
    r"|年(?![度报龄轻均金货鉴代薪会初末终底内])|月(?![度均球饼季报活])|日(?![常均本用程志韩报活])"
    r"|天(?![然津气猫府使文])|小时|分钟|秒(?!杀)|倍(?!增)|成(?:左右|以上|的)|英寸|寸|升(?![级值])|毫升"
    r"|股(?![权东票市份价息指])|标准箱|级地震|个?百分点|版(?:的|发|$)|版本(?:的|发|以|中|为|是|起|修|将|已|$)"
    r"|(?:GHz|MHz|[kMG]Wh?|TWh|km|kg|cm|mm|nm|[KMGT]B|TEU|G)(?![A-Za-z0-9]))"
)
QUANTITY = re.compile(
    r"[%‰℃°]|[至到~-]\s*\d|以[上下内]|左右|多?[万亿](?:$|[的,多余])"
    rf"|[多余]?[十百千万亿]*[多余]?\s*{_MEASURE}"
)


def before_leader(line: str) -> str | None:
    """The words of an entry in a table of contents whose page number has points before it.

    >>> before_leader("1.1 背景 ........ 3"), before_leader("总量为 3")
    ('1.1 背景', None)
    """
    page = _PAGE_AT_END.search(line[-8:])
    if not page:
        return None
    words = line[: len(line) - len(page.group())]
    tail = words[-16:].replace(" ", "").replace("\t", "")
    return words.rstrip(_LEADS) if _LEADER.search(tail) else None


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


_CELLS = re.compile(r"[^\s|]+(?:[ \t]+[^\s|]+){2,}")


# Punctuation of sentences; the comma of 11,400 is none.
_PROSE = re.compile(r"[。;:!?、]|(?<!\d),|,(?!\d)")


def is_row(line: str) -> bool:
    """Whether a folded line is a row of a table: marked by bars, or three cells and no sentence."""
    line = line.strip()
    if line.startswith("|"):
        return True
    if before_leader(line) is not None:
        return False
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
