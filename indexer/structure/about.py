"""What a report is about: organisation, short names, author, date, period and place, each with where it stands.

Taken from the lines at the top (来源:…, 股票简称:…), from the title and from the name of the file. What is not
found is left out; the user may add or mend it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.text.fold import fold_chars
from indexer.types import Property

# Characters at the top that are looked at, and of the end, where some reports have their date.
_TOP, _HEAD, _END = 6000, 600, 200
# Labels of a property, as `label: value` or as the first cell of a row. The first that is found counts.
_LABELS = {
    "organisation": "公司的?中文名称|公司全称|公司名称|发布(?:机构|单位)|编制单位|编写单位|发行人|招标人|采购人|主办(?:单位)?",
    "names": "(?:股票|证券)简称|公司的?(?:中文)?简称|中文简称|简称",
    "author": "作者|撰稿(?:人)?|撰写(?:人)?|执笔(?:人)?|编制人|分析师|author",
    "date": "发布(?:时间|日期)|公布日期|印发日期|报告日期|成文日期|日期|时间|date",
}
# A value ends with its line or cell, where the next label begins, and before what a site adds.
_VALUE = (
    r"[ \t]*(?:[:|]|[ \t]{2,})[ \t]*(?P<value>[^\n|;。:]{2,40}?)[ \t]*"
    r"(?=[\n|;。]|[ \t]{2}|[a-z]+:|[ \t][^\s:]{2,6}:|(?:股票|证券)代码|[ \t]数据|$)"
)
_LABELLED = {
    name: re.compile(rf"(?m)(?:^|[|\s])(?:{labels}){_VALUE}") for name, labels in _LABELS.items()
}
_FIRM = re.compile(
    r"[\u3400-\u9fffA-Za-z()]{2,30}?(?:股份有限公司|有限责任公司|有限公司|集团公司|集团(?!股份|有限|控股)|人民政府|银行(?!股份|有限))"
)
_ALIAS = re.compile(
    r"\((?:以下|下)?(?:统称|简称)(?:为)?:?[“\"「『](?P<value>[^”\"」』\n]{2,12})[”\"」』]"
)
_DAY = r"(?:19|20)\d\d(?:年\d{1,2}月\d{1,2}日|-\d{1,2}-\d{1,2}|\.\d{1,2}\.\d{1,2}|/\d{1,2}/\d{1,2})"
_FIRST_DAY = re.compile(_DAY)
# A day on a line of its own, or as 会议 have it: ——2026年1月26日在…会议上.
_OWN_DAY = re.compile(
    rf"(?m)^[ \t]*(?:[—\-(][—\-]*)?(?P<value>{_DAY})(?=在|[ \t]*(?:\d\d[时:].{{0,8}})?\)?[ \t]*$)"
)
_PERIOD = re.compile(
    r"(?:19|20)\d\d(?:年?[—–\-~至](?:19|20)\d\d)?年?(?:上半年|下半年|半年度|年?第?[一二三四1-4]季度|\d{1,2}月(?:份|\d{1,2}日)?|度)?"
    r"|[一二]\w{2,3}年度?|\d{2,3}年度"
)
_PLACE = re.compile(
    r"(?:^|[\d年度_\s—\-(])(?P<value>(?!年)[\u3400-\u9fff]{1,6}?(?:省|自治区|市(?!场)|自治州|县(?!域)|(?<![园院])区))"
)
# What the text calls itself and other common nouns are no short names.
_COMMON = frozenset(
    [
        "公司",
        "本公司",
        "发行人",
        "集团",
        "本集团",
        "甲方",
        "乙方",
        "我国",
        "本市",
        "全市",
        "本省",
        "招标人",
    ]
)


def find_about(text: str, title: str, stem: str) -> tuple[Property, ...]:
    """Return what is known of a report from its clean text, its title and its file's name.

    Args:
        stem: the name of the file without its suffix.
    """
    top = fold_chars(text[:_TOP])
    if len(top) != min(len(text), _TOP):
        return ()
    found: dict[str, Property] = {}
    for property in (*_labelled(text, top), *_named(text, top, title, stem)):
        found.setdefault(property.name, property)
    return tuple(found.values())


def _labelled(text: str, top: str) -> Iterator[Property]:
    for name, pattern in _LABELLED.items():
        for match in pattern.finditer(top):
            start, end = match.span("value")
            if name == "date":
                day = _FIRST_DAY.search(top, start, end)
                if day is None:
                    continue
                start, end = day.span()
            if text[start:end] not in _COMMON:
                yield Property(name, text[start:end], "text", start, end)
                break


def _named(text: str, top: str, title: str, stem: str) -> Iterator[Property]:
    for source, words in (("title", title), ("file", stem)):
        folded = fold_chars(words)
        firm = _FIRM.search(re.sub(r"^[\d年度_\s]+", "", folded))
        if firm:
            yield _place_of("organisation", firm.group(), source, text, top)
        period = _PERIOD.search(folded)
        if period:
            yield _place_of("period", period.group(), source, text, top)
        place = _PLACE.search(folded)
        if place:
            yield _place_of("place", place["value"], source, text, top)
    head = top[:_HEAD]
    for line in re.finditer(r"(?m)^[ \t]*(\S.*?)[ \t]*$", head):
        firm = _FIRM.fullmatch(line[1])
        if firm:
            yield Property("organisation", text[line.start(1) : line.end(1)], "text", *line.span(1))
            break
    organisation = _FIRM.search(fold_chars(title))
    for alias in _ALIAS.finditer(top):
        before = top[max(0, alias.start() - 40) : alias.start()].rstrip()
        whole = organisation.group() if organisation else ""
        if whole and before.endswith(whole) and alias["value"] not in _COMMON:
            start, end = alias.span("value")
            yield Property("names", text[start:end], "text", start, end)
            break
    for at in (0, max(0, len(text) - _END)):
        for day in _OWN_DAY.finditer(fold_chars(text[at : at + (_END if at else _HEAD)])):
            start, end = (at + place for place in day.span("value"))
            yield Property("date", text[start:end], "text", start, end)
            break


def _place_of(name: str, value: str, source: str, text: str, top: str) -> Property:
    """Return a property that a title or a file's name gives, with where the text has it, if it does."""
    at = top.find(value) if source == "title" else -1
    if at < 0:
        return Property(name, value, source)
    return Property(name, text[at : at + len(value)], "text", at, at + len(value))
