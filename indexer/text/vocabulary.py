"""The words of a field that a user adds to an index: terms, stop words and synonyms.

Three files in the index folder, all optional, in UTF-8, with `#` before a comment:

    terms.txt       a term a line, as in jieba's user dictionaries: word [frequency] [word class]
    stopwords.txt   a word a line that says nothing of what is asked about; -word takes one that
                    yinju has back
    synonyms.txt    words a line, parted by spaces, that stand for one another: 央行 中国人民银行

A snapshot keeps what it was made with, so that question and index are always cut alike: a change
takes effect with the next `yinju index`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from indexer.errors import YinjuError

from .fold import fold

TERMS, STOPWORDS, SYNONYMS = "terms.txt", "stopwords.txt", "synonyms.txt"


@dataclass(frozen=True, slots=True)
class Term:
    """A word, folded; frequency 0 is as much as it takes for jieba to cut it whole. tag: its class
    in jieba's letters, as nr (person), ns (place), nt (organisation), nz (other name), v (verb)."""

    word: str
    frequency: int = 0
    tag: str = ""


@dataclass(frozen=True)
class Vocabulary:
    """What the files say, folded. kept: built-in stop words that are none here."""

    terms: tuple[Term, ...] = ()
    stopwords: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    synonyms: tuple[tuple[str, ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms or self.stopwords or self.kept or self.synonyms)

    @cached_property
    def tags(self) -> dict[str, str]:
        """The class of each term that has one."""
        return {term.word: term.tag for term in self.terms if term.tag}

    @cached_property
    def others(self) -> dict[str, tuple[str, ...]]:
        """Of each word that stands in a group of synonyms, the other words of its groups."""
        found: dict[str, dict[str, None]] = {}
        for group in self.synonyms:
            for word in group:
                found.setdefault(word, {}).update(dict.fromkeys(w for w in group if w != word))
        return {word: tuple(others) for word, others in found.items()}

    def told(self) -> str:
        """How much it holds, in words.

        >>> Vocabulary(stopwords=("报告",)).told()
        '0 terms, 1 stop words, 0 groups of synonyms'
        """
        stops = len(self.stopwords) + len(self.kept)
        return (
            f"{len(self.terms)} terms, {stops} stop words, {len(self.synonyms)} groups of synonyms"
        )

    def text(self) -> str:
        """As JSON, the same for equal vocabularies."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


EMPTY = Vocabulary()


def vocabulary_of(text: str) -> Vocabulary:
    """The vocabulary that `Vocabulary.text` wrote.

    Raises:
        ValueError, KeyError, TypeError: it is none.
    """
    values: dict[str, Any] = json.loads(text)
    return Vocabulary(
        tuple(Term(**term) for term in values["terms"]),
        tuple(values["stopwords"]),
        tuple(values["kept"]),
        tuple(tuple(group) for group in values["synonyms"]),
    )


def read_vocabulary(index: Path) -> Vocabulary:
    """Reads the files of an index folder; one that is missing adds nothing.

    Raises:
        YinjuError: a file cannot be read, or a line of it is not as it should be.
    """
    stops = [one for where, line in _lines(index / STOPWORDS) for one in _stop(where, line)]
    return Vocabulary(
        tuple(_term(where, line) for where, line in _lines(index / TERMS)),
        tuple(word for word in stops if not word.startswith("-")),
        tuple(word[1:] for word in stops if word.startswith("-")),
        tuple(_group(where, line) for where, line in _lines(index / SYNONYMS)),
    )


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """(place, folded line) of each line of a file that says something."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return
    except UnicodeDecodeError as error:
        raise YinjuError(f"{path}: is not UTF-8 ({error.reason}); save it as UTF-8") from error
    except OSError as error:
        raise YinjuError(f"{path}: cannot be read: {error.strerror or error}") from error
    for number, line in enumerate(text.splitlines(), 1):
        told = fold(line.partition("#")[0]).strip()
        if told:
            yield f"{path}, line {number}", told


def _term(where: str, line: str) -> Term:
    word, *rest = line.split()
    frequency = int(rest.pop(0)) if rest and rest[0].isascii() and rest[0].isdigit() else 0
    tag = rest.pop(0) if rest else ""
    if rest or (tag and not (tag.isascii() and tag.isalpha())):
        raise YinjuError(
            f"{where}: found {line!r}, expected a word, and after it, if you like, a frequency and "
            "a word class: 碳捕集 50 n"
        )
    return Term(word, frequency, tag)


def _stop(where: str, line: str) -> list[str]:
    if len(line.split()) != 1 or line == "-":
        raise YinjuError(f"{where}: found {line!r}, expected one word")
    return [line]


def _group(where: str, line: str) -> tuple[str, ...]:
    group = tuple(dict.fromkeys(line.split()))
    if len(group) < 2:
        raise YinjuError(
            f"{where}: found {line!r}, expected two words or more, parted by spaces: "
            "央行 中国人民银行"
        )
    return group
