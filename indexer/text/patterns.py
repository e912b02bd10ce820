"""Patterns of lines that several stages share: starts of headings, quantities, leaders, rows, cells."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

LINE_END = re.compile(r"\r\n|\r|\n")
# An ideograph of the common blocks: the unified ones and extension A.
IDEOGRAPH = re.compile(r"[\u3400-\u9fff]")


def line_numbers(text: str, places: Sequence[int]) -> list[int]:
    """The line, from 1, of each offset; lines end as editors count them: \\n, \\r\\n or \\r."""
    if not places:
        return []
    starts = [match.end() for match in LINE_END.finditer(text)]
    return [bisect_right(starts, place) + 1 for place in places]


_NUMERALS = "一二三四五六七八九十百"


# How a first heading begins: what a title may be glued to, and where a hard-wrapped line ends.
HEADING_START = (
    rf"(?:[{_NUMERALS}]{{1,3}}、|\([{_NUMERALS}]{{1,3}}\)|第[{_NUMERALS}\d]{{1,3}}[章节篇部]"
    r"|\d{1,2}(?:\.\d{1,2})*[.、](?!\d)|\d{1,2}(?:\.\d{1,2})+\s)"
)
STARTS_HEADING = re.compile(HEADING_START)


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


def cells(row: str) -> list[str]:
    """The cells of a row, parted by bars or by white space.

    >>> cells("| 2019 | 51 |"), cells("甲公司 4,100")
    (['2019', '51'], ['甲公司', '4,100'])
    """
    parts = row.strip().strip("|").split("|") if "|" in row else row.split()
    return [part.strip() for part in parts]
