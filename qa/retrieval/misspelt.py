"""Names of reports that a question misspells: another character of the same sound, 岚铺市 for 岚浦市.

Chinese is typed by its sound, so this is how names are misspelt. A character of another sound (东湖支行,
西湖支行) makes another name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

# A name is recognised by so many characters, one of which may be wrong.
_KEY = 3
_IDEOGRAPHS = re.compile(r"[\u3400-\u9fff]+")

Sounds = tuple[str, ...]


class Misspellings:
    """The beginnings of names by what is left of them without a character."""

    def __init__(self, names: Iterable[str]) -> None:
        """Collect folded names; some 2 µs a name."""
        self._by_rest: dict[tuple[int, str], set[str]] = {}
        for name in names:
            key = name[:_KEY]
            if len(key) == _KEY and _IDEOGRAPHS.fullmatch(key):
                for at in range(_KEY):
                    self._by_rest.setdefault(_without(key, at), set()).add(key)

    def correct(self, question: str, is_used: Callable[[str], bool]) -> str:
        """Return a folded question with the names that it misspells as they are written.

        Args:
            is_used: returns whether a text stands in some report: then it is no misspelling.
        """
        for run in _IDEOGRAPHS.finditer(question):
            for start in range(run.start(), run.end() - _KEY + 1):
                written = question[start : start + _KEY]
                for at in range(_KEY):
                    for name in sorted(self._by_rest.get(_without(written, at), ())):
                        # The sounds last: the table of them takes 0.1 s to load.
                        if (
                            name != written
                            and not is_used(written)
                            and _sounds(name) == _sounds(written)
                        ):
                            return question[:start] + name + question[start + _KEY :]
        return question


def _without(key: str, at: int) -> tuple[int, str]:
    return at, key[:at] + key[at + 1 :]


def _sounds(text: str) -> Sounds:
    """Return the syllable of each character, without its tone."""
    from pypinyin import lazy_pinyin

    return tuple(lazy_pinyin(text))
