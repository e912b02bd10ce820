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
    """The beginnings of names by their sound."""

    def __init__(self, names: Iterable[str]) -> None:
        """Collect folded names; some 30 µs a name."""
        self._by_sound: dict[Sounds, set[str]] = {}
        for name in names:
            if len(name) >= _KEY and _IDEOGRAPHS.fullmatch(name[:_KEY]):
                self._by_sound.setdefault(_sounds(name[:_KEY]), set()).add(name[:_KEY])

    def correct(self, question: str, is_used: Callable[[str], bool]) -> str:
        """Return a folded question with the names that it misspells as they are written.

        Args:
            is_used: returns whether a text stands in some report: then it is no misspelling.
        """
        for run in _IDEOGRAPHS.finditer(question):
            for at in range(run.start(), run.end() - _KEY + 1):
                written = question[at : at + _KEY]
                for name in sorted(self._by_sound.get(_sounds(written), ())):
                    differ = sum(a != b for a, b in zip(name, written, strict=True))
                    if differ == 1 and not is_used(written):
                        return question[:at] + name + question[at + _KEY :]
        return question


def _sounds(text: str) -> Sounds:
    """Return the syllable of each character, without its tone."""
    from pypinyin import lazy_pinyin

    return tuple(lazy_pinyin(text))
