"""Readings that stand in parentheses behind a character: pinyin, kana or bopomofo."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from indexer.text.fold import fold_chars

from .rule import RuleContext
from .trail import Change

_KANA_READING = re.compile(
    r"(?<=[\u3400-\u9fff])[(（](?:[\u3041-\u3096ー・]+|[\u3105-\u312f\u02c7\u02ca\u02cb\u02d9 ]+)[)）]"
)
# An author explains a name or two; a program that annotates does it all over the text.
_MIN_READINGS = 6


def find_kana_readings(text: str, context: RuleContext) -> Iterator[Change]:
    """Remove readings in kana or bopomofo, as 報告(ほうこく), from a text that has many of them.

    A text with a few keeps them: they are the author's own.
    """
    matches = list(_KANA_READING.finditer(text))
    if len(matches) >= _MIN_READINGS:
        yield from (Change(match.start(), match.end()) for match in matches)


_PINYIN_READING = re.compile(r"([\u3400-\u9fff])(\(([a-zāáǎàōóǒòēéěèêīíǐìūúǔùüǖǘǚǜńňǹḿ]{1,7})\))")


def find_pinyin_readings(text: str, context: RuleContext) -> Iterator[Change]:
    """Remove `(reading)` behind a character that has this reading, as 聯(lián).

    Other parentheses stay: `(SEO)` is no reading, and `(lián)` stays behind a character that is
    not read so. A reading also stays behind a character that is the same in Traditional and
    Simplified script: every converter has a glyph for it, so that it is a teacher's `重(zhòng)要`.
    """
    for match in _PINYIN_READING.finditer(text):
        if fold_chars(match[1]) != match[1] and match[3] in _readings_of(match[1]):
            yield Change(*match.span(2))


@cache
def _readings_of(character: str) -> frozenset[str]:
    """Return all pinyin readings of a character, with tone marks."""
    from pypinyin import Style, pinyin

    (readings,) = pinyin(character, style=Style.TONE, heteronym=True)
    return frozenset(readings)
