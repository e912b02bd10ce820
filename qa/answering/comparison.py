"""A question that compares several things: another passage for what the first one leaves out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from indexer.text.fold import fold
from indexer.types import Span
from qa.matching import (
    Rarity,
    contains_term,
    fold_context,
    fold_spans,
    measure_coverage,
    sum_matched_weight,
)
from qa.question import Question
from qa.retrieval.windows import RankedPassage

# 甲和乙分别是什么, 甲与乙有何不同.
_COMPARES = re.compile(r"分别|各自|各[是有为占]|相比|对比|比较|区别|差别|差异|不同|异同")
# The share of the question that the first passage must lack, and the share of that which another
# passage must contain.
_LEAST_LACKING, _LEAST_FOUND = 0.15, 0.7


def without_comparing_words(question: Question) -> Question | None:
    """Return a question about several things without the words that only ask to compare them.

    Return None for a question that compares nothing.
    """
    if not _COMPARES.search(question.text):
        return None
    return replace(
        question, terms=tuple(term for term in question.terms if not _COMPARES.search(term.word))
    )


def find_complement(
    question: Question, first: RankedPassage, others: Sequence[RankedPassage], rarity: Rarity
) -> RankedPassage | None:
    """Return the passage that contains most of what the first one lacks, or None.

    Its span is the window that contains it. None means that the first passage lacks little, or that
    no other one contains most of that.

    Args:
        question: as `without_comparing_words` returns it.
    """
    weights = {term: rarity(term) for term in question.terms}
    text = _fold_passage(first)
    lacking = {t: weight for t, weight in weights.items() if not contains_term(t, text)}
    if sum(lacking.values()) < _LEAST_LACKING * sum(weights.values()):
        return None

    def fit(other: RankedPassage) -> tuple[float, bool]:
        """Return what it holds of the rest, and whether it stands beside the first passage."""
        beside = (other.passage.kind, other.passage.headings) == (
            first.passage.kind,
            first.passage.headings,
        )
        return sum_matched_weight(lacking, _fold_passage(other)), beside

    best = max(others, key=fit, default=None)
    if best is None or measure_coverage(lacking, _fold_passage(best)) < _LEAST_FOUND:
        return None
    passage = best.passage
    spans = [Span(w.start - passage.start, w.end - passage.start) for w in best.windows]
    found = [sum_matched_weight(lacking, own) for own in fold_spans(passage.text, spans)]
    window = best.windows[found.index(max(found))]
    return replace(best, span=Span(window.start, window.end))


def _fold_passage(ranked: RankedPassage) -> str:
    return f"{fold_context(ranked.passage)}\n{fold(ranked.passage.text)}"
