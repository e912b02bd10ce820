"""Another passage that gives a different figure, or year, for what a quotation gives."""

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
from qa.matching import Rarity, share_held
from qa.question import QueryTerm, Question
from qa.retrieval.windows import Appraisal, label_of

from .figures import Figure, differ, figures_in, figures_of_row, subject_words, tells

# What happens once, so that two years for it are a contradiction.
_ONCE = re.compile(
    r"成立|创立|创办|创建|建成|投产|开通|上市|首次|颁布|实施|施行|启动|出台|印发|问世|诞生|突破|通车|投入运营|投入使用"
)
# How much of the question the quotation must hold, and how much less of it another may.
_HELD, _LESS = 0.7, 0.05


def disagreeing(
    question: Question,
    first: Appraisal,
    quoted: Span,
    others: Sequence[Appraisal],
    catalogue: Catalogue,
    rarity: Rarity,
    segmenter: Segmenter,
) -> Appraisal | None:
    """The best ranked of the others that contradicts a quotation, its span the sentence that does.

    It does where it gives another figure of the same unit and year for the same words, and holds
    as much of the question: nothing that it says of the figure may be missing beside the other.

    Args:
        quoted: what is quoted of the first, in its document.
    """
    if question.kind != "fact" or not (question.quantity or question.date):
        return None
    weights = {term: rarity(term) for term in question.terms}
    read = _claims if question.quantity else _dates

    def find(passage: Passage) -> list[_Claim]:
        return read(question, weights, passage, catalogue, segmenter)

    mine = [
        claim
        for claim in find(first.passage)
        if quoted.start <= first.passage.start + claim.figure.sentence.start < quoted.end
    ]
    if not mine or mine[0].held < _HELD:
        return None
    figure = mine[0].figure
    rivals = [claim for claim in mine if (claim.held, claim.own) == (mine[0].held, mine[0].own)]
    if any(differ(figure, claim.figure) for claim in rivals):
        return None  # which of them answers is not clear
    for other in others:
        for claim in find(other.passage):
            near = claim.held >= mine[0].held - _LESS and _same_thing(mine[0], claim, segmenter)
            if near and differ(figure, claim.figure):
                at, sentence = other.passage.start, claim.figure.sentence
                return replace(other, span=Span(at + sentence.start, at + sentence.end))
    return None


@dataclass(frozen=True, slots=True)
class _Claim:
    """A figure in its place.

    said: all that is said around it; held, own: the share of the question that this holds, and
    that its own clause does. label: the words by which its passage is called, if it is an item.
    """

    figure: Figure
    said: str
    label: frozenset[str]
    held: float
    own: float


def _claims(
    question: Question,
    weights: Mapping[QueryTerm, float],
    passage: Passage,
    catalogue: Catalogue,
    segmenter: Segmenter,
) -> list[_Claim]:
    """The figures of a passage that are of the unit and year asked for, the best first."""
    if passage.kind == "row":
        told = figures_of_row(passage.header, passage.text, segmenter)
    else:
        told = figures_in(passage.text, split_sentences(passage.text), segmenter)
    figures = [
        figure
        for figure in told
        if (not question.unit or re.fullmatch(f"(?:{question.unit})", figure.unit))
        and (not question.years or figure.year in question.years)
    ]
    return _best_first(weights, passage, figures, catalogue, segmenter)


def _dates(
    question: Question,
    weights: Mapping[QueryTerm, float],
    passage: Passage,
    catalogue: Catalogue,
    segmenter: Segmenter,
) -> list[_Claim]:
    """The year that a clause gives for what happens once."""
    once = _ONCE.search(question.text)
    figures = []
    for sentence in split_sentences(passage.text) if once else []:
        text = fold(passage.text[sentence.start : sentence.end])
        for clause in re.split("[,;]", text):
            years = years_in(clause)
            if once and len(years) == 1 and once.group() in clause:
                words = subject_words(clause, segmenter)
                figures.append(Figure(float(years[0]), "", False, "", words, words, (), sentence))
    return _best_first(weights, passage, figures, catalogue, segmenter)


def _best_first(
    weights: Mapping[QueryTerm, float],
    passage: Passage,
    figures: Sequence[Figure],
    catalogue: Catalogue,
    segmenter: Segmenter,
) -> list[_Claim]:
    title = catalogue.document(passage.document).title
    above = "\n".join((title, *passage.headings, passage.header))
    things = {term: weight for term, weight in weights.items() if tells(term.word, segmenter)}
    item = passage.kind == "item"
    name = fold(label_of(passage.text)) if item else ""
    label = subject_words(name, segmenter)
    found = []
    for figure in figures:
        said = fold(f"{above}\n{passage.text[figure.sentence.start : figure.sentence.end]}")
        # Words of later clauses are about other figures: 果蔬由22%降到14%，水产由12%降到8%.
        near = fold("\n".join((above, *figure.words, *figure.before)))
        held = min(share_held(weights, said), share_held(things, near) if things else 0.0)
        found.append(_Claim(figure, said, label, held, share_held(things, " ".join(figure.words))))
    return sorted(found, key=lambda claim: (-claim.held, -claim.own))


def _same_thing(one: _Claim, other: _Claim, segmenter: Segmenter) -> bool:
    """Whether two figures are of one unit, year and kind, and neither is of more than the other."""
    a, b = one.figure, other.figure
    return (
        (a.unit, a.year, a.kind) == (b.unit, b.year, b.kind)
        and all(word in other.said for word in _told_of(one, segmenter))
        and all(word in one.said for word in _told_of(other, segmenter))
    )


def _told_of(claim: _Claim, segmenter: Segmenter) -> frozenset[str]:
    """The words of a figure's clause, and whose it is: names before it, and the item's label."""
    names = names_in(" ".join(claim.figure.before), segmenter)
    before = claim.figure.before & (names | claim.label)
    return claim.figure.words | before
