"""A passage that gives another figure, or another year, than the quotation for the same thing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from indexer.store.catalogue import Catalogue
from indexer.structure.passages import split_sentences
from indexer.text.fold import fold
from indexer.text.lexicon import names_in
from indexer.text.quantities import years_in
from indexer.text.segment import Segmenter
from indexer.types import Passage, Span
from qa.matching import Rarity, context_of, measure_coverage
from qa.question import QueryTerm, Question
from qa.retrieval.windows import RankedPassage, read_item_title

from .figures import (
    Figure,
    find_figures,
    find_row_figures,
    find_subject_words,
    is_contradiction,
    is_subject_word,
)

# What happens once, so that two years for it contradict each other.
_ONCE = re.compile(
    r"成立|创立|创办|创建|建成|投产|开通|上市|首次|颁布|实施|施行|启动|出台|印发|问世|诞生|突破|通车|投入运营|投入使用"
)
# The share of the question that the quotation must cover, and how much less another one may.
_LEAST_COVERAGE, _SLACK = 0.7, 0.05


@dataclass(frozen=True, slots=True)
class _Claim:
    """A figure and what is said around it."""

    figure: Figure
    text: str
    """Its sentence with title, headings and header row, folded."""
    label: frozenset[str]
    """The words of the title of its passage, if that is an item."""
    coverage: float
    """The share of the question in `text`, or of what the question measures in the words of the
    figure and before it, if that is less."""
    own_coverage: float
    """The share of what the question measures in the words of the figure alone."""


def find_contradiction(
    question: Question,
    first: RankedPassage,
    quoted: Span,
    others: Sequence[RankedPassage],
    catalogue: Catalogue,
    rarity: Rarity,
    segmenter: Segmenter,
) -> RankedPassage | None:
    """Return the best ranked passage that contradicts a quotation; its span is the sentence.

    A passage does if it gives another figure of the same unit and year for the same words, and
    covers as much of the question: it may lack nothing that the quotation says of the figure.

    Args:
        quoted: what is quoted of the first passage, in the clean text.
        others: the other passages, best first.
    """
    if question.kind != "fact" or not (question.asks_number or question.asks_time):
        return None
    weights = {term: rarity(term) for term in question.terms}
    read_claims = _read_figures if question.asks_number else _read_dates

    def read(passage: Passage) -> list[_Claim]:
        return read_claims(question, weights, passage, catalogue, segmenter)

    own = [
        claim
        for claim in read(first.passage)
        if quoted.start <= first.passage.start + claim.figure.sentence.start < quoted.end
    ]
    if not own or own[0].coverage < _LEAST_COVERAGE:
        return None
    best = own[0]
    equals = [
        claim
        for claim in own
        if (claim.coverage, claim.own_coverage) == (best.coverage, best.own_coverage)
    ]
    if any(is_contradiction(best.figure, claim.figure) for claim in equals):
        return None  # Which of them answers is not clear.
    for other in others:
        for claim in read(other.passage):
            enough = claim.coverage >= best.coverage - _SLACK
            same = enough and _is_same_thing(best, claim, segmenter)
            if same and is_contradiction(best.figure, claim.figure):
                at, sentence = other.passage.start, claim.figure.sentence
                return replace(other, span=Span(at + sentence.start, at + sentence.end))
    return None


def _read_figures(
    question: Question,
    weights: Mapping[QueryTerm, float],
    passage: Passage,
    catalogue: Catalogue,
    segmenter: Segmenter,
) -> list[_Claim]:
    """Return the figures of a passage that have the unit and year asked for, the best first."""
    if passage.kind == "row":
        found = find_row_figures(passage.header, passage.text, segmenter)
    else:
        found = find_figures(passage.text, split_sentences(passage.text), segmenter)
    figures = [
        figure
        for figure in found
        if (not question.unit or re.fullmatch(f"(?:{question.unit})", figure.unit))
        and (not question.years or figure.year in question.years)
    ]
    return _to_claims(weights, passage, figures, catalogue, segmenter)


def _read_dates(
    question: Question,
    weights: Mapping[QueryTerm, float],
    passage: Passage,
    catalogue: Catalogue,
    segmenter: Segmenter,
) -> list[_Claim]:
    """Return the years that clauses of a passage give for what happens once, the best first."""
    once = _ONCE.search(question.text)
    figures = []
    for sentence in split_sentences(passage.text) if once else []:
        text = fold(passage.text[sentence.start : sentence.end])
        for clause in re.split("[,;]", text):
            years = years_in(clause)
            if once and len(years) == 1 and once.group() in clause:
                words = find_subject_words(clause, segmenter)
                figures.append(Figure(float(years[0]), "", False, "", words, words, (), sentence))
    return _to_claims(weights, passage, figures, catalogue, segmenter)


def _to_claims(
    weights: Mapping[QueryTerm, float],
    passage: Passage,
    figures: Sequence[Figure],
    catalogue: Catalogue,
    segmenter: Segmenter,
) -> list[_Claim]:
    """Return figures with what is said around them, the one that covers most first."""
    title = catalogue.document(passage.document).title
    context = f"{title}\n{context_of(passage)}"
    measured = {t: weight for t, weight in weights.items() if is_subject_word(t.word, segmenter)}
    name = fold(read_item_title(passage.text)) if passage.kind == "item" else ""
    label = find_subject_words(name, segmenter)
    claims = []
    for figure in figures:
        sentence = passage.text[figure.sentence.start : figure.sentence.end]
        text = fold(f"{context}\n{sentence}")
        # Words of later clauses are about other figures: 果蔬由22%降到14%，水产由12%降到8%.
        near = fold("\n".join((context, *figure.words, *figure.before)))
        coverage = min(
            measure_coverage(weights, text), measure_coverage(measured, near) if measured else 0.0
        )
        own_coverage = measure_coverage(measured, " ".join(figure.words))
        claims.append(_Claim(figure, text, label, coverage, own_coverage))
    return sorted(claims, key=lambda claim: (-claim.coverage, -claim.own_coverage))


def _is_same_thing(first: _Claim, second: _Claim, segmenter: Segmenter) -> bool:
    """Return whether two figures have one unit, year and kind, and each text has the other's words."""
    a, b = first.figure, second.figure
    return (
        (a.unit, a.year, a.kind) == (b.unit, b.year, b.kind)
        and all(word in second.text for word in _find_words(first, segmenter))
        and all(word in first.text for word in _find_words(second, segmenter))
    )


def _find_words(claim: _Claim, segmenter: Segmenter) -> frozenset[str]:
    """Return the words of a figure's clause, and those before it that say whose it is.

    Those are names, and the words of the item's title.
    """
    names = names_in(" ".join(claim.figure.before), segmenter)
    before = claim.figure.before & (names | claim.label)
    return claim.figure.words | before
