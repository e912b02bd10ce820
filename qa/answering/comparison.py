"""A question of several things: another passage for what the first one does not speak of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from indexer.text.fold import fold
from indexer.types import Span
from qa.matching import Rarity, folded_context, folded_parts, holds, share_held, weight_held
from qa.question import Question
from qa.retrieval.windows import Appraisal

# 甲和乙分别是什么, 甲与乙有何不同.
_SEVERAL = re.compile(r"分别|各自|各[是有为占]|相比|对比|比较|区别|差别|差异|不同|异同")
# How much of the question the first passage must lack, and how much of that another must hold.
_LACKS, _HOLDS = 0.15, 0.7


def things_asked(question: Question) -> Question | None:
    """A question of several things without the words that only ask to compare them, else None."""
    if not _SEVERAL.search(question.text):
        return None
    return replace(
        question, terms=tuple(term for term in question.terms if not _SEVERAL.search(term.word))
    )


def other_part(
    question: Question, first: Appraisal, others: Sequence[Appraisal], rarity: Rarity
) -> Appraisal | None:
    """The passage that best holds what the first lacks of several things, its span the window that
    does; None where it lacks little, or none holds most of that.

    Args:
        question: as `things_asked` gives it.
    """
    weights = {term: rarity(term) for term in question.terms}
    said = _said(first)
    lacking = {term: weight for term, weight in weights.items() if not holds(term, said)}
    if sum(lacking.values()) < _LACKS * sum(weights.values()):
        return None
    best = max(others, key=lambda a: weight_held(lacking, _said(a)), default=None)
    if best is None or share_held(lacking, _said(best)) < _HOLDS:
        return None
    passage = best.passage
    spans = [Span(w.start - passage.start, w.end - passage.start) for w in best.windows]
    held = [weight_held(lacking, own) for own in folded_parts(passage.text, spans)]
    window = best.windows[held.index(max(held))]
    return replace(best, span=Span(window.start, window.end))


def _said(one: Appraisal) -> str:
    return f"{folded_context(one.passage)}\n{fold(one.passage.text)}"
