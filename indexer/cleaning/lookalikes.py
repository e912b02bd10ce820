"""Characters that only look like the characters a report was written in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from .rule import RuleContext
from .trail import Change

# Radicals of the CJK supplement that Unicode's NFKC does not map to the characters they look like.
_RADICALS = dict(
    zip(
        "⺠⻁⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰",
        "民虎西见角贝车长长门青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙",
        strict=True,
    )
)
_LOOK_ALIKE = re.compile(r"[\u2e80-\u2fd5\uf900-\ufaff\ufb00-\ufb06]")


def find_look_alikes(text: str, context: RuleContext) -> Iterator[Change]:
    """Replace radicals, compatibility ideographs and ligatures by ordinary characters."""
    for match in _LOOK_ALIKE.finditer(text):
        plain = _RADICALS.get(match[0]) or unicodedata.normalize("NFKC", match[0])
        if plain != match[0]:
            yield Change(match.start(), match.end(), plain)
