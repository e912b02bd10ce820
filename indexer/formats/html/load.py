"""Load a web page: all of its text, with the spans that are boilerplate of the site."""

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

from .boilerplate import mark_boilerplate
from .lines import inner_text, write_page
from .source import read_source
from .tree import PageTree, parse_page

# What separates a report's name from the site's. A hyphen without a space belongs to a word unless
# a site's name follows.
_SEPARATOR = re.compile(r"\s*(?:[|｜_»›·—–]+|-{1,2}|>|::)\s*")
_SITE_NAME = re.compile(
    r"网|文库|文档|门户|在线|政府|官方|新闻|频道|首页|平台|下载|道客|豆丁|公众号|论坛|博客|中心$|研究[院所会]$|学院$|大学$|协会$|学会$|[委部局厅办]$|\.(?:com|cn|net|org|gov)\b",
    re.I,
)
_PLACEHOLDER_TITLE = re.compile(
    r"无标题(?:文档|页)?|untitled(?: document)?|new page.*|document|正文|首页|详情|文章详情|内容|index(?:\.html?)?|home",
    re.I,
)
_MIN_TITLE = 4


def load_html(path: Path, data: bytes, limits: Limits) -> LoadedFile:
    """Load a web page: headings by their tags, tables as rows, lists with their numbers.

    The text contains all that the page shows. `boilerplate` are menus and the like.
    """
    return _load(path, data, limits, None)


def load_mhtml(path: Path, data: bytes, limits: Limits) -> LoadedFile:
    """Load a page that a browser saved with its pictures in one file."""
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
    mark_boilerplate(page)
    title = find_title(page)
    writer = write_page(page.elements[0], Budget(path, limits), title or path.stem)
    loaded = writer.to_loaded_file("html", source.encoding, title)
    return replace(loaded, problems=source.problems)


def find_title(page: PageTree) -> str | None:
    """Find the report's title: an <h1> that is a part of the page's title, or the page's title.

    The site's name is removed from the page's title. None if the page has neither.
    """
    headings = [
        heading
        for element in page.elements
        if element.tag == "h1"
        and not element.hidden
        and len(heading := " ".join(inner_text(element).split())) <= 120
        and heading
    ]
    site = page.properties.get("og:site_name", "").strip()
    raw_titles = [page.properties.get("og:title", ""), page.title]
    titles = [" ".join(title.split()) for title in raw_titles]
    for heading in headings:
        in_title = any(_normalize(heading) in _normalize(title) for title in titles)
        if in_title and len(heading) >= _MIN_TITLE and not _is_site_name(heading, site):
            return heading
    for title in titles:
        name = _remove_site_name(title, site)
        if name and not _PLACEHOLDER_TITLE.fullmatch(name):
            return name
    return next(iter(headings), None)


def _normalize(text: str) -> str:
    return "".join(fold_chars(text).split()).lower()


def _is_site_name(name: str, site: str) -> bool:
    """Return whether a name is a site's, not a report's."""
    if site and _normalize(name) == _normalize(site):
        return True
    return (
        bool(_SITE_NAME.search(fold_chars(name)))
        and len(name) <= 16
        and not _REPORT_NAME.search(name)
    )


_REPORT_NAME = re.compile(
    r"报告|報告|白皮书|白皮書|研究(?![院所会]|中心)|分析|规划|規劃|通知|意见|意見|办法|辦法|公报|公報|方案|\d{4}年"
)


def _remove_site_name(title: str, site: str) -> str:
    """Return a title without the names of the site and channel at its end or beginning."""
    while True:
        cuts = list(_SEPARATOR.finditer(title))
        if not cuts:
            return title.strip()
        last = cuts[-1]
        rest = title[last.end() :].strip()
        clear = re.search(r"\s|[|｜_»›]", last[0])
        if last.start() and (not rest or _is_site_name(rest, site) or (clear and "_" in last[0])):
            title = title[: last.start()]
            continue
        first = title[: cuts[0].start()].strip()
        if first and re.search(r"\s|[|｜_]", cuts[0][0]) and _is_site_name(first, site):
            title = title[cuts[0].end() :]
            continue
        return title.strip()
