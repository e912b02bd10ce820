"""Readings in kana or bopomofo that an annotator put behind each hard word: 報告(ほうこく)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from indexer.text.fold import fold_chars

from .trail import Change
from .wrapping import Context

_GLOSS = re.compile(
    r"(?<=[\u3400-\u9fff])[(（](?:[\u3041-\u3096ー・]+|[\u3105-\u312f\u02c7\u02ca\u02cb\u02d9 ]+)[)）]"
)
# An author explains a name or two; a program that annotates does it all over the text.
_FEW = 6


def glosses(text: str, context: Context) -> Iterator[Change]:
    """The glosses of a text that has many of them; a few are the author's own."""
    found = list(_GLOSS.finditer(text))
    if len(found) >= _FEW:
        yield from (Change(match.start(), match.end()) for match in found)


_READING = re.compile(r"([\u3400-\u9fff])(\(([a-zāáǎàōóǒòēéěèêīíǐìūúǔùüǖǘǚǜńňǹḿ]{1,7})\))")


def pinyin_annotations(text: str) -> Iterator[tuple[int, int]]:
    """Spans of `(reading)` that are a reading of the character before them.

    Genuine parentheses stay: `(SEO)` is no reading, and `(lián)` behind a character that is not
    read so is left alone. So is a reading behind a character that both scripts write alike, which
    no converter lacks: a teacher's `重(zhòng)要`.
    """
    for match in _READING.finditer(text):
        if fold_chars(match[1]) != match[1] and match[3] in _readings(match[1]):
            yield match.span(2)


@cache
def _readings(character: str) -> frozenset[str]:
    from pypinyin import Style, pinyin

    (found,) = pinyin(character, style=Style.TONE, heteronym=True)
    return frozenset(found)
