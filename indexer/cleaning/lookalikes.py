"""Characters that only look like those a report was written in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from .trail import Change
from .wrapping import Context

# Radicals of the supplement that Unicode itself does not map to the characters they are.
_RADICALS = dict(
    zip(
        "⺠⻁⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰",
        "民虎西见角贝车長长门青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙",
        strict=True,
    )
)
_LOOK_ALIKE = re.compile(r"[\u2e80-\u2fd5\uf900-\ufaff\ufb00-\ufb06]")


def look_alikes(text: str, context: Context) -> Iterator[Change]:
    """Radicals, doubled ideographs and ligatures that stand for ordinary characters."""
    for match in _LOOK_ALIKE.finditer(text):
        plain = _RADICALS.get(match[0]) or unicodedata.normalize("NFKC", match[0])
        if plain != match[0]:
            yield Change(match.start(), match.end(), plain)
