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

from indexer.errors import YinjuError, reason_of
from indexer.messages import Message, message

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

    def stage_message(self) -> Message:
        """Say how much it holds, as the stage of indexing in which it is read.

        >>> str(Vocabulary(stopwords=("报告",)).stage_message())
        'vocabulary: 0 terms, 1 stop words, 0 groups of synonyms'
        """
        return message(
            "stage.vocabulary",
            terms=len(self.terms),
            stops=len(self.stopwords) + len(self.kept),
            synonyms=len(self.synonyms),
        )

    def to_json(self) -> str:
        """As JSON, the same for equal vocabularies."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


EMPTY = Vocabulary()


def parse_vocabulary(text: str) -> Vocabulary:
    """The vocabulary that `Vocabulary.to_json` wrote.

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
    stops = [one for line in _lines(index / STOPWORDS) for one in _stop(line)]
    return Vocabulary(
        tuple(map(_term, _lines(index / TERMS))),
        tuple(word for word in stops if not word.startswith("-")),
        tuple(word[1:] for word in stops if word.startswith("-")),
        tuple(map(_group, _lines(index / SYNONYMS))),
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a vocabulary file that says something."""

    path: Path
    number: int
    """From 1."""
    text: str
    """Folded, without its comment."""

    def error(self, code: str) -> YinjuError:
        """Return the error that the line is not as it should be."""
        return YinjuError(code, path=self.path, number=self.number, found=self.text)


def _lines(path: Path) -> Iterator[_Line]:
    """Read the lines of a file that say something."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return
    except UnicodeDecodeError as error:
        raise YinjuError("index.vocabulary_encoding", path=path, reason=error.reason) from error
    except OSError as error:
        raise YinjuError("file.unreadable", path=path, reason=reason_of(error)) from error
    for number, line in enumerate(text.splitlines(), 1):
        folded = fold(line.partition("#")[0]).strip()
        if folded:
            yield _Line(path, number, folded)


def _term(line: _Line) -> Term:
    word, *rest = line.text.split()
    frequency = int(rest.pop(0)) if rest and rest[0].isascii() and rest[0].isdigit() else 0
    tag = rest.pop(0) if rest else ""
    if rest or (tag and not (tag.isascii() and tag.isalpha())):
        raise line.error("index.vocabulary_term")
    return Term(word, frequency, tag)


def _stop(line: _Line) -> list[str]:
    if len(line.text.split()) != 1 or line.text == "-":
        raise line.error("index.vocabulary_stopword")
    return [line.text]


def _group(line: _Line) -> tuple[str, ...]:
    group = tuple(dict.fromkeys(line.text.split()))
    if len(group) < 2:
        raise line.error("index.vocabulary_synonyms")
    return group
