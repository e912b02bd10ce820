"""Readings in kana or bopomofo that an annotator put behind each hard word: 報告(ほうこく)."""

from __future__ import annotations

import re
from collections.abc import Iterator

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
