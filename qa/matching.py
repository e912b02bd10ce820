"""Which words of a question a text holds."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence

from indexer.store.snapshot import Snapshot
from indexer.text.fold import fold
from indexer.types import Passage, Span

from .question import QueryTerm

_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9.%]+")


_CAUSE = re.compile(
    r"因|由于|使|导致|所以|为了|以便|源于|得益|随着|造成|带来|令|让|从而|受.{1,12}影响|原因|:|依赖|以其|不然|否则|才能|既|又"
)


def holds_cause(said: str) -> bool:
    """Whether a folded text has a word that gives a reason."""
    return bool(_CAUSE.search(said))


def share_held(weights: Mapping[QueryTerm, float], said: str) -> float:
    """Return how much of the terms' weight a folded text holds, 0..1; 0 where there are none."""
    total = sum(weights.values())
    return weight_held(weights, said) / total if total else 0.0


def weight_held(weights: Mapping[QueryTerm, float], said: str) -> float:
    """Return how much weight of the terms a folded text holds."""
    return sum([weight * held_share(term, said) for term, weight in weights.items()])


def held_share(term: QueryTerm, said: str) -> float:
    """Return 1 for a term whose word or synonym a folded text holds, else half the share of the
    word's character pairs that it holds.

    >>> held_share(QueryTerm("不良贷款率"), "不良贷款上升")
    0.375
    """
    if holds(term, said):
        return 1.0
    word = term.word
    # Of a word of two characters the only pair is the word.
    if len(word) <= 2:
        return 0.0
    pairs = [word[i : i + 2] for i in range(len(word) - 1)]
    return 0.5 * sum([pair in said for pair in pairs]) / len(pairs)


def holds(term: QueryTerm, said: str) -> bool:
    """Return whether a folded text holds a term's word or one of its synonyms."""
    if term.word in said:
        return True
    # Most terms have none, and a question asks this a thousand times.
    return bool(term.synonyms) and any(other in said for other in term.synonyms)


def pairs_of(text: str) -> list[str]:
    """Neighbouring Chinese characters, and runs of letters and digits.

    >>> pairs_of("在2020年的货运量")
    ['2020', '年的', '的货', '货运', '运量']
    """
    found = []
    for run in _RUN.findall(text):
        found += [run[i : i + 2] for i in range(len(run) - 1)] if run[0] >= "\u3400" else [run]
    return found


# A term's weight, 0 for one that all passages hold to 1 for one that none holds.
Rarity = Callable[[QueryTerm], float]


def rarity_in(snapshot: Snapshot) -> Rarity:
    """Return the inverse document frequency of terms over the passages, scaled to 0..1.

    A term with synonyms is as common as the commonest of its words.
    """
    total = snapshot.lexical.size
    most = math.log(1 + total / 0.5)

    def rarity(term: QueryTerm) -> float:
        held = max(
            snapshot.lexical.document_frequency(word) for word in (term.word, *term.synonyms)
        )
        return math.log(1 + total / (held + 0.5)) / most

    return rarity


def folded_context(passage: Passage) -> str:
    """The folded headings and header row of a passage, which count as said in it."""
    return fold("\n".join((*passage.headings, passage.header)))


def folded_parts(text: str, spans: Sequence[Span]) -> list[str]:
    """The folded text of each span: folded at once where that keeps the length, as it nearly always
    does, since windows overlap."""
    whole = fold(text)
    if len(whole) == len(text):
        return [whole[s.start : s.end] for s in spans]
    return [fold(text[s.start : s.end]) for s in spans]
