"""Places and firms that a question names, whether or not the title of a report begins with them.

A question on 浙江省 must not be answered from the report of 四川省 because all its other words stand there.
"""

from __future__ import annotations

import re

from indexer.text.lexicon import is_name, is_place
from indexer.text.segment import Segmenter

# A firm with its legal form: without it the name of a firm is hard to tell from ordinary words.
_FIRM = re.compile(
    r"([a-z0-9\u3400-\u9fff]+?)(?:股份有限公司|有限责任公司|有限公司|股份公司|集团公司|控股公司)"
)
# What a place is also called without: 浙江省 is 浙江. jieba's dictionary calls many words places (上市,
# 关联): only those count that stand in it with a unit too, or are asked for with one.
_UNIT = re.compile(r"(?<=..)(?:特别行政区|自治[区州县]|地区|[省市县区州国])$")
_HEAD = re.compile(r"(.{2,7}?[省市县区州])(?:人民)?(?:政府|人大|政协|法院|检察院)")
_UNITS = ("省", "市", "县", "州", "特别行政区", "自治区")
# What is no name in front of a legal form.
_KINDS = frozenset(["公司", "子公司", "母公司", "分公司", "控股", "全资", "一家", "哪家"])
# A firm's name has this many characters, without its legal form.
_LEAST, _LONGEST = 2, 10


def find_subjects(question: str, segmenter: Segmenter) -> list[str]:
    """Return the places and firms that a folded question names, each in its short form, in its order.

    Args:
        segmenter: the one of the index; its vocabulary may know more places.
    """
    firms = [(m.start(), _core_of(m[1], segmenter)) for m in _FIRM.finditer(question)]
    found = [(at, core) for at, core in firms if len(core) >= _LEAST]
    at = 0
    for word in segmenter.cut(question):
        in_firm = any(m.start() <= at < m.end() for m in _FIRM.finditer(question))
        # 湖北省政府 is a word of the dictionary.
        place = head[1] if (head := _HEAD.match(word)) else word
        if not in_firm and is_name(place, segmenter) and _is_administrative(place):
            found.append((at, _UNIT.sub("", place)))
        at += len(word)
    return list(dict.fromkeys(name for _, name in sorted(found)))


def _is_administrative(word: str) -> bool:
    return is_place(word) and (
        bool(_UNIT.search(word)) or any(is_place(word + unit) for unit in _UNITS)
    )


def _core_of(run: str, segmenter: Segmenter) -> str:
    """Return a firm's name from what stands before its legal form: the last words without a stop word."""
    core = ""
    for word in reversed(segmenter.cut(run)):
        if word in segmenter.stop_words or word in _KINDS or len(word) + len(core) > _LONGEST:
            break
        core = word + core
    return core
