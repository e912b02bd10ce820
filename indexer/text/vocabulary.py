"""The words of a field that a user adds to an index: terms, stop words and synonyms.

There are three files in the index folder, all optional, in UTF-8, with `#` before a comment:

    terms.txt       one term on each line, as in jieba's user dictionaries: word [frequency] [class]
    stopwords.txt   on each line a word that says nothing about the subject of a question; -word
                    removes a built-in one
    synonyms.txt    on each line words that mean the same, parted by spaces: 央行 中国人民银行

A snapshot stores the words that it was made with, so that question and index are always cut alike. A
change takes effect with the next `yinju index`.
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
    """A word that is cut as one term."""

    word: str
    """Folded."""
    frequency: int = 0
    """Its frequency in jieba's dictionary; 0 is as much as jieba needs to cut the word whole."""
    tag: str = ""
    """Its class in jieba's letters: nr (person), ns (place), nt (organisation), nz (other name), v
    (verb) ..."""


@dataclass(frozen=True)
class Vocabulary:
    """The content of the three files, folded."""

    terms: tuple[Term, ...] = ()
    stopwords: tuple[str, ...] = ()
    """Added to the built-in stop words."""
    kept: tuple[str, ...] = ()
    """Removed from the built-in stop words."""
    synonyms: tuple[tuple[str, ...], ...] = ()
    """Groups of words that mean the same."""

    def __bool__(self) -> bool:
        return bool(self.terms or self.stopwords or self.kept or self.synonyms)

    @cached_property
    def tags(self) -> dict[str, str]:
        """The class of each term that has one: word -> jieba's letters."""
        return {term.word: term.tag for term in self.terms if term.tag}

    @cached_property
    def synonyms_by_word(self) -> dict[str, tuple[str, ...]]:
        """The synonyms of each word that has some, from all groups that contain it."""
        found: dict[str, dict[str, None]] = {}
        for group in self.synonyms:
            for word in group:
                found.setdefault(word, {}).update(dict.fromkeys(w for w in group if w != word))
        return {word: tuple(synonyms) for word, synonyms in found.items()}

    def stage_message(self) -> Message:
        """Return the stage of indexing that says how many words there are.

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
        """Return the vocabulary as JSON, the same text for equal vocabularies."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


EMPTY = Vocabulary()


def parse_vocabulary(text: str) -> Vocabulary:
    """Parse the JSON of `Vocabulary.to_json`.

    Raises:
        ValueError, KeyError, TypeError: the text is not such JSON.
    """
    values: dict[str, Any] = json.loads(text)
    return Vocabulary(
        tuple(Term(**term) for term in values["terms"]),
        tuple(values["stopwords"]),
        tuple(values["kept"]),
        tuple(tuple(group) for group in values["synonyms"]),
    )


def read_vocabulary(index: Path) -> Vocabulary:
    """Read the three files of an index folder; a missing file adds nothing.

    Raises:
        YinjuError: a file cannot be read, or a line of it is malformed.
    """
    stopwords = [_parse_stopword(line) for line in _read_lines(index / STOPWORDS)]
    return Vocabulary(
        tuple(map(_parse_term, _read_lines(index / TERMS))),
        tuple(word for word in stopwords if not word.startswith("-")),
        tuple(word[1:] for word in stopwords if word.startswith("-")),
        tuple(map(_parse_group, _read_lines(index / SYNONYMS))),
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a vocabulary file that is not blank without its comment."""

    path: Path
    number: int
    """From 1."""
    text: str
    """Folded, without its comment."""

    def error(self, code: str) -> YinjuError:
        """Return the error of a malformed line."""
        return YinjuError(code, path=self.path, number=self.number, found=self.text)


def _read_lines(path: Path) -> Iterator[_Line]:
    """Read the lines of a file that are not blank; a missing file has none."""
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


def _parse_term(line: _Line) -> Term:
    word, *rest = line.text.split()
    frequency = int(rest.pop(0)) if rest and rest[0].isascii() and rest[0].isdigit() else 0
    tag = rest.pop(0) if rest else ""
    if rest or (tag and not (tag.isascii() and tag.isalpha())):
        raise line.error("index.vocabulary_term")
    return Term(word, frequency, tag)


def _parse_stopword(line: _Line) -> str:
    if len(line.text.split()) != 1 or line.text == "-":
        raise line.error("index.vocabulary_stopword")
    return line.text


def _parse_group(line: _Line) -> tuple[str, ...]:
    group = tuple(dict.fromkeys(line.text.split()))
    if len(group) < 2:
        raise line.error("index.vocabulary_synonyms")
    return group
