"""Folding: one form for matching. What is shown and quoted is never folded (promise 3)."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any

# After OpenCC's Traditional to Simplified, which leaves 著 and 甚 to the reader: the particle 著 is
# 着 except in the words of writing and of note, where the character before or after it tells.
_PARTICLE = re.compile(r"(?<![显卓原名专编译土执昭论遗拙合巨])著(?![名作称述书者录译])")


# A text up to this many characters is kept with its folded form: a few megabytes for all of them.
_SHORT = 1000


@cache
def _opencc() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def fold(text: str) -> str:
    """Simplified script, half width (NFKC) and lower case; for terms, questions and the encoder.

    The length may change, so offsets in the result mean nothing for `text`.
    """
    return _fold_short(text) if len(text) <= _SHORT else _fold(text)


def _fold(text: str) -> str:
    # What NFKC would do to them. Without them most texts need nothing else of it, which it sees in
    # a tenth of the time.
    for full, half in zip("，：；（）！？", ",:;()!?", strict=True):
        text = text.replace(full, half)
    simple: str = _opencc().convert(unicodedata.normalize("NFKC", text).lower())
    if "著" in simple:
        simple = _PARTICLE.sub("着", simple)
    return simple.replace("甚么", "什么")


# A question meets the same passages several times on its way to an answer.
_fold_short = lru_cache(maxsize=1024)(_fold)


def fold_strict(text: str) -> str:
    """What two quotations are compared by: folded, 著 always 着, letters and digits only.

    >>> fold_strict("「互聯網」, 2015 年:著名")
    '互联网2015年着名'
    """
    return "".join(c for c in fold(text).replace("著", "着") if c.isalnum())


@lru_cache(maxsize=1)
def _char_table() -> dict[int, str]:
    """Per character and never changing the length: Traditional to Simplified and full to half."""
    # U+3400-9FFF: the ideographs of everyday text and their first extension.
    ideographs = [chr(code) for code in range(0x3400, 0xA000)]
    simple: str = _opencc().convert("\n".join(ideographs)).split("\n")
    table = {
        ord(one): other
        for one, other in zip(ideographs, simple, strict=True)
        if one != other and len(other) == 1
    }
    table.update({code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)})
    table[0x3000] = " "
    return table


def fold_chars(text: str) -> str:
    """Folds character by character, so that offsets in the result are offsets in `text`.

    Rules of cleaning match against it and so are written once, in Simplified and half width.
    """
    return text.translate(_char_table())


# From this share of ideographs that Simplified writes otherwise, a text counts as Traditional. In
# the reports at hand it is 0.30 for Traditional and under 0.01 for Simplified text.
_TRADITIONAL = 0.05


def script_of(text: str) -> str:
    """The language tag by which a browser picks its font: "zh-Hant" or "zh-Hans"."""
    ideographs = [(a, b) for a, b in zip(text, fold_chars(text), strict=True) if a >= "㐀"]
    changed = sum(a != b for a, b in ideographs if "㐀" <= a <= "鿿")
    return "zh-Hant" if changed > _TRADITIONAL * len(ideographs) else "zh-Hans"
