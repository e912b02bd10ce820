"""A web page to lines: all that it shows, and which of it is around the report."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import Message
from pathlib import Path

from indexer.config import Limits
from indexer.document import LoadedFile
from indexer.errors import YinjuError
from indexer.formats.table import Budget
from indexer.text.fold import fold_chars

from .boilerplate import mark_around
from .lines import inner_text, page_lines
from .source import read_source
from .tree import PageTree, parse_page

# What stands between a report's name and the site's. A hyphen without space belongs to a word
# unless what follows it is a site's name.
_BETWEEN = re.compile(r"\s*(?:[|｜_»›·—–]+|-{1,2}|>|::)\s*")
_SITE = re.compile(
    r"网|文库|文档|门户|在线|政府|官方|新闻|频道|首页|平台|下载|道客|豆丁|公众号|论坛|博客|中心$|研究[院所会]$|学院$|大学$|协会$|学会$|[委部局厅办]$|\.(?:com|cn|net|org|gov)\b",
    re.I,
)
_NO_TITLE = re.compile(
    r"无标题(?:文档|页)?|untitled(?: document)?|new page.*|document|正文|首页|详情|文章详情|内容|index(?:\.html?)?|home",
    re.I,
)
_LEAST_TITLE = 4


def load_html(path: Path, data: bytes, limits: Limits) -> LoadedFile:
    """Reads a web page: headings by their tags, tables as rows, lists with their numbers.

    What is shown is all in the text; `around` are menus and the like.
    """
    return _load(path, data, limits, None)


def load_mhtml(path: Path, data: bytes, limits: Limits) -> LoadedFile:
    """Reads a page that a browser saved with its pictures in one file."""
    try:
        message: Message = message_from_bytes(data, policy=policy.compat32)
        pages = [part for part in message.walk() if part.get_content_type() == "text/html"]
        content = pages[0].get_payload(decode=True) if pages else None
        charset = pages[0].get_content_charset() if pages else None
    except (RecursionError, ValueError, LookupError, TypeError) as error:
        raise YinjuError("file.damaged_page", path=path, suffix=path.suffix) from error
    if not isinstance(content, bytes):
        raise YinjuError("file.no_page_inside", path=path)
    return _load(path, content, limits, charset)


def _load(path: Path, data: bytes, limits: Limits, declared: str | None) -> LoadedFile:
    source = read_source(data, path, limits, declared)
    page = parse_page(source.text, path, limits)
    mark_around(page)
    title = page_title(page)
    lines = page_lines(page.elements[0], Budget(path, limits), title or path.stem)
    loaded = lines.loaded("html", source.encoding, title)
    return replace(loaded, problems=source.problems)


def page_title(page: PageTree) -> str | None:
    """The report's name: what the page's title has in common with a heading, less the site's."""
    heads = [
        told
        for element in page.elements
        if element.tag == "h1"
        and not element.hidden
        and len(told := " ".join(inner_text(element).split())) <= 120
        and told
    ]
    site = page.properties.get("og:site_name", "").strip()
    given = [page.properties.get("og:title", ""), page.title]
    whole = [" ".join(title.split()) for title in given]
    for head in heads:
        named = any(_same(head) in _same(title) for title in whole)
        if named and len(head) >= _LEAST_TITLE and not _is_site(head, site):
            return head
    for title in whole:
        name = _without_site(title, site)
        if name and not _NO_TITLE.fullmatch(name):
            return name
    return next(iter(heads), None)


def _same(text: str) -> str:
    return "".join(fold_chars(text).split()).lower()


def _is_site(name: str, site: str) -> bool:
    """Whether words are a site's name and no report's."""
    if site and _same(name) == _same(site):
        return True
    return bool(_SITE.search(fold_chars(name))) and len(name) <= 16 and not _REPORT.search(name)


_REPORT = re.compile(
    r"报告|報告|白皮书|白皮書|研究(?![院所会]|中心)|分析|规划|規劃|通知|意见|意見|办法|辦法|公报|公報|方案|\d{4}年"
)


def _without_site(title: str, site: str) -> str:
    """A title less the names of site and channel at its end, or at its beginning."""
    while True:
        cuts = list(_BETWEEN.finditer(title))
        if not cuts:
            return title.strip()
        last = cuts[-1]
        rest = title[last.end() :].strip()
        clear = re.search(r"\s|[|｜_»›]", last[0])
        if last.start() and (not rest or _is_site(rest, site) or (clear and "_" in last[0])):
            title = title[: last.start()]
            continue
        first = title[: cuts[0].start()].strip()
        if first and re.search(r"\s|[|｜_]", cuts[0][0]) and _is_site(first, site):
            title = title[cuts[0].end() :]
            continue
        return title.strip()
