"""Fifth stage of ranking: a reader reads each passage together with the question.

It is given the text that may answer and a line on where that stands. A passage rarely says what it is
about. Its context does: the report's title, the headings above it, the header of its table, what
introduces its list or captions its table.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from indexer.store.catalogue import Catalogue
from indexer.text.fold import fold
from indexer.types import Passage, Span
from qa.settings import DEFAULTS, Reading

from .hybrid import Candidate
from .linear import softmax
from .windows import RankedPassage

# Texts to two numbers each, shape (texts, 2): how well each answers beside the others, and the log-odds
# that it answers at all.
Read = Callable[[Sequence[str]], NDArray[np.float32]]

# A passage of at most so many characters is read whole, of a longer one its nearest window.
LONGEST_WHOLE = 160
# The context is cut to so many characters, from its end, where what is nearest stands.
LONGEST_CONTEXT = 160


# The least probability by features that counts.
_LEAST = 1e-3


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A text to read as a possible answer."""

    candidate: Candidate
    passage: Passage
    span: Span
    """What is read, in the clean text."""
    context: str
    """Where it stands, folded."""
    text: str
    """What is read, folded."""


def make_excerpts(candidates: Sequence[Candidate], catalogue: Catalogue) -> list[Excerpt]:
    """Return what is read of each candidate, in their order."""
    passages = catalogue.passages([c.passage for c in candidates])
    windows = catalogue.windows([c.window for c in candidates])
    excerpts = []
    for candidate in candidates:
        passage, window = passages[candidate.passage], windows[candidate.window]
        whole = passage.end - passage.start <= LONGEST_WHOLE
        span = Span(passage.start, passage.end) if whole else Span(window.start, window.end)
        text = passage.text[span.start - passage.start : span.end - passage.start]
        context = describe(catalogue.document(passage.document).title, passage)
        excerpts.append(Excerpt(candidate, passage, span, context, fold(text)))
    return excerpts


def rank_by_reader(
    passages: Sequence[RankedPassage],
    catalogue: Catalogue,
    read: Read,
    settings: Reading = DEFAULTS.reading,
) -> list[RankedPassage]:
    """Read the first passages and rank all by what the features and the reader say together."""
    excerpts = make_excerpts([p.candidate for p in passages[: settings.depth]], catalogue)
    rows: list[NDArray[np.float32]] = []
    for part in (excerpts[: settings.first], excerpts[settings.first :]):
        clear = any(row[1] >= settings.clear for row in rows)
        if part and not clear:
            rows += list(read([f"{excerpt.context}\n{excerpt.text}" for excerpt in part]))
    if not rows:
        return list(passages)
    # What was not read counts as the worst that was.
    worst = min(float(row[0]) for row in rows)
    read_of = {r.passage.id: row for r, row in zip(excerpts, rows, strict=False)}
    logits = [
        math.log(max(p.probability, _LEAST))
        + settings.weight * float(read_of[p.passage.id][0] if p.passage.id in read_of else worst)
        for p in passages
    ]
    shares = softmax(np.array(logits, dtype=np.float64)).tolist()
    ranked = [
        replace(
            p,
            probability=share,
            unread=p.probability,
            read=float(read_of[p.passage.id][1]) if p.passage.id in read_of else None,
        )
        for p, share in zip(passages, shares, strict=True)
    ]
    return sorted(ranked, key=lambda p: (-p.probability, -p.candidate.score, p.passage.id))


def describe(title: str, passage: Passage) -> str:
    """Return the context of a passage on one line, folded: the title is always kept."""
    near = fold(" | ".join((*passage.headings, *passage.lead.splitlines(), passage.header)))
    return f"{fold(title)[:60]} | {near[-LONGEST_CONTEXT:]}"
