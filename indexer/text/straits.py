"""The words of the mainland and of Taiwan for one thing: 服务器 and 伺服器, by OpenCC's tables of phrases.

For matching only: what is shown and quoted stays as the report has it.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from .fold import fold


@cache
def _converter(name: str) -> Any:
    from opencc import OpenCC

    return OpenCC(name)


@lru_cache(maxsize=4096)
def cross_strait(word: str) -> tuple[str, ...]:
    """Return the other side's words for a folded word, folded; empty if both sides use the same.

    >>> cross_strait("服务器"), cross_strait("伺服器"), cross_strait("收入")
    (('伺服器',), ('服务器',), ())
    """
    if len(word) < 2 or word.isascii():
        return ()
    traditional = _converter("s2t").convert(word)
    there = _converter("s2twp").convert(word), _converter("tw2sp").convert(traditional)
    return tuple(other for other in dict.fromkeys(map(fold, there)) if other != word)
