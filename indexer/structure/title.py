"""The title of a report whose format does not mark it: the line at its top that looks most like one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from operator import itemgetter

from indexer.text.fold import fold, fold_chars
from indexer.text.patterns import before_leader

from .outline import Node

# So many lines at the top may be the title, of so many characters.
_LINES, _SHORTEST, _LONGEST = 15, 4, 60
# What a report calls itself.
_GENRE = re.compile(
    r"(?:报告|年报|季报|公报|公告|通告|通知|办法|规定|规范|规程|条例|细则|标准|说明书|手册|指南|指引|白皮书|"
    r"蓝皮书|纪要|实录|日报|周报|月报|简报|方案|规划|计划|意见|合同|协议|文件|研究|分析|点评|综述|调查|"
    r"概览|评估|评价|总结|问答|解读|展望|观察|述评|章程|制度|意向书|说明)(?:\(.{1,12}\))?(?:节选|摘要|全文)?$"
)
_YEAR = re.compile(r"(?:19|20)\d\d|二〇")
# What is no title: a property (来源:…), an address, a path (首页 > 公开), a date, a mark of a table.
_PROPERTY = re.compile(
    r"^[^:]{1,8}:|://|www\.|[>»|]|^[\W\d年月日时分秒_]*$|^---$|^(?:19|20)\d\d年\d{1,2}月\d{1,2}日"
)
# The properties of a page above its Markdown text.
_FRONT_MATTER = re.compile(
    r"\s*---[ \t]*\n(?:(?!---).*\n)*?title:[ \t]*(?P<mark>[\"']?)(?P<title>[^\n\"']+?)(?P=mark)"
    r"[ \t]*(?:\n|\w+:)"
)
# What a form or a word processor has where the title should be, and the legal form of a firm alone.
_PLACEHOLDER = re.compile(
    r"\W*(?:请?(?:填写|输入|单击|点击).*|.{0,6}(?:名称|标题|题目)|无标题|未命名.*|新建.*|untitled.*|document\d*|"
    r"文档\d*|microsoft word.*|(?:股份|责任)?有限(?:责任)?公司)\W*"
)
_FIRM = re.compile(r"(?:公司|集团|银行|大学|学院|医院|研究院|委员会|政府|局|厅)$")
_SENTENCE_END = "。!?;:,、"


def find_title(text: str, nodes: Sequence[Node], stem: str) -> str | None:
    """Return a level-one Markdown heading at the top, or else the line at the top most like a title.

    A page that was saved begins with what its buttons say (下载, 打印) and a file's name often has the
    title: so a line is judged by its length, by what reports are called and by the file's name.

    Args:
        stem: the name of the file without its suffix.

    >>> find_title("下载\\n打印\\n2026年某市政府工作报告\\n各位代表:", (), "2026_某市")
    '2026年某市政府工作报告'
    """
    front = _FRONT_MATTER.match(text)
    if front and front["title"]:
        return front["title"]
    start = len(text) - len(text.lstrip())
    if nodes and nodes[0].start <= start:
        top = nodes[0]
        return top.title if top.style == "markdown" and top.level == 1 else None
    end = nodes[0].start if nodes else len(text)
    lines = [line.strip() for line in text[start : min(end, start + 4000)].split("\n")]
    lines = [line for line in lines if line][:_LINES]
    prose = next((at for at, line in enumerate(lines) if line[-1] == "。"), _LINES)
    scored = [
        (_score(line, at, stem), line) for at, line in enumerate(lines[:prose]) if _may_be(line)
    ]
    if not scored:
        return None
    _, title = max(scored, key=itemgetter(0))
    return _with_firm(title, lines)


def find_sheet_title(text: str, stem: str) -> str | None:
    """Return the title of a workbook, the line below the name of its first sheet, if it is one.

    >>> find_sheet_title("# 说明\\n某市居民问卷调查报告\\n本次调查了1200人。", "a")
    '某市居民问卷调查报告'
    """
    _, _, below = text.lstrip().partition("\n")
    # Up to the first table and the next sheet or heading; a title may be marked as a heading itself.
    top = re.split(r"\n(?=[|#])", below.lstrip("# "), maxsplit=1)[0]
    title = find_title(top, (), stem) if not top.startswith("|") else None
    return title if title and _GENRE.search(fold(title)) else None


def is_placeholder(title: str) -> bool:
    """Return whether a title is what a form has in its place (填写标准名称), or a legal form alone."""
    return bool(_PLACEHOLDER.fullmatch(fold(title)))


def _with_firm(title: str, lines: Sequence[str]) -> str:
    """Return a title with the firm on the line before it (…公司, 2021年年度报告), or the kind after it."""
    at = lines.index(title)
    before = lines[at - 1] if at else ""
    after = lines[at + 1] if at + 1 < len(lines) else ""
    if _FIRM.search(title) and _GENRE.search(fold(after)) and len(title + after) <= _LONGEST:
        return title + after
    if _FIRM.search(before) and before not in title and len(before + title) <= _LONGEST:
        return before + title
    return title


def _score(line: str, at: int, stem: str) -> float:
    """Return how much a line looks like a title; the first one does so by its place."""
    folded, name = fold(line), fold(stem)
    pairs = {folded[i : i + 2] for i in range(len(folded) - 1)}
    named = sum(pair in name for pair in pairs) / (len(pairs) or 1)
    score = 2 * named + bool(_GENRE.search(folded)) + 0.5 * bool(_YEAR.search(folded))
    score += 1.0 if at == 0 else -0.05 * at
    if len(line) < _SHORTEST or _PROPERTY.search(folded) or is_placeholder(line):
        score -= 3.0
    return score


def _may_be(line: str) -> bool:
    folded = fold_chars(line)
    # A table of contents or of figures at the top is no title.
    is_table = before_leader(folded) is not None or folded.startswith("|")
    return (
        not is_table
        and len(line) <= _LONGEST
        and folded[-1] not in _SENTENCE_END
        and folded.replace(" ", "") != "目录"
    )
