"""Show invisible characters as escapes, so that an edit of them can be seen."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Characters that are looked at one by one; all others are visible.
_SUSPECT = re.compile(r"[^ -\[\]-~\u3001-\u3029\u4e00-\u9fff\uff01-\uff5e]")
# Characters without a shape that Python calls printable: variation selectors, fillers, a blank.
_SHAPELESS = re.compile(
    r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def escape_invisible(text: str, kind: str = "kept") -> str:
    """Return the text with each invisible character as its escape (\\x1b, \\u200b), and \\ doubled.

    A mark that combines with the character before it is escaped at the start of the text.

    Args:
        kind: "kept" leaves the ideographic space, a visible gap; any other kind, an edit, escapes it.
    """
    wide = "\u3000" if kind == "kept" else ""
    shown = _SUSPECT.sub(lambda m: m[0] if m[0] == wide else _shown(m[0]), text)
    if text and shown[0] == text[0] and unicodedata.category(text[0]).startswith("M"):
        return ascii(text[0])[1:-1] + shown[1:]
    return shown


@lru_cache(maxsize=4096)
def _shown(char: str) -> str:
    visible = char.isprintable() and char != "\\" and not _SHAPELESS.match(char)
    return char if visible else ascii(char)[1:-1]


def escape_invisible_lines(text: str, kind: str = "kept") -> str:
    """Return the same with line ends as they are, \\r\\n as \\n."""
    return "\n".join(
        escape_invisible(line, kind) for line in text.replace("\r\n", "\n").split("\n")
    )
