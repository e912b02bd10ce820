"""Lines that are one passage: a term with its definition, an item with its reason, a text with its note.

Standards put the number of a term, the term and its definition on lines of their own (GB/T 1.1), and
notes on changes the reason for each below it. Apart from one another they say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from indexer.text.fold import fold_chars
from indexer.types import Span

if TYPE_CHECKING:
    from .passages import PassageDraft

# What a remark on the text above begins with.
_REMARK = re.compile(r"(?:注\d{0,2}|理由):\s*\S")
# A longer text and its remark stay apart: each says something by itself.
_LONGEST_REMARKED = 240
# The number of a term alone on its line, a term, and a term with its name in English.
_NUMBER = re.compile(r"[1-9]\d?(?:\.[1-9]\d?){1,4}")
_TERM = re.compile(r"[\u3400-\u9fffA-Za-z0-9()·《》“” /-]{2,40}")
_GLOSSED = re.compile(r"[\u3400-\u9fff()·]{2,20} +[A-Za-z][A-Za-z ,;'()/-]{2,60}")


def join_passages(text: str, passages: Sequence[PassageDraft]) -> list[PassageDraft]:
    """Join each term with its definition, and each remark with what it remarks on.

    >>> from indexer.structure.passages import find_passages
    >>> text = "3.1\\n周转箱 turnover box\\n可重复使用的标准容器。\\n注:不含托盘。"
    >>> [text[p.span.start : p.span.end] == text for p in find_passages(text, ())]
    [True]
    """
    lines = [fold_chars(text[p.span.start : p.span.end]) for p in passages]
    joined: list[PassageDraft] = []
    at = 0
    while at < len(passages):
        end = at + _count_term_lines(lines, passages, at)
        while end < len(passages) and _remarks(passages[end - 1], passages[end], lines[end]):
            end += 1
        first, last = passages[at], passages[end - 1]
        joined.append(replace(first, span=Span(first.span.start, last.span.end)))
        at = end
    return joined


def _count_term_lines(lines: Sequence[str], passages: Sequence[PassageDraft], at: int) -> int:
    """Return how many passages from one on are a term and its definition; 1 if it is no term."""
    numbered = bool(_NUMBER.fullmatch(lines[at]))
    term = at + numbered
    if term + 1 >= len(lines):
        return 1
    is_term = _GLOSSED.fullmatch(lines[term]) or (numbered and _TERM.fullmatch(lines[term]))
    members = passages[at : term + 2]
    together = all(
        p.kind == "paragraph" and p.path == members[0].path and _is_next(before, p)
        for before, p in pairwise(members)
    )
    defines = not _REMARK.match(lines[term + 1]) and not _NUMBER.fullmatch(lines[term + 1])
    return (
        len(members) if is_term and together and defines and members[0].kind == "paragraph" else 1
    )


def _remarks(before: PassageDraft, passage: PassageDraft, line: str) -> bool:
    """Return whether a passage is a remark on the one right above it."""
    return (
        passage.kind == "paragraph"
        and before.kind in ("paragraph", "item")
        and passage.path == before.path
        and before.span.end - before.span.start <= _LONGEST_REMARKED
        and _is_next(before, passage)
        and bool(_REMARK.match(line))
    )


def _is_next(before: PassageDraft, passage: PassageDraft) -> bool:
    """Return whether no more than a blank line lies between two passages."""
    return passage.span.start - before.span.end <= 2
