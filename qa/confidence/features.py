"""What speaks for and against a quotation as the answer, as numbers."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.text.fold import fold
from indexer.text.lexicon import names_in
from indexer.text.quantities import holds_number, holds_time, holds_unit, years_given
from indexer.text.segment import Segmenter
from qa.matching import (
    Rarity,
    find_character_pairs,
    has_reason_word,
    match_term,
    measure_coverage,
)
from qa.question import Question

# With the default model, questions on other subjects stay below this cosine (40 of 40 that have
# nothing to do with the reports, 0.83-0.87); above it a higher cosine says little.
FAR = 0.874


@dataclass(frozen=True, slots=True)
class Features:
    """What speaks for and against a quotation as the answer; each about 0..1."""

    far: float
    """How much the cosine of the quoted window is below FAR, times the share of the question that
    is not covered."""
    coverage: float
    """The share of the question's words, weighted by rarity, that quotation and headings contain."""
    year: float
    """1 if a year of the question is missing."""
    lacks: float
    """1 if nothing in the quotation is of the kind that is asked for: a number, a time, a name or a
    reason."""
    asked: float
    """The weight of the rarest word that is missing, where the question asks for a number, a name
    or a time: a passage gives these in the question's own words or not at all."""
    near: float
    """Ten times the cosine above 0.85."""
    pairs: float
    """The share of the question's character pairs that quotation and headings contain."""
    worth: float = 0.0
    """The window score of the best passage (`qa.retrieval.windows`)."""
    chance: float = 0.0
    """The probability of the best passage, or of all that is quoted if that is more
    (`qa.retrieval.passages`)."""
    support: float = 0.0
    """The best BM25 score, of the highest possible one."""
    lead: float = 0.0
    """How much less than the best BM25 score the fourth best is, of the best one."""
    trust: float = 0.0
    """How far the question's words can be relied on (`qa.retrieval.hybrid`)."""
    brief: float = 0.0
    """1 for a question of no word that says what it is about, 0 for one of ten or more."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What would be quoted, and how it was found."""

    text: str
    """The quotations, a line each."""
    context: str
    """Title, headings and header row, which count as part of the text."""
    dense: float
    """The cosine of question and window."""


def read_features(
    question: Question, evidence: Evidence, rarity: Rarity, segmenter: Segmenter
) -> Features:
    """Compare a question with the evidence that would answer it.

    Args:
        segmenter: the one of the index: it finds the names in a quotation.
    """
    quoted = fold(evidence.text)
    text = f"{fold(evidence.context)}\n{quoted}"
    weights = {term: rarity(term) for term in question.terms}
    missing = [weight * (1 - match_term(term, text)) for term, weight in weights.items()]
    rarest = max(missing, default=1.0)
    coverage = measure_coverage(weights, text)
    # Years in the context count only if the quotation itself names none.
    years = years_given(quoted, text) if question.years else ()
    asks_fact = question.asks_number or question.asks_name or question.asks_time
    pairs = set(find_character_pairs(question.text))
    return Features(
        far=max(0.0, FAR - evidence.dense) * 25 * (1 - coverage),
        coverage=coverage,
        year=float(any(year not in years for year in question.years)),
        lacks=float(_lacks_kind(question, quoted, text, segmenter)),
        asked=rarest if asks_fact else 0.0,
        near=(evidence.dense - 0.85) * 10,
        pairs=sum([pair in text for pair in pairs]) / (len(pairs) or 1),
        brief=1 - min(10, len(question.terms)) / 10,
    )


def _lacks_kind(question: Question, quoted: str, text: str, segmenter: Segmenter) -> bool:
    """Return whether a folded quotation has nothing of a kind that is asked for."""
    return (
        (question.asks_number and not holds_number(quoted))
        or (bool(question.unit) and not holds_unit(question.unit, quoted, text))
        or (question.asks_time and not holds_time(quoted))
        or (question.asks_name and not names_in(quoted, segmenter) - question.name_like)
        or (question.asks_reason and not has_reason_word(quoted))
    )
