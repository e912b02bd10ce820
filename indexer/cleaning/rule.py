"""What a cleaning rule is, what it may know, and the kinds of rules that a pattern describes.

Patterns match the text folded character by character (`fold_chars`), so that one pattern stands for
Traditional and Simplified characters and for full and half width.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from indexer.text.fold import fold_chars

from .trail import Change


@dataclass(frozen=True, slots=True)
class RuleContext:
    """What a rule may know besides the text. All offsets are offsets of the text that it is given."""

    page_starts: tuple[int, ...] = ()
    """Where each page begins; empty for a format without pages."""
    around: tuple[tuple[int, int], ...] = ()
    """Spans that the file's format shows to be no part of the report."""


Finder = Callable[[str, RuleContext], Iterable[Change]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of cleaning: it is given the text as earlier rules left it and names its changes."""

    name: str
    """Stands in each edit that the rule makes."""
    why: str
    """The reason for the rule, one sentence."""
    find: Finder
    """Returns the changes that the rule wants."""
    examples: tuple[tuple[str, str], ...] = ()
    """(text, cleaned text); an example of text that must stay is a pair of equal texts."""
    formats: frozenset[str] = frozenset()
    """The formats that the rule applies to; empty for all."""


def remove_pattern(pattern: str) -> Finder:
    """Return a finder that removes each match of `pattern` in the folded text."""
    compiled = re.compile(pattern, re.MULTILINE)

    def find(text: str, context: RuleContext) -> Iterator[Change]:
        for match in compiled.finditer(fold_chars(text)):
            yield Change(match.start(), match.end())

    return find


def replace_pattern(pattern: str, by: str) -> Finder:
    """Return a finder that replaces each match of `pattern` in the text, which is not folded."""
    compiled = re.compile(pattern, re.MULTILINE)

    def find(text: str, context: RuleContext) -> Iterator[Change]:
        for match in compiled.finditer(text):
            yield Change(match.start(), match.end(), match.expand(by))

    return find


def unwrap_pattern(pattern: str) -> Finder:
    """Return a finder that keeps the group of each match of `pattern` and removes the rest of it.

    The text is not folded. The rest is removed by two edits, one on either side of the group, so
    that a quotation may begin or end inside the group.
    """
    compiled = re.compile(pattern, re.MULTILINE)

    def find(text: str, context: RuleContext) -> Iterator[Change]:
        for match in compiled.finditer(text):
            start, end = match.span(match.lastindex or 0)
            yield Change(match.start(), start)
            yield Change(end, match.end())

    return find
