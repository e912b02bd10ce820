"""Which words of a question a text contains, weighted by how rare they are."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence

from indexer.store.snapshot import Snapshot
from indexer.text.fold import fold
from indexer.types import Passage, Span

from .question import QueryTerm

_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9.%]+")

_REASON_WORD = re.compile(
    r"因|由于|使|导致|所以|为了|以便|源于|得益|随着|造成|带来|令|让|从而|受.{1,12}影响|原因|:|依赖|以其|不然|否则|才能|既|又"
)


def has_reason_word(text: str) -> bool:
    """Return whether a folded text has a word that gives a reason."""
    return bool(_REASON_WORD.search(text))


def measure_coverage(weights: Mapping[QueryTerm, float], text: str) -> float:
    """Return the share of the terms' weight that a folded text contains, 0..1; 0 without terms."""
    total = sum(weights.values())
    return sum_matched_weight(weights, text) / total if total else 0.0


def sum_matched_weight(weights: Mapping[QueryTerm, float], text: str) -> float:
    """Return how much weight of the terms a folded text contains."""
    return sum([weight * match_term(term, text) for term, weight in weights.items()])


def match_term(term: QueryTerm, text: str) -> float:
    """Return how far a folded text contains a term, 0..1.

    A text with the term's word or a synonym gets 1, any other half the share of the word's
    character pairs that it contains.

    >>> match_term(QueryTerm("不良贷款率"), "不良贷款上升")
    0.375
    """
    if contains_term(term, text):
        return 1.0
    word = term.word
    # A word of two characters has one pair, which is the word itself.
    if len(word) <= 2:
        return 0.0
    pairs = [word[i : i + 2] for i in range(len(word) - 1)]
    return 0.5 * sum([pair in text for pair in pairs]) / len(pairs)


def contains_term(term: QueryTerm, text: str) -> bool:
    """Return whether a folded text contains a term's word or one of its synonyms."""
    if term.word in text:
        return True
    # Test for synonyms first: most terms have none, and a question gets here a thousand times.
    return bool(term.synonyms) and any(synonym in text for synonym in term.synonyms)


def find_character_pairs(text: str) -> list[str]:
    """Return the pairs of neighbouring Chinese characters, and the runs of letters and digits.

    >>> find_character_pairs("在2020年的货运量")
    ['2020', '年的', '的货', '货运', '运量']
    """
    found = []
    for run in _RUN.findall(text):
        found += [run[i : i + 2] for i in range(len(run) - 1)] if run[0] >= "\u3400" else [run]
    return found


# The weight of a term: 0 if all passages contain it, 1 if none does.
Rarity = Callable[[QueryTerm], float]


def rarity_in(snapshot: Snapshot) -> Rarity:
    """Return the inverse document frequency of terms over the passages, scaled to 0..1.

    A term with synonyms is as common as the commonest of its words.
    """
    total = snapshot.lexical.size
    most = math.log(1 + total / 0.5)

    def rarity(term: QueryTerm) -> float:
        frequency = max(
            snapshot.lexical.document_frequency(word) for word in (term.word, *term.synonyms)
        )
        return math.log(1 + total / (frequency + 0.5)) / most

    return rarity


def fold_context(passage: Passage) -> str:
    """Return what counts as a passage's text, folded: see `context_of`."""
    return fold(context_of(passage))


def context_of(passage: Passage) -> str:
    """Return the headings above a passage and, of a row, its table's caption, unit and header."""
    above = (passage.lead, passage.header) if passage.kind == "row" else ()
    return "\n".join((*passage.headings, *above))


def fold_spans(text: str, spans: Sequence[Span]) -> list[str]:
    """Return the folded text of each span.

    Windows overlap, so fold the whole text once wherever that keeps its length, which it nearly
    always does.
    """
    whole = fold(text)
    if len(whole) == len(text):
        return [whole[s.start : s.end] for s in spans]
    return [fold(text[s.start : s.end]) for s in spans]
