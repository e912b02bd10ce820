"""Text with everything unseen made visible, so that an edit of it can be seen."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# All that is not plainly harmless is looked at one by one.
_SUSPECT = re.compile(r"[^ -\[\]-~\u3001-\u3029\u4e00-\u9fff\uff01-\uff5e]")
# Python calls these printable, but they have no shape: variation selectors, fillers, a blank.
_SHAPELESS = re.compile(
    r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def visible(text: str, kind: str = "kept") -> str:
    """The text with everything unseen as its escape (\\x1b, \\u200b), and \\ doubled.

    The ideographic space is seen where it is kept, as the gap that it is; in an edit it is escaped.
    A mark that combines with the character before it is escaped at the start.
    """
    wide = "\u3000" if kind == "kept" else ""
    shown = _SUSPECT.sub(lambda m: m[0] if m[0] == wide else _shown(m[0]), text)
    if text and shown[0] == text[0] and unicodedata.category(text[0]).startswith("M"):
        return ascii(text[0])[1:-1] + shown[1:]
    return shown


@lru_cache(maxsize=4096)
def _shown(char: str) -> str:
    seen = char.isprintable() and char != "\\" and not _SHAPELESS.match(char)
    return char if seen else ascii(char)[1:-1]


def visible_lines(text: str, kind: str = "kept") -> str:
    """The same with line ends as they are."""
    return "\n".join(visible(line, kind) for line in text.replace("\r\n", "\n").split("\n"))
